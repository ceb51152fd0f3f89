#include "dsl/operator.h"

#include "base/civil.h"
#include "base/decimal.h"
#include "dsl/ir_op.h"

#include <assert.h>

static const char *const spellings[] = {
    [OP_OR] = "or",         [OP_AND] = "and",     [OP_NOT] = "not", [OP_EQ] = "=",  [OP_NE] = "!=",
    [OP_LT] = "<",          [OP_LE] = "<=",       [OP_GT] = ">",    [OP_GE] = ">=", [OP_IN] = "in",
    [OP_NOT_IN] = "not in", [OP_COALESCE] = "??", [OP_ADD] = "+",   [OP_SUB] = "-", [OP_MUL] = "*",
    [OP_DIV] = "/",         [OP_NEGATE] = "-"};

static struct type no_wish(void)
{
    return type_of_kind(TYPE_NONE);
}

static struct ir_expr *complain_operand(struct checking *ck, const struct expr *expr,
                                        const struct ir_expr *operand, const char *hint)
{
    if (!ir_is_poison(operand))
        complain(ck, "E0303", operand->span, hint, "\"%s\" does not work on %s", spellings[expr->op],
                 type_text(ck, operand->type));
    return &ck->poison;
}

/* ---- comparisons */

static struct ir_expr *rounded_down_or_up(struct checking *ck, struct ir_expr *e, uint8_t scale,
                                          bool up)
{
    struct type type = type_of_scale(scale);
    if (!ir_is_const(e))
        return ir_build_call_1(ck, up ? HELPER_CEIL_SCALED : HELPER_FLOOR_SCALED, type, e->span, e);
    int64_t value;
    bool fits = decimal_rescale(e->value.exact, e->type.scale, scale,
                                up ? DECIMAL_CEILING : DECIMAL_FLOOR, &value);
    assert(fits); /* fewer digits */
    (void)fits;
    return ir_build_exact(ck, e->span, type, value);
}

static struct ir_expr *compare_with(struct checking *ck, enum ir_op op, struct span span,
                                    struct ir_expr *coarse, struct ir_expr *fine, bool swapped)
{
    struct type boolean = type_of_kind(TYPE_BOOLEAN);
    if (swapped) return ir_build_2(ck, ir_op_mirrored(op), boolean, span, fine, coarse);
    return ir_build_2(ck, op, boolean, span, coarse, fine);
}

/* `coarse` has fewer digits than `fine`, which has no whole number of its units: x < 2.5 is x < 3, and
 * x = 2.5 is x = 2 and x = 3, that is false, or missing with x. */
static struct ir_expr *compare_rounded(struct checking *ck, enum ir_op op, struct span span,
                                       struct ir_expr *coarse, struct ir_expr *fine, bool swapped)
{
    uint8_t scale = coarse->type.scale;
    if (op != IR_EQ && op != IR_NE) {
        bool up = op == IR_LT || op == IR_GE;
        return compare_with(ck, op, span, coarse, rounded_down_or_up(ck, fine, scale, up), swapped);
    }
    struct ir_expr *low =
        compare_with(ck, op, span, coarse, rounded_down_or_up(ck, fine, scale, false), swapped);
    struct ir_expr *high =
        compare_with(ck, op, span, coarse, rounded_down_or_up(ck, fine, scale, true), swapped);
    return ir_build_logic(ck, op == IR_EQ ? IR_AND : IR_OR, span, low, high);
}

static bool const_fits(const struct ir_expr *e, unsigned scale)
{
    int64_t low, high;
    return ir_is_const(e) &&
           decimal_rescale(e->value.exact, e->type.scale, scale, DECIMAL_FLOOR, &low) &&
           decimal_rescale(e->value.exact, e->type.scale, scale, DECIMAL_CEILING, &high) && low == high;
}

static bool range_fits(const struct ir_expr *e, unsigned scale)
{
    int64_t ignored;
    return decimal_rescale(e->low, e->type.scale, scale, DECIMAL_TRUNCATE, &ignored) &&
           decimal_rescale(e->high, e->type.scale, scale, DECIMAL_TRUNCATE, &ignored);
}

