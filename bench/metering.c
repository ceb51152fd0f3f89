/* What metering costs: judging by the shipped path against the same program with its charges taken out
 * of the Lua text, on Lua's plain allocator, without a watchdog.
 *
 *     bench_metering FORM ANSWERS [ROUNDS]
 *
 * Both in turn in one process; prints one JSON object with the medians and the median of the rounds'
 * own ratios. The other variant is made here: the linker sends lua_newstate() and the watchdog's two
 * functions through this file (--wrap, bench/CMakeLists.txt). Nothing of it is in the product. */
#include "base/limits.h"
#include "bench/form_source.h"
#include "bench/measure.h"
#include "dsl/dsl.h"
#include "runtime/runtime.h"
#include "runtime/watchdog.h"

#include <lua.h>

typedef void watchdog_hook(struct lua_State *, struct lua_Debug *);

static bool metered = true;

/* ---- without a cap, without a watchdog */

static void *plain_alloc(void *ud, void *ptr, size_t old_size, size_t new_size)
{
    (void)ud, (void)old_size;
    if (new_size > 0) return realloc(ptr, new_size);
    free(ptr);
    return NULL;
}

/* The linker's names. */
/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */
lua_State *__real_lua_newstate(lua_Alloc alloc, void *ud);
lua_State *__wrap_lua_newstate(lua_Alloc alloc, void *ud);
enum status __real_watchdog_watch(struct lua_State *lua, watchdog_hook *hook, int64_t deadline_ns);
enum status __wrap_watchdog_watch(struct lua_State *lua, watchdog_hook *hook, int64_t deadline_ns);
void __real_watchdog_leave(void);
void __wrap_watchdog_leave(void);

lua_State *__wrap_lua_newstate(lua_Alloc alloc, void *ud)
{
    return metered ? __real_lua_newstate(alloc, ud) : __real_lua_newstate(plain_alloc, NULL);
}

enum status __wrap_watchdog_watch(struct lua_State *lua, watchdog_hook *hook, int64_t deadline_ns)
{
    return metered ? __real_watchdog_watch(lua, hook, deadline_ns) : ST_OK;
}

void __wrap_watchdog_leave(void)
{
    if (metered) __real_watchdog_leave();
}
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */

/* ---- without charges */

/* A line that does nothing but charge: the emitter writes each on a line of its own. */
static bool is_charge(struct str line)
{
    while (line.len > 0 && line.ptr[0] == ' ') line.ptr++, line.len--;
    return str_starts(line, STR("charge("));
}

static struct str without_charges(struct arena *arena, struct str lua, unsigned *charges)
{
    char *text = arena_alloc(arena, lua.len + 1);
    size_t len = 0;
    while (text && lua.len > 0) {
        const char *end = memchr(lua.ptr, '\n', lua.len);
        struct str line = {lua.ptr, end ? (size_t)(end - lua.ptr) + 1 : lua.len};
        if (is_charge(line)) {
            ++*charges;
        } else {
            memcpy(text + len, line.ptr, line.len);
            len += line.len;
        }
        lua = (struct str){lua.ptr + line.len, lua.len - line.len};
    }
    return (struct str){text, len};
}

static void strip(struct arena *arena, struct program *program, unsigned *charges)
{
    struct program_chunk *chunks = ARENA_ARRAY(arena, struct program_chunk, program->chunk_count + 1);
    if (!chunks) exit(EXIT_FAILURE);
    for (uint32_t i = 0; i < program->chunk_count; i++) {
        chunks[i] = program->chunks[i];
        chunks[i].lua = without_charges(arena, chunks[i].lua, charges);
        *charges += chunks[i].base_steps > 0;
        chunks[i].base_steps = 0;
    }
    program->chunks = chunks;
}

/* ---- in turn */

struct variant {
    bool metered;
    struct judge *judge;
    struct judging judging;
    struct judge_outcome outcome;
    struct series series;
};

static double time_calls(struct variant *variant, int calls)
{
    metered = variant->metered;
    double start = measure_now_us();
    for (int i = 0; i < calls; i++)
        if (judge_run(variant->judge, &variant->judging, &variant->outcome) != ST_OK)
            exit(EXIT_FAILURE);
    return (measure_now_us() - start) / calls;
}

static void open_variant(struct variant *variant, bool is_metered, const struct program *program,
                         struct str answers)
{
    *variant = (struct variant){.metered = is_metered,
                                .judging = {.program = program,
                                            .answers = answers,
                                            .now_ms = INT64_C(1775124000000),
                                            .steps_max = limit(COST_STEPS)}};
    if (judge_new(mem_heap(), &variant->judge) != ST_OK) exit(EXIT_FAILURE);
    time_calls(variant, 50);
    if (variant->outcome.state == JUDGE_JUDGED) return;
    fprintf(stderr, "not judged: state %d\n", (int)variant->outcome.state);
    exit(EXIT_FAILURE);
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: bench_metering FORM ANSWERS [ROUNDS]\n");
        return 2;
    }
    int rounds = argc > 3 ? atoi(argv[3]) : 61;
    unsigned charges = 0;
    struct arena arena;
    struct variant ours, bare;
    arena_init(&arena, mem_heap(), (size_t)1 << 30);
    struct str answers = source_read(&arena, argv[2]), source = source_read(&arena, argv[1]);
    struct program *program = source_compile(&arena, source),
                   *stripped = source_compile(&arena, source);
    strip(&arena, stripped, &charges);
    open_variant(&ours, true, program, answers);
    open_variant(&bare, false, stripped, answers);
    if (charges == 0 || bare.outcome.steps != 0 || ours.outcome.steps == 0 ||
        ours.outcome.error_count != bare.outcome.error_count) {
        fprintf(stderr, "the variants are not what they should be\n");
        return EXIT_FAILURE;
    }
    double warm = time_calls(&ours, 50);
    int calls = warm < 20 ? 1000 : warm < 500 ? 100 : 5;
    for (int i = 0; i < rounds && i < ROUNDS_MAX; i++) {
        bool first = i % 2 == 0; /* neither always comes after the other */
        series_add(first ? &ours.series : &bare.series, time_calls(first ? &ours : &bare, calls));
        series_add(first ? &bare.series : &ours.series, time_calls(first ? &bare : &ours, calls));
    }
    printf("{");
    series_put_both(&ours.series, &bare.series);
    printf(",\"steps\":%llu,\"charges\":%u}\n", (unsigned long long)ours.outcome.steps, charges);
    metered = true;
    judge_free(ours.judge);
    metered = false;
    judge_free(bare.judge);
    program_release(stripped);
    program_release(program);
    arena_release(&arena);
    return EXIT_SUCCESS;
}
