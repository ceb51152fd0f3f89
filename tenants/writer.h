/* Writer: the threads that carry queued writes to the disk.
 *
 * A vault with writes waiting stands in the pool's list; a thread takes it, moves up to
 * limit(WRITER_BATCH_OPS) writes into one transaction, and puts it back at the end while more are
 * waiting, so busy tenants take turns. No delay is added to make batches larger: while one batch waits
 * for the disk the next gathers by itself. Of threads with nothing to do the first of the pool is
 * called: a little work is done by few, and the others' stacks and heaps stay untouched. Those others,
 * who work only where many files are written at a time, wait until whoever hands them work has paused,
 * so that transactions become larger when the processor is what all wait for. */
#ifndef TENANTS_WRITER_H
#define TENANTS_WRITER_H

#include "base/status.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct vault;
struct mem;

/* A thread of the pool. */
struct writer_seat {
    struct writer_pool *pool;
    pthread_t thread;
    pthread_cond_t called;
    struct writer_seat *below; /* while it is idle: the next of those */
    bool idle;
};

struct writer_pool {
    struct mem *mem;
    pthread_mutex_t lock;
    struct writer_seat *idle; /* in the order of the seats */
    struct vault *first, *last;
    uint32_t running; /* threads with a vault in hand */
    bool stopping;
    struct writer_seat *seats;
    uint32_t count, started;
};

enum status writer_pool_start(struct writer_pool *pool, struct mem *mem, uint32_t threads);
/* Works off everything queued first. A zeroed pool is fine. */
void writer_pool_stop(struct writer_pool *pool);
/* The vault has writes waiting, is marked `scheduled` and has a user on the pool's behalf. */
void writer_pool_add(struct writer_pool *pool, struct vault *vault);
/* The same, by the thread that has had it in hand, at the end of its work on it. */
void writer_pool_put_back(struct writer_pool *pool, struct vault *vault);

#endif
