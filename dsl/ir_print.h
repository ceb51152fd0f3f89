/* Ir print: a checked form as text, for goldens and for people.
 *
 *     rule 3  value members.age  for each row of members  cost 7
 *       (years_between members.born@0? today):integer[-10000..10000]?
 *
 * An expression is (operator args…):type with [low..high] where more is known than the type says, ?
 * where it may be missing, ! where it may fault; name@cursor is a slot, 'code' an option. Everything
 * that the IR says is in it, in one order. */
#ifndef DSL_IR_PRINT_H
#define DSL_IR_PRINT_H

#include "base/buf.h"
#include "dsl/ir.h"

void ir_print(const struct ir *ir, struct buf *out);
/* "decimal(2)", "choice(cities or other)" */
void ir_print_type(const struct ir *ir, struct type type, struct buf *out);
/* Of a wall time: "Europe/Berlin skipped refuse repeated second" */
void ir_print_wall(const struct ir_node *node, struct buf *out);

#endif
