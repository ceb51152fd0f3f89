/* Runs the cases that stand beside a form: X.form with X.cases.json.
 *
 *     run_cases FOLDER FORM.form…         FOLDER is where the "answers_file" paths start (the
 * repository)
 *
 * A case: {"case": sentence, "now", "locale"?, "answers": {…} or "answers_file" with
 * "answers_pointer"?, "expect":
 * {"valid", "errors": ["/pointer code", …] (all of them, in any order), "values": {pointer: value},
 * "hidden": […], "shown": […], "messages": {pointer: text of one error there}, "params": {pointer:
 * params of one error there}, "texts": {pointer: {"label" …}} filled in, "suggestions": {pointer:
 * value, null: none}, "now": {pointer: {…}}, "fault": line of the rule that
 * faulted, "at": pointer of its place, "outcome": "malformed" | "fault" | …}}. A case may have "rows":
 * {"member", "row", "times"} instead of answers: an object with one long array. Every member of
 * "expect" but "valid" may be left out; without "errors" none are looked at. An answers_file outside
 * the repository that is absent is skipped, loudly. */
#include "base/arena.h"
#include "base/civil.h"
#include "base/json_value.h"
#include "base/limits.h"
#include "base/zone.h"
#include "dsl/dsl.h"
#include "runtime/runtime.h"
#include "tests/tables.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ERRORS_MAX = 1000 };

static int failures, cases_run, cases_skipped, forms_skipped;
static const char *root;

struct run {
    struct arena arena;
    const char *form_path;
    struct str name; /* of the case at hand */
    struct program *program;
    struct judge *judge;
    struct judge_outcome outcome;
    struct json_value verdict;
};

static void fail(const struct run *run, const char *what, struct str detail)
{
    fprintf(stderr, "%s: \"%.*s\": %s: %.*s\n", run->form_path, STR_ARG(run->name), what,
            STR_ARG(detail));
    failures++;
}

static bool read_file(struct arena *arena, const char *path, struct str *ret_text)
{
    FILE *file = fopen(path, "rb");
    if (!file) return false;
    size_t size = 16u << 20;
    char *text = arena_alloc(arena, size);
    size_t len = text ? fread(text, 1, size, file) : 0;
    fclose(file);
    *ret_text = (struct str){text, len};
    return text != NULL;
}

/* Numbers are equal when they are written alike or are the same integer or double; strings byte for
 * byte. */
static bool equal(const struct json_value *a, const struct json_value *b)
{
    if (!a || !b || a->kind != b->kind) return false;
    if (a->kind == JSON_STRING) return str_eq(a->text, b->text);
    if (a->kind == JSON_NUMBER)
        return str_eq(a->text, b->text) || strtod(a->text.ptr, NULL) == strtod(b->text.ptr, NULL);
    if (a->count != b->count) return false;
    for (uint32_t i = 0; i < a->count; i++) {
        if (a->kind == JSON_ARRAY && !equal(&a->items[i], &b->items[i])) return false;
        if (a->kind == JSON_OBJECT && !equal(&a->members[i].value, json_get(b, a->members[i].name)))
            return false;
    }
    return true;
}

