/* Runner: threads that work off operations, below all others.
 *
 *     runner_start(&runner, mem, clock, engine)     goes on with what an earlier process has left
 *     runner_add(&runner, tenant, id)               one more, which is in the table already
 *     runner_await(&runner, &waiter)                somebody wants to know when it is over
 *     runner_stop(&runner)                          after the turns under way; the rest is for the next
 * process
 *
 * Operations take turns, a bounded piece of work each. None is in the hands of two threads. */
#ifndef SERVER_RUNNER_H
#define SERVER_RUNNER_H

#include "engine/engine.h"

#include <pthread.h>

enum { RUNNER_THREADS = 2 };

struct runner_item;

/* The caller's until `over` has been entered, on one of the threads, with no lock held. */
struct runner_waiter {
    struct str tenant, id;
    int64_t until_ns; /* of the steady clock: then `over` is called whatever has become of it */
    void (*over)(struct runner_waiter *waiter);
    struct runner_waiter *next; /* the runner's own */
};

struct runner {
    struct mem *mem;
    struct clock *clock;
    struct engine *engine;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct runner_item *items; /* in turn */
    struct runner_waiter *waiters;
    pthread_t threads[RUNNER_THREADS];
    uint32_t thread_count;
    bool scanning; /* one of them looks for what was left */
    bool hushed;   /* nobody waits any more */
    atomic_bool stopping;
    bool started;
};

enum status runner_start(struct runner *runner, struct mem *mem, struct clock *clock,
                         struct engine *engine) MUST_USE;
/* What there is no memory for is gone on with after the next start. */
void runner_add(struct runner *runner, struct str tenant, struct str id);
/* False: it is not worked on, or nobody may wait any more. */
bool runner_await(struct runner *runner, struct runner_waiter *waiter);
/* Whoever waits has waited. */
void runner_hush(struct runner *runner);
/* A zeroed runner is fine. */
void runner_stop(struct runner *runner);

#endif
