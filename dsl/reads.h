/* Reads: what the rules of a form look at, found by walking their expressions.
 *
 *     reads_find(arena, ir, &reads)     →  reads.nodes[n]: how often rules read the value of node n
 *
 * Slots that no rule reads need not cross over to Lua; slots that are read once need no register there.
 */
#ifndef DSL_READS_H
#define DSL_READS_H

#include "base/arena.h"
#include "base/status.h"
#include "dsl/ir.h"

#include <stdbool.h>
#include <stdint.h>

struct reads {
    uint32_t
        *nodes;  /* [node]: rules' expressions that read its value, saturating; bounds count as one */
    bool *texts; /* [node]: some text interpolates it */
    bool today, now;
};

MUST_USE enum status reads_find(struct arena *arena, const struct ir *ir, struct reads *ret_reads);

/* Calls `visit` for every expression in `e`, args before what they are args of. NULL `e` is fine. */
void expr_walk(const struct ir_expr *e, void (*visit)(const struct ir_expr *e, void *context),
               void *context);
/* The same for every expression that a rule evaluates. */
void rule_walk(const struct ir *ir, const struct ir_rule *rule,
               void (*visit)(const struct ir_expr *e, void *context), void *context);

#endif
