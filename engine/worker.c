/* Worker: what one thread needs for judging. engine/worker.c */
#include "engine/worker.h"

#include "engine/inside.h"

#include <assert.h>

struct worker {
    struct engine *engine;
    struct judge *judge;
    uint32_t number; /* of the version last judged */
};

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
    *ret_worker = worker;
    return ST_OK;
}

void worker_free(struct worker *worker)
{
    if (!worker) return;
    judge_free(worker->judge);
    mem_free(worker->engine->mem, worker, sizeof *worker);
}

struct engine *worker_engine(const struct worker *worker)
{
    return worker->engine;
}

static void count(struct engine_tally *tally, const struct judge_outcome *outcome)
{
    tally_add(&tally->evaluations, 1);
    tally_add(&tally->steps, outcome->steps);
    switch (outcome->state) {
    case JUDGE_JUDGED:
    case JUDGE_MALFORMED:
        break;
    case JUDGE_OVER_STEPS:
        tally_add(&tally->limit_steps, 1);
        break;
    case JUDGE_OVER_MEMORY:
        tally_add(&tally->limit_memory, 1);
        break;
    case JUDGE_OVER_TIME:
        tally_add(&tally->limit_time, 1);
        break;
    case JUDGE_FAULT:
        tally_add(&tally->faults, 1);
        break;
    }
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
        .locale = evaluation->locale,
        .steps_max = limit(COST_STEPS),
        .lenient = evaluation->lenient,
    };
    enum status st = judge_run(worker->judge, &judging, ret_outcome);
    if (st) return st;
    worker->number = definition->number;
    count(&worker->engine->tally, ret_outcome);
    return ST_OK;
}

void worker_verdict_write(const struct worker *worker, struct buf *out)
{
    verdict_write(worker->judge, worker->number, out);
}

void worker_answers_write(const struct worker *worker, struct buf *out)
{
    verdict_write_answers(worker->judge, out);
}

void worker_errors_write(const struct worker *worker, struct buf *out)
{
    verdict_write_errors(worker->judge, out);
}

void worker_texts_write(const struct worker *worker, struct buf *out)
{
    verdict_write_texts(worker->judge, out);
}
