#include "dsl/pricing.h"

#include "base/limits.h"
#include "dsl/emitter.h"
#include "dsl/interval.h"

#include <assert.h>

static const uint32_t helper_costs[] = {
#define HELPER(NAME, name, arity, base_cost, note) [HELPER_##NAME] = (base_cost),
#include "dsl/helper.def"
#undef HELPER
};

/* Worst case, and what of it is charged beforehand. Saturating. */
struct steps {
    uint64_t cost, base;
};

static uint64_t add(uint64_t a, uint64_t b)
{
    uint64_t sum;
    return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

static uint64_t multiply(uint64_t a, uint64_t b)
{
    uint64_t product;
    return __builtin_mul_overflow(a, b, &product) ? UINT64_MAX : product;
}

static uint32_t clamped(uint64_t cost)
{
    return cost > UINT32_MAX ? UINT32_MAX : (uint32_t)cost;
}

static struct steps plus(struct steps a, struct steps b)
{
    return (struct steps){add(a.cost, b.cost), add(a.base, b.base)};
}

static struct steps fixed(uint64_t steps)
{
    return (struct steps){steps, steps};
}

static struct steps of(const struct ir_expr *e)
{
    return (struct steps){e->cost, e->base_cost};
}

/* Both questions may have to be put to know a boolean's value. */
static bool has_questions(const struct ir_expr *e)
{
    return e->type.kind == TYPE_BOOLEAN && e->op != IR_SLOT && e->op != IR_CONST &&
           e->op != IR_MISSING && e->op != IR_ANSWERED;
}

static struct steps value_of(const struct ir_expr *e)
{
    uint64_t times = has_questions(e) ? PRICE_VALUE : 1;
    return (struct steps){multiply(e->cost, times), multiply(e->base_cost, times)};
}

/* ---- text */

static uint64_t args_text_steps(const struct ir_expr *e)
{
    uint64_t steps = 0;
    for (uint32_t i = 0; i < e->arg_count; i++)
        steps = add(steps, pricing_text_steps(e->args[i]->text_max));
    return steps;
}

/* How many calls it takes to put so many texts together, `at_once` in each. */
static uint64_t calls_for(uint64_t texts, uint64_t at_once)
{
    return (texts + at_once - 1) / at_once;
}

/* More texts than fit into a call are put together in lists, and those again: every round copies all.
 * Each call is rounded up to a step. */
static uint64_t rounds_steps(uint64_t texts, uint64_t made)
{
    uint64_t steps = made;
    for (; texts > EMIT_ARGS_MAX; texts = calls_for(texts, EMIT_ARGS_MAX))
        steps = add(steps, add(made, calls_for(texts, EMIT_ARGS_MAX)));
    return steps;
}

/* join() of more is done bit by bit, which copies what is there each time. */
static uint64_t join_steps(const struct ir_expr *e, uint64_t made)
{
    if (e->arg_count <= EMIT_ARGS_MAX) return add(args_text_steps(e), made);
    return multiply(made, calls_for(e->arg_count, EMIT_ARGS_MAX / 2));
}

/* What the helper charges by itself: the texts that it looks at, and the one that it makes. */
static uint64_t text_steps(const struct ir_expr *e)
{
    uint64_t made = pricing_text_steps(e->text_max);
    switch (e->op) {
    case IR_CONCAT:
        return rounds_steps(e->arg_count, made);
    case IR_LT:
    case IR_LE:
    case IR_GT:
    case IR_GE:
        return e->args[0]->type.kind == TYPE_TEXT ? args_text_steps(e) : 0;
    case IR_CALL:
        if (e->helper == HELPER_TEXT_OF || e->helper == HELPER_CODE) return 0;
        if (e->helper == HELPER_JOIN) return join_steps(e, made);
        return add(args_text_steps(e), made);
    default:
        return 0;
    }
}

/* ---- expressions */

static bool is_order_of_texts(const struct ir_expr *e)
{
    bool order = e->op == IR_LT || e->op == IR_LE || e->op == IR_GT || e->op == IR_GE;
    return order && e->args[0]->type.kind == TYPE_TEXT;
}

static uint32_t own_steps(const struct ir_expr *e)
{
    switch (e->op) {
    case IR_CALL:
        return STEP_OP + helper_costs[e->helper];
    case IR_CONCAT:
        return STEP_OP + helper_costs[HELPER_CONCAT];
    case IR_HAS:
        return STEP_OP + helper_costs[HELPER_HAS];
    case IR_MUL:
        return STEP_OP + helper_costs[HELPER_MUL];
    case IR_LEAST:
    case IR_GREATEST:
        return STEP_OP + e->arg_count;
    case IR_SEEN:
        return STEP_OP + STEP_SEEN;
    case IR_AGGREGATE:
        return STEP_OP + STEP_AGGREGATE;
    default:
        return is_order_of_texts(e) ? STEP_OP + helper_costs[HELPER_TEXT_LESS] : STEP_OP;
    }
}

/* Whether an arg is asked as the whole is; else its value is needed. */
static bool passes_question(const struct ir_expr *e, uint32_t arg)
{
    switch (e->op) {
    case IR_AND:
    case IR_OR:
    case IR_NOT:
        return true;
    case IR_IF:
        return arg == 0 || e->type.kind == TYPE_BOOLEAN;
    default:
        return false;
    }
}

/* The row is known at once, unless some of those before it may be hidden. */
static bool goes_to_row(const struct ir *ir, const struct ir_expr *e)
{
    uint32_t hiding = ir->nodes[ir->scopes[e->scope].node].relevance_node;
    return e->aggregate == AGGREGATE_AT && (hiding == IR_NONE || ir->nodes[hiding].scope == 0);
}

static struct steps rows_price(const struct ir *ir, const struct ir_expr *e)
{
    struct steps row = fixed(STEP_ROW);
    if (e->where) row = plus(row, of(e->where));
    if (e->arg_count > 0) row = plus(row, value_of(e->args[0]));
    if (e->aggregate == AGGREGATE_JOIN)
        row.cost =
            add(row.cost, pricing_text_steps((uint64_t)e->args[0]->text_max + e->args[1]->text_max));
    if (e->aggregate == AGGREGATE_DISTINCT) row = plus(row, fixed(STEP_SEEN));
    uint64_t rows = goes_to_row(ir, e) ? 1 : interval_rows(ir, e->scope, e->from_scope);
    return (struct steps){multiply(row.cost, rows), 0};
}

static struct steps args_price(const struct ir_expr *e)
{
    struct steps sum = {0, 0};
    for (uint32_t i = 0; i < e->arg_count; i++) {
        if (e->op == IR_AGGREGATE && i == 0) continue; /* asked in each row */
        sum = plus(sum, passes_question(e, i) ? of(e->args[i]) : value_of(e->args[i]));
    }
    return sum;
}

static uint64_t size_of(const struct ir_expr *e)
{
    uint64_t size = 1 + (e->where ? e->where->size : 0);
    for (uint32_t i = 0; i < e->arg_count; i++) size = add(size, e->args[i]->size);
    return size;
}

static void price_expr(const struct ir *ir, struct ir_expr *e)
{
    struct steps price = plus(fixed(own_steps(e)), args_price(e));
    price.cost = add(price.cost, text_steps(e));
    if (e->op == IR_AGGREGATE) price = plus(price, rows_price(ir, e));
    if (e->op == IR_AGGREGATE && e->aggregate == AGGREGATE_JOIN)
        price.cost = add(price.cost, rounds_steps(interval_rows(ir, e->scope, e->from_scope),
                                                  pricing_text_steps(e->text_max)));
    e->cost = clamped(price.cost);
    e->base_cost = clamped(price.base);
    e->size = clamped(size_of(e));
}

enum { PRICED = 2 };

static void price_deep(const struct ir *ir, struct ir_expr *e)
{
    if (!e || e->mark == PRICED) return;
    e->mark = PRICED;
    for (uint32_t i = 0; i < e->arg_count; i++) price_deep(ir, e->args[i]);
    price_deep(ir, e->where);
    price_expr(ir, e);
}

static struct steps asked(const struct ir *ir, struct ir_expr *e)
{
    price_deep(ir, e);
    return of(e);
}

/* ---- rules */

static struct steps bound_price(const struct ir *ir, struct ir_expr *bound)
{
    if (!bound || bound->op == IR_CONST) return fixed(0);
    return plus(asked(ir, bound), fixed(2 * STEP_OP + helper_costs[HELPER_BREACH]));
}

/* How many options can be chosen. */
static uint64_t options_chosen(const struct ir *ir, const struct ir_node *node)
{
    uint64_t most = (uint64_t)ir->lists[node->type.list].option_count + node->type.open;
    bool bounded = node->length_max >= 0 && (uint64_t)node->length_max < most;
    return bounded ? (uint64_t)node->length_max : most;
}

uint32_t pricing_option_steps(const struct ir_node *node)
{
    return clamped(add(node->offer->base_cost, STEP_ROW + helper_costs[HELPER_NEXT_OPTION]));
}

/* Of a set, what is asked for each option is charged by the loop, like rows. */
static struct steps offer_price(const struct ir *ir, const struct ir_node *node)
{
    price_deep(ir, node->offer);
    struct steps price = fixed(2 * STEP_OP + helper_costs[HELPER_UNOFFERED]);
    if (node->type.kind == TYPE_CHOICE) return plus(price, of(node->offer));
    uint64_t each = add(node->offer->cost, STEP_ROW + helper_costs[HELPER_NEXT_OPTION]);
    uint64_t bytes = ir->lists[node->type.list].option_count / 8 + 1;
    price = plus(price, fixed(STEP_OP + helper_costs[HELPER_SIZE]));
    /* Each call that looks for the next option rounds up. */
    price.cost = add(price.cost, multiply(options_chosen(ir, node), add(each, 1)));
    price.cost = add(price.cost, 1 + pricing_text_steps(bytes));
    return price;
}

static struct steps breaches_price(const struct ir *ir, const struct ir_node *node)
{
    struct steps sum = fixed(0);
    for (int i = 0; i < BREACH_COUNT; i++)
        if (node->breaches[i])
            sum = plus(
                sum, plus(asked(ir, node->breaches[i]), fixed(STEP_OP + helper_costs[HELPER_BREACH])));
    return sum;
}

static struct steps rule_price(const struct ir *ir, const struct ir_rule *rule)
{
    const struct ir_node *node = &ir->nodes[rule->node];
    switch (rule->kind) {
    case RULE_RELEVANCE:
        return plus(asked(ir, node->when), fixed(STEP_OP));
    case RULE_VALUE:
        price_deep(ir, node->computed);
        return plus(value_of(node->computed), fixed(STEP_OP));
    case RULE_BOUNDS:
        return plus(plus(bound_price(ir, node->min), bound_price(ir, node->max)),
                    breaches_price(ir, node));
    case RULE_OFFER:
        return offer_price(ir, node);
    case RULE_REQUIRED:
        return plus(asked(ir, node->required_when), fixed(STEP_OP));
    default:
        assert(rule->kind == RULE_CHECK);
        return plus(asked(ir, ir->checks[rule->check].condition), fixed(helper_costs[HELPER_FAIL]));
    }
}

static uint64_t rule_total(const struct ir *ir, const struct ir_rule *rule)
{
    if (rule->scope == 0) return rule->cost;
    return multiply(interval_rows(ir, rule->scope, 0), add(rule->cost, STEP_ROW));
}

/* ---- the dearest */

/* The aggregate in it that costs most, or NULL. An expression that hangs in two places is looked at
 * once. */
static const struct ir_expr *dearest_loop(struct ir_expr *e)
{
    enum { LOOKED_AT = 3 };
    if (!e || e->mark == LOOKED_AT) return NULL;
    e->mark = LOOKED_AT;
    const struct ir_expr *dearest = e->op == IR_AGGREGATE ? e : NULL;
    for (uint32_t i = 0; i < e->arg_count; i++) {
        const struct ir_expr *inner = dearest_loop(e->args[i]);
        if (inner && (!dearest || inner->cost > dearest->cost)) dearest = inner;
    }
    return dearest;
}

static struct ir_expr *expr_of(const struct ir *ir, const struct ir_rule *rule)
{
    const struct ir_node *node = &ir->nodes[rule->node];
    switch (rule->kind) {
    case RULE_RELEVANCE:
        return node->when;
    case RULE_VALUE:
        return node->computed;
    case RULE_BOUNDS:
        return node->min && node->min->op != IR_CONST ? node->min : node->max;
    case RULE_OFFER:
        return node->offer;
    case RULE_REQUIRED:
        return node->required_when;
    default:
        return ir->checks[rule->check].condition;
    }
}

static const struct ir_expr *dearer(const struct ir_expr *a, const struct ir_expr *b)
{
    return !a || (b && b->cost > a->cost) ? b : a;
}

/* Bounds have several expressions. */
static const struct ir_expr *loop_of(const struct ir *ir, const struct ir_rule *rule)
{
    const struct ir_node *node = &ir->nodes[rule->node];
    if (rule->kind != RULE_BOUNDS) return dearest_loop(expr_of(ir, rule));
    const struct ir_expr *loop = dearer(dearest_loop(node->min), dearest_loop(node->max));
    for (int i = 0; i < BREACH_COUNT; i++) loop = dearer(loop, dearest_loop(node->breaches[i]));
    return loop;
}

/* The dearest first; of two alike the one that runs first. */
static void note_dear(struct ir *ir, uint32_t rule, uint64_t steps)
{
    uint32_t at = ir->dearest_count;
    while (at > 0 && ir->dearest[at - 1].steps < steps) at--;
    if (at == IR_DEAREST) return;
    if (ir->dearest_count < IR_DEAREST) ir->dearest_count++;
    for (uint32_t i = ir->dearest_count - 1; i > at; i--) ir->dearest[i] = ir->dearest[i - 1];
    ir->dearest[at] = (struct ir_dear){.rule = rule, .steps = steps};
}

static void find_dearest(struct ir *ir)
{
    ir->dearest_count = 0;
    for (uint32_t i = 0; i < ir->rule_count; i++) note_dear(ir, i, rule_total(ir, &ir->rules[i]));
    for (uint32_t i = 0; i < ir->dearest_count; i++)
        ir->dearest[i].loop = loop_of(ir, &ir->rules[ir->dearest[i].rule]);
}

void pricing_measure_form(struct ir *ir)
{
    ir->cost_steps = 0;
    for (uint32_t i = 0; i < ir->rule_count; i++) {
        struct ir_rule *rule = &ir->rules[i];
        struct steps price = plus(fixed(STEP_RULE), rule_price(ir, rule));
        rule->cost = clamped(price.cost);
        rule->base_cost = clamped(price.base);
        ir->cost_steps = add(ir->cost_steps, rule_total(ir, rule));
    }
    find_dearest(ir);
}

/* ---- too large */

static uint64_t rule_size(const struct ir *ir, const struct ir_rule *rule)
{
    const struct ir_expr *e = expr_of(ir, rule);
    const struct ir_expr *max = rule->kind == RULE_BOUNDS ? ir->nodes[rule->node].max : NULL;
    uint64_t size = (e ? e->size : 0) + (max && max != e ? max->size : 0);
    for (int i = 0; rule->kind == RULE_BOUNDS && i < BREACH_COUNT; i++) {
        const struct ir_expr *breach = ir->nodes[rule->node].breaches[i];
        size += breach ? breach->size : 0;
    }
    return size;
}

static void complain_large(struct checking *ck, uint64_t size)
{
    const struct ir *ir = ck->ir;
    uint32_t largest = 0;
    for (uint32_t i = 1; i < ir->rule_count; i++)
        if (rule_size(ir, &ir->rules[i]) > rule_size(ir, &ir->rules[largest])) largest = i;
    complain(ck, "E0403", ir->rules[largest].span,
             "x in (…) and x in a..b ask for x again and again: give x a name with let",
             "the rules of this form have %llu operations, and %d are allowed; this one has most",
             (unsigned long long)size, limit(EXPRESSION_OPS));
}

void pricing_judge_size(struct checking *ck)
{
    uint64_t size = 0;
    for (uint32_t i = 0; i < ck->ir->rule_count; i++)
        size = add(size, rule_size(ck->ir, &ck->ir->rules[i]));
    if (size > limit(EXPRESSION_OPS)) complain_large(ck, size);
}
