#include "dsl/aggregate.h"

#include "dsl/column.h"
#include "dsl/interval.h"
#include "dsl/literal.h"

#include <assert.h>

/* The rows of a call, and the place of what is asked in each. */
struct rows {
    uint32_t repeat;
    uint32_t value; /* the field or let in it, or IR_NONE */
    uint32_t used;  /* names of its path up to there: columns follow */
    uint32_t from, from_scope;
    struct place place;
};

static void start_rows(const struct ir *ir, const struct place *place, const struct found *found,
                       uint32_t repeat, struct rows *ret_rows)
{
    uint32_t from_scope = scope_inside(ir, found->from);
    *ret_rows = (struct rows){.repeat = repeat,
                              .value = IR_NONE,
                              .from = from_scope == 0 ? 0 : found->place->cursor,
                              .from_scope = from_scope,
                              .place = {.container = repeat,
                                        .scope = ir->nodes[repeat].own_scope,
                                        .cursor = place->cursor + 1,
                                        .outside = place,
                                        .stop = found->from}};
}

static bool complain_not_path(struct checking *ck, const struct expr *arg, struct str function,
                              const char *takes, const char *hint)
{
    if (arg->kind != EXPR_BAD)
        complain(ck, "E0314", arg->span, hint, "%.*s() takes %s", STR_ARG(function), takes);
    return false;
}

static bool complain_not_repeat(struct checking *ck, const struct expr *call, const struct found *found)
{
    const struct ir_node *node = &ck->ir->nodes[found->node];
    const char *hint = NULL;
    if (found->rows != IR_NONE)
        hint = checking_text(ck, "write %.*s(%.*s where …), with the field in the condition",
                             STR_ARG(call->names[0].text), STR_ARG(ck->ir->nodes[found->rows].path));
    complain(ck, "E0314", call->args[0]->span, hint,
             "%.*s() looks at the rows of a repeat, and \"%.*s\" is a %s", STR_ARG(call->names[0].text),
             STR_ARG(node->name), node_kind_name(node->kind));
    return false;
}

/* count(r …): the path is a repeat. */
static bool rows_of_repeat(struct checking *ck, const struct place *place, const struct expr *call,
                           struct rows *ret_rows)
{
    const struct expr *path = call->args[0];
    struct found found;
    if (path->kind != EXPR_PATH)
        return complain_not_path(ck, path, call->names[0].text, "a repeat",
                                 "a condition stands behind where: count(members where income > 100)");
    if (!lookup_path(ck, place, path, &found)) return false;
    if (ck->ir->nodes[found.node].kind != NODE_REPEAT) return complain_not_repeat(ck, call, &found);
    start_rows(ck->ir, place, &found, found.node, ret_rows);
    return true;
}

static bool complain_not_value(struct checking *ck, const struct expr *call, const struct expr *path,
                               const struct found *found)
{
    const struct ir_node *node = &ck->ir->nodes[found->node];
    const char *hint = NULL;
    if (node->kind == NODE_REPEAT)
        hint = checking_text(ck, "name a field of its rows, as in %.*s(%.*s.…)",
                             STR_ARG(call->names[0].text), STR_ARG(path_text(ck, path)));
    else if (node->kind == NODE_FIELD || node->kind == NODE_LET) hint = "it has one value here";
    complain(ck, "E0314", path->span, hint,
             "%.*s() takes a field of the rows of a repeat, and \"%.*s\" is a %s",
             STR_ARG(call->names[0].text), STR_ARG(node->name), node_kind_name(node->kind));
    return false;
}

/* sum(r.f …): the path goes through a repeat to a value. */
static bool rows_of_value(struct checking *ck, const struct place *place, const struct expr *call,
                          uint32_t arg, struct rows *ret_rows)
{
    const struct expr *path = call->args[arg];
    struct found found;
    if (path->kind != EXPR_PATH)
        return complain_not_path(ck, path, call->names[0].text,
                                 "a field of the rows of a repeat, as in members.income",
                                 "what is computed gets a name in the rows: let net = income - tax");
    if (!lookup_value(ck, place, path, &found)) return false;
    if (found.column != IR_NONE)
        return complain_not_path(ck, path, call->names[0].text, "a field of the rows of a repeat",
                                 "a column has one value here");
    enum program_node_kind kind = ck->ir->nodes[found.node].kind;
    if (found.rows == IR_NONE || (kind != NODE_FIELD && kind != NODE_LET))
        return complain_not_value(ck, call, path, &found);
    if (kind == NODE_LET) ck->nodes_read[found.node] = 1;
    start_rows(ck->ir, place, &found, found.rows, ret_rows);
    ret_rows->value = found.node;
    ret_rows->used = found.used;
    return true;
}

