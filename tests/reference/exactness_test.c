/* Other people's vectors of decimals, dates and zones, said in the form language and judged by the
 * sandbox and the reference interpreter; and sums of money.
 *
 *     exactness_test ../shared/corpus
 *
 * General Decimal Arithmetic (conf-decimal): what our numbers reach, with at most nine digits after the
 * point and within ±(2^53 − 1) units; results that a precision rounds are compared only where the
 * rounding is ours. Dates: FHIRPath and CEL. Zones: zdump. What is left out is counted by its reason.
 */
#include "base/decimal.h"
#include "tests/conformance/corpus.h"
#include "tests/reference/vector.h"
#include "tests/test.h"

enum { SCALE_MOST = 9, LINE_BYTES = 512 };

/* ---- what was used, what not and why */

#define REASONS(X)                                                                                     \
    X(OPERATION, "an operation that the language does not have")                                       \
    X(SPECIAL, "infinite, not a number, or no number of ours")                                         \
    X(RANGE, "beyond 2^53 - 1 units or nine digits after the point")                                   \
    X(ROUNDED, "rounded by a precision, or in a way that is not ours")                                 \
    X(COMMON, "beyond the range at the scale that both have in common")

enum reason {
#define NAME(NAME, words) REASON_##NAME,
    REASONS(NAME)
#undef NAME
        REASON_COUNT
};

static int used, skipped[REASON_COUNT];

static bool skip(enum reason reason)
{
    skipped[reason]++;
    return false;
}

static void print_reasons(void)
{
    static const char *const words[] = {
#define WORDS(NAME, words) words,
        REASONS(WORDS)
#undef WORDS
    };
    for (int i = 0; i < REASON_COUNT; i++) printf("  skipped %5d: %s\n", skipped[i], words[i]);
}

static void expect(const char *id, const struct vector *vector, struct str want, struct arena *arena)
{
    struct str got = vector_outcome(vector, arena);
    if (str_eq(got, want)) return;
    fprintf(stderr, "%s: %.*s of %.*s: %.*s, not %.*s\n", id, STR_ARG(vector->expression),
            STR_ARG(vector->answers), STR_ARG(got), STR_ARG(want));
    test_failures++;
}

/* ---- General Decimal Arithmetic */

struct value {
    int64_t units;
    unsigned scale;
};

struct operation {
    struct str id, name, rounding;
    struct value a, b, want;
    int operands;
    bool inexact, plain; /* plain: the result is written without an exponent */
};

static struct str unquoted(struct str word)
{
    bool quoted = word.len >= 2 && (word.ptr[0] == '\'' || word.ptr[0] == '"');
    return quoted ? (struct str){word.ptr + 1, word.len - 2} : word;
}

static bool value_of(struct str word, struct value *ret_value)
{
    word = unquoted(word);
    struct json_cursor cur = {word.ptr, word.ptr + word.len};
    struct json_number number;
    if (word.len == 0 || json_scan_number(&cur, &number) || cur.at != cur.end)
        return skip(REASON_SPECIAL);
    int64_t scale = (int64_t)number.fraction - number.exponent;
    if (scale > SCALE_MOST) return skip(REASON_RANGE);
    ret_value->scale = scale > 0 ? (unsigned)scale : 0;
    if (decimal_parse(word, ret_value->scale, &ret_value->units) == DECIMAL_OK) return true;
    return skip(REASON_RANGE);
}

static bool named(const struct operation *op, const char *name)
{
    return str_eq(op->name, str_of(name));
}

/* The operation in our language and the scale of what it gives; NULL: counted as left out. */
static const char *sum_or_product(const struct operation *op, unsigned *ret_scale)
{
    unsigned a = op->a.scale, b = op->b.scale;
    *ret_scale = a > b ? a : b;
    if (op->inexact) return skip(REASON_ROUNDED), NULL;
    if (named(op, "add")) return "a + b";
    if (named(op, "subtract")) return "a - b";
    if (named(op, "max")) return "max(a, b)";
    if (named(op, "min")) return "min(a, b)";
    *ret_scale = a + b;
    return a + b <= SCALE_MOST ? "a * b" : (skip(REASON_RANGE), NULL);
}

