/* Worker: what one thread needs for judging. engine/worker.c */
#include "engine/worker.h"

#include "engine/inside.h"

#include <assert.h>

struct worker {
    struct engine *engine;
    struct judge *judge;
    struct excess excess;  /* of the last evaluation */
    uint32_t number;       /* of the version last judged */
    struct tenancy *place; /* of worker_enter(); NULL: none */
    pthread_mutex_t lock;  /* the judge is at work, or being tidied */
    struct worker *next, **link;
    atomic_uint_fast64_t worlds_kept, worlds_bytes; /* told without the lock */
};

static void list(struct worker *worker)
{
    struct engine *engine = worker->engine;
    pthread_mutex_lock(&engine->workers_lock);
    worker->next = engine->workers;
    worker->link = &engine->workers;
    if (worker->next) worker->next->link = &worker->next;
    engine->workers = worker;
    pthread_mutex_unlock(&engine->workers_lock);
}

static void unlist(struct worker *worker)
{
    pthread_mutex_lock(&worker->engine->workers_lock);
    *worker->link = worker->next;
    if (worker->next) worker->next->link = worker->link;
    pthread_mutex_unlock(&worker->engine->workers_lock);
}

enum status worker_new(struct engine *engine, struct worker **ret_worker)
{
    struct worker *worker = mem_zalloc(engine->mem, sizeof *worker);
    if (!worker) return ST_NOMEM;
    worker->engine = engine;
    enum status st = judge_new(engine->mem, &worker->judge);
    if (st) {
        mem_free(engine->mem, worker, sizeof *worker);
        return st;
    }
    pthread_mutex_init(&worker->lock, NULL);
    list(worker);
    *ret_worker = worker;
    return ST_OK;
}

bool worker_enter(struct worker *worker, struct tenancy *tenancy)
{
    if (worker->place == tenancy) return true;
    worker_leave(worker);
    if (!tenancy_enter(tenancy)) return false;
    worker->place = tenancy_retain(tenancy);
    return true;
}

void worker_leave(struct worker *worker)
{
    if (!worker->place) return;
    tenancy_leave(worker->place);
    tenancy_release(worker->place);
    worker->place = NULL;
}

void worker_free(struct worker *worker)
{
    if (!worker) return;
    worker_leave(worker);
    unlist(worker);
    pthread_mutex_destroy(&worker->lock);
    judge_free(worker->judge);
    mem_free(worker->engine->mem, worker, sizeof *worker);
}

/* Under the lock. */
static void note_kept(struct worker *worker)
{
    struct judge_kept kept = judge_kept(worker->judge);
    atomic_store_explicit(&worker->worlds_kept, kept.worlds, memory_order_relaxed);
    atomic_store_explicit(&worker->worlds_bytes, kept.bytes, memory_order_relaxed);
}

/* A few at a time, so that the worker is not held up for long; one at work comes next time. */
static void tidy(struct worker *worker)
{
    enum { WORLDS_AT_A_TIME = 8 };
    bool done = false;
    while (!done && pthread_mutex_trylock(&worker->lock) == 0) {
        done = judge_tidy(worker->judge, WORLDS_AT_A_TIME);
        note_kept(worker);
        pthread_mutex_unlock(&worker->lock);
    }
}

void engine_tidy(struct engine *engine)
{
    pthread_mutex_lock(&engine->workers_lock);
    for (struct worker *worker = engine->workers; worker; worker = worker->next) tidy(worker);
    pthread_mutex_unlock(&engine->workers_lock);
}

void workers_count(struct engine *engine, struct engine_counters *counters)
{
    pthread_mutex_lock(&engine->workers_lock);
    for (struct worker *worker = engine->workers; worker; worker = worker->next) {
        counters->worlds_kept += atomic_load_explicit(&worker->worlds_kept, memory_order_relaxed);
        counters->worlds_bytes += atomic_load_explicit(&worker->worlds_bytes, memory_order_relaxed);
    }
    pthread_mutex_unlock(&engine->workers_lock);
}

struct engine *worker_engine(const struct worker *worker)
{
    return worker->engine;
}

static void count(struct engine_tally *tally, struct usage_row *usage,
                  const struct judge_outcome *outcome, uint64_t steps)
{
    static const enum usage_kind kinds[] = {
        [JUDGE_JUDGED] = USAGE_JUDGED,         [JUDGE_MALFORMED] = USAGE_MALFORMED,
        [JUDGE_OVER_STEPS] = USAGE_OVER_STEPS, [JUDGE_OVER_MEMORY] = USAGE_OVER_MEMORY,
        [JUDGE_OVER_TIME] = USAGE_OVER_TIME,   [JUDGE_FAULT] = USAGE_FAULT};
    atomic_uint_fast64_t *const tallies[] = {
        [JUDGE_JUDGED] = NULL,
        [JUDGE_MALFORMED] = &tally->malformed,
        [JUDGE_OVER_STEPS] = &tally->limit_steps,
        [JUDGE_OVER_MEMORY] = &tally->limit_memory,
        [JUDGE_OVER_TIME] = &tally->limit_time,
        [JUDGE_FAULT] = &tally->faults,
    };
    tally_add(&tally->evaluations, 1);
    tally_add(&tally->steps, steps);
    if (tallies[outcome->state]) tally_add(tallies[outcome->state], 1);
    usage_add(usage, USAGE_EVALUATIONS, 1);
    usage_add(usage, USAGE_STEPS, steps);
    usage_add(usage, kinds[outcome->state], 1);
}

