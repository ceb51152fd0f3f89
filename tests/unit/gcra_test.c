#include "base/gcra.h"
#include "tests/test.h"

#include <pthread.h>

/* The other way to say the same, written for obviousness: a bucket into which `count` parts drip each
 * µs, `period` parts to a token. */
struct bucket {
    int64_t count, period, burst;
    int64_t parts, at_us;
};

static void drip(struct bucket *bucket, int64_t now_us)
{
    bucket->parts += (now_us - bucket->at_us) * bucket->count;
    bucket->at_us = now_us;
    if (bucket->parts > bucket->burst * bucket->period) bucket->parts = bucket->burst * bucket->period;
}

static bool bucket_take(struct bucket *bucket, int64_t now_us, int64_t cost)
{
    drip(bucket, now_us);
    if (bucket->parts < cost * bucket->period) return false;
    bucket->parts -= cost * bucket->period;
    return true;
}

static uint64_t seed = 1;
static int64_t draw(int64_t below)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (int64_t)((seed >> 33) % (uint64_t)below);
}

static int64_t at_of(struct gcra_cell *cell)
{
    return atomic_load(&cell->at);
}

static void compare(struct bucket *bucket, int steps)
{
    struct gcra gcra = gcra_of(bucket->count, bucket->period, bucket->burst);
    struct gcra_cell cell = {0};
    int64_t now_us = 0;
    for (int i = 0; i < steps; i++) {
        now_us += draw(4) ? draw(1 + bucket->period / bucket->count) : draw(3 * bucket->period);
        int64_t cost = 1 + (draw(3) ? 0 : draw(bucket->burst));
        bool charge = draw(16) == 0;
        bool wanted = bucket_take(bucket, now_us, cost);
        struct gcra_answer look = gcra_look(&gcra, &cell, now_us, cost);
        CHECK(look.taken == wanted);
        if (charge && !wanted) {
            bucket->parts -= cost * bucket->period;
            gcra_charge(&gcra, &cell, now_us, cost);
            continue;
        }
        struct gcra_answer answer = gcra_take(&gcra, &cell, now_us, cost);
        CHECK(answer.taken == wanted && (answer.wait_us == 0) == wanted &&
              look.wait_us == answer.wait_us);
        CHECK(answer.left == (bucket->parts > 0 ? bucket->parts / bucket->period : 0));
        if (wanted) continue;
        /* The wait is right to the µs. */
        CHECK(!gcra_look(&gcra, &cell, now_us + answer.wait_us - 1, cost).taken);
        CHECK(gcra_look(&gcra, &cell, now_us + answer.wait_us, cost).taken);
    }
}

static void it_lets_through_what_a_bucket_of_tokens_would(void)
{
    static const int64_t rates[][3] = {
        {60, 60000000, 60}, {50, 1000000, 200},    {1, 1, 1},           {3, 1000000, 3},
        {7, 1000003, 11},   {2000, 1000000, 2000}, {1, 86400000000, 5}, {50000000, 1000000, 50000000},
        {4096, 1, 9},       {4095, 4096, 1}};
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        struct bucket bucket = {rates[i][0], rates[i][1], rates[i][2], rates[i][1] * rates[i][2], 0};
        compare(&bucket, 5000);
    }
    for (int i = 0; i < 300; i++) {
        struct bucket bucket = {
            .count = 1 + draw(4096), .period = 1 + draw(10000000), .burst = 1 + draw(1000)};
        bucket.parts = bucket.burst * bucket.period;
        compare(&bucket, 300);
    }
}

static void the_burst_passes_and_one_more_does_not(void)
{
    struct gcra gcra = gcra_of(3, GCRA_SECOND_US, 3); /* a third of a second is no whole number of µs */
    struct gcra_cell cell = {0};
    for (int i = 0; i < 3; i++) {
        struct gcra_answer answer = gcra_take(&gcra, &cell, 10, 1);
        CHECK(answer.taken && answer.left == 2 - i);
    }
    struct gcra_answer answer = gcra_take(&gcra, &cell, 10, 1);
    CHECK(!answer.taken && answer.left == 0 && answer.wait_us == 333334);
    CHECK(!gcra_take(&gcra, &cell, 10 + 333333, 1).taken);
    CHECK(gcra_take(&gcra, &cell, 10 + 333334, 1).taken);
    CHECK(gcra_window_s(&gcra) == 1 && gcra_burst(&gcra) == 3);
    CHECK(gcra_reset_s(&gcra, 0) == 1 && gcra_reset_s(&gcra, 2) == 1 && gcra_reset_s(&gcra, 3) == 0);
}

static void what_is_refused_costs_nothing(void)
{
    struct gcra gcra = gcra_of(1, GCRA_SECOND_US, 1);
    struct gcra_cell cell = {0};
    CHECK(gcra_take(&gcra, &cell, 0, 1).taken);
    int64_t at = at_of(&cell);
    for (int i = 0; i < 100; i++) CHECK(!gcra_take(&gcra, &cell, 999999, 1).taken);
    CHECK(at_of(&cell) == at && gcra_take(&gcra, &cell, 1000000, 1).taken);
}

static void more_than_the_burst_never_passes(void)
{
    struct gcra gcra = gcra_of(10, GCRA_SECOND_US, 10);
    struct gcra_cell cell = {0};
    CHECK(gcra_look(&gcra, &cell, 5, 10).taken);
    CHECK(gcra_look(&gcra, &cell, 5, 11).wait_us == GCRA_NEVER);
    CHECK(gcra_take(&gcra, &cell, 5, INT64_MAX).wait_us == GCRA_NEVER);
    CHECK(at_of(&cell) == 0);
}

