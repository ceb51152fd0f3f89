#include "runtime/collect.h"

#include "base/limits.h"

#include <assert.h>

struct walk {
    struct answers *answers;
    const struct plan *plan;
    bool lenient;
    uint32_t *next; /* per scope: the finding whose place is looked for; NULL: there are no findings */
    struct errors errors;
};

static void walk_add(struct walk *walk, struct finding error)
{
    struct errors *errors = &walk->errors;
    if (errors->count++ < (uint32_t)limit(ERRORS)) errors->items[errors->listed++] = error;
}

static bool is_at(const struct finding *finding, uint32_t node, uint32_t scope, uint32_t row)
{
    return finding->scope == scope && finding->row == row && finding->node == node;
}

/* Findings are sorted by place and places of one scope are met in that order, so one look is enough. */
static void meet_findings(struct walk *walk, uint32_t node, uint32_t scope, uint32_t row)
{
    const struct findings *all = &walk->answers->findings;
    for (; walk->next[scope] < all->count; walk->next[scope]++) {
        const struct finding *finding = &all->items[walk->next[scope]];
        if (!is_at(finding, node, scope, row)) return;
        if (finding->code == FINDING_CHECK || answers_relevant(walk->answers, node, scope, row))
            walk_add(walk, *finding);
    }
}

static inline void meet_place(struct walk *walk, uint32_t node, uint32_t scope, uint32_t row)
{
    if (walk->next) meet_findings(walk, node, scope, row);
}

static void complain(struct walk *walk, const struct plan_node *node, uint32_t scope, uint32_t row,
                     enum finding_code code)
{
    if ((node->flags & PLAN_CONDITIONAL) && !answers_relevant(walk->answers, node->node, scope, row))
        return;
    walk_add(walk, (struct finding){.code = code, .node = node->node, .scope = scope, .row = row});
}

static bool is_required(const struct walk *walk, const struct plan_node *node, uint32_t scope,
                        uint32_t row)
{
    if (walk->lenient || (node->flags & PLAN_COMPUTED)) return false;
    if (node->flags & PLAN_REQUIRED) return true;
    if (!(node->flags & PLAN_REQUIRED_WHEN)) return false;
    uint32_t slot =
        walk->plan->program->nodes[node->node].required_slot - walk->plan->scopes[scope].first_slot;
    return answers_slot(walk->answers, scope, row, slot)->value.exact != 0;
}

static void meet_field(struct walk *walk, const struct plan_node *field, uint32_t scope, uint32_t row)
{
    const struct slot *slot = answers_slot(walk->answers, scope, row, field->slot);
    if (slot->state == SLOT_BROKEN) complain(walk, field, scope, row, (enum finding_code)slot->code);
    else if (slot->state == SLOT_MISSING && is_required(walk, field, scope, row))
        complain(walk, field, scope, row, FINDING_REQUIRED);
}

static void meet_array(struct walk *walk, const struct plan_node *repeat, uint32_t scope, uint32_t row)
{
    struct answers_span rows = answers_rows(walk->answers, repeat->node, row);
    const struct brood *brood = &walk->answers->tables[repeat->target].broods[row];
    if (brood->state == SLOT_BROKEN) return; /* its finding was made by the pass */
    if (brood->state == SLOT_MISSING && is_required(walk, repeat, scope, row))
        complain(walk, repeat, scope, row, FINDING_REQUIRED);
    else if (brood->sent < rows.least && !walk->lenient)
        complain(walk, repeat, scope, row, FINDING_TOO_FEW);
    else if (brood->sent > rows.most) complain(walk, repeat, scope, row, FINDING_TOO_MANY);
}

static void walk_nodes(struct walk *walk, uint32_t first, uint32_t end, uint32_t scope, uint32_t row);