/* Exact whatever the scales: never by a multiplication that could overflow. `op` is as seen from
 * `coarse`. */
static struct ir_expr *compare_scales(struct checking *ck, enum ir_op op, struct span span,
                                      struct ir_expr *coarse, struct ir_expr *fine, bool swapped)
{
    if (const_fits(fine, coarse->type.scale))
        return compare_with(ck, op, span, coarse,
                            rounded_down_or_up(ck, fine, coarse->type.scale, false), swapped);
    if (ir_is_const(fine) || !range_fits(coarse, fine->type.scale))
        return compare_rounded(ck, op, span, coarse, fine, swapped);
    return compare_with(ck, op, span, ir_build_rescale(ck, coarse, type_of_scale(fine->type.scale)),
                        fine, swapped);
}

static struct ir_expr *compare_exact(struct checking *ck, enum ir_op op, struct span span,
                                     struct ir_expr *a, struct ir_expr *b)
{
    bool currencies =
        a->type.kind == TYPE_MONEY && b->type.kind == TYPE_MONEY && !type_equal(a->type, b->type);
    if (currencies) {
        complain(ck, "E0307", span, NULL, "amounts of %s and %s cannot be compared", a->type.currency,
                 b->type.currency);
        return &ck->poison;
    }
    if (a->type.scale < b->type.scale) return compare_scales(ck, op, span, a, b, false);
    if (a->type.scale > b->type.scale) return compare_scales(ck, ir_op_mirrored(op), span, b, a, true);
    return ir_build_2(ck, op, type_of_kind(TYPE_BOOLEAN), span, a, b);
}

static bool is_order(enum ir_op op)
{
    return op != IR_EQ && op != IR_NE;
}

static struct ir_expr *complain_order(struct checking *ck, struct span span, struct type type)
{
    const char *hint = type.kind == TYPE_CHOICE
                           ? "options have no order; compare their scores: score(…)"
                       : type.kind == TYPE_PARTIAL_DATE
                           ? "what is not known has no order: compare earliest(…) or latest(…)"
                           : NULL;
    complain(ck, "E0303", span, hint, "%s is compared with = and != only", type_text(ck, type));
    return &ck->poison;
}

/* "red" = colours: what was meant is known. */
static struct ir_expr *complain_set(struct checking *ck, struct span span)
{
    complain(ck, "E0302", span, "ask whether the set holds an option: \"code\" in …",
             "a set of choices is not one option");
    return &ck->poison;
}

static bool is_set_beside_one(const struct ir_expr *a, const struct ir_expr *b)
{
    return (a->type.kind == TYPE_CHOICES || a->type.kind == TYPE_RANKING) &&
           (b->type.kind == TYPE_TEXT || b->type.kind == TYPE_CHOICE);
}

static bool is_answer_beside_empty(const struct checking *ck, const struct ir_expr *a,
                                   const struct ir_expr *b)
{
    if (a->op != IR_SLOT || b->op != IR_CONST || b->type.kind != TYPE_TEXT || b->value.text.len > 0)
        return false;
    const struct ir_node *node = &ck->ir->nodes[a->node];
    return node->kind == NODE_FIELD && !node_is_computed(node);
}

static void warn_empty(struct checking *ck, struct span span, const struct ir_expr *a,
                       const struct ir_expr *b)
{
    if (!is_answer_beside_empty(ck, a, b) && !is_answer_beside_empty(ck, b, a)) return;
    complain(ck, "W0302", span, "ask answered(…) or not answered(…)",
             "an answer is never the empty text: it is missing then");
}

