/* Survey: what summaries of a form's submissions are made from. */
#include "tenants/reader.h"

static enum status head_in(struct database *db, struct str form, int64_t now_ms,
                           struct survey_head *ret_head)
{
    struct survey_head head = {0};
    struct query query = query_on(db, SQL_SURVEY_HEAD);
    query_put_str(&query, form);
    query_put_int(&query, now_ms);
    bool found = query_row(&query);
    if (found) {
        head.form_id = query_int(&query);
        head.newest = (uint32_t)query_int(&query);
        head.submissions = (uint64_t)query_int(&query);
        head.erased = (uint64_t)query_int(&query);
        head.seq = (uint64_t)query_int(&query);
        head.saved = (uint64_t)query_int(&query);
    }
    enum status st = query_end_one(&query, found);
    if (!st) *ret_head = head;
    return st;
}

enum status survey_head(struct tenants *tenants, struct str tenant, struct str form, int64_t now_ms,
                        struct survey_head *ret_head)
{
    struct reader reader;
    enum status st = reader_begin(tenants, tenant, &reader);
    if (st) return st;
    return reader_end(&reader, head_in(reader.db, form, now_ms, ret_head));
}

static void put_seqs(struct query *query, const struct survey_span *span)
{
    query_put_int(query, span->form_id);
    query_put_int(query, (int64_t)span->seq_after);
    query_put_int(query, (int64_t)span->seq_until);
}

static void put_place(struct query *query, struct survey_place place)
{
    query_put_int(query, place.received_ms);
    query_put_int(query, (int64_t)place.seq);
}

static enum status begin_in(struct database *db, const struct survey_span *span, uint64_t count,
                            struct survey_place *ret_place)
{
    struct survey_place place = SURVEY_FIRST;
    struct query query = query_on(db, SQL_SURVEY_BEGIN);
    put_seqs(&query, span);
    query_put_int(&query, (int64_t)count - 1);
    if (query_row(&query)) {
        place.received_ms = query_int(&query);
        place.seq = (uint64_t)query_int(&query) - 1;
    }
    enum status st = query_end(&query);
    if (!st) *ret_place = place;
    return st;
}

enum status survey_begin(struct tenants *tenants, struct str tenant, const struct survey_span *span,
                         uint64_t count, struct survey_place *ret_place)
{
    struct reader reader;
    enum status st = reader_begin(tenants, tenant, &reader);
    if (st) return st;
    return reader_end(&reader, begin_in(reader.db, span, count, ret_place));
}

static enum status count_in(struct database *db, const struct survey_span *span, uint64_t *ret_count)
{
    uint64_t count = 0;
    struct query query = query_on(db, SQL_SURVEY_COUNT);
    put_seqs(&query, span);
    put_place(&query, span->after);
    put_place(&query, span->until);
    if (query_row(&query)) count = (uint64_t)query_int(&query);
    enum status st = query_end(&query);
    if (!st) *ret_count = count;
    return st;
}

enum status survey_count(struct tenants *tenants, struct str tenant, const struct survey_span *span,
                         uint64_t *ret_count)
{
    struct reader reader;
    enum status st = reader_begin(tenants, tenant, &reader);
    if (st) return st;
    return reader_end(&reader, count_in(reader.db, span, ret_count));
}

static enum status list_in(struct database *db, const struct survey_span *span, uint32_t rows,
                           struct arena *arena, struct survey_page *ret_page)
{
    size_t bytes = 0;
    struct survey_page page = {.items = ARENA_ARRAY(arena, struct survey_row, rows)};
    if (!page.items) return arena_failure(arena);
    struct query query = query_on(db, SQL_SURVEY_LIST);
    put_seqs(&query, span);
    put_place(&query, span->after);
    put_place(&query, span->until);
    query_put_int(&query, (int64_t)rows + 1);
    while (query_row(&query) && !(page.more = page.count == rows || bytes >= limit(PAGE_BYTES))) {
        struct survey_row *row = &page.items[page.count++];
        row->place.seq = (uint64_t)query_int(&query);
        row->place.received_ms = query_int(&query);
        row->version = (uint32_t)query_int(&query);
        row->answers = query_str(&query, arena);
        bytes += row->answers.len;
    }
    enum status st = query_end(&query);
    if (!st) *ret_page = page;
    return st;
}

enum status survey_list(struct tenants *tenants, struct str tenant, const struct survey_span *span,
                        uint32_t count_max, struct arena *arena, struct survey_page *ret_page)
{
    struct reader reader;
    enum status st = reader_begin(tenants, tenant, &reader);
    if (st) return st;
    return reader_end(&reader, list_in(reader.db, span, page_rows(count_max), arena, ret_page));
}
