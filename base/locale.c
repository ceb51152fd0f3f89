#include "base/locale.h"

#include "base/civil.h"
#include "base/decimal.h"
#include "base/json_writer.h"
#include "base/language.h"
#include "base/partial.h"
#include "base/utf8.h"

#include <assert.h>
#include <string.h>

/* Names in a row stand with "|" between them. In what numbers look like, # is the digits and ¤ the
 * currency's sign. In dates and times: %d day, %m month, both of two digits as %D %M, %B its name, %A
 * day of the week, %Y year; %h hour to 23, %i to 12, of two digits as %H %I, %n minute, %s second, %p
 * half of the day; %1 the date and %2 the time; %% is %. */
struct locale {
    struct str tag;
    struct str zero;                                       /* the first of ten digits in a row; 0 */
    struct str mark, group, minus;                         /* minus: - */
    int least;                                             /* digits before the first group mark; 1 */
    int second;                                            /* digits of a group but the last; 3 */
    struct str percent, percent_minus, money, money_minus; /* below 0: minus and what it is above */
    struct str money_mark, money_group;                    /* as for other numbers */
    struct str signs;                                      /* "EUR €", where they are not the usual */
    struct str day_short, day_long, day_full, month_short, month_long, time_short, time_long;
    struct str am, pm, zone;                     /* of zone, # is the offset */
    struct str both_short, both_long, both_full; /* both_full: both_long */
    struct str months, months_alone, weekdays;   /* months_alone, without a day: months */
    struct str and, or, comma; /* between two, before all but the last of more, before it */
    struct str yes, no;
};

#define T(text)                                                                                        \
    {                                                                                                  \
        (text), sizeof(text) - 1                                                                       \
    }

/* For languages that are not in the table. */
static const struct locale canonical = {
    .mark = T("."),
    .percent = T("#%"),
    .money = T("¤ #"),
    .comma = T(", "),
    .and = T(", |, |, "),
    .or = T(", |, |, "),
    .yes = T("true"),
    .no = T("false"),
};

static const struct locale locales[] = {
#define LOCALE(name, ...) {.tag = T(name), __VA_ARGS__},
#define SIGNS(text)
#include "base/locale.def"
#undef LOCALE
#undef SIGNS
};

static const struct str tags[] = {
#define LOCALE(name, ...) T(name),
#define SIGNS(text)
#include "base/locale.def"
#undef LOCALE
#undef SIGNS
};

static const struct str usual_signs =
#define LOCALE(name, ...)
#define SIGNS(text) T(text);
#include "base/locale.def"
#undef LOCALE
#undef SIGNS

    const struct locale * locale_find(struct str language)
{
    if (language_eq(language, STR("no"))) language = STR("nb");
    uint32_t found = language_lookup(tags, sizeof tags / sizeof *tags, language);
    return found == LANGUAGE_NONE ? &canonical : &locales[found];
}

struct str locale_tag(uint32_t index)
{
    return index < sizeof tags / sizeof *tags ? tags[index] : STR("");
}

static bool is_canonical(const struct locale *locale)
{
    return locale->months.len == 0;
}

/* The name at `index`, from 0, of several with "|" between them. */
static struct str nth(struct str names, uint32_t index)
{
    for (;; index--) {
        const char *end = memchr(names.ptr, '|', names.len);
        size_t len = end ? (size_t)(end - names.ptr) : names.len;
        if (index == 0) return (struct str){names.ptr, len};
        assert(end); /* the table has them all */
        names = (struct str){end + 1, names.len - len - 1};
    }
}

static struct str or_else(struct str text, struct str usual)
{
    return text.len > 0 ? text : usual;
}

/* ---- facts for others */

static void put_fact(struct json_writer *json, const char *name, struct str fact)
{
    if (fact.len) json_key_str(json, str_of(name), fact);
}

static void put_signs(struct json_writer *json, const struct locale *locale)
{
    struct buf all;
    if (is_canonical(locale)) return;
    buf_init(&all, json->out->mem, json->out->bytes_max);
    buf_put(&all, locale->signs);
    if (all.len) buf_putc(&all, '|');
    buf_put(&all, usual_signs);
    json_key_str(json, STR("signs"), buf_str(&all));
    if (buf_failed(&all) && !json->out->failure) json->out->failure = all.failure;
    buf_release(&all);
}

