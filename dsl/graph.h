/* Graph: what depends on what in a checked form, as JSON, DOT or Mermaid. See dsl_graph() in dsl/dsl.h.
 */
#ifndef DSL_GRAPH_H
#define DSL_GRAPH_H

#include "base/buf.h"
#include "dsl/dsl.h"
#include "dsl/ir.h"

/* Edges in the order of the document, by what they end at. */
MUST_USE enum status graph_write(struct arena *arena, const struct ir *ir, enum dsl_graph format,
                                 struct buf *out);

#endif
