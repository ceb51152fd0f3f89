#include "runtime/plan_hold.h"

#include "runtime/world.h"
#include "tests/unit/maker.h"

enum { PROGRAMS = 100 };

static struct maker made[PROGRAMS];
static struct test_mem tm = {.mem = {test_mem_resize}};
static struct plan_holds holds;

static void make_programs(void)
{
    for (int i = 0; i < PROGRAMS; i++) {
        maker_open(&made[i]);
        maker_field(&made[i], "n", TYPE_INTEGER);
        maker_computed(&made[i], "twice", TYPE_INTEGER);
        maker_chunk(&made[i], "return function(S) S[2] = S[1] and S[1] * 2 end", 0);
        maker_done(&made[i]);
    }
}

static struct plan_hold *take(int program)
{
    struct plan_hold *hold;
    CHECK_STATUS(plan_hold_take(&holds, &tm.mem, &made[program].program, &hold), ST_OK);
    return hold;
}

static void worlds_of_one_program_have_one_plan_and_the_last_frees_it(void)
{
    struct plan_hold *first = take(0), *second = take(0), *other = take(1);
    CHECK(first == second && first->worlds == 2 && other != first);
    CHECK(first->plan.program == &made[0].program && other->plan.program == &made[1].program);
    plan_hold_leave(first);
    CHECK(second->plan.nodes[0].node == 0);
    plan_hold_leave(second);
    plan_hold_leave(other);
    plan_hold_leave(NULL);
    CHECK(tm.held == 0);
}

static void a_plan_for_one_world_alone_is_nobody_elses(void)
{
    struct plan_hold *alone, *shared = take(0);
    CHECK_STATUS(plan_hold_take(NULL, &tm.mem, &made[0].program, &alone), ST_OK);
    CHECK(alone != shared && take(0) == shared);
    plan_hold_leave(alone);
    plan_hold_leave(shared);
    plan_hold_leave(shared);
    CHECK(tm.held == 0);
}

/* More of them than buckets, and leaving in another order than they came in. */
static void many_come_and_go_in_any_order(void)
{
    struct plan_hold *held[PROGRAMS];
    for (int i = 0; i < PROGRAMS; i++) held[i] = take(i);
    for (int i = 0; i < PROGRAMS; i++) {
        int k = i * 37 % PROGRAMS;
        CHECK(take(k) == held[k]);
        plan_hold_leave(held[k]);
        plan_hold_leave(held[k]);
        CHECK(i + 1 == PROGRAMS || take((i + 1) * 37 % PROGRAMS) == held[(i + 1) * 37 % PROGRAMS]);
        if (i + 1 < PROGRAMS) plan_hold_leave(held[(i + 1) * 37 % PROGRAMS]);
    }
    CHECK(tm.held == 0);
    for (int i = 0; i < PLAN_BUCKETS; i++) CHECK(!holds.buckets[i]);
}

static void want_of_memory_leaves_nothing_behind(void)
{
    struct plan_hold *hold;
    enum status st = ST_NOMEM;
    for (size_t i = 1; st == ST_NOMEM; i++) {
        tm.fail_at = tm.requests + i;
        st = plan_hold_take(&holds, &tm.mem, &made[0].program, &hold);
        tm.fail_at = 0;
        if (st == ST_NOMEM) CHECK(tm.held == 0);
    }
    CHECK_STATUS(st, ST_OK);
    plan_hold_leave(hold);
    CHECK(tm.held == 0);
}

/* The room that a world takes in a pool does not depend on who else has its plan. */
static void a_world_counts_its_plan_as_if_it_were_alone(void)
{
    struct world *alone, *first, *second;
    CHECK_STATUS(world_new(&tm.mem, &made[0].program, &alone), ST_OK);
    size_t before = tm.held;
    CHECK_STATUS(world_new_among(&tm.mem, &holds, &made[0].program, &first), ST_OK);
    size_t one = tm.held - before;
    CHECK_STATUS(world_new_among(&tm.mem, &holds, &made[0].program, &second), ST_OK);
    CHECK(first->plan == second->plan && first->plan != alone->plan && first->lua != second->lua);
    CHECK(world_bytes(first) == world_bytes(alone) && world_bytes(second) == world_bytes(alone));
    CHECK(one == world_bytes(first) && tm.held - before < 2 * one);
    world_free(first);
    CHECK(second->plan->program == &made[0].program);
    world_free(second);
    world_free(alone);
    CHECK(tm.held == 0);
}

int main(void)
{
    make_programs();
    worlds_of_one_program_have_one_plan_and_the_last_frees_it();
    a_plan_for_one_world_alone_is_nobody_elses();
    many_come_and_go_in_any_order();
    want_of_memory_leaves_nothing_behind();
    a_world_counts_its_plan_as_if_it_were_alone();
    return TEST_RESULT();
}
