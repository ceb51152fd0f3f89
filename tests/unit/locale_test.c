#include "base/locale.h"

#include "base/civil.h"
#include "base/decimal.h"
#include "base/partial.h"
#include "tests/test.h"

#include <string.h>

#define NBSP "\u00a0"

static struct buf made;

static const struct locale *in(const char *tag)
{
    buf_reset(&made);
    return locale_find(str_of(tag));
}

static bool is(const char *expected)
{
    bool same = !buf_failed(&made) && str_eq(buf_str(&made), str_of(expected));
    if (!same) printf("# %.*s, not %s\n", STR_ARG(buf_str(&made)), expected);
    return same;
}

static bool exact(const char *tag, int64_t value, unsigned scale, const char *expected)
{
    locale_put_exact(in(tag), value, scale, &made);
    return is(expected);
}

static bool money(const char *tag, int64_t value, const char *code, const char *expected)
{
    locale_put_money(in(tag), value, 2, 2, str_of(code), &made);
    return is(expected);
}

static void numbers_are_grouped_and_marked_by_language(void)
{
    CHECK(exact("en", 5000000, 2, "50,000.00"));
    CHECK(exact("de", -5000000, 2, "-50.000,00"));
    CHECK(exact("de_AT", 1234567, 0, "1" NBSP "234" NBSP "567"));
    CHECK(exact("hi", 12345678, 0, "1,23,45,678"));
    CHECK(exact("nb", -5, 1, "−0,5"));
    CHECK(exact("no", -5, 1, "−0,5"));
}

static void some_languages_group_from_five_digits_on(void)
{
    CHECK(exact("es", 1234, 0, "1234"));
    CHECK(exact("es", 12345, 0, "12.345"));
    CHECK(exact("pl", 999900, 2, "9999,00"));
    CHECK(exact("en", 1234, 0, "1,234"));
}

static void digits_are_those_that_the_language_takes(void)
{
    CHECK(exact("ar", 1234, 0, "1,234"));
    CHECK(exact("ar_EG", 12345, 1, "١٬٢٣٤٫٥"));
    CHECK(exact("fa", 10, 0, "۱۰"));
}

static void the_nearest_language_of_the_table_counts(void)
{
    CHECK(locale_find(STR("de_LI")) == locale_find(STR("de")));
    CHECK(locale_find(STR("zh-Hant-TW")) == locale_find(STR("zh_hant")));
    CHECK(locale_find(STR("en_GB")) != locale_find(STR("en")));
}

static void a_language_that_is_not_there_reads_the_canonical_form(void)
{
    CHECK(locale_find(STR("eo")) == locale_find(STR("")));
    CHECK(exact("eo", -123456789, 2, "-1234567.89"));
    CHECK(money("eo", 1250, "EUR", "EUR 12.50"));
    locale_put_date(in("eo"), civil_day_of(2026, 1, 31), LOCALE_FULL, &made);
    CHECK(is("2026-01-31"));
    locale_put_time(in("eo"), 36000000, LOCALE_USUAL, &made);
    CHECK(is("10:00:00"));
    locale_put_datetime(in("eo"), 0, 60, LOCALE_SHORT, &made);
    CHECK(is("1970-01-01T01:00:00+01:00"));
    locale_put_partial(in("eo"), 20260200, LOCALE_LONG, &made);
    CHECK(is("2026-02"));
    CHECK(str_eq(locale_truth(in("eo"), false), STR("false")));
    CHECK(str_eq(locale_separator(in("eo"), LOCALE_OR, 1, 2), STR(", ")));
}

static void doubles_have_their_shortest_digits(void)
{
    locale_put_double(in("de"), -1234567.25, &made);
    CHECK(is("-1.234.567,25"));
    locale_put_double(in("de"), 1.5e300, &made);
    CHECK(is("1,5e+300"));
    locale_put_double(in("en"), 1e21, &made);
    CHECK(is("1e+21"));
    locale_put_double_percent(in("tr"), -0.5, &made);
    CHECK(is("-%0,5"));
}

static void a_percentage_is_the_number_as_it_is(void)
{
    locale_put_percent(in("en"), 125, 1, &made);
    CHECK(is("12.5%"));
    locale_put_percent(in("sv"), -1250, 2, &made);
    CHECK(is("−12,50" NBSP "%"));
}

static void money_has_the_sign_that_the_language_knows(void)
{
    CHECK(money("en", 123450, "EUR", "€1,234.50"));
    CHECK(money("de", 123450, "EUR", "1.234,50" NBSP "€"));
    CHECK(money("nl", -123450, "EUR", "€" NBSP "-1.234,50"));
    CHECK(money("en", 100, "USD", "$1.00"));
    CHECK(money("en_GB", 100, "USD", "US$1.00"));
    CHECK(money("de_AT", 123450, "EUR", "€" NBSP "1.234,50"));
}

static void letters_of_a_currency_stand_apart_from_digits(void)
{
    CHECK(money("en", -100, "CHF", "-CHF" NBSP "1.00"));
    CHECK(money("de_CH", -100, "EUR", "EUR-1.00"));
    CHECK(money("en", 100, "ZMW", "ZMW" NBSP "1.00"));
    CHECK(money("en", 100, "CAD", "CA$1.00"));
}

static void an_amount_has_the_digits_of_its_currency(void)
{
    locale_put_money(in("de"), 50000, 0, 2, STR("EUR"), &made);
    CHECK(is("50.000,00" NBSP "€"));
    locale_put_money(in("en"), -125, 1, 3, STR("KWD"), &made);
    CHECK(is("-KWD" NBSP "12.500"));
    locale_put_money(in("ja"), 1200, 0, 0, STR("JPY"), &made);
    CHECK(is("￥1,200"));
}

