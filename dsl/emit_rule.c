#include "dsl/emit_rule.h"

#include "dsl/emit_light.h"
#include "dsl/emit_question.h"
#include "dsl/emit_row.h"
#include "dsl/emit_value.h"
#include "dsl/pricing.h"

#include <assert.h>

static const struct ir_rule *rule_at(const struct emitter *em, uint32_t number)
{
    return &em->ir->rules[number];
}

static const struct ir_expr *rule_expr(const struct emitter *em, const struct ir_rule *rule)
{
    const struct ir_node *node = &em->ir->nodes[rule->node];
    switch (rule->kind) {
    case RULE_RELEVANCE:
        return node->when;
    case RULE_VALUE:
        return node->computed;
    case RULE_OFFER:
        return node->offer;
    case RULE_REQUIRED:
        return node->required_when;
    case RULE_CHECK:
        return em->ir->checks[rule->check].condition;
    case RULE_BOUNDS:
        break;
    }
    return NULL;
}

static uint32_t count_up_to(const struct ir_expr *e, uint32_t room)
{
    if (!e || room == 0) return 0;
    uint32_t count = 1;
    for (uint32_t i = 0; i < e->arg_count && count < room; i++)
        count += count_up_to(e->args[i], room - count);
    if (count < room) count += count_up_to(e->where, room - count);
    return count;
}

static uint32_t rule_size(const struct emitter *em, const struct ir_rule *rule)
{
    const struct ir_node *node = &em->ir->nodes[rule->node];
    if (rule->kind == RULE_BOUNDS) {
        uint32_t size = count_up_to(node->min, EMIT_LARGE) + count_up_to(node->max, EMIT_LARGE);
        for (int i = 0; i < BREACH_COUNT; i++) size += count_up_to(node->breaches[i], EMIT_LARGE);
        return size;
    }
    return count_up_to(rule_expr(em, rule), EMIT_LARGE);
}

/* Between rules no text refers to a register. */
static void begin_rule(struct emitter *em, uint32_t number)
{
    em->rule = number;
    em->outline_count = 0;
    em->large = rule_size(em, rule_at(em, number)) >= EMIT_LARGE;
    arena_reset(&em->texts);
    fact_trim(em);
}

/* Of rules, 0 means the form. */
static const char *row_text(const struct ir_rule *rule)
{
    return rule->scope ? "i0" : "0";
}

/* ---- relevance around a rule */

/* What hides a node within the rule's own row. Further out it hides the row itself: then the rule does
 * not run for it. */
static uint32_t within_row(const struct emitter *em, uint32_t node, uint32_t scope)
{
    return node != IR_NONE && em->ir->nodes[node].scope == scope ? node : IR_NONE;
}

/* The node that must be relevant for the rule to be asked, or IR_NONE. Relevance itself is always
 * worked out. */
static uint32_t guard_of(const struct emitter *em, const struct ir_rule *rule)
{
    if (rule->kind == RULE_RELEVANCE) return IR_NONE;
    uint32_t node = rule->kind == RULE_CHECK ? em->ir->checks[rule->check].owner : rule->node;
    return within_row(em, em->ir->nodes[node].relevance_node, rule->scope);
}

/* ---- relevance */

static bool has_home(const struct emitter *em, uint32_t scope)
{
    return em->direct && scope == 0;
}

/* The slot's home; else a register of its own that later rules can find, or a passing one when too many
 * are in use. */
static uint32_t result_register(struct emitter *em, const struct ir_rule *rule, uint32_t slot,
                                bool wanted, bool *ret_kept)
{
    *ret_kept = has_home(em, rule->scope);
    if (*ret_kept) return emitter_home(em, slot);
    *ret_kept = wanted && fact_affordable(em);
    return *ret_kept ? emitter_take(em) : emitter_temp(em);
}

/* What a rule has worked out goes where the runtime looks for it. */
static void put_result(struct emitter *em, const struct ir_rule *rule, uint32_t slot, uint32_t dest)
{
    if (has_home(em, rule->scope)) return; /* it is there */
    emitter_line(em, "%s=%s", emit_place(em, slot, rule->scope, 0), reg(em, dest));
}

/* Nothing is known of the value any more, wherever it is held. */
static void doubt_value(struct emitter *em, uint32_t node)
{
    struct emit_fact *fact = fact_find(em, FACT_VALUE, node, 0);
    if (has_home(em, em->ir->nodes[node].scope))
        present_forget(em, emitter_home(em, em->program->nodes[node].slot));
    if (!fact) return;
    present_forget(em, fact->reg);
    fact->present = false;
}

