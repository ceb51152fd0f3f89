#include "dsl/maker.h"

enum status maker_no_room(const struct arena *arena)
{
    return arena->refused ? ST_LIMIT : ST_NOMEM;
}

enum status maker_spend(struct maker *maker, uint64_t steps)
{
    if (maker->budget->work < steps) {
        maker->budget->work = 0;
        return ST_CONFLICT;
    }
    maker->budget->work -= steps;
    return ST_OK;
}

enum status maker_add(struct maker *maker, struct numbers *list, uint32_t number)
{
    if (list->count == list->room) {
        uint32_t room = list->room ? list->room * 2 : 64;
        uint32_t *items = arena_grow(maker->scratch, list->items, list->room, room, sizeof *items);
        if (!items) return maker_no_room(maker->scratch);
        list->items = items;
        list->room = room;
    }
    list->items[list->count++] = number;
    return ST_OK;
}

enum status automaton_build(struct arena *scratch, struct arena *arena, const struct pattern *pattern,
                            struct automaton_budget *budget, const struct dfa **ret_dfa)
{
    struct maker maker = {.scratch = scratch, .budget = budget};
    struct small small = {0};
    const struct dfa *dfa = NULL;
    enum status st = maker_symbols(&maker, pattern);
    if (!st) st = maker_states(&maker, pattern);
    if (!st) st = maker_smallest(&maker, &small);
    if (!st) st = maker_table(&maker, arena, &small, &dfa);
    if (st == ST_LIMIT && arena->refused) return st;
    bool capped = st == ST_CONFLICT || (st == ST_LIMIT && scratch->refused);
    if (st && !capped) return st;
    *ret_dfa = st ? NULL : dfa;
    return ST_OK;
}
