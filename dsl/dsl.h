/* The compiler's front door: text in, program or diagnostics out. Pure: no I/O, no clock, no Lua, no SQL.
 *
 *     struct diags diags;
 *     diags_init(&diags, &arena, limit(DIAGNOSTICS));
 *     enum status st = dsl_compile(mem, source, &diags, &program);
 *     ST_OK: a program, perhaps with warnings in diags.   ST_INPUT: diags say why.   ST_NOMEM: memory. */
#ifndef DSL_DSL_H
#define DSL_DSL_H

#include "base/arena.h"
#include "base/diag.h"
#include "base/mem.h"
#include "base/status.h"
#include "dsl/program.h"

/* Compiles `source`. The program is independent of `source`, of `diags` and of its arena; release it with
 * program_release(). Any bytes are fine as source. */
MUST_USE enum status dsl_compile(struct mem *mem, struct str source, struct diags *diags, struct program **ret_program);

/* The one way to lay the source out: comments kept, meaning unchanged, idempotent. ST_INPUT when it does not parse.
 * *ret_text lives in `arena`. */
MUST_USE enum status dsl_format(struct arena *arena, struct str source, struct diags *diags, struct str *ret_text);

/* The checked form as text, for goldens and people: nodes, rules in order, types, costs. */
MUST_USE enum status dsl_print_ir(struct arena *arena, struct str source, struct diags *diags, struct str *ret_text);

#endif
