#include "tests/simulation/fiber.h"

#include "tests/simulation/dice.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <ucontext.h>

#if defined __SANITIZE_ADDRESS__
#define HAS_ASAN 1
#elif defined __has_feature
#if __has_feature(address_sanitizer)
#define HAS_ASAN 1
#endif
#endif
#ifdef HAS_ASAN
#include <sanitizer/common_interface_defs.h>
#endif

enum { STACK_BYTES = 4 << 20, FIBERS_MAX = 64, KEYS_MAX = 32 };

enum fiber_state { FIBER_FREE, FIBER_READY, FIBER_WAITING, FIBER_OVER };

struct fiber {
    enum fiber_state state;
    const void *on;   /* WAITING: for whom; NULL: for a moment only */
    int64_t until_ns; /* WAITING: at the latest */
    bool late;        /* it was the moment that came */
    void *(*run)(void *user);
    void *user, *result;
    bool detached;
    void *values[KEYS_MAX];
    ucontext_t context;
    char *stack;
    const void *bottom; /* of the stack, as the sanitizer wants to know it */
    size_t bottom_bytes;
};

static struct fiber fibers[FIBERS_MAX], *current = fibers;
static int64_t steady_ns, wall_offset_us;
static struct dice dice;
static uint64_t switches;
static struct {
    bool used;
    void (*destroy)(void *value);
} keys[KEYS_MAX];

/* ---- from one to the next */

static void arrive(void *fake)
{
#ifdef HAS_ASAN
    __sanitizer_finish_switch_fiber(fake, NULL, NULL);
#else
    (void)fake;
#endif
}

static void switch_to(struct fiber *next)
{
    struct fiber *self = current;
    void *fake = NULL;
    if (next == self) return;
    switches++;
    current = next;
#ifdef HAS_ASAN
    __sanitizer_start_switch_fiber(self->state == FIBER_OVER || self->state == FIBER_FREE ? NULL
                                                                                          : &fake,
                                   next->bottom, next->bottom_bytes);
#endif
    if (swapcontext(&self->context, &next->context) != 0) abort();
    arrive(fake);
}

/* NULL: nobody can go on. */
static struct fiber *pick(void)
{
    struct fiber *ready[FIBERS_MAX];
    uint32_t count = 0;
    for (int i = 0; i < FIBERS_MAX; i++)
        if (fibers[i].state == FIBER_READY) ready[count++] = &fibers[i];
    return count ? ready[count == 1 ? 0 : dice_below(&dice, count)] : NULL;
}

/* The moments that are next, and not after `end_ns`. False: there is none. */
static bool ring(int64_t end_ns)
{
    int64_t next_ns = INT64_MAX;
    for (int i = 0; i < FIBERS_MAX; i++)
        if (fibers[i].state == FIBER_WAITING && fibers[i].until_ns < next_ns)
            next_ns = fibers[i].until_ns;
    if (next_ns == INT64_MAX || next_ns > end_ns) return false;
    if (next_ns > steady_ns) steady_ns = next_ns;
    for (int i = 0; i < FIBERS_MAX; i++) {
        if (fibers[i].state != FIBER_WAITING || fibers[i].until_ns > steady_ns) continue;
        fibers[i].state = FIBER_READY;
        fibers[i].late = true;
    }
    return true;
}

static void deadlock(void)
{
    (void)fprintf(stderr, "deadlock: every thread waits for another\n");
    abort();
}

static void leave(void)
{
    struct fiber *next = pick();
    while (!next) {
        if (!ring(INT64_MAX)) deadlock();
        next = pick();
    }
    switch_to(next);
}

/* True: the moment came first. */
static bool wait_on(const void *on, int64_t until_ns)
{
    current->state = FIBER_WAITING;
    current->on = on;
    current->until_ns = until_ns;
    current->late = false;
    leave();
    return current->late;
}

static void wake_all(const void *on)
{
    for (int i = 0; i < FIBERS_MAX; i++)
        if (fibers[i].state == FIBER_WAITING && fibers[i].on == on) fibers[i].state = FIBER_READY;
}

static void wake_one(const void *on)
{
    struct fiber *waiting[FIBERS_MAX];
    uint32_t count = 0;
    for (int i = 0; i < FIBERS_MAX; i++)
        if (fibers[i].state == FIBER_WAITING && fibers[i].on == on) waiting[count++] = &fibers[i];
    if (count) waiting[dice_below(&dice, count)]->state = FIBER_READY;
}

