/* Traffic: requests by the dice, each with what the model expects of it.
 *
 *     traffic_begin(seed);
 *     for (i = 0; i < 20000; i++) if (!traffic_step(i)) …       a difference, told on stderr
 *     traffic_end();
 *
 * Each step throws dice of its own, of the seed and its number, so that steps may be left out of a run
 * without changing what the others are. */
#ifndef TESTS_SIMULATION_TRAFFIC_H
#define TESTS_SIMULATION_TRAFFIC_H

#include <stdbool.h>
#include <stdint.h>

struct traffic_counts {
    uint64_t requests, cuts, faults, jumps, restarts, unsure, stored;
};

void traffic_begin(uint64_t seed);
bool traffic_step(uint32_t number);
void traffic_end(void);

/* Of every request and every answer until now, in order. */
uint64_t traffic_hash(void);
struct traffic_counts traffic_counts(void);
/* Each request and its status to stderr. */
void traffic_tell(bool aloud);

#endif
