/* World: the server, in a machine that can be switched off and set to another time.
 *
 *     world_begin(seed);                     one server, an operator's token
 *     … exchange_all(…) …
 *     world_restart();                       orderly, or after a power cut
 *     world_end(); */
#ifndef TESTS_SIMULATION_WORLD_H
#define TESTS_SIMULATION_WORLD_H

#include "base/status.h"

#include <stdint.h>

void world_begin(uint64_t seed);
/* The operator's token; made in the program, since there is no request for it. */
const char *world_operator(void);
/* Stops what there is of the server; when the power was cut the files are as that left them. */
void world_restart(void);
/* What an operator does after the disk has failed: the system's file is checked and taken on again. */
enum status world_recover(void);
void world_end(void);

#endif
