/* Media: types of files, as a form names them: "image/png", or "image/" and a star.
 *
 *     media_type_valid(STR("image/svg+xml"))   →   true
 *     media_pattern(arena, types, 2)   →   "image/svg\+xml|application/pdf", an I-Regexp
 *
 * Names are those of RFC 6838 §4.2 in small letters, without parameters. */
#ifndef DSL_MEDIA_H
#define DSL_MEDIA_H

#include "base/arena.h"
#include "base/str.h"
#include "dsl/tree.h"

#include <stdbool.h>

bool media_type_valid(struct str type);
/* What matches these valid types, or any type when there are none. ptr NULL: the arena is full. */
struct str media_pattern(struct arena *arena, const struct expr_name *types, uint32_t count);

#endif
