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

/* Beside the facts, what follows from them. */
static void what_is_never_shown_is_found_through_lets_and_relevance(void)
{
    CHECK_LINTS("let l = of = \"b\"\npage p \"P\" when of = \"a\" {\nx: text when l\n}", "W0305:5 ");
    CHECK_LINTS("page p \"P\" when ok {\nx: text unless ok\n}", "W0305:4 ");
    CHECK_LINTS("page p \"P\" when ok {\nx: text when not ok\n}", "W0305:4 ");
    CHECK_LINTS("page p \"P\" unless ok {\nx: text when not ok\n}", "");
    CHECK_LINTS("y: text when ok\npage p \"P\" when not ok {\nx: text when answered(y)\n}", "W0305:5 ");
    CHECK_LINTS("y: text when ok\npage p \"P\" when not ok {\nx: text when y = \"z\" or ok\n}",
                "W0305:5 ");
    CHECK_LINTS("y: text when ok\npage p \"P\" when not ok {\nx: text unless y = \"z\"\n}", "");
    CHECK_LINTS("y: integer when ok\npage p \"P\" {\nx: text when y + 1 > 3 and not ok\n}", "W0305:5 ");
    CHECK_LINTS("x: text when t = \"a\" and t = \"b\"", "W0305:3 ");
    CHECK_LINTS("x: text when not answered(t) and t = \"b\"", "W0305:3 ");
    CHECK_LINTS("x: text when of in (\"a\", \"b\") and not answered(of)", "W0305:3 ");
    CHECK_LINTS("x: text when of in (\"a\", \"b\") and of != \"a\" and answered(of)", "");
    CHECK_LINTS("x: text when (of = \"b\") ?? true and of = \"a\"", "");
    CHECK_LINTS("page p \"P\" when of = \"a\" {\nx: text when (of = \"b\") ?? false\n}", "W0305:4 ");
    CHECK_LINTS("page p \"P\" when of = \"a\" {\nx: text when if ok then of = \"b\" else false\n}",
                "W0305:4 ");
    CHECK_LINTS("page p \"P\" when of = \"a\" {\nx: text when if ok then of = \"b\" else true\n}", "");
    CHECK_LINTS("page p \"P\" when of = \"a\" {\nx: text required when of = \"b\"\n}", "W0305:4 ");
    CHECK_LINTS("page p \"P\" when of = \"a\" {\nx: text required when of = \"a\"\n}", "");
}

static void ranges_and_sets_contradict_each_other_too(void)
{
    CHECK_LINTS("n: integer\npage p \"P\" when n >= 18 {\nx: text when n < 18\n}", "W0305:5 ");
    CHECK_LINTS("n: integer\npage p \"P\" when n >= 18 {\nx: text when 18 >= n\n}", "");
    CHECK_LINTS("n: integer\npage p \"P\" when n > 18 {\nx: text when 18 >= n\n}", "W0305:5 ");
    CHECK_LINTS("d: date\npage p \"P\" when d < \"2020-01-01\" {\nx: text when d in \"2020-01-01\" .. "
                "\"2021-01-01\"\n}",
                "W0305:5 ");
    CHECK_LINTS("s: choices(c)\npage p \"P\" when \"a\" in s {\nx: text when \"a\" not in s\n}",
                "W0305:5 ");
    CHECK_LINTS("s: choices(c)\npage p \"P\" when \"a\" in s {\nx: text when \"b\" not in s\n}", "");
    CHECK_LINTS("repeat r 0..3 {\ny: integer\nx: text when y = 1 and any(r where y = 2)\n}", "");
    CHECK_LINTS("repeat r 0..3 {\ny: integer\nx: text when y = 1 and prior.y = 2\n}", "");
}

static void what_holds_nothing_that_is_shown_is_told_once(void)
{
    CHECK_LINTS("page p \"P\" when ok {\nx: text when not ok\ny: text unless ok\n}", "W0306:3 ");
    CHECK_LINTS("page p \"P\" when ok {\nx: text when not ok\ny: text unless ok\nz: text\n}",
                "W0305:4 W0305:5 ");
    CHECK_LINTS("repeat r 0..3 rows 0 { x: text }", "W0306:3 ");
    CHECK_LINTS("const MOST = 0\nrepeat r 0..3 rows ..MOST { x: text }", "W0306:4 ");
    CHECK_LINTS("n: integer max 2\nrepeat r 0..3 rows n { x: text }", "");
    CHECK_LINTS("page p \"P\" when of = \"a\" and of = \"b\" {\nx: text when ok and not ok\n}",
                "W0305:3 ");
}

static void options_are_offered_somewhere(void)
{
    CHECK_LINTS("m: choice(l)\nchoices l { x \"X\"  y \"Y\" when ok and not ok }", "W0307:4 ");
    CHECK_LINTS("m: choice(l)\nchoices l { x \"X\"  y \"Y\" when ok }", "");
    CHECK_LINTS("m: choice(l) when ok\nchoices l { x \"X\"  y \"Y\" unless ok }", "W0307:4 ");
    CHECK_LINTS("m: choice(l) when ok\nk: choice(l)\nchoices l { x \"X\"  y \"Y\" unless ok }", "");
    CHECK_LINTS(
        "m: choice(l where big)\nchoices l with big: boolean { x \"X\" (true)  y \"Y\" (false) }",
        "W0307:4 ");
    CHECK_LINTS("m: choice(l where of = kind) when of = \"a\"\nchoices l with kind: choice(c) { x "
                "\"X\" (a)  y \"Y\" (b) }",
                "W0307:4 ");
    CHECK_LINTS(
        "m: choice(l where of = kind)\nchoices l with kind: choice(c) { x \"X\" (a)  y \"Y\" (b) }",
        "");
    CHECK_LINTS("m: choice(l where n > 3)\nchoices l with n: integer { x \"X\" (5)  y \"Y\" (3) }",
                "W0307:4 ");
}

/* A condition may be as large as the limits allow. */
static void long_chains_of_conditions_are_looked_at_and_end(void)
{
    struct buf form;
    buf_init(&form, mem_heap(), limit(SOURCE_BYTES));
    buf_puts(&form, "edition 2026\nform f \"F\" {\nf0: integer\n");
    for (int i = 1; i < 600; i++)
        buf_printf(&form, "f%d: integer when f%d > f%d + 1\n", i, i - 1, i / 2);
    buf_puts(&form, "let l0 = f0 > 1\n");
    for (int i = 1; i < 300; i++)
        buf_printf(&form, "let l%d = (l%d or f%d > 2) and l%d\n", i, i - 1, i, i / 2);
    buf_puts(&form, "x: text when l299 and not l0\n}\n");
    buf_putc(&form, '\0');
    lints(buf_str(&form).ptr);
    buf_release(&form);
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
    what_is_never_shown_is_found_through_lets_and_relevance();
    ranges_and_sets_contradict_each_other_too();
    what_holds_nothing_that_is_shown_is_told_once();
    options_are_offered_somewhere();
    long_chains_of_conditions_are_looked_at_and_end();
    a_rule_that_costs_most_is_told_when_it_costs_much();
    what_is_not_valid_has_no_lints();
    arena_release(&arena);
    return TEST_RESULT();
}
