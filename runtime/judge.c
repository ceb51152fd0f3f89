#include "runtime/judge.h"

#include "runtime/collect.h"
#include "runtime/pass.h"

#include <assert.h>

enum status judge_new(struct mem *mem, struct judge **ret_judge)
{
    struct judge *judge = mem_zalloc(mem, sizeof *judge);
    if (!judge) return ST_NOMEM;
    judge->mem = mem;
    arena_init(&judge->arena, mem, limit(JUDGE_ARENA_BYTES));
    *ret_judge = judge;
    return ST_OK;
}

void judge_free(struct judge *judge)
{
    if (!judge) return;
    for (int i = 0; i < limit(JUDGE_WORLDS); i++) world_free(judge->worlds[i]);
    arena_release(&judge->arena);
    mem_free(judge->mem, judge, sizeof *judge);
}

/* ---- worlds, the last used first */

static void put_first(struct judge *judge, int from)
{
    struct world *world = judge->worlds[from];
    memmove(&judge->worlds[1], &judge->worlds[0], (size_t)from * sizeof(struct world *));
    judge->worlds[0] = world;
}

static void drop_first(struct judge *judge)
{
    const int last = limit(JUDGE_WORLDS) - 1;
    world_free(judge->worlds[0]);
    memmove(&judge->worlds[0], &judge->worlds[1], (size_t)last * sizeof(struct world *));
    judge->worlds[last] = NULL;
}

static enum status add_world(struct judge *judge, const struct program *program)
{
    const int last = limit(JUDGE_WORLDS) - 1;
    struct world *world;
    enum status st = world_new(judge->mem, program, &world);
    if (st) return st;
    world_free(judge->worlds[last]);
    judge->worlds[last] = world;
    put_first(judge, last);
    return ST_OK;
}

/* Brings the program's world to the front. A world that has grown large over an unusual judging is not
 * kept. */
static enum status find_world(struct judge *judge, const struct program *program)
{
    struct world *first = judge->worlds[0];
    if (first && first->used && first->heap.held_bytes > limit(WORLD_KEPT_BYTES)) drop_first(judge);
    for (int i = 0; i < limit(JUDGE_WORLDS) && judge->worlds[i]; i++) {
        if (judge->worlds[i]->program != program) continue;
        put_first(judge, i);
        return ST_OK;
    }
    return add_world(judge, program);
}

/* ---- one judging */

static uint32_t language_of(const struct judging *judging)
{
    const struct program *program = judging->program;
    for (uint32_t i = 0; i < program->language_count; i++)
        if (str_eq(program->languages[i], judging->locale)) return i;
    return 0;
}

static enum judge_state state_of(enum world_end end)
{
    switch (end) {
    case WORLD_OVER_STEPS:
        return JUDGE_OVER_STEPS;
    case WORLD_OVER_MEMORY:
        return JUDGE_OVER_MEMORY;
    case WORLD_OVER_TIME:
        return JUDGE_OVER_TIME;
    case WORLD_FAULT:
    case WORLD_BROKEN:
        return JUDGE_FAULT;
    case WORLD_DONE:
    case WORLD_NOMEM:
        break;
    }
    return JUDGE_JUDGED;
}

static enum status settle_arena(const struct judge *judge, struct judge_outcome *outcome)
{
    if (!judge->arena.refused) return ST_NOMEM;
    outcome->state = JUDGE_OVER_MEMORY;
    return ST_OK;
}

static enum status run_pass(struct judge *judge, struct judge_outcome *outcome)
{
    struct pass_fault fault;
    enum status st = pass_run(&judge->worlds[0]->plan, &judge->arena, judge->judging.answers,
                              &judge->answers, &fault);
    if (st == ST_SYNTAX) {
        outcome->state = JUDGE_MALFORMED;
        outcome->malformed_offset = fault.offset;
        outcome->malformed_reason = fault.reason;
        return ST_OK;
    }
    return st == ST_LIMIT ? settle_arena(judge, outcome) : st;
}

static enum status run_rules(struct judge *judge, struct judge_outcome *outcome)
{
    struct world *world = judge->worlds[0];
    const struct judging *judging = &judge->judging;
    struct world_moment moment = {judging->now_ms, judging->zone ? judging->zone : zone_utc()};
    world_run(world, &judge->answers, &moment, judging->steps_max,
              judging->ms_max ? judging->ms_max : limit(JUDGE_MS));
    if (world->end == WORLD_NOMEM) return ST_NOMEM;
    outcome->state = state_of(world->end);
    outcome->steps =
        world->end == WORLD_OVER_STEPS ? judging->steps_max : judging->steps_max - world->steps_left;
    outcome->fault = world->end == WORLD_FAULT ? world->fault : FAULT_NONE;
    outcome->fault_rule = world->end == WORLD_FAULT ? world->fault_rule : PROGRAM_NONE;
    return ST_OK;
}

static enum status run_collect(struct judge *judge, struct judge_outcome *outcome)
{
    struct errors errors;
    if (!collect_errors(&judge->answers, judge->judging.lenient, &judge->arena, &errors))
        return settle_arena(judge, outcome);
    judge->errors = errors.items;
    outcome->error_count = errors.count;
    outcome->valid = errors.count == 0;
    return ST_OK;
}

static enum status attempt(struct judge *judge, struct judge_outcome *ret_outcome)
{
    struct judge_outcome outcome = {.state = JUDGE_JUDGED, .fault_rule = PROGRAM_NONE};
    arena_reset(&judge->arena);
    enum status st = run_pass(judge, &outcome);
    if (!st && outcome.state == JUDGE_JUDGED) st = run_rules(judge, &outcome);
    if (!st && outcome.state == JUDGE_JUDGED) st = run_collect(judge, &outcome);
    if (!st) *ret_outcome = outcome;
    return st;
}

/* What earlier judgings left behind must not be why this one runs out of memory: then it is judged
 * again from nothing. */
static enum status attempt_twice(struct judge *judge, struct judge_outcome *outcome)
{
    const struct program *program = judge->judging.program;
    bool was_fresh = !judge->worlds[0]->used && !judge->arena.chunks;
    enum status st = attempt(judge, outcome);
    if (st || was_fresh || outcome->state != JUDGE_OVER_MEMORY) return st;
    arena_release(&judge->arena);
    drop_first(judge);
    st = add_world(judge, program);
    return st ? st : attempt(judge, outcome);
}

enum status judge_run(struct judge *judge, const struct judging *judging,
                      struct judge_outcome *ret_outcome)
{
    assert(judging->program->scope_count > 0 && judging->program->node_count > 0);
    judge->world = NULL;
    judge->judging = *judging;
    judge->language = language_of(judging);
    enum status st = find_world(judge, judging->program);
    if (!st) st = attempt_twice(judge, &judge->outcome);
    if (judge->worlds[0] && judge->worlds[0]->end != WORLD_DONE) drop_first(judge);
    if (st) return st;
    if (judge->outcome.state == JUDGE_JUDGED) judge->world = judge->worlds[0];
    *ret_outcome = judge->outcome;
    return ST_OK;
}
