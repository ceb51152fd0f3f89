/* Lints: each fires where it should, and is silent beside it. */
#include "base/limits.h"
#include "dsl/dsl.h"
#include "tests/test.h"

#define FORM(items)                                                                                    \
    "edition 2026\nform f \"F\" {\n" items                                                             \
    "\nchoices c { a \"A\"  b \"B\" }\nof: choice(c)\nother: choice(c)\nok: boolean\nt: text\n}\n"

static struct arena arena;

/* Codes of the lints, with their lines: "W0304:3 ". */
static struct str lints(const char *source)
{
    struct diags diags;
    struct str all = STR("");
    arena_reset(&arena);
    diags_init(&diags, &arena, limit(DIAGNOSTICS));
    struct program *program = NULL;
    CHECK_STATUS(dsl_compile(mem_heap(), str_of(source), &diags, &program), ST_OK);
    program_release(program);
    diags_init(&diags, &arena, limit(DIAGNOSTICS));
    CHECK_STATUS(dsl_lint(mem_heap(), str_of(source), NULL, &diags), ST_OK);
    CHECK(diags.errors == 0);
    for (uint32_t i = 0; i < diags.count; i++)
        all = arena_printf(&arena, "%.*s%s:%u ", STR_ARG(all), diags.items[i].code,
                           line_column_of(str_of(source), diags.items[i].span.offset).line);
    return all;
}

#define CHECK_LINTS(items, want)                                                                       \
    do {                                                                                               \
        struct str got_ = lints(FORM(items));                                                          \
        if (!str_eq(got_, str_of(want))) {                                                             \
            fprintf(stderr, "%s:%d: %s\ngives %.*s, not %s\n", __FILE__, __LINE__, items,              \
                    STR_ARG(got_), want);                                                              \
            test_failures++;                                                                           \
        }                                                                                              \
    } while (0)

static void labels_of_neighbours_differ(void)
{
    CHECK_LINTS("x: text \"Name\"\ny: text \"Name\"", "W0206:4 ");
    CHECK_LINTS("x: text \"Name\"\ny: text \"Names\"\nz: text \"name\"", "");
    CHECK_LINTS("x: text \"Name\"\ngroup g { y: text \"Name\" }", "");
    CHECK_LINTS("group g { x: text \"Name\" }\ngroup h { y: text \"Name\" }", "");
    CHECK_LINTS("x: text \"Name\" when ok\ny: text \"Name\" unless ok", "");
    CHECK_LINTS("x: text \"{t}\"\ny: text \"{t}\"", "");
    CHECK_LINTS("x: text \"Name\"\ny: text \"Name\" hidden", "");
    CHECK_LINTS("group g {\nx: text \"Name\"\ny: text \"Name\"\n}", "W0206:5 ");
}

static void checks_look_like_what_they_are(void)
{
    CHECK_LINTS("x: text\ncheck t != \"\\u{61}\" else \"No.\"", "W0207:4 ");
    CHECK_LINTS("x: text\n  check t != \"a\" else \"No.\"", "");
    CHECK_LINTS("x: text check t != \"a\" else \"No.\"", "");
    CHECK_LINTS("x: text\ncheck t != \"a\" else \"No.\" at t", "");
    CHECK_LINTS("note n \"N\"\ncheck t != \"a\" else \"No.\"", "");
}

static void otherness_is_asked_of_what_is_answered(void)
{
    CHECK_LINTS("x: text when t != \"a\"", "W0304:3 ");
    CHECK_LINTS("x: text when not (t = \"a\")", "W0304:3 ");
    CHECK_LINTS("x: text when ok and (of != \"a\" or ok)", "W0304:3 ");
    CHECK_LINTS("x: text required when of != \"a\"", "W0304:3 ");
    CHECK_LINTS("x: text unless t = \"a\"", "");
    CHECK_LINTS("x: text unless t != \"a\"", "");
    CHECK_LINTS("x: text when answered(t) and t != \"a\"", "");
    CHECK_LINTS("r: text required\nx: text when r != \"a\"", "");
    CHECK_LINTS("let l = t + \"b\"\nx: text when l != \"a\"", "");
    CHECK_LINTS("x: text\n  check t != \"a\" else \"No.\"", "");
}

static void conditions_do_not_contradict_each_other(void)
{
    CHECK_LINTS("x: text when of = \"a\" and of = \"b\"", "W0305:3 ");
    CHECK_LINTS("page p \"P\" when of = \"a\" {\nx: text when of = \"b\" and ok\n}", "W0305:4 ");
    CHECK_LINTS("page p \"P\" when ok = true {\nx: text when ok = false\n}", "W0305:4 ");
    CHECK_LINTS("page p \"P\" when of = \"a\" {\nx: text when of = \"a\"\n}", "");
    CHECK_LINTS("x: text when of = \"a\" or of = \"b\"", "");
    CHECK_LINTS("x: text when of = \"a\" and other = \"b\"", "");
    CHECK_LINTS("page p \"P\" when of = \"a\" {\nx: text\n}\ny: text when of = \"b\"", "");
}

static void a_rule_that_costs_most_is_told_when_it_costs_much(void)
{
    CHECK_LINTS("repeat r 0..300 {\nn: text length ..20\nd: boolean = any(r where n = outer.n)\n}",
                "W0401:5 ");
    CHECK_LINTS("repeat r 0..30 {\nn: text length ..20\nd: boolean = any(r where n = outer.n)\n}", "");
}

static void what_is_not_valid_has_no_lints(void)
{
    struct diags diags;
    arena_reset(&arena);
    diags_init(&diags, &arena, limit(DIAGNOSTICS));
    CHECK_STATUS(dsl_lint(mem_heap(), STR("edition 2026 form f \"F\" { a: intger }"), NULL, &diags),
                 ST_OK);
    CHECK(diags.count == 0);
}

int main(void)
{
    arena_init(&arena, mem_heap(), limit(COMPILE_ARENA_BYTES));
    labels_of_neighbours_differ();
    checks_look_like_what_they_are();
    otherness_is_asked_of_what_is_answered();
    conditions_do_not_contradict_each_other();
    a_rule_that_costs_most_is_told_when_it_costs_much();
    what_is_not_valid_has_no_lints();
    arena_release(&arena);
    return TEST_RESULT();
}
