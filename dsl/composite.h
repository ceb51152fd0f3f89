/* Composite: types whose answer is an object of several values.
 *
 *     place: geopoint "Where?" required   →   group place "Where?" { latitude: decimal(7) … longitude …
 * }
 *
 * Works on the tree before names are declared: what stands for one thing becomes a group of plain
 * fields, which remembers what it is. So paths, rules, prices and verdicts know of fields and groups
 * only. */
#ifndef DSL_COMPOSITE_H
#define DSL_COMPOSITE_H

#include "dsl/checking.h"

/* After the constants have been put in. */
void composite_apply(struct checking *ck);

/* "geopoint", or NULL of anything else. Static. */
const char *composite_name(const struct item *item);

#endif