struct ir_expr *operator_compare(struct checking *ck, enum ir_op op, struct span span,
                                 struct ir_expr *a, struct ir_expr *b)
{
    if (ir_is_poison(a) || ir_is_poison(b)) return &ck->poison;
    if (type_is_exact(a->type) && type_is_exact(b->type)) return compare_exact(ck, op, span, a, b);
    if (is_set_beside_one(a, b) || is_set_beside_one(b, a)) return complain_set(ck, span);
    struct type type = typer_common(ck, span, a, b);
    if (type.kind == TYPE_NONE) return &ck->poison;
    if (is_order(op) && !type_is_bounded(type) && type.kind != TYPE_TEXT)
        return complain_order(ck, span, type);
    warn_empty(ck, span, a, b);
    a = typer_convert(ck, a, type, "here");
    b = typer_convert(ck, b, type, "here");
    return ir_build_2(ck, op, type_of_kind(TYPE_BOOLEAN), span, a, b);
}

static enum ir_op comparison_of(enum expr_op op)
{
    switch (op) {
    case OP_EQ:
        return IR_EQ;
    case OP_NE:
        return IR_NE;
    case OP_LT:
        return IR_LT;
    case OP_LE:
        return IR_LE;
    case OP_GT:
        return IR_GT;
    default:
        assert(op == OP_GE);
        return IR_GE;
    }
}

static struct ir_expr *type_comparison(struct checking *ck, const struct place *place,
                                       const struct expr *expr)
{
    struct ir_expr *a, *b;
    typer_pair(ck, place, expr->args, no_wish(), &a, &b);
    return operator_compare(ck, comparison_of(expr->op), expr->span, a, b);
}

/* ---- in */

static struct ir_expr *negated_if(struct checking *ck, const struct expr *expr, struct ir_expr *e)
{
    if (expr->op != OP_NOT_IN || ir_is_poison(e)) return e;
    return ir_build_1(ck, IR_NOT, type_of_kind(TYPE_BOOLEAN), expr->span, e);
}

static struct ir_expr *complain_not_set(struct checking *ck, const struct expr *expr,
                                        const struct ir_expr *right)
{
    const char *hint = right->type.kind == TYPE_CHOICE ? "one choice is compared with ="
                                                       : "write x in (\"a\", \"b\") or x in 1..5";
    complain(ck, "E0303", right->span, hint, "after \"%s\" stands a set of choices, found %s",
             spellings[expr->op], type_text(ck, right->type));
    return &ck->poison;
}

static struct ir_expr *type_in_set(struct checking *ck, const struct place *place,
                                   const struct expr *expr)
{
    struct ir_expr *set = typer_expr(ck, place, expr->args[1], no_wish());
    if (ir_is_poison(set)) {
        typer_expr(ck, place, expr->args[0], no_wish());
        return &ck->poison;
    }
    bool ranked = set->type.kind == TYPE_RANKING;
    if (set->type.kind != TYPE_CHOICES && !ranked) return complain_not_set(ck, expr, set);
    struct type option = {.kind = TYPE_CHOICE, .list = set->type.list};
    struct ir_expr *one = typer_into(ck, place, expr->args[0], option,
                                     checking_text(ck, "before \"%s\"", spellings[expr->op]));
    if (ranked)
        return negated_if(
            ck, expr,
            ir_build_call_2(ck, HELPER_RANK_HAS, type_of_kind(TYPE_BOOLEAN), expr->span, set, one));
    return negated_if(ck, expr,
                      ir_build_2(ck, IR_HAS, type_of_kind(TYPE_BOOLEAN), expr->span, set, one));
}

static struct ir_expr *complain_set_in_list(struct checking *ck, struct span span)
{
    complain(ck, "E0302", span, "without parentheses it asks whether the set holds it: x in …",
             "a set of choices is not one option");
    return &ck->poison;
}

static struct ir_expr *equal_to(struct checking *ck, struct span span, struct ir_expr *x,
                                struct ir_expr *item)
{
    if (x->type.kind == TYPE_CHOICE &&
        (item->type.kind == TYPE_CHOICES || item->type.kind == TYPE_RANKING))
        return complain_set_in_list(ck, item->span);
    return operator_compare(ck, IR_EQ, span, x, item);
}

