#include "base/zone.h"

#include "base/civil.h"
#include "base/limits.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>

enum {
    HEADER_BYTES = 44,
    DAY = 86400,
    OFFSET_MIN = -25 * 3600 + 1, /* RFC 8536 §3.2 */
    OFFSET_MAX = 26 * 3600 - 1,
    RULE_TIME_MAX = 167 * 3600, /* ± a week: RFC 8536 §3.3.1 */
};
#define ERA_SECONDS (INT64_C(146097) * DAY) /* 400 years: the calendar and the weekdays repeat */

struct kind {
    int32_t offset;
    bool dst;
    char name[12];
};

/* When a rule changes the clocks, within a year. */
struct change {
    enum {
        JULIAN,
        DAY_OF_YEAR,
        MONTH_WEEK_DAY
    } form;      /* "J60" never counts 29 February; "59" does; "M3.5.0" */
    int32_t day; /* JULIAN 1..365, DAY_OF_YEAR 0..365, weekday 0 (Sunday)..6 */
    int32_t month, week;
    int32_t time; /* seconds after midnight, as the clocks show before the change */
};

/* The footer: what holds after the last transition. */
struct rule {
    bool present, has_dst;
    struct kind standard, summer;
    struct change start, end; /* of summer time */
};

struct zone {
    const int64_t *at; /* when each transition happens, ascending */
    const uint8_t *to; /* the kind that it leads to */
    const struct kind *kinds;
    uint32_t count;
    struct rule rule;
};

const struct zone *zone_utc(void)
{
    static const struct kind utc = {0, false, "UTC"};
    static const struct zone zone = {.kinds = &utc};
    return &zone;
}

/* ---- What a year's rule says */

static int32_t weekday_from_sunday(int32_t day)
{
    return civil_weekday(day) % 7;
}

static int32_t day_by_week(int32_t year, const struct change *change)
{
    int32_t first = civil_day_of(year, change->month, 1);
    int32_t day = first + (change->day - weekday_from_sunday(first) + 7) % 7 + (change->week - 1) * 7;
    while (day > civil_month_end(first)) day -= 7; /* week 5 is the last one, be it the fourth */
    return day;
}

/* Seconds on the wall since 1970. */
static int64_t change_in(int32_t year, const struct change *change)
{
    int32_t first = civil_day_of(year, 1, 1), day = first;
    switch (change->form) {
    case JULIAN:
        day += change->day - 1 + (civil_is_leap(year) && change->day >= 60);
        break;
    case DAY_OF_YEAR:
        day += change->day;
        break;
    case MONTH_WEEK_DAY:
        day = day_by_week(year, change);
        break;
    }
    return (int64_t)day * DAY + change->time;
}

struct moment {
    int64_t at;
    const struct kind *to;
};

static void sort_in(struct moment *moments, int count, struct moment moment)
{
    for (; count > 0 && moments[count - 1].at > moment.at; count--) moments[count] = moments[count - 1];
    moments[count] = moment; /* behind its equals: of two at one instant the later in order wins */
}

static struct zone_stretch stretch_of(const struct kind *kind, int64_t from, int64_t until)
{
    struct zone_stretch stretch = {from, until, kind->offset, kind->dst, {0}};
    memcpy(stretch.name, kind->name, sizeof stretch.name);
    return stretch;
}

