#include "server/throttle.h"

#include "base/digest.h"

#include <assert.h>

struct throttle_slot {
    uint64_t tag; /* of the key; 0: free */
    struct gcra_cell cell;
};

static const char *const names[] = {
#define POLICY(NAME, name, period_us, periods, what) #name,
#include "server/throttle.def"
#undef POLICY
};

static const struct {
    int64_t period_us, periods;
} windows[] = {
#define POLICY(NAME, name, period_us, periods, what) {period_us, periods},
#include "server/throttle.def"
#undef POLICY
};

const char *policy_name(enum policy policy)
{
    return names[policy];
}

static size_t table_bytes(const struct throttle *throttle)
{
    return (size_t)throttle->sets * THROTTLE_WAYS * sizeof(struct throttle_slot);
}

enum status throttle_init(struct throttle *throttle, struct mem *mem,
                          const struct throttle_rates *rates, uint32_t keys)
{
    assert(keys >= THROTTLE_WAYS);
    *throttle = (struct throttle){.mem = mem, .sets = 1};
    while (throttle->sets <= keys / THROTTLE_WAYS / 2) throttle->sets *= 2;
    for (int i = 0; i < THROTTLE_LOCKS; i++) pthread_mutex_init(&throttle->locks[i].mutex, NULL);
    for (int i = 0; i < POLICY_COUNT; i++) {
        int64_t rate = rates->value[i];
        if (rate == 0) continue;
        throttle->limits[i] = gcra_of(rate, windows[i].period_us, rate * windows[i].periods);
        throttle->slots[i] = mem_zalloc(mem, table_bytes(throttle));
        if (throttle->slots[i]) continue;
        throttle_release(throttle);
        return ST_NOMEM;
    }
    return ST_OK;
}

void throttle_release(struct throttle *throttle)
{
    if (!throttle->mem) return;
    for (int i = 0; i < POLICY_COUNT; i++)
        mem_free(throttle->mem, throttle->slots[i], throttle->slots[i] ? table_bytes(throttle) : 0);
    for (int i = 0; i < THROTTLE_LOCKS; i++) pthread_mutex_destroy(&throttle->locks[i].mutex);
    throttle->mem = NULL;
}

/* NULL: the key is not there. */
static struct throttle_slot *find(struct throttle_slot *set, uint64_t tag)
{
    for (int i = 0; i < THROTTLE_WAYS; i++)
        if (set[i].tag == tag) return &set[i];
    return NULL;
}

static int64_t at_of(const struct throttle_slot *slot)
{
    return atomic_load_explicit(&slot->cell.at, memory_order_relaxed);
}

/* A free one, else the one whose takings have grown back for longest, or will soonest. */
static struct throttle_slot *make_room(struct throttle *throttle, struct throttle_slot *set,
                                       uint64_t tag)
{
    struct throttle_slot *idlest = set;
    for (int i = 1; i < THROTTLE_WAYS && idlest->tag; i++)
        if (!set[i].tag || at_of(&set[i]) < at_of(idlest)) idlest = &set[i];
    if (idlest->tag) atomic_fetch_add_explicit(&throttle->evictions, 1, memory_order_relaxed);
    idlest->tag = tag;
    atomic_store_explicit(&idlest->cell.at, 0, memory_order_relaxed);
    return idlest;
}

static struct gcra_answer ask(struct throttle *throttle, enum policy policy, struct str key,
                              int64_t now_us, bool take)
{
    static const struct gcra none;
    struct gcra_cell empty = {0};
    if (!throttle->slots[policy] || key.len == 0) return gcra_look(&none, &empty, now_us, 1);
    const struct gcra *gcra = &throttle->limits[policy];
    uint64_t tag = digest_short(key);
    if (tag == 0) tag = 1;
    uint64_t number = tag & (throttle->sets - 1);
    struct throttle_slot *set = &throttle->slots[policy][number * THROTTLE_WAYS];
    pthread_mutex_t *lock = &throttle->locks[number % THROTTLE_LOCKS].mutex;
    pthread_mutex_lock(lock);
    struct throttle_slot *slot = find(set, tag);
    if (take && !slot) slot = make_room(throttle, set, tag);
    struct gcra_answer answer = take ? gcra_take(gcra, &slot->cell, now_us, 1)
                                     : gcra_look(gcra, slot ? &slot->cell : &empty, now_us, 1);
    pthread_mutex_unlock(lock);
    return answer;
}

struct gcra_answer throttle_take(struct throttle *throttle, enum policy policy, struct str key,
                                 int64_t now_us)
{
    return ask(throttle, policy, key, now_us, true);
}

struct gcra_answer throttle_look(struct throttle *throttle, enum policy policy, struct str key,
                                 int64_t now_us)
{
    return ask(throttle, policy, key, now_us, false);
}
