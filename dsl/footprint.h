/* Footprint: what judging by a program can take at most: steps, memory, bytes of the verdict.
 *
 *     footprint_measure(ir, program)      →  program.cost
 *
 * Upper bounds from declared rows, slots and texts; what answers of limit(ANSWERS_BYTES) can hold bounds the rows too. */
#ifndef DSL_FOOTPRINT_H
#define DSL_FOOTPRINT_H

#include "dsl/ir.h"
#include "dsl/program.h"

/* `program` has its shape and its chunks. */
struct program_cost footprint_measure(const struct ir *ir, const struct program *program);

#endif
