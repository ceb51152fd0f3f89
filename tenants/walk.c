/* Walk: all submissions that match, a page at a time, with no snapshot held in between: a slow receiver
 * of an export must not keep the log from being folded in. */
#include "tenants/filter.h"
#include "tenants/submission.h"

enum { WALK_ROWS = 100 };

struct submission_walk {
    struct tenants *tenants;
    struct mem *mem;
    char tenant[LIMIT_TENANT_ID_BYTES + 1], form[LIMIT_FORM_NAME_BYTES + 1];
    struct submission_query query; /* its form is the one above; its place moves on */
    uint64_t seq_max;              /* the newest one when the walk began */
    struct arena kept;             /* the query's filter */
    struct arena arena;            /* one page */
    struct submission_page page;
    uint32_t at; /* in the page */
};

static enum status begin(struct submission_walk *walk)
{
    struct reader reader;
    enum status st = reader_begin(walk->tenants, str_of(walk->tenant), &reader);
    if (st) return st;
    return reader_end(&reader, submission_newest_in(reader.db, &walk->seq_max));
}

enum status submission_walk_open(struct tenants *tenants, struct str tenant,
                                 const struct submission_query *query,
                                 struct submission_walk **ret_walk)
{
    if (tenant.len > limit(TENANT_ID_BYTES) || query->form.len > limit(FORM_NAME_BYTES))
        return ST_ABSENT;
    struct submission_walk *walk = mem_zalloc(tenants->mem, sizeof *walk);
    if (!walk) return ST_NOMEM;
    *walk = (struct submission_walk){.tenants = tenants, .mem = tenants->mem, .query = *query};
    if (tenant.len) memcpy(walk->tenant, tenant.ptr, tenant.len);
    if (query->form.len) memcpy(walk->form, query->form.ptr, query->form.len);
    walk->query.form = str_of(walk->form);
    walk->page.more = true;
    arena_init(&walk->kept, walk->mem, limit(REQUEST_ARENA_BYTES));
    arena_init(&walk->arena, walk->mem,
               2 * (size_t)limit(PAGE_BYTES) + 2 * (size_t)limit(VERDICT_BYTES));
    enum status st = filter_copy(&query->filter, &walk->kept, &walk->query.filter);
    if (!st) st = begin(walk);
    if (st) {
        submission_walk_close(walk);
        return st;
    }
    *ret_walk = walk;
    return ST_OK;
}

static enum status next_page(struct submission_walk *walk)
{
    struct reader reader;
    arena_reset(&walk->arena);
    walk->at = 0;
    walk->page.count = 0; /* a failed page is no page: the same call can be made again */
    enum status st = reader_begin(walk->tenants, str_of(walk->tenant), &reader);
    if (st) return st;
    return reader_end(&reader, submission_list_in(reader.db, &walk->query, walk->seq_max, WALK_ROWS,
                                                  &walk->arena, &walk->page));
}

enum status submission_walk_next(struct submission_walk *walk, struct submission_record *ret_submission)
{
    if (walk->at == walk->page.count) {
        if (!walk->page.more) return ST_ABSENT;
        enum status st = next_page(walk);
        if (st) return st;
        if (walk->page.count == 0) return ST_ABSENT;
    }
    *ret_submission = walk->page.items[walk->at++];
    walk->query.after_received_ms = ret_submission->received_ms;
    walk->query.after_seq = ret_submission->seq;
    return ST_OK;
}

enum status submission_walk_left(struct submission_walk *walk, uint64_t *ret_left)
{
    struct reader reader;
    enum status st = reader_begin(walk->tenants, str_of(walk->tenant), &reader);
    if (st) return st;
    return reader_end(&reader,
                      submission_count_in(reader.db, &walk->query, walk->seq_max, walk->mem, ret_left));
}

void submission_walk_close(struct submission_walk *walk)
{
    if (!walk) return;
    arena_release(&walk->arena);
    arena_release(&walk->kept);
    mem_free(walk->mem, walk, sizeof *walk);
}
