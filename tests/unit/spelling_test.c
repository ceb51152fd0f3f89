#include "pages/spelling.h"

#include "tests/test.h"

static struct arena arena;

static void number(const char *language, const char *typed, const char *json)
{
    struct str found = spelling_number(locale_find(str_of(language)), str_of(typed), &arena);
    bool good = json ? found.ptr && str_eq(found, str_of(json)) : !found.ptr;
    if (!good)
        fprintf(stderr, "%s \"%s\": \"%.*s\"\n", language, typed, found.ptr ? (int)found.len : 4,
                found.ptr ? found.ptr : "none");
    CHECK(good);
}

static void numbers_are_read_as_the_language_writes_them(void)
{
    number("en", "1234.5", "1234.5");
    number("en", "1,234.50", "1234.50");
    number("de", "1.234,50", "1234.50");
    number("de", "1234,5", "1234.5");
    number("fr",
           "1\xe2\x80\xaf"
           "234,5",
           "1234.5"); /* a narrow blank */
    number("de_CH",
           "1\xe2\x80\x99"
           "234.50",
           "1234.50");
    number("pl", "1 234,5", "1234.5");
    number("fa", "\xdb\xb1\xdb\xb2\xd9\xab\xdb\xb5", "12.5");
    number("bn", "\xe0\xa7\xa7\xe0\xa7\xa8", "12");
    number("en", "-7", "-7");
    number("en",
           "\xe2\x88\x92"
           "7",
           "-7"); /* a minus as it is printed */
    number("en", "+7", "7");
    number("en", "007", "7");
    number("en", "0", "0");
    number("en", ".5", "0.5");
    number("en", "5.", "5");
    number("de", "1.234.567", "1234567");
    number("en", "1,234,567", "1234567");
}

static void the_sign_of_others_is_taken_where_nothing_can_be_mistaken(void)
{
    number("en", "1,5", "1.5");
    number("de", "1.5", "1.5");
    number("en", "1,234", "1234"); /* thousands here */
    number("de", "1.234", "1234");
    number("en", "12,34", "12.34");
}

static void what_is_no_number_is_none(void)
{
    static const char *const typed[] = {"",    "abc",       "1e3",       "1.2.3", "1,2,3", "1,23,456.5",
                                        "--1", "1-2",       "0x10",      "1.5.",  ",",     ".",
                                        "-",   "12 apples", "1,234.5,6", "\xff"};
    for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) number("en", typed[i], NULL);
}

static void numbers_are_shown_as_they_are_typed(void)
{
    CHECK(str_eq(spelling_shown(locale_find(STR("de")), STR("1234.50"), &arena), STR("1234,50")));
    CHECK(str_eq(spelling_shown(locale_find(STR("en")), STR("1234.50"), &arena), STR("1234.50")));
    CHECK(str_eq(spelling_shown(locale_find(STR("de")), STR("1234"), &arena), STR("1234")));
}

static struct str date(const char *day, const char *month, const char *year)
{
    const struct str parts[SPELLING_PARTS] = {str_of(day), str_of(month), str_of(year)};
    return spelling_date(parts, &arena);
}

static void dates_are_made_of_their_parts_and_cut_again(void)
{
    CHECK(str_eq(date("31", "1", "2026"), STR("2026-01-31")));
    CHECK(str_eq(date(" 5 ", "12", "1999"), STR("1999-12-05")));
    CHECK(str_eq(date("", "3", "2026"), STR("2026-03")));
    CHECK(str_eq(date("", "", "2026"), STR("2026")));
    CHECK(str_eq(date("", "", ""), STR("")));
    CHECK(str_eq(date("\xd9\xa5", "\xd9\xa1\xd9\xa2", "\xd9\xa2\xd9\xa0\xd9\xa2\xd9\xa6"),
                 STR("2026-12-05")));
    struct str odd = date("x", "", "26");
    CHECK(str_eq(odd, STR("26--x")));
    CHECK(str_eq(spelling_date_part(odd, SPELLING_DAY), STR("x")));
    CHECK(str_eq(spelling_date_part(odd, SPELLING_MONTH), STR("")));
    CHECK(str_eq(spelling_date_part(odd, SPELLING_YEAR), STR("26")));
    CHECK(str_eq(spelling_date_part(STR("2026-01-05"), SPELLING_DAY), STR("5")));
    CHECK(str_eq(spelling_date_part(STR("2026-01"), SPELLING_MONTH), STR("1")));
    CHECK(str_eq(spelling_date_part(STR("2026-01"), SPELLING_DAY), STR("")));
    CHECK(str_eq(spelling_date_part(STR("0026-00-00"), SPELLING_YEAR), STR("0026")));
}

static void times_are_read_with_a_dot_or_without_a_zero(void)
{
    static const char *const rows[][2] = {
        {"9:30", "09:30"},  {"9.30", "09:30"},       {"09.30", "09:30"},
        {"09:30", "09:30"}, {"9:30:15", "09:30:15"}, {"noon", "noon"},
        {"9", "9"},         {"9:3", "9:3"},          {"123:30", "123:30"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK(str_eq(spelling_time(str_of(rows[i][0]), &arena), str_of(rows[i][1])));
    CHECK(spelling_is_wall(STR("2026-01-31T14:30")) && spelling_is_wall(STR("2026-01-31T14:30:15")));
    CHECK(!spelling_is_wall(STR("2026-01-31T14:30Z")) && !spelling_is_wall(STR("2026-01-31 14:30")));
}

static void blanks_at_the_ends_go(void)
{
    CHECK(str_eq(spelling_trim(STR(" \t\n a b \xc2\xa0\xe3\x80\x80")), STR("a b")));
    CHECK(str_eq(spelling_trim(STR(" \xc2\xa0 ")), STR("")));
    CHECK(str_eq(spelling_trim(STR("\xe2\x80\x8b")),
                 STR("\xe2\x80\x8b"))); /* no white space by Unicode */
}

int main(void)
{
    arena_init(&arena, mem_heap(), 1 << 20);
    numbers_are_read_as_the_language_writes_them();
    the_sign_of_others_is_taken_where_nothing_can_be_mistaken();
    what_is_no_number_is_none();
    numbers_are_shown_as_they_are_typed();
    dates_are_made_of_their_parts_and_cut_again();
    times_are_read_with_a_dot_or_without_a_zero();
    blanks_at_the_ends_go();
    arena_release(&arena);
    return TEST_RESULT();
}
