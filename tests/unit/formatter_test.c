#include "dsl/dsl.h"

#include "base/limits.h"
#include "dsl/lexer.h"
#include "tests/test.h"

/* A text laid out. Released by stop(). */
struct run {
    struct arena arena;
    struct diags diags;
    struct str text;
    enum status status;
};

static void start(struct run *run, struct str source)
{
    arena_init(&run->arena, mem_heap(), limit(COMPILE_ARENA_BYTES));
    diags_init(&run->diags, &run->arena, limit(DIAGNOSTICS));
    run->text = (struct str){"", 0};
    run->status = dsl_format(&run->arena, source, &run->diags, &run->text);
}

static void stop(struct run *run)
{
    arena_release(&run->arena);
}

/* The layout may change white space only: same tokens, same comments, in the same order. */
static void check_same_tokens(struct str before, struct str after)
{
    struct lexer a, b;
    struct token token;
    lexer_init(&a, before);
    lexer_init(&b, after);
    do {
        token = lexer_next(&a);
        struct token other = lexer_next(&b);
        CHECK(token.kind == other.kind && str_eq(token.text, other.text));
        if (token.kind != other.kind) return;
    } while (token.kind != TOKEN_END);
}

static void check_stable(struct str text)
{
    struct run again;
    start(&again, text);
    CHECK_STATUS(again.status, ST_OK);
    if (!str_eq(again.text, text)) {
        fprintf(stderr, "not stable:\n%.*s\nthen\n%.*s\n", STR_ARG(text), STR_ARG(again.text));
        test_failures++;
    }
    stop(&again);
}

static int check_layout(struct str source, struct str want, int line)
{
    struct run run;
    start(&run, source);
    int failed = run.status != ST_OK || !str_eq(run.text, want);
    if (failed)
        fprintf(stderr, "%s:%d: %s\n---- got\n%.*s---- want\n%.*s", __FILE__, line,
                status_name(run.status), STR_ARG(run.text), STR_ARG(want));
    if (!failed) check_same_tokens(source, run.text);
    if (!failed) check_stable(run.text);
    stop(&run);
    return failed;
}

#define HEAD "edition 2026\n\nform f \"F\" {\n"
/* Both stand inside of a form. */
#define LAYS_OUT(inside, want)                                                                         \
    (test_failures +=                                                                                  \
     check_layout(STR("edition 2026 form f \"F\" {" inside "}"), STR(HEAD want "}\n"), __LINE__))
#define STAYS(inside) LAYS_OUT("\n" inside, inside)

/* ---- blanks */

static void signs_have_their_blanks(void)
{
    LAYS_OUT("a :text\n  b:decimal ( 2 )", "  a: text\n  b: decimal(2)\n");
    LAYS_OUT("let a=b+c*-d", "  let a = b + c * -d\n");
    LAYS_OUT("let a=-b let c = ( -d-e )", "  let a = -b\n  let c = (-d - e)\n");
    LAYS_OUT("let a = f ( b ,c ) ?? g . h", "  let a = f(b, c) ?? g.h\n");
    LAYS_OUT("let a = not(b)and(c)or d in(1,2)", "  let a = not (b) and (c) or d in (1, 2)\n");
    LAYS_OUT("let a = if(b)then(c)else(d)", "  let a = if (b) then (c) else (d)\n");
    LAYS_OUT("a: integer min(b) max-5 default-6 when(c)",
             "  a: integer min (b) max -5 default -6 when (c)\n");
    LAYS_OUT("a: integer required when(b) = -c", "  a: integer required when (b) = -c\n");
    LAYS_OUT("a: text required unless(b) unless(c) suggest(d) readonly when(e)",
             "  a: text required unless (b) unless (c) suggest (d) readonly when (e)\n");
    LAYS_OUT("a: choice(c)other\"Else\"length..5 when other(b)=\"x\"",
             "  a: choice(c) other \"Else\" length ..5 when other(b) = \"x\"\n");
    LAYS_OUT("matrix m\"M\"of choice (c)required{a\"A\"b\"B\"when x# why\nc\"C\"}",
             "  matrix m \"M\" of choice(c) required {\n    a \"A\"\n    b \"B\" when x # why\n    c "
             "\"C\"\n  }\n");
    LAYS_OUT(
        "f:file types\"a/b\" ,\"c/*\"else\"No.\"size .. 9 g:file size 1 ..9 h:file size 1 .. h_most",
        "  f: file types \"a/b\", \"c/*\" else \"No.\" size ..9\n  g: file size 1..9\n"
        "  h: file size 1 .. h_most\n");
    LAYS_OUT("section s\"S\"{a: text}check a unless(b)else \"x\"",
             "  section s \"S\" {\n    a: text\n  }\n  check a unless (b) else \"x\"\n");
    LAYS_OUT("a: integer min min(b,c)", "  a: integer min min(b, c)\n");
    LAYS_OUT("choices c { a\"A\"=-1 b \"B\" = 2 }", "  choices c { a \"A\" = -1  b \"B\" = 2 }\n");
    LAYS_OUT("choices c { a\"A\"when(b)c \"C\" unless  d }",
             "  choices c { a \"A\" when (b)  c \"C\" unless d }\n");
    LAYS_OUT("languages en ,de", "  languages en, de\n");
}

