/* Prices are upper bounds: no judging takes more steps, more memory or a longer verdict than its form
 * was priced at. Generated forms with generated answers; the forms of the repository with answers made
 * to be expensive.
 *
 *     bounds_test ROOT [SEEDS [FIRST]]
 *
 * Memory is what a judge takes from the heap from its making to its last verdict, Lua world, plan and
 * all. */
#include "base/limits.h"
#include "dsl/dsl.h"
#include "runtime/runtime.h"
#include "tests/file.h"
#include "tests/reference/generator.h"
#include "tests/tables.h"
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>

enum { FORM_BYTES = 16384, ANSWER_BYTES = 4096, ANSWERS = 4 };

/* ---- a heap that knows the most it held */

struct counted {
    struct mem mem;
    size_t held, most;
};

static void *counted_resize(struct mem *mem, void *ptr, size_t old_size, size_t new_size)
{
    struct counted *counted = (struct counted *)mem;
    void *block = mem_heap()->resize(mem_heap(), ptr, old_size, new_size);
    if (!block && new_size) return NULL;
    counted->held = counted->held - old_size + new_size;
    if (counted->held > counted->most) counted->most = counted->held;
    return block;
}

/* ---- one judging */

static uint64_t judged, most_share;

static void hold(const char *what, const char *name, uint64_t got, uint64_t bound)
{
    if (got <= bound) return;
    fprintf(stderr, "%s: %s: %llu, priced at %llu\n", name, what, (unsigned long long)got,
            (unsigned long long)bound);
    test_failures++;
}

static struct atlas *atlas;

static void hold_to_price(const char *name, const struct program *program, struct str answers,
                          int64_t now_ms)
{
    struct counted counted = {.mem = {.resize = counted_resize}};
    struct judge *judge;
    struct judge_outcome outcome;
    struct buf verdict;
    struct judging judging = {.program = program,
                              .answers = answers,
                              .now_ms = now_ms,
                              .atlas = atlas,
                              .steps_max = UINT64_MAX / 2,
                              .ms_max = 600000};
    if (judge_new(&counted.mem, &judge) != ST_OK) exit(EXIT_FAILURE);
    CHECK_STATUS(judge_run(judge, &judging, &outcome), ST_OK);
    hold("steps", name, outcome.steps, program->cost.steps_max);
    hold("bytes of memory", name, counted.most, program->cost.memory_bytes_max);
    if (outcome.state == JUDGE_JUDGED) {
        buf_init(&verdict, mem_heap(), 64 << 20);
        verdict_write(judge, 1, &verdict);
        CHECK(verdict.failure == ST_OK || verdict.failure == ST_LIMIT);
        if (!verdict.failure)
            hold("bytes of verdict", name, verdict.len, program->cost.verdict_bytes_max);
        buf_release(&verdict);
    }
    judge_free(judge);
    CHECK(counted.held == 0);
    uint64_t share = counted.most * 100 / program->cost.memory_bytes_max;
    if (share > most_share) most_share = share;
    judged++;
}

/* NULL when it does not compile. */
static struct program *compile(struct arena *arena, struct str source, const struct dsl_tables *tables)
{
    struct diags diags;
    struct price price;
    struct price_caps caps = price_caps_default();
    struct program *program = NULL;
    diags_init(&diags, arena, (uint32_t)limit(DIAGNOSTICS));
    return dsl_compile_with(mem_heap(), source, tables, &caps, &diags, &price, &program) ? NULL
                                                                                         : program;
}

/* ---- generated forms */

static void try_seed(uint64_t seed)
{
    static uint8_t form[FORM_BYTES], bytes[ANSWER_BYTES];
    struct arena arena;
    char name[40];
    arena_init(&arena, mem_heap(), 256u << 20);
    choices_fill(seed, form, FORM_BYTES);
    struct choices choices = choices_of_bytes(form, FORM_BYTES);
    struct generator *generator = generator_new(&arena, &choices);
    struct program *program = compile(&arena, generator_source(generator, 0), NULL);
    snprintf(name, sizeof name, "seed %llu", (unsigned long long)seed);
    for (uint32_t i = 0; program && i < ANSWERS; i++) {
        choices_fill(seed * 1000003u + i, bytes, ANSWER_BYTES);
        choices = choices_of_bytes(bytes, ANSWER_BYTES);
        int64_t now_ms = generator_now(&choices);
        hold_to_price(name, program, generator_answers(generator, &choices), now_ms);
    }
    program_release(program);
    arena_release(&arena);
}

/* ---- forms of the repository, with what is dear in answers */

