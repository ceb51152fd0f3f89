/* Scene: one thing to ask of an engine that has something in it, and how it is asked while the world
 * refuses (tests/faults/refuse.h) the N-th thing that this takes.
 *
 *     begin();  play(&(struct scene){"a form is found", NULL, find_form, false});  end(); */
#ifndef TESTS_FAULTS_REFUSE_SCENE_H
#define TESTS_FAULTS_REFUSE_SCENE_H

#include "tests/faults/refuse.h"

#include "tests/unit/engine_fixture.h"
#include "tests/unit/entry.h"
#include "tests/unit/faulty_disk.h"

#include "tests/faults/short_presenter.h" /* behind the fixture, which has a presenter of its own */

#include "engine/inside.h"

#define DAY_MS INT64_C(86400000)

static struct bench bench;
static size_t stride = 0; /* 0: as its group has it */
static unsigned attempts; /* also for names that are used once */

/* One thing to ask. */
struct scene {
    const char *name;
    void (*prepare)(void); /* before each attempt; NULL: nothing */
    /* *ret_told: what it told in one number, the same each time; left alone when it differs. */
    enum status (*act)(struct call *call, uint64_t *ret_told);
    bool rarely; /* it takes long, and others go through the same */
};

static const struct str acme = {"acme", 4}, trip = {"trip", 4};

static const char first[] =
    "edition 2027\nform trip \"Trip of {name}\" {\n"
    "  timezone \"Europe/Berlin\"\n"
    "  name: text \"Name\" length ..40 indexed\n"
    "  size: decimal(2) \"m\" indexed\n"
    "  pin: text \"Pin\" sensitive\n"
    "  ward: choice(wards) \"Ward\" indexed\n"
    "  wants: choices(hues) \"Hues\"\n"
    "  sure: boolean \"Sure?\"\n"
    "  repeat stops \"Stop\" 0..9 { place: text \"Place\"  fee: decimal(2) \"Fee\" }\n"
    "  leaves: zoned(\"Europe/Berlin\") \"When?\"\n"
    "  twice: decimal(2) = size * 2\n"
    "  check size < 100.00 else \"{name} is too tall\" at size\n"
    "  unique on (name)\n"
    "  choices hues { red \"Red\"  blue \"Blue {name}\" }\n"
    "  table wards { key code: text label name: text }\n}\n";
static const char second[] =
    "edition 2027\nform trip \"Trip of {full_name}\" {\n"
    "  timezone \"Europe/Berlin\"\n"
    "  full_name: text \"Name\" length ..8 indexed\n"
    "  size: integer \"cm\" indexed\n"
    "  ward: choice(wards) \"Ward\" indexed\n"
    "  wants: choices(hues) \"Hues\"\n"
    "  sure: boolean \"Sure?\"\n"
    "  repeat stops \"Stop\" 0..9 { place: text \"Place\"  fee: decimal(2) \"Fee\" }\n"
    "  leaves: zoned(\"Europe/Berlin\") \"When?\"\n"
    "  choices hues { red \"Red\"  blue \"Blue\"  green \"Green\" }\n"
    "  table wards { key code: text label name: text }\n"
    "  migrate from 1 { rename name to full_name  drop pin  drop twice\n"
    "    set size = round(size * 100, 0) }\n}\n";
static const char wards[] = "code,name\na1,One\na2,Two\n";

static const char answers[] = "{\"name\":\"Ada\",\"size\":\"1.83\",\"ward\":\"a1\",\"wants\":[\"red\"],"
                              "\"sure\":true,\"stops\":[{\"place\":\"Ulm\",\"fee\":\"1.00\"}]}";

/* ---------------------------------------------------------------- what is there */

static void put_submission(const char *key, uint32_t version, const char *text, int64_t received_ms)
{
    struct write write = {.kind = WRITE_SUBMISSION_ADD,
                          .tenant = acme,
                          .submission_add = {.form = trip,
                                             .version = version,
                                             .key = str_of(key),
                                             .body_hash = digest_of(str_of(text)),
                                             .answers = str_of(text),
                                             .received_ms = received_ms,
                                             .now = STR("2026-01-15T10:00:00Z"),
                                             .zone = STR("UTC"),
                                             .locale = STR("en"),
                                             .edition = STR("2027")}};
    CHECK_STATUS(call_write(&bench.call, &write), ST_OK);
}

