/* Wall times in a zone: read and written by trying every offset that the zone has around then. */
#include "tests/reference/plain.h"

#include "base/civil.h"

#include <string.h>

enum { HOURS_AROUND = 27, MOST = 8, QUARTER = 900 };

/* ---- the text: from its end to its beginning */

struct wall {
    int64_t ms;   /* as if it were UTC */
    bool located; /* by `offset` minutes */
    bool utc;
    int32_t offset;
    struct str zone;
};

static bool cut_zone(struct str *text, struct wall *wall)
{
    const char *open = memchr(text->ptr, '[', text->len);
    if (!open) return true;
    struct str zone = {open + 1, (size_t)(text->ptr + text->len - open - 1)};
    if (zone.len == 0 || zone.ptr[zone.len - 1] != ']') return false;
    zone.len--;
    if (zone.len > 0 && zone.ptr[0] == '!') zone.ptr++, zone.len--;
    wall->zone = zone;
    text->len = (size_t)(open - text->ptr);
    return zone.len > 0;
}

/* "Z" or "+02:00", which may stand behind any time. */
static bool cut_offset(struct plain *plain, struct str *text, struct wall *wall)
{
    size_t len = text->len > 0 && (text->ptr[text->len - 1] | 0x20) == 'z' ? 1 : 6;
    if (text->len < 16 + len) return true;
    struct str offset = {text->ptr + text->len - len, len};
    if (len == 6 && offset.ptr[0] != '+' && offset.ptr[0] != '-') return true;
    int64_t ms;
    if (!civil_parse_datetime(plain_concat(plain, STR("2000-01-01T00:00:00"), offset), &ms,
                              &wall->offset))
        return false;
    text->len -= len;
    wall->utc = len == 1 || (wall->offset == 0 && offset.ptr[0] == '-');
    wall->located = !wall->utc;
    return true;
}

static bool parse_wall(struct plain *plain, struct str text, struct wall *wall)
{
    int32_t none;
    *wall = (struct wall){.zone = {"", 0}};
    if (!cut_zone(&text, wall) || !cut_offset(plain, &text, wall)) return false;
    struct str rest = text.len == 16 ? STR(":00Z") : STR("Z"); /* without seconds */
    return text.len >= 16 && civil_parse_datetime(plain_concat(plain, text, rest), &wall->ms, &none);
}

/* ---- the instant */

/* All offsets that the zone has within a good day of the time, each once. */
static uint32_t offsets_around(const struct zone *zone, int64_t local, int32_t offsets[MOST])
{
    uint32_t count = 0;
    for (int64_t at = local - HOURS_AROUND * 3600; at <= local + HOURS_AROUND * 3600; at += QUARTER) {
        int32_t offset = zone_offset_at(zone, at);
        bool known = count == MOST;
        for (uint32_t i = 0; i < count; i++) known |= offsets[i] == offset;
        if (!known) offsets[count++] = offset;
    }
    return count;
}

static int64_t nearest_minute(int32_t offset)
{
    int32_t size = offset < 0 ? -offset : offset, minutes = (size + 30) / 60;
    return offset < 0 ? -minutes : minutes;
}

struct found {
    int64_t first, last, before_gap, said;
    uint32_t count;
    bool has_said;
};

static struct found find_instants(const struct zone *zone, const struct wall *wall, int64_t local)
{
    int32_t offsets[MOST];
    struct found found = {.first = INT64_MAX, .last = INT64_MIN, .before_gap = local};
    uint32_t count = offsets_around(zone, local, offsets);
    for (uint32_t i = 0; i < count; i++) {
        int64_t instant = local - offsets[i];
        int32_t then = zone_offset_at(zone, instant);
        if (then > offsets[i]) found.before_gap = instant; /* the clocks have been put forward */
        if (then != offsets[i]) continue;
        found.count++;
        if (instant < found.first) found.first = instant;
        if (instant > found.last) found.last = instant;
        if (nearest_minute(then) != wall->offset || (found.has_said && instant > found.said)) continue;
        found.said = instant;
        found.has_said = true;
    }
    return found;
}

