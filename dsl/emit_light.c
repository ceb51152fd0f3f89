#include "dsl/emit_light.h"

#include "dsl/emit_operator.h"
#include "dsl/emit_row.h"

/* ---- light or not */

/* Whether the operator is written in one piece, has a value whenever its operands have, and cannot
 * fault. */
static bool is_light_call(const struct ir_expr *e)
{
    return e->helper != HELPER_JOIN && !emit_is_nilable_call(e) && !e->may_fault &&
           e->arg_count <= EMIT_ARGS_MAX;
}

static bool is_light_op(const struct ir_expr *e)
{
    switch (e->op) {
    case IR_EQ:
    case IR_NE:
    case IR_LT:
    case IR_LE:
    case IR_GT:
    case IR_GE:
    case IR_HAS:
        return true;
    case IR_ADD:
    case IR_SUB:
    case IR_MUL:
    case IR_NEGATE:
    case IR_RESCALE:
    case IR_FLOOR_DIV:
    case IR_MOD:
        return !e->may_fault;
    case IR_CONCAT:
        return e->arg_count <= EMIT_ARGS_MAX;
    case IR_CALL:
        return is_light_call(e);
    default:
        return false;
    }
}

static bool light_value(struct emitter *em, const struct ir_expr *e, int *room);

static bool light_args(struct emitter *em, const struct ir_expr *e, int *room)
{
    for (uint32_t i = 0; i < e->arg_count; i++)
        if (!light_value(em, e->args[i], room)) return false;
    return true;
}

static bool is_plain_default(const struct ir_expr *e)
{
    return e->op == IR_COALESCE && e->args[0]->op == IR_SLOT && e->args[1]->op == IR_CONST;
}

bool emit_light_question(struct emitter *em, const struct ir_expr *e, int *room)
{
    if (--*room < 0) return false;
    if (fact_find_expr(em, e)) return true;
    switch (e->op) {
    case IR_CONST:
    case IR_MISSING:
    case IR_SLOT:
    case IR_PRIOR:
        return true;
    case IR_AND:
    case IR_OR:
    case IR_NOT:
        for (uint32_t i = 0; i < e->arg_count; i++)
            if (!emit_light_question(em, e->args[i], room)) return false;
        return true;
    case IR_ANSWERED:
        return light_value(em, e->args[0], room);
    case IR_COALESCE:
        return is_plain_default(e);
    default:
        return is_light_op(e) && light_args(em, e, room);
    }
}

static bool light_value(struct emitter *em, const struct ir_expr *e, int *room)
{
    if (--*room < 0) return false;
    if (fact_find_expr(em, e)) return true;
    switch (e->op) {
    case IR_CONST:
    case IR_MISSING:
    case IR_SLOT:
    case IR_PRIOR:
    case IR_TODAY:
    case IR_NOW:
    case IR_POSITION:
    case IR_OPTION:
        return true;
    case IR_AND:
    case IR_OR:
    case IR_NOT:
        return !e->may_be_missing && emit_light_question(em, e, room);
    case IR_ANSWERED:
        return light_value(em, e->args[0], room);
    case IR_COALESCE:
        return is_plain_default(e);
    default:
        return is_light_op(e) && light_args(em, e, room);
    }
}

bool emit_is_light(struct emitter *em, const struct ir_expr *e)
{
    int room = EMIT_LIGHT_MAX;
    return light_value(em, e, &room);
}

bool emit_is_light_question(struct emitter *em, const struct ir_expr *e)
{
    int room = EMIT_LIGHT_MAX;
    return emit_light_question(em, e, &room);
}

/* ---- light values */

static struct emit_value literal_value(struct emitter *em, const struct ir_expr *e)
{
    struct emit_value value = {.atom = true};
    switch (e->type.kind) {
    case TYPE_TEXT:
        value.text = emitter_string(em, e->value.text);
        break;
    case TYPE_BOOLEAN:
        value.text = e->value.truth ? "true" : "false";
        break;
    case TYPE_NUMBER:
        value.text = emitter_number(em, e->value.number);
        break;
    default:
        value.text = emitter_exact(em, e->value.exact);
        break;
    }
    return value;
}

