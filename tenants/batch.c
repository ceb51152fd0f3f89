#include "tenants/batch.h"

#include "tenants/apply.h"
#include "tenants/store.h"
#include "tenants/submission.h"

#include <assert.h>
#include <sched.h>

enum {
    PAGE_IN_LOG_BYTES = 4096 + 24,
    FEW_OPS = 48,             /* past it a sync is a small part of what a transaction costs */
    LOG_ROOM_BYTES = 4 << 20, /* what one batch may need: its own bytes, indexes and audit included */
    ERASE_WAIT_MS = 50,       /* the same, when something was erased */
    LOG_WAIT_MS = 1000,       /* for readers to let go of the log when it is near its cap */
};

struct batch {
    struct vault *vault;
    struct write *first;
    uint32_t count;
};

static uint64_t wal_bytes(const struct vault *vault)
{
    return (uint64_t)vault->writer.wal_pages * PAGE_IN_LOG_BYTES;
}

static enum status read_number(struct database *db, enum sql sql, int64_t *ret_number)
{
    struct query query = query_on(db, sql);
    if (query_row(&query)) *ret_number = query_int(&query);
    return query_end(&query);
}

/* For the quota of stored bytes. Within the transaction, where it costs no lock of its own. */
static enum status measure(struct vault *vault)
{
    int64_t pages = 0, page_bytes = 0;
    if (vault_is_system(vault)) return ST_OK;
    enum status st = read_number(&vault->writer, SQL_PAGE_COUNT, &pages);
    if (!st) st = read_number(&vault->writer, SQL_PAGE_BYTES, &page_bytes);
    if (!st) vault->stored_bytes = pages * page_bytes + (int64_t)wal_bytes(vault);
    return st;
}

/* From the front of the queue: at least one, at most the caps. A recovery goes alone, for it closes the
 * file. */
static struct batch take_batch(struct vault *vault)
{
    struct batch batch = {.vault = vault};
    size_t bytes = 0;
    struct write **end = &batch.first;
    pthread_mutex_lock(&vault->lock);
    while (vault->queue_first && batch.count < limit(WRITER_BATCH_OPS)) {
        struct write *write = vault->queue_first;
        bool alone = write->kind == WRITE_FILE_RECOVER;
        if (batch.count > 0 && (alone || bytes + write->bytes > limit(WRITER_BATCH_BYTES))) break;
        vault->queue_first = write->next;
        vault->queue_ops--;
        vault->queue_bytes -= write->bytes;
        bytes += write->bytes;
        batch.count++;
        *end = write;
        end = &write->next;
        if (alone) break;
    }
    *end = NULL;
    if (!vault->queue_first) vault->queue_last = &vault->queue_first;
    if (batch.count > vault->counters.largest_batch) vault->counters.largest_batch = batch.count;
    pthread_mutex_unlock(&vault->lock);
    return batch;
}

/* Puts the vault back among those with work, or to rest. */
static void let_go(struct vault *vault)
{
    pthread_mutex_lock(&vault->lock);
    bool more = vault->queue_first != NULL;
    vault->scheduled = more;
    pthread_mutex_unlock(&vault->lock);
    if (more) writer_pool_put_back(&vault->tenants->pool, vault);
    else roster_give(vault);
}

static void set_all(struct batch *batch, enum status st, enum refusal refusal)
{
    for (struct write *write = batch->first; write; write = write->next) {
        write->status = st;
        write->refusal = refusal;
    }
}

/* Before the first is its owner's again. */
static void mark_last(struct batch *batch)
{
    struct write *last = NULL;
    for (struct write *write = batch->first; write; write = write->next) {
        if (write->kind != WRITE_SUBMISSION_ADD) continue;
        write->more = true;
        last = write;
    }
    if (last) last->more = false;
}

static void call_done(struct batch *batch)
{
    struct vault *vault = batch->vault;
    mark_last(batch);
    pthread_mutex_lock(&vault->lock);
    vault->counters.writes_done += batch->count;
    pthread_mutex_unlock(&vault->lock);
    for (struct write *write = batch->first, *next; write; write = next) {
        next = write->next; /* the write is its owner's again once `done` runs */
        write->done(write);
    }
}

/* Near its cap the log must be emptied before more goes in. */
static enum status make_log_room(struct vault *vault)
{
    if (wal_bytes(vault) + LOG_ROOM_BYTES <= limit(WAL_BYTES)) return ST_OK;
    return vault_fold(vault, LOG_WAIT_MS);
}

static enum status check_tenant(struct vault *vault, enum refusal *ret_refusal)
{
    enum status st = vault_refresh(vault);
    if (st || vault_is_system(vault) || vault->tenant_state == TENANT_ACTIVE) return st;
    *ret_refusal =
        vault->tenant_state == TENANT_CLOSED ? REFUSAL_TENANT_CLOSED : REFUSAL_TENANT_SUSPENDED;
    return ST_DENIED;
}

