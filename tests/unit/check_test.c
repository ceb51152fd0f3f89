/* The checker as a whole: order, cost, limits, memory. What it says about single mistakes is in
 * golden/check, what it makes of expressions in golden/ir. */
#include "base/limits.h"
#include "dsl/builtin.h"
#include "dsl/check.h"
#include "dsl/ir_print.h"
#include "dsl/parser.h"
#include "dsl/price.h"
#include "tests/test.h"

#include <stdarg.h>

enum { SOURCE_BYTES = 1 << 20, PRINT_BYTES = 1 << 24 };

/* One compilation as far as the IR. */
struct run {
    struct arena arena;
    struct diags diags;
    struct ir *ir;
    enum status st;
};

static void run_in(struct run *run, struct str source, struct mem *mem, size_t bytes_max)
{
    struct tree *tree;
    *run = (struct run){.st = ST_OK};
    arena_init(&run->arena, mem, bytes_max);
    diags_init(&run->diags, &run->arena, limit(DIAGNOSTICS));
    run->st = parser_parse(&run->arena, source, &run->diags, &tree);
    const struct price_caps caps = price_caps_default();
    if (run->st == ST_OK) run->st = check_tree(&run->arena, tree, &run->diags, &run->ir);
    if (run->st == ST_OK) run->st = price_judge_steps(&run->arena, run->ir, &caps, &run->diags);
    diags_sort(&run->diags);
}

static void run_start(struct run *run, struct str source)
{
    run_in(run, source, mem_heap(), limit(COMPILE_ARENA_BYTES));
}

static void run_end(struct run *run)
{
    arena_release(&run->arena);
}

/* The source under construction. */
static char source_bytes[SOURCE_BYTES];
static size_t source_len;

static void source_start(void)
{
    source_len = 0;
}