static const char *whole_division(const struct operation *op, unsigned *ret_scale)
{
    bool whole = op->a.scale == 0 && op->b.scale == 0 && op->a.units >= 0 && op->b.units > 0;
    *ret_scale = 0;
    if (op->inexact) return skip(REASON_ROUNDED), NULL;
    if (!whole) return skip(REASON_OPERATION), NULL; /* ours are floored, theirs cut off */
    return named(op, "divideint") ? "div(a, b)" : "mod(a, b)";
}

static const char *rounding(const struct operation *op, struct arena *arena, unsigned *ret_scale)
{
    *ret_scale = op->want.scale;
    if (!op->plain) return skip(REASON_ROUNDED), NULL;
    if (!op->inexact && !str_starts(op->name, STR("tointegral")))
        return arena_printf(arena, "round(a, %u)", op->want.scale).ptr;
    if (str_eq(op->rounding, STR("half_even")))
        return arena_printf(arena, "round(a, %u)", op->want.scale).ptr;
    if (op->want.scale == 0 && str_eq(op->rounding, STR("floor"))) return "floor(a)";
    if (op->want.scale == 0 && str_eq(op->rounding, STR("ceiling"))) return "ceil(a)";
    return skip(REASON_ROUNDED), NULL;
}

static const char *expression_of(const struct operation *op, struct arena *arena, unsigned *ret_scale)
{
    static const char *const both[] = {"add", "subtract", "multiply", "max", "min"};
    *ret_scale = op->a.scale;
    for (size_t i = 0; i < sizeof both / sizeof *both; i++)
        if (named(op, both[i])) return sum_or_product(op, ret_scale);
    if (named(op, "divideint") || named(op, "remainder")) return whole_division(op, ret_scale);
    if (named(op, "quantize") || named(op, "rescale") || str_starts(op->name, STR("tointegral")))
        return rounding(op, arena, ret_scale);
    if (named(op, "divide")) {
        bool ours = !op->inexact || (str_eq(op->rounding, STR("half_even")) && op->plain);
        *ret_scale = op->want.scale;
        return ours ? arena_printf(arena, "divide(a, b, %u)", op->want.scale).ptr
                    : (skip(REASON_ROUNDED), NULL);
    }
    if (op->inexact) return skip(REASON_ROUNDED), NULL;
    if (named(op, "plus")) return "a";
    if (named(op, "minus")) return "-a";
    if (named(op, "abs")) return "abs(a)";
    *ret_scale = 0;
    if (named(op, "compare"))
        return "if a < b then -1 else if a > b then 1 else if a = b then 0 else 9";
    return skip(REASON_OPERATION), NULL;
}

static struct str text_of(struct value value, struct arena *arena)
{
    char text[DECIMAL_TEXT_BYTES];
    return arena_str(arena, (struct str){text, decimal_format(value.units, value.scale, text)});
}

/* Whether the operands and the result have units at that scale. */
static bool within(const struct operation *op, unsigned scale, struct value *ret_want)
{
    int64_t there;
    *ret_want = (struct value){0, scale};
    bool sums = named(op, "add") || named(op, "subtract") || named(op, "max") || named(op, "min");
    if (!decimal_rescale(op->want.units, op->want.scale, scale, DECIMAL_TRUNCATE, &ret_want->units))
        return false;
    return !sums || (decimal_rescale(op->a.units, op->a.scale, scale, DECIMAL_TRUNCATE, &there) &&
                     decimal_rescale(op->b.units, op->b.scale, scale, DECIMAL_TRUNCATE, &there));
}

