#include "base/language.h"
#include "tests/test.h"

static const struct str tags[] = {{"en", 2}, {"de_AT", 5}, {"de", 2}, {"zh-Hant", 7}, {"fr", 2}};
enum { COUNT = sizeof tags / sizeof *tags };

static void the_nearest_tag_is_found_by_shortening_the_range(void)
{
    CHECK(language_lookup(tags, COUNT, STR("de-at")) == 1);
    CHECK(language_lookup(tags, COUNT, STR("DE-CH-1996")) == 2);
    CHECK(language_lookup(tags, COUNT, STR("zh-Hant-TW-x-private1")) == 3);
    CHECK(language_lookup(tags, COUNT, STR("zh")) == LANGUAGE_NONE);
    CHECK(language_lookup(tags, COUNT, STR("den")) == LANGUAGE_NONE);
    CHECK(language_lookup(tags, COUNT, STR("")) == LANGUAGE_NONE);
    CHECK(language_lookup(tags, COUNT, STR("-")) == LANGUAGE_NONE);
}

static void a_single_letter_goes_with_what_follows_it(void)
{
    const struct str odd[] = {{"zh-x", 4}, {"zh", 2}};
    CHECK(language_lookup(odd, 2, STR("zh-x-private")) == 1);
}

static void the_range_of_the_highest_quality_wins(void)
{
    CHECK(language_negotiate(tags, COUNT, STR("it, fr-CH;q=0.8, de;q=0.5")) == 4);
    CHECK(language_negotiate(tags, COUNT, STR("fr;q=0.5, de;q=0.8")) == 2);
    CHECK(language_negotiate(tags, COUNT, STR("fr , de")) == 4);
    CHECK(language_negotiate(tags, COUNT, STR("fr;q=0.001,de;Q=1.000")) == 2);
}

static void quality_zero_refuses(void)
{
    CHECK(language_negotiate(tags, COUNT, STR("de;q=0")) == LANGUAGE_NONE);
    CHECK(language_negotiate(tags, COUNT, STR("de-CH, fr;q=0.1, de;q=0.000")) == 4);
}

static void what_cannot_be_read_asks_for_nothing(void)
{
    static const char *const lists[] = {"",           "*",        ",,;,", "de;q=2",   "de;q=0.1234",
                                        "de;q=",      "de;q=1.5", ";q=1", "de;q=0,5", "\xff\xfe;\x01",
                                        "de;q=1.001", "de;q=-1"};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        CHECK(language_negotiate(tags, COUNT, str_of(lists[i])) == LANGUAGE_NONE);
    CHECK(language_negotiate(tags, COUNT, STR("de;q=2, *;q=1, fr;q=0.1;x=y")) == 4);
}

static void the_direction_is_that_of_the_script_or_else_of_the_language(void)
{
    static const char *const leftward[] = {"ar", "AR_eg", "he", "fa", "ur-PK", "ku_Arab", "pa-arab-PK"};
    static const char *const rightward[] = {"en", "ug_Cyrl", "ar-Latn", "", "_", "den", "sl-1994"};
    for (size_t i = 0; i < sizeof leftward / sizeof *leftward; i++)
        CHECK(language_is_right_to_left(str_of(leftward[i])));
    for (size_t i = 0; i < sizeof rightward / sizeof *rightward; i++)
        CHECK(!language_is_right_to_left(str_of(rightward[i])));
}

int main(void)
{
    the_nearest_tag_is_found_by_shortening_the_range();
    a_single_letter_goes_with_what_follows_it();
    the_range_of_the_highest_quality_wins();
    quality_zero_refuses();
    what_cannot_be_read_asks_for_nothing();
    the_direction_is_that_of_the_script_or_else_of_the_language();
    return TEST_RESULT();
}
