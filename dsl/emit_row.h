/* Emit row: where slots are: columns, rows, the loops over them, and aggregates.
 *
 *     text = emit_slot(em, node, cursor)        "S[5]", "s5" or "v7[i1]"
 *
 * The row that a cursor stands at is the Lua variable i0, i1, …: i0 of the loop over a rule's rows, the
 * others of aggregates. */
#ifndef DSL_EMIT_ROW_H
#define DSL_EMIT_ROW_H

#include "dsl/emitter.h"

/* Where the value of `node` is for a cursor: an expression that may be assigned to. */
const char *emit_slot(struct emitter *em, uint32_t node, uint32_t cursor);
/* S[slot], if it is a slot of scope 0, or the row of its column. */
const char *emit_place(struct emitter *em, uint32_t slot, uint32_t scope, uint32_t cursor);
/* The row of `scope` that holds the cursor's row: a variable or register. */
const char *emit_row(struct emitter *em, uint32_t cursor, uint32_t scope);
/* The number of rows of `scope`, of the whole form. */
const char *emit_rows(struct emitter *em, uint32_t scope);
/* The node of a scope > 0 whose relevance hides rows of `scope`, or IR_NONE. */
uint32_t emit_hiding_node(const struct emitter *em, uint32_t scope);
/* Whether `node` is relevant in the cursor's row: a condition. */
const char *emit_relevance(struct emitter *em, uint32_t node, uint32_t cursor);
/* The row at cursor 0 of its parent's, from 1. */
/* Text for the value in the row before, nil in the first. */
const char *emit_prior(struct emitter *em, const struct ir_expr *e);
const char *emit_position(struct emitter *em, const struct ir_expr *e);

/* The value of an aggregate in `dest`. */
void emit_aggregate(struct emitter *em, const struct ir_expr *e, uint32_t dest);

#endif
