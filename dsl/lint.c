#include "dsl/lint.h"

#include "base/limits.h"

#include <stdio.h>

struct linter {
    const struct ir *ir;
    struct diags *diags;
};

static struct diag *warn(struct linter *linter, const char *code, struct span span, const char *hint,
                         const char *message)
{
    return diag_add(linter->diags, DIAG_WARNING, code, span, str_of(message), hint);
}

static void relate(struct diag *diag, struct span span, const char *message)
{
    if (!diag) return;
    diag->related = span;
    diag->related_message = str_of(message);
}

/* ---- labels */

/* One literal in the form's own language; else len 0. */
static struct str plain_text(struct ir_message message)
{
    struct str none = {NULL, 0};
    if (!message.by_language || message.by_language[0].part_count != 1) return none;
    const struct ir_part *part = &message.by_language[0].parts[0];
    return part->node == IR_NONE ? part->literal : none;
}

/* A field that is always there when what is around it is: of those with conditions often one is shown.
 */
static bool is_plain_field(const struct ir_node *node)
{
    return node->kind == NODE_FIELD && !node->when && !node->hidden && plain_text(node->label).len;
}

static void lint_label(struct linter *linter, uint32_t number)
{
    const struct ir_node *nodes = linter->ir->nodes, *node = &nodes[number];
    if (!is_plain_field(node)) return;
    for (uint32_t i = node->parent + 1; i < number; i = nodes[i].subtree_end) {
        if (nodes[i].parent != node->parent || !is_plain_field(&nodes[i])) continue;
        if (!str_eq(plain_text(nodes[i].label), plain_text(node->label))) continue;
        struct diag *diag = warn(linter, "W0206", node->item->title.span, NULL,
                                 "another field beside this one has the same label");
        relate(diag, nodes[i].item->title.span, "it is here");
        return;
    }
}

/* ---- checks */

/* "check" on a line of its own that begins no deeper than the field: it looks like the form's own. */
static void lint_checks_of(struct linter *linter, const struct ir_node *node)
{
    struct str source = linter->ir->source;
    if (node->kind != NODE_FIELD || !node->item) return;
    for (uint32_t i = 0; i < node->item->modifier_count; i++) {
        const struct modifier *modifier = &node->item->modifiers[i];
        if (modifier->kind != MODIFIER_CHECK || !modifier->check || modifier->check->at) continue;
        struct line_column field = line_column_of(source, node->item->span.offset),
                           check = line_column_of(source, modifier->span.offset);
        if (check.line == field.line || check.column > field.column) continue;
        struct diag *diag = warn(
            linter, "W0207", modifier->span,
            "indent it as a modifier (`formwright fmt` does), or say where its error is shown: at …",
            "this check belongs to the field before it");
        relate(diag, node->item->name_span, "its error is shown here");
    }
}

/* ---- conditions */

static bool is_optional_answer(const struct linter *linter, const struct ir_expr *e)
{
    if (e->op != IR_SLOT) return false;
    const struct ir_node *node = &linter->ir->nodes[e->node];
    return node->kind == NODE_FIELD && !node->computed && !node->required && node->may_be_missing;
}

/* x = constant, either way round. */
static const struct ir_expr *slot_compared(const struct ir_expr *e)
{
    if (e->arg_count != 2) return NULL;
    if (e->args[0]->op == IR_SLOT && e->args[1]->op == IR_CONST) return e->args[0];
    if (e->args[1]->op == IR_SLOT && e->args[0]->op == IR_CONST) return e->args[1];
    return NULL;
}

static bool asks_answered(const struct ir_expr *e, uint32_t node)
{
    if (e->op == IR_ANSWERED && e->args[0]->op == IR_SLOT && e->args[0]->node == node) return true;
    for (uint32_t i = 0; i < e->arg_count; i++)
        if (asks_answered(e->args[i], node)) return true;
    return false;
}

/* Of a condition that is asked for definitely true: what says "something else than" and is not true
 * while nothing is answered. `whole` is looked through for answered(…). */
