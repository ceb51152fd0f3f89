#include "base/zoned.h"

#include "base/atlas.h"
#include "base/civil.h"
#include "tests/test.h"

static struct atlas *atlas;
static struct buf out;

static const struct zone *zone_named(struct str name)
{
    uint32_t number = atlas_find(atlas, name);
    CHECK(number != NAME_ABSENT);
    return number == NAME_ABSENT ? zone_utc() : atlas_zone(atlas, number);
}

/* The normal form of what is written, or how it ends; `zone` is where no zone is said. */
static const char *normal(const char *text, const char *zone, struct zoned_rule rule)
{
    struct zoned zoned;
    int64_t ms;
    if (!zoned_parse(str_of(text), &zoned)) return "unreadable";
    struct str name = zoned.zone.len ? zoned.zone : str_of(zone);
    switch (zoned_resolve(&zoned, zone_named(name), rule, &ms)) {
    case ZONED_NONE:
        return "none";
    case ZONED_SKIPPED:
        return "skipped";
    case ZONED_REPEATED:
        return "repeated";
    case ZONED_OK:
        break;
    }
    buf_reset(&out);
    zoned_put(ms, zone_named(name), name, &out);
    buf_putc(&out, '\0');
    return out.ptr;
}

static void check(int line, const char *text, const char *want, struct zoned_rule rule)
{
    const char *got = normal(text, "Europe/Berlin", rule);
    if (strcmp(got, want) != 0) fprintf(stderr, "line %d: %s: %s, not %s\n", line, text, got, want);
    CHECK(strcmp(got, want) == 0);
}

#define IS(text, want) check(__LINE__, text, want, ZONED_LENIENT)
#define LATER ((struct zoned_rule){false, ZONED_SECOND})
#define STRICT ((struct zoned_rule){true, ZONED_REFUSE_REPEATED})

/* ---- */

static void wall_times_are_read_and_written_with_offset_and_zone(void)
{
    IS("2024-01-15T09:30", "2024-01-15T09:30:00+01:00[Europe/Berlin]");
    IS("2024-07-15T09:30:05", "2024-07-15T09:30:05+02:00[Europe/Berlin]");
    IS("2024-07-15t09:30:05.1", "2024-07-15T09:30:05.100+02:00[Europe/Berlin]");
    IS("2024-07-15T09:30:05.123456789", "2024-07-15T09:30:05.123+02:00[Europe/Berlin]");
    IS("2024-07-15T09:30+02:00", "2024-07-15T09:30:00+02:00[Europe/Berlin]");
    IS("2024-07-15T09:30[America/New_York]", "2024-07-15T09:30:00-04:00[America/New_York]");
    IS("2024-07-15T09:30-04:00[!America/New_York]", "2024-07-15T09:30:00-04:00[America/New_York]");
    IS("2024-07-15T09:30[UTC]", "2024-07-15T09:30:00+00:00[UTC]");
    IS("2024-07-15T09:30[Etc/GMT+5]", "2024-07-15T09:30:00-05:00[Etc/GMT+5]");
    IS("2024-07-15T09:30[Asia/Kathmandu]", "2024-07-15T09:30:00+05:45[Asia/Kathmandu]");
}

static void an_instant_in_utc_is_seen_in_the_zone(void)
{
    IS("2024-07-15T09:30Z", "2024-07-15T11:30:00+02:00[Europe/Berlin]");
    IS("2024-07-15T09:30:00z[America/New_York]", "2024-07-15T05:30:00-04:00[America/New_York]");
    IS("2024-07-15T09:30-00:00", "2024-07-15T11:30:00+02:00[Europe/Berlin]"); /* RFC 9557 §2.2 */
    IS("2024-07-15T09:30+00:00", "none"); /* this says what the clocks are set to */
}

static void an_offset_that_the_zone_does_not_have_then_is_none(void)
{
    IS("2024-07-15T09:30+01:00", "none");
    IS("2024-01-15T09:30+02:00", "none");
    IS("2024-07-15T09:30+02:01", "none");
    IS("2024-07-15T09:30-02:00", "none");
    IS("2024-07-15T09:30+23:59", "none");
    IS("2024-03-31T02:30+01:00", "none"); /* skipped: no offset has it */
    IS("2024-03-31T02:30+02:00", "none");
}

