/* Answers types: TypeScript types of a form's answers.
 *
 *     answers_types_write(program, &buf)
 *
 *     export interface ContactLists { "topics": "order" | "other"; }
 *     export interface ContactSent { full_name: string; topic?: ContactLists["topics"] | "" | null; }
 *     export interface ContactStored { full_name: string; topic?: ContactLists["topics"]; }
 *
 * Options are literals, labels and hints doc comments. Whatever the texts of the form say, they end no comment, begin no tag and cannot turn the
 * direction of the lines around them. The same form gives the same bytes. See docs/targets.md. */
#ifndef DSL_ANSWERS_TYPES_H
#define DSL_ANSWERS_TYPES_H

#include "dsl/outline.h"

/* Failures stay in `out`. */
void answers_types_write(const struct program *program, struct buf *out);
/* One text as lines of a doc comment, each behind `indent` and " * ". Nothing for an empty one. */
void answers_types_put_comment(struct str text, uint32_t depth, struct buf *out);
/* A string literal. */
void answers_types_put_literal(struct str text, struct buf *out);

#endif
