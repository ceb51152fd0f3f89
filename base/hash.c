#include "base/hash.h"

#include "base/limits.h"

#include <assert.h>

/* Hash and displace: names fall into buckets by one part of their hash; each bucket, the fullest first,
 * gets the first shift that sends all its names to slots still free. When a bucket finds none, the next
 * seed is tried. */

enum {
    SEEDS_PER_SIZE = 32, /* then the slots double; the first or second seed is the rule */
    SIZES = 4,           /* then the names have been made to collide, and are refused */
};

/* Everything needed while building, in one block. */
struct build {
    const struct str *names;
    uint64_t *hashes;
    uint32_t *next;  /* name → the next in its bucket, as index + 1 */
    uint32_t *first; /* bucket → its first name, as index + 1 */
    uint32_t *sizes; /* bucket → how many */
    uint32_t *slots;
    uint16_t *shifts;
    uint32_t count, slot_count, bucket_count;
};

static uint32_t power_from(uint32_t least)
{
    uint32_t power = 1;
    while (power < least) power *= 2;
    return power;
}

static uint32_t bucket_of(const struct build *build, uint64_t hash)
{
    return (uint32_t)(hash >> 40) & (build->bucket_count - 1);
}

static void fill_buckets(struct build *build, uint64_t seed)
{
    memset(build->first, 0, build->bucket_count * sizeof *build->first);
    memset(build->sizes, 0, build->bucket_count * sizeof *build->sizes);
    memset(build->slots, 0, build->slot_count * sizeof *build->slots);
    for (uint32_t i = 0; i < build->count; i++) {
        build->hashes[i] = hash_bytes(build->names[i], seed);
        uint32_t bucket = bucket_of(build, build->hashes[i]);
        build->next[i] = build->first[bucket];
        build->first[bucket] = i + 1;
        build->sizes[bucket]++;
    }
}

static uint32_t slot_of(const struct build *build, uint32_t name, uint32_t shift)
{
    return ((uint32_t)build->hashes[name] + shift) & (build->slot_count - 1);
}

static bool has_twins(const struct build *build, uint32_t bucket)
{
    for (uint32_t i = build->first[bucket]; i; i = build->next[i - 1])
        for (uint32_t j = build->next[i - 1]; j; j = build->next[j - 1])
            if (str_eq(build->names[i - 1], build->names[j - 1])) return true;
    return false;
}

/* Takes back what place_bucket() had placed: the names before `end`. */
static void unplace(struct build *build, uint32_t bucket, uint32_t end, uint32_t shift)
{
    for (uint32_t i = build->first[bucket]; i != end; i = build->next[i - 1])
        build->slots[slot_of(build, i - 1, shift)] = 0;
}

static bool place_bucket(struct build *build, uint32_t bucket, uint32_t shift)
{
    for (uint32_t i = build->first[bucket]; i; i = build->next[i - 1]) {
        uint32_t *slot = &build->slots[slot_of(build, i - 1, shift)];
        if (*slot) {
            unplace(build, bucket, i, shift);
            return false;
        }
        *slot = i;
    }
    return true;
}

static bool shift_bucket(struct build *build, uint32_t bucket)
{
    uint32_t shifts = build->slot_count < UINT16_MAX ? build->slot_count : UINT16_MAX;
    for (uint32_t shift = 0; shift < shifts; shift++) {
        if (!place_bucket(build, bucket, shift)) continue;
        build->shifts[bucket] = (uint16_t)shift;
        return true;
    }
    return false;
}

static uint32_t largest(const struct build *build)
{
    uint32_t most = 0;
    for (uint32_t b = 0; b < build->bucket_count; b++)
        if (build->sizes[b] > most) most = build->sizes[b];
    return most;
}

/* ST_OK; ST_INPUT: this seed does not do; ST_CONFLICT: no seed will, two names are the same. */
static enum status try_seed(struct build *build, uint64_t seed)
{
    fill_buckets(build, seed);
    for (uint32_t size = largest(build); size > 0; size--)
        for (uint32_t b = 0; b < build->bucket_count; b++) {
            if (build->sizes[b] != size) continue;
            if (has_twins(build, b)) return ST_CONFLICT;
            if (!shift_bucket(build, b)) return ST_INPUT;
        }
    return ST_OK;
}

static size_t scratch_bytes(const struct build *build)
{
    return build->count * (sizeof *build->hashes + sizeof *build->next) +
           build->bucket_count * (sizeof *build->first + sizeof *build->sizes);
}

static void lay_out_scratch(struct build *build, void *scratch)
{
    build->hashes = scratch;
    build->next = (uint32_t *)(void *)(build->hashes + build->count);
    build->first = build->next + build->count;
    build->sizes = build->first + build->bucket_count;
}

static enum status find_seed(struct build *build, struct arena *arena, struct name_table *table)
{
    build->slots = ARENA_ARRAY(arena, uint32_t, build->slot_count);
    if (!build->slots) return arena->refused ? ST_LIMIT : ST_NOMEM;
    enum status st = ST_INPUT;
    for (uint64_t i = 0; i < SEEDS_PER_SIZE && st == ST_INPUT; i++) {
        table->seed = hash_mix(i + 1);
        st = try_seed(build, table->seed);
    }
    return st;
}

static enum status build_table(struct build *build, struct arena *arena, struct name_table *table)
{
    build->shifts = ARENA_ARRAY(arena, uint16_t, build->bucket_count);
    if (!build->shifts) return arena->refused ? ST_LIMIT : ST_NOMEM;
    for (int i = 0; i < SIZES; i++) {
        enum status st = find_seed(build, arena, table);
        if (st != ST_INPUT) return st;
        build->slot_count *= 2;
    }
    return ST_LIMIT;
}

enum status name_table_build(struct arena *arena, const struct str *names, uint32_t count,
                             struct name_table *ret_table)
{
    assert(count <= limit(NAME_TABLE_NAMES));
    struct build build = {.names = names,
                          .count = count,
                          .slot_count = power_from(count * 2 + 1),
                          .bucket_count = power_from(count / 2 + 1)};
    size_t bytes = scratch_bytes(&build);
    void *scratch = mem_zalloc(arena->mem, bytes);
    if (!scratch) return ST_NOMEM;
    lay_out_scratch(&build, scratch);
    struct name_table table = {.names = names, .count = count};
    enum status st = build_table(&build, arena, &table);
    mem_free(arena->mem, scratch, bytes);
    if (st) return st;
    table.slots = build.slots;
    table.shifts = build.shifts;
    table.slot_mask = build.slot_count - 1;
    table.bucket_mask = build.bucket_count - 1;
    *ret_table = table;
    return ST_OK;
}
