/* Check: from what an author wrote (tree.h) to what it means (ir.h), or to diagnostics that say why it
 * means nothing.
 *
 *     check_tree(arena, tree, diags, &ir)      ST_OK: ir.nodes, ir.rules in running order, priced
 *
 * In turn: lists and items become nodes (declare.c), bounds and other expressions get names and types
 * (typer.c), texts their languages (translation.c); rules are put in order (dependency.c), ranges and
 * missing values are worked out (interval.c) and the whole is priced (pricing.c). Errors do not stop it
 * before the end of the turn they are found in, so one run reports many. */
#ifndef DSL_CHECK_H
#define DSL_CHECK_H

#include "base/arena.h"
#include "base/diag.h"
#include "base/status.h"
#include "dsl/dsl.h"
#include "dsl/ir.h"
#include "dsl/tree.h"

/* *ret_ir lives in `arena` and borrows from `tree` and its source. ST_INPUT: diags has at least one
 * error, also when it had one before. ST_LIMIT, ST_NOMEM: the arena is full. `tree` must come from a
 * parse, whose errors may be in diags already. */
MUST_USE enum status check_tree_with(struct arena *arena, const struct tree *tree,
                                     const struct dsl_tables *tables, struct diags *diags,
                                     struct ir **ret_ir);
/* The same without lookup tables. */
MUST_USE enum status check_tree(struct arena *arena, const struct tree *tree, struct diags *diags,
                                struct ir **ret_ir);

#endif
