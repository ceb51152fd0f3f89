/* JSON: one submission's text, by our pass with all that the form says of each field, by simdjson, and
 * by jansson's tree.
 *
 *     bench_json_pass FORM ANSWERS        a line in, {"pass":…,"reader":…,"simdjson":…,"jansson":…}
 * out: bench/turns.h
 *
 * pass: what judging does, text into slots with types, ranges, patterns and options checked. reader:
 * the strict reader that knows no form. simdjson: on demand, every value read, nothing checked of it.
 * Microseconds of processor time each. */
#include "base/arena.h"
#include "base/json_reader.h"
#include "base/limits.h"
#include "bench/form_source.h"
#include "bench/measure.h"
#include "bench/turns.h"
#include "dsl/dsl.h"
#include "runtime/pass.h"
#include "runtime/world.h"

bool jansson_read(const char *text, size_t len); /* bench/jansson_tree.c */
#ifdef HAVE_SIMDJSON
/* bench/simd.cc: how many values there are; 0: it is no JSON. */
size_t simd_read(const char *text, size_t len, size_t room);
#endif

enum { CALLS = 2000 };

static void stop(const char *what)
{
    fprintf(stderr, "bench_json_pass: %s\n", what);
    exit(EXIT_FAILURE);
}

static double time_pass(const struct world *world, struct arena *arena, struct str text)
{
    struct answers answers;
    struct pass_fault fault;
    double start = measure_now_us();
    for (int i = 0; i < CALLS; i++) {
        arena_reset(arena);
        if (pass_run(world->plan, NULL, arena, text, &answers, &fault)) stop("the pass failed");
    }
    return (measure_now_us() - start) / CALLS;
}

static double time_reader(struct arena *arena, struct str text)
{
    double start = measure_now_us();
    for (int i = 0; i < CALLS; i++) {
        struct json_reader reader;
        enum json_token token;
        arena_reset(arena);
        json_reader_init(&reader, text, arena, limit(ANSWERS_DEPTH));
        do token = json_next(&reader);
        while (token != JSON_END && token != JSON_BAD);
        if (token == JSON_BAD) stop("the reader failed");
    }
    return (measure_now_us() - start) / CALLS;
}

static double time_jansson(struct str text)
{
    double start = measure_now_us();
    for (int i = 0; i < CALLS / 10; i++)
        if (!jansson_read(text.ptr, text.len)) stop("jansson failed");
    return (measure_now_us() - start) / (CALLS / 10);
}

#ifdef HAVE_SIMDJSON
static double time_simdjson(struct str text)
{
    double start = measure_now_us();
    for (int i = 0; i < CALLS; i++)
        if (!simd_read(text.ptr, text.len, text.len + SOURCE_PADDING)) stop("simdjson failed");
    return (measure_now_us() - start) / CALLS;
}
#endif

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: bench_json_pass FORM ANSWERS\n");
        return 2;
    }
    struct arena arena, scratch;
    struct world *world;
    arena_init(&arena, mem_heap(), (size_t)1 << 28);
    arena_init(&scratch, mem_heap(), limit(JUDGE_ARENA_BYTES));
    struct str text = source_read(&arena, argv[2]);
    struct program *program = source_compile(&arena, source_read(&arena, argv[1]));
    if (world_new(mem_heap(), program, &world)) stop("no world");
    while (turns_next()) {
        turns_put("pass", time_pass(world, &scratch, text));
        turns_put("reader", time_reader(&scratch, text));
#ifdef HAVE_SIMDJSON
        turns_put("simdjson", time_simdjson(text));
#endif
        turns_put("jansson", time_jansson(text));
        turns_end();
    }
    world_free(world);
    program_release(program);
    arena_release(&scratch);
    arena_release(&arena);
    return EXIT_SUCCESS;
}
