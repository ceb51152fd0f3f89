/* Emit js word: the words that expressions as JavaScript are made of, and what is being written.
 *
 *     js_put_own(js, JS_EXACT)             E             noted as used
 *     js_put_slot(js, e)                   r.p[3]        the value of a node, from the row at a cursor
 *     js_put_exact(out, 12000000)          12e6
 *
 * Inside of the emitter only. */
#ifndef DSL_EMIT_JS_WORD_H
#define DSL_EMIT_JS_WORD_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "dsl/ir.h"

#include <stdbool.h>

/* How tightly a text holds together; what is looser than its place wants stands in parentheses. */
enum { LOOSE, TERNARY, EITHER, BOTH, EQUAL, ORDER, SUM, PRODUCT, SIGN, TIGHT };

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

/* "floorScaled" for floor_scaled. */
void js_put_helper_name(struct buf *out, enum program_helper helper);
const char *js_own_name(enum js_own own);
/* The name, noted as used. */
void js_put_own(struct js *js, enum js_own own);
void js_put_helper(struct js *js, enum program_helper helper);

/* Literals. */
void js_put_exact(struct buf *out, int64_t value);
void js_put_string(struct buf *out, struct str text);
void js_put_double(struct buf *out, double value);

void js_put_cursor(struct js *js, uint32_t cursor);
/* The row of `scope` that the cursor's row is or lies in. */
void js_put_row(struct js *js, uint32_t cursor, uint32_t scope);
/* Where a node's value stands in its row. */
uint32_t js_slot_of(const struct js *js, uint32_t node);
void js_put_slot(struct js *js, const struct ir_expr *e);

/* A parenthesis, if one is needed. */
void js_open_if(struct js *js, bool open);
void js_close_if(struct js *js, bool open);

#endif
