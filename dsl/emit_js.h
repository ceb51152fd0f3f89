/* Emit js: a form as an ES module for browsers (docs/module.md): its shape, and its rules as functions.
 *
 *     emit_js(scratch, ir, hash, out)      export default {format:1,form:"contact",…
 *
 * It says what the Lua says, in the two questions of decision 2; JavaScript's own numbers hold what is
 * exact. The same form gives the same bytes. Failures stay in `out`. */
#ifndef DSL_EMIT_JS_H
#define DSL_EMIT_JS_H

#include "base/arena.h"
#include "base/buf.h"
#include "dsl/ir.h"

#include <stdbool.h>

/* How many cells of lists and tables it would hold: see limit(MODULE_CELLS). */
uint64_t emit_js_cells(const struct ir *ir);
/* `hash` is the source's, in hex. */
void emit_js(struct arena *scratch, const struct ir *ir, struct str hash, struct buf *out);

#endif
