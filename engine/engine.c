#include "engine/engine.h"

#include "engine/inside.h"
#include "engine/worker.h"

#include <assert.h>

static enum status open_parts(struct engine *engine, const struct engine_options *options)
{
    size_t bytes_max =
        options->cache_bytes_max ? options->cache_bytes_max : limit(DEFINITION_CACHE_BYTES);
    enum status st = cache_init(&engine->cache, engine->mem, bytes_max);
    if (st) return st;
    return tenants_open(&(struct tenants_options){.mem = options->mem,
                                                  .directory = options->directory,
                                                  .clock = options->clock,
                                                  .log = options->log,
                                                  .writers = options->writers,
                                                  .queue_ops_max = options->queue_ops_max,
                                                  .readers_max = options->readers_max},
                        &engine->tenants);
}

enum status engine_open(const struct engine_options *options, struct engine **ret_engine)
{
    assert(options->mem && options->directory);
    struct engine *engine = mem_zalloc(options->mem, sizeof *engine);
    if (!engine) return ST_NOMEM;
    engine->mem = options->mem;
    engine->clock = options->clock ? options->clock : clock_system();
    engine->log = options->log;
    engine->presenter = options->presenter;
    pthread_mutex_init(&engine->workers_lock, NULL);
    pthread_mutex_init(&engine->atlas_lock, NULL);
    library_init(&engine->library);
    commons_init(&engine->commons, engine->mem);
    usage_init(&engine->usage, engine->mem, limit(USAGE_ROWS), clock_wall_ms(engine->clock));
    engine->swept_apart_us = retention_apart_us(engine->clock);
    summaries_init(&engine->summaries, engine->mem, &(struct summary_caps){0});
    tenancies_init(&engine->tenancies, engine->mem, limit(TENANCIES));
    engine->judging_steps_max = options->judging_steps_max;
    engine->judging_ms_max = options->judging_ms_max;
    enum status st = open_parts(engine, options);
    if (st) {
        engine_close(engine);
        return st;
    }
    *ret_engine = engine;
    return ST_OK;
}

void engine_close(struct engine *engine)
{
    if (!engine) return;
    assert(!engine->workers);
    tenants_close(engine->tenants);
    cache_release(&engine->cache);
    summaries_release(&engine->summaries);
    tenancies_release(&engine->tenancies);
    usage_release(&engine->usage);
    library_release(&engine->library);
    commons_release(&engine->commons);
    pthread_mutex_destroy(&engine->workers_lock);
    atlas_free(engine->atlas);
    pthread_mutex_destroy(&engine->atlas_lock);
    mem_free(engine->mem, engine, sizeof *engine);
}

enum status engine_atlas(struct engine *engine, const struct atlas **ret_atlas)
{
    pthread_mutex_lock(&engine->atlas_lock);
    enum status st = engine->atlas ? ST_OK : atlas_new(engine->mem, &engine->atlas);
    if (!st) *ret_atlas = engine->atlas;
    pthread_mutex_unlock(&engine->atlas_lock);
    return st;
}

void call_init(struct call *call, struct engine *engine, struct arena *arena, struct str who)
{
    *call = (struct call){.engine = engine, .arena = arena, .refusal = REFUSAL_NONE};
    call->actor.who = who;
    call->actor.at_ms = clock_wall_ms(engine->clock);
}

enum status call_write(struct call *call, struct write *write)
{
    write->arena = call->arena;
    write->actor = call->actor;
    enum status st = write_wait(call->engine->tenants, write);
    call->refusal = write->refusal;
    return st;
}

static uint64_t tally_of(atomic_uint_fast64_t *count)
{
    return atomic_load_explicit(count, memory_order_relaxed);
}

void engine_counters(struct engine *engine, struct engine_counters *ret_counters)
{
    struct engine_tally *tally = &engine->tally;
    *ret_counters = (struct engine_counters){
        .definitions_loaded = tally_of(&tally->definitions_loaded),
        .evaluations = tally_of(&tally->evaluations),
        .steps = tally_of(&tally->steps),
        .malformed = tally_of(&tally->malformed),
        .limit_steps = tally_of(&tally->limit_steps),
        .limit_memory = tally_of(&tally->limit_memory),
        .limit_time = tally_of(&tally->limit_time),
        .faults = tally_of(&tally->faults),
    };
    for (size_t i = 0; i <= INTAKE_REFUSED; i++)
        ret_counters->intakes[i] = tally_of(&tally->intakes[i]);
    struct cache *cache = &engine->cache;
    pthread_mutex_lock(&cache->lock);
    ret_counters->cache_hits = cache->hits;
    ret_counters->cache_misses = cache->misses;
    ret_counters->cache_evictions = cache->evictions;
    ret_counters->cache_bytes = cache->bytes;
    ret_counters->cache_entries = cache->entries;
    pthread_mutex_unlock(&cache->lock);
    ret_counters->programs_kept = commons_count(&engine->commons);
    workers_count(engine, ret_counters);
    tenants_counters(engine->tenants, &ret_counters->storage);
}
