/* Labour: what an operation does turn by turn while others change its tenant, or end it. */
#include "engine_fixture.h"

#include "engine/inside.h"

static struct bench bench;

static const struct str acme = {"acme", 4};

/* A clock that does something once, when it is next looked at: each turn looks once it has read what
 * the operation is. */
static struct {
    struct clock clock;
    void (*at_next_look)(void);
} ticking;

static int64_t ticking_wall_us(struct clock *self)
{
    void (*now)(void) = ticking.at_next_look;
    (void)self;
    ticking.at_next_look = NULL;
    if (now) now();
    return BENCH_NOW_MS * 1000;
}

static int64_t ticking_steady_ns(struct clock *self)
{
    (void)self;
    return bench.clock.now_steady_ns;
}

static void set_state(enum tenant_state to)
{
    CHECK_STATUS(engine_tenant_set_state(&bench.call, acme, to), ST_OK);
}

static void set_steps(int64_t value)
{
    const struct quota_change change = {.quota = QUOTA_STEPS, .value = value};
    CHECK_STATUS(engine_tenant_set_quota(&bench.call, acme, &change, 1), ST_OK);
}

static struct str begun;

static struct labour *begin(void)
{
    struct labour *labour = NULL;
    struct undertaking undertaking = {
        .begin = {.kind = OPERATION_MIGRATE, .form = STR("trip"), .from = 1, .to = 2}};
    CHECK_STATUS(engine_operation_begin(&bench.call, acme, &undertaking), ST_OK);
    begun = undertaking.begin.ret_operation.id;
    CHECK_STATUS(labour_new(bench.engine, acme, begun, &labour), ST_OK);
    return labour;
}

static enum operation_state state_of(void)
{
    struct operation_record operation = {.state = OPERATION_QUEUED};
    CHECK_STATUS(engine_operation_find(&bench.call, acme, begun, &operation), ST_OK);
    return operation.state;
}

static void cancel(void)
{
    struct operation_record operation;
    CHECK_STATUS(engine_operation_cancel(&bench.call, acme, begun, &operation), ST_OK);
}

static void one_that_was_cancelled_has_no_more_turns(void)
{
    int64_t wait_ms;
    struct labour *labour = begin();
    cancel();
    CHECK(!labour_turn(labour, &wait_ms));
    CHECK(state_of() == OPERATION_CANCELLED);
    labour_free(labour);
}

static void one_that_is_cancelled_in_the_middle_of_a_turn_stays_cancelled(void)
{
    int64_t wait_ms;
    struct labour *labour = begin();
    ticking.at_next_look = cancel;
    CHECK(!labour_turn(labour, &wait_ms));
    CHECK(!ticking.at_next_look && state_of() == OPERATION_CANCELLED);
    labour_free(labour);
}

static void one_of_a_tenant_that_is_suspended_waits(void)
{
    int64_t wait_ms = 0;
    struct labour *labour = begin();
    set_state(TENANT_SUSPENDED);
    CHECK(labour_turn(labour, &wait_ms) && wait_ms > 0);
    CHECK(state_of() == OPERATION_QUEUED);
    set_state(TENANT_ACTIVE);
    CHECK(!labour_turn(labour, &wait_ms));
    CHECK(state_of() == OPERATION_DONE);
    labour_free(labour);
}

/* Whoever has asked for too much waits a little, and goes on where it was. */
static void one_whose_tenant_has_no_steps_left_waits_for_them(void)
{
    int64_t wait_ms = 0;
    struct labour *labour = begin();
    set_steps(1);
    CHECK_STATUS(call_pay(&bench.call, acme, 1, true), ST_OK);
    CHECK(labour_turn(labour, &wait_ms) && wait_ms > 0 && wait_ms < 1000);
    CHECK(state_of() == OPERATION_RUNNING);
    set_steps(QUOTA_MAX);
    bench.clock.now_steady_ns += INT64_C(3600) * 1000000000;
    CHECK(!labour_turn(labour, &wait_ms) && state_of() == OPERATION_DONE);
    labour_free(labour);
}

static void a_snapshot_that_is_not_there_is_not_dropped(void)
{
    CHECK(engine_snapshot_drop(&bench.call, acme, STR("op_nothing")) != ST_OK);
    CHECK(bench.call.refusal != REFUSAL_NONE);
}

static unsigned told;

static void count(void *user, struct str tenant, struct str id)
{
    (void)user;
    told += str_eq(tenant, acme) && str_eq(id, begun);
}

/* The last one: who is closed stays so. */
static void those_of_a_tenant_that_is_closed_are_over(void)
{
    static const atomic_bool go_on;
    int64_t wait_ms;
    struct labour *labour = begin();
    engine_operations_open(bench.engine, &go_on, count, NULL);
    CHECK(told == 1);
    set_state(TENANT_CLOSED);
    CHECK(!labour_turn(labour, &wait_ms));
    engine_operations_open(bench.engine, &go_on, count, NULL);
    CHECK(told == 1);
    labour_free(labour);
    labour_free(NULL);
}

int main(void)
{
    ticking.clock = (struct clock){ticking_wall_us, ticking_steady_ns};
    bench_begin(&bench, NULL);
    engine_close(bench.engine);
    bench.options.clock = &ticking.clock;
    bench_open(&bench);
    CHECK(bench_publish(&bench, "trip", "edition 2027 form trip \"T\" { a: text b: text }") == 1);
    CHECK(bench_publish(&bench, "trip",
                        "edition 2027 form trip \"T\" { a: text migrate from 1 { drop b } }") == 2);
    one_that_was_cancelled_has_no_more_turns();
    one_that_is_cancelled_in_the_middle_of_a_turn_stays_cancelled();
    one_of_a_tenant_that_is_suspended_waits();
    one_whose_tenant_has_no_steps_left_waits_for_them();
    a_snapshot_that_is_not_there_is_not_dropped();
    those_of_a_tenant_that_is_closed_are_over();
    bench_end(&bench);
    return TEST_RESULT();
}
