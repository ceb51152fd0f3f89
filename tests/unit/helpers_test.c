#include "runtime/runtime.h"

#include "base/civil.h"
#include "base/limits.h"
#include "tests/unit/maker.h"

/* Each helper as the rules see it: called from Lua with arguments as the compiler writes them. */
static struct arena zone_arena;
static const struct zone *zone;
static uint64_t last_steps;

static const char *outcome_text(const struct judge_outcome *outcome)
{
    static char text[64];
    switch (outcome->state) {
    case JUDGE_FAULT:
        if (outcome->fault_rule == PROGRAM_NONE) return "broken";
        snprintf(text, sizeof text, "fault %d", (int)outcome->fault);
        return text;
    case JUDGE_OVER_STEPS:
        return "over steps";
    case JUDGE_OVER_MEMORY:
        return "over memory";
    default:
        return "?";
    }
}

/* Runs `S[1] = (expression)` where `h` is the helper; the field's value as JSON. */
static const char *eval(enum program_helper helper, const char *expression, enum program_type type)
{
    static struct maker m;
    static char text[1 << 16];
    char lua[4096];
    struct judge_outcome outcome;
    struct judge *judge; /* a new one: worlds are known by the program's address */
    struct buf buf;
    CHECK_STATUS(judge_new(mem_heap(), &judge), ST_OK);
    maker_open(&m);
    maker_list(&m, "a", "b", "c", "d", "e", "f", "g", "h", "i", NULL);
    maker_pattern(&m, "[a-c]+", NULL);
    maker_computed(&m, "x", type);
    snprintf(lua, sizeof lua, "local h = ... return function(S) S[1] = %s end", expression);
    maker_chunk(&m, lua, 1, helper);
    struct judging judging = {
        .program = maker_done(&m), .answers = STR("{}"), .zone = zone, .steps_max = 1000001};
    CHECK_STATUS(judge_run(judge, &judging, &outcome), ST_OK);
    last_steps = outcome.steps - 1;
    snprintf(text, sizeof text, "%s", outcome_text(&outcome));
    if (outcome.state == JUDGE_JUDGED) {
        buf_init(&buf, mem_heap(), sizeof text - 1);
        verdict_write_answers(judge, &buf);
        bool missing = buf.len == 2;
        snprintf(text, sizeof text, "%.*s", missing ? 3 : (int)buf.len - 6,
                 missing ? "nil" : buf.ptr + 5);
        buf_release(&buf);
    }
    judge_free(judge);
    maker_release(&m);
    return text;
}

