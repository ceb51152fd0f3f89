/* Emit js operator: operators and calls as JavaScript.
 *
 *     js_put_strict(js, e, TERNARY, false)      E(f[5]+f[6])
 *     js_put_strict(js, e, TERNARY, false)      (t0=f[5])==null?void 0:E(t0/f[6])     f[6] may fault
 *
 * What follows an operand that may be missing is not looked at if it may fault (decision 2): then the
 * operands before it are put into temps. Inside of the emitter only. */
#ifndef DSL_EMIT_JS_OPERATOR_H
#define DSL_EMIT_JS_OPERATOR_H

#include "dsl/emit_js_word.h"

/* Operands are texts or have been put into temps. */
struct js_operands {
    const struct ir_expr *e;
    bool stored; /* those before `count` are in temps */
    uint32_t first, count;
};

/* Whether an operand may fault that is not looked at when one before it is missing. */
bool js_is_hazardous(const struct ir_expr *e);
/* Its number; who is done with it sets `temps` back. */
uint32_t js_take_temp(struct js *js);

/* `sign`: a question, or nothing is missing, so that the sign will do. */
void js_put_comparison(struct js *js, const struct js_operands *operands, enum ir_op op, bool sign,
                       int place);
/* A call of the library's own function, or of a helper. */
void js_put_named(struct js *js, const struct js_operands *operands, enum js_own own);
void js_put_called(struct js *js, const struct js_operands *operands, enum program_helper helper);
/* An operator or call that has no value as soon as an operand has none. */
void js_put_strict(struct js *js, const struct ir_expr *e, int place, bool number);

#endif
