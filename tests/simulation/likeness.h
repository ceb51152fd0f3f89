/* Likeness: everything there is, held against the model.
 *
 *     if (!all_looks_so(false)) … here.unlike says where it does not look like it …
 *
 * `learns`: ids that nobody was told are learnt. */
#ifndef TESTS_SIMULATION_LIKENESS_H
#define TESTS_SIMULATION_LIKENESS_H

#include <stdbool.h>

bool all_looks_so(bool learns);

#endif
