/* Emit value: expressions as Lua.
 *
 *     emit_into(em, e, dest)             dest becomes the value of e, nil when it is missing
 *     text = emit_question(em, e, true)  a Lua condition that holds when e is definitely true (or
 * false)
 *
 * An expression is *light* when it cannot fault and fits one piece of Lua: then it is written as text
 * with *guards*, the registers that must not be nil for the text to have a value. All others become
 * statements, in the order in which the language looks at operands (docs/language.md §5): what is not
 * looked at is not run. Operands of strict operators are laid flat in one `repeat … until true`, left
 * by `break` as soon as one is missing or one condition fails, so chains do not nest. */
#ifndef DSL_EMIT_VALUE_H
#define DSL_EMIT_VALUE_H

#include "dsl/emitter.h"

enum { EMIT_GUARDS = EMIT_LIGHT_MAX };

struct emit_value {
    const char *text; /* a Lua expression; may be asked once unless `atom` */
    bool atom;        /* a register or a literal */
    bool missing;     /* never has a value; text is "nil" */
    uint32_t guards[EMIT_GUARDS];
    bool logical[EMIT_GUARDS]; /* that guard is a boolean: false is a value too */
    uint32_t guard_count;
};

/* Statements that leave the value of `e`, or nil, in register `dest`. */
void emit_into(struct emitter *em, const struct ir_expr *e, uint32_t dest);
/* Statements that leave true in `dest` when the answer is yes, else false or nil. */
void emit_question_into(struct emitter *em, const struct ir_expr *e, bool want, uint32_t dest);
/* A condition, after the statements that it needs; em->proved: registers that are not nil where it
 * holds. */
const char *emit_question(struct emitter *em, const struct ir_expr *e, bool want);
/* Inside a block that `break` leaves: leaves it unless the answer is yes. */
void emit_require(struct emitter *em, const struct ir_expr *e, bool want);
/* Inside such a block: leaves it when `e` is missing; else text that holds its value. */
const char *emit_need(struct emitter *em, const struct ir_expr *e);

bool emit_is_light(struct emitter *em, const struct ir_expr *e);
bool emit_is_light_question(struct emitter *em, const struct ir_expr *e);
/* Of a light expression; the loads that it needs are written. */
struct emit_value emit_light(struct emitter *em, const struct ir_expr *e);
/* "v1 and v2~=nil" of those guards that are not known to hold, or "": a condition. Lua asks quickest
 * whether something is neither nil nor false, and only booleans can be the latter. */
const char *emit_guards(struct emitter *em, const struct emit_value *value);
/* Notes what em->proved holds, as true to the end of the block. */
void emit_note_proved(struct emitter *em);

#endif
