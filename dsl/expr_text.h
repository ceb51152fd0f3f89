/* Expr text: an expression of a checked form in canonical spelling, for comparing it with one of
 * another form.
 *
 *     age >= 18   →   >=(age@0,18)
 *
 * Equal texts mean equal values wherever the fields that are named have equal values: names are paths,
 * options codes, patterns their texts. What range analysis knows and where in the source it stands is
 * left out. Not for people: ir_print.h is. */
#ifndef DSL_EXPR_TEXT_H
#define DSL_EXPR_TEXT_H

#include "base/buf.h"
#include "dsl/ir.h"

void expr_text_put(const struct ir *ir, const struct ir_expr *e, struct buf *out);
/* The literals, and the paths of the values between them, in one language. */
void expr_text_put_text(const struct ir *ir, const struct ir_text *text, struct buf *out);

#endif
