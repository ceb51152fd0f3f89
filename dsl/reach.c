#include "dsl/reach.h"

#include "dsl/ir_op.h"

#include <string.h>

enum { BUDGET = 4000 };

static bool assume(struct reach *reach, const struct ir_expr *e, enum reach_want want);

void reach_init(struct reach *reach, const struct ir *ir)
{
    reach->ir = ir;
    reach->fact_count = reach->choice_count = 0;
    reach->budget = BUDGET;
    reach->list = reach->option = IR_NONE;
    reach->at = reach->against = (struct span){0, 0};
}

static bool never(struct reach *reach, struct span at)
{
    reach->at = at;
    reach->against = (struct span){0, 0};
    return false;
}

/* ---- facts */

static bool says_present(const struct reach_fact *fact)
{
    return fact->kind == FACT_RANGE || fact->kind == FACT_PRESENT || fact->kind == FACT_HAS ||
           fact->kind == FACT_TEXT;
}

static bool excludes(const struct reach_fact *a, const struct reach_fact *b)
{
    if (a->kind == FACT_ABSENT) return says_present(b);
    if (a->kind == FACT_HAS && b->kind == FACT_LACKS) return a->low == b->low;
    if (a->kind == FACT_NOT && b->kind == FACT_RANGE) return b->low == a->low && b->high == a->low;
    if (a->kind == FACT_RANGE && b->kind == FACT_RANGE) return a->low > b->high || b->low > a->high;
    if (a->kind == FACT_TEXT && b->kind == FACT_TEXT) return !str_eq(a->text, b->text);
    return false;
}

static bool add_fact(struct reach *reach, struct reach_fact fact)
{
    for (uint32_t i = 0; i < reach->fact_count; i++) {
        const struct reach_fact *other = &reach->facts[i];
        if (other->node != fact.node) continue;
        if (!excludes(&fact, other) && !excludes(other, &fact)) continue;
        reach->at = fact.span;
        reach->against = other->span;
        return false;
    }
    if (reach->fact_count < REACH_FACTS) reach->facts[reach->fact_count++] = fact;
    return true;
}

static bool is_known(const struct reach *reach, uint32_t node)
{
    for (uint32_t i = 0; i < reach->fact_count; i++)
        if (reach->facts[i].node == node && reach->facts[i].kind == FACT_PRESENT) return true;
    return false;
}

/* ---- what is answered is relevant */

static bool assume_relevant(struct reach *reach, uint32_t node)
{
    const struct ir_node *nodes = reach->ir->nodes;
    uint32_t parent = nodes[node].parent;
    if (parent != IR_NONE && !assume_relevant(reach, parent)) return false;
    return !nodes[node].when || assume(reach, nodes[node].when, WANT_TRUE);
}

static bool is_here(const struct ir_expr *e)
{
    return e->op == IR_SLOT && e->cursor == 0;
}

static bool assume_present(struct reach *reach, const struct ir_expr *e);

static bool assume_answered(struct reach *reach, const struct ir_expr *slot)
{
    const struct ir_node *node = &reach->ir->nodes[slot->node];
    if (is_known(reach, slot->node) || reach->fact_count == REACH_FACTS) return true;
    struct reach_fact fact = {.kind = FACT_PRESENT, .node = slot->node, .span = slot->span};
    if (!add_fact(reach, fact)) return false;
    if (node->kind == NODE_LET)
        return node->sent || !node->computed || assume_present(reach, node->computed);
    return assume_relevant(reach, slot->node);
}

/* Of what is missing as soon as an operand is. */
static bool is_strict(enum ir_op op)
{
    return op == IR_NOT || ir_op_is_strict(op);
}

static bool assume_present(struct reach *reach, const struct ir_expr *e)
{
    if (reach->budget == 0) return true;
    reach->budget--;
    if (is_here(e)) return assume_answered(reach, e);
    if (e->op == IR_MISSING) return never(reach, e->span);
    bool column = e->op == IR_CALL && e->helper == HELPER_COLUMN;
    for (uint32_t i = 0; (is_strict(e->op) || column) && i < e->arg_count; i++)
        if (!assume_present(reach, e->args[i])) return false;
    return true;
}

