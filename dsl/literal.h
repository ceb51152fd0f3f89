/* Literal: what a number or a text that is written in the form means, given the type that its place
 * wants.
 *
 *     "married" beside a choice(marital)  → the option's index      "2026-01-31" beside a date → a day
 *     12.50 beside a number               → a double                elsewhere                 →
 * decimal(2) */
#ifndef DSL_LITERAL_H
#define DSL_LITERAL_H

#include "dsl/checking.h"

/* `want` is a wish: TYPE_NONE wishes nothing, and what does not fit it is read by itself. */
struct ir_expr *literal_number(struct checking *ck, const struct expr *expr, struct type want);
/* A text beside a choice, date, time or datetime that is none of those is complained about: poison. */
struct ir_expr *literal_text(struct checking *ck, const struct expr *expr, struct type want);

/* "s, an integer literal": 0 to SCALE_MAX; complained about and false when it is not. `what` for the
 * message. */
bool literal_scale(struct checking *ck, const struct expr *expr, const char *what, uint32_t *ret_scale);
/* The same of an integer literal from `low` to `high`. */
bool literal_integer(struct checking *ck, const struct expr *expr, const char *what, int64_t low,
                     int64_t high, int64_t *ret_value);

#endif
