/* How costs grow: compiling and judging against the number of fields, of rules, of rows, of options,
 * the depth of blocks, and the length of a chain of computed fields in reverse order.
 *
 *     bench_growth                            compiles the largest forms: one JSON object, microseconds
 * of CPU, the least of the rounds bench_growth kinds                      what there is: [{"kind",
 * "less", "more", "factor"}] bench_growth KIND SIZE compile ROUNDS   for callgrind: compiles so many
 * times bench_growth KIND SIZE judge ROUNDS     compiles once, then judges so many times
 *
 * `factor` is by how much the work may grow from the smaller to the larger size when it is linear. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "bench/measure.h"
#include "dsl/dsl.h"
#include "runtime/runtime.h"

/* ---- forms of a size, and answers to them */

static void put_field(struct buf *out, int i)
{
    static const char *const types[] = {"text", "integer", "decimal(2)",
                                        "date", "boolean", "choice(colours)"};
    static const char *const modifiers[] = {
        "required length 1..80", "min 0 max 100", "min 0", "required", "", "required"};
    buf_printf(out, "f%d: %s \"Question %d\" %s\n", i, types[i % 6], i, modifiers[i % 6]);
    if (i >= 12 && i % 6 == 0) buf_printf(out, " when f%d > 10 and f%d\n", i - 5, i - 2);
    if (i >= 12 && i % 6 == 1)
        buf_printf(out, " check f%d <= f%d + 100 else \"Too much.\"\n", i, i - 6);
}

static void form_of_fields(struct buf *out, int fields)
{
    buf_puts(out, "choices colours { red \"Red\" green \"Green\" blue \"Blue\" }\n");
    for (int i = 0; i < fields; i++) put_field(out, i);
}

static void answers_of_fields(struct buf *out, int fields)
{
    static const char *const values[] = {"\"some words\"", "42",   "\"12.50\"",
                                         "\"2026-05-04\"", "true", "\"green\""};
    for (int i = 0; i < fields; i++) buf_printf(out, "%s\"f%d\":%s", i ? "," : "", i, values[i % 6]);
}

/* Every field is computed from the one that stands after it. */
static void form_of_chain(struct buf *out, int fields)
{
    for (int i = 0; i < fields - 1; i++) buf_printf(out, "c%d: integer = c%d + 1\n", i, i + 1);
    buf_printf(out, "c%d: integer max 100\n", fields - 1);
}

static void answers_of_chain(struct buf *out, int fields)
{
    buf_printf(out, "\"c%d\":1", fields - 1);
}

static void form_of_rules(struct buf *out, int rules)
{
    for (int i = 0; i < 20; i++) buf_printf(out, "f%d: integer\n", i);
    buf_puts(out, "note end \"\"\n");
    for (int i = 0; i < rules; i++)
        buf_printf(out, "ensure f%d + f%d < %d else \"Too much.\"\n", i % 20, (i * 7 + 3) % 20,
                   1000 + i);
}

static void answers_of_rules(struct buf *out, int rules)
{
    (void)rules;
    for (int i = 0; i < 20; i++) buf_printf(out, "%s\"f%d\":%d", i ? "," : "", i, i);
}

/* The form is the same; its rows are not. */
static void form_of_rows(struct buf *out, int rows)
{
    (void)rows;
    buf_puts(out, "repeat r 0..10000 { a: integer b: decimal(2) c: text s: decimal(2) = a * b check a "
                  "< 5000 else \"Too much.\" }\n"
                  "total: decimal(2) = sum(r.s)\nmany: integer = count(r where a > 2)\n");
}

static void answers_of_rows(struct buf *out, int rows)
{
    buf_puts(out, "\"r\":[");
    for (int i = 0; i < rows; i++)
        buf_printf(out, "%s{\"a\":%d,\"b\":\"%d.50\",\"c\":\"row\"}", i ? "," : "", i % 9, i % 7);
    buf_putc(out, ']');
}

/* As many fields, ever deeper. */
static void form_of_nesting(struct buf *out, int depth)
{
    for (int i = 0; i < depth; i++) buf_printf(out, "group g%d {\n", i);
    for (int i = 0; i < 1000; i++)
        buf_printf(out, "f%d: integer min 0 check f%d < 100 else \"Too much.\"\n", i, i);
    for (int i = 0; i < depth; i++) buf_puts(out, "}\n");
}

static void answers_of_nesting(struct buf *out, int depth)
{
    for (int i = 0; i < depth; i++) buf_printf(out, "%s\"g%d\":", i ? "{" : "", i);
    for (int i = 0; i < 1000; i++) buf_printf(out, "%s\"f%d\":%d", i ? "," : "{", i, i % 90);
    for (int i = 0; i < depth; i++) buf_putc(out, '}');
}

static void form_of_options(struct buf *out, int options)
{
    buf_puts(out, "choices many with weight: integer {\n");
    for (int i = 0; i < options; i++) buf_printf(out, "o%d \"Option %d\" (%d)\n", i, i, i % 10);
    buf_puts(out, "}\nlet light = 3\n");
    for (int i = 0; i < 20; i++)
        buf_printf(out, "f%d: choice(many where weight <= light) w%d: integer = f%d.weight\n", i, i, i);
}

static void answers_of_options(struct buf *out, int options)
{
    for (int i = 0; i < 20; i++)
        buf_printf(out, "%s\"f%d\":\"o%d\"", i ? "," : "", i, (options / 20 * i) / 10 * 10 + i % 5);
}

