/* Civil: dates and times of day as people write them, as integers. No zones here: see base/zone.h.
 *
 *     civil_parse_date(STR("2026-01-31"), &d); civil_add_months(d, 1, &e)   → 2026-02-28
 *     civil_years_between(born, today)                                     → the age at last birthday
 *
 * A date is days since 1970-01-01 in the proleptic Gregorian calendar, years 1 to 9999; a time is
 * milliseconds since midnight; a datetime is milliseconds since 1970-01-01T00:00:00Z. Leap seconds do
 * not exist. */
#ifndef BASE_CIVIL_H
#define BASE_CIVIL_H

#include "base/status.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

#define CIVIL_DAY_MIN (-719162) /* 0001-01-01 */
#define CIVIL_DAY_MAX 2932896   /* 9999-12-31 */
#define CIVIL_MS_PER_DAY INT64_C(86400000)
#define CIVIL_MS_MIN (CIVIL_DAY_MIN * CIVIL_MS_PER_DAY)
#define CIVIL_MS_MAX ((CIVIL_DAY_MAX + 1) * CIVIL_MS_PER_DAY - 1)

#define CIVIL_DATE_BYTES 10u     /* 2026-01-31 */
#define CIVIL_TIME_BYTES 12u     /* 23:59:59.999 */
#define CIVIL_DATETIME_BYTES 29u /* 2026-01-31T23:59:59.999+05:30 */

struct civil_date {
    int32_t year;  /* 1 to 9999 */
    int32_t month; /* 1 to 12 */
    int32_t day;   /* 1 to 31 */
};

bool civil_is_leap(int64_t year);
/* `month` 1 to 12. */
int32_t civil_month_days(int64_t year, int64_t month);
/* Whether there is such a day; any numbers may be asked. */
bool civil_exists(int64_t year, int64_t month, int64_t day);
/* The date must exist. */
int32_t civil_day_of(int32_t year, int32_t month, int32_t day);
/* `day` within CIVIL_DAY_MIN..MAX, here and below wherever a day is taken. */
struct civil_date civil_date_of(int32_t day);
/* 1 Monday to 7 Sunday (ISO 8601). */
int32_t civil_weekday(int32_t day);
int32_t civil_month_end(int32_t day);

/* False when the result lies outside years 1 to 9999. Months and years clamp to the end of the month.
 */
bool civil_add_days(int32_t day, int64_t count, int32_t *ret_day) MUST_USE;
bool civil_add_months(int32_t day, int64_t count, int32_t *ret_day) MUST_USE;
bool civil_add_years(int32_t day, int64_t count, int32_t *ret_day) MUST_USE;

/* Whole ones from `from` to `to`, negative when `to` is earlier: the difference of the numbers
 * yyyymmdd, cut. Who is born on 29 February is a year older on 1 March of common years. */
int32_t civil_years_between(int32_t from, int32_t to);
int32_t civil_months_between(int32_t from, int32_t to);

/* Strict RFC 3339, the whole text; false when it is not that or there is no such day or time.
 * full-date: */
bool civil_parse_date(struct str text, int32_t *ret_day) MUST_USE;
/* HH:MM, or partial-time: HH:MM:SS, with a fraction of 1 to 9 digits of which milliseconds are kept. */
bool civil_parse_time(struct str text, int32_t *ret_ms) MUST_USE;
/* date-time with its offset; 'T' and 'Z' may be small. "-00:00" is offset 0. The instant must lie in
 * years 1 to 9999. */
bool civil_parse_datetime(struct str text, int64_t *ret_ms, int32_t *ret_offset_minutes) MUST_USE;

/* Each returns the length; not NUL-terminated. */
size_t civil_format_date(int32_t day, char ret_text[CIVIL_DATE_BYTES]);
/* HH:MM:SS, and .fff when there are milliseconds. */
size_t civil_format_time(int32_t ms, char ret_text[CIVIL_TIME_BYTES]);
/* The instant as seen `offset_minutes` east of UTC; 'Z' when that is 0. The local date must lie in
 * years 1 to 9999. */
size_t civil_format_datetime(int64_t ms, int32_t offset_minutes, char ret_text[CIVIL_DATETIME_BYTES]);

/* An instant's day and time of day, `offset_ms` east of UTC. False outside years 1 to 9999. */
bool civil_split(int64_t ms, int64_t offset_ms, int32_t *ret_day, int32_t *ret_time_ms) MUST_USE;

#endif
