#include "dsl/ir_op.h"

enum ir_op ir_op_mirrored(enum ir_op op)
{
    switch (op) {
    case IR_LT:
        return IR_GT;
    case IR_LE:
        return IR_GE;
    case IR_GT:
        return IR_LT;
    case IR_GE:
        return IR_LE;
    default:
        return op;
    }
}

bool ir_op_is_strict(enum ir_op op)
{
    switch (op) {
    case IR_EQ:
    case IR_NE:
    case IR_LT:
    case IR_LE:
    case IR_GT:
    case IR_GE:
    case IR_HAS:
    case IR_ADD:
    case IR_SUB:
    case IR_MUL:
    case IR_NEGATE:
    case IR_DIV:
    case IR_RESCALE:
    case IR_CONCAT:
    case IR_FLOOR_DIV:
    case IR_MOD:
    case IR_ABS:
    case IR_SIGN:
        return true;
    default:
        return false;
    }
}