static void what_is_no_wall_time_is_refused(void)
{
    static const char *const bad[] = {"",
                                      "T",
                                      "2024-07-15",
                                      "2024-07-15T",
                                      "2024-07-15T9:30",
                                      "2024-07-15T09",
                                      "2024-07-15T0930",
                                      "2024-07-15 09:30",
                                      "2024-07-15T24:00",
                                      "2024-07-15T09:60",
                                      "2024-07-15T09:30:60",
                                      "2024-02-30T09:30",
                                      "0000-01-01T00:00",
                                      "2024-07-15T09:30.5",
                                      "2024-07-15T09:30:05.",
                                      "2024-07-15T09:30:05.1234567890",
                                      "2024-07-15T09:30+2:00",
                                      "2024-07-15T09:30+0200",
                                      "2024-07-15T09:30+24:00",
                                      "2024-07-15T09:30+02:60",
                                      "2024-07-15T09:30+",
                                      "2024-07-15T09:30+02:00:00",
                                      "2024-07-15T09:30ZZ",
                                      "2024-07-15T09:30[",
                                      "2024-07-15T09:30[]",
                                      "2024-07-15T09:30[!]",
                                      "2024-07-15T09:30]",
                                      "2024-07-15T09:30[Europe/Berlin",
                                      "2024-07-15T09:30[Europe/Berlin]x",
                                      "2024-07-15T09:30[Europe/Berlin][u-ca=gregory]",
                                      "2024-07-15T09:30[u-ca=gregory]",
                                      "2024-07-15T09:30[+02:00]",
                                      "2024-07-15T09:30[../UTC]",
                                      "2024-07-15T09:30[!!UTC]",
                                      "2024-07-15T09:30[/UTC]",
                                      "2024-07-15T09:30[UTC][UTC]",
                                      "[Europe/Berlin]"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct zoned zoned;
        if (zoned_parse(str_of(bad[i]), &zoned)) fprintf(stderr, "%s\n", bad[i]);
        CHECK(!zoned_parse(str_of(bad[i]), &zoned));
    }
    struct zoned zoned;
    CHECK(!zoned_parse(STR("2024-07-15T09:30[UTC\0]"), &zoned) &&
          !zoned_parse(STR("2024-07-15T09:30\0"), &zoned));
    CHECK(!zoned_parse(STR("2024-07-15T09:30\00002:00"), &zoned));
}

static void every_shorter_text_is_read_within_its_bounds(void)
{
    static const char whole[] = "2024-07-15T09:30:05.5+02:00[!Europe/Berlin]";
    for (size_t len = 0; len < sizeof whole; len++) {
        char *exact = malloc(len ? len : 1); /* so that a sanitizer sees a step beyond its end */
        struct zoned zoned;
        memcpy(exact, whole, len);
        bool read = zoned_parse((struct str){exact, len}, &zoned);
        CHECK(read == (len == 16 || len == 19 || len == 21 || len == 27 || len == sizeof whole - 1));
        free(exact);
    }
}

static void a_skipped_time_is_read_as_before_the_gap_or_refused(void)
{
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"2024-03-31T02:30[Europe/Berlin]", "2024-03-31T03:30:00+02:00[Europe/Berlin]"},
        {"2024-03-31T02:00[Europe/Berlin]", "2024-03-31T03:00:00+02:00[Europe/Berlin]"},
        {"2024-03-31T02:59:59.999[Europe/Berlin]", "2024-03-31T03:59:59.999+02:00[Europe/Berlin]"},
        {"2024-03-10T02:30[America/New_York]", "2024-03-10T03:30:00-04:00[America/New_York]"},
        {"2024-10-06T02:15[Australia/Lord_Howe]",
         "2024-10-06T02:45:00+11:00[Australia/Lord_Howe]"}, /* half an hour */
        {"2024-04-14T02:30[Africa/Casablanca]",
         "2024-04-14T03:30:00+01:00[Africa/Casablanca]"}, /* after Ramadan */
        {"2011-12-30T12:00[Pacific/Apia]", "2011-12-31T12:00:00+14:00[Pacific/Apia]"}, /* a whole day */
        {"2500-03-28T02:30[Europe/Berlin]", "2500-03-28T03:30:00+02:00[Europe/Berlin]"},
        {"1893-04-01T00:05[Europe/Berlin]",
         "1893-04-01T00:11:32+01:00[Europe/Berlin]"}, /* since 53:28 became an hour */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        IS(rows[i].text, rows[i].want);
        check(__LINE__, rows[i].text, rows[i].want, LATER);
        check(__LINE__, rows[i].text, "skipped", STRICT);
    }
    check(__LINE__, "2024-03-31T01:59:59.999", "2024-03-31T01:59:59.999+01:00[Europe/Berlin]", STRICT);
    check(__LINE__, "2024-03-31T03:00", "2024-03-31T03:00:00+02:00[Europe/Berlin]", STRICT);
    check(__LINE__, "2011-12-29T23:59:59[Pacific/Apia]", "2011-12-29T23:59:59-10:00[Pacific/Apia]",
          STRICT);
    check(__LINE__, "2011-12-31T00:00[Pacific/Apia]", "2011-12-31T00:00:00+14:00[Pacific/Apia]",
          STRICT);
}

