#include "base/civil.h"
#include "tests/test.h"

static int32_t day(const char *text)
{
    int32_t value = INT32_MIN;
    if (!civil_parse_date(str_of(text), &value)) {
        fprintf(stderr, "%s is no date\n", text);
        test_failures++;
        return 0;
    }
    return value;
}

/* Walks the calendar by hand, day after day. */
static void every_day_of_9999_years_is_right(void)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int32_t at = CIVIL_DAY_MIN, weekday = 1, wrong = 0;
    for (int32_t year = 1; year <= 9999; year++)
        for (int32_t month = 1; month <= 12; month++) {
            bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
            int32_t days = lengths[month - 1] + (month == 2 && leap);
            for (int32_t d = 1; d <= days; d++, at++, weekday = weekday % 7 + 1) {
                struct civil_date date = civil_date_of(at);
                wrong += date.year != year || date.month != month || date.day != d;
                wrong += civil_day_of(year, month, d) != at || civil_weekday(at) != weekday;
                wrong += civil_month_end(at) != at + days - d;
                char want[11], got[CIVIL_DATE_BYTES];
                if (d == 1 || d == days) {
                    snprintf(want, sizeof want, "%04d-%02d-%02d", (int)(year % 10000),
                             (int)(month % 100), (int)(d % 100));
                    wrong += civil_format_date(at, got) != 10 || memcmp(got, want, 10) != 0 ||
                             day(want) != at;
                }
            }
            wrong += civil_exists(year, month, days + 1) || !civil_exists(year, month, days);
        }
    CHECK(wrong == 0 && at == CIVIL_DAY_MAX + 1);
    CHECK(civil_day_of(1970, 1, 1) == 0 && civil_weekday(0) == 4);
    CHECK(civil_weekday(day("2026-01-15")) == 4);
}

static void dates_are_read_strictly(void)
{
    static const char *const bad[] = {"",
                                      "2026-1-15",
                                      "2026-01-5",
                                      "2026-13-01",
                                      "2026-00-10",
                                      "2026-01-00",
                                      "2026-01-32",
                                      "2026-02-29",
                                      "1900-02-29",
                                      "0000-01-01",
                                      "26-01-15",
                                      "2026/01/15",
                                      "2026-01-15 ",
                                      " 2026-01-15",
                                      "2026-01-15T",
                                      "+2026-01-15",
                                      "20260115",
                                      "2026-01-1a",
                                      "-001-01-01",
                                      "10000-01-01",
                                      "2026-04-31",
                                      "2026-01-15\n"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int32_t value = 77;
        CHECK(!civil_parse_date(str_of(bad[i]), &value) && value == 77);
    }
    CHECK(day("0001-01-01") == CIVIL_DAY_MIN && day("9999-12-31") == CIVIL_DAY_MAX);
    CHECK(day("2024-02-29") == day("2024-03-01") - 1 && day("2000-02-29") == 11016);
}

static void times_are_read_strictly_and_to_the_millisecond(void)
{
    static const struct {
        const char *text;
        int32_t ms;
    } good[] = {{"00:00", 0},
                {"23:59", 86340000},
                {"08:30:05", 30605000},
                {"23:59:59.999", 86399999},
                {"00:00:00.1", 100},
                {"00:00:00.12", 120},
                {"00:00:00.123456789", 123},
                {"00:00:00.0009", 0},
                {"12:34:56.700", 45296700}};
    static const char *const bad[] = {"",
                                      "8:30",
                                      "24:00",
                                      "23:60",
                                      "23:59:60",
                                      "23:59:61",
                                      "12",
                                      "12:3",
                                      "12:34:",
                                      "12:34:5",
                                      "12:34:56.",
                                      "12:34:56,1",
                                      "12:34.5",
                                      "12:34Z",
                                      "12:34:56Z",
                                      "-1:00",
                                      "12:34:56.1234567890",
                                      "12:34:56.x",
                                      " 12:34",
                                      "12:34 "};
    int32_t ms;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        ms = -1;
        CHECK(civil_parse_time(str_of(good[i].text), &ms) && ms == good[i].ms);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ms = 77;
        if (civil_parse_time(str_of(bad[i]), &ms)) fprintf(stderr, "%s\n", bad[i]);
        CHECK(!civil_parse_time(str_of(bad[i]), &ms) && ms == 77);
    }
}

static void every_time_of_day_comes_back(void)
{
    char text[CIVIL_TIME_BYTES];
    int32_t back = 0, wrong = 0;
    for (int32_t ms = 0; ms < CIVIL_MS_PER_DAY; ms += ms % 1000 == 0 ? 1 : 499) {
        size_t len = civil_format_time(ms, text);
        wrong += len != (ms % 1000 ? 12 : 8) || !civil_parse_time((struct str){text, len}, &back) ||
                 back != ms;
    }
    CHECK(wrong == 0);
}

