/* Form schema: JSON Schema and uiSchema from which react-jsonschema-form and its kin draw the form.
 *
 *     form_schema_write(program, 0, &buf)
 *     {"schema":{"$schema":"http://json-schema.org/draft-07/schema#","title":…,"type":"object",…},"uiSchema":{…},"lang":"en","dir":"ltr"}
 *
 * Beside the schema of sent answers (answers_schema.h) it is stricter, for people who type, and
 * plainer, for what draws it: one type for each field, no other spellings, titles beside codes, texts
 * in one language. What such a renderer sends with its own checks passed, the engine can read; whether
 * it accepts it only the engine says. What has a condition is drawn always and never demanded, as the
 * engine does not judge it while it is not relevant. What is computed is left out, and so is a member
 * called __proto__. See docs/targets.md. */
#ifndef DSL_FORM_SCHEMA_H
#define DSL_FORM_SCHEMA_H

#include "base/buf.h"
#include "dsl/program.h"

/* `language`: index into program->languages. Failures stay in `out`. */
void form_schema_write(const struct program *program, uint32_t language, struct buf *out);

#endif