/* `t` lies between 2000 and 2400, give or take. A change may lie up to a week outside its year. */
static struct zone_stretch stretch_near(const struct rule *rule, int64_t t)
{
    enum { AROUND = 2, COUNT = (2 * AROUND + 1) * 2 };
    struct moment moments[COUNT] = {{0, NULL}};
    int32_t year = civil_date_of((int32_t)(t / DAY)).year;
    int count = 0;
    for (int32_t y = year - AROUND; y <= year + AROUND; y++) {
        int64_t end = change_in(y, &rule->end) - rule->summer.offset;
        int64_t start = change_in(y, &rule->start) - rule->standard.offset;
        bool north =
            start <=
            end; /* in order, so that all-year summer time, whose end is the next start, stays so */
        sort_in(moments, count++,
                north ? (struct moment){start, &rule->summer} : (struct moment){end, &rule->standard});
        sort_in(moments, count++,
                north ? (struct moment){end, &rule->standard} : (struct moment){start, &rule->summer});
    }
    int i = COUNT - 1;
    while (i > 0 && moments[i].at > t) i--;
    int next = i;
    while (next < COUNT && moments[next].at <= t) next++;
    assert(moments[i].at <= t && next < COUNT);
    return stretch_of(moments[i].to, moments[i].at, moments[next].at);
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* Any year: moved by whole eras to one that civil dates know, and back. */
static struct zone_stretch stretch_by_rule(const struct rule *rule, int64_t t, int64_t from)
{
    if (!rule->has_dst) return stretch_of(&rule->standard, from, INT64_MAX);
    const int64_t year_2000 = INT64_C(10957) * DAY;
    int64_t eras = floor_div(t - year_2000, ERA_SECONDS);
    struct zone_stretch stretch = stretch_near(rule, t - eras * ERA_SECONDS);
    stretch.from += eras * ERA_SECONDS;
    stretch.until += eras * ERA_SECONDS;
    if (stretch.from < from) stretch.from = from;
    return stretch;
}

/* ---- Asking */

/* How many transitions lie at or before t. */
static uint32_t passed(const struct zone *zone, int64_t t)
{
    uint32_t low = 0, high = zone->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (zone->at[middle] <= t) low = middle + 1;
        else high = middle;
    }
    return low;
}

struct zone_stretch zone_stretch_at(const struct zone *zone, int64_t utc_seconds)
{
    assert(utc_seconds > INT64_MIN / 4 && utc_seconds < INT64_MAX / 4);
    uint32_t i = passed(zone, utc_seconds);
    int64_t from = i > 0 ? zone->at[i - 1] : INT64_MIN;
    if (i == zone->count && zone->rule.present) return stretch_by_rule(&zone->rule, utc_seconds, from);
    int64_t until = i < zone->count ? zone->at[i] : INT64_MAX;
    return stretch_of(&zone->kinds[i > 0 ? zone->to[i - 1] : 0], from, until);
}

int32_t zone_offset_at(const struct zone *zone, int64_t utc_seconds)
{
    return zone_stretch_at(zone, utc_seconds).offset;
}

static bool shows(const struct zone_stretch *stretch, int64_t local_seconds)
{
    int64_t utc = local_seconds - stretch->offset;
    return utc >= stretch->from && utc < stretch->until;
}

static bool shows_again(const struct zone *zone, struct zone_stretch stretch, int64_t local_seconds)
{
    while (stretch.until <= local_seconds - OFFSET_MIN) {
        stretch = zone_stretch_at(zone, stretch.until);
        if (shows(&stretch, local_seconds)) return true;
    }
    return false;
}

static int64_t tell(enum zone_fold fold, int64_t utc, enum zone_fold *ret_fold)
{
    if (ret_fold) *ret_fold = fold;
    return utc;
}

/* Walks the stretches around, earliest first: the one in which the clocks show that time is the answer.
 * When a stretch begins after that time without the one before having reached it, the time lies in the
 * gap between. */
int64_t zone_to_utc(const struct zone *zone, int64_t local_seconds, enum zone_fold *ret_fold)
{
    struct zone_stretch stretch = zone_stretch_at(zone, local_seconds - OFFSET_MAX);
    for (;;) {
        if (shows(&stretch, local_seconds)) {
            bool again = shows_again(zone, stretch, local_seconds);
            return tell(again ? ZONE_REPEATED : ZONE_ONCE, local_seconds - stretch.offset, ret_fold);
        }
        struct zone_stretch next = zone_stretch_at(zone, stretch.until);
        if (local_seconds - next.offset < next.from)
            return tell(ZONE_SKIPPED, local_seconds - stretch.offset, ret_fold);
        stretch = next;
    }
}

