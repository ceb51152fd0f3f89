/* Recall: tokens that were verified before.
 *
 *     changes = recall_changes(recall);                      before reading the database
 *     … the row is read, the secret fits …
 *     recall_keep(recall, &key, &token, until_ms, changes);  not kept if something was forgotten
 * meanwhile recall_find(recall, &key, now_ms, arena, &token);      ST_ABSENT: ask the database
 *     recall_forget(recall, tenant);                         after a write that ends tokens of it
 *
 * The key is the SHA-256 of the token's whole text: the text itself is kept nowhere, and how long a
 * search takes tells nothing of it. What was refused is not kept, so that no one can fill it who has no
 * token. Bounded by limit(TOKENS_KNOWN); the least lately used of four goes first. */
#ifndef TENANTS_RECALL_H
#define TENANTS_RECALL_H

#include "tenants/tenants.h"

#include <pthread.h>

struct recall_entry;

struct recall {
    struct mem *mem;
    pthread_mutex_t lock;
    struct recall_entry *entries;
    uint64_t changes; /* how often something was forgotten */
    uint64_t uses;    /* grows with each use, for their order */
    uint64_t hits, misses;
};

enum status recall_init(struct recall *recall, struct mem *mem);
void recall_release(struct recall *recall);

/* ST_ABSENT: not known, or over since. When its last use is older than limit(TOKEN_TOUCH_SECONDS) the
 * record tells that old use, once: from then on it is now_ms. */
enum status recall_find(struct recall *recall, const struct digest *key, int64_t now_ms,
                        struct arena *arena, struct token_record *ret_token);
uint64_t recall_changes(struct recall *recall);
/* `until_ms`: it ends then by itself; 0: never. */
void recall_keep(struct recall *recall, const struct digest *key, const struct token_record *token,
                 int64_t until_ms, uint64_t changes);
/* All of one tenant (empty: the operators'). */
void recall_forget(struct recall *recall, struct str tenant);

#endif
