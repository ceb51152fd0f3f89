/* Type: what the types of expressions are to each other, and their names for messages.
 *
 *     type_text(ck, type) → "decimal(2)", "money(EUR)", "choice(marital)" */
#ifndef DSL_TYPE_H
#define DSL_TYPE_H

#include "dsl/checking.h"

#include <stdbool.h>

enum { SCALE_MAX = 9 }; /* digits after the point of an exact number */

struct type type_of_kind(enum program_type kind);
/* INTEGER for scale 0, else DECIMAL. */
struct type type_of_scale(uint32_t scale);
/* Without what no option says. */
struct type type_closed(struct type type);
/* INTEGER, DECIMAL, MONEY: integers of 10^-scale units. */
bool type_is_exact(struct type type);
bool type_is_numeric(struct type type);
/* DATE, TIME, DATETIME, YEAR_MONTH, exact and NUMBER: what has an order and may be bounded. */
bool type_is_bounded(struct type type);
/* Everything that has one value: not CHOICES, not NONE. */
bool type_is_scalar(struct type type);
/* With scale, currency and list. */
bool type_equal(struct type a, struct type b);
/* For "expected …, found …". Lives in the arena. */
const char *type_text(struct checking *ck, struct type type);
/* What turns a value of `from` into what is wanted, or NULL. */
const char *type_hint(struct checking *ck, struct type wanted, struct type from);

#endif
