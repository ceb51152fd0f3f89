/* Language: tags of languages (BCP 47), compared and looked up.
 *
 *     language_lookup(tags, 3, STR("de-AT"))      1, for en, de, fr: "de" is the nearest
 *     language_negotiate(tags, 3, STR("it, fr-CH;q=0.8, de;q=0.5"))      2
 *     language_is_right_to_left(STR("ar"))      true
 *
 * Case does not matter, and "_" is "-": forms write de_AT. Any bytes are a tag, of no language perhaps.
 */
#ifndef BASE_LANGUAGE_H
#define BASE_LANGUAGE_H

#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

#define LANGUAGE_NONE UINT32_MAX

bool language_eq(struct str a, struct str b);

/* Lookup of RFC 4647, section 3.4: the range, then the range without its last part, and so on, until a
 * tag is that. No wildcards. LANGUAGE_NONE: none is. */
uint32_t language_lookup(const struct str *tags, uint32_t count, struct str range);

/* The same for a list of ranges with qualities, as in Accept-Language (RFC 9110, section 12.5.4): the
 * range of the highest quality that some tag serves, the first of several. A tag with q=0 is not taken;
 * "*" and what cannot be read asks for nothing. */
uint32_t language_negotiate(const struct str *tags, uint32_t count, struct str header);

/* By its script if it names one, else by its language (direction.def). */
bool language_is_right_to_left(struct str tag);

#endif
