/* Cycle: how a circle of values that need one another is told.
 *
 *     error[E0401]: "age" depends on itself: age → total → age */
#ifndef DSL_CYCLE_H
#define DSL_CYCLE_H

#include "dsl/checking.h"

/* Each of nodes[0 .. count) needs the next one, the last needs the first. Underlines what the first one
 * needs it for. */
void cycle_complain(struct checking *ck, const uint32_t *nodes, uint32_t count);
/* The same with the places where each need stands. */
void cycle_complain_at(struct checking *ck, const uint32_t *nodes, const struct span *spans,
                       uint32_t count);

#endif
