/* Automaton: from a pattern to the table that matches it byte by byte (base/dfa.h).
 *
 *     struct automaton_budget budget = {limit(PATTERN_WORK), limit(PATTERN_TABLE_BYTES)};
 *     automaton_build(scratch, arena, pattern, &budget, &dfa)      dfa NULL: too many states, or too
 * much work
 *
 * Thompson's construction over classes of code points, subset construction, Hopcroft's minimisation,
 * and only then each state is spelt out in the bytes of UTF-8, equal tails shared. The table is the
 * smallest there is, and always the same one. */
#ifndef DSL_AUTOMATON_H
#define DSL_AUTOMATON_H

#include "base/arena.h"
#include "base/dfa.h"
#include "base/status.h"
#include "dsl/pattern.h"

#include <stdint.h>

/* What the patterns of one form share; each takes from it. */
struct automaton_budget {
    uint64_t work;        /* steps of construction left */
    uint64_t table_bytes; /* of tables left */
};

/* *ret_dfa lives in `arena`, all else in `scratch`. NULL when a cap or the budget is reached. ST_LIMIT,
 * ST_NOMEM: an arena is full. */
MUST_USE enum status automaton_build(struct arena *scratch, struct arena *arena,
                                     const struct pattern *pattern, struct automaton_budget *budget,
                                     const struct dfa **ret_dfa);

#endif
