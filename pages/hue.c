#include "pages/hue.h"

#include "base/word.h"

#include <math.h>

/* ---------------------------------------------------------------- reading */

static int digit_of(char c)
{
    if (word_is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Behind "#": three digits count twice each. */
static enum hue_fault read_hex(struct str digits, struct hue *ret_hue)
{
    uint8_t bytes[3];
    size_t each = digits.len / 3;
    if (digits.len != 3 && digits.len != 6) return HUE_MALFORMED;
    for (size_t i = 0; i < 3; i++) {
        int high = digit_of(digits.ptr[i * each]), low = digit_of(digits.ptr[i * each + each - 1]);
        if (high < 0 || low < 0) return HUE_MALFORMED;
        bytes[i] = (uint8_t)(high * 16 + low);
    }
    *ret_hue = (struct hue){bytes[0], bytes[1], bytes[2]};
    return HUE_OK;
}

/* "0.55" and "55%", which is the same of a whole of `hundred`; at most six digits behind the point.
 * Takes it off `text`, with the blanks before it. */
static bool take_number(struct str *text, double hundred, double most, double *ret_number)
{
    double number = 0, place = 1;
    size_t at = 0, digits = 0, behind = 0;
    bool point = false;
    while (at < text->len && text->ptr[at] == ' ') at++;
    for (; at < text->len && (word_is_digit(text->ptr[at]) || (text->ptr[at] == '.' && !point)); at++) {
        if (text->ptr[at] == '.') {
            point = true;
            continue;
        }
        number = number * 10 + (text->ptr[at] - '0');
        if (point) place *= 10, behind++;
        digits++;
    }
    if (digits == 0 || digits > 9 || behind > 6 || (point && behind == 0)) return false;
    number /= place;
    if (at < text->len && text->ptr[at] == '%') number = number * hundred / 100, at++;
    *text = (struct str){text->ptr + at, text->len - at};
    *ret_number = number;
    return number <= most;
}

/* Of a channel of linear light, how sRGB writes it down: 0 to 255. False: there is no such. */
static bool encode(double linear, uint8_t *ret_byte)
{
    const double slack = 0.0005; /* rounding alone puts nothing outside */
    if (linear < -slack || linear > 1 + slack) return false;
    double light = linear < 0 ? 0 : linear > 1 ? 1 : linear;
    double value = light <= 0.0031308 ? light * 12.92 : 1.055 * pow(light, 1 / 2.4) - 0.055;
    *ret_byte = (uint8_t)(value * 255 + 0.5);
    return true;
}

/* CSS Color 4: OKLCH to OKLab to the cones, cubed, to linear sRGB. */
static enum hue_fault of_oklch(double lightness, double chroma, double degrees, struct hue *ret_hue)
{
    const double turn = degrees * 3.14159265358979323846 / 180;
    double a = chroma * cos(turn), b = chroma * sin(turn);
    double l = lightness + 0.3963377773761749 * a + 0.2158037573099136 * b;
    double m = lightness - 0.1055613458156586 * a - 0.0638541728258133 * b;
    double s = lightness - 0.0894841775298119 * a - 1.2914855480194092 * b;
    l = l * l * l, m = m * m * m, s = s * s * s;
    bool inside = encode(4.0767416360759574 * l - 3.3077115392580616 * m + 0.2309699031821044 * s,
                         &ret_hue->red) &&
                  encode(-1.2684379732850317 * l + 2.6097573492876887 * m - 0.3413193760026573 * s,
                         &ret_hue->green) &&
                  encode(-0.0041960761386756 * l - 0.7034186179359363 * m + 1.7076146940746117 * s,
                         &ret_hue->blue);
    return inside ? HUE_OK : HUE_OUTSIDE;
}

/* Behind "oklch(": blanks between, lightness to 1 or 100%, chroma to 0.5, hue to 360 degrees. */
static enum hue_fault read_oklch(struct str text, struct hue *ret_hue)
{
    double lightness, chroma, degrees;
    struct hue hue;
    bool whole = take_number(&text, 1, 1, &lightness) && text.len && text.ptr[0] == ' ' &&
                 take_number(&text, 0.4, 0.5, &chroma) && text.len && text.ptr[0] == ' ' &&
                 take_number(&text, 360, 360, &degrees) && str_eq(text, STR(")"));
    if (!whole) return HUE_MALFORMED;
    enum hue_fault fault = of_oklch(lightness, chroma, degrees, &hue);
    if (!fault) *ret_hue = hue;
    return fault;
}

enum hue_fault hue_read(struct str text, struct hue *ret_hue)
{
    struct str lead = STR("oklch(");
    if (text.len && text.ptr[0] == '#')
        return read_hex((struct str){text.ptr + 1, text.len - 1}, ret_hue);
    if (!str_starts(text, lead)) return HUE_MALFORMED;
    return read_oklch((struct str){text.ptr + lead.len, text.len - lead.len}, ret_hue);
}

void hue_put(struct hue hue, struct buf *out)
{
    buf_printf(out, "#%02x%02x%02x", (unsigned)hue.red, (unsigned)hue.green, (unsigned)hue.blue);
}

/* ---------------------------------------------------------------- beside another */

static uint8_t mix(uint8_t one, uint8_t other, uint32_t percent)
{
    return (uint8_t)((one * percent + other * (100 - percent) + 50) / 100);
}

struct hue hue_mix(struct hue one, struct hue other, uint32_t percent)
{
    return (struct hue){mix(one.red, other.red, percent), mix(one.green, other.green, percent),
                        mix(one.blue, other.blue, percent)};
}

static double linear_of(uint8_t byte)
{
    double value = byte / 255.0;
    return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4);
}

/* WCAG 2.2, relative luminance. */
static double luminance(struct hue hue)
{
    return 0.2126 * linear_of(hue.red) + 0.7152 * linear_of(hue.green) + 0.0722 * linear_of(hue.blue);
}

uint32_t hue_contrast(struct hue one, struct hue other)
{
    double a = luminance(one), b = luminance(other);
    double ratio = ((a > b ? a : b) + 0.05) / ((a > b ? b : a) + 0.05);
    return (uint32_t)(ratio * 100 + 1e-9);
}