uint32_t zone_instants(const struct zone *zone, int64_t local_seconds,
                       int64_t ret_instants[ZONE_INSTANTS])
{
    uint32_t count = 0;
    struct zone_stretch stretch = zone_stretch_at(zone, local_seconds - OFFSET_MAX);
    while (count < ZONE_INSTANTS) {
        if (shows(&stretch, local_seconds)) ret_instants[count++] = local_seconds - stretch.offset;
        if (stretch.until > local_seconds - OFFSET_MIN) break;
        stretch = zone_stretch_at(zone, stretch.until);
    }
    return count;
}

/* ---- The footer: a POSIX TZ string, "CET-1CEST,M3.5.0,M10.5.0/3" */

static bool take(struct str *text, char c)
{
    if (text->len == 0 || text->ptr[0] != c) return false;
    *text = (struct str){text->ptr + 1, text->len - 1};
    return true;
}

static bool next_is(struct str text, char low, char high)
{
    return text.len > 0 && text.ptr[0] >= low && text.ptr[0] <= high;
}

static bool take_number(struct str *text, int32_t max, int32_t *ret_value)
{
    int32_t value = 0;
    if (!next_is(*text, '0', '9')) return false;
    while (next_is(*text, '0', '9')) {
        value = value * 10 + (text->ptr[0] - '0');
        if (value > max) return false;
        take(text, text->ptr[0]);
    }
    *ret_value = value;
    return true;
}

static bool take_letter(struct str *text, bool quoted)
{
    bool letter = next_is(*text, 'A', 'Z') || next_is(*text, 'a', 'z');
    bool other =
        quoted && (next_is(*text, '0', '9') || next_is(*text, '+', '+') || next_is(*text, '-', '-'));
    return (letter || other) && take(text, text->ptr[0]);
}

static bool take_name(struct str *text, char ret_name[12])
{
    bool quoted = take(text, '<');
    struct str name = {text->ptr, 0};
    while (take_letter(text, quoted)) name.len++;
    if (name.len < 1 || name.len > 11 || (quoted && !take(text, '>'))) return false;
    memcpy(ret_name, name.ptr, name.len);
    ret_name[name.len] = '\0';
    return true;
}

/* "[+-]hh[:mm[:ss]]" */
static bool take_seconds(struct str *text, int32_t hours_max, int32_t *ret_seconds)
{
    bool negative = take(text, '-');
    if (!negative) take(text, '+');
    int32_t hours, minutes = 0, seconds = 0;
    if (!take_number(text, hours_max, &hours)) return false;
    if (take(text, ':') && !take_number(text, 59, &minutes)) return false;
    if (take(text, ':') && !take_number(text, 59, &seconds)) return false;
    int32_t all = hours * 3600 + minutes * 60 + seconds;
    *ret_seconds = negative ? -all : all;
    return true;
}

static bool take_month_week_day(struct str *text, struct change *change)
{
    change->form = MONTH_WEEK_DAY;
    return take_number(text, 12, &change->month) && take(text, '.') &&
           take_number(text, 5, &change->week) && take(text, '.') &&
           take_number(text, 6, &change->day) && change->month >= 1 && change->week >= 1;
}

static bool take_day(struct str *text, struct change *change)
{
    if (take(text, 'M')) return take_month_week_day(text, change);
    change->form = take(text, 'J') ? JULIAN : DAY_OF_YEAR;
    if (!take_number(text, 365, &change->day)) return false;
    return change->form == DAY_OF_YEAR || change->day >= 1;
}

static bool take_change(struct str *text, struct change *change)
{
    if (!take(text, ',') || !take_day(text, change)) return false;
    change->time = 2 * 3600;
    return !take(text, '/') || take_seconds(text, RULE_TIME_MAX / 3600, &change->time);
}

/* POSIX counts offsets westwards. */
static bool take_kind(struct str *text, struct kind *kind)
{
    int32_t west;
    if (!take_name(text, kind->name) || !take_seconds(text, 24, &west)) return false;
    kind->offset = -west;
    return true;
}

