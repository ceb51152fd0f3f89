#include "runtime/judge.h"

#include "base/language.h"
#include "runtime/collect.h"
#include "runtime/pass.h"
#include "runtime/pointer.h"

#include <assert.h>

enum status judge_new(struct mem *mem, struct judge **ret_judge)
{
    struct judge *judge = mem_zalloc(mem, sizeof *judge);
    if (!judge) return ST_NOMEM;
    judge->mem = mem;
    arena_init(&judge->arena, mem, limit(JUDGE_ARENA_BYTES));
    pool_init(&judge->pool, mem, limit(JUDGE_POOL_BYTES));
    *ret_judge = judge;
    return ST_OK;
}

void judge_free(struct judge *judge)
{
    if (!judge) return;
    pool_release(&judge->pool);
    arena_release(&judge->arena);
    mem_free(judge->mem, judge, sizeof *judge);
}

/* ---- worlds */

static void drop_world(struct judge *judge)
{
    if (judge->at) pool_drop(&judge->pool, judge->at);
    judge->at = NULL;
}

static enum status add_world(struct judge *judge)
{
    struct world *world;
    enum status st = world_new_among(judge->mem, &judge->holds, judge->judging.program, &world);
    if (st) return st;
    st = pool_add(&judge->pool, world, judge->judging.owner);
    if (st) {
        world_free(world);
        return st;
    }
    judge->at = world;
    return ST_OK;
}

/* A world that has grown large over an unusual judging is not kept. */
static bool is_too_large(const struct world *world)
{
    return world->used && world->heap.held_bytes > limit(WORLD_KEPT_BYTES);
}

static enum status find_world(struct judge *judge)
{
    judge->at = judge->pool.newest;
    if (judge->at && is_too_large(judge->at)) drop_world(judge);
    judge->at = pool_find(&judge->pool, judge->judging.program, judge->judging.owner);
    return judge->at ? ST_OK : add_world(judge);
}

static void clear_arena(struct arena *arena)
{
    if (arena->held_bytes > limit(WORLD_KEPT_BYTES)) arena_release(arena);
    else arena_reset(arena);
}

/* ---- one judging */

static uint32_t language_of(const struct judging *judging)
{
    const struct program *program = judging->program;
    uint32_t found = language_lookup(program->languages, program->language_count, judging->locale);
    return found == LANGUAGE_NONE ? 0 : found;
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
    enum status st = pass_run(judge->at->plan, judge->judging.atlas, &judge->arena,
                              judge->judging.answers, &judge->answers, &fault);
    if (st == ST_SYNTAX) {
        outcome->state = JUDGE_MALFORMED;
        outcome->malformed_offset = fault.offset;
        outcome->malformed_reason = fault.reason;
        return ST_OK;
    }
    return st == ST_LIMIT ? settle_arena(judge, outcome) : st;
}

/* Where the rule's errors would be: of a let, which no answer is, what it stands in. */
static uint32_t fault_node(const struct program *program, const struct program_rule *rule)
{
    uint32_t node = rule->node;
    while (program->nodes[node].kind == NODE_LET) node = program->nodes[node].parent;
    return node;
}

/* A repeat in a rule of its rows is the row. */
static uint32_t fault_scope(const struct program *program, const struct program_rule *rule,
                            uint32_t number)
{
    const struct program_node *node = &program->nodes[number];
    if (node->kind != NODE_REPEAT) return node->scope;
    for (uint32_t scope = rule->scope; scope != PROGRAM_NONE; scope = program->scopes[scope].parent)
        if (scope == node->rare->own_scope) return scope;
    return node->scope;
}

static enum status put_fault_pointer(struct judge *judge, const struct program_rule *rule, uint32_t row,
                                     struct buf *out)
{
    const struct program *program = judge->judging.program;
    uint32_t node = fault_node(program, rule), scope = fault_scope(program, rule, node);
    uint32_t around = answers_row_in(&judge->answers, rule->scope, row, scope);
    pointer_put(program, &judge->answers, node, scope, around, out);
    return out->failure;
}

static enum status locate_fault(struct judge *judge, const struct world *world,
                                struct judge_outcome *outcome)
{
    const struct program_rule *rule = &judge->judging.program->rules[world->fault_rule];
    struct buf out;
    outcome->fault_row = world->fault_row;
    if (rule->scope != 0 && world->fault_row == 0) return ST_OK; /* not ours: see world_fault() */
    buf_init(&out, judge->mem, limit(MESSAGE_BYTES));
    enum status st = put_fault_pointer(judge, rule, rule->scope ? world->fault_row - 1 : 0, &out);
    if (!st) outcome->fault_pointer = arena_str(&judge->arena, buf_str(&out));
    buf_release(&out);
    if (st) return st;
    return outcome->fault_pointer.ptr ? ST_OK : settle_arena(judge, outcome);
}

static enum status run_rules(struct judge *judge, struct judge_outcome *outcome)
{
    struct world *world = judge->at;
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
    return world->end == WORLD_FAULT ? locate_fault(judge, world, outcome) : ST_OK;
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
    clear_arena(&judge->arena);
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
    bool was_fresh = !judge->at->used && !judge->arena.chunks;
    enum status st = attempt(judge, outcome);
    if (st || was_fresh || outcome->state != JUDGE_OVER_MEMORY) return st;
    arena_release(&judge->arena);
    drop_world(judge);
    st = add_world(judge);
    return st ? st : attempt(judge, outcome);
}

enum status judge_run(struct judge *judge, const struct judging *judging,
                      struct judge_outcome *ret_outcome)
{
    assert(judging->program->scope_count > 0 && judging->program->node_count > 0);
    judge->world = NULL;
    judge->judging = *judging;
    judge->language = language_of(judging);
    enum status st = find_world(judge);
    if (!st) st = attempt_twice(judge, &judge->outcome);
    if (judge->at && judge->at->end != WORLD_DONE) drop_world(judge);
    if (judge->at) pool_settle(&judge->pool, judge->at);
    if (st) return st;
    if (judge->outcome.state == JUDGE_JUDGED) judge->world = judge->at;
    *ret_outcome = judge->outcome;
    return ST_OK;
}

bool judge_tidy(struct judge *judge, uint32_t worlds_max)
{
    return pool_tidy(&judge->pool, judge->world, worlds_max);
}

struct judge_kept judge_kept(const struct judge *judge)
{
    return (struct judge_kept){judge->pool.count, judge->pool.bytes};
}
