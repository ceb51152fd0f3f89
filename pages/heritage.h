/* Heritage: what was typed into one version of a form, carried to another one.
 *
 *     heritage_carry(old_book, new_book, root, language, &arena, &heritage)
 *     … heritage.root is typed into the new form, heritage.gone and .added tell what changed …
 *
 * A place of the new form takes what was typed at the same place of the old one, if it is of the same
 * kind and type and is not worked out, and nothing of it is altered: as carryAnswers() of
 * web/formwright/store.js does it. What has no place is told with its value, so nothing is lost unseen.
 */
#ifndef PAGES_HERITAGE_H
#define PAGES_HERITAGE_H

#include "base/arena.h"
#include "pages/typed.h"

#include <stdint.h>

struct book;

struct heritage {
    struct typed *root;
    struct str gone;  /* "Nickname (Bo), …"; empty: nothing is */
    struct str added; /* labels of what the old one did not ask; empty: nothing */
};

/* `language`: of the new form. False: the arena is full. */
bool heritage_carry(const struct book *before, const struct book *after, const struct typed *root,
                    uint32_t language, struct arena *arena, struct heritage *ret_heritage);

#endif
