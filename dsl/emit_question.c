#include "dsl/emit_question.h"

#include "dsl/emit_light.h"
#include "dsl/emit_operator.h"
#include "dsl/emit_outline.h"
#include "dsl/emit_value.h"

#include <string.h>

/* The operand that two neighbours in a list both look at first, if it is worth a register: `x in 1..5`
 * asks x twice. */
static const struct ir_expr *first_looked_at(const struct ir_expr *e, uint32_t depth)
{
    bool looks = (e->op >= IR_EQ && e->op <= IR_GE) || e->op == IR_RESCALE || e->op == IR_CALL ||
                 e->op == IR_HAS;
    return looks && depth < 4 && e->arg_count ? e->args[0] : NULL;
}

static bool leads_to(const struct ir_expr *e, const struct ir_expr *wanted)
{
    for (uint32_t depth = 0; e; e = first_looked_at(e, depth++))
        if (e == wanted) return true;
    return false;
}

static const struct ir_expr *shared_operand(struct emitter *em, const struct ir_expr *e, uint32_t index)
{
    if (index + 1 >= e->arg_count) return NULL;
    const struct ir_expr *operand = e->args[index];
    for (uint32_t depth = 0; (operand = first_looked_at(operand, depth)) != NULL; depth++) {
        if (!leads_to(e->args[index + 1], operand)) continue;
        return fact_find_expr(em, operand) || emit_is_light(em, operand) ? NULL : operand;
    }
    return NULL;
}

/* Works the shared operand out where the first that asks for it would. Returns the mark to forget it
 * by. */
static void share(struct emitter *em, const struct ir_expr *e, uint32_t index)
{
    const struct ir_expr *operand = shared_operand(em, e, index);
    if (!operand || em->fn->fact_count == EMIT_FACTS) return;
    uint32_t number = emitter_take(em);
    emit_into(em, operand, number);
    fact_add(em, (struct emit_fact){.kind = FACT_EXPR,
                                    .expr = operand,
                                    .reg = number,
                                    .depth = em->fn->depth,
                                    .present = !operand->may_be_missing});
}

/* The next operands, from `index`, that can be asked in one line; at least one is. Returns how many. */
static uint32_t light_run(struct emitter *em, const struct ir_expr *e, uint32_t index)
{
    int room = EMIT_LIGHT_MAX;
    uint32_t count = 0;
    while (index + count < e->arg_count && emit_light_question(em, e->args[index + count], &room))
        count++;
    return count;
}

static struct ir_expr sublist(const struct ir_expr *e, uint32_t from, uint32_t count)
{
    struct ir_expr part = *e;
    part.args = e->args + from;
    part.arg_count = count;
    return part;
}

static void require_light(struct emitter *em, const struct ir_expr *e, bool want)
{
    em->proved.count = 0;
    const char *text = emit_light_text(em, e, want);
    if (strcmp(text, "true") != 0) emitter_line(em, "if not (%s) then break end", text);
    emit_note_proved(em);
}

/* Each must hold. */
static void require_all(struct emitter *em, const struct ir_expr *e, bool want)
{
    for (uint32_t i = 0; i < e->arg_count;) {
        share(em, e, i);
        uint32_t run = light_run(em, e, i);
        struct ir_expr part = sublist(e, i, run ? run : 1);
        if (run) require_light(em, &part, want);
        else emit_require(em, e->args[i], want);
        i += part.arg_count;
    }
}

/* Puts the question of one operand where the next may still have to be asked. */
static void try_one(struct emitter *em, const struct ir_expr *e, bool want, uint32_t dest)
{
    const char *name = reg(em, dest);
    emitter_open(em, "repeat");
    uint32_t mark = emitter_mark(em);
    emit_require(em, e, want);
    emitter_line(em, "%s=true", name);
    emitter_release(em, mark);
    emitter_close(em, "until true");
}

/* One must hold: dest tells. */
static void ask_any(struct emitter *em, const struct ir_expr *e, bool want, uint32_t dest)
{
    const char *name = reg(em, dest);
    emitter_line(em, "%s=false", name);
    emitter_open(em, "repeat");
    for (uint32_t i = 0; i < e->arg_count;) {
        uint32_t mark = emitter_mark(em);
        share(em, e, i);
        uint32_t run = light_run(em, e, i);
        struct ir_expr part = sublist(e, i, run ? run : 1);
        em->proved.count = 0;
        if (run)
            emitter_line(em, "if %s then %s=true break end", emit_light_text(em, &part, want), name);
        else try_one(em, e->args[i], want, dest);
        i += part.arg_count;
        if (!run && i < e->arg_count) emitter_line(em, "if %s then break end", name);
        emitter_release(em, mark);
    }
    emitter_close(em, "until true");
}

