#include "tests/unit/engine_fixture.h"

#include "engine/usage.h"

#include <time.h>

static struct test_mem tm = {.mem = {test_mem_resize}};
static struct arena arena;

static struct usage_page list(struct usage *usage, const char *tenant, const char *after, uint32_t most)
{
    struct usage_page page = {0};
    CHECK_STATUS(usage_list(usage, str_of(tenant), str_of(after), most, &arena, &page), ST_OK);
    return page;
}

static bool is_named(const struct usage_item *item, const char *name)
{
    return str_eq(item->name, str_of(name));
}

static void a_form_has_one_row_and_tenants_have_their_own(void)
{
    struct usage usage;
    usage_init(&usage, &tm.mem, 10, 77);
    struct usage_row *a = usage_row(&usage, STR("acme"), STR("visa"));
    struct usage_row *b = usage_row(&usage, STR("acme"), STR("benefit"));
    struct usage_row *c = usage_row(&usage, STR("other"), STR("visa"));
    CHECK(a != b && a != c && b != c);
    CHECK(usage_row(&usage, STR("acme"), STR("visa")) == a);
    usage_add(a, USAGE_STEPS, 40);
    usage_add(b, USAGE_STEPS, 2);
    usage_add(c, USAGE_STEPS, 1000);
    struct usage_page page = list(&usage, "acme", "", 10);
    CHECK(page.since_ms == 77 && page.count == 2 && !page.more);
    CHECK(is_named(&page.items[0], "benefit") && is_named(&page.items[1], "visa"));
    CHECK(page.items[0].counts.of[USAGE_STEPS] == 2 && page.items[1].counts.of[USAGE_STEPS] == 40);
    CHECK(page.total.of[USAGE_STEPS] == 42 && page.total.of[USAGE_STORED] == 0);
    CHECK(list(&usage, "nobody", "", 10).count == 0);
    usage_release(&usage);
    CHECK(tm.held == 0);
}

static void pages_follow_one_another_by_name(void)
{
    static const char *const names[] = {"ab", "b", "a", "abc", "c"};
    static const char *const sorted[] = {"a", "ab", "abc", "b", "c"};
    struct usage usage;
    char after[8] = "";
    usage_init(&usage, &tm.mem, 10, 0);
    for (size_t i = 0; i < 5; i++)
        usage_add(usage_row(&usage, STR("t"), str_of(names[i])), USAGE_JUDGED, 1);
    for (size_t i = 0; i < 5; i++) {
        struct usage_page page = list(&usage, "t", after, 1);
        CHECK(page.count == 1 && page.more == (i < 4) && is_named(&page.items[0], sorted[i]));
        CHECK(page.total.of[USAGE_JUDGED] == 5);
        snprintf(after, sizeof after, "%s", sorted[i]);
    }
    usage_release(&usage);
}

static void rows_have_a_limit_and_what_is_past_it_is_counted_together(void)
{
    struct usage usage;
    usage_init(&usage, &tm.mem, 2, 0);
    struct usage_row *a = usage_row(&usage, STR("t"), STR("a"));
    struct usage_row *b = usage_row(&usage, STR("u"), STR("b")); /* the second of two */
    CHECK(a != &usage.rest && b != &usage.rest && a != b);
    CHECK(usage_row(&usage, STR("t"), STR("c")) == &usage.rest);
    CHECK(usage_row(&usage, STR("v"), STR("d")) == &usage.rest);
    CHECK(usage_row(&usage, STR("t"), STR("a")) == a);
    CHECK(list(&usage, "t", "", 10).count == 1 && list(&usage, "v", "", 10).count == 0);
    usage_release(&usage);
    CHECK(tm.held == 0);
}

static void without_memory_nothing_is_lost_but_the_name(void)
{
    struct usage usage;
    usage_init(&usage, &tm.mem, 10, 0);
    for (size_t n = 1; n <= 2; n++) { /* the tenant's block, the row's */
        tm.requests = 0;
        tm.fail_at = n;
        CHECK(usage_row(&usage, STR("t"), STR("a")) == &usage.rest);
    }
    tm.fail_at = 0;
    CHECK(usage_row(&usage, STR("t"), STR("a")) != &usage.rest);
    usage_release(&usage);
    CHECK(tm.held == 0);
}

