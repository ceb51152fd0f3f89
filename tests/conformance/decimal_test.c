/* The General Decimal Arithmetic vectors, as far as our numbers reach: operands and results with at
 * most 15 digits after the point and within ±(2^53 − 1) units; half-even, floor, ceiling and down;
 * results that are not rounded by a precision. */
#include "base/decimal.h"
#include "tests/conformance/corpus.h"
#include "tests/test.h"

static struct {
    int cases, read, parsed, added, multiplied, divided, rescaled, compared;
} count;

/* A number and the scale it is written with: "1.20" is 120 at 2, "1E+2" is 100 at 0. */
struct value {
    int64_t units;
    unsigned scale;
};

static struct str unquoted(struct str word)
{
    bool quoted = word.len >= 2 && (word.ptr[0] == '\'' || word.ptr[0] == '"');
    return quoted ? (struct str){word.ptr + 1, word.len - 2} : word;
}

/* False: not one of ours, by its form or its size. */
static bool value_of(struct str word, struct value *ret_value)
{
    word = unquoted(word);
    struct json_cursor cur = {word.ptr, word.ptr + word.len};
    struct json_number number;
    count.read++;
    if (word.len == 0 || json_scan_number(&cur, &number) || cur.at != cur.end) return false;
    int64_t scale = (int64_t)number.fraction - number.exponent;
    if (scale > DECIMAL_SCALE_MAX) return false;
    struct value value = {.scale = scale > 0 ? (unsigned)scale : 0};
    enum decimal_result result = decimal_parse(word, value.scale, &value.units);
    CHECK(result == DECIMAL_OK ||
          result == DECIMAL_RANGE); /* a number always fits the scale it is written with */
    if (result != DECIMAL_OK) return false;
    *ret_value = value;
    return true;
}

static bool same(struct value got, struct value want)
{
    return decimal_compare(got.units, got.scale, want.units, want.scale) == 0;
}

struct vector {
    struct str id, operation, operands[3], result;
    int operand_count;
    bool inexact; /* Inexact or Rounded among the conditions */
};

static void check(const struct vector *v, bool ok, struct value got, struct value want)
{
    if (ok && same(got, want)) return;
    fprintf(stderr, "%.*s: %lld at %u, not %lld at %u\n", STR_ARG(v->id), (long long)got.units,
            got.scale, (long long)want.units, want.scale);
    test_failures++;
}

static bool rounding_of(struct str name, enum decimal_rounding *ret_rounding)
{
    static const char *const names[] = {"half_even", "floor", "ceiling", "down"};
    for (int i = 0; i < 4; i++) {
        if (!str_eq(name, str_of(names[i]))) continue;
        *ret_rounding = (enum decimal_rounding)i;
        return true;
    }
    return false;
}

static unsigned larger(unsigned a, unsigned b)
{
    return a > b ? a : b;
}

static void check_sum(const struct vector *v, struct value a, struct value b, struct value want,
                      bool subtract)
{
    unsigned scale = larger(larger(a.scale, b.scale), want.scale);
    struct value x = {0, scale}, y = {0, scale}, got = {0, scale};
    if (!decimal_rescale(a.units, a.scale, scale, DECIMAL_HALF_EVEN, &x.units)) return;
    if (!decimal_rescale(b.units, b.scale, scale, DECIMAL_HALF_EVEN, &y.units)) return;
    bool ok = subtract ? decimal_sub(x.units, y.units, &got.units)
                       : decimal_add(x.units, y.units, &got.units);
    int64_t there;
    if (!decimal_rescale(want.units, want.scale, scale, DECIMAL_HALF_EVEN, &there))
        return; /* beyond the range at this scale */
    check(v, ok, got, want);
    count.added++;
}

static void check_product(const struct vector *v, struct value a, struct value b, struct value want)
{
    unsigned scale = want.scale;
    struct value got = {0, scale};
    check(v, decimal_mul(a.units, a.scale, b.units, b.scale, scale, &got.units), got, want);
    count.multiplied++;
}

/* An inexact quotient is right when it is the one at the scale that the vector shows. */
static void check_quotient(const struct vector *v, struct value a, struct value b, struct value want)
{
    struct value got = {0, want.scale};
    bool ok = decimal_div(a.units, a.scale, b.units, b.scale, want.scale, &got.units);
    check(v, ok, got, want);
    count.divided++;
}

static void check_rescaled(const struct vector *v, struct value a, struct value want,
                           enum decimal_rounding rounding)
{
    struct value got = {0, want.scale};
    check(v, decimal_rescale(a.units, a.scale, want.scale, rounding, &got.units), got, want);
    count.rescaled++;
}

static void check_comparison(const struct vector *v, struct value a, struct value b, struct value want)
{
    struct value got = {decimal_compare(a.units, a.scale, b.units, b.scale), 0};
    check(v, true, got, want);
    count.compared++;
}

/* Whether a negative exponent of the result says where it was rounded: "0E+2" would need tens. */
static bool rounds_after_the_point(struct str result)
{
    return !memchr(result.ptr, 'E', result.len);
}

