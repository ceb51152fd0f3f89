/* Functions that make texts or read them. */
#include "dsl/aggregate.h"
#include "dsl/literal.h"
#include "dsl/pattern_list.h"

struct ir_expr *builtin_to_text(struct checking *ck, const struct expr *call, struct ir_expr *e)
{
    if (ir_is_poison(e) || e->type.kind == TYPE_TEXT) return e;
    struct type text = type_of_kind(TYPE_TEXT);
    if (e->type.kind == TYPE_CHOICE) {
        struct ir_expr *code = ir_build_call_1(ck, HELPER_CODE, text, e->span, e);
        struct ir_expr *own = e->type.open ? builtin_own_text(ck, e) : NULL;
        return own ? ir_build_2(ck, IR_COALESCE, text, e->span, code, own) : code;
    }
    if (type_is_scalar(e->type)) return ir_build_call_1(ck, HELPER_TEXT_OF, text, e->span, e);
    return builtin_complain(ck, call, e, "one value", "a set has several: join(\", \", colours)");
}

struct ir_expr *builtin_text(struct checking *ck, const struct place *place, const struct expr *call,
                             struct type want)
{
    (void)want;
    return builtin_to_text(ck, call, typer_expr(ck, place, call->args[0], type_of_kind(TYPE_NONE)));
}

static struct ir_expr *complain_mixed_join(struct checking *ck, const struct expr *arg)
{
    complain(ck, "E0314", arg->span,
             "join the rows by themselves: join(\", \", rows.field) is a text that may be joined again",
             "rows stand alone in join(): join(separator, rows.field)");
    return &ck->poison;
}

/* What is joined so far; an open set takes two places. */
struct joined {
    struct ir_expr **args; /* the separator first */
    uint32_t count;
};

static bool is_set(const struct ir_expr *e)
{
    return e->type.kind == TYPE_CHOICES || e->type.kind == TYPE_RANKING;
}

/* The codes in their order, then what was written in; nothing chosen is missing. */
static void join_set(struct checking *ck, struct joined *joined, struct ir_expr *e)
{
    struct type text = type_of_kind(TYPE_TEXT);
    enum program_helper codes = e->type.kind == TYPE_RANKING ? HELPER_RANKED_CODES : HELPER_CODES;
    struct ir_expr *separator = ir_build_2(ck, IR_COALESCE, text, e->span, joined->args[0],
                                           ir_build_text(ck, e->span, STR("")));
    struct ir_expr *own = e->type.open ? builtin_own_text(ck, e) : NULL;
    joined->args[joined->count++] = ir_build_call_2(ck, codes, text, e->span, e, separator);
    if (own) joined->args[joined->count++] = own;
}

struct ir_expr *builtin_join(struct checking *ck, const struct place *place, const struct expr *call,
                             struct type want)
{
    (void)want;
    if (call->arg_count == 2 && aggregate_is_rows(ck, place, call->args[1]))
        return aggregate_join(ck, place, call);
    if (call->where) {
        complain(ck, "E0313", call->where->span, "it is right in join(separator, rows.field where …)",
                 "there are no rows for this where");
        return &ck->poison;
    }
    struct joined joined = {CHECKING_ARRAY(ck, struct ir_expr *, 2 * call->arg_count), 1};
    if (!joined.args) return &ck->poison;
    joined.args[0] =
        typer_into(ck, place, call->args[0], type_of_kind(TYPE_TEXT), builtin_place(ck, call, 0));
    for (uint32_t i = 1; i < call->arg_count; i++) {
        if (aggregate_is_rows(ck, place, call->args[i])) return complain_mixed_join(ck, call->args[i]);
        struct ir_expr *e = typer_expr(ck, place, call->args[i], type_of_kind(TYPE_NONE));
        if (is_set(e)) join_set(ck, &joined, e);
        else joined.args[joined.count++] = builtin_to_text(ck, call, e);
    }
    return ir_build_call(ck, HELPER_JOIN, type_of_kind(TYPE_TEXT), call->span, joined.args,
                         joined.count);
}

struct ir_expr *builtin_matches(struct checking *ck, const struct place *place, const struct expr *call,
                                struct type want)
{
    (void)want;
    struct ir_expr *text =
        typer_into(ck, place, call->args[0], type_of_kind(TYPE_TEXT), builtin_place(ck, call, 0));
    const struct expr *pattern = call->args[1];
    if (pattern->kind != EXPR_TEXT) {
        if (pattern->kind != EXPR_BAD)
            complain(ck, "E0312", pattern->span, NULL, "the pattern of matches() is written as a text");
        return &ck->poison;
    }
    uint32_t index = pattern_list_add(ck, pattern->text, pattern->span);
    if (index == IR_NONE) return &ck->poison;
    struct ir_expr *e =
        ir_build_call_1(ck, HELPER_MATCHES, type_of_kind(TYPE_BOOLEAN), call->span, text);
    if (!ir_is_poison(e)) e->pattern = index;
    return e;
}

/* ---- from text */

static struct ir_expr *read_text(struct checking *ck, const struct place *place,
                                 const struct expr *call, struct type type, enum program_helper helper)
{
    struct ir_expr *e = typer_expr(ck, place, call->args[0], type_of_kind(TYPE_NONE));
    if (ir_is_poison(e)) return e;
    if (e->type.kind != TYPE_TEXT)
        return builtin_complain(ck, call, e, "a text to read", type_hint(ck, type, e->type));
    return ir_build_call_1(ck, helper, type, call->span, e);
}

struct ir_expr *builtin_integer(struct checking *ck, const struct place *place, const struct expr *call,
                                struct type want)
{
    (void)want;
    return read_text(ck, place, call, type_of_kind(TYPE_INTEGER), HELPER_PARSE_INTEGER);
}

struct ir_expr *builtin_decimal(struct checking *ck, const struct place *place, const struct expr *call,
                                struct type want)
{
    (void)want;
    uint32_t scale;
    if (!literal_scale(ck, call->args[1], "the scale of decimal()", &scale)) return &ck->poison;
    struct type type = {.kind = TYPE_DECIMAL, .scale = (uint8_t)scale};
    return read_text(ck, place, call, type, HELPER_PARSE_DECIMAL);
}

static struct ir_expr *date_of_parts(struct checking *ck, const struct place *place,
                                     const struct expr *call)
{
    struct ir_expr *args[3];
    for (uint32_t i = 0; i < 3; i++)
        args[i] = typer_into(ck, place, call->args[i], type_of_kind(TYPE_INTEGER),
                             builtin_place(ck, call, i));
    return ir_build_call(ck, HELPER_DATE, type_of_kind(TYPE_DATE), call->span, args, 3);
}

struct ir_expr *builtin_date(struct checking *ck, const struct place *place, const struct expr *call,
                             struct type want)
{
    (void)want;
    struct type date = type_of_kind(TYPE_DATE);
    if (call->arg_count == 3) return date_of_parts(ck, place, call);
    if (call->arg_count == 2) {
        complain(ck, "E0310", call->span,
                 "date(text) reads a text, date(year, month, day) puts a date together",
                 "date() takes 1 or 3 arguments, found 2");
        return &ck->poison;
    }
    if (call->args[0]->kind == EXPR_TEXT) return literal_text(ck, call->args[0], date);
    return read_text(ck, place, call, date, HELPER_PARSE_DATE);
}