static void instants_carry_their_offset(void)
{
    static const struct {
        const char *text;
        int64_t ms;
        int32_t offset;
        const char *again; /* as we write it; NULL: the same */
    } rows[] = {
        {"1970-01-01T00:00:00Z", 0, 0, NULL},
        {"1970-01-01t00:00:00z", 0, 0, "1970-01-01T00:00:00Z"},
        {"1970-01-01T00:00:00-00:00", 0, 0, "1970-01-01T00:00:00Z"},
        {"1969-12-31T23:59:59.999Z", -1, 0, NULL},
        {"2026-01-15T10:00:00Z", 1768471200000, 0, NULL},
        {"2026-01-15T11:00:00+01:00", 1768471200000, 60, NULL},
        {"2026-01-15T04:30:00.250-05:30", 1768471200250, -330, NULL},
        {"2026-01-15T23:59:00+23:59", 1768435200000, 1439, "2026-01-15T23:59:00+23:59"},
        {"0001-01-01T00:00:00Z", CIVIL_MS_MIN, 0, NULL},
        {"9999-12-31T23:59:59.999Z", CIVIL_MS_MAX, 0, NULL},
        {"2026-01-15T10:00:00.5Z", 1768471200500, 0, "2026-01-15T10:00:00.500Z"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t ms = 0;
        int32_t offset = 0;
        char text[CIVIL_DATETIME_BYTES];
        CHECK(civil_parse_datetime(str_of(rows[i].text), &ms, &offset));
        CHECK(ms == rows[i].ms && offset == rows[i].offset);
        struct str again = {text, civil_format_datetime(ms, offset, text)};
        CHECK(str_eq(again, str_of(rows[i].again ? rows[i].again : rows[i].text)));
    }
}

static void what_is_no_instant_is_refused(void)
{
    static const char *const bad[] = {
        "",
        "2026-01-15",
        "2026-01-15T10:00Z",
        "2026-01-15T10:00:00",
        "2026-01-15 10:00:00Z",
        "2026-01-15T24:00:00Z",
        "2026-01-15T23:59:60Z",
        "2026-01-15T10:00:00+1:00",
        "2026-01-15T10:00:00+0100",
        "2026-01-15T10:00:00+24:00",
        "2026-01-15T10:00:00+01:60",
        "2026-01-15T10:00:00Zx",
        "2026-02-30T10:00:00Z",
        "0001-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01",
        "2026-01-15T10:00:00.Z",
        "2026-01-15T10:00:00 +01:00",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int64_t ms = 77;
        int32_t offset = 77;
        CHECK(!civil_parse_datetime(str_of(bad[i]), &ms, &offset) && ms == 77 && offset == 77);
    }
}

struct step {
    const char *from;
    int64_t count;
    const char *to; /* NULL: out of range */
};

static void check_steps(bool (*add)(int32_t, int64_t, int32_t *), const struct step *steps,
                        size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int32_t got = INT32_MIN;
        bool inside = add(day(steps[i].from), steps[i].count, &got);
        if (inside != (steps[i].to != NULL) || (inside && got != day(steps[i].to)))
            fprintf(stderr, "%s + %lld: %d\n", steps[i].from, (long long)steps[i].count, got);
        CHECK(inside == (steps[i].to != NULL) && (inside ? got == day(steps[i].to) : got == INT32_MIN));
    }
}

static void adding_clamps_to_the_end_of_the_month_and_stays_in_range(void)
{
    static const struct step days[] = {
        {"2024-02-28", 1, "2024-02-29"}, {"2026-01-01", -1, "2025-12-31"},
        {"2026-01-15", 0, "2026-01-15"}, {"9999-12-31", 1, NULL},
        {"0001-01-01", -1, NULL},        {"2026-01-01", INT64_MAX, NULL},
        {"2026-01-01", INT64_MIN, NULL}, {"0001-01-01", 3652058, "9999-12-31"}};
    static const struct step months[] = {{"2026-01-31", 1, "2026-02-28"},
                                         {"2024-01-31", 1, "2024-02-29"},
                                         {"2026-03-31", -1, "2026-02-28"},
                                         {"2026-12-15", 1, "2027-01-15"},
                                         {"2026-01-15", -13, "2024-12-15"},
                                         {"2026-08-31", 6, "2027-02-28"},
                                         {"2026-05-31", 13, "2027-06-30"},
                                         {"9999-12-01", 1, NULL},
                                         {"0001-01-31", -1, NULL},
                                         {"2026-01-01", INT64_MIN, NULL},
                                         {"2026-01-01", 95676, "9999-01-01"},
                                         {"0001-01-31", 1, "0001-02-28"}};
    static const struct step years[] = {
        {"2024-02-29", 1, "2025-02-28"},    {"2024-02-29", 4, "2028-02-29"},
        {"2024-02-29", -4, "2020-02-29"},   {"2096-02-29", 4, "2100-02-28"},
        {"2026-01-15", 7973, "9999-01-15"}, {"2026-01-15", 7974, NULL},
        {"2026-01-15", -2026, NULL},        {"2026-01-15", INT64_MAX, NULL}};
    check_steps(civil_add_days, days, sizeof days / sizeof *days);
    check_steps(civil_add_months, months, sizeof months / sizeof *months);
    check_steps(civil_add_years, years, sizeof years / sizeof *years);
}

