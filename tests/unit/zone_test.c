#include "base/civil.h"
#include "base/limits.h"
#include "base/zone.h"
#include "tests/test.h"

static struct arena arena;

/* ---- TZif files, made by hand */

struct transition {
    int64_t at;
    uint8_t to;
};

struct file {
    unsigned char bytes[4096];
    size_t len;
};

static void put(struct file *file, const void *bytes, size_t len)
{
    memcpy(file->bytes + file->len, bytes, len);
    file->len += len;
}

static void put_big(struct file *file, int64_t value, int bytes)
{
    for (int i = bytes - 1; i >= 0; i--)
        file->bytes[file->len++] = (unsigned char)((uint64_t)value >> (8 * i));
}

static void put_header(struct file *file, const char *magic, uint32_t times, uint32_t types,
                       uint32_t chars)
{
    put(file, magic, 5);
    static const char zeros[15 + 12]; /* reserved; isutcnt, isstdcnt, leapcnt */
    put(file, zeros, sizeof zeros);
    put_big(file, times, 4);
    put_big(file, types, 4);
    put_big(file, chars, 4);
}

/* Two kinds: 0 is standard time "STD" at `standard` seconds, 1 is summer time "DST" an hour later. */
static struct file make(int32_t standard, const struct transition *transitions, uint32_t count,
                        const char *rule)
{
    struct file file = {.len = 0};
    put_header(&file, "TZif2", 0, 1, 4);
    put(&file, "\0\0\0\0\0\0OLD\0", 10);
    put_header(&file, "TZif2", count, 2, 8);
    for (uint32_t i = 0; i < count; i++) put_big(&file, transitions[i].at, 8);
    for (uint32_t i = 0; i < count; i++) put_big(&file, transitions[i].to, 1);
    put_big(&file, standard, 4);
    put_big(&file, 0x0000, 2);
    put_big(&file, standard + 3600, 4);
    put_big(&file, 0x0104, 2);
    put(&file, "STD\0DST\0", 8);
    put(&file, "\n", 1);
    put(&file, rule, strlen(rule));
    put(&file, "\n", 1);
    return file;
}

static enum status read_file(const struct file *file, const struct zone **ret_zone)
{
    /* A copy of exactly its size, so that a sanitizer sees a step beyond its end. */
    char *exact = malloc(file->len ? file->len : 1);
    memcpy(exact, file->bytes, file->len);
    enum status st = zone_read(&arena, (struct str){exact, file->len}, ret_zone);
    free(exact);
    return st;
}

static const struct zone *zone_of(int32_t standard, const struct transition *transitions,
                                  uint32_t count, const char *rule)
{
    const struct zone *zone = zone_utc();
    struct file file = make(standard, transitions, count, rule);
    CHECK_STATUS(read_file(&file, &zone), ST_OK);
    return zone;
}

static const struct zone *by_rule(const char *rule)
{
    return zone_of(0, NULL, 0, rule);
}

static int64_t seconds(const char *text)
{
    int64_t ms = 0;
    int32_t offset;
    char whole[40];
    snprintf(whole, sizeof whole, "%sZ", text);
    CHECK(civil_parse_datetime(str_of(whole), &ms, &offset));
    return ms / 1000;
}

/* ---- */

static void transitions_divide_time(void)
{
    static const struct transition some[] = {{-1000, 1}, {0, 0}, {5000, 1}};
    const struct zone *zone = zone_of(3600, some, 3, "");
    static const struct {
        int64_t at;
        int32_t offset;
        bool dst;
    } rows[] = {{-1000000, 3600, false}, {-1001, 3600, false},
                {-1000, 7200, true},     {-1, 7200, true},
                {0, 3600, false},        {4999, 3600, false},
                {5000, 7200, true},      {INT64_C(1) << 40, 7200, true}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct zone_stretch stretch = zone_stretch_at(zone, rows[i].at);
        CHECK(stretch.offset == rows[i].offset && stretch.dst == rows[i].dst);
        CHECK(strcmp(stretch.name, rows[i].dst ? "DST" : "STD") == 0);
        CHECK(stretch.from <= rows[i].at && rows[i].at < stretch.until);
    }
    CHECK(zone_stretch_at(zone, -2000).from == INT64_MIN &&
          zone_stretch_at(zone, 6000).until == INT64_MAX);
}

