#include "base/sortkey.h"

#include "base/decimal.h"
#include "tests/test.h"

#include <float.h>
#include <string.h>

static int order(const char *a, const char *b, size_t len)
{
    int order = memcmp(a, b, len);
    return (order > 0) - (order < 0);
}

static void exact_numbers_are_in_order_whatever_their_scale(void)
{
    static const struct {
        int64_t value;
        unsigned scale;
    } rows[] = {{-DECIMAL_MAX, 0},
                {-DECIMAL_MAX, 2},
                {-2, 0},
                {-10000, 4},
                {-1, 0},
                {-1, 15},
                {0, 0},
                {0, 15},
                {1, 15},
                {1, 2},
                {105, 1},
                {1050, 2},
                {106, 1},
                {DECIMAL_MAX, 15},
                {10, 0},
                {DECIMAL_MAX, 2},
                {DECIMAL_MAX, 0}};
    char a[SORTKEY_BYTES], b[SORTKEY_BYTES];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
            size_t len = sortkey_exact(rows[i].value, rows[i].scale, a);
            CHECK(sortkey_exact(rows[k].value, rows[k].scale, b) == len);
            int want = decimal_compare(rows[i].value, rows[i].scale, rows[k].value, rows[k].scale);
            CHECK(order(a, b, len) == want);
        }
}

static void whole_numbers_and_doubles_are_in_order(void)
{
    static const int64_t ints[] = {INT64_MIN, -86400000, -256, -1, 0, 1, 255, 256, INT64_MAX};
    static const double doubles[] = {-DBL_MAX, -1e10, -1, -DBL_MIN, 0, DBL_MIN, 0.1, 1, 1e10, DBL_MAX};
    char a[SORTKEY_BYTES], b[SORTKEY_BYTES];
    for (size_t i = 0; i + 1 < sizeof ints / sizeof *ints; i++) {
        size_t len = sortkey_int(ints[i], a);
        CHECK(sortkey_int(ints[i + 1], b) == len && order(a, b, len) < 0);
    }
    for (size_t i = 0; i + 1 < sizeof doubles / sizeof *doubles; i++) {
        size_t len = sortkey_double(doubles[i], a);
        CHECK(sortkey_double(doubles[i + 1], b) == len && order(a, b, len) < 0);
    }
    CHECK(sortkey_double(-0.0, a) == sortkey_double(0.0, b) && memcmp(a, b, 8) == 0);
}

static void the_end_is_above_all(void)
{
    char key[SORTKEY_BYTES];
    struct str end = SORTKEY_END;
    size_t len = sortkey_int(INT64_MAX, key);
    CHECK(memcmp(key, end.ptr, len) <= 0 && len < end.len);
    len = sortkey_double(DBL_MAX, key);
    CHECK(memcmp(key, end.ptr, len) < 0);
    len = sortkey_exact(DECIMAL_MAX, 0, key);
    CHECK(memcmp(key, end.ptr, end.len) < 0 && len > end.len);
    CHECK(memcmp("\364\217\277\277", end.ptr, 4) < 0); /* the last code point */
}

int main(void)
{
    exact_numbers_are_in_order_whatever_their_scale();
    whole_numbers_and_doubles_are_in_order();
    the_end_is_above_all();
    return TEST_RESULT();
}
