#include "dsl/parser.h"

#include "base/limits.h"
#include "tests/test.h"
#include "tests/tree_print.h"

enum { OUT_BYTES = 8 << 20 };

/* One parse with all that belongs to it. */
struct run {
    struct arena arena;
    struct diags diags;
    struct tree *tree;
    struct buf printed;
};

static void start(struct run *run, struct str source)
{
    arena_init(&run->arena, mem_heap(), limit(COMPILE_ARENA_BYTES));
    diags_init(&run->diags, &run->arena, limit(DIAGNOSTICS));
    buf_init(&run->printed, mem_heap(), OUT_BYTES);
    CHECK_STATUS(parser_parse(&run->arena, source, &run->diags, &run->tree), ST_OK);
    diags_sort(&run->diags);
}

static void stop(struct run *run)
{
    buf_release(&run->printed);
    arena_release(&run->arena);
}

/* `inside` in a form of its own. Static: the next call overwrites it. */
static struct str form_of(const char *inside)
{
    static char source[1 << 16];
    int len = snprintf(source, sizeof source, "edition 2026 form f \"F\" { %s\n}", inside);
    return (struct str){source, (size_t)len};
}

static int check_tree(const char *inside, const char *want, uint32_t errors, int line)
{
    struct run run;
    char whole[8192];
    int failed = 0;
    start(&run, form_of(inside));
    tree_print(run.tree, &run.printed);
    snprintf(whole, sizeof whole, "(form f \"F\"%s%s)", *want ? " " : "", want);
    if (!str_eq(buf_str(&run.printed), str_of(whole))) {
        fprintf(stderr, "%s:%d: %s\n   got  %.*s\n   want %s\n", __FILE__, line, inside,
                STR_ARG(buf_str(&run.printed)), whole);
        failed = 1;
    }
    if (run.diags.errors != errors) {
        fprintf(stderr, "%s:%d: %s: %u errors, not %u\n", __FILE__, line, inside, run.diags.errors,
                errors);
        diags_print(&run.diags, STR("form"), form_of(inside), &run.printed);
        fprintf(stderr, "%.*s", STR_ARG(buf_str(&run.printed)));
        failed = 1;
    }
    stop(&run);
    return failed;
}

#define PARSES(inside, want) (test_failures += check_tree(inside, want, 0, __LINE__))
/* With so many errors, and what is left of the tree. */
#define BREAKS(inside, errors, want) (test_failures += check_tree(inside, want, errors, __LINE__))
#define EXPRESSION(expression, want) PARSES("let x = " expression, "(let x " want ")")

/* ---- items */

static void a_form_has_a_name_a_title_and_items(void)
{
    struct run run;
    start(&run, STR("edition 2026\nform contact \"Contact \" \"us\" {\n}\n"));
    tree_print(run.tree, &run.printed);
    CHECK(str_eq(buf_str(&run.printed), STR("(form contact \"Contact us\")")));
    CHECK(run.tree->edition == 2026 && run.tree->edition_span.len == 12);
    CHECK(run.tree->name_span.offset == 18 && run.tree->name_span.len == 7);
    CHECK(run.diags.errors == 0 && !run.tree->damaged);
    stop(&run);
}

static void things_of_the_form_are_items(void)
{
    PARSES("languages en, de", "(languages en de)");
    PARSES("timezone \"Europe/Berlin\"", "(timezone \"Europe/Berlin\")");
    PARSES("unknown ignore", "(unknown ignore)");
    PARSES("unknown refuse", "(unknown refuse)");
    PARSES("choices c { }", "(choices c)");
    PARSES("choices c { red \"Red\" when a > 1 blue \"Blue\" = 2 unless b when \"When\" }",
           "(choices c (red \"Red\" when (> a 1)) (blue \"Blue\" 2 unless b) (when \"When\"))");
    PARSES("choices c { a \"A\" when \"x\" in d \"b c\" \"B\" }",
           "(choices c (a \"A\" when (in \"x\" d)) (\"b c\" \"B\"))");
    PARSES("choices c { red \"Red\" \"light blue\" \"Light blue\" = 2 in \"In\" = -1.50 }",
           "(choices c (red \"Red\") (\"light blue\" \"Light blue\" 2) (in \"In\" -1.50))");
}