static void whole_years_and_months_are_counted_by_the_calendar(void)
{
    static const struct {
        const char *from, *to;
        int32_t years, months;
    } rows[] = {
        {"2000-01-15", "2026-01-15", 26, 312},      {"2000-01-15", "2026-01-14", 25, 311},
        {"2000-01-15", "2026-01-16", 26, 312},      {"2000-02-29", "2001-02-28", 0, 11},
        {"2000-02-29", "2001-03-01", 1, 12},        {"2000-02-29", "2004-02-29", 4, 48},
        {"2026-01-31", "2026-02-28", 0, 0},         {"2026-01-31", "2026-03-01", 0, 1},
        {"2026-01-15", "2026-01-15", 0, 0},         {"2026-01-15", "2000-01-15", -26, -312},
        {"2026-01-14", "2000-01-15", -25, -311},    {"2026-12-31", "2027-01-01", 0, 0},
        {"0001-01-01", "9999-12-31", 9998, 119987}, {"2026-02-01", "2026-01-31", 0, 0},
        {"2026-02-28", "2026-01-31", 0, 0},         {"2026-03-01", "2026-01-31", 0, -1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int32_t from = day(rows[i].from), to = day(rows[i].to);
        if (civil_months_between(from, to) != rows[i].months)
            fprintf(stderr, "%s %s: %d\n", rows[i].from, rows[i].to, civil_months_between(from, to));
        CHECK(civil_years_between(from, to) == rows[i].years &&
              civil_months_between(from, to) == rows[i].months);
    }
}

static void counting_is_symmetric_and_agrees_with_adding(void)
{
    int32_t wrong = 0;
    for (int32_t from = day("1996-01-01"); from < day("2004-12-31"); from += 3)
        for (int32_t to = from; to < day("2005-01-01"); to += 5) {
            int32_t months = civil_months_between(from, to), reached = 0, next = 0;
            wrong += civil_months_between(to, from) != -months ||
                     civil_years_between(to, from) != -civil_years_between(from, to);
            wrong += civil_years_between(from, to) != months / 12;
            wrong += !civil_add_months(from, months, &reached) || reached > to;
            /* The next month is not full yet: it would end after `to`, or on it by the clamp alone. */
            wrong += !civil_add_months(from, months + 1, &next) ||
                     (next <= to && civil_date_of(next).day == civil_date_of(from).day);
        }
    CHECK(wrong == 0);
}

static void an_instant_splits_into_day_and_time(void)
{
    int32_t d = 0, ms = 0;
    CHECK(civil_split(-1, 0, &d, &ms) && d == -1 && ms == 86399999);
    CHECK(civil_split(0, 3600000, &d, &ms) && d == 0 && ms == 3600000);
    CHECK(civil_split(0, -3600000, &d, &ms) && d == -1 && ms == 82800000);
    CHECK(civil_split(CIVIL_MS_MAX, 0, &d, &ms) && d == CIVIL_DAY_MAX && ms == 86399999);
    CHECK(!civil_split(CIVIL_MS_MAX, 1, &d, &ms) && !civil_split(CIVIL_MS_MIN, -1, &d, &ms));
    CHECK(civil_split(CIVIL_MS_MIN - 1, 1, &d, &ms) && d == CIVIL_DAY_MIN && ms == 0);
    CHECK(!civil_split(INT64_MAX, 1, &d, &ms) && !civil_split(INT64_MIN, -1, &d, &ms));
}

int main(void)
{
    every_day_of_9999_years_is_right();
    dates_are_read_strictly();
    times_are_read_strictly_and_to_the_millisecond();
    every_time_of_day_comes_back();
    instants_carry_their_offset();
    what_is_no_instant_is_refused();
    adding_clamps_to_the_end_of_the_month_and_stays_in_range();
    whole_years_and_months_are_counted_by_the_calendar();
    counting_is_symmetric_and_agrees_with_adding();
    an_instant_splits_into_day_and_time();
    return TEST_RESULT();
}
