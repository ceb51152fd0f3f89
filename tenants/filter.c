#include "tenants/filter.h"

#include <assert.h>
#include <string.h>

/* ---------------------------------------------------------------- which way */

/* Past limit(FILTER_SEEK) it does not matter how many. */
static enum status count_range(struct database *db, struct str form,
                               const struct filter_condition *condition,
                               const struct filter_range *range, int64_t *count)
{
    struct query query = query_on(db, SQL_VALUE_COUNT);
    query_put_str(&query, form);
    query_put_str(&query, condition->path);
    query_put_str(&query, condition->kind);
    query_put_bytes(&query, range->low);
    query_put_bytes(&query, range->high);
    query_put_int(&query, limit(FILTER_SEEK) + 1);
    if (query_row(&query)) *count += query_int(&query);
    return query_end(&query);
}

enum status filter_choose(struct database *db, struct str form, const struct submission_filter *filter,
                          struct filter_way *ret_way)
{
    int64_t fewest = limit(FILTER_SEEK) + 1;
    struct filter_way way = {.seeks = false};
    for (uint32_t i = 0; i < filter->count; i++) {
        const struct filter_condition *condition = &filter->conditions[i];
        int64_t count = 0;
        for (uint32_t k = 0; k < condition->range_count && count < fewest; k++) {
            enum status st = count_range(db, form, condition, &condition->ranges[k], &count);
            if (st) return st;
        }
        if (count < fewest) way = (struct filter_way){.seeks = true, .condition = i};
        if (count < fewest) fewest = count;
    }
    *ret_way = way;
    return ST_OK;
}

/* ---------------------------------------------------------------- the text */

enum { FIRST_NUMBER = 9, NUMBERS_BEFORE_RANGES = 3 /* path, kind, sensitive */ };

static void put_range(unsigned number, struct buf *out)
{
    buf_printf(out, "value >= ?%u AND value < ?%u", number, number + 1);
}

static void put_subject(unsigned number, struct buf *out)
{
    buf_printf(out, "path = ?%u AND kind = ?%u AND sensitive <= ?%u", number, number + 1, number + 2);
}

/* A search of its own for each range. */
static void put_seek(const struct filter_condition *condition, unsigned number, struct buf *out)
{
    buf_puts(out, "AND submission.seq IN (");
    for (uint32_t i = 0; i < condition->range_count; i++) {
        if (i) buf_puts(out, " UNION ALL ");
        buf_puts(out, "SELECT seq FROM submission_value"
                      " WHERE form_id = (SELECT id FROM form WHERE name = ?1) AND ");
        put_subject(number, out);
        buf_puts(out, " AND ");
        put_range(number + NUMBERS_BEFORE_RANGES + 2 * i, out);
    }
    buf_puts(out, ") ");
}

static void put_test(const struct filter_condition *condition, unsigned number, struct buf *out)
{
    buf_puts(out, "AND EXISTS (SELECT 1 FROM submission_value INDEXED BY submission_value_by_seq"
                  " WHERE submission_value.seq = submission.seq AND ");
    put_subject(number, out);
    buf_puts(out, " AND (");
    for (uint32_t i = 0; i < condition->range_count; i++) {
        if (i) buf_puts(out, " OR ");
        put_range(number + NUMBERS_BEFORE_RANGES + 2 * i, out);
    }
    buf_puts(out, ")) ");
}

static void put_conditions(const struct submission_filter *filter, const struct filter_way *way,
                           struct buf *out)
{
    unsigned number = FIRST_NUMBER;
    for (uint32_t i = 0; i < filter->count; i++) {
        const struct filter_condition *condition = &filter->conditions[i];
        if (!condition->range_count) {
            buf_puts(out, "AND 0 ");
            continue; /* and nothing to put in */
        }
        if (way->seeks && way->condition == i) put_seek(condition, number, out);
        else put_test(condition, number, out);
        number += NUMBERS_BEFORE_RANGES + 2 * condition->range_count;
    }
}

/* What stands before the mark, which is cut off together with it. */
static struct str cut(struct str *rest, const char *mark)
{
    const char *at = strstr(rest->ptr, mark);
    assert(at);
    struct str before = {rest->ptr, (size_t)(at - rest->ptr)};
    size_t taken = before.len + strlen(mark);
    *rest = (struct str){rest->ptr + taken, rest->len - taken};
    return before;
}

void filter_put_sql(enum sql sql, const struct submission_filter *filter, const struct filter_way *way,
                    struct buf *out)
{
    struct str rest = query_sql(sql);
    buf_put(out, cut(&rest, "/*way*/"));
    /* Found by the numbers of its condition, or walked by time. */
    buf_puts(out, way->seeks ? "NOT INDEXED" : "INDEXED BY submission_by_time");
    buf_put(out, cut(&rest, "/*filter*/"));
    put_conditions(filter, way, out);
    buf_put(out, rest);
}

void filter_put_values(struct query *query, const struct submission_filter *filter)
{
    for (uint32_t i = 0; i < filter->count; i++) {
        const struct filter_condition *condition = &filter->conditions[i];
        if (!condition->range_count) continue;
        query_put_str(query, condition->path);
        query_put_str(query, condition->kind);
        query_put_int(query, filter->sensitive);
        for (uint32_t k = 0; k < condition->range_count; k++) {
            query_put_bytes(query, condition->ranges[k].low);
            query_put_bytes(query, condition->ranges[k].high);
        }
    }
}

/* ---------------------------------------------------------------- keeping */

static enum status copy_condition(const struct filter_condition *from, struct arena *arena,
                                  struct filter_condition *to)
{
    struct filter_range *ranges = ARENA_ARRAY(arena, struct filter_range, from->range_count + 1);
    *to = (struct filter_condition){.path = arena_str(arena, from->path),
                                    .kind = arena_str(arena, from->kind),
                                    .ranges = ranges,
                                    .range_count = from->range_count};
    if (!to->path.ptr || !to->kind.ptr || !ranges) return arena_failure(arena);
    for (uint32_t i = 0; i < from->range_count; i++) {
        ranges[i] = (struct filter_range){arena_str(arena, from->ranges[i].low),
                                          arena_str(arena, from->ranges[i].high)};
        if (!ranges[i].low.ptr || !ranges[i].high.ptr) return arena_failure(arena);
    }
    return ST_OK;
}

enum status filter_copy(const struct submission_filter *filter, struct arena *arena,
                        struct submission_filter *ret_copy)
{
    struct filter_condition *conditions =
        ARENA_ARRAY(arena, struct filter_condition, filter->count + 1);
    enum status st = conditions ? ST_OK : arena_failure(arena);
    for (uint32_t i = 0; i < filter->count && !st; i++)
        st = copy_condition(&filter->conditions[i], arena, &conditions[i]);
    if (!st) *ret_copy = (struct submission_filter){conditions, filter->count, filter->sensitive};
    return st;
}

enum status filter_add(struct vault *vault, int64_t form_id, uint64_t seq,
                       const struct submission_value *values, uint32_t count)
{
    enum status st = ST_OK;
    for (uint32_t i = 0; i < count && !st; i++) {
        struct query query = query_on(&vault->writer, SQL_VALUE_ADD);
        query_put_int(&query, form_id);
        query_put_str(&query, values[i].path);
        query_put_str(&query, values[i].kind);
        query_put_bytes(&query, values[i].value);
        query_put_int(&query, (int64_t)seq);
        query_put_int(&query, values[i].sensitive);
        st = query_run(&query);
    }
    return st;
}
