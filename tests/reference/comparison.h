/* Comparison: one form and answers, judged by compiled Lua and by the reference: they must not differ.
 *
 *     comparison_open(source, &comparison)
 *     comparison_judge(&comparison, &judging, &arena)         NULL, or what differs
 *     comparison_close(&comparison)
 *
 * What must be equal: the outcome; of a verdict valid, errors with their params and messages, answers,
 * hidden and the filled texts, to the byte; of a fault its rule and kind. What must hold: the steps are
 * within the price that the compiler gave, and its claims about ranges, missing values and faults are
 * true. */
#ifndef TESTS_REFERENCE_COMPARISON_H
#define TESTS_REFERENCE_COMPARISON_H

#include "dsl/program.h"
#include "tests/reference/reference.h"

enum comparison_state { COMPARISON_READY, COMPARISON_TOO_DEAR, COMPARISON_REFUSED };

struct comparison {
    struct arena arena; /* the reference's and the diagnostics' */
    struct program *program;
    struct reference *reference;
    struct judge *judge;
    struct str diagnostics;       /* REFUSED: why */
    struct judge_outcome outcome; /* the runtime's last */
};

/* `tables` may be NULL; needed until this returns. */
enum comparison_state comparison_open(struct str source, const struct dsl_tables *tables,
                                      struct comparison *comparison);
void comparison_close(struct comparison *comparison);

/* All the system's, for who judges ZONED answers himself. */
const struct atlas *comparison_zones(void);

/* NULL: all is equal. Else what is not, in `arena`; begins with a word for the kind of difference. */
const char *comparison_judge(struct comparison *comparison, const struct reference_judging *judging,
                             struct arena *arena);
/* The same judging by a judge that has seen nothing yet, right after comparison_judge(): outcome, steps
 * and all bytes must be those of the one that has. */
const char *comparison_repeat(struct comparison *comparison, const struct reference_judging *judging,
                              struct arena *arena);
/* The runtime's own verdict, without form, moment and steps, but made independent of the order of
 * items: errors sorted, members sorted. Or, when there is none, a word for the outcome. In `arena`. */
struct str comparison_summary(struct comparison *comparison, const struct reference_judging *judging,
                              struct arena *arena);

#endif