static void containers_nest(void)
{
    PARSES("page p \"P\" { a: text }", "(page p \"P\" (field a text))");
    PARSES("group g { a: text }", "(group g (field a text))");
    PARSES(
        "matrix m \"M\" of choice(c) required hint \"H\" { a \"A\" hint \"B\" b \"B\" when x required "
        "\"R\" min \"C\" = x }",
        "(matrix m choice(c) \"M\" (required) (hint \"H\") (row a \"A\" (hint \"B\")) (row b \"B\" "
        "(when x)) "
        "(row required \"R\") (row min \"C\" (= x)))");
    PARSES("matrix m of integer { min \"A\" b \"B\" = min c \"C\" }",
           "(matrix m integer (row min \"A\") (row b \"B\" (= min)) (row c \"C\"))");
    PARSES("f: file types \"a/b\", \"c/*\" size 1..n + 1",
           "(field f file (types \"a/b\" \"c/*\") (size 1 (+ n 1)))");
    PARSES("section s { a: text section t \"T\" when b hint \"H\" { } }",
           "(section s (field a text) (section t \"T\" (when b) (hint \"H\")))");
    PARSES("group g \"G\" { repeat r \"R\" 1..10 { group h { a: text } } b: date }",
           "(group g \"G\" (repeat r \"R\" 1..10 (group h (field a text))) (field b date))");
    PARSES("repeat r 0..10_000 { }", "(repeat r 0..10000)");
    PARSES("group g \"G\" when a unknown ignore key \"gg\" hint \"H\" { }",
           "(group g \"G\" (when a) (unknown ignore) (key \"gg\") (hint \"H\"))");
    PARSES("repeat r 0..1 required when a else \"No.\" { }", "(repeat r 0..1 (required a \"No.\"))");
}

static void every_type_is_known(void)
{
    PARSES("a: text b: email c: url d: phone e: boolean f: integer",
           "(field a text) (field b email) (field c url) (field d phone) (field e boolean) (field f "
           "integer)");
    PARSES("a: decimal(2) b: money(EUR) c: number d: date e: time f: datetime",
           "(field a decimal(2)) (field b money(EUR)) (field c number) (field d date) (field e time) "
           "(field f datetime)");
    PARSES("a: choice(l) b: choices(l)", "(field a choice(l)) (field b choices(l))");
}

static void small_items_have_their_parts(void)
{
    PARSES("note n \"Hello {a}.\" when a hint \"H\"", "(note n \"Hello {a}.\" (when a) (hint \"H\"))");
    PARSES("let x = a + 1", "(let x (+ a 1))");
    PARSES("check a > 1 else \"No.\"", "(check (> a 1) \"No.\")");
    PARSES("check a else \"No.\" at g.b as too_big", "(check a \"No.\" at g.b as too_big)");
    PARSES("check a else \"No.\" as too_big", "(check a \"No.\" as too_big)");
    PARSES("check a unless b else \"No.\"", "(check a unless b \"No.\")");
}

static void every_modifier_has_its_form(void)
{
    PARSES("a: text \"A\" required", "(field a text \"A\" (required))");
    PARSES("a: text required else \"Say.\"", "(field a text (required \"Say.\"))");
    PARSES("a: text required when b else \"Say.\"", "(field a text (required b \"Say.\"))");
    PARSES("a: text when b required", "(field a text (when b) (required))");
    PARSES("a: text unless b required unless c else \"Say.\"",
           "(field a text (unless b) (required unless c \"Say.\"))");
    PARSES("a: integer = b + 1 default 3", "(field a integer (= (+ b 1)) (default 3))");
    PARSES("a: integer min -5 max b else \"Big.\"", "(field a integer (min (- 5)) (max b \"Big.\"))");
    PARSES("a: text length 1..20", "(field a text (length 1 20))");
    PARSES("a: text length 5.. pattern \"[a-z]{2}\\\\.\" else \"No.\"",
           "(field a text (length 5 -1) (pattern \"[a-z]{2}\\.\" \"No.\"))");
    PARSES("a: text length ..20 else \"Long.\"", "(field a text (length -1 20 \"Long.\"))");
    PARSES("a: text length 8", "(field a text (length 8 8))");
    PARSES("a: text length 1..b length_of: text", "(field a text (length 1 b)) (field length_of text)");
    PARSES("a: text length b.. required", "(field a text (length b -1) (required))");
    PARSES("a: text length ..length(b) else \"No.\"", "(field a text (length -1 (length! b) \"No.\"))");
    PARSES("a: text length b + 1 hidden", "(field a text (length (+ b 1) (+ b 1)) (hidden))");
    PARSES("a: text length 1 + b..2 * c", "(field a text (length (+ 1 b) (* 2 c)))");
    PARSES("a: text suggest b + c readonly unless d required",
           "(field a text (suggest (+ b c)) (readonly unless d) (required))");
    PARSES("a: choice(c) other \"Else\" length 2..5 required",
           "(field a choice(c) (other 2 5 \"Else\") (required))");
    PARSES("a: choices(c) other \"Else\" hidden length ..3 other: text",
           "(field a choices(c) (other \"Else\") (hidden) (length -1 3)) (field other text)");
    PARSES("a: text default \"x\" readonly hint \"H\"",
           "(field a text (default \"x\") (readonly) (hint \"H\"))");
    PARSES("repeat r 0..5 rows n { }", "(repeat r 0..5 (rows n n))");
    PARSES("repeat r 0..5 rows 1..n required { rows: text }",
           "(repeat r 0..5 (rows 1 n) (required) (field rows text))");
    PARSES("repeat r 0..5 rows ..2 { } repeat s 0..5 rows n.. { }",
           "(repeat r 0..5 (rows - 2)) (repeat s 0..5 (rows n -))");
    PARSES("a: text hidden keep when keep", "(field a text (hidden) (keep) (when keep))");
    PARSES("sensitive: text sensitive", "(field sensitive text (sensitive))");
    PARSES("indexed: text indexed", "(field indexed text (indexed))");
    PARSES("a: text check a else \"1\" check b else \"2\" at c",
           "(field a text (check a \"1\") (check b \"2\" at c))");
    PARSES("a: text hint \"H {b}\" key \"view:a\" autocomplete \"name\" placeholder \"P\" multiline",
           "(field a text (hint \"H {b}\") (key \"view:a\") (autocomplete \"name\") (placeholder "
           "\"P\") (multiline))");
}

