#include "runtime/pool.h"

#include "base/limits.h"
#include "tests/unit/maker.h"

enum { PROGRAMS = 24, ALICE = 1, BOB = 2 };

static struct maker made[PROGRAMS];
static struct test_mem tm = {.mem = {test_mem_resize}};
static struct pool pool;
static size_t one_world; /* bytes; they are all alike */

static struct world *make_world(int program)
{
    struct world *world;
    CHECK_STATUS(world_new(&tm.mem, &made[program].program, &world), ST_OK);
    return world;
}

static void make_programs(void)
{
    for (int i = 0; i < PROGRAMS; i++) {
        maker_open(&made[i]);
        maker_field(&made[i], "n", TYPE_INTEGER);
        maker_computed(&made[i], "twice", TYPE_INTEGER);
        maker_chunk(&made[i], "return function(S) S[2] = S[1] and S[1] * 2 end", 0);
        maker_done(&made[i]);
    }
    struct world *world = make_world(0);
    one_world = world_bytes(world);
    world_free(world);
}

static void add(int program, uint64_t owner)
{
    struct world *world = make_world(program);
    CHECK_STATUS(pool_add(&pool, world, owner), ST_OK);
    CHECK(pool.newest == world);
}

static bool has(int program)
{
    for (struct world *world = pool.newest; world; world = world->seat.older)
        if (world->program == &made[program].program) return true;
    return false;
}

/* Room for so many worlds, and not one more. */
static void begin(size_t worlds)
{
    pool_init(&pool, &tm.mem, worlds * one_world);
}

static void end(void)
{
    pool_release(&pool);
    CHECK(tm.held == 0);
}

static void a_world_is_found_by_its_program_and_is_then_the_newest(void)
{
    begin(PROGRAMS);
    for (int i = 0; i < 5; i++) add(i, ALICE);
    CHECK(pool_find(&pool, &made[7].program, ALICE) == NULL);
    for (int i = 0; i < 5; i++) {
        struct world *world = pool_find(&pool, &made[i].program, ALICE);
        CHECK(world && world->program == &made[i].program && pool.newest == world);
    }
    CHECK(pool.count == 5 && pool.bytes == 5 * one_world);
    end();
}

static void owners_of_one_program_have_worlds_of_their_own(void)
{
    begin(PROGRAMS);
    add(0, ALICE);
    struct world *hers = pool.newest;
    CHECK(pool_find(&pool, &made[0].program, BOB) == NULL);
    add(0, BOB);
    struct world *his = pool.newest;
    CHECK(his != hers && his->lua != hers->lua && pool.count == 2 && pool.bytes == 2 * one_world);
    CHECK(pool_find(&pool, &made[0].program, ALICE) == hers);
    CHECK(pool_find(&pool, &made[0].program, BOB) == his);
    pool_drop(&pool, hers);
    CHECK(pool_find(&pool, &made[0].program, ALICE) == NULL);
    CHECK(pool_find(&pool, &made[0].program, BOB) == his);
    end();
}

/* Else a judging would look through all of them. */
static void many_owners_of_one_program_are_spread_over_the_table(void)
{
    enum { OWNERS = 512 };
    uint32_t longest = 0;
    begin(2 * OWNERS);
    for (uint64_t owner = 0; owner < OWNERS; owner++) add(0, owner * 0x9e3779b97f4a7c15u);
    for (int i = 0; i < POOL_BUCKETS; i++) {
        uint32_t length = 0;
        for (struct world *world = pool.buckets[i]; world; world = world->seat.bucket_next) length++;
        if (length > longest) longest = length;
    }
    CHECK(pool.count == OWNERS && longest < 16);
    end();
}

static void at_the_maximum_all_stay_and_past_it_the_least_lately_used_goes(void)
{
    begin(8);
    for (int i = 0; i < 8; i++) add(i, (uint64_t)i); /* eight owners: nobody has too much */
    CHECK(pool.count == 8);
    CHECK(pool_find(&pool, &made[0].program, 0));
    add(8, 8);
    CHECK(pool.count == 8 && has(0) && !has(1) && has(2) && has(8));
    end();
}

