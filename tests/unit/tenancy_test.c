#include "engine_fixture.h"

#include "engine/inside.h"
#include "engine/tenancy.h"

static struct bench bench;

static void set_quota(enum quota quota, int64_t value)
{
    struct quota_change change = {quota, value};
    CHECK_STATUS(engine_tenant_set_quota(&bench.call, STR("acme"), &change, 1), ST_OK);
}

static struct definition *fetch(void)
{
    struct definition *definition = NULL;
    CHECK_STATUS(engine_fetch(bench.engine, STR("acme"), STR("contact"), 0, &definition), ST_OK);
    return definition;
}

static int64_t now_us(void)
{
    return clock_steady_ns(&bench.clock.clock) / 1000;
}

static void wait_us(int64_t us)
{
    bench.clock.now_steady_ns += us * 1000;
}

static enum status judge(struct worker *worker, const struct definition *definition,
                         uint64_t *ret_steps)
{
    struct judge_outcome outcome;
    struct evaluation evaluation = {
        .definition = definition, .answers = STR("{\"name\":\"Ann\",\"age\":5}"), .locale = STR("")};
    enum status st = engine_evaluate(worker, &evaluation, &outcome);
    if (!st) CHECK(outcome.state == JUDGE_JUDGED && outcome.valid);
    if (!st && ret_steps)
        *ret_steps = outcome.steps + evaluation.answers.len * limit(READ_STEPS_PER_BYTE);
    return st;
}

static void steps_are_charged_afterwards_and_debt_is_waited_for(void)
{
    struct worker *worker;
    uint64_t steps = 0;
    CHECK_STATUS(worker_new(bench.engine, &worker), ST_OK);
    wait_us(100 * GCRA_SECOND_US); /* publishing was charged too */
    set_quota(QUOTA_STEPS, 1);     /* a step a second */
    struct definition *definition = fetch();
    wait_us(1000000 * GCRA_SECOND_US); /* and so was compiling it again */
    CHECK_STATUS(judge(worker, definition, &steps), ST_OK);
    CHECK(steps > 3);
    CHECK_STATUS(judge(worker, definition, NULL), ST_LIMIT);
    const struct excess *excess = worker_excess(worker);
    CHECK(excess->exceeded && excess->quota == QUOTA_STEPS && gcra_burst(&excess->limit) == 1);
    CHECK(excess->answer.wait_us == (int64_t)steps * GCRA_SECOND_US);
    wait_us(excess->answer.wait_us - 1);
    CHECK_STATUS(judge(worker, definition, NULL), ST_LIMIT);
    wait_us(1);
    CHECK_STATUS(judge(worker, definition, NULL), ST_OK);
    CHECK(!worker_excess(worker)->exceeded);
    definition_release(definition);
    worker_free(worker);
    set_quota(QUOTA_STEPS, 0);
}

static void judgings_are_counted_up_to_the_quota(void)
{
    struct excess excess;
    wait_us(1000000 * GCRA_SECOND_US);
    set_quota(QUOTA_JUDGINGS, 3);
    struct definition *definition = fetch();
    struct tenancy *tenancy = definition->tenancy;
    CHECK(tenancy_far_judgings(tenancy) == 1);
    for (int i = 0; i < 3; i++) CHECK(tenancy_judge(tenancy, now_us(), &excess));
    CHECK(!tenancy_judge(tenancy, now_us(), &excess) && excess.quota == QUOTA_JUDGINGS &&
          excess.exceeded);
    tenancy_judged(tenancy, now_us(), 1);
    CHECK(tenancy_judge(tenancy, now_us(), &excess));
    for (int i = 0; i < 3; i++) tenancy_judged(tenancy, now_us(), 1);
    definition_release(definition);
    set_quota(QUOTA_JUDGINGS, 0);
}

/* Those that must not wait have half of the room, and half of an odd one: no two of them take the same
 * place, however many come at once. */
static void a_thread_that_must_not_wait_has_one_place_until_it_leaves(void)
{
    struct worker *worker[3];
    set_quota(QUOTA_JUDGINGS, 3);
    struct definition *definition = fetch();
    struct tenancy *tenancy = tenancy_retain(definition->tenancy);
    for (int i = 0; i < 3; i++) {
        CHECK_STATUS(worker_new(bench.engine, &worker[i]), ST_OK);
        CHECK(worker_enter(worker[i], tenancy) == (i < 2));
        CHECK(worker_enter(worker[i], tenancy) == (i < 2)); /* has it already */
    }
    worker_leave(worker[0]);
    worker_leave(worker[0]);
    CHECK(worker_enter(worker[2], tenancy) && !worker_enter(worker[0], tenancy));
    definition_release(definition);
    for (int i = 0; i < 3; i++) worker_free(worker[i]);
    CHECK(atomic_load(&tenancy->near) == 0);
    tenancy_release(tenancy);
    set_quota(QUOTA_JUDGINGS, 0);
}

