#include "runtime/watchdog.h"

#include "base/clock.h"
#include "base/limits.h"

#include <assert.h>
#include <errno.h>
#include <lua.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

static const int64_t never = INT64_MAX;
static const int64_t ns_per_ms = 1000000;
/* After so many looks at which nobody was watched, the next look waits for somebody to come. */
enum { IDLE_LOOKS = 8 };

/* Who does not leave is signalled again after a pause, which doubles: the handler visits every frame of
 * Lua's stack, and if it took longer than the pause is, the thread would do nothing else. */
static const int64_t first_pause_ns = 1000000, longest_pause_ns = 256 * 1000000;

/* Where a thread is watched. Of its own thread: everything but the signals; of the watchdog: the
 * signals, `deadline_ns`, and `thread` as long as the post is listed. */
struct post {
    struct post *next, **link;
    pthread_t thread;
    _Atomic int64_t deadline_ns;    /* `never` outside of a call */
    struct lua_State *volatile lua; /* NULL outside of a call */
    lua_Hook volatile hook;
    bool listed;
    int64_t signalled_ns; /* the deadline for which there was a signal */
    int64_t again_ns, pause_ns;
};
static _Thread_local struct post here = {.deadline_ns = INT64_MAX};

/* Under `lock`: the list, whether the watchdog is there, its sleep. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t come;
static struct post *posts;
static bool running;
static unsigned idle_looks;
/* When the watchdog looks next: who is due earlier wakes it. */
static _Atomic int64_t next_look_ns = INT64_MAX;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t on_exit_key; /* its destructor takes a thread off the list */
static bool prepared;

static int64_t now_ns(void)
{
    return clock_steady_ns(clock_system());
}

static int alarm_signal(void)
{
    return SIGRTMIN;
}

/* ---- in the thread that is late */

/* lua_sethook() may be called while the very same thread is anywhere inside of Lua. Once more does no
 * harm. */
static void on_alarm(int number)
{
    (void)number;
    int kept = errno;
    struct lua_State *lua = here.lua;
    if (lua && now_ns() >= atomic_load(&here.deadline_ns))
        lua_sethook(lua, here.hook, LUA_MASKCALL | LUA_MASKRET | LUA_MASKLINE | LUA_MASKCOUNT, 1);
    errno = kept;
}

/* ---- the watchdog */

/* Signals who is late, again and again, until it leaves. When to do so next. */
static int64_t insist(struct post *post, int64_t deadline, int64_t now)
{
    if (post->signalled_ns != deadline) {
        post->signalled_ns = deadline;
        post->again_ns = now;
        post->pause_ns = first_pause_ns;
    }
    if (now < post->again_ns) return post->again_ns;
    pthread_kill(post->thread, alarm_signal());
    post->again_ns = now + post->pause_ns;
    if (post->pause_ns < longest_pause_ns) post->pause_ns *= 2;
    return post->again_ns;
}

/* When to look next. */
static int64_t look_around(int64_t now, int64_t horizon)
{
    int64_t next = horizon;
    idle_looks++;
    for (struct post *post = posts; post; post = post->next) {
        int64_t deadline = atomic_load(&post->deadline_ns);
        if (deadline == never) continue;
        idle_looks = 0;
        if (deadline <= now) deadline = insist(post, deadline, now);
        if (deadline < next) next = deadline;
    }
    return next;
}

static void sleep_until(int64_t then)
{
    const int64_t ns_per_second = 1000 * ns_per_ms;
    struct timespec at = {(time_t)(then / ns_per_second), (long)(then % ns_per_second)};
    if (then == never) pthread_cond_wait(&come, &lock);
    else pthread_cond_timedwait(&come, &lock, &at);
}

/* The next look is announced before the posts are looked at, and a post's deadline is written before
 * the announcement is read: so either the deadline is seen here, or who wrote it sees that it must wake
 * us. */
static void *keep_watch(void *unused)
{
    pthread_mutex_lock(&lock);
    for (;;) {
        int64_t now = now_ns();
        int64_t horizon = idle_looks < IDLE_LOOKS ? now + limit(JUDGE_MS) * ns_per_ms : never;
        atomic_store(&next_look_ns, horizon);
        int64_t next = look_around(now, horizon);
        atomic_store(&next_look_ns, next);
        sleep_until(next);
    }
    return unused;
}

static void wake(void)
{
    pthread_mutex_lock(&lock);
    pthread_cond_signal(&come);
    pthread_mutex_unlock(&lock);
}

/* It takes no signals: they are for others. */
static bool start(void)
{
    pthread_t thread;
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool ok = pthread_create(&thread, NULL, keep_watch, NULL) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (ok) pthread_detach(thread);
    return ok;
}

/* ---- who is known to it */

/* Destructor of on_exit_key: once it is off the list no signal is sent to the thread. */
static void unlist(void *value)
{
    struct post *post = value;
    pthread_mutex_lock(&lock);
    *post->link = post->next;
    if (post->next) post->next->link = post->link;
    pthread_mutex_unlock(&lock);
    post->listed = false;
}

static void prepare(void)
{
    struct sigaction action = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};
    pthread_condattr_t monotonic; /* as clock_steady_ns() */
    sigemptyset(&action.sa_mask);
    prepared = sigaction(alarm_signal(), &action, NULL) == 0 &&
               pthread_key_create(&on_exit_key, unlist) == 0 &&
               pthread_condattr_init(&monotonic) == 0 &&
               pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC) == 0 &&
               pthread_cond_init(&come, &monotonic) == 0;
}

/* Whatever signals the thread had blocked, it takes this one. */
static void let_alarm_in(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, alarm_signal());
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

static bool list(struct post *post)
{
    pthread_once(&once, prepare);
    if (!prepared || pthread_setspecific(on_exit_key, post) != 0) return false;
    let_alarm_in();
    post->thread = pthread_self();
    pthread_mutex_lock(&lock);
    if (!running) running = start();
    post->listed = running;
    if (running) {
        post->next = posts;
        post->link = &posts;
        if (posts) posts->link = &post->next;
        posts = post;
    } else pthread_setspecific(on_exit_key, NULL);
    pthread_mutex_unlock(&lock);
    return post->listed;
}

/* ---- a call */

enum status watchdog_watch(struct lua_State *lua, void (*hook)(struct lua_State *, struct lua_Debug *),
                           int64_t deadline_ns)
{
    assert(!here.lua);
    if (!here.listed && !list(&here)) return ST_NOMEM;
    here.hook = hook;
    here.lua = lua;
    atomic_store(&here.deadline_ns, deadline_ns);
    if (deadline_ns < atomic_load(&next_look_ns)) wake();
    return ST_OK;
}

void watchdog_leave(void)
{
    struct lua_State *lua = here.lua;
    here.lua = NULL; /* from here on the handler does nothing */
    atomic_signal_fence(memory_order_seq_cst);
    atomic_store_explicit(&here.deadline_ns, never, memory_order_release);
    if (lua_gethook(lua)) lua_sethook(lua, NULL, 0, 0);
}
