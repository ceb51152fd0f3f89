/* Zone: what the clocks of a place show, from the system's tzdata, with no process-wide state.
 *
 *     st = zone_open(&arena, STR("Europe/Berlin"), &zone);
 *     zone_offset_at(zone, utc_seconds)                  → 3600 or 7200
 *     zone_to_utc(zone, local_seconds, &fold)            → an instant, for skipped hours too
 *
 * Reads TZif files (RFC 8536) of version 2 and later, the rule in the footer included, so any year has
 * an answer. A zone is immutable: any number of threads may ask. "UTC" is there even without tzdata. */
#ifndef BASE_ZONE_H
#define BASE_ZONE_H

#include "base/arena.h"
#include "base/status.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

#define ZONE_FOLDER "/usr/share/zoneinfo" /* of the TZif files */
#define ZONE_PATH_BYTES 1024              /* of a folder and a name in it, with a NUL */

struct zone;

/* How a local time lies to the clock changes. */
enum zone_fold {
    ZONE_ONCE,
    ZONE_REPEATED, /* it happens twice; the first is meant (RFC 5545) */
    ZONE_SKIPPED,  /* it does not happen; it is read with the offset before the gap (RFC 5545) */
};

/* Whether `name` may name a zone: letters, digits and _ + - / in 1 to ZONE_NAME_BYTES bytes, no empty
 * part. Asks no disk. */
bool zone_name_valid(struct str name);

/* The zone lives in the arena. ST_ABSENT: no such zone; ST_SYNTAX: its file is broken; ST_IO: it cannot
 * be read. */
enum status zone_open(struct arena *arena, struct str name, const struct zone **ret_zone) MUST_USE;
/* The same from the TZif files of another folder; there "UTC" is a file too. */
enum status zone_open_in(struct arena *arena, const char *folder, struct str name,
                         const struct zone **ret_zone) MUST_USE;
/* The same from the bytes of a TZif file. */
enum status zone_read(struct arena *arena, struct str bytes, const struct zone **ret_zone) MUST_USE;
/* Static. */
const struct zone *zone_utc(void);

/* Seconds east of UTC at that instant. */
int32_t zone_offset_at(const struct zone *zone, int64_t utc_seconds);
/* The instant at which the clocks show `local_seconds` (seconds since 1970-01-01T00:00:00 on the wall).
 * `ret_fold` may be NULL. */
int64_t zone_to_utc(const struct zone *zone, int64_t local_seconds, enum zone_fold *ret_fold);
/* All the instants at which they do, the earliest first, as many as there is room for; the number.
 * 0: it is skipped. */
#define ZONE_INSTANTS 4
uint32_t zone_instants(const struct zone *zone, int64_t local_seconds,
                       int64_t ret_instants[ZONE_INSTANTS]);

/* The stretch of one offset that an instant lies in: from <= t < until. INT64_MIN and INT64_MAX where
 * it has no end. */
struct zone_stretch {
    int64_t from, until;
    int32_t offset;
    bool dst;
    char name[12]; /* "CEST"; NUL-terminated */
};
struct zone_stretch zone_stretch_at(const struct zone *zone, int64_t utc_seconds);

#endif