static void a_repeated_time_is_the_first_the_second_or_refused(void)
{
    static const struct {
        const char *text, *first, *second;
    } rows[] = {
        {"2024-10-27T02:30[Europe/Berlin]", "2024-10-27T02:30:00+02:00[Europe/Berlin]",
         "2024-10-27T02:30:00+01:00[Europe/Berlin]"},
        {"2024-11-03T01:30[America/New_York]", "2024-11-03T01:30:00-04:00[America/New_York]",
         "2024-11-03T01:30:00-05:00[America/New_York]"},
        {"2024-04-07T01:45[Australia/Lord_Howe]", "2024-04-07T01:45:00+11:00[Australia/Lord_Howe]",
         "2024-04-07T01:45:00+10:30[Australia/Lord_Howe]"},
        {"2024-03-10T02:30[Africa/Casablanca]", "2024-03-10T02:30:00+01:00[Africa/Casablanca]",
         "2024-03-10T02:30:00+00:00[Africa/Casablanca]"},
        {"2500-10-31T02:30[Europe/Berlin]", "2500-10-31T02:30:00+02:00[Europe/Berlin]",
         "2500-10-31T02:30:00+01:00[Europe/Berlin]"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        IS(rows[i].text, rows[i].first);
        check(__LINE__, rows[i].text, rows[i].second, LATER);
        check(__LINE__, rows[i].text, "repeated", STRICT);
        IS(rows[i].first, rows[i].first); /* an offset says which one is meant, whatever the rule */
        IS(rows[i].second, rows[i].second);
        check(__LINE__, rows[i].first, rows[i].first, LATER);
        check(__LINE__, rows[i].second, rows[i].second, STRICT);
    }
    check(__LINE__, "2024-10-27T01:59:59", "2024-10-27T01:59:59+02:00[Europe/Berlin]", STRICT);
    check(__LINE__, "2024-10-27T03:00", "2024-10-27T03:00:00+01:00[Europe/Berlin]", STRICT);
    check(__LINE__, "2024-10-27T00:30Z", "2024-10-27T02:30:00+02:00[Europe/Berlin]", STRICT);
    check(__LINE__, "2024-10-27T01:30Z", "2024-10-27T02:30:00+01:00[Europe/Berlin]", STRICT);
}

static void offsets_with_seconds_are_written_in_the_nearest_minute(void)
{
    IS("1890-01-01T12:00", "1890-01-01T12:00:00+00:53[Europe/Berlin]"); /* 00:53:28 */
    IS("1890-01-01T12:00+00:53", "1890-01-01T12:00:00+00:53[Europe/Berlin]");
    IS("1890-01-01T12:00+00:54", "none");
    IS("1890-01-01T11:06:32Z", "1890-01-01T12:00:00+00:53[Europe/Berlin]");
    IS("1960-01-01T12:00[Africa/Monrovia]",
       "1960-01-01T12:00:00-00:45[Africa/Monrovia]"); /* 00:44:30 */
    IS("1960-01-01T12:00-00:45[Africa/Monrovia]", "1960-01-01T12:00:00-00:45[Africa/Monrovia]");
    IS("0001-01-01T00:00[Asia/Tokyo]", "none"); /* in the year 0 */
    IS("0001-01-02T00:00[Asia/Tokyo]", "0001-01-02T00:00:00+09:19[Asia/Tokyo]");
    IS("0001-01-01T00:00[America/New_York]", "0001-01-01T00:00:00-04:56[America/New_York]");
}

static void at_the_ends_of_time_the_instant_counts(void)
{
    IS("9999-12-31T23:59:59.999", "9999-12-31T23:59:59.999+01:00[Europe/Berlin]");
    IS("9999-12-31T23:59:59.999Z",
       "9999-12-31T23:59:59.999Z[Europe/Berlin]"); /* the wall is in the year 10000 */
    IS("9999-12-31T22:59:59.999Z", "9999-12-31T23:59:59.999+01:00[Europe/Berlin]");
    IS("9999-12-31T23:30[America/New_York]", "none");
    IS("9999-12-31T18:59:59.999[America/New_York]", "9999-12-31T18:59:59.999-05:00[America/New_York]");
    IS("0001-01-01T00:00Z[America/New_York]", "0001-01-01T00:00:00Z[America/New_York]");
    IS("0001-01-01T00:00Z[UTC]", "0001-01-01T00:00:00+00:00[UTC]");
}

/* What is written names the same instant when it is read again, unless the clocks went back by less
 * than a minute then: in Kolkata in 1854 an offset in minutes does not say which of two it is. */
static bool is_told_apart(const struct zone *zone, int64_t ms)
{
    int64_t instants[ZONE_INSTANTS], seconds = ms / 1000 - (ms % 1000 < 0);
    int64_t wall = seconds + zone_offset_at(zone, seconds);
    uint32_t count = zone_instants(zone, wall, instants);
    return count < 2 || instants[1] - instants[0] >= 60;
}

static void check_again(uint32_t number, int64_t ms)
{
    const struct zone *zone = atlas_zone(atlas, number);
    struct zoned zoned;
    int64_t back = 0;
    if (ms < CIVIL_MS_MIN || ms > CIVIL_MS_MAX || !is_told_apart(zone, ms)) return;
    buf_reset(&out);
    zoned_put(ms, zone, atlas_name(atlas, number), &out);
    bool read = zoned_parse(buf_str(&out), &zoned) && str_eq(zoned.zone, atlas_name(atlas, number)) &&
                zoned_resolve(&zoned, zone, STRICT, &back) == ZONED_OK && back == ms;
    if (!read) fprintf(stderr, "%.*s\n", STR_ARG(buf_str(&out)));
    CHECK(read && out.len <= ZONED_BYTES + atlas_name(atlas, number).len);
}

static void in_every_zone_what_is_written_is_read_as_the_same(void)
{
    uint64_t dice = 1;
    for (uint32_t number = 0; number < atlas_count(atlas); number++) {
        const struct zone *zone = atlas_zone(atlas, number);
        struct zone_stretch stretch = zone_stretch_at(zone, CIVIL_MS_MIN / 1000);
        for (int i = 0; i < 80 && stretch.until < CIVIL_MS_MAX / 1000; i++) {
            static const int64_t around[] = {-7200000, -1800000, -1000,   -1,     0,
                                             1,        1000,     1799999, 3600000};
            for (size_t k = 0; k < sizeof around / sizeof *around; k++)
                check_again(number, stretch.until * 1000 + around[k]);
            stretch = zone_stretch_at(zone, stretch.until);
        }
        for (int i = 0; i < 12; i++) {
            dice = dice * 6364136223846793005u + 1442695040888963407u;
            check_again(number, CIVIL_MS_MIN + (int64_t)((dice >> 16) %
                                                         (uint64_t)(CIVIL_MS_MAX - CIVIL_MS_MIN + 1)));
        }
    }
}

/* A clock that knows minutes only shows the same as the zone's, with seconds in its offset or not. */
static void offsets_in_minutes_show_the_same_wall_time(void)
{
    int64_t summer = INT64_C(1721028600000), old = INT64_C(-2524551600000), end = CIVIL_MS_MAX;
    const struct zone *berlin = zone_named(STR("Europe/Berlin"));
    CHECK(zoned_minutes(berlin, &summer) == 120 && summer == INT64_C(1721028600000));
    int64_t wall = old + zone_offset_at(berlin, old / 1000) * INT64_C(1000);
    CHECK(zoned_minutes(berlin, &old) == 53 && old == wall - 53 * 60000 &&
          old != INT64_C(-2524551600000));
    CHECK(zoned_minutes(berlin, &end) == 0 && end == CIVIL_MS_MAX);
}

int main(void)
{
    buf_init(&out, mem_heap(), 4096);
    CHECK_STATUS(atlas_new(mem_heap(), &atlas), ST_OK);
    what_is_no_wall_time_is_refused();
    every_shorter_text_is_read_within_its_bounds();
    if (atlas_find(atlas, STR("Africa/Casablanca")) == NAME_ABSENT) {
        fprintf(stderr, "SKIPPED: there is no tzdata here; times in zones are not tested\n");
        return TEST_RESULT();
    }
    wall_times_are_read_and_written_with_offset_and_zone();
    an_instant_in_utc_is_seen_in_the_zone();
    an_offset_that_the_zone_does_not_have_then_is_none();
    a_skipped_time_is_read_as_before_the_gap_or_refused();
    a_repeated_time_is_the_first_the_second_or_refused();
    offsets_with_seconds_are_written_in_the_nearest_minute();
    at_the_ends_of_time_the_instant_counts();
    offsets_in_minutes_show_the_same_wall_time();
    in_every_zone_what_is_written_is_read_as_the_same();
    atlas_free(atlas);
    buf_release(&out);
    return TEST_RESULT();
}
