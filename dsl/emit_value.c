#include "dsl/emit_value.h"

#include "base/decimal.h"
#include "dsl/emit_row.h"

#include <assert.h>

/* ---- light or not */

/* A call that may have no value though its operands have. */
static bool is_nilable_call(const struct ir_expr *e)
{
    switch (e->helper) {
    case HELPER_DATE:
    case HELPER_PARSE_INTEGER:
    case HELPER_PARSE_DECIMAL:
    case HELPER_PARSE_DATE:
    case HELPER_SUBSTRING:
    case HELPER_COLUMN:
    case HELPER_FIND:
    case HELPER_LISTED:
    case HELPER_CHECKSUM:
    case HELPER_RANK:
    case HELPER_RANKED:
        return e->op == IR_CALL;
    case HELPER_PARTIAL_MONTH:
    case HELPER_PARTIAL_DAY:
        return e->op == IR_CALL && e->args[0]->type.kind == TYPE_PARTIAL_DATE;
    case HELPER_CODE:
        return e->op == IR_CALL && e->args[0]->type.open;
    default:
        return false;
    }
}

/* Whether the operator is written in one piece, has a value whenever its operands have, and cannot
 * fault. */
static bool is_light_call(const struct ir_expr *e)
{
    return e->helper != HELPER_JOIN && !is_nilable_call(e) && !e->may_fault &&
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

static bool light_question(struct emitter *em, const struct ir_expr *e, int *room)
{
    if (--*room < 0) return false;
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
            if (!light_question(em, e->args[i], room)) return false;
        return true;
    case IR_ANSWERED:
        return light_value(em, e->args[0], room);
    case IR_COALESCE:
        return is_plain_default(e);
    default:
        if (fact_find_expr(em, e)) return true;
        return is_light_op(e) && light_args(em, e, room);
    }
}

static bool light_value(struct emitter *em, const struct ir_expr *e, int *room)
{
    if (--*room < 0) return false;
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
        return !e->may_be_missing && light_question(em, e, room);
    case IR_ANSWERED:
        return light_value(em, e->args[0], room);
    case IR_COALESCE:
        return is_plain_default(e);
    default:
        if (fact_find_expr(em, e)) return true;
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
    return light_question(em, e, &room);
}

/* ---- guards */

static void add_guard(struct emitter *em, struct emit_value *value, uint32_t number, bool logical)
{
    if (present_is(em, number)) return;
    for (uint32_t i = 0; i < value->guard_count; i++)
        if (value->guards[i] == number) return;
    assert(value->guard_count < EMIT_GUARDS);
    value->logical[value->guard_count] = logical;
    value->guards[value->guard_count++] = number;
}

static const char *both_texts(struct emitter *em, const char *a, const char *word, const char *b)
{
    if (!*a) return b;
    return *b ? emitter_text(em, "%s %s %s", a, word, b) : a;
}

static const char *guards_text(struct emitter *em, const struct emit_value *value, bool as_boolean)
{
    if (value->missing) return "false";
    const char *text = "";
    for (uint32_t i = 0; i < value->guard_count; i++) {
        if (present_is(em, value->guards[i])) continue;
        const char *name = reg(em, value->guards[i]);
        bool asks_nil = as_boolean || value->logical[i];
        text = both_texts(em, text, "and", asks_nil ? emitter_text(em, "%s~=nil", name) : name);
    }
    return text;
}

const char *emit_guards(struct emitter *em, const struct emit_value *value)
{
    return guards_text(em, value, false);
}

/* The other way round: "not v1 or v2==nil". A boolean itself. */
static const char *lacks(struct emitter *em, const struct emit_value *value)
{
    if (value->missing) return "true";
    const char *text = "";
    for (uint32_t i = 0; i < value->guard_count; i++) {
        if (present_is(em, value->guards[i])) continue;
        const char *name = reg(em, value->guards[i]);
        const char *part =
            value->logical[i] ? emitter_text(em, "%s==nil", name) : emitter_text(em, "not %s", name);
        text = both_texts(em, text, "or", part);
    }
    return text;
}

