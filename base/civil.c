#include "base/civil.h"

#include "base/json_scan.h"

#include <assert.h>

bool civil_is_leap(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int32_t civil_month_days(int64_t year, int64_t month)
{
    static const int8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    assert(month >= 1 && month <= 12);
    return month == 2 ? 28 + civil_is_leap(year) : days[month - 1];
}

bool civil_exists(int64_t year, int64_t month, int64_t day)
{
    return year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 &&
           (day <= 28 || day <= civil_month_days(year, month));
}

/* Years that begin in March, so that the leap day comes last; 400 of them are 146,097 days. */
static inline int32_t count_days(int32_t year, int32_t month, int32_t day)
{
    uint32_t is_early = month <= 2, march_year = (uint32_t)year - is_early;
    uint32_t march_month = (uint32_t)month + 12 * is_early - 3, century = march_year / 100;
    uint32_t day_of_year = (153 * march_month + 2) / 5 + (uint32_t)day - 1;
    return (int32_t)(march_year * 365 + march_year / 4 - century + century / 4 + day_of_year) - 719468;
}

int32_t civil_day_of(int32_t year, int32_t month, int32_t day)
{
    assert(civil_exists(year, month, day));
    return count_days(year, month, day);
}

/* Years counted from March, so that the leap day is the last one. The divisions by 146097 / 4, 1461 / 4
 * and 153 / 5 are the affine functions of Neri and Schneider, "Euclidean affine functions and their
 * application to calendar algorithms" (2022): rules ask for ages many times in one judging. */
static inline __attribute__((always_inline)) struct civil_date date_of(int32_t day)
{
    assert(day >= CIVIL_DAY_MIN && day <= CIVIL_DAY_MAX);
    uint32_t in_eras = 4 * (uint32_t)(day + 719468) + 3;
    uint32_t century = in_eras / 146097, in_century = in_eras % 146097 / 4;
    uint64_t in_years = UINT64_C(2939745) * (4 * in_century + 3);
    uint32_t year = 100 * century + (uint32_t)(in_years >> 32);
    uint32_t day_of_year = (uint32_t)in_years / 2939745 / 4;
    uint32_t in_months = 2141 * day_of_year + 197913;
    uint32_t month = in_months >> 16, next_year = day_of_year >= 306;
    return (struct civil_date){(int32_t)(year + next_year), (int32_t)(month - 12 * next_year),
                               (int32_t)((in_months & 0xffff) / 2141) + 1};
}

struct civil_date civil_date_of(int32_t day)
{
    return date_of(day);
}

int32_t civil_weekday(int32_t day)
{
    assert(day >= CIVIL_DAY_MIN && day <= CIVIL_DAY_MAX);
    return (day - CIVIL_DAY_MIN) % 7 + 1; /* 0001-01-01 was a Monday */
}

int32_t civil_month_end(int32_t day)
{
    struct civil_date date = civil_date_of(day);
    return day - date.day + civil_month_days(date.year, date.month);
}

bool civil_add_days(int32_t day, int64_t count, int32_t *ret_day)
{
    const int64_t all = CIVIL_DAY_MAX - CIVIL_DAY_MIN;
    if (count < -all || count > all) return false;
    int64_t sum = day + count;
    if (sum < CIVIL_DAY_MIN || sum > CIVIL_DAY_MAX) return false;
    *ret_day = (int32_t)sum;
    return true;
}

bool civil_add_months(int32_t day, int64_t count, int32_t *ret_day)
{
    const int64_t all = INT64_C(9999) * 12;
    if (count < -all || count > all) return false;
    struct civil_date date = civil_date_of(day);
    int64_t months = date.year * INT64_C(12) + date.month - 1 + count;
    if (months < 12 || months >= 10000 * INT64_C(12)) return false;
    int32_t year = (int32_t)(months / 12), month = (int32_t)(months % 12) + 1;
    int32_t last = civil_month_days(year, month);
    *ret_day = civil_day_of(year, month, date.day < last ? date.day : last);
    return true;
}

bool civil_add_years(int32_t day, int64_t count, int32_t *ret_day)
{
    if (count < -9999 || count > 9999) return false;
    return civil_add_months(day, count * 12, ret_day);
}

int32_t civil_years_between(int32_t from, int32_t to)
{
    struct civil_date a = date_of(from), b = date_of(to);
    return ((b.year - a.year) * 10000 + (b.month - a.month) * 100 + (b.day - a.day)) / 10000;
}

int32_t civil_months_between(int32_t from, int32_t to)
{
    struct civil_date a = civil_date_of(from), b = civil_date_of(to);
    return (((b.year * 12 + b.month) * 100 + b.day) - ((a.year * 12 + a.month) * 100 + a.day)) / 100;
}

/* Exactly `count` digits at `at`; the caller has seen to the length. -1: not digits. */
static int32_t digits_at(const char *at, int count)
{
    int32_t value = 0;
    for (int i = 0; i < count; i++) {
        if (at[i] < '0' || at[i] > '9') return -1;
        value = value * 10 + (at[i] - '0');
    }
    return value;
}

static struct str behind(struct str text, size_t len)
{
    return (struct str){text.ptr + len, text.len - len};
}

static bool begins(struct str text, char c)
{
    return text.len > 0 && text.ptr[0] == c;
}

/* "dddd-dd-" in one look: less "0000-00-" each digit is its value and each hyphen 0. */
static bool take_year_month(const char *at, int32_t *ret_year, int32_t *ret_month)
{
    const uint64_t zeros = UINT64_C(0x2d30302d30303030), to_sixteen = UINT64_C(0x0f06060f06060606),
                   tops = UINT64_C(0xf0f0f0f0f0f0f0f0);
    uint64_t word = json_load8(at) ^ zeros;
    if (((word | (word + to_sixteen)) & tops) != 0) return false;
    uint64_t pairs = word * 10 + (word >> 8); /* each byte times ten, and the next */
    *ret_year = (int32_t)((pairs & 0xff) * 100 + (pairs >> 16 & 0xff));
    *ret_month = (int32_t)(pairs >> 40 & 0xff);
    return true;
}

/* Out of the way of the days that every month has. */
static __attribute__((noinline)) bool exists_late(int32_t year, int32_t month, int32_t day)
{
    return civil_exists(year, month, day);
}

static inline bool take_date(struct str *text, int32_t *ret_day)
{
    int32_t year, month;
    if (text->len < CIVIL_DATE_BYTES || !take_year_month(text->ptr, &year, &month)) return false;
    uint32_t tens = (uint32_t)(text->ptr[8] - '0'), ones = (uint32_t)(text->ptr[9] - '0');
    if (tens > 9 || ones > 9) return false;
    int32_t day = (int32_t)(tens * 10 + ones);
    bool usual = year > 0 && (uint32_t)month - 1 < 12 && (uint32_t)day - 1 < 28;
    if (!usual && !exists_late(year, month, day)) return false;
    *ret_day = count_days(year, month, day);
    *text = behind(*text, CIVIL_DATE_BYTES);
    return true;
}

static bool take_hour_minute(struct str *text, int32_t *ret_minutes)
{
    if (text->len < 5 || text->ptr[2] != ':') return false;
    int32_t hour = digits_at(text->ptr, 2), minute = digits_at(text->ptr + 3, 2);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59) return false;
    *ret_minutes = hour * 60 + minute;
    *text = behind(*text, 5);
    return true;
}