static const struct kind {
    const char *name;
    void (*form)(struct buf *out, int size), (*answers)(struct buf *out, int size);
    int less, more;
    double factor;
} kinds[] = {
    {"fields", form_of_fields, answers_of_fields, 1000, 10000, 10},
    {"reverse chain", form_of_chain, answers_of_chain, 1000, 10000, 10},
    {"rules", form_of_rules, answers_of_rules, 500, 5000, 10},
    {"rows", form_of_rows, answers_of_rows, 1000, 10000, 10},
    {"nesting", form_of_nesting, answers_of_nesting, 1, 8, 1},
    {"options", form_of_options, answers_of_options, 500, 5000, 10},
};

enum { KINDS = sizeof kinds / sizeof *kinds };

static const struct kind *kind_of(const char *name)
{
    for (int i = 0; i < KINDS; i++)
        if (strcmp(kinds[i].name, name) == 0) return &kinds[i];
    fprintf(stderr, "there is no \"%s\"\n", name);
    exit(EXIT_FAILURE);
}

static void make_form(const struct kind *kind, int size, struct buf *ret_source)
{
    buf_init(ret_source, mem_heap(), limit(SOURCE_BYTES));
    buf_puts(ret_source, "edition 2027\nform big \"Big\" {\n");
    kind->form(ret_source, size);
    buf_puts(ret_source, "}\n");
    if (buf_failed(ret_source)) exit(EXIT_FAILURE);
}

/* ---- compiling */

static struct program *compile(struct str source)
{
    struct arena arena;
    struct diags diags;
    struct program *program = NULL;
    arena_init(&arena, mem_heap(), limit(COMPILE_ARENA_BYTES));
    diags_init(&diags, &arena, limit(DIAGNOSTICS));
    enum status st = dsl_compile(mem_heap(), source, &diags, &program);
    for (uint32_t i = 0; st && i < diags.count; i++)
        fprintf(stderr, "%.*s\n", STR_ARG(diags.items[i].message));
    if (st) exit(EXIT_FAILURE);
    arena_release(&arena);
    return program;
}

static double time_compile(struct str source)
{
    double start = measure_now_us();
    program_release(compile(source));
    return measure_now_us() - start;
}

static void measure(const struct kind *kind)
{
    struct buf source;
    struct series series = {.count = 0};
    make_form(kind, kind->more, &source);
    for (int round = 0; round < 15; round++) series_add(&series, time_compile(buf_str(&source)));
    printf("\"%s\":%.0f", kind->name, series_least(&series));
    buf_release(&source);
}

/* ---- judging */

/* Makes the world, by hashes that are seeded by the clock. */
static void judge_first(struct judge *judge, const struct judging *judging)
{
    struct judge_outcome outcome;
    enum status st = judge_run(judge, judging, &outcome);
    if (!st && outcome.state == JUDGE_JUDGED) return;
    fprintf(stderr, "not judged: %s, state %d\n", status_name(st), (int)outcome.state);
    exit(EXIT_FAILURE);
}

/* What callgrind counts, by this name. */
__attribute__((noinline)) static void judge_again(struct judge *judge, const struct judging *judging,
                                                  int rounds)
{
    struct judge_outcome outcome;
    for (int i = 0; i < rounds; i++)
        if (judge_run(judge, judging, &outcome) != ST_OK || outcome.state != JUDGE_JUDGED)
            exit(EXIT_FAILURE);
}

static void judge_times(const struct program *program, struct str answers, int rounds)
{
    struct judge *judge;
    if (judge_new(mem_heap(), &judge) != ST_OK) exit(EXIT_FAILURE);
    struct judging judging = {.program = program,
                              .answers = answers,
                              .now_ms = INT64_C(1768471200000),
                              .locale = STR("en"),
                              .steps_max = UINT32_MAX,
                              .ms_max = 60000};
    judge_first(judge, &judging);
    judge_again(judge, &judging, rounds);
    judge_free(judge);
}

static void run(const struct kind *kind, int size, bool judges, int rounds)
{
    struct buf source, answers;
    make_form(kind, size, &source);
    buf_init(&answers, mem_heap(), limit(SOURCE_BYTES));
    buf_putc(&answers, '{');
    kind->answers(&answers, size);
    buf_putc(&answers, '}');
    for (int i = 0; !judges && i < rounds; i++) program_release(compile(buf_str(&source)));
    if (judges) {
        struct program *program = compile(buf_str(&source));
        judge_times(program, buf_str(&answers), rounds);
        program_release(program);
    }
    buf_release(&answers);
    buf_release(&source);
}

int main(int argc, char **argv)
{
    if (argc == 5) {
        run(kind_of(argv[1]), (int)strtol(argv[2], NULL, 10), strcmp(argv[3], "judge") == 0,
            (int)strtol(argv[4], NULL, 10));
        return EXIT_SUCCESS;
    }
    bool list = argc == 2;
    printf(list ? "[" : "{");
    for (int i = 0; i < KINDS; i++) {
        if (i) printf(",");
        if (list)
            printf("{\"kind\":\"%s\",\"less\":%d,\"more\":%d,\"factor\":%g}", kinds[i].name,
                   kinds[i].less, kinds[i].more, kinds[i].factor);
        else measure(&kinds[i]);
    }
    printf(list ? "]\n" : "}\n");
    return EXIT_SUCCESS;
}
