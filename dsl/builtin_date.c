/* Functions on dates, times and instants that are not one helper with fixed types. */
#include "dsl/builtin.h"

struct ir_expr *builtin_today(struct checking *ck, const struct place *place, const struct expr *call,
                              struct type want)
{
    (void)place, (void)want;
    return ir_build_n(ck, IR_TODAY, type_of_kind(TYPE_DATE), call->span, NULL, 0);
}

struct ir_expr *builtin_now(struct checking *ck, const struct place *place, const struct expr *call,
                            struct type want)
{
    (void)place, (void)want;
    return ir_build_n(ck, IR_NOW, type_of_kind(TYPE_DATETIME), call->span, NULL, 0);
}

struct ir_expr *builtin_days_between(struct checking *ck, const struct place *place,
                                     const struct expr *call, struct type want)
{
    (void)want;
    struct type date = type_of_kind(TYPE_DATE);
    struct ir_expr *from = typer_into(ck, place, call->args[0], date, builtin_place(ck, call, 0));
    struct ir_expr *to = typer_into(ck, place, call->args[1], date, builtin_place(ck, call, 1));
    return ir_build_2(ck, IR_SUB, type_of_kind(TYPE_INTEGER), call->span, to, from);
}

struct ir_expr *builtin_add_years(struct checking *ck, const struct place *place,
                                  const struct expr *call, struct type want)
{
    (void)want;
    struct type date = type_of_kind(TYPE_DATE), integer = type_of_kind(TYPE_INTEGER);
    struct ir_expr *from = typer_into(ck, place, call->args[0], date, builtin_place(ck, call, 0));
    struct ir_expr *years = typer_into(ck, place, call->args[1], integer, builtin_place(ck, call, 1));
    struct ir_expr *twelve = ir_build_exact(ck, call->span, integer, 12);
    struct ir_expr *months = ir_build_arithmetic(ck, IR_MUL, integer, call->span, years, twelve);
    return ir_build_call_2(ck, HELPER_ADD_MONTHS, date, call->span, from, months);
}

struct ir_expr *builtin_minutes_between(struct checking *ck, const struct place *place,
                                        const struct expr *call, struct type want)
{
    (void)want;
    struct ir_expr *from, *to;
    typer_pair(ck, place, call->args, type_of_kind(TYPE_DATETIME), &from, &to);
    if (ir_is_poison(from) || ir_is_poison(to)) return &ck->poison;
    bool times = from->type.kind == TYPE_TIME && to->type.kind == TYPE_TIME;
    bool instants = from->type.kind == TYPE_DATETIME && to->type.kind == TYPE_DATETIME;
    if (times || instants)
        return ir_build_call_2(ck, HELPER_MINUTES_BETWEEN, type_of_kind(TYPE_INTEGER), call->span, from,
                               to);
    const struct ir_expr *wrong =
        from->type.kind == TYPE_TIME || from->type.kind == TYPE_DATETIME ? to : from;
    return builtin_complain(ck, call, wrong, "two datetimes or two times",
                            wrong->type.kind == TYPE_DATE ? "days_between(…) is for dates" : NULL);
}
