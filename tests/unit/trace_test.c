/* A trace is told by a program that was compiled for it: over all forms of tests/language and
 * tests/golden its verdicts are those of the ordinary program to the byte, and what it says of values
 * is what the verdict says. Reasons explain each error of the verdict. */
#include "base/civil.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/zone.h"
#include "dsl/dsl.h"
#include "runtime/runtime.h"
#include "tests/file.h"
#include "tests/tables.h"
#include "tests/test.h"

static struct arena arena;
static struct judge *judge;
static unsigned judged, rules_told, values_told, errors_told, places_found;

static struct str cut(struct str text, const struct json_value *value)
{
    struct json_reader reader;
    struct str rest = {text.ptr + value->offset, text.len - value->offset};
    json_reader_init(&reader, rest, &arena, limit(JSON_DEPTH));
    CHECK(json_skip(&reader, json_next(&reader)));
    return (struct str){rest.ptr, (size_t)(reader.cur.at - rest.ptr)};
}

static enum judge_state run(const struct program *program, struct str answers, struct buf *verdict)
{
    struct judging judging = {.program = program, .answers = answers, .steps_max = limit(COST_STEPS)};
    struct judge_outcome outcome;
    int32_t offset;
    CHECK(civil_parse_datetime(STR("2026-01-15T10:00:00Z"), &judging.now_ms, &offset));
    CHECK_STATUS(zone_open(&arena, program->timezone, &judging.zone), ST_OK);
    CHECK_STATUS(judge_run(judge, &judging, &outcome), ST_OK);
    if (outcome.state == JUDGE_JUDGED) verdict_write(judge, 0, verdict);
    return outcome.state;
}

/* Computed fields of the form: the trace's result is the verdict's answer. */
static void compare_values(const struct json_value *trace, struct str trace_text,
                           const struct json_value *verdict, struct str verdict_text)
{
    for (uint32_t i = 0; i < trace->count; i++) {
        struct str rule = STR(""), of = STR("");
        const struct json_value *one = &trace->items[i], *result = json_get(one, STR("result"));
        CHECK(json_get_str(one, STR("rule"), &rule) && json_get_str(one, STR("of"), &of));
        CHECK(json_get(one, STR("reads")));
        rules_told++;
        if (!result || !str_eq(rule, STR("value")) || json_get(one, STR("row"))) continue;
        const struct json_value *answer = json_get(json_get(verdict, STR("answers")), of);
        if (!answer) continue; /* a let, or in a group, or under another key, or missing */
        CHECK(str_eq(cut(trace_text, result), cut(verdict_text, answer)));
        values_told++;
    }
}

static uint32_t errors_in(const struct json_value *places)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < places->count; i++)
        count += json_get(&places->items[i], STR("errors"))->count;
    return count;
}

/* Every error of the verdict is explained once, at its own place (a member that nobody knows: at what
 * it is in), and that place is found by its pointer. */
static void compare_reasons(const struct program_steps *steps, const struct json_value *verdict)
{
    struct buf out;
    struct json_value reasons;
    struct json_error error;
    int64_t total = -1;
    buf_init(&out, mem_heap(), 64u << 20);
    CHECK(verdict_write_reasons(judge, steps, STR(""), false, &out) && !buf_failed(&out));
    CHECK_STATUS(json_read(&arena, buf_str(&out), limit(JSON_DEPTH), &reasons, &error), ST_OK);
    const struct json_value *places = json_get(&reasons, STR("places"));
    CHECK(json_get_int(&reasons, STR("places_total"), &total) && total >= (int64_t)places->count);
    if (total == (int64_t)places->count) {
        CHECK(errors_in(places) == json_get(verdict, STR("errors"))->count);
        errors_told += errors_in(places);
    }
    for (uint32_t i = 0; i < places->count; i++) {
        struct str pointer = STR("");
        CHECK(json_get_str(&places->items[i], STR("pointer"), &pointer));
        if (!pointer.len) continue;
        struct str kept = arena_str(&arena, pointer);
        struct buf one;
        buf_init(&one, mem_heap(), 64u << 20);
        CHECK(verdict_write_reasons(judge, steps, kept, false, &one));
        buf_release(&one);
        places_found++;
    }
    buf_release(&out);
}

