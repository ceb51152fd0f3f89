#include "cli/cases.h"
#include "cli/beside.h"
#include "cli/form_file.h"

#include "base/atlas.h"
#include "base/civil.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/word.h"
#include "base/zone.h"
#include "dsl/dsl.h"
#include "runtime/runtime.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_FACTOR = 64 }; /* a file of cases, the tree of it, verdicts of many */

/* What one form's cases are run with. */
struct run {
    struct arena *arena;
    const struct cases_options *options;
    struct str root; /* where "answers_file" starts; empty: right here */
    struct str text; /* of the file of cases */
    struct program *program;
    struct atlas *atlas; /* when the program needs it */
    struct judge *judge;
    struct judge_outcome outcome;
    struct json_value verdict;
    struct str verdict_text;
    struct case_result *result; /* of the case at hand */
    bool out_of_memory;
};

const char *case_state_name(enum case_state state)
{
    static const char *const names[] = {"passed", "failed", "skipped"};
    return names[state];
}

/* ---- failures */

static void fail(struct run *run, const char *what, struct str pointer, struct str expected,
                 struct str found)
{
    struct case_result *result = run->result;
    result->state = CASE_FAILED;
    if (result->failure_count == result->failure_capacity) {
        uint32_t capacity = result->failure_capacity ? result->failure_capacity * 2 : 4;
        struct case_failure *grown =
            arena_grow(run->arena, result->failures, result->failure_capacity, capacity, sizeof *grown);
        run->out_of_memory |= !grown;
        if (!grown) return;
        result->failures = grown;
        result->failure_capacity = capacity;
    }
    result->failures[result->failure_count++] = (struct case_failure){
        str_of(what), arena_str(run->arena, pointer), arena_str(run->arena, expected),
        arena_str(run->arena, found)}; /* what they point to may not live as long */
}

/* What is wrong with the case, not with the form. */
static void fail_case(struct run *run, const char *what, struct str found)
{
    fail(run, what, STR(""), STR(""), found);
}

/* ---- JSON */

