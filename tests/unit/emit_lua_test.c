#include "base/json_value.h"
#include "dsl/emit_lua.h"
#include "dsl/emitter.h"
#include "runtime/runtime.h"
#include "tests/unit/compiled.h"

static struct arena arena;

/* ---- making forms and judging */

static struct buf text;

static void begin(void)
{
    buf_reset(&text);
    buf_puts(&text, "edition 2026\nform f \"F\" {\n");
}

static struct program *end(void)
{
    buf_puts(&text, "\n}\n");
    CHECK(!buf_failed(&text));
    return compiled_str(buf_str(&text));
}

/* "a0: integer "A" a1: …" */
static void put_fields(int count)
{
    for (int i = 0; i < count; i++) buf_printf(&text, "a%d: integer \"A\"\n", i);
}

/* "a0 … and a1 …": `term` has the number twice, and the next one once. */
static void put_chain(const char *word, const char *term, int count)
{
    for (int i = 0; i < count; i++) {
        if (i) buf_printf(&text, " %s ", word);
        for (const char *at = term; *at; at++) {
            if (*at == '#') buf_printf(&text, "%d", i);
            else if (*at == '@') buf_printf(&text, "%d", (i + 1) % count);
            else buf_putc(&text, *at);
        }
    }
}

/* {"a0": 0, "a1": 1, …} but number `other`, which is -1. */
static struct str answers_with(int count, int other)
{
    struct buf out;
    buf_init(&out, mem_heap(), 1 << 20);
    for (int i = 0; i < count; i++)
        buf_printf(&out, "%s\"a%d\":%d", i ? "," : "{", i, i == other ? -1 : i);
    buf_puts(&out, "}");
    struct str all = arena_str(&arena, buf_str(&out));
    buf_release(&out);
    return all;
}

/* The verdict on the answers, or how it ended instead. Its steps are never more than the price. */
static enum judge_state judge(const struct program *program, struct str answers,
                              struct json_value *ret_verdict)
{
    struct judge *worker;
    struct judge_outcome outcome;
    struct buf out;
    struct json_error error;
    struct judging judging = {.program = program,
                              .answers = answers,
                              .locale = STR("en"),
                              .steps_max = program->cost.steps_max};
    CHECK_STATUS(judge_new(mem_heap(), &worker), ST_OK);
    CHECK_STATUS(judge_run(worker, &judging, &outcome), ST_OK);
    CHECK(outcome.steps <= program->cost.steps_max);
    buf_init(&out, mem_heap(), limit(VERDICT_BYTES));
    if (outcome.state == JUDGE_JUDGED) {
        verdict_write(worker, 0, &out);
        CHECK_STATUS(
            json_read(&arena, arena_str(&arena, buf_str(&out)), limit(JSON_DEPTH), ret_verdict, &error),
            ST_OK);
    } else {
        fprintf(stderr, "state %d, fault %d of rule %u\n", (int)outcome.state, (int)outcome.fault,
                outcome.fault_rule);
    }
    buf_release(&out);
    judge_free(worker);
    return outcome.state;
}

/* The value of an answer in the verdict as text; "" when it is not there. */
static struct str judged(const struct program *program, struct str answers, const char *pointer)
{
    struct json_value verdict;
    if (judge(program, answers, &verdict) != JUDGE_JUDGED) return STR("not judged");
    const struct json_value *value = json_find(json_get(&verdict, STR("answers")), str_of(pointer));
    if (!value) return STR("");
    if (value->kind == JSON_TRUE) return STR("true");
    return value->kind == JSON_FALSE ? STR("false") : value->text;
}

static bool is_judged(const struct program *program, struct str answers, const char *pointer,
                      const char *want)
{
    struct str got = judged(program, answers, pointer);
    if (!str_eq(got, str_of(want)))
        fprintf(stderr, "%s is %.*s, not %s\n", pointer, STR_ARG(got), want);
    return str_eq(got, str_of(want));
}

/* ---- long chains */

enum { TERMS = 1000 };