/* ---- life of one */

static void give_values_back(struct fiber *fiber)
{
    for (int i = 0; i < KEYS_MAX; i++) {
        void *value = fiber->values[i];
        fiber->values[i] = NULL;
        if (value && keys[i].used && keys[i].destroy) keys[i].destroy(value);
    }
}

static void live(void)
{
    arrive(NULL);
    current->result = current->run(current->user);
    give_values_back(current);
    wake_all(current);
    current->state = current->detached ? FIBER_FREE : FIBER_OVER;
    leave();
}

void fiber_begin(uint64_t seed, int64_t wall_us)
{
    dice_init(&dice, seed);
    steady_ns = FIBER_SECOND_NS;
    fiber_set_wall(wall_us);
    current->state = FIBER_READY;
#ifdef HAS_ASAN
    pthread_attr_t attributes;
    void *bottom;
    size_t bytes;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0 ||
        pthread_attr_getstack(&attributes, &bottom, &bytes) != 0)
        abort();
    current->bottom = bottom;
    current->bottom_bytes = bytes;
    pthread_attr_destroy(&attributes);
#endif
}

void fiber_turn(void)
{
    bool alone = true;
    for (int i = 0; i < FIBERS_MAX; i++)
        alone &= &fibers[i] == current || fibers[i].state != FIBER_READY;
    if (alone && !ring(INT64_MAX)) deadlock();
    switch_to(pick());
}

static bool others_ready(void)
{
    for (int i = 0; i < FIBERS_MAX; i++)
        if (&fibers[i] != current && fibers[i].state == FIBER_READY) return true;
    return false;
}

void fiber_pass(int64_t ns)
{
    int64_t end_ns = steady_ns + ns;
    do
        while (others_ready()) switch_to(pick());
    while (ring(end_ns));
    if (end_ns > steady_ns) steady_ns = end_ns;
}

void fiber_end_thread(void)
{
    give_values_back(current);
}

int64_t fiber_steady_ns(void)
{
    return steady_ns;
}

int64_t fiber_wall_us(void)
{
    return steady_ns / 1000 + wall_offset_us;
}

void fiber_set_wall(int64_t wall_us)
{
    wall_offset_us = wall_us - steady_ns / 1000;
}

void fiber_doze(int64_t ns)
{
    steady_ns += ns;
}

uint64_t fiber_switches(void)
{
    return switches;
}

/* ---- in the place of the system's */

#define PUT(result, name, ...)                                                                         \
    result __wrap_##name(__VA_ARGS__);                                                                 \
    result __wrap_##name(__VA_ARGS__)

static struct fiber *of_thread(pthread_t thread)
{
    return &fibers[thread];
}

static struct fiber *free_fiber(void)
{
    for (int i = 0; i < FIBERS_MAX; i++)
        if (fibers[i].state == FIBER_FREE) return &fibers[i];
    return NULL;
}

static char *stack_new(void)
{
    char *stack = mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (stack == MAP_FAILED) abort();
    return stack;
}

static void prepare(struct fiber *fiber)
{
    if (getcontext(&fiber->context) != 0) abort();
    fiber->context.uc_stack.ss_sp = fiber->stack;
    fiber->context.uc_stack.ss_size = STACK_BYTES;
    makecontext(&fiber->context, live, 0);
}

PUT(int, pthread_create, pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *),
    void *user)
{
    (void)attributes;
    struct fiber *fiber = free_fiber();
    if (!fiber) return EAGAIN;
    char *stack = fiber->stack ? fiber->stack : stack_new();
    *fiber = (struct fiber){.state = FIBER_READY,
                            .run = run,
                            .user = user,
                            .stack = stack,
                            .bottom = stack,
                            .bottom_bytes = STACK_BYTES};
    prepare(fiber);
    *thread = (pthread_t)(fiber - fibers);
    return 0;
}

PUT(int, pthread_join, pthread_t thread, void **result)
{
    struct fiber *fiber = of_thread(thread);
    while (fiber->state != FIBER_OVER) (void)wait_on(fiber, INT64_MAX);
    if (result) *result = fiber->result;
    fiber->state = FIBER_FREE;
    return 0;
}

PUT(int, pthread_detach, pthread_t thread)
{
    of_thread(thread)->detached = true;
    return 0;
}

/* Of a mutex the first word is used, which is 0 in PTHREAD_MUTEX_INITIALIZER. */
enum { TAKEN = 1, AWAITED };

