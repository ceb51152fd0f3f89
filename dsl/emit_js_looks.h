/* Emit js looks: what a module says of a node for those who draw it.
 *
 *     emit_js_default(ir, node, out)      "none"      "2026-01-31"      {call:"today"}
 *     emit_js_looks(node)                 1: a matrix
 *
 * Inside of the emitter only. */
#ifndef DSL_EMIT_JS_LOOKS_H
#define DSL_EMIT_JS_LOOKS_H

#include "dsl/ir.h"

enum js_looks { JS_LOOKS_USUAL, JS_LOOKS_MATRIX, JS_LOOKS_PLACE, JS_LOOKS_FILE, JS_LOOKS_SIGNATURE };

enum js_looks emit_js_looks(const struct ir_node *node);
/* Whether there is one. */
bool emit_js_has_default(const struct ir_node *node);
/* As it would be sent. */
void emit_js_default(const struct ir *ir, const struct ir_node *node, struct buf *out);

#endif
