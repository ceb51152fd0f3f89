/* Constant: `const VAT = 0.19`, a name for a written value.
 *
 *     constant_apply(ck)     max LIMIT → max 120    0..MOST → 0..10    "{VAT}" → "0.19"
 *
 * Works on the tree before anything else looks at it: each constant is worked out once, and wherever
 * its name stands alone its value is put, as if it were written there. So it takes the type that its
 * place wants, as a written value does. Nothing else in the form may have its name. */
#ifndef DSL_CONSTANT_H
#define DSL_CONSTANT_H

#include "dsl/checking.h"

/* Needs no nodes and no lists yet; the form's language and zone are not looked at. */
void constant_apply(struct checking *ck);

#endif