static void ranges_are_tight_between_numbers(void)
{
    LAYS_OUT("a: text length 1 .. 20", "  a: text length 1..20\n");
    LAYS_OUT("a: text length..20 b: text length 5 .. pattern \"x\"",
             "  a: text length ..20\n  b: text length 5.. pattern \"x\"\n");
    LAYS_OUT("repeat r 0 .. 5 { }", "  repeat r 0..5 {}\n");
    LAYS_OUT("let a = b in 1 .. 5 let c = d in e..f", "  let a = b in 1..5\n  let c = d in e .. f\n");
    LAYS_OUT("let a = length in 1..length", "  let a = length in 1 .. length\n");
    LAYS_OUT("a: text length 1..b c: text length b .. required d: text length ..f(b)",
             "  a: text length 1 .. b\n  c: text length b .. required\n  d: text length .. f(b)\n");
    LAYS_OUT("repeat r 0..5 rows 1..n{} repeat s 0 ..5 rows n+1{}",
             "  repeat r 0..5 rows 1 .. n {}\n  repeat s 0..5 rows n + 1 {}\n");
}

/* ---- lines */

static void items_have_lines_of_their_own(void)
{
    LAYS_OUT("a: text b: date let c = a check c else \"x\" note n \"N\"",
             "  a: text\n  b: date\n  let c = a\n  check c else \"x\"\n  note n \"N\"\n");
    LAYS_OUT("page p \"P\"{group g{a: text}repeat r 0..1{}}",
             "  page p \"P\" {\n    group g {\n      a: text\n    }\n    repeat r 0..1 {}\n  }\n");
    LAYS_OUT("translate de { a \"A\" of  \"B\"  hint \"H\" of \"I\" }",
             "  translate de {\n    a \"A\" of \"B\" hint \"H\" of \"I\"\n  }\n");
    LAYS_OUT("translate de { title \"T\" a \"A\" hint \"H\" l . \"x y\" \"B\" }",
             "  translate de {\n    title \"T\"\n    a \"A\" hint \"H\"\n    l.\"x y\" \"B\"\n  }\n");
}

static void a_form_is_set_off_from_its_edition(void)
{
    test_failures += check_layout(STR("edition 2026 form f \"F\" {}"),
                                  STR("edition 2026\n\nform f \"F\" {}\n"), __LINE__);
    test_failures += check_layout(
        STR("\n\n# top\nedition 2026 # e\n# about\nform f \"F\" {\n\n}\n\n\n# end  \t\n\n"),
        STR("# top\nedition 2026 # e\n\n# about\nform f \"F\" {}\n\n# end\n"), __LINE__);
    test_failures += check_layout(STR("\xef\xbb\xbf"
                                      "edition 2026\r\nform f \"F\" {\r\n a: text # x\r\n}\r\n"),
                                  STR(HEAD "  a: text # x\n}\n"), __LINE__);
}