static void add(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void add(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(source_bytes + source_len, sizeof source_bytes - source_len, format, args);
    va_end(args);
    if (len > 0) source_len += (size_t)len;
}

static struct str source_end(void)
{
    return (struct str){source_bytes, source_len};
}

static struct str form(const char *items)
{
    source_start();
    add("edition 2026\nform f \"F\" {\n%s\n}\n", items);
    return source_end();
}

static uint32_t node_of(const struct ir *ir, const char *path)
{
    for (uint32_t i = 0; i < ir->node_count; i++)
        if (str_eq(ir->nodes[i].path, str_of(path))) return i;
    return IR_NONE;
}

/* Where the rule of that kind and node runs. */
static uint32_t rule_of(const struct ir *ir, enum ir_rule_kind kind, const char *path)
{
    uint32_t node = node_of(ir, path);
    for (uint32_t i = 0; i < ir->rule_count; i++)
        if (ir->rules[i].kind == kind && ir->rules[i].node == node) return i;
    return IR_NONE;
}

static bool has_code(const struct diags *diags, const char *code)
{
    for (uint32_t i = 0; i < diags->count; i++)
        if (strcmp(diags->items[i].code, code) == 0) return true;
    return false;
}

/* The codes of all diagnostics, one after the other. */
static const char *codes_of(const char *items)
{
    static char codes[1024];
    struct run run;
    size_t len = 0;
    run_start(&run, form(items));
    codes[0] = '\0';
    for (uint32_t i = 0; i < run.diags.count && len + 8 < sizeof codes; i++)
        len += (size_t)snprintf(codes + len, sizeof codes - len, "%s%s", i ? " " : "",
                                run.diags.items[i].code);
    run_end(&run);
    return codes;
}

#define CHECK_CODES(items, want)                                                                       \
    do {                                                                                               \
        const char *got_ = codes_of(items);                                                            \
        if (strcmp(got_, (want)) != 0) {                                                               \
            fprintf(stderr, "%s:%d: %s: got \"%s\", not \"%s\"\n", __FILE__, __LINE__, (items), got_,  \
                    (want));                                                                           \
            test_failures++;                                                                           \
        }                                                                                              \
    } while (0)

/* ---- order */

enum { CHAIN = 9999 };

static void a_chain_of_ten_thousand_computed_fields_in_reverse_order_is_turned_round(void)
{
    struct run run;
    source_start();
    add("edition 2026\nform f \"F\" {\n");
    for (int i = 0; i < CHAIN; i++) add("f%d: integer = f%d + 1\n", i, i + 1);
    add("f%d: integer\n}\n", CHAIN);
    run_start(&run, source_end());
    CHECK_STATUS(run.st, ST_OK);
    CHECK(run.ir && run.ir->rule_count == CHAIN);
    for (uint32_t i = 0; run.ir && i < run.ir->rule_count; i++)
        CHECK(run.ir->rules[i].node == CHAIN - i);
    run_end(&run);
}

static void a_chain_of_ten_thousand_lets_in_reverse_order_has_types(void)
{
    struct run run;
    source_start();
    add("edition 2026\nform f \"F\" {\n");
    for (int i = 0; i < CHAIN; i++) add("let f%d = f%d\n", i, i + 1);
    add("f%d: date\n}\n", CHAIN);
    run_start(&run, source_end());
    CHECK_STATUS(run.st, ST_OK);
    CHECK(run.ir && run.ir->nodes[1].type.kind == TYPE_DATE);
    run_end(&run);
}

static void a_circle_of_ten_thousand_is_told_in_one_line(void)
{
    struct run run;
    source_start();
    add("edition 2026\nform f \"F\" {\n");
    for (int i = 0; i < CHAIN; i++) add("f%d: integer = f%d + 1\n", i, (i + 1) % CHAIN);
    add("}\n");
    run_start(&run, source_end());
    CHECK_STATUS(run.st, ST_INPUT);
    CHECK(run.diags.count == 1 && has_code(&run.diags, "E0401"));
    CHECK(run.diags.count == 1 && run.diags.items[0].message.len < 200);
    CHECK(run.diags.count == 1 && run.diags.items[0].related.len > 0);
    run_end(&run);
}

static void rules_come_after_what_they_need(void)
{
    struct run run;
    run_start(&run, form("total: integer = sum(rows.net)\n"
                         "repeat rows 0..5 when wanted { net: integer = gross - 1  gross: integer when "
                         "total_of > 1 max cap }\n"
                         "wanted: boolean when asked\n"
                         "asked: boolean = answered(total_of)\n"
                         "cap: integer min total_of\n"
                         "total_of: integer"));
    const struct ir *ir = run.ir;
    CHECK_STATUS(run.st, ST_OK);
    CHECK(rule_of(ir, RULE_VALUE, "asked") < rule_of(ir, RULE_RELEVANCE, "wanted"));
    CHECK(rule_of(ir, RULE_RELEVANCE, "wanted") < rule_of(ir, RULE_RELEVANCE, "rows"));
    CHECK(rule_of(ir, RULE_RELEVANCE, "rows") < rule_of(ir, RULE_RELEVANCE, "rows.gross"));
    CHECK(rule_of(ir, RULE_BOUNDS, "cap") < rule_of(ir, RULE_BOUNDS, "rows.gross"));
    CHECK(rule_of(ir, RULE_RELEVANCE, "rows.gross") < rule_of(ir, RULE_BOUNDS, "rows.gross"));
    CHECK(rule_of(ir, RULE_BOUNDS, "rows.gross") < rule_of(ir, RULE_VALUE, "rows.net"));
    CHECK(rule_of(ir, RULE_VALUE, "rows.net") < rule_of(ir, RULE_VALUE, "total"));
    CHECK(rule_of(ir, RULE_VALUE, "total") != IR_NONE);
    run_end(&run);
}

static void rules_of_one_repeat_stay_together(void)
{
    struct run run;
    uint32_t changes = 0;
    run_start(&run, form("repeat a 0..5 { x: integer  y: integer = x + 1 }\n"
                         "n: integer = count(a)\n"
                         "repeat b 0..5 { x: integer  y: integer = x + n }\n"
                         "m: integer = count(b)\n"
                         "repeat c 0..5 { x: integer  y: integer = x + 1  z: integer = y + 1 }\n"
                         "o: integer = n + m"));
    CHECK_STATUS(run.st, ST_OK);
    for (uint32_t i = 1; run.ir && i < run.ir->rule_count; i++)
        changes += run.ir->rules[i].scope != run.ir->rules[i - 1].scope;
    CHECK(changes == 3); /* the form, then each repeat once */
    run_end(&run);
}

static void the_same_source_gives_the_same_text(void)
{
    struct str source = form("choices c { a \"A\"  b \"B\" }\nx: choice(c)\ny: integer = if x = \"a\" "
                             "then 1 else n\nn: integer");
    struct buf texts[2];
    for (int i = 0; i < 2; i++) {
        struct run run;
        buf_init(&texts[i], mem_heap(), PRINT_BYTES);
        run_start(&run, source);
        CHECK_STATUS(run.st, ST_OK);
        if (run.ir) ir_print(run.ir, &texts[i]);
        run_end(&run);
    }
    CHECK(texts[0].len > 100 && str_eq(buf_str(&texts[0]), buf_str(&texts[1])));
    buf_release(&texts[0]);
    buf_release(&texts[1]);
}

/* ---- cost and size */

static uint64_t pair_cost(uint32_t rows, enum status *ret_st, bool *ret_dear)
{
    struct run run;
    char items[256];
    snprintf(
        items, sizeof items,
        "repeat r 0..%u { name: integer  check count(r where name = outer.name) = 1 else \"twice\" }",
        (unsigned)rows);
    run_start(&run, form(items));
    uint64_t cost = run.ir ? run.ir->cost_steps : 0;
    *ret_st = run.st;
    *ret_dear = has_code(&run.diags, "E0402");
    run_end(&run);
    return cost;
}

static void a_form_is_refused_from_the_first_step_past_the_limit(void)
{
    enum status st;
    bool dear;
    uint32_t rows = 500;
    while (pair_cost(rows + 1, &st, &dear), st == ST_OK && rows < limit(REPEAT_ROWS)) rows++;
    CHECK(dear);
    uint64_t at_limit = pair_cost(rows, &st, &dear), two = pair_cost(2, &st, &dear),
             one = pair_cost(1, &st, &dear);
    CHECK(at_limit <= limit(COST_STEPS) && at_limit > limit(COST_STEPS) - 10000);
    /* One row more costs its own and its share of every other: the price is a polynomial of the rows.
     */
    uint64_t zeroth = 3 * one - 3 * two + pair_cost(3, &st, &dear);
    CHECK(zeroth == 0);
}

static void sizes_of_expressions_are_counted_to_the_limit(void)
{
    enum { ITEMS = (limit(EXPRESSION_OPS) - 2) / 3 };
    for (int extra = 0; extra < 2; extra++) {
        struct run run;
        source_start();
        add("edition 2026\nform f \"F\" {\nn: integer\na: boolean = n in (1");
        for (int i = 1; i < ITEMS; i++) add(",1");
        add(")\n");
        for (int i = 1 + 3 * ITEMS; i < limit(EXPRESSION_OPS) + extra; i++)
            add("x%d: integer = 5\n", i);
        add("}\n");
        run_start(&run, source_end());
        CHECK_STATUS(run.st, extra ? ST_INPUT : ST_OK);
        CHECK(has_code(&run.diags, "E0403") == (extra == 1));
        run_end(&run);
    }
}

static void a_question_that_doubles_itself_is_refused_without_being_written_out(void)
{
    struct run run;
    source_start();
    add("edition 2026\nform f \"F\" {\na: boolean\nb: boolean = ");
    for (int i = 0; i < 60; i++) add("(");
    add("a");
    for (int i = 0; i < 60; i++) add(" in (true, false))");
    add("\n}\n");
    run_start(&run, source_end());
    CHECK_STATUS(run.st, ST_INPUT);
    CHECK(has_code(&run.diags, "E0403"));
    run_end(&run);
}

static void what_is_nested_is_looked_at_once(void)
{
    struct run run;
    source_start();
    add("edition 2026\nform f \"F\" {\na: integer\nb: integer = ");
    for (int i = 0; i < 60; i++) add("max(1, ");
    add("a");
    for (int i = 0; i < 60; i++) add(")");
    add("\nc: boolean = ");
    for (int i = 0; i < 28; i++) add("(true in (");
    add("false");
    for (int i = 0; i < 28; i++) add(", true))");
    add("\n}\n");
    run_start(&run, source_end());
    CHECK(run.diags.count == 1 &&
          has_code(&run.diags, "E0402")); /* looking at it is cheap, judging it is not */
    run_end(&run);
}

static void all_rows_of_a_nested_repeat_cost_no_more_than_a_submission_can_hold(void)
{
    struct run run;
    run_start(
        &run,
        form("repeat a 0..10000 { repeat b 0..10000 { n: integer } }\ntotal: integer = sum(a.b.n)"));
    CHECK_STATUS(run.st, ST_OK);
    CHECK(run.ir && run.ir->scopes[2].rows_total_max == 100000000);
    CHECK(run.ir && run.ir->cost_steps < 1000000);
    run_end(&run);
}

static void what_is_charged_beforehand_holds_no_loop_and_no_text(void)
{
    struct run run;
    run_start(
        &run,
        form("repeat r 0..100 { t: text length ..1600 }\nn: integer = count(r where upper(t) = t)"));
    CHECK_STATUS(run.st, ST_OK);
    const struct ir_rule *rule = run.ir ? &run.ir->rules[0] : NULL;
    CHECK(rule && rule->base_cost < 10);
    CHECK(rule && rule->cost > 100 * (1600 * 4 / 16)); /* each row looks at up to 6,400 bytes */
    run_end(&run);
}

/* ---- mistakes beside each other */

static void one_mistake_is_one_diagnostic(void)
{
    CHECK_CODES("a: integer = nope + 1 * (nope ?? 2)", "E0203");
    CHECK_CODES(
        "a: choice(nope)\nb: boolean = a = \"x\" and a in (\"y\", \"z\")\nc: integer = score(a)",
        "E0204");
    CHECK_CODES("let a = 1 + \"x\"\nb: integer = a + 1\nc: text = a", "E0301");
    CHECK_CODES("a: integer = frob(1, nope + 1)", "E0205 E0203");
    CHECK_CODES("a: integer = frob(r, x + 1)\nrepeat r 0..2 { x: integer }", "E0205");
    CHECK_CODES("a: integer = frob(1)\nb: integer = frob(2)", "E0205");
    CHECK_CODES("a: text\nb: choice(nope)\nc: choices(nope)\ntranslate de { nope.x \"X\"  nope.y \"Y\" "
                "}\nlanguages en, de",
                "E0204");
    CHECK_CODES(
        "repeat r 0..2 { x: integer }\na: integer = x\nb: integer = x\ngroup g { c: integer = x }",
        "E0203 E0203");
    CHECK_CODES("a: money(XXQ)\nb: money(EUR) = a + 1", "E0206");
    CHECK_CODES("let a = a\nb: integer = a", "E0401");
}

static void a_name_is_told_once_and_how_often_it_is_used(void)
{
    struct run run;
    run_start(&run, form("a: integer = nope\nb: integer = nope + nope\nc: text when nope = 1"));
    CHECK_STATUS(run.st, ST_INPUT);
    CHECK(run.diags.count == 1 && run.diags.errors == 1);
    CHECK(str_eq(run.diags.items[0].related_message, STR("it is used here too, and in 2 more places")));
    run_end(&run);
    run_start(&run, form("let a = nope\nlet b = a + nope\nc: integer = b"));
    CHECK(run.diags.count == 1);
    CHECK(str_eq(run.diags.items[0].related_message, STR("it is used here too")));
    run_end(&run);
}

static void the_missing_value_stands_in_a_branch_alone(void)
{
    CHECK_CODES("a: integer = missing", "E0324");
    CHECK_CODES("a: integer\nb: boolean = a = missing", "E0324");
    CHECK_CODES("a: integer\nb: integer = a + missing", "E0324");
    CHECK_CODES("a: integer\nb: integer = a ?? missing", "E0324");
    CHECK_CODES("a: boolean\nb: integer = if a then missing else missing", "E0324 E0324");
    CHECK_CODES("a: boolean\nlet b = not missing", "E0324");
    CHECK_CODES("a: integer default missing", "E0324");
    CHECK_CODES("a: boolean\nb: text when if missing then a else a", "E0324");
    CHECK_CODES("function f(n: integer): integer = n\na: integer = f(missing)", "E0324");
    CHECK_CODES("const C = missing\na: integer = C", "E0324");
    CHECK_CODES("missing: integer\na: integer = missing + 1\nb: integer = if a > 1 then missing else a",
                "");
    CHECK_CODES(
        "function f(missing: integer): integer = if missing > 1 then missing else 2\na: integer = f(1)",
        "");
    CHECK_CODES("repeat r 0..2 { missing: integer }\na: integer = if count(r) > 1 then missing else 2",
                "");
    CHECK_CODES("const missing = 3\na: integer = if 1 = 1 then missing else 2", "");
    CHECK_CODES("a: boolean\nb: integer = if a then \"x\" else missing", "E0301");
    CHECK_CODES("a: boolean\nb: choice(c) = if a then \"z\" else missing\nchoices c { x \"X\" }",
                "E0304");
}

static void what_could_not_be_read_declares_no_unknown_names(void)
{
    struct run run;
    run_start(&run, form("let = 5\nb: integer = lost + 1"));
    CHECK_STATUS(run.st, ST_INPUT);
    CHECK(run.diags.count == 1 && !has_code(&run.diags, "E0203"));
    run_end(&run);
}

static void ten_thousand_mistakes_are_counted_and_fifty_told(void)
{
    struct run run;
    source_start();
    add("edition 2026\nform f \"F\" {\n");
    for (int i = 0; i < CHAIN; i++) add("f%d: integer = g%d + 1\n", i, i);
    add("}\n");
    run_start(&run, source_end());
    CHECK_STATUS(run.st, ST_INPUT);
    CHECK(run.diags.count == limit(DIAGNOSTICS) && run.diags.errors == CHAIN);
    run_end(&run);
}

static void errors_of_the_parser_are_errors_of_the_form(void)
{
    struct run run;
    run_start(&run, form("a: integer min"));
    CHECK_STATUS(run.st, ST_INPUT);
    CHECK(!run.ir);
    run_end(&run);
}

/* ---- places and names */

static void names_are_looked_up_outwards(void)
{
    CHECK_CODES("x: integer\ngroup g { a: integer = x  group h { b: integer = a + x } }", "");
    CHECK_CODES("group g { a: integer }\nb: integer = g.a", "");
    CHECK_CODES("group g { a: integer }\nb: integer = a", "E0203");
    CHECK_CODES("page p \"P\" { a: integer }\nb: integer = a", "");
    CHECK_CODES("repeat r 0..3 { a: integer  b: integer = a + sum(r.a) }", "");
    CHECK_CODES("repeat r 0..3 { group g { a: integer } }\nb: integer = sum(r.g.a)", "");
    CHECK_CODES("repeat r 0..3 { a: integer }\nb: integer = r.a", "E0214");
    /* what a group or repeat says of itself is looked up from outside */
    CHECK_CODES("group g when a { a: boolean }", "E0203");
    CHECK_CODES("repeat r 0..3 when a { b: integer }\na: boolean", "");
}

static void a_where_sees_the_row_first_and_outer_what_is_around(void)
{
    struct run run;
    run_start(&run,
              form("n: integer\nrepeat a 0..3 { n: integer  k: integer = count(a where n = outer.n) }\n"
                   "m: integer = count(a where n = outer.n)"));
    CHECK_STATUS(run.st, ST_OK);
    const struct ir *ir = run.ir;
    const struct ir_expr *inner = ir->nodes[node_of(ir, "a.k")].computed->where;
    const struct ir_expr *outer = ir->nodes[node_of(ir, "m")].computed->where;
    CHECK(inner->args[0]->node == node_of(ir, "a.n") && inner->args[0]->cursor == 1);
    CHECK(inner->args[1]->node == node_of(ir, "a.n") && inner->args[1]->cursor == 0);
    CHECK(outer->args[0]->node == node_of(ir, "a.n") && outer->args[0]->cursor == 1);
    CHECK(outer->args[1]->node == node_of(ir, "n") && outer->args[1]->cursor == 0);
    run_end(&run);
}

static void rows_are_bounded_by_where_their_path_begins(void)
{
    struct run run;
    run_start(
        &run,
        form("repeat a 0..3 { repeat b 0..4 { n: integer }\n"
             "own: integer = sum(b.n)  all_: integer = sum(a.b.n) }\nevery: integer = sum(a.b.n)"));
    CHECK_STATUS(run.st, ST_OK);
    const struct ir *ir = run.ir;
    const struct ir_expr *own = ir->nodes[node_of(ir, "a.own")].computed;
    const struct ir_expr *all = ir->nodes[node_of(ir, "a.all_")].computed;
    const struct ir_expr *every = ir->nodes[node_of(ir, "every")].computed;
    CHECK(own->scope == 2 && own->from_scope == 1 && own->from == 0 && own->cursor == 1);
    CHECK(all->scope == 2 && all->from_scope == 0);
    CHECK(every->scope == 2 && every->from_scope == 0);
    run_end(&run);
}

static void checks_of_one_name_are_told_apart_by_their_place(void)
{
    CHECK_CODES("a: integer check a > 1 else \"x\" as c\nb: integer check b > 1 else \"x\" as c", "");
    CHECK_CODES("let x = 1\ncheck x > 0 else \"x\" as c\npage p \"P\" { let y = x  check y > 0 else "
                "\"x\" as c }",
                "E0218");
}

/* ---- constants and functions */

/* f0 is so deep, and each that follows adds one level. */
static uint32_t errors_of_call(uint32_t functions)
{
    struct run run;
    source_start();
    add("edition 2026\nform f \"F\" {\nfunction f0(n: integer): integer = n\n");
    for (uint32_t i = 1; i < functions; i++)
        add("function f%u(n: integer): integer = abs(f%u(n))\n", (unsigned)i, (unsigned)i - 1);
    add("a: integer\nb: integer = f%u(a)\n}\n", (unsigned)functions - 1);
    run_start(&run, (struct str){source_bytes, source_len});
    uint32_t errors = run.diags.errors;
    CHECK(errors == 0 || str_eq(str_of(run.diags.items[0].code), STR("E0131")));
    run_end(&run);
    return errors;
}

static void a_call_written_out_is_as_deep_as_an_expression_may_be(void)
{
    CHECK(errors_of_call((uint32_t)limit(EXPRESSION_DEPTH)) == 0);
    CHECK(errors_of_call((uint32_t)limit(EXPRESSION_DEPTH) + 1) == 1);
    CHECK(errors_of_call(9000) == 1);
}

static void functions_that_double_themselves_are_refused_without_being_written_out(void)
{
    struct run run;
    source_start();
    add("edition 2026\nform f \"F\" {\nfunction f0(n: integer): integer = abs(n) + n\n");
    for (uint32_t i = 1; i < 15; i++)
        add("function f%u(n: integer): integer = f%u(n) + f%u(abs(n))\n", (unsigned)i, (unsigned)i - 1,
            (unsigned)i - 1);
    add("a: integer\nb: integer = f14(a)\nc: integer = f14(a)\n}\n");
    run_start(&run, (struct str){source_bytes, source_len});
    CHECK(run.st == ST_INPUT || run.st == ST_LIMIT);
    run_end(&run);
}

static void ten_thousand_constants_in_reverse_order_are_worked_out(void)
{
    enum { COUNT = 9000 };
    struct run run;
    source_start();
    add("edition 2026\nform f \"F\" {\n");
    for (uint32_t i = 0; i < COUNT; i++) add("const C%u = C%u + 1\n", (unsigned)i, (unsigned)i + 1);
    add("const C%u = 1\na: integer max C0\n}\n", (unsigned)COUNT);
    run_start(&run, (struct str){source_bytes, source_len});
    CHECK_STATUS(run.st, ST_OK);
    CHECK(run.ir && run.ir->nodes[1].max->value.exact == COUNT + 1);
    run_end(&run);
}

/* ---- memory */

static struct str rich_form(void)
{
    return form(
        "languages en, de\nchoices c { a \"A\" = 1  b \"B\" = 2 }\n"
        "let total = sum(rows.n where k = \"a\") + later\nlet later = count(rows)\n"
        "t: text \"T\" length 1..20 pattern \"[a-z]+\" hint \"{total}\" check t != \"x\" else "
        "\"{t}\" as not_x\n"
        "repeat rows \"R\" 0..9 when total_known { n: integer min 0 max top  k: choice(c) }\n"
        "top: integer default 5\ntotal_known: boolean = answered(top)\n"
        "note hello \"{total}\" when score_ > LEAST\nscore_: integer = max(top, 3) + once(top)\n"
        "const LEAST = 1 + 1\nfunction once(n: integer): integer = abs(n)\n"
        "translate de { t \"Text\"  c.a \"Ah\"  t.check.not_x \"{t}?\" }");
}

static void too_little_memory_is_a_status_whatever_the_moment(void)
{
    struct run run;
    run_start(&run, rich_form());
    CHECK_STATUS(run.st, ST_OK);
    size_t need = run.arena.held_bytes;
    run_end(&run);
    int wrong = 0;
    for (size_t bytes = 0; bytes < need; bytes += 97) {
        run_in(&run, rich_form(), mem_heap(), bytes);
        wrong += run.st != ST_LIMIT && !(run.st == ST_OK && run.ir);
        run_end(&run);
    }
    CHECK(wrong == 0);
}

static void a_heap_that_refuses_leaves_nothing_behind(void)
{
    for (size_t at = 1;; at++) {
        struct test_mem tm = TEST_MEM(.fail_at = at);
        struct run run;
        run_in(&run, rich_form(), &tm.mem, limit(COMPILE_ARENA_BYTES));
        CHECK(tm.failed ? run.st == ST_NOMEM : run.st == ST_OK);
        run_end(&run);
        CHECK(tm.held == 0);
        if (!tm.failed) return;
    }
}

/* ---- functions */

static void every_function_has_a_usage_that_names_it(void)
{
    uint32_t count = 0;
    for (; builtin_usage(count); count++) {
        const char *usage = builtin_usage(count), *open = strchr(usage, '(');
        CHECK(open && builtin_usage_of((struct str){usage, (size_t)(open - usage)}) == usage);
    }
    CHECK(count >= 50);
    CHECK(!builtin_usage_of(STR("len")));
}

int main(void)
{
    a_chain_of_ten_thousand_computed_fields_in_reverse_order_is_turned_round();
    a_chain_of_ten_thousand_lets_in_reverse_order_has_types();
    a_circle_of_ten_thousand_is_told_in_one_line();
    rules_come_after_what_they_need();
    rules_of_one_repeat_stay_together();
    the_same_source_gives_the_same_text();
    a_form_is_refused_from_the_first_step_past_the_limit();
    sizes_of_expressions_are_counted_to_the_limit();
    a_question_that_doubles_itself_is_refused_without_being_written_out();
    what_is_nested_is_looked_at_once();
    all_rows_of_a_nested_repeat_cost_no_more_than_a_submission_can_hold();
    what_is_charged_beforehand_holds_no_loop_and_no_text();
    one_mistake_is_one_diagnostic();
    a_name_is_told_once_and_how_often_it_is_used();
    the_missing_value_stands_in_a_branch_alone();
    what_could_not_be_read_declares_no_unknown_names();
    ten_thousand_mistakes_are_counted_and_fifty_told();
    errors_of_the_parser_are_errors_of_the_form();
    names_are_looked_up_outwards();
    a_where_sees_the_row_first_and_outer_what_is_around();
    rows_are_bounded_by_where_their_path_begins();
    checks_of_one_name_are_told_apart_by_their_place();
    a_call_written_out_is_as_deep_as_an_expression_may_be();
    functions_that_double_themselves_are_refused_without_being_written_out();
    ten_thousand_constants_in_reverse_order_are_worked_out();
    too_little_memory_is_a_status_whatever_the_moment();
    a_heap_that_refuses_leaves_nothing_behind();
    every_function_has_a_usage_that_names_it();
    return TEST_RESULT();
}