static void translations_name_what_they_translate(void)
{
    PARSES("translate de { title \"T\" a \"A\" hint \"H\" p.b \"B\" }",
           "(translate de (title \"T\") (a \"A\" hint \"H\") (p.b \"B\"))");
    PARSES("translate de { a \"A\" of \"x {b}\" hint \"H\" of \"y\" \"z\" of \"O\" }",
           "(translate de (a \"A\" of \"x {b}\" hint \"H\" of \"yz\") (of \"O\"))");
    PARSES("translate de { list.\"odd code\" \"O\" a.check.big \"B\" check.all \"C\" title.x \"X\" "
           "hint.y \"Y\" }",
           "(translate de (list.odd code \"O\") (a.check.big \"B\") (check.all \"C\") (title.x \"X\") "
           "(hint.y \"Y\"))");
    PARSES("translate de { a \"one \" \"{b}\" l.and \"And\" }",
           "(translate de (a \"one {b}\") (l.and \"And\"))");
}

/* ---- words that are keywords only where one may stand */

static void a_word_before_a_colon_is_a_field(void)
{
    PARSES("page: text required: text min: integer max 3 let: date",
           "(field page text) (field required text) (field min integer (max 3)) (field let date)");
    PARSES("a: text when b\ncheck: text", "(field a text (when b)) (field check text)");
    PARSES("a: text required\nelse_: text\nwhen: text",
           "(field a text (required)) (field else_ text) (field when text)");
    PARSES("check a else \"x\"\nat: text\nas: text", "(check a \"x\") (field at text) (field as text)");
    PARSES("check a else \"x\" at at as as", "(check a \"x\" at at as as)");
}

static void keywords_are_names_in_expressions(void)
{
    PARSES("a: text when page required", "(field a text (when page) (required))");
    PARSES("a: text when required required", "(field a text (when required) (required))");
    PARSES("a: text when note\nother: text", "(field a text (when note)) (field other text)");
    PARSES("a: integer min min max max", "(field a integer (min min) (max max))");
    PARSES("a: integer min min(b, c) max length", "(field a integer (min (min! b c)) (max length))");
    PARSES("let let = check\ncheck check else \"x\"", "(let let check) (check check \"x\")");
    PARSES("a: date min default default default", "(field a date (min default) (default default))");
}

static void a_unit_follows_a_number_unless_it_is_a_field(void)
{
    PARSES("a: date = b + 5\ndays: integer", "(field a date (= (+ b 5))) (field days integer)");
    PARSES("a: date = b + 5 days\nweeks: integer",
           "(field a date (= (+ b 5-day))) (field weeks integer)");
    PARSES("a: boolean = days > 5 and days < 9", "(field a boolean (= (and (> days 5) (< days 9))))");
}

static void a_check_after_a_field_is_the_fields(void)
{
    PARSES("a: integer check a > 1 else \"x\"", "(field a integer (check (> a 1) \"x\"))");
    PARSES("note n \"N\" check a else \"x\"", "(note n \"N\") (check a \"x\")");
    PARSES("let b = a check a else \"x\"", "(let b a) (check a \"x\")");
    PARSES("a: integer unknown ignore", "(field a integer) (unknown ignore)");
}

/* ---- expressions */

static void operators_bind_by_their_level(void)
{
    EXPRESSION("a or b and not c = d", "(or a (and b (not (= c d))))");
    EXPRESSION("a = b ?? c + d * -e", "(= a (?? b (+ c (* d (- e)))))");
    EXPRESSION("a - b - c", "(- (- a b) c)");
    EXPRESSION("a / b * c", "(* (/ a b) c)");
    EXPRESSION("(a or b) and c", "(and (or a b) c)");
    EXPRESSION("not not a", "(not (not a))");
    EXPRESSION("not a and b", "(and (not a) b)");
    EXPRESSION("a and not b or c", "(or (and a (not b)) c)");
    EXPRESSION("a * b + c * d < e - 1", "(< (+ (* a b) (* c d)) (- e 1))");
    EXPRESSION("-1 + 2", "(+ (- 1) 2)");
    EXPRESSION("a != b", "(!= a b)");
    EXPRESSION("a <= b and c >= d", "(and (<= a b) (>= c d))");
}