/* A chain in the form and in rows, of terms that fit a line and of terms that need statements. */
static void try_chain(const char *word, const char *term, const char *all_but_last, const char *all)
{
    for (int in_rows = 0; in_rows < 2; in_rows++) {
        begin();
        if (in_rows) buf_puts(&text, "repeat r \"R\" 0..3 {\n");
        put_fields(TERMS);
        buf_puts(&text, "x: boolean = ");
        put_chain(word, term, TERMS);
        if (in_rows) buf_puts(&text, "\n}");
        struct program *p = end();
        const char *pointer = in_rows ? "/r/0/x" : "/x";
        struct str without = answers_with(TERMS, TERMS - 1), with = answers_with(TERMS, -1);
        struct str rows_without =
            in_rows ? arena_printf(&arena, "{\"r\":[%.*s]}", STR_ARG(without)) : without;
        struct str rows_with = in_rows ? arena_printf(&arena, "{\"r\":[%.*s]}", STR_ARG(with)) : with;
        CHECK(is_judged(p, rows_without, pointer, all_but_last));
        CHECK(is_judged(p, rows_with, pointer, all));
        CHECK(is_judged(p, in_rows ? STR("{\"r\":[{}]}") : STR("{}"), pointer, ""));
        program_release(p);
    }
}

static void chains_of_a_thousand_terms_hold_together(void)
{
    try_chain("and", "a# = #", "false", "true");
    try_chain("or", "a# = # - 1000", "true", "false");
    try_chain("and", "a# + a@ >= #", "false", "true");
    try_chain("or", "a# + 5 = 4", "true", "false");
}

static void lists_of_hundreds_of_operands_do_too(void)
{
    begin();
    put_fields(300);
    buf_puts(&text, "least: integer = min(");
    put_chain(",", "a#", 300);
    buf_puts(&text, ")\nmost: integer = max(");
    put_chain(",", "a# + 1", 300);
    buf_puts(&text, ")\nnames: text = join(\"-\", ");
    put_chain(",", "text(a#)", 300);
    buf_puts(&text, ")\nlisted: boolean = a0 in (");
    put_chain(",", "#", 300);
    buf_puts(&text, ")");
    struct program *p = end();
    struct str answers = answers_with(300, 7);
    CHECK(is_judged(p, answers, "/least", "-1") && is_judged(p, answers, "/most", "300") &&
          is_judged(p, answers, "/listed", "true"));
    struct str names = judged(p, answers, "/names");
    CHECK(str_starts(names, STR("0-1-2-3-4-5-6--1-8-")) && names.len > 1000 &&
          str_eq((struct str){names.ptr + names.len - 4, 4}, STR("-299")));
    CHECK(is_judged(p, STR("{\"a250\":1}"), "/names", "1") && is_judged(p, STR("{}"), "/least", ""));
    CHECK(is_judged(p, STR("{\"a299\":4,\"a3\":9}"), "/names", "9-4"));
    program_release(p);
}

/* ---- many rules */

static void five_thousand_computed_fields_run_in_their_order(void)
{
    begin();
    buf_puts(&text, "b: integer \"B\" min 0 max 10\n");
    for (int i = 4999; i > 0; i--) buf_printf(&text, "c%d: integer = c%d + 1\n", i, i - 1);
    buf_puts(&text, "c0: integer = b * 2");
    struct program *p = end();
    CHECK(p->chunk_count > 1);
    CHECK(is_judged(p, STR("{\"b\":3}"), "/c4999", "5005"));
    CHECK(is_judged(p, STR("{}"), "/c4999", ""));
    program_release(p);
}

static void a_form_of_ten_thousand_fields_is_judged(void)
{
    begin();
    for (int i = 0; i < limit(FIELDS) - 2; i++)
        buf_printf(&text, "c%d: integer \"C\"%s\n", i, i % 10 ? "" : " when c1 > 2");
    buf_printf(&text, "x: integer = c1 + c%d", limit(FIELDS) - 3);
    struct program *p = end();
    struct str answers = arena_printf(&arena, "{\"c1\":3,\"c%d\":4,\"c20\":5}", limit(FIELDS) - 3);
    CHECK(is_judged(p, answers, "/x", "7") && is_judged(p, answers, "/c20", "5"));
    program_release(p);
}

/* ---- deep expressions */

static void expressions_as_deep_as_they_may_be_run(void)
{
    begin();
    put_fields(70);
    buf_puts(&text, "x: integer = ");
    for (int i = 0; i < 30; i++) buf_printf(&text, "(if a%d > 3 then ", i);
    buf_puts(&text, "a30");
    for (int i = 29; i >= 0; i--) buf_printf(&text, " else a%d)", i);
    buf_puts(&text, "\ny: integer = ");
    for (int i = 0; i < 30; i++) buf_puts(&text, "(");
    buf_puts(&text, "a0");
    for (int i = 1; i < 31; i++) buf_printf(&text, " ?? a%d + a%d)", i, i + 1);
    struct program *p = end();
    CHECK(is_judged(p, answers_with(31, -1), "/x", "0"));
    CHECK(is_judged(p, STR("{\"a0\":9,\"a1\":9,\"a2\":2}"), "/x", "2"));
    CHECK(is_judged(p, STR("{\"a29\":9,\"a30\":2}"), "/y", "11"));
    program_release(p);
}