struct emit_value emit_register_value(struct emitter *em, uint32_t number, bool present,
                                      const struct ir_expr *e)
{
    struct emit_value value = {.text = reg(em, number), .atom = true};
    if (!present) emit_guard_add(em, &value, number, e->type.kind == TYPE_BOOLEAN);
    return value;
}

static struct emit_value home_value(struct emitter *em, const struct ir_expr *e)
{
    uint32_t home = emitter_home(em, em->program->nodes[e->node].slot);
    const struct emit_fact *fact = fact_find(em, FACT_VALUE, e->node, 0);
    return emit_register_value(em, home, (fact && fact->present) || !e->may_be_missing, e);
}

/* A slot in a register: the one that holds it, or a new one; that is kept when others will ask for it.
 */
static struct emit_value slot_value(struct emitter *em, const struct ir_expr *e)
{
    const struct ir_node *node = &em->ir->nodes[e->node];
    uint32_t cursor = node->scope ? e->cursor : 0;
    if (em->direct && node->scope == 0) return home_value(em, e);
    struct emit_fact *fact = fact_find(em, FACT_VALUE, e->node, cursor);
    if (!fact && node->scope == 0 && em->reads->nodes[e->node] > 1)
        fact = fact_load(em, FACT_VALUE, e->node, 0, em->program->nodes[e->node].slot);
    if (fact) return emit_register_value(em, fact->reg, fact->present || !e->may_be_missing, e);
    const char *place = emit_slot(em, e->node, cursor);
    bool keep = fact_affordable(em) && em->reads->nodes[e->node] > 1;
    uint32_t number = keep ? emitter_take(em) : emitter_temp(em);
    emitter_line(em, "%s=%s", reg(em, number), place);
    if (keep)
        fact_add(
            em,
            (struct emit_fact){
                .kind = FACT_VALUE, .a = e->node, .b = cursor, .reg = number, .depth = em->fn->depth});
    return emit_register_value(em, number, !e->may_be_missing, e);
}

/* Where a slot is asked for once, its register may be spared. */
static const char *slot_text(struct emitter *em, const struct ir_expr *e)
{
    uint32_t cursor = em->ir->nodes[e->node].scope ? e->cursor : 0;
    struct emit_fact *fact = fact_find(em, FACT_VALUE, e->node, cursor);
    return fact ? reg(em, fact->reg) : emit_slot(em, e->node, cursor);
}

static struct emit_value prior_value(struct emitter *em, const struct ir_expr *e)
{
    const char *text = emit_prior(em, e);
    uint32_t number = emitter_temp(em);
    emitter_line(em, "%s=%s", reg(em, number), text);
    return emit_register_value(em, number, false, e);
}

static struct emit_value default_value(struct emitter *em, const struct ir_expr *e)
{
    struct emit_value other = literal_value(em, e->args[1]);
    if (!e->args[0]->may_be_missing) return slot_value(em, e->args[0]);
    uint32_t number = emitter_temp(em);
    const char *name = reg(em, number), *slot = slot_text(em, e->args[0]);
    if (e->type.kind != TYPE_BOOLEAN) emitter_line(em, "%s=%s or %s", name, slot, other.text);
    else emitter_line(em, "%s=%s if %s==nil then %s=%s end", name, slot, name, name, other.text);
    return emit_register_value(em, number, true, e);
}

/* Text for a value that may be nil, where nil may stand. */
const char *emit_maybe_text(struct emitter *em, struct emit_value *value)
{
    const char *guards = emit_guards(em, value);
    if (value->atom || !*guards) return value->text;
    uint32_t number = emitter_temp(em);
    const char *name = reg(em, number);
    emitter_line(em, "%s=nil if %s then %s=%s end", name, guards, name, value->text);
    return name;
}

