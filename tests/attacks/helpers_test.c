/* Every helper with every kind of argument that raw Lua can hand it. Whatever it is given, it answers,
 * ends the judging in one of the known ways, and leaves the next judging right. The arguments are drawn
 * by a generator of our own, so every run is the same. */
#include "runtime/runtime.h"
#include "tests/test.h"
#include "tests/unit/maker.h"

#include <stdbool.h>

enum { CALLS = 120, ARGS_MAX = 6, STEPS_MAX = 1000000, LUA_BYTES = 2048 };

/* What a helper may be handed. */
static const char *const values[] = {
    "nil",
    "true",
    "false",
    "{}",
    "S",
    "charge",
    "0",
    "1",
    "2",
    "3",
    "-1",
    "7",
    "18",
    "19",
    "255",
    "0.0",
    "-0.0",
    "0.5",
    "-1.5",
    "1e308",
    "-1e308",
    "5e-324",
    "1/0",
    "-1/0",
    "0/0",
    "1<<31",
    "(1<<31)-1",
    "1<<32",
    "(1<<53)-1",
    "1<<53",
    "-(1<<53)+1",
    "1<<62",
    "(1<<63)-1",
    "1<<63",
    "719528",
    "-719162",
    "2932896",
    "86399999",
    "253402300799999",
    "-62135596800000",
    "''",
    "'a'",
    "'12'",
    "'-0.50'",
    "' 7 '",
    "'2026-01-31'",
    "'x'..'y'",
    "'\\0'",
    "'\\xff'",
    "'\\u{1F600}\\u{DF}\\u{390}'",
    "'\\xed\\xa0\\x80'",
    "'\\x07'",
    "'\\xff\\xff\\xff\\xff'",
    "long",
    "S[5]",
    "S[7]",
    "S[9]",
    "S[10]",
};
enum { VALUES = sizeof values / sizeof *values };

struct helper {
    enum program_helper number;
    int arity;
    const char *name;
};

static const struct helper helpers[] = {
#define HELPER(NAME, name, arity, base_cost, note) {HELPER_##NAME, (arity), #name},
#include "dsl/helper.def"
#undef HELPER
};
enum { HELPERS = sizeof helpers / sizeof *helpers };

static struct judge *judge;
static struct maker *good;
static uint64_t seed = 1;

static unsigned draw(unsigned below)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(seed >> 33) % below;
}

static struct maker *make(const char *lua)
{
    struct maker *m = mem_zalloc(mem_heap(), sizeof *m);
    maker_open(m);
    uint32_t list = maker_list(m, "one", "two", "three", NULL);
    maker_computed(m, "i", TYPE_INTEGER);
    maker_computed(m, "w", TYPE_TEXT);
    maker_computed(m, "d", TYPE_NUMBER);
    maker_computed(m, "b", TYPE_BOOLEAN);
    maker_field(m, "n", TYPE_INTEGER);
    maker_field(m, "f", TYPE_NUMBER);
    maker_field(m, "t", TYPE_TEXT);
    maker_field(m, "c", TYPE_CHOICE)->target = list;
    maker_field(m, "s", TYPE_CHOICES)->target = list;
    maker_repeat(m, "rows", 0, 10);
    maker_field(m, "x", TYPE_INTEGER);
    maker_check(m, 1, 0, "", "no");
    maker_check(m, 11, 1, "", "no");
    maker_pattern(m, "[a-z]+", NULL);
    enum program_helper *given = ARENA_ARRAY(&m->arena, enum program_helper, HELPERS);
    for (unsigned i = 0; i < HELPERS; i++) given[i] = helpers[i].number;
    *maker_chunk(m, "", 0) = (struct program_chunk){.lua = arena_str(&m->arena, str_of(lua)),
                                                    .helpers = given,
                                                    .helper_count = HELPERS,
                                                    .base_steps = 1};
    maker_done(m);
    return m;
}

static void run(const struct program *program, struct judge_outcome *ret_outcome)
{
    struct judging judging = {
        .program = program,
        .answers = STR("{\"n\":7,\"f\":0.5,\"t\":\"text\",\"c\":\"two\",\"s\":[\"one\",\"three\"],"
                       "\"rows\":[{\"x\":1},{}]}"),
        .steps_max = STEPS_MAX,
        .ms_max = 10000};
    CHECK_STATUS(judge_run(judge, &judging, ret_outcome), ST_OK);
}