/* The node's value becomes nil, wherever it is held. */
static void forget_value(struct emitter *em, uint32_t node)
{
    const struct emit_fact *fact = fact_find(em, FACT_VALUE, node, 0);
    emitter_line(em, "%s=nil", emit_slot(em, node, 0));
    if (fact && !has_home(em, em->ir->nodes[node].scope))
        emitter_line(em, "%s=nil", reg(em, fact->reg));
    doubt_value(em, node);
}

/* The same, in a block of its own that one may not come to: `value` is the text of it. */
static const char *nil_text(struct emitter *em, uint32_t node, const char *value)
{
    const char *slot = emit_slot(em, node, 0);
    if (has_home(em, em->ir->nodes[node].scope)) return emitter_text(em, "%s=nil", slot);
    return emitter_text(em, "%s=nil %s=nil", slot, value);
}

static void forget_rows(struct emitter *em, uint32_t scope)
{
    emitter_line(em, "S[%u]=0", (unsigned)em->program->scopes[scope].rows_slot);
    const struct emit_fact *fact = fact_find(em, FACT_ROWS, scope, 0);
    if (fact) emitter_line(em, "%s=0", reg(em, fact->reg));
}

/* An answer that rules read and that `node` hides, itself or nearest around it. What is computed sees
 * to that itself. */
static bool is_hidden_answer(const struct emitter *em, uint32_t number, uint32_t node)
{
    const struct ir_node *at = &em->ir->nodes[number];
    if (at->kind != NODE_FIELD || at->computed || at->relevance_node != node) return false;
    return at->scope == em->ir->nodes[node].scope && em->reads->nodes[number] > 0;
}

static bool is_hidden_repeat(const struct emitter *em, uint32_t number, uint32_t node)
{
    return em->ir->nodes[number].kind == NODE_REPEAT && em->ir->nodes[node].scope == 0;
}

static bool hides_anything(const struct emitter *em, uint32_t node)
{
    for (uint32_t i = node; i < em->ir->nodes[node].subtree_end; i++)
        if (is_hidden_answer(em, i, node) || is_hidden_repeat(em, i, node)) return true;
    return false;
}

static void hide(struct emitter *em, uint32_t node, uint32_t relevant)
{
    if (!hides_anything(em, node)) return;
    emitter_open(em, "if not %s then", reg(em, relevant));
    for (uint32_t i = node; i < em->ir->nodes[node].subtree_end; i++) {
        if (is_hidden_answer(em, i, node)) forget_value(em, i);
        if (is_hidden_repeat(em, i, node)) forget_rows(em, em->ir->nodes[i].own_scope);
    }
    emitter_close(em, "end");
}

/* The nearest node around with a `when`, in the same row. */
static uint32_t relevance_around(const struct emitter *em, const struct ir_rule *rule)
{
    uint32_t parent = em->ir->nodes[rule->node].parent;
    if (parent == IR_NONE) return IR_NONE;
    return within_row(em, em->ir->nodes[parent].relevance_node, rule->scope);
}

void emit_rules_prepare(struct emitter *em)
{
    for (uint32_t i = 0; i < em->ir->rule_count && !em->failure; i++) {
        const struct ir_rule *rule = rule_at(em, i);
        uint32_t node = rule->kind == RULE_RELEVANCE ? relevance_around(em, rule) : guard_of(em, rule);
        if (node != IR_NONE) em->relevance_asked[node] = true;
    }
    for (uint32_t scope = 1; scope < em->ir->scope_count && !em->failure; scope++) {
        uint32_t node = emit_hiding_node(em, scope);
        if (node != IR_NONE) em->relevance_asked[node] = true;
    }
}

static void ask_relevance(struct emitter *em, const struct ir_rule *rule, uint32_t dest)
{
    const struct ir_expr *when = em->ir->nodes[rule->node].when;
    uint32_t around = relevance_around(em, rule);
    const char *name = reg(em, dest);
    if (around == IR_NONE) {
        emit_question_into(em, when, true, dest);
        return;
    }
    const char *outside = emit_relevance(em, around, 0);
    if (emit_is_light_question(em, when)) {
        const char *text = emit_question(em, when, true);
        emitter_line(em, "%s=%s and %s", name, outside, text);
        return;
    }
    emitter_line(em, "%s=%s", name, outside);
    emitter_open(em, "if %s then", name);
    emit_question_into(em, when, true, dest);
    emitter_close(em, "end");
}

