#include "base/decimal.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

__extension__ typedef __int128 wide;

/* More significant digits than this change no double (the longest halfway case has 767). */
enum { DOUBLE_DIGITS_MAX = 770 };

static const uint64_t powers[] = {
    1u,
    10u,
    100u,
    1000u,
    10000u,
    100000u,
    1000000u,
    10000000u,
    100000000u,
    1000000000u,
    10000000000u,
    100000000000u,
    1000000000000u,
    10000000000000u,
    100000000000000u,
    1000000000000000u,
    10000000000000000u,
    100000000000000000u,
    1000000000000000000u,
    10000000000000000000u,
};
enum { POWERS = sizeof powers / sizeof *powers };

int64_t decimal_power(unsigned exponent)
{
    assert(exponent <= 18);
    return (int64_t)powers[exponent];
}

/* digits × 10^shift; `more` says that something above zero but below one unit of `digits` was left out.
 */
static enum decimal_result shifted(uint64_t digits, int64_t shift, bool more, uint64_t *ret_units)
{
    uint64_t units = digits, rest = 0;
    if (shift > 0) {
        if (digits != 0 && (shift >= POWERS || digits > (uint64_t)DECIMAL_MAX / powers[shift]))
            return DECIMAL_RANGE;
        units = digits ? digits * powers[shift] : 0;
    } else if (shift < 0) {
        units = -shift < POWERS ? digits / powers[-shift] : 0;
        rest = -shift < POWERS ? digits % powers[-shift] : digits;
    }
    bool fraction = rest != 0 || more;
    if (units > (uint64_t)DECIMAL_MAX - fraction) return DECIMAL_RANGE;
    if (fraction) return DECIMAL_FRACTION;
    *ret_units = units;
    return DECIMAL_OK;
}

/* The leading digits of a number that has too many, how many follow, and whether one of those is not 0.
 */
struct leading {
    uint64_t digits;
    int64_t dropped;
    bool more;
};

static struct leading leading_of(struct str raw)
{
    struct leading lead = {0, 0, false};
    for (size_t i = 0; i < raw.len && (raw.ptr[i] | 0x20) != 'e'; i++) {
        if (raw.ptr[i] < '0' || raw.ptr[i] > '9') continue;
        uint64_t digit = (uint64_t)(raw.ptr[i] - '0');
        if (lead.dropped == 0 && lead.digits <= (UINT64_MAX - 9) / 10) {
            lead.digits = lead.digits * 10 + digit;
        } else {
            lead.dropped++;
            lead.more |= digit != 0;
        }
    }
    return lead;
}

enum decimal_result decimal_of_number(const struct json_number *number, unsigned scale,
                                      int64_t *ret_value)
{
    assert(scale <= DECIMAL_SCALE_MAX);
    int64_t shift = (int64_t)number->exponent - number->fraction + scale;
    struct leading lead = {number->digits, 0, false};
    if (number->long_digits) lead = leading_of(number->raw);
    uint64_t units;
    enum decimal_result result = shifted(lead.digits, shift + lead.dropped, lead.more, &units);
    if (result == DECIMAL_OK) *ret_value = number->negative ? -(int64_t)units : (int64_t)units;
    return result;
}

static bool number_of(struct str text, struct json_number *ret_number)
{
    struct json_cursor cur = json_cursor_of(text);
    return !json_scan_number(&cur, ret_number) && cur.at == cur.end;
}

enum decimal_result decimal_parse(struct str text, unsigned scale, int64_t *ret_value)
{
    struct json_number number;
    if (!number_of(text, &number)) return DECIMAL_SYNTAX;
    return decimal_of_number(&number, scale, ret_value);
}

static bool in_range(wide value)
{
    return value >= -DECIMAL_MAX && value <= DECIMAL_MAX;
}

static bool keep(wide value, int64_t *ret_value)
{
    if (!in_range(value)) return false;
    *ret_value = (int64_t)value;
    return true;
}

size_t decimal_format(int64_t value, unsigned scale, char ret_text[DECIMAL_TEXT_BYTES])
{
    assert(in_range(value) && scale <= DECIMAL_SCALE_MAX);
    char digits[DECIMAL_TEXT_BYTES];
    uint64_t left = (uint64_t)(value < 0 ? -value : value);
    size_t first = sizeof digits;
    for (unsigned i = 0; left > 0 || i <= scale; i++) {
        if (i == scale && scale > 0) digits[--first] = '.';
        digits[--first] = (char)('0' + left % 10);
        left /= 10;
    }
    if (value < 0) digits[--first] = '-';
    memcpy(ret_text, digits + first, sizeof digits - first);
    return sizeof digits - first;
}

void decimal_put(struct buf *out, int64_t value, unsigned scale)
{
    char text[DECIMAL_TEXT_BYTES];
    buf_put(out, (struct str){text, decimal_format(value, scale, text)});
}

