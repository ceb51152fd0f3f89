/* Shape: the half of a program that C judges with: nodes, slots, objects, lists, static bounds,
 * messages, checks.
 *
 *     shape_build(scratch, ir, &reads, program)      fills everything but chunks, patterns, cost, the
 * source's hash and the render document
 *
 * Slots are dealt scope by scope in document order, a node's value before its relevance and its
 * `required`; behind all scopes come the rows, parent and begin slots of the repeats, then today and
 * now. Nothing points back into the source or the IR: all is copied into the program's arena. */
#ifndef DSL_SHAPE_H
#define DSL_SHAPE_H

#include "base/arena.h"
#include "base/status.h"
#include "dsl/ir.h"
#include "dsl/program.h"
#include "dsl/reads.h"

/* `program` is new (program_box.h). ST_LIMIT, ST_NOMEM: an arena is full; the program is then only good
 * for program_release(). */
MUST_USE enum status shape_build(struct arena *scratch, const struct ir *ir, const struct reads *reads,
                                 struct program *program);

#endif