static bool day(const char *tag, enum locale_style style, const char *expected)
{
    locale_put_date(in(tag), civil_day_of(2026, 1, 5), style, &made);
    return is(expected);
}

static void dates_are_short_long_or_full(void)
{
    CHECK(day("en", LOCALE_USUAL, "January 5, 2026"));
    CHECK(day("en_GB", LOCALE_SHORT, "05/01/2026"));
    CHECK(day("en_GB", LOCALE_FULL, "Monday, 5 January 2026"));
    CHECK(day("de", LOCALE_SHORT, "5.1.2026"));
    CHECK(day("ru", LOCALE_LONG, "5 января 2026 г."));
    CHECK(day("ja", LOCALE_FULL, "2026年1月5日月曜日"));
}

static void a_month_without_a_day_is_named_as_alone(void)
{
    locale_put_partial(in("ru"), 20260100, LOCALE_LONG, &made);
    CHECK(is("январь 2026 г."));
    locale_put_partial(in("de"), 20260100, LOCALE_SHORT, &made);
    CHECK(is("1/2026"));
    locale_put_partial(in("de"), 20260000, LOCALE_LONG, &made);
    CHECK(is("2026"));
    locale_put_partial(in("de"), 20260105, LOCALE_LONG, &made);
    CHECK(is("5. Januar 2026"));
}

static bool at(const char *tag, int32_t ms, enum locale_style style, const char *expected)
{
    locale_put_time(in(tag), ms, style, &made);
    return is(expected);
}

static void times_have_seconds_where_there_are_some(void)
{
    CHECK(at("en", 0, LOCALE_USUAL, "12:00 AM"));
    CHECK(at("en", 43200000, LOCALE_LONG, "12:00:00 PM"));
    CHECK(at("de", 36001250, LOCALE_USUAL, "10:00:01,250"));
    CHECK(at("de", 36001250, LOCALE_SHORT, "10:00"));
    CHECK(at("fi", 36000000, LOCALE_USUAL, "10.00"));
}

static void a_datetime_is_told_with_its_offset(void)
{
    locale_put_datetime(in("en"), INT64_C(1769866200000), 60, LOCALE_USUAL, &made);
    CHECK(is("January 31, 2026 at 2:30 PM GMT+1"));
    locale_put_datetime(in("de"), INT64_C(1769866200000), -210, LOCALE_SHORT, &made);
    CHECK(is("31.1.2026, 10:00 GMT-3:30"));
    locale_put_datetime(in("vi"), INT64_C(1769866200000), 0, LOCALE_LONG, &made);
    CHECK(is("lúc 13:30 31 tháng 1, 2026 GMT+0"));
}

static bool list(const char *tag, enum locale_list kind, uint32_t count, const char *expected)
{
    const struct locale *locale = in(tag);
    for (uint32_t i = 0; i < count; i++) {
        buf_put(&made, locale_separator(locale, kind, i, count));
        buf_putc(&made, (char)('a' + i));
    }
    return is(expected);
}

static void lists_end_with_and_or_or(void)
{
    CHECK(list("en", LOCALE_AND, 1, "a"));
    CHECK(list("en", LOCALE_AND, 2, "a and b"));
    CHECK(list("en", LOCALE_AND, 4, "a, b, c, and d"));
    CHECK(list("en_GB", LOCALE_OR, 3, "a, b or c"));
    CHECK(list("de", LOCALE_AND, 3, "a, b und c"));
    CHECK(list("ja", LOCALE_COMMA, 3, "a、b、c"));
}

/* The longest of what a language makes of values at their ends. */
static void no_value_is_longer_than_the_limit(void)
{
    size_t longest = 0;
    for (uint32_t i = 0; locale_tag(i).len > 0; i++) {
        const struct locale *locale = locale_find(locale_tag(i));
        for (int32_t k = 0; k < 400; k++) {
            buf_reset(&made);
            locale_put_datetime(locale, CIVIL_MS_MAX - k * CIVIL_MS_PER_DAY - 3600001, 0, LOCALE_FULL,
                                &made);
            longest = made.len > longest ? made.len : longest;
        }
        static const char *const codes[] = {"EUR", "CHF", "SAR", "TTD", "XPF", "KMF", "LYD"};
        for (size_t k = 0; k < sizeof codes / sizeof *codes; k++) {
            buf_reset(&made);
            locale_put_money(locale, -DECIMAL_MAX, 0, 4, str_of(codes[k]), &made);
            longest = made.len > longest ? made.len : longest;
        }
        buf_reset(&made);
        locale_put_double_percent(locale, -1.7976931348623157e308, &made);
        longest = made.len > longest ? made.len : longest;
    }
    CHECK(longest > 80);
    CHECK(longest <= LOCALE_TEXT_BYTES);
}

int main(void)
{
    buf_init(&made, mem_heap(), 4096);
    numbers_are_grouped_and_marked_by_language();
    some_languages_group_from_five_digits_on();
    digits_are_those_that_the_language_takes();
    the_nearest_language_of_the_table_counts();
    a_language_that_is_not_there_reads_the_canonical_form();
    doubles_have_their_shortest_digits();
    a_percentage_is_the_number_as_it_is();
    money_has_the_sign_that_the_language_knows();
    letters_of_a_currency_stand_apart_from_digits();
    an_amount_has_the_digits_of_its_currency();
    dates_are_short_long_or_full();
    a_month_without_a_day_is_named_as_alone();
    times_have_seconds_where_there_are_some();
    a_datetime_is_told_with_its_offset();
    lists_end_with_and_or_or();
    no_value_is_longer_than_the_limit();
    buf_release(&made);
    return TEST_RESULT();
}