#define EVAL(TYPE, NAME, expression, want)                                                             \
    do {                                                                                               \
        const char *got_ = eval(HELPER_##NAME, expression, TYPE_##TYPE);                               \
        if (strcmp(got_, want) != 0) {                                                                 \
            fprintf(stderr, "%s:%d: %s %s: %s, not %s\n", __FILE__, __LINE__, #NAME, expression, got_, \
                    want);                                                                             \
            test_failures++;                                                                           \
        }                                                                                              \
    } while (0)

#define MAX "9007199254740991"

static void products_are_exact_or_fault(void)
{
    EVAL(INTEGER, MUL, "h(0, 6, 7)", "42");
    EVAL(INTEGER, MUL, "h(0, -3, " MAX " // 3)", "-9007199254740990");
    EVAL(INTEGER, MUL, "h(0, 1, " MAX ")", MAX);
    EVAL(INTEGER, MUL, "h(0, 2, " MAX ")", "fault 1");
    EVAL(INTEGER, MUL, "h(0, " MAX ", " MAX ")", "fault 1");
    EVAL(INTEGER, MUL, "h(0, nil, 7)", "nil");
    EVAL(INTEGER, MUL, "h(0, 7, nil)", "nil");
}

static void division_rounds_half_to_even(void)
{
    EVAL(INTEGER, DIVIDE, "h(0, 10, 4, 0, 0)", "2");
    EVAL(INTEGER, DIVIDE, "h(0, 14, 4, 0, 0)", "4");
    EVAL(INTEGER, DIVIDE, "h(0, -10, 4, 0, 0)", "-2");
    EVAL(INTEGER, DIVIDE, "h(0, -14, 4, 0, 0)", "-4");
    EVAL(INTEGER, DIVIDE, "h(0, 10, -4, 0, 0)", "-2");
    EVAL(INTEGER, DIVIDE, "h(0, 100, 3, 4, 0)", "333333");
    EVAL(INTEGER, DIVIDE, "h(0, 100, 3, 0, 1)", "3");
    EVAL(INTEGER, DIVIDE, "h(0, 1, 1, 18, 0)", "fault 1");
    EVAL(INTEGER, DIVIDE, "h(0, 1, 0, 0, 0)", "fault 2");
    EVAL(INTEGER, DIVIDE, "h(0, nil, 0, 0, 0)", "nil");
    EVAL(INTEGER, DIVIDE, "h(0, 1, 1, 19, 0)", "broken");
}

static void rounding_of_exact_numbers(void)
{
    EVAL(INTEGER, ROUND, "h(125, 1)", "12");
    EVAL(INTEGER, ROUND, "h(135, 1)", "14");
    EVAL(INTEGER, ROUND, "h(-125, 1)", "-12");
    EVAL(INTEGER, ROUND, "h(126, 1)", "13");
    EVAL(INTEGER, ROUND, "h(4, 9)", "0");
    EVAL(INTEGER, ROUND, "h(nil, 1)", "nil");
    EVAL(INTEGER, FLOOR_SCALED, "h(-125, 2)", "-2");
    EVAL(INTEGER, FLOOR_SCALED, "h(125, 2)", "1");
    EVAL(INTEGER, FLOOR_SCALED, "h(-200, 2)", "-2");
    EVAL(INTEGER, CEIL_SCALED, "h(125, 2)", "2");
    EVAL(INTEGER, CEIL_SCALED, "h(-125, 2)", "-1");
    EVAL(INTEGER, CEIL_SCALED, "h(200, 2)", "2");
    EVAL(INTEGER, CEIL_SCALED, "h(nil, 2)", "nil");
}

static void doubles_are_rounded_by_their_shortest_digits(void)
{
    EVAL(NUMBER, ROUND_NUMBER, "h(2.5, 0)", "2");
    EVAL(NUMBER, ROUND_NUMBER, "h(3.5, 0)", "4");
    EVAL(NUMBER, ROUND_NUMBER, "h(-2.5, 0)", "-2");
    EVAL(NUMBER, ROUND_NUMBER, "h(1.005, 2)", "1");
    EVAL(NUMBER, ROUND_NUMBER, "h(1.015, 2)", "1.02");
    EVAL(NUMBER, ROUND_NUMBER, "h(0.1 + 0.2, 9)", "0.3");
    EVAL(NUMBER, ROUND_NUMBER, "h(1e21, 2)", "1e+21");
    EVAL(NUMBER, ROUND_NUMBER, "h(1e-12, 2)", "0");
    EVAL(NUMBER, ROUND_NUMBER, "h(1.7976931348623157e308, 0)", "1.7976931348623157e+308");
    EVAL(NUMBER, ROUND_NUMBER, "h(5e-324, 9)", "0");
    EVAL(NUMBER, ROUND_NUMBER, "h(123456.789, 1)", "123456.8");
    EVAL(NUMBER, ROUND_NUMBER, "h(nil, 1)", "nil");
    EVAL(NUMBER, ROUND_NUMBER, "h(1/0, 1)", "broken");
}

static void numbers_change_their_kind(void)
{
    EVAL(NUMBER, NUMBER, "h(1230, 2)", "12.3");
    EVAL(NUMBER, NUMBER, "h(" MAX ", 0)", MAX);
    EVAL(NUMBER, NUMBER, "h(nil, 0)", "nil");
    EVAL(INTEGER, FLOOR_NUMBER, "h(0, -1.5)", "-2");
    EVAL(INTEGER, FLOOR_NUMBER, "h(0, 1e300)", "fault 1");
    EVAL(INTEGER, FLOOR_NUMBER, "h(0, nil)", "nil");
    EVAL(INTEGER, CEIL_NUMBER, "h(0, 1.5)", "2");
    EVAL(INTEGER, CEIL_NUMBER, "h(0, -0.5)", "0");
    EVAL(INTEGER, CEIL_NUMBER, "h(0, -1e300)", "fault 1");
    EVAL(NUMBER, SQRT, "h(0, 2.25)", "1.5");
    EVAL(NUMBER, SQRT, "h(0, -1.0)", "fault 3");
    EVAL(NUMBER, SQRT, "h(0, nil)", "nil");
}

/* Option i from 1 is bit (i - 1) % 8 of byte (i - 1) / 8: "\5\1" holds the first, the third and the
 * ninth. */
static void sets_are_asked_by_option(void)
{
    EVAL(BOOLEAN, HAS, "h('\\5\\1', 1)", "true");
    EVAL(BOOLEAN, HAS, "h('\\5\\1', 2)", "false");
    EVAL(BOOLEAN, HAS, "h('\\5\\1', 9)", "true");
    EVAL(BOOLEAN, HAS, "h('\\5', 9)", "false");
    EVAL(BOOLEAN, HAS, "h(nil, 1)", "nil");
    EVAL(BOOLEAN, HAS, "h('\\5', nil)", "nil");
    EVAL(INTEGER, SIZE, "h('\\5\\1')", "3");
    EVAL(INTEGER, SIZE, "h(nil)", "0");
    EVAL(INTEGER, SCORE, "h(0, 3)", "30");
    EVAL(INTEGER, SCORE, "h(0, nil)", "nil");
    EVAL(INTEGER, SCORE, "h(0, 10)", "0");
    EVAL(INTEGER, SCORE, "h(0, 11)", "broken");
    EVAL(INTEGER, SCORE, "h(1, 1)", "broken");
    EVAL(INTEGER, SCORE_SET, "h(0, '\\5\\1')", "130");
    EVAL(INTEGER, SCORE_SET, "h(0, nil)", "nil");
    EVAL(TEXT, CODE, "h(0, 9)", "\"i\"");
    EVAL(TEXT, CODE, "h(0, nil)", "nil");
    EVAL(TEXT, CODE, "h(0, 10)", "nil");
    EVAL(TEXT, CODE, "h(0, 11)", "broken");
    EVAL(INTEGER, SIZE, "h('\\5\\3')", "4");
    EVAL(INTEGER, LISTED, "h(0, nil)", "nil");
}

static void numbers_are_checked_by_their_digits(void)
{
    EVAL(BOOLEAN, DIGITS, "h('0123')", "true");
    EVAL(BOOLEAN, DIGITS, "h('')", "false");
    EVAL(BOOLEAN, DIGITS, "h(nil)", "nil");
    EVAL(BOOLEAN, LUHN, "h('49927398716')", "true");
    EVAL(BOOLEAN, LUHN, "h(nil)", "nil");
    EVAL(BOOLEAN, MOD97, "h('54930084UKLVMY22DS16')", "true");
    EVAL(BOOLEAN, MOD97, "h(nil)", "nil");
    EVAL(BOOLEAN, IBAN, "h('DE89 3704 0044 0532 0130 00')", "true");
    EVAL(BOOLEAN, IBAN, "h(nil)", "nil");
    EVAL(BOOLEAN, WEIGHED, "h('28', '1 1', 10)", "true");
    EVAL(BOOLEAN, WEIGHED, "h('2', '1 1', 10)", "false");
    EVAL(BOOLEAN, WEIGHED, "h(nil, '1 1', 10)", "nil");
    EVAL(INTEGER, CHECKSUM, "h('29', '1 10', 1000)", "92");
    EVAL(INTEGER, CHECKSUM, "h('2', '1 1', 10)", "nil");
    EVAL(INTEGER, CHECKSUM, "h(nil, '1 1', 10)", "nil");
    EVAL(INTEGER, CHECKSUM, "h('2', '1', 1)", "broken");
    EVAL(INTEGER, CHECKSUM, "h('2', 'x', 10)", "nil");
    EVAL(INTEGER, CHECKSUM, "h(2, '1', 10)", "broken");
}

static void texts_are_counted_in_code_points(void)

{
    EVAL(INTEGER, LENGTH, "h('Zoë😀')", "4");
    EVAL(INTEGER, LENGTH, "h(nil)", "nil");
    EVAL(TEXT, SUBSTRING, "h('Zoë😀!', 3, 2)", "\"ë😀\"");
    EVAL(TEXT, SUBSTRING, "h('abc', -1, 3)", "\"a\"");
    EVAL(TEXT, SUBSTRING, "h('abc', 2, 100)", "\"bc\"");
    EVAL(TEXT, SUBSTRING, "h('abc', 4, 1)", "nil");
    EVAL(TEXT, SUBSTRING, "h('abc', 1, 0)", "nil");
    EVAL(TEXT, SUBSTRING, "h('abc', " MAX ", " MAX ")", "nil");
    EVAL(TEXT, SUBSTRING, "h('abc', nil, 1)", "nil");
    EVAL(INTEGER, WORDS, "h('  two\\u{a0}words\\n')", "2");
    EVAL(INTEGER, WORDS, "h('żółw')", "1");
    EVAL(INTEGER, WORDS, "h('')", "0");
    EVAL(INTEGER, WORDS, "h(nil)", "nil");
}

static void texts_change_case_without_a_locale(void)
{
    EVAL(TEXT, UPPER, "h('straße ïı')", "\"STRAßE ÏI\"");
    EVAL(TEXT, LOWER, "h('ÀB Σ')", "\"àb σ\"");
    EVAL(TEXT, UPPER, "h(nil)", "nil");
    EVAL(TEXT, LOWER, "h(nil)", "nil");
}

static void texts_are_searched(void)
{
    EVAL(BOOLEAN, CONTAINS, "h('abc', 'bc')", "true");
    EVAL(BOOLEAN, CONTAINS, "h('abc', 'cb')", "false");
    EVAL(BOOLEAN, CONTAINS, "h('abc', '')", "true");
    EVAL(BOOLEAN, CONTAINS, "h(nil, '')", "nil");
    EVAL(BOOLEAN, STARTS_WITH, "h('abc', 'ab')", "true");
    EVAL(BOOLEAN, STARTS_WITH, "h('ab', 'abc')", "false");
    EVAL(BOOLEAN, STARTS_WITH, "h('ab', nil)", "nil");
    EVAL(BOOLEAN, ENDS_WITH, "h('abc', 'bc')", "true");
    EVAL(BOOLEAN, ENDS_WITH, "h('bc', 'abc')", "false");
    EVAL(BOOLEAN, ENDS_WITH, "h(nil, nil)", "nil");
    EVAL(BOOLEAN, TEXT_LESS, "h('Z', 'a')", "true");
    EVAL(BOOLEAN, TEXT_LESS, "h('\\u{ffff}', '\\u{1f600}')", "true"); /* by code points, not UTF-16 */
    EVAL(BOOLEAN, TEXT_LESS, "h('a', 'a')", "false");
    EVAL(BOOLEAN, TEXT_LESS, "h('a', nil)", "nil");
    EVAL(BOOLEAN, MATCHES, "h(0, 'abcabc')", "true");
    EVAL(BOOLEAN, MATCHES, "h(0, 'abcd')", "false");
    EVAL(BOOLEAN, MATCHES, "h(0, nil)", "nil");
    EVAL(BOOLEAN, MATCHES, "h(1, 'a')", "broken");
}

static void texts_are_put_together(void)
{
    EVAL(TEXT, CONCAT, "h('a', 'b', 'c')", "\"abc\"");
    EVAL(TEXT, CONCAT, "h('a', nil, 'c')", "nil");
    EVAL(TEXT, CONCAT, "h('a', 1)", "broken");
    EVAL(TEXT, JOIN, "h(', ', 'a', nil, 'c')", "\"a, c\"");
    EVAL(TEXT, JOIN, "h(', ', '', 'c')", "\", c\"");
    EVAL(TEXT, JOIN, "h(', ')", "\"\"");
    EVAL(TEXT, JOIN, "h(nil, 'a')", "nil");
    EVAL(TEXT, REPLACE, "h('aaa', 'aa', 'b')", "\"ba\"");
    EVAL(TEXT, REPLACE, "h('aXbX', 'X', '--')", "\"a--b--\"");
    EVAL(TEXT, REPLACE, "h('abc', '', 'x')", "\"abc\"");
    EVAL(TEXT, REPLACE, "h('abc', 'abc', '')", "\"\""); /* never missing, as the compiler knows */
    EVAL(TEXT, REPLACE, "h('abc', nil, '')", "nil");
}

static void values_become_text_in_one_way(void)
{
    char expression[64];
#define TEXT_OF(TYPE, rest, want)                                                                      \
    (snprintf(expression, sizeof expression, "h(%d, %s)", TYPE_##TYPE, rest));                         \
    EVAL(TEXT, TEXT_OF, expression, want)
    TEXT_OF(INTEGER, "0, -5", "\"-5\"");
    TEXT_OF(DECIMAL, "2, 1230", "\"12.30\"");
    TEXT_OF(MONEY, "2, -1", "\"-0.01\"");
    TEXT_OF(NUMBER, "0, 0.1", "\"0.1\"");
    TEXT_OF(NUMBER, "0, 1/0", "broken");
    TEXT_OF(BOOLEAN, "0, true", "\"true\"");
    TEXT_OF(BOOLEAN, "0, nil", "nil");
    TEXT_OF(DATE, "0, 11016", "\"2000-02-29\"");
    TEXT_OF(DATE, "0, 99999999", "broken");
    TEXT_OF(TIME, "0, 34200000", "\"09:30:00\"");
    TEXT_OF(DATETIME, "0, 1500", "\"1970-01-01T00:00:01.500Z\"");
    TEXT_OF(TEXT, "0, 'x'", "\"x\"");
    TEXT_OF(INTEGER, "0, nil", "nil");
    TEXT_OF(CHOICE, "0, 1", "broken");
#undef TEXT_OF
}

static void text_becomes_values_or_is_missing(void)
{
    EVAL(INTEGER, PARSE_INTEGER, "h(' 42 ')", "42");
    EVAL(INTEGER, PARSE_INTEGER, "h('4.0')", "4");
    EVAL(INTEGER, PARSE_INTEGER, "h('4.5')", "nil");
    EVAL(INTEGER, PARSE_INTEGER, "h('09')", "9");
    EVAL(INTEGER, PARSE_INTEGER, "h('-007')", "-7");
    EVAL(INTEGER, PARSE_INTEGER, "h('000')", "0");
    EVAL(INTEGER, PARSE_INTEGER, "h('-')", "nil");
    EVAL(INTEGER, PARSE_INTEGER, "h('--7')", "nil");
    EVAL(INTEGER, PARSE_INTEGER, "h('0-7')", "nil");
    EVAL(INTEGER, PARSE_INTEGER, "h('0x10')", "nil");
    EVAL(INTEGER, PARSE_INTEGER, "h('99999999999999999999')", "nil");
    EVAL(INTEGER, PARSE_INTEGER, "h(nil)", "nil");
    EVAL(INTEGER, PARSE_DECIMAL, "h('12.3', 2)", "1230");
    EVAL(INTEGER, PARSE_DECIMAL, "h('12.345', 2)", "nil");
    EVAL(INTEGER, PARSE_DECIMAL, "h(nil, 2)", "nil");
    EVAL(INTEGER, PARSE_DATE, "h('2000-02-29')", "11016");
    EVAL(INTEGER, PARSE_DATE, "h('2001-02-29')", "nil");
    EVAL(INTEGER, PARSE_DATE, "h(nil)", "nil");
}

static void the_calendar_is_known(void)
{
    EVAL(DATE, DATE, "h(2000, 2, 29)", "\"2000-02-29\"");
    EVAL(DATE, DATE, "h(2001, 2, 29)", "nil");
    EVAL(DATE, DATE, "h(" MAX ", 1, 1)", "nil");
    EVAL(DATE, DATE, "h(2001, nil, 1)", "nil");
    EVAL(INTEGER, YEAR, "h(11016)", "2000");
    EVAL(INTEGER, MONTH, "h(11016)", "2");
    EVAL(INTEGER, DAY, "h(11016)", "29");
    EVAL(INTEGER, WEEKDAY, "h(11016)", "2");
    EVAL(INTEGER, YEAR, "h(nil)", "nil");
    EVAL(INTEGER, MONTH, "h(nil)", "nil");
    EVAL(INTEGER, DAY, "h(nil)", "nil");
    EVAL(INTEGER, WEEKDAY, "h(nil)", "nil");
    EVAL(INTEGER, YEAR, "h(3000000)", "broken");
    EVAL(DATE, END_OF_MONTH, "h(11000)", "\"2000-02-29\"");
    EVAL(DATE, END_OF_MONTH, "h(nil)", "nil");
    EVAL(INTEGER, YEARS_BETWEEN, "h(11016, 11016 + 365)", "0");
    EVAL(INTEGER, YEARS_BETWEEN, "h(11016, 11016 + 366)", "1");
    EVAL(INTEGER, YEARS_BETWEEN, "h(11016 + 366, 11016)", "-1");
    EVAL(INTEGER, YEARS_BETWEEN, "h(nil, 11016)", "nil");
    EVAL(INTEGER, MONTHS_BETWEEN, "h(11016, 11016 + 59)", "1");
    EVAL(INTEGER, MONTHS_BETWEEN, "h(11016, nil)", "nil");
    EVAL(DATE, ADD_DAYS, "h(0, 11016, 1)", "\"2000-03-01\"");
    EVAL(DATE, ADD_DAYS, "h(0, 11016, " MAX ")", "fault 4");
    EVAL(DATE, ADD_DAYS, "h(0, nil, 1)", "nil");
    EVAL(DATE, ADD_MONTHS, "h(0, 11016, 12)", "\"2001-02-28\"");
    EVAL(DATE, ADD_MONTHS, "h(0, 11016, -" MAX ")", "fault 4");
    EVAL(DATE, ADD_MONTHS, "h(0, 11016, nil)", "nil");
}

static void instants_are_seen_in_the_zone_of_the_judging(void)
{
    EVAL(DATE, DATE_OF, "h(0, 1769900400000)",
         "\"2026-02-01\""); /* 2026-01-31T23:00Z, 00:00 in Berlin */
    EVAL(TIME, TIME_OF, "h(1769900400000)", "\"00:00:00\"");
    EVAL(DATE, DATE_OF, "h(0, 253402300799999)", "fault 4"); /* the year 10000 in Berlin */
    EVAL(TIME, TIME_OF, "h(253402300799999)", "\"00:59:59.999\"");
    EVAL(TIME, TIME_OF, "h(-62135596800000)", "\"00:53:28\"");
    EVAL(DATE, DATE_OF, "h(0, nil)", "nil");
    EVAL(TIME, TIME_OF, "h(nil)", "nil");
    EVAL(DATETIME, ADD_MS, "h(0, 0, 86400000)", "\"1970-01-02T00:00:00Z\"");
    EVAL(DATETIME, ADD_MS, "h(0, 0, " MAX ")", "fault 4");
    EVAL(DATETIME, ADD_MS, "h(0, nil, 0)", "nil");
    EVAL(DATETIME, ADD_MONTHS_INSTANT, "h(0, 1769900400000, 5)",
         "\"2026-06-30T22:00:00Z\""); /* summer time */
    EVAL(DATETIME, ADD_MONTHS_INSTANT, "h(0, 1500, 1)", "\"1970-02-01T00:00:01.500Z\"");
    EVAL(DATETIME, ADD_MONTHS_INSTANT, "h(0, 0, 200000)", "fault 4");
    EVAL(DATETIME, ADD_MONTHS_INSTANT, "h(0, 0, nil)", "nil");
    EVAL(INTEGER, MINUTES_BETWEEN, "h(0, 119999)", "1");
    EVAL(INTEGER, MINUTES_BETWEEN, "h(119999, 0)", "-1");
    EVAL(INTEGER, MINUTES_BETWEEN, "h(0, nil)", "nil");
}

static void faults_are_named_by_the_rules(void)
{
    EVAL(INTEGER, FAULT, "h(0, 2)", "fault 2");
    EVAL(INTEGER, FAULT, "h(0, 0)", "broken");
    EVAL(INTEGER, FAULT, "h(7, 2)", "broken");
}

static void steps_are_taken_before_the_work(void)
{
    EVAL(INTEGER, CHARGE, "h(10)", "nil");
    CHECK(last_steps == 10);
    EVAL(INTEGER, CHARGE, "h(1000000)", "nil");
    EVAL(INTEGER, CHARGE, "h(1000001)", "over steps");
    EVAL(INTEGER, CHARGE, "h(-1)", "broken");
    EVAL(INTEGER, LENGTH, "h('0123456789abcdef')", "16");
    CHECK(last_steps == 1);
    EVAL(INTEGER, LENGTH, "h('0123456789abcdefg')", "17");
    CHECK(last_steps == 2);
    EVAL(BOOLEAN, CONTAINS, "h('0123456789abcdef', '0')", "true");
    CHECK(last_steps == 2);
    EVAL(INTEGER, MUL, "h(0, 2, 2)", "4");
    CHECK(last_steps == 0); /* the compiler has charged for it */
}

static void a_text_too_long_ends_the_judging(void)
{
    EVAL(TEXT, CONCAT,
         "(function() local t = 'x' for i = 1, 20 do t = h(t, t) end return h(t, '') and nil end)()",
         "nil");
    EVAL(TEXT, CONCAT,
         "(function() local t = 'x' for i = 1, 20 do t = h(t, t) end return h(t, 'x') end)()",
         "over memory");
}

static void arguments_of_another_type_end_the_judging(void)
{
    EVAL(INTEGER, MUL, "h(0, 'six', 7)", "broken");
    EVAL(INTEGER, MUL, "h(0, 6.5, 7)", "broken");
    EVAL(INTEGER, MUL, "h(0, {}, 7)", "broken");
    EVAL(INTEGER, LENGTH, "h(12)", "broken");
    EVAL(NUMBER, SQRT, "h(0, '4')", "broken");
    EVAL(INTEGER, YEAR, "h(true)", "broken");
    EVAL(INTEGER, CHARGE, "h(nil)", "broken");
    EVAL(INTEGER, SIZE, "h({})", "broken");
}

static void sets_are_gone_through_in_order(void)
{
    EVAL(INTEGER, NEXT_OPTION, "h('\\5', 0)", "1");
    EVAL(INTEGER, NEXT_OPTION, "h('\\5', 1)", "3");
    EVAL(INTEGER, NEXT_OPTION, "h('\\5', 3)", "nil");
    EVAL(INTEGER, NEXT_OPTION, "h('\\5\\0\\128', 3)", "24");
    EVAL(INTEGER, NEXT_OPTION, "h('\\5\\0\\128', 24)", "nil");
    EVAL(INTEGER, NEXT_OPTION, "h('\\5', 100)", "nil");
    EVAL(INTEGER, NEXT_OPTION, "h('', 0)", "nil");
    EVAL(INTEGER, NEXT_OPTION, "h('\\5', -1)", "broken");
    EVAL(INTEGER, NEXT_OPTION, "h(nil, 0)", "broken");
    EVAL(INTEGER, NEXT_OPTION, "h('\\5', {})", "broken");
}

static void codes_are_found_and_columns_are_those_of_the_list(void)
{
    EVAL(INTEGER, FIND, "h(0, 'c')", "3");
    EVAL(INTEGER, FIND, "h(0, 'C')", "nil");
    EVAL(INTEGER, FIND, "h(0, nil)", "nil");
    EVAL(INTEGER, FIND, "h(1, 'c')", "broken");
    EVAL(INTEGER, COLUMN, "h(0, 0, nil)", "nil");
    EVAL(INTEGER, COLUMN, "h(0, 0, 1)", "broken");
    EVAL(INTEGER, COLUMN, "h(7, 0, 1)", "broken");
    EVAL(INTEGER, UNOFFERED, "h(0, 0)", "broken");
    EVAL(INTEGER, UNOFFERED, "h(1, 0)", "broken");
}

int main(void)
{
    arena_init(&zone_arena, mem_heap(), 1 << 20);
    CHECK_STATUS(zone_open(&zone_arena, STR("Europe/Berlin"), &zone), ST_OK);
    products_are_exact_or_fault();
    division_rounds_half_to_even();
    rounding_of_exact_numbers();
    doubles_are_rounded_by_their_shortest_digits();
    numbers_change_their_kind();
    sets_are_asked_by_option();
    numbers_are_checked_by_their_digits();
    texts_are_counted_in_code_points();
    texts_change_case_without_a_locale();
    texts_are_searched();
    texts_are_put_together();
    values_become_text_in_one_way();
    text_becomes_values_or_is_missing();
    the_calendar_is_known();
    instants_are_seen_in_the_zone_of_the_judging();
    faults_are_named_by_the_rules();
    steps_are_taken_before_the_work();
    a_text_too_long_ends_the_judging();
    arguments_of_another_type_end_the_judging();
    sets_are_gone_through_in_order();
    codes_are_found_and_columns_are_those_of_the_list();
    arena_release(&zone_arena);
    return TEST_RESULT();
}
