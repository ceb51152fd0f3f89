#include "tenants/submission.h"

#include "tenants/form.h"
#include "tenants/slug.h"

static struct submission_record take_submission(struct query *query, struct arena *arena)
{
    struct submission_record submission = {0};
    submission.seq = (uint64_t)query_int(query);
    submission.id = query_str(query, arena);
    submission.form = query_str(query, arena);
    submission.version = (uint32_t)query_int(query);
    submission.key = query_str(query, arena);
    submission.body_hash = query_digest(query);
    submission.answers = query_str(query, arena);
    submission.received_ms = query_int(query);
    submission.now = query_str(query, arena);
    submission.zone = query_str(query, arena);
    submission.locale = query_str(query, arena);
    submission.steps = (uint64_t)query_int(query);
    submission.verdict_hash = query_digest(query);
    submission.submitter = query_str(query, arena);
    submission.where = query_str(query, arena);
    return submission;
}

/* Ends the query. */
static enum status take_one(struct query *query, struct arena *arena,
                            struct submission_record *ret_submission)
{
    struct submission_record submission = {0};
    bool found = query_row(query);
    if (found) submission = take_submission(query, arena);
    enum status st = query_end(query);
    if (st) return st;
    if (!found) return ST_ABSENT;
    *ret_submission = submission;
    return ST_OK;
}

static enum status find_by_key_in(struct database *db, struct str form, struct str key,
                                  struct arena *arena, struct submission_record *ret_submission)
{
    struct query query = query_on(db, SQL_SUBMISSION_BY_KEY);
    query_put_str(&query, form);
    query_put_str(&query, key);
    return take_one(&query, arena, ret_submission);
}

enum status submission_find(struct tenants *tenants, struct str tenant, struct str id,
                            struct arena *arena, struct submission_record *ret_submission)
{
    struct reader reader;
    enum status st = reader_begin(tenants, tenant, &reader);
    if (st) return st;
    struct query query = query_on(reader.db, SQL_SUBMISSION_FIND);
    query_put_str(&query, id);
    return reader_end(&reader, take_one(&query, arena, ret_submission));
}

enum status submission_find_by_key(struct tenants *tenants, struct str tenant, struct str form,
                                   struct str key, struct arena *arena,
                                   struct submission_record *ret_submission)
{
    struct reader reader;
    enum status st = reader_begin(tenants, tenant, &reader);
    if (st) return st;
    return reader_end(&reader, find_by_key_in(reader.db, form, key, arena, ret_submission));
}

enum status submission_newest_in(struct database *db, uint64_t *ret_seq)
{
    uint64_t seq = 0;
    struct query query = query_on(db, SQL_SUBMISSION_NEWEST);
    if (query_row(&query)) seq = (uint64_t)query_int(&query);
    enum status st = query_end(&query);
    if (!st) *ret_seq = seq;
    return st;
}

static void put_place(struct query *query, const struct submission_query *wanted)
{
    bool begins = wanted->after_seq == 0;
    int64_t edge = wanted->newest_first ? INT64_MAX : INT64_MIN;
    query_put_int(query, begins ? edge : wanted->after_received_ms);
    query_put_int(query, begins ? edge : (int64_t)wanted->after_seq);
}

static size_t record_bytes(const struct submission_record *submission)
{
    return sizeof *submission + submission->answers.len;
}

enum status submission_list_in(struct database *db, const struct submission_query *wanted,
                               uint64_t seq_max, uint32_t rows, struct arena *arena,
                               struct submission_page *ret_page)
{
    struct submission_page page = {0};
    size_t bytes = 0;
    page.items = ARENA_ARRAY(arena, struct submission_record, rows);
    if (!page.items) return arena_failure(arena);
    struct query query =
        query_on(db, wanted->newest_first ? SQL_SUBMISSION_LIST_DOWN : SQL_SUBMISSION_LIST_UP);
    query_put_str(&query, wanted->form);
    query_put_int(&query, wanted->since_ms);
    query_put_int(&query, wanted->until_ms ? wanted->until_ms : INT64_MAX);
    query_put_int(&query, wanted->version);
    put_place(&query, wanted);
    query_put_int(&query, (int64_t)seq_max);
    query_put_int(&query, (int64_t)rows + 1);
    while (query_row(&query) && !(page.more = page.count == rows || bytes >= limit(PAGE_BYTES))) {
        page.items[page.count] = take_submission(&query, arena);
        bytes += record_bytes(&page.items[page.count++]);
    }
    enum status st = query_end(&query);
    if (!st) *ret_page = page;
    return st;
}

