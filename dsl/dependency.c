#include "dsl/dependency.h"

#include "dsl/cycle.h"

#include <assert.h>

/* `rule` needs `needed`, because of what stands at `span`. */
struct edge {
    uint32_t needed, rule;
    struct span span;
};

struct graph {
    struct checking *ck;
    struct ir_rule *rules; /* in the order of the document */
    uint32_t rule_count;
    uint32_t *relevance_of, *value_of; /* by node: its rule, or IR_NONE */
    uint32_t *offer_of, *bounds_of;    /* likewise; bounds come after the offer */
    struct edge *edges;                            /* grouped by rule, in its order of reading */
    uint32_t edge_count, edge_capacity;
    uint32_t *edges_begin; /* by rule, and one more */
    uint32_t *seen;        /* by rule: the last rule, + 1, that needs it */
    uint32_t under_way;
};

/* ---- the rules */

static struct span modifier_span(const struct ir_node *node, enum modifier_kind kind)
{
    const struct modifier *modifier = item_modifier(node->item, kind);
    return modifier ? modifier->span : node->item->head;
}

static struct span relevance_span(const struct ir_node *node)
{
    bool when = item_modifier(node->item, MODIFIER_WHEN) != NULL;
    return modifier_span(node, when ? MODIFIER_WHEN : MODIFIER_UNLESS);
}

static uint32_t add_rule(struct graph *graph, enum ir_rule_kind kind, uint32_t node, struct span span)
{
    struct ir_rule *rule = &graph->rules[graph->rule_count];
    *rule = (struct ir_rule){.kind = kind,
                             .node = node,
                             .check = IR_NONE,
                             .scope = graph->ck->ir->nodes[node].scope,
                             .span = span};
    return graph->rule_count++;
}

static bool is_moving(const struct ir_expr *bound)
{
    return bound && bound->op != IR_CONST;
}

static bool has_breach(const struct ir_node *node)
{
    for (int i = 0; i < BREACH_COUNT; i++)
        if (node->breaches[i]) return true;
    return false;
}

static bool has_bounds_rule(const struct ir_node *node)
{
    return is_moving(node->min) || is_moving(node->max) || has_breach(node);
}

static struct span bounds_span(const struct ir_node *node)
{
    if (is_moving(node->min)) return modifier_span(node, MODIFIER_MIN);
    if (is_moving(node->max)) return modifier_span(node, MODIFIER_MAX);
    if (node->breaches[BREACH_READONLY]) return modifier_span(node, MODIFIER_READONLY);
    return modifier_span(node, node->unique ? MODIFIER_UNIQUE : MODIFIER_LENGTH);
}

static void add_rules_of(struct graph *graph, uint32_t index)
{
    const struct ir_node *node = &graph->ck->ir->nodes[index];
    if (node->when)
        graph->relevance_of[index] = add_rule(graph, RULE_RELEVANCE, index, relevance_span(node));
    if (node->computed)
        graph->value_of[index] =
            add_rule(graph, RULE_VALUE, index,
                     node->derived ? node->computed->span : modifier_span(node, MODIFIER_COMPUTED));
    if (node->offer)
        graph->offer_of[index] = add_rule(graph, RULE_OFFER, index, node->item->type.span);
    if (has_bounds_rule(node))
        graph->bounds_of[index] = add_rule(graph, RULE_BOUNDS, index, bounds_span(node));
    if (node->required_when)
        add_rule(graph, RULE_REQUIRED, index, modifier_span(node, MODIFIER_REQUIRED));
}

static void add_check(struct graph *graph, uint32_t index)
{
    const struct ir_check *check = &graph->ck->ir->checks[index];
    uint32_t rule = add_rule(graph, RULE_CHECK, check->node, check->span);
    graph->rules[rule].check = index;
    graph->rules[rule].scope = check->scope;
}

static void add_rules(struct graph *graph)
{
    const struct ir *ir = graph->ck->ir;
    uint32_t check = 0;
    for (uint32_t i = 0; i < ir->node_count; i++) {
        graph->relevance_of[i] = graph->value_of[i] = IR_NONE;
        graph->bounds_of[i] = graph->offer_of[i] = IR_NONE;
        while (check < ir->check_count && graph->ck->check_sources[check].node_before <= i)
            add_check(graph, check++);
        add_rules_of(graph, i);
    }
    while (check < ir->check_count) add_check(graph, check++);
}

/* ---- the edges */

