/* Emit js expr: expressions of the checked form as JavaScript.
 *
 *     js_function(js, e, 0, false)                    r=>E(r[5]+r[6])
 *     js_question(js, condition, true, 0, false)      r=>r[3]===1&&r[4]>=18
 *
 * A row is an array of values: `r` is the rule's own, `a` and so on those of the aggregates around,
 * `r.p` the row around a row, `F` the form's. A value that is missing is undefined, and in the place of
 * a number inside a calculation or an order it may be NaN: both compare as nothing does. What follows
 * an operand that may be missing is not looked at if it may fault (decision 2). Functions of the
 * library are called by their names in docs/module.md and noted in `helpers` and `owns`. */
#ifndef DSL_EMIT_JS_EXPR_H
#define DSL_EMIT_JS_EXPR_H

#include "dsl/emit_js_word.h"

/* `r=>` and what it gives; the row is of `scope`. With `option`: `(r,o)=>`. */
void js_function(struct js *js, const struct ir_expr *e, uint32_t scope, bool option);
/* The same that asks whether it is definitely `want`. */
void js_question(struct js *js, const struct ir_expr *e, bool want, uint32_t scope, bool option);

/* An expression in a place so tight; `number`: one that is missing may be NaN there. */
void js_put_value(struct js *js, const struct ir_expr *e, int place, bool number);

#endif