static int compare_strings(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* "pointer code" of each, sorted, one per line. */
static struct str error_lines(struct run *run, const struct json_value *errors)
{
    const char *lines[ERRORS_MAX];
    size_t count = 0;
    for (uint32_t i = 0; errors && i < errors->count && count < ERRORS_MAX; i++) {
        const struct json_value *error = &errors->items[i];
        struct str pointer = STR("?"), code = STR("?");
        if (error->kind == JSON_STRING) {
            lines[count++] = arena_printf(&run->arena, "%.*s", STR_ARG(error->text)).ptr;
            continue;
        }
        if (!json_get_str(error, STR("pointer"), &pointer))
            fail(run, "an error without", STR("pointer"));
        if (!json_get_str(error, STR("code"), &code)) fail(run, "an error without", STR("code"));
        lines[count++] = arena_printf(&run->arena, "%.*s %.*s", STR_ARG(pointer), STR_ARG(code)).ptr;
    }
    if (count) qsort(lines, count, sizeof *lines, compare_strings);
    struct str all = STR("");
    for (size_t i = 0; i < count; i++)
        all = arena_printf(&run->arena, "%.*s\n    %s", STR_ARG(all), lines[i]);
    return all;
}

static void expect_errors(struct run *run, const struct json_value *want)
{
    struct str got_lines = error_lines(run, json_get(&run->verdict, STR("errors")));
    struct str want_lines = error_lines(run, want);
    if (str_eq(got_lines, want_lines)) return;
    fail(run, "errors",
         arena_printf(&run->arena, "got%.*s\n  want%.*s", STR_ARG(got_lines), STR_ARG(want_lines)));
}

/* Whether `pointer` or something around it is listed as hidden. */
static bool is_hidden(const struct run *run, struct str pointer)
{
    const struct json_value *hidden = json_get(&run->verdict, STR("hidden"));
    for (uint32_t i = 0; hidden && i < hidden->count; i++) {
        struct str at = hidden->items[i].text;
        if (str_starts(pointer, at) && (pointer.len == at.len || pointer.ptr[at.len] == '/'))
            return true;
    }
    return false;
}

static void expect_hidden(struct run *run, const struct json_value *pointers, bool want)
{
    for (uint32_t i = 0; pointers && i < pointers->count; i++)
        if (is_hidden(run, pointers->items[i].text) != want)
            fail(run, want ? "not hidden" : "hidden", pointers->items[i].text);
}

static void expect_values(struct run *run, const struct json_value *values)
{
    for (uint32_t i = 0; values && i < values->count; i++) {
        struct str pointer = values->members[i].name;
        const struct json_value *want = &values->members[i].value;
        const struct json_value *got = json_find(json_get(&run->verdict, STR("answers")), pointer);
        if (want->kind == JSON_NULL ? got == NULL : equal(got, want)) continue;
        fail(run, "value",
             arena_printf(&run->arena, "%.*s is %.*s, not %.*s", STR_ARG(pointer),
                          got ? (int)got->text.len : 6, got ? got->text.ptr : "absent",
                          STR_ARG(want->text)));
    }
}

/* Some error at each of the pointers has this `member`. */
static void expect_in_errors(struct run *run, struct str member, const struct json_value *wanted)
{
    const struct json_value *errors = json_get(&run->verdict, STR("errors"));
    for (uint32_t i = 0; wanted && i < wanted->count; i++) {
        const struct json_value *got = NULL;
        struct str pointer;
        bool found = false;
        for (uint32_t e = 0; errors && e < errors->count && !found; e++) {
            if (!json_get_str(&errors->items[e], STR("pointer"), &pointer) ||
                !str_eq(pointer, wanted->members[i].name))
                continue;
            got = json_get(&errors->items[e], member);
            found = equal(got, &wanted->members[i].value);
        }
        if (found) continue;
        fail(run, member.ptr,
             arena_printf(&run->arena, "%.*s has \"%.*s\"", STR_ARG(wanted->members[i].name),
                          got ? (int)got->text.len : 0, got ? got->text.ptr : ""));
    }
}

/* What stands beside the verdict, an object by pointer; null: nothing there. */
static void expect_part(struct run *run, const struct json_value *expect, const char *name,
                        void (*write)(const struct judge *, struct buf *))
{
    const struct json_value *wanted = json_get(expect, str_of(name));
    struct buf out;
    struct json_value part;
    struct json_error error;
    if (!wanted) return;
    buf_init(&out, mem_heap(), limit(VERDICT_BYTES));
    write(run->judge, &out);
    if (json_read(&run->arena, buf_str(&out), 64, &part, &error) != ST_OK)
        fail(run, "this is not JSON", buf_str(&out));
    else
        for (uint32_t i = 0; i < wanted->count; i++) {
            const struct json_value *got = json_get(&part, wanted->members[i].name),
                                    *want = &wanted->members[i].value;
            if (want->kind == JSON_NULL ? got != NULL : !equal(got, want))
                fail(run, name, buf_str(&out));
        }
    buf_release(&out);
}

/* Which rule faulted, by its line in the source, and where. */
static void expect_fault(struct run *run, const struct json_value *want, const struct json_value *at)
{
    if (at && !str_eq(at->text, run->outcome.fault_pointer))
        fail(run, "the fault is at", run->outcome.fault_pointer);
    if (!want) return;
    const struct program_rule *rule = &run->program->rules[run->outcome.fault_rule];
    struct str got = arena_printf(&run->arena, "%u", rule->line);
    if (!str_eq(want->text, got)) fail(run, "the fault is of line", got);
}

static const char *outcome_name(enum judge_state state)
{
    static const char *const names[] = {"judged",      "malformed", "over-steps",
                                        "over-memory", "over-time", "fault"};
    return names[state];
}

static void expect(struct run *run, const struct json_value *want)
{
    struct str outcome = STR("judged");
    (void)json_get_str(want, STR("outcome"), &outcome);
    if (!str_eq(outcome, str_of(outcome_name(run->outcome.state)))) {
        fail(run, "outcome", str_of(outcome_name(run->outcome.state)));
        return;
    }
    if (run->outcome.state == JUDGE_FAULT)
        expect_fault(run, json_get(want, STR("fault")), json_get(want, STR("at")));
    if (run->outcome.state != JUDGE_JUDGED) return;

    bool valid, want_valid;
    if (!json_get_bool(want, STR("valid"), &want_valid)) fail(run, "expect has no", STR("valid"));
    else if (!json_get_bool(&run->verdict, STR("valid"), &valid))
        fail(run, "the verdict has no", STR("valid"));
    else if (valid != want_valid)
        fail(run, valid ? "valid" : "not valid",
             error_lines(run, json_get(&run->verdict, STR("errors"))));
    if (json_get(want, STR("errors"))) expect_errors(run, json_get(want, STR("errors")));
    expect_in_errors(run, STR("message"), json_get(want, STR("messages")));
    expect_in_errors(run, STR("params"), json_get(want, STR("params")));
    expect_part(run, want, "texts", verdict_write_texts);
    expect_part(run, want, "suggestions", verdict_write_suggestions);
    expect_part(run, want, "now", verdict_write_now);
    expect_part(run, want, "withheld", verdict_write_withheld);
    expect_values(run, json_get(want, STR("values")));
    expect_hidden(run, json_get(want, STR("hidden")), true);
    expect_hidden(run, json_get(want, STR("shown")), false);
}

/* Judges twice: the same verdict bytes and the same steps, or the promise of determinism is broken. */
static bool judge(struct run *run, const struct judging *judging, struct buf *verdict)
{
    struct buf again;
    buf_init(&again, mem_heap(), limit(VERDICT_BYTES));
    bool same = true;
    for (int i = 0; i < 2 && same; i++) {
        struct buf *out = i ? &again : verdict;
        enum status st = judge_run(run->judge, judging, &run->outcome);
        if (st) {
            fail(run, "judging", str_of(status_text(st)));
            same = false;
        } else if (run->outcome.state == JUDGE_JUDGED) {
            verdict_write(run->judge, 0, out);
        }
    }
    if (same && !str_eq(buf_str(verdict), buf_str(&again))) {
        fail(run, "two judgings differ", STR(""));
        same = false;
    }
    buf_release(&again);
    return same;
}

/* The bytes of `value` in the text it was read from. */
static struct str json_source(struct run *run, struct str text, const struct json_value *value)
{
    struct json_reader reader;
    struct str rest = {text.ptr + value->offset, text.len - value->offset};
    json_reader_init(&reader, rest, &run->arena, limit(JSON_DEPTH));
    if (!json_skip(&reader, json_next(&reader))) fail(run, "cannot be cut out", STR("answers"));
    return (struct str){rest.ptr, (size_t)(reader.cur.at - rest.ptr)};
}

/* {"member": [row, row, …]}, so that a case need not write ten thousand rows. */
static struct str make_rows(struct run *run, struct str text, const struct json_value *rows)
{
    int64_t times = 0;
    struct str member = STR(""), row = json_source(run, text, json_get(rows, STR("row")));
    if (!json_get_str(rows, STR("member"), &member) || !json_get_int(rows, STR("times"), &times))
        fail(run, "lack member or times", STR("rows"));
    size_t room = member.len + 8 + (size_t)times * (row.len + 1);
    char *all = arena_alloc(&run->arena, room);
    size_t len = all ? (size_t)snprintf(all, room, "{\"%.*s\":[", STR_ARG(member)) : 0;
    for (int64_t i = 0; all && i < times; i++)
        len += (size_t)snprintf(all + len, room - len, "%s%.*s", i ? "," : "", STR_ARG(row));
    if (all) len += (size_t)snprintf(all + len, room - len, "]}");
    return (struct str){all, len};
}

/* The answers' JSON text: written in the case, or cut out of a file. False: skipped or failed. */
static bool find_answers(struct run *run, struct str text, const struct json_value *one,
                         struct str *ret_answers)
{
    struct str file, pointer = STR("");
    const struct json_value *inline_answers = json_get(one, STR("answers"));
    if (inline_answers) {
        *ret_answers = json_source(run, text, inline_answers);
        return true;
    }
    if (json_get(one, STR("rows"))) {
        *ret_answers = make_rows(run, text, json_get(one, STR("rows")));
        return true;
    }
    if (!json_get_str(one, STR("answers_file"), &file)) {
        fail(run, "has neither", STR("answers nor answers_file"));
        return false;
    }
    (void)json_get_str(one, STR("answers_pointer"), &pointer);
    struct str path = arena_printf(&run->arena, "%s/%.*s", root, STR_ARG(file)), content;
    if (!read_file(&run->arena, path.ptr, &content)) {
        fprintf(stderr, "SKIPPED: %s: \"%.*s\": no %.*s here\n", run->form_path, STR_ARG(run->name),
                STR_ARG(file));
        cases_skipped++;
        return false;
    }
    struct json_value *whole = ARENA_NEW(&run->arena, struct json_value);
    struct json_error error;
    if (pointer.len == 0) {
        *ret_answers = content;
        return true;
    }
    if (json_read(&run->arena, content, 64, whole, &error) != ST_OK) {
        fail(run, "is not JSON", file);
        return false;
    }
    const struct json_value *found = json_find(whole, pointer);
    if (!found) fail(run, "has no", pointer);
    else *ret_answers = json_source(run, content, found);
    return found != NULL;
}

static void run_case(struct run *run, struct str text, const struct json_value *one)
{
    struct str now = STR("2026-01-15T10:00:00Z"), locale = STR("");
    run->name = STR("(a case without a name)");
    (void)json_get_str(one, STR("case"), &run->name);
    (void)json_get_str(one, STR("now"), &now);
    (void)json_get_str(one, STR("locale"), &locale);

    int32_t offset;
    struct judging judging = {
        .program = run->program, .locale = locale, .steps_max = limit(COST_STEPS)};
    if (!civil_parse_datetime(now, &judging.now_ms, &offset)) {
        fail(run, "now", now);
        return;
    }
    if (zone_open(&run->arena, run->program->timezone, &judging.zone) != ST_OK) {
        fail(run, "zone", run->program->timezone);
        return;
    }
    if (!find_answers(run, text, one, &judging.answers)) return;
    cases_run++;

    struct buf verdict;
    struct json_error error;
    buf_init(&verdict, mem_heap(), limit(VERDICT_BYTES));
    run->verdict = (struct json_value){0};
    if (judge(run, &judging, &verdict)) {
        if (verdict.len &&
            json_read(&run->arena, buf_str(&verdict), 64, &run->verdict, &error) != ST_OK)
            fail(run, "the verdict is not JSON", buf_str(&verdict));
        else expect(run, json_get(one, STR("expect")));
    }
    buf_release(&verdict);
}

static void run_form(const char *path)
{
    struct run run = {.form_path = path, .name = STR("(the form)")};
    struct str source, text;
    struct diags diags;
    arena_init(&run.arena, mem_heap(), (size_t)1 << 30);
    diags_init(&diags, &run.arena, limit(DIAGNOSTICS));
    size_t stem = strlen(path) - strlen(".form");
    struct str cases_path = arena_printf(&run.arena, "%.*s.cases.json", (int)stem, path);

    struct json_value cases;
    struct json_error error;
    struct test_tables tables;
    struct price_caps caps = price_caps_default();
    struct price price;
    test_tables_open(&tables, path);
    if (!read_file(&run.arena, path, &source)) {
        fail(&run, "cannot be read", STR(""));
    } else if (dsl_compile_with(mem_heap(), source, &tables.tables, &caps, &diags, &price,
                                &run.program) != ST_OK &&
               tables.missing) {
        fprintf(stderr, "SKIPPED: %s: a table of it is not here\n", path);
        forms_skipped++;
    } else if (!run.program) {
        struct buf out;
        buf_init(&out, mem_heap(), limit(VERDICT_BYTES));
        diags_print(&diags, str_of(path), source, &out);
        fail(&run, "does not compile", buf_str(&out));
        buf_release(&out);
    } else if (!read_file(&run.arena, cases_path.ptr, &text)) {
        fail(&run, "no cases", cases_path);
    } else if (json_read(&run.arena, text, 64, &cases, &error) != ST_OK || cases.kind != JSON_ARRAY) {
        fail(&run, "not a JSON array",
             arena_printf(&run.arena, "%s near byte %zu", cases_path.ptr, error.offset));
    } else if (judge_new(mem_heap(), &run.judge) != ST_OK) {
        fail(&run, "no memory", STR(""));
    } else {
        for (uint32_t i = 0; i < cases.count; i++) run_case(&run, text, &cases.items[i]);
    }
    test_tables_close(&tables);
    judge_free(run.judge);
    program_release(run.program);
    arena_release(&run.arena);
}

int main(int argc, char **argv)
{
    if (argc < 3) return EXIT_FAILURE;
    root = argv[1];
    for (int i = 2; i < argc; i++) run_form(argv[i]);
    fprintf(stderr, "%d cases, %d skipped, %d failures\n", cases_run, cases_skipped, failures);
    if (forms_skipped && !failures) return 77;
    return failures || cases_run == 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
