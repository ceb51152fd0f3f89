/* Any tree that the parser makes is refused with a reason, or becomes an IR that keeps what ir.h
 * promises: whoever makes code of it does not look again. */
#include "base/utf8.h"
#include "dsl/check.h"
#include "dsl/interval.h"
#include "dsl/ir_print.h"
#include "fuzz/layout.h"

enum { CURSORS = 2 * limit(EXPRESSION_DEPTH), PRINT_BYTES = 1 << 24 };

/* What stands around an expression. */
struct walk {
    const struct ir *ir;
    uint32_t scopes[CURSORS]; /* of each cursor that is open */
    uint32_t open;
    uint32_t budget; /* of expressions: a form may write a large one out */
};

static bool is_inside(const struct ir *ir, uint32_t inner, uint32_t outer)
{
    while (inner != outer && inner != 0) inner = ir->scopes[inner].parent;
    return inner == outer;
}

static void check_expr(struct walk *walk, const struct ir_expr *e);

/* args[0] and `where` are asked in the row of the aggregate, the separator of JOIN outside of it. */
static void check_aggregate(struct walk *walk, const struct ir_expr *e)
{
    bool valued = e->aggregate != AGGREGATE_COUNT && e->aggregate != AGGREGATE_ANY &&
                  e->aggregate != AGGREGATE_ALL && e->aggregate != AGGREGATE_NONE;
    HOLDS(e->arg_count == (e->aggregate == AGGREGATE_JOIN ? 2u : valued ? 1u : 0u));
    HOLDS(e->cursor == walk->open && walk->open < CURSORS);
    HOLDS(e->scope > 0 && e->scope < walk->ir->scope_count && e->from < walk->open);
    HOLDS(e->scope != e->from_scope && is_inside(walk->ir, e->scope, e->from_scope));
    HOLDS(is_inside(walk->ir, walk->scopes[e->from], e->from_scope));
    if (e->aggregate == AGGREGATE_JOIN) check_expr(walk, e->args[1]);
    walk->scopes[walk->open++] = e->scope;
    if (valued) check_expr(walk, e->args[0]);
    if (e->where) check_expr(walk, e->where);
    walk->open--;
    HOLDS(e->where || (e->aggregate != AGGREGATE_ANY && e->aggregate != AGGREGATE_ALL &&
                       e->aggregate != AGGREGATE_NONE));
    HOLDS(!e->where || e->where->type.kind == TYPE_BOOLEAN);
}

static bool is_exact(struct type type)
{
    return type.kind == TYPE_INTEGER || type.kind == TYPE_DECIMAL || type.kind == TYPE_MONEY;
}

static bool is_comparison(enum ir_op op)
{
    return op == IR_EQ || op == IR_NE || op == IR_LT || op == IR_LE || op == IR_GT || op == IR_GE;
}

static void check_types(const struct ir_expr *e)
{
    HOLDS(e->type.kind != TYPE_NONE);
    if (is_comparison(e->op)) {
        struct type a = e->args[0]->type, b = e->args[1]->type;
        HOLDS(e->type.kind == TYPE_BOOLEAN && e->arg_count == 2);
        HOLDS(is_exact(a) ? is_exact(b) && a.scale == b.scale : a.kind == b.kind);
        HOLDS((a.kind != TYPE_CHOICE && a.kind != TYPE_CHOICES) || a.list == b.list);
    }
    bool sum =
        (e->op == IR_ADD || e->op == IR_SUB) && is_exact(e->type) && e->args[0]->type.kind != TYPE_DATE;
    if (sum) HOLDS(e->args[0]->type.scale == e->type.scale && e->args[1]->type.scale == e->type.scale);
    if (e->op == IR_MUL && is_exact(e->type))
        HOLDS(e->args[0]->type.scale + e->args[1]->type.scale == e->type.scale);
    if (e->op == IR_RESCALE) HOLDS(e->args[0]->type.scale < e->type.scale);
    if (e->op == IR_IF) HOLDS(e->args[0]->type.kind == TYPE_BOOLEAN);
}

static void check_expr(struct walk *walk, const struct ir_expr *e)
{
    if (walk->budget == 0) return;
    walk->budget--;
    HOLDS(e->span.offset + (size_t)e->span.len <= walk->ir->source.len);
    HOLDS(e->low <= e->high && e->cost >= e->base_cost && e->base_cost > 0 && e->size > 0);
    check_types(e);
    if (e->op == IR_SLOT) {
        HOLDS(e->node < walk->ir->node_count && e->cursor < walk->open);
        HOLDS(is_inside(walk->ir, walk->scopes[e->cursor], walk->ir->nodes[e->node].scope));
    }
    if (e->op == IR_POSITION)
        HOLDS(e->cursor < walk->open && walk->scopes[e->cursor] == e->scope && e->scope);
    if (e->op == IR_CALL && e->helper == HELPER_COLUMN) {
        const struct ir_list *list = &walk->ir->lists[e->args[0]->type.list];
        HOLDS(e->args[0]->type.kind == TYPE_CHOICE && e->column < list->column_count);
        HOLDS(e->type.kind == list->columns[e->column].type.kind);
    }
    if (e->op == IR_CALL && e->helper == HELPER_MATCHES) HOLDS(e->pattern < walk->ir->pattern_count);
    if (e->op == IR_AGGREGATE) {
        check_aggregate(walk, e);
        return;
    }
    for (uint32_t i = 0; i < e->arg_count; i++) check_expr(walk, e->args[i]);
}