static void single_blank_lines_between_items_stay(void)
{
    LAYS_OUT("\n\n\na: text\n\n\n\nb: text\nc: text\n\n", "  a: text\n\n  b: text\n  c: text\n");
    STAYS("  group g {\n    a: text\n\n    b: text\n  }\n\n  c: text\n");
    LAYS_OUT("\na: text\n\n  required\n\n\n  hint \"H\"\n",
             "  a: text\n    required\n    hint \"H\"\n");
}

static void modifiers_share_a_line_that_fits(void)
{
    STAYS("  a: text \"Label\" required length 1..20 hint \"Hint\"\n");
    /* 100 columns, then 101 */
    STAYS(
        "  a: text \"1234567890123456789012345678901234567890123456789012345678901234567890123456789\" "
        "required\n");
    LAYS_OUT(
        "a: text \"12345678901234567890123456789012345678901234567890123456789012345678901234567890\" "
        "required",
        "  a: text "
        "\"12345678901234567890123456789012345678901234567890123456789012345678901234567890\"\n    "
        "required\n");
    /* columns are characters, not bytes */
    STAYS("  a: text "
          "\"\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4"
          "\u00e4\u00e4\u00e4"
          "\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4"
          "\u00e4\u00e4\u00e4\" required\n");
}

static void modifiers_on_lines_of_their_own_stay_there(void)
{
    STAYS("  a: text \"Label\"\n    required\n    hint \"Hint\"\n");
    LAYS_OUT("\na: text \"Label\" required\n hint \"Hint\"\n",
             "  a: text \"Label\"\n    required\n    hint \"Hint\"\n");
    LAYS_OUT("\na: text\n \"Label\"\n", "  a: text \"Label\"\n");
    STAYS("  group g\n    when a\n    hint \"H\"\n  {\n    b: text\n  }\n");
    STAYS("  check a > 1\n    else \"No.\"\n    at a\n    as no\n");
}

static void long_modifiers_break_before_their_message(void)
{
    STAYS("  a: text \"Label\"\n"
          "    required\n"
          "      else \"A message that is so long that it does not stand on the line of its modifier "
          "any more, sorry\"\n");
    STAYS("  a: integer\n"
          "    check a > 1 and a < 5 and a != 3\n"
          "      else \"A message that is so long that it does not stand on the line of its check any "
          "more\"\n"
          "      at a\n"
          "      as odd\n");
}

static void long_conditions_break_before_and_and_or(void)
{
    STAYS("  a: text \"Label\"\n"
          "    when first_condition = \"yes\"\n"
          "      or (second_condition = \"no\" and third_condition = \"maybe\")\n"
          "      or (fourth_condition = \"no\" and fifth_condition = \"maybe\")\n");
    STAYS("  let level = if first_condition = \"yes\" then \"the first of the levels\"\n"
          "    else if second_condition = \"yes\" then \"the second of the levels\"\n"
          "    else \"no level at all\"\n");
}

static void what_is_longer_still_is_filled(void)
{
    STAYS("  let total = first_number_of_many + second_number_of_many + third_number_of_many\n"
          "    + fourth_number_of_many + fifth_number_of_many - sixth_number_of_many\n");
    STAYS("  let found = country in (\"Afghanistan\", \"Albania\", \"Algeria\", \"Andorra\", "
          "\"Angola\", \"Antigua\",\n"
          "    \"Argentina\", \"Armenia\", \"Australia\", \"Austria\")\n");
}

static void joined_texts_that_do_not_fit_stand_below_each_other(void)
{
    STAYS("  note n\n"
          "    \"The first half of a text that is too long for a line of its own, \"\n"
          "    \"and the second half of it, which goes on for some time.\"\n"
          "    when a\n");
    LAYS_OUT("\nnote n \"One \"\n  \"two.\"\n", "  note n \"One \" \"two.\"\n");
}