static void the_next_judging_is_right(const char *lua)
{
    struct judge_outcome outcome;
    struct buf out;
    buf_init(&out, mem_heap(), 1 << 16);
    run(&good->program, &outcome);
    if (outcome.state == JUDGE_JUDGED) verdict_write_answers(judge, &out);
    if (!str_starts(buf_str(&out), STR("{\"i\":14,\"n\":7,")) || outcome.steps != 1) {
        fprintf(stderr, "the next judging is wrong after: %s\n", lua);
        test_failures++;
    }
    buf_release(&out);
}

/* "b = helper(value, value)" and the result into the slots of every type, where it belongs. */
static void put_call(struct buf *lua, const struct helper *helper)
{
    int count = helper->arity < 0 ? (int)draw(ARGS_MAX + 1) : helper->arity;
    if (draw(8) == 0) count = (int)draw(ARGS_MAX + 1); /* too few or too many */
    buf_printf(lua, "local r = %s(", helper->name);
    for (int i = 0; i < count; i++) buf_printf(lua, "%s%s", i ? "," : "", values[draw(VALUES)]);
    buf_printf(lua, ") S[%u] = r ", 1 + draw(4));
}

static void put_rules(struct buf *lua, const struct helper *helper)
{
    buf_puts(lua, "local _");
    for (unsigned i = 0; i < HELPERS; i++) buf_printf(lua, ",%s", helpers[i].name);
    buf_puts(lua, "=nil,... local long='x' for i=1,14 do long=long..long end return function(S) ");
    put_call(lua, helper);
    buf_puts(lua, "end");
}

/* A judging that is there must be writable, and again to the same bytes. */
static void write_twice(const char *lua)
{
    struct buf once, twice;
    buf_init(&once, mem_heap(), 1 << 22);
    buf_init(&twice, mem_heap(), 1 << 22);
    verdict_write(judge, 1, &once);
    verdict_write(judge, 1, &twice);
    if (buf_failed(&once) || !str_eq(buf_str(&once), buf_str(&twice))) {
        fprintf(stderr, "no verdict after: %s\n", lua);
        test_failures++;
    }
    buf_release(&once);
    buf_release(&twice);
}

static unsigned ends[JUDGE_FAULT + 1];

static void attack(const struct helper *helper)
{
    struct buf lua;
    struct judge_outcome outcome;
    buf_init(&lua, mem_heap(), LUA_BYTES);
    put_rules(&lua, helper);
    buf_putc(&lua, 0);
    CHECK(!buf_failed(&lua));
    struct maker *m = make(lua.ptr);
    run(&m->program, &outcome);
    CHECK(outcome.state != JUDGE_MALFORMED && outcome.state != JUDGE_OVER_TIME);
    ends[outcome.state]++;
    if (outcome.state == JUDGE_JUDGED) write_twice(lua.ptr);
    the_next_judging_is_right(lua.ptr);
    judge_free(judge); /* its worlds know programs by their addresses */
    CHECK_STATUS(judge_new(mem_heap(), &judge), ST_OK);
    maker_release(m);
    mem_free(mem_heap(), m, sizeof *m);
    buf_release(&lua);
}

int main(void)
{
    CHECK_STATUS(judge_new(mem_heap(), &judge), ST_OK);
    good = make("return function(S) S[1] = S[5] * 2 end");
    for (unsigned i = 0; i < HELPERS; i++)
        for (int k = 0; k < CALLS; k++) attack(&helpers[i]);
    judge_free(judge);
    maker_release(good);
    mem_free(mem_heap(), good, sizeof *good);
    fprintf(stderr, "%u judged, %u over-steps, %u over-memory, %u broken or faulted\n",
            ends[JUDGE_JUDGED], ends[JUDGE_OVER_STEPS], ends[JUDGE_OVER_MEMORY], ends[JUDGE_FAULT]);
    CHECK(ends[JUDGE_JUDGED] > HELPERS && ends[JUDGE_FAULT] > HELPERS && ends[JUDGE_OVER_STEPS] > 0);
    return TEST_RESULT();
}
