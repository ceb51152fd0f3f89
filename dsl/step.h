/* Step: the rules of a checked form, in the order in which they run, each with what it reads.
 *
 *     steps_make(arena, ir, &steps)     →  "check", "total", line 12, reads "price" and "items"
 *
 * For people: traces and graphs are made from it. */
#ifndef DSL_STEP_H
#define DSL_STEP_H

#include "base/arena.h"
#include "base/status.h"
#include "dsl/ir.h"

/* All of it in `arena`, paths too. */
MUST_USE enum status steps_make(struct arena *arena, const struct ir *ir,
                                struct program_steps *ret_steps);

#endif
