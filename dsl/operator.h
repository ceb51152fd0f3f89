/* Operator: the types of operands and what operators become.
 *
 *     income > 100.50      decimal(2) beside decimal(2)      IR_GT
 *     n <= 2.5             integer: n <= 2, no scaling       IR_LE
 *     born + 18 years      HELPER_ADD_MONTHS(born, 216) */
#ifndef DSL_OPERATOR_H
#define DSL_OPERATOR_H

#include "dsl/typer.h"

struct ir_expr *operator_unary(struct checking *ck, const struct place *place, const struct expr *expr,
                               struct type want);
struct ir_expr *operator_binary(struct checking *ck, const struct place *place, const struct expr *expr,
                                struct type want);
struct ir_expr *operator_in_list(struct checking *ck, const struct place *place,
                                 const struct expr *expr);
struct ir_expr *operator_in_range(struct checking *ck, const struct place *place,
                                  const struct expr *expr);

/* `op` one of IR_EQ … IR_GE. */
struct ir_expr *operator_compare(struct checking *ck, enum ir_op op, struct span span,
                                 struct ir_expr *a, struct ir_expr *b);

#endif
