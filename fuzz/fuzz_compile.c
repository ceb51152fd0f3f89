/* Any bytes as a definition. Compiling ends; what compiles can be judged: its chunks load, and with no
 * answers at all, and with answers of the wrong shape, the verdict is that of the reference
 * interpreter. */
#include "base/limits.h"
#include "tests/reference/comparison.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* One row for each repeat, one level deep, and a member nobody asks for. */
static struct str rows_of(struct arena *arena, const struct program *program)
{
    struct str answers = STR("{\"nobody asks\":1");
    for (uint32_t i = 1; i < program->node_count; i++) {
        const struct program_node *node = &program->nodes[i];
        if (node->kind == NODE_REPEAT && node->parent == 0)
            answers =
                arena_printf(arena, "%.*s,%.*s[{},{}]", STR_ARG(answers), STR_ARG(node->key_json));
    }
    return arena_printf(arena, "%.*s}", STR_ARG(answers));
}

static void judge(struct comparison *comparison, struct str answers, struct arena *arena)
{
    struct reference_judging judging = {
        .answers = answers, .now_ms = INT64_C(1768471200000), .locale = STR("en")};
    const char *what = comparison_judge(comparison, &judging, arena);
    if (!what) return;
    fprintf(stderr, "%.*s: %s\n", STR_ARG(answers), what);
    abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct comparison comparison;
    arena_init(&arena, mem_heap(), 512u << 20);
    if (comparison_open((struct str){(const char *)data, size}, &comparison) == COMPARISON_READY) {
        judge(&comparison, STR("{}"), &arena);
        judge(&comparison, rows_of(&arena, comparison.program), &arena);
    }
    comparison_close(&comparison);
    arena_release(&arena);
    return 0;
}
