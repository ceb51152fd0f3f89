/* Neighbours: several threads, each with a judge of its own. Some judge rules that never end, eat all
 * memory or all steps; the others judge a good form and get the same bytes and steps every time. */
#include "runtime/runtime.h"
#include "tests/test.h"
#include "tests/unit/maker.h"

#include <pthread.h>
#include <stdbool.h>

enum { ROUNDS = 60, BAD_THREADS = 3, GOOD_THREADS = 3 };

static struct maker good;

/* ThreadSanitizer hands signals over where memory is asked for: what loops here asks for some. */
static struct bad {
    const char *lua;
    enum judge_state state;
    struct maker maker;
} bads[] = {
    {.lua =
         "local charge = ... return function(S) while true do local t = {} for i = 1, 100 do t[i] = i "
         "end end end",
     .state = JUDGE_OVER_TIME},
    {.lua = "local charge = ... return function(S) while true do charge(1) end end",
     .state = JUDGE_OVER_STEPS},
    {.lua = "local charge = ... return function(S) local s = 'x' while true do s = s .. s end end",
     .state = JUDGE_OVER_MEMORY},
    {.lua = "local charge = ... return function(S) leaked = 1 end", .state = JUDGE_FAULT},
};
enum { BADS = sizeof bads / sizeof *bads };

static void make(struct maker *m, const char *lua)
{
    maker_open(m);
    maker_computed(m, "twice", TYPE_INTEGER);
    maker_field(m, "n", TYPE_INTEGER);
    maker_chunk(m, lua, 1, HELPER_CHARGE);
    maker_done(m);
}

static bool run(struct judge *judge, const struct program *program, uint32_t ms,
                struct judge_outcome *ret_outcome)
{
    struct judging judging = {
        .program = program, .answers = STR("{\"n\":21}"), .steps_max = 100000, .ms_max = ms};
    return judge_run(judge, &judging, ret_outcome) == ST_OK;
}

static bool is_right(struct judge *judge)
{
    struct judge_outcome outcome;
    struct buf out;
    if (!run(judge, &good.program, 60000, &outcome) || outcome.state != JUDGE_JUDGED) return false;
    buf_init(&out, mem_heap(), 1 << 16);
    verdict_write_answers(judge, &out);
    bool ok = str_eq(buf_str(&out), STR("{\"twice\":42,\"n\":21}")) && outcome.steps == 8;
    buf_release(&out);
    return ok;
}

static char wrong[] = "wrong";

/* Each bad judging is followed by a good one, by the same judge. */
static void *attack(void *unused)
{
    struct judge *judge;
    struct judge_outcome outcome;
    void *result = unused;
    if (judge_new(mem_heap(), &judge)) return wrong;
    for (int i = 0; i < ROUNDS && !result; i++) {
        const struct bad *bad = &bads[i % BADS];
        uint32_t ms = bad->state == JUDGE_OVER_TIME ? 2 : 60000;
        bool ok = run(judge, &bad->maker.program, ms, &outcome) && outcome.state == bad->state;
        if (!ok || !is_right(judge)) result = wrong;
    }
    judge_free(judge);
    return result;
}

static void *work(void *unused)
{
    struct judge *judge;
    void *result = unused;
    if (judge_new(mem_heap(), &judge)) return wrong;
    for (int i = 0; i < ROUNDS * 50 && !result; i++)
        if (!is_right(judge)) result = wrong;
    judge_free(judge);
    return result;
}

static void neighbours_are_not_hurt(void)
{
    pthread_t threads[BAD_THREADS + GOOD_THREADS];
    for (int i = 0; i < BAD_THREADS + GOOD_THREADS; i++)
        CHECK(pthread_create(&threads[i], NULL, i < BAD_THREADS ? attack : work, NULL) == 0);
    for (int i = 0; i < BAD_THREADS + GOOD_THREADS; i++) {
        void *result = wrong;
        CHECK(pthread_join(threads[i], &result) == 0);
        CHECK(result == NULL);
    }
}

int main(void)
{
    make(&good, "local charge = ... return function(S) charge(7) S[1] = S[2] and S[2] * 2 end");
    for (int i = 0; i < BADS; i++) make(&bads[i].maker, bads[i].lua);
    neighbours_are_not_hurt();
    for (int i = 0; i < BADS; i++) maker_release(&bads[i].maker);
    maker_release(&good);
    return TEST_RESULT();
}