struct ir_expr *operator_in_list(struct checking *ck, const struct place *place,
                                 const struct expr *expr)
{
    struct ir_expr **args = typer_many(ck, place, expr->args, expr->arg_count, no_wish());
    if (!args || expr->arg_count < 2) return &ck->poison;
    struct ir_expr *any = equal_to(ck, expr->args[1]->span, args[0], args[1]);
    for (uint32_t i = 2; i < expr->arg_count; i++)
        any = ir_build_logic(ck, IR_OR, expr->span, any,
                             equal_to(ck, expr->args[i]->span, args[0], args[i]));
    return negated_if(ck, expr, any);
}

struct ir_expr *operator_in_range(struct checking *ck, const struct place *place,
                                  const struct expr *expr)
{
    struct ir_expr **args = typer_many(ck, place, expr->args, 3, no_wish());
    if (!args) return &ck->poison;
    const struct ir_expr *low = args[1], *high = args[2];
    bool reversed = ir_is_const(low) && ir_is_const(high) && type_equal(low->type, high->type) &&
                    low->low > high->high;
    if (reversed)
        complain(ck, "W0301", expr->span, "the smaller end stands first", "this range is empty");
    struct ir_expr *above = operator_compare(ck, IR_GE, expr->span, args[0], args[1]);
    struct ir_expr *below = operator_compare(ck, IR_LE, expr->span, args[0], args[2]);
    return negated_if(ck, expr, ir_build_logic(ck, IR_AND, expr->span, above, below));
}

/* ---- durations */

static int64_t unit_factor(enum expr_unit unit)
{
    static const int64_t factors[] = {[UNIT_DAY] = 1,   [UNIT_WEEK] = 7,       [UNIT_MONTH] = 1,
                                      [UNIT_YEAR] = 12, [UNIT_HOUR] = 3600000, [UNIT_MINUTE] = 60000};
    return factors[unit];
}

static bool unit_is_month(enum expr_unit unit)
{
    return unit == UNIT_MONTH || unit == UNIT_YEAR;
}

static bool unit_is_clock(enum expr_unit unit)
{
    return unit == UNIT_HOUR || unit == UNIT_MINUTE;
}

/* In the unit that the helper counts: days or ms, or months. */
static bool duration_count(struct checking *ck, const struct expr *duration, bool instant, bool back,
                           int64_t *ret_count)
{
    int64_t factor = unit_factor(duration->unit), count;
    if (instant && !unit_is_month(duration->unit) && !unit_is_clock(duration->unit))
        factor *= CIVIL_MS_PER_DAY;
    if (decimal_parse(duration->text, 0, &count) == DECIMAL_OK &&
        decimal_mul(count, 0, back ? -factor : factor, 0, 0, ret_count))
        return true;
    complain(ck, "E0306", duration->span, NULL, "this length of time is too large");
    return false;
}

static struct ir_expr *fold_date(struct checking *ck, struct span span, const struct ir_expr *date,
                                 int64_t count, bool months)
{
    int32_t day = (int32_t)date->value.exact, result;
    if (months ? civil_add_months(day, count, &result) : civil_add_days(day, count, &result))
        return ir_build_exact(ck, span, date->type, result);
    complain(ck, "E0316", span, NULL, "this date lies outside years 1 to 9999");
    return &ck->poison;
}

static struct ir_expr *add_duration(struct checking *ck, const struct expr *expr,
                                    struct ir_expr *moment)
{
    const struct expr *duration = expr->args[1];
    bool instant = moment->type.kind == TYPE_DATETIME, months = unit_is_month(duration->unit);
    int64_t count;
    if (!duration_count(ck, duration, instant, expr->op == OP_SUB, &count)) return &ck->poison;
    if (!instant && ir_is_const(moment)) return fold_date(ck, expr->span, moment, count, months);
    struct ir_expr *shift = ir_build_exact(ck, duration->span, type_of_kind(TYPE_INTEGER), count);
    enum program_helper helper = instant  ? (months ? HELPER_ADD_MONTHS_INSTANT : HELPER_ADD_MS)
                                 : months ? HELPER_ADD_MONTHS
                                          : HELPER_ADD_DAYS;
    return ir_build_call_2(ck, helper, moment->type, expr->span, moment, shift);
}

