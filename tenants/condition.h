/* Condition: waiting with an end, by the steady clock, which nobody can set back. */
#ifndef TENANTS_CONDITION_H
#define TENANTS_CONDITION_H

#include "base/clock.h"

#include <pthread.h>
#include <time.h>

static inline void condition_init(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(condition, &attributes);
    pthread_condattr_destroy(&attributes);
}

/* The moment `wait_ms` from now, for pthread_cond_timedwait(). Threads wait in real time whatever clock
 * the data has. */
static inline struct timespec condition_time(int64_t wait_ms)
{
    int64_t at_ns = clock_steady_ns(clock_system()) + wait_ms * 1000000;
    return (struct timespec){.tv_sec = at_ns / 1000000000, .tv_nsec = at_ns % 1000000000};
}

#endif
