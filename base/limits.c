#include "base/limits.h"

#include <stddef.h>

const struct limit_entry limit_entries[] = {
#define LIMIT(name, value, unit, reason) {#name, (unit), (reason), (value)},
#include "base/limits.def"
#undef LIMIT
    {NULL, NULL, NULL, 0},
};
