#include "dsl/emit_value.h"

#include "dsl/emit_light.h"
#include "dsl/emit_operator.h"
#include "dsl/emit_outline.h"
#include "dsl/emit_question.h"
#include "dsl/emit_row.h"

/* ---- long lists of operands become trees of lists that fit */

static struct ir_expr *virtual_part(struct emitter *em, const struct ir_expr *e, struct ir_expr **args,
                                    uint32_t count)
{
    struct ir_expr *part = arena_alloc(&em->texts, sizeof *part);
    if (!part) {
        emitter_fail(em, em->texts.refused ? ST_LIMIT : ST_NOMEM);
        return NULL;
    }
    *part = *e;
    part->args = args;
    part->arg_count = count;
    if (e->op == IR_AND || e->op == IR_OR || e->op == IR_CONCAT) return part;
    part->may_be_missing = 1;
    return part;
}

/* and, or, concatenation, least and greatest: grouping their operands changes nothing. */
const struct ir_expr *emit_regrouped(struct emitter *em, const struct ir_expr *e)
{
    bool groups = e->op == IR_AND || e->op == IR_OR || e->op == IR_CONCAT || e->op == IR_LEAST ||
                  e->op == IR_GREATEST;
    while (groups && e->arg_count > EMIT_ARGS_MAX && !em->failure) {
        uint32_t count = (e->arg_count + EMIT_ARGS_MAX - 1) / EMIT_ARGS_MAX;
        struct ir_expr **parts = arena_alloc(&em->texts, count * sizeof(struct ir_expr *));
        if (!parts) emitter_fail(em, em->texts.refused ? ST_LIMIT : ST_NOMEM);
        for (uint32_t i = 0; i < count && parts; i++) {
            uint32_t from = i * EMIT_ARGS_MAX, left = e->arg_count - from;
            parts[i] = virtual_part(em, e, e->args + from, left < EMIT_ARGS_MAX ? left : EMIT_ARGS_MAX);
        }
        if (!em->failure) e = virtual_part(em, e, parts, count);
        if (em->failure) break;
    }
    return e;
}

/* ---- operands */

static bool args_may_be_missing(const struct ir_expr *e)
{
    for (uint32_t i = 0; i < e->arg_count; i++)
        if (e->args[i]->may_be_missing) return true;
    return false;
}

/* A text that is asked for twice by emit_compute() is put into a register. */
static const char *settled(struct emitter *em, const struct ir_expr *e, uint32_t index,
                           const char *text)
{
    bool twice =
        (e->op == IR_DIV || e->op == IR_FLOOR_DIV || e->op == IR_MOD) && index == 1 && e->may_fault;
    if (!twice || e->args[index]->op == IR_SLOT || e->args[index]->op == IR_CONST) return text;
    uint32_t number = emitter_temp(em);
    emitter_line(em, "%s=%s", reg(em, number), text);
    return reg(em, number);
}

/* All operands, in order; leaves the block at the first that is missing. NULL: out of memory. */
const char *const *emit_need_args(struct emitter *em, const struct ir_expr *e)
{
    const char **args = arena_alloc(&em->texts, (e->arg_count + 1) * sizeof *args);
    if (!args) emitter_fail(em, em->texts.refused ? ST_LIMIT : ST_NOMEM);
    for (uint32_t i = 0; i < e->arg_count && args; i++)
        args[i] = settled(em, e, i, emit_need(em, e->args[i]));
    return args;
}

const char *emit_need(struct emitter *em, const struct ir_expr *e)
{
    e = emit_regrouped(em, e);
    if (em->failure) return "nil";
    if (emit_is_light(em, e)) {
        struct emit_value value = emit_light(em, e);
        const char *missing = emit_lacks(em, &value);
        if (*missing) emitter_line(em, "if %s then break end", missing);
        emit_note_guards(em, &value);
        return value.text;
    }
    uint32_t number = emitter_temp(em);
    const char *name = reg(em, number);
    uint32_t mark = emitter_mark(em);
    bool flat = emit_is_strict(e) && !emit_wants_outline(em, e);
    if (flat) emit_compute(em, e, emit_need_args(em, e), number);
    else emit_into(em, e, number);
    emitter_release(em, mark);
    if ((!flat || emit_is_nilable_call(e)) && e->may_be_missing)
        emitter_line(em, "if %s==nil then break end", name);
    return name;
}

/* ---- values */

