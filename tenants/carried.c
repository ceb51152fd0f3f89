/* Carried: what became of submissions under later versions. A migration goes through the submissions of
 * one version by seq, a batch at a time; each batch is one transaction, and where the next begins is
 * what the table holds. So it goes on after whatever ended it, and carries nothing twice. */
#include "tenants/filter.h"
#include "tenants/form.h"
#include "tenants/operation.h"
#include "tenants/quota.h"
#include "tenants/submission.h"

#include "tenants/apply.h"

static struct carried_record take_record(struct query *query, struct arena *arena)
{
    struct carried_record carried = {.to = (uint32_t)query_int(query)};
    carried.from = (uint32_t)query_int(query);
    carried.answers = query_str(query, arena);
    carried.errors = query_str(query, arena);
    carried.verdict_hash = query_digest(query);
    carried.steps = (uint64_t)query_int(query);
    carried.carried_ms = query_int(query);
    carried.carried_by = query_str(query, arena);
    return carried;
}

enum status carried_list(struct tenants *tenants, struct str tenant, uint64_t seq, struct arena *arena,
                         struct carried_page *ret_page)
{
    struct reader reader;
    struct carried_page page = {.items =
                                    ARENA_ARRAY(arena, struct carried_record, LIMIT_CARRIED_VERSIONS)};
    if (!page.items) return arena_failure(arena);
    enum status st = reader_begin(tenants, tenant, &reader);
    if (st) return st;
    struct query query = query_on(reader.db, SQL_CARRIED_OF);
    query_put_int(&query, (int64_t)seq);
    while (query_row(&query) && page.count < (uint32_t)limit(CARRIED_VERSIONS))
        page.items[page.count++] = take_record(&query, arena);
    st = reader_end(&reader, query_end(&query));
    if (!st) *ret_page = page;
    return st;
}

enum status carried_last(struct tenants *tenants, struct str tenant, struct str form, uint32_t from,
                         uint32_t to, uint64_t *ret_seq)
{
    struct reader reader;
    uint64_t seq = 0;
    enum status st = reader_begin(tenants, tenant, &reader);
    if (st) return st;
    struct query query = query_on(reader.db, SQL_CARRIED_LAST);
    query_put_str(&query, form);
    query_put_int(&query, to);
    query_put_int(&query, from);
    if (query_row(&query)) seq = (uint64_t)query_int(&query);
    st = reader_end(&reader, query_end(&query));
    if (!st) *ret_seq = seq;
    return st;
}

enum status carry_list(struct tenants *tenants, struct str tenant, struct str form, uint32_t version,
                       uint64_t after_seq, uint32_t count_max, struct arena *arena,
                       struct submission_page *ret_page)
{
    struct reader reader;
    struct submission_query wanted = {.form = form, .version = version, .after_seq = after_seq};
    enum status st = reader_begin(tenants, tenant, &reader);
    if (st) return st;
    return reader_end(&reader,
                      submission_list_by_seq_in(reader.db, &wanted, count_max, arena, ret_page));
}

enum status carry_total(struct tenants *tenants, struct str tenant, struct str form, uint32_t from,
                        uint32_t to, uint64_t *ret_total)
{
    struct reader reader;
    uint64_t last = 0, total = 0;
    enum status st = carried_last(tenants, tenant, form, from, to, &last);
    if (!st) st = reader_begin(tenants, tenant, &reader);
    if (st) return st;
    struct query query = query_on(reader.db, SQL_CARRY_TOTAL);
    query_put_str(&query, form);
    query_put_int(&query, from);
    query_put_int(&query, (int64_t)last);
    if (query_row(&query)) total = (uint64_t)query_int(&query);
    st = reader_end(&reader, query_end(&query));
    if (!st) *ret_total = total;
    return st;
}

static void take_refused(struct query *query, struct arena *arena, uint32_t rows,
                         struct refused_page *page)
{
    size_t bytes = 0;
    while (!page->more && query_row(query)) {
        page->more = page->count == rows || bytes > limit(PAGE_BYTES);
        if (page->more) return;
        struct refused_record *refused = &page->items[page->count++];
        refused->seq = (uint64_t)query_int(query);
        refused->id = query_str(query, arena);
        refused->errors = query_str(query, arena);
        bytes += refused->errors.len;
    }
}