static enum status get_ready(struct vault *vault, enum refusal *ret_refusal)
{
    enum status st = vault_open(vault);
    if (st == ST_ABSENT) *ret_refusal = REFUSAL_TENANT_ABSENT;
    if (st) return st;
    st = check_tenant(vault, ret_refusal);
    if (st) return st;
    st = make_log_room(vault);
    if (st == ST_TIMEOUT) {
        *ret_refusal = REFUSAL_LOG_FULL;
        return ST_OVERLOADED;
    }
    return st;
}

static enum status run_plain(struct database *db, enum sql sql)
{
    struct query query = query_on(db, sql);
    return query_run(&query);
}

/* A submission guards itself: it is one insertion, which is in or not, and its audit row. A savepoint
 * around it would copy each page it touches, on the path that matters most. */
static enum status apply_plain(struct vault *vault, struct write *write)
{
    struct database *db = &vault->writer;
    db->failure = 0;
    write->refusal = REFUSAL_NONE;
    write->status = apply_write(vault, write);
    if (!write->status) return ST_OK;
    /* The library may have rolled everything back by itself: then there is nothing left to keep. */
    if (vault->spoiled || !database_in_transaction(db)) return write->status;
    return database_fatal(db);
}

/* What one write does stays or goes as a whole. The status is the transaction's, not the write's. */
static enum status apply_one(struct vault *vault, struct write *write)
{
    struct database *db = &vault->writer;
    struct audit_head before = vault->audit;
    if (write->kind == WRITE_SUBMISSION_ADD) return apply_plain(vault, write);
    submission_forget_gate(vault); /* it may be the form's own state that changes */
    enum status st = run_plain(db, SQL_SAVE);
    if (!st) st = apply_plain(vault, write);
    if (st) return st;
    if (write->status) {
        vault->audit = before;
        st = run_plain(db, SQL_UNDO);
    }
    return st ? st : run_plain(db, SQL_KEEP);
}

static void count_commit(struct vault *vault, int64_t began_ns, enum status st)
{
    int64_t now_ns = clock_steady_ns(vault->tenants->clock);
    uint64_t us = (uint64_t)(now_ns - began_ns) / 1000;
    pthread_mutex_lock(&vault->lock);
    struct tenants_counters *counters = &vault->counters;
    counters->transactions += st == ST_OK;
    counters->transactions_failed += st != ST_OK;
    vault->failing = st != ST_OK;
    vault->failed_ns = now_ns;
    counters->commit_us += us;
    if (us > counters->commit_us_max) counters->commit_us_max = us;
    if (wal_bytes(vault) > counters->wal_bytes_max) counters->wal_bytes_max = wal_bytes(vault);
    pthread_mutex_unlock(&vault->lock);
}

static enum status commit(struct vault *vault)
{
    int64_t began_ns = clock_steady_ns(vault->tenants->clock);
    enum status st = run_plain(&vault->writer, SQL_COMMIT);
    count_commit(vault, began_ns, st);
    return st;
}

static enum status transact(struct batch *batch, const struct audit_head *before)
{
    struct vault *vault = batch->vault;
    enum status st = run_plain(&vault->writer, SQL_BEGIN);
    if (!st) st = measure(vault);
    for (struct write *write = batch->first; write && !st; write = write->next)
        st = apply_one(vault, write);
    if (!st) st = submission_count_up(vault);
    if (!st) st = audit_end_move(&vault->writer, before, &vault->audit);
    if (st) return st;
    return commit(vault);
}

static void stop_writing(struct vault *vault, enum status st)
{
    /* Degraded first: nobody must find it merely closed and open it again. */
    vault_degrade(vault, st, vault->writer.failure);
    vault_close_writer(vault, false);
}

/* Nothing of the transaction counts. A full disk or a foreign lock passes; a disk that lied once is not
 * asked again. */
static void give_up(struct batch *batch, enum status st)
{
    struct vault *vault = batch->vault;
    database_rollback(&vault->writer);
    if (st == ST_LOCKED)
        log_event(vault->tenants->log, LOG_ERROR, "another process has locked the file",
                  LOG_STR("path", str_of(vault->path)));
    if (st == ST_IO || st == ST_DEGRADED) stop_writing(vault, st);
    set_all(batch, st, REFUSAL_NONE);
}

/* Whatever came of them: forgetting too much costs a look into the database, too little lets a dead
 * token in. */
static void forget_tokens(const struct batch *batch)
{
    struct recall *recall = &batch->vault->tenants->recall;
    for (const struct write *write = batch->first; write; write = write->next) {
        if (write->kind == WRITE_TENANT_SET_STATE) recall_forget(recall, write->tenant_set_state.id);
        if (write->kind == WRITE_TOKEN_REVOKE) recall_forget(recall, write->token_revoke.tenant);
        if (write->kind == WRITE_TOKEN_ROTATE) recall_forget(recall, write->token_rotate.tenant);
    }
}

