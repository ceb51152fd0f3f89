#include "runtime/sentence.h"

#include "base/utf8.h"
#include "tests/test.h"

static const char *const languages[] = {"de", "fr", "es", "nb", "nl", "pl", "cy", "ar"};
enum { LANGUAGES = sizeof languages / sizeof *languages };

static const char *const names[] = {
    "",
#define MESSAGE(NAME, sentence) #NAME,
#include "runtime/message.def"
#undef MESSAGE
};

static struct sentence found(enum message message, const char *language)
{
    return sentence_find(message, str_of(language));
}

static bool says(struct str text, const char *word)
{
    for (size_t at = 0; at + strlen(word) <= text.len; at++)
        if (memcmp(text.ptr + at, word, strlen(word)) == 0) return true;
    return false;
}

static void check_blanks(struct str own, struct str other, const char *name, const char *language)
{
    bool label = says(own, "{Label}") || says(own, "{label}");
    bool same = label == says(other, "{Label}") && says(own, "{bound}") == says(other, "{bound}") &&
                says(own, "{example}") == says(other, "{example}") && !says(other, "{label}");
    if (!same) fprintf(stderr, "%s in %s\n", name, language);
    CHECK(same);
}

static void every_message_is_there_in_every_language_with_the_same_blanks(void)
{
    for (size_t i = 0; i < LANGUAGES; i++)
        for (enum message m = MESSAGE_NONE + 1; m < MESSAGE_COUNT; m++) {
            struct sentence english = found(m, "en"), other = found(m, languages[i]);
            if (!other.quotes) fprintf(stderr, "%s has no %s\n", languages[i], names[m]);
            CHECK(other.quotes && !english.quotes && utf8_valid_len(other.text) == other.text.len);
            check_blanks(english.text, other.text, names[m], languages[i]);
        }
}

static void a_tag_finds_its_language(void)
{
    struct str german = found(MESSAGE_REQUIRED, "de").text;
    CHECK(str_eq(german, STR("Bitte „{Label}“ ausfüllen")));
    CHECK(str_eq(found(MESSAGE_REQUIRED, "de_AT").text, german));
    CHECK(str_eq(found(MESSAGE_REQUIRED, "DE-ch").text, german));
    CHECK(str_eq(found(MESSAGE_REQUIRED, "no").text, found(MESSAGE_REQUIRED, "nb").text));
    CHECK(str_eq(found(MESSAGE_REQUIRED, "nn_NO").text, found(MESSAGE_REQUIRED, "nb").text));
}

static void other_languages_are_told_in_english(void)
{
    CHECK(str_eq(found(MESSAGE_REQUIRED, "it").text, STR("Enter {label}")));
    CHECK(str_eq(found(MESSAGE_REQUIRED, "").text, STR("Enter {label}")));
    CHECK(str_eq(found(MESSAGE_REQUIRED, "en_GB").text, STR("Enter {label}")));
}

int main(void)
{
    every_message_is_there_in_every_language_with_the_same_blanks();
    a_tag_finds_its_language();
    other_languages_are_told_in_english();
    return TEST_RESULT();
}
