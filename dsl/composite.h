/* Composite: types whose answer is an object of several values.
 *
 *     place: geopoint "Where?"   →   group place "Where?" { latitude: decimal(7) … longitude … }
 *     photo: file size ..9_000   →   group photo { id: text … size: integer max 9_000 … }
 *
 * Works on the tree before names are declared: what stands for one thing becomes a group of plain
 * fields, which remembers what it is. So paths, rules, prices and verdicts know of fields and groups
 * only. */
#ifndef DSL_COMPOSITE_H
#define DSL_COMPOSITE_H

#include "dsl/checking.h"

/* After the constants have been put in. */
void composite_apply(struct checking *ck);

/* "geopoint", "file", "signature", or NULL of anything else. Static. */
const char *composite_name(const struct item *item);
/* The types that a file may have; none: any. */
const struct expr_name *composite_types(const struct item *item, uint32_t *ret_count);

#endif
