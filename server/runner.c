#include "server/runner.h"

#include <stdio.h>
#include <sys/resource.h>
#include <time.h>

#define MS_NS INT64_C(1000000)

enum { NICENESS = 10, NAP_MS = 60000 };

struct runner_item {
    char tenant[LIMIT_TENANT_ID_BYTES + 1], id[IDENT_BYTES];
    struct labour *labour;
    int64_t not_before_ns;
    bool taken;
    struct runner_item *next;
};

/* ---------------------------------------------------------------- under the lock */

static struct runner_item **find(struct runner *runner, struct str tenant, struct str id)
{
    struct runner_item **link = &runner->items;
    while (*link && !(str_eq(str_of((*link)->id), id) && str_eq(str_of((*link)->tenant), tenant)))
        link = &(*link)->next;
    return link;
}

static struct runner_item **find_item(struct runner *runner, const struct runner_item *item)
{
    struct runner_item **link = &runner->items;
    while (*link != item) link = &(*link)->next;
    return link;
}

static void put_last(struct runner *runner, struct runner_item *item)
{
    struct runner_item **end = &runner->items;
    while (*end) end = &(*end)->next;
    item->next = NULL;
    *end = item;
}

static void sooner(int64_t *at_ns, int64_t other_ns)
{
    if (other_ns < *at_ns) *at_ns = other_ns;
}

/* Taken, or NULL: then *at_ns is brought down to when there may be one. */
static struct runner_item *take_item(struct runner *runner, int64_t now_ns, int64_t *at_ns)
{
    for (struct runner_item **link = &runner->items; *link; link = &(*link)->next) {
        struct runner_item *item = *link;
        if (item->taken) continue;
        if (item->not_before_ns > now_ns) {
            sooner(at_ns, item->not_before_ns);
            continue;
        }
        *link = item->next;
        put_last(runner, item);
        item->taken = true;
        return item;
    }
    return NULL;
}

static bool is_due(struct runner *runner, const struct runner_waiter *waiter, int64_t now_ns)
{
    return runner->hushed || atomic_load(&runner->stopping) || waiter->until_ns <= now_ns ||
           !*find(runner, waiter->tenant, waiter->id);
}

static struct runner_waiter *take_waiter(struct runner *runner, int64_t now_ns, int64_t *at_ns)
{
    for (struct runner_waiter **link = &runner->waiters; *link; link = &(*link)->next) {
        struct runner_waiter *waiter = *link;
        if (!is_due(runner, waiter, now_ns)) {
            sooner(at_ns, waiter->until_ns);
            continue;
        }
        *link = waiter->next;
        return waiter;
    }
    return NULL;
}

static void sleep_until(struct runner *runner, int64_t at_ns, int64_t now_ns)
{
    /* Threads wait in real time whatever clock the server has. */
    int64_t until_ns = clock_steady_ns(clock_system()) + (at_ns - now_ns);
    struct timespec until = {.tv_sec = until_ns / 1000000000, .tv_nsec = until_ns % 1000000000};
    pthread_cond_timedwait(&runner->changed, &runner->lock, &until);
}

/* ---------------------------------------------------------------- a thread */

static void free_item(struct runner *runner, struct runner_item *item)
{
    labour_free(item->labour);
    mem_free(runner->mem, item, sizeof *item);
}

/* The lock is let go of meanwhile. */
static void take_turn(struct runner *runner, struct runner_item *item)
{
    int64_t wait_ms = 0;
    pthread_mutex_unlock(&runner->lock);
    bool more = labour_turn(item->labour, &wait_ms);
    pthread_mutex_lock(&runner->lock);
    item->taken = false;
    item->not_before_ns = clock_steady_ns(runner->clock) + wait_ms * MS_NS;
    if (more) return;
    *find_item(runner, item) = item->next;
    free_item(runner, item);
    pthread_cond_broadcast(&runner->changed);
}

static void add(void *user, struct str tenant, struct str id)
{
    runner_add(user, tenant, id);
}

static void look_for_what_was_left(struct runner *runner)
{
    pthread_mutex_unlock(&runner->lock);
    engine_operations_open(runner->engine, &runner->stopping, add, runner);
    pthread_mutex_lock(&runner->lock);
}