static void check_rule_expr(const struct ir *ir, uint32_t scope, const struct ir_expr *e)
{
    struct walk walk = {.ir = ir, .scopes = {scope}, .open = 1, .budget = 20000};
    if (e && e->op != IR_CONST) check_expr(&walk, e);
}

static void check_rule(const struct ir *ir, const struct ir_rule *rule)
{
    const struct ir_node *node = &ir->nodes[rule->node];
    HOLDS(rule->node < ir->node_count && rule->scope < ir->scope_count);
    HOLDS(rule->cost >= rule->base_cost && rule->base_cost > 0);
    switch (rule->kind) {
    case RULE_RELEVANCE:
        check_rule_expr(ir, rule->scope, node->when);
        return;
    case RULE_VALUE:
        check_rule_expr(ir, rule->scope, node->computed);
        return;
    case RULE_BOUNDS:
        check_rule_expr(ir, rule->scope, node->min);
        check_rule_expr(ir, rule->scope, node->max);
        return;
    case RULE_OFFER:
        HOLDS(node->offer && (node->type.kind == TYPE_CHOICE || node->type.kind == TYPE_CHOICES));
        check_rule_expr(ir, rule->scope, node->offer);
        return;
    case RULE_REQUIRED:
        check_rule_expr(ir, rule->scope, node->required_when);
        return;
    case RULE_CHECK:
        HOLDS(rule->check < ir->check_count && is_inside(ir, rule->scope, node->scope));
        check_rule_expr(ir, rule->scope, ir->checks[rule->check].condition);
        return;
    }
}

static void check_message(const struct ir *ir, const struct ir_message *message, uint32_t scope)
{
    for (uint32_t i = 0; message->by_language && i < ir->language_count; i++) {
        const struct ir_text *text = &message->by_language[i];
        HOLDS(i > 0 || text->part_count > 0);
        for (uint32_t k = 0; k < text->part_count; k++) {
            uint32_t shown = text->parts[k].node;
            HOLDS(shown == IR_NONE ||
                  (shown < ir->node_count && is_inside(ir, scope, ir->nodes[shown].scope)));
        }
    }
}

static void check_node(const struct ir *ir, uint32_t index)
{
    const struct ir_node *node = &ir->nodes[index];
    HOLDS(node->parent < index && node->subtree_end > index);
    HOLDS(node->subtree_end <= ir->nodes[node->parent].subtree_end);
    HOLDS(node->scope < ir->scope_count &&
          (node->kind != NODE_REPEAT || ir->scopes[node->own_scope].node == index));
    HOLDS((node->kind != NODE_FIELD && node->kind != NODE_LET) || node->type.kind != TYPE_NONE);
    HOLDS(node->low <= node->high);
    HOLDS(node->relevance_node == IR_NONE || ir->nodes[node->relevance_node].when);
    HOLDS(node->kind != NODE_LET || node->computed || node->sent);
    check_message(ir, &node->label, node->scope);
    check_message(ir, &node->hint, node->scope);
}

static void check_ir(const struct ir *ir)
{
    struct buf out;
    for (uint32_t i = 1; i < ir->node_count; i++) check_node(ir, i);
    for (uint32_t i = 0; i < ir->rule_count; i++) check_rule(ir, &ir->rules[i]);
    for (uint32_t i = 0; i < ir->check_count; i++)
        check_message(ir, &ir->checks[i].message, ir->checks[i].scope);
    HOLDS(ir->language_count > 0 && (ir->dearest_count > 0) == (ir->rule_count > 0));
    for (uint32_t i = 0; i < ir->dearest_count; i++) {
        HOLDS(ir->dearest[i].steps <= ir->cost_steps);
        HOLDS(i == 0 || ir->dearest[i].steps <= ir->dearest[i - 1].steps);
    }
    buf_init(&out, mem_heap(), PRINT_BYTES);
    ir_print(ir, &out);
    HOLDS(buf_failed(&out) || utf8_valid(buf_str(&out)));
    buf_release(&out);
}

static void check_diags(const struct diags *diags, size_t size)
{
    for (uint32_t i = 0; i < diags->count; i++) {
        const struct diag *diag = &diags->items[i];
        HOLDS(diag->span.offset <= size && diag->span.len <= size - diag->span.offset);
        HOLDS(diag->related.offset <= size && diag->related.len <= size - diag->related.offset);
        HOLDS(diag->message.len > 0 && utf8_valid(diag->message) && utf8_valid(diag->hint));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct diags diags;
    struct tree *tree;
    struct ir *ir = NULL;
    arena_init(&arena, mem_heap(), limit(COMPILE_ARENA_BYTES));
    diags_init(&diags, &arena, limit(DIAGNOSTICS));
    HOLDS(parser_parse(&arena, (struct str){(const char *)data, size}, &diags, &tree) == ST_OK);
    enum status st = check_tree(&arena, tree, &diags, &ir);
    HOLDS(st == ST_OK || st == ST_INPUT);
    HOLDS((st == ST_OK) == (diags.errors == 0));
    check_diags(&diags, size);
    if (st == ST_OK) check_ir(ir);
    arena_release(&arena);
    return 0;
}
