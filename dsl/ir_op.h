/* Ir op: what the operators of an IR expression have in common. */
#ifndef DSL_IR_OP_H
#define DSL_IR_OP_H

#include "dsl/ir.h"

/* Seen from the other side: a < b is b > a. An operator that has no other side stays. */
enum ir_op ir_op_mirrored(enum ir_op op);
/* A value that is missing as soon as an operand is. Of IR_CALL the helper decides, of IR_NOT the place.
 */
bool ir_op_is_strict(enum ir_op op);

#endif
