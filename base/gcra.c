#include "base/gcra.h"

#include <assert.h>

__extension__ typedef __int128 gcra_wide;

/* Of now, of what may be owed, and of debt: their sum fits. */
static const int64_t now_max = INT64_C(1) << 50, capacity_max = INT64_C(1) << 60,
                     owed_max = INT64_C(1) << 61;

static int64_t common_divisor(int64_t a, int64_t b)
{
    while (b) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* count / period as a fraction whose numerator is at most GCRA_UNITS, from below. */
static void simplify(int64_t *count, int64_t *period)
{
    int64_t divisor = common_divisor(*count, *period);
    *count /= divisor;
    *period /= divisor;
    if (*count <= GCRA_UNITS) return;
    gcra_wide shorter = (gcra_wide)GCRA_UNITS * *period / *count;
    if (shorter == 0) shorter = 1;
    gcra_wide fewer = *count * shorter / *period;
    *count = fewer < GCRA_UNITS ? (int64_t)fewer : GCRA_UNITS;
    *period = (int64_t)shorter;
}

struct gcra gcra_of(int64_t count, int64_t period_us, int64_t burst)
{
    assert(count >= 1 && period_us >= 1 && burst >= 1);
    simplify(&count, &period_us);
    if (period_us > capacity_max) period_us = capacity_max;
    int64_t most = capacity_max / period_us;
    return (struct gcra){count, period_us, period_us * (burst < most ? burst : most)};
}

/* What is owed at `now`: 0 when all has grown back. */
static int64_t owed_of(int64_t at, int64_t now)
{
    return at > now ? at - now : 0;
}

static int64_t left_of(const struct gcra *gcra, int64_t owed)
{
    return owed < gcra->capacity ? (gcra->capacity - owed) / gcra->interval : 0;
}

/* `price` more than owed, and what then? */
static struct gcra_answer judge(const struct gcra *gcra, int64_t owed, gcra_wide price)
{
    gcra_wide over = owed + price - gcra->capacity;
    if (over <= 0) return (struct gcra_answer){true, 0, left_of(gcra, owed + (int64_t)price)};
    struct gcra_answer answer = {false, GCRA_NEVER, left_of(gcra, owed)};
    if (price <= gcra->capacity) answer.wait_us = (int64_t)((over + gcra->units - 1) / gcra->units);
    return answer;
}

static int64_t units_of(const struct gcra *gcra, int64_t now_us)
{
    assert(now_us >= 0 && now_us < now_max);
    return now_us * gcra->units;
}

static const struct gcra_answer unlimited = {true, 0, INT64_MAX};

struct gcra_answer gcra_look(const struct gcra *gcra, struct gcra_cell *cell, int64_t now_us,
                             int64_t cost)
{
    assert(cost >= 1);
    if (gcra->units == 0) return unlimited;
    int64_t at = atomic_load_explicit(&cell->at, memory_order_relaxed);
    return judge(gcra, owed_of(at, units_of(gcra, now_us)), (gcra_wide)cost * gcra->interval);
}

struct gcra_answer gcra_take(const struct gcra *gcra, struct gcra_cell *cell, int64_t now_us,
                             int64_t cost)
{
    assert(cost >= 1);
    if (gcra->units == 0) return unlimited;
    int64_t now = units_of(gcra, now_us);
    gcra_wide price = (gcra_wide)cost * gcra->interval;
    int_least64_t at = atomic_load_explicit(&cell->at, memory_order_relaxed);
    while (true) {
        int64_t owed = owed_of(at, now);
        struct gcra_answer answer = judge(gcra, owed, price);
        if (!answer.taken) return answer;
        if (atomic_compare_exchange_weak_explicit(&cell->at, &at, now + owed + (int64_t)price,
                                                  memory_order_relaxed, memory_order_relaxed))
            return answer;
    }
}

struct gcra_answer gcra_charge(const struct gcra *gcra, struct gcra_cell *cell, int64_t now_us,
                               int64_t cost)
{
    assert(cost >= 1);
    if (gcra->units == 0) return unlimited;
    int64_t now = units_of(gcra, now_us);
    gcra_wide price = (gcra_wide)cost * gcra->interval;
    int_least64_t at = atomic_load_explicit(&cell->at, memory_order_relaxed);
    while (true) {
        gcra_wide sum = owed_of(at, now) + price;
        int64_t owed = sum < owed_max ? (int64_t)sum : owed_max;
        if (atomic_compare_exchange_weak_explicit(&cell->at, &at, now + owed, memory_order_relaxed,
                                                  memory_order_relaxed))
            return judge(gcra, owed, 0);
    }
}

void gcra_move(const struct gcra *from, struct gcra_cell *cell, const struct gcra *to,
               struct gcra_cell *ret_cell)
{
    int64_t at = atomic_load_explicit(&cell->at, memory_order_relaxed);
    int64_t at_us = from->units ? at / from->units : 0;
    if (at_us >= now_max) at_us = now_max - 1;
    atomic_store_explicit(&ret_cell->at, at_us * to->units, memory_order_relaxed);
}

int64_t gcra_burst(const struct gcra *gcra)
{
    return gcra->units ? gcra->capacity / gcra->interval : INT64_MAX;
}

int64_t gcra_reset_s(const struct gcra *gcra, int64_t left)
{
    if (gcra->units == 0) return 0;
    int64_t second = gcra->units * GCRA_SECOND_US;
    return (gcra->capacity - left * gcra->interval + second - 1) / second;
}

int64_t gcra_window_s(const struct gcra *gcra)
{
    if (gcra->units == 0) return 0;
    int64_t second = gcra->units * GCRA_SECOND_US;
    return (gcra->capacity + second - 1) / second;
}