/* ---- comparisons */

/* A value that is known, exact or of a text; a boolean is 0 or 1. */
struct known {
    bool is_text, is_missing;
    int64_t exact;
    struct str text;
};

static bool is_exact(enum program_type type)
{
    return type != TYPE_TEXT && type != TYPE_NUMBER && type != TYPE_CHOICES && type != TYPE_RANKING &&
           type != TYPE_NONE;
}

/* The column of the option that is asked about. */
static bool know_column(const struct reach *reach, const struct ir_expr *e, struct known *ret_known)
{
    bool column = e->op == IR_CALL && e->helper == HELPER_COLUMN && e->args[0]->op == IR_OPTION;
    if (!column || reach->list == IR_NONE || reach->list != e->args[0]->type.list) return false;
    const struct ir_column *c = &reach->ir->lists[reach->list].columns[e->column];
    if (!c->cells || (!is_exact(e->type.kind) && e->type.kind != TYPE_TEXT)) return false;
    struct program_cell cell = c->cells[reach->option];
    *ret_known = (struct known){.is_text = e->type.kind == TYPE_TEXT, .is_missing = !cell.present};
    if (ret_known->is_text) ret_known->text = cell.value.text;
    else ret_known->exact = cell.value.exact;
    return true;
}

static bool know(const struct reach *reach, const struct ir_expr *e, struct known *ret_known)
{
    if (e->op == IR_OPTION && reach->list != IR_NONE && reach->list == e->type.list) {
        *ret_known = (struct known){.exact = (int64_t)reach->option + 1};
        return true;
    }
    if (e->op != IR_CONST) return know_column(reach, e, ret_known);
    if (e->type.kind == TYPE_TEXT) *ret_known = (struct known){.is_text = true, .text = e->value.text};
    else if (!is_exact(e->type.kind)) return false;
    else
        *ret_known =
            (struct known){.exact = e->type.kind == TYPE_BOOLEAN ? e->value.truth : e->value.exact};
    return true;
}

static enum ir_op negated(enum ir_op op)
{
    switch (op) {
    case IR_EQ:
        return IR_NE;
    case IR_NE:
        return IR_EQ;
    case IR_LT:
        return IR_GE;
    case IR_LE:
        return IR_GT;
    case IR_GT:
        return IR_LE;
    default:
        return IR_LT;
    }
}

/* `op` holds for a value of the node and one that is known. */
static bool assume_compared(struct reach *reach, const struct ir_expr *slot, enum ir_op op,
                            const struct known *known, struct span span)
{
    const struct ir_node *node = &reach->ir->nodes[slot->node];
    struct reach_fact fact = {.kind = FACT_RANGE, .node = slot->node, .span = span};
    if (known->is_text) {
        fact.kind = FACT_TEXT;
        fact.text = known->text;
        return op != IR_EQ || add_fact(reach, fact);
    }
    bool boolean = slot->type.kind == TYPE_BOOLEAN;
    fact.low = boolean ? 0 : node->low;
    fact.high = boolean ? 1 : node->high;
    if (op == IR_NE && boolean) fact.low = fact.high = !known->exact;
    else if (op == IR_NE) {
        fact.kind = FACT_NOT;
        fact.low = known->exact;
    }
    if (op == IR_EQ || op == IR_GE || op == IR_GT) fact.low = known->exact + (op == IR_GT);
    if (op == IR_EQ || op == IR_LE || op == IR_LT) fact.high = known->exact - (op == IR_LT);
    return add_fact(reach, fact);
}

static bool holds(enum ir_op op, const struct known *a, const struct known *b)
{
    if (a->is_text)
        return op == IR_EQ ? str_eq(a->text, b->text) : op != IR_NE || !str_eq(a->text, b->text);
    switch (op) {
    case IR_EQ:
        return a->exact == b->exact;
    case IR_NE:
        return a->exact != b->exact;
    case IR_LT:
        return a->exact < b->exact;
    case IR_LE:
        return a->exact <= b->exact;
    case IR_GT:
        return a->exact > b->exact;
    default:
        return a->exact >= b->exact;
    }
}