static void the_busiest_come_first_and_equals_by_name(void)
{
    static const struct {
        const char *tenant;
        uint64_t steps;
    } rows[] = {{"low", 1}, {"high", 90}, {"twin-b", 50}, {"twin-a", 50}, {"mid", 60}};
    struct usage usage;
    struct usage_page page;
    usage_init(&usage, &tm.mem, 100, 0);
    for (size_t i = 0; i < 5; i++) {
        usage_add(usage_row(&usage, str_of(rows[i].tenant), STR("x")), USAGE_STEPS, rows[i].steps - 1);
        usage_add(usage_row(&usage, str_of(rows[i].tenant), STR("y")), USAGE_STEPS, 1);
    }
    CHECK_STATUS(usage_top(&usage, 3, &arena, &page), ST_OK);
    CHECK(page.count == 3 && is_named(&page.items[0], "high") && is_named(&page.items[1], "mid"));
    CHECK(is_named(&page.items[2], "twin-a") && page.items[0].counts.of[USAGE_STEPS] == 90);
    CHECK_STATUS(usage_top(&usage, 99, &arena, &page), ST_OK);
    CHECK(page.count == 5 && is_named(&page.items[3], "twin-b") && is_named(&page.items[4], "low"));
    CHECK_STATUS(usage_top(&usage, 1, &arena, &page), ST_OK);
    CHECK(page.count == 1 && is_named(&page.items[0], "high"));
    CHECK(strcmp(usage_name(USAGE_STEPS), "steps") == 0);
    usage_release(&usage);
}

/* ---- by the engine */

static void end(struct intake *intake)
{
    atomic_store((atomic_bool *)intake->user, true);
}

static enum intake_state submit(struct bench *bench, struct worker *worker, const char *key,
                                const char *answers)
{
    atomic_bool over = false;
    struct intake intake = {.arena = &bench->arena,
                            .key = str_of(key),
                            .body = str_of(answers),
                            .answers = str_of(answers),
                            .locale = STR(""),
                            .submitter = STR(""),
                            .where = STR(""),
                            .actor = {.who = STR("public"), .at_ms = BENCH_NOW_MS},
                            .done = end,
                            .user = &over};
    CHECK_STATUS(engine_fetch(bench->engine, STR("acme"), STR("contact"), 0, &intake.definition),
                 ST_OK);
    enum intake_state state = engine_submit(worker, &intake);
    if (state == INTAKE_READY) state = engine_store(&intake);
    while (state == INTAKE_QUEUED && !atomic_load(&over))
        nanosleep(&(struct timespec){.tv_nsec = 100000}, NULL);
    state = intake.state;
    definition_release(intake.definition);
    intake_release(&intake);
    return state;
}

static void each_outcome_is_counted_for_its_form(void)
{
    struct bench bench;
    struct worker *worker;
    struct usage_page page;
    bench_begin(&bench, NULL);
    bench_publish(&bench, "contact", bench_form);
    bench_publish(&bench, "unused", bench_form);
    CHECK_STATUS(worker_new(bench.engine, &worker), ST_OK);
    CHECK(submit(&bench, worker, "key-1-0123456789", "{\"name\":\"A\"}") == INTAKE_STORED);
    CHECK(submit(&bench, worker, "key-1-0123456789", "{\"name\":\"A\"}") == INTAKE_REPLAYED);
    CHECK(submit(&bench, worker, "key-2-0123456789", "{}") == INTAKE_INVALID);
    CHECK(submit(&bench, worker, "key-3-0123456789", "{") == INTAKE_UNJUDGED);
    CHECK_STATUS(engine_usage_list(&bench.call, STR("acme"), STR(""), 10, &page), ST_OK);
    CHECK(page.since_ms == BENCH_NOW_MS && page.count >= 1 && is_named(&page.items[0], "contact"));
    const uint64_t *of = page.items[0].counts.of;
    CHECK(of[USAGE_EVALUATIONS] == 4 && of[USAGE_JUDGED] == 3 && of[USAGE_MALFORMED] == 1);
    CHECK(of[USAGE_STORED] == 1 && of[USAGE_REPLAYED] == 1 && of[USAGE_INVALID] == 1);
    CHECK(of[USAGE_UNJUDGED] == 1 && of[USAGE_REFUSED] == 0 && of[USAGE_OVER_STEPS] == 0);
    CHECK(of[USAGE_STEPS] > 0 && page.total.of[USAGE_STEPS] == of[USAGE_STEPS]);
    CHECK_STATUS(engine_usage_list(&bench.call, STR("nobody"), STR(""), 10, &page), ST_ABSENT);
    worker_free(worker);
    bench_end(&bench);
}

int main(void)
{
    arena_init(&arena, mem_heap(), 16 << 20);
    a_form_has_one_row_and_tenants_have_their_own();
    pages_follow_one_another_by_name();
    rows_have_a_limit_and_what_is_past_it_is_counted_together();
    without_memory_nothing_is_lost_but_the_name();
    the_busiest_come_first_and_equals_by_name();
    each_outcome_is_counted_for_its_form();
    arena_release(&arena);
    return TEST_RESULT();
}
