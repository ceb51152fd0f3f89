#include "engine_fixture.h"

#include <pthread.h>

static struct bench bench;

static struct definition *fetch(const char *form, uint32_t number)
{
    struct definition *definition = NULL;
    enum status st = engine_fetch(bench.engine, STR("acme"), str_of(form), number, &definition);
    return st ? NULL : definition;
}

static void the_first_fetch_loads_and_the_second_finds(void)
{
    struct engine_counters counters;
    CHECK(!engine_fetch_cached(bench.engine, STR("acme"), STR("contact"), 0));
    struct definition *first = fetch("contact", 0);
    struct definition *second = engine_fetch_cached(bench.engine, STR("acme"), STR("contact"), 0);
    CHECK(first && first == second);
    CHECK(first->number == 1 && str_eq(first->tenant, STR("acme")) &&
          str_eq(first->form, STR("contact")));
    CHECK(first->zone != NULL && first->zone != zone_utc());
    definition_release(first);
    definition_release(second);
    engine_counters(bench.engine, &counters);
    CHECK(counters.definitions_loaded == 1 && counters.cache_entries >= 1 && counters.cache_bytes > 0);
}

static void a_cached_fetch_reads_nothing(void)
{
    struct engine_counters before, after;
    definition_release(fetch("contact", 0));
    engine_counters(bench.engine, &before);
    for (int i = 0; i < 100; i++) definition_release(fetch("contact", 0));
    engine_counters(bench.engine, &after);
    CHECK(after.storage.reads == before.storage.reads);
    CHECK(after.cache_hits == before.cache_hits + 100);
}

static void what_is_not_there_is_absent(void)
{
    struct definition *definition = NULL;
    CHECK(!fetch("nothing", 0) && !fetch("contact", 99));
    CHECK_STATUS(engine_fetch(bench.engine, STR("nobody"), STR("contact"), 0, &definition), ST_ABSENT);
    CHECK_STATUS(engine_fetch(bench.engine, STR(""), STR(""), 0, &definition), ST_ABSENT);
    CHECK_STATUS(engine_fetch(bench.engine, STR("../acme"), STR("contact"), 0, &definition), ST_ABSENT);
    CHECK(!definition);
}

static void a_publication_is_seen_at_once_and_the_old_version_stays(void)
{
    struct definition *old = fetch("contact", 0);
    CHECK(bench_publish(&bench, "contact", "edition 2026 form contact \"Two\" { name: text }") == 2);
    struct definition *new = fetch("contact", 0);
    struct definition *pinned = fetch("contact", 1);
    CHECK(new &&new->number == 2 && new->program != old->program);
    CHECK(pinned && pinned->number == 1 && memcmp(&pinned->hash, &old->hash, sizeof old->hash) == 0);
    CHECK(old->program->node_count > 0); /* held, so still whole */
    definition_release(old);
    definition_release(new);
    definition_release(pinned);
}

static uint64_t loaded(void)
{
    struct engine_counters counters;
    engine_counters(bench.engine, &counters);
    return counters.definitions_loaded;
}

static uint32_t aimed(struct aim aim)
{
    struct definition *definition = NULL;
    if (engine_aim(bench.engine, STR("acme"), STR("contact"), aim, &definition)) return 0;
    uint32_t number = definition->number;
    definition_release(definition);
    return number;
}

static void set_live(uint32_t version, uint32_t percent)
{
    struct channel_set set = {.form = STR("contact"), .version = version, .percent = percent};
    CHECK_STATUS(engine_channel_set(&bench.call, STR("acme"), &set), ST_OK);
}

/* Versions 1 and 2 are there. */
static void moving_a_channel_is_seen_at_once_and_compiles_nothing(void)
{
    CHECK(aimed((struct aim){.number = 1}) == 1 && aimed((struct aim){.number = 2}) == 2);
    uint64_t before = loaded();
    for (uint32_t i = 0; i < 10; i++) {
        set_live(1, 100);
        CHECK(aimed((struct aim){.number = 0}) == 1 && aimed((struct aim){.bucket = 1}) == 1);
        set_live(2, 10 * i);
        CHECK(aimed((struct aim){.number = 0}) == 1);
        CHECK(aimed((struct aim){.bucket = 10 * i + 1}) == 1); /* the first bucket that stays */
        CHECK(aimed((struct aim){.bucket = 10 * i}) == (i ? 2 : 1));
        set_live(2, 100);
        CHECK(aimed((struct aim){.number = 0}) == 2 && aimed((struct aim){.bucket = 100}) == 2);
    }
    CHECK(loaded() == before);
    CHECK(aimed((struct aim){.channel = STR("beta")}) == 0);
}

static void an_archived_form_is_not_served_until_it_is_back(void)
{
    struct str tenant = STR("acme"), form = STR("contact");
    CHECK_STATUS(engine_form_set_state(&bench.call, tenant, form, FORM_CLOSING), ST_OK);
    CHECK_STATUS(engine_form_set_state(&bench.call, tenant, form, FORM_CLOSED), ST_OK);
    struct definition *closed = fetch("contact", 0);
    CHECK(closed != NULL);
    definition_release(closed);
    CHECK_STATUS(engine_form_set_state(&bench.call, tenant, form, FORM_ARCHIVED), ST_OK);
    CHECK(!fetch("contact", 0) && !fetch("contact", 1));
    CHECK_STATUS(engine_form_set_state(&bench.call, tenant, form, FORM_CLOSED), ST_OK);
    struct definition *back = fetch("contact", 0);
    CHECK(back != NULL);
    definition_release(back);
    CHECK_STATUS(engine_form_set_state(&bench.call, tenant, form, FORM_OPEN), ST_OK);
}

