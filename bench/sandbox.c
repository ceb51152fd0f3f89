/* Sandboxes: making the closed world that a form's rules run in, and what it holds.
 *
 *     bench_sandbox FORM ANSWERS      a line in, {"make_us":…,"bytes":…,"used_bytes":…} out:
 * bench/turns.h
 *
 * Made from the program in memory: the rules' Lua text is loaded. used_bytes: after it has judged. */
#include "base/arena.h"
#include "base/limits.h"
#include "bench/form_source.h"
#include "bench/measure.h"
#include "bench/turns.h"
#include "dsl/dsl.h"
#include "runtime/world.h"

enum { WORLDS = 50 };

static void stop(const char *what)
{
    fprintf(stderr, "bench_sandbox: %s\n", what);
    exit(EXIT_FAILURE);
}

/* All of them at a time, as tenants have them. */
static double make_all(const struct program *program, size_t *ret_bytes)
{
    static struct world *worlds[WORLDS];
    double start = measure_now_us();
    for (int i = 0; i < WORLDS; i++)
        if (world_new(mem_heap(), program, &worlds[i])) stop("no memory");
    double us = (measure_now_us() - start) / WORLDS;
    *ret_bytes = world_bytes(worlds[0]);
    for (int i = 0; i < WORLDS; i++) world_free(worlds[i]);
    return us;
}

static size_t used_bytes(const struct program *program, struct str answers)
{
    struct judge *judge;
    struct judge_outcome outcome;
    struct judging judging = {.program = program, .answers = answers, .steps_max = limit(COST_STEPS)};
    if (judge_new(mem_heap(), &judge)) stop("no memory");
    if (judge_run(judge, &judging, &outcome) || outcome.state != JUDGE_JUDGED) stop("not judged");
    size_t bytes = judge_kept(judge).bytes;
    judge_free(judge);
    return bytes;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: bench_sandbox FORM ANSWERS\n");
        return 2;
    }
    struct arena arena;
    arena_init(&arena, mem_heap(), (size_t)1 << 28);
    struct program *program = source_compile(&arena, source_read(&arena, argv[1]));
    struct str answers = source_read(&arena, argv[2]);
    while (turns_next()) {
        size_t bytes;
        turns_put("make_us", make_all(program, &bytes));
        turns_put("bytes", (double)bytes);
        turns_put("used_bytes", (double)used_bytes(program, answers));
        turns_end();
    }
    program_release(program);
    arena_release(&arena);
    return EXIT_SUCCESS;
}
