#include "base/zoned.h"

#include "base/civil.h"

#include <assert.h>

/* ---- reading */

static struct str behind(struct str text, size_t count)
{
    return (struct str){text.ptr + count, text.len - count};
}

/* Up to the offset, the bracket or the end. */
static size_t clock_bytes(struct str text)
{
    size_t len = 0;
    while (len < text.len && !memchr("Zz+-[", text.ptr[len], 5)) len++;
    return len;
}

static bool take_wall(struct str *text, int64_t *ret_ms)
{
    int32_t day, time;
    if (text->len < 11 || (text->ptr[10] != 'T' && text->ptr[10] != 't')) return false;
    if (!civil_parse_date((struct str){text->ptr, 10}, &day)) return false;
    *text = behind(*text, 11);
    size_t len = clock_bytes(*text);
    if (!civil_parse_time((struct str){text->ptr, len}, &time)) return false;
    *text = behind(*text, len);
    *ret_ms = day * CIVIL_MS_PER_DAY + time;
    return true;
}

static bool take_offset(struct str *text, struct zoned *zoned)
{
    int32_t ms;
    if (text->len == 0 || *text->ptr == '[') return true;
    zoned->utc = *text->ptr == 'Z' || *text->ptr == 'z';
    zoned->has_offset = !zoned->utc;
    bool west = *text->ptr == '-';
    *text = behind(*text, 1);
    if (zoned->utc) return true;
    if (text->len < 5 || !civil_parse_time((struct str){text->ptr, 5}, &ms)) return false;
    *text = behind(*text, 5);
    zoned->offset = (int16_t)(west ? -ms / 60000 : ms / 60000);
    zoned->utc = west && ms == 0;
    zoned->has_offset = !zoned->utc;
    return true;
}

static bool take_zone(struct str text, struct str *ret_zone)
{
    if (text.len == 0) return true;
    if (text.len < 3 || text.ptr[0] != '[' || text.ptr[text.len - 1] != ']') return false;
    size_t start = text.ptr[1] == '!' ? 2 : 1;
    *ret_zone = (struct str){text.ptr + start, text.len - 1 - start};
    return zone_name_valid(*ret_zone);
}

bool zoned_parse(struct str text, struct zoned *ret_zoned)
{
    struct zoned zoned = {.zone = {"", 0}};
    if (!take_wall(&text, &zoned.wall_ms) || !take_offset(&text, &zoned) ||
        !take_zone(text, &zoned.zone))
        return false;
    *ret_zoned = zoned;
    return true;
}

/* ---- which instant it is */

/* Offsets of old have seconds; people write minutes, the nearest, a half away from zero. */
static int32_t whole_minutes(int64_t seconds)
{
    return (int32_t)(seconds < 0 ? -((30 - seconds) / 60) : (seconds + 30) / 60);
}

static int64_t seconds_of(int64_t ms)
{
    return ms / 1000 - (ms % 1000 < 0);
}

/* The instant at which the clocks show it `offset` minutes from UTC. */
static enum zoned_result by_offset(const struct zoned *zoned, const int64_t *instants, uint32_t count,
                                   int64_t wall, int64_t *ret_instant)
{
    for (uint32_t i = 0; i < count; i++) {
        if (whole_minutes(wall - instants[i]) != zoned->offset) continue;
        *ret_instant = instants[i];
        return ZONED_OK;
    }
    return ZONED_NONE;
}

static enum zoned_result by_rule(const struct zone *zone, struct zoned_rule rule,
                                 const int64_t *instants, uint32_t count, int64_t wall,
                                 int64_t *ret_instant)
{
    if (count == 0 && rule.refuse_skipped) return ZONED_SKIPPED;
    if (count > 1 && rule.repeated == ZONED_REFUSE_REPEATED) return ZONED_REPEATED;
    if (count == 0) *ret_instant = zone_to_utc(zone, wall, NULL);
    else *ret_instant = instants[rule.repeated == ZONED_SECOND ? count - 1 : 0];
    return ZONED_OK;
}

enum zoned_result zoned_resolve(const struct zoned *zoned, const struct zone *zone,
                                struct zoned_rule rule, int64_t *ret_ms)
{
    int64_t instants[ZONE_INSTANTS], wall = seconds_of(zoned->wall_ms), instant = wall;
    if (!zoned->utc) {
        uint32_t count = zone_instants(zone, wall, instants);
        enum zoned_result result = zoned->has_offset
                                       ? by_offset(zoned, instants, count, wall, &instant)
                                       : by_rule(zone, rule, instants, count, wall, &instant);
        if (result) return result;
    }
    int64_t ms = zoned->wall_ms + (instant - wall) * 1000;
    if (ms < CIVIL_MS_MIN || ms > CIVIL_MS_MAX) return ZONED_NONE;
    *ret_ms = ms;
    return ZONED_OK;
}

/* ---- writing */

/* `wall_ms` as a date and a time of day, without the Z behind it. */
static void put_wall(int64_t wall_ms, struct buf *out)
{
    char text[CIVIL_DATETIME_BYTES];
    size_t len = civil_format_datetime(wall_ms, 0, text);
    buf_put(out, (struct str){text, len - 1});
}

static void put_offset(int64_t seconds, struct buf *out)
{
    int32_t minutes = whole_minutes(seconds), size = minutes < 0 ? -minutes : minutes;
    buf_printf(out, "%c%02d:%02d", minutes < 0 ? '-' : '+', (int)(size / 60), (int)(size % 60));
}

void zoned_put(int64_t ms, const struct zone *zone, struct str name, struct buf *out)
{
    assert(ms >= CIVIL_MS_MIN && ms <= CIVIL_MS_MAX);
    int64_t offset = zone_offset_at(zone, seconds_of(ms)), wall = ms + offset * 1000;
    bool inside = wall >= CIVIL_MS_MIN && wall <= CIVIL_MS_MAX;
    put_wall(inside ? wall : ms, out);
    if (inside) put_offset(offset, out);
    else buf_putc(out, 'Z');
    buf_putc(out, '[');
    buf_put(out, name);
    buf_putc(out, ']');
}

int32_t zoned_minutes(const struct zone *zone, int64_t *ms)
{
    int64_t offset = zone_offset_at(zone, seconds_of(*ms)), wall = *ms + offset * 1000;
    if (wall < CIVIL_MS_MIN || wall > CIVIL_MS_MAX) return 0;
    int32_t minutes = whole_minutes(offset);
    *ms = wall - minutes * INT64_C(60000);
    return minutes;
}