enum status carried_refused(struct tenants *tenants, struct str tenant, struct str form, uint32_t from,
                            uint32_t to, uint64_t after_seq, uint32_t count_max, struct arena *arena,
                            struct refused_page *ret_page)
{
    struct reader reader;
    uint32_t rows = page_rows(count_max);
    struct refused_page page = {.items = ARENA_ARRAY(arena, struct refused_record, rows)};
    if (!page.items) return arena_failure(arena);
    enum status st = reader_begin(tenants, tenant, &reader);
    if (st) return st;
    struct query query = query_on(reader.db, SQL_CARRIED_REFUSED);
    query_put_str(&query, form);
    query_put_int(&query, to);
    query_put_int(&query, from);
    query_put_int(&query, (int64_t)after_seq);
    query_put_int(&query, (int64_t)rows + 1);
    take_refused(&query, arena, rows, &page);
    st = reader_end(&reader, query_end(&query));
    if (!st) *ret_page = page;
    return st;
}

/* ---------------------------------------------------------------- writing */

static enum status add_row(struct vault *vault, const struct write *write, int64_t form_id,
                           const struct carried_item *item)
{
    const struct submissions_carry *carry = &write->submissions_carry;
    struct query query = query_on(&vault->writer, SQL_CARRIED_ADD);
    query_put_int(&query, form_id);
    query_put_int(&query, carry->to);
    query_put_int(&query, carry->from);
    query_put_int(&query, (int64_t)item->seq);
    query_put_str(&query, item->answers);
    query_put_str(&query, item->errors);
    query_put_digest(&query, &item->verdict_hash);
    query_put_int(&query, (int64_t)item->steps);
    query_put_int(&query, write->actor.at_ms);
    query_put_str(&query, write->actor.who);
    return query_run(&query);
}

/* Whether the last insertion did insert. */
static enum status count_added(struct vault *vault, uint32_t *added)
{
    struct query query = query_on(&vault->writer, SQL_CARRIED_CHANGES);
    if (query_row(&query)) *added += (uint32_t)query_int(&query);
    return query_end(&query);
}

static enum status tell(struct vault *vault, struct write *write)
{
    const struct submissions_carry *carry = &write->submissions_carry;
    struct str detail =
        arena_printf(write->arena, "version %u → %u, %u submissions", (unsigned)carry->from,
                     (unsigned)carry->to, (unsigned)carry->ret_added);
    if (!detail.ptr) return arena_failure(write->arena);
    return apply_audit(vault, write, carry->form, detail);
}

static bool carry_fits(const struct submissions_carry *carry)
{
    bool fits = carry->count > 0 && carry->count <= (uint32_t)limit(CARRY_ROWS) &&
                carry->from != carry->to && carry->from > 0 && carry->to > 0;
    for (uint32_t i = 0; fits && i < carry->count; i++)
        fits = (carry->items[i].answers.len == 0) != (carry->items[i].errors.len == 0) &&
               carry->items[i].answers.len <= limit(VERDICT_BYTES) &&
               carry->items[i].errors.len <= limit(VERDICT_BYTES) &&
               carry->items[i].value_count <= (uint32_t)limit(INDEXED_VALUES);
    return fits;
}

enum status submissions_carry_apply(struct vault *vault, struct write *write)
{
    struct submissions_carry *carry = &write->submissions_carry;
    struct form_record form;
    carry->ret_added = 0;
    if (!carry_fits(carry)) return apply_refuse(write, REFUSAL_BAD_VALUE);
    enum status st = form_need(vault, write, carry->form, &form);
    if (st) return st;
    if (carry->from > form.newest || carry->to > form.newest)
        return apply_refuse(write, REFUSAL_VERSION_ABSENT);
    if (carry->operation.len) st = operation_count(vault, write);
    if (!st) st = quota_room(vault, write);
    for (uint32_t i = 0; !st && i < carry->count; i++) {
        st = add_row(vault, write, form.id, &carry->items[i]);
        uint32_t before = carry->ret_added;
        if (!st) st = count_added(vault, &carry->ret_added);
        if (!st && carry->ret_added > before)
            st = filter_add(vault, form.id, carry->items[i].seq, carry->items[i].values,
                            carry->items[i].value_count);
    }
    return st || carry->ret_added == 0 ? st : tell(vault, write);
}
