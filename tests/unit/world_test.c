#include "runtime/world.h"

#include "base/buf.h"
#include "base/limits.h"
#include "tests/unit/maker.h"

#include <lauxlib.h>
#include <lua.h>

/* Worlds are attacked with raw Lua, which no compiler of ours would write: whatever it does, it is
 * contained, and the next judging is right. */
static struct judge *judge;
static struct maker bad, good;

/* A form that adds two numbers, checks the sum and has rows with a column. */
static void make_good(void)
{
    maker_open(&good);
    maker_field(&good, "a", TYPE_INTEGER);
    maker_field(&good, "b", TYPE_INTEGER);
    maker_computed(&good, "sum", TYPE_INTEGER);
    maker_check(&good, 3, 0, "small", "too much");
    maker_repeat(&good, "rows", 0, 100);
    maker_field(&good, "x", TYPE_TEXT);
    maker_computed(&good, "y", TYPE_TEXT);
    maker_chunk(&good,
                "local fail, concat, charge = ... return function(S)\n"
                "  local a, b = S[1], S[2]\n"
                "  S[3] = a and b and a + b\n"
                "  if S[3] and S[3] > 10 then fail(0, 0) end\n"
                "  charge(S[6])\n"
                "  local x, y = S[4], S[5]\n"
                "  for r = 1, S[6] do y[r] = concat(x[r], '!') end\n"
                "end",
                3, HELPER_FAIL, HELPER_CONCAT, HELPER_CHARGE);
    maker_done(&good);
}

static const char *judged(const struct program *program, const char *answers,
                          struct judge_outcome *ret_outcome)
{
    static char text[4096];
    struct judging judging = {
        .program = program, .answers = str_of(answers), .steps_max = 100000, .ms_max = 60000};
    struct buf buf;
    CHECK_STATUS(judge_run(judge, &judging, ret_outcome), ST_OK);
    if (ret_outcome->state != JUDGE_JUDGED) return "";
    buf_init(&buf, mem_heap(), sizeof text - 1);
    verdict_write_answers(judge, &buf);
    snprintf(text, sizeof text, "%.*s", (int)buf.len, buf.ptr);
    buf_release(&buf);
    return text;
}

static void the_next_judging_is_right(void)
{
    struct judge_outcome outcome;
    const char *got = judged(&good.program, "{\"a\":4,\"b\":5,\"rows\":[{\"x\":\"hi\"},{}]}", &outcome);
    CHECK(strcmp(got, "{\"a\":4,\"b\":5,\"sum\":9,\"rows\":[{\"x\":\"hi\",\"y\":\"hi!\"},{}]}") == 0);
    CHECK(outcome.valid && outcome.steps == 4) /* the chunk, two rows, a short text */;
}

/* How the judging ends whose rules are `lua`; the helpers handed to it are charge, fail, breach and
 * concat. */
static enum judge_state end_of_chunk(struct str lua, const char **ret_answers)
{
    struct judge_outcome outcome;
    maker_open(&bad);
    maker_computed(&bad, "x", TYPE_INTEGER);
    maker_field(&bad, "n", TYPE_INTEGER);
    maker_check(&bad, 1, 0, "", "no");
    maker_chunk(&bad, "", 4, HELPER_CHARGE, HELPER_FAIL, HELPER_BREACH, HELPER_CONCAT)->lua = lua;
    maker_done(&bad);
    *ret_answers = judged(&bad.program, "{\"n\":7}", &outcome);
    struct judge_outcome again;
    judged(&bad.program, "{\"n\":7}", &again);
    CHECK(again.state == outcome.state && again.steps == outcome.steps &&
          again.fault_rule == outcome.fault_rule);
    judge_free(
        judge); /* worlds are known by the program's address, and the next program has the same */
    CHECK_STATUS(judge_new(mem_heap(), &judge), ST_OK);
    maker_release(&bad);
    the_next_judging_is_right();
    return outcome.state;
}

static enum judge_state end_of(const char *lua)
{
    const char *answers;
    return end_of_chunk(str_of(lua), &answers);
}

/* The rules are `body`, in a function of S. */
static enum judge_state end_of_body(const char *body)
{
    char lua[2048];
    snprintf(lua, sizeof lua, "local charge, fail, breach, concat = ... return function(S) %s end",
             body);
    return end_of(lua);
}

static void a_chunk_that_does_no_harm_is_run(void)
{
    const char *answers;
    CHECK(end_of_chunk(STR("return function(S) S[1] = S[2] * 2 end"), &answers) == JUDGE_JUDGED);
}

