/* Spelling: a JSON value in a spelling of its own: texts in hex, numbers to the last bit. The oracle
 * spells the same way. */
#ifndef TESTS_SPELLING_H
#define TESTS_SPELLING_H

#include "base/json_value.h"

#include <stdio.h>

void spelling_put(FILE *dump, const struct json_value *value);

#endif