void locale_put_facts(const struct locale *locale, struct buf *out)
{
    struct json_writer json;
    json_writer_init(&json, out);
    json_object(&json);
#define FACT(name) put_fact(&json, #name, locale->name);
    FACT(zero) FACT(mark) FACT(group) FACT(minus) FACT(percent) FACT(percent_minus) FACT(money) FACT(money_minus)
    FACT(money_mark) FACT(money_group) FACT(day_short) FACT(day_long) FACT(day_full) FACT(month_short) FACT(month_long)
    FACT(time_short) FACT(time_long) FACT(am) FACT(pm) FACT(zone) FACT(both_short) FACT(both_long) FACT(both_full)
    FACT(months) FACT(months_alone) FACT(weekdays) FACT(and) FACT(or) FACT(comma) FACT(yes) FACT(no)
#undef FACT
    if (locale->least) json_key_int(&json, STR("least"), locale->least);
    if (locale->second) json_key_int(&json, STR("second"), locale->second);
    put_signs(&json, locale);
    json_object_end(&json);
}

/* ---- digits */

static void put_digit(const struct locale *locale, char digit, struct buf *out)
{
    if (locale->zero.len == 0) {
        buf_putc(out, digit);
        return;
    }
    uint32_t zero;
    char bytes[4];
    utf8_next(locale->zero, &zero);
    buf_put(out, (struct str){bytes, utf8_encode(zero + (uint32_t)(digit - '0'), bytes)});
}

static void put_digits(const struct locale *locale, struct str digits, struct buf *out)
{
    for (size_t i = 0; i < digits.len; i++) put_digit(locale, digits.ptr[i], out);
}

static void put_count(const struct locale *locale, int32_t value, int least, struct buf *out)
{
    char digits[DECIMAL_TEXT_BYTES];
    size_t len = decimal_format(value, 0, digits),
           missing = len < (size_t)least ? (size_t)least - len : 0;
    while (missing-- > 0) put_digit(locale, '0', out);
    put_digits(locale, (struct str){digits, len}, out);
}

static struct str minus_of(const struct locale *locale)
{
    return or_else(locale->minus, STR("-"));
}

/* ---- numbers */

/* How the parts of a number are marked. */
struct marks {
    struct str mark, group;
};

/* Whether a group ends before the digit that `left` digits, itself included, follow. */
static bool begins_group(const struct locale *locale, size_t left)
{
    size_t second = locale->second ? (size_t)locale->second : 3;
    return left == 3 || (left > 3 && (left - 3) % second == 0);
}

static void put_whole(const struct locale *locale, struct str group, struct str digits, struct buf *out)
{
    size_t least = locale->least ? (size_t)locale->least : 1;
    bool grouped = group.len > 0 && digits.len >= 3 + least;
    for (size_t i = 0; i < digits.len; i++) {
        if (grouped && i > 0 && begins_group(locale, digits.len - i)) buf_put(out, group);
        put_digit(locale, digits.ptr[i], out);
    }
}

/* `text` as decimal_format() and double_format() write it, without its sign. What an exponent stands
 * behind is not grouped. */
static void put_written(const struct locale *locale, struct marks marks, struct str text,
                        struct buf *out)
{
    const char *e = memchr(text.ptr, 'e', text.len);
    struct str exponent = e ? (struct str){e, (size_t)(text.ptr + text.len - e)} : STR("");
    text.len -= exponent.len;
    const char *point = memchr(text.ptr, '.', text.len);
    size_t whole = point ? (size_t)(point - text.ptr) : text.len;
    put_whole(locale, marks.group, (struct str){text.ptr, whole}, out);
    if (point) buf_put(out, marks.mark);
    if (point) put_digits(locale, (struct str){point + 1, text.len - whole - 1}, out);
    buf_put(out, exponent);
}

/* A number on its way: what it looks like around the digits. */
struct written {
    struct str text; /* without its sign */
    bool below;      /* 0 */
    char bytes[DOUBLE_TEXT_BYTES];
};

static void strip_sign(struct written *written, size_t len)
{
    written->below = len > 0 && written->bytes[0] == '-';
    written->text = (struct str){written->bytes + written->below, len - written->below};
}

