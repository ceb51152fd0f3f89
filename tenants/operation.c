/* Operations: long work that goes on behind an answer: its states and its progress. Who does the work
 * is the engine's business. */
#include "tenants/operation.h"

#include "tenants/form.h"
#include "tenants/quota.h"
#include "tenants/reader.h"
#include "tenants/store.h"

#include "base/word.h"

#include <assert.h>
#include <inttypes.h>

static const char *const kinds[] = {
    [OPERATION_MIGRATE] = "migrate", [OPERATION_SNAPSHOT] = "snapshot", NULL};
static const char *const states[] = {
    [OPERATION_QUEUED] = "queued", [OPERATION_RUNNING] = "running",     [OPERATION_DONE] = "done",
    [OPERATION_FAILED] = "failed", [OPERATION_CANCELLED] = "cancelled", NULL};

const char *operation_kind_name(enum operation_kind kind)
{
    return kinds[kind];
}

const char *operation_state_name(enum operation_state state)
{
    return states[state];
}

bool operation_is_over(enum operation_state state)
{
    return state >= OPERATION_DONE;
}

bool operation_state_may(enum operation_state from, enum operation_state to)
{
    switch (from) {
    case OPERATION_QUEUED:
        return to == OPERATION_RUNNING || to == OPERATION_CANCELLED;
    case OPERATION_RUNNING:
        return operation_is_over(to);
    default:
        return false;
    }
}

/* ---------------------------------------------------------------- reading */

/* ST_DEGRADED: words that the table cannot hold. */
static bool take_record(struct query *query, struct arena *arena, struct operation_record *ret_record)
{
    struct operation_record record = {.id = query_str(query, arena)};
    size_t kind, state;
    bool known = word_among(query_peek(query), kinds, &kind);
    record.form = query_str(query, arena);
    record.from = (uint32_t)query_int(query);
    record.to = (uint32_t)query_int(query);
    known = word_among(query_peek(query), states, &state) && known;
    if (!known) return false;
    record.kind = (enum operation_kind)kind;
    record.state = (enum operation_state)state;
    record.done = (uint64_t)query_int(query);
    record.total = (uint64_t)query_int(query);
    record.refused = (uint64_t)query_int(query);
    record.made_ms = query_int(query);
    record.made_by = query_str(query, arena);
    record.why = query_str(query, arena);
    record.began_ms = query_int(query);
    record.ended_ms = query_int(query);
    record.fault = query_str(query, arena);
    *ret_record = record;
    return true;
}

/* The query's one row. */
static enum status take_one(struct query *query, struct arena *arena,
                            struct operation_record *ret_record)
{
    struct operation_record record = {.id = STR("")};
    bool found = query_row(query), known = !found || take_record(query, arena, &record);
    enum status st = query_end_one(query, found);
    if (st) return st;
    if (!known) return ST_DEGRADED;
    *ret_record = record;
    return ST_OK;
}

static enum status find_in(struct database *db, struct str id, struct arena *arena,
                           struct operation_record *ret_record)
{
    struct query query = query_on(db, SQL_OPERATION_FIND);
    query_put_str(&query, id);
    return take_one(&query, arena, ret_record);
}

enum status operation_find(struct tenants *tenants, struct str tenant, struct str id,
                           struct arena *arena, struct operation_record *ret_operation)
{
    struct reader reader;
    enum status st = reader_begin(tenants, tenant, &reader);
    if (st) return st;
    return reader_end(&reader, find_in(reader.db, id, arena, ret_operation));
}

/* Of a query with its values in. */
static enum status take_page(struct query *query, struct arena *arena, uint32_t rows,
                             struct operation_page *ret_page)
{
    struct operation_page page = {.items = ARENA_ARRAY(arena, struct operation_record, rows)};
    bool known = true;
    while (page.items && known && query_row(query) && !(page.more = page.count == rows))
        known = take_record(query, arena, &page.items[page.count++]);
    enum status st = query_end(query);
    if (st) return st;
    if (!page.items) return arena_failure(arena);
    if (!known) return ST_DEGRADED;
    *ret_page = page;
    return ST_OK;
}

enum status operation_list(struct tenants *tenants, struct str tenant, struct str before,
                           uint32_t count_max, struct arena *arena, struct operation_page *ret_page)
{
    struct reader reader;
    uint32_t rows = page_rows(count_max);
    enum status st = reader_begin(tenants, tenant, &reader);
    if (st) return st;
    struct query query = query_on(reader.db, SQL_OPERATION_LIST);
    query_put_str(&query, before);
    query_put_int(&query, (int64_t)rows + 1);
    return reader_end(&reader, take_page(&query, arena, rows, ret_page));
}