static struct emit_value strict_value(struct emitter *em, const struct ir_expr *e)
{
    struct emit_value value = {0};
    const char *args[EMIT_ARGS_MAX];
    for (uint32_t i = 0; i < e->arg_count; i++) {
        struct emit_value arg = emit_light(em, e->args[i]);
        value.missing |= arg.missing;
        args[i] = emit_takes_nil(e) ? emit_maybe_text(em, &arg) : arg.text;
        for (uint32_t k = 0; k < arg.guard_count && !emit_takes_nil(e); k++)
            emit_guard_add(em, &value, arg.guards[k], arg.logical[k]);
    }
    if (emit_takes_nil(e)) value.missing = false;
    value.text = emit_operation(em, e, args);
    return value;
}

/* Of a boolean that is never missing: one question says all. It proves nothing about the place it
 * stands in. */
static struct emit_value logic_value(struct emitter *em, const struct ir_expr *e)
{
    uint32_t proved = em->proved.count;
    struct emit_value value = {.text = emitter_text(em, "(%s or false)", emit_light_text(em, e, true))};
    em->proved.count = proved;
    return value;
}

struct emit_value emit_light(struct emitter *em, const struct ir_expr *e)
{
    const struct emit_fact *shared = fact_find_expr(em, e);
    if (shared) return emit_register_value(em, shared->reg, shared->present, e);
    switch (e->op) {
    case IR_CONST:
        return literal_value(em, e);
    case IR_MISSING:
        return (struct emit_value){.text = "nil", .atom = true, .missing = true};
    case IR_SLOT:
        return slot_value(em, e);
    case IR_PRIOR:
        return prior_value(em, e);
    case IR_TODAY:
        return (struct emit_value){.text = emitter_text(em, "S[%u]", (unsigned)em->program->today_slot),
                                   .atom = true};
    case IR_NOW:
        return (struct emit_value){.text = emitter_text(em, "S[%u]", (unsigned)em->program->now_slot),
                                   .atom = true};
    case IR_POSITION:
        return (struct emit_value){.text = emit_position(em, e)};
    case IR_OPTION:
        return (struct emit_value){.text = "o", .atom = true};
    case IR_COALESCE:
        return default_value(em, e);
    case IR_AND:
    case IR_OR:
    case IR_NOT:
    case IR_ANSWERED:
        return logic_value(em, e);
    default:
        return strict_value(em, e);
    }
}

/* ---- light questions */

/* x = constant: nil equals nothing, so no guard is needed, and no register. */
static const char *plain_equality(struct emitter *em, const struct ir_expr *e, bool same)
{
    const struct ir_expr *a = e->args[0], *b = e->args[1];
    if (!same || (e->op != IR_EQ && e->op != IR_NE)) return NULL;
    if (a->op == IR_CONST) {
        const struct ir_expr *swap = a;
        a = b;
        b = swap;
    }
    if (a->op != IR_SLOT || b->op != IR_CONST) return NULL;
    if (fact_find(em, FACT_VALUE, a->node, em->ir->nodes[a->node].scope ? a->cursor : 0)) return NULL;
    return emitter_text(em, "%s==%s", slot_text(em, a), literal_value(em, b).text);
}

static const char *comparison_question(struct emitter *em, const struct ir_expr *e, bool want)
{
    enum ir_op op = want ? e->op : emit_opposite(e->op);
    const char *plain = plain_equality(em, e, op == IR_EQ);
    if (plain) return plain;
    struct emit_value a = emit_light(em, e->args[0]), b = emit_light(em, e->args[1]), both = a;
    both.missing |= b.missing;
    for (uint32_t i = 0; i < b.guard_count; i++) emit_guard_add(em, &both, b.guards[i], b.logical[i]);
    const char *text = emit_comparison(em, op, e->args[0]->type.kind, a.text, b.text);
    const char *guards = emit_guards(em, &both);
    emit_prove(em, &both);
    /* Of two atoms that are equal none is nil if one is not. */
    if (op == IR_EQ && a.atom && b.atom && !both.missing && (a.guard_count == 0 || b.guard_count == 0))
        return text;
    return emit_both(em, guards, "and", text);
}

