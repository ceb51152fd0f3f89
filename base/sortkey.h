/* Sortkey: values as bytes whose order, byte by byte, is the order of the values.
 *
 *     char key[SORTKEY_BYTES];
 *     size_t len = sortkey_exact(1050, 2, key);     10.50: before 10.6, at whatever scale that is kept
 *
 * Keys of one function go with each other only. For numbers, dates and times of an index that compares
 * bytes; a text's own bytes are in the order of its code points already. No key and no text begins as
 * SORTKEY_END does, so that is above all of them. */
#ifndef BASE_SORTKEY_H
#define BASE_SORTKEY_H

#include "base/str.h"

#include <stdint.h>

#define SORTKEY_BYTES 16
#define SORTKEY_END STR("\377\377\377\377\377\377\377\377\377")

/* These return the length, always the same. Days, milliseconds: */
size_t sortkey_int(int64_t value, char ret_key[SORTKEY_BYTES]);
/* value × 10^−scale. `scale` is at most DECIMAL_SCALE_MAX, value within ±DECIMAL_MAX. */
size_t sortkey_exact(int64_t value, unsigned scale, char ret_key[SORTKEY_BYTES]);
/* Finite; −0 is 0. */
size_t sortkey_double(double value, char ret_key[SORTKEY_BYTES]);

#endif
