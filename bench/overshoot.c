/* How late the watchdog ends rules that do not come back: raw Lua that loops without charging.
 *
 *     bench_overshoot [CALLS [MS]]
 *
 * Prints one JSON object: milliseconds by the wall clock past the deadline, of so many calls with so
 * many milliseconds each. */
#include "base/arena.h"
#include "base/limits.h"
#include "bench/measure.h"
#include "runtime/world.h"
#include "tests/unit/maker.h"

enum { CALLS_MAX = 10000 };

/* Nothing but jumps; calls in Lua; calls into C; garbage; strings. */
static const char *const loops[] = {
    "return function(S) while true do end end",
    "return function(S) local function f(n) return n end while true do f(1) end end",
    "local length = ... return function(S) while true do length('abc') end end",
    "return function(S) local t while true do t = {t and 1} end end",
    "return function(S) local i = 0 while true do i = i + 1 local s = 'x' .. i % 1000 end end",
};
enum { LOOPS = sizeof loops / sizeof *loops };

static double wall_ms(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static double overshoot(const struct program *program, uint32_t ms)
{
    struct world *world;
    struct arena arena;
    struct table table = {.count = 1};
    struct slot slots[2] = {{.state = SLOT_MISSING}, {.state = SLOT_MISSING}};
    struct answers answers = {.arena = &arena, .tables = &table};
    struct world_moment moment = {0, zone_utc()};
    table.slots = slots;
    arena_init(&arena, mem_heap(), limit(JUDGE_ARENA_BYTES));
    if (world_new(mem_heap(), program, &world) != ST_OK) exit(EXIT_FAILURE);
    double start = wall_ms();
    world_run(world, &answers, &moment, limit(COST_STEPS), ms);
    double late = wall_ms() - start - ms;
    if (world->end != WORLD_OVER_TIME) {
        fprintf(stderr, "ended otherwise: %d\n", (int)world->end);
        exit(EXIT_FAILURE);
    }
    world_free(world);
    arena_release(&arena);
    return late;
}

int main(int argc, char **argv)
{
    static struct maker made[LOOPS];
    static double late[CALLS_MAX];
    long calls = argc > 1 ? strtol(argv[1], NULL, 10) : 400;
    long ms = argc > 2 ? strtol(argv[2], NULL, 10) : 10;
    if (calls < 1 || calls > CALLS_MAX || ms < 1 || ms > 10000) {
        fprintf(stderr, "usage: bench_overshoot [CALLS [MS]]\n");
        return 2;
    }
    for (size_t i = 0; i < LOOPS; i++) {
        maker_open(&made[i]);
        maker_field(&made[i], "n", TYPE_INTEGER);
        maker_chunk(&made[i], loops[i], 1, HELPER_LENGTH);
        maker_done(&made[i]);
    }
    for (long i = 0; i < calls; i++)
        late[i] = overshoot(&made[(size_t)i % LOOPS].program, (uint32_t)ms);
    qsort(late, (size_t)calls, sizeof *late, compare_doubles);
    printf("{\"calls\":%ld,\"deadline_ms\":%ld,\"median_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f}\n",
           calls, ms, late[calls / 2], late[(calls - 1) * 99 / 100], late[calls - 1]);
    for (size_t i = 0; i < LOOPS; i++) maker_release(&made[i]);
    return EXIT_SUCCESS;
}
