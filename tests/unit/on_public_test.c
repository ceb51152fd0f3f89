#include "engine_fixture.h"

#include "base/limits.h"
#include "engine/tenancy.h"
#include "server/on.h"
#include "server/core.h"

static struct bench bench;
static struct server server;
static struct program program;
static struct tenancy tenancy = {.judgings_max = 4};
static struct definition definition = {.program = &program, .tenancy = &tenancy};

static bool is_too_dear(uint64_t steps_max, bool dear)
{
    struct request request = {.server = &server, .definition = &definition, .far = dear, .dear = dear};
    program.cost.steps_max = steps_max;
    return on_too_dear(&request);
}

static void leave(void)
{
    worker_leave(pthread_getspecific(server.worker_key));
}

static void a_dear_form_is_judged_away_from_the_event_threads(void)
{
    CHECK(!is_too_dear(limit(NEAR_STEPS), false));
    leave();
    CHECK(is_too_dear((uint64_t)limit(NEAR_STEPS) + 1, false));
    CHECK(!is_too_dear((uint64_t)limit(NEAR_STEPS) + 1, true)); /* it is away already */
}

/* Half of the room for judgings is kept for the threads that may wait. */
static void a_tenant_with_judgings_under_way_is_judged_away_from_the_event_threads(void)
{
    CHECK(tenancy_enter(&tenancy));
    CHECK(!is_too_dear(1, false));
    leave();
    CHECK(tenancy_enter(&tenancy));
    CHECK(is_too_dear(1, false));
    CHECK(!is_too_dear(1, true));
    tenancy_leave(&tenancy);
    tenancy_leave(&tenancy);
}

static void release_worker(void *worker)
{
    worker_free(worker);
}

int main(void)
{
    bench_begin(&bench, NULL);
    tenancy_retain(&tenancy);
    server.engine = bench.engine;
    CHECK(pthread_key_create(&server.worker_key, release_worker) == 0);
    a_tenant_with_judgings_under_way_is_judged_away_from_the_event_threads();
    a_dear_form_is_judged_away_from_the_event_threads();
    release_worker(pthread_getspecific(server.worker_key));
    pthread_key_delete(server.worker_key);
    bench_end(&bench);
    return TEST_RESULT();
}
