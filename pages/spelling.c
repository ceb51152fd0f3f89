#include "pages/spelling.h"

#include "base/utf8.h"
#include "base/word.h"

/* ---------------------------------------------------------------- blanks and digits */

/* White_Space of Unicode, as far as keyboards and locales have it. */
static bool is_blank(uint32_t code)
{
    return code == ' ' || (code >= 9 && code <= 13) || code == 0x85 || code == 0xa0 ||
           (code >= 0x2000 && code <= 0x200a) || code == 0x2028 || code == 0x2029 || code == 0x202f ||
           code == 0x205f || code == 0x3000 || code == 0x1680;
}

struct str spelling_trim(struct str text)
{
    uint32_t code;
    size_t size;
    while ((size = utf8_next(text, &code)) && is_blank(code))
        text = (struct str){text.ptr + size, text.len - size};
    for (size_t end = text.len; end > 0;) {
        do end--;
        while (end > 0 && ((unsigned char)text.ptr[end] & 0xc0) == 0x80);
        if (!utf8_next((struct str){text.ptr + end, text.len - end}, &code) || !is_blank(code)) break;
        text.len = end;
    }
    return text;
}

/* The first digits of the scripts whose languages the locales know, and of full-width forms. */
static bool digit_of(uint32_t code, char *ret_digit)
{
    static const uint32_t zeros[] = {'0', 0x660, 0x6f0, 0x966, 0x9e6, 0xff10};
    for (size_t i = 0; i < sizeof zeros / sizeof *zeros; i++) {
        if (code < zeros[i] || code > zeros[i] + 9) continue;
        *ret_digit = (char)('0' + (code - zeros[i]));
        return true;
    }
    return false;
}

/* ---------------------------------------------------------------- numbers */

/* Digits, one sign before them, and of all else between them what it may be: '.' ',' '\''. Returns the
 * length; 0: something else. */
static size_t plain(struct str text, char *ret_plain)
{
    size_t len = 0;
    while (text.len) {
        uint32_t code;
        char digit;
        size_t size = utf8_next(text, &code);
        if (!size) return 0;
        text = (struct str){text.ptr + size, text.len - size};
        if (digit_of(code, &digit)) ret_plain[len++] = digit;
        else if (code == '.' || code == 0x66b) ret_plain[len++] = '.';
        else if (code == ',' || code == 0x66c || code == 0x60c) ret_plain[len++] = ',';
        else if (code == '\'' || code == 0x2019) ret_plain[len++] = '\'';
        else if ((code == '-' || code == 0x2212) && len == 0) ret_plain[len++] = '-';
        else if ((code == '+' && len == 0) || is_blank(code) || code == 0x200e || code == 0x200f)
            continue;
        else return 0;
    }
    return len;
}

/* Arabic signs stand for themselves: 0x66b was made '.', whatever the language. */
static char decimal_sign(const struct locale *locale)
{
    struct buf text;
    char room[8] = "";
    buf_init(&text, mem_heap(), 64);
    locale_put_exact(locale, 11, 1, &text);
    struct str shown = buf_str(&text);
    size_t len = buf_failed(&text) || shown.len > 8 ? 0 : plain(shown, room);
    buf_release(&text);
    return len == 3 && room[1] == ',' ? ',' : '.';
}

/* From `from` on every `sign` has three digits behind it, and there is one at least. */
static bool groups(const char *text, size_t from, size_t end, char sign)
{
    size_t since = 0;
    bool any = false;
    for (size_t i = end; i > from; i--) {
        char c = text[i - 1];
        if (word_is_digit(c)) {
            since++;
        } else {
            if (c != sign || since != 3 || i - 1 == from) return false;
            since = 0;
            any = true;
        }
    }
    return any && since > 0 && since <= 3;
}

static size_t find(const char *text, size_t len, char c)
{
    const char *at = memchr(text, c, len);
    return at ? (size_t)(at - text) : len;
}

static bool all_digits(const char *text, size_t from, size_t end)
{
    for (size_t i = from; i < end; i++)
        if (!word_is_digit(text[i])) return false;
    return true;
}

/* Where the fraction begins: the decimal sign of the language, or the other one if it cannot be one of
 * thousands. */
static bool find_point(const char *text, size_t len, size_t start, char sign, size_t *ret_point)
{
    char other = sign == '.' ? ',' : '.';
    size_t own = find(text, len, sign), foreign = find(text, len, other);
    *ret_point = own;
    if (own < len && find(text + own + 1, len - own - 1, sign) < len - own - 1)
        return *ret_point = len, false; /* twice */
    if (own == len && foreign < len && find(text, len, '\'') == len && !groups(text, start, len, other))
        *ret_point = foreign;
    return true;
}

/* The digits before the point: none but those, or in groups of three. */
static bool whole_is_good(const char *text, size_t start, size_t point, char sign)
{
    char other = sign == '.' ? ',' : '.';
    return all_digits(text, start, point) || groups(text, start, point, other) ||
           groups(text, start, point, '\'');
}

/* English people group by commas however many dots there are; "1.234.567" is as clear. */
static bool is_grouped_alone(const char *text, size_t start, size_t len, char sign)
{
    return find(text, len, sign) < len && groups(text, start, len, sign) &&
           find(text + find(text, len, sign) + 1, len - find(text, len, sign) - 1, sign) <
               len - find(text, len, sign) - 1;
}

