/* Emit outline: Lua functions of their own, for what is too large, too deep, or would be written twice.
 *
 *     if (emit_wants_outline(em, e)) text = emit_outlined(em, e, OUTLINE_VALUE);      "F[3](S,i1)" */
#ifndef DSL_EMIT_OUTLINE_H
#define DSL_EMIT_OUTLINE_H

#include "dsl/emitter.h"

bool emit_wants_outline(const struct emitter *em, const struct ir_expr *e);
/* A function of its own, unless the rule has it already; text that calls it. */
const char *emit_outlined(struct emitter *em, const struct ir_expr *e, enum emit_outline_kind kind);

#endif
