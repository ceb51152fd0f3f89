#include "base/clock.h"
#include "tests/test.h"

static void a_fixed_clock_shows_what_it_is_told(void)
{
    struct clock_fixed fixed;
    clock_fixed_init(&fixed, 1768471200123456);
    CHECK(fixed.clock.wall_us(&fixed.clock) == 1768471200123456 &&
          clock_wall_ms(&fixed.clock) == 1768471200123);
    CHECK(clock_steady_ns(&fixed.clock) == 0);
    fixed.now_us += 1000;
    fixed.now_steady_ns = 5;
    CHECK(clock_wall_ms(&fixed.clock) == 1768471200124 && clock_steady_ns(&fixed.clock) == 5);
}

static void the_systems_clock_runs(void)
{
    struct clock *clk = clock_system();
    int64_t before = clock_steady_ns(clk);
    CHECK(clock_wall_ms(clk) > 1700000000000 && clock_wall_ms(clk) < 4100000000000);
    for (int i = 0; i < 1000; i++) {
        int64_t now = clock_steady_ns(clk);
        CHECK(now >= before);
        before = now;
    }
}

int main(void)
{
    a_fixed_clock_shows_what_it_is_told();
    the_systems_clock_runs();
    return TEST_RESULT();
}