static void write_exact(struct written *written, int64_t value, unsigned scale)
{
    static_assert(sizeof written->bytes >= DECIMAL_TEXT_BYTES, "both kinds of numbers fit");
    strip_sign(written, decimal_format(value, scale, written->bytes));
}

static void put_number(const struct locale *locale, const struct written *written, struct buf *out)
{
    if (written->below) buf_put(out, minus_of(locale));
    put_written(locale, (struct marks){locale->mark, locale->group}, written->text, out);
}

void locale_put_exact(const struct locale *locale, int64_t value, unsigned scale, struct buf *out)
{
    struct written written;
    write_exact(&written, value, scale);
    put_number(locale, &written, out);
}

void locale_put_double(const struct locale *locale, double value, struct buf *out)
{
    struct written written;
    strip_sign(&written, double_format(value, written.bytes));
    put_number(locale, &written, out);
}

/* ---- around numbers */

/* Whether people write the sign beside digits without a space: it is a symbol, no letters. */
static bool is_symbol(uint32_t code)
{
    const char *category = utf8_category(code);
    return category[0] == 'S' && category[1] == 'c';
}

static uint32_t first_code(struct str text)
{
    uint32_t code = 0;
    utf8_next(text, &code);
    return code;
}

static uint32_t last_code(struct str text)
{
    size_t at = text.len;
    while (at > 0 && ((unsigned char)text.ptr[at - 1] & 0xc0) == 0x80) at--;
    return at > 0 ? first_code((struct str){text.ptr + at - 1, text.len - at + 1}) : 0;
}

/* A pattern with a number and, perhaps, a sign of money in it. */
struct around {
    struct str sign;
    struct marks marks;
};

static void put_sign(struct str sign, struct str before, struct str after, struct buf *out)
{
    bool follows = before.len > 0 && before.ptr[before.len - 1] == '#';
    bool leads = after.len > 0 && after.ptr[0] == '#';
    if (follows && !is_symbol(first_code(sign))) buf_puts(out, "\u00a0");
    buf_put(out, sign);
    if (leads && !is_symbol(last_code(sign))) buf_puts(out, "\u00a0");
}

static void put_around(const struct locale *locale, struct str pattern, const struct around *around,
                       struct str digits, struct buf *out)
{
    static const struct str money = T("¤");
    for (size_t i = 0; i < pattern.len; i++) {
        struct str rest = {pattern.ptr + i, pattern.len - i};
        if (pattern.ptr[i] == '#') put_written(locale, around->marks, digits, out);
        else if (str_starts(rest, money)) {
            i += money.len - 1;
            struct str after = {pattern.ptr + i + 1, pattern.len - i - 1};
            put_sign(around->sign, (struct str){pattern.ptr, i + 1 - money.len}, after, out);
        } else buf_putc(out, pattern.ptr[i]);
    }
}

/* One of two patterns; without one of its own, what is below 0 has a minus before the other. */
static void put_signed(const struct locale *locale, struct str above, struct str below,
                       const struct around *around, const struct written *written, struct buf *out)
{
    if (written->below && below.len == 0) buf_put(out, minus_of(locale));
    put_around(locale, written->below && below.len > 0 ? below : above, around, written->text, out);
}

static void put_percent(const struct locale *locale, const struct written *written, struct buf *out)
{
    struct around around = {.marks = {locale->mark, locale->group}};
    put_signed(locale, locale->percent, locale->percent_minus, &around, written, out);
}

void locale_put_percent(const struct locale *locale, int64_t value, unsigned scale, struct buf *out)
{
    struct written written;
    write_exact(&written, value, scale);
    put_percent(locale, &written, out);
}

void locale_put_double_percent(const struct locale *locale, double value, struct buf *out)
{
    struct written written;
    strip_sign(&written, double_format(value, written.bytes));
    put_percent(locale, &written, out);
}

/* ---- money */

/* Its sign in "EUR €|GBP £"; empty: it is not there. */
static struct str sign_in(struct str signs, struct str code)
{
    while (signs.len > 0) {
        struct str entry = nth(signs, 0);
        if (str_starts(entry, code)) return (struct str){entry.ptr + 4, entry.len - 4};
        size_t used = entry.len < signs.len ? entry.len + 1 : entry.len;
        signs = (struct str){signs.ptr + used, signs.len - used};
    }
    return STR("");
}

