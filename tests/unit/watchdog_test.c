#include "runtime/watchdog.h"

#include "base/clock.h"
#include "base/limits.h"
#include "tests/test.h"

#include <lauxlib.h>
#include <lua.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <time.h>

/* Raw Lua, without a world around it. ThreadSanitizer hands a signal over only where it looks itself,
 * so what loops here asks the heap for memory now and then, as a table of 100 does. */
static const char forever[] = "while true do local t = {n} for i = 1, 100 do t[i] = i end end";
static const char brief[] = "local s = 0 for i = 1, n do local t = {i, i, i} s = s + t[3] end return s";

static const int64_t ns_per_ms = 1000000;

static int64_t now_ns(void)
{
    return clock_steady_ns(clock_system());
}

static void stop(lua_State *lua, lua_Debug *event)
{
    (void)event;
    lua_pushlightuserdata(lua, &test_failures);
    lua_error(lua);
}

/* How a call with `n` for its global ended. */
struct ended {
    bool was_stopped;
    int rc;
    lua_Integer result;
    int64_t late_ns; /* back after the deadline; negative: before it */
};

static struct ended call(lua_State *lua, const char *text, lua_Integer n, int64_t ns)
{
    struct ended ended = {.rc = LUA_OK};
    CHECK(luaL_loadstring(lua, text) == LUA_OK);
    lua_pushinteger(lua, n);
    lua_setglobal(lua, "n");
    int64_t deadline = now_ns() + ns;
    CHECK_STATUS(watchdog_watch(lua, stop, deadline), ST_OK);
    ended.rc = lua_pcall(lua, 0, 1, 0);
    watchdog_leave();
    ended.late_ns = now_ns() - deadline;
    ended.was_stopped = ended.rc == LUA_ERRRUN && lua_touserdata(lua, -1) == &test_failures;
    if (ended.rc == LUA_OK) ended.result = lua_tointeger(lua, -1);
    lua_settop(lua, 0);
    return ended;
}

static int64_t least_delay(lua_State *lua, const char *text, int64_t ns)
{
    int64_t least = INT64_MAX;
    for (int i = 0; i < 20 && (i < 5 || least > 5 * ns_per_ms); i++) {
        struct ended ended = call(lua, text, 1, ns);
        CHECK(ended.was_stopped && ended.late_ns >= 0 && ended.late_ns < 2000 * ns_per_ms);
        if (ended.late_ns < least) least = ended.late_ns;
    }
    return least;
}

/* The promise is for an idle machine; the quietest of some rounds is held to it. */
static void a_call_is_ended_within_five_ms_of_its_deadline(void)
{
    static const char *const texts[] = {
        forever,
        "local function f() local t = {} for i = 1, 100 do t[i] = i end return f() end f()",
        "::again:: local t = {} for i = 1, 100 do t[i] = i end goto again",
        "repeat local t = {} for i = 1, 100 do t[i] = i end until false",
        "local f = function(s, i) local t = {} for i = 1, 100 do t[i] = i end return i end "
        "for i in f, nil, 1 do end",
    };
    lua_State *lua = luaL_newstate();
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        CHECK(least_delay(lua, texts[i], 5 * ns_per_ms) <= 5 * ns_per_ms);
        CHECK(call(lua, brief, 10, 1000 * ns_per_ms).result == 55);
    }
    CHECK(least_delay(lua, forever, 300 * ns_per_ms) <= 5 * ns_per_ms); /* beyond its longest sleep */
    CHECK(least_delay(lua, forever, 0) <= 5 * ns_per_ms);
    CHECK(least_delay(lua, forever, -1000 * ns_per_ms) <= 1005 * ns_per_ms); /* late from the start */
    lua_close(lua);
}

/* ThreadSanitizer would never hand over the signal. */
static void a_loop_without_anything_in_it_is_ended_too(void)
{
#if !defined(__SANITIZE_THREAD__)
    lua_State *lua = luaL_newstate();
    CHECK(least_delay(lua, "while true do end", 5 * ns_per_ms) <= 5 * ns_per_ms);
    CHECK(least_delay(lua, "for i = 1, 1e18 do end", 5 * ns_per_ms) <= 5 * ns_per_ms);
    CHECK(least_delay(lua, "local i = 0 ::a:: i = i + 1 goto a", 5 * ns_per_ms) <= 5 * ns_per_ms);
    lua_close(lua);
#endif
}

/* The handler visits every frame: with so many it takes milliseconds, and the loop must still get on. */
static void a_call_as_deep_as_lua_allows_is_ended_too(void)
{
    lua_State *lua = luaL_newstate();
    struct ended ended = call(lua,
                              "local function f(d) if d == 0 then while true do local t = {} end end "
                              "return 1 + f(d - 1) end f(160000)",
                              1, ns_per_ms);
    CHECK(ended.was_stopped && ended.late_ns >= 0);
    CHECK(call(lua, brief, 10, 1000 * ns_per_ms).result == 55);
    lua_close(lua);
}

/* Calls whose end falls around their deadline: stopped or right, never anything else. */
static void a_call_that_ends_near_its_deadline_is_stopped_or_right(void)
{
    lua_State *lua = luaL_newstate();
    int stopped = 0, right = 0;
    for (lua_Integer i = 0; i < 2000; i++) {
        lua_Integer n = 100 + i % 500;
        struct ended ended = call(lua, brief, n, i % 100 * 1000);
        if (ended.was_stopped) stopped++;
        else if (ended.rc == LUA_OK && ended.result == n * (n + 1) / 2) right++;
    }
    CHECK(stopped + right == 2000 && right > 0);
    lua_close(lua);
}

