#include "server/on.h"

#include "base/limits.h"
#include "engine/tenancy.h"
#include "tests/test.h"

static struct program program;
static struct tenancy tenancy = {.judgings_max = 4};
static struct definition definition = {.program = &program, .tenancy = &tenancy};

static bool is_too_dear(uint64_t steps_max, bool dear)
{
    struct request request = {.definition = &definition, .far = dear, .dear = dear};
    program.cost.steps_max = steps_max;
    return on_too_dear(&request);
}

static void a_dear_form_is_judged_away_from_the_event_threads(void)
{
    CHECK(!is_too_dear(limit(NEAR_STEPS), false));
    CHECK(is_too_dear((uint64_t)limit(NEAR_STEPS) + 1, false));
    CHECK(!is_too_dear((uint64_t)limit(NEAR_STEPS) + 1, true)); /* it is away already */
}

/* Half of the room for judgings is kept for the threads that may wait. */
static void a_tenant_with_judgings_under_way_is_judged_away_from_the_event_threads(void)
{
    atomic_store(&tenancy.judgings, 1);
    CHECK(!is_too_dear(1, false));
    atomic_store(&tenancy.judgings, 2);
    CHECK(is_too_dear(1, false));
    CHECK(!is_too_dear(1, true));
    atomic_store(&tenancy.judgings, 0);
}

int main(void)
{
    a_tenant_with_judgings_under_way_is_judged_away_from_the_event_threads();
    a_dear_form_is_judged_away_from_the_event_threads();
    return TEST_RESULT();
}
