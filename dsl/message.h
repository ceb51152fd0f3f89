/* Message: texts with values in them, in the languages of the form.
 *
 *     "Your income, {total}, is above the limit."   → literal, node total, literal
 *
 * In by_language, 0 is the language of the form's own texts; translation.c fills the others. */
#ifndef DSL_MESSAGE_H
#define DSL_MESSAGE_H

#include "dsl/lookup.h"

/* Without a text: by_language NULL. Paths are looked up from `place`. */
struct ir_message message_of_text(struct checking *ck, const struct place *place,
                                  const struct text *text);
struct ir_message message_of_literal(struct checking *ck, struct str literal);
/* Sets one more language of a message that there is. */
void message_translate(struct checking *ck, struct ir_message *message, uint32_t language,
                       const struct place *place, const struct text *text);

#endif
