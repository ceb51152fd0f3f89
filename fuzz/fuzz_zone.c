/* Any bytes are a zone or are refused. Of a zone every instant has one stretch that holds it; stretches
 * join without a gap or an overlap. A local time leads to the instants that trying all stretches around
 * it finds: to the first of them, or, in a gap, to the one that the offset before the gap gives. An
 * instant is one of those at which the clocks show what they show then; written as a wall time it is
 * read again as itself, or as an earlier one with the same offset in minutes. */
#include "base/civil.h"
#include "base/zoned.h"
#include "fuzz/holds.h"

#include <stdbool.h>

enum { FURTHEST = 27 * 3600 }; /* no clock is further from UTC */

static bool is_inside(const struct zone_stretch *stretch, int64_t utc)
{
    return stretch->from <= utc && utc < stretch->until;
}

static void local_holds(const struct zone *zone, int64_t local)
{
    enum zone_fold fold, want = ZONE_SKIPPED;
    int64_t utc = zone_to_utc(zone, local, &fold), first = 0, before = 0;
    bool found = false;
    for (int64_t at = local - FURTHEST; at <= local + FURTHEST;) {
        struct zone_stretch stretch = zone_stretch_at(zone, at);
        if (is_inside(&stretch, local - stretch.offset)) {
            want = found ? ZONE_REPEATED : ZONE_ONCE;
            if (!found) first = local - stretch.offset;
            found = true;
        }
        if (!found && local - stretch.offset >= stretch.until) before = local - stretch.offset;
        if (stretch.until == INT64_MAX) break;
        at = stretch.until;
    }
    HOLDS(fold == want);
    HOLDS(utc == (found ? first : before));
    HOLDS((utc + zone_offset_at(zone, utc) == local) == found);
}

static void written_holds(const struct zone *zone, int64_t utc)
{
    struct buf out;
    struct zoned zoned;
    int64_t back, instants[ZONE_INSTANTS], wall = utc + zone_offset_at(zone, utc);
    uint32_t count = zone_instants(zone, wall, instants);
    bool found = count == ZONE_INSTANTS; /* clocks that show it more often are nobody's */
    for (uint32_t i = 0; i < count; i++) found |= instants[i] == utc;
    HOLDS(found && count > 0);
    bool writable = utc > CIVIL_MS_MIN / 1000 && utc < CIVIL_MS_MAX / 1000 && wall - utc > -86370 &&
                    wall - utc < 86370;
    if (!writable || count == ZONE_INSTANTS) return; /* nor have places 24 hours from UTC a text */
    int64_t ms = utc * 1000 + 1;
    buf_init(&out, mem_heap(), 200);
    zoned_put(ms, zone, STR("A/B"), &out);
    HOLDS(!buf_failed(&out) && zoned_parse(buf_str(&out), &zoned) && str_eq(zoned.zone, STR("A/B")));
    HOLDS(zoned_resolve(&zoned, zone, (struct zoned_rule){true, ZONED_REFUSE_REPEATED}, &back) ==
          ZONED_OK);
    HOLDS(back == ms || (back < ms && ms - back < 60000));
    buf_release(&out);
}

static void instant_holds(const struct zone *zone, int64_t utc)
{
    struct zone_stretch stretch = zone_stretch_at(zone, utc);
    HOLDS(is_inside(&stretch, utc) && zone_offset_at(zone, utc) == stretch.offset);
    HOLDS(stretch.offset > -26 * 3600 && stretch.offset < FURTHEST);
    HOLDS(memchr(stretch.name, '\0', sizeof stretch.name));
    if (stretch.until < INT64_MAX) HOLDS(zone_stretch_at(zone, stretch.until).from == stretch.until);
    if (stretch.from > INT64_MIN) HOLDS(zone_stretch_at(zone, stretch.from - 1).until == stretch.from);
    written_holds(zone, utc);
    local_holds(zone, utc + stretch.offset);
    local_holds(zone, utc);
}

static void edges_hold(const struct zone *zone, int64_t utc)
{
    struct zone_stretch stretch = zone_stretch_at(zone, utc);
    if (stretch.from > -(INT64_C(1) << 60)) {
        instant_holds(zone, stretch.from);
        instant_holds(zone, stretch.from - 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    const struct zone *zone;
    arena_init(&arena, mem_heap(), 1 << 24);
    if (zone_read(&arena, (struct str){(const char *)data, size}, &zone) == ST_OK) {
        for (int64_t utc = INT64_C(-100000000000); utc < INT64_C(300000000000);
             utc += INT64_C(1999999999))
            instant_holds(zone, utc);
        for (int64_t utc = INT64_C(1700000000); utc < INT64_C(1800000000); utc += 799999)
            instant_holds(zone, utc);
        for (int64_t utc = INT64_C(-3000000000); utc < INT64_C(6000000000); utc += 39999999)
            edges_hold(zone, utc);
    }
    arena_release(&arena);
    return 0;
}