/* Nobody asks for it again and it hides nothing from rules: no register is needed. */
static bool write_plain_relevance(struct emitter *em, const struct ir_rule *rule)
{
    const struct ir_expr *when = em->ir->nodes[rule->node].when;
    if (em->relevance_asked[rule->node] || !emit_is_light_question(em, when) ||
        hides_anything(em, rule->node))
        return false;
    uint32_t around = relevance_around(em, rule);
    const char *outside = around == IR_NONE ? "" : emit_relevance(em, around, 0),
               *text = emit_question(em, when, true);
    const char *place = emit_place(em, em->program->nodes[rule->node].relevance_slot, rule->scope, 0);
    emitter_line(em, "%s=%s%s%s", place, outside, *outside ? " and " : "", text);
    return true;
}

static void write_relevance(struct emitter *em, const struct ir_rule *rule)
{
    bool kept;
    if (write_plain_relevance(em, rule)) return;
    uint32_t slot = em->program->nodes[rule->node].relevance_slot;
    uint32_t dest = result_register(em, rule, slot, em->relevance_asked[rule->node], &kept);
    ask_relevance(em, rule, dest);
    put_result(em, rule, slot, dest);
    hide(em, rule->node, dest);
    struct emit_fact fact = {
        .kind = FACT_RELEVANCE, .a = rule->node, .reg = dest, .depth = em->fn->depth};
    if (kept) fact_add(em, fact);
}

/* ---- values */

static void keep_value(struct emitter *em, const struct ir_rule *rule, uint32_t dest, bool present)
{
    fact_add(em, (struct emit_fact){.kind = FACT_VALUE,
                                    .a = rule->node,
                                    .reg = dest,
                                    .depth = em->fn->depth,
                                    .present = present});
}

/* `guard` is not IR_NONE when the rule still has to ask for relevance itself. */
static void write_value(struct emitter *em, const struct ir_rule *rule, uint32_t guard)
{
    const struct ir_expr *e = em->ir->nodes[rule->node].computed;
    bool kept;
    uint32_t slot = em->program->nodes[rule->node].slot;
    uint32_t dest = result_register(em, rule, slot, em->reads->nodes[rule->node] > 0, &kept);
    if (guard != IR_NONE) {
        const char *relevant = emit_relevance(em, guard, 0);
        emitter_line(em, "%s=nil", reg(em, dest));
        emitter_open(em, "if %s then", relevant);
    }
    emit_into(em, e, dest);
    if (guard != IR_NONE) emitter_close(em, "end");
    put_result(em, rule, slot, dest);
    if (kept) keep_value(em, rule, dest, guard == IR_NONE && !e->may_be_missing);
}

static void write_required(struct emitter *em, const struct ir_rule *rule)
{
    const char *text = emit_question(em, em->ir->nodes[rule->node].required_when, true);
    const char *place = emit_place(em, em->program->nodes[rule->node].required_slot, rule->scope, 0);
    emitter_line(em, "%s=%s", place, text);
}

/* ---- complaints */

static void write_check(struct emitter *em, const struct ir_rule *rule)
{
    const char *text = emit_question(em, em->ir->checks[rule->check].condition, false);
    emitter_line(em, "if %s then %s(%u,%s) end", text, emitter_helper(em, HELPER_FAIL),
                 (unsigned)rule->check, row_text(rule));
}

/* A bound that is not a constant: text for its value, asked for more than once, and what must hold for
 * it to have one. */
static const char *bound_text(struct emitter *em, const struct ir_expr *bound, const char **ret_guards)
{
    uint32_t number = emitter_temp(em);
    if (emit_is_light(em, bound)) {
        struct emit_value value = emit_light(em, bound);
        *ret_guards = emit_guards(em, &value);
        if (value.atom) return value.text;
    }
    emit_into(em, bound, number);
    *ret_guards = bound->may_be_missing ? reg(em, number) : "";
    return reg(em, number);
}

