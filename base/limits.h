/* Limits: every cap of the program by name, with its unit and reason, from limits.def.
 *
 *     if (source.len > limit(SOURCE_BYTES)) … */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

enum limit_value {
#define LIMIT(name, value, unit, reason) LIMIT_##name = (value),
#include "base/limits.def"
#undef LIMIT
};

#define limit(name) (LIMIT_##name)

struct limit_entry {
    const char *name, *unit, *reason;
    long value;
};

/* All of them, for docs and `formwright limits`. Ends with a NULL name. Static. */
extern const struct limit_entry limit_entries[];

#endif