static void add_edge(struct graph *graph, uint32_t needed, struct span span)
{
    if (needed == IR_NONE || graph->seen[needed] == graph->under_way + 1) return;
    graph->seen[needed] = graph->under_way + 1;
    if (graph->edge_count == graph->edge_capacity) {
        uint32_t capacity = graph->edge_capacity ? graph->edge_capacity * 2 : 256;
        struct edge *grown =
            arena_grow(graph->ck->arena, graph->edges, graph->edge_capacity, capacity, sizeof *grown);
        if (!grown) {
            checking_out_of_memory(graph->ck);
            return;
        }
        graph->edges = grown;
        graph->edge_capacity = capacity;
    }
    graph->edges[graph->edge_count++] = (struct edge){needed, graph->under_way, span};
}

/* What decides whether the node is relevant: its own `when` or the nearest around it, which needs those
 * further out itself. */
static void need_relevance(struct graph *graph, uint32_t node, struct span span)
{
    uint32_t relevance = graph->ck->ir->nodes[node].relevance_node;
    if (relevance != IR_NONE) add_edge(graph, graph->relevance_of[relevance], span);
}

/* The rule after which the node's value is known, or IR_NONE. */
static uint32_t last_rule(const struct graph *graph, uint32_t node)
{
    uint32_t relevance = graph->ck->ir->nodes[node].relevance_node;
    if (graph->value_of[node] != IR_NONE) return graph->value_of[node];
    if (graph->bounds_of[node] != IR_NONE) return graph->bounds_of[node];
    if (graph->offer_of[node] != IR_NONE) return graph->offer_of[node];
    return relevance == IR_NONE ? IR_NONE : graph->relevance_of[relevance];
}

static void need_value(struct graph *graph, uint32_t node, struct span span)
{
    add_edge(graph, last_rule(graph, node), span);
}

/* Rows are worked out from the first to the last, so a rule may read what it has made of the row
 * before. */
static void need_prior(struct graph *graph, const struct ir_expr *e)
{
    uint32_t needed = last_rule(graph, e->node);
    if (needed != graph->under_way || e->cursor != 0) add_edge(graph, needed, e->span);
}

/* An expression may hang in two places: `mark` says that this rule has been there. */
static void need_expr(struct graph *graph, struct ir_expr *e)
{
    enum { FIRST_MARK = 2 };
    uint32_t mark = graph->under_way + FIRST_MARK;
    if (!e || e->mark == mark) return;
    e->mark = mark;
    if (e->op == IR_SLOT) need_value(graph, e->node, e->span);
    if (e->op == IR_PRIOR) need_prior(graph, e);
    if (e->op == IR_AGGREGATE) need_relevance(graph, graph->ck->ir->scopes[e->scope].node, e->span);
    for (uint32_t i = 0; i < e->arg_count; i++) need_expr(graph, e->args[i]);
    need_expr(graph, e->where);
}

/* What is broken is asked of the answer itself, as it was sent: that needs nothing. */
static void need_breach(struct graph *graph, uint32_t node, struct ir_expr *e)
{
    if (!e || (e->op == IR_SLOT && e->node == node)) return;
    if (e->op == IR_SLOT || e->op == IR_PRIOR || e->op == IR_AGGREGATE) need_expr(graph, e);
    else
        for (uint32_t i = 0; i < e->arg_count; i++) need_breach(graph, node, e->args[i]);
}

static void need_around(struct graph *graph, uint32_t node, struct span span)
{
    uint32_t parent = graph->ck->ir->nodes[node].parent;
    if (parent != IR_NONE) need_relevance(graph, parent, span);
}

static void need_rule(struct graph *graph, const struct ir_rule *rule)
{
    const struct ir *ir = graph->ck->ir;
    const struct ir_node *node = &ir->nodes[rule->node];
    switch (rule->kind) {
    case RULE_RELEVANCE:
        need_expr(graph, node->when);
        need_around(graph, rule->node, rule->span);
        return;
    case RULE_VALUE:
        need_expr(graph, node->computed);
        need_relevance(graph, rule->node, rule->span);
        return;
    case RULE_BOUNDS:
        if (is_moving(node->min)) need_expr(graph, node->min);
        if (is_moving(node->max)) need_expr(graph, node->max);
        for (int i = 0; i < BREACH_COUNT; i++) need_breach(graph, rule->node, node->breaches[i]);
        add_edge(graph, graph->offer_of[rule->node], rule->span);
        need_relevance(graph, rule->node, rule->span);
        return;
    case RULE_OFFER:
        need_expr(graph, node->offer);
        need_relevance(graph, rule->node, rule->span);
        return;
    case RULE_REQUIRED:
        need_expr(graph, node->required_when);
        need_relevance(graph, rule->node, rule->span);
        return;
    case RULE_CHECK:
        need_expr(graph, ir->checks[rule->check].condition);
        need_relevance(graph, ir->checks[rule->check].owner, rule->span);
        return;
    }
}

