/* Hash: names to numbers, by a perfect hash made once.
 *
 *     st = name_table_build(&arena, names, count, &table);
 *     name_table_find(&table, STR("spouse"))        → its index in names, or NAME_ABSENT
 *
 * A lookup is one hash, one probe and one comparison, whatever the names. The same names in the same
 * order give the same table on every machine. Not for keys that strangers choose at run time: strangers
 * may look up anything, but not fill it. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/arena.h"
#include "base/status.h"
#include "base/str.h"

#include <stdint.h>

#define NAME_ABSENT UINT32_MAX

struct name_table {
    const struct str *names; /* as given to the builder */
    const uint32_t *slots;   /* [slot_mask + 1]: index + 1, 0 for none */
    const uint16_t *shifts;  /* [bucket_mask + 1] */
    uint64_t seed;
    uint32_t slot_mask, bucket_mask;
    uint32_t count;
};

/* `names` (and their bytes) must live as long as the table; at most limit(NAME_TABLE_NAMES).
 * ST_CONFLICT when two are the same, ST_NOMEM or ST_LIMIT when the arena is full. No names is fine. */
enum status name_table_build(struct arena *arena, const struct str *names, uint32_t count,
                             struct name_table *ret_table) MUST_USE;

static inline uint64_t hash_load(const char *at, size_t len)
{
    uint64_t word = 0;
    memcpy(&word, at, len);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

__extension__ typedef unsigned __int128 hash_wide;

/* Both halves of the product, so that every bit of `h` reaches every bit of the result. */
static inline uint64_t hash_mix(uint64_t h)
{
    hash_wide product = (hash_wide)h * 0x9e3779b97f4a7c15u;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Every byte counts; unaligned, in steps of eight, the last step overlapping. */
static inline uint64_t hash_bytes(struct str text, uint64_t seed)
{
    const char *at = text.ptr;
    size_t len = text.len;
    uint64_t h = seed ^ (uint64_t)len *
                            0xc2b2ae3d27d4eb4fu; /* nothing that a text of another length could undo */
    if (len >= 8) {
        for (size_t i = 0; i + 8 < len; i += 8) h = hash_mix(h ^ hash_load(at + i, 8));
        return hash_mix(h ^ hash_load(at + len - 8, 8));
    }
    if (len >= 4) return hash_mix(hash_mix(h ^ hash_load(at, 4)) ^ hash_load(at + len - 4, 4));
    if (len == 0) return hash_mix(h);
    uint64_t three = (uint64_t)(unsigned char)at[0] | (uint64_t)(unsigned char)at[len / 2] << 8 |
                     (uint64_t)(unsigned char)at[len - 1] << 16;
    return hash_mix(hash_mix(h ^ three));
}

/* Where a name must be if it is there at all: its index, or NAME_ABSENT. Compares nothing. */
static inline uint32_t name_table_probe(const struct name_table *table, struct str name)
{
    uint64_t h = hash_bytes(name, table->seed);
    uint32_t shift = table->shifts[(uint32_t)(h >> 40) & table->bucket_mask];
    return table->slots[((uint32_t)h + shift) & table->slot_mask] - 1;
}

static inline uint32_t name_table_find(const struct name_table *table, struct str name)
{
    uint32_t index = name_table_probe(table, name);
    if (index == NAME_ABSENT) return NAME_ABSENT;
    return str_eq(table->names[index], name) ? index : NAME_ABSENT;
}

#endif
