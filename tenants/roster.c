#include "tenants/store.h"

#include "tenants/slug.h"

#include <assert.h>

static struct vault **bucket_of(struct tenants *tenants, struct str id)
{
    return &tenants->buckets[digest_short(id) % ROSTER_BUCKETS];
}

static struct vault *find(struct tenants *tenants, struct str id)
{
    struct vault *vault = *bucket_of(tenants, id);
    while (vault && !str_eq(str_of(vault->id), id)) vault = vault->bucket_next;
    return vault;
}

static void take_out_of_bucket(struct tenants *tenants, struct vault *vault)
{
    struct vault **place = bucket_of(tenants, str_of(vault->id));
    while (*place != vault) place = &(*place)->bucket_next;
    *place = vault->bucket_next;
}

static void put_idle(struct tenants *tenants, struct vault *vault)
{
    vault->idle_ns = clock_steady_ns(tenants->clock);
    vault->only_read = vault_is_only_read(vault);
    tenants->idle_only_read += vault->only_read;
    vault->idle_older = tenants->idle_newest;
    vault->idle_newer = NULL;
    if (tenants->idle_newest) tenants->idle_newest->idle_newer = vault;
    else tenants->idle_oldest = vault;
    tenants->idle_newest = vault;
}

static void take_out_of_idle(struct tenants *tenants, struct vault *vault)
{
    tenants->idle_only_read -= vault->only_read;
    if (vault->idle_newer) vault->idle_newer->idle_older = vault->idle_older;
    else tenants->idle_newest = vault->idle_older;
    if (vault->idle_older) vault->idle_older->idle_newer = vault->idle_newer;
    else tenants->idle_oldest = vault->idle_newer;
}

static bool may_leave(struct vault *vault)
{
    return !vault_is_system(vault) && !vault_is_degraded(vault);
}

static struct vault *longest_idle(struct tenants *tenants, bool only_read)
{
    struct vault *vault = tenants->idle_oldest;
    while (vault && ((only_read && !vault->only_read) || !may_leave(vault))) vault = vault->idle_newer;
    return vault;
}

/* Sums over all but what holds for now only; the maxima are the larger ones. */
static void add_counters(struct tenants_counters *sum, const struct tenants_counters *part)
{
    sum->writes_queued += part->writes_queued;
    sum->writes_done += part->writes_done;
    sum->writes_refused += part->writes_refused;
    sum->transactions += part->transactions;
    sum->transactions_failed += part->transactions_failed;
    sum->commit_us += part->commit_us;
    sum->checkpoints += part->checkpoints;
    sum->checkpoint_us += part->checkpoint_us;
    sum->opened += part->opened;
    sum->reads += part->reads;
    sum->reads_waited += part->reads_waited;
#define LARGER(member)                                                                                 \
    if (part->member > sum->member) sum->member = part->member
    LARGER(largest_batch);
    LARGER(commit_us_max);
    LARGER(checkpoint_us_max);
    LARGER(wal_bytes_max);
    LARGER(queue_fill_percent);
#undef LARGER
}

static void drop(struct tenants *tenants, struct vault *vault)
{
    add_counters(&tenants->counters, &vault->counters);
    take_out_of_bucket(tenants, vault);
    if (!vault_is_system(vault)) tenants->open_tenants--;
    vault_release(vault);
    mem_free(tenants->mem, vault, sizeof *vault);
}

/* Lets go of the lock while the files are closed; `leaving` keeps everybody from opening them
 * meanwhile. */
static void evict(struct tenants *tenants, struct vault *vault)
{
    take_out_of_idle(tenants, vault);
    vault->leaving = true;
    pthread_mutex_unlock(&tenants->lock);
    vault_shut(vault);
    pthread_mutex_lock(&tenants->lock);
    drop(tenants, vault);
    tenants->counters.evicted++;
    pthread_cond_broadcast(&tenants->changed);
}

static enum status make_room(struct tenants *tenants)
{
    struct vault *vault = longest_idle(tenants, false);
    if (!vault) return ST_OVERLOADED;
    evict(tenants, vault);
    return ST_OK;
}

static enum status add(struct tenants *tenants, struct str id, struct vault **ret_vault)
{
    struct vault *vault = mem_zalloc(tenants->mem, sizeof *vault);
    if (!vault) return ST_NOMEM;
    enum status st = vault_init(vault, tenants, id);
    if (st) {
        mem_free(tenants->mem, vault, sizeof *vault);
        return st;
    }
    struct vault **bucket = bucket_of(tenants, id);
    vault->bucket_next = *bucket;
    *bucket = vault;
    if (id.len) tenants->open_tenants++;
    vault->users = 1;
    *ret_vault = vault;
    return ST_OK;
}

/* Finds it, or the room to make it, under the lock. What make_room() unlocked may have changed
 * everything: begin again. */