/* The bytes of `value` in the text it was read from; "nothing" for none. */
static struct str json_source(struct run *run, struct str text, const struct json_value *value)
{
    if (!value) return STR("nothing");
    struct json_reader reader;
    struct str rest = {text.ptr + value->offset, text.len - value->offset};
    json_reader_init(&reader, rest, run->arena, limit(JSON_DEPTH));
    if (!json_skip(&reader, json_next(&reader))) return STR("");
    return (struct str){rest.ptr, (size_t)(reader.cur.at - rest.ptr)};
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

/* ---- errors */

/* Whether `one`, "pointer code" as it is written in a case, tells of this error. */
static bool is_error(const struct json_value *one, const struct json_value *error)
{
    struct str pointer = STR(""), code = STR("");
    (void)json_get_str(error, STR("pointer"), &pointer);
    (void)json_get_str(error, STR("code"), &code);
    return one->kind == JSON_STRING && one->text.len == pointer.len + 1 + code.len &&
           str_starts(one->text, pointer) && one->text.ptr[pointer.len] == ' ' &&
           str_eq((struct str){one->text.ptr + pointer.len + 1, code.len}, code);
}

/* "/members/0/name required" → "/members/0/name", "required" */
static void split_error(struct str one, struct str *ret_pointer, struct str *ret_code)
{
    size_t at = one.len;
    while (at > 0 && one.ptr[at - 1] != ' ') at--;
    *ret_code = (struct str){one.ptr + at, one.len - at};
    *ret_pointer = (struct str){one.ptr, at ? at - 1 : 0};
}

/* All of them and no others, in any order. */
static void expect_errors(struct run *run, const struct json_value *want)
{
    const struct json_value *errors = json_get(&run->verdict, STR("errors"));
    uint32_t count = errors ? errors->count : 0;
    bool *met = ARENA_ARRAY(run->arena, bool, (size_t)count + 1);
    run->out_of_memory |= !met;
    if (!want || !met) return;
    for (uint32_t i = 0; i < want->count; i++) {
        struct str pointer, code;
        uint32_t e = 0;
        while (e < count && (met[e] || !is_error(&want->items[i], &errors->items[e]))) e++;
        split_error(want->items[i].text, &pointer, &code);
        if (e == count) fail(run, "error missing", pointer, code, STR(""));
        else met[e] = true;
    }
    for (uint32_t e = 0; e < count; e++) {
        struct str pointer = STR(""), code = STR("");
        if (met[e]) continue;
        (void)json_get_str(&errors->items[e], STR("pointer"), &pointer);
        (void)json_get_str(&errors->items[e], STR("code"), &code);
        fail(run, "error not expected", pointer, STR(""), code);
    }
}

/* "/a required, /b min", for people. */
static struct str error_line(struct run *run)
{
    const struct json_value *errors = json_get(&run->verdict, STR("errors"));
    struct str all = STR("");
    for (uint32_t i = 0; errors && i < errors->count; i++) {
        struct str pointer = STR(""), code = STR("");
        (void)json_get_str(&errors->items[i], STR("pointer"), &pointer);
        (void)json_get_str(&errors->items[i], STR("code"), &code);
        all = arena_printf(run->arena, "%.*s%s%.*s %.*s", STR_ARG(all), i ? ", " : "", STR_ARG(pointer),
                           STR_ARG(code));
    }
    return all;
}

static void expect_valid(struct run *run, const struct json_value *want)
{
    bool valid = false, want_valid;
    if (!json_get_bool(want, STR("valid"), &want_valid)) {
        fail_case(run, "\"expect\" has no \"valid\": true or false", STR(""));
        return;
    }
    (void)json_get_bool(&run->verdict, STR("valid"), &valid);
    if (valid == want_valid) return;
    if (valid) fail(run, "verdict", STR(""), STR("not valid"), STR("valid"));
    else if (json_get(want, STR("errors")))
        fail(run, "verdict", STR(""), STR("valid"), STR("not valid"));
    else fail(run, "verdict", STR(""), STR("valid"), error_line(run));
}

/* Some error at each of the pointers has this `member`. */
static void expect_in_errors(struct run *run, struct str member, const struct json_value *wanted)
{
    const struct json_value *errors = json_get(&run->verdict, STR("errors"));
    for (uint32_t i = 0; wanted && i < wanted->count; i++) {
        const struct json_value *got = NULL, *want = &wanted->members[i].value;
        struct str pointer;
        bool found = false;
        for (uint32_t e = 0; errors && e < errors->count && !found; e++) {
            if (!json_get_str(&errors->items[e], STR("pointer"), &pointer) ||
                !str_eq(pointer, wanted->members[i].name))
                continue;
            got = json_get(&errors->items[e], member);
            found = equal(got, want);
        }
        if (found) continue;
        fail(run, str_eq(member, STR("message")) ? "message of an error" : "params of an error",
             wanted->members[i].name, json_source(run, run->text, want),
             json_source(run, run->verdict_text, got));
    }
}

/* ---- values and what is shown */

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
            fail(run, "relevance", pointers->items[i].text, want ? STR("hidden") : STR("shown"),
                 want ? STR("shown") : STR("hidden"));
}

static void expect_value(struct run *run, struct str pointer, const struct json_value *want)
{
    const struct json_value *got = json_find(json_get(&run->verdict, STR("answers")), pointer);
    if (want->kind == JSON_NULL ? got == NULL : equal(got, want)) return;
    fail(run, "value", pointer,
         want->kind == JSON_NULL ? STR("nothing") : json_source(run, run->text, want),
         json_source(run, run->verdict_text, got));
}

static void expect_values(struct run *run, const struct json_value *values)
{
    for (uint32_t i = 0; values && i < values->count; i++)
        expect_value(run, values->members[i].name, &values->members[i].value);
}

