/* Tombstones: submissions that are erased, and what is told of them afterwards. The answers, the key,
 * who sent them and from where are gone with the submission's row; the schema's triggers see to what
 * else was made of it (tenant_schema.def), batch.c to the log. */
#include "tenants/tombstone.h"

#include "tenants/apply.h"
#include "tenants/form.h"
#include "tenants/submission.h"
#include "tenants/term.h"

struct digest tombstone_key(struct str key)
{
    return digest_quick(key);
}

/* Ends the query. */
static enum status take_one(struct query *query, struct arena *arena,
                            struct tombstone_record *ret_tombstone)
{
    struct tombstone_record tombstone = {0};
    bool found = query_row(query);
    if (found) {
        tombstone.seq = (uint64_t)query_int(query);
        tombstone.id = query_str(query, arena);
        tombstone.form = query_str(query, arena);
        tombstone.version = (uint32_t)query_int(query);
        tombstone.received_ms = query_int(query);
        tombstone.erased_ms = query_int(query);
        tombstone.erased_by = query_str(query, arena);
    }
    enum status st = query_end_one(query, found);
    if (!st) *ret_tombstone = tombstone;
    return st;
}

static enum status find_in(struct database *db, struct str id, struct arena *arena,
                           struct tombstone_record *ret_tombstone)
{
    struct query query = query_on(db, SQL_TOMBSTONE_FIND);
    query_put_str(&query, id);
    return take_one(&query, arena, ret_tombstone);
}

enum status tombstone_look_in(struct database *db, struct str form, struct str key, struct arena *arena)
{
    struct digest hash = tombstone_key(key);
    struct tombstone_record tombstone;
    struct query query = query_on(db, SQL_TOMBSTONE_BY_KEY);
    query_put_str(&query, form);
    query_put_digest(&query, &hash);
    enum status st = take_one(&query, arena, &tombstone);
    return st ? st : ST_GONE;
}

enum status tombstone_find(struct tenants *tenants, struct str tenant, struct str id,
                           struct arena *arena, struct tombstone_record *ret_tombstone)
{
    struct reader reader;
    enum status st = reader_begin(tenants, tenant, &reader);
    if (st) return st;
    return reader_end(&reader, find_in(reader.db, id, arena, ret_tombstone));
}

/* ---------------------------------------------------------------- erasing */

static enum status find_submission(struct vault *vault, struct write *write,
                                   struct submission_record *ret_submission)
{
    const struct submission_erase *erase = &write->submission_erase;
    struct submission_record found;
    enum status st = submission_find_in(&vault->writer, erase->id, write->arena, &found);
    if (!st && !str_eq(found.form, erase->form)) st = ST_ABSENT;
    if (!st) *ret_submission = found;
    return st;
}

static enum status add_row(struct vault *vault, const struct write *write, struct str id,
                           struct str key)
{
    struct digest hash = tombstone_key(key);
    struct query query = query_on(&vault->writer, SQL_TOMBSTONE_ADD);
    query_put_str(&query, id);
    query_put_digest(&query, &hash);
    query_put_int(&query, write->actor.at_ms);
    query_put_str(&query, write->actor.who);
    return query_run(&query);
}

static enum status erase_it(struct vault *vault, struct write *write,
                            const struct submission_record *submission)
{
    struct str detail = arena_printf(write->arena, "%.*s, version %u", STR_ARG(submission->form),
                                     (unsigned)submission->version);
    if (!detail.ptr) return arena_failure(write->arena);
    enum status st = add_row(vault, write, submission->id, submission->key);
    if (!st) st = apply_audit(vault, write, submission->id, detail);
    if (!st) write->submission_erase.ret_erased = true;
    return st;
}

enum status submission_erase_apply(struct vault *vault, struct write *write)
{
    const struct submission_erase *erase = &write->submission_erase;
    struct submission_record submission;
    struct tombstone_record tombstone;
    struct form_record form = {0};
    write->submission_erase.ret_erased = false;
    enum status st = form_need(vault, write, erase->form, &form);
    if (st) return st;
    st = find_submission(vault, write, &submission);
    if (!st) return erase_it(vault, write, &submission);
    if (st != ST_ABSENT) return st;
    st = find_in(&vault->writer, erase->id, write->arena, &tombstone);
    if (!st && str_eq(tombstone.form, erase->form)) return ST_OK;
    return st && st != ST_ABSENT ? st : apply_refuse(write, REFUSAL_SUBMISSION_ABSENT);
}

/* ---------------------------------------------------------------- when their time is over */

enum status submissions_expired(struct tenants *tenants, struct str tenant, int64_t now_ms,
                                struct arena *arena, struct str *ret_form)
{
    struct reader reader;
    struct str form = STR("");
    enum status st = reader_begin(tenants, tenant, &reader);
    if (st) return st;
    struct query query = query_on(reader.db, SQL_EXPIRED_FORM);
    query_put_int(&query, now_ms);
    bool found = query_row(&query);
    if (found) form = query_str(&query, arena);
    st = reader_end(&reader, query_end_one(&query, found));
    if (!st) *ret_form = form;
    return st;
}

struct expired {
    struct str *ids, *keys;
    uint32_t count;
};

static enum status list_expired(struct vault *vault, const struct write *write, int64_t form_id,
                                int64_t before_ms, struct expired *ret_expired)
{
    uint32_t most = (uint32_t)limit(EXPIRE_ROWS);
    struct expired expired = {.ids = ARENA_ARRAY(write->arena, struct str, most),
                              .keys = ARENA_ARRAY(write->arena, struct str, most)};
    if (!expired.ids || !expired.keys) return arena_failure(write->arena);
    struct query query = query_on(&vault->writer, SQL_EXPIRED_LIST);
    query_put_int(&query, form_id);
    query_put_int(&query, before_ms);
    query_put_int(&query, most);
    while (query_row(&query)) {
        expired.ids[expired.count] = query_str(&query, write->arena);
        expired.keys[expired.count++] = query_str(&query, write->arena);
    }
    enum status st = query_end(&query);
    if (!st) *ret_expired = expired;
    return st;
}

static enum status erase_all(struct vault *vault, struct write *write, const struct expired *expired,
                             int64_t days)
{
    struct str detail = arena_printf(write->arena, "%u older than %lld days", (unsigned)expired->count,
                                     (long long)days);
    if (!detail.ptr) return arena_failure(write->arena);
    enum status st = ST_OK;
    for (uint32_t i = 0; i < expired->count && !st; i++)
        st = add_row(vault, write, expired->ids[i], expired->keys[i]);
    if (!st) st = apply_audit(vault, write, write->submissions_expire.form, detail);
    if (!st) write->submissions_expire.ret_erased = expired->count;
    return st;
}

enum status submissions_expire_apply(struct vault *vault, struct write *write)
{
    struct submissions_expire *expire = &write->submissions_expire;
    struct form_record form = {0};
    struct terms terms;
    struct expired expired;
    expire->ret_erased = 0;
    enum status st = form_need(vault, write, expire->form, &form);
    if (!st) st = term_find_in(&vault->writer, expire->form, &terms);
    if (st) return st;
    int64_t days = terms.value[TERM_RETENTION_DAYS];
    if (days == 0) return ST_OK;
    st = list_expired(vault, write, form.id, write->actor.at_ms - days * 86400000, &expired);
    return st || expired.count == 0 ? st : erase_all(vault, write, &expired, days);
}