/* ".f" to ".fffffffff", or nothing; further digits than three are cut. */
static bool take_fraction(struct str *text, int32_t *ret_ms)
{
    *ret_ms = 0;
    if (!begins(*text, '.')) return true;
    size_t count = 0;
    int32_t weight = 100;
    for (; count + 1 < text->len && digits_at(text->ptr + count + 1, 1) >= 0; count++, weight /= 10)
        *ret_ms += (text->ptr[count + 1] - '0') * weight;
    if (count < 1 || count > 9) return false;
    *text = behind(*text, count + 1);
    return true;
}

static bool take_seconds(struct str *text, int32_t *ret_ms)
{
    if (text->len < 3 || text->ptr[0] != ':') return false;
    int32_t seconds = digits_at(text->ptr + 1, 2), fraction;
    if (seconds < 0 || seconds > 59) return false;
    *text = behind(*text, 3);
    if (!take_fraction(text, &fraction)) return false;
    *ret_ms = seconds * 1000 + fraction;
    return true;
}

static bool take_offset(struct str *text, int32_t *ret_minutes)
{
    if (begins(*text, 'Z') || begins(*text, 'z')) {
        *ret_minutes = 0;
        *text = behind(*text, 1);
        return true;
    }
    bool west = begins(*text, '-');
    if (!west && !begins(*text, '+')) return false;
    *text = behind(*text, 1);
    int32_t minutes;
    if (!take_hour_minute(text, &minutes)) return false;
    *ret_minutes = west ? -minutes : minutes;
    return true;
}

