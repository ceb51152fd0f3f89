/* Every diagnostic has an explanation and an example that causes it and nothing else; mended, the
 * example is clean. */
#include "base/limits.h"
#include "dsl/dsl.h"
#include "tests/test.h"

static struct arena arena;
static struct buf source;

static void complain(const char *code, const char *which, const struct diags *diags)
{
    struct buf out;
    buf_init(&out, mem_heap(), limit(VERDICT_BYTES));
    diags_print(diags, STR("specimen"), buf_str(&source), &out);
    fprintf(stderr, "%s: its %s specimen gives\n%.*s", code, which, STR_ARG(buf_str(&out)));
    buf_release(&out);
    test_failures++;
}

static void try(const struct dsl_specimen *specimen, const char *text, struct diags *diags)
{
    buf_reset(&source);
    arena_reset(&arena);
    diags_init(diags, &arena, limit(DIAGNOSTICS));
    dsl_specimen_put(specimen, text, &source);
    CHECK(!buf_failed(&source));
    enum status st = dsl_specimen_try(mem_heap(), specimen, buf_str(&source), diags);
    CHECK(st == ST_OK || st == ST_INPUT);
    CHECK((st == ST_OK) == (diags->errors == 0));
}

static void every_code_has_a_specimen_that_gives_it_alone(void)
{
    size_t count;
    const struct dsl_code *codes = dsl_codes(&count);
    CHECK(count > 100);
    for (size_t i = 0; i < count; i++) {
        struct diags diags;
        const struct dsl_specimen *specimen = dsl_specimen_find(str_of(codes[i].code));
        if (!specimen) {
            fprintf(stderr, "%s is not in dsl/specimen.def\n", codes[i].code);
            test_failures++;
            continue;
        }
        try(specimen, specimen->wrong, &diags);
        bool alone = diags.count > 0;
        for (uint32_t k = 0; k < diags.count; k++)
            alone = alone && strcmp(diags.items[k].code, codes[i].code) == 0 &&
                    diags.items[k].severity == codes[i].severity;
        if (!alone) complain(codes[i].code, "wrong", &diags);
    }
}

static void every_specimen_is_clean_when_it_is_mended(void)
{
    size_t count;
    const struct dsl_code *codes = dsl_codes(&count);
    for (size_t i = 0; i < count; i++) {
        struct diags diags;
        const struct dsl_specimen *specimen = dsl_specimen_find(str_of(codes[i].code));
        if (!specimen) continue;
        try(specimen, specimen->right, &diags);
        if (diags.count) complain(codes[i].code, "right", &diags);
    }
}

static void every_code_is_explained_once(void)
{
    size_t count;
    const struct dsl_code *codes = dsl_codes(&count);
    for (size_t i = 0; i < count; i++) {
        CHECK(dsl_code_find(str_of(codes[i].code)) == &codes[i]);
        CHECK(strlen(codes[i].title) > 5 && strlen(codes[i].explanation) > 20);
        CHECK((codes[i].code[0] == 'W') == (codes[i].severity == DIAG_WARNING));
    }
    CHECK(!dsl_code_find(STR("E9999")) && !dsl_specimen_find(STR("E9999")));
}

static void marks_are_written_out(void)
{
    const struct dsl_specimen items = {.whole = false}, whole = {.whole = true};
    buf_reset(&source);
    dsl_specimen_put(&whole, "a⟨3×b#, ⟩c⟨0x07⟩⟨2×⟨⟩", &source);
    CHECK(str_eq(buf_str(&source), STR("ab1, b2, b3, c\x07⟨⟨")));
    buf_reset(&source);
    dsl_specimen_put(&items, "a: text\n", &source);
    CHECK(str_eq(buf_str(&source), STR("edition 2026\nform f \"F\" {\na: text\n}\n")));
}

int main(void)
{
    arena_init(&arena, mem_heap(), limit(COMPILE_ARENA_BYTES));
    buf_init(&source, mem_heap(), 4u << 20);
    every_code_has_a_specimen_that_gives_it_alone();
    every_specimen_is_clean_when_it_is_mended();
    every_code_is_explained_once();
    marks_are_written_out();
    buf_release(&source);
    arena_release(&arena);
    return TEST_RESULT();
}
