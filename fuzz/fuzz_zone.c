/* Any bytes are a zone or are refused. Of a zone every instant has one stretch that holds it; stretches
 * join without a gap; local times lead to instants that show them, or lie in a gap. */
#include "base/zone.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define HOLDS(cond)                                                                                    \
    do {                                                                                               \
        if (!(cond)) abort();                                                                          \
    } while (0)

static void local_holds(const struct zone *zone, int64_t local)
{
    enum zone_fold fold;
    int64_t utc = zone_to_utc(zone, local, &fold);
    bool shown = utc + zone_offset_at(zone, utc) == local;
    HOLDS(shown == (fold != ZONE_SKIPPED));
}

static void instant_holds(const struct zone *zone, int64_t utc)
{
    struct zone_stretch stretch = zone_stretch_at(zone, utc);
    HOLDS(stretch.from <= utc && utc < stretch.until);
    HOLDS(stretch.offset > -26 * 3600 && stretch.offset < 27 * 3600 &&
          stretch.name[sizeof stretch.name - 1] == '\0');
    if (stretch.until < INT64_C(1) << 50)
        HOLDS(zone_stretch_at(zone, stretch.until).from <= stretch.until);
    local_holds(zone, utc + stretch.offset);
    local_holds(zone, utc);
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
    }
    arena_release(&arena);
    return 0;
}