/* Zeros in front go, but one. */
static struct str written(const char *text, size_t start, size_t point, size_t len, struct arena *arena)
{
    char *to = arena_alloc(arena, len + 2);
    size_t at = 0, from = start;
    if (!to) return (struct str){NULL, 0};
    if (start) to[at++] = '-';
    while (from < point && !(text[from] >= '1' && text[from] <= '9')) from++;
    if (from == point) to[at++] = '0';
    for (size_t i = from; i < point; i++)
        if (word_is_digit(text[i])) to[at++] = text[i];
    if (point + 1 < len) {
        to[at++] = '.';
        memcpy(to + at, text + point + 1, len - point - 1);
        at += len - point - 1;
    }
    return (struct str){to, at};
}

struct str spelling_number(const struct locale *locale, struct str text, struct arena *arena)
{
    const struct str none = {NULL, 0};
    char *bytes = arena_alloc(arena, text.len + 1);
    size_t len = bytes ? plain(text, bytes) : 0, point = len;
    if (!len) return none;
    char sign = decimal_sign(locale);
    size_t start = bytes[0] == '-';
    if (is_grouped_alone(bytes, start, len, sign)) return written(bytes, start, len, len, arena);
    if (!find_point(bytes, len, start, sign, &point)) return none;
    bool fits = whole_is_good(bytes, start, point, point < len ? bytes[point] : sign) &&
                all_digits(bytes, point < len ? point + 1 : len, len);
    bool any = len - start > (point < len);
    return fits && any ? written(bytes, start, point, len, arena) : none;
}

struct str spelling_shown(const struct locale *locale, struct str number, struct arena *arena)
{
    const char *point = number.len ? memchr(number.ptr, '.', number.len) : NULL;
    if (!point || decimal_sign(locale) == '.') return number;
    struct str copy = arena_printf(arena, "%.*s,%.*s", (int)(point - number.ptr), number.ptr,
                                   (int)(number.len - 1 - (size_t)(point - number.ptr)), point + 1);
    return copy.ptr ? copy : number;
}

/* ---------------------------------------------------------------- dates and times */

static bool is_digits(struct str text)
{
    return text.len > 0 && all_digits(text.ptr, 0, text.len);
}

/* Digits of the language as 0 to 9. */
static struct str digits(struct str text, struct arena *arena)
{
    text = spelling_trim(text);
    char *bytes = arena_alloc(arena, text.len + 1);
    size_t len = bytes ? plain(text, bytes) : 0;
    return len && all_digits(bytes, 0, len) ? (struct str){bytes, len} : text;
}

/* With a zero before one digit. */
static struct str two(struct str text, struct arena *arena)
{
    if (text.len != 1 || !is_digits(text)) return text;
    struct str padded = arena_printf(arena, "0%c", text.ptr[0]);
    return padded.ptr ? padded : text;
}

struct str spelling_date(const struct str parts[SPELLING_PARTS], struct arena *arena)
{
    struct str day = two(digits(parts[SPELLING_DAY], arena), arena);
    struct str month = two(digits(parts[SPELLING_MONTH], arena), arena);
    struct str year = digits(parts[SPELLING_YEAR], arena);
    if (day.len)
        return arena_printf(arena, "%.*s-%.*s-%.*s", STR_ARG(year), STR_ARG(month), STR_ARG(day));
    if (month.len) return arena_printf(arena, "%.*s-%.*s", STR_ARG(year), STR_ARG(month));
    return year;
}

struct str spelling_date_part(struct str date, enum spelling_part part)
{
    struct str pieces[SPELLING_PARTS] = {{"", 0}, {"", 0}, {"", 0}};
    for (int i = SPELLING_YEAR; i >= SPELLING_DAY; i--) {
        const char *mark = date.len && i > SPELLING_DAY ? memchr(date.ptr, '-', date.len) : NULL;
        pieces[i] = (struct str){date.ptr, mark ? (size_t)(mark - date.ptr) : date.len};
        size_t taken = pieces[i].len + (mark ? 1 : 0);
        date = (struct str){date.ptr + taken, date.len - taken};
    }
    struct str piece = pieces[part];
    while (part != SPELLING_YEAR && piece.len > 1 && piece.ptr[0] == '0')
        piece = (struct str){piece.ptr + 1, piece.len - 1};
    return piece;
}

struct str spelling_time(struct str text, struct arena *arena)
{
    size_t hours = 0;
    while (hours < text.len && word_is_digit(text.ptr[hours])) hours++;
    if (hours < 1 || hours > 2 || hours + 3 > text.len) return text;
    if (text.ptr[hours] != ':' && text.ptr[hours] != '.') return text;
    if (text.ptr[hours] == ':' && hours == 2) return text;
    if (!all_digits(text.ptr, hours + 1, hours + 3)) return text;
    struct str fixed = arena_printf(arena, "%s%.*s:%.*s", hours == 1 ? "0" : "", (int)hours, text.ptr,
                                    (int)(text.len - hours - 1), text.ptr + hours + 1);
    return fixed.ptr ? fixed : text;
}

bool spelling_is_wall(struct str text)
{
    static const char shape[] = "dddd-dd-ddTdd:dd:dd";
    if (text.len != 16 && text.len != 19) return false;
    for (size_t i = 0; i < text.len; i++)
        if (shape[i] == 'd' ? !word_is_digit(text.ptr[i]) : text.ptr[i] != shape[i]) return false;
    return true;
}
