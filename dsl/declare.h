/* Declare: from the items of a form to the nodes, scopes, lists and checks of the IR, with all names
 * known.
 *
 *     page about { born: date }  repeat members 0..10 { age: integer }
 *     → nodes 0 form, 1 page about, 2 field born, 3 repeat members, 4 field age (scope 1)
 *
 * No expression is looked at here. What is declared twice is complained about; the first one keeps the
 * name. */
#ifndef DSL_DECLARE_H
#define DSL_DECLARE_H

#include "dsl/checking.h"

/* The type that was written, without what its where says; complained about and TYPE_NONE when there is none. */
struct type declare_type(struct checking *ck, const struct type_ref *ref,
                         enum program_format *ret_format);
/* Fills ck->ir but texts, expressions and rules. */
void declare_form(struct checking *ck);

#endif