static void lists_with_columns_are_laid_out_like_types_and_calls(void)
{
    STAYS("  choices c with x: integer, y: choice(d) {\n    a \"A\" (-1, \"q r\") = 3\n    b \"B\" (2, "
          "z)\n  }\n");
    STAYS("  f: choice(c where x = 1 and y = outer.y) \"F\" required\n");
    LAYS_OUT("choices c with x:text{a \"A\"(\"1\")=3 b\"B\"(\"2\")}",
             "  choices c with x: text { a \"A\" (\"1\") = 3  b \"B\" (\"2\") }\n");
}

static void options_share_a_line_that_fits(void)
{
    STAYS("  choices c { a \"A\"  b \"B\" = 3 }\n");
    STAYS("  choices c {\n    a \"A\"\n    b \"B\" = 3\n  }\n");
    STAYS("  choices c {}\n");
    LAYS_OUT("choices c { a \"A long label for this one\" b \"A long label for that one\" c \"And "
             "another one that is too long\" }",
             "  choices c {\n    a \"A long label for this one\"\n    b \"A long label for that one\"\n"
             "    c \"And another one that is too long\"\n  }\n");
}

/* ---- comments */

static void comments_stay_where_they_are(void)
{
    STAYS("  # above\n  a: text # beside\n\n  # alone\n\n  # above the end\n");
    STAYS("  group g { # behind the brace\n    # first inside\n    a: text\n    # last inside\n  } # "
          "behind the end\n");
    STAYS("  choices c { # why\n    a \"A\" # first\n    # second\n    b \"B\"\n    # none\n  }\n");
    LAYS_OUT("\n#a\n\n\n#b  \na: text#c\n", "  #a\n\n  #b\n  a: text #c\n");
}

static void comments_inside_of_an_item_break_its_lines(void)
{
    STAYS("  a: text \"Label\" # the label\n    required # why\n    # and\n    hint \"H\"\n");
    STAYS("  a: text\n    when b = 1 # first\n      or b = 2 # second\n");
    LAYS_OUT("\nlet a = f(b, # one\n c)\n", "  let a = f(b, # one\n    c)\n");
    LAYS_OUT("\nlet # what\n a # name\n = # value\n 1\n",
             "  let # what\n    a # name\n    = # value\n    1\n");
    LAYS_OUT("\ngroup g # one\n# two\n{ a: text }\n",
             "  group g # one\n  # two\n  {\n    a: text\n  }\n");
    LAYS_OUT("\ngroup g\n{ # one\n}\n", "  group g { # one\n  }\n");
}

/* ---- all of it */

static void the_whole_language_is_stable(void)
{
    STAYS("  languages en, de\n"
          "  timezone \"Europe/Berlin\"\n"
          "  unknown ignore\n"
          "\n"
          "  page about \"About you\" when a or b {\n"
          "    full_name: text \"Full name\"\n"
          "      required\n"
          "      length 1..120\n"
          "      autocomplete \"name\"\n"
          "    repeat members \"Member\" 0..10 required else \"Say.\" {\n"
          "      age: integer = years_between(born, today()) key \"the age\"\n"
          "      let old = age >= 18 and born <= today() - 18 years\n"
          "    }\n"
          "    note warn \"{full_name}, that is \\\"much\\\".\" when count(members where age > 3) > 2\n"
          "  }\n"
          "\n"
          "  check total <= 50_000.00 else \"Your income, {total}, is above the limit.\" at salary as "
          "limit\n");
}

static void what_does_not_parse_is_not_laid_out(void)
{
    struct run run;
    start(&run, STR("edition 2026 form f \"F\" { a: txt }"));
    CHECK_STATUS(run.status, ST_INPUT);
    CHECK(run.diags.errors == 1 && run.text.len == 0);
    stop(&run);
    start(&run, STR(""));
    CHECK_STATUS(run.status, ST_INPUT);
    stop(&run);
}