static void judge_operation(const struct operation *op)
{
    struct arena arena;
    struct value want;
    unsigned scale;
    arena_init(&arena, mem_heap(), 256u << 20);
    const char *expression = expression_of(op, &arena, &scale);
    if (expression && !within(op, scale, &want)) expression = (skip(REASON_COMMON), NULL);
    if (expression) {
        bool integers = strstr(expression, "div(") || strstr(expression, "mod(");
        struct vector vector = {.expression = str_of(expression)};
        vector.declare =
            integers ? STR("a: integer b: integer")
                     : arena_printf(&arena, "a: decimal(%u) b: decimal(%u)", op->a.scale, op->b.scale);
        vector.type = arena_printf(&arena, "decimal(%u)", scale);
        vector.answers = arena_printf(&arena, "{\"a\": %.*s, \"b\": %.*s}",
                                      STR_ARG(text_of(op->a, &arena)), STR_ARG(text_of(op->b, &arena)));
        char id[64];
        snprintf(id, sizeof id, "%.*s", STR_ARG(op->id));
        expect(id, &vector, arena_printf(&arena, "\"%.*s\"", STR_ARG(text_of(want, &arena))), &arena);
        used++;
    }
    arena_release(&arena);
}

static bool read_operation(struct str line, struct str rounding_name, struct operation *ret_op)
{
    struct operation op = {
        .id = corpus_word(&line), .name = corpus_word(&line), .rounding = rounding_name};
    struct str word = corpus_word(&line), operands[2] = {{"", 0}, {"0", 1}};
    for (; word.len && !str_eq(word, STR("->")); word = corpus_word(&line)) {
        if (op.operands == 2) return skip(REASON_OPERATION);
        operands[op.operands++] = word;
    }
    struct str result = unquoted(corpus_word(&line));
    while ((word = corpus_word(&line)).len && !str_starts(word, STR("--")))
        if (str_eq(word, STR("Inexact"))) op.inexact = true;
    op.plain = result.len && !memchr(result.ptr, 'E', result.len);
    if (!value_of(operands[0], &op.a) || !value_of(operands[1], &op.b) || !value_of(result, &op.want))
        return false;
    *ret_op = op;
    return true;
}

static int decimal_cases;

static void try_decimals(const char *path, const char *name)
{
    if (!strstr(name, ".decTest")) return;
    struct str text = corpus_read(path), left = text, line, rounding_name = STR("");
    while (corpus_line(&left, &line)) {
        struct str rest = line, word = corpus_word(&rest);
        struct operation op;
        if (str_eq(word, STR("rounding:"))) rounding_name = corpus_word(&rest);
        if (str_starts(word, STR("--")) || !memmem(line.ptr, line.len, " -> ", 4)) continue;
        decimal_cases++;
        if (read_operation(line, rounding_name, &op)) judge_operation(&op);
    }
    free((char *)text.ptr);
}

static void decimals_are_as_the_specification_says(void)
{
    corpus_each("conf-decimal", try_decimals);
    printf("General Decimal Arithmetic: %d of %d vectors used\n", used, decimal_cases);
    print_reasons();
    int all = used;
    for (int i = 0; i < REASON_COUNT; i++) all += skipped[i];
    CHECK(all == decimal_cases);
    CHECK(used > 1000);
}

/* ---- dates: lines of JSON */

static int date_cases, date_used;

/* "@2016-02-29 + 1 month" → "2016-03-29". */
static void try_fhir_path(const struct json_value *root, struct arena *arena)
{
    struct str expression;
    const struct json_value *result = json_find(root, STR("/result/0"));
    char date[16], unit[16], after[2], sign;
    int number;
    date_cases++;
    if (!json_get_str(root, STR("expression"), &expression) || expression.len >= LINE_BYTES) return;
    char text[LINE_BYTES];
    snprintf(text, sizeof text, "%.*s", STR_ARG(expression));
    if (sscanf(text, "@%10[0-9-] %c %d %15[a-z]%1s", date, &sign, &number, unit, after) != 4) return;
    if (strlen(date) != 10 || !result || result->kind != JSON_STRING || result->text.len != 10) return;
    if (!strstr("day days week weeks month months year years", unit) || (sign != '+' && sign != '-'))
        return;
    struct vector vector = {.declare = STR("a: date"), .type = STR("date")};
    vector.expression = arena_printf(arena, "a %c %d %s", sign, number, unit);
    vector.answers = arena_printf(arena, "{\"a\": \"%s\"}", date);
    expect(text, &vector, arena_printf(arena, "\"%.*s\"", STR_ARG(result->text)), arena);
    date_used++;
}

/* "timestamp('2009-02-13T23:31:30Z').getDate('Australia/Sydney')" → 14; months, days of the month and
 * of the week count from 0 there, weeks begin on Sunday. */
