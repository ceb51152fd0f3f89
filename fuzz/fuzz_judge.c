/* Bytes choose a form and answers to it (tests/reference/generator.h), which compiled Lua and the
 * reference interpreter judge. Whatever the bytes: the form compiles, the two verdicts are equal to the
 * byte and those of a judge that has seen no answers yet, the steps keep to the price, the checker's
 * claims are true.
 *
 * The first byte says how many of the others are for the form; the rest is for the answers. */
#include "tests/reference/comparison.h"
#include "tests/reference/generator.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct reference_judging make_judging(struct generator *g, struct choices *choices,
                                             const struct program *program, struct arena *arena)
{
    struct reference_judging judging = {.now_ms = generator_now(choices)};
    judging.lenient = chance(choices, 10);
    judging.locale = chance(choices, 50) ? STR("de") : STR("en");
    judging.answers = generator_answers(g, choices);
    if (zone_open(arena, program->timezone, &judging.zone) != ST_OK) judging.zone = zone_utc();
    return judging;
}

/* What differs, or NULL. */
static const char *compare(struct comparison *comparison, struct generator *g, struct choices *choices,
                           struct arena *arena)
{
    struct reference_judging judging = make_judging(g, choices, comparison->program, arena);
    const char *what = comparison_judge(comparison, &judging, arena);
    if (!what) what = comparison_repeat(comparison, &judging, arena);
    if (what)
        fprintf(stderr, "answers at %lld: %.*s\n%s\n", (long long)judging.now_ms,
                STR_ARG(judging.answers), what);
    return what;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct comparison comparison;
    if (size == 0) return 0;
    size_t form = (size - 1) * data[0] / 255;
    struct choices choices = choices_of_bytes(data + 1, form),
                   more = choices_of_bytes(data + 1 + form, size - 1 - form);
    arena_init(&arena, mem_heap(), 512u << 20);
    struct generator *g = generator_new(&arena, &choices);
    struct str source = generator_source(g, 0);
    enum comparison_state state = comparison_open(source, NULL, &comparison);
    const char *what = state == COMPARISON_REFUSED ? comparison.diagnostics.ptr : NULL;
    if (state == COMPARISON_READY) what = compare(&comparison, g, &more, &arena);
    if (what) {
        fprintf(stderr, "%s\n%.*s\n", what, STR_ARG(source));
        abort();
    }
    comparison_close(&comparison);
    arena_release(&arena);
    return 0;
}
