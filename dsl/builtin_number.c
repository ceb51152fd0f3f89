/* Functions on numbers. */
#include "base/decimal.h"
#include "dsl/aggregate.h"
#include "dsl/literal.h"

struct ir_expr *builtin_abs(struct checking *ck, const struct place *place, const struct expr *call,
                            struct type want)
{
    struct ir_expr *e = builtin_numeric(ck, place, call, 0, want);
    return ir_build_1(ck, IR_ABS, e->type, call->span, e);
}

struct ir_expr *builtin_sign(struct checking *ck, const struct place *place, const struct expr *call,
                             struct type want)
{
    struct ir_expr *e = builtin_numeric(ck, place, call, 0, want);
    return ir_build_1(ck, IR_SIGN, type_of_kind(TYPE_INTEGER), call->span, e);
}

/* ---- rounding */

static struct ir_expr *round_const(struct checking *ck, struct span span, const struct ir_expr *e,
                                   struct type type, enum decimal_rounding how)
{
    int64_t value;
    if (decimal_rescale(e->value.exact, e->type.scale, type.scale, how, &value))
        return ir_build_exact(ck, span, type, value);
    complain(ck, "E0316", span, NULL, "this constant is too large");
    return &ck->poison;
}

static struct ir_expr *round_exact(struct checking *ck, struct span span, struct ir_expr *e,
                                   uint32_t scale, enum program_helper helper,
                                   enum decimal_rounding how)
{
    struct type type = type_of_scale(scale);
    if (e->type.scale == scale) return e;
    if (e->type.scale < scale) return ir_build_rescale(ck, e, type);
    if (ir_is_const(e)) return round_const(ck, span, e, type, how);
    return ir_build_call_1(ck, helper, type, span, e);
}

/* Money rounded to fewer digits than its currency has stays money. */
static struct ir_expr *round_money(struct checking *ck, struct span span, struct ir_expr *e,
                                   uint32_t scale)
{
    struct type money = e->type;
    struct ir_expr *rounded = round_exact(ck, span, e, scale, HELPER_ROUND, DECIMAL_HALF_EVEN);
    return scale < money.scale ? ir_build_rescale(ck, rounded, money) : rounded;
}

static struct ir_expr *round_number(struct checking *ck, const struct expr *call, struct ir_expr *e,
                                    uint32_t scale)
{
    struct ir_expr *digits = ir_build_exact(ck, call->args[1]->span, type_of_kind(TYPE_INTEGER), scale);
    return ir_build_call_2(ck, HELPER_ROUND_NUMBER, type_of_kind(TYPE_NUMBER), call->span, e, digits);
}

struct ir_expr *builtin_round(struct checking *ck, const struct place *place, const struct expr *call,
                              struct type want)
{
    uint32_t scale;
    struct ir_expr *e = builtin_numeric(ck, place, call, 0, want);
    if (!literal_scale(ck, call->args[1], "the scale of round()", &scale) || ir_is_poison(e))
        return &ck->poison;
    if (e->type.kind == TYPE_NUMBER) return round_number(ck, call, e, scale);
    if (e->type.kind == TYPE_MONEY) return round_money(ck, call->span, e, scale);
    return round_exact(ck, call->span, e, scale, HELPER_ROUND, DECIMAL_HALF_EVEN);
}

/* Yen have no digits to round off, but what floor() and ceil() give is an integer. */
static struct ir_expr *as_integer(struct checking *ck, struct ir_expr *e)
{
    if (ir_is_poison(e) || e->type.kind == TYPE_INTEGER) return e;
    struct ir_expr *integer = CHECKING_NEW(ck, struct ir_expr);
    if (!integer) return &ck->poison;
    *integer = *e;
    integer->type = type_of_kind(TYPE_INTEGER);
    return integer;
}

struct ir_expr *builtin_floor(struct checking *ck, const struct place *place, const struct expr *call,
                              struct type want)
{
    struct ir_expr *e = builtin_numeric(ck, place, call, 0, want);
    if (ir_is_poison(e)) return e;
    if (e->type.kind == TYPE_NUMBER)
        return ir_build_call_1(ck, HELPER_FLOOR_NUMBER, type_of_kind(TYPE_INTEGER), call->span, e);
    return as_integer(ck, round_exact(ck, call->span, e, 0, HELPER_FLOOR_SCALED, DECIMAL_FLOOR));
}

struct ir_expr *builtin_ceil(struct checking *ck, const struct place *place, const struct expr *call,
                             struct type want)
{
    struct ir_expr *e = builtin_numeric(ck, place, call, 0, want);
    if (ir_is_poison(e)) return e;
    if (e->type.kind == TYPE_NUMBER)
        return ir_build_call_1(ck, HELPER_CEIL_NUMBER, type_of_kind(TYPE_INTEGER), call->span, e);
    return as_integer(ck, round_exact(ck, call->span, e, 0, HELPER_CEIL_SCALED, DECIMAL_CEILING));
}