static const char *choose_instant(const struct ir_node *node, const struct wall *wall,
                                  const struct found *found, int64_t *ret_instant)
{
    *ret_instant = found->first;
    if (wall->located) {
        *ret_instant = found->said;
        return found->has_said ? NULL : "format";
    }
    if (found->count == 0) {
        *ret_instant = found->before_gap;
        return node->wall.refuse_skipped ? "skipped" : NULL;
    }
    if (found->count > 1 && node->wall.repeated == ZONED_REFUSE_REPEATED) return "repeated";
    if (node->wall.repeated == ZONED_SECOND) *ret_instant = found->last;
    return NULL;
}

const char *plain_read_zoned(struct plain *plain, const struct ir_node *node, struct str text,
                             struct plain_value *value)
{
    struct wall wall;
    if (!parse_wall(plain, text, &wall)) return "format";
    struct str name = wall.zone.len ? wall.zone : node->zone;
    uint32_t number = atlas_find(plain->judging->atlas, name);
    if (number == NAME_ABSENT) return "format";
    int64_t part = (wall.ms % 1000 + 1000) % 1000, local = (wall.ms - part) / 1000, instant = local;
    if (!wall.utc) {
        struct found found = find_instants(atlas_zone(plain->judging->atlas, number), &wall, local);
        const char *broken = choose_instant(node, &wall, &found, &instant);
        if (broken) return broken;
    }
    int64_t ms = instant * 1000 + part;
    if (ms < CIVIL_MS_MIN || ms > CIVIL_MS_MAX) return "format";
    *value = plain_exact(ms);
    value->zone = name;
    return NULL;
}

/* ---- and back */

void plain_show_zoned(const struct plain *plain, const struct ir_node *node,
                      const struct plain_value *value, const struct locale *locale,
                      enum locale_style style, struct buf *out)
{
    struct str name = value->zone.len ? value->zone : node->zone;
    const struct atlas *atlas = plain->judging->atlas;
    int64_t part = (value->exact % 1000 + 1000) % 1000, at = (value->exact - part) / 1000;
    int32_t offset = zone_offset_at(atlas_zone(atlas, atlas_find(atlas, name)), at);
    int64_t wall = value->exact + offset * INT64_C(1000), minutes = nearest_minute(offset);
    bool inside = wall >= CIVIL_MS_MIN && wall <= CIVIL_MS_MAX;
    if (inside) locale_put_datetime(locale, wall - minutes * 60000, (int32_t)minutes, style, out);
    else locale_put_datetime(locale, value->exact, 0, style, out);
}

void plain_put_zoned(const struct plain *plain, const struct ir_node *node,
                     const struct plain_value *value, struct buf *out)
{
    struct str name = value->zone.len ? value->zone : node->zone;
    const struct atlas *atlas = plain->judging->atlas;
    char text[CIVIL_DATETIME_BYTES];
    int64_t part = (value->exact % 1000 + 1000) % 1000, at = (value->exact - part) / 1000;
    int32_t offset = zone_offset_at(atlas_zone(atlas, atlas_find(atlas, name)), at);
    int64_t wall = value->exact + offset * INT64_C(1000), minutes = nearest_minute(offset);
    bool written = wall >= CIVIL_MS_MIN && wall <= CIVIL_MS_MAX;
    size_t len = civil_format_datetime(written ? wall : value->exact, 0, text);
    buf_put(out, (struct str){text, len - written});
    if (written)
        buf_printf(out, "%s%02d:%02d", minutes < 0 ? "-" : "+",
                   (int)((minutes < 0 ? -minutes : minutes) / 60),
                   (int)((minutes < 0 ? -minutes : minutes) % 60));
    buf_printf(out, "[%.*s]", STR_ARG(name));
}