/* One thing to do, or sleep. */
static void do_something(struct runner *runner)
{
    int64_t now_ns = clock_steady_ns(runner->clock), at_ns = now_ns + NAP_MS * MS_NS;
    struct runner_waiter *waiter = take_waiter(runner, now_ns, &at_ns);
    if (waiter) {
        pthread_mutex_unlock(&runner->lock);
        waiter->over(waiter);
        pthread_mutex_lock(&runner->lock);
        return;
    }
    struct runner_item *item = take_item(runner, now_ns, &at_ns);
    if (item) take_turn(runner, item);
    else sleep_until(runner, at_ns, now_ns);
}

static void *work(void *user)
{
    struct runner *runner = user;
    (void)setpriority(PRIO_PROCESS, 0, NICENESS); /* of this thread alone, as Linux has it */
    pthread_mutex_lock(&runner->lock);
    bool looks = runner->scanning;
    runner->scanning = false;
    if (looks) look_for_what_was_left(runner);
    while (!atomic_load(&runner->stopping)) do_something(runner);
    pthread_mutex_unlock(&runner->lock);
    return NULL;
}

/* ---------------------------------------------------------------- from outside */

enum status runner_start(struct runner *runner, struct mem *mem, struct clock *clock,
                         struct engine *engine)
{
    pthread_condattr_t steady;
    *runner = (struct runner){.mem = mem, .clock = clock, .engine = engine, .scanning = true};
    pthread_mutex_init(&runner->lock, NULL);
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_cond_init(&runner->changed, &steady);
    pthread_condattr_destroy(&steady);
    runner->started = true;
    while (runner->thread_count < RUNNER_THREADS) {
        if (pthread_create(&runner->threads[runner->thread_count], NULL, work, runner) != 0)
            return ST_NOMEM;
        runner->thread_count++;
    }
    return ST_OK;
}

void runner_add(struct runner *runner, struct str tenant, struct str id)
{
    struct runner_item *item = mem_zalloc(runner->mem, sizeof *item);
    if (!item) return;
    if (labour_new(runner->engine, tenant, id, &item->labour) != ST_OK) {
        mem_free(runner->mem, item, sizeof *item);
        return;
    }
    (void)snprintf(item->tenant, sizeof item->tenant, "%.*s", STR_ARG(tenant));
    (void)snprintf(item->id, sizeof item->id, "%.*s", STR_ARG(id));
    pthread_mutex_lock(&runner->lock);
    bool known = *find(runner, tenant, id) != NULL;
    if (!known) put_last(runner, item);
    pthread_cond_broadcast(&runner->changed);
    pthread_mutex_unlock(&runner->lock);
    if (known) free_item(runner, item);
}

bool runner_await(struct runner *runner, struct runner_waiter *waiter)
{
    pthread_mutex_lock(&runner->lock);
    bool waits = !is_due(runner, waiter, clock_steady_ns(runner->clock));
    if (waits) {
        waiter->next = runner->waiters;
        runner->waiters = waiter;
        pthread_cond_broadcast(&runner->changed);
    }
    pthread_mutex_unlock(&runner->lock);
    return waits;
}

void runner_hush(struct runner *runner)
{
    if (!runner->started) return;
    pthread_mutex_lock(&runner->lock);
    runner->hushed = true;
    pthread_cond_broadcast(&runner->changed);
    pthread_mutex_unlock(&runner->lock);
}

static void tell_waiters(struct runner *runner)
{
    while (runner->waiters) {
        struct runner_waiter *waiter = runner->waiters;
        runner->waiters = waiter->next;
        waiter->over(waiter);
    }
}

void runner_stop(struct runner *runner)
{
    if (!runner->started) return;
    pthread_mutex_lock(&runner->lock);
    atomic_store(&runner->stopping, true);
    pthread_cond_broadcast(&runner->changed);
    pthread_mutex_unlock(&runner->lock);
    for (uint32_t i = 0; i < runner->thread_count; i++) pthread_join(runner->threads[i], NULL);
    tell_waiters(runner);
    while (runner->items) {
        struct runner_item *item = runner->items;
        runner->items = item->next;
        free_item(runner, item);
    }
    pthread_cond_destroy(&runner->changed);
    pthread_mutex_destroy(&runner->lock);
    runner->started = false;
}
