/* Exact numbers against arithmetic as it is taught at school: figures in a row, carried and borrowed by
 * hand. Whatever the values, scales and roundings: the same result to the last unit, and the same
 * refusal where it does not fit. Numbers as text: read as the figures say, written as one way only.
 *
 * Bytes: how far the values are shifted down, two values, three scales, a rounding, then a text. */
#include "base/decimal.h"
#include "fuzz/holds.h"

#include <math.h>
#include <stdbool.h>

/* ---- school: whole numbers as figures, the lowest first */

enum { FIGURES = 56 }; /* two values and twice the largest scale: 46 */

struct figures {
    unsigned char at[FIGURES];
};

static struct figures figures_of(uint64_t value)
{
    struct figures f = {{0}};
    for (int i = 0; value > 0; i++, value /= 10) f.at[i] = (unsigned char)(value % 10);
    return f;
}

static int compare(const struct figures *a, const struct figures *b)
{
    for (int i = FIGURES - 1; i >= 0; i--)
        if (a->at[i] != b->at[i]) return a->at[i] < b->at[i] ? -1 : 1;
    return 0;
}

static struct figures add(struct figures a, struct figures b)
{
    int carry = 0;
    for (int i = 0; i < FIGURES; i++) {
        int sum = a.at[i] + b.at[i] + carry;
        a.at[i] = (unsigned char)(sum % 10);
        carry = sum / 10;
    }
    return a;
}

/* a is not less than b. */
static struct figures subtract(struct figures a, struct figures b)
{
    int borrow = 0;
    for (int i = 0; i < FIGURES; i++) {
        int rest = a.at[i] - b.at[i] - borrow;
        borrow = rest < 0;
        a.at[i] = (unsigned char)(borrow ? rest + 10 : rest);
    }
    return a;
}

static struct figures times_ten(struct figures a, unsigned often)
{
    memmove(a.at + often, a.at, FIGURES - often);
    memset(a.at, 0, often);
    return a;
}

static struct figures multiply(struct figures a, struct figures b)
{
    struct figures sum = {{0}};
    for (int i = FIGURES - 1; i >= 0; i--) {
        sum = times_ten(sum, 1);
        for (int k = 0; k < b.at[i]; k++) sum = add(sum, a);
    }
    return sum;
}

/* Long division. */
static struct figures divide(struct figures a, struct figures b, struct figures *ret_rest)
{
    struct figures quotient = {{0}}, rest = {{0}};
    for (int i = FIGURES - 1; i >= 0; i--) {
        rest = times_ten(rest, 1);
        rest.at[0] = a.at[i];
        while (compare(&rest, &b) >= 0) {
            rest = subtract(rest, b);
            quotient.at[i]++;
        }
    }
    *ret_rest = rest;
    return quotient;
}

/* a / b, rounded; `negative` is the sign of the result, which roundings up and down ask for. */
static struct figures ratio(struct figures a, struct figures b, bool negative,
                            enum decimal_rounding rounding)
{
    struct figures rest, zero = {{0}};
    struct figures quotient = divide(a, b, &rest), twice = add(rest, rest);
    bool exact = compare(&rest, &zero) == 0, away = false;
    int half = compare(&twice, &b);
    if (rounding == DECIMAL_HALF_EVEN) away = half > 0 || (half == 0 && quotient.at[0] % 2 == 1);
    if (rounding == DECIMAL_FLOOR) away = negative;
    if (rounding == DECIMAL_CEILING) away = !negative;
    return exact || !away ? quotient : add(quotient, figures_of(1));
}

/* ---- the arithmetic beside it */

struct operands {
    int64_t a, b;
    unsigned a_scale, b_scale, scale;
    enum decimal_rounding rounding;
};

static struct figures size_of(int64_t value)
{
    return figures_of((uint64_t)(value < 0 ? -value : value));
}

static void must_be(bool given, int64_t got, bool negative, const struct figures *want)
{
    struct figures most = figures_of(DECIMAL_MAX), size, zero = {{0}};
    bool fits = compare(want, &most) <= 0;
    HOLDS(given == fits);
    if (!fits) return;
    size = size_of(got);
    HOLDS(compare(&size, want) == 0);
    HOLDS(got == 0 || (got < 0) == negative);
    HOLDS(got != 0 || compare(want, &zero) == 0);
}

static void sum_holds(int64_t a, int64_t b, bool given, int64_t got)
{
    struct figures x = size_of(a), y = size_of(b);
    bool alike = (a < 0) == (b < 0), larger = compare(&x, &y) >= 0;
    struct figures want = alike ? add(x, y) : larger ? subtract(x, y) : subtract(y, x);
    must_be(given, got, alike || larger ? a < 0 : b < 0, &want);
}

static void product_holds(const struct operands *o)
{
    int64_t got = 0;
    bool negative = (o->a < 0) != (o->b < 0);
    bool given = decimal_mul(o->a, o->a_scale, o->b, o->b_scale, o->scale, &got);
    struct figures above = times_ten(multiply(size_of(o->a), size_of(o->b)), o->scale);
    struct figures want =
        ratio(above, times_ten(figures_of(1), o->a_scale + o->b_scale), negative, DECIMAL_HALF_EVEN);
    must_be(given, got, negative, &want);
}