static void chains_of_associative_operators_are_balanced(void)
{
    EXPRESSION("a or b", "(or a b)");
    EXPRESSION("a or b or c", "(or (or a b) c)");
    EXPRESSION("a and b and c and d", "(and (and a b) (and c d))");
    EXPRESSION("a ?? b ?? c ?? d ?? e", "(?? (?? (?? a b) c) (?? d e))");
    EXPRESSION("a + b + c + d",
               "(+ (+ (+ a b) c) d)"); /* not this one: where it overflows depends on it */
}

static void sets_are_lists_ranges_or_fields(void)
{
    EXPRESSION("a in (\"x\", b, 3)", "(in-list a \"x\" b 3)");
    EXPRESSION("a not in (1)", "(not-in-list a 1)");
    EXPRESSION("a in 5..24", "(in-range a 5 24)");
    EXPRESSION("a not in b..c + 1", "(not-in-range a b (+ c 1))");
    EXPRESSION("a in today() - 5 days .. today()", "(in-range a (- (today!) 5-day) (today!))");
    EXPRESSION("a in (b)..c", "(in-range a b c)");
    EXPRESSION("a in (b + 1) * 2..c", "(in-range a (* (+ b 1) 2) c)");
    EXPRESSION("a in -5..5", "(in-range a (- 5) 5)");
    EXPRESSION("\"red\" in g.colours", "(in \"red\" g.colours)");
    EXPRESSION("\"red\" not in colours and b", "(and (not-in \"red\" colours) b)");
}

static void primaries_are_literals_paths_calls_and_ifs(void)
{
    EXPRESSION("50_000.00", "50000.00");
    EXPRESSION("\"a\\\"b\\\\c\\n\\u{e9}\\{ {d}\"", "\"a\"b\\c\n\xc3\xa9{ {d}\"");
    EXPRESSION("true != false", "(!= true false)");
    EXPRESSION("outer.a.b", "outer.a.b");
    EXPRESSION("today()", "(today!)");
    EXPRESSION("f(a, g(b), 3)", "(f! a (g! b) 3)");
    EXPRESSION("count(r where a > 1)", "(count! r where (> a 1))");
    EXPRESSION("join(\", \", r.a where outer.b)", "(join! \", \" r.a where outer.b)");
    EXPRESSION("if a then b else c", "(if a b c)");
    EXPRESSION("if a then 1 else if b then 2 else 3 + 4", "(if a 1 (if b 2 (+ 3 4)))");
    EXPRESSION("(if a then b else c) + 1", "(+ (if a b c) 1)");
    EXPRESSION("a - 3 months + 1 week", "(+ (- a 3-month) 1-week)");
}

static void an_if_ends_before_the_message(void)
{
    PARSES("a: integer min if b then 1 else 2 else \"Small.\"",
           "(field a integer (min (if b 1 2) \"Small.\"))");
    PARSES("check if a then b else c else \"No.\"", "(check (if a b c) \"No.\")");
}

/* ---- texts */

static void texts_interpolate_paths(void)
{
    PARSES("a: text \"{b}\"", "(field a text \"{b}\")");
    PARSES("a: text \"x { outer.b.c } y {d}{e}\"", "(field a text \"x {outer.b.c} y {d}{e}\")");
    PARSES("a: text \"\\{b} }\"", "(field a text \"{b} }\")");
    PARSES("a: text \"\"", "(field a text \"\")");
    PARSES("a: text \"\" \"\"", "(field a text \"\")");
}

static void adjacent_texts_join(void)
{
    PARSES("a: text \"one \" \"two \"\n\"{b}\" \" three\" required",
           "(field a text \"one two {b} three\" (required))");
    PARSES("a: text hint \"one \" \"two\" required else \"th\" \"ree\"",
           "(field a text (hint \"one two\") (required \"three\"))");
    PARSES("choices c { \"a\" \"b\" \"c\" \"d\" }", "(choices c (\"a\" \"b\") (\"c\" \"d\"))");
}

static void interpolated_paths_know_their_place(void)
{
    struct run run;
    struct str source = STR("edition 2026 form f \"F\" { a: text \"Hi \\\"you\\\" {g.b}\" }");
    start(&run, source);
    const struct text *label = &run.tree->items[0].title;
    CHECK(label->part_count == 2 && str_eq(label->parts[0].literal, STR("Hi \"you\" ")));
    const struct expr *path = label->parts[1].path;
    CHECK(path && path->span.len == 3 && memcmp(source.ptr + path->span.offset, "g.b", 3) == 0);
    CHECK(path && path->name_count == 2 && path->names[1].span.offset == path->span.offset + 2);
    stop(&run);
}

