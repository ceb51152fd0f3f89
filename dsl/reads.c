#include "dsl/reads.h"

void expr_walk(const struct ir_expr *e, void (*visit)(const struct ir_expr *e, void *context),
               void *context)
{
    if (!e) return;
    for (uint32_t i = 0; i < e->arg_count; i++) expr_walk(e->args[i], visit, context);
    expr_walk(e->where, visit, context);
    visit(e, context);
}

void rule_walk(const struct ir *ir, const struct ir_rule *rule,
               void (*visit)(const struct ir_expr *e, void *context), void *context)
{
    const struct ir_node *node = &ir->nodes[rule->node];
    switch (rule->kind) {
    case RULE_RELEVANCE:
        expr_walk(node->when, visit, context);
        return;
    case RULE_VALUE:
        expr_walk(node->computed, visit, context);
        return;
    case RULE_BOUNDS:
        expr_walk(node->min, visit, context);
        expr_walk(node->max, visit, context);
        for (int i = 0; i < BREACH_COUNT; i++) expr_walk(node->breaches[i], visit, context);
        return;
    case RULE_OFFER:
        expr_walk(node->offer, visit, context);
        return;
    case RULE_REQUIRED:
        expr_walk(node->required_when, visit, context);
        return;
    case RULE_CHECK:
        expr_walk(ir->checks[rule->check].condition, visit, context);
        return;
    }
}

static void count(uint32_t *reads)
{
    if (*reads < UINT32_MAX) ++*reads;
}

static void see_expr(const struct ir_expr *e, void *context)
{
    struct reads *reads = context;
    if (e->op == IR_SLOT || e->op == IR_PRIOR) count(&reads->nodes[e->node]);
    if (e->op == IR_TODAY) reads->today = true;
    if (e->op == IR_NOW) reads->now = true;
}

static void see_message(const struct ir *ir, struct ir_message message, struct reads *reads)
{
    if (!message.by_language) return;
    for (uint32_t language = 0; language < ir->language_count; language++) {
        const struct ir_text *text = &message.by_language[language];
        for (uint32_t i = 0; i < text->part_count; i++)
            if (text->parts[i].node != IR_NONE) reads->texts[text->parts[i].node] = true;
    }
}

static void see_texts(const struct ir *ir, struct reads *reads)
{
    see_message(ir, ir->title, reads);
    for (uint32_t i = 0; i < ir->node_count; i++) {
        const struct ir_node *node = &ir->nodes[i];
        const struct ir_message messages[] = {node->label,           node->hint,
                                              node->placeholder,     node->required_message,
                                              node->min_message,     node->max_message,
                                              node->length_message,  node->pattern_message,
                                              node->skipped_message, node->repeated_message};
        for (size_t k = 0; k < sizeof messages / sizeof messages[0]; k++)
            see_message(ir, messages[k], reads);
    }
    for (uint32_t i = 0; i < ir->check_count; i++) see_message(ir, ir->checks[i].message, reads);
    for (uint32_t i = 0; i < ir->list_count; i++)
        for (uint32_t k = 0; ir->lists[i].options && k < ir->lists[i].option_count; k++)
            see_message(ir, ir->lists[i].options[k].label, reads);
}

enum status reads_find(struct arena *arena, const struct ir *ir, struct reads *ret_reads)
{
    struct reads reads = {
        .nodes = ARENA_ARRAY(arena, uint32_t, ir->node_count),
        .texts = ARENA_ARRAY(arena, bool, ir->node_count),
    };
    if (!reads.nodes || !reads.texts) return arena->refused ? ST_LIMIT : ST_NOMEM;
    for (uint32_t i = 0; i < ir->rule_count; i++) {
        rule_walk(ir, &ir->rules[i], see_expr, &reads);
        bool reads_itself = ir->rules[i].kind == RULE_BOUNDS || ir->rules[i].kind == RULE_OFFER;
        if (reads_itself) count(&reads.nodes[ir->rules[i].node]);
    }
    see_texts(ir, &reads);
    *ret_reads = reads;
    return ST_OK;
}