static bool take_summer(struct str *text, struct rule *rule)
{
    struct kind *summer = &rule->summer;
    int32_t west = -(rule->standard.offset + 3600);
    if (!take_name(text, summer->name)) return false;
    if (text->len > 0 && text->ptr[0] != ',' && !take_seconds(text, 24, &west)) return false;
    summer->offset = -west;
    summer->dst = true;
    rule->has_dst = true;
    return take_change(text, &rule->start) && take_change(text, &rule->end);
}

static bool parse_rule(struct str text, struct rule *ret_rule)
{
    struct rule rule = {.present = text.len > 0};
    if (rule.present && !take_kind(&text, &rule.standard)) return false;
    if (text.len > 0 && !take_summer(&text, &rule)) return false;
    *ret_rule = rule;
    return text.len == 0;
}

/* ---- The file */

struct header {
    size_t isutcnt, isstdcnt, leapcnt, timecnt, typecnt, charcnt;
};

static uint32_t big32(const unsigned char *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static int64_t big64(const unsigned char *at)
{
    return (int64_t)((uint64_t)big32(at) << 32 | big32(at + 4));
}

static bool read_header(const unsigned char *at, size_t left, struct header *ret_header)
{
    if (left < HEADER_BYTES || memcmp(at, "TZif", 4) != 0 || at[4] < '2') return false;
    struct header header = {big32(at + 20), big32(at + 24), big32(at + 28),
                            big32(at + 32), big32(at + 36), big32(at + 40)};
    const size_t many = limit(ZONE_FILE_BYTES); /* so that no sum overflows */
    if (header.isutcnt > many || header.isstdcnt > many || header.leapcnt > many ||
        header.timecnt > many || header.typecnt > 256 || header.charcnt > many)
        return false;
    *ret_header = header;
    return true;
}

static size_t block_bytes(const struct header *header, size_t time_bytes)
{
    return header->timecnt * (time_bytes + 1) + header->typecnt * 6 + header->charcnt +
           header->leapcnt * (time_bytes + 4) + header->isstdcnt + header->isutcnt;
}

static bool read_times(const struct header *header, const unsigned char *at, int64_t *ret_times,
                       uint8_t *ret_to)
{
    const unsigned char *to = at + header->timecnt * 8;
    for (size_t i = 0; i < header->timecnt; i++) {
        ret_times[i] = big64(at + i * 8);
        ret_to[i] = to[i];
        if (to[i] >= header->typecnt || (i > 0 && ret_times[i] <= ret_times[i - 1])) return false;
        if (ret_times[i] < INT64_MIN / 8 || ret_times[i] > INT64_MAX / 8) return false;
    }
    return true;
}

static bool read_kinds(const struct header *header, const unsigned char *at, struct kind *ret_kinds)
{
    const unsigned char *names = at + header->typecnt * 6;
    for (size_t i = 0; i < header->typecnt; i++, at += 6) {
        int32_t offset = (int32_t)big32(at);
        if (offset < OFFSET_MIN || offset > OFFSET_MAX || at[4] > 1 || at[5] >= header->charcnt)
            return false;
        ret_kinds[i] = (struct kind){.offset = offset, .dst = at[4] == 1};
        for (size_t j = 0; at[5] + j < header->charcnt && names[at[5] + j] && j < 11; j++)
            ret_kinds[i].name[j] = (char)names[at[5] + j];
    }
    return header->typecnt > 0;
}

/* "\n" rule "\n", to the end of the file. */
static bool read_footer(struct str text, struct rule *ret_rule)
{
    if (text.len < 2 || text.ptr[0] != '\n' || text.ptr[text.len - 1] != '\n') return false;
    return parse_rule((struct str){text.ptr + 1, text.len - 2}, ret_rule);
}

/* The second of the two blocks, the one with 64-bit times; NULL when the bytes are not such a file. */
static const unsigned char *find_block(struct str bytes, struct header *ret_header)
{
    const unsigned char *at = (const unsigned char *)bytes.ptr;
    size_t left = bytes.len;
    if (!read_header(at, left, ret_header)) return NULL;
    size_t first = HEADER_BYTES + block_bytes(ret_header, 4);
    if (first > left || !read_header(at + first, left - first, ret_header)) return NULL;
    size_t second = first + HEADER_BYTES;
    if (block_bytes(ret_header, 8) > left - second) return NULL;
    return ret_header->leapcnt ? NULL
                               : at + second; /* "right/" zones count leap seconds; we have none */
}

enum status zone_read(struct arena *arena, struct str bytes, const struct zone **ret_zone)
{
    struct header header;
    const unsigned char *block =
        bytes.len <= limit(ZONE_FILE_BYTES) ? find_block(bytes, &header) : NULL;
    if (!block) return ST_SYNTAX;
    struct zone *zone = ARENA_NEW(arena, struct zone);
    int64_t *times = ARENA_ARRAY(arena, int64_t, header.timecnt);
    uint8_t *to = ARENA_ARRAY(arena, uint8_t, header.timecnt);
    struct kind *kinds = ARENA_ARRAY(arena, struct kind, header.typecnt);
    if (!zone || !times || !to || !kinds) return arena->refused ? ST_LIMIT : ST_NOMEM;
    const char *end = (const char *)block + block_bytes(&header, 8);
    struct str footer = {end, (size_t)(bytes.ptr + bytes.len - end)};
    *zone = (struct zone){.at = times, .to = to, .kinds = kinds, .count = (uint32_t)header.timecnt};
    if (!read_times(&header, block, times, to) ||
        !read_kinds(&header, block + header.timecnt * 9, kinds) || !read_footer(footer, &zone->rule))
        return ST_SYNTAX;
    *ret_zone = zone;
    return ST_OK;
}

static bool name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '+' || c == '-';
}