/* What stands beside the verdict, an object by pointer; null: nothing there. */
static void compare_part(struct run *run, const char *name, const struct json_value *wanted,
                         struct str text)
{
    struct json_value part;
    struct json_error error;
    if (json_read(run->arena, text, limit(JSON_DEPTH), &part, &error) != ST_OK) {
        run->out_of_memory = true; /* what the program writes is JSON */
        return;
    }
    for (uint32_t i = 0; i < wanted->count; i++) {
        struct str pointer = wanted->members[i].name;
        const struct json_value *got = json_get(&part, pointer), *want = &wanted->members[i].value;
        if (want->kind == JSON_NULL ? got != NULL : !equal(got, want))
            fail(run, name, pointer,
                 want->kind == JSON_NULL ? STR("nothing") : json_source(run, run->text, want),
                 json_source(run, text, got));
    }
}

static void expect_part(struct run *run, const struct json_value *expect, const char *name,
                        void (*write)(const struct judge *, struct buf *))
{
    const struct json_value *wanted = json_get(expect, str_of(name));
    struct buf out;
    if (!wanted) return;
    buf_init(&out, mem_heap(), limit(VERDICT_BYTES));
    write(run->judge, &out);
    run->out_of_memory |= buf_failed(&out);
    if (!buf_failed(&out)) compare_part(run, name, wanted, buf_str(&out));
    buf_release(&out);
}

/* ---- how the judging ended */

static const char *outcome_name(enum judge_state state)
{
    static const char *const names[] = {"judged",      "malformed", "over-steps",
                                        "over-memory", "over-time", "fault"};
    return names[state];
}

/* Which rule faulted, by its line in the source, and where. */
static void expect_fault(struct run *run, const struct json_value *want, const struct json_value *at)
{
    if (at && !str_eq(at->text, run->outcome.fault_pointer))
        fail(run, "place of the fault", STR(""), at->text, run->outcome.fault_pointer);
    if (!want || run->outcome.fault_rule == PROGRAM_NONE) return;
    const struct program_rule *rule = &run->program->rules[run->outcome.fault_rule];
    struct str got = arena_printf(run->arena, "%u", rule->line);
    if (!str_eq(want->text, got)) fail(run, "line of the fault", STR(""), want->text, got);
}

static struct str outcome_text(struct run *run)
{
    const struct judge_outcome *outcome = &run->outcome;
    if (outcome->state == JUDGE_MALFORMED)
        return arena_printf(run->arena, "malformed, at byte %u: %s", outcome->malformed_offset,
                            outcome->malformed_reason);
    if (outcome->state == JUDGE_FAULT && outcome->fault_rule != PROGRAM_NONE)
        return arena_printf(run->arena, "fault, of the rule in line %u, at \"%.*s\"",
                            run->program->rules[outcome->fault_rule].line,
                            STR_ARG(outcome->fault_pointer));
    return str_of(outcome_name(outcome->state));
}