static void put_value(const struct program *program, const struct program_node *node, uint32_t row,
                      struct buf *out)
{
    const struct program_list *list =
        node->type == TYPE_CHOICE || node->type == TYPE_CHOICES || node->type == TYPE_RANKING
            ? &program->lists[node_list(node)]
            : NULL;
    if (list && node->type == TYPE_CHOICE)
        buf_printf(out, "\"%.*s\"", STR_ARG(program_option_code(list, row % list->option_count)));
    else if (list)
        buf_printf(out, "[\"%.*s\"]", STR_ARG(program_option_code(list, row % list->option_count)));
    else if (node->type == TYPE_TEXT) buf_puts(out, "\"\\u0001\\n\\\"x\"");
    else if (node->type == TYPE_BOOLEAN) buf_puts(out, row % 2 ? "true" : "false");
    else if (node->type == TYPE_DATE) buf_printf(out, "\"20%02u-01-0%u\"", row % 100, row % 9 + 1);
    else if (node->format == FORMAT_ZONED)
        buf_printf(out, "\"20%02u-01-01T12:30[America/Argentina/ComodRivadavia]\"", row % 100);
    else if (node->type == TYPE_YEAR_MONTH) buf_printf(out, "\"20%02u-11\"", row % 100);
    else if (node->type == TYPE_PARTIAL_DATE) buf_printf(out, "\"20%02u-10-11\"", row % 100);
    else if (node->type == TYPE_NUMBER) buf_printf(out, "%ue22", row % 9 + 1);
    else if (node->type == TYPE_INTEGER) buf_printf(out, "%u", row % 100);
    else if (node->type == TYPE_DECIMAL || node->type == TYPE_MONEY)
        buf_printf(out, "\"%u\"", row % 1000);
    else buf_puts(out, "\"12:30\"");
}

/* All of what stands in `number`, its repeats as full as `bytes_max` allows, and no fuller than they
 * may. */
static void put_object(const struct program *program, uint32_t number, uint32_t row, bool filled,
                       struct buf *out)
{
    const struct program_node *node = &program->nodes[number];
    const struct program_object *object = &program->objects[node_object(node)];
    bool comma = false;
    buf_putc(out, '{');
    for (uint32_t i = 0; i < object->member_count; i++) {
        uint32_t at = object->member_nodes[i];
        const struct program_node *member = &program->nodes[at];
        if (member->kind == NODE_FIELD && (member->computed || !filled)) continue;
        if (out->len > (size_t)limit(ANSWERS_BYTES) * 7 / 8) break;
        buf_printf(out, "%s%.*s", comma ? "," : "", STR_ARG(node_key_json(member)));
        comma = true;
        if (member->kind == NODE_FIELD) put_value(program, member, row, out);
        else if (member->kind == NODE_GROUP) put_object(program, at, row, filled, out);
        else {
            uint32_t rows = program->scopes[member->rare->own_scope].rows_max;
            buf_putc(out, '[');
            for (uint32_t k = 0; k < rows && out->len < (size_t)limit(ANSWERS_BYTES) * 3 / 4; k++) {
                if (k) buf_putc(out, ',');
                put_object(program, at, k, filled, out);
            }
            buf_putc(out, ']');
        }
    }
    buf_putc(out, '}');
}

static void put_unknown(bool long_names, struct buf *out)
{
    buf_putc(out, '{');
    for (uint32_t i = 0; out->len < (size_t)limit(ANSWERS_BYTES) - 6000; i++)
        buf_printf(out, long_names ? "%s\"%u\\u0001%04000u\":0" : "%s\"%x\":0", i ? "," : "", i, i);
    buf_putc(out, '}');
}

/* What is read over, at its worst: objects in an unknown member, and texts that have to be unescaped.
 */
static void put_nested(struct buf *out)
{
    buf_puts(out, "{\"zzzzz\":[");
    for (uint32_t i = 0; out->len < (size_t)limit(ANSWERS_BYTES) - 100; i++)
        buf_printf(out, "%s{\"\\n\":\"\\n\",\"a\":{}}", i ? "," : "");
    buf_puts(out, "]}");
}

static void try_form(const char *path)
{
    struct arena arena;
    struct buf out;
    struct str source = file_read(path);
    arena_init(&arena, mem_heap(), 256u << 20);
    buf_init(&out, mem_heap(), (size_t)limit(ANSWERS_BYTES));
    struct test_tables tables;
    test_tables_open(&tables, path);
    struct program *program = compile(&arena, source, &tables.tables);
    test_tables_close(&tables);
    for (int i = 0; program && i < 6; i++) {
        buf_reset(&out);
        if (i == 0) buf_puts(&out, "{}");
        else if (i <= 2) put_object(program, 0, 7, i == 1, &out);
        else if (i <= 4) put_unknown(i == 4, &out);
        else put_nested(&out);
        CHECK(!buf_failed(&out));
        hold_to_price(path, program, buf_str(&out), INT64_C(1768471200000));
    }
    program_release(program);
    buf_release(&out);
    arena_release(&arena);
    file_free(source);
}

static void try_folder(const char *root, const char *name)
{
    char folder[4096], *paths[200];
    snprintf(folder, sizeof folder, "%s/%s", root, name);
    size_t count = file_list(folder, ".form", paths, 200);
    CHECK(count > 0);
    for (size_t i = 0; i < count; i++) {
        try_form(paths[i]);
        free(paths[i]);
    }
}

int main(int argc, char **argv)
{
    if (argc < 2) return EXIT_FAILURE;
    uint64_t count = argc > 2 ? strtoull(argv[2], NULL, 10) : 300,
             first = argc > 3 ? strtoull(argv[3], NULL, 10) : 1;
    CHECK_STATUS(atlas_new(mem_heap(), &atlas), ST_OK);
    try_folder(argv[1], "examples");
    try_folder(argv[1], "bench");
    try_folder(argv[1], "tests/language");
    try_folder(argv[1], "tests/regress");
    try_folder(argv[1], "tests/attacks/forms");
    for (uint64_t seed = first; seed < first + count; seed++) try_seed(seed);
    fprintf(stderr, "%llu judgings, at most %llu %% of the memory priced\n", (unsigned long long)judged,
            (unsigned long long)most_share);
    return TEST_RESULT();
}