static void there_are_no_globals(void)
{
    static const char *const names[] = {"_G",         "assert",   "collectgarbage", "coroutine",
                                        "debug",      "dofile",   "error",          "getmetatable",
                                        "io",         "ipairs",   "load",           "loadfile",
                                        "loadstring", "math",     "next",           "os",
                                        "package",    "pairs",    "pcall",          "print",
                                        "rawequal",   "rawget",   "rawlen",         "rawset",
                                        "require",    "select",   "setmetatable",   "string",
                                        "table",      "tonumber", "tostring",       "type",
                                        "utf8",       "xpcall",   "warn",           "_VERSION"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char body[64];
        snprintf(body, sizeof body, "S[1] = %s and 1 or 2", names[i]);
        CHECK(end_of_body(body) == JUDGE_FAULT);
        snprintf(body, sizeof body, "%s = 1", names[i]);
        CHECK(end_of_body(body) == JUDGE_FAULT);
    }
    CHECK(end_of_body("if _ENV ~= nil then S[1] = true end") ==
          JUDGE_JUDGED); /* true would be no integer */
    CHECK(end_of("x = 1 return function() end") == JUDGE_FAULT);
}

static void texts_have_no_methods(void)
{
    CHECK(end_of_body("S[1] = ('x'):rep(1e9)") == JUDGE_FAULT);
    CHECK(end_of_body("S[1] = ('x').rep") == JUDGE_FAULT);
    CHECK(end_of_body("S[1] = '10' + 1") == JUDGE_FAULT);
    CHECK(end_of_body("S[1] = #'four'") == JUDGE_JUDGED);
}

struct dump {
    char bytes[512];
    size_t len;
};

static int append(lua_State *lua, const void *bytes, size_t len, void *ud)
{
    (void)lua;
    struct dump *dump = ud;
    if (len > sizeof dump->bytes - dump->len) return 1;
    memcpy(dump->bytes + dump->len, bytes, len);
    dump->len += len;
    return 0;
}

/* Real bytecode, the kind Lua would run: it is refused for being bytecode, not for being broken. */
static void bytecode_is_refused(void)
{
    struct dump dump = {.len = 0};
    const char *answers;
    lua_State *lua = luaL_newstate();
    CHECK(luaL_loadstring(lua, "return function(S) S[1] = 666 end") == LUA_OK);
    CHECK(lua_dump(lua, append, &dump, 1) == 0);
    CHECK(luaL_loadbufferx(lua, dump.bytes, dump.len, "=rules", "b") == LUA_OK);
    lua_close(lua);
    CHECK(end_of_chunk((struct str){dump.bytes, dump.len}, &answers) == JUDGE_FAULT);
}

static void a_chunk_that_is_no_lua_or_gives_no_function_is_broken(void)
{
    CHECK(end_of("this is not Lua") == JUDGE_FAULT);
    CHECK(end_of("") == JUDGE_FAULT);
    CHECK(end_of("return 5") == JUDGE_FAULT);
    CHECK(end_of("return nil + 1") == JUDGE_FAULT);
    CHECK(end_of_body("S[1] = nil + 1") == JUDGE_FAULT);
    CHECK(end_of_body("local t = nil; t.x = 1") == JUDGE_FAULT);
}

static void steps_end(void)
{
    CHECK(end_of_body("while true do charge(1) end") == JUDGE_OVER_STEPS);
    CHECK(end_of_body("charge(99999)") == JUDGE_JUDGED); /* and 1 for the chunk */
    CHECK(end_of_body("charge(100000)") == JUDGE_OVER_STEPS);
    CHECK(end_of_body("charge(1 << 62)") == JUDGE_OVER_STEPS);
}

static void memory_ends(void)
{
    CHECK(end_of_body("local t = {} for i = 1, 1e9 do t[i] = i end") == JUDGE_OVER_MEMORY);
    CHECK(end_of_body("local t = {} for i = 1, 1e9 do t[i] = {} end") == JUDGE_OVER_MEMORY);
    CHECK(end_of_body("local s = 'x' while true do s = s .. s end") == JUDGE_OVER_MEMORY);
    CHECK(end_of_body("for i = 1, 300000 do local t = {i} end S[1] = 1") ==
          JUDGE_JUDGED); /* what is dropped is reused */
    CHECK(end_of("local t = {} for i = 1, 1e9 do t[i] = i end return function() end") ==
          JUDGE_OVER_MEMORY);
}

