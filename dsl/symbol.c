#include "dsl/symbol.h"

#include "base/hash.h"

#include <assert.h>

void symbol_table_init(struct symbol_table *table, struct arena *arena)
{
    *table = (struct symbol_table){.arena = arena};
}

/* The slot that holds it, or the free one where it would go. */
static struct symbol *slot_of(const struct symbol_table *table, uint64_t space, struct str name)
{
    uint32_t mask = table->size - 1;
    uint32_t at = (uint32_t)hash_bytes(name, hash_mix(space + 1)) & mask;
    for (;; at = (at + 1) & mask) {
        struct symbol *slot = &table->slots[at];
        if (slot->value == SYMBOL_ABSENT) return slot;
        if (slot->space == space && str_eq(slot->name, name)) return slot;
    }
}

static enum status grow(struct symbol_table *table)
{
    struct symbol_table larger = {
        .arena = table->arena, .size = table->size ? table->size * 2 : 64, .count = table->count};
    larger.slots = ARENA_ARRAY(table->arena, struct symbol, larger.size);
    if (!larger.slots) return ST_NOMEM;
    for (uint32_t i = 0; i < larger.size; i++) larger.slots[i].value = SYMBOL_ABSENT;
    for (uint32_t i = 0; i < table->size; i++) {
        const struct symbol *symbol = &table->slots[i];
        if (symbol->value != SYMBOL_ABSENT) *slot_of(&larger, symbol->space, symbol->name) = *symbol;
    }
    *table = larger;
    return ST_OK;
}

enum status symbol_put(struct symbol_table *table, uint64_t space, struct str name, uint32_t value,
                       uint32_t *ret_earlier)
{
    assert(value != SYMBOL_ABSENT);
    if (table->count + 1 > table->size / 2) {
        enum status st = grow(table);
        if (st) return st;
    }
    struct symbol *slot = slot_of(table, space, name);
    *ret_earlier = slot->value;
    if (slot->value != SYMBOL_ABSENT) return ST_OK;
    *slot = (struct symbol){.space = space, .name = name, .value = value};
    table->count++;
    return ST_OK;
}

uint32_t symbol_find(const struct symbol_table *table, uint64_t space, struct str name)
{
    if (table->size == 0) return SYMBOL_ABSENT;
    return slot_of(table, space, name)->value;
}
