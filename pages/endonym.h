/* Endonym: what a language calls itself.
 *
 *     endonym_find(STR("de_AT"))      "Deutsch"
 *
 * The tag itself where the table has none. */
#ifndef PAGES_ENDONYM_H
#define PAGES_ENDONYM_H

#include "base/str.h"

struct str endonym_find(struct str tag);

#endif
