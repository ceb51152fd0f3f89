/* Interval: what is known of a value before any answer is: its least and greatest, whether it may be
 * missing, whether its operation may fault, how long a text may be. The emitter drops the tests that
 * this proves needless; the price of text follows from it.
 *
 *     age: integer max 120        age → 0? no: -(2^53 − 1) .. 120, may be missing
 *     count(members) + 1          1 .. 11, present, cannot fault
 *
 * Everything is an outer bound: the real values lie inside. */
#ifndef DSL_INTERVAL_H
#define DSL_INTERVAL_H

#include "dsl/ir.h"

#include <stdbool.h>

/* Sets the bounds of `e` from those of its args and of the nodes it reads. */
void interval_measure(const struct ir *ir, struct ir_expr *e);
/* The widest bounds that a value of this type has. */
void interval_of_type(const struct ir *ir, struct type type, int64_t *ret_low, int64_t *ret_high);
/* The node's bounds as its type, its static bounds and length give them; a computed one's as its type
 * does. */
void interval_of_node(const struct ir *ir, struct ir_node *node);
/* The most rows of `scope` in one row of `outer`, a scope around it; never more than one submission can
 * hold. */
uint64_t interval_rows(const struct ir *ir, uint32_t scope, uint32_t outer);

/* Which answers a boolean expression can give. */
enum interval_truth { CAN_BE_TRUE = 1, CAN_BE_FALSE = 2, CAN_BE_MISSING = 4 };
unsigned interval_truth_of(const struct ir_expr *e);

/* All of a form, in the order of its rules: what a computed value can be is known where it is read. */
void interval_measure_form(struct ir *ir);

#endif
