/* Emit lua: the half of a program that Lua judges with: rules as chunks of Lua 5.4 text.
 *
 *     emit_lua(arena, ir, &reads, program)      program: shaped already (shape.h)
 *
 * The convention is in the head of program.h. What fits into one chunk with few slots of the form becomes
 * a direct one, whose slots are Lua's registers; else a chunk is closed when it has grown past a few
 * pages, between two rules: what registers hold is forgotten there. The text stays clear of what Lua 5.4.4
 * limits or gets wrong: 200 locals, 255 registers, 200 levels of blocks, long chains of `and` and `or`,
 * indexing by a comparison, arithmetic on `(a or b)`, goto, and to-be-closed variables. */
#ifndef DSL_EMIT_LUA_H
#define DSL_EMIT_LUA_H

#include "base/arena.h"
#include "base/status.h"
#include "dsl/ir.h"
#include "dsl/program.h"
#include "dsl/reads.h"

/* Chunks go into the program's arena, all else into `arena`. ST_LIMIT, ST_NOMEM: one is full, or the
 * text longer than limit(LUA_BYTES). */
MUST_USE enum status emit_lua(struct arena *arena, const struct ir *ir, const struct reads *reads,
                              struct program *program);

#endif
