/* Why a place is hidden, required, worth what it is, or wrong: rules with their text, operands with
 * their values, and the names of those that are missing. */
#include "base/json.h"
#include "base/limits.h"
#include "dsl/dsl.h"
#include "runtime/runtime.h"
#include "tests/file.h"
#include "tests/test.h"

static struct arena arena;
static struct judge *judge;

static const char form[] = "edition 2026 form f \"F\" {\n"
                           "  age: integer min 0\n"
                           "  page adult \"Adults\" when age >= 18 {\n"
                           "    repeat jobs \"Jobs\" 0..100 {\n"
                           "      pay: integer required when age < 65 max most\n"
                           "      tax: integer = div(pay, 10)\n"
                           "      check pay > 5 else \"Too little.\" at pay\n"
                           "    }\n"
                           "  }\n"
                           "  most: integer\n"
                           "  total: integer = sum(jobs.pay)\n"
                           "  plain: text required\n"
                           "}\n";

/* A compiled form, judged; what is told of it is read. */
struct told {
    struct program *program;
    struct program_steps steps;
    struct json_value reasons;
    bool known;
};

static bool masks;

static void ask(struct told *told, struct str wanted)
{
    struct buf out;
    struct json_error error;
    buf_init(&out, mem_heap(), limit(VERDICT_BYTES));
    told->known = verdict_write_reasons(judge, &told->steps, wanted, masks, &out);
    CHECK(!buf_failed(&out));
    CHECK_STATUS(
        json_read(&arena, arena_str(&arena, buf_str(&out)), limit(JSON_DEPTH), &told->reasons, &error),
        ST_OK);
    buf_release(&out);
}

static void judge_form(struct told *told, struct str source, struct str answers)
{
    struct diags diags;
    struct judge_outcome outcome;
    struct judging judging = {
        .answers = answers, .now_ms = 1768471200000, .steps_max = limit(COST_STEPS)};
    diags_init(&diags, &arena, limit(DIAGNOSTICS));
    CHECK_STATUS(dsl_compile_traced(&arena, source, NULL, &diags, &told->steps, &told->program), ST_OK);
    judging.program = told->program;
    CHECK_STATUS(judge_run(judge, &judging, &outcome), ST_OK);
    CHECK(outcome.state == JUDGE_JUDGED);
}

static void begin(struct told *told, const char *answers)
{
    judge_form(told, str_of(form), str_of(answers));
}

static uint32_t place_count(const struct told *told)
{
    return json_get(&told->reasons, STR("places"))->count;
}

static int64_t places_total(const struct told *told)
{
    int64_t total = -1;
    CHECK(json_get_int(&told->reasons, STR("places_total"), &total));
    return total;
}

static const struct json_value *place(const struct told *told, uint32_t number)
{
    const struct json_value *places = json_get(&told->reasons, STR("places"));
    CHECK(number < places->count);
    return &places->items[number];
}

static bool says(const struct json_value *object, const char *name, const char *text)
{
    struct str found;
    return json_get_str(object, str_of(name), &found) && str_eq(found, str_of(text));
}

static bool is(const struct json_value *object, const char *name, enum json_token kind)
{
    const struct json_value *value = json_get(object, str_of(name));
    return value && value->kind == kind;
}

/* The first rule of that kind. */
static const struct json_value *rule(const struct json_value *at, const char *kind)
{
    const struct json_value *rules = json_get(at, STR("rules"));
    for (uint32_t i = 0; i < rules->count; i++)
        if (says(&rules->items[i], "rule", kind)) return &rules->items[i];
    fprintf(stderr, "no rule \"%s\"\n", kind);
    CHECK(false);
    return at;
}

static bool misses(const struct json_value *rule, const char *path)
{
    const struct json_value *missing = json_get(rule, STR("missing"));
    if (!path) return missing->count == 0;
    return missing->count == 1 && str_eq(missing->items[0].text, str_of(path));
}

static void a_hidden_field_names_what_hides_it_and_the_operands(void)
{
    struct told told;
    begin(&told, "{\"age\":17,\"jobs\":[{\"pay\":7}],\"plain\":\"x\"}");
    ask(&told, STR("jobs.pay"));
    CHECK(told.known && place_count(&told) == 1);
    const struct json_value *pay = place(&told, 0), *when = rule(pay, "when");
    CHECK(says(pay, "pointer", "/jobs/0/pay") && says(pay, "hidden_by", "adult"));
    CHECK(is(pay, "hidden", JSON_TRUE) && is(pay, "required", JSON_FALSE));
    CHECK(is(pay, "value", JSON_NULL) && says(pay, "why", "not relevant"));
    CHECK(says(when, "of", "adult") && says(when, "text", "when age >= 18"));
    CHECK(is(when, "result", JSON_FALSE) && misses(when, NULL));
    CHECK(says(&json_get(when, STR("reads"))->items[0], "of", "age"));
    CHECK(is(rule(pay, "check"), "asked", JSON_FALSE));
    program_release(told.program);
}