static void expect(struct run *run, const struct json_value *want)
{
    struct str outcome = STR("judged");
    (void)json_get_str(want, STR("outcome"), &outcome);
    if (!str_eq(outcome, str_of(outcome_name(run->outcome.state)))) {
        fail(run, "outcome", STR(""), outcome, outcome_text(run));
        return;
    }
    if (run->outcome.state == JUDGE_FAULT)
        expect_fault(run, json_get(want, STR("fault")), json_get(want, STR("at")));
    if (run->outcome.state != JUDGE_JUDGED) return;
    expect_valid(run, want);
    expect_errors(run, json_get(want, STR("errors")));
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

/* ---- the form of a case */

/* What is misspelt would be asked of nothing and pass. */
static void check_members(struct run *run, const struct json_value *object, const struct str *known,
                          size_t count)
{
    for (uint32_t i = 0; i < object->count; i++) {
        struct str name = object->members[i].name;
        size_t k = 0;
        while (k < count && !str_eq(known[k], name)) k++;
        if (k < count) continue;
        struct str near = nearest_word(name, known, count);
        fail(run, "a member that no case has", STR(""), near, name);
    }
}

/* Objects by pointer, arrays of strings. */
static void check_kinds(struct run *run, const struct json_value *expect)
{
    static const struct {
        const char *name;
        enum json_token kind;
        const char *text;
    } members[] = {
        {"errors", JSON_ARRAY, "an array"},     {"hidden", JSON_ARRAY, "an array"},
        {"shown", JSON_ARRAY, "an array"},      {"values", JSON_OBJECT, "an object"},
        {"messages", JSON_OBJECT, "an object"}, {"params", JSON_OBJECT, "an object"},
        {"texts", JSON_OBJECT, "an object"},    {"suggestions", JSON_OBJECT, "an object"},
        {"now", JSON_OBJECT, "an object"},      {"withheld", JSON_OBJECT, "an object"},
    };
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        const struct json_value *member = json_get(expect, str_of(members[i].name));
        if (member && member->kind != members[i].kind)
            fail(run, members[i].name, STR(""), str_of(members[i].text),
                 json_source(run, run->text, member));
        for (uint32_t k = 0; member && member->kind == JSON_ARRAY && k < member->count; k++)
            if (member->items[k].kind != JSON_STRING)
                fail(run, members[i].name, STR(""), STR("a text"),
                     json_source(run, run->text, &member->items[k]));
    }
}

static bool check_case(struct run *run, const struct json_value *one)
{
    const struct str known[] = {
        STR("case"),         STR("now"),  STR("locale"), STR("answers"),
        STR("answers_file"), STR("rows"), STR("expect"), STR("answers_pointer")};
    const struct str expected[] = {STR("outcome"), STR("fault"),       STR("at"),       STR("valid"),
                                   STR("errors"),  STR("values"),      STR("messages"), STR("params"),
                                   STR("texts"),   STR("suggestions"), STR("now"),      STR("hidden"),
                                   STR("shown"),   STR("withheld")};
    const struct json_value *expect = json_get(one, STR("expect"));
    if (one->kind != JSON_OBJECT || !expect || expect->kind != JSON_OBJECT) {
        fail_case(run, "a case is an object with \"expect\", an object", STR(""));
        return false;
    }
    check_members(run, one, known, sizeof known / sizeof *known);
    check_members(run, expect, expected, sizeof expected / sizeof *expected);
    check_kinds(run, expect);
    return run->result->failure_count == 0;
}

/* ---- answers */

/* {"member": [row, row, …]}, so that a case need not write ten thousand rows. */
static bool make_rows(struct run *run, const struct json_value *rows, struct str *ret_answers)
{
    int64_t times = 0;
    struct str member, row = json_source(run, run->text, json_get(rows, STR("row")));
    if (!json_get_str(rows, STR("member"), &member) || !json_get_int(rows, STR("times"), &times) ||
        !json_get(rows, STR("row")) || times < 0 || times > limit(ANSWERS_BYTES)) {
        fail_case(run, "\"rows\" needs \"member\", \"row\" and \"times\"", STR(""));
        return false;
    }
    struct buf out;
    buf_init(&out, mem_heap(), limit(CASES_BYTES));
    buf_puts(&out, "{");
    json_put_str(&out, member);
    buf_puts(&out, ":[");
    for (int64_t i = 0; i < times; i++) {
        if (i) buf_putc(&out, ',');
        buf_put(&out, row);
    }
    buf_puts(&out, "]}");
    bool made = !buf_failed(&out);
    if (made) *ret_answers = arena_str(run->arena, buf_str(&out));
    else fail_case(run, "\"rows\" make more than a file of cases may hold", STR(""));
    buf_release(&out);
    return made && ret_answers->ptr;
}