static void recursion_ends(void)
{
    enum judge_state state = end_of_body("local function f(n) return 1 + f(n + 1) end S[1] = f(1)");
    CHECK(state == JUDGE_FAULT || state == JUDGE_OVER_MEMORY);
    char deep[2048] = "return function(S) S[1] = ";
    for (int i = 0; i < 300; i++) strcat(deep, "(");
    strcat(deep, "1");
    for (int i = 0; i < 300; i++) strcat(deep, ")");
    strcat(deep, " end");
    CHECK(end_of(deep) == JUDGE_FAULT);
}

static void what_comes_back_must_have_the_type_of_its_slot(void)
{
    CHECK(end_of_body("S[1] = {}") == JUDGE_FAULT);
    CHECK(end_of_body("S[1] = 'text'") == JUDGE_FAULT);
    CHECK(end_of_body("S[1] = 1.5") == JUDGE_FAULT);
    CHECK(end_of_body("S[1] = S") == JUDGE_FAULT);
    CHECK(end_of_body("S[1] = nil") == JUDGE_JUDGED);
}

static void places_that_do_not_exist_are_not_written(void)
{
    CHECK(end_of_body("fail(0, 0)") == JUDGE_JUDGED);
    CHECK(end_of_body("fail(1, 0)") == JUDGE_FAULT);
    CHECK(end_of_body("fail(-1, 0)") == JUDGE_FAULT);
    CHECK(end_of_body("fail(0, 1)") == JUDGE_FAULT);
    CHECK(end_of_body("fail(nil, nil)") == JUDGE_FAULT);
    CHECK(end_of_body("breach(2, 0, 0, 5)") == JUDGE_JUDGED);
    CHECK(end_of_body("breach(9, 0, 0, 5)") == JUDGE_FAULT);
    CHECK(end_of_body("breach(2, 1, 0, 5)") == JUDGE_FAULT);
    CHECK(end_of_body("breach(2, 0, 99, 5)") == JUDGE_FAULT);
    CHECK(end_of_body("breach(2, 0, 2, 5)") == JUDGE_FAULT);
    CHECK(end_of_body("breach(2, 0, 3, 0)") == JUDGE_FAULT);
    CHECK(end_of_body("breach(2, 0, 4, 0)") == JUDGE_FAULT);
    CHECK(end_of_body("breach(2, 0, 5, 0)") == JUDGE_FAULT);
    CHECK(end_of_body("breach(2, 0, 0, nil)") == JUDGE_FAULT);
}

static void a_chunk_that_acts_while_it_is_loaded_is_broken(void)
{
    CHECK(end_of("local charge, fail = ... fail(0, 0) return function() end") == JUDGE_FAULT);
    CHECK(end_of("local charge = ... charge(1) return function() end") == JUDGE_OVER_STEPS);
}

static void nothing_of_the_last_judging_is_left(void)
{
    struct judge_outcome outcome;
    maker_open(&bad);
    maker_computed(&bad, "kept", TYPE_INTEGER);
    maker_let(&bad, "let", TYPE_INTEGER);
    maker_field(&bad, "n", TYPE_INTEGER);
    maker_repeat(&bad, "rows", 0, 9);
    maker_computed(&bad, "cell", TYPE_INTEGER);
    maker_chunk(&bad, "return function(S) if S[3] then S[1] = S[3] S[4][1] = S[3] end end", 0);
    maker_done(&bad);
    CHECK(strcmp(judged(&bad.program, "{\"n\":7,\"rows\":[{}]}", &outcome),
                 "{\"kept\":7,\"n\":7,\"rows\":[{\"cell\":7}]}") == 0);
    CHECK(strcmp(judged(&bad.program, "{\"rows\":[{}]}", &outcome), "{\"rows\":[{}]}") == 0);
    judge_free(judge);
    CHECK_STATUS(judge_new(mem_heap(), &judge), ST_OK);
    maker_release(&bad);
}