static const struct quota_change ample[] = {{.quota = QUOTA_SUBMISSIONS, .value = QUOTA_MAX},
                                            {.quota = QUOTA_FORMS, .value = QUOTA_MAX},
                                            {.quota = QUOTA_STEPS, .value = QUOTA_MAX},
                                            {.quota = QUOTA_REQUESTS, .value = QUOTA_MAX}};

static void begin(void)
{
    struct table_made made;
    struct published published;
    bench_begin(&bench, NULL);
    engine_close(bench.engine);
    bench.options.mem = refuse_mem();
    bench.options.presenter = &presenter;
    bench.options.writers = 1;
    bench_open(&bench);
    CHECK_STATUS(engine_tenant_set_quota(&bench.call, acme, ample, sizeof ample / sizeof *ample),
                 ST_OK);
    CHECK_STATUS(engine_table_put(&bench.call, acme, STR("wards"), str_of(wards), &made), ST_OK);
    struct publication publication = {.tenant = acme, .form = trip, .source = str_of(first)};
    CHECK_STATUS(engine_publish(&bench.call, &publication, &published), ST_OK);
    put_submission("key-1", 1, answers, BENCH_NOW_MS);
    put_submission("key-2", 1, "{\"name\":\"Bartholomew\",\"ward\":\"a2\"}", BENCH_NOW_MS + DAY_MS);
    publication.source = str_of(second);
    CHECK_STATUS(engine_publish(&bench.call, &publication, &published), ST_OK);
    put_submission("key-3", 2, "{\"full_name\":\"Eve\",\"size\":170,\"wants\":[\"green\"]}",
                   BENCH_NOW_MS);
}

static void end(void)
{
    bench_end(&bench);
    CHECK(atomic_load(&refusal.held) == 0);
}

static void reopen(void)
{
    bench_reopen(&bench);
}

/* What an operator does when the disk is well again. */
static void mend(void)
{
    struct engine_counters counters;
    engine_counters(bench.engine, &counters);
    if (!counters.storage.degraded) return;
    CHECK_STATUS(engine_tenant_recover(&bench.call, STR("")), ST_OK);
    CHECK_STATUS(engine_tenant_recover(&bench.call, acme), ST_OK);
}

/* ---------------------------------------------------------------- a scene */

static const char *const refusing_names[] = {"memory", "room", "a failing disk", "a full disk"};

static enum status act(const struct scene *scene, struct call *call, struct arena *arena,
                       uint64_t *ret_told)
{
    *ret_told = 0;
    attempts++;
    arena_init(arena, refuse_mem(), 64 << 20);
    call_init(call, bench.engine, arena, STR("tok_refused"));
    return scene->act(call, ret_told);
}

/* Whether anything was refused. */
static bool play_once(const struct scene *scene, size_t number, enum refusing refusing, uint64_t told)
{
    struct arena arena;
    struct call call;
    uint64_t told_now;
    if (scene->prepare) scene->prepare();
    refuse_from(number, refusing);
    enum status st = act(scene, &call, &arena, &told_now);
    bool refused = refuse_nothing();
    arena_release(&arena);
    if (!refused) CHECK_STATUS(st, ST_OK);
    if (!st && told_now && told_now != told)
        fprintf(stderr, "told %llu, not %llu\n", (unsigned long long)told_now,
                (unsigned long long)told);
    if (!st && told_now) CHECK(told_now == told);
    mend();
    if (!refused || !st || number % 3 != 0) return refused;
    if (scene->prepare) scene->prepare();
    CHECK_STATUS(act(scene, &call, &arena, &told_now), ST_OK);
    if (told_now) CHECK(told_now == told);
    arena_release(&arena);
    return refused;
}

static void play(const struct scene *scene)
{
    struct arena arena;
    struct call call;
    uint64_t told;
    int before = test_failures;
    if (scene->prepare) scene->prepare();
    CHECK_STATUS(act(scene, &call, &arena, &told), ST_OK);
    arena_release(&arena);
    printf("%s:", scene->name);
    fflush(stdout);
    for (int refusing = REFUSE_MEMORY; refusing <= REFUSE_FULL; refusing++) {
        size_t number = 1;
        while (test_failures == before && play_once(scene, number, (enum refusing)refusing, told))
            number += stride * (scene->rarely ? 40 : 1) * (refusing < REFUSE_DISK ? 1 : 3);
        printf(" %zu of %s", number, refusing_names[refusing]);
        if (test_failures > before)
            fprintf(stderr, "%s, %s, number %zu\n", scene->name, refusing_names[refusing], number);
    }
    arena_reset(&bench.arena);
    puts(" are refused no more");
}

#endif