/* Dense text grows when it is laid out; it must not grow past what can be read again. */
static void a_layout_is_no_larger_than_a_source(void)
{
    struct buf source;
    struct run run;
    buf_init(&source, mem_heap(), 2 << 20);
    buf_puts(&source,
             "edition 2026 form f \"F\" {group a{group b{group c{group d{group e{group g{group h{");
    for (int i = 0; i < 65000; i++) buf_puts(&source, "check a else\"\" ");
    buf_puts(&source, "}}}}}}}}");
    CHECK(source.len <= (size_t)limit(SOURCE_BYTES));
    start(&run, buf_str(&source));
    CHECK_STATUS(run.status, ST_INPUT);
    CHECK(run.diags.count == 1 && strcmp(run.diags.items[0].code, "E0143") == 0);
    stop(&run);
    buf_release(&source);
}

static void every_failure_of_memory_is_survived(void)
{
    struct str source = STR("edition 2026 form f \"F\" { a: text # c\n required choices c { a \"A\" } "
                            "check a or b else \"x\" }");
    size_t requests = 1;
    for (size_t fail_at = 1; fail_at <= requests; fail_at++) {
        struct test_mem mem = TEST_MEM(.fail_at = fail_at);
        struct arena arena;
        struct diags diags;
        struct str text = {NULL, 0};
        arena_init(&arena, &mem.mem, limit(COMPILE_ARENA_BYTES));
        diags_init(&diags, &arena, limit(DIAGNOSTICS));
        enum status st = dsl_format(&arena, source, &diags, &text);
        CHECK(mem.failed ? st == ST_NOMEM && !text.ptr : st == ST_OK && text.ptr);
        if (mem.failed) requests++;
        arena_release(&arena);
        CHECK(mem.held == 0);
    }
    CHECK(requests > 3);
}

/* Random programs made of lines that parse, joined by random white space: always stable, always the
 * same tokens. */
static void random_white_space_changes_nothing(void)
{
    static const char *const words[] = {"a:",   "text",  "\"L\"", "required", "when", "b", "=",   "1",
                                        "and",  "(",     "c",     "or",       "d",    ")", "min", "3",
                                        "else", "\"M\"", "check", "f",        "(",    "a", ",",   "b",
                                        ")",    "else",  "\"x\"", "at",       "a"};
    static const char *const gaps[] = {
        " ", "  ", "\n", "\n\n", "\n\n\n", " # c\n", "\n# own\n", "\n\n# own\n\n", "\t", " \r\n"};
    uint32_t random = 1;
    for (int round = 0; round < 500; round++) {
        struct buf source;
        struct run run;
        buf_init(&source, mem_heap(), 1 << 16);
        buf_puts(&source, "edition 2026 form f \"F\" {");
        for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
            random = random * 1664525u + 1013904223u;
            buf_puts(&source,
                     (random >> 16) % 3 ? " " : gaps[(random >> 20) % (sizeof gaps / sizeof *gaps)]);
            buf_puts(&source, words[i]);
        }
        buf_puts(&source, " }");
        start(&run, buf_str(&source));
        CHECK_STATUS(run.status, ST_OK);
        check_same_tokens(buf_str(&source), run.text);
        check_stable(run.text);
        stop(&run);
        buf_release(&source);
    }
}

int main(void)
{
    signs_have_their_blanks();
    ranges_are_tight_between_numbers();
    items_have_lines_of_their_own();
    a_form_is_set_off_from_its_edition();
    single_blank_lines_between_items_stay();
    modifiers_share_a_line_that_fits();
    modifiers_on_lines_of_their_own_stay_there();
    long_modifiers_break_before_their_message();
    long_conditions_break_before_and_and_or();
    what_is_longer_still_is_filled();
    joined_texts_that_do_not_fit_stand_below_each_other();
    lists_with_columns_are_laid_out_like_types_and_calls();
    options_share_a_line_that_fits();
    comments_stay_where_they_are();
    comments_inside_of_an_item_break_its_lines();
    the_whole_language_is_stable();
    what_does_not_parse_is_not_laid_out();
    a_layout_is_no_larger_than_a_source();
    every_failure_of_memory_is_survived();
    random_white_space_changes_nothing();
    return TEST_RESULT();
}
