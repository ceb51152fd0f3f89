/* What base/locale.c writes, for a program in another language to compare: one line for each value,
 * "tag \t kind \t what \t text", where `what` is the value as JavaScript reads it. Run by
 * tests/locale/icu_test.mjs. */
#include "base/civil.h"
#include "base/decimal.h"
#include "base/locale.h"

#include <stdio.h>

static const char *const currencies[] = {
#define CURRENCY(code, digits) #code,
#include "dsl/currency.def"
#undef CURRENCY
};
static const unsigned currency_digits[] = {
#define CURRENCY(code, digits) digits,
#include "dsl/currency.def"
#undef CURRENCY
};

struct line {
    struct str tag;
    const struct locale *locale;
    struct buf text;
};

static void print(struct line *line, const char *kind, const char *what)
{
    printf("%.*s\t%s\t%s\t%.*s\n", STR_ARG(line->tag), kind, what, STR_ARG(buf_str(&line->text)));
    buf_reset(&line->text);
}

/* The value, the scale and, for money, the currency. */
static void print_number(struct line *line, const char *kind, int64_t value, unsigned scale,
                         const char *code)
{
    char digits[DECIMAL_TEXT_BYTES], what[64];
    size_t len = decimal_format(value, scale, digits);
    snprintf(what, sizeof what, "%.*s %u%s%s", (int)len, digits, scale, code ? " " : "",
             code ? code : "");
    print(line, kind, what);
}

static void print_numbers(struct line *line)
{
    static const int64_t values[] = {0,           5,           -7,        999,
                                     1000,        -1234,       9999,      12345,
                                     -123456,     1234567,     -98765432, INT64_C(123456789012),
                                     DECIMAL_MAX, -DECIMAL_MAX};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        for (unsigned scale = 0; scale <= 3; scale++) {
            locale_put_exact(line->locale, values[i], scale, &line->text);
            print_number(line, "number", values[i], scale, NULL);
            locale_put_percent(line->locale, values[i], scale, &line->text);
            print_number(line, "percent", values[i], scale, NULL);
        }
}

static void print_money(struct line *line)
{
    static const int64_t values[] = {1, 100000, 123456789, -123456, -5};
    for (size_t i = 0; i < sizeof currencies / sizeof *currencies; i++)
        for (size_t k = 0; k < sizeof values / sizeof *values; k++) {
            struct str code = str_of(currencies[i]);
            locale_put_money(line->locale, values[k], currency_digits[i], currency_digits[i], code,
                             &line->text);
            print_number(line, "money", values[k], currency_digits[i], currencies[i]);
        }
}

static void print_moment(struct line *line, const char *kind, int64_t ms)
{
    char what[32];
    snprintf(what, sizeof what, "%lld", (long long)ms);
    print(line, kind, what);
}

static void print_dates(struct line *line)
{
    static const char *const kinds[] = {"", "day short", "day long", "day full"};
    for (int32_t day = civil_day_of(2026, 1, 1); day < civil_day_of(2028, 3, 5); day += 9)
        for (int style = LOCALE_SHORT; style <= LOCALE_FULL; style++) {
            locale_put_date(line->locale, day, (enum locale_style)style, &line->text);
            print_moment(line, kinds[style], day * CIVIL_MS_PER_DAY);
        }
    for (int month = 1; month <= 12; month++) {
        int64_t ms = civil_day_of(2027, month, 1) * CIVIL_MS_PER_DAY;
        locale_put_partial(line->locale, 20270000 + month * 100, LOCALE_SHORT, &line->text);
        print_moment(line, "month short", ms);
        locale_put_partial(line->locale, 20270000 + month * 100, LOCALE_LONG, &line->text);
        print_moment(line, "month long", ms);
    }
}

static void print_times(struct line *line)
{
    static const char *const kinds[] = {"", "both short", "both long", "both full"};
    for (int32_t ms = 5000; ms < CIVIL_MS_PER_DAY; ms += 53 * 60000 + 7000) {
        locale_put_time(line->locale, ms, LOCALE_SHORT, &line->text);
        print_moment(line, "time short", ms);
        locale_put_time(line->locale, ms, LOCALE_LONG, &line->text);
        print_moment(line, "time long", ms);
    }
    for (int style = LOCALE_SHORT; style <= LOCALE_FULL; style++)
        for (int hour = -3; hour <= 3; hour += 3) {
            int64_t at = INT64_C(1769866200000);
            locale_put_datetime(line->locale, at, hour * 60, (enum locale_style)style, &line->text);
            char what[48];
            snprintf(what, sizeof what, "%lld %d", (long long)at, hour);
            print(line, kinds[style], what);
        }
}

static void print_lists(struct line *line)
{
    static const char *const kinds[] = {"", "and", "or"};
    for (int kind = LOCALE_AND; kind <= LOCALE_OR; kind++)
        for (uint32_t count = 1; count <= 5; count++) {
            char what[8];
            for (uint32_t i = 0; i < count; i++) {
                buf_put(&line->text, locale_separator(line->locale, (enum locale_list)kind, i, count));
                buf_putc(&line->text, (char)('A' + i));
            }
            snprintf(what, sizeof what, "%.*s", (int)count, "ABCDE");
            print(line, kinds[kind], what);
        }
}

int main(void)
{
    for (uint32_t i = 0; locale_tag(i).len > 0; i++) {
        struct line line = {locale_tag(i), locale_find(locale_tag(i)), {0}};
        buf_init(&line.text, mem_heap(), 4096);
        print_numbers(&line);
        print_money(&line);
        print_dates(&line);
        print_times(&line);
        print_lists(&line);
        buf_release(&line.text);
    }
    return 0;
}
