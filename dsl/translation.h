/* Translation: the entries of `translate` put to the texts that they translate.
 *
 *     translate de { title "Antrag"  full_name "Name"  marital.single "Ledig"  check.too_high "Zu
 * viel." } */
#ifndef DSL_TRANSLATION_H
#define DSL_TRANSLATION_H

#include "dsl/checking.h"

/* All entries. To be called when all texts of the form's own language are there. */
void translation_apply(struct checking *ck);
/* One warning for each language that has not everything. */
void translation_warn_missing(struct checking *ck);

#endif
