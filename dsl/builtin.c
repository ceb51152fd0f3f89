#include "dsl/builtin.h"

#include "dsl/aggregate.h"
#include "dsl/function.h"
#include "dsl/matrix.h"

#include <assert.h>
#include <string.h>

struct builtin {
    const char *name, *usage;
    const char *args; /* SIMPLE */
    enum program_type result;
    enum program_helper helper;
    int least, most;      /* most -1: any number */
    builtin_maker *maker; /* NULL: SIMPLE */
    bool rows;            /* may have a where */
};

static const struct builtin builtins[] = {
#define SIMPLE(NAME, ARGS, RESULT, HELPER, USAGE)                                                      \
    {.name = #NAME,                                                                                    \
     .usage = USAGE,                                                                                   \
     .args = ARGS,                                                                                     \
     .result = TYPE_##RESULT,                                                                          \
     .helper = HELPER_##HELPER,                                                                        \
     .least = sizeof(ARGS) - 1,                                                                        \
     .most = sizeof(ARGS) - 1},
#define SPECIAL(NAME, LEAST, MOST, MAKER, USAGE)                                                       \
    {.name = #NAME, .usage = USAGE, .least = LEAST, .most = MOST, .maker = MAKER},
#define ROWS(NAME, LEAST, MOST, MAKER, USAGE)                                                          \
    {.name = #NAME, .usage = USAGE, .least = LEAST, .most = MOST, .maker = MAKER, .rows = true},
#define FOREIGN(NAME, ADVICE)
#include "dsl/builtin.def"
#undef SIMPLE
#undef SPECIAL
#undef ROWS
#undef FOREIGN
};

enum { BUILTIN_COUNT = sizeof builtins / sizeof *builtins };

static const struct builtin *find(struct str name)
{
    for (size_t i = 0; i < BUILTIN_COUNT; i++)
        if (str_eq(name, str_of(builtins[i].name))) return &builtins[i];
    return NULL;
}

const char *builtin_usage_of(struct str name)
{
    const struct builtin *builtin = find(name);
    return builtin ? builtin->usage : NULL;
}

const char *builtin_usage(uint32_t index)
{
    return index < BUILTIN_COUNT ? builtins[index].usage : NULL;
}

/* ---- complaints */

/* For what other languages call it. */
static const char *foreign_advice(struct str name)
{
    static const struct {
        const char *foreign, *advice;
    } names[] = {
#define SIMPLE(NAME, ARGS, RESULT, HELPER, USAGE)
#define SPECIAL(NAME, LEAST, MOST, MAKER, USAGE)
#define ROWS(NAME, LEAST, MOST, MAKER, USAGE)
#define FOREIGN(NAME, ADVICE) {#NAME, ADVICE},
#include "dsl/builtin.def"
#undef SIMPLE
#undef SPECIAL
#undef ROWS
#undef FOREIGN
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eq(name, str_of(names[i].foreign))) return names[i].advice;
    return NULL;
}

static const char *suggest_function(struct checking *ck, struct str name)
{
    if (!complaints_matter(ck)) return NULL;
    const char *advice = foreign_advice(name);
    if (advice) return advice;
    struct str *names = CHECKING_ARRAY(ck, struct str, BUILTIN_COUNT + ck->function_count);
    if (!names) return NULL;
    for (uint32_t i = 0; i < BUILTIN_COUNT; i++) names[i] = str_of(builtins[i].name);
    uint32_t own = function_names(ck, names + BUILTIN_COUNT);
    return did_you_mean(ck, name, names, BUILTIN_COUNT + own);
}

/* The arguments of a function that is not there: their own mistakes are told all the same. */
static void read_args(struct checking *ck, const struct place *place, const struct expr *call)
{
    ck->unsure++;
    for (uint32_t i = 0; i < call->arg_count; i++)
        if (!aggregate_is_rows(ck, place, call->args[i]) && call->args[i]->kind != EXPR_PATH)
            typer_expr(ck, place, call->args[i], type_of_kind(TYPE_NONE));
    ck->unsure--;
}

static struct ir_expr *complain_unknown(struct checking *ck, const struct place *place,
                                        const struct expr *call)
{
    read_args(ck, place, call);
    struct str name = call->names[0].text;
    struct span span = call->names[0].span;
    if (is_told(ck, UNKNOWN_IN(UNKNOWN_FUNCTION, 0), name, "E0205", span)) return &ck->poison;
    complain(ck, "E0205", span, suggest_function(ck, name), "there is no function \"%.*s\"",
             STR_ARG(name));
    return &ck->poison;
}

static const char *usage_hint(struct checking *ck, const struct builtin *builtin)
{
    return checking_text(ck, "it is used as %s", builtin->usage);
}

static struct ir_expr *complain_count(struct checking *ck, const struct expr *call,
                                      const struct builtin *builtin)
{
    bool few = call->arg_count < (uint32_t)builtin->least;
    int wanted = few ? builtin->least : builtin->most;
    complain(ck, "E0310", call->span, usage_hint(ck, builtin), "%s() takes %s%d argument%s, found %u",
             builtin->name,
             builtin->least == builtin->most ? ""
             : few                           ? "at least "
                                             : "at most ",
             wanted, wanted == 1 ? "" : "s", (unsigned)call->arg_count);
    return &ck->poison;
}

const char *builtin_place(struct checking *ck, const struct expr *call, uint32_t index)
{
    struct str name = call->names[0].text;
    if (call->arg_count == 1) return checking_text(ck, "as argument of %.*s()", STR_ARG(name));
    return checking_text(ck, "as argument %u of %.*s()", (unsigned)index + 1, STR_ARG(name));
}

struct ir_expr *builtin_complain(struct checking *ck, const struct expr *call,
                                 const struct ir_expr *arg, const char *takes, const char *hint)
{
    if (!ir_is_poison(arg))
        complain(ck, "E0311", arg->span, hint, "%.*s() takes %s, found %s",
                 STR_ARG(call->names[0].text), takes, type_text(ck, arg->type));
    return &ck->poison;
}

struct ir_expr *builtin_numeric(struct checking *ck, const struct place *place, const struct expr *call,
                                uint32_t index, struct type want)
{
    struct type number = {.kind = want.kind == TYPE_NUMBER ? TYPE_NUMBER : TYPE_NONE};
    struct ir_expr *e = typer_expr(ck, place, call->args[index], number);
    if (ir_is_poison(e) || type_is_numeric(e->type)) return e;
    return builtin_complain(ck, call, e, "integer, decimal, money or number",
                            type_hint(ck, type_of_kind(TYPE_INTEGER), e->type));
}

/* ---- simple ones */

static struct type type_of_letter(char letter)
{
    switch (letter) {
    case 't':
        return type_of_kind(TYPE_TEXT);
    case 'n':
        return type_of_kind(TYPE_INTEGER);
    case 'd':
        return type_of_kind(TYPE_DATE);
    case 'z':
        return type_of_kind(TYPE_DATETIME);
    default:
        assert(letter == 'f');
        return type_of_kind(TYPE_NUMBER);
    }
}

static struct ir_expr *call_simple(struct checking *ck, const struct place *place,
                                   const struct expr *call, const struct builtin *builtin)
{
    enum { ARGS_MAX = 3 };
    struct ir_expr *args[ARGS_MAX];
    assert(call->arg_count <= ARGS_MAX);
    for (uint32_t i = 0; i < call->arg_count; i++)
        args[i] = typer_into(ck, place, call->args[i], type_of_letter(builtin->args[i]),
                             builtin_place(ck, call, i));
    return ir_build_call(ck, builtin->helper, type_of_kind(builtin->result), call->span, args,
                         call->arg_count);
}

struct ir_expr *builtin_call(struct checking *ck, const struct place *place, const struct expr *call,
                             struct type want)
{
    const struct builtin *builtin = find(call->names[0].text);
    if (!builtin && function_exists(ck, call->names[0].text)) return function_call(ck, place, call);
    if (!builtin) return complain_unknown(ck, place, call);
    bool counted = call->arg_count >= (uint32_t)builtin->least &&
                   (builtin->most < 0 || call->arg_count <= (uint32_t)builtin->most);
    if (!counted) return complain_count(ck, call, builtin);
    if (call->where && !builtin->rows) {
        complain(ck, "E0313", call->where->span, usage_hint(ck, builtin), "%s() has no where",
                 builtin->name);
        return &ck->poison;
    }
    return builtin->maker ? builtin->maker(ck, place, call, want)
                          : call_simple(ck, place, call, builtin);
}

/* ---- presence */

/* Something in the group is answered: fields by themselves, repeats by their rows. What is computed is
 * no answer. */
struct ir_expr *builtin_group_is_answered(struct checking *ck, const struct place *place,
                                          struct span span, const struct found *found)
{
    const struct ir *ir = ck->ir;
    uint32_t scope = ir->nodes[found->node].scope;
    struct ir_expr *any = ir_build_truth(ck, span, false);
    for (uint32_t i = found->node + 1; i < ir->nodes[found->node].subtree_end; i++) {
        const struct ir_node *node = &ir->nodes[i];
        bool field = node->kind == NODE_FIELD && !node_is_computed(node);
        if (node->scope != scope || (!field && node->kind != NODE_REPEAT)) continue;
        struct found inner = {
            .node = i, .rows = IR_NONE, .from = object_around(ir, i), .place = found->place};
        struct ir_expr *one = field ? ir_build_1(ck, IR_ANSWERED, type_of_kind(TYPE_BOOLEAN), span,
                                                 ir_build_slot(ck, span, i, found->place->cursor))
                                    : aggregate_has_rows(ck, place, span, &inner);
        any = ir_build_logic(ck, IR_OR, span, any, one);
    }
    return any;
}

/* answered(group), answered(repeat); NULL: it is something that has a value. */
static struct ir_expr *container_is_answered(struct checking *ck, const struct place *place,
                                             const struct expr *path)
{
    struct found found;
    ck->hush++;
    bool known = path->kind == EXPR_PATH && lookup_path(ck, place, path, &found);
    ck->hush--;
    if (!known) return NULL;
    enum program_node_kind kind = ck->ir->nodes[found.node].kind;
    if (kind == NODE_REPEAT) return aggregate_has_rows(ck, place, path->span, &found);
    if (kind == NODE_GROUP && found.rows == IR_NONE)
        return builtin_group_is_answered(ck, place, path->span, &found);
    return NULL;
}

struct ir_expr *builtin_answered(struct checking *ck, const struct place *place,
                                 const struct expr *call, struct type want)
{
    (void)want;
    struct ir_expr *e = container_is_answered(ck, place, call->args[0]);
    if (e) return e;
    e = typer_expr(ck, place, call->args[0], type_of_kind(TYPE_NONE));
    return ir_build_1(ck, IR_ANSWERED, type_of_kind(TYPE_BOOLEAN), call->span, e);
}

/* ---- choices */

struct ir_expr *builtin_size(struct checking *ck, const struct place *place, const struct expr *call,
                             struct type want)
{
    (void)want;
    struct found matrix;
    if (matrix_find(ck, place, call->args[0], &matrix)) return matrix_size(ck, place, call, &matrix);
    struct ir_expr *set = typer_expr(ck, place, call->args[0], type_of_kind(TYPE_NONE));
    if (ir_is_poison(set)) return set;
    struct type integer = type_of_kind(TYPE_INTEGER);
    if (set->type.kind == TYPE_RANKING)
        return ir_build_2(ck, IR_COALESCE, integer, call->span,
                          ir_build_call_1(ck, HELPER_RANK_COUNT, integer, call->span, set),
                          ir_build_exact(ck, call->span, integer, 0));
    if (set->type.kind == TYPE_CHOICES)
        return ir_build_call_1(ck, HELPER_SIZE, type_of_kind(TYPE_INTEGER), call->span, set);
    return builtin_complain(ck, call, set, "a set of choices",
                            set->type.kind == TYPE_TEXT ? "length(…) counts the characters of a text"
                                                        : NULL);
}

struct ir_expr *builtin_score_of(struct checking *ck, const struct expr *call, struct ir_expr *choice)
{
    if (ir_is_poison(choice)) return choice;
    bool set = choice->type.kind == TYPE_CHOICES;
    if (!set && choice->type.kind != TYPE_CHOICE)
        return builtin_complain(ck, call, choice, "a choice or choices", NULL);
    const struct ir_list *list = &ck->ir->lists[choice->type.list];
    if (!list->has_scores) {
        struct diag *diag =
            complain(ck, "E0321", call->span, "a score is written behind the label: yes \"Yes\" = 1",
                     "the options of list %.*s have no scores", STR_ARG(list->name));
        complain_about(ck, diag, list->span, "the list");
        return &ck->poison;
    }
    return ir_build_call_1(ck, set ? HELPER_SCORE_SET : HELPER_SCORE, type_of_scale(list->score_scale),
                           call->span, choice);
}

struct ir_expr *builtin_score(struct checking *ck, const struct place *place, const struct expr *call,
                              struct type want)
{
    (void)want;
    struct found matrix;
    if (matrix_find(ck, place, call->args[0], &matrix)) return matrix_score(ck, place, call, &matrix);
    return builtin_score_of(ck, call, typer_expr(ck, place, call->args[0], type_of_kind(TYPE_NONE)));
}

struct ir_expr *builtin_code(struct checking *ck, const struct place *place, const struct expr *call,
                             struct type want)
{
    (void)want;
    struct ir_expr *choice = typer_expr(ck, place, call->args[0], type_of_kind(TYPE_NONE));
    if (ir_is_poison(choice) || choice->type.kind != TYPE_CHOICE)
        return builtin_complain(ck, call, choice, "a choice", NULL);
    return ir_build_call_1(ck, HELPER_CODE, type_of_kind(TYPE_TEXT), call->span, choice);
}