static struct ir_expr *finish(struct checking *ck, const struct expr *call, const struct rows *rows,
                              enum ir_aggregate aggregate, struct type type,
                              struct ir_expr *const *args, uint32_t count)
{
    struct ir_expr *where =
        call->where ? typer_condition(ck, &rows->place, call->where, "where") : NULL;
    struct ir_expr *e = ir_build_n(ck, IR_AGGREGATE, type, call->span, args, count);
    if (ir_is_poison(e) || (where && ir_is_poison(where))) return &ck->poison;
    e->aggregate = aggregate;
    e->scope = rows->place.scope;
    e->cursor = rows->place.cursor;
    e->from = rows->from;
    e->from_scope = rows->from_scope;
    e->where = where;
    interval_measure(ck->ir, e);
    return e;
}

static struct ir_expr *value_of(struct checking *ck, const struct expr *call, uint32_t arg,
                                const struct rows *rows)
{
    const struct expr *path = call->args[arg];
    struct ir_expr *e = typer_slot(ck, path->span, rows->value, rows->place.cursor);
    return column_follow(ck, path, rows->used, e);
}

/* ---- rows alone */

struct ir_expr *aggregate_count(struct checking *ck, const struct place *place, const struct expr *call,
                                struct type want)
{
    (void)want;
    struct rows rows;
    if (!rows_of_repeat(ck, place, call, &rows)) return &ck->poison;
    return finish(ck, call, &rows, AGGREGATE_COUNT, type_of_kind(TYPE_INTEGER), NULL, 0);
}

static struct ir_expr *quantifier(struct checking *ck, const struct place *place,
                                  const struct expr *call, enum ir_aggregate aggregate)
{
    struct rows rows;
    if (!rows_of_repeat(ck, place, call, &rows)) return &ck->poison;
    if (call->where) return finish(ck, call, &rows, aggregate, type_of_kind(TYPE_BOOLEAN), NULL, 0);
    struct str name = call->names[0].text, path = path_text(ck, call->args[0]);
    const char *hint =
        checking_text(ck, "write %.*s(%.*s where …), or answered(%.*s) for \"has a row\"",
                      STR_ARG(name), STR_ARG(path), STR_ARG(path));
    complain(ck, "E0313", call->span, hint, "%.*s() needs a where", STR_ARG(name));
    return &ck->poison;
}

struct ir_expr *aggregate_any(struct checking *ck, const struct place *place, const struct expr *call,
                              struct type want)
{
    (void)want;
    return quantifier(ck, place, call, AGGREGATE_ANY);
}

struct ir_expr *aggregate_all(struct checking *ck, const struct place *place, const struct expr *call,
                              struct type want)
{
    (void)want;
    return quantifier(ck, place, call, AGGREGATE_ALL);
}

struct ir_expr *aggregate_none(struct checking *ck, const struct place *place, const struct expr *call,
                               struct type want)
{
    (void)want;
    return quantifier(ck, place, call, AGGREGATE_NONE);
}

struct ir_expr *aggregate_has_rows(struct checking *ck, const struct place *place, struct span span,
                                   const struct found *found)
{
    struct rows rows;
    start_rows(ck->ir, place, found, found->node, &rows);
    struct expr call = {.kind = EXPR_CALL, .span = span};
    struct ir_expr *count =
        finish(ck, &call, &rows, AGGREGATE_COUNT, type_of_kind(TYPE_INTEGER), NULL, 0);
    struct ir_expr *zero = ir_build_exact(ck, span, type_of_kind(TYPE_INTEGER), 0);
    return ir_build_2(ck, IR_GT, type_of_kind(TYPE_BOOLEAN), span, count, zero);
}

/* ---- a value of each row */

static struct ir_expr *numeric_value(struct checking *ck, const struct expr *call,
                                     const struct rows *rows)
{
    struct ir_expr *value = value_of(ck, call, 0, rows);
    if (ir_is_poison(value) || type_is_numeric(value->type)) return value;
    return builtin_complain(ck, call, value, "integer, decimal, money or number",
                            type_hint(ck, type_of_kind(TYPE_INTEGER), value->type));
}