static void prove(struct emitter *em, uint32_t number)
{
    struct emit_numbers *list = &em->proved;
    if (list->count == list->room) {
        uint32_t room = list->room ? list->room * 2 : 32;
        uint32_t *items = arena_grow(em->arena, list->items, list->room, room, sizeof *items);
        if (!items) return; /* knowing less is no fault */
        list->items = items;
        list->room = room;
    }
    list->items[list->count++] = number;
}

static void prove_guards(struct emitter *em, const struct emit_value *value)
{
    for (uint32_t i = 0; i < value->guard_count; i++) prove(em, value->guards[i]);
}

void emit_note_proved(struct emitter *em)
{
    for (uint32_t i = 0; i < em->proved.count; i++) present_add(em, em->proved.items[i]);
    em->proved.count = 0;
}

static void note_guards(struct emitter *em, const struct emit_value *value)
{
    for (uint32_t i = 0; i < value->guard_count; i++) present_add(em, value->guards[i]);
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

static struct emit_value register_value(struct emitter *em, uint32_t number, bool present,
                                        const struct ir_expr *e)
{
    struct emit_value value = {.text = reg(em, number), .atom = true};
    if (!present) add_guard(em, &value, number, e->type.kind == TYPE_BOOLEAN);
    return value;
}

/* A slot in a register: the one that holds it, or a new one; that is kept when others will ask for it.
 */
static struct emit_value slot_value(struct emitter *em, const struct ir_expr *e)
{
    const struct ir_node *node = &em->ir->nodes[e->node];
    uint32_t cursor = node->scope ? e->cursor : 0;
    struct emit_fact *fact = fact_find(em, FACT_VALUE, e->node, cursor);
    if (!fact && node->scope == 0 && em->reads->nodes[e->node] > 1)
        fact = fact_load(em, FACT_VALUE, e->node, 0, em->program->nodes[e->node].slot);
    if (fact) return register_value(em, fact->reg, fact->present || !e->may_be_missing, e);
    const char *place = emit_slot(em, e->node, cursor);
    bool keep = fact_affordable(em) && em->reads->nodes[e->node] > 1;
    uint32_t number = keep ? emitter_take(em) : emitter_temp(em);
    emitter_line(em, "%s=%s", reg(em, number), place);
    if (keep)
        fact_add(
            em,
            (struct emit_fact){
                .kind = FACT_VALUE, .a = e->node, .b = cursor, .reg = number, .depth = em->fn->depth});
    return register_value(em, number, !e->may_be_missing, e);
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
    return register_value(em, number, false, e);
}

static struct emit_value default_value(struct emitter *em, const struct ir_expr *e)
{
    struct emit_value other = literal_value(em, e->args[1]);
    if (!e->args[0]->may_be_missing) return slot_value(em, e->args[0]);
    uint32_t number = emitter_temp(em);
    const char *name = reg(em, number), *slot = slot_text(em, e->args[0]);
    if (e->type.kind != TYPE_BOOLEAN) emitter_line(em, "%s=%s or %s", name, slot, other.text);
    else emitter_line(em, "%s=%s if %s==nil then %s=%s end", name, slot, name, name, other.text);
    return register_value(em, number, true, e);
}

static const char *order_sign(enum ir_op op)
{
    static const char *const signs[] = {"==", "~=", "<", "<=", ">", ">="};
    return signs[op - IR_EQ];
}

/* The comparison that holds when the other one does not. */
static enum ir_op opposite(enum ir_op op)
{
    static const enum ir_op ops[] = {IR_NE, IR_EQ, IR_GE, IR_GT, IR_LE, IR_LT};
    return ops[op - IR_EQ];
}

/* Without parentheses. Texts are put in order by code points, which `<` of Lua does not do. */
static const char *comparison_text(struct emitter *em, enum ir_op op, enum program_type kind,
                                   const char *a, const char *b)
{
    if (kind != TYPE_TEXT || op == IR_EQ || op == IR_NE)
        return emitter_text(em, "%s%s%s", a, order_sign(op), b);
    bool swapped = op == IR_GT || op == IR_LE;
    const char *no = op == IR_LE || op == IR_GE ? "not " : "";
    return emitter_text(em, "%s%s(%s,%s)", no, emitter_helper(em, HELPER_TEXT_LESS), swapped ? b : a,
                        swapped ? a : b);
}

static int64_t magnitude(const struct ir_expr *e)
{
    int64_t low = e->low < 0 ? -e->low : e->low, high = e->high < 0 ? -e->high : e->high;
    return low > high ? low : high;
}

/* Whether the product fits Lua's integers, so that `*` cannot wrap. */
static bool product_fits(const struct ir_expr *e)
{
    if (e->type.kind == TYPE_NUMBER || !e->may_fault) return true;
    int64_t a = magnitude(e->args[0]), b = magnitude(e->args[1]);
    return b == 0 || a <= INT64_MAX / b;
}

static bool rescale_fits(const struct ir_expr *e)
{
    return !e->may_fault ||
           magnitude(e->args[0]) <=
               INT64_MAX / decimal_power((unsigned)(e->type.scale - e->args[0]->type.scale));
}

static const char *rescale_text(struct emitter *em, const struct ir_expr *e, const char *a)
{
    long long power = (long long)decimal_power((unsigned)(e->type.scale - e->args[0]->type.scale));
    if (rescale_fits(e)) return emitter_text(em, "(%s*%lld)", a, power);
    return emitter_text(em, "%s(%u,%s,%lld)", emitter_helper(em, HELPER_MUL), (unsigned)em->rule, a,
                        power);
}

/* What stands before the args of a call: the rule, for those that may fault, a list, a pattern, a type.
 */
static const char *call_head(struct emitter *em, const struct ir_expr *e)
{
    const struct type type = e->arg_count ? e->args[0]->type : e->type;
    switch (e->helper) {
    case HELPER_DIVIDE:
    case HELPER_MUL:
    case HELPER_FLOOR_NUMBER:
    case HELPER_CEIL_NUMBER:
    case HELPER_SQRT:
    case HELPER_DATE_OF:
    case HELPER_ADD_DAYS:
    case HELPER_ADD_MONTHS:
    case HELPER_ADD_MS:
    case HELPER_ADD_MONTHS_INSTANT:
    case HELPER_SHIFT_MONTH:
        return emitter_text(em, "%u,", (unsigned)em->rule);
    case HELPER_SCORE:
    case HELPER_SCORE_SET:
    case HELPER_CODE:
    case HELPER_LISTED:
        return emitter_text(em, "%u,", (unsigned)type.list);
    case HELPER_COLUMN:
        return emitter_text(em, "%u,%u,", (unsigned)type.list, (unsigned)e->column);
    case HELPER_FIND:
        return emitter_text(em, "%u,", (unsigned)e->type.list);
    case HELPER_TEXT_OF:
        return emitter_text(em, "%u,%u,", (unsigned)type.kind, (unsigned)type.scale);
    case HELPER_MATCHES:
        return emitter_text(em, "%u,", (unsigned)e->pattern);
    default:
        return "";
    }
}

/* What stands behind them. */
static const char *call_tail(struct emitter *em, const struct ir_expr *e)
{
    switch (e->helper) {
    case HELPER_ROUND:
    case HELPER_FLOOR_SCALED:
    case HELPER_CEIL_SCALED:
        return emitter_text(em, ",%d", e->args[0]->type.scale - e->type.scale);
    case HELPER_NUMBER:
        return emitter_text(em, ",%d", e->args[0]->type.scale);
    case HELPER_PARSE_DECIMAL:
        return emitter_text(em, ",%d", e->type.scale);
    case HELPER_DIVIDE: {
        int shift = e->type.scale - e->args[0]->type.scale + e->args[1]->type.scale;
        return emitter_text(em, ",%d,%d", shift > 0 ? shift : 0, shift < 0 ? -shift : 0);
    }
    default:
        return "";
    }
}

static const char *list_text(struct emitter *em, const char *const *texts, uint32_t count)
{
    const char *list = "";
    for (uint32_t i = 0; i < count; i++)
        list = emitter_text(em, "%s%s%s", list, i ? "," : "", texts[i]);
    return list;
}

static const char *call_text(struct emitter *em, const struct ir_expr *e, const char *const *args)
{
    return emitter_text(em, "%s(%s%s%s)", emitter_helper(em, e->helper), call_head(em, e),
                        list_text(em, args, e->arg_count), call_tail(em, e));
}

/* The operator over the texts of its operands. */
static const char *op_text(struct emitter *em, const struct ir_expr *e, const char *const *args)
{
    switch (e->op) {
    case IR_ADD:
        return emitter_text(em, "(%s+%s)", args[0], args[1]);
    case IR_SUB:
        return emitter_text(em, "(%s-%s)", args[0], args[1]);
    case IR_DIV:
        return emitter_text(em, "(%s/%s)", args[0], args[1]);
    case IR_FLOOR_DIV:
        return emitter_text(em, "(%s//%s)", args[0], args[1]);
    case IR_MOD:
        return emitter_text(em, "(%s%%%s)", args[0], args[1]);
    case IR_NEGATE:
        return emitter_text(em, "(-%s)", args[0]);
    case IR_RESCALE:
        return rescale_text(em, e, args[0]);
    case IR_MUL:
        if (product_fits(e)) return emitter_text(em, "(%s*%s)", args[0], args[1]);
        return emitter_text(em, "%s(%u,%s,%s)", emitter_helper(em, HELPER_MUL), (unsigned)em->rule,
                            args[0], args[1]);
    case IR_HAS:
        return emitter_text(em, "%s(%s,%s)", emitter_helper(em, HELPER_HAS), args[0], args[1]);
    case IR_CONCAT:
        return emitter_text(em, "%s(%s)", emitter_helper(em, HELPER_CONCAT),
                            list_text(em, args, e->arg_count));
    case IR_CALL:
        return call_text(em, e, args);
    default:
        assert(e->op >= IR_EQ && e->op <= IR_GE);
        return emitter_text(em, "(%s)",
                            comparison_text(em, e->op, e->args[0]->type.kind, args[0], args[1]));
    }
}

/* How many options were chosen: a helper that takes nil. */
static bool takes_nil(const struct ir_expr *e)
{
    return e->op == IR_CALL && e->helper == HELPER_SIZE;
}

/* Text for a value that may be nil, where nil may stand. */
static const char *maybe_text(struct emitter *em, struct emit_value *value)
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
        args[i] = takes_nil(e) ? maybe_text(em, &arg) : arg.text;
        for (uint32_t k = 0; k < arg.guard_count && !takes_nil(e); k++)
            add_guard(em, &value, arg.guards[k], arg.logical[k]);
    }
    if (takes_nil(e)) value.missing = false;
    value.text = op_text(em, e, args);
    return value;
}

