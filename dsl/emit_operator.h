/* Emit operator: one operator or call as Lua, over the texts of its operands.
 *
 *     text = emit_operation(em, e, args)       "(v1+v2)", for operands that are there
 *     emit_compute(em, e, args, dest)          v3=(v1+v2), and a fault if the result is none
 *
 * How the operands get there, and what happens when one is missing, is for others: emit_light.h and
 * emit_value.h. */
#ifndef DSL_EMIT_OPERATOR_H
#define DSL_EMIT_OPERATOR_H

#include "dsl/emitter.h"

/* Whether it has no value as soon as one operand has none, and looks at all of them. */
bool emit_is_strict(const struct ir_expr *e);
/* A call that may have no value though its operands have. */
bool emit_is_nilable_call(const struct ir_expr *e);
/* How many options were chosen: a helper that takes nil. */
bool emit_takes_nil(const struct ir_expr *e);

/* The comparison that holds when the other one does not. */
enum ir_op emit_opposite(enum ir_op op);
/* "a<b", without parentheses, of two values of one kind. */
const char *emit_comparison(struct emitter *em, enum ir_op op, enum program_type kind, const char *a,
                            const char *b);
/* The operator over the texts of its operands. */
const char *emit_operation(struct emitter *em, const struct ir_expr *e, const char *const *args);
/* dest = the operator over operands that are there. */
void emit_compute(struct emitter *em, const struct ir_expr *e, const char *const *args, uint32_t dest);

#endif
