/* Machine: the server, on a machine that can be switched off and set to another time.
 *
 *     machine_begin(seed);                     one server, an operator's token
 *     … exchange_all(…) …
 *     machine_restart();                       orderly, or after a power cut
 *     machine_end(); */
#ifndef TESTS_SIMULATION_MACHINE_H
#define TESTS_SIMULATION_MACHINE_H

#include "base/status.h"

#include <stdint.h>

void machine_begin(uint64_t seed);
/* The operator's token; made in the program, since there is no request for it. */
const char *machine_operator(void);
/* Stops what there is of the server; when the power was cut the files are as that left them. */
void machine_restart(void);
/* What an operator does after the disk has failed: the system's file is checked and taken on again. */
enum status machine_recover(void);
void machine_end(void);

#endif
