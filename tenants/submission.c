#include "tenants/submission.h"

#include "tenants/filter.h"
#include "tenants/form.h"
#include "tenants/invitation.h"
#include "tenants/quota.h"
#include "tenants/slug.h"
#include "tenants/tombstone.h"

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
    submission.definition_hash = query_digest(query);
    submission.edition = query_str(query, arena);
    submission.compiler_version = query_str(query, arena);
    return submission;
}

/* Ends the query. */
static enum status take_one(struct query *query, struct arena *arena,
                            struct submission_record *ret_submission)
{
    struct submission_record submission = {0};
    bool found = query_row(query);
    if (found) submission = take_submission(query, arena);
    enum status st = query_end_one(query, found);
    if (st) return st;
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

enum status submission_find_in(struct database *db, struct str id, struct arena *arena,
                               struct submission_record *ret_submission)
{
    struct query query = query_on(db, SQL_SUBMISSION_FIND);
    query_put_str(&query, id);
    return take_one(&query, arena, ret_submission);
}

enum status submission_find(struct tenants *tenants, struct str tenant, struct str id,
                            struct arena *arena, struct submission_record *ret_submission)
{
    struct reader reader;
    enum status st = reader_begin(tenants, tenant, &reader);
    if (st) return st;
    return reader_end(&reader, submission_find_in(reader.db, id, arena, ret_submission));
}

enum status submission_find_by_key(struct tenants *tenants, struct str tenant, struct str form,
                                   struct str key, struct arena *arena,
                                   struct submission_record *ret_submission)
{
    struct reader reader;
    enum status st = reader_begin(tenants, tenant, &reader);
    if (st) return st;
    st = find_by_key_in(reader.db, form, key, arena, ret_submission);
    if (st == ST_ABSENT) st = tombstone_look_in(reader.db, form, key, arena);
    return reader_end(&reader, st);
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

/* The bound that the place is nearer to is the place: SQLite begins at one of the two, and had better
 * not pass over all that was seen before. */
static struct submission_query narrowed(const struct submission_query *wanted)
{
    struct submission_query query = *wanted;
    if (wanted->after_seq == 0 || wanted->after_received_ms == INT64_MAX) return query;
    int64_t until_ms = wanted->after_received_ms + 1;
    if (!wanted->newest_first && wanted->after_received_ms > wanted->since_ms)
        query.since_ms = wanted->after_received_ms;
    if (wanted->newest_first && (!wanted->until_ms || until_ms < wanted->until_ms))
        query.until_ms = until_ms;
    return query;
}

/* The statement, or one made of it when answers are asked about. */
static enum status query_wanted(struct database *db, enum sql sql,
                                const struct submission_query *wanted, struct mem *mem,
                                struct query *ret_query)
{
    enum { SQL_BYTES_MAX = 1 << 18 };
    struct filter_way way;
    struct buf text;
    if (wanted->filter.count == 0) {
        *ret_query = query_on(db, sql);
        return ST_OK;
    }
    enum status st = filter_choose(db, wanted->form, &wanted->filter, &way);
    if (st) return st;
    buf_init(&text, mem, SQL_BYTES_MAX);
    filter_put_sql(sql, &wanted->filter, &way, &text);
    st = text.failure;
    if (!st) *ret_query = query_text(db, buf_str(&text));
    buf_release(&text);
    return st;
}

static void put_wanted(struct query *query, const struct submission_query *wanted, uint64_t seq_max,
                       int64_t rows)
{
    struct submission_query narrow = narrowed(wanted);
    query_put_str(query, wanted->form);
    query_put_int(query, narrow.since_ms);
    query_put_int(query, narrow.until_ms ? narrow.until_ms : INT64_MAX);
    query_put_int(query, wanted->version);
    put_place(query, wanted);
    query_put_int(query, (int64_t)seq_max);
    query_put_int(query, rows);
    filter_put_values(query, &wanted->filter);
}

static size_t record_bytes(const struct submission_record *submission)
{
    return sizeof *submission + submission->answers.len;
}

static bool is_full(const struct submission_page *page, uint32_t rows, size_t bytes)
{
    return page->count == rows || bytes >= limit(PAGE_BYTES);
}

static enum status list_all(struct database *db, const struct submission_query *wanted,
                            uint64_t seq_max, uint32_t rows, struct arena *arena,
                            struct submission_page *page)
{
    size_t bytes = 0;
    struct query query =
        query_on(db, wanted->newest_first ? SQL_SUBMISSION_LIST_DOWN : SQL_SUBMISSION_LIST_UP);
    put_wanted(&query, wanted, seq_max, (int64_t)rows + 1);
    while (query_row(&query) && !(page->more = is_full(page, rows, bytes))) {
        page->items[page->count] = take_submission(&query, arena);
        bytes += record_bytes(&page->items[page->count++]);
    }
    return query_end(&query);
}

static enum status list_seqs(struct database *db, const struct submission_query *wanted,
                             uint64_t seq_max, uint32_t rows, struct arena *arena, uint64_t **ret_seqs,
                             uint32_t *ret_count)
{
    struct query query;
    uint32_t count = 0;
    uint64_t *seqs = ARENA_ARRAY(arena, uint64_t, (size_t)rows + 1);
    if (!seqs) return arena_failure(arena);
    enum status st =
        query_wanted(db, wanted->newest_first ? SQL_SUBMISSION_SEQS_DOWN : SQL_SUBMISSION_SEQS_UP,
                     wanted, arena->mem, &query);
    if (st) return st;
    put_wanted(&query, wanted, seq_max, (int64_t)rows + 1);
    while (count <= rows && query_row(&query)) seqs[count++] = (uint64_t)query_int(&query);
    *ret_seqs = seqs;
    *ret_count = count;
    return query_end(&query);
}

/* First which, then one by one: they may have to be sorted, and answers are large. */
static enum status list_some(struct database *db, const struct submission_query *wanted,
                             uint64_t seq_max, uint32_t rows, struct arena *arena,
                             struct submission_page *page)
{
    size_t bytes = 0;
    uint64_t *seqs;
    uint32_t count;
    enum status st = list_seqs(db, wanted, seq_max, rows, arena, &seqs, &count);
    while (!st && page->count < count && !(page->more = is_full(page, rows, bytes))) {
        struct query query = query_on(db, SQL_SUBMISSION_OF_SEQ);
        query_put_int(&query, (int64_t)seqs[page->count]);
        st = take_one(&query, arena, &page->items[page->count]);
        if (!st) bytes += record_bytes(&page->items[page->count++]);
    }
    return st;
}

/* Of one moment, so that none of them is erased between its number and its answers. */
static enum status list_filtered(struct database *db, const struct submission_query *wanted,
                                 uint64_t seq_max, uint32_t rows, struct arena *arena,
                                 struct submission_page *page)
{
    enum status st = database_run(db, "BEGIN");
    if (st) return st;
    st = list_some(db, wanted, seq_max, rows, arena, page);
    enum status ended = database_run(db, "COMMIT");
    return st ? st : ended;
}

enum status submission_list_in(struct database *db, const struct submission_query *wanted,
                               uint64_t seq_max, uint32_t rows, struct arena *arena,
                               struct submission_page *ret_page)
{
    struct submission_page page = {.items = ARENA_ARRAY(arena, struct submission_record, rows)};
    if (!page.items) return arena_failure(arena);
    enum status st = wanted->filter.count ? list_filtered(db, wanted, seq_max, rows, arena, &page)
                                          : list_all(db, wanted, seq_max, rows, arena, &page);
    if (!st) *ret_page = page;
    return st;
}

enum status submission_count_in(struct database *db, const struct submission_query *wanted,
                                uint64_t seq_max, struct mem *mem, uint64_t *ret_count)
{
    struct query query;
    uint64_t count = 0;
    enum status st =
        query_wanted(db, wanted->newest_first ? SQL_SUBMISSION_COUNT_DOWN : SQL_SUBMISSION_COUNT_UP,
                     wanted, mem, &query);
    if (st) return st;
    put_wanted(&query, wanted, seq_max, -1);
    if (query_row(&query)) count = (uint64_t)query_int(&query);
    st = query_end(&query);
    if (!st) *ret_count = count;
    return st;
}

enum status submission_list_by_seq_in(struct database *db, const struct submission_query *wanted,
                                      uint32_t rows, struct arena *arena,
                                      struct submission_page *ret_page)
{
    struct submission_page page = {.items = ARENA_ARRAY(arena, struct submission_record, rows)};
    size_t bytes = 0;
    if (!page.items) return arena_failure(arena);
    struct query query = query_on(db, SQL_CARRY_LIST);
    query_put_str(&query, wanted->form);
    query_put_int(&query, wanted->version);
    query_put_int(&query, (int64_t)wanted->after_seq);
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

static enum status read_gate(struct vault *vault, struct write *write, struct form_gate *ret_gate)
{
    struct form_gate gate = {0};
    struct digest key_hash = tombstone_key(write->submission_add.key);
    struct query query = query_on(&vault->writer, SQL_FORM_GATE);
    query_put_str(&query, write->submission_add.form);
    query_put_int(&query, write->submission_add.version);
    query_put_digest(&query, &key_hash);
    bool found = query_row(&query);
    if (found) {
        gate.id = query_int(&query);
        (void)form_state_parse(query_peek(&query), &gate.state); /* the table holds no other word */
        gate.state_ms = query_int(&query);
        gate.newest = (uint32_t)query_int(&query);
        gate.until_ms = query_int(&query);
        gate.any_erased = query_int(&query) != 0;
        gate.erased = query_int(&query) != 0;
    }
    enum status st = query_end(&query);
    if (st) return st;
    if (!found) return apply_refuse(write, REFUSAL_FORM_ABSENT);
    *ret_gate = gate;
    return ST_OK;
}

/* Where something was erased it depends on the key, and nothing is kept. */
static enum status find_gate(struct vault *vault, struct write *write, struct form_gate *ret_gate)
{
    const struct submission_add *add = &write->submission_add;
    bool known = vault->gate_form.ptr && vault->gate_version == add->version &&
                 str_eq(vault->gate_form, add->form);
    if (!known) {
        submission_forget_gate(vault);
        enum status st = read_gate(vault, write, &vault->gate);
        if (st) return st;
        vault->gate_version = add->version;
        if (!vault->gate.any_erased) vault->gate_form = add->form;
    }
    *ret_gate = vault->gate;
    return ST_OK;
}

void submission_forget_gate(struct vault *vault)
{
    vault->gate_form = (struct str){0};
}

/* A closing form still takes what was begun while it was open. */
static bool takes_submissions(const struct form_gate *gate, const struct submission_add *add)
{
    if (gate->state == FORM_OPEN) return true;
    return gate->state == FORM_CLOSING && add->started_ms > 0 && add->started_ms <= gate->state_ms;
}

static enum status add_row(struct vault *vault, int64_t form_id, const struct submission_add *add,
                           struct str id)
{
    struct query query = query_on(&vault->writer, SQL_SUBMISSION_ADD);
    query_put_str(&query, id);
    query_put_int(&query, form_id);
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
    query_put_digest(&query, &add->definition_hash);
    query_put_str(&query, add->edition);
    query_put_str(&query, add->compiler_version);
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
                                      .where = add->where,
                                      .definition_hash = add->definition_hash,
                                      .edition = add->edition,
                                      .compiler_version = add->compiler_version};
}

enum status submission_count_up(struct vault *vault)
{
    uint32_t used = vault->counts_used;
    vault->counts_used = 0;
    for (uint32_t i = 0; i < used; i++) {
        struct query query = query_on(&vault->writer, SQL_FORM_COUNT);
        query_put_int(&query, vault->counts[i].count);
        query_put_int(&query, vault->counts[i].form_id);
        enum status st = query_run(&query);
        if (st) return st; /* and the whole transaction goes */
    }
    return ST_OK;
}

static enum status count_one(struct vault *vault, int64_t form_id)
{
    uint32_t i = 0;
    while (i < vault->counts_used && vault->counts[i].form_id != form_id) i++;
    if (i < vault->counts_used) {
        vault->counts[i].count++;
        return ST_OK;
    }
    enum status st = i == FORM_COUNTS ? submission_count_up(vault) : ST_OK;
    vault->counts[vault->counts_used++] = (struct form_count){form_id, 1};
    return st;
}

/* May what the form wants to be unique be claimed? Only the writer adds claims, so what is free now is
 * still free when they are added. */
static enum status look_for_claims(struct vault *vault, const struct submission_add *add,
                                   int64_t form_id, bool *ret_free)
{
    *ret_free = true;
    for (uint32_t i = 0; i < add->claim_count && *ret_free; i++) {
        struct query query = query_on(&vault->writer, SQL_SUBMISSION_CLAIMED);
        query_put_int(&query, form_id);
        query_put_digest(&query, &add->claims[i]);
        *ret_free = !query_row(&query);
        enum status st = query_end(&query);
        if (st) return st;
    }
    return ST_OK;
}

static enum status claim_all(struct vault *vault, const struct submission_add *add, int64_t form_id,
                             uint64_t seq)
{
    for (uint32_t i = 0; i < add->claim_count; i++) {
        struct query query = query_on(&vault->writer, SQL_SUBMISSION_CLAIM);
        query_put_int(&query, form_id);
        query_put_digest(&query, &add->claims[i]);
        query_put_int(&query, (int64_t)seq);
        enum status st = query_run(&query);
        if (st) return st;
    }
    return ST_OK;
}

/* `claims` hold it too: this is who it was. */
static enum status look_for_invitation(struct vault *vault, const struct submission_add *add,
                                       int64_t form_id, enum refusal *ret_refusal)
{
    *ret_refusal = REFUSAL_NONE;
    if (!add->invitation) return ST_OK;
    return invitation_look(vault, form_id, add->invitation, add->received_ms, ret_refusal);
}

static enum status drop_saved(struct vault *vault, const struct submission_add *add)
{
    struct query query = query_on(&vault->writer, SQL_SAVED_DROP);
    query_put_str(&query, add->form);
    query_put_digest(&query, add->saved);
    return query_run(&query);
}

/* Row and audit row. The first is in or not as a whole; when what follows fails, the whole
 * transaction goes. */
static enum status store(struct vault *vault, struct write *write, int64_t form_id)
{
    struct submission_add *add = &write->submission_add;
    char id[IDENT_BYTES];
    ident_new(&vault->tenants->idents, "sub", id);
    struct str kept_id = arena_str(write->arena, str_of(id));
    if (!kept_id.ptr) return arena_failure(write->arena);
    enum status st = add_row(vault, form_id, add, kept_id);
    if (st) return st;
    add->ret_submission = record_of(add, (uint64_t)query_inserted(&vault->writer), kept_id);
    st = claim_all(vault, add, form_id, add->ret_submission.seq);
    if (!st) st = filter_add(vault, form_id, add->ret_submission.seq, add->values, add->value_count);
    if (!st && add->invitation)
        st = invitation_use(vault, form_id, add->invitation, add->ret_submission.seq, add->received_ms);
    if (!st && add->saved) st = drop_saved(vault, add);
    if (!st) st = apply_audit(vault, write, kept_id, add->form);
    if (!st) st = count_one(vault, form_id);
    if (st) vault->spoiled = true;
    return st;
}

/* `otherwise`: what is to be said when the key is new. */
static enum status look_for_replay(struct vault *vault, struct write *write, enum refusal otherwise)
{
    const struct submission_add *add = &write->submission_add;
    struct submission_record stored;
    enum status st = find_by_key_in(&vault->writer, add->form, add->key, write->arena, &stored);
    if (!st) return replay(write, &stored);
    return st == ST_ABSENT ? apply_refuse(write, otherwise) : st;
}

static bool add_fits(const struct submission_add *add)
{
    const struct str small[] = {add->now,   add->zone,    add->locale,          add->submitter,
                                add->where, add->edition, add->compiler_version};
    bool fits =
        slug_is_key(add->key) && add->answers.len > 0 && add->claim_count <= limit(UNIQUE_RULES) &&
        add->value_count <= (uint32_t)limit(INDEXED_VALUES) &&
        add->answers.len <= limit(VERDICT_BYTES) && add->received_ms >= 0 && add->steps <= INT64_MAX;
    for (size_t i = 0; i < sizeof small / sizeof *small; i++)
        fits = fits && small[i].len <= limit(META_BYTES);
    return fits;
}

/* A key that is there already is found by the insertion itself: new ones, nearly all, are not looked
 * for twice. */
enum status submission_add_apply(struct vault *vault, struct write *write)
{
    struct submission_add *add = &write->submission_add;
    struct form_gate gate = {0};
    add->ret_replayed = false;
    if (!add_fits(add)) return apply_refuse(write, REFUSAL_BAD_VALUE);
    enum status st = find_gate(vault, write, &gate);
    if (st) return st;
    if (gate.erased) return apply_refuse(write, REFUSAL_SUBMISSION_ERASED);
    if (!takes_submissions(&gate, add)) return look_for_replay(vault, write, REFUSAL_FORM_CLOSED);
    /* Numbers have no gaps, so this is a look at the table of versions without the look. */
    if (add->version == 0 || add->version > gate.newest)
        return look_for_replay(vault, write, REFUSAL_VERSION_ABSENT);
    if (gate.until_ms && add->received_ms >= gate.until_ms)
        return look_for_replay(vault, write, REFUSAL_VERSION_RETIRED);
    if (!quota_has_room(vault, write)) return look_for_replay(vault, write, REFUSAL_STORED_QUOTA);
    bool unclaimed;
    st = look_for_claims(vault, add, gate.id, &unclaimed);
    if (st) return st;
    if (!unclaimed) return look_for_replay(vault, write, REFUSAL_DUPLICATE_SUBMISSION);
    enum refusal uninvited;
    st = look_for_invitation(vault, add, gate.id, &uninvited);
    if (st) return st;
    if (uninvited) return look_for_replay(vault, write, uninvited);
    st = store(vault, write, gate.id);
    return st == ST_CONFLICT ? look_for_replay(vault, write, REFUSAL_KEY_REUSED) : st;
}
