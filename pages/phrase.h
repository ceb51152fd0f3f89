/* Phrase: what the pages say themselves, in the languages that Formwright speaks.
 *
 *     phrase_find(PHRASE_CONTINUE, STR("de_AT"))      "Weiter"
 *     phrase_fill(PHRASE_STEP, language, STR("2"), STR("5"), &arena)      "Schritt 2 von 5" */
#ifndef PAGES_PHRASE_H
#define PAGES_PHRASE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

enum phrase {
#define PHRASE(NAME, text) PHRASE_##NAME,
#include "pages/phrase.def"
#undef PHRASE
    PHRASE_COUNT
};

/* English where the language has none. `language`: any tag. Static. */
struct str phrase_find(enum phrase phrase, struct str language);
/* ptr NULL: no room. */
struct str phrase_fill(enum phrase phrase, struct str language, struct str a, struct str b,
                       struct arena *arena);
/* What scripts say that draw the same pages, as a JSON object from names to texts. */
void phrase_put_words(struct str language, struct buf *out);
/* The languages themselves, for choosing one of a page that is about no form: "en", "de" …; their
 * number. */
uint32_t phrase_languages(struct str ret_tags[16]);

#endif