static void plain_texts_borrow_from_the_source(void)
{
    struct run run;
    struct str source = STR("edition 2026 form f \"F\" { a: text \"Label\" }");
    start(&run, source);
    const char *literal = run.tree->items[0].title.parts[0].literal.ptr;
    CHECK(literal > source.ptr && literal < source.ptr + source.len);
    stop(&run);
}

/* ---- spans */

static int span_is(struct str source, struct span span, const char *want)
{
    return str_eq((struct str){source.ptr + span.offset, span.len}, str_of(want));
}

static void spans_cover_what_they_are_of(void)
{
    struct run run;
    struct str source = STR("edition 2026 form f \"F\" { repeat r \"R\" 0..3 when (a) = 1 { b: "
                            "decimal(2) \"B\" min 1 + x else \"No\" } }");
    start(&run, source);
    const struct item *repeat = &run.tree->items[0], *field = &repeat->children[0];
    const struct modifier *min = &field->modifiers[0];
    CHECK(span_is(source, repeat->head, "repeat r \"R\" 0..3 when (a) = 1"));
    CHECK(source.ptr[repeat->span.offset + repeat->span.len - 1] == '}');
    CHECK(span_is(source, repeat->bounds_span, "0..3"));
    CHECK(span_is(source, repeat->modifiers[0].expr->span, "(a) = 1"));
    CHECK(span_is(source, repeat->modifiers[0].expr->op_span, "="));
    CHECK(span_is(source, field->span, "b: decimal(2) \"B\" min 1 + x else \"No\""));
    CHECK(span_is(source, field->name_span, "b") && span_is(source, field->type.span, "decimal(2)"));
    CHECK(span_is(source, field->type.argument_span, "2") &&
          span_is(source, field->title.span, "\"B\""));
    CHECK(span_is(source, min->span, "min 1 + x else \"No\"") &&
          span_is(source, min->expr->span, "1 + x"));
    CHECK(span_is(source, min->expr->args[1]->span, "x") &&
          span_is(source, min->message.span, "\"No\""));
    stop(&run);
}

static void operators_have_spans_too(void)
{
    struct run run;
    struct str source = STR("edition 2026 form f \"F\" { let x = not a not in (1, 2) let y = sum(r.a "
                            "where b) let z = a or b or c }");
    start(&run, source);
    const struct expr *not_ = run.tree->items[0].expr, *in = not_->args[0];
    const struct expr *sum = run.tree->items[1].expr, *or_ = run.tree->items[2].expr;
    CHECK(span_is(source, not_->op_span, "not") && span_is(source, in->op_span, "not in"));
    CHECK(span_is(source, in->span, "a not in (1, 2)"));
    CHECK(span_is(source, sum->span, "sum(r.a where b)") && span_is(source, sum->op_span, "sum"));
    CHECK(span_is(source, or_->span, "a or b or c") && span_is(source, or_->args[0]->span, "a or b"));
    CHECK(or_->op_span.offset > or_->args[0]->op_span.offset);
    stop(&run);
}

/* ---- recovery: one complaint for one mistake, and the rest is there */

static void what_is_misspelt_is_read_as_meant(void)
{
    BREAKS("a: text requird else \"Say.\" hint \"H\"", 1,
           "(field a text (required \"Say.\") (hint \"H\"))");
    BREAKS("gruop g { a: text } b: text", 1, "(group g (field a text)) (field b text)");
    BREAKS("a: txet(3) \"A\" required", 1, "(field a ? \"A\" (required))");
    BREAKS("a integer \"A\" min 3", 1, "(field a integer \"A\" (min 3))");
    BREAKS("let a = b == 1 && c", 2, "(let a (and (= b 1) c))");
    BREAKS("x = a + 1", 1, "(let x (+ a 1))");
}

static void what_cannot_be_read_leaves_a_hole(void)
{
    BREAKS("a: required", 1, "(field a ?)");
    BREAKS("a: b: text", 1, "(field a ?) (field b text)");
    BREAKS("a: integer min max 3", 1, "(field a integer (min ?) (max 3))");
    BREAKS("let a = (b + ) * 2 let c = 1", 1, "(let a (* (+ b ?) 2)) (let c 1)");
    BREAKS("let a = 1 < 2 < 3", 1, "(let a ?)");
    BREAKS("let a = 1e5 + b", 1, "(let a (+ ? b))");
    BREAKS("a: text \"x {b + 1} {c}\"", 1, "(field a text \"x {?} {c}\")");
    BREAKS("group { a: text }", 1, "(group ? (field a text))");
    BREAKS("a: decimal(12) b: choice c: text", 2, "(field a decimal(9)) (field b ?) (field c text)");
    BREAKS("a: text when b equals 3 required", 1, "(field a text (when ?) (required))");
    BREAKS("choices c { a \"A\" = one b \"B\" = 2 }", 1, "(choices c (a \"A\" 0) (b \"B\" 2))");
    BREAKS("a: date = b + 2 days * 3", 1, "(field a date (= (+ b ?)))");
    BREAKS("\"a:b\": text \"B\" c: text", 1, "(field ? text \"B\") (field c text)");
}