enum status operation_open(struct tenants *tenants, struct str tenant, struct arena *arena,
                           struct operation_page *ret_page)
{
    struct reader reader;
    enum status st = reader_begin(tenants, tenant, &reader);
    if (st) return st;
    struct query query = query_on(reader.db, SQL_OPERATION_OPEN);
    query_put_int(&query, (int64_t)limit(OPERATIONS) + 1);
    return reader_end(&reader, take_page(&query, arena, (uint32_t)limit(OPERATIONS), ret_page));
}

/* ---------------------------------------------------------------- beginning */

static enum status find_same(struct vault *vault, const struct operation_begin *begin, int64_t form_id,
                             struct arena *arena, struct operation_record *ret_record)
{
    struct query query = query_on(&vault->writer, SQL_OPERATION_SAME);
    query_put_str(&query, str_of(kinds[begin->kind]));
    query_put_int(&query, form_id);
    query_put_int(&query, begin->from);
    query_put_int(&query, begin->to);
    return take_one(&query, arena, ret_record);
}

static enum status check_room(struct vault *vault, struct write *write)
{
    int64_t there = 0;
    struct query query = query_on(&vault->writer, SQL_OPERATION_TOTAL);
    if (query_row(&query)) there = query_int(&query);
    enum status st = query_end(&query);
    if (!st && there >= limit(OPERATIONS)) return apply_refuse(write, REFUSAL_OPERATIONS_FULL);
    return st;
}

static enum status add_row(struct vault *vault, const struct write *write, int64_t form_id,
                           struct str id)
{
    const struct operation_begin *begin = &write->operation_begin;
    struct query query = query_on(&vault->writer, SQL_OPERATION_ADD);
    query_put_str(&query, id);
    query_put_str(&query, str_of(kinds[begin->kind]));
    query_put_int_or_null(&query, form_id);
    query_put_int_or_null(&query, begin->from);
    query_put_int_or_null(&query, begin->to);
    query_put_int(&query, write->actor.at_ms);
    query_put_str(&query, write->actor.who);
    query_put_str(&query, write->actor.why);
    return query_run(&query);
}

/* What an audit row is about: the form, or the tenant. */
static struct str object_of(const struct vault *vault, const struct operation_record *operation)
{
    return operation->kind == OPERATION_MIGRATE ? operation->form : str_of(vault->id);
}

static enum status add(struct vault *vault, struct write *write, int64_t form_id)
{
    struct operation_begin *begin = &write->operation_begin;
    char text[IDENT_BYTES];
    ident_new(&vault->tenants->idents, "op", text);
    struct str id = arena_str(write->arena, str_of(text)), detail = {.ptr = NULL};
    if (!id.ptr) return arena_failure(write->arena);
    enum status st = add_row(vault, write, form_id, id);
    if (!st) st = find_in(&vault->writer, id, write->arena, &begin->ret_operation);
    if (st) return st;
    if (begin->kind == OPERATION_MIGRATE)
        detail = arena_printf(write->arena, "%s: migrate version %u → %u", text, (unsigned)begin->from,
                              (unsigned)begin->to);
    else detail = arena_printf(write->arena, "%s: %s", text, kinds[begin->kind]);
    if (!detail.ptr) return arena_failure(write->arena);
    return apply_audit(vault, write, object_of(vault, &begin->ret_operation), detail);
}

static enum status check_versions(struct vault *vault, struct write *write, int64_t *ret_form_id)
{
    const struct operation_begin *begin = &write->operation_begin;
    struct form_record form;
    enum status st = form_need(vault, write, begin->form, &form);
    if (st) return st;
    if (begin->from == 0 || begin->to == 0 || begin->from == begin->to)
        return apply_refuse(write, REFUSAL_BAD_VALUE);
    if (begin->from > form.newest || begin->to > form.newest)
        return apply_refuse(write, REFUSAL_VERSION_ABSENT);
    *ret_form_id = form.id;
    return ST_OK;
}

