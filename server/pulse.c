#include "server/pulse.h"

#include <stddef.h>

/* An event thread lives and dies with its daemon, so it has one pulse in its life. */
static _Thread_local struct pulse_thread *own;
static _Thread_local int own_number = -1;

void pulse_enter(struct pulse *pulse)
{
    if (!own) {
        unsigned number = atomic_fetch_add(&pulse->threads, 1);
        if (number >= PULSE_THREADS) return;
        own = &pulse->thread[number];
        own_number = (int)number;
    }
    atomic_fetch_add_explicit(&own->steps, 1, memory_order_relaxed);
}

void pulse_leave(void)
{
    if (own) atomic_fetch_add_explicit(&own->steps, 1, memory_order_relaxed);
}

int pulse_thread_number(void)
{
    return own_number;
}

void pulse_look(struct pulse *pulse, int64_t now_ns, uint32_t stuck_ms)
{
    unsigned threads = atomic_load(&pulse->threads), stuck = 0;
    for (unsigned i = 0; i < threads && i < PULSE_THREADS; i++) {
        struct pulse_thread *thread = &pulse->thread[i];
        uint64_t steps = atomic_load_explicit(&thread->steps, memory_order_relaxed);
        if (steps % 2 == 0 || steps != thread->seen) thread->since_ns = now_ns;
        thread->seen = steps;
        stuck += now_ns - thread->since_ns > (int64_t)stuck_ms * 1000000;
    }
    atomic_store_explicit(&pulse->stuck, stuck, memory_order_relaxed);
}
