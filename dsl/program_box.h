/* Program box: a program while it is being made, with the arena that it will own.
 *
 *     program_box_new(mem, &program)  …  fill it from program_box_arena(program)  …  hand it out, or
 * program_release() it
 *
 * Only the compiler writes into a program; everybody else sees program.h. */
#ifndef DSL_PROGRAM_BOX_H
#define DSL_PROGRAM_BOX_H

#include "base/arena.h"
#include "base/mem.h"
#include "base/status.h"
#include "dsl/program.h"

/* An empty program with one owner. ST_NOMEM. */
MUST_USE enum status program_box_new(struct mem *mem, struct program **ret_program);

/* Where everything that the program points to must live. */
struct arena *program_box_arena(struct program *program);

#endif
