/* Pulse: do the event threads still turn?
 *
 *     pulse_enter(&pulse); … one step of a request … pulse_leave();      on an event thread
 *     pulse_look(&pulse, now_ns, 5000)                                    on the reaper, now and then
 *     pulse_stuck(&pulse)                                                 event threads in one step for
 * longer
 *
 * A thread that waits for the network is well. One that is inside a step of ours at every look, and
 * inside the same one, hangs. */
#ifndef SERVER_PULSE_H
#define SERVER_PULSE_H

#include "base/limits.h"

#include <stdatomic.h>
#include <stdint.h>

enum { PULSE_THREADS = LIMIT_EVENT_THREADS + 1 }; /* and the operator's */

struct pulse {
    atomic_uint threads; /* that have come so far */
    struct pulse_thread {
        atomic_uint_fast64_t steps; /* odd: inside one */
        uint64_t seen;              /* the looker's: at its last look, and since when it has been so */
        int64_t since_ns;
    } thread[PULSE_THREADS];
    atomic_uint stuck;
};

void pulse_enter(struct pulse *pulse);
void pulse_leave(void);
/* Which event thread this is, from 0; -1: none, or it has not entered yet. */
int pulse_thread_number(void);
void pulse_look(struct pulse *pulse, int64_t now_ns, uint32_t stuck_ms);
static inline unsigned pulse_stuck(struct pulse *pulse)
{
    return atomic_load_explicit(&pulse->stuck, memory_order_relaxed);
}

#endif