static const char *light_text(struct emitter *em, const struct ir_expr *e, bool want);

/* Of a boolean that is never missing: one question says all. It proves nothing about the place it
 * stands in. */
static struct emit_value logic_value(struct emitter *em, const struct ir_expr *e)
{
    uint32_t proved = em->proved.count;
    struct emit_value value = {.text = emitter_text(em, "(%s or false)", light_text(em, e, true))};
    em->proved.count = proved;
    return value;
}

struct emit_value emit_light(struct emitter *em, const struct ir_expr *e)
{
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
        break;
    }
    const struct emit_fact *shared = fact_find_expr(em, e);
    return shared ? register_value(em, shared->reg, shared->present, e) : strict_value(em, e);
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
    enum ir_op op = want ? e->op : opposite(e->op);
    const char *plain = plain_equality(em, e, op == IR_EQ);
    if (plain) return plain;
    struct emit_value a = emit_light(em, e->args[0]), b = emit_light(em, e->args[1]), both = a;
    both.missing |= b.missing;
    for (uint32_t i = 0; i < b.guard_count; i++) add_guard(em, &both, b.guards[i], b.logical[i]);
    const char *text = comparison_text(em, op, e->args[0]->type.kind, a.text, b.text);
    const char *guards = emit_guards(em, &both);
    prove_guards(em, &both);
    /* Of two atoms that are equal none is nil if one is not. */
    if (op == IR_EQ && a.atom && b.atom && !both.missing && (a.guard_count == 0 || b.guard_count == 0))
        return text;
    return both_texts(em, guards, "and", text);
}

