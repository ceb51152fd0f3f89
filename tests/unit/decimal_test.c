#include "base/decimal.h"
#include "tests/test.h"

#include <math.h>

enum { OK = DECIMAL_OK, SYN = DECIMAL_SYNTAX, FRAC = DECIMAL_FRACTION, RANGE = DECIMAL_RANGE };

static void text_is_parsed_exactly_or_refused_with_a_reason(void)
{
    static const struct {
        const char *text;
        unsigned scale;
        int result;
        int64_t value;
    } rows[] = {
        {"0", 0, OK, 0},
        {"-0", 2, OK, 0},
        {"-0.00", 2, OK, 0},
        {"1", 2, OK, 100},
        {"-12.30", 2, OK, -1230},
        {"-12.3", 2, OK, -1230},
        {"-12.300", 2, OK, -1230}, /* zeros beyond the scale say nothing */
        {"12.305", 2, FRAC, 0},
        {"0.001", 2, FRAC, 0},
        {"1.0", 0, OK, 1},
        {"1.5", 0, FRAC, 0},
        {"1e3", 0, OK, 1000},
        {"1E+3", 2, OK, 100000},
        {"125e-2", 2, OK, 125},
        {"125e-2", 1, FRAC, 0},
        {"1500e-3", 1, OK, 15},
        {"9007199254740991", 0, OK, 9007199254740991},
        {"-9007199254740991", 0, OK, -9007199254740991},
        {"9007199254740992", 0, RANGE, 0},
        {"-9007199254740992", 0, RANGE, 0},
        {"90071992547409.91", 2, OK, 9007199254740991},
        {"90071992547409.92", 2, RANGE, 0},
        {"9007199254740991.5", 0, RANGE, 0}, /* larger than the largest: range comes before scale */
        {"9007199254740990.5", 0, FRAC, 0},
        {"9.007199254740991", 15, OK, 9007199254740991},
        {"10", 15, RANGE, 0},
        {"1e400", 0, RANGE, 0},
        {"-1e400", 9, RANGE, 0},
        {"0e400", 0, OK, 0},
        {"0e999999999999999999", 0, OK, 0},
        {"1e999999999999999999", 0, RANGE, 0},
        {"1e-400", 9, FRAC, 0},
        {"1e-999999999999999999", 9, FRAC, 0},
        {"0.000e-400", 0, OK, 0},
        {"1e15", 0, OK, 1000000000000000},
        {"1e16", 0, RANGE, 0},
        {"1000000000000000000000000e-20", 0, OK, 10000},
        {"1000000000000000000000001e-20", 0, FRAC, 0},
        {"1.00000000000000000000000000000", 2, OK, 100},
        {"1.00000000000000000000000000001", 2, FRAC, 0},
        {"123456789012345678901234567890", 0, RANGE, 0},
        {"0.00000000000000000000000000000000000005e38", 0, OK, 5},
        {"18446744073709551616", 0, RANGE, 0},
        {"99999999999999999999999999e-12", 0, FRAC, 0},
        {"", 0, SYN, 0},
        {" 1", 0, SYN, 0},
        {"1 ", 0, SYN, 0},
        {"+1", 0, SYN, 0},
        {".5", 1, SYN, 0},
        {"5.", 1, SYN, 0},
        {"1,5", 1, SYN, 0},
        {"01", 0, SYN, 0},
        {"1e", 0, SYN, 0},
        {"0x10", 0, SYN, 0},
        {"NaN", 0, SYN, 0},
        {"--1", 0, SYN, 0},
        {"١", 0, SYN, 0}, /* an Arabic digit */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t value = 0;
        int result = (int)decimal_parse(str_of(rows[i].text), rows[i].scale, &value);
        if (result != rows[i].result || value != rows[i].value)
            fprintf(stderr, "%s at %u: %d %lld\n", rows[i].text, rows[i].scale, result,
                    (long long)value);
        CHECK(result == rows[i].result && value == rows[i].value);
    }
}

