#include "base/word.h"
#include "tests/test.h"

static void letters_and_digits_are_those_of_ascii(void)
{
    int digits = 0, alnums = 0;
    for (int c = -128; c < 128; c++) {
        digits += word_is_digit((char)c);
        alnums += word_is_alnum((char)c);
    }
    CHECK(digits == 10 && alnums == 62);
    CHECK(word_is_plain(STR("Az09-_")) && word_is_plain(STR("")));
    CHECK(!word_is_plain(STR("a b")) && !word_is_plain(STR("\xc3\xa9")) && !word_is_plain(STR("a\0b")));
}

static void a_word_is_the_same_in_any_case(void)
{
    CHECK(word_is(STR("Content-LENGTH"), STR("content-length")) && word_is(STR(""), STR("")));
    CHECK(!word_is(STR("gzi"), STR("gzip")) && !word_is(STR("gzip "), STR("gzip")));
    CHECK(!word_is(STR("@[`{"), STR("`{`{")) && !word_is(STR("\xc3\x89"), STR("\xc3\xa9")));
    CHECK(word_starts(STR("Bearer x"), STR("bearer ")) && !word_starts(STR("Bear"), STR("bearer ")));
}

static void a_word_is_found_in_its_list(void)
{
    static const char *const words[] = {"open", "closing", "closed", NULL};
    size_t index = 9;
    CHECK(word_among(STR("closed"), words, &index) && index == 2);
    CHECK(!word_among(STR("clos"), words, &index) && !word_among(STR("Open"), words, &index));
    CHECK(!word_among(STR(""), words, &index) && index == 2);
}

static void number_is(const char *text, uint64_t max, uint64_t want)
{
    uint64_t number = 0;
    CHECK(word_number(str_of(text), max, &number));
    CHECK(number == want);
}

static void a_number_never_passes_its_maximum(void)
{
    number_is("0", 200, 0);
    number_is("007", 200, 7);
    number_is("200", 200, 200);
    number_is("201", 200, 200);
    number_is("2000", 200, 200);
    number_is("9", 5, 5);
    number_is("10", 1, 1);
    number_is("18446744073709551615", UINT64_MAX, UINT64_MAX);
    number_is("18446744073709551616", UINT64_MAX, UINT64_MAX);
    number_is("99999999999999999999999999990", UINT64_MAX, UINT64_MAX);
}

static void what_has_more_than_digits_is_no_number(void)
{
    uint64_t number = 42;
    static const char *const bad[] = {"",  "-1", "+1", " 1", "1 ", "0x1", "1.", "99999999999999999999x",
                                      NULL};
    for (int i = 0; bad[i]; i++) CHECK(!word_number(str_of(bad[i]), UINT64_MAX, &number));
    CHECK(!word_number(STR("1\0"), 9, &number) && number == 42);
}

int main(void)
{
    letters_and_digits_are_those_of_ascii();
    a_word_is_the_same_in_any_case();
    a_word_is_found_in_its_list();
    a_number_never_passes_its_maximum();
    what_has_more_than_digits_is_no_number();
    return TEST_RESULT();
}
