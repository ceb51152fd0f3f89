/* Emit js reads: what a rule looks at, so that an edit works out again only what depends on it.
 *
 *     js_put_reads(scratch, ir, rule, out)      [3,[5,0]]
 *
 * Each is a node and the scope at which its row and the rule's meet: when the node changes in a row,
 * the rule is asked again in every row of its own scope inside the row of that scope around it. The
 * node's own scope is left out; -1 stands for the row behind, -2 for all rows behind. A repeat stands
 * for its rows: one more or one less. */
#ifndef DSL_EMIT_JS_READS_H
#define DSL_EMIT_JS_READS_H

#include "base/arena.h"
#include "base/buf.h"
#include "dsl/ir.h"

/* ST_NOMEM, ST_LIMIT: `scratch` is full. */
MUST_USE enum status js_put_reads(struct arena *scratch, const struct ir *ir,
                                  const struct ir_rule *rule, struct buf *out);

#endif
