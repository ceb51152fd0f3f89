#include "runtime/sentence.h"

#include "base/language.h"

enum tongue {
#define TONGUE(language) TONGUE_##language,
#define SPOKEN(language, tag)
#define TRANSLATED(language, NAME, sentence)
#include "runtime/translated.def"
#undef TONGUE
#undef SPOKEN
#undef TRANSLATED
    TONGUE_COUNT
};

static const struct str english[] = {
#define MESSAGE(NAME, sentence) [MESSAGE_##NAME] = {(sentence), sizeof(sentence) - 1},
#include "runtime/message.def"
#undef MESSAGE
};

static const struct str translated[TONGUE_COUNT][MESSAGE_COUNT] = {
#define TONGUE(language)
#define SPOKEN(language, tag)
#define TRANSLATED(language, NAME, sentence)                                                           \
    [TONGUE_##language][MESSAGE_##NAME] = {(sentence), sizeof(sentence) - 1},
#include "runtime/translated.def"
#undef TONGUE
#undef SPOKEN
#undef TRANSLATED
};

static const struct str tags[] = {
#define TONGUE(language)
#define SPOKEN(language, tag) {(tag), sizeof(tag) - 1},
#define TRANSLATED(language, NAME, sentence)
#include "runtime/translated.def"
#undef TONGUE
#undef SPOKEN
#undef TRANSLATED
};

/* By tag. */
static const enum tongue tongues[] = {
#define TONGUE(language)
#define SPOKEN(language, tag) TONGUE_##language,
#define TRANSLATED(language, NAME, sentence)
#include "runtime/translated.def"
#undef TONGUE
#undef SPOKEN
#undef TRANSLATED
};

struct sentence sentence_find(enum message message, struct str language)
{
    uint32_t tag = language_lookup(tags, sizeof tags / sizeof *tags, language);
    if (tag == LANGUAGE_NONE || translated[tongues[tag]][message].len == 0)
        return (struct sentence){english[message], false};
    return (struct sentence){translated[tongues[tag]][message], true};
}