static wide wide_power(unsigned exponent)
{
    wide power = 1;
    for (; exponent > 0; exponent--) power *= 10;
    return power;
}

/* The divisor is above 0. */
static wide divide(wide value, wide divisor, enum decimal_rounding rounding)
{
    wide quotient = value / divisor, rest = value % divisor;
    if (rest == 0) return quotient;
    wide away = value < 0 ? -1 : 1;
    wide size = rest < 0 ? -rest : rest;
    bool up = false; /* away from zero */
    switch (rounding) {
    case DECIMAL_HALF_EVEN:
        up = size > divisor - size || (size == divisor - size && quotient % 2 != 0);
        break;
    case DECIMAL_FLOOR:
        up = value < 0;
        break;
    case DECIMAL_CEILING:
        up = value > 0;
        break;
    case DECIMAL_TRUNCATE:
        break;
    }
    return up ? quotient + away : quotient;
}

/* value × 10^shift within the range. */
static bool scaled(wide value, int shift, enum decimal_rounding rounding, int64_t *ret_value)
{
    if (shift < 0) return keep(divide(value, wide_power((unsigned)-shift), rounding), ret_value);
    for (; shift > 0 && in_range(value); shift--) value *= 10;
    return keep(value, ret_value);
}

bool decimal_rescale(int64_t value, unsigned from, unsigned to, enum decimal_rounding rounding,
                     int64_t *ret_value)
{
    assert(from <= DECIMAL_SCALE_MAX && to <= DECIMAL_SCALE_MAX);
    return scaled(value, (int)to - (int)from, rounding, ret_value);
}

bool decimal_add(int64_t a, int64_t b, int64_t *ret_value)
{
    return keep((wide)a + b, ret_value);
}

bool decimal_sub(int64_t a, int64_t b, int64_t *ret_value)
{
    return keep((wide)a - b, ret_value);
}

bool decimal_mul(int64_t a, unsigned a_scale, int64_t b, unsigned b_scale, unsigned scale,
                 int64_t *ret_value)
{
    assert(in_range(a) && in_range(b));
    assert(a_scale <= DECIMAL_SCALE_MAX && b_scale <= DECIMAL_SCALE_MAX && scale <= DECIMAL_SCALE_MAX);
    return scaled((wide)a * b, (int)scale - (int)(a_scale + b_scale), DECIMAL_HALF_EVEN, ret_value);
}

bool decimal_div(int64_t a, unsigned a_scale, int64_t b, unsigned b_scale, unsigned scale,
                 int64_t *ret_value)
{
    assert(in_range(a) && in_range(b));
    assert(a_scale <= DECIMAL_SCALE_MAX && b_scale <= DECIMAL_SCALE_MAX && scale <= DECIMAL_SCALE_MAX);
    if (b == 0) return false;
    const wide too_large = wide_power(37); /* divided by any b it is still beyond the range */
    wide dividend = b < 0 ? -(wide)a : a, divisor = b < 0 ? -(wide)b : b;
    int shift = (int)(scale + b_scale) - (int)a_scale;
    if (shift < 0) divisor *= wide_power((unsigned)-shift);
    for (; shift > 0; shift--) {
        dividend *= 10;
        if (dividend >= too_large || dividend <= -too_large) return false;
    }
    return keep(divide(dividend, divisor, DECIMAL_HALF_EVEN), ret_value);
}

int decimal_compare(int64_t a, unsigned a_scale, int64_t b, unsigned b_scale)
{
    assert(a_scale <= DECIMAL_SCALE_MAX && b_scale <= DECIMAL_SCALE_MAX);
    wide left = a, right = b;
    if (a_scale < b_scale) left *= wide_power(b_scale - a_scale);
    if (b_scale < a_scale) right *= wide_power(a_scale - b_scale);
    return left < right ? -1 : left > right;
}

double decimal_to_double(int64_t value, unsigned scale)
{
    assert(in_range(value) && scale <= DECIMAL_SCALE_MAX);
    return (double)value / (double)powers[scale]; /* both exact, so one rounding */
}

/* ---- Doubles */

/* All digits as one integer and an exponent: no decimal point, so no locale can meddle. */
static double double_from_digits(const char *digits, int len, int64_t exponent)
{
    char text[DOUBLE_DIGITS_MAX + 32];
    snprintf(text, sizeof text, "%.*se%d", len, digits, (int)exponent);
    return strtod(text, NULL);
}