static void quotient_holds(const struct operands *o)
{
    int64_t got = 0;
    bool negative = (o->a < 0) != (o->b < 0);
    bool given = decimal_div(o->a, o->a_scale, o->b, o->b_scale, o->scale, &got);
    HOLDS(o->b != 0 || !given);
    if (o->b == 0) return;
    struct figures above = times_ten(size_of(o->a), o->scale + o->b_scale);
    struct figures want =
        ratio(above, times_ten(size_of(o->b), o->a_scale), negative, DECIMAL_HALF_EVEN);
    must_be(given, got, negative, &want);
}

static void rescaling_holds(const struct operands *o)
{
    int64_t got = 0;
    bool given = decimal_rescale(o->a, o->a_scale, o->scale, o->rounding, &got);
    struct figures want = ratio(times_ten(size_of(o->a), o->scale),
                                times_ten(figures_of(1), o->a_scale), o->a < 0, o->rounding);
    must_be(given, got, o->a < 0, &want);
}

static void order_holds(const struct operands *o)
{
    int got = decimal_compare(o->a, o->a_scale, o->b, o->b_scale), want;
    struct figures x = times_ten(size_of(o->a), o->b_scale), y = times_ten(size_of(o->b), o->a_scale);
    if ((o->a < 0) != (o->b < 0)) want = o->a < 0 ? -1 : 1;
    else want = o->a < 0 ? compare(&y, &x) : compare(&x, &y);
    HOLDS(got == want && decimal_compare(o->b, o->b_scale, o->a, o->a_scale) == -want);
}

static void arithmetic_holds(const struct operands *o)
{
    int64_t got = 0;
    bool given = decimal_add(o->a, o->b, &got);
    sum_holds(o->a, o->b, given, got);
    given = decimal_sub(o->a, o->b, &got);
    sum_holds(o->a, -o->b, given, got);
    product_holds(o);
    quotient_holds(o);
    rescaling_holds(o);
    order_holds(o);
}

/* ---- text */

static void text_of_holds(int64_t value, unsigned scale)
{
    char text[DECIMAL_TEXT_BYTES + 1] = {0}, want[64];
    int64_t power = decimal_power(scale), size = value < 0 ? -value : value, again = 0;
    size_t len = decimal_format(value, scale, text);
    int want_len =
        snprintf(want, sizeof want, "%s%lld", value < 0 ? "-" : "", (long long)(size / power));
    if (scale > 0)
        snprintf(want + want_len, sizeof want - (size_t)want_len, ".%0*lld", (int)scale,
                 (long long)(size % power));
    HOLDS(len == strlen(want) && memcmp(text, want, len) == 0);
    HOLDS(decimal_parse((struct str){text, len}, scale, &again) == DECIMAL_OK && again == value);
    HOLDS(decimal_to_double(value, scale) == strtod(want, NULL));
}

static size_t count_digits(const char *at)
{
    size_t count = 0;
    while (at[count] >= '0' && at[count] <= '9') count++;
    return count;
}

/* RFC 8259: a minus or none, a whole number without leading zeros, a fraction, an exponent. */
struct reading {
    bool is_number, negative, small_exponent;
    char figures[512]; /* of whole number and fraction, leading zeros cut off */
    size_t count;
    long long exponent; /* of the last figure */
};

static const char *read_exponent(const char *at, struct reading *reading)
{
    bool negative = *++at == '-';
    if (*at == '-' || *at == '+') at++;
    size_t digits = count_digits(at);
    if (digits == 0) return NULL;
    reading->small_exponent = digits <= 9;
    long long value = reading->small_exponent ? strtoll(at, NULL, 10) : 0;
    reading->exponent += negative ? -value : value;
    return at + digits;
}

static struct reading read_number(const char *text)
{
    struct reading reading = {.small_exponent = true};
    const char *at = text + (*text == '-');
    size_t whole = count_digits(at), fraction = 0;
    reading.negative = *text == '-';
    if (whole == 0 || (whole > 1 && *at == '0')) return reading;
    memcpy(reading.figures, at, whole);
    at += whole;
    if (*at == '.') {
        fraction = count_digits(++at);
        if (fraction == 0) return reading;
        memcpy(reading.figures + whole, at, fraction);
        at += fraction;
        reading.exponent = -(long long)fraction;
    }
    if (*at == 'e' || *at == 'E') at = read_exponent(at, &reading);
    reading.is_number = at && *at == '\0';
    reading.count = whole + fraction;
    size_t zeros = strspn(reading.figures, "0");
    memmove(reading.figures, reading.figures + zeros, sizeof reading.figures - zeros);
    reading.count -= zeros;
    return reading;
}

