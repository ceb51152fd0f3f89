/* Emit js expr: expressions of the checked form as JavaScript.
 *
 *     js_ask(js, condition, true)      f[3]===1&&f[4]>=18
 *     js_value(js, e)                  E(f[5]+f[6])
 *
 * A row is an array of values: `r` is the rule's own, `a` and so on those of the aggregates around,
 * `r.p` the row around a row, `F` the form's. A value that is missing is undefined, and in the place of
 * a number inside a calculation or an order it may be NaN: both compare as nothing does. What follows
 * an operand that may be missing is not looked at if it may fault (decision 2). Functions of the
 * library are called by their names in docs/module.md and noted in `used`. */
#ifndef DSL_EMIT_JS_EXPR_H
#define DSL_EMIT_JS_EXPR_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "dsl/ir.h"

#include <stdbool.h>

/* What rules are handed besides the helpers of helper.def: functions of core.js. JS_OWN(NAME, name) */
#define JS_OWNS                                                                                        \
    JS_OWN(EXACT, E)                                                                                   \
    JS_OWN(FINITE, N)                                                                                  \
    JS_OWN(DEFINED, D)                                                                                 \
    JS_OWN(FORM, F)                                                                                    \
    JS_OWN(LISTS, L)                                                                                   \
    JS_OWN(PATTERNS, P)                                                                                \
    JS_OWN(ZONE, Z)                                                                                    \
    JS_OWN(EQ, eq)                                                                                     \
    JS_OWN(NE, ne)                                                                                     \
    JS_OWN(LT, lt)                                                                                     \
    JS_OWN(LE, le)                                                                                     \
    JS_OWN(GT, gt)                                                                                     \
    JS_OWN(GE, ge)                                                                                     \
    JS_OWN(QUOTIENT, quotient)                                                                         \
    JS_OWN(FLOOR_DIV, floorDiv)                                                                        \
    JS_OWN(MOD, mod)                                                                                   \
    JS_OWN(ABS, abs)                                                                                   \
    JS_OWN(SIGN, sign)                                                                                 \
    JS_OWN(LEAST, least)                                                                               \
    JS_OWN(GREATEST, greatest)                                                                         \
    JS_OWN(TODAY, today)                                                                               \
    JS_OWN(NOW, now)                                                                                   \
    JS_OWN(PRIOR, prior)                                                                               \
    JS_OWN(SEEN, seen)                                                                                 \
    JS_OWN(ROWS_COUNT, rowsCount)                                                                      \
    JS_OWN(ROWS_SUM, rowsSum)                                                                          \
    JS_OWN(ROWS_TOTAL, rowsTotal)                                                                      \
    JS_OWN(ROWS_MIN, rowsMin)                                                                          \
    JS_OWN(ROWS_MAX, rowsMax)                                                                          \
    JS_OWN(ROWS_AVG, rowsAvg)                                                                          \
    JS_OWN(ROWS_MEAN, rowsMean)                                                                        \
    JS_OWN(ROWS_ANY, rowsAny)                                                                          \
    JS_OWN(ROWS_ALL, rowsAll)                                                                          \
    JS_OWN(ROWS_NONE, rowsNone)                                                                        \
    JS_OWN(ROWS_FIRST, rowsFirst)                                                                      \
    JS_OWN(ROWS_LAST, rowsLast)                                                                        \
    JS_OWN(ROWS_JOIN, rowsJoin)                                                                        \
    JS_OWN(ROWS_AT, rowsAt)                                                                            \
    JS_OWN(ROWS_DISTINCT, rowsDistinct)

enum js_own {
#define JS_OWN(NAME, name) JS_##NAME,
    JS_OWNS
#undef JS_OWN
        JS_OWN_COUNT
};

enum { JS_CURSORS = limit(EXPRESSION_DEPTH) + 2 };

struct js {
    struct arena *arena;
    const struct ir *ir;
    struct buf *out;
    struct buf
        shared; /* functions that rules share: parts that would be written out twice and twice again */
    uint32_t shared_count;
    bool helpers[HELPER_COUNT], owns[JS_OWN_COUNT];
    uint32_t scopes[JS_CURSORS]; /* of the row at each cursor that is open */
    uint32_t cursors;            /* how many are */
    uint32_t temps, temps_max;   /* of the function under way */
    uint32_t questions;          /* both questions of a boolean are being written */
    bool option;                 /* `o` is an option */
};

/* "floorScaled". In the arena. */
const char *js_helper_name(enum program_helper helper);
const char *js_own_name(enum js_own own);

/* `r=>` and what it gives; the row is of `scope`. With `option`: `(r,o)=>`. */
void js_function(struct js *js, const struct ir_expr *e, uint32_t scope, bool option);
/* The same that asks whether it is definitely `want`. */
void js_question(struct js *js, const struct ir_expr *e, bool want, uint32_t scope, bool option);

/* Literals. */
void js_put_exact(struct buf *out, int64_t value);
void js_put_string(struct buf *out, struct str text);

#endif
