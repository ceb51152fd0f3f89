#include "base/partial.h"

#include <assert.h>

static int32_t made(int32_t year, int32_t month, int32_t day)
{
    return year * 10000 + month * 100 + day;
}

/* -1: no such digits. */
static int32_t digits_at(struct str text, size_t at, size_t count)
{
    int32_t value = 0;
    if (text.len < at + count) return -1;
    for (size_t i = at; i < at + count; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9') return -1;
        value = value * 10 + (text.ptr[i] - '0');
    }
    return value;
}

bool partial_parse(struct str text, int32_t *ret_partial)
{
    bool month = text.len >= 7 && text.ptr[4] == '-',
         day = text.len == 10 && month && text.ptr[7] == '-';
    if (text.len != (day ? 10u : month ? 7u : 4u)) return false;
    int32_t y = digits_at(text, 0, 4), m = month ? digits_at(text, 5, 2) : 0,
            d = day ? digits_at(text, 8, 2) : 0;
    if (!civil_exists(y, month ? m : 1, day ? d : 1)) return false;
    *ret_partial = made(y, m, d);
    return true;
}

bool partial_parse_month(struct str text, int32_t *ret_partial)
{
    return text.len == 7 && partial_parse(text, ret_partial);
}

bool partial_exists(int64_t partial)
{
    if (partial < PARTIAL_MIN || partial > PARTIAL_MAX) return false;
    struct civil_date date = partial_date((int32_t)partial);
    if (date.month == 0) return date.day == 0;
    return civil_exists(date.year, date.month, date.day ? date.day : 1);
}

static char *put_digits(char *at, int32_t value, int count)
{
    for (int i = count - 1; i >= 0; i--, value /= 10) at[i] = (char)('0' + value % 10);
    return at + count;
}

size_t partial_format(int32_t partial, char ret_text[PARTIAL_BYTES])
{
    struct civil_date date = partial_date(partial);
    char *at = put_digits(ret_text, date.year, 4);
    if (date.month) *at++ = '-', at = put_digits(at, date.month, 2);
    if (date.day) *at++ = '-', at = put_digits(at, date.day, 2);
    return (size_t)(at - ret_text);
}

int32_t partial_precision(int32_t partial)
{
    return partial % 100 ? 3 : partial % 10000 ? 2 : 1;
}

struct civil_date partial_date(int32_t partial)
{
    return (struct civil_date){partial / 10000, partial / 100 % 100, partial % 100};
}

int32_t partial_earliest(int32_t partial)
{
    struct civil_date date = partial_date(partial);
    return civil_day_of(date.year, date.month ? date.month : 1, date.day ? date.day : 1);
}

int32_t partial_latest(int32_t partial)
{
    struct civil_date date = partial_date(partial);
    int32_t month = date.month ? date.month : 12;
    return civil_day_of(date.year, month, date.day ? date.day : civil_month_days(date.year, month));
}

int32_t partial_month_of(int32_t day)
{
    struct civil_date date = civil_date_of(day);
    return made(date.year, date.month, 0);
}

bool partial_add_months(int32_t partial, int64_t count, int32_t *ret_partial)
{
    int32_t day;
    assert(partial_precision(partial) == 2);
    if (!civil_add_months(partial_earliest(partial), count, &day)) return false;
    *ret_partial = partial_month_of(day);
    return true;
}
