/* Dates and times against calendar arithmetic that counts: year by year, month by month. Any text is a
 * date, a time, an instant or nothing, just when a reader that looks at one character after the other
 * says so; what is one is written as a text that means the same. Days, and steps of days, months and
 * years, taken from the bytes, lead to where counting leads.
 *
 * Bytes: the text; and the same bytes as a day, another day, and a step. */
#include "base/civil.h"
#include "base/zoned.h"
#include "fuzz/holds.h"

/* ---- counting */

struct plain_date {
    int64_t year, month, day;
};

static bool is_leap(int64_t year)
{
    if (year % 400 == 0) return true;
    if (year % 100 == 0) return false;
    return year % 4 == 0;
}

static int64_t days_in(int64_t year, int64_t month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/* Years are counted from 1970, or from a century that is 1970 and whole 400 years away. */
static int64_t count_days(struct plain_date date)
{
    enum { DAYS_OF_400_YEARS = 146097 };
    int64_t year = 1970, days = 0;
    for (; year > date.year; year -= 400) days -= DAYS_OF_400_YEARS;
    for (; year + 400 <= date.year; year += 400) days += DAYS_OF_400_YEARS;
    for (; year < date.year; year++) days += is_leap(year) ? 366 : 365;
    for (int64_t month = 1; month < date.month; month++) days += days_in(year, month);
    return days + date.day - 1;
}

static bool is_there(struct plain_date date)
{
    return date.year >= 1 && date.year <= 9999 && date.month >= 1 && date.month <= 12 &&
           date.day >= 1 && date.day <= days_in(date.year, date.month);
}

static struct plain_date date_of(int32_t day)
{
    struct civil_date date = civil_date_of(day);
    return (struct plain_date){date.year, date.month, date.day};
}

static int64_t yyyymmdd(struct plain_date date)
{
    return date.year * 10000 + date.month * 100 + date.day;
}

static int64_t yyyymm(struct plain_date date, int64_t *ret_day)
{
    *ret_day = date.day;
    return date.year * 12 + date.month - 1;
}

/* ---- days */

static void day_holds(int32_t day)
{
    char text[CIVIL_DATE_BYTES], want[32];
    struct plain_date date = date_of(day);
    int32_t again;
    HOLDS(is_there(date) && count_days(date) == day);
    HOLDS(civil_day_of((int32_t)date.year, (int32_t)date.month, (int32_t)date.day) == day);
    HOLDS(civil_is_leap(date.year) == is_leap(date.year));
    HOLDS(civil_month_days(date.year, date.month) == days_in(date.year, date.month));
    date.day = days_in(date.year, date.month);
    HOLDS(civil_month_end(day) == count_days(date));
    /* 1970-01-01 was a Thursday; 719163 days before it a Monday began. */
    HOLDS(civil_weekday(day) == (day + 719162) % 7 + 1);
    date = date_of(day);
    size_t len = civil_format_date(day, text);
    snprintf(want, sizeof want, "%04d-%02d-%02d", (int)date.year, (int)date.month, (int)date.day);
    HOLDS(len == CIVIL_DATE_BYTES && memcmp(text, want, len) == 0);
    HOLDS(civil_parse_date((struct str){text, len}, &again) && again == day);
}

static void months_hold(int32_t day, int64_t count, bool given, int32_t got)
{
    struct plain_date date = date_of(day);
    HOLDS(count >= -200000 && count <= 200000);
    int64_t months = date.year * 12 + date.month - 1 + count;
    date.year = months / 12, date.month = months % 12 + 1;
    bool want = months >= 12 && date.year <= 9999;
    HOLDS(given == want);
    if (!want) return;
    if (date.day > days_in(date.year, date.month)) date.day = days_in(date.year, date.month);
    HOLDS(got == count_days(date));
}

static void steps_hold(int32_t day, int64_t count)
{
    int32_t got = 0, back = 0;
    bool given = civil_add_days(day, count, &got);
    bool near = count >= -4000000 && count <= 4000000;
    HOLDS(given == (near && day + count >= CIVIL_DAY_MIN && day + count <= CIVIL_DAY_MAX));
    if (given) HOLDS(got == day + count && civil_add_days(got, -count, &back) && back == day);
    bool few = count >= -200000 && count <= 200000;
    given = civil_add_months(day, count, &got);
    if (few) months_hold(day, count, given, got);
    else HOLDS(!given);
    given = civil_add_years(day, count, &got);
    if (few && count * 12 >= -200000 && count * 12 <= 200000) months_hold(day, count * 12, given, got);
    else HOLDS(!given);
}

static void distance_holds(int32_t from, int32_t to)
{
    int64_t from_day, to_day, a = yyyymm(date_of(from), &from_day), b = yyyymm(date_of(to), &to_day);
    HOLDS(civil_years_between(from, to) == (yyyymmdd(date_of(to)) - yyyymmdd(date_of(from))) / 10000);
    HOLDS(civil_months_between(from, to) == ((b * 100 + to_day) - (a * 100 + from_day)) / 100);
}

/* ---- text, a character at a time */

struct plain_text {
    const char *at, *end;
    bool good;
};

static bool next_is(const struct plain_text *text, const char *set)
{
    return text->at < text->end && *text->at && strchr(set, *text->at);
}

static char take(struct plain_text *text, const char *set)
{
    if (!next_is(text, set)) text->good = false;
    return text->good ? *text->at++ : '0';
}

static int64_t take_digits(struct plain_text *text, int count)
{
    int64_t value = 0;
    for (; count > 0; count--) value = value * 10 + (take(text, "0123456789") - '0');
    return value;
}

static int64_t take_date(struct plain_text *text)
{
    struct plain_date date;
    date.year = take_digits(text, 4);
    take(text, "-");
    date.month = take_digits(text, 2);
    take(text, "-");
    date.day = take_digits(text, 2);
    text->good = text->good && is_there(date);
    return text->good ? count_days(date) : 0;
}

static int64_t take_fraction(struct plain_text *text)
{
    int64_t ms = 0;
    int digits = 0;
    take(text, ".");
    do {
        int64_t digit = take_digits(text, 1);
        if (digits < 3) ms = ms * 10 + digit;
        digits++;
    } while (next_is(text, "0123456789"));
    text->good = text->good && digits <= 9;
    for (; digits < 3; digits++) ms *= 10;
    return ms;
}

static int64_t take_time(struct plain_text *text, bool seconds_needed)
{
    int64_t hour = take_digits(text, 2), minute, second = 0, ms = 0;
    take(text, ":");
    minute = take_digits(text, 2);
    if (seconds_needed || next_is(text, ":")) {
        take(text, ":");
        second = take_digits(text, 2);
        if (next_is(text, ".")) ms = take_fraction(text);
    }
    text->good = text->good && hour < 24 && minute < 60 && second < 60;
    return ((hour * 60 + minute) * 60 + second) * 1000 + ms;
}

static int64_t take_offset(struct plain_text *text)
{
    if (next_is(text, "zZ")) {
        take(text, "zZ");
        return 0;
    }
    bool west = take(text, "+-") == '-';
    int64_t hour = take_digits(text, 2), minute;
    take(text, ":");
    minute = take_digits(text, 2);
    text->good = text->good && hour < 24 && minute < 60;
    return west ? -(hour * 60 + minute) : hour * 60 + minute;
}

static bool is_over(const struct plain_text *text)
{
    return text->good && text->at == text->end;
}

static void date_holds(struct str text)
{
    struct plain_text plain = {text.ptr, text.ptr + text.len, true};
    int64_t want = take_date(&plain);
    int32_t got = 0;
    HOLDS(civil_parse_date(text, &got) == is_over(&plain));
    if (is_over(&plain)) HOLDS(got == want);
}

static void time_holds(struct str text)
{
    struct plain_text plain = {text.ptr, text.ptr + text.len, true};
    int64_t want = take_time(&plain, false);
    int32_t got = 0, again = 0;
    char written[CIVIL_TIME_BYTES];
    HOLDS(civil_parse_time(text, &got) == is_over(&plain));
    if (!is_over(&plain)) return;
    size_t len = civil_format_time(got, written);
    HOLDS(got == want && civil_parse_time((struct str){written, len}, &again) && again == got);
}

static void shown_alike(int64_t ms, int32_t offset)
{
    char written[CIVIL_DATETIME_BYTES];
    int64_t again;
    int32_t offset_again, day, time;
    bool inside = civil_split(ms, offset * INT64_C(60000), &day, &time);
    int64_t local = ms + offset * INT64_C(60000);
    HOLDS(inside == (local >= CIVIL_MS_MIN && local <= CIVIL_MS_MAX));
    if (!inside) return;
    HOLDS(time >= 0 && time < CIVIL_MS_PER_DAY && day * CIVIL_MS_PER_DAY + time == local);
    size_t len = civil_format_datetime(ms, offset, written);
    HOLDS(civil_parse_datetime((struct str){written, len}, &again, &offset_again));
    HOLDS(again == ms && offset_again == offset);
}

static void instant_holds(struct str text)
{
    struct plain_text plain = {text.ptr, text.ptr + text.len, true};
    int64_t day = take_date(&plain), got = 0;
    take(&plain, "tT");
    int64_t time = take_time(&plain, true), offset = take_offset(&plain);
    int64_t want = day * CIVIL_MS_PER_DAY + time - offset * 60000;
    int32_t got_offset = 0;
    bool good = is_over(&plain) && want >= CIVIL_MS_MIN && want <= CIVIL_MS_MAX;
    HOLDS(civil_parse_datetime(text, &got, &got_offset) == good);
    if (!good) return;
    HOLDS(got == want && got_offset == offset);
    shown_alike(got, got_offset);
}

/* ---- */

static int32_t take_day(struct bytes *bytes)
{
    return (int32_t)(bytes_take(bytes, 3) % (CIVIL_DAY_MAX - CIVIL_DAY_MIN + 1)) + CIVIL_DAY_MIN;
}

/* What is an instant is a wall time with its offset; and nothing that is read lies outside of the text.
 */
static void wall_holds(struct str text)
{
    struct zoned zoned;
    int64_t ms;
    int32_t offset;
    bool instant = civil_parse_datetime(text, &ms, &offset), wall = zoned_parse(text, &zoned);
    HOLDS(wall || !instant);
    if (!wall) return;
    HOLDS(zoned.wall_ms >= CIVIL_MS_MIN && zoned.wall_ms <= CIVIL_MS_MAX);
    HOLDS(!(zoned.has_offset && zoned.utc) && zoned.offset > -1440 && zoned.offset < 1440);
    HOLDS(zoned.has_offset || zoned.offset == 0);
    HOLDS(!zoned.zone.len || zone_name_valid(zoned.zone));
    HOLDS(!zoned.zone.len || zoned.zone.ptr + zoned.zone.len + 1 == text.ptr + text.len);
    if (instant) HOLDS(zoned.wall_ms - zoned.offset * INT64_C(60000) == ms && !zoned.zone.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = {(const char *)data, size};
    struct bytes bytes = {data, size};
    date_holds(text);
    time_holds(text);
    instant_holds(text);
    wall_holds(text);
    int32_t day = take_day(&bytes), other = take_day(&bytes);
    unsigned shift = (unsigned)bytes_take(&bytes, 1) % 63;
    int64_t count = (int64_t)bytes_take(&bytes, 8) / (INT64_C(1) << shift);
    day_holds(day);
    steps_hold(day, count);
    distance_holds(day, other);
    shown_alike(other * CIVIL_MS_PER_DAY + (day - CIVIL_DAY_MIN) * INT64_C(25) % CIVIL_MS_PER_DAY,
                (int32_t)(count % 1440));
    return 0;
}
