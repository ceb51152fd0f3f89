/* Footprint: the memory that judging by a program can take, and the bytes of its verdict.
 *
 *     footprint_measure(arena, ir, program, &footprint)      →  memory and verdict, and the repeat that
 * takes most of each
 *
 * Upper bounds from declared rows, slots, texts and steps, and from what answers of
 * limit(ANSWERS_BYTES) can hold; never more than the runtime's own caps, past which a judging ends
 * (tests/reference/bounds_test.c holds judgings to them). */
#ifndef DSL_FOOTPRINT_H
#define DSL_FOOTPRINT_H

#include "base/arena.h"
#include "base/status.h"
#include "dsl/ir.h"
#include "dsl/program.h"

struct footprint_part {
    uint64_t bytes;       /* in all */
    uint32_t scope;       /* whose rows take most; 0: the form itself does */
    uint64_t scope_bytes; /* that those rows take */
};

struct footprint {
    struct footprint_part memory, verdict;
};

/* `program` has its shape and its chunks; `arena` is for work. */
MUST_USE enum status footprint_measure(struct arena *arena, const struct ir *ir,
                                       const struct program *program, struct footprint *ret_footprint);

#endif
