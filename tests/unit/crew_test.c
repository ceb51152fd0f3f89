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
    CHECK_STATUS(crew_start(&crew, mem_heap(), &(struct crew_options){.threads = 4, .queue_max = JOBS}),
                 ST_OK);
    for (int i = 0; i < JOBS; i++) {
        atomic_init(&runs[i], 0);
        jobs[i] = (struct tally_job){{.run = run_tally}, &runs[i]};
        CHECK(crew_put(&crew, &jobs[i].job) == CREW_TAKEN);
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
    CHECK_STATUS(crew_start(&crew, mem_heap(), &(struct crew_options){.threads = 1, .queue_max = MOST}),
                 ST_OK);
    for (int i = 0; i < MOST + 2; i++) jobs[i] = (struct gate_job){{.run = run_gate}, &open, &entered};
    CHECK(crew_put(&crew, &jobs[0].job) == CREW_TAKEN);
    while (atomic_load(&entered) == 0) sched_yield(); /* it has left the queue */
    for (int i = 1; i <= MOST; i++) CHECK(crew_put(&crew, &jobs[i].job) == CREW_TAKEN);
    CHECK(crew_queued(&crew) == MOST);
    CHECK(crew_put(&crew, &jobs[MOST + 1].job) == CREW_FULL);
    atomic_store(&open, true);
    crew_stop(&crew);
    CHECK(atomic_load(&entered) == MOST + 1); /* what was queued is run before the end */
}

static void a_stopped_crew_takes_nothing(void)
{
    struct crew crew;
    atomic_int runs = 0;
    struct tally_job job = {{.run = run_tally}, &runs};
    CHECK_STATUS(crew_start(&crew, mem_heap(), &(struct crew_options){.threads = 2, .queue_max = 8}),
                 ST_OK);
    crew_stop(&crew);
    CHECK(crew_put(&crew, &job.job) == CREW_FULL);
    crew_stop(&crew); /* twice is fine */
    CHECK(atomic_load(&runs) == 0);
}

static void a_crew_that_never_was_can_be_stopped(void)
{
    struct crew crew = {.queued = 0};
    crew_stop(&crew);
    for (size_t i = 1; i <= 2; i++) {
        struct test_mem mem = TEST_MEM(.fail_at = i);
        CHECK_STATUS(crew_start(&crew, &mem.mem, &(struct crew_options){.threads = 2, .queue_max = 8}),
                     ST_NOMEM);
        crew_stop(&crew);
        CHECK(mem.held == 0);
    }
}

/* Says in which order jobs ran. */
struct noted_job {
    struct crew_job job;
    char name;
};
static char noted[64];
static size_t noted_count;

static void run_noted(struct crew_job *job)
{
    noted[noted_count++] = ((struct noted_job *)(void *)job)->name; /* there is one thread */
}

static void lanes_take_turns(void)
{
    struct noted_job jobs[] = {
        {{.run = run_noted, .lane = 1}, 'a'}, {{.run = run_noted, .lane = 1}, 'b'},
        {{.run = run_noted, .lane = 1}, 'c'}, {{.run = run_noted, .lane = 2}, 'X'},
        {{.run = run_noted, .lane = 3}, 'P'}, {{.run = run_noted, .lane = 3}, 'Q'}};
    atomic_bool open = false;
    atomic_int entered = 0;
    struct gate_job gate = {{.run = run_gate, .lane = 9}, &open, &entered};
    struct crew crew;
    noted_count = 0;
    CHECK_STATUS(crew_start(&crew, mem_heap(), &(struct crew_options){.threads = 1, .queue_max = 16}),
                 ST_OK);
    CHECK(crew_put(&crew, &gate.job) == CREW_TAKEN);
    while (atomic_load(&entered) == 0) sched_yield();
    for (int i = 0; i < 6; i++) CHECK(crew_put(&crew, &jobs[i].job) == CREW_TAKEN);
    atomic_store(&open, true);
    crew_stop(&crew);
    CHECK(noted_count == 6 && memcmp(noted, "aXPbQc", 6) == 0);
}

static void no_lane_fills_the_queue(void)
{
    enum { MOST = 3 };
    struct gate_job jobs[MOST + 3];
    atomic_bool open = false;
    atomic_int entered = 0;
    struct crew crew;
    struct crew_options options = {.threads = 1, .queue_max = 16, .lane_queue_max = MOST};
    CHECK_STATUS(crew_start(&crew, mem_heap(), &options), ST_OK);
    for (int i = 0; i < MOST + 3; i++)
        jobs[i] = (struct gate_job){{.run = run_gate, .lane = 7}, &open, &entered};
    CHECK(crew_put(&crew, &jobs[0].job) == CREW_TAKEN);
    while (atomic_load(&entered) == 0) sched_yield();
    for (int i = 1; i <= MOST; i++) CHECK(crew_put(&crew, &jobs[i].job) == CREW_TAKEN);
    CHECK(crew_put(&crew, &jobs[MOST + 1].job) == CREW_LANE_FULL);
    jobs[MOST + 2].job.lane = 8;
    CHECK(crew_put(&crew, &jobs[MOST + 2].job) == CREW_TAKEN);
    atomic_store(&open, true);
    crew_stop(&crew);
    CHECK(atomic_load(&entered) == MOST + 2);
}

/* Two threads, of which a lane may have one: another lane's job runs while the first one's blocks. */
static void no_lane_has_all_of_the_threads(void)
{
    for (int by_job = 0; by_job < 2; by_job++) {
        atomic_bool open = false, other_open = true;
        atomic_int entered = 0, other_entered = 0;
        struct gate_job first = {{.run = run_gate, .lane = 1, .at_once = by_job != 0}, &open, &entered},
                        second = first,
                        other = {{.run = run_gate, .lane = 2}, &other_open, &other_entered};
        struct crew crew;
        struct crew_options options = {
            .threads = 2, .queue_max = 16, .lane_threads_max = by_job ? 2 : 1};
        CHECK_STATUS(crew_start(&crew, mem_heap(), &options), ST_OK);
        CHECK(crew_put(&crew, &first.job) == CREW_TAKEN && crew_put(&crew, &second.job) == CREW_TAKEN);
        CHECK(crew_put(&crew, &other.job) == CREW_TAKEN);
        while (atomic_load(&other_entered) == 0 || atomic_load(&entered) == 0) sched_yield();
        CHECK(atomic_load(&entered) == 1 && crew_queued(&crew) == 1);
        atomic_store(&open, true);
        crew_stop(&crew);
        CHECK(atomic_load(&entered) == 2);
    }
}

int main(void)
{
    lanes_take_turns();
    no_lane_fills_the_queue();
    no_lane_has_all_of_the_threads();
    every_job_is_run_once();
    a_full_queue_takes_no_more();
    a_stopped_crew_takes_nothing();
    a_crew_that_never_was_can_be_stopped();
    return TEST_RESULT();
}