static void what_is_twice_or_misplaced_is_dropped(void)
{
    BREAKS("a: text required required", 1, "(field a text (required))");
    BREAKS("page p \"P\" required { a: text }", 1, "(page p \"P\" (field a text))");
    BREAKS("let a = b required c: text", 1, "(let a b) (field c text)");
    BREAKS("a: text, b: text; c: text", 1, "(field a text) (field b text) (field c text)");
}

static void numbers_out_of_bounds_are_clamped(void)
{
    BREAKS("repeat r 5..2 { }", 1, "(repeat r 5..5)");
    BREAKS("repeat r 0..99999999999999999999 { }", 1, "(repeat r 0..10000)");
    BREAKS("repeat r 3 { a: text }", 1, "(repeat r 3..3 (field a text))");
    BREAKS("repeat r { a: text }", 1, "(repeat r 0..1 (field a text))");
    BREAKS("a: text length 9..3", 1, "(field a text (length 9 9))");
    BREAKS("a: text length 1-20", 1, "(field a text (length 1 20))");
    BREAKS("a: text length 1.5..3", 1, "(field a text (length 1 3))");
}

static void items_of_the_form_are_moved_there(void)
{
    BREAKS("page p \"P\" { choices c { a \"A\" } b: text } d: text", 1,
           "(page p \"P\" (field b text)) (field d text) (choices c (a \"A\"))");
    BREAKS("group g { page p \"P\" { a: text } b: text }", 1,
           "(group g (field a text) (field b text))");
}

static void lost_braces_are_found_by_the_indentation(void)
{
    BREAKS("\n  page a \"A\" {\n    x: text\n\n  page b \"B\" {\n    y: text\n  }", 1,
           "(page a \"A\" (field x text)) (page b \"B\" (field y text))");
    BREAKS("\n  group a\n    x: text\n  }\n  y: text", 1, "(group a (field x text)) (field y text)");
    BREAKS("a: text } b: text", 1, "(field a text) (field b text)");
}

static void a_tree_that_lost_something_says_so(void)
{
    struct run run;
    start(&run, form_of("a: text requird"));
    CHECK(run.diags.errors == 1 && !run.tree->damaged);
    stop(&run);
    start(&run, form_of("a: group { b: text } c: text"));
    CHECK(run.diags.errors == 1 && run.tree->damaged);
    stop(&run);
}

static void there_is_always_a_tree(void)
{
    static const char *const sources[] = {"",
                                          "{",
                                          "}",
                                          "edition",
                                          "edition 2026 form",
                                          "form f {",
                                          "\"",
                                          "edition 2026 form f \"F\" { a",
                                          "edition 2026 form f \"F\" { a:",
                                          "edition 2026 form f \"F\" { translate",
                                          "x: text",
                                          "\xff"};
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        struct run run;
        start(&run, str_of(sources[i]));
        CHECK(run.tree != NULL && run.diags.errors > 0);
        stop(&run);
    }
}

/* ---- limits, at n and n + 1 */

static void put_times(struct buf *buf, const char *text, int count)
{
    for (int i = 0; i < count; i++) buf_puts(buf, text);
}

/* Errors of `before`, `count` times `text`, `after` in a form; -1 when the first one has another code.
 */
static int errors_of(const char *before, const char *text, int count, const char *after,
                     const char *code)
{
    struct buf source;
    struct run run;
    buf_init(&source, mem_heap(), 4 << 20);
    buf_puts(&source, "edition 2026 form f \"F\" { ");
    buf_puts(&source, before);
    put_times(&source, text, count);
    buf_puts(&source, after);
    buf_puts(&source, " }");
    start(&run, buf_str(&source));
    int errors = (int)run.diags.errors;
    if (errors && strcmp(run.diags.items[0].code, code) != 0) errors = -1;
    stop(&run);
    buf_release(&source);
    return errors;
}

static void names_are_at_most_so_long(void)
{
    int n = limit(NAME_BYTES);
    CHECK(errors_of("", "a", n, ": text", "E0109") == 0);
    CHECK(errors_of("", "a", n + 1, ": text", "E0109") == 1);
    CHECK(errors_of("let x = ", "a", n + 1, "", "E0109") == 1);
    CHECK(errors_of("choices c { \"", "a", n, "\" \"A\" }", "E0109") == 0);
    CHECK(errors_of("choices c { \"", "a", n + 1, "\" \"A\" }", "E0109") == 1);
    CHECK(errors_of("a: text key \"", "a", n + 1, "\"", "E0109") == 1);
}

