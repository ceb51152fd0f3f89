/* Pool: the Lua worlds that one judge keeps, found by program and owner:
 * owners may have a program in common, a world never.
 *
 *     world = pool_find(&pool, program, owner);             the newest from here on; or NULL
 *     pool_add(&pool, world, owner);
 *     … a run …    pool_settle(&pool, world);               it may have grown; others go when there is
 * no room pool_tidy(&pool, keep, most);                         now and then
 *
 * All worlds together hold bytes_max, the newest excepted. Past it the least lately used goes first;
 * but while an owner holds more than its share of the room, a JUDGE_POOL_SHAREth, its own least lately
 * used: so one owner's many programs cannot push out what the others use. What two rounds of
 * pool_tidy() have found unused goes as well, room or not. Belongs to one thread at a time. */
#ifndef RUNTIME_POOL_H
#define RUNTIME_POOL_H

#include "runtime/world.h"

enum { POOL_BUCKETS = 256 };

struct pool_share;

struct pool {
    struct mem *mem;
    struct world *buckets[POOL_BUCKETS];     /* by program and owner */
    struct world *newest, *oldest;           /* by last use */
    struct pool_share *shares[POOL_BUCKETS]; /* of those who own a world here, by owner */
    uint32_t greedy;                         /* owners with more than their share */
    size_t bytes, bytes_max;
    uint32_t count;
    uint32_t round; /* of tidying */
};

void pool_init(struct pool *pool, struct mem *mem, size_t bytes_max);
void pool_release(struct pool *pool);

struct world *pool_find(struct pool *pool, const struct program *program, uint64_t owner);
/* Takes the world over; the newest. ST_NOMEM: it is still the caller's. */
MUST_USE enum status pool_add(struct pool *pool, struct world *world, uint64_t owner);
/* Frees it. */
void pool_drop(struct pool *pool, struct world *world);
/* After `world`, the newest, has run: counts it anew, and makes room. */
void pool_settle(struct pool *pool, struct world *world);
/* Frees what was not used since the round before the last, `keep` excepted, `most` worlds at most.
 * True: it is done, and the round over. */
bool pool_tidy(struct pool *pool, const struct world *keep, uint32_t most);

#endif
