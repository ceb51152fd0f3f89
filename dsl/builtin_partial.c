/* Functions of dates of which not everything may be known, and of months of a year. */
#include "dsl/builtin.h"

static bool is_partial(struct type type)
{
    return type.kind == TYPE_PARTIAL_DATE || type.kind == TYPE_YEAR_MONTH;
}

/* What stands in a date, or in as much of it as is known. */
static struct ir_expr *part_of(struct checking *ck, const struct place *place, const struct expr *call,
                               enum program_helper of_day, enum program_helper of_partial)
{
    struct type integer = type_of_kind(TYPE_INTEGER), date = type_of_kind(TYPE_DATE);
    struct ir_expr *e = typer_expr(ck, place, call->args[0], date);
    if (ir_is_poison(e)) return e;
    if (is_partial(e->type)) return ir_build_call_1(ck, of_partial, integer, call->span, e);
    e = typer_convert(ck, e, date, builtin_place(ck, call, 0));
    return ir_build_call_1(ck, of_day, integer, call->span, e);
}

struct ir_expr *builtin_year(struct checking *ck, const struct place *place, const struct expr *call,
                             struct type want)
{
    (void)want;
    return part_of(ck, place, call, HELPER_YEAR, HELPER_PARTIAL_YEAR);
}

struct ir_expr *builtin_month(struct checking *ck, const struct place *place, const struct expr *call,
                              struct type want)
{
    (void)want;
    return part_of(ck, place, call, HELPER_MONTH, HELPER_PARTIAL_MONTH);
}

struct ir_expr *builtin_day(struct checking *ck, const struct place *place, const struct expr *call,
                            struct type want)
{
    (void)want;
    struct ir_expr *e = part_of(ck, place, call, HELPER_DAY, HELPER_PARTIAL_DAY);
    if (ir_is_poison(e) || e->args[0]->type.kind != TYPE_YEAR_MONTH) return e;
    return builtin_complain(ck, call, e->args[0], "a date or a partial_date", "a month has many days");
}

/* A text stands for a partial date. */
static struct ir_expr *of_partial(struct checking *ck, const struct place *place,
                                  const struct expr *call, enum program_helper helper,
                                  enum program_type result)
{
    struct ir_expr *e = typer_expr(ck, place, call->args[0], type_of_kind(TYPE_PARTIAL_DATE));
    if (ir_is_poison(e)) return e;
    bool fits = helper == HELPER_PRECISION ? e->type.kind == TYPE_PARTIAL_DATE : is_partial(e->type);
    if (fits) return ir_build_call_1(ck, helper, type_of_kind(result), call->span, e);
    return builtin_complain(
        ck, call, e, helper == HELPER_PRECISION ? "a partial_date" : "a partial_date or a year_month",
        e->type.kind == TYPE_DATE ? "of a date everything is known" : NULL);
}

struct ir_expr *builtin_precision(struct checking *ck, const struct place *place,
                                  const struct expr *call, struct type want)
{
    (void)want;
    return of_partial(ck, place, call, HELPER_PRECISION, TYPE_INTEGER);
}

struct ir_expr *builtin_earliest(struct checking *ck, const struct place *place,
                                 const struct expr *call, struct type want)
{
    (void)want;
    return of_partial(ck, place, call, HELPER_EARLIEST, TYPE_DATE);
}

struct ir_expr *builtin_latest(struct checking *ck, const struct place *place, const struct expr *call,
                               struct type want)
{
    (void)want;
    return of_partial(ck, place, call, HELPER_LATEST, TYPE_DATE);
}
