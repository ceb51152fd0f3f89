#include "tenants/writer.h"

#include "base/mem.h"
#include "tenants/batch.h"
#include "tenants/store.h"

#include <assert.h>

void writer_pool_add(struct writer_pool *pool, struct vault *vault)
{
    pthread_mutex_lock(&pool->lock);
    vault->pool_next = NULL;
    if (pool->last) pool->last->pool_next = vault;
    else pool->first = vault;
    pool->last = vault;
    pthread_cond_signal(&pool->work);
    pthread_mutex_unlock(&pool->lock);
}

/* The longest waiting vault, or NULL when the pool stops and nothing is left that could bring more
 * work. */
static struct vault *next_vault(struct writer_pool *pool)
{
    while (!pool->first && !(pool->stopping && pool->running == 0))
        pthread_cond_wait(&pool->work, &pool->lock);
    struct vault *vault = pool->first;
    if (!vault) return NULL;
    pool->first = vault->pool_next;
    if (!pool->first) pool->last = NULL;
    return vault;
}

static void *work(void *user)
{
    struct writer_pool *pool = user;
    struct vault *vault;
    pthread_mutex_lock(&pool->lock);
    while ((vault = next_vault(pool)) != NULL) {
        pool->running++;
        pthread_mutex_unlock(&pool->lock);
        batch_run(vault);
        pthread_mutex_lock(&pool->lock);
        pool->running--;
        if (pool->stopping) pthread_cond_broadcast(&pool->work);
    }
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

enum status writer_pool_start(struct writer_pool *pool, struct mem *mem, uint32_t threads)
{
    *pool = (struct writer_pool){.mem = mem, .count = threads};
    pool->threads = mem_zalloc(mem, threads * sizeof *pool->threads);
    if (!pool->threads) return ST_NOMEM;
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->work, NULL);
    for (; pool->started < threads; pool->started++)
        if (pthread_create(&pool->threads[pool->started], NULL, work, pool) != 0) return ST_NOMEM;
    return ST_OK;
}

void writer_pool_stop(struct writer_pool *pool)
{
    if (!pool->threads) return;
    pthread_mutex_lock(&pool->lock);
    pool->stopping = true;
    pthread_cond_broadcast(&pool->work);
    pthread_mutex_unlock(&pool->lock);
    for (uint32_t i = 0; i < pool->started; i++) pthread_join(pool->threads[i], NULL);
    assert(!pool->first);
    pthread_cond_destroy(&pool->work);
    pthread_mutex_destroy(&pool->lock);
    mem_free(pool->mem, pool->threads, pool->count * sizeof *pool->threads);
    *pool = (struct writer_pool){0};
}