/* Each level asks both questions of what is below, twice; its code is there once. */
static void booleans_inside_booleans_do_not_double_their_code(void)
{
    size_t bytes[2];
    for (int k = 0; k < 2; k++) {
        begin();
        put_fields(20);
        buf_puts(&text, "x: boolean = ");
        int depth = k ? 10 : 5;
        for (int i = 0; i < depth; i++) buf_puts(&text, "((");
        buf_puts(&text, "a0 + a1 > 1");
        for (int i = 0; i < depth; i++)
            buf_printf(&text, " and a%d + a%d > %d) = (a%d > 3))", i, i + 1, i, i);
        struct program *p = end();
        bytes[k] = p->chunks[0].lua.len;
        CHECK(is_judged(p, answers_with(2, -1), "/x", ""));
        program_release(p);
    }
    CHECK(bytes[1] < 3 * bytes[0]);
}

static void aggregates_inside_aggregates_run(void)
{
    begin();
    buf_puts(&text, "repeat r \"R\" 0..3 {\n q: integer \"Q\" min 0 max 10\n}\nx: boolean = ");
    for (int i = 0; i < 7; i++) buf_puts(&text, "any(r where ");
    buf_puts(&text, "q > 5");
    for (int i = 0; i < 7; i++) buf_printf(&text, " and q >= %d)", i);
    struct program *p = end();
    CHECK(is_judged(p, STR("{\"r\":[{\"q\":1},{\"q\":6}]}"), "/x", "true"));
    CHECK(is_judged(p, STR("{\"r\":[{\"q\":1},{\"q\":5}]}"), "/x", "false"));
    program_release(p);
}

/* ---- literals */

static void literals_reach_lua_as_they_are(void)
{
    struct program *p =
        compiled(FORM("t: text = \"]] \\\"--[[ \\\\ \\n\\t \\u{1F600} ' %d \" + s  s: text \"S\""
                      " n: number = number(0.1) + m  m: number \"M\""
                      " big: integer = i - 9_007_199_254_740_991  i: integer \"I\" min 0 max 5"));
    CHECK(is_judged(p, STR("{\"s\":\"x\"}"), "/t", "]] \"--[[ \\ \n\t \xf0\x9f\x98\x80 ' %d x"));
    CHECK(is_judged(p, STR("{\"m\":0.2}"), "/n", "0.30000000000000004"));
    CHECK(is_judged(p, STR("{\"i\":0}"), "/big", "-9007199254740991"));
    program_release(p);
}

/* ---- what it costs */

/* Work and size grow as the form does: memory asked for stands for both, since all that is made is
 * allocated. */
static size_t bytes_for(int fields, size_t *ret_lua, size_t *ret_requests)
{
    struct test_mem tm = TEST_MEM(.fail_at = 0);
    struct arena own;
    struct diags diags;
    struct program *p = NULL;
    begin();
    for (int i = 0; i < fields; i++)
        buf_printf(&text,
                   "a%d: integer \"A\" when a%d > 3 check a%d < a%d + 2 else \"no\"\nb%d: integer = "
                   "a%d * 2 + b%d\n",
                   i, i ? i - 1 : fields, i, i ? i - 1 : fields, i, i, i + 1);
    buf_printf(&text, "a%d: integer \"A\" min 0 max 9\nb%d: integer = 1", fields, fields);
    buf_puts(&text, "\n}\n");
    arena_init(&own, mem_heap(), 1 << 20);
    diags_init(&diags, &own, 10);
    CHECK_STATUS(dsl_compile(&tm.mem, buf_str(&text), &diags, &p), ST_OK);
    size_t bytes = program_bytes(p);
    *ret_lua = 0;
    for (uint32_t i = 0; i < p->chunk_count; i++) *ret_lua += p->chunks[i].lua.len;
    *ret_requests = tm.requests;
    program_release(p);
    arena_release(&own);
    return bytes;
}

static void programs_grow_no_faster_than_their_forms(void)
{
    size_t lua[3], requests[3], bytes[3];
    for (int i = 0; i < 3; i++) bytes[i] = bytes_for(500 << i, &lua[i], &requests[i]);
    for (int i = 1; i < 3; i++) {
        CHECK(lua[i] < lua[i - 1] * 9 / 4);
        CHECK(requests[i] < requests[i - 1] * 9 / 4);
        CHECK(bytes[i] < bytes[i - 1] * 5 / 2);
    }
}