static void texts_are_at_most_so_long(void)
{
    int n = limit(TEXT_BYTES);
    CHECK(errors_of("a: text \"", "a", n, "\"", "E0140") == 0);
    CHECK(errors_of("a: text \"", "a", n + 1, "\"", "E0140") == 1);
    CHECK(errors_of("a: text ", "\"abcdefgh\" ", n / 8, "", "E0140") == 0);
    CHECK(errors_of("a: text ", "\"abcdefgh\" ", n / 8 + 1, "", "E0140") == 1);
    CHECK(errors_of("let a = \"", "a", n + 1, "\"", "E0140") == 1);
}

static void containers_nest_at_most_so_deep(void)
{
    CHECK(errors_of("page p \"P\" {", "group g {", limit(NESTING), "}}}}}}}}}", "E0130") == 0);
    CHECK(errors_of("page p \"P\" {", "group g {", limit(NESTING) + 1, "}}}}}}}}}}", "E0130") == 1);
    CHECK(errors_of("page p \"P\" {", "section s {", limit(NESTING), "}}}}}}}}}", "E0130") == 0);
    CHECK(errors_of("page p \"P\" {", "section s {", limit(NESTING) + 1, "}}}}}}}}}}", "E0130") == 1);
    CHECK(limit(NESTING) == 8);
}

static void expressions_are_at_most_so_deep(void)
{
    int n = limit(EXPRESSION_DEPTH);
    CHECK(errors_of("let a = ", "1 + ", n - 1, "1", "E0131") == 0);
    CHECK(errors_of("let a = ", "1 + ", n, "1", "E0131") == 1);
    CHECK(errors_of("let a = ", "1 + ", 20 * n, "1", "E0131") == 1);
    CHECK(errors_of("let a = ", "not ", n - 1, "b", "E0131") == 0);
    CHECK(errors_of("let a = ", "not ", n, "b", "E0131") == 1);
    CHECK(errors_of("let a = ", "if b then c else ", n - 1, "d", "E0131") == 0);
    CHECK(errors_of("let a = ", "b or ", 100 * n, "c", "E0131") == 0);
}

static void fields_are_at_most_so_many(void)
{
    CHECK(errors_of("", "a:text ", limit(FIELDS), "", "E0132") == 0);
    CHECK(errors_of("", "a:text ", limit(FIELDS) + 1, "", "E0132") == 1);
    CHECK(errors_of("group g { let x = 1 ", "a:text ", limit(FIELDS) - 2, "}", "E0132") == 0);
    CHECK(errors_of("group g { let x = 1 ", "a:text ", limit(FIELDS) - 1, "}", "E0132") == 1);
    CHECK(errors_of("", "a:text suggest b ", limit(FIELDS) / 2, "", "E0132") == 0);
    CHECK(errors_of("c: text ", "a:text suggest b ", limit(FIELDS) / 2, "", "E0132") == 1);
}

static void options_are_at_most_so_many(void)
{
    CHECK(errors_of("choices c { ", "a\"\" ", limit(OPTIONS), "}", "E0133") == 0);
    CHECK(errors_of("choices c { ", "a\"\" ", limit(OPTIONS) + 1, "}", "E0133") == 1);
    CHECK(errors_of("choices c { ", "a\"\" ", limit(OPTIONS) + 100, "}", "E0133") == 1);
}

static void columns_are_at_most_so_many(void)
{
    CHECK(errors_of("choices c with x: text", ", y: text", limit(COLUMNS) - 1, " { a\"\" }", "E0133") ==
          0);
    CHECK(errors_of("choices c with x: text", ", y: text", limit(COLUMNS), " { a\"\" }", "E0133") == 1);
    CHECK(errors_of("function f(a: text", ", b: text", limit(PARAMETERS) - 1, "): text = a", "E0233") ==
          0);
    CHECK(errors_of("function f(a: text", ", b: text", limit(PARAMETERS), "): text = a", "E0233") == 1);
}

static void all_options_together_are_at_most_so_many(void)
{
    struct buf lists;
    buf_init(&lists, mem_heap(), 1 << 20);
    for (int i = 0; i < 10; i++) {
        buf_puts(&lists, "choices c { ");
        put_times(&lists, "a\"\" ", limit(OPTIONS));
        buf_puts(&lists, "} ");
    }
    buf_putc(&lists, '\0');
    CHECK(errors_of(lists.ptr, "", 0, "choices d { }", "E0133") == 0);
    CHECK(errors_of(lists.ptr, "", 0, "choices d { a \"A\" b \"B\" }", "E0133") == 1);
    buf_release(&lists);
}

static void sources_are_at_most_so_large(void)
{
    int frame = (int)strlen("edition 2026 form f \"F\" {  }");
    CHECK(errors_of("", " ", limit(SOURCE_BYTES) - frame, "", "E0100") == 0);
    CHECK(errors_of("", " ", limit(SOURCE_BYTES) - frame + 1, "", "E0100") == 1);
}