static struct str sign_of(const struct locale *locale, struct str code)
{
    if (is_canonical(locale)) return code;
    return or_else(or_else(sign_in(locale->signs, code), sign_in(usual_signs, code)), code);
}

/* Zeros behind the point, up to `digits`. */
static void pad(struct written *written, unsigned scale, unsigned digits)
{
    char *end = written->bytes + written->below + written->text.len;
    assert(digits <= 6); /* there is room: a value has 16 digits */
    if (scale == 0 && digits > 0) *end++ = '.';
    for (; scale < digits; scale++) *end++ = '0';
    written->text.len = (size_t)(end - written->text.ptr);
}

void locale_put_money(const struct locale *locale, int64_t value, unsigned scale, unsigned digits,
                      struct str currency, struct buf *out)
{
    struct written written;
    struct around around = {.sign = sign_of(locale, currency),
                            .marks = {or_else(locale->money_mark, locale->mark),
                                      or_else(locale->money_group, locale->group)}};
    write_exact(&written, value, scale);
    pad(&written, scale, digits);
    put_signed(locale, locale->money, locale->money_minus, &around, &written, out);
}

/* ---- dates and times */

struct moment {
    struct civil_date date; /* day 0: not known */
    int32_t weekday;        /* from 1 */
    int32_t ms;             /* of the day */
    int32_t day;            /* of which `date` is made */
    enum locale_style style;
};

static void put_second(const struct locale *locale, int32_t ms, struct buf *out)
{
    put_count(locale, ms / 1000 % 60, 2, out);
    if (ms % 1000 == 0) return;
    buf_put(out, locale->mark);
    put_count(locale, ms % 1000, 3, out);
}

static struct str month_name(const struct locale *locale, const struct civil_date *date)
{
    struct str names = date->day == 0 ? or_else(locale->months_alone, locale->months) : locale->months;
    return nth(names, (uint32_t)date->month - 1);
}

static void put_field(const struct locale *locale, char field, const struct moment *m, struct buf *out)
{
    int32_t hour = m->ms / 3600000;
    switch (field) {
    case 'd':
    case 'D':
        put_count(locale, m->date.day, field == 'D' ? 2 : 1, out);
        return;
    case 'm':
    case 'M':
        put_count(locale, m->date.month, field == 'M' ? 2 : 1, out);
        return;
    case 'B':
        buf_put(out, month_name(locale, &m->date));
        return;
    case 'A':
        buf_put(out, nth(locale->weekdays, (uint32_t)m->weekday - 1));
        return;
    case 'Y':
        put_count(locale, m->date.year, 1, out);
        return;
    case 'h':
    case 'H':
        put_count(locale, hour, field == 'H' ? 2 : 1, out);
        return;
    case 'i':
    case 'I':
        put_count(locale, hour % 12 ? hour % 12 : 12, field == 'I' ? 2 : 1, out);
        return;
    case 'n':
        put_count(locale, m->ms / 60000 % 60, 2, out);
        return;
    case 's':
        put_second(locale, m->ms, out);
        return;
    case 'p':
        buf_put(out, hour < 12 ? locale->am : locale->pm);
        return;
    case '1':
        locale_put_date(locale, m->day, m->style, out);
        return;
    case '2':
        locale_put_time(locale, m->ms, LOCALE_USUAL, out);
        return;
    default:
        buf_putc(out, field);
        return;
    }
}

static void put_moment(const struct locale *locale, struct str pattern, const struct moment *moment,
                       struct buf *out)
{
    for (size_t i = 0; i < pattern.len; i++) {
        if (pattern.ptr[i] != '%' || i + 1 == pattern.len) buf_putc(out, pattern.ptr[i]);
        else put_field(locale, pattern.ptr[++i], moment, out);
    }
}

static struct str day_pattern(const struct locale *locale, enum locale_style style)
{
    if (style == LOCALE_SHORT) return locale->day_short;
    return style == LOCALE_FULL ? locale->day_full : locale->day_long;
}

static void put_canonical_date(int32_t day, struct buf *out)
{
    char text[CIVIL_DATE_BYTES];
    buf_put(out, (struct str){text, civil_format_date(day, text)});
}

