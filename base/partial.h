/* Partial: a date of which the day, or the month and the day, may be unknown.
 *
 *     partial_parse(STR("2024-02"), &p)   p is 20240200; partial_latest(p) is the day 2024-02-29
 *
 * It is the number yyyymmdd, with 0 for what is not known: two are the same when they say the same. One
 * with a month and no day is also a year-month; those are in order as numbers. Years 1 to 9999. */
#ifndef BASE_PARTIAL_H
#define BASE_PARTIAL_H

#include "base/civil.h"

#define PARTIAL_MIN 10000 /* 0001 */
#define PARTIAL_MAX 99991231
#define PARTIAL_MONTH_MIN 10100    /* 0001-01 */
#define PARTIAL_MONTH_MAX 99991200 /* 9999-12 */
#define PARTIAL_BYTES CIVIL_DATE_BYTES

/* YYYY, YYYY-MM or YYYY-MM-DD, the whole text, and there is such a day. */
bool partial_parse(struct str text, int32_t *ret_partial) MUST_USE;
/* YYYY-MM only. */
bool partial_parse_month(struct str text, int32_t *ret_partial) MUST_USE;
/* Whether the number is one; any may be asked. */
bool partial_exists(int64_t partial);
/* The length; not NUL-terminated. */
size_t partial_format(int32_t partial, char ret_text[PARTIAL_BYTES]);

/* 1: the year is known, 2: the month too, 3: the day too. */
int32_t partial_precision(int32_t partial);
/* 0 where it is not known. */
struct civil_date partial_date(int32_t partial);
/* The first and the last day that it may be. */
int32_t partial_earliest(int32_t partial);
int32_t partial_latest(int32_t partial);

/* The year-month of a day. */
int32_t partial_month_of(int32_t day);
/* Of a year-month. False when the result lies outside years 1 to 9999. */
bool partial_add_months(int32_t partial, int64_t count, int32_t *ret_partial) MUST_USE;

#endif