static void light_into(struct emitter *em, const struct ir_expr *e, uint32_t dest)
{
    uint32_t mark = emitter_mark(em);
    struct emit_value value = emit_light(em, e);
    const char *guards = emit_guards(em, &value), *name = reg(em, dest);
    if (!*guards || value.atom) emitter_line(em, "%s=%s", name, value.text);
    else emitter_line(em, "%s=nil if %s then %s=%s end", name, guards, name, value.text);
    emitter_release(em, mark);
}

static void strict_into(struct emitter *em, const struct ir_expr *e, uint32_t dest)
{
    bool leaves = args_may_be_missing(e);
    uint32_t mark = emitter_mark(em);
    if (leaves) {
        emitter_line(em, "%s=nil", reg(em, dest));
        emitter_open(em, "repeat");
    }
    emit_compute(em, e, emit_need_args(em, e), dest);
    emitter_release(em, mark);
    if (leaves) emitter_close(em, "until true");
}

static void default_into(struct emitter *em, const struct ir_expr *e, uint32_t dest)
{
    emit_into(em, e->args[0], dest);
    if (!e->args[0]->may_be_missing) return;
    emitter_open(em, "if %s==nil then", reg(em, dest));
    emit_into(em, e->args[1], dest);
    emitter_close(em, "end");
}

static void if_into(struct emitter *em, const struct ir_expr *e, uint32_t dest)
{
    uint32_t mark = emitter_mark(em);
    const char *condition = emit_question(em, e->args[0], true);
    emitter_open(em, "if %s then", condition);
    emit_note_proved(em);
    emit_into(em, e->args[1], dest);
    emitter_else(em, "else");
    emit_into(em, e->args[2], dest);
    emitter_close(em, "end");
    emitter_release(em, mark);
}

/* dest = the better of dest, which may be nil, and one more operand, which may be missing. */
static void better_into(struct emitter *em, const struct ir_expr *e, const struct ir_expr *arg,
                        uint32_t dest)
{
    const char *name = reg(em, dest), *guards = "", *text;
    uint32_t mark = emitter_mark(em);
    if (emit_is_light(em, arg)) {
        struct emit_value value = emit_light(em, arg);
        if (!value.atom) { /* it is compared and then taken */
            uint32_t number = emitter_temp(em);
            text = emit_maybe_text(em, &value);
            emitter_line(em, "%s=%s", reg(em, number), text);
            value = emit_register_value(em, number, !arg->may_be_missing, arg);
        }
        text = value.text;
        guards = emit_guards(em, &value);
    } else {
        uint32_t number = emitter_temp(em);
        emit_into(em, arg, number);
        text = reg(em, number);
        if (arg->may_be_missing) guards = emitter_text(em, "%s~=nil", text);
    }
    const char *sign = e->op == IR_LEAST ? "<" : ">";
    emitter_line(em, "if %s%s(%s==nil or %s%s%s) then %s=%s end", guards, *guards ? " and " : "", name,
                 text, sign, name, name, text);
    emitter_release(em, mark);
}

static void extreme_into(struct emitter *em, const struct ir_expr *e, uint32_t dest)
{
    emit_into(em, e->args[0], dest);
    for (uint32_t i = 1; i < e->arg_count; i++) better_into(em, e, e->args[i], dest);
}

/* Text that is nil when the operand is missing. */
static const char *maybe(struct emitter *em, const struct ir_expr *e)
{
    if (emit_is_light(em, e)) {
        struct emit_value value = emit_light(em, e);
        return emit_maybe_text(em, &value);
    }
    uint32_t number = emitter_temp(em);
    emit_into(em, e, number);
    return reg(em, number);
}

/* Texts [from, from + count) of a join, joined to what dest holds already, if any of them is there. */
static void join_some(struct emitter *em, const struct ir_expr *e, const char *separator, uint32_t from,
                      uint32_t count, uint32_t dest)
{
    uint32_t mark = emitter_mark(em);
    const char *list = "", *any = "", *name = reg(em, dest);
    for (uint32_t i = from; i < from + count; i++) {
        uint32_t number = emitter_temp(em);
        emitter_line(em, "%s=%s", reg(em, number), maybe(em, e->args[i]));
        list = emitter_text(em, "%s,%s", list, reg(em, number));
        any = emit_both(em, any, "or", emitter_text(em, "%s~=nil", reg(em, number)));
    }
    emitter_line(em, "if %s then %s=%s(%s,%s%s) end", any, name, emitter_helper(em, HELPER_JOIN),
                 separator, name, list);
    emitter_release(em, mark);
}

