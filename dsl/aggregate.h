/* Aggregate: functions over the rows of a repeat.
 *
 *     sum(households.rent where minors > 0)   → IR_AGGREGATE SUM over scope households, all rows,
 * cursor 1 */
#ifndef DSL_AGGREGATE_H
#define DSL_AGGREGATE_H

#include "dsl/builtin.h"

builtin_maker aggregate_count, aggregate_sum, aggregate_avg, aggregate_any, aggregate_all,
    aggregate_none, aggregate_first, aggregate_last, aggregate_at, aggregate_distinct, aggregate_rank;

/* Whether it is a path into a repeat from outside, so that min, max and join mean rows. Says nothing.
 */
bool aggregate_is_rows(struct checking *ck, const struct place *place, const struct expr *arg);
/* min and max of rows.field. */
struct ir_expr *aggregate_extreme(struct checking *ck, const struct place *place,
                                  const struct expr *call, enum ir_aggregate aggregate);
struct ir_expr *aggregate_join(struct checking *ck, const struct place *place, const struct expr *call);
/* Whether a repeat, found where `found` says, has a row. */
struct ir_expr *aggregate_has_rows(struct checking *ck, const struct place *place, struct span span,
                                   const struct found *found);

#endif
