#include "pages/phrase.h"

#include "base/utf8.h"
#include "tests/test.h"

/* How often "{a}" or "{b}" stands in a text. */
static unsigned slots(struct str text)
{
    unsigned count = 0;
    for (size_t i = 0; i + 2 < text.len; i++)
        count += text.ptr[i] == '{' && text.ptr[i + 2] == '}' ? (text.ptr[i + 1] == 'a' ? 1 : 100) : 0;
    return count;
}

static void every_language_has_every_phrase_with_the_same_values(void)
{
    struct str tags[16];
    uint32_t count = phrase_languages(tags), own = 0;
    CHECK(count == 11);
    for (uint32_t i = 0; i < count; i++) {
        for (int k = 0; k < PHRASE_COUNT; k++) {
            struct str text = phrase_find((enum phrase)k, tags[i]),
                       english = phrase_find((enum phrase)k, STR("en"));
            CHECK(text.len > 0 && utf8_valid(text) && slots(text) == slots(english));
            own += !str_eq(text, english);
        }
    }
    CHECK(own > 10 * (PHRASE_COUNT - 6)); /* "No" is Spanish as well */
}

static void a_language_is_found_by_its_tag(void)
{
    CHECK(str_eq(phrase_find(PHRASE_CONTINUE, STR("de_AT")), STR("Weiter")));
    CHECK(str_eq(phrase_find(PHRASE_CONTINUE, STR("nn")), STR("Fortsett")));
    CHECK(str_eq(phrase_find(PHRASE_CONTINUE, STR("ja")), STR("Continue")));
    CHECK(str_eq(phrase_find(PHRASE_CONTINUE, STR("")), STR("Continue")));
}

static void values_are_filled_in(void)
{
    struct arena arena;
    arena_init(&arena, mem_heap(), 1 << 16);
    CHECK(str_eq(phrase_fill(PHRASE_STEP, STR("en"), STR("2"), STR("{a}"), &arena),
                 STR("Step 2 of {a}")));
    CHECK(str_eq(phrase_fill(PHRASE_BACK, STR("en"), STR("2"), STR("5"), &arena), STR("Back")));
    arena_release(&arena);
}

int main(void)
{
    every_language_has_every_phrase_with_the_same_values();
    a_language_is_found_by_its_tag();
    values_are_filled_in();
    return TEST_RESULT();
}