static void lint_otherness(struct linter *linter, const struct ir_expr *e, const struct ir_expr *whole)
{
    const struct ir_expr *slot = NULL;
    if (e->op == IR_AND || e->op == IR_OR)
        for (uint32_t i = 0; i < e->arg_count; i++) lint_otherness(linter, e->args[i], whole);
    if (e->op == IR_NE) slot = slot_compared(e);
    if (e->op == IR_NOT && e->args[0]->op == IR_EQ) slot = slot_compared(e->args[0]);
    if (!slot || !is_optional_answer(linter, slot) || asks_answered(whole, slot->node)) return;
    char message[512];
    snprintf(message, sizeof message, "this is not true while \"%.*s\" is unanswered",
             STR_ARG(linter->ir->nodes[slot->node].path));
    warn(linter, "W0304", e->span,
         "unless … = … holds then too; answered(…) and … != … says that this is meant", message);
}

struct equality {
    uint32_t node;
    int64_t value;
    struct span span;
};

enum { EQUALITIES_MAX = 64 };
struct equalities {
    struct equality items[EQUALITIES_MAX];
    uint32_t count;
};

static bool is_exact(enum program_type type)
{
    return type != TYPE_TEXT && type != TYPE_NUMBER && type != TYPE_CHOICES &&
           type != TYPE_RANKING && type != TYPE_NONE;
}

/* slot = constant among what must all be true. */
static void collect_equalities(const struct ir_expr *e, struct equalities *found)
{
    if (!e) return;
    for (uint32_t i = 0; e->op == IR_AND && i < e->arg_count; i++)
        collect_equalities(e->args[i], found);
    const struct ir_expr *slot = e->op == IR_EQ ? slot_compared(e) : NULL;
    if (!slot || slot->cursor != 0 || !is_exact(slot->type.kind) || found->count == EQUALITIES_MAX)
        return;
    const struct ir_expr *constant = e->args[0] == slot ? e->args[1] : e->args[0];
    int64_t value = slot->type.kind == TYPE_BOOLEAN ? constant->value.truth : constant->value.exact;
    found->items[found->count++] = (struct equality){slot->node, value, e->span};
}

static void lint_contradiction(struct linter *linter, uint32_t number)
{
    const struct ir_node *nodes = linter->ir->nodes;
    struct equalities found = {.count = 0};
    if (!nodes[number].when) return;
    collect_equalities(nodes[number].when, &found);
    uint32_t own = found.count;
    for (uint32_t i = nodes[number].parent; i != IR_NONE; i = nodes[i].parent)
        collect_equalities(nodes[i].when, &found);
    for (uint32_t a = 0; a < own; a++)
        for (uint32_t b = a + 1; b < found.count; b++) {
            if (found.items[a].node != found.items[b].node ||
                found.items[a].value == found.items[b].value)
                continue;
            struct diag *diag =
                warn(linter, "W0305", found.items[a].span, NULL,
                     "this contradicts another condition, so nothing is ever shown here");
            relate(diag, found.items[b].span, "the other one");
            return;
        }
}

/* ---- price */

/* One rule over half of a price that is worth looking at. */
static void lint_price(struct linter *linter)
{
    const struct ir *ir = linter->ir;
    if (ir->cost_steps < limit(COST_STEPS) / 10 || ir->dearest_count == 0) return;
    const struct ir_dear *dearest = &ir->dearest[0];
    if (dearest->steps <= ir->cost_steps / 2) return;
    char message[200];
    snprintf(message, sizeof message,
             "this rule makes up %u %% of the %llu steps that judging may take",
             (unsigned)(dearest->steps / (ir->cost_steps / 100)), (unsigned long long)ir->cost_steps);
    warn(linter, "W0401", ir->rules[dearest->rule].span,
         "declare fewer rows or shorter texts, or work out once what it works out for each row",
         message);
}

void lint_find(const struct ir *ir, struct diags *diags)
{
    struct linter linter = {ir, diags};
    for (uint32_t i = 1; i < ir->node_count; i++) {
        const struct ir_node *node = &ir->nodes[i];
        lint_label(&linter, i);
        lint_checks_of(&linter, node);
        lint_contradiction(&linter, i);
        if (node->when) lint_otherness(&linter, node->when, node->when);
        if (node->required_when) lint_otherness(&linter, node->required_when, node->required_when);
    }
    lint_price(&linter);
}