static void a_debt_must_grow_back_first(void)
{
    struct gcra gcra = gcra_of(100, GCRA_SECOND_US, 100);
    struct gcra_cell cell = {0};
    struct gcra_answer answer = gcra_charge(&gcra, &cell, 0, 350);
    CHECK(!answer.taken && answer.left == 0 && answer.wait_us == 2500000);
    CHECK(gcra_look(&gcra, &cell, 0, 1).wait_us == 2510000);
    CHECK(!gcra_look(&gcra, &cell, 2509999, 1).taken && gcra_look(&gcra, &cell, 2510000, 1).taken);
    answer = gcra_charge(&gcra, &cell, 3510000, 1);
    CHECK(answer.taken && answer.left == 99);
}

static void nothing_overflows(void)
{
    struct gcra gcra = gcra_of(1, INT64_MAX, INT64_MAX);
    struct gcra_cell cell = {0};
    int64_t late_us = (INT64_C(1) << 50) - 1;
    CHECK(gcra_burst(&gcra) == 1 && gcra_take(&gcra, &cell, late_us, 1).taken);
    CHECK(!gcra_take(&gcra, &cell, late_us, 1).taken);
    gcra = gcra_of(INT64_MAX, 1, INT64_MAX);
    atomic_store(&cell.at, 0);
    for (int i = 0; i < 100; i++) gcra_charge(&gcra, &cell, late_us, INT64_MAX);
    struct gcra_answer answer = gcra_look(&gcra, &cell, late_us, 1);
    CHECK(!answer.taken && answer.wait_us > 0 && answer.wait_us < GCRA_NEVER && at_of(&cell) > 0);
    CHECK(gcra_window_s(&gcra) > 0);
}

/* count / period and what became of it, in parts of a million. */
static int64_t error_ppm(int64_t count, int64_t period_us)
{
    struct gcra gcra = gcra_of(count, period_us, 1);
    double wanted = (double)count / (double)period_us, got = (double)gcra.units / (double)gcra.interval;
    CHECK(got <= wanted * (1 + 1e-12) && gcra.units <= GCRA_UNITS && gcra.units >= 1);
    return (int64_t)((wanted - got) / wanted * 1e6);
}

static void awkward_rates_are_brought_down_a_little(void)
{
    CHECK(error_ppm(999999, 1000000) < 1000000 * 2 / GCRA_UNITS);
    CHECK(error_ppm(50000001, 1000000) < 1);
    CHECK(error_ppm(4096, 4095) == 0);
    for (int i = 0; i < 20000; i++) {
        int64_t period_us = 1 + draw(100000000),
                count = 1 + draw(period_us * 4 < 2000000000 ? period_us * 4 : 2000000000);
        CHECK(error_ppm(count, period_us) <= 1000000 * 2 / GCRA_UNITS);
    }
    struct gcra most = gcra_of(INT64_C(1000000000000000), GCRA_SECOND_US, 1);
    CHECK(most.units == GCRA_UNITS && most.interval == 1);
}

static void no_limit_takes_everything(void)
{
    struct gcra none = {0};
    struct gcra_cell cell = {0};
    for (int i = 0; i < 1000; i++) CHECK(gcra_take(&none, &cell, 0, INT64_MAX).taken);
    CHECK(gcra_charge(&none, &cell, 0, INT64_MAX).left == INT64_MAX &&
          gcra_look(&none, &cell, 0, 1).taken);
    CHECK(at_of(&cell) == 0 && gcra_window_s(&none) == 0);
}

static void what_was_taken_moves_with_a_new_limit(void)
{
    struct gcra slow = gcra_of(1, GCRA_SECOND_US, 4), fast = gcra_of(3000000, GCRA_SECOND_US, 3000000);
    struct gcra_cell cell = {0}, moved = {0};
    gcra_charge(&slow, &cell, 100, 4);
    gcra_move(&slow, &cell, &fast, &moved);
    CHECK(gcra_look(&fast, &moved, 100 + 3 * GCRA_SECOND_US, 1).wait_us == 1);
    CHECK(gcra_look(&fast, &moved, 101 + 3 * GCRA_SECOND_US, 1).taken);
}

enum { THREADS = 4, TAKES = 20000 };
static struct gcra shared_limit;
static struct gcra_cell shared_cell;
static atomic_int passed;

static void *take_many(void *user)
{
    (void)user;
    for (int i = 0; i < TAKES; i++)
        atomic_fetch_add(&passed, gcra_take(&shared_limit, &shared_cell, 7, 1).taken);
    return NULL;
}

static void threads_together_take_no_more_than_the_burst(void)
{
    pthread_t threads[THREADS];
    shared_limit = gcra_of(1, GCRA_SECOND_US, 12345);
    for (int i = 0; i < THREADS; i++) CHECK(pthread_create(&threads[i], NULL, take_many, NULL) == 0);
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    CHECK(atomic_load(&passed) == 12345);
}

int main(void)
{
    it_lets_through_what_a_bucket_of_tokens_would();
    the_burst_passes_and_one_more_does_not();
    what_is_refused_costs_nothing();
    more_than_the_burst_never_passes();
    a_debt_must_grow_back_first();
    nothing_overflows();
    awkward_rates_are_brought_down_a_little();
    no_limit_takes_everything();
    what_was_taken_moves_with_a_new_limit();
    threads_together_take_no_more_than_the_burst();
    return TEST_RESULT();
}