static void walk_repeat(struct walk *walk, const struct plan_node *repeat, uint32_t scope, uint32_t row)
{
    uint32_t inside = repeat->target, end = walk->plan->program->nodes[repeat->node].subtree_end;
    const struct brood *brood = &walk->answers->tables[inside].broods[row];
    meet_array(walk, repeat, scope, row);
    for (uint32_t i = brood->begin; i < brood->begin + brood->count; i++) {
        meet_place(walk, repeat->node, inside, i);
        walk_nodes(walk, repeat->node + 1, end, inside, i);
    }
}

/* Groups and pages need no step of their own: what is in them comes next. */
static void walk_nodes(struct walk *walk, uint32_t first, uint32_t end, uint32_t scope, uint32_t row)
{
    for (uint32_t i = first; i < end; i++) {
        const struct plan_node *node = &walk->plan->nodes[i];
        meet_place(walk, i, scope, row);
        if (node->kind == NODE_FIELD) meet_field(walk, node, scope, row);
        if (node->kind != NODE_REPEAT) continue;
        walk_repeat(walk, node, scope, row);
        i = walk->plan->program->nodes[i].subtree_end - 1;
    }
}

/* ---- the usual case: nothing is wrong */

static bool is_row_clean(const struct answers *answers, uint32_t scope, uint32_t row)
{
    const struct plan_scope *plan = &answers->plan->scopes[scope];
    const struct slot *slots = answers_slot(answers, scope, row, 0);
    const struct plan_demand *const past = plan->demands + plan->demand_count;
    for (const struct plan_demand *demand = plan->demands; demand < past; demand++) {
        if (slots[demand->slot].state == SLOT_SET) continue;
        bool demanded = demand->required == demand->slot || slots[demand->required].value.exact != 0;
        if (demanded && answers_relevant(answers, demand->node, scope, row)) return false;
    }
    return true;
}

static bool are_rows_clean(const struct answers *answers, uint32_t scope)
{
    const struct table *table = &answers->tables[scope];
    uint32_t repeat = answers->plan->program->scopes[scope].node;
    for (uint32_t i = 0; scope > 0 && i < table->brood_count; i++) {
        const struct brood *brood = &table->broods[i];
        struct answers_span rows = answers_rows(answers, repeat, i);
        if (brood->state != SLOT_SET || brood->sent < rows.least || brood->sent > rows.most)
            return false;
    }
    for (uint32_t row = 0; row < table->count; row++)
        if (!is_row_clean(answers, scope, row)) return false;
    return true;
}

/* Whether a look at what is demanded is enough to say that nothing is wrong. False: it has to be
 * walked. */
static bool is_clean(const struct answers *answers)
{
    if (answers->broken || answers->findings.count) return false;
    for (uint32_t i = 0; i < answers->plan->program->scope_count; i++)
        if (!are_rows_clean(answers, i)) return false;
    return true;
}

/* For each scope, where its findings begin. */
static bool find_starts(struct walk *walk, struct arena *arena)
{
    struct findings *all = &walk->answers->findings;
    uint32_t scopes = walk->plan->program->scope_count, at = 0;
    if (all->count == 0) return true;
    walk->next = ARENA_ARRAY(arena, uint32_t, scopes);
    if (!walk->next || !findings_sort(all)) return false;
    for (uint32_t scope = 0; scope < scopes; scope++) {
        walk->next[scope] = at;
        while (at < all->count && all->items[at].scope == scope) at++;
    }
    return true;
}

bool collect_errors(struct answers *answers, bool lenient, struct arena *arena,
                    struct errors *ret_errors)
{
    struct walk walk = {.answers = answers, .plan = answers->plan, .lenient = lenient};
    if (!lenient && is_clean(answers)) {
        *ret_errors = walk.errors;
        return true;
    }
    walk.errors.items = arena_alloc(arena, (size_t)limit(ERRORS) * sizeof *walk.errors.items);
    if (!walk.errors.items || !find_starts(&walk, arena)) return false;
    walk_nodes(&walk, 0, walk.plan->program->node_count, 0, 0);
    *ret_errors = walk.errors;
    return true;
}