static void write_bound(struct emitter *em, const struct ir_rule *rule, const char *value, bool max)
{
    const struct ir_node *node = &em->ir->nodes[rule->node];
    const struct ir_expr *bound = max ? node->max : node->min;
    if (!bound || bound->op == IR_CONST) return;
    uint32_t mark = emitter_mark(em);
    const char *guards, *text = bound_text(em, bound, &guards);
    emitter_open(em, "if %s%s%s%s%s then", guards, *guards ? " and " : "", value, max ? ">" : "<",
                 text);
    emitter_line(em, "%s(%u,%s,%d,%s)", emitter_helper(em, HELPER_BREACH), (unsigned)rule->node,
                 row_text(rule), max, text);
    emitter_line(em, "%s", nil_text(em, rule->node, value));
    emitter_close(em, "end");
    emitter_release(em, mark);
}

/* What is broken when a condition holds. A value of a boolean may be false, so it is asked for with
 * nil. */
static void write_breach(struct emitter *em, const struct ir_rule *rule, const char *value,
                         enum program_breach breach)
{
    const struct ir_node *node = &em->ir->nodes[rule->node];
    const struct ir_expr *e = node->breaches[breach];
    if (!e) return;
    uint32_t mark = emitter_mark(em);
    emitter_open(em, "if %s%s then", value, node->type.kind == TYPE_BOOLEAN ? "~=nil" : "");
    const char *text = emit_question(em, e, true);
    emitter_open(em, "if %s then", text);
    emitter_line(em, "%s(%u,%s,%d,0)", emitter_helper(em, HELPER_BREACH), (unsigned)rule->node,
                 row_text(rule), (int)breach);
    emitter_line(em, "%s", nil_text(em, rule->node, value));
    emitter_close(em, "end");
    emitter_close(em, "end");
    emitter_release(em, mark);
}

/* Where the values of earlier rows are kept: slots behind all others, made anew before the loop. */
static void prepare_unique(struct emitter *em, uint32_t first, uint32_t count)
{
    for (uint32_t i = first; i < first + count; i++) {
        const struct ir_rule *rule = rule_at(em, i);
        if (rule->kind != RULE_BOUNDS || !em->ir->nodes[rule->node].unique) continue;
        em->seen[rule->node] = emitter_apart(em);
        emitter_line(em, "%s={}", reg(em, em->seen[rule->node]));
    }
}

/* The table of the rows of one parent. */
static const char *seen_values(struct emitter *em, const struct ir_rule *rule)
{
    const char *all = reg(em, em->seen[rule->node]);
    uint32_t parent = em->ir->scopes[rule->scope].parent, number = emitter_temp(em);
    const char *name = reg(em, number);
    if (parent == 0) {
        emitter_line(em, "%s=%s", name, all);
        return name;
    }
    const char *row = emit_row(em, 0, parent);
    emitter_line(em, "%s=%s[%s]", name, all, row);
    emitter_line(em, "if not %s then %s={} %s[%s]=%s end", name, name, all, row, name);
    return name;
}

/* Only what nothing else breaks counts as met. */
static void write_unique(struct emitter *em, const struct ir_rule *rule, const char *value)
{
    if (!em->ir->nodes[rule->node].unique) return;
    uint32_t mark = emitter_mark(em);
    emitter_open(em, "if %s~=nil then", value);
    const char *seen = seen_values(em, rule);
    emitter_open(em, "if %s[%s] then", seen, value);
    emitter_line(em, "%s(%u,%s,%d,0)", emitter_helper(em, HELPER_BREACH), (unsigned)rule->node,
                 row_text(rule), (int)BREACH_REPEATED);
    emitter_line(em, "%s", nil_text(em, rule->node, value));
    emitter_else(em, "else");
    emitter_line(em, "%s[%s]=true", seen, value);
    emitter_close(em, "end");
    emitter_close(em, "end");
    emitter_release(em, mark);
}

/* The lower bound first; who breaks it is not asked for the upper one. */
static void write_bounds(struct emitter *em, const struct ir_rule *rule)
{
    const struct ir_node *node = &em->ir->nodes[rule->node];
    struct ir_expr self = {.op = IR_SLOT, .type = node->type, .node = rule->node, .may_be_missing = 1};
    struct emit_value value = emit_light(em, &self);
    bool both = node->min && node->min->op != IR_CONST && node->max && node->max->op != IR_CONST;
    bool any = (node->min && node->min->op != IR_CONST) || (node->max && node->max->op != IR_CONST);
    write_breach(em, rule, value.text, BREACH_TOO_SHORT);
    write_breach(em, rule, value.text, BREACH_TOO_LONG);
    if (any) emitter_open(em, "if %s then", value.text);
    write_bound(em, rule, value.text, false);
    if (both) emitter_open(em, "if %s then", value.text);
    write_bound(em, rule, value.text, true);
    if (both) emitter_close(em, "end");
    if (any) emitter_close(em, "end");
    write_breach(em, rule, value.text, BREACH_READONLY);
    write_unique(em, rule, value.text);
    doubt_value(em, rule->node);
}