bool civil_parse_date(struct str text, int32_t *ret_day)
{
    int32_t day;
    if (!take_date(&text, &day) || text.len > 0) return false;
    *ret_day = day;
    return true;
}

bool civil_parse_time(struct str text, int32_t *ret_ms)
{
    int32_t minutes, ms = 0;
    if (!take_hour_minute(&text, &minutes)) return false;
    if (text.len > 0 && !take_seconds(&text, &ms)) return false;
    if (text.len > 0) return false;
    *ret_ms = minutes * 60000 + ms;
    return true;
}

bool civil_parse_datetime(struct str text, int64_t *ret_ms, int32_t *ret_offset_minutes)
{
    int32_t day, minutes, ms, offset;
    if (!take_date(&text, &day)) return false;
    if (!begins(text, 'T') && !begins(text, 't')) return false;
    text = behind(text, 1);
    if (!take_hour_minute(&text, &minutes) || !take_seconds(&text, &ms)) return false;
    if (!take_offset(&text, &offset) || text.len > 0) return false;
    int64_t instant = day * CIVIL_MS_PER_DAY + (minutes - offset) * INT64_C(60000) + ms;
    if (instant < CIVIL_MS_MIN || instant > CIVIL_MS_MAX) return false;
    *ret_ms = instant;
    *ret_offset_minutes = offset;
    return true;
}

static char *put_number(char *at, int32_t value, int digits)
{
    for (int i = digits - 1; i >= 0; i--) {
        at[i] = (char)('0' + value % 10);
        value /= 10;
    }
    return at + digits;
}

static char *put_after(char *at, char mark, int32_t value, int digits)
{
    *at = mark;
    return put_number(at + 1, value, digits);
}

size_t civil_format_date(int32_t day, char ret_text[CIVIL_DATE_BYTES])
{
    struct civil_date date = civil_date_of(day);
    char *at = put_number(ret_text, date.year, 4);
    at = put_after(at, '-', date.month, 2);
    return (size_t)(put_after(at, '-', date.day, 2) - ret_text);
}

size_t civil_format_time(int32_t ms, char ret_text[CIVIL_TIME_BYTES])
{
    assert(ms >= 0 && ms < CIVIL_MS_PER_DAY);
    char *at = put_number(ret_text, ms / 3600000, 2);
    at = put_after(at, ':', ms / 60000 % 60, 2);
    at = put_after(at, ':', ms / 1000 % 60, 2);
    if (ms % 1000) at = put_after(at, '.', ms % 1000, 3);
    return (size_t)(at - ret_text);
}

bool civil_split(int64_t ms, int64_t offset_ms, int32_t *ret_day, int32_t *ret_time_ms)
{
    if (ms < CIVIL_MS_MIN - CIVIL_MS_PER_DAY * 2 || ms > CIVIL_MS_MAX + CIVIL_MS_PER_DAY * 2)
        return false;
    int64_t since_min = ms + offset_ms - CIVIL_MS_MIN;
    if (since_min < 0 || since_min > CIVIL_MS_MAX - CIVIL_MS_MIN) return false;
    *ret_day = CIVIL_DAY_MIN + (int32_t)(since_min / CIVIL_MS_PER_DAY);
    *ret_time_ms = (int32_t)(since_min % CIVIL_MS_PER_DAY);
    return true;
}

size_t civil_format_datetime(int64_t ms, int32_t offset_minutes, char ret_text[CIVIL_DATETIME_BYTES])
{
    int32_t day = 0, time = 0;
    bool inside = civil_split(ms, offset_minutes * INT64_C(60000), &day, &time);
    assert(inside && offset_minutes > -24 * 60 && offset_minutes < 24 * 60);
    (void)inside;
    char *at = ret_text + civil_format_date(day, ret_text);
    *at++ = 'T';
    at += civil_format_time(time, at);
    if (offset_minutes == 0) {
        *at++ = 'Z';
        return (size_t)(at - ret_text);
    }
    int32_t size = offset_minutes < 0 ? -offset_minutes : offset_minutes;
    at = put_after(at, offset_minutes < 0 ? '-' : '+', size / 60, 2);
    return (size_t)(put_after(at, ':', size % 60, 2) - ret_text);
}