static void a_condition_without_its_operand_says_which_is_missing(void)
{
    struct told told;
    begin(&told, "{\"jobs\":[{\"pay\":7}]}");
    ask(&told, STR("jobs"));
    const struct json_value *when = rule(place(&told, 0), "when");
    CHECK(is(when, "result", JSON_FALSE) && misses(when, "age"));
    CHECK(says(&json_get(when, STR("reads"))->items[0], "why", "unanswered"));
    program_release(told.program);
}

static void a_required_field_shows_the_condition_that_made_it_so(void)
{
    struct told told;
    begin(&told, "{\"age\":40,\"jobs\":[{\"pay\":7},{}]}");
    ask(&told, STR("/jobs/1/pay"));
    CHECK(place_count(&told) == 1 && places_total(&told) == 1);
    const struct json_value *pay = place(&told, 0), *errors = json_get(pay, STR("errors"));
    CHECK(is(pay, "required", JSON_TRUE) && is(rule(pay, "required"), "result", JSON_TRUE));
    CHECK(says(rule(pay, "required"), "text", "required when age < 65"));
    CHECK(errors->count == 1 && says(&errors->items[0], "code", "required"));
    program_release(told.program);
}

static void what_is_required_always_points_to_its_declaration(void)
{
    struct told told;
    int64_t line = 0, offset = 0, length = 0;
    begin(&told, "{\"age\":40}");
    ask(&told, STR("plain"));
    const struct json_value *plain = place(&told, 0), *declared = json_get(plain, STR("declared"));
    CHECK(is(plain, "required", JSON_TRUE) && json_get(plain, STR("rules"))->count == 0);
    CHECK(json_get_int(declared, STR("line"), &line) && line == 12);
    CHECK(json_get_int(declared, STR("offset"), &offset) &&
          json_get_int(declared, STR("length"), &length));
    CHECK(strncmp(form + offset, "plain: text required", (size_t)length) == 0 && length == 20);
    program_release(told.program);
}

static void a_computed_field_shows_its_operands_and_those_of_rows(void)
{
    struct told told;
    begin(&told, "{\"age\":40,\"jobs\":[{\"pay\":70},{}],\"plain\":\"x\"}");
    ask(&told, STR("jobs.tax"));
    CHECK(place_count(&told) == 2);
    CHECK(is(place(&told, 0), "computed", JSON_TRUE) && misses(rule(place(&told, 0), "value"), NULL));
    CHECK(misses(rule(place(&told, 1), "value"), "jobs.pay"));
    CHECK(says(place(&told, 1), "why", "nothing came out"));
    ask(&told, STR("total"));
    CHECK(misses(rule(place(&told, 0), "value"), "jobs.pay"));
    program_release(told.program);
}

static void a_wrong_field_shows_the_check_that_failed_and_the_bound_it_broke(void)
{
    struct told told;
    begin(&told, "{\"age\":40,\"jobs\":[{\"pay\":3},{\"pay\":9}],\"most\":8,\"plain\":\"x\"}");
    ask(&told, STR("/jobs/0/pay"));
    CHECK(says(rule(place(&told, 0), "check"), "result", "fails"));
    CHECK(says(rule(place(&told, 0), "check"), "row", "/jobs/0"));
    CHECK(json_get(place(&told, 0), STR("errors"))->count == 1);
    ask(&told, STR("/jobs/1/pay"));
    CHECK(says(rule(place(&told, 0), "bounds"), "result", "max"));
    CHECK(says(&json_get(rule(place(&told, 0), "bounds"), STR("reads"))->items[0], "of", "most"));
    program_release(told.program);
}

static void without_a_wish_all_that_is_remarkable_is_told(void)
{
    struct told told;
    begin(&told, "{\"age\":40,\"jobs\":[{\"pay\":7}],\"plain\":\"x\"}");
    ask(&told, STR(""));
    CHECK(told.known && place_count(&told) == 3);
    CHECK(says(place(&told, 0), "path", "jobs.pay") && says(place(&told, 1), "path", "jobs.tax"));
    CHECK(says(place(&told, 2), "path", "total"));
    program_release(told.program);
}

static void a_path_without_rows_is_known_and_one_that_is_not_there_is_not(void)
{
    struct told told;
    begin(&told, "{\"age\":40}");
    ask(&told, STR("jobs.pay"));
    CHECK(told.known && place_count(&told) == 0);
    ask(&told, STR("jobs.nothing"));
    CHECK(!told.known);
    ask(&told, STR("/jobs/0/pay"));
    CHECK(!told.known && place_count(&told) == 0);
    program_release(told.program);
}

