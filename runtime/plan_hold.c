#include "runtime/plan_hold.h"

#include "base/limits.h"

static struct plan_hold **bucket_of(struct plan_holds *holds, const struct program *program)
{
    return &holds->buckets[hash_mix((uint64_t)(uintptr_t)program) & (PLAN_BUCKETS - 1)];
}

static void free_hold(struct plan_hold *hold)
{
    plan_release(&hold->plan);
    arena_release(&hold->arena);
    mem_free(hold->mem, hold, sizeof *hold);
}

static enum status make(struct mem *mem, const struct program *program, struct plan_hold **ret_hold)
{
    struct plan_hold *hold = mem_zalloc(mem, sizeof *hold);
    if (!hold) return ST_NOMEM;
    *hold = (struct plan_hold){.mem = mem, .program = program, .worlds = 1};
    arena_init_lean(&hold->arena, mem, limit(JUDGE_ARENA_BYTES));
    enum status st = plan_make(&hold->arena, program, &hold->plan);
    if (st) free_hold(hold);
    else *ret_hold = hold;
    return st;
}

static void hang(struct plan_hold *hold, struct plan_hold **bucket)
{
    hold->next = *bucket;
    hold->link = bucket;
    if (hold->next) hold->next->link = &hold->next;
    *bucket = hold;
}

enum status plan_hold_take(struct plan_holds *holds, struct mem *mem, const struct program *program,
                           struct plan_hold **ret_hold)
{
    struct plan_hold *hold = holds ? *bucket_of(holds, program) : NULL;
    while (hold && hold->program != program) hold = hold->next;
    if (hold) {
        hold->worlds++;
        *ret_hold = hold;
        return ST_OK;
    }
    enum status st = make(mem, program, ret_hold);
    if (!st && holds) hang(*ret_hold, bucket_of(holds, program));
    return st;
}

void plan_hold_leave(struct plan_hold *hold)
{
    if (!hold || --hold->worlds > 0) return;
    if (hold->link) *hold->link = hold->next;
    if (hold->next) hold->next->link = hold->link;
    free_hold(hold);
}
