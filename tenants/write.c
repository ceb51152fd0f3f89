/* Write: the way of a change into its file's queue, and waiting for it. What happens then: batch.h. */
#include "tenants/slug.h"
#include "tenants/store.h"

#include <assert.h>

enum where { WHERE_SYSTEM, WHERE_TENANT, WHERE_EITHER };

static const enum where places[] = {
#define WRITE(name, member, where, action) [WRITE_##name] = WHERE_##where,
#include "tenants/write.def"
#undef WRITE
};

static size_t artefacts_bytes(const struct version_publish *publish)
{
    size_t bytes = 0;
    for (uint32_t i = 0; i < publish->artefacts_count; i++) bytes += publish->artefacts[i].bytes.len;
    return bytes;
}

static size_t carry_bytes(const struct submissions_carry *carry, size_t row_bytes)
{
    size_t bytes = row_bytes;
    for (uint32_t i = 0; i < carry->count; i++)
        bytes += row_bytes + carry->items[i].answers.len + carry->items[i].errors.len;
    return bytes;
}

/* What it will put into the log, about: for the caps on batches and queues. */
static size_t write_bytes(const struct write *write)
{
    enum { ROW_BYTES = 512 }; /* the row's small columns, its audit row */
    switch (write->kind) {
    case WRITE_DRAFT_PUT:
        return ROW_BYTES + write->draft_put.source.len;
    case WRITE_VERSION_PUBLISH:
        return ROW_BYTES + write->version_publish.source.len + artefacts_bytes(&write->version_publish);
    case WRITE_ARTEFACT_PUT:
        return ROW_BYTES + write->artefact_put.artefact.bytes.len;
    case WRITE_TABLE_PUT:
        return ROW_BYTES + write->table_put.csv.len;
    case WRITE_SUBMISSION_ADD:
        return ROW_BYTES + write->submission_add.answers.len;
    case WRITE_INVITATIONS_ISSUE:
        return (size_t)write->invitations_issue.count * ROW_BYTES;
    case WRITE_SUBMISSIONS_CARRY:
        return carry_bytes(&write->submissions_carry, ROW_BYTES);
    default:
        return ROW_BYTES;
    }
}

static enum status refuse_at_once(struct write *write, enum status st, enum refusal refusal)
{
    write->status = st;
    write->refusal = refusal;
    return st;
}

/* Queued, or the reason why not. *ret_wake: the vault is at rest and must be put into the pool's list.
 */
static enum status append(struct vault *vault, struct write *write, bool *ret_wake)
{
    const struct tenants *tenants = vault->tenants;
    bool recovers = write->kind == WRITE_FILE_RECOVER;
    if (vault->degraded && !recovers) return refuse_at_once(write, ST_DEGRADED, REFUSAL_NONE);
    if (vault->queue_ops >= tenants->queue_ops_max ||
        (vault->queue_ops > 0 && vault->queue_bytes + write->bytes > limit(WRITER_QUEUE_BYTES)))
        return refuse_at_once(write, ST_OVERLOADED, REFUSAL_QUEUE_FULL);
    *vault->queue_last = write;
    vault->queue_last = &write->next;
    vault->queue_ops++;
    vault->queue_bytes += write->bytes;
    *ret_wake = !vault->scheduled;
    vault->scheduled = true;
    return ST_OK;
}

/* The caller's hold on the vault becomes the pool's when it was at rest. */
static enum status queue_in(struct vault *vault, struct write *write)
{
    bool wake = false;
    pthread_mutex_lock(&vault->lock);
    enum status st = append(vault, write, &wake);
    vault->counters.writes_queued += st == ST_OK;
    vault->counters.writes_refused += st != ST_OK;
    pthread_mutex_unlock(&vault->lock);
    if (wake) writer_pool_add(&vault->tenants->pool, vault);
    else roster_give(vault);
    return st;
}

enum status write_queue(struct tenants *tenants, struct write *write)
{
    struct vault *vault;
    /* A caller that names no tenant where one is needed, or one where none may be, is our fault. */
    assert(places[write->kind] != WHERE_SYSTEM || write->tenant.len == 0);
    assert(write->done);
    write->next = NULL;
    write->bytes = write_bytes(write);
    if (roster_stopping(tenants)) return refuse_at_once(write, ST_OVERLOADED, REFUSAL_STOPPING);
    if (places[write->kind] == WHERE_TENANT && !slug_is_tenant_id(write->tenant))
        return refuse_at_once(write, ST_ABSENT, REFUSAL_TENANT_ABSENT);
    enum status st = roster_take(tenants, write->tenant, &vault);
    if (st) return refuse_at_once(write, st, st == ST_OVERLOADED ? REFUSAL_QUEUE_FULL : REFUSAL_NONE);
    return queue_in(vault, write);
}

struct waiter {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool done;
};

static void wake(struct write *write)
{
    struct waiter *waiter = write->user;
    pthread_mutex_lock(&waiter->lock);
    waiter->done = true;
    pthread_cond_signal(&waiter->changed);
    pthread_mutex_unlock(&waiter->lock);
}

enum status write_wait(struct tenants *tenants, struct write *write)
{
    struct waiter waiter = {.done = false};
    pthread_mutex_init(&waiter.lock, NULL);
    pthread_cond_init(&waiter.changed, NULL);
    write->done = wake;
    write->user = &waiter;
    enum status st = write_queue(tenants, write);
    pthread_mutex_lock(&waiter.lock);
    while (!st && !waiter.done) pthread_cond_wait(&waiter.changed, &waiter.lock);
    pthread_mutex_unlock(&waiter.lock);
    pthread_cond_destroy(&waiter.changed);
    pthread_mutex_destroy(&waiter.lock);
    return st ? st : write->status;
}
