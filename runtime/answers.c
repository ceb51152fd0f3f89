#include "runtime/answers.h"

#include <string.h>

/* Room for one more of `count`; doubles. */
static bool has_room(struct arena *arena, void **items, uint32_t count, uint32_t *capacity, size_t size)
{
    if (count < *capacity) return true;
    uint32_t larger = *capacity ? *capacity * 2 : 4;
    void *grown = arena_grow(arena, *items, count, larger, size);
    if (!grown) return false;
    *items = grown;
    *capacity = larger;
    return true;
}

static bool add_brood(struct answers *answers, struct table *table)
{
    void *broods = table->broods;
    if (!has_room(answers->arena, &broods, table->brood_count, &table->brood_capacity,
                  sizeof *table->broods))
        return false;
    table->broods = broods;
    table->broods[table->brood_count++] = (struct brood){.begin = table->count};
    return true;
}

static bool add_broods(struct answers *answers, uint32_t scope)
{
    const struct plan_scope *scopes = answers->plan->scopes;
    for (uint32_t child = scopes[scope].first_child; child != PROGRAM_NONE;
         child = scopes[child].next_sibling)
        if (!add_brood(answers, &answers->tables[child])) return false;
    return true;
}

/* Slots and parents grow together. */
static bool grow_rows(struct arena *arena, struct table *table)
{
    uint32_t capacity = table->capacity ? table->capacity * 2 : 4;
    size_t row_bytes = table->width * sizeof *table->slots;
    struct slot *slots = arena_grow(arena, table->slots, table->count, capacity, row_bytes);
    if (!slots) return false;
    uint32_t *parents = arena_grow(arena, table->parents, table->count, capacity, sizeof *parents);
    if (!parents) return false;
    table->slots = slots;
    table->parents = parents;
    table->capacity = capacity;
    return true;
}

bool answers_add_row(struct answers *answers, uint32_t scope, uint32_t parent, uint32_t *ret_row)
{
    struct table *table = &answers->tables[scope];
    if (table->count == table->capacity && !grow_rows(answers->arena, table)) return false;
    uint32_t row = table->count;
    memset(&table->slots[(size_t)row * table->width], 0, table->width * sizeof *table->slots);
    table->parents[row] = parent;
    bool has_children = answers->plan->scopes[scope].first_child != PROGRAM_NONE;
    if (has_children && !add_broods(answers, scope)) return false;
    table->count++;
    *ret_row = row;
    return true;
}

bool answers_begin(struct answers *answers, const struct plan *plan, struct arena *arena)
{
    *answers = (struct answers){.plan = plan, .arena = arena};
    findings_init(&answers->findings, arena);
    answers->tables = ARENA_ARRAY(arena, struct table, plan->program->scope_count);
    if (!answers->tables) return false;
    for (uint32_t i = 0; i < plan->program->scope_count; i++)
        answers->tables[i].width = plan->scopes[i].width;
    struct table *form = &answers->tables[0];
    form->slots = ARENA_ARRAY(arena, struct slot, form->width);
    form->count = form->capacity = 1;
    return form->slots && add_broods(answers, 0);
}

struct slot *answers_of(const struct answers *answers, uint32_t node, uint32_t row)
{
    return answers_slot(answers, answers->plan->program->nodes[node].scope, row,
                        answers->plan->nodes[node].slot);
}

uint32_t answers_row_in(const struct answers *answers, uint32_t scope, uint32_t row, uint32_t outer)
{
    for (; scope != outer; scope = answers->plan->program->scopes[scope].parent)
        row = answers->tables[scope].parents[row];
    return row;
}

int64_t answers_let(const struct answers *answers, uint32_t let, uint32_t row, int64_t missing)
{
    if (let == 0) return missing;
    const struct slot *slot = answers_of(answers, let, row);
    return slot->state == SLOT_SET ? slot->value.exact : missing;
}

static int64_t held(int64_t value, int64_t least, int64_t most)
{
    if (value < least) return least;
    return value > most ? most : value;
}

struct answers_span answers_rows(const struct answers *answers, uint32_t repeat, uint32_t row)
{
    const struct program_node *node = &answers->plan->program->nodes[repeat];
    const struct program_scope *rows = &answers->plan->program->scopes[node->rare->own_scope];
    int64_t least = answers_let(answers, node->rare->rows_low, row, rows->rows_min);
    int64_t most = answers_let(answers, node->rare->rows_high, row, rows->rows_max);
    return (struct answers_span){held(least, rows->rows_min, rows->rows_max),
                                 held(most, rows->rows_min, rows->rows_max)};
}

bool answers_relevant(const struct answers *answers, uint32_t node, uint32_t scope, uint32_t row)
{
    const struct plan_node *plan = &answers->plan->nodes[node];
    if (!(plan->flags & PLAN_CONDITIONAL)) return true;
    row = answers_row_in(answers, scope, row, plan->decider_scope);
    return answers_slot(answers, plan->decider_scope, row, plan->decider_slot)->value.exact != 0;
}
