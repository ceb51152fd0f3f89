/* What jansson makes of a JSON text. Apart from the test, since its names and ours are the same. */
#ifndef TESTS_ORACLE_H
#define TESTS_ORACLE_H

#include <stddef.h>
#include <stdio.h>

enum oracle_answer {
    ORACLE_READ,
    ORACLE_REFUSED,
    ORACLE_REFUSED_ALONE, /* for a reason that is no rule of JSON: U+0000 in a name, a number that no
                             double holds */
};

/* Writes the value to `dump` as spelling_put() does. */
enum oracle_answer oracle_read(const char *text, size_t len, FILE *dump);

#endif
