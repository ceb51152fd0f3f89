#include "pages/phrase.h"

#include "base/json_writer.h"
#include "base/language.h"

enum tongue {
    TONGUE_en,
#define TONGUE(language) TONGUE_##language,
#define SPOKEN(language, tag)
#define TRANSLATED(language, NAME, text)
#include "pages/phrase_translated.def"
#undef TONGUE
#undef SPOKEN
#undef TRANSLATED
    TONGUE_COUNT
};

static const char *const phrases[TONGUE_COUNT][PHRASE_COUNT] = {
#define PHRASE(NAME, text) [TONGUE_en][PHRASE_##NAME] = (text),
#include "pages/phrase.def"
#undef PHRASE
#define TONGUE(language)
#define SPOKEN(language, tag)
#define TRANSLATED(language, NAME, text) [TONGUE_##language][PHRASE_##NAME] = (text),
#include "pages/phrase_translated.def"
#undef TONGUE
#undef SPOKEN
#undef TRANSLATED
};

static const struct {
    enum tongue tongue;
    struct str tag;
} spoken[] = {
    {TONGUE_en, {"en", 2}},
#define TONGUE(language)
#define SPOKEN(language, tag) {TONGUE_##language, {(tag), sizeof(tag) - 1}},
#define TRANSLATED(language, NAME, text)
#include "pages/phrase_translated.def"
#undef TONGUE
#undef SPOKEN
#undef TRANSLATED
};
enum { SPOKEN_COUNT = sizeof spoken / sizeof *spoken };

uint32_t phrase_languages(struct str ret_tags[16])
{
    for (uint32_t i = 0; i < SPOKEN_COUNT; i++) ret_tags[i] = spoken[i].tag;
    return SPOKEN_COUNT;
}

struct str phrase_find(enum phrase phrase, struct str language)
{
    struct str tags[16];
    uint32_t count = phrase_languages(tags), found = language_lookup(tags, count, language);
    const char *text = found == LANGUAGE_NONE ? NULL : phrases[spoken[found].tongue][phrase];
    return str_of(text ? text : phrases[TONGUE_en][phrase]);
}

struct str phrase_fill(enum phrase phrase, struct str language, struct str a, struct str b,
                       struct arena *arena)
{
    struct str text = phrase_find(phrase, language);
    char *to = arena_alloc(arena, text.len + a.len + b.len + 1);
    size_t len = 0;
    if (!to) return (struct str){NULL, 0};
    for (size_t i = 0; i < text.len; i++) {
        bool slot = text.ptr[i] == '{' && i + 2 < text.len && text.ptr[i + 2] == '}';
        struct str value = !slot ? (struct str){text.ptr + i, 1} : text.ptr[i + 1] == 'a' ? a : b;
        if (value.len) memcpy(to + len, value.ptr, value.len);
        len += value.len;
        i += slot ? 2 : 0;
    }
    return (struct str){to, len};
}

static const enum phrase scripted[] = {
    PHRASE_STEP,      PHRASE_BACK,        PHRASE_CONTINUE,
    PHRASE_SEND,      PHRASE_OPTIONAL,    PHRASE_PROBLEM,
    PHRASE_ERROR,     PHRASE_YES,         PHRASE_NO,
    PHRASE_DAY,       PHRASE_MONTH,       PHRASE_YEAR,
    PHRASE_CHOOSE,    PHRASE_OTHER,       PHRASE_CODE,
    PHRASE_PLACE,     PHRASE_NO_OPTIONS,  PHRASE_ENTRY,
    PHRASE_ADD,       PHRASE_REMOVE,      PHRASE_ZONE,
    PHRASE_FILE,      PHRASE_LATITUDE,    PHRASE_LONGITUDE,
    PHRASE_ALTITUDE,  PHRASE_ACCURACY,    PHRASE_CHECK,
    PHRASE_CHANGE,    PHRASE_NO_ANSWER,   PHRASE_DONE,
    PHRASE_REFERENCE, PHRASE_RECEIVED,    PHRASE_KEEP,
    PHRASE_NOT_SENT,  PHRASE_RETIRED,     PHRASE_CHANGED,
    PHRASE_NOT_ASKED, PHRASE_NEWLY_ASKED, PHRASE_UNAVAILABLE_TEXT,
};

void phrase_put_words(struct str language, struct buf *out)
{
    static const char *const names[PHRASE_COUNT] = {
#define PHRASE(NAME, text) #NAME,
#include "pages/phrase.def"
#undef PHRASE
    };
    struct json_writer json;
    json_writer_init(&json, out);
    json_object(&json);
    for (size_t i = 0; i < sizeof scripted / sizeof *scripted; i++)
        json_key_str(&json, str_of(names[scripted[i]]), phrase_find(scripted[i], language));
    json_object_end(&json);
}
