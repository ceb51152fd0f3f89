/* Parser: from the text of a form definition to its tree (tree.h).
 *
 *     parser_parse(&arena, source, &diags, &tree)      always gives a tree; diags.errors says whether
 * to trust it
 *
 * It reports what is wrong in the way of "expected X, found Y", with a hint, and goes on at the next
 * modifier, item or closing brace, so several mistakes are reported in one run and one mistake is
 * reported once. What it has complained about it mends in the tree (drops a modifier given twice,
 * clamps bounds, leaves EXPR_BAD, TYPE_NAME_BAD and empty names), so nobody needs to complain again.
 * Its time is linear in the source, its recursion bounded by limits NESTING and EXPRESSION_DEPTH. */
#ifndef DSL_PARSER_H
#define DSL_PARSER_H

#include "base/arena.h"
#include "base/diag.h"
#include "base/status.h"
#include "dsl/tree.h"

/* Any bytes are fine. The tree lives in `arena` and borrows from `source`. ST_OK also when there are
 * errors in diags; ST_LIMIT or ST_NOMEM when the arena is full. */
MUST_USE enum status parser_parse(struct arena *arena, struct str source, struct diags *diags,
                                  struct tree **ret_tree);

#endif