static void add_edges(struct graph *graph)
{
    for (uint32_t i = 0; i < graph->rule_count; i++) {
        graph->under_way = i;
        graph->edges_begin[i] = graph->edge_count;
        need_rule(graph, &graph->rules[i]);
    }
    graph->edges_begin[graph->rule_count] = graph->edge_count;
}

/* ---- the order */

/* Rules that are free, by scope: a heap for each, the first of the document on top. All heaps lie in
 * one array, since each rule is in one scope. */
struct ready {
    uint32_t *items;
    uint32_t *begin, *count; /* by scope */
    uint32_t scope_count, left;
};

static void heap_push(uint32_t *heap, uint32_t count, uint32_t item)
{
    uint32_t at = count;
    for (; at > 0 && heap[(at - 1) / 2] > item; at = (at - 1) / 2) heap[at] = heap[(at - 1) / 2];
    heap[at] = item;
}

/* `count` items before; one less after. */
static uint32_t heap_pop(uint32_t *heap, uint32_t count)
{
    uint32_t top = heap[0], last = heap[count - 1], at = 0, child;
    for (; (child = 2 * at + 1) < count - 1; at = child) {
        if (child + 1 < count - 1 && heap[child + 1] < heap[child]) child++;
        if (heap[child] >= last) break;
        heap[at] = heap[child];
    }
    heap[at] = last;
    return top;
}

static void ready_push(struct ready *ready, const struct graph *graph, uint32_t rule)
{
    uint32_t scope = graph->rules[rule].scope;
    heap_push(ready->items + ready->begin[scope], ready->count[scope]++, rule);
    ready->left++;
}

/* The scope at hand as long as it has any, else the one whose first rule stands first in the document.
 */
static uint32_t next_scope(const struct ready *ready, uint32_t scope)
{
    if (ready->count[scope] > 0) return scope;
    uint32_t best = IR_NONE;
    for (uint32_t i = 0; i < ready->scope_count; i++) {
        if (ready->count[i] == 0) continue;
        if (best == IR_NONE || ready->items[ready->begin[i]] < ready->items[ready->begin[best]])
            best = i;
    }
    return best;
}

static bool ready_init(struct ready *ready, const struct graph *graph)
{
    struct checking *ck = graph->ck;
    uint32_t scopes = ck->ir->scope_count;
    *ready = (struct ready){.items = CHECKING_ARRAY(ck, uint32_t, graph->rule_count),
                            .begin = CHECKING_ARRAY(ck, uint32_t, (size_t)scopes + 1),
                            .count = CHECKING_ARRAY(ck, uint32_t, scopes),
                            .scope_count = scopes};
    if (ck->failure) return false;
    for (uint32_t i = 0; i < graph->rule_count; i++) ready->begin[graph->rules[i].scope + 1]++;
    for (uint32_t i = 0; i < scopes; i++) ready->begin[i + 1] += ready->begin[i];
    return true;
}

/* Edges the other way round: who waits for a rule. */
struct waiting {
    uint32_t *begin, *rules; /* by needed rule */
    uint32_t *needs;         /* by rule: how many it still waits for */
};

static bool waiting_init(struct waiting *waiting, const struct graph *graph)
{
    struct checking *ck = graph->ck;
    uint32_t *fill = CHECKING_ARRAY(ck, uint32_t, graph->rule_count);
    *waiting = (struct waiting){.begin = CHECKING_ARRAY(ck, uint32_t, (size_t)graph->rule_count + 1),
                                .rules = CHECKING_ARRAY(ck, uint32_t, graph->edge_count),
                                .needs = CHECKING_ARRAY(ck, uint32_t, graph->rule_count)};
    if (ck->failure) return false;
    for (uint32_t i = 0; i < graph->edge_count; i++) waiting->begin[graph->edges[i].needed + 1]++;
    for (uint32_t i = 0; i < graph->rule_count; i++) waiting->begin[i + 1] += waiting->begin[i];
    for (uint32_t i = 0; i < graph->edge_count; i++) {
        const struct edge *edge = &graph->edges[i];
        waiting->rules[waiting->begin[edge->needed] + fill[edge->needed]++] = edge->rule;
        waiting->needs[edge->rule]++;
    }
    return true;
}

static void release_waiting(struct ready *ready, const struct graph *graph, struct waiting *waiting,
                            uint32_t done)
{
    for (uint32_t i = waiting->begin[done]; i < waiting->begin[done + 1]; i++)
        if (--waiting->needs[waiting->rules[i]] == 0) ready_push(ready, graph, waiting->rules[i]);
}