/* The loop over the options that a set holds, or over the one that was chosen. */
static void open_options(struct emitter *em, const struct ir_node *node, const char *value)
{
    if (node->type.kind == TYPE_CHOICE) {
        emitter_loop(em, "for o=%s,%s do", value, value);
    } else if (node->type.kind == TYPE_RANKING) {
        const char *count = emitter_helper(em, HELPER_RANK_COUNT);
        emitter_line(em, "%s(%s(%s)*%u)", emitter_helper(em, HELPER_CHARGE), count, value,
                     (unsigned)pricing_option_steps(node));
        emitter_loop(em, "for k=1,%s(%s) do local o=%s(%s,k)", count, value,
                     emitter_helper(em, HELPER_RANKED), value);
    } else {
        emitter_line(em, "%s(%s(%s)*%u)", emitter_helper(em, HELPER_CHARGE),
                     emitter_helper(em, HELPER_SIZE), value, (unsigned)pricing_option_steps(node));
        emitter_loop(em, "for o in %s,%s,0 do", emitter_helper(em, HELPER_NEXT_OPTION), value);
    }
    em->option = true;
}

static void write_offer(struct emitter *em, const struct ir_rule *rule)
{
    const struct ir_node *node = &em->ir->nodes[rule->node];
    struct ir_expr self = {.op = IR_SLOT, .type = node->type, .node = rule->node, .may_be_missing = 1};
    struct emit_value value = emit_light(em, &self);
    bool own = node->type.open; /* what no option says is always offered */
    uint32_t last = em->ir->lists[node->type.list].option_count;
    if (own && node->type.kind == TYPE_CHOICE)
        emitter_open(em, "if %s and %s<=%u then", value.text, value.text, (unsigned)last);
    else emitter_open(em, "if %s then", value.text);
    open_options(em, node, value.text);
    if (own && node->type.kind == TYPE_CHOICES)
        emitter_line(em, "if o>%u then break end", (unsigned)last);
    const char *text = emit_question(em, node->offer, true);
    emitter_open(em, "if not (%s) then", text);
    emitter_line(em, "%s(%u,%s)", emitter_helper(em, HELPER_UNOFFERED), (unsigned)rule->node,
                 row_text(rule));
    emitter_line(em, "%s break", nil_text(em, rule->node, value.text));
    emitter_close(em, "end");
    em->option = false;
    emitter_loop_end(em);
    emitter_close(em, "end");
    doubt_value(em, rule->node);
}

/* ---- one rule, or several behind one guard */

static void write_rule(struct emitter *em, uint32_t number, uint32_t guard)
{
    const struct ir_rule *rule = rule_at(em, number);
    begin_rule(em, number);
    uint32_t mark = emitter_mark(em);
    switch (rule->kind) {
    case RULE_RELEVANCE:
        write_relevance(em, rule);
        break;
    case RULE_VALUE:
        write_value(em, rule, guard);
        break;
    case RULE_BOUNDS:
        write_bounds(em, rule);
        break;
    case RULE_OFFER:
        write_offer(em, rule);
        break;
    case RULE_REQUIRED:
        write_required(em, rule);
        break;
    case RULE_CHECK:
        write_check(em, rule);
        break;
    }
    emitter_release(em, mark);
}

/* What a guarded rule would leave unwritten. */
static void clear_result(struct emitter *em, uint32_t number)
{
    const struct ir_rule *rule = rule_at(em, number);
    begin_rule(em, number);
    uint32_t mark = emitter_mark(em);
    if (rule->kind == RULE_VALUE) emitter_line(em, "%s=nil", emit_slot(em, rule->node, 0));
    if (rule->kind == RULE_REQUIRED)
        emitter_line(em, "%s=nil",
                     emit_place(em, em->program->nodes[rule->node].required_slot, rule->scope, 0));
    emitter_release(em, mark);
}

static uint32_t guarded_run(const struct emitter *em, uint32_t first, uint32_t past)
{
    uint32_t guard = guard_of(em, rule_at(em, first)), at = first + 1;
    if (guard == IR_NONE) return 1;
    while (at < past && rule_at(em, at)->scope == rule_at(em, first)->scope &&
           guard_of(em, rule_at(em, at)) == guard)
        at++;
    return at - first;
}