/* Has it a value that is `want`? A text that is a boolean itself. */
static const char *truth_question(struct emitter *em, const struct ir_expr *e, bool want)
{
    struct emit_value value = emit_light(em, e);
    const char *guards = emit_guards(em, &value);
    prove_guards(em, &value);
    if (value.missing) return "false";
    if (value.atom && want) return value.text;
    if (value.atom) return emitter_text(em, "%s==false", value.text);
    return both_texts(em, guards, "and", want ? value.text : emitter_text(em, "not %s", value.text));
}

static const char *answered_question(struct emitter *em, const struct ir_expr *e, bool want)
{
    if (e->args[0]->op == IR_SLOT)
        return emitter_text(em, want ? "%s~=nil" : "%s==nil", slot_text(em, e->args[0]));
    struct emit_value value = emit_light(em, e->args[0]);
    const char *text = want ? guards_text(em, &value, true) : lacks(em, &value);
    if (want) prove_guards(em, &value);
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
        const char *part = light_text(em, e->args[i], want);
        text = both_texts(em, text, "and", part);
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
        text = both_texts(em, text, "or", light_text(em, e->args[i], want));
        em->proved.count = proved;
    }
    return emitter_text(em, "(%s)", text);
}

static const char *light_text(struct emitter *em, const struct ir_expr *e, bool want)
{
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
        return light_text(em, e->args[0], !want);
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
        return fact_find_expr(em, e) ? truth_question(em, e, want) : comparison_question(em, e, want);
    default:
        return truth_question(em, e, want);
    }
}

