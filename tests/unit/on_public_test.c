#include "server/on.h"

#include "base/limits.h"
#include "tests/test.h"

static struct program program;
static struct definition definition = {.program = &program};

static bool is_too_dear(uint64_t steps_max, bool far)
{
    struct request request = {.definition = &definition, .far = far};
    program.cost.steps_max = steps_max;
    return on_too_dear(&request);
}

static void a_dear_form_is_judged_away_from_the_event_threads(void)
{
    CHECK(!is_too_dear(limit(NEAR_STEPS), false));
    CHECK(is_too_dear((uint64_t)limit(NEAR_STEPS) + 1, false));
    CHECK(!is_too_dear((uint64_t)limit(NEAR_STEPS) + 1, true)); /* it is away already */
}

int main(void)
{
    a_dear_form_is_judged_away_from_the_event_threads();
    return TEST_RESULT();
}
