/* Decimal: exact numbers as integers scaled by a power of ten, and doubles to and from text.
 *
 *     decimal_parse(STR("-12.30"), 2, &v)  → DECIMAL_OK, v = -1230
 *     decimal_parse(STR("1.005"), 2, &v)   → DECIMAL_FRACTION: never rounded behind the writer's back
 *     decimal_div(100, 2, 3, 0, 4, &v)     → 1.00 / 3 at scale 4 = 3333
 *
 * Values stay within ±(2^53 − 1), so that a double holds each of them; what leaves that is told, never
 * wrapped. Intermediate results are 128 bits wide. Rounding is to nearest, halves to even, unless said
 * otherwise. */
#ifndef BASE_DECIMAL_H
#define BASE_DECIMAL_H

#include "base/buf.h"
#include "base/json_scan.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

#define DECIMAL_MAX INT64_C(9007199254740991) /* 2^53 − 1 */
#define DECIMAL_SCALE_MAX 15u
#define DECIMAL_TEXT_BYTES 20u /* "-0.00" and a point: the longest that decimal_format() writes */

enum decimal_result {
    DECIMAL_OK,
    DECIMAL_SYNTAX,   /* not written as a JSON number is */
    DECIMAL_FRACTION, /* digits that are not zero beyond the scale */
    DECIMAL_RANGE,    /* beyond ±(2^53 − 1) units of the scale */
};

enum decimal_rounding { DECIMAL_HALF_EVEN, DECIMAL_FLOOR, DECIMAL_CEILING, DECIMAL_TRUNCATE };

/* 10^exponent, exponent at most 18. */
int64_t decimal_power(unsigned exponent);

/* Text in the grammar of JSON numbers, all of it: "-12.30", "1e3", "100E-2". */
enum decimal_result decimal_parse(struct str text, unsigned scale, int64_t *ret_value) MUST_USE;
/* The same from a number already scanned: the hot path. */
enum decimal_result decimal_of_number(const struct json_number *number, unsigned scale,
                                      int64_t *ret_value) MUST_USE;

/* "-12.30": always `scale` digits after the point, no point at scale 0. Returns the length. */
size_t decimal_format(int64_t value, unsigned scale, char ret_text[DECIMAL_TEXT_BYTES]);
void decimal_put(struct buf *out, int64_t value, unsigned scale);

/* These return false, and write nothing, when the result is beyond ±DECIMAL_MAX (or the divisor is 0).
 * `a` has scale `a_scale` and so on; the result has `scale`. */
bool decimal_rescale(int64_t value, unsigned from, unsigned to, enum decimal_rounding rounding,
                     int64_t *ret_value) MUST_USE;
bool decimal_add(int64_t a, int64_t b, int64_t *ret_value) MUST_USE; /* of one scale */
bool decimal_sub(int64_t a, int64_t b, int64_t *ret_value) MUST_USE; /* of one scale */
bool decimal_mul(int64_t a, unsigned a_scale, int64_t b, unsigned b_scale, unsigned scale,
                 int64_t *ret_value) MUST_USE;
bool decimal_div(int64_t a, unsigned a_scale, int64_t b, unsigned b_scale, unsigned scale,
                 int64_t *ret_value) MUST_USE;
/* -1, 0, 1; exact whatever the scales. */
int decimal_compare(int64_t a, unsigned a_scale, int64_t b, unsigned b_scale);
/* The double nearest to value × 10^−scale. */
double decimal_to_double(int64_t value, unsigned scale);

/* ---- Doubles. Correctly rounded both ways; nothing depends on a locale (the program never calls
 * setlocale). */

#define DOUBLE_TEXT_BYTES 32u

/* The grammar of JSON numbers. False when it is not that or is beyond the largest double. "-0" gives 0.
 */
bool double_parse(struct str text, double *ret_value) MUST_USE;
bool double_of_number(const struct json_number *number, double *ret_value) MUST_USE;
/* The shortest digits that read back as the same double, laid out as ECMAScript's Number::toString
 * does: "0.1", "1e+21", "5e-324"; -0 gives "0". `value` must be finite. Returns the length. */
size_t double_format(double value, char ret_text[DOUBLE_TEXT_BYTES]);
void double_put(struct buf *out, double value);

#endif
