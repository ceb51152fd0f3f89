#include "server/crew.h"

#include <assert.h>
#include <sys/resource.h>

/* Free, or with jobs waiting or running. Waiting and below its share: in turn. */
struct crew_lane {
    uint64_t key;
    struct crew_job *first, *last;
    uint32_t queued, running;
    bool in_turn;
    struct crew_lane *next_turn;
    struct crew_lane *next; /* in its bucket, or of the free ones */
};

/* ---------------------------------------------------------------- lanes; all under the lock */

static struct crew_lane **link_of(struct crew *crew, uint64_t key)
{
    struct crew_lane **link = &crew->buckets[key % CREW_BUCKETS];
    while (*link && (*link)->key != key) link = &(*link)->next;
    return link;
}

static struct crew_lane *lane_of(struct crew *crew, uint64_t key)
{
    struct crew_lane **link = link_of(crew, key);
    if (*link) return *link;
    struct crew_lane *lane = crew->free_lanes;
    assert(lane); /* there are as many as jobs queued and running can be */
    crew->free_lanes = lane->next;
    *lane = (struct crew_lane){.key = key};
    *link = lane;
    return lane;
}

static void free_if_empty(struct crew *crew, struct crew_lane *lane)
{
    if (lane->queued || lane->running) return;
    *link_of(crew, lane->key) = lane->next;
    lane->next = crew->free_lanes;
    crew->free_lanes = lane;
}

/* To the end of those in turn, if it has a job that may run now. */
static void take_turn(struct crew *crew, struct crew_lane *lane)
{
    if (lane->in_turn || !lane->first) return;
    uint32_t most = crew->options.lane_threads_max, own = lane->first->at_once;
    if (lane->running >= (own && own < most ? own : most)) return;
    lane->in_turn = true;
    lane->next_turn = NULL;
    *(crew->last ? &crew->last->next_turn : &crew->first) = lane;
    crew->last = lane;
    pthread_cond_signal(&crew->work);
}

static struct crew_job *pop(struct crew *crew, struct crew_lane **ret_lane)
{
    struct crew_lane *lane = crew->first;
    struct crew_job *job = lane->first;
    crew->first = lane->next_turn;
    if (!crew->first) crew->last = NULL;
    lane->in_turn = false;
    lane->first = job->next;
    if (!lane->first) lane->last = NULL;
    lane->queued--;
    crew->queued--;
    lane->running++;
    take_turn(crew, lane);
    *ret_lane = lane;
    return job;
}

/* ---------------------------------------------------------------- threads */

/* NULL: stopping, and nothing is left. `done`: the lane whose job this thread has run; NULL: none. */
static struct crew_job *take(struct crew *crew, struct crew_lane *done, struct crew_lane **ret_lane)
{
    pthread_mutex_lock(&crew->lock);
    if (done) {
        done->running--;
        take_turn(crew, done);
        free_if_empty(crew, done);
    }
    while (!crew->first && !(crew->stopping && crew->queued == 0))
        pthread_cond_wait(&crew->work, &crew->lock);
    struct crew_job *job = crew->first ? pop(crew, ret_lane) : NULL;
    if (!job || (crew->stopping && crew->queued == 0)) pthread_cond_broadcast(&crew->work);
    pthread_mutex_unlock(&crew->lock);
    return job;
}

static void *work(void *user)
{
    struct crew *crew = user;
    struct crew_lane *lane = NULL;
    /* Of this thread alone, as Linux has it. That it could not be had only makes others wait. */
    if (crew->options.niceness) (void)setpriority(PRIO_PROCESS, 0, crew->options.niceness);
    for (struct crew_job *job; (job = take(crew, lane, &lane)) != NULL;) job->run(job);
    return NULL;
}

static enum status make_room(struct crew *crew)
{
    const struct crew_options *options = &crew->options;
    crew->lane_count = (size_t)options->queue_max + options->threads;
    crew->threads = mem_zalloc(crew->mem, options->threads * sizeof *crew->threads);
    crew->lanes = mem_zalloc(crew->mem, crew->lane_count * sizeof *crew->lanes);
    if (!crew->threads || !crew->lanes) return ST_NOMEM;
    for (size_t i = 0; i < crew->lane_count; i++) {
        crew->lanes[i].next = crew->free_lanes;
        crew->free_lanes = &crew->lanes[i];
    }
    return ST_OK;
}

static void give_back(struct crew *crew)
{
    mem_free(crew->mem, crew->threads,
             crew->threads ? crew->options.threads * sizeof *crew->threads : 0);
    mem_free(crew->mem, crew->lanes, crew->lanes ? crew->lane_count * sizeof *crew->lanes : 0);
    crew->threads = NULL;
    crew->lanes = crew->free_lanes = NULL;
}

enum status crew_start(struct crew *crew, struct mem *mem, const struct crew_options *options)
{
    assert(options->threads > 0 && options->queue_max > 0);
    *crew = (struct crew){.mem = mem, .options = *options};
    if (!options->lane_queue_max) crew->options.lane_queue_max = options->queue_max;
    if (!options->lane_threads_max) crew->options.lane_threads_max = options->threads;
    enum status st = make_room(crew);
    if (st) {
        give_back(crew);
        return st;
    }
    pthread_mutex_init(&crew->lock, NULL);
    pthread_cond_init(&crew->work, NULL);
    crew->started = true;
    while (crew->thread_count < options->threads) {
        if (pthread_create(&crew->threads[crew->thread_count], NULL, work, crew) != 0) {
            crew_stop(crew);
            return ST_NOMEM;
        }
        crew->thread_count++;
    }
    return ST_OK;
}

static enum crew_put put(struct crew *crew, struct crew_job *job)
{
    if (crew->stopping || crew->queued >= crew->options.queue_max) return CREW_FULL;
    struct crew_lane *lane = lane_of(crew, job->lane);
    if (lane->queued >= crew->options.lane_queue_max) return CREW_LANE_FULL;
    job->next = NULL;
    *(lane->last ? &lane->last->next : &lane->first) = job;
    lane->last = job;
    lane->queued++;
    crew->queued++;
    take_turn(crew, lane);
    return CREW_TAKEN;
}

enum crew_put crew_put(struct crew *crew, struct crew_job *job)
{
    pthread_mutex_lock(&crew->lock);
    enum crew_put result = put(crew, job);
    pthread_mutex_unlock(&crew->lock);
    return result;
}

void crew_stop(struct crew *crew)
{
    if (!crew->started) return;
    pthread_mutex_lock(&crew->lock);
    crew->stopping = true;
    pthread_cond_broadcast(&crew->work);
    pthread_mutex_unlock(&crew->lock);
    for (uint32_t i = 0; i < crew->thread_count; i++) pthread_join(crew->threads[i], NULL);
    give_back(crew);
    crew->thread_count = 0;
}

uint32_t crew_queued(struct crew *crew)
{
    pthread_mutex_lock(&crew->lock);
    uint32_t queued = crew->queued;
    pthread_mutex_unlock(&crew->lock);
    return queued;
}