static bool cut_answers(struct run *run, struct str content, struct str pointer,
                        struct str *ret_answers)
{
    struct json_value whole;
    struct json_error error;
    if (json_read(run->arena, content, limit(JSON_DEPTH), &whole, &error) != ST_OK) {
        fail_case(run, "the answers' file is not JSON", STR(""));
        return false;
    }
    const struct json_value *found = json_find(&whole, pointer);
    if (found) *ret_answers = json_source(run, content, found);
    else fail(run, "the answers' file has nothing there", pointer, STR(""), STR(""));
    return found != NULL;
}

static bool read_answers(struct run *run, const struct json_value *one, struct str file,
                         struct str *ret_answers)
{
    struct str pointer = STR(""), content;
    struct str path = arena_printf(run->arena, "%.*s%s%.*s", STR_ARG(run->root),
                                   run->root.len ? "/" : "", STR_ARG(file));
    (void)json_get_str(one, STR("answers_pointer"), &pointer);
    if (!path.ptr || !beside_read(run->arena, path.ptr, limit(CASES_BYTES), &content)) {
        bool skipped = errno == ENOENT && run->options->allow_absent;
        fail(run, "the answers' file cannot be read", STR(""), path, str_of(strerror(errno)));
        if (skipped) run->result->state = CASE_SKIPPED;
        return false;
    }
    if (pointer.len) return cut_answers(run, content, pointer, ret_answers);
    *ret_answers = content;
    return true;
}

/* The answers' JSON text: written in the case, or cut out of a file. False: skipped or failed. */
static bool find_answers(struct run *run, const struct json_value *one, struct str *ret_answers)
{
    struct str file;
    const struct json_value *written = json_get(one, STR("answers"));
    if (written) {
        *ret_answers = json_source(run, run->text, written);
        return true;
    }
    if (json_get(one, STR("rows"))) return make_rows(run, json_get(one, STR("rows")), ret_answers);
    if (json_get_str(one, STR("answers_file"), &file)) return read_answers(run, one, file, ret_answers);
    fail_case(run, "a case has \"answers\", \"answers_file\" or \"rows\"", STR(""));
    return false;
}

/* ---- judging */

static bool judge_once(struct run *run, const struct judging *judging, struct buf *out)
{
    enum status st = judge_run(run->judge, judging, &run->outcome);
    if (!st && run->outcome.state == JUDGE_JUDGED) verdict_write(run->judge, 0, out);
    if (!st && buf_failed(out)) st = out->failure;
    if (st) fail_case(run, "the judging failed", str_of(status_text(st)));
    return !st;
}

static bool is_same(struct run *run, const char *what, const struct buf *then, const struct buf *now)
{
    if (str_eq(buf_str(then), buf_str(now))) return true;
    fail(run, what, STR(""), buf_str(then), buf_str(now));
    return false;
}

/* After a valid judging: the answers as they would be stored give the same verdict, but for its steps.
 * Or nobody could ever judge again what is stored. */
static bool judge_stored(struct run *run, const struct judging *judging, const struct buf *verdict)
{
    struct judging stored = *judging;
    struct buf answers, again;
    uint64_t steps = run->outcome.steps;
    buf_init(&answers, mem_heap(), limit(VERDICT_BYTES));
    buf_init(&again, mem_heap(), limit(VERDICT_BYTES));
    verdict_write_answers(run->judge, &answers);
    stored.answers = buf_str(&answers);
    enum status st =
        buf_failed(&answers) ? answers.failure : judge_run(run->judge, &stored, &run->outcome);
    if (!st && run->outcome.state == JUDGE_JUDGED)
        verdict_write_again(run->judge, 0, steps, &again, NULL);
    if (st) fail_case(run, "the judging failed", str_of(status_text(st)));
    bool same = !st && is_same(run, "the stored answers are judged in another way", verdict, &again);
    buf_release(&answers);
    buf_release(&again);
    return same;
}

