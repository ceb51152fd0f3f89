/* Bridge: Lua that carries answers into S and results out of it, made from the plan. Lua's own
 * instructions read and write tables at a third of what the C API takes for it, and cross from C in one
 * call for many values.
 *
 *     form in    function(S, a1, a2, …) S[3] = a1 S[7] = a2 … S[4] = false … end
 *     form out   function(S) return S[4], S[9], … end
 *     rows in    function(S, r, a1, a2, a3, a4, b1, …) … end       BRIDGE_ROWS rows from number r on,
 * column after column rows out   function(S, r) … return a1, a2, a3, a4, b1, … end
 *
 * Each comes in parts, for a Lua function has at most 200 locals. On the way in, what rules are to
 * write is cleared: values, so that nothing of another respondent's can come back where a rule leaves
 * one unwritten; and all of rows that rules may pass over because something around them is not
 * relevant. `false` where it cannot be taken for a value, for writing over a value is quick; else nil.
 * Rows past the last are carried as nil. What a direct chunk (dsl/program.h) takes and gives as
 * arguments and results crosses no bridge. */
#ifndef RUNTIME_BRIDGE_H
#define RUNTIME_BRIDGE_H

#include "base/buf.h"
#include "runtime/plan.h"

enum {
    BRIDGE_VALUES = 96, /* in one call, at most */
    BRIDGE_ROWS = 4,    /* of which a column takes so many */
};

enum bridge_way { BRIDGE_IN, BRIDGE_OUT };

/* The ports that one part of a way of a scope carries. */
struct bridge_part {
    const struct plan_port *ports;
    uint32_t count;
};

uint32_t bridge_parts(const struct plan *plan, uint32_t scope, enum bridge_way way);
struct bridge_part bridge_part(const struct plan *plan, uint32_t scope, enum bridge_way way,
                               uint32_t part);
/* The text of `return function…`. */
void bridge_put(const struct plan *plan, uint32_t scope, enum bridge_way way, uint32_t part,
                struct buf *out);

#endif
