/* Matrix: questions that are all answered in one way, best shown as a table.
 *
 *     matrix mood "How often?" of choice(often) required { calm "Calm"  tense "Tense" when busy }
 *     →   group mood "How often?" { calm: choice(often) "Calm" required  tense: … when busy required }
 *
 * What is said of the matrix holds for each row, but for what a group may say itself and for checks. A
 * row that says the same kind of thing says it instead. */
#ifndef DSL_MATRIX_H
#define DSL_MATRIX_H

#include "dsl/checking.h"
#include "dsl/lookup.h"

/* Makes the group of an ITEM_MATRIX. */
void matrix_make(struct checking *ck, struct item *item);

/* The first row that has what the matrix says of that kind; IR_NONE: none has. Its texts are those of
 * all such rows. */
uint32_t matrix_speaker(const struct ir *ir, uint32_t matrix, enum modifier_kind kind);
/* Whether the texts of `node` of that kind are told, and translated, by another row. */
bool matrix_is_spoken_for(const struct ir *ir, uint32_t node, enum modifier_kind kind);
/* The text that stands with a modifier of that kind; NULL: such has none, or `node` has no such part.
 */
struct ir_message *matrix_message(struct ir *ir, uint32_t node, enum modifier_kind kind);
/* For a row, when what is said of it has been typed, and the rows before it: takes over their texts. */
void matrix_share_texts(struct checking *ck, uint32_t node);

/* Whether a path names a matrix, one for the row at hand. Complains about nothing. */
bool matrix_find(struct checking *ck, const struct place *place, const struct expr *path,
                 struct found *ret_found);

/* score(m): the sum of the scores of the rows that are answered, missing while none is. */
struct ir_expr *matrix_score(struct checking *ck, const struct place *place, const struct expr *call,
                             const struct found *found);
/* size(m): how many rows are answered. */
struct ir_expr *matrix_size(struct checking *ck, const struct place *place, const struct expr *call,
                            const struct found *found);

#endif
