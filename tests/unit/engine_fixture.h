/* An engine over a directory of its own, with a clock that stands still.
 *
 *     struct bench bench;
 *     bench_begin(&bench, NULL);       tenant "acme"
 *     bench_publish(&bench, "contact", bench_form);
 *     … bench.call …
 *     bench_end(&bench); */
#ifndef TESTS_UNIT_ENGINE_FIXTURE_H
#define TESTS_UNIT_ENGINE_FIXTURE_H

#ifndef _XOPEN_SOURCE
#define _XOPEN_SOURCE 700
#endif

#include "engine/engine.h"

#include "tests/test.h"

#include <ftw.h>
#include <unistd.h>

#define BENCH_NOW_MS INT64_C(1768471200000) /* 2026-01-15T10:00:00Z */

struct bench {
    char directory[32];
    struct clock_fixed clock;
    struct engine_options options;
    struct engine *engine;
    struct arena arena;
    struct call call;
};

static const char bench_form[] = "edition 2026\n"
                                 "form contact \"Contact {name}us\" {\n"
                                 "  timezone \"Europe/Berlin\"\n"
                                 "  name: text \"Name\" required\n"
                                 "  age: integer \"Age\" min 0\n"
                                 "  half: integer \"Half\" = divide(100, age, 0)\n"
                                 "  day: date \"Day\" = today()\n"
                                 "}\n";

static inline int bench_remove_one(const char *path, const struct stat *info, int kind,
                                   struct FTW *walk)
{
    (void)info, (void)kind, (void)walk;
    return remove(path);
}

static inline void bench_open(struct bench *bench)
{
    enum status st = engine_open(&bench->options, &bench->engine);
    if (st) {
        fprintf(stderr, "the engine does not open: %s\n", status_name(st));
        exit(EXIT_FAILURE);
    }
    call_init(&bench->call, bench->engine, &bench->arena, STR("tok_test"));
}

static inline void bench_begin(struct bench *bench, const struct presenter *presenter)
{
    struct tenant_record tenant;
    memset(bench, 0, sizeof *bench);
    snprintf(bench->directory, sizeof bench->directory, "engine-XXXXXX");
    if (!mkdtemp(bench->directory)) exit(EXIT_FAILURE);
    clock_fixed_init(&bench->clock, BENCH_NOW_MS * 1000);
    arena_init(&bench->arena, mem_heap(), 64 << 20);
    bench->options = (struct engine_options){.mem = mem_heap(),
                                             .directory = bench->directory,
                                             .clock = &bench->clock.clock,
                                             .presenter = presenter};
    bench_open(bench);
    CHECK_STATUS(engine_tenant_create(&bench->call, STR("acme"), STR("Acme"), &tenant), ST_OK);
}

static inline void bench_reopen(struct bench *bench)
{
    engine_close(bench->engine);
    bench_open(bench);
}

static inline void bench_end(struct bench *bench)
{
    engine_close(bench->engine);
    arena_release(&bench->arena);
    nftw(bench->directory, bench_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static inline uint32_t bench_publish(struct bench *bench, const char *form, const char *source)
{
    struct published published;
    struct publication publication = {
        .tenant = STR("acme"), .form = str_of(form), .source = str_of(source), .allow_breaking = true};
    CHECK_STATUS(engine_publish(&bench->call, &publication, &published), ST_OK);
    return published.version.number;
}

#endif
