/* Glob: SQLite's operator GLOB, of the same meaning and a tenth of the cost where it counts: the rules
 * of the tables look at each character of ids and keys, a submission has three of them, and SQLite goes
 * from character to character by way of the whole rest of the pattern.
 *
 *     key NOT GLOB '*[^A-Za-z0-9_-]*'        such a set is made once, and each byte is looked up in it
 *
 * Any other pattern is left to the library. */
#ifndef TENANTS_GLOB_H
#define TENANTS_GLOB_H

#include "base/status.h"

#include <stdbool.h>

struct sqlite3;

/* For this connection. The library's code. */
int glob_install(struct sqlite3 *handle);
/* Does the text match? Both end at their NUL, as for the library. */
bool glob_matches(const char *pattern, const char *text);

#endif
