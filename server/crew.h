/* Crew: threads for what may wait, behind one bounded queue.
 *
 *     crew_start(&crew, mem, 8, 1024);
 *     job.run = fill; crew_put(&crew, &job)        false: full or stopping; nothing will happen
 *     crew_stop(&crew);                            runs what is queued, then ends
 *
 * Jobs are the caller's memory until `run` has been entered. */
#ifndef SERVER_CREW_H
#define SERVER_CREW_H

#include "base/mem.h"
#include "base/status.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct crew_job {
    void (*run)(struct crew_job *job); /* on one of the crew; the last to know the job */
    struct crew_job *next;
};

struct crew {
    struct mem *mem;
    pthread_mutex_t lock;
    pthread_cond_t work;
    struct crew_job *first, *last;
    uint32_t queued, queue_max;
    pthread_t *threads;
    uint32_t thread_count, thread_max;
    bool started, stopping;
};

enum status crew_start(struct crew *crew, struct mem *mem, uint32_t threads,
                       uint32_t queue_max) MUST_USE;
bool crew_put(struct crew *crew, struct crew_job *job);
/* A zeroed crew is fine. */
void crew_stop(struct crew *crew);
uint32_t crew_queued(struct crew *crew);

#endif