const char *emit_question(struct emitter *em, const struct ir_expr *e, bool want)
{
    em->proved.count = 0;
    if (emit_is_light_question(em, e)) return light_text(em, e, want);
    uint32_t number = emitter_temp(em);
    emit_question_into(em, e, want, number);
    em->proved.count = 0;
    return reg(em, number);
}

/* ---- functions for what is too large, too deep, or would be written twice */

static uint32_t count_exprs(const struct ir_expr *e, uint32_t room)
{
    uint32_t count = 1;
    for (uint32_t i = 0; i < e->arg_count && count < room; i++)
        count += count_exprs(e->args[i], room - count);
    if (e->where && count < room) count += count_exprs(e->where, room - count);
    return count;
}

static bool wants_outline(const struct emitter *em, const struct ir_expr *e)
{
    const struct emit_function *fn = em->fn;
    if (fn->depth == 0 || fn->root == e) return false; /* it has just begun */
    if (fn->depth >= EMIT_DEPTH_MAX || fn->loops >= EMIT_LOOPS_MAX) return true;
    return em->large && count_exprs(e, EMIT_PART) >= EMIT_PART;
}

/* The rows that are open here are its parameters. */
static const char *row_list(struct emitter *em)
{
    const char *list = "";
    for (uint32_t i = 0; i < EMIT_CURSORS; i++)
        if (em->cursors[i].open && em->cursors[i].scope)
            list = emitter_text(em, "%s,i%u", list, (unsigned)i);
    return em->option ? emitter_text(em, "%s,o", list) : list;
}

static void write_body(struct emitter *em, const struct ir_expr *e, enum emit_outline_kind kind)
{
    uint32_t result = emitter_take(em);
    if (kind == OUTLINE_VALUE) emit_into(em, e, result);
    else emit_question_into(em, e, kind == OUTLINE_TRUE, result);
    emitter_line(em, "return %s", reg(em, result));
}

static uint32_t find_outline(const struct emitter *em, const struct ir_expr *e,
                             enum emit_outline_kind kind)
{
    for (uint32_t i = 0; i < em->outline_count; i++)
        if (em->outlines[i].expr == e && em->outlines[i].kind == kind) return em->outlines[i].function;
    return 0;
}

static void remember_outline(struct emitter *em, struct emit_outline outline)
{
    if (em->outline_count == em->outline_room) {
        uint32_t room = em->outline_room ? em->outline_room * 2 : 16;
        struct emit_outline *grown =
            arena_grow(em->arena, em->outlines, em->outline_room, room, sizeof *grown);
        if (!grown) {
            emitter_fail(em, em->arena->refused ? ST_LIMIT : ST_NOMEM);
            return;
        }
        em->outlines = grown;
        em->outline_room = room;
    }
    em->outlines[em->outline_count++] = outline;
}