/* The rules from `first` that share a guard, at most up to `past`; returns how many. */
static uint32_t write_guarded(struct emitter *em, uint32_t first, uint32_t past)
{
    uint32_t guard = guard_of(em, rule_at(em, first)), count = guarded_run(em, first, past);
    if (guard == IR_NONE || (count == 1 && rule_at(em, first)->kind == RULE_VALUE)) {
        write_rule(em, first, guard);
        return 1;
    }
    for (uint32_t i = first; i < first + count; i++) clear_result(em, i);
    emitter_open(em, "if %s then", emit_relevance(em, guard, 0));
    for (uint32_t i = first; i < first + count; i++) write_rule(em, i, IR_NONE);
    emitter_close(em, "end");
    return count;
}

/* ---- loops over the rows of a repeat */

/* Whether a rule looks at other rows of what rules in the loop write. */
struct conflict {
    struct emitter *em;
    bool found;
};

static void see_conflict(const struct ir_expr *e, void *context)
{
    struct conflict *conflict = context;
    const struct emitter *em = conflict->em;
    bool reads = e->op == IR_SLOT || e->op == IR_PRIOR;
    if (reads && e->cursor > 0) conflict->found |= em->written[e->node] == em->loop_number;
    if (e->op != IR_AGGREGATE) return;
    uint32_t hiding = emit_hiding_node(em, e->scope);
    if (hiding != IR_NONE) conflict->found |= em->written[hiding] == em->loop_number;
}

static bool conflicts(struct emitter *em, const struct ir_rule *rule)
{
    struct conflict conflict = {em, false};
    rule_walk(em->ir, rule, see_conflict, &conflict);
    return conflict.found;
}

/* A relevance may be asked for, and it may hide any answer inside. */
static void note_written(struct emitter *em, const struct ir_rule *rule)
{
    uint32_t past =
        rule->kind == RULE_RELEVANCE ? em->ir->nodes[rule->node].subtree_end : rule->node + 1;
    for (uint32_t i = rule->node; i < past; i++) em->written[i] = em->loop_number;
}

/* The rules that can share a loop with the first one. */
static uint32_t loop_run(struct emitter *em, uint32_t first)
{
    uint32_t scope = rule_at(em, first)->scope, at = first, size = 0;
    em->loop_number++;
    while (at < em->ir->rule_count && rule_at(em, at)->scope == scope && size < EMIT_LARGE) {
        const struct ir_rule *rule = rule_at(em, at);
        if (at > first && conflicts(em, rule)) break;
        if (rule->kind != RULE_CHECK && rule->kind != RULE_REQUIRED) note_written(em, rule);
        size += rule_size(em, rule) + 1;
        at++;
    }
    return at - first;
}

static uint64_t loop_cost(const struct emitter *em, uint32_t first, uint32_t count)
{
    uint64_t cost = STEP_ROW;
    for (uint32_t i = first; i < first + count; i++) cost += rule_at(em, i)->base_cost;
    return cost;
}

static uint32_t write_loop(struct emitter *em, uint32_t first)
{
    uint32_t scope = rule_at(em, first)->scope, count = loop_run(em, first),
             hiding = emit_hiding_node(em, scope);
    begin_rule(em, first);
    em->cursors[0] = (struct emit_cursor){true, scope};
    const char *rows = emit_rows(em, scope);
    emitter_line(em, "%s(%s*%llu)", emitter_helper(em, HELPER_CHARGE), rows,
                 (unsigned long long)loop_cost(em, first, count));
    prepare_unique(em, first, count);
    emitter_loop(em, "for i0=1,%s do", rows);
    if (hiding != IR_NONE) emitter_open(em, "if %s then", emit_relevance(em, hiding, 0));
    for (uint32_t i = first; i < first + count;) i += write_guarded(em, i, first + count);
    if (hiding != IR_NONE) emitter_close(em, "end");
    emitter_loop_end(em);
    em->cursors[0] = (struct emit_cursor){true, 0};
    return count;
}

uint32_t emit_rules(struct emitter *em, uint32_t first, uint64_t *base_steps)
{
    if (rule_at(em, first)->scope != 0) return write_loop(em, first);
    uint32_t count = write_guarded(em, first, em->ir->rule_count);
    for (uint32_t i = first; i < first + count; i++) *base_steps += rule_at(em, i)->base_cost;
    return count;
}