static void compare(const struct program *program, const struct program *traced,
                    const struct program_steps *steps, struct str answers)
{
    struct buf plain, other, trace;
    struct json_value told, verdict;
    struct json_error error;
    buf_init(&plain, mem_heap(), limit(VERDICT_BYTES));
    buf_init(&other, mem_heap(), limit(VERDICT_BYTES));
    buf_init(&trace, mem_heap(), 64u << 20);
    enum judge_state state = run(program, answers, &plain);
    enum judge_state other_state = run(traced, answers, &other);
    if (other_state != state)
        fprintf(stderr, "%.*s: state %d, not %d\n", STR_ARG(program->name), (int)other_state,
                (int)state);
    CHECK(other_state == state);
    CHECK(str_eq(buf_str(&plain), buf_str(&other)));
    if (other_state == JUDGE_JUDGED && state == other_state) {
        judged++;
        verdict_write_trace(judge, steps, &trace);
        CHECK(!buf_failed(&trace));
        CHECK_STATUS(json_read(&arena, buf_str(&trace), limit(JSON_DEPTH), &told, &error), ST_OK);
        CHECK_STATUS(json_read(&arena, buf_str(&plain), limit(JSON_DEPTH), &verdict, &error), ST_OK);
        compare_values(&told, buf_str(&trace), &verdict, buf_str(&plain));
        compare_reasons(steps, &verdict);
    }
    buf_release(&plain);
    buf_release(&other);
    buf_release(&trace);
}

static void compare_form(const char *cases_path)
{
    char path[4096];
    struct test_tables tables;
    struct diags diags;
    struct price price;
    struct price_caps caps = price_caps_default();
    struct program *program = NULL, *traced = NULL;
    struct program_steps steps;
    struct json_value cases;
    struct json_error error;
    arena_reset(&arena);
    snprintf(path, sizeof path, "%.*s.form", (int)(strlen(cases_path) - strlen(".cases.json")),
             cases_path);
    struct str source = file_read(path), text = file_read(cases_path);
    test_tables_open(&tables, path);
    diags_init(&diags, &arena, limit(DIAGNOSTICS));
    CHECK_STATUS(dsl_compile_with(mem_heap(), source, &tables.tables, &caps, &diags, &price, &program),
                 ST_OK);
    CHECK_STATUS(dsl_compile_traced(&arena, source, &tables.tables, &diags, &steps, &traced), ST_OK);
    CHECK_STATUS(json_read(&arena, text, limit(JSON_DEPTH), &cases, &error), ST_OK);
    for (uint32_t i = 0; program && traced && i < cases.count; i++) {
        const struct json_value *answers = json_get(&cases.items[i], STR("answers"));
        if (answers) compare(program, traced, &steps, cut(text, answers));
    }
    program_release(program);
    program_release(traced);
    test_tables_close(&tables);
    file_free(source);
    file_free(text);
}

int main(void)
{
    char *paths[200];
    size_t count = file_list("tests/language", ".cases.json", paths, 200);
    arena_init(&arena, mem_heap(), 1u << 30);
    CHECK_STATUS(judge_new(mem_heap(), &judge), ST_OK);
    for (size_t i = 0; i < count; i++) {
        compare_form(paths[i]);
        free(paths[i]);
    }
    fprintf(stderr, "%u judged, %u rules told, %u values compared\n", judged, rules_told, values_told);
    fprintf(stderr, "%u errors explained, %u places found\n", errors_told, places_found);
    CHECK(errors_told > 100 && places_found > 200);
    CHECK(judged > 200 && rules_told > 1000 && values_told > 100);
    judge_free(judge);
    arena_release(&arena);
    return TEST_RESULT();
}
