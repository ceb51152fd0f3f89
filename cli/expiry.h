/* Expiry: spans of time as people write them.
 *
 *     expiry_seconds("30d")              2592000; 0: it is no span
 *     expiry_moment(command, "12h")      "2026-05-01T18:00:00Z"; empty: it is no span */
#ifndef CLI_EXPIRY_H
#define CLI_EXPIRY_H

#include "cli/command.h"

/* "30d", "12h", "45m" or "90s" as seconds; a number alone is of days. 0: it is none of these, or longer
 * than a hundred years. */
int64_t expiry_seconds(const char *text);
/* That long from now as RFC 3339; empty when there is no such time. */
struct str expiry_moment(struct command *command, const char *span);

#endif
