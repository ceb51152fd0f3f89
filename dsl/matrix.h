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
