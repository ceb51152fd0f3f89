#include "server/throttle.h"

#include "base/limits.h"
#include "tests/test.h"

static struct throttle make(struct throttle_rates rates, uint32_t keys)
{
    struct throttle throttle;
    CHECK_STATUS(throttle_init(&throttle, mem_heap(), &rates, keys), ST_OK);
    return throttle;
}

static bool takes(struct throttle *throttle, enum policy policy, const char *key, int64_t now_us)
{
    return throttle_take(throttle, policy, str_of(key), now_us).taken;
}

static void each_key_has_its_own_share(void)
{
    struct throttle throttle = make((struct throttle_rates){{[POLICY_SUBMIT] = 60}}, 1024);
    for (int i = 0; i < 60; i++) CHECK(takes(&throttle, POLICY_SUBMIT, "a", 5));
    struct gcra_answer answer = throttle_take(&throttle, POLICY_SUBMIT, STR("a"), 5);
    CHECK(!answer.taken && answer.wait_us == 1000000 && answer.left == 0);
    CHECK(takes(&throttle, POLICY_SUBMIT, "b", 5));
    CHECK(!takes(&throttle, POLICY_SUBMIT, "a", 1000004) &&
          takes(&throttle, POLICY_SUBMIT, "a", 1000005));
    throttle_release(&throttle);
}

static void policies_do_not_share(void)
{
    struct throttle throttle = make(
        (struct throttle_rates){{[POLICY_TOKEN] = 1, [POLICY_FAILURES] = 2, [POLICY_ADDRESS] = 3}}, 64);
    CHECK(takes(&throttle, POLICY_TOKEN, "a", 0) && !takes(&throttle, POLICY_TOKEN, "a", 0));
    for (int i = 0; i < 2; i++) CHECK(takes(&throttle, POLICY_FAILURES, "a", 0));
    CHECK(!takes(&throttle, POLICY_FAILURES, "a", 0));
    /* Four seconds' worth at once. */
    for (int i = 0; i < 12; i++) CHECK(takes(&throttle, POLICY_ADDRESS, "a", 0));
    CHECK(!takes(&throttle, POLICY_ADDRESS, "a", 0));
    throttle_release(&throttle);
}

static void no_rate_is_no_limit(void)
{
    struct throttle throttle = make((struct throttle_rates){{0}}, 64);
    for (int i = 0; i < 1000; i++) CHECK(takes(&throttle, POLICY_SUBMIT, "a", 0));
    throttle_release(&throttle);
    throttle = make((struct throttle_rates){{[POLICY_NETWORK] = 1}}, 64);
    for (int i = 0; i < 1000; i++)
        CHECK(throttle_take(&throttle, POLICY_NETWORK, (struct str){NULL, 0}, 0).taken);
    throttle_release(&throttle);
}

static void a_look_takes_nothing_and_makes_no_room(void)
{
    struct throttle throttle = make((struct throttle_rates){{[POLICY_FAILURES] = 1}}, THROTTLE_WAYS);
    for (int i = 0; i < 100; i++) {
        char key[16];
        snprintf(key, sizeof key, "%d", i);
        CHECK(throttle_look(&throttle, POLICY_FAILURES, str_of(key), 0).taken);
    }
    CHECK(takes(&throttle, POLICY_FAILURES, "0", 0) && atomic_load(&throttle.evictions) == 0);
    CHECK(throttle_look(&throttle, POLICY_FAILURES, STR("0"), 0).wait_us == 60000000);
    throttle_release(&throttle);
}

/* One set: as many keys as it has ways. */
static void a_full_table_forgets_the_most_idle(void)
{
    struct throttle throttle = make((struct throttle_rates){{[POLICY_TOKEN] = 2}}, THROTTLE_WAYS);
    CHECK(throttle.sets == 1);
    char key[2] = "a";
    for (int i = 0; i < THROTTLE_WAYS; i++) {
        key[0] = (char)('a' + i);
        CHECK(takes(&throttle, POLICY_TOKEN, key, 1000 + i));
        if (i > 0) CHECK(takes(&throttle, POLICY_TOKEN, key, 1000 + i));
    }
    CHECK(atomic_load(&throttle.evictions) == 0); /* n fit */
    CHECK(takes(&throttle, POLICY_TOKEN, "new", 2000) && atomic_load(&throttle.evictions) == 1);
    /* "a" had taken least and is the one that was forgotten; the others still are at their limit. */
    for (int i = 1; i < THROTTLE_WAYS; i++) {
        key[0] = (char)('a' + i);
        CHECK(!throttle_look(&throttle, POLICY_TOKEN, str_of(key), 2000).taken);
    }
    CHECK(throttle_look(&throttle, POLICY_TOKEN, STR("a"), 2000).left == 1);
    throttle_release(&throttle);
}

static void the_table_holds_as_many_keys_as_it_says(void)
{
    struct throttle throttle =
        make((struct throttle_rates){{[POLICY_TOKEN] = 1}}, limit(THROTTLE_KEYS));
    CHECK(throttle.sets * THROTTLE_WAYS == limit(THROTTLE_KEYS));
    /* Far more keys than places: all are answered, and no memory was asked for. */
    for (uint32_t i = 0; i < 4 * limit(THROTTLE_KEYS); i++) {
        struct str key = {(const char *)&i, sizeof i};
        CHECK(throttle_take(&throttle, POLICY_TOKEN, key, 0).taken);
    }
    CHECK(atomic_load(&throttle.evictions) >= 3 * limit(THROTTLE_KEYS));
    throttle_release(&throttle);
}

static void want_of_memory_is_told(void)
{
    struct throttle_rates rates = {{[POLICY_ADDRESS] = 1, [POLICY_TOKEN] = 1}};
    for (size_t i = 1; i <= 3; i++) {
        struct test_mem heap = TEST_MEM(.fail_at = i);
        struct throttle throttle;
        enum status st = throttle_init(&throttle, &heap.mem, &rates, 64);
        CHECK(st == (i < 3 ? ST_NOMEM : ST_OK));
        if (!st) throttle_release(&throttle);
        CHECK(heap.held == 0);
    }
    struct throttle zeroed = {0};
    throttle_release(&zeroed);
}

int main(void)
{
    each_key_has_its_own_share();
    policies_do_not_share();
    no_rate_is_no_limit();
    a_look_takes_nothing_and_makes_no_room();
    a_full_table_forgets_the_most_idle();
    the_table_holds_as_many_keys_as_it_says();
    want_of_memory_is_told();
    return TEST_RESULT();
}