static struct ir_expr *shift_month(struct checking *ck, const struct expr *expr, struct ir_expr *month)
{
    const struct expr *duration = expr->args[1];
    int64_t count;
    if (!duration_count(ck, duration, false, expr->op == OP_SUB, &count)) return &ck->poison;
    struct ir_expr *shift = ir_build_exact(ck, duration->span, type_of_kind(TYPE_INTEGER), count);
    return ir_build_call_2(ck, HELPER_SHIFT_MONTH, month->type, expr->span, month, shift);
}

static struct ir_expr *type_duration(struct checking *ck, const struct place *place,
                                     const struct expr *expr)
{
    bool clock = unit_is_clock(expr->args[1]->unit);
    struct ir_expr *moment =
        typer_expr(ck, place, expr->args[0], type_of_kind(clock ? TYPE_DATETIME : TYPE_DATE));
    if (ir_is_poison(moment)) return moment;
    if (moment->type.kind == TYPE_YEAR_MONTH && unit_is_month(expr->args[1]->unit))
        return shift_month(ck, expr, moment);
    if (moment->type.kind == TYPE_YEAR_MONTH) {
        complain(ck, "E0322", expr->args[1]->span, "months and years go with a year_month",
                 "a month has no day to add to");
        return &ck->poison;
    }
    if (moment->type.kind == TYPE_DATETIME || (moment->type.kind == TYPE_DATE && !clock))
        return add_duration(ck, expr, moment);
    if (moment->type.kind == TYPE_DATE)
        complain(ck, "E0322", expr->args[1]->span, "hours and minutes go with a datetime",
                 "a date has no time of day to add to");
    else
        complain(ck, "E0303", moment->span, "lengths of time are added to a date or a datetime",
                 "\"%s\" with a length of time does not work on %s", spellings[expr->op],
                 type_text(ck, moment->type));
    return &ck->poison;
}

/* ---- arithmetic */

static enum ir_op arithmetic_of(enum expr_op op)
{
    switch (op) {
    case OP_ADD:
        return IR_ADD;
    case OP_SUB:
        return IR_SUB;
    case OP_MUL:
        return IR_MUL;
    case OP_DIV:
        return IR_DIV;
    default:
        assert(op == OP_NEGATE);
        return IR_NEGATE;
    }
}

static struct ir_expr *build_double(struct checking *ck, const struct expr *expr, struct ir_expr *a,
                                    struct ir_expr *b)
{
    struct type number = type_of_kind(TYPE_NUMBER);
    a = typer_convert(ck, a, number, checking_text(ck, "beside \"%s\"", spellings[expr->op]));
    b = typer_convert(ck, b, number, checking_text(ck, "beside \"%s\"", spellings[expr->op]));
    return ir_build_2(ck, arithmetic_of(expr->op), number, expr->span, a, b);
}

static bool is_moment(struct type type)
{
    return type.kind == TYPE_DATE || type.kind == TYPE_TIME || type.kind == TYPE_DATETIME ||
           type.kind == TYPE_YEAR_MONTH || type.kind == TYPE_PARTIAL_DATE;
}

static struct ir_expr *type_dates(struct checking *ck, const struct expr *expr, struct ir_expr *a,
                                  struct ir_expr *b)
{
    bool dates = a->type.kind == TYPE_DATE && b->type.kind == TYPE_DATE;
    if (dates && expr->op == OP_SUB)
        return ir_build_2(ck, IR_SUB, type_of_kind(TYPE_INTEGER), expr->span, a, b);
    const char *hint = "write a length of time, as in + 5 days, or add_days(date, n)";
    if (is_moment(a->type) && is_moment(b->type))
        hint = a->type.kind == b->type.kind ? "minutes_between(a, b) is the time from a to b"
                                            : "date_of(…) is the day of a datetime";
    if (a->type.kind == TYPE_YEAR_MONTH && b->type.kind == TYPE_YEAR_MONTH)
        hint = "months_between(earliest(a), earliest(b)) are the months between them";
    if (dates) hint = "days_between(a, b) and a - b are the days between dates";
    complain(ck, "E0303", expr->span, hint, "\"%s\" does not work on %s and %s", spellings[expr->op],
             type_text(ck, a->type), type_text(ck, b->type));
    return &ck->poison;
}