static void submissions_are_taken_whatever_comes_of_them(void)
{
    struct excess excess;
    set_quota(QUOTA_SUBMISSIONS, 2);
    struct definition *definition = fetch();
    for (int i = 0; i < 2; i++)
        CHECK(tenancy_take(definition->tenancy, QUOTA_SUBMISSIONS, now_us(), &excess));
    CHECK(!tenancy_take(definition->tenancy, QUOTA_SUBMISSIONS, now_us(), &excess));
    CHECK(excess.quota == QUOTA_SUBMISSIONS && excess.answer.wait_us == GCRA_SECOND_US / 2);
    struct worker *worker;
    struct arena arena;
    CHECK_STATUS(worker_new(bench.engine, &worker), ST_OK);
    arena_init(&arena, mem_heap(), 1 << 20);
    struct intake intake = {.arena = &arena,
                            .definition = definition,
                            .key = STR("key-of-one-submission"),
                            .body = STR("{}"),
                            .answers = STR("{}"),
                            .locale = STR(""),
                            .done = (void (*)(struct intake *))(uintptr_t)1};
    CHECK(engine_submit(worker, &intake) == INTAKE_REFUSED && intake.status == ST_LIMIT);
    CHECK(intake.excess.exceeded && intake.excess.quota == QUOTA_SUBMISSIONS);
    intake_release(&intake);
    wait_us(GCRA_SECOND_US / 2);
    CHECK(engine_submit(worker, &intake) == INTAKE_INVALID && !intake.excess.exceeded);
    intake_release(&intake);
    arena_release(&arena);
    worker_free(worker);
    definition_release(definition);
    set_quota(QUOTA_SUBMISSIONS, 0);
}

static void requests_of_one_tenant_are_not_anothers(void)
{
    struct tenant_record other;
    CHECK_STATUS(engine_tenant_create(&bench.call, STR("other"), STR("Other"), &other), ST_OK);
    set_quota(QUOTA_REQUESTS, 2);
    for (int i = 0; i < 2; i++) CHECK_STATUS(engine_request(&bench.call, STR("acme")), ST_OK);
    CHECK_STATUS(engine_request(&bench.call, STR("acme")), ST_LIMIT);
    CHECK(bench.call.excess.exceeded && bench.call.excess.quota == QUOTA_REQUESTS);
    CHECK_STATUS(engine_request(&bench.call, STR("other")), ST_OK);
    CHECK_STATUS(engine_request(&bench.call, STR("nobody")), ST_ABSENT);
    wait_us(GCRA_SECOND_US / 2);
    CHECK_STATUS(engine_request(&bench.call, STR("acme")), ST_OK);
    bench.call.excess.exceeded = false;
}

static void a_new_quota_starts_with_what_was_used(void)
{
    struct definition *before = fetch();
    CHECK_STATUS(engine_request(&bench.call, STR("acme")), ST_LIMIT);
    bench.call.excess.exceeded = false;
    set_quota(QUOTA_REQUESTS, 4);
    struct definition *after = fetch();
    CHECK(after->tenancy != before->tenancy); /* the old one lives as long as somebody holds it */
    CHECK_STATUS(engine_request(&bench.call, STR("acme")), ST_LIMIT);
    bench.call.excess.exceeded = false;
    wait_us(GCRA_SECOND_US);
    for (int i = 0; i < 4; i++) CHECK_STATUS(engine_request(&bench.call, STR("acme")), ST_OK);
    definition_release(before);
    definition_release(after);
    set_quota(QUOTA_REQUESTS, 0);
}

