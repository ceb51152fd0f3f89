#include "server/crew.h"

#include "tests/test.h"

#include <stdatomic.h>

struct tally_job {
    struct crew_job job;
    atomic_int *runs;
};

static void run_tally(struct crew_job *job)
{
    atomic_fetch_add(((struct tally_job *)(void *)job)->runs, 1);
}

static void every_job_is_run_once(void)
{
    enum { JOBS = 500 };
    static struct tally_job jobs[JOBS];
    atomic_int runs[JOBS];
    struct crew crew;
    CHECK_STATUS(crew_start(&crew, mem_heap(), 4, JOBS), ST_OK);
    for (int i = 0; i < JOBS; i++) {
        atomic_init(&runs[i], 0);
        jobs[i] = (struct tally_job){{.run = run_tally}, &runs[i]};
        CHECK(crew_put(&crew, &jobs[i].job));
    }
    crew_stop(&crew);
    for (int i = 0; i < JOBS; i++) CHECK(atomic_load(&runs[i]) == 1);
}

/* A job that waits until it is let go. */
struct gate_job {
    struct crew_job job;
    atomic_bool *open;
    atomic_int *entered;
};

static void run_gate(struct crew_job *job)
{
    struct gate_job *gate = (struct gate_job *)(void *)job;
    atomic_fetch_add(gate->entered, 1);
    while (!atomic_load(gate->open)) sched_yield();
}

static void a_full_queue_takes_no_more(void)
{
    enum { MOST = 3 };
    struct gate_job jobs[MOST + 2];
    atomic_bool open = false;
    atomic_int entered = 0;
    struct crew crew;
    CHECK_STATUS(crew_start(&crew, mem_heap(), 1, MOST), ST_OK);
    for (int i = 0; i < MOST + 2; i++) jobs[i] = (struct gate_job){{.run = run_gate}, &open, &entered};
    CHECK(crew_put(&crew, &jobs[0].job));
    while (atomic_load(&entered) == 0) sched_yield(); /* it has left the queue */
    for (int i = 1; i <= MOST; i++) CHECK(crew_put(&crew, &jobs[i].job));
    CHECK(crew_queued(&crew) == MOST);
    CHECK(!crew_put(&crew, &jobs[MOST + 1].job));
    atomic_store(&open, true);
    crew_stop(&crew);
    CHECK(atomic_load(&entered) == MOST + 1); /* what was queued is run before the end */
}

static void a_stopped_crew_takes_nothing(void)
{
    struct crew crew;
    atomic_int runs = 0;
    struct tally_job job = {{.run = run_tally}, &runs};
    CHECK_STATUS(crew_start(&crew, mem_heap(), 2, 8), ST_OK);
    crew_stop(&crew);
    CHECK(!crew_put(&crew, &job.job));
    crew_stop(&crew); /* twice is fine */
    CHECK(atomic_load(&runs) == 0);
}

static void a_crew_that_never_was_can_be_stopped(void)
{
    struct crew crew = {.queued = 0};
    crew_stop(&crew);
    struct test_mem mem = TEST_MEM(.fail_at = 1);
    CHECK_STATUS(crew_start(&crew, &mem.mem, 2, 8), ST_NOMEM);
    crew_stop(&crew);
    CHECK(mem.held == 0);
}

int main(void)
{
    every_job_is_run_once();
    a_full_queue_takes_no_more();
    a_stopped_crew_takes_nothing();
    a_crew_that_never_was_can_be_stopped();
    return TEST_RESULT();
}
