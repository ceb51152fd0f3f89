/* Any bytes as a definition. Compiling ends; what compiles can be judged: its chunks load, and with no
 * answers at all, and with answers of the wrong shape, the verdict is that of the reference interpreter
 * and costs no more than the price. Compiled again, and laid out by the formatter and compiled, it is
 * the same program. */
#include "base/limits.h"
#include "dsl/dsl.h"
#include "fuzz/holds.h"
#include "tests/reference/comparison.h"

#include <string.h>

/* One row for each repeat, one level deep, and a member nobody asks for. */
static struct str rows_of(struct arena *arena, const struct program *program)
{
    struct str answers = STR("{\"nobody asks\":1");
    for (uint32_t i = 1; i < program->node_count; i++) {
        const struct program_node *node = &program->nodes[i];
        if (node->kind == NODE_REPEAT && node->parent == 0)
            answers =
                arena_printf(arena, "%.*s,%.*s[{},{}]", STR_ARG(answers), STR_ARG(node_key_json(node)));
    }
    return arena_printf(arena, "%.*s}", STR_ARG(answers));
}

static void judge(struct comparison *comparison, struct str answers, struct arena *arena)
{
    struct reference_judging judging = {
        .answers = answers, .now_ms = INT64_C(1768471200000), .locale = STR("en")};
    const char *what = comparison_judge(comparison, &judging, arena);
    if (!what) what = comparison_repeat(comparison, &judging, arena);
    if (!what) return;
    fprintf(stderr, "%.*s: %s\n", STR_ARG(answers), what);
    abort();
}

static void chunks_are_alike(const struct program *a, const struct program *b)
{
    HOLDS(a->chunk_count == b->chunk_count);
    for (uint32_t i = 0; i < a->chunk_count; i++)
        HOLDS(str_eq(a->chunks[i].lua, b->chunks[i].lua) &&
              a->chunks[i].base_steps == b->chunks[i].base_steps);
}

/* But for the hash of the source, which a render document holds. */
static void documents_are_alike(const struct program *a, const struct program *b)
{
    size_t hash = sizeof a->source_hash - 1;
    HOLDS(a->render.len == b->render.len);
    for (size_t i = 0; i < a->render.len; i++) {
        const char *x = a->render.ptr + i, *y = b->render.ptr + i;
        bool hashes = a->render.len - i >= hash && memcmp(x, a->source_hash, hash) == 0 &&
                      memcmp(y, b->source_hash, hash) == 0;
        if (hashes) i += hash - 1;
        else HOLDS(*x == *y);
    }
}

static void programs_are_alike(const struct program *a, const struct program *b)
{
    chunks_are_alike(a, b);
    HOLDS(str_eq(a->name, b->name) && a->node_count == b->node_count);
    HOLDS(a->rule_count == b->rule_count && a->cost.steps_max == b->cost.steps_max);
    documents_are_alike(a, b);
}

static void compiles_alike(struct arena *arena, struct str source, const struct program *want)
{
    struct diags diags;
    struct program *program = NULL;
    diags_init(&diags, arena, limit(DIAGNOSTICS));
    HOLDS(dsl_compile(mem_heap(), source, &diags, &program) == ST_OK);
    programs_are_alike(program, want);
    program_release(program);
}

static void layout_compiles_alike(struct arena *arena, struct str source, const struct program *want)
{
    struct diags diags;
    struct str once = STR("");
    diags_init(&diags, arena, limit(DIAGNOSTICS));
    enum status st = dsl_format(arena, source, &diags, &once);
    if (st == ST_INPUT && strcmp(diags.items[0].code, "E0143") == 0) return; /* too deep to indent */
    HOLDS(st == ST_OK);
    compiles_alike(arena, once, want);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct comparison comparison;
    struct str source = {(const char *)data, size};
    arena_init(&arena, mem_heap(), 512u << 20);
    if (comparison_open(source, NULL, &comparison) == COMPARISON_READY) {
        compiles_alike(&arena, source, comparison.program);
        layout_compiles_alike(&arena, source, comparison.program);
        judge(&comparison, STR("{}"), &arena);
        judge(&comparison, rows_of(&arena, comparison.program), &arena);
    }
    comparison_close(&comparison);
    arena_release(&arena);
    return 0;
}