static void a_suspended_tenant_is_not_served_until_it_is_back(void)
{
    CHECK_STATUS(engine_tenant_set_state(&bench.call, STR("acme"), TENANT_SUSPENDED), ST_OK);
    CHECK(!fetch("contact", 0) && !engine_fetch_cached(bench.engine, STR("acme"), STR("contact"), 0));
    CHECK(!fetch("contact", 1));
    CHECK_STATUS(engine_tenant_set_state(&bench.call, STR("acme"), TENANT_ACTIVE), ST_OK);
    struct definition *back = fetch("contact", 0);
    CHECK(back != NULL);
    definition_release(back);
}

/* Who has no front end has nothing to dress for it. */
static void nothing_is_kept_beside_a_definition_where_nobody_presents(void)
{
    struct definition *definition = fetch("contact", 0);
    CHECK_STATUS(engine_dress(bench.engine, definition), ST_OK);
    CHECK(!definition_kept(definition));
    definition_release(definition);
    engine_close(NULL);
}

static void a_version_takes_submissions_until_its_grace_is_over(void)
{
    struct version_record version;
    bool over = true;
    bench_publish(&bench, "short", "edition 2026 form short \"S\" { a: text }");
    bench_publish(&bench, "short", "edition 2026 form short \"S\" { b: text }");
    CHECK_STATUS(engine_version_retire(&bench.call, STR("acme"), STR("short"), 1, 10, &version), ST_OK);
    CHECK_STATUS(engine_version_over(&bench.call, STR("acme"), STR("short"), 1, &over), ST_OK);
    CHECK(!over);
    bench.clock.now_us += INT64_C(11) * 1000000;
    CHECK_STATUS(engine_version_over(&bench.call, STR("acme"), STR("short"), 1, &over), ST_OK);
    CHECK(over);
    bench.clock.now_us -= INT64_C(11) * 1000000;
}

static void a_small_cache_serves_more_forms_than_it_holds(void)
{
    char form[16];
    engine_close(bench.engine);
    bench.options.cache_bytes_max = 60000;
    bench_open(&bench);
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 12; i++) {
            snprintf(form, sizeof form, "small%d", i);
            if (round == 0) bench_publish(&bench, form, bench_form);
            struct definition *definition = fetch(form, 0);
            CHECK(definition && str_eq(definition->form, str_of(form)));
            definition_release(definition);
        }
    }
    struct engine_counters counters;
    engine_counters(bench.engine, &counters);
    CHECK(counters.cache_bytes <= 60000 && counters.cache_evictions + counters.definitions_loaded > 12);
    engine_close(bench.engine);
    bench.options.cache_bytes_max = 0;
    bench_open(&bench);
}

/* ---------------------------------------------------------------- many threads */

enum { THREADS = 6, ROUNDS = 60 };

/* Whoever fetches after a publication has returned sees that version or a later one. */
static atomic_uint newest;

static void *fetch_newest(void *user)
{
    (void)user;
    for (int i = 0; i < ROUNDS * 20; i++) {
        uint32_t at_least = atomic_load(&newest);
        struct definition *definition = fetch("moving", 0);
        CHECK(definition && definition->number >= at_least);
        definition_release(definition);
    }
    return NULL;
}

static void nobody_sees_an_older_version_than_the_one_last_published(void)
{
    pthread_t threads[THREADS];
    char source[120];
    atomic_store(&newest,
                 bench_publish(&bench, "moving", "edition 2026 form moving \"0\" { a: text }"));
    for (int i = 0; i < THREADS; i++) CHECK(pthread_create(&threads[i], NULL, fetch_newest, NULL) == 0);
    for (int i = 1; i < ROUNDS; i++) {
        snprintf(source, sizeof source, "edition 2026 form moving \"%d\" { a: text }", i);
        atomic_store(&newest, bench_publish(&bench, "moving", source));
    }
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    CHECK(atomic_load(&newest) == ROUNDS);
}

int main(void)
{
    bench_begin(&bench, NULL);
    bench_publish(&bench, "contact", bench_form);
    the_first_fetch_loads_and_the_second_finds();
    a_cached_fetch_reads_nothing();
    what_is_not_there_is_absent();
    a_publication_is_seen_at_once_and_the_old_version_stays();
    moving_a_channel_is_seen_at_once_and_compiles_nothing();
    an_archived_form_is_not_served_until_it_is_back();
    a_suspended_tenant_is_not_served_until_it_is_back();
    nothing_is_kept_beside_a_definition_where_nobody_presents();
    a_version_takes_submissions_until_its_grace_is_over();
    a_small_cache_serves_more_forms_than_it_holds();
    nobody_sees_an_older_version_than_the_one_last_published();
    bench_end(&bench);
    return TEST_RESULT();
}