static void the_footer_rules_after_the_last_transition(void)
{
    static const struct transition some[] = {{0, 0}};
    const struct zone *zone = zone_of(3600, some, 1, "CET-1CEST,M3.5.0,M10.5.0/3");
    static const struct {
        const char *utc;
        int32_t offset;
    } rows[] = {
        {"1970-01-01T00:00:00", 3600}, {"2026-03-29T00:59:59", 3600}, {"2026-03-29T01:00:00", 7200},
        {"2026-10-25T00:59:59", 7200}, {"2026-10-25T01:00:00", 3600}, {"2400-07-01T00:00:00", 7200},
        {"9999-12-31T23:59:59", 3600}, {"2100-03-28T00:59:59", 3600}, {"2100-03-28T01:00:00", 7200},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK(zone_offset_at(zone, seconds(rows[i].utc)) == rows[i].offset);
    struct zone_stretch summer = zone_stretch_at(zone, seconds("2026-07-01T00:00:00"));
    CHECK(summer.from == seconds("2026-03-29T01:00:00") &&
          summer.until == seconds("2026-10-25T01:00:00"));
    CHECK(summer.dst && strcmp(summer.name, "CEST") == 0);
    CHECK(zone_stretch_at(zone, 1).from == 0); /* cut at the last transition */
}

static void rules_of_every_form_are_understood(void)
{
    static const struct {
        const char *rule, *utc;
        int32_t offset;
    } rows[] = {
        {"EST5EDT,M3.2.0,M11.1.0", "2026-03-08T06:59:59", -18000},
        {"EST5EDT,M3.2.0,M11.1.0", "2026-03-08T07:00:00", -14400},
        {"EST5EDT,M3.2.0,M11.1.0", "2026-11-01T06:00:00", -18000},
        {"NZST-12NZDT,M9.5.0,M4.1.0/3", "2026-01-15T00:00:00", 46800}, /* the south */
        {"NZST-12NZDT,M9.5.0,M4.1.0/3", "2026-06-15T00:00:00", 43200},
        {"<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2026-01-15T00:00:00", 39600}, /* half an hour */
        {"<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2026-06-15T00:00:00", 37800},
        {"IST-1GMT0,M10.5.0,M3.5.0/1", "2026-01-15T00:00:00", 0}, /* "summer" time in winter */
        {"IST-1GMT0,M10.5.0,M3.5.0/1", "2026-07-15T00:00:00", 3600},
        {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T00:59:59", -7200}, /* an hour before midnight */
        {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T01:00:00", -3600},
        {"EET-2EEST,M3.4.4/50,M10.4.4/50", "2026-03-27T23:59:59",
         7200}, /* 50 hours after Thursday's midnight */
        {"EET-2EEST,M3.4.4/50,M10.4.4/50", "2026-03-28T00:00:00", 10800},
        {"AAA0BBB,J60,J300", "2024-03-01T01:59:59", 0}, /* J60 is 1 March in every year */
        {"AAA0BBB,J60,J300", "2024-03-01T02:00:00", 3600},
        {"AAA0BBB,J60,J300", "2025-03-01T02:00:00", 3600},
        {"AAA0BBB,59,300", "2024-02-29T01:59:59", 0}, /* 59 is 29 February or 1 March */
        {"AAA0BBB,59,300", "2024-02-29T02:00:00", 3600},
        {"AAA0BBB,59,300", "2025-03-01T01:59:59", 0},
        {"AAA0BBB,59,300", "2025-03-01T02:00:00", 3600},
        {"XXX3EDT4,0/0,J365/23", "2026-01-01T03:00:00", -14400}, /* RFC 8536 §3.3.1: summer all year */
        {"XXX3EDT4,0/0,J365/23", "2026-07-01T00:00:00", -14400},
        {"XXX3EDT4,0/0,J365/23", "2026-12-31T23:59:59", -14400},
        {"UTC0", "2026-07-01T00:00:00", 0},
        {"<+0545>-5:45", "2026-07-01T00:00:00", 20700},
        {"LMT0:30:15", "2026-07-01T00:00:00", -1815},
        {"AAA-24BBB-24:30,M3.5.0/167,M10.5.0/-167", "2026-07-01T00:00:00", 88200},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int32_t got = zone_offset_at(by_rule(rows[i].rule), seconds(rows[i].utc));
        if (got != rows[i].offset) fprintf(stderr, "%s at %s: %d\n", rows[i].rule, rows[i].utc, got);
        CHECK(got == rows[i].offset);
    }
}

static void a_rule_that_is_none_is_refused(void)
{
    static const char *const bad[] = {
        "CET",
        "-1",
        "CET-1CEST",
        "CET-1CEST,M3.5.0",
        "CET-1CEST,M3.5.0,M10.5.0/3x",
        "CET-25",
        "<CET-1",
        "CET-1CEST,M13.5.0,M10.5.0",
        "CET-1CEST,M3.6.0,M10.5.0",
        "CET-1CEST,M3.0.0,M10.5.0",
        "CET-1CEST,M0.1.0,M10.5.0",
        "CET-1CEST,M3.5.7,M10.5.0",
        "CET-1CEST,J0,J10",
        "CET-1CEST,J366,J10",
        "CET-1CEST,366,10",
        "CET-1CEST,M3.5.0/168,M10.5.0",
        "CET-1:60",
        "ABCDEFGHIJKL-1",
        "CET-99999999999999999999",
        "<>0",
        "CET-1CEST,,",
        "CET-1 ",
        "CET-1CEST,M3.5.0/,M10.5.0",
        "\n",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct file file = make(0, NULL, 0, bad[i]);
        const struct zone *zone = NULL;
        if (!read_file(&file, &zone)) fprintf(stderr, "%s\n", bad[i]);
        CHECK_STATUS(read_file(&file, &zone), ST_SYNTAX);
        CHECK(!zone);
    }
}

static void check_local(const struct zone *zone, const char *local, const char *utc,
                        enum zone_fold want)
{
    enum zone_fold fold = ZONE_ONCE;
    int64_t got = zone_to_utc(zone, seconds(local), &fold);
    if (got != seconds(utc) || fold != want)
        fprintf(stderr, "%s: %lld %d\n", local, (long long)(got - seconds(utc)), fold);
    CHECK(got == seconds(utc) && fold == want);
    CHECK(zone_to_utc(zone, seconds(local), NULL) == got);
}

static void local_times_that_are_skipped_or_repeated_follow_rfc_5545(void)
{
    const struct zone *berlin = by_rule("CET-1CEST,M3.5.0,M10.5.0/3");
    check_local(berlin, "2026-01-15T11:00:00", "2026-01-15T10:00:00", ZONE_ONCE);
    check_local(berlin, "2026-03-29T01:59:59", "2026-03-29T00:59:59", ZONE_ONCE);
    check_local(berlin, "2026-03-29T02:00:00", "2026-03-29T01:00:00", ZONE_SKIPPED); /* shows 03:00 */
    check_local(berlin, "2026-03-29T02:59:59", "2026-03-29T01:59:59", ZONE_SKIPPED);
    check_local(berlin, "2026-03-29T03:00:00", "2026-03-29T01:00:00", ZONE_ONCE);
    check_local(berlin, "2026-10-25T01:59:59", "2026-10-24T23:59:59", ZONE_ONCE);
    check_local(berlin, "2026-10-25T02:00:00", "2026-10-25T00:00:00", ZONE_REPEATED);
    check_local(berlin, "2026-10-25T02:59:59", "2026-10-25T00:59:59", ZONE_REPEATED);
    check_local(berlin, "2026-10-25T03:00:00", "2026-10-25T02:00:00", ZONE_ONCE);
}

/* Samoa, 2011: a whole day was left out. */
static void a_skipped_day_is_skipped(void)
{
    struct transition away[] = {{0, 0}};
    away[0].at = seconds("2011-12-30T10:00:00");
    struct file file = make(0, away, 1, "");
    size_t kinds = file.len - 2 - 8 - 12; /* kind 0 becomes -10:00, kind 1 +14:00 */
    memcpy(file.bytes + kinds, "\xff\xff\x73\x60", 4);
    memcpy(file.bytes + kinds + 6, "\x00\x00\xc4\xe0", 4);
    file.bytes[kinds - 1] = 1; /* the transition leads to kind 1 */
    const struct zone *samoa = zone_utc();
    CHECK_STATUS(read_file(&file, &samoa), ST_OK);
    check_local(samoa, "2011-12-29T23:59:59", "2011-12-30T09:59:59", ZONE_ONCE);
    check_local(samoa, "2011-12-30T12:00:00", "2011-12-30T22:00:00", ZONE_SKIPPED);
    check_local(samoa, "2011-12-31T00:00:00", "2011-12-30T10:00:00", ZONE_ONCE);
}

static void every_instant_leads_to_the_wall_and_back(void)
{
    const struct zone *zone = by_rule("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0");
    int wrong = 0;
    for (int64_t utc = seconds("2025-01-01T00:00:00"); utc < seconds("2027-01-01T00:00:00");
         utc += 599) {
        int64_t local = utc + zone_offset_at(zone, utc);
        enum zone_fold fold;
        int64_t back = zone_to_utc(zone, local, &fold);
        wrong += fold == ZONE_SKIPPED ||
                 (fold == ZONE_ONCE ? back != utc
                                    : back > utc || back + zone_offset_at(zone, back) != local);
    }
    CHECK(wrong == 0);
}

static void every_beginning_of_a_file_is_refused(void)
{
    static const struct transition some[] = {{-1000, 1}, {0, 0}};
    struct file file = make(0, some, 2, "CET-1CEST,M3.5.0,M10.5.0/3");
    const struct zone *zone = NULL;
    size_t whole = file.len;
    for (file.len = 0; file.len < whole; file.len++) CHECK_STATUS(read_file(&file, &zone), ST_SYNTAX);
    CHECK_STATUS(read_file(&file, &zone), ST_OK);
}

static void broken_files_are_refused(void)
{
    static const struct transition same[] = {{5, 1}, {5, 0}}, backwards[] = {{5, 1}, {4, 0}},
                                   nowhere[] = {{5, 2}};
    const struct zone *zone = NULL;
    struct file file = make(0, same, 2, "");
    CHECK_STATUS(read_file(&file, &zone), ST_SYNTAX);
    file = make(0, backwards, 2, "");
    CHECK_STATUS(read_file(&file, &zone), ST_SYNTAX);
    file = make(0, nowhere, 1, "");
    CHECK_STATUS(read_file(&file, &zone), ST_SYNTAX);
    file = make(26 * 3600, NULL, 0, ""); /* RFC 8536 §3.2: less than 26 hours */
    CHECK_STATUS(read_file(&file, &zone), ST_SYNTAX);
    file = make(-25 * 3600, NULL, 0, "");
    CHECK_STATUS(read_file(&file, &zone), ST_SYNTAX);
    file = make(0, NULL, 0, "");
    file.bytes[4] = 0; /* version 1 */
    CHECK_STATUS(read_file(&file, &zone), ST_SYNTAX);
    file = make(0, NULL, 0, "");
    file.bytes[0] = 'X';
    CHECK_STATUS(read_file(&file, &zone), ST_SYNTAX);
    file = make(0, NULL, 0, "");
    for (size_t at = 20; at < 44; at++) { /* counts beyond the file, in either header */
        struct file vast = file;
        vast.bytes[at] = 0xff;
        CHECK_STATUS(read_file(&vast, &zone), ST_SYNTAX);
        vast = file;
        vast.bytes[44 + 10 + at] = 0xff;
        CHECK_STATUS(read_file(&vast, &zone), ST_SYNTAX);
    }
    CHECK(!zone);
}

static void a_file_larger_than_the_limit_is_refused(void)
{
    size_t size = limit(ZONE_FILE_BYTES) + 1;
    char *bytes = calloc(1, size);
    const struct zone *zone = NULL;
    struct file file = make(0, NULL, 0, "");
    memcpy(bytes, file.bytes, file.len);
    CHECK_STATUS(zone_read(&arena, (struct str){bytes, file.len}, &zone), ST_OK);
    CHECK_STATUS(zone_read(&arena, (struct str){bytes, size}, &zone), ST_SYNTAX);
    free(bytes);
}

static void names_are_whitelisted(void)
{
    static const char *const good[] = {"UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires",
                                       "Etc/GMT+5", "GB-Eire"};
    static const char *const bad[] = {
        "",    "/UTC", "UTC/", "a//b", "../UTC", "Europe/../UTC", "Europe/Berl\xc3\xadn",
        "a b", "a.b",  "a\\b", ":UTC", "\n"};
    const struct zone *zone = NULL;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) CHECK(zone_name_valid(str_of(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        CHECK(!zone_name_valid(str_of(bad[i])));
        CHECK_STATUS(zone_open(&arena, str_of(bad[i]), &zone), ST_ABSENT);
    }
    char name[limit(ZONE_NAME_BYTES) + 1];
    memset(name, 'a', sizeof name);
    CHECK(zone_name_valid((struct str){name, limit(ZONE_NAME_BYTES)}));
    CHECK(!zone_name_valid((struct str){name, limit(ZONE_NAME_BYTES) + 1}));
    CHECK_STATUS(zone_open(&arena, (struct str){name, limit(ZONE_NAME_BYTES)}, &zone), ST_ABSENT);
    CHECK_STATUS(zone_open(&arena, STR("a\0b"), &zone), ST_ABSENT);
    CHECK(!zone);
}

static void utc_needs_no_disk_and_no_memory(void)
{
    struct arena none;
    const struct zone *zone = NULL;
    arena_init(&none, mem_heap(), 0);
    CHECK_STATUS(zone_open(&none, STR("UTC"), &zone), ST_OK);
    CHECK(zone == zone_utc() && zone_offset_at(zone, 1768471200) == 0);
    CHECK(zone_to_utc(zone, 1768471200, NULL) == 1768471200);
    CHECK(zone_to_utc(zone, -1, NULL) == -1);
}

/* Folders and files that are no zones lie beside the zones. */
static void the_systems_zones_are_opened(void)
{
    const struct zone *zone = NULL;
    if (zone_open(&arena, STR("Europe/Berlin"), &zone) == ST_ABSENT) {
        fprintf(stderr, "SKIPPED: there is no tzdata here; opening zones is not tested\n");
        return;
    }
    CHECK(zone_offset_at(zone, seconds("2026-07-01T00:00:00")) == 7200);
    CHECK(zone_offset_at(zone, seconds("1890-01-01T00:00:00")) == 3208); /* local mean time */
    CHECK_STATUS(zone_open(&arena, STR("Europe"), &zone), ST_ABSENT);
    CHECK_STATUS(zone_open(&arena, STR("leapseconds"), &zone), ST_ABSENT);
    CHECK_STATUS(zone_open(&arena, STR("Europe/Berlin/x"), &zone), ST_ABSENT);
    struct test_mem tm = TEST_MEM(.fail_at = 1);
    struct arena poor;
    for (tm.failed = 1; tm.failed; tm.fail_at++) {
        tm.failed = 0;
        tm.requests = 0;
        arena_init(&poor, &tm.mem, 1 << 20);
        enum status st = zone_open(&poor, STR("Europe/Berlin"), &zone);
        CHECK(st == (tm.failed ? ST_NOMEM : ST_OK));
        arena_release(&poor);
        CHECK(tm.held == 0);
    }
    arena_init(&poor, mem_heap(), 100);
    CHECK_STATUS(zone_open(&poor, STR("Europe/Berlin"), &zone), ST_LIMIT);
    arena_release(&poor);
}

int main(void)
{
    arena_init(&arena, mem_heap(), 16 << 20);
    transitions_divide_time();
    the_footer_rules_after_the_last_transition();
    rules_of_every_form_are_understood();
    a_rule_that_is_none_is_refused();
    local_times_that_are_skipped_or_repeated_follow_rfc_5545();
    a_skipped_day_is_skipped();
    every_instant_leads_to_the_wall_and_back();
    every_beginning_of_a_file_is_refused();
    broken_files_are_refused();
    a_file_larger_than_the_limit_is_refused();
    names_are_whitelisted();
    utc_needs_no_disk_and_no_memory();
    the_systems_zones_are_opened();
    arena_release(&arena);
    return TEST_RESULT();
}