/* The rows of a nested repeat, as dsl/program.h says: parents and beginnings. */
static void nested_rows_are_handed_over_with_their_parents(void)
{
    struct judge_outcome outcome;
    maker_open(&bad);
    maker_computed(&bad, "told", TYPE_TEXT);
    maker_repeat(&bad, "outer", 0, 9);
    maker_field(&bad, "name", TYPE_TEXT);
    maker_repeat(&bad, "inner", 0, 9);
    maker_field(&bad, "n", TYPE_INTEGER);
    maker_chunk(
        &bad,
        "local text, concat = ... return function(S)\n"
        "  local t = text(2, 0, S[3]) t = concat(text(3, 0, S[3]), '/', text(3, 0, S[5]), ':')\n"
        "  for p = 1, S[3] do\n"
        "    t = concat(t, S[2][p] or '?', '(')\n"
        "    for r = S[7][p], S[7][p + 1] - 1 do t = concat(t, text(3, 0, S[4][r]), '<', "
        "S[2][S[6][r]], ' ') end\n"
        "    t = concat(t, ')')\n"
        "  end\n"
        "  S[1] = t\n"
        "end",
        2, HELPER_TEXT_OF, HELPER_CONCAT);
    maker_done(&bad);
    const char *got =
        judged(&bad.program,
               "{\"outer\":[{\"name\":\"a\",\"inner\":[{\"n\":1},{\"n\":2}]},{\"name\":\"b\"},"
               "{\"name\":\"c\",\"inner\":[{\"n\":3}]}]}",
               &outcome);
    CHECK(strncmp(got, "{\"told\":\"3/3:a(1<a 2<a )b()c(3<c )\",", 36) == 0);
    CHECK(strncmp(judged(&bad.program, "{}", &outcome), "{\"told\":\"0/0:\"}", 15) == 0);
    judge_free(judge);
    CHECK_STATUS(judge_new(mem_heap(), &judge), ST_OK);
    maker_release(&bad);
}

static void values_of_every_type_come_and_go(void)
{
    struct judge_outcome outcome;
    maker_open(&bad);
    uint32_t list = maker_list(&bad, "red", "green", NULL);
    static const enum program_type types[] = {TYPE_TEXT,     TYPE_BOOLEAN, TYPE_INTEGER,
                                              TYPE_NUMBER,   TYPE_DATE,    TYPE_TIME,
                                              TYPE_DATETIME, TYPE_CHOICE,  TYPE_CHOICES};
    static const char *const names[] = {"t", "b", "i", "n", "d", "h", "m", "c", "s"};
    static const char *const copies[] = {"t2", "b2", "i2", "n2", "d2", "h2", "m2", "c2", "s2"};
    for (int i = 0; i < 9; i++) maker_offer(maker_field(&bad, names[i], types[i]), list);
    for (int i = 0; i < 9; i++) maker_offer(maker_computed(&bad, copies[i], types[i]), list);
    maker_chunk(&bad, "return function(S) for i = 1, 9 do S[i + 9] = S[i] end end", 0);
    maker_done(&bad);
    const char *answers =
        "{\"t\":\"x\",\"b\":false,\"i\":-1,\"n\":0.5,\"d\":\"1969-12-31\",\"h\":\"10:00:00\","
        "\"m\":\"2026-01-31T14:30:00.500+05:30\",\"c\":\"green\",\"s\":[\"red\"]";
    char want[512];
    snprintf(want, sizeof want, "%s,%s", answers,
             "\"t2\":\"x\",\"b2\":false,\"i2\":-1,\"n2\":0.5,\"d2\":\"1969-12-31\",\"h2\":\"10:00:00\","
             "\"m2\":\"2026-01-31T09:00:00.500Z\",\"c2\":\"green\",\"s2\":[\"red\"]}");
    char body[512];
    snprintf(body, sizeof body, "%s}", answers);
    CHECK(strcmp(judged(&bad.program, body, &outcome), want) == 0);
    judge_free(judge);
    CHECK_STATUS(judge_new(mem_heap(), &judge), ST_OK);
    maker_release(&bad);
}

int main(void)
{
    CHECK_STATUS(judge_new(mem_heap(), &judge), ST_OK);
    make_good();
    the_next_judging_is_right();
    a_chunk_that_does_no_harm_is_run();
    there_are_no_globals();
    texts_have_no_methods();
    bytecode_is_refused();
    a_chunk_that_is_no_lua_or_gives_no_function_is_broken();
    steps_end();
    memory_ends();
    recursion_ends();
    what_comes_back_must_have_the_type_of_its_slot();
    places_that_do_not_exist_are_not_written();
    a_chunk_that_acts_while_it_is_loaded_is_broken();
    nothing_of_the_last_judging_is_left();
    nested_rows_are_handed_over_with_their_parents();
    values_of_every_type_come_and_go();
    judge_free(judge);
    maker_release(&good);
    return TEST_RESULT();
}
