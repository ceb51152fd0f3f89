/* Emit light: expressions that fit one piece of Lua and cannot fault, as text.
 *
 *     if (emit_is_light(em, e)) value = emit_light(em, e)         "(v1+v2)", guarded by v1 and v2
 *     if (emit_is_light_question(em, e)) text = emit_light_text(em, e, true)    "v1 and v1>5"
 *
 * Only the loads of the slots that they look at become statements. */
#ifndef DSL_EMIT_LIGHT_H
#define DSL_EMIT_LIGHT_H

#include "dsl/emit_guard.h"

bool emit_is_light(struct emitter *em, const struct ir_expr *e);
bool emit_is_light_question(struct emitter *em, const struct ir_expr *e);
/* The same for one of several that are to share a line: takes what it needs from *room. */
bool emit_light_question(struct emitter *em, const struct ir_expr *e, int *room);

/* Of a light expression; the loads that it needs are written. */
struct emit_value emit_light(struct emitter *em, const struct ir_expr *e);
/* Of a light question: a condition that holds when e is definitely true (or false). Adds to em->proved.
 */
const char *emit_light_text(struct emitter *em, const struct ir_expr *e, bool want);

/* The value of `e` that a register holds; `present`: it is not nil. */
struct emit_value emit_register_value(struct emitter *em, uint32_t number, bool present,
                                      const struct ir_expr *e);
/* Text for a value that may be nil, where nil may stand. */
const char *emit_maybe_text(struct emitter *em, struct emit_value *value);

#endif
