/* Emit question: whether an expression is definitely true, or definitely false, as Lua statements.
 *
 *     text = emit_question(em, e, true)  a Lua condition that holds when e is definitely true (or
 * false)
 *
 * What is missing is neither, so a question has two answers where a value has three. */
#ifndef DSL_EMIT_QUESTION_H
#define DSL_EMIT_QUESTION_H

#include "dsl/emitter.h"

/* Statements that leave true in `dest` when the answer is yes, else false or nil. */
void emit_question_into(struct emitter *em, const struct ir_expr *e, bool want, uint32_t dest);
/* A condition, after the statements that it needs; em->proved: registers that are not nil where it
 * holds. */
const char *emit_question(struct emitter *em, const struct ir_expr *e, bool want);
/* Inside a block that `break` leaves: leaves it unless the answer is yes. */
void emit_require(struct emitter *em, const struct ir_expr *e, bool want);

#endif
