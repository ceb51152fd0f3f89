/* Fiber: the program's threads as coroutines of one thread, with a clock of their own.
 *
 *     fiber_begin(seed);                  from here on pthread_create() makes a fiber
 *     …                                   the caller is the first of them
 *     while (!answered) fiber_turn();     lets the others work; when all wait, time passes
 *     fiber_pass(5 * FIBER_SECOND_NS);    lets so much time pass, with everything that is due in it
 *
 * The linker puts these in the place of the pthread and clock calls of the product's own objects
 * (--wrap in CMakeLists.txt). A fiber is left where it must wait, nowhere else; which of those that can
 * go on does is chosen by the seed. That nobody can go on and nobody waits for a moment is a deadlock,
 * and ends the program. */
#ifndef TESTS_SIMULATION_FIBER_H
#define TESTS_SIMULATION_FIBER_H

#include <stdbool.h>
#include <stdint.h>

#define FIBER_SECOND_NS INT64_C(1000000000)

void fiber_begin(uint64_t seed, int64_t wall_us);

/* One turn for the others. When none of them can go on, time passes until one can. */
void fiber_turn(void);
/* Everything that is due in the next `ns` is done. */
void fiber_pass(int64_t ns);

/* What a thread that ends gives back: for the caller, who stands for threads that are not here. */
void fiber_end_thread(void);

int64_t fiber_steady_ns(void);
int64_t fiber_wall_us(void);
/* Somebody sets the clock on the wall; the steady one knows nothing of it. */
void fiber_set_wall(int64_t wall_us);
/* For those who may not be left: time passes, nobody else works. */
void fiber_doze(int64_t ns);

uint64_t fiber_switches(void);

#endif