/* Judges twice: the same verdict bytes, or the promise of determinism is broken. */
static bool judge(struct run *run, const struct judging *judging, struct buf *verdict)
{
    struct buf again;
    buf_init(&again, mem_heap(), limit(VERDICT_BYTES));
    bool same = judge_once(run, judging, verdict);
    if (same && run->outcome.state == JUDGE_JUDGED && run->outcome.valid)
        same = judge_stored(run, judging, verdict);
    same = same && judge_once(run, judging, &again) &&
           is_same(run, "two judgings differ", verdict, &again);
    buf_release(&again);
    return same;
}

static void judge_and_compare(struct run *run, const struct judging *judging,
                              const struct json_value *want)
{
    struct buf verdict;
    struct json_error error;
    buf_init(&verdict, mem_heap(), limit(VERDICT_BYTES));
    run->verdict = (struct json_value){.kind = JSON_NULL};
    if (judge(run, judging, &verdict)) {
        run->result->steps = run->outcome.steps;
        run->verdict_text = buf_str(&verdict);
        if (verdict.len &&
            json_read(run->arena, run->verdict_text, limit(JSON_DEPTH), &run->verdict, &error) != ST_OK)
            run->out_of_memory = true; /* what the program writes is JSON */
        else expect(run, want);
    }
    buf_release(&verdict);
}

static void run_case(struct run *run, const struct json_value *one)
{
    struct str now = STR("2026-01-15T10:00:00Z"), locale = STR("");
    (void)json_get_str(one, STR("now"), &now);
    (void)json_get_str(one, STR("locale"), &locale);
    int32_t offset;
    struct judging judging = {
        .program = run->program, .atlas = run->atlas, .locale = locale, .steps_max = limit(COST_STEPS)};
    if (!check_case(run, one)) return;
    if (!civil_parse_datetime(now, &judging.now_ms, &offset)) {
        fail(run, "\"now\"", STR(""), STR("a time such as 2026-01-15T10:00:00Z"), now);
        return;
    }
    if (zone_open(run->arena, run->program->timezone, &judging.zone) != ST_OK) {
        fail_case(run, "the form's time zone cannot be had", run->program->timezone);
        return;
    }
    if (find_answers(run, one, &judging.answers))
        judge_and_compare(run, &judging, json_get(one, STR("expect")));
}

/* ---- a form */

static void run_cases(struct run *run, struct cases *cases, const struct json_value *all)
{
    cases->results = ARENA_ARRAY(run->arena, struct case_result, (size_t)all->count + 1);
    run->out_of_memory |= !cases->results;
    for (uint32_t i = 0; i < all->count && !run->out_of_memory; i++) {
        struct str name = STR("(a case without a name)");
        (void)json_get_str(&all->items[i], STR("case"), &name);
        if (run->options->filter && !strstr(arena_str(run->arena, name).ptr, run->options->filter))
            continue;
        run->result = &cases->results[cases->count++];
        *run->result = (struct case_result){.name = name};
        run_case(run, &all->items[i]);
    }
}

/* A result that is about all cases of the form. */
static void fail_all(struct run *run, struct cases *cases, const char *what, struct str found)
{
    cases->results = ARENA_NEW(run->arena, struct case_result);
    run->out_of_memory |= !cases->results;
    if (!cases->results) return;
    cases->count = 1;
    run->result = cases->results;
    run->result->name = STR("(the form)");
    fail_case(run, what, found);
}

static void tell_diagnostics(struct run *run, struct cases *cases, const struct diags *diags,
                             const struct form_file *form)
{
    struct buf out;
    buf_init(&out, mem_heap(), limit(VERDICT_BYTES));
    form_file_put(form, diags, &out);
    fail_all(run, cases, "the form does not compile", buf_str(&out));
    buf_release(&out);
}

/* A form whose table is not here may be skipped, as a case may whose answers are not. */
static void tell_missing(struct run *run, struct cases *cases, const struct beside *beside)
{
    fail_all(run, cases, "a lookup table is not here", beside->missing);
    if (cases->count && run->options->allow_absent) run->result->state = CASE_SKIPPED;
}

