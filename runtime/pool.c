#include "runtime/pool.h"

#include "base/hash.h"
#include "base/limits.h"

#include <assert.h>

/* What one owner has here. */
struct pool_share {
    struct pool_share *next; /* in its bucket */
    uint64_t owner;
    size_t bytes;
    uint32_t worlds;
    bool greedy; /* more than its share of the room */
};

void pool_init(struct pool *pool, struct mem *mem, size_t bytes_max)
{
    *pool = (struct pool){.mem = mem, .bytes_max = bytes_max};
}

void pool_release(struct pool *pool)
{
    while (pool->oldest) pool_drop(pool, pool->oldest);
    assert(pool->bytes == 0 && pool->count == 0 && pool->greedy == 0);
}

/* By both: of one program there may be as many worlds as there are owners. */
static struct world **bucket_of(struct pool *pool, const struct program *program, uint64_t owner)
{
    return &pool->buckets[hash_mix((uint64_t)(uintptr_t)program ^ owner) & (POOL_BUCKETS - 1)];
}

/* ---- by last use */

static void list_remove(struct pool *pool, struct world *world)
{
    struct world_seat *seat = &world->seat;
    *(seat->newer ? &seat->newer->seat.older : &pool->newest) = seat->older;
    *(seat->older ? &seat->older->seat.newer : &pool->oldest) = seat->newer;
}

static void list_push(struct pool *pool, struct world *world)
{
    struct world_seat *seat = &world->seat;
    seat->newer = NULL;
    seat->older = pool->newest;
    *(pool->newest ? &pool->newest->seat.newer : &pool->oldest) = world;
    pool->newest = world;
}

struct world *pool_find(struct pool *pool, const struct program *program, uint64_t owner)
{
    struct world *world = *bucket_of(pool, program, owner);
    while (world && (world->program != program || world->seat.share->owner != owner))
        world = world->seat.bucket_next;
    if (!world) return NULL;
    world->seat.round = pool->round;
    if (world == pool->newest) return world;
    list_remove(pool, world);
    list_push(pool, world);
    return world;
}

/* ---- by owner */

static struct pool_share **shares_of(struct pool *pool, uint64_t owner)
{
    return &pool->shares[hash_mix(owner) & (POOL_BUCKETS - 1)];
}

static struct pool_share *share_of(struct pool *pool, uint64_t owner)
{
    struct pool_share **bucket = shares_of(pool, owner), *share = *bucket;
    while (share && share->owner != owner) share = share->next;
    if (share) return share;
    share = mem_zalloc(pool->mem, sizeof *share);
    if (!share) return NULL;
    *share = (struct pool_share){.next = *bucket, .owner = owner};
    *bucket = share;
    return share;
}

static void share_leave(struct pool *pool, struct pool_share *share)
{
    if (--share->worlds > 0) return;
    struct pool_share **link = shares_of(pool, share->owner);
    while (*link != share) link = &(*link)->next;
    *link = share->next;
    mem_free(pool->mem, share, sizeof *share);
}

/* ---- room */

static void look_at_share(struct pool *pool, struct pool_share *share)
{
    bool greedy = share->bytes > pool->bytes_max / limit(JUDGE_POOL_SHARE);
    if (greedy == share->greedy) return;
    share->greedy = greedy;
    if (greedy) pool->greedy++;
    else pool->greedy--;
}

static void count_bytes(struct pool *pool, struct world *world, size_t bytes)
{
    struct world_seat *seat = &world->seat;
    pool->bytes += bytes - seat->bytes;
    seat->share->bytes += bytes - seat->bytes;
    seat->bytes = bytes;
    look_at_share(pool, seat->share);
}

void pool_drop(struct pool *pool, struct world *world)
{
    struct world_seat *seat = &world->seat;
    struct world **link = bucket_of(pool, world->program, seat->share->owner);
    while (*link != world) link = &(*link)->seat.bucket_next;
    *link = seat->bucket_next;
    list_remove(pool, world);
    count_bytes(pool, world, 0);
    share_leave(pool, seat->share);
    pool->count--;
    world_free(world);
}

/* Who goes next; never the newest. */
static struct world *pick(struct pool *pool)
{
    if (pool->greedy == 0) return pool->oldest;
    for (struct world *world = pool->oldest; world != pool->newest; world = world->seat.newer)
        if (world->seat.share->greedy) return world;
    return pool->oldest;
}

static void make_room(struct pool *pool)
{
    while (pool->bytes > pool->bytes_max && pool->count > 1) pool_drop(pool, pick(pool));
}

void pool_settle(struct pool *pool, struct world *world)
{
    assert(world == pool->newest);
    size_t bytes = world_bytes(world);
    if (bytes == world->seat.bytes) return;
    count_bytes(pool, world, bytes);
    make_room(pool);
}

enum status pool_add(struct pool *pool, struct world *world, uint64_t owner)
{
    struct pool_share *share = share_of(pool, owner);
    if (!share) return ST_NOMEM;
    struct world **bucket = bucket_of(pool, world->program, owner);
    share->worlds++;
    world->seat = (struct world_seat){.bucket_next = *bucket, .share = share, .round = pool->round};
    *bucket = world;
    list_push(pool, world);
    pool->count++;
    pool_settle(pool, world);
    return ST_OK;
}

/* ---- what nobody uses */

static bool is_idle(const struct pool *pool, const struct world *world)
{
    return pool->round - world->seat.round > 1;
}

bool pool_tidy(struct pool *pool, const struct world *keep, uint32_t most)
{
    struct world *newer;
    for (struct world *world = pool->oldest; world && is_idle(pool, world); world = newer) {
        newer = world->seat.newer;
        if (world == keep) continue;
        if (most-- == 0) return false;
        pool_drop(pool, world);
    }
    pool->round++;
    return true;
}
