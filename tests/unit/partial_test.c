#include "base/partial.h"

#include "tests/test.h"

static int32_t parsed(const char *text)
{
    int32_t partial = -1;
    return partial_parse(str_of(text), &partial) ? partial : 0;
}

static bool writes(const char *text)
{
    char out[PARTIAL_BYTES];
    return str_eq((struct str){out, partial_format(parsed(text), out)}, str_of(text));
}

static void what_is_written_is_read_and_written_again(void)
{
    CHECK(parsed("2024") == 20240000 && parsed("2024-02") == 20240200 &&
          parsed("2024-02-29") == 20240229);
    CHECK(writes("0001") && writes("9999-12") && writes("1970-01-01"));
    CHECK(parsed("0001") == PARTIAL_MIN && parsed("9999-12-31") == PARTIAL_MAX);
    CHECK(parsed("0001-01") == PARTIAL_MONTH_MIN && parsed("9999-12") == PARTIAL_MONTH_MAX);
}

static void what_is_none_is_refused(void)
{
    static const char *const none[] = {
        "",           "202",        "20245",      "2024-", "2024-2",    "2024-13",    "2024-00",
        "2024-02-30", "2023-02-29", "2024-02-00", "0000",  "2024-02-1", "2024/02",    "2024-02/01",
        " 2024",      "2024 ",      "2024-02-2x", "x024",  "-024",      "2024-02-291"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) CHECK(parsed(none[i]) == 0);
    int32_t partial;
    CHECK(!partial_parse_month(STR("2024"), &partial) &&
          !partial_parse_month(STR("2024-01-01"), &partial));
    CHECK(partial_parse_month(STR("2024-01"), &partial) && partial == 20240100);
}

static void only_what_can_be_read_exists(void)
{
    int64_t count = 0;
    for (int64_t i = 20230000 - 1; i <= 20250000; i++) {
        char text[PARTIAL_BYTES];
        if (!partial_exists(i)) continue;
        int32_t again = 0;
        CHECK(partial_parse((struct str){text, partial_format((int32_t)i, text)}, &again) &&
              again == i);
        count++;
    }
    CHECK(count == 2 * (1 + 12) + 365 + 366 + 1); /* two years, their months and days, and 2025 */
    CHECK(!partial_exists(0) && !partial_exists(-20240101) && !partial_exists(INT64_MAX));
    CHECK(!partial_exists(20240001) && !partial_exists(PARTIAL_MAX + 1) && !partial_exists(9999));
}

static void its_first_and_last_day_enclose_it(void)
{
    CHECK(partial_earliest(20240000) == civil_day_of(2024, 1, 1));
    CHECK(partial_latest(20240000) == civil_day_of(2024, 12, 31));
    CHECK(partial_earliest(20240200) == civil_day_of(2024, 2, 1));
    CHECK(partial_latest(20240200) == civil_day_of(2024, 2, 29));
    CHECK(partial_latest(20230200) == civil_day_of(2023, 2, 28));
    CHECK(partial_earliest(20240229) == partial_latest(20240229));
    CHECK(partial_precision(20240000) == 1 && partial_precision(20240200) == 2 &&
          partial_precision(20240229) == 3);
}

static void months_are_added_up_to_the_ends_of_time(void)
{
    int32_t partial = 0;
    CHECK(partial_add_months(20240100, 13, &partial) && partial == 20250200);
    CHECK(partial_add_months(20240100, -1, &partial) && partial == 20231200);
    CHECK(partial_add_months(PARTIAL_MONTH_MAX, 0, &partial) && partial == PARTIAL_MONTH_MAX);
    CHECK(!partial_add_months(PARTIAL_MONTH_MAX, 1, &partial));
    CHECK(!partial_add_months(PARTIAL_MONTH_MIN, -1, &partial));
    CHECK(!partial_add_months(PARTIAL_MONTH_MIN, INT64_MAX, &partial));
    CHECK(partial_month_of(civil_day_of(2024, 2, 29)) == 20240200);
}

int main(void)
{
    what_is_written_is_read_and_written_again();
    what_is_none_is_refused();
    only_what_can_be_read_exists();
    its_first_and_last_day_enclose_it();
    months_are_added_up_to_the_ends_of_time();
    return TEST_RESULT();
}