static void ask_if(struct emitter *em, const struct ir_expr *e, bool want, uint32_t dest)
{
    uint32_t mark = emitter_mark(em);
    const char *condition = emit_question(em, e->args[0], true);
    emitter_open(em, "if %s then", condition);
    emit_note_proved(em);
    emit_question_into(em, e->args[1], want, dest);
    emitter_else(em, "else");
    emit_question_into(em, e->args[2], want, dest);
    emitter_close(em, "end");
    emitter_release(em, mark);
}

static void ask_default(struct emitter *em, const struct ir_expr *e, bool want, uint32_t dest)
{
    const char *name = reg(em, dest);
    emit_into(em, e->args[0], dest);
    emitter_open(em, "if %s==nil then", name);
    emit_question_into(em, e->args[1], want, dest);
    if (!want) {
        emitter_else(em, "else");
        emitter_line(em, "%s=not %s", name, name);
    }
    emitter_close(em, "end");
}

/* A value that is a boolean, then what it is. */
static void ask_value(struct emitter *em, const struct ir_expr *e, bool want, uint32_t dest)
{
    emit_into(em, e, dest);
    if (!want) emitter_line(em, "%s=%s==false", reg(em, dest), reg(em, dest));
}

static void ask_flat(struct emitter *em, const struct ir_expr *e, bool want, uint32_t dest)
{
    emitter_line(em, "%s=false", reg(em, dest));
    try_one(em, e, want, dest);
}

void emit_question_into(struct emitter *em, const struct ir_expr *e, bool want, uint32_t dest)
{
    e = emit_regrouped(em, e);
    if (em->failure) return;
    if (emit_is_light_question(em, e)) {
        em->proved.count = 0;
        uint32_t mark = emitter_mark(em);
        emitter_line(em, "%s=%s", reg(em, dest), emit_light_text(em, e, want));
        emitter_release(em, mark);
        em->proved.count = 0;
        return;
    }
    if (emit_wants_outline(em, e)) {
        emitter_line(em, "%s=%s", reg(em, dest),
                     emit_outlined(em, e, want ? OUTLINE_TRUE : OUTLINE_FALSE));
        return;
    }
    switch (e->op) {
    case IR_AND:
    case IR_OR:
        if ((e->op == IR_AND) == want) ask_flat(em, e, want, dest);
        else ask_any(em, e, want, dest);
        return;
    case IR_NOT:
        emit_question_into(em, e->args[0], !want, dest);
        return;
    case IR_IF:
        ask_if(em, e, want, dest);
        return;
    case IR_COALESCE:
        ask_default(em, e, want, dest);
        return;
    case IR_EQ:
    case IR_NE:
    case IR_LT:
    case IR_LE:
    case IR_GT:
    case IR_GE:
        ask_flat(em, e, want, dest);
        return;
    default:
        ask_value(em, e, want, dest);
        return;
    }
}

static void require_comparison(struct emitter *em, const struct ir_expr *e, bool want)
{
    const char *const *args = emit_need_args(em, e);
    enum ir_op op = want ? emit_opposite(e->op) : e->op; /* what must not be */
    if (em->failure) return;
    emitter_line(em, "if %s then break end",
                 emit_comparison(em, op, e->args[0]->type.kind, args[0], args[1]));
}

void emit_require(struct emitter *em, const struct ir_expr *e, bool want)
{
    e = emit_regrouped(em, e);
    if (em->failure) return;
    if (emit_is_light_question(em, e)) {
        require_light(em, e, want);
        return;
    }
    bool outline = emit_wants_outline(em, e);
    uint32_t mark = emitter_mark(em);
    if (!outline && ((e->op == IR_AND && want) || (e->op == IR_OR && !want))) {
        require_all(em, e, want);
    } else if (!outline && e->op == IR_NOT) {
        emit_require(em, e->args[0], !want);
    } else if (!outline && e->op >= IR_EQ && e->op <= IR_GE) {
        require_comparison(em, e, want);
    } else {
        uint32_t number = emitter_temp(em);
        emit_question_into(em, e, want, number);
        emitter_line(em, "if not %s then break end", reg(em, number));
    }
    emitter_release(em, mark);
}

const char *emit_question(struct emitter *em, const struct ir_expr *e, bool want)
{
    em->proved.count = 0;
    if (emit_is_light_question(em, e)) return emit_light_text(em, e, want);
    uint32_t number = emitter_temp(em);
    emit_question_into(em, e, want, number);
    em->proved.count = 0;
    return reg(em, number);
}