struct ir_expr *aggregate_sum(struct checking *ck, const struct place *place, const struct expr *call,
                              struct type want)
{
    (void)want;
    struct rows rows;
    if (!rows_of_value(ck, place, call, 0, &rows)) return &ck->poison;
    struct ir_expr *value = numeric_value(ck, call, &rows);
    return finish(ck, call, &rows, AGGREGATE_SUM, value->type, &value, 1);
}

/* Of doubles: the plain mean, then rounded. */
static struct ir_expr *mean_of_numbers(struct checking *ck, const struct expr *call,
                                       struct ir_expr *mean, uint32_t scale)
{
    struct ir_expr *digits = ir_build_exact(ck, call->args[1]->span, type_of_kind(TYPE_INTEGER), scale);
    return ir_build_call_2(ck, HELPER_ROUND_NUMBER, type_of_kind(TYPE_NUMBER), call->span, mean,
                           digits);
}

struct ir_expr *aggregate_avg(struct checking *ck, const struct place *place, const struct expr *call,
                              struct type want)
{
    (void)want;
    struct rows rows;
    uint32_t scale = 0;
    bool scaled = literal_scale(ck, call->args[1], "the scale of avg()", &scale);
    if (!rows_of_value(ck, place, call, 0, &rows)) return &ck->poison;
    struct ir_expr *value = numeric_value(ck, call, &rows);
    if (ir_is_poison(value) || !scaled) return &ck->poison;
    bool money = value->type.kind == TYPE_MONEY && value->type.scale == scale;
    bool number = value->type.kind == TYPE_NUMBER;
    struct type type = money || number ? value->type : type_of_scale(scale);
    struct ir_expr *mean = finish(ck, call, &rows, AGGREGATE_AVG, type, &value, 1);
    return number ? mean_of_numbers(ck, call, mean, scale) : mean;
}

struct ir_expr *aggregate_extreme(struct checking *ck, const struct place *place,
                                  const struct expr *call, enum ir_aggregate aggregate)
{
    struct rows rows;
    if (!rows_of_value(ck, place, call, 0, &rows)) return &ck->poison;
    struct ir_expr *value = value_of(ck, call, 0, &rows);
    if (!ir_is_poison(value) && !type_is_bounded(value->type))
        value = builtin_complain(ck, call, value, "numbers, dates and times",
                                 type_hint(ck, type_of_kind(TYPE_INTEGER), value->type));
    return finish(ck, call, &rows, aggregate, value->type, &value, 1);
}

static struct ir_expr *one_of(struct checking *ck, const struct place *place, const struct expr *call,
                              enum ir_aggregate aggregate)
{
    struct rows rows;
    if (!rows_of_value(ck, place, call, 0, &rows)) return &ck->poison;
    struct ir_expr *value = value_of(ck, call, 0, &rows);
    return finish(ck, call, &rows, aggregate, value->type, &value, 1);
}

/* A ranking of its own, not one for each row. */
static bool is_single(struct checking *ck, const struct place *place, const struct expr *call)
{
    struct ir_expr *e = NULL;
    if (call->where || aggregate_is_rows(ck, place, call->args[0])) return false;
    ck->hush++;
    e = typer_expr(ck, place, call->args[0], type_of_kind(TYPE_NONE));
    ck->hush--;
    return !ir_is_poison(e) && e->type.kind == TYPE_RANKING;
}

struct ir_expr *aggregate_first(struct checking *ck, const struct place *place, const struct expr *call,
                                struct type want)
{
    (void)want;
    if (is_single(ck, place, call)) return builtin_ranked(ck, place, call, 1);
    return one_of(ck, place, call, AGGREGATE_FIRST);
}

struct ir_expr *aggregate_last(struct checking *ck, const struct place *place, const struct expr *call,
                               struct type want)
{
    (void)want;
    if (is_single(ck, place, call)) return builtin_ranked(ck, place, call, -1);
    return one_of(ck, place, call, AGGREGATE_LAST);
}

struct ir_expr *aggregate_at(struct checking *ck, const struct place *place, const struct expr *call,
                             struct type want)
{
    (void)want;
    struct rows rows;
    struct ir_expr *position =
        typer_into(ck, place, call->args[1], type_of_kind(TYPE_INTEGER), builtin_place(ck, call, 1));
    if (!rows_of_value(ck, place, call, 0, &rows)) return &ck->poison;
    struct ir_expr *value = value_of(ck, call, 0, &rows);
    return finish(ck, call, &rows, AGGREGATE_AT, value->type, (struct ir_expr *[]){value, position}, 2);
}