/* What the figures say of the number in units of 10^-scale. */
static enum decimal_result value_of(struct reading reading, unsigned scale, int64_t *ret_value)
{
    static const char most[] = "9007199254740991";
    long long exponent = reading.exponent + (long long)scale;
    char *f = reading.figures;
    *ret_value = 0;
    if (reading.count == 0) return DECIMAL_OK;
    for (; reading.count > 0 && f[reading.count - 1] == '0'; exponent++) f[--reading.count] = '\0';
    long long whole = (long long)reading.count + exponent; /* how many figures before the point */
    if (whole > 16) return DECIMAL_RANGE;
    if (exponent < 0 && (whole < 16 || strncmp(f, most, 16) < 0)) return DECIMAL_FRACTION;
    if (exponent < 0) return DECIMAL_RANGE;
    for (; exponent > 0; exponent--) f[reading.count++] = '0';
    if (whole == 16 && strncmp(f, most, 16) > 0) return DECIMAL_RANGE;
    f[reading.count] = '\0';
    *ret_value = strtoll(f, NULL, 10) * (reading.negative ? -1 : 1);
    return DECIMAL_OK;
}

static void reading_holds(const char *text, unsigned scale)
{
    struct reading reading = read_number(text);
    int64_t got = 0, want;
    enum decimal_result result = decimal_parse(str_of(text), scale, &got);
    HOLDS((result != DECIMAL_SYNTAX) == reading.is_number);
    if (!reading.is_number || !reading.small_exponent) return;
    HOLDS(result == value_of(reading, scale, &want));
    HOLDS(result != DECIMAL_OK || got == want);
}

/* ---- doubles, beside the C library's */

/* The figures of a number without point, exponent and zeros at its ends. */
static size_t figures_in(const char *text, char *ret_figures)
{
    size_t count = 0;
    for (; *text && *text != 'e'; text++)
        if (*text >= '0' && *text <= '9' && (count > 0 || *text != '0')) ret_figures[count++] = *text;
    while (count > 0 && ret_figures[count - 1] == '0') count--;
    return count;
}

/* No fewer figures would do, and of as few these are the nearest. */
static void shortest_holds(const char *ours, double value)
{
    char figures[64], theirs[64], text[64];
    size_t count = figures_in(ours, figures);
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*e", digits - 1, value);
        if (strtod(text, NULL) != value) continue;
        size_t their_count = figures_in(text, theirs);
        HOLDS(count <= their_count);
        HOLDS(count < their_count || memcmp(figures, theirs, count) == 0);
        return;
    }
    HOLDS(false && "seventeen figures are enough for any double");
}

static void writing_holds(double value)
{
    char text[DOUBLE_TEXT_BYTES + 1] = {0};
    size_t len = double_format(value, text);
    double size = fabs(value), again;
    HOLDS(len < DOUBLE_TEXT_BYTES && strtod(text, NULL) == value);
    HOLDS(double_parse((struct str){text, len}, &again) && again == value);
    bool plain = value == 0 || (size >= 1e-6 && size < 1e21);
    HOLDS(plain == !strchr(text, 'e'));
    if (value != 0) shortest_holds(text, value);
}

static void double_holds(const char *text)
{
    double got = 1;
    struct reading reading = read_number(text);
    bool given = double_parse(str_of(text), &got);
    double want = strtod(text, NULL);
    HOLDS(given == (reading.is_number && isfinite(want)));
    if (!given) return;
    HOLDS(got == want && !(got == 0 && signbit(got)));
    writing_holds(got);
}

static double double_of_bits(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return isfinite(value) ? value : 0;
}

/* ---- */

static int64_t take_value(struct bytes *bytes, unsigned shift)
{
    int64_t value = (int64_t)bytes_take(bytes, 8);
    return value / (INT64_C(1) << shift) % (DECIMAL_MAX + 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes bytes = {data, size};
    char text[400] = "";
    writing_holds(double_of_bits(bytes_take(&(struct bytes){data, size}, 8)));
    unsigned a_shift = (unsigned)bytes_take(&bytes, 1) % 63,
             b_shift = (unsigned)bytes_take(&bytes, 1) % 63;
    struct operands o = {.a = take_value(&bytes, a_shift), .b = take_value(&bytes, b_shift)};
    o.a_scale = (unsigned)bytes_take(&bytes, 1) % (DECIMAL_SCALE_MAX + 1);
    o.b_scale = (unsigned)bytes_take(&bytes, 1) % (DECIMAL_SCALE_MAX + 1);
    o.scale = (unsigned)bytes_take(&bytes, 1) % (DECIMAL_SCALE_MAX + 1);
    o.rounding = (enum decimal_rounding)(bytes_take(&bytes, 1) % 4);
    arithmetic_holds(&o);
    text_of_holds(o.a, o.a_scale);
    size_t len = bytes.left < sizeof text - 1 ? bytes.left : sizeof text - 1;
    if (len > 0) memcpy(text, bytes.at, len);
    if (strlen(text) == len) {
        reading_holds(text, o.scale);
        double_holds(text);
    }
    return 0;
}
