#include "base/clock.h"

#include <time.h>

static int64_t system_wall_us(struct clock *self)
{
    (void)self;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int64_t system_steady_ns(struct clock *self)
{
    (void)self;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

struct clock *clock_system(void)
{
    static struct clock system = {system_wall_us, system_steady_ns};
    return &system;
}

static int64_t fixed_wall_us(struct clock *self)
{
    return ((struct clock_fixed *)(void *)self)->now_us;
}

static int64_t fixed_steady_ns(struct clock *self)
{
    return ((struct clock_fixed *)(void *)self)->now_steady_ns;
}

void clock_fixed_init(struct clock_fixed *fixed, int64_t wall_us)
{
    *fixed = (struct clock_fixed){.clock = {fixed_wall_us, fixed_steady_ns}, .now_us = wall_us};
}
