#include "server/crew.h"

#include <assert.h>

/* NULL: stopping, and nothing is left. */
static struct crew_job *take(struct crew *crew)
{
    pthread_mutex_lock(&crew->lock);
    while (!crew->first && !crew->stopping) pthread_cond_wait(&crew->work, &crew->lock);
    struct crew_job *job = crew->first;
    if (job) {
        crew->first = job->next;
        if (!crew->first) crew->last = NULL;
        crew->queued--;
    }
    pthread_mutex_unlock(&crew->lock);
    return job;
}

static void *work(void *user)
{
    struct crew *crew = user;
    for (struct crew_job *job; (job = take(crew)) != NULL;) job->run(job);
    return NULL;
}

enum status crew_start(struct crew *crew, struct mem *mem, uint32_t threads, uint32_t queue_max)
{
    assert(threads > 0 && queue_max > 0);
    *crew = (struct crew){.mem = mem, .queue_max = queue_max, .thread_max = threads};
    crew->threads = mem_zalloc(mem, threads * sizeof *crew->threads);
    if (!crew->threads) return ST_NOMEM;
    pthread_mutex_init(&crew->lock, NULL);
    pthread_cond_init(&crew->work, NULL);
    crew->started = true;
    while (crew->thread_count < threads) {
        if (pthread_create(&crew->threads[crew->thread_count], NULL, work, crew) != 0) {
            crew_stop(crew);
            return ST_NOMEM;
        }
        crew->thread_count++;
    }
    return ST_OK;
}

bool crew_put(struct crew *crew, struct crew_job *job)
{
    pthread_mutex_lock(&crew->lock);
    bool taken = !crew->stopping && crew->queued < crew->queue_max;
    if (taken) {
        job->next = NULL;
        *(crew->last ? &crew->last->next : &crew->first) = job;
        crew->last = job;
        crew->queued++;
        pthread_cond_signal(&crew->work);
    }
    pthread_mutex_unlock(&crew->lock);
    return taken;
}

void crew_stop(struct crew *crew)
{
    if (!crew->started) return;
    pthread_mutex_lock(&crew->lock);
    crew->stopping = true;
    pthread_cond_broadcast(&crew->work);
    pthread_mutex_unlock(&crew->lock);
    for (uint32_t i = 0; i < crew->thread_count; i++) pthread_join(crew->threads[i], NULL);
    mem_free(crew->mem, crew->threads, crew->thread_max * sizeof *crew->threads);
    crew->threads = NULL;
    crew->thread_count = 0;
}

uint32_t crew_queued(struct crew *crew)
{
    pthread_mutex_lock(&crew->lock);
    uint32_t queued = crew->queued;
    pthread_mutex_unlock(&crew->lock);
    return queued;
}
