/* Plan hold: a program's plan, held by all worlds of the program that one judge has.
 *
 *     plan_hold_take(&holds, program, &hold)       one world more; made when there is none yet
 *     world->plan = &hold->plan
 *     plan_hold_leave(hold)                         the last one frees it
 *
 * A plan is immutable, but its holders are counted without a lock: they belong to one thread at a time,
 * as their judge does. */
#ifndef RUNTIME_PLAN_HOLD_H
#define RUNTIME_PLAN_HOLD_H

#include "runtime/plan.h"

enum { PLAN_BUCKETS = 64 };

struct plan_hold {
    struct mem *mem;
    const struct program *program; /* its worlds retain it */
    struct arena arena;
    struct plan plan;
    uint32_t worlds;
    struct plan_hold *next, **link; /* in its bucket, where it hangs; NULL: in none */
};

/* All zeroes: there are none. */
struct plan_holds {
    struct plan_hold *buckets[PLAN_BUCKETS];
};

/* `holds` NULL: nobody else's. ST_LIMIT as plan_make(). */
MUST_USE enum status plan_hold_take(struct plan_holds *holds, struct mem *mem,
                                    const struct program *program, struct plan_hold **ret_hold);
/* NULL is fine. */
void plan_hold_leave(struct plan_hold *hold);

#endif
