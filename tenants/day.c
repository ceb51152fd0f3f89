/* Day: how many submissions came in on each day. */
#include "tenants/reader.h"

static enum status list_in(struct database *db, const struct day_query *wanted, uint32_t rows,
                           struct arena *arena, struct day_page *ret_page)
{
    struct day_page page = {.items = ARENA_ARRAY(arena, struct day_count, rows)};
    if (!page.items) return arena_failure(arena);
    struct query query = query_on(db, SQL_SUBMISSION_DAYS);
    query_put_str(&query, wanted->form);
    query_put_int(&query, wanted->since_ms);
    query_put_int(&query, wanted->until_ms ? wanted->until_ms : INT64_MAX);
    query_put_int(&query, wanted->after ? wanted->after_day : -1);
    query_put_int(&query, wanted->after ? wanted->after_version : 0);
    query_put_int(&query, (int64_t)rows + 1);
    while (query_row(&query) && !(page.more = page.count == rows)) {
        struct day_count *day = &page.items[page.count++];
        day->day = (int32_t)query_int(&query);
        day->version = (uint32_t)query_int(&query);
        day->submissions = (uint64_t)query_int(&query);
    }
    enum status st = query_end(&query);
    if (!st) *ret_page = page;
    return st;
}

enum status day_list(struct tenants *tenants, struct str tenant, const struct day_query *query,
                     uint32_t count_max, struct arena *arena, struct day_page *ret_page)
{
    struct reader reader;
    enum status st = reader_begin(tenants, tenant, &reader);
    if (st) return st;
    return reader_end(&reader, list_in(reader.db, query, page_rows(count_max), arena, ret_page));
}