struct ir_expr *aggregate_distinct(struct checking *ck, const struct place *place,
                                   const struct expr *call, struct type want)
{
    (void)want;
    struct rows rows;
    if (!rows_of_value(ck, place, call, 0, &rows)) return &ck->poison;
    struct ir_expr *value = value_of(ck, call, 0, &rows);
    return finish(ck, call, &rows, AGGREGATE_DISTINCT, type_of_kind(TYPE_INTEGER), &value, 1);
}

/* 1 + how many rows have a larger value; missing when it is missing in the row at hand. */
static struct ir_expr *rank_of(struct checking *ck, const struct expr *call, const struct rows *rows,
                               struct ir_expr *own, struct ir_expr *value)
{
    struct type integer = type_of_kind(TYPE_INTEGER), truth = type_of_kind(TYPE_BOOLEAN);
    struct ir_expr *count = ir_build_n(ck, IR_AGGREGATE, integer, call->span, NULL, 0);
    struct ir_expr *larger = ir_build_2(ck, IR_GT, truth, call->span, value, own);
    if (ir_is_poison(count) || ir_is_poison(larger)) return &ck->poison;
    count->aggregate = AGGREGATE_COUNT;
    count->scope = rows->place.scope;
    count->cursor = rows->place.cursor;
    count->from = rows->from;
    count->from_scope = rows->from_scope;
    count->where = larger;
    interval_measure(ck->ir, count);
    struct ir_expr *rank =
        ir_build_2(ck, IR_ADD, integer, call->span, count, ir_build_exact(ck, call->span, integer, 1));
    return ir_build_3(ck, IR_IF, integer, call->span,
                      ir_build_1(ck, IR_ANSWERED, truth, call->span, own), rank,
                      ir_build_missing(ck, call->span, integer));
}

struct ir_expr *aggregate_rank(struct checking *ck, const struct place *place, const struct expr *call,
                               struct type want)
{
    (void)want;
    struct rows rows;
    if (!rows_of_value(ck, place, call, 0, &rows)) return &ck->poison;
    if (!scope_is_inside(ck->ir, place->scope, rows.place.scope)) {
        complain(ck, "E0315", call->span, "it is right inside the repeat whose rows are ranked",
                 "there is no row here whose rank could be meant");
        return &ck->poison;
    }
    struct ir_expr *value = value_of(ck, call, 0, &rows);
    if (!ir_is_poison(value) && !type_is_bounded(value->type))
        return builtin_complain(ck, call, value, "numbers, dates and times", NULL);
    struct ir_expr *own = typer_slot(ck, call->args[0]->span, rows.value, place->cursor);
    own = column_follow(ck, call->args[0], rows.used, own);
    return rank_of(ck, call, &rows, own, value);
}

struct ir_expr *aggregate_join(struct checking *ck, const struct place *place, const struct expr *call)
{
    struct rows rows;
    struct ir_expr *separator =
        typer_into(ck, place, call->args[0], type_of_kind(TYPE_TEXT), builtin_place(ck, call, 0));
    if (!rows_of_value(ck, place, call, 1, &rows)) return &ck->poison;
    struct ir_expr *value = builtin_to_text(ck, call, value_of(ck, call, 1, &rows));
    return finish(ck, call, &rows, AGGREGATE_JOIN, type_of_kind(TYPE_TEXT),
                  (struct ir_expr *[]){value, separator}, 2);
}

bool aggregate_is_rows(struct checking *ck, const struct place *place, const struct expr *arg)
{
    if (arg->kind != EXPR_PATH) return false;
    struct found found;
    ck->hush++;
    bool known = lookup_value(ck, place, arg, &found);
    ck->hush--;
    return known && found.rows != IR_NONE;
}

/* ---- */

struct ir_expr *builtin_position(struct checking *ck, const struct place *place,
                                 const struct expr *call, struct type want)
{
    (void)want;
    if (place->scope == 0) {
        complain(ck, "E0315", call->span,
                 "it is the number of the row at hand: right inside a repeat or in a where",
                 "there is no row here");
        return &ck->poison;
    }
    struct ir_expr *e = ir_build_n(ck, IR_POSITION, type_of_kind(TYPE_INTEGER), call->span, NULL, 0);
    if (ir_is_poison(e)) return e;
    e->cursor = place->cursor;
    e->scope = place->scope;
    interval_measure(ck->ir, e);
    return e;
}
