/* Answers schema: JSON Schema 2020-12 of a form's answers, so that others can look at them before they send.
 *
 *     answers_schema_write(program, OUTLINE_SENT, &buf)     {"$schema":"https://json-schema.org/draft/2020-12/schema",…}
 *
 * Of SENT answers: what the schema refuses the engine refuses, and what the engine accepts the schema accepts. The reverse does not hold: rules, conditions
 * and bounds that other answers decide are not in it, and strings with white space at an end, which the engine strips, pass unseen.
 * Of STORED answers: what an accepted judging leaves conforms, and there nothing is stripped, missing or spelt in two ways.
 *
 * One line of JSON, members always in the same order: the same form gives the same bytes. See docs/targets.md. */
#ifndef DSL_ANSWERS_SCHEMA_H
#define DSL_ANSWERS_SCHEMA_H

#include "dsl/outline.h"

/* Failures stay in `out`. */
void answers_schema_write(const struct program *program, enum outline_side side, struct buf *out);
/* An I-Regexp as ECMA-262 has it under the flag u, without anchors. */
void answers_schema_put_pattern(struct str text, struct buf *out);
/* Of what must stand in a text of the field's type or format, or NULL: of plain text, and of what is no text. Static. */
const char *answers_schema_pattern(const struct program_node *node);

#endif