static void try_cel(const struct json_value *root, struct arena *arena)
{
    static const struct {
        const char *name, *expression;
    } getters[] = {{"getFullYear", "year(date_of(a))"},
                   {"getMonth", "month(date_of(a)) - 1"},
                   {"getDate", "day(date_of(a))"},
                   {"getDayOfMonth", "day(date_of(a)) - 1"},
                   {"getDayOfWeek", "mod(weekday(date_of(a)), 7)"},
                   {"getDayOfYear", "date_of(a) - date(year(date_of(a)), 1, 1)"}};
    struct str expression;
    int64_t want;
    char text[LINE_BYTES], moment[64], getter[32], zone[64] = "'UTC'";
    const struct json_value *value = json_find(root, STR("/value/int64_value"));
    date_cases++;
    if (!json_get_str(root, STR("expr"), &expression) || expression.len >= LINE_BYTES) return;
    snprintf(text, sizeof text, "%.*s", STR_ARG(expression));
    if (!json_is_int(value, &want)) return;
    if (sscanf(text, "timestamp('%63[^']').%31[A-Za-z](%63[^)])", moment, getter, zone) < 2) return;
    for (size_t i = 0; i < sizeof getters / sizeof *getters; i++) {
        if (strcmp(getters[i].name, getter) != 0 || zone[0] != '\'' || !strchr(zone + 1, '\''))
            continue;
        struct vector vector = {.declare = STR("a: datetime"), .type = STR("integer")};
        vector.expression = str_of(getters[i].expression);
        vector.zone = (struct str){zone + 1, strcspn(zone + 1, "'")};
        if (vector.zone.ptr[0] >= '0' && vector.zone.ptr[0] <= '9') return; /* an offset, no zone */
        if (vector.zone.ptr[0] == '-' || vector.zone.ptr[0] == '+') return;
        vector.answers = arena_printf(arena, "{\"a\": \"%s\"}", moment);
        expect(text, &vector, arena_printf(arena, "%lld", (long long)want), arena);
        date_used++;
    }
}

static void try_lines(const char *path, void (*try)(const struct json_value *root, struct arena *arena))
{
    struct str text = corpus_read(path), left = text, line;
    CHECK(text.ptr != NULL);
    while (text.ptr && corpus_line(&left, &line)) {
        struct arena arena;
        struct json_value root;
        struct json_error error;
        arena_init(&arena, mem_heap(), 256u << 20);
        if (line.len && json_read(&arena, line, 64, &root, &error) == ST_OK) try(&root, &arena);
        arena_release(&arena);
    }
    free((char *)text.ptr);
}

static void dates_are_as_others_count_them(void)
{
    try_lines("conf-expr-fhirpath/cases.jsonl", try_fhir_path);
    printf("FHIRPath: %d of %d vectors are whole dates and units\n", date_used, date_cases);
    CHECK(date_used >= 15);
    date_cases = date_used = 0;
    try_lines("conf-expr-cel/simple-tests.jsonl", try_cel);
    printf("CEL: %d of %d vectors ask a moment for its day\n", date_used, date_cases);
    CHECK(date_used >= 8);
}

/* ---- zones: every line of zdump is a row */

static int zones, zone_lines, zones_without_change, zones_of_another_release;

/* "Apr  6 00:59:59 1980 UT" behind the weekday: "1980-04-06T00:59:59". */
static struct str moment_of(struct str *line, struct arena *arena)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    corpus_word(line);
    struct str month = corpus_word(line), day = corpus_word(line), time = corpus_word(line),
               year = corpus_word(line);
    int number = 0;
    for (int i = 0; i < 12; i++)
        if (month.len == 3 && memcmp(months + 3 * i, month.ptr, 3) == 0) number = i + 1;
    return arena_printf(arena, "%.*s-%02d-%s%.*sT%.*s", STR_ARG(year), number, day.len == 1 ? "0" : "",
                        STR_ARG(day), STR_ARG(time));
}