void locale_put_date(const struct locale *locale, int32_t day, enum locale_style style, struct buf *out)
{
    if (is_canonical(locale)) {
        put_canonical_date(day, out);
        return;
    }
    struct moment moment = {.date = civil_date_of(day), .weekday = civil_weekday(day)};
    put_moment(locale, day_pattern(locale, style), &moment, out);
}

static void put_canonical_partial(int32_t partial, struct buf *out)
{
    char text[PARTIAL_BYTES];
    buf_put(out, (struct str){text, partial_format(partial, text)});
}

void locale_put_partial(const struct locale *locale, int32_t partial, enum locale_style style,
                        struct buf *out)
{
    struct moment moment = {.date = partial_date(partial)};
    if (is_canonical(locale)) put_canonical_partial(partial, out);
    else if (moment.date.day != 0) locale_put_date(locale, partial_earliest(partial), style, out);
    else if (moment.date.month == 0) put_count(locale, moment.date.year, 1, out);
    else
        put_moment(locale, style == LOCALE_SHORT ? locale->month_short : locale->month_long, &moment,
                   out);
}

static struct str time_pattern(const struct locale *locale, int32_t ms, enum locale_style style)
{
    bool seconds =
        style == LOCALE_LONG || style == LOCALE_FULL || (style == LOCALE_USUAL && ms % 60000 != 0);
    return seconds ? locale->time_long : locale->time_short;
}

static void put_canonical_time(int32_t ms, struct buf *out)
{
    char text[CIVIL_TIME_BYTES];
    buf_put(out, (struct str){text, civil_format_time(ms, text)});
}

void locale_put_time(const struct locale *locale, int32_t ms, enum locale_style style, struct buf *out)
{
    struct moment moment = {.ms = ms};
    if (is_canonical(locale)) put_canonical_time(ms, out);
    else put_moment(locale, time_pattern(locale, ms, style), &moment, out);
}

static void put_canonical_datetime(int64_t ms, int32_t offset_minutes, struct buf *out)
{
    char text[CIVIL_DATETIME_BYTES];
    buf_put(out, (struct str){text, civil_format_datetime(ms, offset_minutes, text)});
}

/* "+1", "-3:30" */
static void put_offset(const struct locale *locale, int32_t minutes, struct buf *out)
{
    int32_t size = minutes < 0 ? -minutes : minutes;
    buf_putc(out, minutes < 0 ? '-' : '+');
    put_count(locale, size / 60, 1, out);
    if (size % 60 == 0) return;
    buf_putc(out, ':');
    put_count(locale, size % 60, 2, out);
}

static void put_zone(const struct locale *locale, int32_t minutes, struct buf *out)
{
    buf_putc(out, ' ');
    for (size_t i = 0; i < locale->zone.len; i++)
        if (locale->zone.ptr[i] == '#') put_offset(locale, minutes, out);
        else buf_putc(out, locale->zone.ptr[i]);
}

static struct str both_pattern(const struct locale *locale, enum locale_style style)
{
    if (style == LOCALE_SHORT) return locale->both_short;
    return style == LOCALE_FULL ? or_else(locale->both_full, locale->both_long) : locale->both_long;
}

void locale_put_datetime(const struct locale *locale, int64_t ms, int32_t offset_minutes,
                         enum locale_style style, struct buf *out)
{
    int32_t day, time;
    if (is_canonical(locale) || !civil_split(ms, offset_minutes * INT64_C(60000), &day, &time)) {
        put_canonical_datetime(ms, offset_minutes, out);
        return;
    }
    struct moment moment = {.day = day, .ms = time, .style = style};
    put_moment(locale, both_pattern(locale, style), &moment, out);
    put_zone(locale, offset_minutes, out);
}

/* ---- words */

struct str locale_truth(const struct locale *locale, bool truth)
{
    return truth ? locale->yes : locale->no;
}

struct str locale_separator(const struct locale *locale, enum locale_list kind, uint32_t index,
                            uint32_t count)
{
    if (index == 0) return STR("");
    if (kind == LOCALE_COMMA) return or_else(locale->comma, STR(", "));
    struct str words = kind == LOCALE_AND ? locale->and : locale->or ;
    if (count == 2) return nth(words, 0);
    return nth(words, index + 1 < count ? 1 : 2);
}
