#include "dsl/emit_js_reads.h"

#include "base/limits.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>

enum { CURSORS = limit(EXPRESSION_DEPTH) + 2 };

struct one {
    uint32_t node;
    int64_t meet;
};

struct finding_reads {
    struct arena *arena;
    const struct ir *ir;
    struct one *items;
    uint32_t count, room;
    bool full;
    uint32_t fixed[CURSORS]; /* the scope up to which the cursor's row lies around the rule's own */
};

static bool lies_around(const struct ir *ir, uint32_t scope, uint32_t inside)
{
    while (inside != scope && inside != 0) inside = ir->scopes[inside].parent;
    return inside == scope;
}

static void add(struct finding_reads *found, uint32_t node, int64_t meet)
{
    for (uint32_t i = 0; i < found->count; i++)
        if (found->items[i].node == node && found->items[i].meet == meet) return;
    if (found->count == found->room) {
        uint32_t room = found->room ? found->room * 2 : 16;
        struct one *items =
            arena_grow(found->arena, found->items, found->room, room, sizeof *found->items);
        found->full |= items == NULL;
        if (!items) return;
        found->items = items;
        found->room = room;
    }
    found->items[found->count++] = (struct one){node, meet};
}

/* Where a row of `scope` that the cursor's row is or lies in meets the rule's. */
static uint32_t meeting(const struct finding_reads *found, uint32_t scope, uint32_t cursor)
{
    uint32_t fixed = found->fixed[cursor];
    return lies_around(found->ir, scope, fixed) ? scope : fixed;
}

static void add_rows(struct finding_reads *found, uint32_t scope, uint32_t cursor)
{
    uint32_t node = found->ir->scopes[scope].node;
    add(found, node, meeting(found, found->ir->nodes[node].scope, cursor));
}

static void see(struct finding_reads *found, const struct ir_expr *e);

static void see_aggregate(struct finding_reads *found, const struct ir_expr *e)
{
    assert(e->cursor < CURSORS);
    found->fixed[e->cursor] = lies_around(found->ir, e->from_scope, found->fixed[e->from])
                                  ? e->from_scope
                                  : found->fixed[e->from];
    for (uint32_t scope = e->scope; scope != e->from_scope; scope = found->ir->scopes[scope].parent)
        add_rows(found, scope, e->cursor);
    bool outside = e->aggregate == AGGREGATE_AT || e->aggregate == AGGREGATE_JOIN;
    for (uint32_t i = 0; i < e->arg_count; i++)
        if (i == 0 || !outside) see(found, e->args[i]);
    if (e->where) see(found, e->where);
}

static void see_args(struct finding_reads *found, const struct ir_expr *e)
{
    for (uint32_t i = 0; i < e->arg_count; i++) see(found, e->args[i]);
}

/* Rows before the one at the cursor; seen by a rule in its own row, the next one asks again. */
static void see_before(struct finding_reads *found, const struct ir_expr *e)
{
    uint32_t scope = found->ir->nodes[e->node].scope, parent = found->ir->scopes[scope].parent;
    int64_t behind = e->op == IR_PRIOR ? -1 : -2;
    add(found, e->node, e->cursor == 0 ? behind : (int64_t)meeting(found, parent, e->cursor));
    if (e->op == IR_SEEN) add(found, e->node, scope);
    add_rows(found, scope, e->cursor);
}

static void see(struct finding_reads *found, const struct ir_expr *e)
{
    switch (e->op) {
    case IR_SLOT:
        add(found, e->node, meeting(found, found->ir->nodes[e->node].scope, e->cursor));
        return;
    case IR_PRIOR:
    case IR_SEEN:
        see_before(found, e);
        return;
    case IR_POSITION:
        if (e->scope) add_rows(found, e->scope, e->cursor);
        return;
    case IR_AGGREGATE:
        if (e->aggregate == AGGREGATE_AT || e->aggregate == AGGREGATE_JOIN) see(found, e->args[1]);
        see_aggregate(found, e);
        return;
    default:
        see_args(found, e);
        return;
    }
}

static void see_some(struct finding_reads *found, const struct ir_expr *e)
{
    if (e) see(found, e);
}

static void see_rule(struct finding_reads *found, const struct ir_rule *rule)
{
    const struct ir_node *node = &found->ir->nodes[rule->node];
    switch (rule->kind) {
    case RULE_RELEVANCE:
        see_some(found, node->when);
        return;
    case RULE_VALUE:
        see_some(found, node->computed);
        return;
    case RULE_OFFER:
        see_some(found, node->offer);
        return;
    case RULE_BOUNDS:
        see_some(found, node->min);
        see_some(found, node->max);
        for (int i = 0; i < BREACH_COUNT; i++) see_some(found, node->breaches[i]);
        return;
    case RULE_REQUIRED:
        see_some(found, node->required_when);
        return;
    case RULE_CHECK:
        see_some(found, found->ir->checks[rule->check].condition);
        return;
    }
}

static int by_node(const void *a, const void *b)
{
    const struct one *x = a, *y = b;
    if (x->node != y->node) return x->node < y->node ? -1 : 1;
    return x->meet < y->meet ? -1 : x->meet > y->meet;
}

static void put(const struct finding_reads *found, struct buf *out)
{
    buf_putc(out, '[');
    for (uint32_t i = 0; i < found->count; i++) {
        const struct one *one = &found->items[i];
        if (i) buf_putc(out, ',');
        if (one->meet == (int64_t)found->ir->nodes[one->node].scope) buf_put_int(out, one->node);
        else buf_printf(out, "[%u,%lld]", (unsigned)one->node, (long long)one->meet);
    }
    buf_putc(out, ']');
}

enum status js_put_reads(struct arena *scratch, const struct ir *ir, const struct ir_rule *rule,
                         struct buf *out)
{
    struct finding_reads found = {.arena = scratch, .ir = ir};
    found.fixed[0] = rule->scope;
    see_rule(&found, rule);
    if (found.full) return scratch->refused ? ST_LIMIT : ST_NOMEM;
    if (found.count) qsort(found.items, found.count, sizeof *found.items, by_node);
    put(&found, out);
    return ST_OK;
}
