/* Emit rule: rules as Lua statements, and the loops over the rows that they run for.
 *
 *     count = emit_rules(em, first, &base_steps)       the next rules that belong together: one rule,
 * one loop, one `if relevant`
 *
 * Rules of the form run once; their price is the chunk's. Rules of one repeat that stand next to each
 * other share a loop, unless one looks at other rows of what another in the loop writes. Rules that ask
 * for the same relevance share one test of it. */
#ifndef DSL_EMIT_RULE_H
#define DSL_EMIT_RULE_H

#include "dsl/emitter.h"

/* Once, before the first of them: finds out what is asked for later. */
void emit_rules_prepare(struct emitter *em);

/* Writes the rules from `first` on that can be written together; returns how many. Adds what they cost
 * beforehand to *base_steps. */
uint32_t emit_rules(struct emitter *em, uint32_t first, uint64_t *base_steps);

#endif
