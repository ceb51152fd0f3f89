#include "engine/commons.h"

#include "base/mem.h"

#include <assert.h>
#include <string.h>

void commons_init(struct commons *commons, struct mem *mem)
{
    *commons = (struct commons){.mem = mem};
    pthread_mutex_init(&commons->lock, NULL);
}

void commons_release(struct commons *commons)
{
    assert(commons->count == 0);
    pthread_mutex_destroy(&commons->lock);
    *commons = (struct commons){0};
}

struct commons_key commons_key(struct str source, const struct digest *hash)
{
    return (struct commons_key){.source = digest_quick(source), .hash = *hash};
}

static bool key_eq(const struct commons_key *a, const struct commons_key *b)
{
    return memcmp(a->source.bytes, b->source.bytes, sizeof a->source.bytes) == 0 &&
           memcmp(a->hash.bytes, b->hash.bytes, sizeof a->hash.bytes) == 0;
}

static struct common **bucket_of(struct commons *commons, const struct commons_key *key)
{
    uint32_t start;
    memcpy(&start, key->source.bytes, sizeof start);
    return &commons->buckets[start & (COMMONS_BUCKETS - 1)];
}

/* With one user more. Under the lock. */
static struct common *take(struct commons *commons, const struct commons_key *key)
{
    struct common *common = *bucket_of(commons, key);
    while (common && !key_eq(&common->key, key)) common = common->next;
    if (common) common->users++;
    return common;
}

struct common *commons_find(struct commons *commons, const struct commons_key *key)
{
    pthread_mutex_lock(&commons->lock);
    struct common *common = take(commons, key);
    pthread_mutex_unlock(&commons->lock);
    return common;
}

static void put_in(struct commons *commons, struct common *common)
{
    struct common **bucket = bucket_of(commons, &common->key);
    common->next = *bucket;
    *bucket = common;
    commons->count++;
}

/* What was made in vain is freed outside the lock. */
enum status commons_add(struct commons *commons, const struct commons_key *key, struct program *program,
                        struct common **ret_common)
{
    struct common *common = mem_zalloc(commons->mem, sizeof *common);
    if (!common) return ST_NOMEM;
    *common = (struct common){
        .program = program_retain(program), .commons = commons, .key = *key, .users = 1};
    pthread_mutex_lock(&commons->lock);
    struct common *quicker = take(commons, key);
    if (!quicker) put_in(commons, common);
    pthread_mutex_unlock(&commons->lock);
    *ret_common = quicker ? quicker : common;
    if (!quicker) return ST_OK;
    program_release(program);
    mem_free(commons->mem, common, sizeof *common);
    return ST_OK;
}

void common_leave(struct common *common)
{
    if (!common) return;
    struct commons *commons = common->commons;
    pthread_mutex_lock(&commons->lock);
    bool last = --common->users == 0;
    if (last) {
        struct common **link = bucket_of(commons, &common->key);
        while (*link != common) link = &(*link)->next;
        *link = common->next;
        commons->count--;
    }
    pthread_mutex_unlock(&commons->lock);
    if (!last) return;
    program_release(common->program);
    mem_free(commons->mem, common, sizeof *common);
}

uint32_t commons_count(struct commons *commons)
{
    pthread_mutex_lock(&commons->lock);
    uint32_t count = commons->count;
    pthread_mutex_unlock(&commons->lock);
    return count;
}