static void the_form_pays_before_and_rows_pay_at_the_loop(void)
{
    struct program *p = compiled(FORM("a: integer \"A\" b: integer = a + 1 repeat r \"R\" 0..100 { c: "
                                      "integer \"C\" d: integer = c + 1 }"));
    struct json_value none, some;
    int64_t without = 0, with = 0;
    CHECK(p->chunk_count == 1 && p->chunks[0].base_steps > 0);
    CHECK(judge(p, STR("{}"), &none) == JUDGE_JUDGED && json_get_int(&none, STR("steps"), &without));
    CHECK(judge(p, STR("{\"r\":[{},{},{},{},{},{},{},{},{},{}]}"), &some) == JUDGE_JUDGED &&
          json_get_int(&some, STR("steps"), &with));
    CHECK(without == p->chunks[0].base_steps);
    CHECK((with - without) * 10 == (int64_t)p->cost.steps_max - without); /* ten rows of a hundred */
    program_release(p);
}

static void a_form_without_rules_has_no_lua(void)
{
    struct program *p = compiled(FORM("a: integer \"A\" min 1 b: text \"B\" required"));
    CHECK(p->chunk_count == 0 && p->cost.steps_max == 0);
    program_release(p);
}

static void chunks_name_the_helpers_that_they_take(void)
{
    struct program *p = compiled(FORM("d: date \"D\" y: integer = year(d) check y > 2000 else \"no\""));
    CHECK(p->chunk_count == 1 && p->chunks[0].helper_count == 2);
    CHECK(p->chunks[0].helpers[0] == HELPER_FAIL && p->chunks[0].helpers[1] == HELPER_YEAR);
    CHECK(str_starts(p->chunks[0].lua, STR("local fail,year=...\n")));
    program_release(p);
}

/* ---- direct chunks */

static void a_small_form_hands_its_slots_over(void)
{
    struct program *p = compiled(
        FORM("a: integer \"A\" let twice = a * 2 b: integer = twice + 1 c: integer \"C\" when b > 6"));
    const struct program_chunk *chunk = p->chunks;
    CHECK(p->chunk_count == 1 && chunk->direct);
    CHECK(chunk->input_count == 1 && chunk->inputs[0] == p->nodes[1].slot);
    CHECK(chunk->output_count == 2 && chunk->outputs[0] == p->nodes[3].slot);
    CHECK(chunk->outputs[1] == p->nodes[4].relevance_slot);
    CHECK(is_judged(p, STR("{\"a\":3,\"c\":1}"), "/b", "7"));
    CHECK(is_judged(p, STR("{\"a\":3,\"c\":1}"), "/c", "1"));
    CHECK(is_judged(p, STR("{\"c\":1}"), "/b", "") && is_judged(p, STR("{\"c\":1}"), "/c", ""));
    program_release(p);
}

/* So many fields, and one slot more for their sum. */
static struct program *sum_of(int count)
{
    begin();
    put_fields(count);
    buf_puts(&text, "s: integer = ");
    put_chain("+", "a#", count);
    return end();
}

static void a_form_of_more_slots_goes_by_the_table(void)
{
    struct program *small = sum_of(EMIT_HOMES_MAX - 1), *large = sum_of(EMIT_HOMES_MAX);
    CHECK(small->chunk_count == 1 && small->chunks[0].direct);
    CHECK(small->chunks[0].input_count == EMIT_HOMES_MAX - 1);
    CHECK(large->chunk_count == 1 && !large->chunks[0].direct);
    CHECK(is_judged(small, answers_with(EMIT_HOMES_MAX - 1, 0), "/s", "1952"));
    CHECK(is_judged(large, answers_with(EMIT_HOMES_MAX, 0), "/s", "2015"));
    program_release(small);
    program_release(large);
}

int main(void)
{
    arena_init(&arena, mem_heap(), 256 << 20);
    buf_init(&text, mem_heap(), 4 << 20);
    chains_of_a_thousand_terms_hold_together();
    lists_of_hundreds_of_operands_do_too();
    five_thousand_computed_fields_run_in_their_order();
    a_form_of_ten_thousand_fields_is_judged();
    expressions_as_deep_as_they_may_be_run();
    booleans_inside_booleans_do_not_double_their_code();
    aggregates_inside_aggregates_run();
    literals_reach_lua_as_they_are();
    programs_grow_no_faster_than_their_forms();
    the_form_pays_before_and_rows_pay_at_the_loop();
    a_form_without_rules_has_no_lua();
    chunks_name_the_helpers_that_they_take();
    a_small_form_hands_its_slots_over();
    a_form_of_more_slots_goes_by_the_table();
    buf_release(&text);
    arena_release(&arena);
    return TEST_RESULT();
}