enum status submission_list(struct tenants *tenants, struct str tenant,
                            const struct submission_query *query, uint32_t count_max,
                            struct arena *arena, struct submission_page *ret_page)
{
    struct reader reader;
    enum status st = reader_begin(tenants, tenant, &reader);
    if (st) return st;
    return reader_end(&reader, submission_list_in(reader.db, query, INT64_MAX, page_rows(count_max),
                                                  arena, ret_page));
}

/* The same key again: the same body is told what was stored, any other is refused. */
static enum status replay(struct write *write, const struct submission_record *stored)
{
    struct submission_add *add = &write->submission_add;
    if (memcmp(stored->body_hash.bytes, add->body_hash.bytes, DIGEST_BYTES) != 0)
        return apply_refuse(write, REFUSAL_KEY_REUSED);
    add->ret_replayed = true;
    add->ret_submission = *stored;
    return ST_OK;
}

/* A closing form still takes what was begun while it was open. */
static bool takes_submissions(const struct form_record *form, const struct submission_add *add)
{
    if (form->state == FORM_OPEN) return true;
    return form->state == FORM_CLOSING && add->started_ms > 0 && add->started_ms <= form->state_ms;
}

static enum status add_row(struct vault *vault, const struct form_record *form,
                           const struct submission_add *add, struct str id)
{
    struct query query = query_on(&vault->writer, SQL_SUBMISSION_ADD);
    query_put_str(&query, id);
    query_put_int(&query, form->id);
    query_put_int(&query, add->version);
    query_put_str(&query, add->key);
    query_put_digest(&query, &add->body_hash);
    query_put_str(&query, add->answers);
    query_put_int(&query, add->received_ms);
    query_put_str(&query, add->now);
    query_put_str(&query, add->zone);
    query_put_str(&query, add->locale);
    query_put_int(&query, (int64_t)add->steps);
    query_put_digest(&query, &add->verdict_hash);
    query_put_str(&query, add->submitter);
    query_put_str(&query, add->where);
    return query_run(&query);
}

static struct submission_record record_of(const struct submission_add *add, uint64_t seq, struct str id)
{
    return (struct submission_record){.seq = seq,
                                      .id = id,
                                      .form = add->form,
                                      .version = add->version,
                                      .key = add->key,
                                      .body_hash = add->body_hash,
                                      .answers = add->answers,
                                      .received_ms = add->received_ms,
                                      .now = add->now,
                                      .zone = add->zone,
                                      .locale = add->locale,
                                      .steps = add->steps,
                                      .verdict_hash = add->verdict_hash,
                                      .submitter = add->submitter,
                                      .where = add->where};
}

static enum status store(struct vault *vault, struct write *write, const struct form_record *form)
{
    struct submission_add *add = &write->submission_add;
    char id[IDENT_BYTES];
    ident_new(&vault->tenants->idents, "sub", id);
    struct str kept_id = arena_str(write->arena, str_of(id));
    if (!kept_id.ptr) return arena_failure(write->arena);
    enum status st = add_row(vault, form, add, kept_id);
    if (st) return st;
    add->ret_submission = record_of(add, (uint64_t)query_inserted(&vault->writer), kept_id);
    return apply_audit(vault, write, kept_id, add->form);
}

static bool add_fits(const struct submission_add *add)
{
    const struct str small[] = {add->now, add->zone, add->locale, add->submitter, add->where};
    bool fits = slug_is_key(add->key) && add->answers.len > 0 &&
                add->answers.len <= limit(VERDICT_BYTES) && add->received_ms >= 0 &&
                add->steps <= INT64_MAX;
    for (size_t i = 0; i < sizeof small / sizeof *small; i++)
        fits = fits && small[i].len <= limit(META_BYTES);
    return fits;
}

enum status submission_add_apply(struct vault *vault, struct write *write)
{
    struct submission_add *add = &write->submission_add;
    struct form_record form;
    struct submission_record stored;
    add->ret_replayed = false;
    if (!add_fits(add)) return apply_refuse(write, REFUSAL_BAD_VALUE);
    enum status st = form_need(vault, write, add->form, &form);
    if (st) return st;
    st = find_by_key_in(&vault->writer, add->form, add->key, write->arena, &stored);
    if (!st) return replay(write, &stored);
    if (st != ST_ABSENT) return st;
    if (!takes_submissions(&form, add)) return apply_refuse(write, REFUSAL_FORM_CLOSED);
    /* Numbers have no gaps, so this is a look at the table of versions without the look. */
    if (add->version == 0 || add->version > form.newest)
        return apply_refuse(write, REFUSAL_VERSION_ABSENT);
    return store(vault, write, &form);
}
