#include "dsl/lint.h"

#include "base/limits.h"
#include "dsl/interval.h"
#include "dsl/reach.h"

#include <stdio.h>
#include <string.h>

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
    if (linter->ir->edition > 2026) return; /* where the form's own begin with "ensure" */
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

/* ---- what is never shown */

enum shown {
    SHOWN_PERHAPS,
    SHOWN_NEVER,
    SHOWN_TOLD,
    SHOWN_INSIDE
}; /* TOLD: by others; INSIDE: of what is never shown */

struct fate {
    enum shown shown;
    struct span at, against;
};

static bool lies_in(struct span part, struct span whole)
{
    return part.len > 0 && part.offset >= whole.offset &&
           part.offset + part.len <= whole.offset + whole.len;
}

/* At the part of the item's own condition that cannot be, beside the other. */
static void warn_never(struct linter *linter, const struct ir_node *node,
                       const struct ir_expr *condition, struct span at, struct span against,
                       const char *message)
{
    struct span head = node->item->head, span = condition->span, other = at;
    if (lies_in(at, head)) {
        span = at;
        other = against;
    } else if (lies_in(against, head)) {
        span = against;
    }
    struct diag *diag = warn(linter, "W0305", span, NULL, message);
    if (other.len > 0) relate(diag, other, "the other one");
}

static struct fate fate_of(struct reach *reach, uint32_t number)
{
    const struct ir_node *node = &reach->ir->nodes[number];
    struct fate fate = {.shown = SHOWN_PERHAPS};
    reach_init(reach, reach->ir);
    if (!node->when || reach_node(reach, number)) return fate;
    bool told = !(interval_truth_of(node->when) & CAN_BE_TRUE); /* W0301 */
    return (struct fate){told ? SHOWN_TOLD : SHOWN_NEVER, reach->at, reach->against};
}

static void lint_required(struct linter *linter, struct reach *reach, uint32_t number)
{
    const struct ir_node *node = &linter->ir->nodes[number];
    if (!node->required_when || !(interval_truth_of(node->required_when) & CAN_BE_TRUE)) return;
    reach_init(reach, linter->ir);
    if (!reach_node(reach, number) || reach_also(reach, node->required_when)) return;
    warn_never(linter, node, node->required_when, reach->at, reach->against,
               "this contradicts another condition, so nothing is ever required here");
}

/* What people see of a form. */
static bool is_visible(const struct ir_node *node)
{
    return node->kind != NODE_LET && node->kind != NODE_FORM && !node->derived;
}

/* Two things or more, and none of them is ever shown: told once, of what is around them. */
static void lint_empty(struct linter *linter, struct fate *fates, uint32_t number)
{
    const struct ir_node *nodes = linter->ir->nodes, *node = &nodes[number];
    uint32_t never = 0, all = 0, first = IR_NONE;
    for (uint32_t i = number + 1; i < node->subtree_end; i = nodes[i].subtree_end) {
        if (!is_visible(&nodes[i])) continue;
        all++;
        if (fates[i].shown != SHOWN_NEVER) continue;
        if (never++ == 0) first = i;
    }
    if (never < 2 || never < all) return;
    struct diag *diag = warn(linter, "W0306", node->item->head, NULL, "nothing in it is ever shown");
    relate(diag, fates[first].at, "this cannot be, for example");
    for (uint32_t i = number + 1; i < node->subtree_end; i = nodes[i].subtree_end)
        if (is_visible(&nodes[i])) fates[i].shown = SHOWN_TOLD;
}

static bool has_no_rows(const struct ir *ir, const struct ir_node *node)
{
    return node->kind == NODE_REPEAT && node->rows_high != 0 && ir->nodes[node->rows_high].high <= 0;
}

static void lint_rows(struct linter *linter, struct fate *fate, const struct ir_node *node)
{
    const struct modifier *rows = NULL;
    for (uint32_t i = 0; node->item && i < node->item->modifier_count; i++)
        if (node->item->modifiers[i].kind == MODIFIER_ROWS) rows = &node->item->modifiers[i];
    if (!rows || !has_no_rows(linter->ir, node)) return;
    warn(linter, "W0306", rows->span, NULL, "this repeat never has a row");
    fate->shown = SHOWN_TOLD;
}

static bool is_block(enum program_node_kind kind)
{
    return kind == NODE_PAGE || kind == NODE_SECTION || kind == NODE_GROUP || kind == NODE_REPEAT;
}

