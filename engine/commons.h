/* Commons: what several definitions have in common. Where their source is the same, they have one
 * program.
 *
 *     struct common *common = commons_find(&commons, &key);       one more user; NULL: nobody has it
 *     st = commons_add(&commons, &key, program, &common);         or gives another's, who was quicker
 *     program_retain(common->program) …
 *     common_leave(common);                                       the last user's leaving forgets it
 *
 * A program is data that nobody writes, made of its source and nothing else, so it may be anybody's who
 * has that source: what they do with it (worlds, counts, charges) is each tenant's own. What a program
 * is found by are the bytes of the source, digested here, not what a file says that they are. Programs
 * with lookup tables do not come here. Any number of threads. */
#ifndef ENGINE_COMMONS_H
#define ENGINE_COMMONS_H

#include "base/digest.h"
#include "dsl/program.h"

#include <pthread.h>

enum { COMMONS_BUCKETS = 1024 };

struct commons_key {
    struct digest source; /* digest_quick() of its bytes */
    struct digest hash;   /* as the program will tell it */
};

struct commons;
struct common {
    struct program *program;
    struct commons *commons;
    struct common *next; /* in its bucket */
    struct commons_key key;
    uint32_t users; /* under the lock */
};

struct commons {
    struct mem *mem;
    pthread_mutex_t lock;
    struct common *buckets[COMMONS_BUCKETS];
    uint32_t count; /* programs */
};

void commons_init(struct commons *commons, struct mem *mem);
/* Nobody uses any of it any more. */
void commons_release(struct commons *commons);

struct commons_key commons_key(struct str source, const struct digest *hash);
struct common *commons_find(struct commons *commons, const struct commons_key *key);
/* Retains the program, unless there is one of that key by now. */
MUST_USE enum status commons_add(struct commons *commons, const struct commons_key *key,
                                 struct program *program, struct common **ret_common);
/* NULL is fine. */
void common_leave(struct common *common);
uint32_t commons_count(struct commons *commons);

#endif
