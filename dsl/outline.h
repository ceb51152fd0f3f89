/* Outline: what a program's shape says of the answers as a whole, for targets that describe them (answers_schema.c, answers_types.c).
 *
 *     outline_is_conditional(program, node)   it may be hidden while what holds it is shown
 *     outline_is_demanded(program, node)      without it there is no valid answer, as long as what holds it is relevant
 *     outline_put_text(program, message, out) "What does {first_name} eat?"
 *
 * There are two sides of answers: SENT, what somebody posts and the engine has yet to judge, and STORED, the normal form that an accepted
 * judging leaves (the verdict's "answers"). */
#ifndef DSL_OUTLINE_H
#define DSL_OUTLINE_H

#include "base/buf.h"
#include "dsl/program.h"

enum outline_side { OUTLINE_SENT, OUTLINE_STORED };

/* The members of the answers' objects are FIELD, GROUP and REPEAT nodes. */
bool outline_is_conditional(const struct program *program, const struct program_node *node);
bool outline_is_demanded(const struct program *program, const struct program_node *node);
/* Of accepted answers in their normal form: always there, as long as the object around it is. */
bool outline_is_stored(const struct program *program, const struct program_node *node);

/* In the form's first language; values that it shows as {name}. Nothing without a text. */
void outline_put_text(const struct program *program, struct program_message message, struct buf *out);
/* The same in another, by its number in program->languages. */
void outline_put_text_in(const struct program *program, struct program_message message,
                         uint32_t language, struct buf *out);

#endif
