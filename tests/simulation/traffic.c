#include "tests/simulation/traffic.h"

#include "tests/simulation/fiber.h"
#include "tests/simulation/likeness.h"
#include "tests/simulation/machine.h"
#include "tests/simulation/memory_disk.h"
#include "tests/simulation/moves.h"

#include <stdio.h>
#include <string.h>

static const struct {
    uint32_t weight;
    void (*make)(void);
} moves[] = {
#define MOVE(weight, name) {weight, move_##name},
#include "tests/simulation/move.def"
#undef MOVE
};

/* So that there is something to do with. */
static void begin(uint32_t number)
{
    static void (*const first_steps[])(void) = {move_tenant_create, move_token_create,
                                                move_token_create,  move_token_create,
                                                move_draft_put,     move_publish};
    first_steps[number / 8](); /* a good deal of it for others than were meant */
}

static void take_step(uint32_t number)
{
    uint32_t sum = 0, dice;
    for (size_t i = 0; i < sizeof moves / sizeof moves[0]; i++) sum += moves[i].weight;
    dice = below(sum);
    if (number < 48) {
        begin(number);
        return;
    }
    size_t i = 0;
    for (; dice >= moves[i].weight; i++) dice -= moves[i].weight;
    moves[i].make();
}

static void pass_time(void)
{
    int64_t ms = once_in(100) ? below(5000) : below(20);
    fiber_pass(ms * 1000000 + below(1000000));
    look_at_clock();
}

bool traffic_step(uint32_t number)
{
    dice_init(&here.dice, here.seed * UINT64_C(0x2545f4914f6cdd1d) + number);
    pass_time();
    if (here.armed) model_copy(&before, &model);
    take_step(number);
    if (here.armed && (memory_disk_is_cut() || memory_disk_failures() || here.unsure)) {
        recover();
        look_at_clock();
        if (here.unsure && !here.differs) make_sure();
        else if (!here.differs && !all_looks_so(false))
            differ("after the disk failed", here.unlike, "what was answered until now");
        here.armed = false;
    }
    return !here.differs;
}

void traffic_begin(uint64_t seed)
{
    memset(&model, 0, sizeof model);
    bool aloud = here.aloud;
    memset(&here, 0, sizeof here);
    here.aloud = aloud;
    here.seed = seed;
    here.hash = UINT64_C(0xcbf29ce484222325);
    arena_init(&here.arena, mem_heap(), 64 << 20);
    machine_begin(seed);
    model.operator_token = (struct token){.used = true, .role = OPERATOR};
    (void)snprintf(model.operator_token.text, sizeof model.operator_token.text, "%s",
                   machine_operator());
    look_at_clock();
}

void traffic_end(void)
{
    exchange_release(&here.exchange);
    arena_release(&here.arena);
    machine_end();
}

uint64_t traffic_hash(void)
{
    return here.hash;
}

struct traffic_counts traffic_counts(void)
{
    return here.counts;
}

void traffic_tell(bool aloud)
{
    here.aloud = aloud;
}
