/* Quick: the plain case of an answer, which nearly all are: an answer that is right, written without
 * escapes, blanks around it, letters beyond ASCII, signs or exponents.
 *
 *     const char *after = quick_read(plan, field, at, end, slot);
 *     if (!after) …                                     read it the long way (runtime/pass.c), from
 * `at`
 *
 * It either does all that the long way would do, or nothing at all, whatever stands there. Where the
 * reading is stays in registers meanwhile, which is what makes it quick. */
#ifndef RUNTIME_QUICK_H
#define RUNTIME_QUICK_H

#include "runtime/answers.h"

/* The value of a FIELD that is no computed one, at `at`: into its slot, which is missing still. Returns
 * what is behind it, or NULL: it is not the plain case, and nothing was changed. */
const char *quick_read(const struct plan *plan, const struct plan_node *field, const char *at,
                       const char *end, struct slot *slot);

#endif