static void after_the_call_the_hook_is_gone(void)
{
    lua_State *lua = luaL_newstate();
    CHECK(call(lua, forever, 1, ns_per_ms).was_stopped);
    CHECK(lua_gethook(lua) == NULL && lua_gethookmask(lua) == 0);
    CHECK(luaL_dostring(lua, "local s = 0 for i = 1, 1000 do s = s + i end return s") == LUA_OK);
    CHECK(lua_tointeger(lua, -1) == 500500);
    lua_close(lua);
}

/* A hook that only counts, as if something in Lua could catch what it raises. */
static unsigned hook_calls;

static void look_away(lua_State *lua, lua_Debug *event)
{
    (void)event;
    if (++hook_calls == 1000) stop(lua, NULL);
}

static void the_hook_stays_until_the_call_is_over(void)
{
    lua_State *lua = luaL_newstate();
    hook_calls = 0;
    CHECK(luaL_loadstring(lua, forever) == LUA_OK);
    CHECK_STATUS(watchdog_watch(lua, look_away, now_ns() + ns_per_ms), ST_OK);
    CHECK(lua_pcall(lua, 0, 0, 0) == LUA_ERRRUN);
    watchdog_leave();
    CHECK(hook_calls == 1000);
    lua_close(lua);
}

static void a_signal_that_comes_out_of_season_does_nothing(void)
{
    lua_State *lua = luaL_newstate();
    for (int i = 0; i < 1000; i++) pthread_kill(pthread_self(), SIGRTMIN);
    CHECK(luaL_loadstring(lua, "local t = {} for i = 1, 1000 do t[i] = {} end return #t") == LUA_OK);
    CHECK_STATUS(watchdog_watch(lua, stop, now_ns() + 10000 * ns_per_ms), ST_OK);
    for (int i = 0; i < 1000; i++) pthread_kill(pthread_self(), SIGRTMIN); /* in a call, in time */
    CHECK(lua_pcall(lua, 0, 1, 0) == LUA_OK && lua_tointeger(lua, -1) == 1000);
    watchdog_leave();
    for (int i = 0; i < 1000; i++) pthread_kill(pthread_self(), SIGRTMIN);
    lua_close(lua);
}

/* After two seconds without anybody it sleeps until it is woken. */
static void it_wakes_when_somebody_comes_after_a_long_while(void)
{
    lua_State *lua = luaL_newstate();
    struct timespec pause = {.tv_sec = 0, .tv_nsec = 50 * ns_per_ms};
    CHECK(call(lua, brief, 10, ns_per_ms * 1000).result == 55);
    for (int i = 0; i < 10 * limit(JUDGE_MS) / 50; i++) nanosleep(&pause, NULL);
    CHECK(call(lua, forever, 1, 20 * ns_per_ms).was_stopped);
    lua_close(lua);
}

/* ---- more threads than one */

static char wrong[] = "a call went wrong";

static void *work(void *blocked)
{
    sigset_t all;
    sigfillset(&all);
    if (blocked) pthread_sigmask(SIG_BLOCK, &all, NULL);
    lua_State *lua = luaL_newstate();
    for (lua_Integer i = 0; i < 20; i++) {
        bool was_stopped = call(lua, forever, 1, 2 * ns_per_ms).was_stopped;
        lua_Integer result = call(lua, brief, i, 100000 * ns_per_ms).result;
        if (was_stopped && result == i * (i + 1) / 2) continue;
        lua_close(lua);
        return wrong;
    }
    lua_close(lua);
    return NULL;
}

static void run_threads(void *blocked)
{
    enum { THREADS = 6 };
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) CHECK(pthread_create(&threads[i], NULL, work, blocked) == 0);
    for (int i = 0; i < THREADS; i++) {
        void *got = wrong;
        CHECK(pthread_join(threads[i], &got) == 0);
        CHECK(got == NULL);
    }
}

static void threads_are_watched_each_by_its_own_deadline(void)
{
    run_threads(NULL);
}

static void a_thread_that_had_blocked_all_signals_is_ended_too(void)
{
    run_threads(&test_failures);
}

static void *work_once(void *unused)
{
    (void)unused;
    lua_State *lua = luaL_newstate();
    lua_Integer result = call(lua, brief, 10, 1000 * ns_per_ms).result;
    lua_close(lua);
    return result == 55 ? NULL : wrong;
}

/* While one is late and signalled, others come, are watched and end. */
static void threads_that_have_ended_are_forgotten(void)
{
    lua_State *lua = luaL_newstate();
    for (int i = 0; i < 100; i++) {
        pthread_t thread;
        void *got = wrong;
        CHECK(pthread_create(&thread, NULL, work_once, NULL) == 0);
        if (i % 10 == 0) CHECK(call(lua, forever, 1, ns_per_ms).was_stopped);
        CHECK(pthread_join(thread, &got) == 0 && got == NULL);
    }
    lua_close(lua);
}

int main(void)
{
    a_call_is_ended_within_five_ms_of_its_deadline();
    a_loop_without_anything_in_it_is_ended_too();
    a_call_as_deep_as_lua_allows_is_ended_too();
    a_call_that_ends_near_its_deadline_is_stopped_or_right();
    after_the_call_the_hook_is_gone();
    the_hook_stays_until_the_call_is_over();
    a_signal_that_comes_out_of_season_does_nothing();
    it_wakes_when_somebody_comes_after_a_long_while();
    threads_are_watched_each_by_its_own_deadline();
    a_thread_that_had_blocked_all_signals_is_ended_too();
    threads_that_have_ended_are_forgotten();
    return TEST_RESULT();
}
