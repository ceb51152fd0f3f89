/* Collect: everything that is wrong with the answers, in document order.
 *
 *     collect_errors(&answers, lenient, &arena, &errors)      errors.items[0 … listed), errors.count is
 * all
 *
 * One walk over the form and its rows: what broke a slot, what is demanded and missing, rows too few
 * and too many, members nobody asked for, failed checks. Nothing is said of what is not relevant, but
 * for checks, which are about what is. */
#ifndef RUNTIME_COLLECT_H
#define RUNTIME_COLLECT_H

#include "runtime/answers.h"

struct errors {
    struct finding *items;
    uint32_t listed; /* at most limit(ERRORS) */
    uint32_t count;
};

/* False when the arena is full. */
MUST_USE bool collect_errors(struct answers *answers, bool lenient, struct arena *arena,
                             struct errors *ret_errors);

#endif