enum status operation_begin_apply(struct vault *vault, struct write *write)
{
    struct operation_begin *begin = &write->operation_begin;
    int64_t form_id = 0;
    enum status st = ST_OK;
    if (begin->kind == OPERATION_MIGRATE) st = check_versions(vault, write, &form_id);
    else if (begin->from || begin->to) return apply_refuse(write, REFUSAL_BAD_VALUE);
    if (st) return st;
    st = find_same(vault, begin, form_id, write->arena, &begin->ret_operation);
    begin->ret_existing = st == ST_OK;
    if (st != ST_ABSENT) return st;
    st = check_room(vault, write);
    if (!st && begin->kind == OPERATION_SNAPSHOT) st = snapshot_room(vault, write);
    if (!st) st = quota_room(vault, write);
    return st ? st : add(vault, write, form_id);
}

/* ---------------------------------------------------------------- going on */

static enum status find(struct vault *vault, struct write *write, struct str id,
                        struct operation_record *ret_operation)
{
    enum status st = find_in(&vault->writer, id, write->arena, ret_operation);
    return st == ST_ABSENT ? apply_refuse(write, REFUSAL_OPERATION_ABSENT) : st;
}

static enum status set_row(struct vault *vault, const struct write *write,
                           const struct operation_move *move)
{
    struct query query = query_on(&vault->writer, SQL_OPERATION_MOVE);
    query_put_str(&query, move->id);
    query_put_str(&query, str_of(states[move->to]));
    query_put_int(&query, (int64_t)move->total);
    query_put_int_or_null(&query, move->to == OPERATION_RUNNING ? write->actor.at_ms : 0);
    query_put_int_or_null(&query, operation_is_over(move->to) ? write->actor.at_ms : 0);
    query_put_str_or_null(&query, move->fault);
    return query_run(&query);
}

static enum status tell(struct vault *vault, struct write *write, const struct operation_record *before,
                        const struct operation_record *after)
{
    struct str detail = arena_printf(
        write->arena, "%.*s: %s → %s, %" PRIu64 " of %" PRIu64 " done, %" PRIu64 " refused%s%.*s",
        STR_ARG(after->id), states[before->state], states[after->state], after->done, after->total,
        after->refused, after->fault.len ? ": " : "", STR_ARG(after->fault));
    if (!detail.ptr) return arena_failure(write->arena);
    return audit_add(&vault->writer, &vault->audit, &write->actor, "operation.state",
                     object_of(vault, after), detail);
}

enum status operation_move_apply(struct vault *vault, struct write *write)
{
    struct operation_move *move = &write->operation_move;
    struct operation_record before;
    assert((move->to == OPERATION_FAILED) == (move->fault.len > 0));
    enum status st = find(vault, write, move->id, &before);
    if (st) return st;
    move->ret_operation = before;
    if (before.state == move->to) return ST_OK;
    if (!operation_state_may(before.state, move->to))
        return apply_refuse(write, REFUSAL_ILLEGAL_TRANSITION);
    st = set_row(vault, write, move);
    if (!st) st = find_in(&vault->writer, move->id, write->arena, &move->ret_operation);
    return st ? st : tell(vault, write, &before, &move->ret_operation);
}

static enum status count(struct vault *vault, struct str id, uint32_t done, uint32_t refused)
{
    struct query query = query_on(&vault->writer, SQL_OPERATION_COUNT);
    query_put_str(&query, id);
    query_put_int(&query, done);
    query_put_int(&query, refused);
    return query_run(&query);
}

enum status operation_runs(struct vault *vault, struct write *write, struct str id)
{
    struct operation_record operation;
    enum status st = find(vault, write, id, &operation);
    if (st) return st;
    return operation.state == OPERATION_RUNNING ? ST_OK : apply_refuse(write, REFUSAL_OPERATION_OVER);
}

enum status operation_count(struct vault *vault, struct write *write)
{
    const struct submissions_carry *carry = &write->submissions_carry;
    uint32_t refused = 0;
    enum status st = operation_runs(vault, write, carry->operation);
    for (uint32_t i = 0; i < carry->count; i++) refused += carry->items[i].errors.len > 0;
    return st ? st : count(vault, carry->operation, carry->count, refused);
}

enum status operation_end(struct vault *vault, struct write *write, struct str id,
                          struct operation_record *ret_operation)
{
    struct operation_record before;
    struct operation_move move = {.id = id, .to = OPERATION_DONE};
    enum status st = count(vault, id, 1, 0);
    if (!st) st = find(vault, write, id, &before);
    if (!st) st = set_row(vault, write, &move);
    if (!st) st = find(vault, write, id, ret_operation);
    return st ? st : tell(vault, write, &before, ret_operation);
}
