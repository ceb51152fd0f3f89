/* Attribute: the modifiers of items, typed and checked against the item's type and each other.
 *
 *     age: integer min 0 max 120      → node.min = 0, node.max = 120: static bounds
 *     last: date min first            → node.min = slot first: a rule */
#ifndef DSL_ATTRIBUTE_H
#define DSL_ATTRIBUTE_H

#include "dsl/checking.h"
#include "dsl/lookup.h"

/* Bounds that are written as literals, of all fields: what they prove is known before other expressions
 * are typed. */
void attribute_literal_bounds(struct checking *ck);
/* Everything else of one node, texts included. */
void attribute_type(struct checking *ck, uint32_t node);
/* Conditions, places and messages of all checks. */
void attribute_checks(struct checking *ck);

/* Definitely true unless the condition is: also where that is missing. */
struct ir_expr *attribute_unless(struct checking *ck, const struct place *place,
                                 const struct expr *expr);

#endif