static void a_value_is_written_with_all_digits_of_its_scale(void)
{
    static const struct {
        int64_t value;
        unsigned scale;
        const char *text;
    } rows[] = {
        {0, 0, "0"},
        {0, 2, "0.00"},
        {5, 2, "0.05"},
        {-5, 2, "-0.05"},
        {100, 2, "1.00"},
        {-1230, 2, "-12.30"},
        {7, 0, "7"},
        {DECIMAL_MAX, 0, "9007199254740991"},
        {-DECIMAL_MAX, 15, "-9.007199254740991"},
        {-1, 15, "-0.000000000000001"},
        {-DECIMAL_MAX, 1, "-900719925474099.1"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[DECIMAL_TEXT_BYTES];
        int64_t back;
        size_t len = decimal_format(rows[i].value, rows[i].scale, text);
        CHECK(str_eq((struct str){text, len}, str_of(rows[i].text)));
        CHECK(decimal_parse((struct str){text, len}, rows[i].scale, &back) == DECIMAL_OK &&
              back == rows[i].value);
    }
}

static void halves_go_to_the_even_neighbour(void)
{
    static const struct {
        int64_t value;
        int64_t even, floor, ceiling, truncate;
    } rows[] = {
        {25, 2, 2, 3, 2}, {35, 4, 3, 4, 3}, {-25, -2, -3, -2, -2}, {-35, -4, -4, -3, -3},
        {26, 3, 2, 3, 2}, {24, 2, 2, 3, 2}, {-24, -2, -3, -2, -2}, {20, 2, 2, 2, 2},
        {0, 0, 0, 0, 0},  {5, 0, 0, 1, 0},  {-5, 0, -1, 0, 0},     {15, 2, 1, 2, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t got[4];
        for (int r = 0; r < 4; r++)
            CHECK(decimal_rescale(rows[i].value, 3, 2, (enum decimal_rounding)r, &got[r]));
        CHECK(got[0] == rows[i].even && got[1] == rows[i].floor && got[2] == rows[i].ceiling &&
              got[3] == rows[i].truncate);
    }
    int64_t value;
    CHECK(decimal_rescale(250000000000001, 15, 1, DECIMAL_HALF_EVEN, &value) && value == 3);
    CHECK(decimal_rescale(250000000000000, 15, 1, DECIMAL_HALF_EVEN, &value) && value == 2);
}

static void what_leaves_the_range_is_told(void)
{
    int64_t v = 77;
    CHECK(decimal_add(DECIMAL_MAX, 0, &v) && v == DECIMAL_MAX);
    CHECK(!decimal_add(DECIMAL_MAX, 1, &v) && !decimal_sub(-DECIMAL_MAX, 1, &v));
    CHECK(decimal_sub(-DECIMAL_MAX, -1, &v) && v == -DECIMAL_MAX + 1);
    v = 77;
    CHECK(!decimal_rescale(DECIMAL_MAX, 0, 1, DECIMAL_HALF_EVEN, &v));
    CHECK(!decimal_rescale(1, 0, 15, DECIMAL_HALF_EVEN, &v) == false && v == 1000000000000000);
    v = 77;
    CHECK(!decimal_rescale(10, 0, 15, DECIMAL_HALF_EVEN, &v));
    CHECK(!decimal_mul(DECIMAL_MAX, 0, DECIMAL_MAX, 0, 0, &v));
    CHECK(!decimal_mul(94906266, 0, 94906266, 0, 0, &v)); /* just above 2^53 */
    CHECK(!decimal_div(1, 0, 0, 0, 2, &v) && !decimal_div(0, 0, 0, 0, 2, &v));
    CHECK(!decimal_div(DECIMAL_MAX, 0, 1, 15, 15, &v));
    CHECK(!decimal_div(DECIMAL_MAX, 0, 1, 2, 0, &v));
    CHECK(v == 77);
    CHECK(decimal_mul(94906265, 0, 94906265, 0, 0, &v) && v == 9007199136250225);
    CHECK(decimal_mul(DECIMAL_MAX, 15, DECIMAL_MAX, 15, 0, &v) && v == 81);
    CHECK(decimal_mul(DECIMAL_MAX, 15, -DECIMAL_MAX, 15, 2, &v) && v == -8113);
    CHECK(decimal_div(0, 0, 5, 15, 15, &v) && v == 0);
    CHECK(decimal_div(1, 15, DECIMAL_MAX, 0, 0, &v) && v == 0);
}

static void division_states_its_scale(void)
{
    static const struct {
        int64_t a;
        unsigned a_scale;
        int64_t b;
        unsigned b_scale, scale;
        int64_t want;
    } rows[] = {
        {100, 2, 3, 0, 4, 3333},
        {200, 2, 3, 0, 2, 67},
        {-200, 2, 3, 0, 2, -67},
        {1, 0, 8, 0, 2, 12},
        {3, 0, 8, 0, 2, 38},
        {1, 0, -8, 0, 2, -12},
        {-1, 0, -8, 0, 3, 125},
        {1, 0, 200, 2, 0, 0},
        {3, 0, 200, 2, 0, 2},
        {7, 0, 2, 0, 0, 4},
        {5, 0, 2, 0, 0, 2},
        {1, 9, 1, 0, 0, 0},
        {DECIMAL_MAX, 0, DECIMAL_MAX, 0, 15, 1000000000000000},
        {DECIMAL_MAX, 15, DECIMAL_MAX, 0, 15, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t got = 0;
        CHECK(decimal_div(rows[i].a, rows[i].a_scale, rows[i].b, rows[i].b_scale, rows[i].scale, &got));
        if (got != rows[i].want) fprintf(stderr, "row %zu: %lld\n", i, (long long)got);
        CHECK(got == rows[i].want);
    }
}

static void comparison_is_exact_across_scales(void)
{
    CHECK(decimal_compare(1, 0, 100, 2) == 0);
    CHECK(decimal_compare(1, 0, 101, 2) == -1);
    CHECK(decimal_compare(-1, 0, -101, 2) == 1);
    CHECK(decimal_compare(DECIMAL_MAX, 0, DECIMAL_MAX, 15) == 1);
    CHECK(decimal_compare(-DECIMAL_MAX, 0, 0, 15) == -1);
    CHECK(decimal_power(0) == 1 && decimal_power(18) == 1000000000000000000);
    CHECK(decimal_to_double(110, 2) == 1.1 &&
          decimal_to_double(-DECIMAL_MAX, 0) == -9007199254740991.0);
}

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* a × b and (a × b) / b, with numbers of every size. */
static void products_divide_back(void)
{
    uint64_t state = 2026;
    for (int i = 0; i < 200000; i++) {
        int64_t a = (int64_t)(next_random(&state) >> (12 + next_random(&state) % 50)) % DECIMAL_MAX;
        int64_t b = (int64_t)(next_random(&state) >> (38 + next_random(&state) % 25)) + 1;
        unsigned s = (unsigned)(next_random(&state) % 5), t = (unsigned)(next_random(&state) % 5);
        int64_t product, back, sum;
        if (i & 1) a = -a;
        if (!decimal_mul(a, s, b, t, s + t, &product)) continue;
        bool right = decimal_div(product, s + t, b, t, s, &back) && back == a && product == a * b;
        right = right && decimal_compare(a, s, product, s + t) ==
                             (a == 0 ? 0 : decimal_compare(1, 0, b, t) * (a < 0 ? -1 : 1));
        right = right && decimal_add(a, b, &sum) && decimal_sub(sum, b, &back) && back == a;
        if (!right) CHECK(i < 0); /* prints */
    }
}

static void doubles_are_laid_out_as_ecmascript_does(void)
{
    static const struct {
        double value;
        const char *text;
    } rows[] = {
        {0, "0"},
        {-0.0, "0"},
        {1, "1"},
        {-1.5, "-1.5"},
        {0.1, "0.1"},
        {0.1 + 0.2, "0.30000000000000004"},
        {1.0 / 3, "0.3333333333333333"},
        {100, "100"},
        {123456789012345680000.0, "123456789012345680000"},
        {1e20, "100000000000000000000"},
        {1e21, "1e+21"},
        {1.5e21, "1.5e+21"},
        {1e-6, "0.000001"},
        {1e-7, "1e-7"},
        {1.25e-7, "1.25e-7"},
        {0.00001234, "0.00001234"},
        {1e100, "1e+100"},
        {1.7976931348623157e308, "1.7976931348623157e+308"},
        {2.2250738585072014e-308, "2.2250738585072014e-308"},
        {2.225073858507201e-308, "2.225073858507201e-308"},
        {5e-324, "5e-324"},
        {1e-323, "1e-323"},
        {1.5e-323, "1.5e-323"},
        {9007199254740991, "9007199254740991"},
        {9007199254740992, "9007199254740992"},
        {9007199254740994.0, "9007199254740994"},
        {5.684341886080802e-14,
         "5.684341886080802e-14"}, /* 2^-44: the nearest 16 digits belong to its neighbour */
        {4.35, "4.35"},
        {1.005, "1.005"},
        {-123.456, "-123.456"},
        {9.5367431640625e-7, "9.5367431640625e-7"},
        {0.000030517578125, "0.000030517578125"},
        {8.41e21, "8.41e+21"},
        {2.0e-3, "0.002"},
        {1e23, "1e+23"},
        {9999999999999.994, "9999999999999.994"}, /* cut to 15 digits and counted up it is 10 */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[DOUBLE_TEXT_BYTES];
        struct str got = {text, double_format(rows[i].value, text)};
        if (!str_eq(got, str_of(rows[i].text)))
            fprintf(stderr, "%s: %.*s\n", rows[i].text, STR_ARG(got));
        CHECK(str_eq(got, str_of(rows[i].text)));
    }
}

/* Without the zeros at both ends. */
static int significant_digits(struct str text)
{
    int digits = 0, zeros = 0;
    for (size_t i = 0; i < text.len && text.ptr[i] != 'e'; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9' || (digits == 0 && text.ptr[i] == '0')) continue;
        digits++;
        zeros = text.ptr[i] == '0' ? zeros + 1 : 0;
    }
    return digits - zeros;
}

static void every_power_of_two_is_written_with_the_fewest_digits(void)
{
    double value = 5e-324;
    for (int exponent = -1074; exponent < 1024; exponent++) {
        double back = 0;
        char text[DOUBLE_TEXT_BYTES], shorter[40];
        struct str got = {text, double_format(value, text)};
        CHECK(double_parse(got, &back) && back == value);
        int digits = significant_digits(got);
        CHECK(digits >= 1 && digits <= 17);
        snprintf(shorter, sizeof shorter, "%.*e", digits > 1 ? digits - 2 : 0, value);
        CHECK(digits == 1 || strtod(shorter, NULL) != value);
        value *= 2;
    }
}

static void random_doubles_make_the_round_trip(void)
{
    uint64_t state = 42;
    for (int i = 0; i < 100000; i++) {
        uint64_t bits = next_random(&state);
        double value, back;
        memcpy(&value, &bits, sizeof value);
        if (!isfinite(value)) continue;
        char text[DOUBLE_TEXT_BYTES];
        size_t len = double_format(value, text);
        bool same =
            double_parse((struct str){text, len}, &back) && back == value && len < DOUBLE_TEXT_BYTES;
        if (!same) CHECK(i < 0); /* prints */
    }
}

static void texts_are_read_to_the_nearest_double(void)
{
    double v = 77;
    CHECK(double_parse(STR("0.1"), &v) && v == 0.1);
    CHECK(double_parse(STR("-0"), &v) && v == 0 && !signbit(v));
    CHECK(double_parse(STR("-0.0e5"), &v) && !signbit(v));
    CHECK(double_parse(STR("1e22"), &v) && v == 1e22);
    CHECK(double_parse(STR("9007199254740993"), &v) && v == 9007199254740992);
    CHECK(double_parse(STR("9007199254740993.0000000000000000000000000000001"), &v) &&
          v == 9007199254740994);
    CHECK(double_parse(STR("1e-400"), &v) && v == 0);
    CHECK(double_parse(STR("1.7976931348623157e308"), &v) && v == 1.7976931348623157e308);
    v = 77;
    CHECK(!double_parse(STR("1e309"), &v) && !double_parse(STR("-1e99999999999"), &v));
    CHECK(!double_parse(STR("NaN"), &v) && !double_parse(STR("Infinity"), &v) &&
          !double_parse(STR("1 "), &v));
    CHECK(!double_parse(STR("0x1p3"), &v) && !double_parse(STR(""), &v) && v == 77);
}

static void write_at(char *at, struct str part)
{
    memcpy(at, part.ptr, part.len);
}

/* Halfway between two doubles, told apart by a digit a thousand places behind. */
static void digits_far_behind_still_decide(void)
{
    char text[1200];
    double v;
    memset(text, '0', sizeof text);
    write_at(text, STR("9007199254740993."));
    CHECK(double_parse((struct str){text, sizeof text}, &v) && v == 9007199254740992);
    text[1199] = '1';
    CHECK(double_parse((struct str){text, sizeof text}, &v) && v == 9007199254740994);
    memset(text, '0', sizeof text);
    write_at(text, STR("0."));
    text[1100] = '5';
    write_at(text + 1190, STR("e1000"));
    CHECK(double_parse((struct str){text, 1195}, &v) && v == 5e-99);
}

int main(void)
{
    text_is_parsed_exactly_or_refused_with_a_reason();
    a_value_is_written_with_all_digits_of_its_scale();
    halves_go_to_the_even_neighbour();
    what_leaves_the_range_is_told();
    division_states_its_scale();
    comparison_is_exact_across_scales();
    products_divide_back();
    doubles_are_laid_out_as_ecmascript_does();
    every_power_of_two_is_written_with_the_fewest_digits();
    random_doubles_make_the_round_trip();
    texts_are_read_to_the_nearest_double();
    digits_far_behind_still_decide();
    return TEST_RESULT();
}