/* Answers how many rules could be put in order: all, unless there is a circle. */
static uint32_t run_order(const struct graph *graph, struct waiting *waiting, struct ready *ready,
                          struct ir_rule *ordered)
{
    uint32_t count = 0, scope = 0;
    for (uint32_t i = 0; i < graph->rule_count; i++)
        if (waiting->needs[i] == 0) ready_push(ready, graph, i);
    while (ready->left > 0) {
        scope = next_scope(ready, scope);
        uint32_t rule = heap_pop(ready->items + ready->begin[scope], ready->count[scope]--);
        ready->left--;
        ordered[count++] = graph->rules[rule];
        release_waiting(ready, graph, waiting, rule);
    }
    return count;
}

/* ---- circles */

/* The first of its needs that is stuck too. There is one, or the rule would not be. */
static const struct edge *stuck_need(const struct graph *graph, const struct waiting *waiting,
                                     uint32_t rule)
{
    for (uint32_t i = graph->edges_begin[rule]; i < graph->edges_begin[rule + 1]; i++)
        if (waiting->needs[graph->edges[i].needed] > 0) return &graph->edges[i];
    assert(false && "what is stuck needs something stuck");
    return NULL;
}

/* Some rule on a circle: follows needs until one comes again. */
static uint32_t find_circle(const struct graph *graph, const struct waiting *waiting, uint8_t *passed)
{
    uint32_t at = 0;
    while (waiting->needs[at] == 0) at++;
    while (!passed[at]) {
        passed[at] = 1;
        at = stuck_need(graph, waiting, at)->needed;
    }
    return at;
}

/* The rule of a circle that stands first in the document. */
static uint32_t first_of_circle(const struct graph *graph, const struct waiting *waiting, uint32_t on)
{
    uint32_t first = on;
    for (uint32_t at = stuck_need(graph, waiting, on)->needed; at != on;
         at = stuck_need(graph, waiting, at)->needed)
        if (at < first) first = at;
    return first;
}

static void complain_circle(const struct graph *graph, const struct waiting *waiting)
{
    struct checking *ck = graph->ck;
    uint8_t *passed = CHECKING_ARRAY(ck, uint8_t, graph->rule_count);
    uint32_t *nodes = CHECKING_ARRAY(ck, uint32_t, graph->rule_count);
    struct span *spans = CHECKING_ARRAY(ck, struct span, graph->rule_count);
    if (ck->failure) return;
    uint32_t first = first_of_circle(graph, waiting, find_circle(graph, waiting, passed)), at = first,
             count = 0;
    do {
        const struct edge *edge = stuck_need(graph, waiting, at);
        bool same =
            count > 0 &&
            nodes[count - 1] ==
                graph->rules[at].node; /* its value and its relevance: one thing to the author */
        if (same) spans[count - 1] = edge->span;
        nodes[same ? count - 1 : count] = graph->rules[at].node;
        spans[same ? count - 1 : count] = edge->span;
        count += !same;
        at = edge->needed;
    } while (at != first);
    if (count > 1 && nodes[count - 1] == nodes[0]) count--;
    cycle_complain_at(ck, nodes, spans, count);
}

/* ---- */

static bool graph_init(struct graph *graph, struct checking *ck)
{
    size_t nodes = ck->ir->node_count, most = nodes * 4 + ck->ir->check_count;
    *graph = (struct graph){.ck = ck, .rules = CHECKING_ARRAY(ck, struct ir_rule, most)};
    graph->relevance_of = CHECKING_ARRAY(ck, uint32_t, nodes);
    graph->value_of = CHECKING_ARRAY(ck, uint32_t, nodes);
    graph->bounds_of = CHECKING_ARRAY(ck, uint32_t, nodes);
    graph->offer_of = CHECKING_ARRAY(ck, uint32_t, nodes);
    graph->edges_begin = CHECKING_ARRAY(ck, uint32_t, most + 1);
    graph->seen = CHECKING_ARRAY(ck, uint32_t, most);
    return ck->failure == ST_OK;
}

void dependency_order(struct checking *ck)
{
    struct graph graph;
    struct waiting waiting;
    struct ready ready;
    if (!graph_init(&graph, ck)) return;
    add_rules(&graph);
    add_edges(&graph);
    struct ir_rule *ordered = CHECKING_ARRAY(ck, struct ir_rule, graph.rule_count);
    if (ck->failure || !ready_init(&ready, &graph) || !waiting_init(&waiting, &graph)) return;
    uint32_t count = run_order(&graph, &waiting, &ready, ordered);
    if (count < graph.rule_count) {
        complain_circle(&graph, &waiting);
        return;
    }
    ck->ir->rules = ordered;
    ck->ir->rule_count = count;
}
