#define _GNU_SOURCE /* SCHED_BATCH */
#include "tenants/writer.h"

#include "base/mem.h"
#include "tenants/batch.h"
#include "tenants/store.h"

#include <assert.h>
#include <sched.h>

static void call_one(struct writer_pool *pool)
{
    struct writer_seat *seat = pool->idle;
    if (!seat) return;
    pool->idle = seat->below;
    seat->idle = false;
    pthread_cond_signal(&seat->called);
}

static void call_all(struct writer_pool *pool)
{
    while (pool->idle) call_one(pool);
}

static void append(struct writer_pool *pool, struct vault *vault)
{
    vault->pool_next = NULL;
    if (pool->last) pool->last->pool_next = vault;
    else pool->first = vault;
    pool->last = vault;
}

void writer_pool_add(struct writer_pool *pool, struct vault *vault)
{
    pthread_mutex_lock(&pool->lock);
    append(pool, vault);
    call_one(pool);
    pthread_mutex_unlock(&pool->lock);
}

/* It is free itself now, and comes for the next one: nobody is called. */
void writer_pool_put_back(struct writer_pool *pool, struct vault *vault)
{
    pthread_mutex_lock(&pool->lock);
    append(pool, vault);
    pthread_mutex_unlock(&pool->lock);
}

static void wait_for_call(struct writer_pool *pool, struct writer_seat *seat)
{
    struct writer_seat **place = &pool->idle;
    while (*place && *place < seat) place = &(*place)->below;
    seat->below = *place;
    seat->idle = true;
    *place = seat;
    while (seat->idle) pthread_cond_wait(&seat->called, &pool->lock);
}

/* The longest waiting vault, or NULL when the pool stops and nothing is left that could bring more
 * work. */
static struct vault *next_vault(struct writer_pool *pool, struct writer_seat *seat)
{
    while (!pool->first && !(pool->stopping && pool->running == 0)) wait_for_call(pool, seat);
    struct vault *vault = pool->first;
    if (!vault) return NULL;
    pool->first = vault->pool_next;
    if (!pool->first) pool->last = NULL;
    return vault;
}

/* Its share of the processor stays the same, but it does not push aside at once who hands it work:
 * while that one goes on, more gathers for the same transaction. Not those who are called first: where
 * few files are written, what one transaction waits for the disk is the time in which others read the
 * network. That it could not be had only makes transactions smaller. */
static void be_patient(const struct writer_seat *seat)
{
    enum { EAGER = 2 };
    const struct sched_param none = {0};
    if (seat < seat->pool->seats + EAGER) return;
    (void)pthread_setschedparam(pthread_self(), SCHED_BATCH, &none);
}

static void *work(void *user)
{
    struct writer_seat *seat = user;
    struct writer_pool *pool = seat->pool;
    struct vault *vault;
    be_patient(seat);
    pthread_mutex_lock(&pool->lock);
    while ((vault = next_vault(pool, seat)) != NULL) {
        pool->running++;
        pthread_mutex_unlock(&pool->lock);
        batch_run(vault);
        pthread_mutex_lock(&pool->lock);
        pool->running--;
        if (pool->stopping) call_all(pool);
    }
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

static bool start_seat(struct writer_pool *pool, struct writer_seat *seat)
{
    seat->pool = pool;
    pthread_cond_init(&seat->called, NULL);
    if (pthread_create(&seat->thread, NULL, work, seat) == 0) return true;
    pthread_cond_destroy(&seat->called);
    return false;
}

enum status writer_pool_start(struct writer_pool *pool, struct mem *mem, uint32_t threads)
{
    *pool = (struct writer_pool){.mem = mem, .count = threads};
    pool->seats = mem_zalloc(mem, threads * sizeof *pool->seats);
    if (!pool->seats) return ST_NOMEM;
    pthread_mutex_init(&pool->lock, NULL);
    for (; pool->started < threads; pool->started++)
        if (!start_seat(pool, &pool->seats[pool->started])) return ST_NOMEM;
    return ST_OK;
}

void writer_pool_stop(struct writer_pool *pool)
{
    if (!pool->seats) return;
    pthread_mutex_lock(&pool->lock);
    pool->stopping = true;
    call_all(pool);
    pthread_mutex_unlock(&pool->lock);
    for (uint32_t i = 0; i < pool->started; i++) {
        pthread_join(pool->seats[i].thread, NULL);
        pthread_cond_destroy(&pool->seats[i].called);
    }
    assert(!pool->first);
    pthread_mutex_destroy(&pool->lock);
    mem_free(pool->mem, pool->seats, pool->count * sizeof *pool->seats);
    *pool = (struct writer_pool){0};
}