static void check_vector(const struct vector *v, struct str rounding_name)
{
    struct value a, b = {0, 0}, want;
    enum decimal_rounding rounding = DECIMAL_TRUNCATE;
    bool known = rounding_of(rounding_name, &rounding);
    if (!value_of(v->operands[0], &a) || !value_of(v->result, &want)) return;
    if (v->operand_count > 1 && !value_of(v->operands[1], &b)) return;
    bool even = known && rounding == DECIMAL_HALF_EVEN, exact = !v->inexact;
    struct str op = v->operation;
    if (str_eq(op, STR("add")) && exact) check_sum(v, a, b, want, false);
    if (str_eq(op, STR("subtract")) && exact) check_sum(v, a, b, want, true);
    if (str_eq(op, STR("multiply")) && (exact || (even && rounds_after_the_point(v->result))))
        check_product(v, a, b, want);
    if (str_eq(op, STR("divide")) && (exact || (even && rounds_after_the_point(v->result))))
        check_quotient(v, a, b, want);
    if (str_eq(op, STR("compare"))) check_comparison(v, a, b, want);
    bool integral = str_starts(op, STR("tointegral")); /* rounds without saying so */
    bool rescales = integral || str_eq(op, STR("quantize")) || str_eq(op, STR("rescale"));
    if (rescales && ((exact && !integral) || (known && rounds_after_the_point(v->result))))
        check_rescaled(v, a, want, rounding);
}

static bool parse_vector(struct str line, struct vector *ret_vector)
{
    struct vector v = {.id = corpus_word(&line), .operation = corpus_word(&line)};
    struct str word = corpus_word(&line);
    for (; word.len && !str_eq(word, STR("->")); word = corpus_word(&line)) {
        if (v.operand_count == 3) return false;
        v.operands[v.operand_count++] = word;
    }
    v.result = unquoted(corpus_word(&line));
    while ((word = corpus_word(&line)).len)
        v.inexact |= str_eq(word, STR("Inexact")) || str_eq(word, STR("Rounded"));
    *ret_vector = v;
    return v.operand_count > 0 && v.operand_count < 3 && v.result.len > 0;
}

static void by_file(const char *path, const char *name)
{
    if (!strstr(name, ".decTest")) return;
    struct str text = corpus_read(path), left = text, line, rounding = STR("");
    while (corpus_line(&left, &line)) {
        struct str rest = line, word = corpus_word(&rest);
        struct vector vector;
        if (str_eq(word, STR("rounding:"))) rounding = corpus_word(&rest);
        if (str_starts(word, STR("--")) || !memmem(line.ptr, line.len, " -> ", 4)) continue;
        count.cases++;
        if (parse_vector(line, &vector)) check_vector(&vector, rounding);
    }
    free((char *)text.ptr);
}

static void arithmetic_is_as_the_specification_says(void)
{
    corpus_each(".", by_file);
    int applied = count.added + count.multiplied + count.divided + count.rescaled + count.compared;
    printf("General Decimal Arithmetic: %d of %d vectors apply: %d sums, %d products, %d quotients, %d "
           "rescaled, %d compared; "
           "%d numbers read\n",
           applied, count.cases, count.added, count.multiplied, count.divided, count.rescaled,
           count.compared, count.read);
    CHECK(count.added > 300 && count.multiplied > 100 && count.divided > 200);
    CHECK(count.rescaled > 300 && count.compared > 300);
}

static struct str without_plus(struct str word)
{
    return word.len && word.ptr[0] == '+' ? (struct str){word.ptr + 1, word.len - 1} : word;
}

static void texts_become_the_nearest_double_and_come_back(void)
{
    struct str text = corpus_read("floating_points.txt"), left = text, line;
    int cases = 0;
    while (corpus_line(&left, &line)) {
        struct str word = without_plus(corpus_word(&line));
        double value, back;
        char shortest[DOUBLE_TEXT_BYTES], *copy = strndup(word.ptr, word.len);
        if (word.len && word.ptr[0] != '#') {
            CHECK(double_parse(word, &value) && value == strtod(copy, NULL));
            CHECK(double_parse((struct str){shortest, double_format(value, shortest)}, &back) &&
                  back == value);
            cases++;
        }
        free(copy);
    }
    free((char *)text.ptr);
    printf("Texts to doubles and back: %d\n", cases);
    CHECK(cases > 900);
}

/* Python's repr() agrees with ECMAScript's digits, not with its layout: so the digits alone are
 * compared. */
static size_t digits_of(struct str text, char ret_digits[64])
{
    size_t len = 0;
    for (size_t i = 0; i < text.len && text.ptr[i] != 'e'; i++)
        if (text.ptr[i] >= '0' && text.ptr[i] <= '9' && (len || text.ptr[i] != '0'))
            ret_digits[len++] = text.ptr[i];
    while (len && ret_digits[len - 1] == '0') len--;
    return len;
}

static void the_shortest_digits_are_those_of_repr(void)
{
    struct str text = corpus_read("formatfloat_testcases.txt"), left = text, line;
    int cases = 0;
    while (corpus_line(&left, &line)) {
        if (!str_eq(corpus_word(&line), STR("%r"))) continue;
        struct str source = corpus_word(&line);
        corpus_word(&line); /* -> */
        struct str want = corpus_word(&line);
        double value;
        char got[DOUBLE_TEXT_BYTES], got_digits[64], want_digits[64];
        CHECK(double_parse(source, &value));
        size_t len = digits_of((struct str){got, double_format(value, got)}, got_digits);
        CHECK(len == digits_of(want, want_digits) && memcmp(got_digits, want_digits, len) == 0);
        cases++;
    }
    free((char *)text.ptr);
    printf("Shortest digits: %d\n", cases);
    CHECK(cases > 25);
}

int main(int argc, char **argv)
{
    if (!corpus_open(argc, argv, "conf-decimal")) return CORPUS_ABSENT;
    arithmetic_is_as_the_specification_says();
    texts_become_the_nearest_double_and_come_back();
    the_shortest_digits_are_those_of_repr();
    return TEST_RESULT();
}
