/* Emit js ask: whether a boolean is definitely true, or definitely false, as JavaScript.
 *
 *     js_put_ask(js, condition, true, TERNARY)      f[3]===1&&f[4]>=18
 *
 * What is missing is neither (decision 2). Inside of the emitter only. */
#ifndef DSL_EMIT_JS_ASK_H
#define DSL_EMIT_JS_ASK_H

#include "dsl/emit_js_word.h"

void js_put_ask(struct js *js, const struct ir_expr *e, bool want, int place);
/* `answered x` is never missing. */
void js_ask_answered(struct js *js, const struct ir_expr *e, bool want, int place);

#endif