/* Also of answers that no rule ever sees. */
static void reading_answers_is_paid_by_the_byte(void)
{
    enum { BYTES = 5000 };
    static char answers[BYTES + 1];
    struct worker *worker;
    struct judge_outcome outcome;
    set_quota(QUOTA_STEPS, 100);
    struct definition *definition = fetch();
    wait_us(1000000 * GCRA_SECOND_US);
    memset(answers, ' ', BYTES); /* blanks, and no object behind them */
    struct evaluation evaluation = {.definition = definition, .answers = {answers, BYTES}};
    CHECK_STATUS(worker_new(bench.engine, &worker), ST_OK);
    CHECK_STATUS(engine_evaluate(worker, &evaluation, &outcome), ST_OK);
    CHECK(outcome.state == JUDGE_MALFORMED && outcome.steps == 0);
    CHECK_STATUS(engine_evaluate(worker, &evaluation, &outcome), ST_LIMIT);
    int64_t owed = (int64_t)BYTES * limit(READ_STEPS_PER_BYTE) - 100 + 1;
    CHECK(worker_excess(worker)->answer.wait_us == owed * (GCRA_SECOND_US / 100));
    definition_release(definition);
    worker_free(worker);
    set_quota(QUOTA_STEPS, 0);
}

static void compiling_is_paid_by_the_byte(void)
{
    struct check check;
    size_t len = strlen(bench_form);
    wait_us(1000000 * GCRA_SECOND_US);
    set_quota(QUOTA_STEPS, 100);
    CHECK_STATUS(engine_check(&bench.call, STR("acme"), str_of(bench_form), &check), ST_OK);
    CHECK(check.ok);
    CHECK_STATUS(engine_check(&bench.call, STR("acme"), str_of(bench_form), &check), ST_LIMIT);
    CHECK(bench.call.excess.exceeded && bench.call.excess.quota == QUOTA_STEPS);
    int64_t owed = (int64_t)len * (int64_t)limit(COMPILE_STEPS_PER_BYTE) - 100 + 1;
    CHECK(bench.call.excess.answer.wait_us == owed * (GCRA_SECOND_US / 100));
    struct published published;
    struct publication publication = {
        .tenant = STR("acme"), .form = STR("contact"), .source = str_of(bench_form)};
    CHECK_STATUS(engine_publish(&bench.call, &publication, &published), ST_LIMIT);
    wait_us(bench.call.excess.answer.wait_us);
    bench.call.excess.exceeded = false;
    CHECK_STATUS(engine_publish(&bench.call, &publication, &published), ST_OK);
    set_quota(QUOTA_STEPS, 0);
    wait_us(1000000 * GCRA_SECOND_US);
}

static void a_suspended_tenants_forms_are_not_served(void)
{
    struct definition *definition = NULL;
    CHECK_STATUS(engine_tenant_set_state(&bench.call, STR("acme"), TENANT_SUSPENDED), ST_OK);
    CHECK_STATUS(engine_fetch(bench.engine, STR("acme"), STR("contact"), 0, &definition), ST_ABSENT);
    CHECK_STATUS(engine_tenant_set_state(&bench.call, STR("acme"), TENANT_ACTIVE), ST_OK);
    definition_release(fetch());
}

/* The table with room for two: the one that was used longest ago goes, unless a definition holds it. */
static void so_many_are_remembered_and_no_more(void)
{
    struct tenancies *all = &bench.engine->tenancies;
    struct tenant_record record;
    CHECK(all->count_max == limit(TENANCIES));
    all->count_max = 2;
    struct definition *held = fetch();
    CHECK_STATUS(engine_request(&bench.call, STR("other")), ST_OK);
    CHECK(all->count == 2);
    CHECK_STATUS(engine_tenant_create(&bench.call, STR("third"), STR("Third"), &record), ST_OK);
    CHECK_STATUS(engine_request(&bench.call, STR("third")), ST_OK);
    CHECK(all->count == 2);
    struct tenancy *acme;
    CHECK_STATUS(tenancies_get(bench.engine, STR("acme"), &acme), ST_OK);
    CHECK(acme == held->tenancy);
    tenancy_release(acme);
    definition_release(held);
    all->count_max = limit(TENANCIES);
}

int main(void)
{
    bench_begin(&bench, NULL);
    bench_publish(&bench, "contact", bench_form);
    steps_are_charged_afterwards_and_debt_is_waited_for();
    judgings_are_counted_up_to_the_quota();
    a_thread_that_must_not_wait_has_one_place_until_it_leaves();
    submissions_are_taken_whatever_comes_of_them();
    requests_of_one_tenant_are_not_anothers();
    a_new_quota_starts_with_what_was_used();
    reading_answers_is_paid_by_the_byte();
    compiling_is_paid_by_the_byte();
    a_suspended_tenants_forms_are_not_served();
    so_many_are_remembered_and_no_more();
    bench_end(&bench);
    return TEST_RESULT();
}