static void lint_shown(struct linter *linter, struct fate *fates)
{
    struct reach reach = {.ir = linter->ir};
    const struct ir_node *nodes = linter->ir->nodes;
    for (uint32_t i = 1; i < linter->ir->node_count; i++) {
        if (fates[nodes[i].parent].shown != SHOWN_PERHAPS) fates[i].shown = SHOWN_INSIDE;
        else if (is_visible(&nodes[i])) fates[i] = fate_of(&reach, i);
        if (fates[i].shown != SHOWN_PERHAPS) continue;
        lint_rows(linter, &fates[i], &nodes[i]);
        lint_required(linter, &reach, i);
    }
    for (uint32_t i = 1; i < linter->ir->node_count; i++)
        if (is_block(nodes[i].kind) && fates[i].shown == SHOWN_PERHAPS) lint_empty(linter, fates, i);
    for (uint32_t i = 1; i < linter->ir->node_count; i++)
        if (fates[i].shown == SHOWN_NEVER)
            warn_never(linter, &nodes[i], nodes[i].when, fates[i].at, fates[i].against,
                       "this contradicts another condition, so nothing is ever shown here");
}

/* ---- what is never offered */

static bool has_list(const struct ir_node *node, uint32_t list)
{
    enum program_type kind = node->type.kind;
    bool chooses = kind == TYPE_CHOICE || kind == TYPE_CHOICES || kind == TYPE_RANKING;
    return node->kind == NODE_FIELD && !node->computed && chooses && node->type.list == list;
}

/* The fields in which an option of the list can be chosen; `ret_all` when one of them offers every
 * option. */
static uint32_t count_users(const struct ir *ir, const struct fate *fates, uint32_t list, bool *ret_all)
{
    uint32_t count = 0;
    *ret_all = false;
    for (uint32_t i = 1; i < ir->node_count; i++) {
        if (!has_list(&ir->nodes[i], list)) continue;
        count++;
        *ret_all |= !ir->nodes[i].offer || fates[i].shown != SHOWN_PERHAPS;
    }
    return count;
}

static bool offers(struct reach *reach, uint32_t field, uint32_t list, uint32_t option)
{
    const struct ir *ir = reach->ir;
    const struct ir_expr *filter = ir->nodes[field].filter;
    uint32_t offered = ir->lists[list].options[option].offered;
    reach_init(reach, ir);
    reach->list = list;
    reach->option = option;
    return reach_node(reach, field) && (!filter || reach_also(reach, filter)) &&
           (offered == 0 || reach_also(reach, ir->nodes[offered].computed));
}

static bool is_offered(struct reach *reach, uint32_t list, uint32_t option)
{
    for (uint32_t i = 1; i < reach->ir->node_count; i++)
        if (has_list(&reach->ir->nodes[i], list) && offers(reach, i, list, option)) return true;
    return false;
}

enum { ASKED_MAX = 20000, NAMED = 3 }; /* options times fields: many more are not looked at */

static void lint_list(struct linter *linter, const struct fate *fates, uint32_t number)
{
    const struct ir_list *list = &linter->ir->lists[number];
    struct reach reach = {.ir = linter->ir};
    bool all;
    uint32_t users = list->sheet ? 0 : count_users(linter->ir, fates, number, &all), never = 0;
    if (users == 0 || all || (uint64_t)users * list->option_count > ASKED_MAX) return;
    char names[512] = "";
    size_t used = 0;
    for (uint32_t i = 0; i < list->option_count; i++) {
        if (is_offered(&reach, number, i) || ++never > NAMED) continue;
        int len = snprintf(names + used, sizeof names - used, "%s\"%.*s\"", never > 1 ? ", " : "",
                           STR_ARG(list->options[i].code));
        used = used + (size_t)len < sizeof names ? used + (size_t)len : sizeof names - 1;
    }
    if (never == 0) return;
    char message[700];
    snprintf(message, sizeof message, "%u of the %u options of this list %s never offered: %s%s", never,
             list->option_count, never == 1 ? "is" : "are", names, never > NAMED ? ", …" : "");
    warn(linter, "W0307", list->span, NULL, message);
}

static void lint_reach(struct linter *linter)
{
    const struct ir *ir = linter->ir;
    struct fate *fates = ARENA_ARRAY(linter->diags->arena, struct fate, ir->node_count);
    if (!fates) return; /* warnings are no reason to fail */
    memset(fates, 0, ir->node_count * sizeof *fates);
    lint_shown(linter, fates);
    for (uint32_t i = 0; i < ir->list_count; i++) lint_list(linter, fates, i);
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
        if (node->when) lint_otherness(&linter, node->when, node->when);
        if (node->required_when) lint_otherness(&linter, node->required_when, node->required_when);
    }
    lint_reach(&linter);
    lint_price(&linter);
}
