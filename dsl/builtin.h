/* Builtin: calls of the language's functions (builtin.def), lowered to operators and helpers.
 *
 *     add_years(born, 18)   → IR_CALL ADD_MONTHS (born, 216)      max(a, b) → IR_GREATEST */
#ifndef DSL_BUILTIN_H
#define DSL_BUILTIN_H

#include "dsl/typer.h"

struct ir_expr *builtin_call(struct checking *ck, const struct place *place, const struct expr *expr,
                             struct type want);
/* "round(x, scale)", or NULL when there is no such function. Static. */
const char *builtin_usage_of(struct str name);
/* Of the i-th function, NULL past the last: for docs and tests. */
const char *builtin_usage(uint32_t index);

/* Of argument `index` of a call: "as argument 2 of round()". */
const char *builtin_place(struct checking *ck, const struct expr *call, uint32_t index);
/* A numeric argument, or a complaint and poison. */
struct ir_expr *builtin_numeric(struct checking *ck, const struct place *place, const struct expr *call,
                                uint32_t index, struct type want);
/* Says that a function does not take this. Answers poison. */
struct ir_expr *builtin_complain(struct checking *ck, const struct expr *call,
                                 const struct ir_expr *arg, const char *takes, const char *hint);
/* A scalar as text, as text() makes it; a set is complained about. Of an open choice that is what was
 * written in where no option says it. */
struct ir_expr *builtin_to_text(struct checking *ck, const struct expr *call, struct ir_expr *e);

/* Of an open choice or set what is in the list; the rest is missing. */
struct ir_expr *builtin_listed(struct checking *ck, struct ir_expr *e);

/* What was written into the open choice or set that `e` is read from; missing when it is something in
 * the list. NULL: `e` is no answer. */
struct ir_expr *builtin_own_text(struct checking *ck, struct ir_expr *e);

/* The score of a choice or a set, or a complaint and poison. */
struct ir_expr *builtin_score_of(struct checking *ck, const struct expr *call, struct ir_expr *choice);
/* answered() of a group, seen from `place`. */
struct ir_expr *builtin_group_is_answered(struct checking *ck, const struct place *place,
                                          struct span span, const struct found *found);

/* The option that stands first (1) or last (-1) in a ranking; NULL: the argument is none. */
struct ir_expr *builtin_ranked(struct checking *ck, const struct place *place, const struct expr *call,
                               int64_t position);

/* One for each SPECIAL and ROWS that is not an aggregate only. */
typedef struct ir_expr *builtin_maker(struct checking *ck, const struct place *place,
                                      const struct expr *call, struct type want);
builtin_maker builtin_answered, builtin_size, builtin_join, builtin_text, builtin_matches,
    builtin_integer, builtin_decimal, builtin_date, builtin_abs, builtin_sign, builtin_round,
    builtin_floor, builtin_ceil, builtin_min, builtin_max, builtin_div, builtin_mod, builtin_divide,
    builtin_number, builtin_today, builtin_now, builtin_days_between, builtin_add_years,
    builtin_minutes_between, builtin_mod10, builtin_mod11, builtin_checksum, builtin_score,
    builtin_code, builtin_lookup, builtin_position, builtin_other, builtin_is_other, builtin_rank,
    builtin_year, builtin_month, builtin_day, builtin_precision, builtin_earliest, builtin_latest;

#endif
