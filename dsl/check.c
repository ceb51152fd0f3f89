#include "dsl/check.h"

#include "dsl/attribute.h"
#include "dsl/checking.h"
#include "dsl/choice_list.h"
#include "dsl/column.h"
#include "dsl/composite.h"
#include "dsl/constant.h"
#include "dsl/declare.h"
#include "dsl/dependency.h"
#include "dsl/follow.h"
#include "dsl/function.h"
#include "dsl/interval.h"
#include "dsl/message.h"
#include "dsl/migration_check.h"
#include "dsl/pricing.h"
#include "dsl/translation.h"
#include "dsl/typer.h"

#include <assert.h>

/* ---- types and texts */

static void type_form(struct checking *ck)
{
    struct place place = place_inside(ck->ir, 0);
    column_fill(ck);
    function_type(ck);
    attribute_literal_bounds(ck);
    typer_lets(ck);
    ck->ir->title = message_of_text(ck, &place, &ck->tree->title);
    follow_type_options(ck);
    for (uint32_t i = 1; i < ck->ir->node_count && !ck->failure; i++)
        if (!ck->ir->nodes[i].derived) attribute_type(ck, i);
    attribute_checks(ck);
    translation_apply(ck);
}

/* ---- warnings */

static void warn_condition(struct checking *ck, const struct ir_expr *e, struct span span,
                           const char *what)
{
    if (!e) return;
    unsigned truth = interval_truth_of(e);
    if (!(truth & CAN_BE_TRUE)) complain(ck, "W0301", span, NULL, "%s can never be true", what);
    else if (truth == CAN_BE_TRUE) complain(ck, "W0301", span, NULL, "%s is always true", what);
}

static void warn_check(struct checking *ck, const struct ir_check *check)
{
    unsigned truth = interval_truth_of(check->condition);
    if (!(truth & CAN_BE_FALSE))
        complain(ck, "W0301", check->condition->span, NULL, "this check can never complain");
    else if (!(truth & CAN_BE_TRUE))
        complain(ck, "W0301", check->condition->span, NULL, "nothing can satisfy this check");
}

static void warn_conditions(struct checking *ck)
{
    const struct ir *ir = ck->ir;
    for (uint32_t i = 1; i < ir->node_count; i++) {
        const struct ir_node *node = &ir->nodes[i];
        if (node->when) warn_condition(ck, node->when, node->when->span, "this condition");
        if (node->filter) warn_condition(ck, node->filter, node->filter->span, "this condition");
        if (node->required_when)
            warn_condition(ck, node->required_when, node->required_when->span, "this condition");
    }
    for (uint32_t i = 0; i < ir->check_count; i++) warn_check(ck, &ir->checks[i]);
}

static void warn_unread_lets(struct checking *ck)
{
    for (uint32_t i = 1; i < ck->ir->node_count; i++) {
        const struct ir_node *node = &ck->ir->nodes[i];
        if (node->kind == NODE_LET && !node->derived && !ck->nodes_read[i])
            complain(ck, "W0203", node->item->name_span, NULL, "nothing reads the let \"%.*s\"",
                     STR_ARG(node->name));
    }
}

static void warn_form(struct checking *ck)
{
    warn_conditions(ck);
    warn_unread_lets(ck);
    function_warn_unused(ck);
    choice_list_warn_unused(ck);
    translation_warn_missing(ck);
}

/* ---- the turns */

/* Poison without a complaint would be a rule that is silently lost. */
static bool nothing_is_poison(const struct checking *ck)
{
    const struct ir *ir = ck->ir;
    for (uint32_t i = 0; i < ir->node_count; i++) {
        const struct ir_node *n = &ir->nodes[i];
        const struct ir_expr *all[] = {n->when, n->computed, n->required_when, n->default_value,
                                       n->min,  n->max,      n->offer};
        for (size_t k = 0; k < sizeof all / sizeof *all; k++)
            if (all[k] && ir_is_poison(all[k])) return false;
        if (n->kind == NODE_LET && !n->computed && !n->sent) return false;
        for (size_t k = 0; k < BREACH_COUNT; k++)
            if (n->breaches[k] && ir_is_poison(n->breaches[k])) return false;
    }
    for (uint32_t i = 0; i < ir->check_count; i++)
        if (ir_is_poison(ir->checks[i].condition)) return false;
    return true;
}

/* Whether to go on: no memory is missing, nobody has complained. */
static bool is_sound(const struct checking *ck)
{
    return ck->failure == ST_OK && ck->diags->errors == 0;
}

static void check_form(struct checking *ck)
{
    constant_apply(ck);
    if (!ck->failure) composite_apply(ck);
    if (!ck->failure) declare_form(ck);
    if (ck->failure) return;
    type_form(ck);
    if (!is_sound(ck)) return;
    bool sound = nothing_is_poison(ck);
    assert(sound);
    (void)sound;
    dependency_order(ck);
    if (!is_sound(ck)) return;
    interval_measure_form(ck->ir);
    pricing_measure_form(ck->ir);
    pricing_judge_size(ck);
    migration_check(ck);
    if (is_sound(ck)) warn_form(ck);
}

enum status check_tree(struct arena *arena, const struct tree *tree, struct diags *diags,
                       struct ir **ret_ir)
{
    return check_tree_with(arena, tree, NULL, diags, ret_ir);
}

enum status check_tree_with(struct arena *arena, const struct tree *tree,
                            const struct dsl_tables *tables, struct diags *diags, struct ir **ret_ir)
{
    struct checking ck;
    checking_init(&ck, arena, tree, diags);
    ck.tables = tables;
    ck.ir = CHECKING_NEW(&ck, struct ir);
    if (!ck.ir) return ck.failure;
    ck.ir->source = tree->source;
    ck.ir->edition = tree->edition;
    check_form(&ck);
    checking_tell_uses(&ck);
    if (ck.failure) return ck.failure;
    if (diags->errors > 0) return ST_INPUT;
    *ret_ir = ck.ir;
    return ST_OK;
}