/* What would be deep, slow or large in a parser that trusts its input. */
static void hostile_texts_end_soon(void)
{
    static const struct {
        const char *before, *text;
    } hostile[] = {
        {"x: integer = ", "("},
        {"x: integer = ", "not "},
        {"x: integer = ", "1 + not "},
        {"x: integer = ", "f("},
        {"x: integer = ", "a in (1 and "},
        {"x: integer = ", "if a then b else "},
        {"x: integer = ", "a < "},
        {"x: integer = ", "-"},
        {"x: integer = ", "a."},
        {"", "group a {"},
        {"", "page a \"A\" {"},
        {"", "gruop {"},
        {"", "{"},
        {"", "}"},
        {"", "@ "},
        {"x: text \"", "{#}"},
        {"x: text ", "\"{#\" "},
        {"", "'"},
        {"x: text ", "when a "},
        {"x: text ", "check a else \"\" when a "},
        {"", "x { "},
        {"", "requird "},
        {"choices c {", "= "},
        {"translate de {", "a. "},
    };
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        int count = limit(SOURCE_BYTES) / 4 / (int)strlen(hostile[i].text);
        CHECK(errors_of(hostile[i].before, hostile[i].text, count, "", "") != 0);
    }
}

/* ---- memory */

static void every_failure_of_memory_is_survived(void)
{
    struct str source =
        form_of("choices c { a \"A\" = -1 } page p \"P\" when x { a: text \"L {b} \\n\" required when "
                "1_0 in (1, 2 + 3) "
                "check f(a where b) or c or d else \"x\" at a as b } translate de { title \"T\" }");
    size_t requests = 1;
    for (size_t fail_at = 1; fail_at <= requests; fail_at++) {
        struct test_mem mem = TEST_MEM(.fail_at = fail_at);
        struct arena arena;
        struct diags diags;
        struct tree *tree = NULL;
        arena_init(&arena, &mem.mem, limit(COMPILE_ARENA_BYTES));
        diags_init(&diags, &arena, limit(DIAGNOSTICS));
        enum status st = parser_parse(&arena, source, &diags, &tree);
        CHECK(mem.failed ? st == ST_NOMEM && !tree : st == ST_OK && tree);
        if (mem.failed) requests++;
        CHECK(requests < 1000);
        arena_release(&arena);
        CHECK(mem.held == 0);
    }
    CHECK(requests > 1);
}

static void every_small_arena_is_survived(void)
{
    struct str source = form_of("a: text \"L {b} \\n\" required when 1_0 in (1, 2 + 3) check f(a where "
                                "b) or c or d else \"x\" at a as b");
    for (size_t bytes = 0; bytes < 16384; bytes += 64) {
        struct arena arena;
        struct diags diags;
        struct tree *tree = NULL;
        arena_init(&arena, mem_heap(), bytes);
        diags_init(&diags, &arena, limit(DIAGNOSTICS));
        enum status st = parser_parse(&arena, source, &diags, &tree);
        CHECK(st == ST_OK ? tree && diags.errors == 0 : st == ST_LIMIT && !tree);
        arena_release(&arena);
    }
}

int main(void)
{
    a_form_has_a_name_a_title_and_items();
    things_of_the_form_are_items();
    containers_nest();
    every_type_is_known();
    small_items_have_their_parts();
    every_modifier_has_its_form();
    translations_name_what_they_translate();
    a_word_before_a_colon_is_a_field();
    keywords_are_names_in_expressions();
    a_unit_follows_a_number_unless_it_is_a_field();
    a_check_after_a_field_is_the_fields();
    operators_bind_by_their_level();
    chains_of_associative_operators_are_balanced();
    sets_are_lists_ranges_or_fields();
    primaries_are_literals_paths_calls_and_ifs();
    an_if_ends_before_the_message();
    texts_interpolate_paths();
    adjacent_texts_join();
    interpolated_paths_know_their_place();
    plain_texts_borrow_from_the_source();
    spans_cover_what_they_are_of();
    operators_have_spans_too();
    what_is_misspelt_is_read_as_meant();
    what_cannot_be_read_leaves_a_hole();
    what_is_twice_or_misplaced_is_dropped();
    numbers_out_of_bounds_are_clamped();
    items_of_the_form_are_moved_there();
    lost_braces_are_found_by_the_indentation();
    a_tree_that_lost_something_says_so();
    there_is_always_a_tree();
    names_are_at_most_so_long();
    texts_are_at_most_so_long();
    containers_nest_at_most_so_deep();
    expressions_are_at_most_so_deep();
    fields_are_at_most_so_many();
    options_are_at_most_so_many();
    columns_are_at_most_so_many();
    all_options_together_are_at_most_so_many();
    sources_are_at_most_so_large();
    hostile_texts_end_soon();
    every_failure_of_memory_is_survived();
    every_small_arena_is_survived();
    return TEST_RESULT();
}
