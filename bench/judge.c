/* Judging one submission: parse + shape + rules, against the same work written by hand in C where that
 * is at hand; and compiling the form.
 *
 *     bench_judge FORM ANSWERS        a line in, {"judge":…,"write":…,"compile":…[,"limit":…]} out:
 * bench/turns.h
 *
 * Microseconds of processor time each. */
#include "base/arena.h"
#include "base/limits.h"
#include "bench/form_source.h"
#include "bench/measure.h"
#include "bench/turns.h"
#include "dsl/dsl.h"
#include "runtime/runtime.h"

#include <stdint.h>

#ifdef HAVE_LIMIT
#include "hsb.h"
#endif

static struct judge_outcome outcome;

static double time_judging(struct judge *judge, const struct judging *judging, int calls)
{
    double start = measure_now_us();
    for (int i = 0; i < calls; i++)
        if (judge_run(judge, judging, &outcome) != ST_OK) exit(EXIT_FAILURE);
    return (measure_now_us() - start) / calls;
}

static double time_writing(const struct judge *judge, int calls)
{
    struct buf out;
    buf_init(&out, mem_heap(), limit(VERDICT_BYTES));
    double start = measure_now_us();
    for (int i = 0; i < calls; i++) {
        buf_reset(&out);
        verdict_write(judge, 1, &out);
    }
    double us = (measure_now_us() - start) / calls;
    buf_release(&out);
    return us;
}

#ifdef HAVE_LIMIT
static double time_limit(struct str answers, int calls)
{
    static form parsed;
    static result found;
    double start = measure_now_us();
    for (int i = 0; i < calls; i++) {
        if (jslot_parse(answers.ptr, answers.len, &parsed) != 0) exit(EXIT_FAILURE);
        hsb_static(&parsed, &found);
        hsb_dynamic(&parsed, &found);
    }
    return (measure_now_us() - start) / calls;
}
#endif

static double time_compiling(struct str source)
{
    enum { COMPILES = 5 };
    struct arena arena;
    double start = measure_now_us();
    for (int i = 0; i < COMPILES; i++) {
        arena_init(&arena, mem_heap(), limit(COMPILE_ARENA_BYTES));
        program_release(source_compile(&arena, source));
        arena_release(&arena);
    }
    return (measure_now_us() - start) / COMPILES;
}

/* Each about as long. */
static int calls_of(double us)
{
    if (us < 20) return 2000;
    return us < 500 ? 200 : 5;
}

static void take_turns(struct judge *judge, const struct judging *judging, struct str source, int calls)
{
    while (turns_next()) {
        turns_put("judge", time_judging(judge, judging, calls));
#ifdef HAVE_LIMIT
        if (str_eq(judging->program->name, STR("hsb_application")))
            turns_put("limit", time_limit(judging->answers, calls));
#endif
        turns_put("write", time_writing(judge, calls));
        turns_put("compile", time_compiling(source));
        turns_end();
    }
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: bench_judge FORM ANSWERS\n");
        return 2;
    }
    struct arena arena;
    arena_init(&arena, mem_heap(), (size_t)1 << 30);
    struct str answers = source_read(&arena, argv[2]), source = source_read(&arena, argv[1]);
    struct program *program = source_compile(&arena, source);
    struct judge *judge;
    if (judge_new(mem_heap(), &judge) != ST_OK) return EXIT_FAILURE;
    struct judging judging = {.program = program,
                              .answers = answers,
                              .now_ms = INT64_C(1775124000000),
                              .steps_max = limit(COST_STEPS)};

#ifdef HAVE_LIMIT
    hsb_init(); /* its tables of names: without them it knows no field and looks at nothing */
#endif
    (void)time_judging(judge, &judging, 1); /* makes the world */
    if (outcome.state != JUDGE_JUDGED || !outcome.valid) {
        fprintf(stderr, "not judged, or not valid: state %d\n", (int)outcome.state);
        return EXIT_FAILURE;
    }
    take_turns(judge, &judging, source, calls_of(time_judging(judge, &judging, 50)));
    judge_free(judge);
    program_release(program);
    arena_release(&arena);
    return EXIT_SUCCESS;
}