static void a_pointer_finds_keys_that_it_must_escape_and_rows_as_a_whole(void)
{
    struct told told;
    judge_form(&told,
               STR("edition 2026 form f \"F\" { a: integer key \"x/y~z\" required "
                   "repeat r \"R\" 0..3 { n: integer check n > 1 else \"No.\" } "
                   "group g \"G\" { ba: integer } }"),
               STR("{\"r\":[{\"n\":5},{\"n\":0}]}"));
    ask(&told, STR("/x~1y~0z"));
    CHECK(place_count(&told) == 1 && says(place(&told, 0), "path", "a"));
    CHECK(is(place(&told, 0), "required", JSON_TRUE));
    ask(&told, STR("/r/1"));
    CHECK(place_count(&told) == 1 && says(place(&told, 0), "pointer", "/r/1"));
    ask(&told, STR("/r"));
    CHECK(place_count(&told) == 1 && says(place(&told, 0), "path", "r"));
    ask(&told, STR("/g/ba"));
    CHECK(place_count(&told) == 1 && says(place(&told, 0), "path", "g.ba"));
    ask(&told, STR("/ba"));
    CHECK(!told.known);
    program_release(told.program);
}

static void as_many_places_are_told_as_the_limit_says(void)
{
    const uint32_t most = (uint32_t)limit(EXPLAINED_PLACES);
    for (uint32_t rows = most; rows <= most + 1; rows++) {
        struct told told;
        struct buf answers;
        buf_init(&answers, mem_heap(), 4096);
        buf_puts(&answers, "{\"age\":40,\"jobs\":[");
        for (uint32_t i = 0; i < rows; i++) buf_puts(&answers, i ? ",{}" : "{}");
        buf_puts(&answers, "]}");
        judge_form(&told, str_of(form), buf_str(&answers));
        ask(&told, STR("jobs.pay"));
        CHECK(place_count(&told) == most && places_total(&told) == rows);
        program_release(told.program);
        buf_release(&answers);
    }
}

static const char secrets[] = "edition 2027 form f \"F\" {\n"
                              "  pay: integer sensitive check pay < 100 else \"{pay} is much.\"\n"
                              "  let twice = pay * 2\n"
                              "  let four = twice * 2\n"
                              "  tax: integer = four + open\n"
                              "  open: integer hint \"{twice} a year\"\n"
                              "  more: text when four > open\n"
                              "  repeat jobs \"Jobs\" 0..9 { wage: integer sensitive }\n"
                              "  most: integer = max(jobs.wage)\n"
                              "}\n";

/* The bytes of a reason. */
static bool tells(const struct told *told, const char *text)
{
    struct buf out;
    buf_init(&out, mem_heap(), limit(VERDICT_BYTES));
    CHECK(verdict_write_reasons(judge, &told->steps, STR(""), masks, &out));
    buf_putc(&out, '\0');
    bool found = strstr(buf_str(&out).ptr, text) != NULL;
    buf_release(&out);
    return found;
}

static void masked_reasons_tell_no_sensitive_value_nor_a_let_made_of_it(void)
{
    struct told told;
    judge_form(&told, str_of(secrets),
               STR("{\"pay\":777,\"open\":5,\"jobs\":[{\"wage\":8881},{\"wage\":8882}]}"));
    static const char *const hidden[] = {"777", "3108", "8881"};
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++) CHECK(tells(&told, hidden[i]));
    CHECK(tells(&told, "777 is much."));
    masks = true;
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++) CHECK(!tells(&told, hidden[i]));
    CHECK(tells(&told, "3113")); /* tax does not say that it is sensitive */
    CHECK(tells(&told, "8882")); /* nor does most; its operands are not told: */
    CHECK(tells(&told, "\"of\":\"jobs.wage\",\"values\":[null,null],\"rows\":2"));
    ask(&told, STR("pay"));
    CHECK(is(place(&told, 0), "value", JSON_NULL) && says(place(&told, 0), "why", "sensitive"));
    CHECK(json_get(place(&told, 0), STR("errors"))->count == 0);
    ask(&told, STR("tax"));
    const struct json_value *reads = json_get(rule(place(&told, 0), "value"), STR("reads"));
    CHECK(reads->count == 2);
    masks = false;
    program_release(told.program);
}

int main(void)
{
    arena_init(&arena, mem_heap(), 64u << 20);
    CHECK_STATUS(judge_new(mem_heap(), &judge), ST_OK);
    a_hidden_field_names_what_hides_it_and_the_operands();
    a_condition_without_its_operand_says_which_is_missing();
    a_required_field_shows_the_condition_that_made_it_so();
    what_is_required_always_points_to_its_declaration();
    a_computed_field_shows_its_operands_and_those_of_rows();
    a_wrong_field_shows_the_check_that_failed_and_the_bound_it_broke();
    without_a_wish_all_that_is_remarkable_is_told();
    a_path_without_rows_is_known_and_one_that_is_not_there_is_not();
    a_pointer_finds_keys_that_it_must_escape_and_rows_as_a_whole();
    as_many_places_are_told_as_the_limit_says();
    masked_reasons_tell_no_sensitive_value_nor_a_let_made_of_it();
    judge_free(judge);
    arena_release(&arena);
    return TEST_RESULT();
}
