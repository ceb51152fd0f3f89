/* Zoned: a wall time in a zone, as RFC 9557 writes it.
 *
 *     zoned_parse(STR("2024-03-31T02:30[Europe/Berlin]"), &z)   z.zone is "Europe/Berlin"
 *     zoned_resolve(&z, zone, ZONED_LENIENT, &ms)               the clocks skip it: read as 03:30+02:00
 *     zoned_put(ms, zone, z.zone, &out) 2024-03-31T03:30:00+02:00[Europe/Berlin]
 *
 * In it is an instant, in milliseconds since 1970-01-01T00:00:00Z, of the years 1 to 9999. What is
 * written is read again as the same instant, but where the clocks of old went back by seconds only. */
#ifndef BASE_ZONED_H
#define BASE_ZONED_H

#include "base/buf.h"
#include "base/zone.h"

#define ZONED_BYTES (29u + 2u) /* 2026-01-31T23:59:59.999+05:30[] around the zone's name */

struct zoned {
    int64_t
        wall_ms; /* what the clocks show, since 1970-01-01T00:00:00 on the wall; with `utc` in UTC */
    bool has_offset, utc; /* utc: written with Z or -00:00, which say nothing of where it was */
    int16_t offset;       /* minutes east of UTC */
    struct str zone;      /* len 0: not said. Part of the text */
};

/* What a wall time means that comes never or twice, when its offset is not said. */
struct zoned_rule {
    bool refuse_skipped;                                                /* else: as before the gap */
    enum { ZONED_FIRST, ZONED_SECOND, ZONED_REFUSE_REPEATED } repeated; /* of more than two: the last */
};
#define ZONED_LENIENT ((struct zoned_rule){false, ZONED_FIRST})

enum zoned_result {
    ZONED_OK,
    ZONED_NONE, /* the zone has another offset then, or it lies outside of the years 1 to 9999 */
    ZONED_SKIPPED,
    ZONED_REPEATED,
};

/* Date and time of day, perhaps an offset, perhaps a name of a zone in brackets, be it critical ("!");
 * the whole text. Seconds may be left out; later digits than milliseconds are cut off. False for all
 * else, also for an offset in brackets and for other tags. Whether there is such a zone is not asked.
 */
bool zoned_parse(struct str text, struct zoned *ret_zoned) MUST_USE;
/* `ret_ms` is written on ZONED_OK. */
enum zoned_result zoned_resolve(const struct zoned *zoned, const struct zone *zone,
                                struct zoned_rule rule, int64_t *ret_ms) MUST_USE;
/* The wall time with its offset, in whole minutes, and the name. An instant whose wall time lies
 * outside of the years 1 to 9999 is written in UTC, with Z. */
void zoned_put(int64_t ms, const struct zone *zone, struct str name, struct buf *out);
/* The offset in whole minutes. *ms becomes the instant at which clocks that far east of UTC show what
 * the zone's show at *ms: another one only where its offset has seconds. 0, and *ms as it was, when the
 * wall time lies outside of the years 1 to 9999. */
int32_t zoned_minutes(const struct zone *zone, int64_t *ms);

#endif