static bool assume_comparison(struct reach *reach, const struct ir_expr *e, enum reach_want want)
{
    struct known a, b;
    enum ir_op op = want == WANT_TRUE ? e->op : negated(e->op);
    bool know_a = know(reach, e->args[0], &a), know_b = know(reach, e->args[1], &b);
    bool missing = (know_a && a.is_missing) || (know_b && b.is_missing);
    if (missing) return want == WANT_NOT_TRUE || never(reach, e->span);
    if (know_a && know_b) return holds(op, &a, &b) || never(reach, e->span);
    if (want == WANT_NOT_TRUE) { /* it may as well be missing, which only `not this value` allows */
        if (e->op != IR_EQ || !(know_a || know_b)) return true;
        const struct ir_expr *other = e->args[know_a];
        const struct known *value = know_a ? &a : &b;
        if (!is_here(other) || value->is_text) return true;
        return add_fact(
            reach, (struct reach_fact){
                       .kind = FACT_NOT, .node = other->node, .low = value->exact, .span = e->span});
    }
    if (!assume_present(reach, e->args[0]) || !assume_present(reach, e->args[1])) return false;
    if (know_b && is_here(e->args[0])) return assume_compared(reach, e->args[0], op, &b, e->span);
    if (know_a && is_here(e->args[1]))
        return assume_compared(reach, e->args[1], ir_op_mirrored(op), &a, e->span);
    return true;
}

/* ---- the other conditions */

static bool assume_all(struct reach *reach, const struct ir_expr *e, enum reach_want want)
{
    for (uint32_t i = 0; i < e->arg_count; i++)
        if (!assume(reach, e->args[i], want)) return false;
    return true;
}

static bool assume_one(struct reach *reach, const struct ir_expr *e, enum reach_want want)
{
    if (reach->choice_count < REACH_CHOICES)
        reach->choices[reach->choice_count++] = (struct reach_choice){e, want};
    return true;
}

static bool assume_slot(struct reach *reach, const struct ir_expr *e, enum reach_want want)
{
    const struct ir_node *node = &reach->ir->nodes[e->node];
    if (!is_here(e)) return true;
    struct reach_fact fact = {.kind = FACT_RANGE, .node = e->node, .span = e->span};
    fact.low = fact.high = want == WANT_TRUE;
    if (want == WANT_NOT_TRUE) fact = (struct reach_fact){FACT_NOT, e->node, 1, 1, {NULL, 0}, e->span};
    if (!add_fact(reach, fact)) return false;
    if (want != WANT_NOT_TRUE && !assume_answered(reach, e)) return false;
    if (!node->computed || node->sent || reach->fact_count == REACH_FACTS) return true;
    bool same = node->kind == NODE_LET || want != WANT_NOT_TRUE; /* a field may not be relevant */
    return !same || assume(reach, node->computed, want);
}

static bool assume_held(struct reach *reach, const struct ir_expr *e, enum reach_want want)
{
    struct known option;
    if (want != WANT_NOT_TRUE && !assume_present(reach, e)) return false;
    if (!is_here(e->args[0]) || !know(reach, e->args[1], &option) || option.is_text) return true;
    enum reach_kind kind = want == WANT_TRUE ? FACT_HAS : FACT_LACKS;
    struct reach_fact fact = {kind, e->args[0]->node, option.exact, option.exact, {NULL, 0}, e->span};
    return add_fact(reach, fact);
}

static bool assume_asked(struct reach *reach, const struct ir_expr *e, enum reach_want want)
{
    if (!is_here(e->args[0])) return true;
    if (want == WANT_TRUE) return assume_answered(reach, e->args[0]);
    return add_fact(
        reach, (struct reach_fact){.kind = FACT_ABSENT, .node = e->args[0]->node, .span = e->span});
}

static bool is_truth(const struct ir_expr *e, bool truth)
{
    return e->op == IR_CONST && e->type.kind == TYPE_BOOLEAN && e->value.truth == truth;
}