static bool compile(struct run *run, struct cases *cases, const struct form_file *form)
{
    struct diags diags;
    struct beside beside;
    struct price_caps caps = price_caps_default();
    struct price price;
    diags_init(&diags, run->arena, limit(DIAGNOSTICS));
    beside_open(&beside, run->arena, cases->form_path, run->options->tables);
    enum status st = dsl_compile_with(mem_heap(), form->source, &beside.tables, &caps, &diags, &price,
                                      &run->program);
    if (st && beside.fault.len) fail_all(run, cases, "a lookup table cannot be read", beside.fault);
    else if (st && beside.missing.len) tell_missing(run, cases, &beside);
    else if (st && diags.errors) tell_diagnostics(run, cases, &diags, form);
    else if (st) fail_all(run, cases, "the form does not compile", str_of(status_text(st)));
    beside_close(&beside);
    return !st;
}

/* Zones of fields that are not here. */
static bool read_zones(struct run *run, struct cases *cases)
{
    if (!run->program->zoned) return true;
    enum status st = atlas_new(mem_heap(), &run->atlas);
    if (st) {
        fail_all(run, cases, "the time zones cannot be read", str_of(status_text(st)));
        return false;
    }
    struct str missing = program_zone_missing(run->program, run->atlas);
    if (missing.len) fail_all(run, cases, "a field's time zone cannot be had", missing);
    return missing.len == 0;
}

static bool read_cases(struct run *run, struct cases *cases, struct json_value *ret_all)
{
    struct json_error error = {.offset = 0};
    size_t stem = strlen(cases->form_path) - strlen(".form");
    struct str path = arena_printf(run->arena, "%.*s.cases.json", (int)stem, cases->form_path);
    enum status st = ST_OK;
    if (!path.ptr || !beside_read(run->arena, path.ptr, limit(CASES_BYTES), &run->text))
        fail_all(run, cases, "the cases cannot be read",
                 arena_printf(run->arena, "%s: %s", path.ptr, strerror(errno)));
    else if ((st = json_read(run->arena, run->text, limit(JSON_DEPTH), ret_all, &error)) == ST_SYNTAX)
        fail_all(run, cases, "the cases are not JSON",
                 arena_printf(run->arena, "%s, near byte %zu", path.ptr, error.offset));
    else if (st) run->out_of_memory = true;
    else if (ret_all->kind != JSON_ARRAY) fail_all(run, cases, "the cases are not an array", path);
    else return true;
    return false;
}

/* "forms/" of "forms/visit.form" */
static struct str folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return (struct str){path, slash ? (size_t)(slash - path) : 0};
}

enum exit_code cases_run(struct command *command, const char *form_path,
                         const struct cases_options *options, struct cases *ret_cases)
{
    struct cases *cases = ret_cases;
    struct json_value all;
    struct form_file form;
    *cases = (struct cases){.form_path = form_path};
    arena_init(&cases->arena, mem_heap(), (size_t)ARENA_FACTOR * limit(CASES_BYTES));
    struct run run = {.arena = &cases->arena,
                      .options = options,
                      .root = options->root ? str_of(options->root) : folder_of(form_path)};
    enum exit_code code = form_file_read(command, form_path, NULL, &form);
    if (code) return code;
    enum status st = judge_new(mem_heap(), &run.judge);
    if (!st && compile(&run, cases, &form) && read_zones(&run, cases) && read_cases(&run, cases, &all))
        run_cases(&run, cases, &all);
    atlas_free(run.atlas);
    judge_free(run.judge);
    program_release(run.program);
    if (run.out_of_memory) st = ST_NOMEM;
    return st ? command_status(command, st, form_path) : EXIT_OK;
}

void cases_release(struct cases *cases)
{
    arena_release(&cases->arena);
}