static bool any_tenant_changed(const struct batch *batch)
{
    for (struct write *write = batch->first; write; write = write->next)
        if ((write->kind == WRITE_TENANT_SET_STATE || write->kind == WRITE_TENANT_SET_QUOTA) &&
            write->status == ST_OK)
            return true;
    return false;
}

/* The refusals of a transaction that failed are forgotten with it: they may rest on rows that never
 * were. */
static void run_transaction(struct batch *batch)
{
    struct vault *vault = batch->vault;
    struct audit_head before = vault->audit;
    vault->spoiled = false;
    vault->counts_used = 0;
    submission_forget_gate(vault);
    enum status st = transact(batch, &before);
    if (st) {
        vault->audit = before;
        give_up(batch, st);
    } else if (any_tenant_changed(batch)) {
        roster_next_epoch(vault->tenants);
    }
    if (vault_is_system(vault)) forget_tokens(batch);
}

static void fold_some(struct vault *vault)
{
    if (!vault->writer.handle || vault->writer.wal_pages < limit(WAL_CHECKPOINT_PAGES)) return;
    if (vault_is_frozen(vault)) return; /* the next batch does it */
    int64_t began_ns = clock_steady_ns(vault->tenants->clock);
    enum status st = database_checkpoint(&vault->writer);
    uint64_t us = (uint64_t)(clock_steady_ns(vault->tenants->clock) - began_ns) / 1000;
    pthread_mutex_lock(&vault->lock);
    vault->counters.checkpoints++;
    vault->counters.checkpoint_us += us;
    if (us > vault->counters.checkpoint_us_max) vault->counters.checkpoint_us_max = us;
    pthread_mutex_unlock(&vault->lock);
    /* What was answered is synced in the log and safe; but this file's disk is not to be trusted any
     * more. */
    if (st == ST_IO || st == ST_DEGRADED) stop_writing(vault, st);
}

static bool any_erased(const struct batch *batch)
{
    for (const struct write *write = batch->first; write; write = write->next)
        if ((write->kind == WRITE_SUBMISSION_ERASE || write->kind == WRITE_SUBMISSIONS_EXPIRE) &&
            write->status == ST_OK)
            return true;
    return false;
}

/* Erased is what the log does not have either. A reader that still needs the log is not waited for for
 * long: it is tried again after the next batch, and when the file is closed. */
static void empty_log(struct vault *vault)
{
    if (!vault->erased || !vault->writer.handle) return;
    enum status st = vault_fold(vault, ERASE_WAIT_MS);
    if (!st) vault->erased = false;
    if (st == ST_IO || st == ST_DEGRADED) stop_writing(vault, st);
}

/* The row is written to the file that came back: that it can be is part of the proof. */
static enum status audit_recovery(struct vault *vault, const struct write *write)
{
    struct audit_head before = vault->audit;
    bool was_degraded = write->file_recover.ret_was_degraded;
    vault->writer.failure = 0;
    enum status st = run_plain(&vault->writer, SQL_BEGIN);
    if (!st)
        st = apply_audit(vault, write, str_of(vault->id),
                         was_degraded ? STR("was degraded") : STR("was sound"));
    if (!st) st = audit_end_move(&vault->writer, &before, &vault->audit);
    if (!st) st = commit(vault);
    if (!st) return ST_OK;
    vault->audit = before;
    database_rollback(&vault->writer);
    if (st == ST_IO || st == ST_DEGRADED) stop_writing(vault, st);
    return st;
}

static void recover(struct batch *batch)
{
    struct write *write = batch->first;
    write->status = apply_write(batch->vault, write);
    if (!write->status) write->status = audit_recovery(batch->vault, write);
    call_done(batch);
    let_go(batch->vault);
}

/* Whoever hands over work on this very processor goes on first, when there is little to write: what it
 * has read already goes into the same transaction, with the same sync. Elsewhere nobody is held up. */
static void let_more_come(struct vault *vault)
{
    pthread_mutex_lock(&vault->lock);
    bool few = vault->queue_ops < FEW_OPS;
    pthread_mutex_unlock(&vault->lock);
    if (few) (void)sched_yield();
}

void batch_run(struct vault *vault)
{
    let_more_come(vault);
    struct batch batch = take_batch(vault);
    enum refusal refusal = REFUSAL_NONE;
    assert(batch.first);
    if (batch.first->kind == WRITE_FILE_RECOVER) {
        recover(&batch);
        return;
    }
    enum status st = get_ready(vault, &refusal);
    if (st) set_all(&batch, st, refusal);
    else run_transaction(&batch);
    if (any_erased(&batch)) vault->erased = true;
    empty_log(vault);
    call_done(&batch);
    fold_some(vault);
    let_go(vault);
}
