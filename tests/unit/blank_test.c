#include "runtime/blank.h"

#include "tests/test.h"

static void every_white_space_of_unicode_is_known(void)
{
    static const char *const blanks[] = {
        " ",      "\t",     "\n",     "\v",     "\f",     "\r",     "\xc2\x85", "\xc2\xa0", "\u1680",
        "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006",   "\u2007",   "\u2008",
        "\u2009", "\u200a", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000"};
    for (size_t i = 0; i < sizeof blanks / sizeof *blanks; i++)
        CHECK(blank_next(str_of(blanks[i])) == strlen(blanks[i]));
}

static void what_only_looks_like_it_is_not(void)
{
    static const char *const others[] = {"a",      "\x1c",   "\x1f",   "\x7f",   "\xc2\x84", "\u00a1",
                                         "\u200b", "\u200e", "\u2060", "\ufeff", "😀",        "\xc2"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        CHECK(blank_next(str_of(others[i])) == 0);
    CHECK(blank_next(STR("")) == 0);
    CHECK(blank_next((struct str){"\0", 1}) == 0);
}

static void check_strip(const char *text, const char *want, uint32_t chars)
{
    uint32_t left = 0;
    for (const char *at = text; *at; at++) left += ((unsigned char)*at & 0xc0) != 0x80;
    CHECK(str_eq(blank_strip(str_of(text), &left), str_of(want)));
    CHECK(left == chars);
}

static void both_ends_are_stripped_and_counted(void)
{
    check_strip("", "", 0);
    check_strip("a", "a", 1);
    check_strip("  a b  ", "a b", 3);
    check_strip(" \t\r\n", "", 0);
    check_strip("\u3000é\xc2\xa0", "é", 1);
    check_strip("é", "é", 1);
    check_strip("\u2003\u2003", "", 0);
    check_strip("😀\xc2\x85", "😀", 1);
    check_strip("\u200b", "\u200b", 1);
}

int main(void)
{
    every_white_space_of_unicode_is_known();
    what_only_looks_like_it_is_not();
    both_ends_are_stripped_and_counted();
    return TEST_RESULT();
}