struct ir_expr *builtin_number(struct checking *ck, const struct place *place, const struct expr *call,
                               struct type want)
{
    /* Literals alone are read as doubles; within anything else they go with what is beside them. */
    bool literal = typer_is_flexible(call->args[0]);
    want = type_of_kind(literal ? TYPE_NUMBER : TYPE_NONE);
    return ir_build_to_number(ck, builtin_numeric(ck, place, call, 0, want));
}

/* ---- least and greatest */

/* One that has the type that all have in common, or NULL. */
static struct ir_expr *common_of(struct checking *ck, const struct expr *call, struct ir_expr **args)
{
    struct ir_expr *found = args[0];
    for (uint32_t i = 1; i < call->arg_count; i++) {
        struct type type = typer_common(ck, call->span, found, args[i]);
        if (type.kind == TYPE_NONE) return NULL;
        if (!type_equal(found->type, type))
            found = type_equal(args[i]->type, type) ? args[i] : typer_convert(ck, found, type, "here");
    }
    return found;
}

static struct ir_expr *extreme(struct checking *ck, const struct place *place, const struct expr *call,
                               struct type want, enum ir_op op)
{
    struct ir_expr **args = typer_many(ck, place, call->args, call->arg_count, want);
    if (!args) return &ck->poison;
    const struct ir_expr *common = common_of(ck, call, args);
    if (!common || ir_is_poison(common)) return &ck->poison;
    if (!type_is_bounded(common->type))
        return builtin_complain(ck, call, common, "numbers, dates and times",
                                type_hint(ck, type_of_kind(TYPE_INTEGER), common->type));
    for (uint32_t i = 0; i < call->arg_count; i++)
        args[i] = typer_convert(ck, args[i], common->type, "here");
    return ir_build_n(ck, op, common->type, call->span, args, call->arg_count);
}

static struct ir_expr *min_or_max(struct checking *ck, const struct place *place,
                                  const struct expr *call, struct type want, enum ir_op op)
{
    bool least = op == IR_LEAST;
    const struct expr *only = call->arg_count == 1 ? call->args[0] : NULL;
    if (only && (call->where || aggregate_is_rows(ck, place, only)))
        return aggregate_extreme(ck, place, call, least ? AGGREGATE_MIN : AGGREGATE_MAX);
    if (!only && !call->where) return extreme(ck, place, call, want, op);
    if (only && ir_is_poison(typer_expr(ck, place, only, want))) return &ck->poison;
    complain(ck, only ? "E0310" : "E0313", call->span, NULL,
             "%.*s() takes either several values or one path through a repeat, as in members.income",
             STR_ARG(call->names[0].text));
    return &ck->poison;
}

struct ir_expr *builtin_min(struct checking *ck, const struct place *place, const struct expr *call,
                            struct type want)
{
    return min_or_max(ck, place, call, want, IR_LEAST);
}

struct ir_expr *builtin_max(struct checking *ck, const struct place *place, const struct expr *call,
                            struct type want)
{
    return min_or_max(ck, place, call, want, IR_GREATEST);
}

/* ---- division */

static bool is_zero(struct checking *ck, const struct ir_expr *divisor)
{
    if (!ir_is_const(divisor) || !type_is_exact(divisor->type) || divisor->value.exact != 0)
        return false;
    complain(ck, "E0316", divisor->span, NULL, "this divides by zero");
    return true;
}

static struct ir_expr *whole_division(struct checking *ck, const struct place *place,
                                      const struct expr *call, enum ir_op op)
{
    struct type integer = type_of_kind(TYPE_INTEGER);
    struct ir_expr *a = typer_into(ck, place, call->args[0], integer, builtin_place(ck, call, 0));
    struct ir_expr *b = typer_into(ck, place, call->args[1], integer, builtin_place(ck, call, 1));
    if (is_zero(ck, b)) return &ck->poison;
    return ir_build_2(ck, op, integer, call->span, a, b);
}

struct ir_expr *builtin_div(struct checking *ck, const struct place *place, const struct expr *call,
                            struct type want)
{
    (void)want;
    return whole_division(ck, place, call, IR_FLOOR_DIV);
}

struct ir_expr *builtin_mod(struct checking *ck, const struct place *place, const struct expr *call,
                            struct type want)
{
    (void)want;
    return whole_division(ck, place, call, IR_MOD);
}

static struct ir_expr *exact_arg(struct checking *ck, const struct place *place,
                                 const struct expr *call, uint32_t index)
{
    struct ir_expr *e = builtin_numeric(ck, place, call, index, type_of_kind(TYPE_NONE));
    if (ir_is_poison(e) || type_is_exact(e->type)) return e;
    return builtin_complain(ck, call, e, "integer, decimal or money", "numbers are divided by \"/\"");
}

struct ir_expr *builtin_divide(struct checking *ck, const struct place *place, const struct expr *call,
                               struct type want)
{
    (void)want;
    uint32_t scale;
    struct ir_expr *a = exact_arg(ck, place, call, 0), *b = exact_arg(ck, place, call, 1);
    if (!literal_scale(ck, call->args[2], "the scale of divide()", &scale) || is_zero(ck, b))
        return &ck->poison;
    return ir_build_call_2(ck, HELPER_DIVIDE, type_of_scale(scale), call->span, a, b);
}
