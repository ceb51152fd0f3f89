/* Saved: answers that somebody means to go on with, under a key that only they know: its digest is
 * kept. No audit rows: nobody but the respondent has to do with them, and they are gone when they are
 * submitted or their time is over. */
#include "tenants/apply.h"
#include "tenants/form.h"
#include "tenants/look.h"
#include "tenants/quota.h"
#include "tenants/reader.h"
#include "tenants/term.h"

enum { SWEEP = 8 }; /* what is over, of the whole file, goes with each one that comes */

static enum status find_in(struct database *db, struct str form, const struct digest *key_hash,
                           struct arena *arena, struct saved_record *ret_saved)
{
    struct saved_record saved = {0};
    struct query query = query_on(db, SQL_SAVED_FIND);
    query_put_str(&query, form);
    query_put_digest(&query, key_hash);
    bool found = query_row(&query);
    if (found) {
        saved.version = (uint32_t)query_int(&query);
        saved.answers = query_str(&query, arena);
        saved.locale = query_str(&query, arena);
        saved.saved_ms = query_int(&query);
        saved.until_ms = query_int(&query);
    }
    enum status st = query_end_one(&query, found);
    if (!st) *ret_saved = saved;
    return st;
}

enum status saved_find(struct tenants *tenants, struct str tenant, struct str form,
                       const struct digest *key_hash, int64_t now_ms, struct arena *arena,
                       struct saved_record *ret_saved)
{
    struct reader reader;
    struct saved_record saved;
    enum status st = reader_begin(tenants, tenant, &reader);
    if (st) return st;
    st = reader_end(&reader, find_in(reader.db, form, key_hash, arena, &saved));
    if (!st && saved.until_ms <= now_ms) st = ST_ABSENT;
    if (!st) *ret_saved = saved;
    return st;
}

enum status saved_is_over(struct tenants *tenants, struct str tenant, int64_t now_ms, bool *ret_any)
{
    struct reader reader;
    bool any = false;
    enum status st = reader_begin(tenants, tenant, &reader);
    if (st) return st;
    struct query query = query_on(reader.db, SQL_SAVED_OVER);
    query_put_int(&query, now_ms);
    if (query_row(&query)) any = query_int(&query) != 0;
    st = reader_end(&reader, query_end(&query));
    if (!st) *ret_any = any;
    return st;
}

/* Some of what is over, and what the log has of it. */
static enum status sweep(struct vault *vault, int64_t now_ms, uint32_t rows, uint32_t *ret_erased)
{
    struct query query = query_on(&vault->writer, SQL_SAVED_SWEEP);
    query_put_int(&query, now_ms);
    query_put_int(&query, rows);
    enum status st = query_run(&query);
    if (st) return st;
    *ret_erased = (uint32_t)query_changes(&vault->writer);
    vault->erased |= *ret_erased > 0;
    return ST_OK;
}

enum status saved_expire_apply(struct vault *vault, struct write *write)
{
    write->saved_expire.ret_erased = 0;
    return sweep(vault, write->actor.at_ms, (uint32_t)limit(EXPIRE_ROWS),
                 &write->saved_expire.ret_erased);
}

static enum status put_row(struct vault *vault, int64_t form_id, const struct saved_put *put)
{
    struct query query = query_on(&vault->writer, SQL_SAVED_PUT);
    query_put_int(&query, form_id);
    query_put_digest(&query, &put->key_hash);
    query_put_int(&query, put->version);
    query_put_str(&query, put->answers);
    query_put_str(&query, put->locale);
    query_put_int(&query, put->saved_ms);
    query_put_int(&query, put->ret_until_ms);
    return query_run(&query);
}

enum status saved_put_apply(struct vault *vault, struct write *write)
{
    struct saved_put *put = &write->saved_put;
    struct form_record form;
    struct terms terms;
    uint32_t erased;
    if (!put->answers.len || put->answers.len > limit(ANSWERS_BYTES) || put->saved_ms < 0 ||
        put->locale.len > limit(META_BYTES))
        return apply_refuse(write, REFUSAL_BAD_VALUE);
    enum status st = form_need(vault, write, put->form, &form);
    if (st) return st;
    if (form.state != FORM_OPEN && form.state != FORM_CLOSING)
        return apply_refuse(write, REFUSAL_FORM_CLOSED);
    if (put->version == 0 || put->version > form.newest)
        return apply_refuse(write, REFUSAL_VERSION_ABSENT);
    if (!quota_has_room(vault, write)) return apply_refuse(write, REFUSAL_STORED_QUOTA);
    st = term_find_in(&vault->writer, put->form, &terms);
    if (!st) st = sweep(vault, put->saved_ms, SWEEP, &erased);
    if (st) return st;
    put->ret_until_ms = put->saved_ms + terms.value[TERM_SAVED_SECONDS] * 1000;
    return put_row(vault, form.id, put);
}

enum status saved_drop_apply(struct vault *vault, struct write *write)
{
    struct query query = query_on(&vault->writer, SQL_SAVED_DROP);
    query_put_str(&query, write->saved_drop.form);
    query_put_digest(&query, &write->saved_drop.key_hash);
    return query_run(&query);
}
