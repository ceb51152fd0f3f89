/* Filter: submissions found by their answers to fields that are `indexed` (table submission_value).
 *
 *     st = filter_choose(db, form, filter, &way);
 *     filter_put_sql(SQL_SUBMISSION_SEQS_UP, filter, &way, &text);
 *     query = query_text(db, buf_str(&text));   …its eight values, then…   filter_put_values(&query,
 * filter);
 *
 * Where few submissions fit a condition, that one's index finds them, and they are sorted. Else the
 * list is walked in its order, and each submission is asked whether it fits, by an index as well. */
#ifndef TENANTS_FILTER_H
#define TENANTS_FILTER_H

#include "tenants/query.h"
#include "tenants/tenants.h"
#include "tenants/vault.h"

struct filter_way {
    bool seeks;
    uint32_t condition; /* that finds them */
};

enum status filter_choose(struct database *db, struct str form, const struct submission_filter *filter,
                          struct filter_way *ret_way);
void filter_put_sql(enum sql sql, const struct submission_filter *filter, const struct filter_way *way,
                    struct buf *out);
void filter_put_values(struct query *query, const struct submission_filter *filter);
/* Copies what it points to. */
enum status filter_copy(const struct submission_filter *filter, struct arena *arena,
                        struct submission_filter *ret_copy);

/* The values of a submission, in the transaction that made it. */
enum status filter_add(struct vault *vault, int64_t form_id, uint64_t seq,
                       const struct submission_value *values, uint32_t count);

#endif