/* A function of its own, unless the rule has it already; text that calls it. */
static const char *outlined(struct emitter *em, const struct ir_expr *e, enum emit_outline_kind kind)
{
    const char *rows = row_list(em);
    uint32_t questions = em->questions, number = find_outline(em, e, kind);
    struct buf text;
    if (number) return emitter_text(em, "F[%u](S%s)", (unsigned)number, rows);
    if (!emitter_function_new(em)) return "nil";
    em->questions = 0;
    em->fn->root = e;
    write_body(em, e, kind);
    em->questions = questions;
    buf_init(&text, em->arena->mem, limit(LUA_BYTES));
    emitter_function_end(em, &text);
    number = ++em->function_count;
    remember_outline(em, (struct emit_outline){e, kind, number});
    buf_printf(&em->functions, "F[%u]=function(S%s)\n", (unsigned)number, rows);
    buf_put(&em->functions, buf_str(&text));
    buf_puts(&em->functions, "end\n");
    if (buf_failed(&text)) emitter_fail(em, text.failure);
    if (buf_failed(&em->functions)) emitter_fail(em, em->functions.failure);
    buf_release(&text);
    return emitter_text(em, "F[%u](S%s)", (unsigned)number, rows);
}

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
static const struct ir_expr *regrouped(struct emitter *em, const struct ir_expr *e)
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

/* ---- statements: checks of results */

static void check_range(struct emitter *em, const char *name)
{
    emitter_line(em, "if %s>%lld or %s<%lld then %s(%u,1) end", name, (long long)DECIMAL_MAX, name,
                 (long long)-DECIMAL_MAX, emitter_helper(em, HELPER_FAULT), (unsigned)em->rule);
}

/* Infinity minus infinity is no number, and nothing else minus itself is not 0. */
static void check_finite(struct emitter *em, const char *name)
{
    emitter_line(em, "if %s-%s~=0 then %s(%u,3) end", name, name, emitter_helper(em, HELPER_FAULT),
                 (unsigned)em->rule);
}

static void check_divisor(struct emitter *em, const struct ir_expr *divisor, const char *text)
{
    bool number = divisor->type.kind == TYPE_NUMBER;
    if (divisor->op == IR_CONST && (number ? divisor->value.number != 0 : divisor->value.exact != 0))
        return;
    emitter_line(em, "if %s==0 then %s(%u,2) end", text, emitter_helper(em, HELPER_FAULT),
                 (unsigned)em->rule);
}

/* dest = the operator over operands that are there. */
static void compute(struct emitter *em, const struct ir_expr *e, const char *const *args, uint32_t dest)
{
    const char *name = reg(em, dest);
    if (em->failure) return;
    switch (e->op) {
    case IR_ABS:
        emitter_line(em, "%s=%s if %s<0 then %s=-%s end", name, args[0], name, name, name);
        return;
    case IR_SIGN:
        emitter_line(em, "%s=%s if %s>0 then %s=1 elseif %s<0 then %s=-1 else %s=0 end", name, args[0],
                     name, name, name, name, name);
        return;
    case IR_DIV:
    case IR_FLOOR_DIV:
    case IR_MOD:
        if (e->may_fault) check_divisor(em, e->args[1], args[1]);
        break;
    default:
        break;
    }
    emitter_line(em, "%s=%s", name, op_text(em, e, args));
    if (!e->may_fault) return;
    bool arithmetic = e->op == IR_ADD || e->op == IR_SUB || (e->op == IR_MUL && product_fits(e)) ||
                      (e->op == IR_RESCALE && rescale_fits(e));
    if (e->type.kind == TYPE_NUMBER && (arithmetic || e->op == IR_DIV)) check_finite(em, name);
    else if (arithmetic) check_range(em, name);
}

/* ---- statements: operands */

static bool is_strict(const struct ir_expr *e)
{
    switch (e->op) {
    case IR_EQ:
    case IR_NE:
    case IR_LT:
    case IR_LE:
    case IR_GT:
    case IR_GE:
    case IR_HAS:
    case IR_ADD:
    case IR_SUB:
    case IR_MUL:
    case IR_NEGATE:
    case IR_DIV:
    case IR_RESCALE:
    case IR_CONCAT:
    case IR_FLOOR_DIV:
    case IR_MOD:
    case IR_ABS:
    case IR_SIGN:
        return true;
    case IR_CALL:
        return e->helper != HELPER_JOIN && e->helper != HELPER_SIZE;
    default:
        return false;
    }
}