static int *word_of(pthread_mutex_t *mutex)
{
    return (int *)(void *)mutex;
}

PUT(int, pthread_mutex_init, pthread_mutex_t *mutex, const pthread_mutexattr_t *attributes)
{
    (void)attributes;
    *word_of(mutex) = 0;
    return 0;
}

PUT(int, pthread_mutex_destroy, pthread_mutex_t *mutex)
{
    return *word_of(mutex) ? EBUSY : 0;
}

PUT(int, pthread_mutex_lock, pthread_mutex_t *mutex)
{
    while (*word_of(mutex)) {
        *word_of(mutex) = AWAITED;
        (void)wait_on(mutex, INT64_MAX);
    }
    *word_of(mutex) = TAKEN;
    return 0;
}

PUT(int, pthread_mutex_trylock, pthread_mutex_t *mutex)
{
    if (*word_of(mutex)) return EBUSY;
    *word_of(mutex) = TAKEN;
    return 0;
}

PUT(int, pthread_mutex_unlock, pthread_mutex_t *mutex)
{
    bool awaited = *word_of(mutex) == AWAITED;
    *word_of(mutex) = 0;
    if (awaited) wake_all(mutex);
    return 0;
}

PUT(int, pthread_cond_init, pthread_cond_t *cond, const pthread_condattr_t *attributes)
{
    (void)cond, (void)attributes;
    return 0;
}

PUT(int, pthread_cond_destroy, pthread_cond_t *cond)
{
    (void)cond;
    return 0;
}

/* All of the product's conditions are of the steady clock. */
PUT(int, pthread_cond_timedwait, pthread_cond_t *cond, pthread_mutex_t *mutex,
    const struct timespec *until)
{
    int64_t until_ns = until ? (int64_t)until->tv_sec * FIBER_SECOND_NS + until->tv_nsec : INT64_MAX;
    (void)__wrap_pthread_mutex_unlock(mutex);
    bool late = wait_on(cond, until_ns);
    (void)__wrap_pthread_mutex_lock(mutex);
    return late ? ETIMEDOUT : 0;
}

PUT(int, pthread_cond_wait, pthread_cond_t *cond, pthread_mutex_t *mutex)
{
    return __wrap_pthread_cond_timedwait(cond, mutex, NULL);
}

PUT(int, pthread_cond_signal, pthread_cond_t *cond)
{
    wake_one(cond);
    return 0;
}

PUT(int, pthread_cond_broadcast, pthread_cond_t *cond)
{
    wake_all(cond);
    return 0;
}

PUT(int, pthread_once, pthread_once_t *once, void (*run)(void))
{
    enum { RUNNING = 1, DONE };
    while (*once == RUNNING) (void)wait_on(once, INT64_MAX);
    if (*once == DONE) return 0;
    *once = RUNNING;
    run();
    *once = DONE;
    wake_all(once);
    return 0;
}

PUT(int, pthread_key_create, pthread_key_t *key, void (*destroy)(void *))
{
    for (unsigned i = 0; i < KEYS_MAX; i++) {
        if (keys[i].used) continue;
        keys[i].used = true;
        keys[i].destroy = destroy;
        for (int j = 0; j < FIBERS_MAX; j++) fibers[j].values[i] = NULL;
        *key = i;
        return 0;
    }
    return EAGAIN;
}

PUT(int, pthread_key_delete, pthread_key_t key)
{
    keys[key].used = false;
    return 0;
}

PUT(void *, pthread_getspecific, pthread_key_t key)
{
    return current->values[key];
}

PUT(int, pthread_setspecific, pthread_key_t key, const void *value)
{
    memcpy(&current->values[key], &value, sizeof value);
    return 0;
}

PUT(int, nanosleep, const struct timespec *length, struct timespec *left)
{
    (void)left;
    (void)wait_on(NULL, steady_ns + (int64_t)length->tv_sec * FIBER_SECOND_NS + length->tv_nsec);
    return 0;
}

PUT(int, clock_gettime, clockid_t which, struct timespec *now)
{
    int64_t ns = which == CLOCK_REALTIME ? fiber_wall_us() * 1000 : steady_ns;
    *now = (struct timespec){.tv_sec = ns / FIBER_SECOND_NS, .tv_nsec = ns % FIBER_SECOND_NS};
    return 0;
}

/* Niceness is of the one thread that there is. */
PUT(int, setpriority, int which, unsigned who, int niceness)
{
    (void)which, (void)who, (void)niceness;
    return 0;
}
