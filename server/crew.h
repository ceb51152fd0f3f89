/* Crew: threads behind one bounded queue that is fair.
 *
 *     crew_start(&crew, mem, &(struct crew_options){.threads = 8, .queue_max = 1024});
 *     job.run = fill; job.lane = digest_short(tenant);
 *     crew_put(&crew, &job)                        else: full or stopping; nothing will happen
 *     crew_stop(&crew);                            runs what is queued, then ends
 *
 * Each tenant's jobs wait in a lane of their own and lanes take turns, so one with a thousand jobs
 * waiting holds up another's single job by one of its own at most. No lane fills the queue and none has
 * all of the threads. Jobs are the caller's memory until `run` has been entered. */
#ifndef SERVER_CREW_H
#define SERVER_CREW_H

#include "base/mem.h"
#include "base/status.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct crew_job {
    void (*run)(struct crew_job *job); /* on one of the crew; the last to know the job */
    uint64_t lane;                     /* whose it is */
    uint32_t at_once;                  /* of its lane; 0: as many as a lane may */
    struct crew_job *next;             /* the crew's own */
};

/* 0: the default. */
struct crew_options {
    uint32_t threads, queue_max; /* needed */
    uint32_t lane_queue_max;     /* of one lane waiting; 0: queue_max */
    uint32_t lane_threads_max;   /* of one lane running; 0: threads */
    int niceness;                /* threads yield to others of the process: for work that takes long */
};

enum { CREW_BUCKETS = 256 };

struct crew_lane;

struct crew {
    struct mem *mem;
    struct crew_options options;
    pthread_mutex_t lock;
    pthread_cond_t work;
    struct crew_lane *lanes, *free_lanes; /* enough for any jobs that there can be */
    size_t lane_count;
    struct crew_lane *buckets[CREW_BUCKETS];
    struct crew_lane *first, *last; /* with a job that may run now, in turn */
    uint32_t queued;
    pthread_t *threads;
    uint32_t thread_count;
    bool started, stopping;
};

enum crew_put {
    CREW_TAKEN,
    CREW_FULL,      /* or stopping */
    CREW_LANE_FULL, /* so much of this one's is waiting already */
};

enum status crew_start(struct crew *crew, struct mem *mem, const struct crew_options *options) MUST_USE;
enum crew_put crew_put(struct crew *crew, struct crew_job *job) MUST_USE;
/* A zeroed crew is fine. */
void crew_stop(struct crew *crew);
uint32_t crew_queued(struct crew *crew);

#endif