static bool args_may_be_missing(const struct ir_expr *e)
{
    for (uint32_t i = 0; i < e->arg_count; i++)
        if (e->args[i]->may_be_missing) return true;
    return false;
}

/* A text that is asked for twice by compute() is put into a register. */
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
static const char *const *need_args(struct emitter *em, const struct ir_expr *e)
{
    const char **args = arena_alloc(&em->texts, (e->arg_count + 1) * sizeof *args);
    if (!args) emitter_fail(em, em->texts.refused ? ST_LIMIT : ST_NOMEM);
    for (uint32_t i = 0; i < e->arg_count && args; i++)
        args[i] = settled(em, e, i, emit_need(em, e->args[i]));
    return args;
}

const char *emit_need(struct emitter *em, const struct ir_expr *e)
{
    e = regrouped(em, e);
    if (em->failure) return "nil";
    if (emit_is_light(em, e)) {
        struct emit_value value = emit_light(em, e);
        const char *missing = lacks(em, &value);
        if (*missing) emitter_line(em, "if %s then break end", missing);
        note_guards(em, &value);
        return value.text;
    }
    uint32_t number = emitter_temp(em);
    const char *name = reg(em, number);
    uint32_t mark = emitter_mark(em);
    bool flat = is_strict(e) && !wants_outline(em, e);
    if (flat) compute(em, e, need_args(em, e), number);
    else emit_into(em, e, number);
    emitter_release(em, mark);
    if ((!flat || is_nilable_call(e)) && e->may_be_missing)
        emitter_line(em, "if %s==nil then break end", name);
    return name;
}

/* ---- statements: questions */

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
    while (index + count < e->arg_count && light_question(em, e->args[index + count], &room)) count++;
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
    const char *text = light_text(em, e, want);
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
        if (run) emitter_line(em, "if %s then %s=true break end", light_text(em, &part, want), name);
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
    e = regrouped(em, e);
    if (em->failure) return;
    if (emit_is_light_question(em, e)) {
        em->proved.count = 0;
        uint32_t mark = emitter_mark(em);
        emitter_line(em, "%s=%s", reg(em, dest), light_text(em, e, want));
        emitter_release(em, mark);
        em->proved.count = 0;
        return;
    }
    if (wants_outline(em, e)) {
        emitter_line(em, "%s=%s", reg(em, dest), outlined(em, e, want ? OUTLINE_TRUE : OUTLINE_FALSE));
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
    const char *const *args = need_args(em, e);
    enum ir_op op = want ? opposite(e->op) : e->op; /* what must not be */
    if (em->failure) return;
    emitter_line(em, "if %s then break end",
                 comparison_text(em, op, e->args[0]->type.kind, args[0], args[1]));
}

void emit_require(struct emitter *em, const struct ir_expr *e, bool want)
{
    e = regrouped(em, e);
    if (em->failure) return;
    if (emit_is_light_question(em, e)) {
        require_light(em, e, want);
        return;
    }
    bool outline = wants_outline(em, e);
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

/* ---- statements: values */

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
    compute(em, e, need_args(em, e), dest);
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
            text = maybe_text(em, &value);
            emitter_line(em, "%s=%s", reg(em, number), text);
            value = register_value(em, number, !arg->may_be_missing, arg);
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
        return maybe_text(em, &value);
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
        any = both_texts(em, any, "or", emitter_text(em, "%s~=nil", reg(em, number)));
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
        emitter_line(em, "%s=%s", reg(em, dest), outlined(em, e, OUTLINE_VALUE));
    else both_questions_into(em, e, dest);
}

void emit_into(struct emitter *em, const struct ir_expr *e, uint32_t dest)
{
    e = regrouped(em, e);
    if (em->failure) return;
    if (emit_is_light(em, e)) {
        light_into(em, e, dest);
        return;
    }
    if (wants_outline(em, e)) {
        emitter_line(em, "%s=%s", reg(em, dest), outlined(em, e, OUTLINE_VALUE));
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
    if (is_strict(e)) strict_into(em, e, dest);
    else if (e->helper == HELPER_JOIN) join_into(em, e, dest);
    else size_into(em, e, dest);
}
