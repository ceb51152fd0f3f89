#include "tests/unit/engine_fixture.h"

#include <pthread.h>

static struct bench bench;

static struct definition *definition_of(const char *form)
{
    struct definition *definition = NULL;
    CHECK_STATUS(engine_fetch(bench.engine, STR("acme"), str_of(form), 0, &definition), ST_OK);
    return definition;
}

static void evaluate(struct worker *worker, const struct definition *definition)
{
    struct judge_outcome outcome;
    struct evaluation evaluation = {.definition = definition,
                                    .answers = STR("{\"name\":\"A\",\"age\":4}")};
    CHECK_STATUS(engine_evaluate(worker, &evaluation, &outcome), ST_OK);
    CHECK(outcome.state == JUDGE_JUDGED && outcome.valid);
}

static struct engine_counters counters(void)
{
    struct engine_counters got;
    engine_counters(bench.engine, &got);
    return got;
}

static void worlds_that_nobody_uses_are_freed_by_tidying(void)
{
    struct worker *worker;
    struct buf out;
    buf_init(&out, mem_heap(), 1 << 20);
    CHECK_STATUS(worker_new(bench.engine, &worker), ST_OK);
    struct definition *a = definition_of("a"), *b = definition_of("b");
    evaluate(worker, a);
    evaluate(worker, b);
    CHECK(counters().worlds_kept == 2 && counters().worlds_bytes > 2000);
    engine_tidy(bench.engine);
    evaluate(worker, b);
    engine_tidy(bench.engine);
    CHECK(counters().worlds_kept == 2);
    engine_tidy(bench.engine);
    CHECK(counters().worlds_kept == 1);
    engine_tidy(bench.engine);
    engine_tidy(bench.engine);
    worker_verdict_write(worker, &out); /* what it needs is still there */
    CHECK(!buf_failed(&out) && out.len > 0);
    evaluate(worker, a);
    CHECK(counters().worlds_kept == 2);
    worker_free(worker);
    CHECK(counters().worlds_kept == 0);
    definition_release(a);
    definition_release(b);
    buf_release(&out);
}

static void *judge_for_a_while(void *user)
{
    struct worker *worker;
    const struct definition *definition = user;
    CHECK_STATUS(worker_new(bench.engine, &worker), ST_OK);
    for (int i = 0; i < 300; i++) evaluate(worker, definition);
    worker_free(worker);
    return NULL;
}

static void tidying_may_go_on_while_workers_judge_come_and_go(void)
{
    pthread_t threads[4];
    struct definition *definition = definition_of("a");
    for (int i = 0; i < 4; i++)
        CHECK(pthread_create(&threads[i], NULL, judge_for_a_while, definition) == 0);
    for (int i = 0; i < 200; i++) engine_tidy(bench.engine);
    for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
    definition_release(definition);
}

static enum judge_state judge_with(const char *answers,
                                   enum status (*tell)(struct worker *, const struct judge_outcome *,
                                                       void *),
                                   struct judge_outcome *ret_outcome)
{
    struct worker *worker;
    struct definition *definition = definition_of("a");
    struct evaluation evaluation = {.definition = definition, .answers = str_of(answers), .tell = tell};
    CHECK_STATUS(worker_new(bench.engine, &worker), ST_OK);
    CHECK_STATUS(engine_evaluate(worker, &evaluation, ret_outcome), ST_OK);
    worker_free(worker);
    definition_release(definition);
    return ret_outcome->state;
}

static enum status too_long(struct worker *worker, const struct judge_outcome *outcome, void *user)
{
    CHECK(worker_judge(worker) && outcome->valid && !user);
    return ST_LIMIT;
}

static void a_verdict_with_no_room_is_over_memory(void)
{
    struct judge_outcome outcome;
    CHECK(judge_with("{\"name\":\"A\",\"age\":4}", too_long, &outcome) == JUDGE_OVER_MEMORY);
    CHECK(outcome.overlong && !outcome.valid);
}

static void an_engine_may_be_told_to_judge_for_less(void)
{
    struct judge_outcome outcome;
    engine_close(bench.engine);
    bench.options.judging_steps_max = 1;
    bench.options.judging_ms_max = 60000;
    bench_open(&bench);
    CHECK(judge_with("{\"name\":\"A\",\"age\":4}", NULL, &outcome) == JUDGE_OVER_STEPS);
    engine_close(bench.engine);
    bench.options.judging_steps_max = 0;
    bench.options.judging_ms_max = 0;
    bench_open(&bench);
    CHECK(judge_with("{\"name\":\"A\",\"age\":4}", NULL, &outcome) == JUDGE_JUDGED);
}

int main(void)
{
    bench_begin(&bench, NULL);
    bench_publish(&bench, "a", bench_form);
    bench_publish(&bench, "b", "edition 2026 form b \"B\" { name: text\n age: integer }");
    worlds_that_nobody_uses_are_freed_by_tidying();
    tidying_may_go_on_while_workers_judge_come_and_go();
    a_verdict_with_no_room_is_over_memory();
    an_engine_may_be_told_to_judge_for_less();
    bench_end(&bench);
    return TEST_RESULT();
}
