/* Functions of open choices: what was written in where no option of the list fits. To the rules that is
 * one option more, behind the last; its text stands beside it (ir.h: part). */
#include "dsl/aggregate.h"
#include "dsl/builtin.h"

static struct ir_expr *last_option(struct checking *ck, const struct ir_expr *e)
{
    struct type option = {.kind = TYPE_CHOICE, .list = e->type.list, .open = true};
    return ir_build_exact(ck, e->span, option, (int64_t)ck->ir->lists[e->type.list].option_count + 1);
}

static struct ir_expr *is_own(struct checking *ck, struct span span, struct ir_expr *e)
{
    enum ir_op op = e->type.kind == TYPE_CHOICES ? IR_HAS : IR_EQ;
    return ir_build_2(ck, op, type_of_kind(TYPE_BOOLEAN), span, e, last_option(ck, e));
}

struct ir_expr *builtin_listed(struct checking *ck, struct ir_expr *e)
{
    struct type closed = type_closed(e->type);
    if (ir_is_poison(e)) return e;
    if (e->type.kind == TYPE_CHOICES) return ir_build_call_1(ck, HELPER_LISTED, closed, e->span, e);
    return ir_build_3(ck, IR_IF, closed, e->span, is_own(ck, e->span, e),
                      ir_build_missing(ck, e->span, closed), e);
}

struct ir_expr *builtin_own_text(struct checking *ck, struct ir_expr *e)
{
    struct type text = type_of_kind(TYPE_TEXT);
    if (e->op != IR_SLOT || ck->ir->nodes[e->node].part == 0) return NULL;
    struct ir_expr *part = ir_build_slot(ck, e->span, ck->ir->nodes[e->node].part, e->cursor);
    return ir_build_3(ck, IR_IF, text, e->span, is_own(ck, e->span, e), part,
                      ir_build_missing(ck, e->span, text));
}

static struct ir_expr *open_argument(struct checking *ck, const struct place *place,
                                     const struct expr *call)
{
    struct ir_expr *e = typer_expr(ck, place, call->args[0], type_of_kind(TYPE_NONE));
    if (ir_is_poison(e) || e->type.open) return e;
    bool chooses = e->type.kind == TYPE_CHOICE || e->type.kind == TYPE_CHOICES;
    const char *hint = !chooses ? NULL
                       : e->op == IR_SLOT
                           ? "as in: topic: choice(topics) \"What is it about?\" other "
                             "\"Something else\""
                           : "name the field itself: what is worked out holds options only";
    return builtin_complain(ck, call, e, "a choice with \"other\"", hint);
}

struct ir_expr *builtin_is_other(struct checking *ck, const struct place *place,
                                 const struct expr *call, struct type want)
{
    (void)want;
    struct ir_expr *e = open_argument(ck, place, call);
    return ir_is_poison(e) ? e : is_own(ck, call->span, e);
}

struct ir_expr *builtin_other(struct checking *ck, const struct place *place, const struct expr *call,
                              struct type want)
{
    (void)want;
    struct ir_expr *e = open_argument(ck, place, call);
    if (ir_is_poison(e)) return e;
    struct ir_expr *text = builtin_own_text(ck, e);
    if (text) return text;
    return builtin_complain(ck, call, e, "a field", "name it: other(topic) ?\? other(second_topic)");
}

/* ---- rankings */

struct ir_expr *builtin_rank(struct checking *ck, const struct place *place, const struct expr *call,
                             struct type want)
{
    if (call->arg_count == 1) return aggregate_rank(ck, place, call, want);
    struct ir_expr *ranking = typer_expr(ck, place, call->args[0], type_of_kind(TYPE_NONE));
    if (ir_is_poison(ranking)) return ranking;
    if (ranking->type.kind != TYPE_RANKING)
        return builtin_complain(ck, call, ranking, "a ranking and an option",
                                "as in: rank(wishes, \"sea\"), with wishes: ranking(places)");
    struct type option = {.kind = TYPE_CHOICE, .list = ranking->type.list};
    struct ir_expr *one = typer_into(ck, place, call->args[1], option, builtin_place(ck, call, 1));
    return ir_build_call_2(ck, HELPER_RANK, type_of_kind(TYPE_INTEGER), call->span, ranking, one);
}

struct ir_expr *builtin_ranked(struct checking *ck, const struct place *place, const struct expr *call,
                               int64_t position)
{
    struct ir_expr *ranking = typer_expr(ck, place, call->args[0], type_of_kind(TYPE_NONE));
    if (ir_is_poison(ranking)) return ranking;
    if (ranking->type.kind != TYPE_RANKING)
        return builtin_complain(ck, call, ranking, "rows.field or a ranking",
                                "as in: first(members.name), first(wishes)");
    struct type option = {.kind = TYPE_CHOICE, .list = ranking->type.list};
    return ir_build_call_2(ck, HELPER_RANKED, option, call->span, ranking,
                           ir_build_exact(ck, call->span, type_of_kind(TYPE_INTEGER), position));
}