/* What it was published for; as a second wall, since no judging takes more. */
static uint64_t steps_max(const struct engine *engine, const struct program *program)
{
    if (engine->judging_steps_max) return engine->judging_steps_max;
    uint64_t price = program->cost.steps_max, usual = limit(COST_STEPS);
    return price > usual ? price : usual;
}

/* The usual time, and as much more as the form may take more than the usual steps. */
static uint32_t ms_max(const struct engine *engine, uint64_t steps)
{
    if (engine->judging_ms_max) return engine->judging_ms_max;
    uint64_t times = (steps + limit(COST_STEPS) - 1) / limit(COST_STEPS);
    uint64_t most = limit(REQUEST_MS) / limit(JUDGE_MS);
    return (uint32_t)((times > most ? most : times) * limit(JUDGE_MS));
}

static enum status tell(struct worker *worker, const struct evaluation *evaluation,
                        struct judge_outcome *outcome)
{
    if (outcome->state != JUDGE_JUDGED || !evaluation->tell) return ST_OK;
    enum status st = evaluation->tell(worker, outcome, evaluation->user);
    if (st != ST_LIMIT) return st;
    outcome->state = JUDGE_OVER_MEMORY;
    outcome->valid = false;
    outcome->overlong = true;
    return ST_OK;
}

enum status engine_evaluate(struct worker *worker, const struct evaluation *evaluation,
                            struct judge_outcome *ret_outcome)
{
    const struct definition *definition = evaluation->definition;
    struct judging judging = {
        .program = definition->program,
        .answers = evaluation->answers,
        .now_ms = evaluation->now_ms ? evaluation->now_ms : clock_wall_ms(worker->engine->clock),
        .zone = definition->zone,
        .atlas = definition->atlas,
        .locale = evaluation->locale,
        .steps_max = steps_max(worker->engine, definition->program),
        .owner = definition->owner,
        .lenient = evaluation->lenient,
    };
    judging.ms_max = ms_max(worker->engine, judging.steps_max);
    int64_t now_us = clock_steady_ns(worker->engine->clock) / 1000;
    worker->excess = (struct excess){.exceeded = false};
    if (!tenancy_judge(definition->tenancy, now_us, &worker->excess)) return ST_LIMIT;
    pthread_mutex_lock(&worker->lock);
    enum status st = judge_run(worker->judge, &judging, ret_outcome);
    note_kept(worker);
    pthread_mutex_unlock(&worker->lock);
    /* Reading is work, too, and of answers that no rule ever sees it is all there is. */
    uint64_t steps = (uint64_t)evaluation->answers.len * limit(READ_STEPS_PER_BYTE);
    if (!st) steps += ret_outcome->steps;
    tenancy_judged(definition->tenancy, now_us, steps);
    if (st) return st;
    worker->number = definition->number;
    st = tell(worker, evaluation, ret_outcome);
    if (st) return st;
    count(&worker->engine->tally, definition->usage, ret_outcome, steps);
    return ST_OK;
}

const struct excess *worker_excess(const struct worker *worker)
{
    return &worker->excess;
}

const struct judge *worker_judge(const struct worker *worker)
{
    return worker->judge;
}

void worker_verdict_write(const struct worker *worker, struct buf *out)
{
    verdict_write(worker->judge, worker->number, out);
}

void worker_accord_write(const struct worker *worker, struct buf *out)
{
    verdict_write_accord(worker->judge, out);
}

void worker_both_write(const struct worker *worker, struct buf *out, struct str *ret_answers)
{
    verdict_write_both(worker->judge, worker->number, out, ret_answers);
}

bool worker_unique_write(const struct worker *worker, uint32_t rule, struct buf *out)
{
    return verdict_write_unique(worker->judge, rule, out);
}

void worker_indexed_tell(const struct worker *worker,
                         void (*add)(void *user, uint32_t node, struct str key), void *user)
{
    verdict_tell_indexed(worker->judge, add, user);
}

void worker_errors_write(const struct worker *worker, struct buf *out)
{
    verdict_write_errors(worker->judge, out);
}

void worker_texts_write(const struct worker *worker, struct buf *out)
{
    verdict_write_texts(worker->judge, out);
}

void worker_suggestions_write(const struct worker *worker, struct buf *out)
{
    verdict_write_suggestions(worker->judge, out);
}

void worker_now_write(const struct worker *worker, struct buf *out)
{
    verdict_write_now(worker->judge, out);
}

void worker_withheld_write(const struct worker *worker, struct buf *out)
{
    verdict_write_withheld(worker->judge, out);
}