static void try_zone(const char *path, const char *name)
{
    struct arena arena;
    struct str text = corpus_read(path), left = text, line, zone = STR(""), rows = STR("");
    int count = 0;
    arena_init(&arena, mem_heap(), 256u << 20);
    while (corpus_line(&left, &line)) {
        zone = corpus_word(&line);
        struct str utc = moment_of(&line, &arena);
        corpus_word(&line), corpus_word(&line); /* UT = */
        struct str wall = moment_of(&line, &arena);
        rows = arena_printf(&arena, "%.*s%s{\"at\": \"%.*sZ\", \"wall\": \"%.*s\"}", STR_ARG(rows),
                            count ? ", " : "", STR_ARG(utc), STR_ARG(wall));
        count++;
    }
    if (count == 0) zones_without_change++;
    struct vector vector = {
        .declare = STR("repeat r 1..10000 { at: datetime  wall: text\n"
                       "right: boolean = text(date_of(at)) + \"T\" + text(time_of(at)) = wall }"),
        .zone = zone,
        .type = STR("integer"),
        .expression = STR("count(r where right)"),
        .answers = arena_printf(&arena, "{\"r\": [%.*s]}", STR_ARG(rows))};
    struct str got = vector_outcome(&vector, &arena);
    if (count > 0 && !str_eq(got, arena_printf(&arena, "%d", count))) {
        fprintf(stderr, "%s: %.*s of %d lines are ours\n", name, STR_ARG(got), count);
        zones_of_another_release++;
    }
    zones++;
    zone_lines += count;
    arena_release(&arena);
    free((char *)text.ptr);
}

/* The system's tzdata may be another release than the corpus's, so some zones may differ: they are
 * named, and few. */
static void zones_are_as_zdump_says(void)
{
    corpus_each("conf-time/zdump", try_zone);
    printf("zdump: %d lines of %d zones; skipped %d that never change; %d differ\n", zone_lines, zones,
           zones_without_change, zones_of_another_release);
    CHECK(zones > 40 && zone_lines > 5000);
    CHECK(zones_of_another_release <= 3);
}

/* ---- money */

enum { MONEY_ROWS = 10000 };

/* Half to even. */
static int64_t tax_of(int64_t cents)
{
    int64_t product = cents * 19, tax = product / 100, rest = product % 100;
    return tax + (rest > 50 || (rest == 50 && tax % 2 != 0));
}

static void money_of_ten_thousand_rows_is_exact_to_the_cent(void)
{
    struct arena arena;
    char *rows = calloc(MONEY_ROWS, 32), *at = rows;
    int64_t sum = 0, taxes = 0;
    arena_init(&arena, mem_heap(), 256u << 20);
    for (int64_t i = 0; rows && i < MONEY_ROWS; i++) {
        int64_t cents = i * i * 7919 % 90000001;
        at += snprintf(at, 32, "%s{\"m\": %lld.%02d}", i ? "," : "", (long long)(cents / 100),
                       (int)(cents % 100));
        sum += cents;
        taxes += tax_of(cents);
    }
    struct vector vector = {
        .declare = STR("repeat r 0..10000 { m: money(EUR)  tax: money(EUR) = round(m * 0.19, 2) }"),
        .type = STR("text"),
        .expression = STR("text(sum(r.m)) + \" \" + text(sum(r.tax))"),
        .answers = arena_printf(&arena, "{\"r\": [%s]}", rows ? rows : "")};
    struct str want = arena_printf(&arena, "\"%lld.%02d %lld.%02d\"", (long long)(sum / 100),
                                   (int)(sum % 100), (long long)(taxes / 100), (int)(taxes % 100));
    struct str got = vector_outcome(&vector, &arena);
    printf("Money: %d rows are %.*s\n", MONEY_ROWS, STR_ARG(got));
    CHECK(str_eq(got, want));
    free(rows);
    arena_release(&arena);
}

int main(int argc, char **argv)
{
    money_of_ten_thousand_rows_is_exact_to_the_cent();
    if (!corpus_open(argc, argv, ".")) return test_failures ? EXIT_FAILURE : CORPUS_ABSENT;
    dates_are_as_others_count_them();
    zones_are_as_zdump_says();
    decimals_are_as_the_specification_says();
    return TEST_RESULT();
}
