/* Emit guard: the text of a value with its *guards*, the registers that must not be nil for the text to
 * have a value.
 *
 *     struct emit_value sum = {.text = "(v1+v2)"};
 *     emit_guard_add(em, &sum, 1, false);
 *     emit_guard_add(em, &sum, 2, false);
 *     emit_guards(em, &sum)                    "v1 and v2"
 *
 * A guard that is known to hold where the text stands (present_is) is not written. */
#ifndef DSL_EMIT_GUARD_H
#define DSL_EMIT_GUARD_H

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

/* `logical`: the register holds a boolean. */
void emit_guard_add(struct emitter *em, struct emit_value *value, uint32_t number, bool logical);
/* "v1 and v2~=nil" of those guards that are not known to hold, or "": a condition. Lua asks quickest
 * whether something is neither nil nor false, and only booleans can be the latter. */
const char *emit_guards(struct emitter *em, const struct emit_value *value);
/* The same; `as_boolean`: as a text that is a boolean itself. */
const char *emit_guards_as(struct emitter *em, const struct emit_value *value, bool as_boolean);
/* The other way round: "not v1 or v2==nil". A boolean itself. */
const char *emit_lacks(struct emitter *em, const struct emit_value *value);
/* "a word b", or the one that is not empty. */
const char *emit_both(struct emitter *em, const char *a, const char *word, const char *b);

/* Puts the guards among em->proved: they hold where the condition under way does. */
void emit_prove(struct emitter *em, const struct emit_value *value);
/* Notes what em->proved holds, as true to the end of the block. */
void emit_note_proved(struct emitter *em);
/* Notes the guards, as true to the end of the block. */
void emit_note_guards(struct emitter *em, const struct emit_value *value);

#endif
