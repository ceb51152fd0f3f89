/* Clock: the time, through a door that a test can stand in.
 *
 *     int64_t now = clock_wall_ms(clock_system());
 *     struct clock_fixed fixed; clock_fixed_init(&fixed, 1768471200000000); … fixed.now_us += 1000000;
 *
 * Nothing above base/ asks the system for the time. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

struct clock {
    int64_t (*wall_us)(struct clock *self);   /* since 1970-01-01T00:00:00Z; may be set back */
    int64_t (*steady_ns)(struct clock *self); /* since some moment; never goes back */
};

/* The system's clocks. */
struct clock *clock_system(void);

/* A clock that shows what one tells it; other threads may look meanwhile. */
struct clock_fixed {
    struct clock clock;
    _Atomic int64_t now_us; /* wall */
    _Atomic int64_t now_steady_ns;
};
void clock_fixed_init(struct clock_fixed *fixed, int64_t wall_us);

static inline int64_t clock_wall_ms(struct clock *clk)
{
    return clk->wall_us(clk) / 1000;
}
static inline int64_t clock_steady_ns(struct clock *clk)
{
    return clk->steady_ns(clk);
}

#endif