static struct ir_expr *type_texts(struct checking *ck, const struct expr *expr, struct ir_expr *a,
                                  struct ir_expr *b)
{
    if (expr->op != OP_ADD) return complain_operand(ck, expr, a->type.kind == TYPE_TEXT ? a : b, NULL);
    struct type text = type_of_kind(TYPE_TEXT);
    a = typer_convert(ck, a, text, "beside \"+\"");
    b = typer_convert(ck, b, text, "beside \"+\"");
    return ir_build_concat(ck, expr->span, a, b);
}

static struct ir_expr *type_sum(struct checking *ck, const struct expr *expr, struct ir_expr *a,
                                struct ir_expr *b)
{
    struct type type = typer_common(ck, expr->span, a, b);
    a = typer_convert(ck, a, type, "here");
    b = typer_convert(ck, b, type, "here");
    return ir_build_arithmetic(ck, arithmetic_of(expr->op), type, expr->span, a, b);
}

/* As it is written, if that is short. */
static struct str operand_text(const struct checking *ck, const struct expr *expr, const char *instead)
{
    enum { SHORT = 40 };
    struct str source = ck->tree->source;
    bool simple = expr->kind == EXPR_PATH || expr->kind == EXPR_NUMBER || expr->kind == EXPR_CALL;
    if (!simple || expr->span.len > SHORT) return str_of(instead);
    return (struct str){source.ptr + expr->span.offset, expr->span.len};
}

/* Exact types have no one quotient: how many digits it has must be said. */
static const char *division_hint(struct checking *ck, const struct expr *expr, const struct ir_expr *a,
                                 const struct ir_expr *b)
{
    struct str x = operand_text(ck, expr->args[0], "…"), y = operand_text(ck, expr->args[1], "…");
    bool whole = a->type.kind == TYPE_INTEGER && b->type.kind == TYPE_INTEGER;
    if (!type_is_exact(a->type) || !type_is_exact(b->type)) return NULL;
    if (!whole)
        return checking_text(ck, "say how many digits it shall have: divide(%.*s, %.*s, 2)", STR_ARG(x),
                             STR_ARG(y));
    return checking_text(ck,
                         "say what shall come out: divide(%.*s, %.*s, 2) with two digits, or div(%.*s, "
                         "%.*s) rounded down",
                         STR_ARG(x), STR_ARG(y), STR_ARG(x), STR_ARG(y));
}

static struct ir_expr *type_product(struct checking *ck, const struct expr *expr, struct ir_expr *a,
                                    struct ir_expr *b)
{
    if (a->type.kind == TYPE_MONEY && b->type.kind == TYPE_MONEY) {
        complain(ck, "E0307", expr->span, "multiply an amount by an integer or a decimal",
                 "two amounts of money cannot be multiplied");
        return &ck->poison;
    }
    unsigned scale = (unsigned)a->type.scale + b->type.scale;
    if (scale > SCALE_MAX) {
        complain(ck, "E0309", expr->span, "round one of the factors first: round(…, scale)",
                 "this product would have %u digits after the point, and %d are the most", scale,
                 SCALE_MAX);
        return &ck->poison;
    }
    return ir_build_arithmetic(ck, IR_MUL, type_of_scale(scale), expr->span, a, b);
}

