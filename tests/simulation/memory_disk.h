/* Memory disk: the files of a simulated machine, for SQLite and for whoever opens them by name.
 *
 *     memory_disk_install(seed);       once, before anything is opened; faulty_disk.h stands over it
 *     …                                everything below MEMORY_DISK_ROOT is in memory
 *     memory_disk_cut_after(17);       the 17th change from now on is the last
 *     if (memory_disk_is_cut()) …      every operation fails from then on: the machine is off
 *     memory_disk_power_on();          the files are as the cut has left them
 *
 * What SQLite writes is lost, torn or kept as tests/faults/platter.h says. What is written otherwise
 * (keys, marks) is durable at once, and so are names. */
#ifndef TESTS_SIMULATION_MEMORY_DISK_H
#define TESTS_SIMULATION_MEMORY_DISK_H

#include <stdbool.h>
#include <stdint.h>

#define MEMORY_DISK_ROOT "/simulated"

void memory_disk_install(uint64_t seed);

void memory_disk_cut_after(uint32_t changes);
bool memory_disk_is_cut(void);
void memory_disk_power_on(void);
/* Nothing is left. */
void memory_disk_free(void);

/* The next so-and-so-manieth operation of SQLite's on a file fails, once or all from then on; `full`:
 * the next writing, since there is no room. */
void memory_disk_fail_after(uint32_t operations, bool once, bool full);
/* None fails any more. How many have failed. */
long memory_disk_heal(void);
/* So far, since it was last well. */
long memory_disk_failures(void);

/* Of all files' bytes, in the order of their names. */
uint64_t memory_disk_bytes(void);

#endif