static void who_holds_more_than_a_share_gives_way_first(void)
{
    begin(8);
    add(0, BOB); /* used longest ago */
    add(1, BOB);
    for (int i = 2; i < 8; i++) add(i, ALICE); /* there is room, so she may */
    CHECK(pool.count == 8);
    for (int i = 8; i < PROGRAMS; i++) add(i, ALICE);
    CHECK(has(0) && has(1) && pool.count == 8); /* Bob's are still there after all her programs */
    add(2, BOB + 1);
    CHECK(has(0) && has(1) && has(2));
    end();
}

static void a_share_of_exactly_its_part_is_not_too_much(void)
{
    const int part = 8 / limit(JUDGE_POOL_SHARE);
    begin(8);
    for (int i = 0; i < part; i++) add(i, ALICE);
    for (int i = part; i < 8; i++) add(i, (uint64_t)i + 10);
    add(8, 99); /* so the oldest of all goes, hers though she has her part */
    CHECK(!has(0) && has(1));
    for (int i = 9; i < 12; i++) add(i, ALICE); /* now she has more, and it is the others who stay */
    CHECK(has(part + 3) && !has(1));
    end();
}

static void the_newest_stays_even_when_it_alone_is_too_large(void)
{
    begin(1);
    pool.bytes_max = one_world - 1;
    add(0, ALICE);
    CHECK(pool.count == 1 && has(0));
    add(1, ALICE);
    CHECK(pool.count == 1 && has(1));
    end();
}

static void a_world_that_grows_is_counted_anew(void)
{
    begin(3);
    for (int i = 0; i < 3; i++) add(i, (uint64_t)i);
    pool_settle(&pool, pool.newest);
    CHECK(pool.count == 3);
    pool.newest->heap.held_bytes += 1; /* as if it had asked for one byte more */
    pool_settle(&pool, pool.newest);
    CHECK(pool.count == 2 && pool.bytes == 2 * one_world + 1);
    pool.newest->heap.held_bytes -= 1;
    pool_settle(&pool, pool.newest);
    end();
}

static void what_two_rounds_find_unused_is_freed(void)
{
    begin(PROGRAMS);
    for (int i = 0; i < 6; i++) add(i, ALICE);
    CHECK(pool_tidy(&pool, NULL, 100) && pool.count == 6);
    CHECK(pool_find(&pool, &made[2].program, ALICE));
    CHECK(pool_tidy(&pool, NULL, 100) && pool.count == 6);
    CHECK(pool_tidy(&pool, NULL, 100) && pool.count == 1 && has(2));
    CHECK(pool_tidy(&pool, NULL, 100) && pool.count == 0);
    end();
}

static void a_round_of_tidying_is_cut_into_pieces_and_spares_what_is_to_be_kept(void)
{
    begin(PROGRAMS);
    for (int i = 0; i < 6; i++) add(i, ALICE);
    const struct world *keep = pool.oldest;
    CHECK(pool_tidy(&pool, keep, 2) && pool_tidy(&pool, keep, 2));
    CHECK(!pool_tidy(&pool, keep, 2) && pool.count == 4);
    CHECK(!pool_tidy(&pool, keep, 2) && pool.count == 2);
    CHECK(pool_tidy(&pool, keep, 2) && pool.count == 1 && pool.oldest == keep);
    end();
}

static void a_world_that_finds_no_place_is_still_the_callers(void)
{
    begin(PROGRAMS);
    struct world *world = make_world(0);
    tm.fail_at = tm.requests + 1;
    CHECK_STATUS(pool_add(&pool, world, ALICE), ST_NOMEM);
    tm.fail_at = 0;
    CHECK(pool.count == 0 && pool.bytes == 0);
    world_free(world);
    end();
}

int main(void)
{
    make_programs();
    a_world_is_found_by_its_program_and_is_then_the_newest();
    owners_of_one_program_have_worlds_of_their_own();
    many_owners_of_one_program_are_spread_over_the_table();
    at_the_maximum_all_stay_and_past_it_the_least_lately_used_goes();
    who_holds_more_than_a_share_gives_way_first();
    a_share_of_exactly_its_part_is_not_too_much();
    the_newest_stays_even_when_it_alone_is_too_large();
    a_world_that_grows_is_counted_anew();
    what_two_rounds_find_unused_is_freed();
    a_round_of_tidying_is_cut_into_pieces_and_spares_what_is_to_be_kept();
    a_world_that_finds_no_place_is_still_the_callers();
    for (int i = 0; i < PROGRAMS; i++) maker_release(&made[i]);
    return TEST_RESULT();
}
