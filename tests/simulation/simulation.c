/* Everything behind "request in, response out", simulated: the server's own code from the parsed
 * request to the response, with its storage, in one thread, with a clock, a disk and random numbers of
 * its own, all of one seed. Random requests are compared with a small model of what the server ought to
 * have and to answer; meanwhile the disk fails, the power is cut, the clock is set forwards and back,
 * and the server is started again.
 *
 *     simulation [SEED [REQUESTS]]       1 and 1,000; of each seed from SEED on at most 20,000 steps
 *     simulation SEED STEPS --aloud      one seed until that step, each request told
 *     simulation SEED STEPS --shrink     leaves out what the difference at the end does not need
 *     simulation SEED STEPS --hash       one seed; prints the hash of all requests and answers
 *
 * What is simulated: fiber.h (threads and clock), memory_disk.h (files), exchange.h (libmicrohttpd).
 * What is left out: sockets and HTTP's own text, that is libmicrohttpd with its parser, its limits and
 * its threads, and with it server/guard.h's look at the bytes behind the parser's back; the pulse that
 * finds hanging event threads; preemption: threads take turns where they wait, not anywhere. */
#include "tests/simulation/traffic.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { EPISODE_STEPS = 20000, SHRINK_RUNS = 400 };

struct outcome {
    struct traffic_counts counts;
    uint64_t hash;
    uint32_t failed_at; /* step */
    bool failed;
};

static struct outcome live(uint64_t seed, uint32_t steps, uint64_t requests, const bool *left_out)
{
    struct outcome outcome = {.failed = false};
    traffic_begin(seed);
    for (uint32_t i = 0; i < steps && !outcome.failed && traffic_counts().requests < requests; i++) {
        if (left_out && left_out[i]) continue;
        outcome.failed = !traffic_step(i);
        outcome.failed_at = i;
    }
    outcome.counts = traffic_counts();
    outcome.hash = traffic_hash();
    if (!outcome.failed) traffic_end();
    return outcome;
}

static void write_outcome(int fd, const struct outcome *outcome)
{
    if (write(fd, outcome, sizeof *outcome) != (ssize_t)sizeof *outcome) _exit(2);
}

/* In a process of its own, which knows nothing of those before. One that does not end well has failed.
 */
static struct outcome run(uint64_t seed, uint32_t steps, uint64_t requests, const bool *left_out,
                          bool quiet)
{
    struct outcome outcome = {.failed = true, .failed_at = steps};
    int ends[2], status = 0;
    (void)fflush(NULL);
    if (pipe(ends) != 0) abort();
    pid_t child = fork();
    if (child == 0) {
        if (quiet && !freopen("/dev/null", "w", stderr)) _exit(2);
        struct outcome lived = live(seed, steps, requests, left_out);
        write_outcome(ends[1], &lived);
        if (lived.failed) _exit(0); /* with the server as it is */
        exit(0);
    }
    (void)close(ends[1]);
    bool told = child > 0 && read(ends[0], &outcome, sizeof outcome) == (ssize_t)sizeof outcome;
    (void)close(ends[0]);
    if (child < 0 || waitpid(child, &status, 0) != child) abort();
    if (!told || status != 0) outcome.failed = true;
    return outcome;
}

/* ---- fewer steps with the same end */

static void tell_left(uint64_t seed, uint32_t steps, const bool *left_out)
{
    uint32_t left = 0;
    for (uint32_t i = 0; i < steps; i++) left += !left_out[i];
    (void)fprintf(stderr, "%u of %u steps are needed\n", left, steps);
    traffic_tell(true);
    (void)run(seed, steps, UINT64_MAX, left_out, false);
}

static void shrink(uint64_t seed, uint32_t steps)
{
    bool *left_out = calloc(steps + 1, sizeof *left_out), *tried = calloc(steps + 1, sizeof *tried);
    int runs = 0;
    if (!left_out || !tried) abort();
    for (uint32_t part = steps / 2; part > 0; part /= 2)
        for (uint32_t at = 0; at < steps - 1 && runs < SHRINK_RUNS; at += part, runs++) {
            memcpy(tried, left_out, steps * sizeof *tried);
            for (uint32_t i = at; i < at + part && i < steps - 1; i++) tried[i] = true;
            if (run(seed, steps, UINT64_MAX, tried, true).failed)
                memcpy(left_out, tried, steps * sizeof *tried);
        }
    tell_left(seed, steps, left_out);
    free(left_out);
    free(tried);
}

/* ---- the same seed, the same trace */

/* By a process that lies elsewhere in memory. */
static uint64_t hash_elsewhere(const char *program, uint64_t seed, uint32_t steps)
{
    char command[1200], line[64] = "";
    (void)snprintf(command, sizeof command, "'%s' %" PRIu64 " %u --hash", program, seed, steps);
    FILE *told = popen(command, "r");
    if (!told || !fgets(line, sizeof line, told) || pclose(told) != 0) return 0;
    return strtoull(line, NULL, 16);
}

static bool same_twice(const char *program, uint64_t seed)
{
    enum { STEPS = 300 };
    uint64_t one = hash_elsewhere(program, seed, STEPS), other = hash_elsewhere(program, seed, STEPS);
    if (one && one == other) return true;
    (void)fprintf(stderr, "seed %" PRIu64 ": %016" PRIx64 " and %016" PRIx64 " are to be the same\n",
                  seed, one, other);
    return false;
}

/* ---- many */

static void add(struct traffic_counts *sum, const struct traffic_counts *more)
{
    sum->requests += more->requests;
    sum->cuts += more->cuts;
    sum->faults += more->faults;
    sum->jumps += more->jumps;
    sum->restarts += more->restarts;
    sum->unsure += more->unsure;
    sum->stored += more->stored;
}

static int run_many(uint64_t seed, uint64_t requests)
{
    struct traffic_counts sum = {.requests = 0};
    for (; sum.requests < requests; seed++) {
        struct outcome outcome = run(seed, EPISODE_STEPS, requests - sum.requests, NULL, false);
        if (outcome.failed) {
            (void)fprintf(stderr, "a difference: simulation %" PRIu64 " %u --aloud, or --shrink\n",
                          seed, outcome.failed_at + 1);
            return 1;
        }
        add(&sum, &outcome.counts);
    }
    (void)printf("%" PRIu64 " requests, %" PRIu64 " submissions stored, %" PRIu64
                 " power cuts, %" PRIu64 " disk faults, %" PRIu64 " answers in doubt, %" PRIu64
                 " clock jumps, %" PRIu64 " restarts: no difference\n",
                 sum.requests, sum.stored, sum.cuts, sum.faults, sum.unsure, sum.jumps, sum.restarts);
    return 0;
}

int main(int argc, char **argv)
{
    uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
    uint64_t count = argc > 2 ? strtoull(argv[2], NULL, 10) : 1000;
    const char *what = argc > 3 ? argv[3] : "";
    if (strcmp(what, "--hash") == 0) {
        struct outcome outcome = run(seed, (uint32_t)count, UINT64_MAX, NULL, false);
        (void)printf("%016" PRIx64 "\n", outcome.hash);
        return outcome.failed;
    }
    if (strcmp(what, "--aloud") == 0) {
        traffic_tell(true);
        return run(seed, (uint32_t)count, UINT64_MAX, NULL, false).failed;
    }
    if (strcmp(what, "--shrink") == 0) {
        shrink(seed, (uint32_t)count);
        return 1;
    }
    return same_twice(argv[0], seed) ? run_many(seed, count) : 1;
}