bool zone_name_valid(struct str name)
{
    if (name.len < 1 || name.len > limit(ZONE_NAME_BYTES)) return false;
    for (size_t i = 0; i < name.len; i++) {
        bool inner_slash = name.ptr[i] == '/' && i > 0 && i + 1 < name.len && name.ptr[i - 1] != '/';
        if (!inner_slash && !name_byte(name.ptr[i])) return false;
    }
    return true;
}

/* A folder of zones opens but does not read; a file that is no zone (there are some) is no zone to us.
 */
static enum status read_file(FILE *file, struct arena *arena, struct str *ret_bytes)
{
    size_t room = limit(ZONE_FILE_BYTES);
    char *bytes = arena_alloc(arena, room);
    if (!bytes) return arena->refused ? ST_LIMIT : ST_NOMEM;
    size_t len = fread(bytes, 1, room, file);
    if (ferror(file)) return errno == EISDIR ? ST_ABSENT : ST_IO;
    if (len < 4 || memcmp(bytes, "TZif", 4) != 0) return ST_ABSENT;
    *ret_bytes = (struct str){bytes, len};
    return ST_OK;
}

static enum status open_file(const char *folder, struct str name, FILE **ret_file)
{
    char path[ZONE_PATH_BYTES];
    int len = snprintf(path, sizeof path, "%s/%.*s", folder, STR_ARG(name));
    *ret_file = len < (int)sizeof path ? fopen(path, "rb") : NULL;
    if (*ret_file) return ST_OK;
    bool absent = len >= (int)sizeof path || errno == ENOENT || errno == ENOTDIR;
    return absent ? ST_ABSENT : ST_IO;
}

enum status zone_open(struct arena *arena, struct str name, const struct zone **ret_zone)
{
    if (str_eq(name, STR("UTC"))) {
        *ret_zone = zone_utc();
        return ST_OK;
    }
    return zone_open_in(arena, ZONE_FOLDER, name, ret_zone);
}

enum status zone_open_in(struct arena *arena, const char *folder, struct str name,
                         const struct zone **ret_zone)
{
    if (!zone_name_valid(name)) return ST_ABSENT;
    FILE *file;
    enum status st = open_file(folder, name, &file);
    if (st) return st;
    struct arena scratch; /* the file's bytes; the zone keeps none of them */
    arena_init(&scratch, arena->mem, limit(ZONE_FILE_BYTES) + 1024);
    struct str bytes;
    st = read_file(file, &scratch, &bytes);
    fclose(file);
    if (!st) st = zone_read(arena, bytes, ret_zone);
    arena_release(&scratch);
    return st;
}
