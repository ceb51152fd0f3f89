#include "cli/expiry.h"

#include "base/civil.h"
#include "base/clock.h"

#include <stdlib.h>

int64_t expiry_seconds(const char *text)
{
    static const struct {
        char letter;
        int64_t seconds;
    } units[] = {{'\0', 86400}, {'d', 86400}, {'h', 3600}, {'m', 60}, {'s', 1}};
    char *end;
    if (*text < '0' || *text > '9') return 0;
    long count = strtol(text, &end, 10);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        bool whole = *end == units[i].letter && (!*end || !end[1]);
        if (whole && count <= INT64_C(36500) * 86400 / units[i].seconds)
            return count * units[i].seconds;
    }
    return 0;
}

struct str expiry_moment(struct command *command, const char *span)
{
    char text[CIVIL_DATETIME_BYTES];
    int64_t seconds = expiry_seconds(span);
    if (seconds == 0) return STR("");
    int64_t at = (clock_wall_ms(clock_system()) / 1000 + seconds) * 1000;
    size_t len = civil_format_datetime(at, 0, text);
    return arena_str(&command->arena, (struct str){text, len});
}