static struct ir_expr *type_numbers(struct checking *ck, const struct expr *expr, struct ir_expr *a,
                                    struct ir_expr *b)
{
    if (!type_is_numeric(a->type))
        return complain_operand(ck, expr, a, type_hint(ck, type_of_kind(TYPE_INTEGER), a->type));
    if (!type_is_numeric(b->type))
        return complain_operand(ck, expr, b, type_hint(ck, type_of_kind(TYPE_INTEGER), b->type));
    bool number = a->type.kind == TYPE_NUMBER || b->type.kind == TYPE_NUMBER;
    if (number) return build_double(ck, expr, a, b);
    if (expr->op == OP_MUL) return type_product(ck, expr, a, b);
    if (expr->op != OP_DIV) return type_sum(ck, expr, a, b);
    complain(ck, "E0303", expr->span, division_hint(ck, expr, a, b),
             "\"/\" is for numbers, found %s and %s", type_text(ck, a->type), type_text(ck, b->type));
    return &ck->poison;
}

static struct ir_expr *type_arithmetic(struct checking *ck, const struct place *place,
                                       const struct expr *expr, struct type want)
{
    if (expr->args[1]->kind == EXPR_DURATION) return type_duration(ck, place, expr);
    struct ir_expr *a, *b;
    typer_pair(ck, place, expr->args, want.kind == TYPE_NUMBER ? want : no_wish(), &a, &b);
    if (ir_is_poison(a) || ir_is_poison(b)) return &ck->poison;
    if (is_moment(a->type) || is_moment(b->type)) return type_dates(ck, expr, a, b);
    if (a->type.kind == TYPE_TEXT || b->type.kind == TYPE_TEXT) return type_texts(ck, expr, a, b);
    return type_numbers(ck, expr, a, b);
}

/* ---- the rest */

static struct ir_expr *type_logic(struct checking *ck, const struct place *place,
                                  const struct expr *expr)
{
    struct ir_expr *a = typer_condition(ck, place, expr->args[0], spellings[expr->op]);
    struct ir_expr *b = typer_condition(ck, place, expr->args[1], spellings[expr->op]);
    return ir_build_logic(ck, expr->op == OP_AND ? IR_AND : IR_OR, expr->span, a, b);
}

static struct ir_expr *type_coalesce(struct checking *ck, const struct place *place,
                                     const struct expr *expr, struct type want)
{
    struct ir_expr *a, *b;
    typer_pair(ck, place, expr->args, want, &a, &b);
    struct type type = typer_common(ck, expr->span, a, b);
    a = typer_convert(ck, a, type, "here");
    b = typer_convert(ck, b, type, "here");
    return ir_build_2(ck, IR_COALESCE, type, expr->span, a, b);
}

struct ir_expr *operator_binary(struct checking *ck, const struct place *place, const struct expr *expr,
                                struct type want)
{
    switch (expr->op) {
    case OP_OR:
    case OP_AND:
        return type_logic(ck, place, expr);
    case OP_IN:
    case OP_NOT_IN:
        return type_in_set(ck, place, expr);
    case OP_COALESCE:
        return type_coalesce(ck, place, expr, want);
    case OP_ADD:
    case OP_SUB:
    case OP_MUL:
    case OP_DIV:
        return type_arithmetic(ck, place, expr, want);
    default:
        return type_comparison(ck, place, expr);
    }
}

struct ir_expr *operator_unary(struct checking *ck, const struct place *place, const struct expr *expr,
                               struct type want)
{
    if (expr->op == OP_NOT) {
        struct ir_expr *a = typer_condition(ck, place, expr->args[0], "not");
        if (ir_is_const(a)) return ir_build_truth(ck, expr->span, !a->value.truth);
        return ir_build_1(ck, IR_NOT, type_of_kind(TYPE_BOOLEAN), expr->span, a);
    }
    struct ir_expr *a =
        typer_expr(ck, place, expr->args[0], want.kind == TYPE_NUMBER ? want : no_wish());
    if (ir_is_poison(a)) return a;
    if (!type_is_numeric(a->type))
        return complain_operand(ck, expr, a, type_hint(ck, type_of_kind(TYPE_INTEGER), a->type));
    if (type_is_exact(a->type)) return ir_build_arithmetic(ck, IR_NEGATE, a->type, expr->span, a, NULL);
    if (ir_is_const(a)) return ir_build_number(ck, expr->span, -a->value.number);
    return ir_build_1(ck, IR_NEGATE, a->type, expr->span, a);
}
