/* Emit js needs: which files of the browser's library a form asks for besides the one that all have (web/formwright/needs.js).
 *
 *     emit_js_needs(&js, out)      ,\nneeds:["moments"]
 *
 * Inside of the emitter only; `js` has written the rules. */
#ifndef DSL_EMIT_JS_NEEDS_H
#define DSL_EMIT_JS_NEEDS_H

#include "dsl/emit_js_expr.h"

/* Nothing where there are none. */
void emit_js_needs(const struct js *js, struct buf *out);

#endif