static enum status take(struct tenants *tenants, struct str id, struct vault **ret_vault)
{
    for (;;) {
        struct vault *vault = find(tenants, id);
        if (vault && vault->leaving) {
            pthread_cond_wait(&tenants->changed, &tenants->lock);
        } else if (vault) {
            if (vault->users++ == 0) take_out_of_idle(tenants, vault);
            *ret_vault = vault;
            return ST_OK;
        } else if (id.len && tenants->open_tenants >= tenants->open_tenants_max) {
            enum status st = make_room(tenants);
            if (st) return st;
        } else {
            return add(tenants, id, ret_vault);
        }
    }
}

enum status roster_take(struct tenants *tenants, struct str id, struct vault **ret_vault)
{
    if (id.len && !slug_is_tenant_id(id)) return ST_ABSENT; /* told like any other that nobody has */
    pthread_mutex_lock(&tenants->lock);
    enum status st = take(tenants, id, ret_vault);
    pthread_mutex_unlock(&tenants->lock);
    return st;
}

void roster_give(struct vault *vault)
{
    struct tenants *tenants = vault->tenants;
    pthread_mutex_lock(&tenants->lock);
    assert(vault->users > 0);
    if (--vault->users == 0) put_idle(tenants, vault);
    struct vault *spare = NULL;
    if (tenants->idle_only_read > limit(READ_FILES)) spare = longest_idle(tenants, true);
    if (spare) evict(tenants, spare);
    pthread_mutex_unlock(&tenants->lock);
}

/* The next that has been idle for so long, or NULL. */
static struct vault *long_idle(struct tenants *tenants, int64_t before_ns)
{
    struct vault *vault = longest_idle(tenants, false);
    return vault && vault->idle_ns <= before_ns ? vault : NULL;
}

void roster_tidy(struct tenants *tenants)
{
    struct vault *vault;
    int64_t idle_ns = limit(FILE_IDLE_SECONDS) * INT64_C(1000000000);
    pthread_mutex_lock(&tenants->lock);
    int64_t before_ns = clock_steady_ns(tenants->clock) - idle_ns;
    while (!tenants->stopping && (vault = long_idle(tenants, before_ns)) != NULL) evict(tenants, vault);
    pthread_mutex_unlock(&tenants->lock);
}

uint64_t roster_epoch(struct tenants *tenants)
{
    pthread_mutex_lock(&tenants->lock);
    uint64_t epoch = tenants->epoch;
    pthread_mutex_unlock(&tenants->lock);
    return epoch;
}

void roster_next_epoch(struct tenants *tenants)
{
    pthread_mutex_lock(&tenants->lock);
    tenants->epoch++;
    pthread_mutex_unlock(&tenants->lock);
}

bool roster_stopping(struct tenants *tenants)
{
    pthread_mutex_lock(&tenants->lock);
    bool stopping = tenants->stopping;
    pthread_mutex_unlock(&tenants->lock);
    return stopping;
}

void roster_clear(struct tenants *tenants)
{
    for (size_t i = 0; i < ROSTER_BUCKETS; i++) {
        while (tenants->buckets[i]) {
            struct vault *vault = tenants->buckets[i];
            vault_shut(vault);
            drop(tenants, vault);
        }
    }
}

/* For a while only: a server that is not ready is sent nothing to commit, and would not be ready for
 * ever. */
static bool is_failing(const struct vault *vault)
{
    int64_t since_ns = clock_steady_ns(vault->tenants->clock) - vault->failed_ns;
    return vault->failing && since_ns < limit(COMMIT_FAILED_SECONDS) * INT64_C(1000000000);
}

static void count_vault(struct vault *vault, struct tenants_counters *sum)
{
    struct tenants *tenants = vault->tenants;
    pthread_mutex_lock(&vault->lock);
    struct tenants_counters part = vault->counters;
    part.queue_fill_percent = 100 * (uint64_t)vault->queue_ops / tenants->queue_ops_max;
    uint64_t by_bytes = 100 * (uint64_t)vault->queue_bytes / limit(WRITER_QUEUE_BYTES);
    if (by_bytes > part.queue_fill_percent) part.queue_fill_percent = by_bytes;
    add_counters(sum, &part);
    sum->queue_depth += vault->queue_ops;
    sum->queue_bytes += vault->queue_bytes;
    sum->degraded += vault->degraded;
    sum->failing += is_failing(vault);
    pthread_mutex_unlock(&vault->lock);
}

void roster_count(struct tenants *tenants, struct tenants_counters *ret_counters)
{
    pthread_mutex_lock(&tenants->lock);
    *ret_counters = tenants->counters;
    ret_counters->open_tenants = tenants->open_tenants;
    for (size_t i = 0; i < ROSTER_BUCKETS; i++)
        for (struct vault *vault = tenants->buckets[i]; vault; vault = vault->bucket_next)
            count_vault(vault, ret_counters);
    pthread_mutex_unlock(&tenants->lock);
}
