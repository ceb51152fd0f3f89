/* Emit value: values of expressions as Lua statements.
 *
 *     emit_into(em, e, dest)             dest becomes the value of e, nil when it is missing
 *
 * An expression is *light* when it cannot fault and fits one piece of Lua: then it is written as text
 * (emit_light.h). All others become statements, in the order in which the language looks at operands
 * (docs/language.md §5): what is not looked at is not run. Operands of strict operators are laid flat
 * in one `repeat … until true`, left by `break` as soon as one is missing or one condition fails, so
 * chains do not nest. */
#ifndef DSL_EMIT_VALUE_H
#define DSL_EMIT_VALUE_H

#include "dsl/emitter.h"

/* Statements that leave the value of `e`, or nil, in register `dest`. */
void emit_into(struct emitter *em, const struct ir_expr *e, uint32_t dest);

/* Inside a block that `break` leaves: leaves it when `e` is missing; else text that holds its value. */
const char *emit_need(struct emitter *em, const struct ir_expr *e);
/* All operands, in order; leaves the block at the first that is missing. NULL: out of memory. */
const char *const *emit_need_args(struct emitter *em, const struct ir_expr *e);

/* `e`, its list of operands a tree of lists that fit if it is too long for a line. */
const struct ir_expr *emit_regrouped(struct emitter *em, const struct ir_expr *e);

#endif
