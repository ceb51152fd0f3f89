/* Symbol: a growing table from (space, name) to a number, for names that are met one after the other.
 *
 *     symbol_put(&table, SYMBOL_SPACE(SYMBOL_ITEM, group), STR("age"), 7, &earlier)
 *     symbol_find(&table, SYMBOL_SPACE(SYMBOL_ITEM, group), STR("age"))   → 7
 *
 * A space keeps names apart: the items of each group, the lists, the options of each list. Order of
 * insertion shows nowhere. */
#ifndef DSL_SYMBOL_H
#define DSL_SYMBOL_H

#include "base/arena.h"
#include "base/status.h"
#include "base/str.h"

#include <stdint.h>

#define SYMBOL_ABSENT UINT32_MAX

enum symbol_kind {
    SYMBOL_ITEM,       /* of a form, group or repeat: nodes */
    SYMBOL_KEY,        /* of a form, group or repeat: its JSON members, nodes */
    SYMBOL_CHECK,      /* of a form, group, repeat or field: named checks */
    SYMBOL_LIST,       /* the lists */
    SYMBOL_OPTION,     /* of a list */
    SYMBOL_COLUMN,     /* of a list */
    SYMBOL_PATTERN,    /* the patterns */
    SYMBOL_CONSTANT,   /* the constants */
    SYMBOL_FUNCTION,   /* the functions of the form */
    SYMBOL_TRANSLATED, /* of a language: the paths that it has met */
    SYMBOL_UNKNOWN,    /* names that are not there and have been complained about: checking.unknowns */
};

/* `index` tells spaces of one kind apart. */
#define SYMBOL_SPACE(kind, index) ((uint64_t)(kind) << 32 | (uint64_t)(index))

struct symbol {
    uint64_t space;
    struct str name;
    uint32_t value; /* SYMBOL_ABSENT: a free slot */
};

struct symbol_table {
    struct arena *arena;
    struct symbol *slots;
    uint32_t size, count; /* size is a power of two, or 0 */
};

void symbol_table_init(struct symbol_table *table, struct arena *arena);
/* `name` must live as long as the table. When it is there already nothing changes and *ret_earlier is
 * its value, else SYMBOL_ABSENT. ST_NOMEM: the arena is full. */
MUST_USE enum status symbol_put(struct symbol_table *table, uint64_t space, struct str name,
                                uint32_t value, uint32_t *ret_earlier);
/* SYMBOL_ABSENT when it is not there. */
uint32_t symbol_find(const struct symbol_table *table, uint64_t space, struct str name);

#endif
