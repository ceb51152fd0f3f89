/* Config: cuts a configuration file into settings.
 *
 *     struct config config = {.rest = text};
 *     while (config_next(&config, arena, &entry, &fault)) …      http.listen = "127.0.0.1:8080"  # why
 * not if (fault) …                                               config.line: where
 *
 * A flat piece of TOML: `name = value` on a line of its own, values in double quotes, whole numbers,
 * true and false; comments from # on. No sections, no lists. */
#ifndef CLI_CONFIG_H
#define CLI_CONFIG_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

struct config {
    struct str rest;
    uint32_t line; /* of the last entry or fault, from 1 */
};

enum config_kind { CONFIG_TEXT, CONFIG_NUMBER, CONFIG_SWITCH };

struct config_entry {
    struct str name;
    enum config_kind kind;
    const char *text; /* TEXT, in the arena; of the others as they are written */
    uint32_t line;
};

/* False: the end, or a fault (*ret_fault not NULL) in this line; one may go on after it. */
bool config_next(struct config *config, struct arena *arena, struct config_entry *ret_entry,
                 const char **ret_fault);
const char *config_kind_name(enum config_kind kind);

#endif