/* `unless a` is if a then false else true. */
static bool assume_if(struct reach *reach, const struct ir_expr *e, enum reach_want want)
{
    if (want != WANT_TRUE) return true;
    if (is_truth(e->args[1], false))
        return assume(reach, e->args[0], WANT_NOT_TRUE) && assume(reach, e->args[2], want);
    if (is_truth(e->args[2], false))
        return assume(reach, e->args[0], WANT_TRUE) && assume(reach, e->args[1], want);
    return true;
}

static bool assume_default(struct reach *reach, const struct ir_expr *e, enum reach_want want)
{
    bool first = is_truth(e->args[1], want == WANT_FALSE); /* then the default is not what is wanted */
    return !first || assume(reach, e->args[0], want);
}

static bool assume_truth(struct reach *reach, const struct ir_expr *e, bool truth, enum reach_want want)
{
    return truth == (want == WANT_TRUE) || never(reach, e->span);
}

/* A boolean column of the option that is asked about. */
static bool assume_column(struct reach *reach, const struct ir_expr *e, enum reach_want want)
{
    struct known known;
    if (know_column(reach, e, &known) && known.is_missing)
        return want == WANT_NOT_TRUE || never(reach, e->span);
    if (know_column(reach, e, &known)) return assume_truth(reach, e, known.exact != 0, want);
    return want == WANT_NOT_TRUE || assume_present(reach, e);
}

static bool assume(struct reach *reach, const struct ir_expr *e, enum reach_want want)
{
    if (reach->budget == 0) return true;
    reach->budget--;
    switch (e->op) {
    case IR_CONST:
        return assume_truth(reach, e, e->value.truth, want);
    case IR_MISSING:
        return want == WANT_NOT_TRUE || never(reach, e->span);
    case IR_SLOT:
        return assume_slot(reach, e, want);
    case IR_AND:
        return want == WANT_TRUE ? assume_all(reach, e, want) : assume_one(reach, e, want);
    case IR_OR:
        return want == WANT_TRUE ? assume_one(reach, e, want) : assume_all(reach, e, want);
    case IR_NOT:
        if (want == WANT_NOT_TRUE) return true;
        return assume(reach, e->args[0], want == WANT_TRUE ? WANT_FALSE : WANT_TRUE);
    case IR_EQ:
    case IR_NE:
    case IR_LT:
    case IR_LE:
    case IR_GT:
    case IR_GE:
        return assume_comparison(reach, e, want);
    case IR_HAS:
        return assume_held(reach, e, want);
    case IR_ANSWERED:
        return assume_asked(reach, e, want);
    case IR_COALESCE:
        return assume_default(reach, e, want);
    case IR_IF:
        return assume_if(reach, e, want);
    case IR_CALL:
        return e->helper != HELPER_COLUMN || assume_column(reach, e, want);
    default:
        return true;
    }
}

/* ---- choices */

static bool settle(struct reach *reach, uint32_t from);

static bool try_branch(struct reach *reach, const struct ir_expr *branch, enum reach_want want)
{
    uint32_t facts = reach->fact_count, choices = reach->choice_count;
    bool possible = assume(reach, branch, want) && settle(reach, choices);
    reach->fact_count = facts;
    reach->choice_count = choices;
    return possible;
}

/* Each by itself beside the facts: of two choices that exclude each other only together nothing is
 * said. */
static bool settle(struct reach *reach, uint32_t from)
{
    for (uint32_t i = from; i < reach->choice_count; i++) {
        struct reach_choice choice = reach->choices[i];
        bool possible = false;
        for (uint32_t k = 0; !possible && k < choice.expr->arg_count; k++)
            possible = try_branch(reach, choice.expr->args[k], choice.want);
        if (possible) continue;
        reach->at = choice.expr->span;
        return false;
    }
    return true;
}

/* ---- what is asked */

bool reach_node(struct reach *reach, uint32_t node)
{
    return assume_relevant(reach, node) && settle(reach, 0);
}

bool reach_also(struct reach *reach, const struct ir_expr *condition)
{
    return assume(reach, condition, WANT_TRUE) && settle(reach, 0);
}