static double double_slow(const struct json_number *number)
{
    char digits[DOUBLE_DIGITS_MAX + 1];
    int len = 0;
    int64_t exponent = (int64_t)number->exponent - number->fraction;
    bool more = false;
    for (size_t i = 0; i < number->raw.len && (number->raw.ptr[i] | 0x20) != 'e'; i++) {
        char c = number->raw.ptr[i];
        if (c < '0' || c > '9' || (c == '0' && len == 0)) continue;
        if (len < DOUBLE_DIGITS_MAX) {
            digits[len++] = c;
        } else {
            exponent++;
            more |= c != '0';
        }
    }
    if (len == 0) return 0;
    if (more) digits[len - 1] |= 1; /* off any halfway point; so deep down which way does not matter */
    return double_from_digits(digits, len, exponent);
}

bool double_of_number(const struct json_number *number, double *ret_value)
{
    int64_t exponent = (int64_t)number->exponent - number->fraction;
    bool exact = !number->long_digits && number->digits <= UINT64_C(1) << 53 && exponent >= -19 &&
                 exponent <= 19;
    double size;
    if (exact)
        size = exponent < 0 ? (double)number->digits / (double)powers[-exponent]
                            : (double)number->digits * (double)powers[exponent];
    else size = double_slow(number);
    if (!isfinite(size)) return false;
    *ret_value = number->negative && size > 0 ? -size : size;
    return true;
}

bool double_parse(struct str text, double *ret_value)
{
    struct json_number number;
    return number_of(text, &number) && double_of_number(&number, ret_value);
}

/* 0.d1d2d3… × 10^point. */
struct digits {
    char text[24];
    int len, point;
};

static double double_of_digits(const struct digits *digits)
{
    return double_from_digits(digits->text, digits->len, digits->point - digits->len);
}

static struct digits rounded_to(double size, int len)
{
    char text[40]; /* d.ddde-308 */
    snprintf(text, sizeof text, "%.*e", len - 1, size);
    struct digits digits = {.len = len};
    digits.text[0] = text[0];
    memcpy(digits.text + 1, text + 2, (size_t)len - 1); /* skips the point, whatever it looks like */
    digits.point = (int)strtol(strchr(text, 'e') + 1, NULL, 10) + 1;
    return digits;
}

/* One more in the last place. */
static void count_up(struct digits *digits)
{
    int i = digits->len - 1;
    for (; i >= 0 && digits->text[i] == '9'; i--) digits->text[i] = '0';
    if (i >= 0) {
        digits->text[i]++;
        return;
    }
    digits->text[0] = '1'; /* 999 became 1000 */
    digits->point++;
}

/* The fewest digits that read back as `size`; of those the nearest. Below a power of two the doubles
 * lie closer together than above it, so there the nearest digits may read back as the neighbour while
 * the next ones up are right. */
static struct digits shortest(double size)
{
    bool subnormal = size < 0x1p-1022; /* those may have fewer than 15 digits to themselves */
    for (int len = subnormal ? 1 : 15; len < 17; len++) {
        struct digits digits = rounded_to(size, len);
        double back = double_of_digits(&digits);
        if (back < size) {
            count_up(&digits);
            back = double_of_digits(&digits);
        }
        if (back == size) return digits;
    }
    return rounded_to(size, 17);
}

static char *put_zeros(char *at, int count)
{
    memset(at, '0', (size_t)count);
    return at + count;
}

static char *put_digits(char *at, const char *digits, int count)
{
    memcpy(at, digits, (size_t)count);
    return at + count;
}

/* ECMA-262, Number::toString: k = len, n = point. */
static char *lay_out(const struct digits *d, char *at)
{
    if (d->len <= d->point && d->point <= 21)
        return put_zeros(put_digits(at, d->text, d->len), d->point - d->len);
    if (d->point > 0 && d->point <= 21) {
        at = put_digits(at, d->text, d->point);
        *at++ = '.';
        return put_digits(at, d->text + d->point, d->len - d->point);
    }
    if (d->point > -6 && d->point <= 0) {
        at = put_digits(at, "0.", 2);
        return put_digits(put_zeros(at, -d->point), d->text, d->len);
    }
    *at++ = d->text[0];
    if (d->len > 1) {
        *at++ = '.';
        at = put_digits(at, d->text + 1, d->len - 1);
    }
    int exponent = d->point - 1;
    return at + snprintf(at, 8, "e%c%d", exponent < 0 ? '-' : '+', exponent < 0 ? -exponent : exponent);
}

size_t double_format(double value, char ret_text[DOUBLE_TEXT_BYTES])
{
    assert(isfinite(value));
    char *at = ret_text;
    if (value == 0) {
        *at = '0';
        return 1;
    }
    if (value < 0) *at++ = '-';
    struct digits digits = shortest(value < 0 ? -value : value);
    while (digits.len > 1 && digits.text[digits.len - 1] == '0') digits.len--;
    return (size_t)(lay_out(&digits, at) - ret_text);
}

void double_put(struct buf *out, double value)
{
    char text[DOUBLE_TEXT_BYTES];
    buf_put(out, (struct str){text, double_format(value, text)});
}