static void long_join_into(struct emitter *em, const struct ir_expr *e, const char *separator,
                           uint32_t dest)
{
    emitter_line(em, "%s=nil", reg(em, dest));
    for (uint32_t i = 1; i < e->arg_count; i += EMIT_ARGS_MAX / 2) {
        uint32_t left = e->arg_count - i;
        join_some(em, e, separator, i, left < EMIT_ARGS_MAX / 2 ? left : EMIT_ARGS_MAX / 2, dest);
    }
    emitter_line(em, "%s=%s or \"\"", reg(em, dest), reg(em, dest));
}

/* join() is never missing, so a missing separator is none. */
static void join_into(struct emitter *em, const struct ir_expr *e, uint32_t dest)
{
    uint32_t mark = emitter_mark(em);
    const char *separator = maybe(em, e->args[0]);
    if (e->args[0]->may_be_missing) {
        uint32_t number = emitter_temp(em);
        emitter_line(em, "%s=%s or \"\"", reg(em, number), separator);
        separator = reg(em, number);
    }
    if (e->arg_count > EMIT_ARGS_MAX) {
        long_join_into(em, e, separator, dest);
    } else {
        const char *list = separator;
        for (uint32_t i = 1; i < e->arg_count; i++)
            list = emitter_text(em, "%s,%s", list, maybe(em, e->args[i]));
        emitter_line(em, "%s=%s(%s)", reg(em, dest), emitter_helper(em, HELPER_JOIN), list);
    }
    emitter_release(em, mark);
}

static void size_into(struct emitter *em, const struct ir_expr *e, uint32_t dest)
{
    uint32_t mark = emitter_mark(em);
    const char *set = maybe(em, e->args[0]);
    emitter_line(em, "%s=%s(%s)", reg(em, dest), emitter_helper(em, HELPER_SIZE), set);
    emitter_release(em, mark);
}

static void answered_into(struct emitter *em, const struct ir_expr *e, uint32_t dest)
{
    emit_into(em, e->args[0], dest);
    emitter_line(em, "%s=%s~=nil", reg(em, dest), reg(em, dest));
}

/* Is it definitely true, else is it definitely false: both questions, so its code is written twice.
 * What stands inside it in the place of a value would be written four times, and so on: from there on
 * it is a function. */
static void both_questions_into(struct emitter *em, const struct ir_expr *e, uint32_t dest)
{
    const char *name = reg(em, dest);
    uint32_t mark = emitter_mark(em);
    em->questions++;
    emitter_line(em, "%s=nil", name);
    const char *condition = emit_question(em, e, true);
    emitter_open(em, "if %s then", condition);
    emitter_line(em, "%s=true", name);
    emitter_else(em, "else");
    condition = emit_question(em, e, false);
    emitter_line(em, "if %s then %s=false end", condition, name);
    emitter_close(em, "end");
    em->questions--;
    emitter_release(em, mark);
}

static void logic_into(struct emitter *em, const struct ir_expr *e, uint32_t dest)
{
    if (!e->may_be_missing) emit_question_into(em, e, true, dest);
    else if (em->questions && em->fn->depth > 0)
        emitter_line(em, "%s=%s", reg(em, dest), emit_outlined(em, e, OUTLINE_VALUE));
    else both_questions_into(em, e, dest);
}

void emit_into(struct emitter *em, const struct ir_expr *e, uint32_t dest)
{
    e = emit_regrouped(em, e);
    if (em->failure) return;
    if (emit_is_light(em, e)) {
        light_into(em, e, dest);
        return;
    }
    if (emit_wants_outline(em, e)) {
        emitter_line(em, "%s=%s", reg(em, dest), emit_outlined(em, e, OUTLINE_VALUE));
        return;
    }
    switch (e->op) {
    case IR_AND:
    case IR_OR:
    case IR_NOT:
        logic_into(em, e, dest);
        return;
    case IR_ANSWERED:
        answered_into(em, e, dest);
        return;
    case IR_COALESCE:
        default_into(em, e, dest);
        return;
    case IR_IF:
        if_into(em, e, dest);
        return;
    case IR_LEAST:
    case IR_GREATEST:
        extreme_into(em, e, dest);
        return;
    case IR_AGGREGATE:
        emit_aggregate(em, e, dest);
        return;
    default:
        break;
    }
    if (emit_is_strict(e)) strict_into(em, e, dest);
    else if (e->helper == HELPER_JOIN) join_into(em, e, dest);
    else size_into(em, e, dest);
}