/* Has it a value that is `want`? A text that is a boolean itself. */
static const char *truth_question(struct emitter *em, const struct ir_expr *e, bool want)
{
    struct emit_value value = emit_light(em, e);
    const char *guards = emit_guards(em, &value);
    emit_prove(em, &value);
    if (value.missing) return "false";
    if (value.atom && want) return value.text;
    if (value.atom) return emitter_text(em, "%s==false", value.text);
    return emit_both(em, guards, "and", want ? value.text : emitter_text(em, "not %s", value.text));
}

static const char *answered_question(struct emitter *em, const struct ir_expr *e, bool want)
{
    if (e->args[0]->op == IR_SLOT)
        return emitter_text(em, want ? "%s~=nil" : "%s==nil", slot_text(em, e->args[0]));
    struct emit_value value = emit_light(em, e->args[0]);
    const char *text = want ? emit_guards_as(em, &value, true) : emit_lacks(em, &value);
    if (want) emit_prove(em, &value);
    return *text ? text : want ? "true" : "false";
}

static const char *default_question(struct emitter *em, const struct ir_expr *e, bool want)
{
    const char *slot = slot_text(em, e->args[0]);
    bool other = e->args[1]->value.truth;
    if (want) return emitter_text(em, other ? "%s~=false" : "%s==true", slot);
    return emitter_text(em, other ? "%s==false" : "%s~=true", slot);
}

/* All must hold: what one part proves, the next ones need not ask again. */
static const char *all_text(struct emitter *em, const struct ir_expr *e, bool want)
{
    const char *text = "";
    uint32_t mark = present_mark(em);
    for (uint32_t i = 0; i < e->arg_count; i++) {
        uint32_t proved = em->proved.count;
        const char *part = emit_light_text(em, e->args[i], want);
        text = emit_both(em, text, "and", part);
        for (uint32_t k = proved; k < em->proved.count; k++) present_add(em, em->proved.items[k]);
    }
    present_drop(em, mark);
    return text;
}

/* One must hold: that proves nothing of the others. */
static const char *any_text(struct emitter *em, const struct ir_expr *e, bool want)
{
    const char *text = "";
    uint32_t proved = em->proved.count;
    for (uint32_t i = 0; i < e->arg_count; i++) {
        text = emit_both(em, text, "or", emit_light_text(em, e->args[i], want));
        em->proved.count = proved;
    }
    return emitter_text(em, "(%s)", text);
}

const char *emit_light_text(struct emitter *em, const struct ir_expr *e, bool want)
{
    if (fact_find_expr(em, e)) return truth_question(em, e, want);
    switch (e->op) {
    case IR_CONST:
        return e->value.truth == want ? "true" : "false";
    case IR_MISSING:
        return "false";
    case IR_SLOT:
        if (em->reads->nodes[e->node] > 1) return truth_question(em, e, want);
        return emitter_text(em, want ? "%s" : "%s==false", slot_text(em, e));
    case IR_AND:
        return want ? all_text(em, e, true) : any_text(em, e, false);
    case IR_OR:
        return want ? any_text(em, e, true) : all_text(em, e, false);
    case IR_NOT:
        return emit_light_text(em, e->args[0], !want);
    case IR_ANSWERED:
        return answered_question(em, e, want);
    case IR_COALESCE:
        return default_question(em, e, want);
    case IR_EQ:
    case IR_NE:
    case IR_LT:
    case IR_LE:
    case IR_GT:
    case IR_GE:
        return comparison_question(em, e, want);
    default:
        return truth_question(em, e, want);
    }
}
