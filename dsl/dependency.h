/* Dependency: which rules there are, and the order in which they run.
 *
 *     total: integer = sum(members.income)      needs the relevance of members, and of income; comes
 * after both
 *
 * One rule is one point of the graph; all rows share it. Who reads a value needs the last rule that may
 * change it: what computes it, what checks its moving bounds, or what decides its relevance. The order
 * is topological; among what is free, rules of the scope at hand go first, so that one loop over rows
 * serves many, and within that the order of the document. Time is linear in the reads but for a
 * logarithm; nothing recurses along a chain. */
#ifndef DSL_DEPENDENCY_H
#define DSL_DEPENDENCY_H

#include "dsl/checking.h"

/* Makes ir.rules in their order. A circle is complained about, once, and leaves no rules. */
void dependency_order(struct checking *ck);

#endif
