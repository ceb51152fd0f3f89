/* Autocomplete: whether a browser will understand what an `autocomplete` says.
 *
 *     "shipping street-address", "work email", "off"  → fine      "e-mail" → "email" was meant */
#ifndef DSL_AUTOCOMPLETE_H
#define DSL_AUTOCOMPLETE_H

#include "base/str.h"

#include <stdbool.h>

/* False: *reterr_word is the first word that is none or stands where it cannot, or what is missing (""
 * at the end). */
bool autocomplete_valid(struct str text, struct str *reterr_word);
/* The token nearest to a word, or len 0. */
struct str autocomplete_nearest(struct str word);

#endif
