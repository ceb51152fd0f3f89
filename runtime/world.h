/* World: one closed Lua world in which one program's rules run.
 *
 *     world_new(mem, program, &world)                        loads the chunks
 *     world_run(world, &answers, &moment, steps_max, ms_max)    then world->end says how it ended
 *
 * Closed: no library, no globals (_ENV is nil), no string methods; chunks are text, never bytecode, and
 * see the C functions of dsl/helper.def that they are handed, nothing else. Bounded: memory by the
 * allocator, steps by what chunks and helpers charge, time by the watchdog. How a run ended is told by
 * `end`, set in C before the error is raised, never by a message.
 *
 *      new ──► READY ──run──► READY        DONE
 *                 └────run──► (free it)    any other end: what Lua held halfway is not used again
 *
 * Belongs to one thread at a time. */
#ifndef RUNTIME_WORLD_H
#define RUNTIME_WORLD_H

#include "base/buf.h"
#include "base/zone.h"
#include "runtime/answers.h"
#include "runtime/lua_heap.h"
#include "runtime/plan_hold.h"
#include "runtime/runtime.h"

struct lua_State;

enum world_end {
    WORLD_DONE,
    WORLD_OVER_STEPS,
    WORLD_OVER_MEMORY,
    WORLD_OVER_TIME,
    WORLD_FAULT,  /* see fault and fault_rule */
    WORLD_NOMEM,  /* the machine's memory, not the world's share of it */
    WORLD_BROKEN, /* the chunks are not what the compiler makes */
};

/* What the rules may know of the moment. */
struct world_moment {
    int64_t now_ms;
    const struct zone *zone; /* never NULL */
};

/* Its place in a pool (runtime/pool.h). */
struct pool_share;
struct world_seat {
    struct world *bucket_next, *newer, *older;
    struct pool_share *share;
    size_t bytes;   /* as last counted */
    uint32_t round; /* in which it was last used */
};

struct world {
    struct mem *mem;
    struct program *program; /* retained */
    struct plan_hold *hold;
    const struct plan *plan; /* the hold's */
    struct lua_heap heap;
    struct lua_State *lua;
    struct arena scratch; /* a helper's, while it works */
    struct buf text;      /* a bridge's, while it is made */
    struct buf code;      /* what was parsed, on its way over */
    size_t code_at;
    bool used;      /* it has run before */
    int stack_room; /* of Lua's stack, that a run needs */
    struct world_seat seat;

    /* Of the run under way, or the last. */
    struct answers *answers;
    struct world_moment moment;
    uint64_t steps_left;
    uint32_t crossed; /* functions of the bridge called so far */
    enum world_end end;
    enum fault_kind fault;
    uint32_t fault_rule;
    uint32_t fault_row; /* as in struct judge_outcome */
};

/* Whatever the chunks are: if they do not load, `end` says why and world_run() does nothing. ST_LIMIT:
 * a pattern is too much for the matcher. */
MUST_USE enum status world_new(struct mem *mem, const struct program *program,
                               struct world **ret_world);
/* The same, for a judge that has several worlds of a program: they have one plan. */
MUST_USE enum status world_new_among(struct mem *mem, struct plan_holds *holds,
                                     const struct program *program, struct world **ret_world);
/* NULL is fine. */
void world_free(struct world *world);

/* What it holds, its program not counted; the plan as if it were alone with it. */
static inline size_t world_bytes(const struct world *world)
{
    return sizeof *world + sizeof *world->hold + world->hold->arena.held_bytes +
           world->scratch.held_bytes + world->heap.held_bytes;
}

/* Runs the rules over `answers`, and brings back what they made of them. The result is world->end. */
void world_run(struct world *world, struct answers *answers, const struct world_moment *moment,
               uint64_t steps_max, uint32_t ms_max);

/* What the clocks show at that instant, east of UTC. */
int64_t world_offset_ms(const struct world_moment *moment, int64_t ms);

/* For helpers. Both end the run; they do not return. */
int world_raise(struct lua_State *lua, struct world *world, enum world_end end);
int world_fault(struct lua_State *lua, struct world *world, enum fault_kind kind, uint32_t rule);

#endif
