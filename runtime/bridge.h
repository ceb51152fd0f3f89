/* Bridge: Lua that carries answers into S, made from the plan. Lua's own instructions write a table at
 * a third of what the C API takes for it.
 *
 *     bridge_put_inputs(plan, part, &text)    return function(S, a1, a2, …) S[3] = a1 S[7] = a2 … end
 *     bridge_put_clear(plan, &text)           return function(S) S[4] = false … end
 *
 * Inputs of the form itself cross as arguments, BRIDGE_INPUTS at a time. Clearing takes away what the
 * last judging left in the slots that rules write, so that nothing of it can come back: `false` where
 * no rule writes a false, for writing over a value is quick; else nil. */
#ifndef RUNTIME_BRIDGE_H
#define RUNTIME_BRIDGE_H

#include "base/buf.h"
#include "runtime/plan.h"

enum { BRIDGE_INPUTS = 100 }; /* a Lua function has at most 200 locals */

/* How many parts there are, and how many inputs the one has: from part × BRIDGE_INPUTS on. */
uint32_t bridge_parts(const struct plan *plan);
uint32_t bridge_part_inputs(const struct plan *plan, uint32_t part);

void bridge_put_inputs(const struct plan *plan, uint32_t part, struct buf *out);
void bridge_put_clear(const struct plan *plan, struct buf *out);

#endif
