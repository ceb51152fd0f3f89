/* How costs grow: compile time against fields, and against a chain of computed fields in reverse order.
 *
 *     bench_growth [fields|chain SIZE]        compiles one such form once, for callgrind; else all of
 * them: prints one JSON object; microseconds of CPU, the least of the rounds */
#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "bench/measure.h"
#include "dsl/dsl.h"

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
    buf_reset(out);
    buf_puts(out, "edition 2026\nform big \"Big\" {\n choices colours { red \"Red\" green \"Green\" "
                  "blue \"Blue\" }\n");
    for (int i = 0; i < fields; i++) put_field(out, i);
    buf_puts(out, "}\n");
}

/* Every field is computed from the one that stands after it. */
static void form_of_chain(struct buf *out, int fields)
{
    buf_reset(out);
    buf_puts(out, "edition 2026\nform chain \"Chain\" {\n");
    for (int i = 0; i < fields - 1; i++) buf_printf(out, "c%d: integer = c%d + 1\n", i, i + 1);
    buf_printf(out, "c%d: integer max 100\n}\n", fields - 1);
}

static double time_compile(struct str source)
{
    struct arena arena;
    struct diags diags;
    struct program *program = NULL;
    arena_init(&arena, mem_heap(), limit(COMPILE_ARENA_BYTES));
    diags_init(&diags, &arena, limit(DIAGNOSTICS));
    double start = measure_now_us();
    enum status st = dsl_compile(mem_heap(), source, &diags, &program);
    double us = measure_now_us() - start;
    if (st) {
        struct buf out;
        buf_init(&out, mem_heap(), limit(VERDICT_BYTES));
        diags_print(&diags, STR("form"), source, &out);
        fprintf(stderr, "does not compile: %s\n%.*s", status_text(st), (int)out.len, out.ptr);
        exit(EXIT_FAILURE);
    }
    program_release(program);
    arena_release(&arena);
    return us;
}

static void measure(const char *name, void (*make)(struct buf *, int), const int *sizes, int size_count)
{
    struct buf source;
    buf_init(&source, mem_heap(), limit(SOURCE_BYTES));
    printf("\"%s\":{", name);
    for (int i = 0; i < size_count; i++) {
        make(&source, sizes[i]);
        if (buf_failed(&source)) exit(EXIT_FAILURE);
        struct series series = {.count = 0};
        for (int round = 0; round < (sizes[i] > 1000 ? 15 : 41); round++)
            series_add(&series, time_compile(buf_str(&source)));
        printf("%s\"%d\":%.0f", i ? "," : "", sizes[i], series_least(&series));
    }
    printf("}");
    buf_release(&source);
}

static int compile_once(const char *kind, int size)
{
    struct buf source;
    buf_init(&source, mem_heap(), limit(SOURCE_BYTES));
    if (strcmp(kind, "chain") == 0) form_of_chain(&source, size);
    else form_of_fields(&source, size);
    printf("%.0f\n", time_compile(buf_str(&source)));
    buf_release(&source);
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    if (argc == 3) return compile_once(argv[1], (int)strtol(argv[2], NULL, 10));
    static const int sizes[] = {100, 1000, 10000}; /* limit(FIELDS) */
    printf("{");
    measure("fields_us", form_of_fields, sizes, 3);
    printf(",");
    measure("reverse_chain_us", form_of_chain, sizes, 3);
    printf("}\n");
    return EXIT_SUCCESS;
}
