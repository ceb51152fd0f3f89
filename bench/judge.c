/* Judging one submission: parse + shape + rules, against the same work written by hand in C where that
 * is at hand.
 *
 *     bench_judge FORM ANSWERS [ROUNDS]
 *
 * Prints one JSON object: microseconds of CPU per judging (medians), and the ratio to the limit. */
#include "base/arena.h"
#include "base/limits.h"
#include "bench/measure.h"
#include "dsl/dsl.h"
#include "runtime/runtime.h"

#include <inttypes.h>
#include <stdint.h>

#ifdef HAVE_LIMIT
#include "hsb.h"
#endif

static struct str read_file(struct arena *arena, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        exit(EXIT_FAILURE);
    }
    size_t size = 16u << 20;
    char *text = arena_alloc(arena, size);
    size_t len = text ? fread(text, 1, size, file) : 0;
    fclose(file);
    return (struct str){text, len};
}

static struct program *compile(struct arena *arena, struct str source)
{
    struct diags diags;
    struct program *program = NULL;
    diags_init(&diags, arena, limit(DIAGNOSTICS));
    if (dsl_compile(mem_heap(), source, &diags, &program) != ST_OK) {
        struct buf out;
        buf_init(&out, mem_heap(), limit(VERDICT_BYTES));
        diags_print(&diags, STR("form"), source, &out);
        fprintf(stderr, "%.*s", (int)out.len, out.ptr);
        exit(EXIT_FAILURE);
    }
    return program;
}

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

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: bench_judge FORM ANSWERS [ROUNDS]\n");
        return 2;
    }
    int rounds = argc > 3 ? atoi(argv[3]) : 41;
    struct arena arena;
    arena_init(&arena, mem_heap(), (size_t)1 << 30);
    struct str answers = read_file(&arena, argv[2]);
    struct program *program = compile(&arena, read_file(&arena, argv[1]));
    struct judge *judge;
    if (judge_new(mem_heap(), &judge) != ST_OK) return EXIT_FAILURE;
    struct judging judging = {.program = program,
                              .answers = answers,
                              .now_ms = INT64_C(1775124000000),
                              .steps_max = limit(COST_STEPS)};

#ifdef HAVE_LIMIT
    hsb_init(); /* its tables of names: without them it knows no field and looks at nothing */
#endif
    double first = time_judging(judge, &judging, 1);
    if (outcome.state != JUDGE_JUDGED) {
        fprintf(stderr, "not judged: state %d\n", (int)outcome.state);
        return EXIT_FAILURE;
    }
    double warm = time_judging(judge, &judging, 50);
    int calls = warm < 20 ? 2000 : warm < 500 ? 200 : 5;
    struct series ours = {.count = 0}, limits = {.count = 0}, writes = {.count = 0};
    for (int i = 0; i < rounds && i < ROUNDS_MAX; i++) {
        series_add(&ours, time_judging(judge, &judging, calls));
        series_add(&writes, time_writing(judge, calls));
#ifdef HAVE_LIMIT
        if (str_eq(program->name, STR("hsb_application")))
            series_add(&limits, time_limit(answers, calls));
#endif
    }
    printf("{\"judge_us\":%.3f,\"write_us\":%.3f,\"first_us\":%.1f,\"steps\":%" PRIu64
           ",\"valid\":%s,\"errors\":%u",
           series_median(&ours), series_median(&writes), first, outcome.steps,
           outcome.valid ? "true" : "false", outcome.error_count);
    if (limits.count)
        printf(",\"limit_us\":%.3f,\"ratio\":%.3f", series_median(&limits),
               series_ratio(&ours, &limits));
    printf("}\n");
    judge_free(judge);
    program_release(program);
    arena_release(&arena);
    return EXIT_SUCCESS;
}
