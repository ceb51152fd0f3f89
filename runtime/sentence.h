/* Sentence: our own words for what is wrong, by language.
 *
 *     struct sentence s = sentence_find(MESSAGE_REQUIRED, STR("de_AT"));      "Bitte „{Label}“
 * ausfüllen"
 *
 * English is in message.def, the others in translated.def; what a language does not have is said in
 * English. */
#ifndef RUNTIME_SENTENCE_H
#define RUNTIME_SENTENCE_H

#include "base/str.h"

#include <stdbool.h>

enum message {
    MESSAGE_NONE,
#define MESSAGE(NAME, sentence) MESSAGE_##NAME,
#include "runtime/message.def"
#undef MESSAGE
    MESSAGE_COUNT
};

struct sentence {
    struct str text; /* with {Label}, {label}, {bound}, {example} to fill in */
    bool quotes;     /* it takes a label just as it is */
};

/* `language`: any tag. */
struct sentence sentence_find(enum message message, struct str language);

#endif
