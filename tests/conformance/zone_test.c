/* zdump's own words about each zone: at every second beside a change the offset, the summer-time flag,
 * the name and the time on the wall are ours too, and the wall's time leads back. The corpus and the
 * system may carry different releases of tzdata; a zone whose files differ is named and counted, and
 * fails only where the corpus holds no zone like it. */
#include "base/civil.h"
#include "base/zone.h"
#include "tests/conformance/corpus.h"
#include "tests/test.h"

static struct arena arena;
static int zones, lines, other_release;

static int month_of(struct str word)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    char name[4] = {0};
    memcpy(name, word.ptr, word.len < 3 ? word.len : 3);
    const char *found = strstr(names, name);
    return found ? (int)(found - names) / 3 + 1 : 0;
}

static int number_of(struct str word)
{
    return (int)strtol(word.ptr, NULL, 10);
}

/* "Sun Apr  6 00:59:59 1980 UT" → seconds since 1970 as if it were UTC; takes the word after the year
 * too. */
static int64_t moment_of(struct str *line)
{
    corpus_word(line); /* weekday */
    int month = month_of(corpus_word(line)), day = number_of(corpus_word(line));
    struct str clock = corpus_word(line);
    int year = number_of(corpus_word(line));
    int seconds = number_of(clock) * 3600 + number_of((struct str){clock.ptr + 3, 2}) * 60 +
                  number_of((struct str){clock.ptr + 6, 2});
    return civil_day_of(year, month, day) * INT64_C(86400) + seconds;
}

struct fact {
    int64_t utc, local;
    struct str name;
    int dst, offset;
};

static struct fact fact_of(struct str line)
{
    struct fact fact;
    corpus_word(&line); /* zone */
    fact.utc = moment_of(&line);
    corpus_word(&line); /* UT */
    corpus_word(&line); /* = */
    fact.local = moment_of(&line);
    fact.name = corpus_word(&line);
    struct str dst = corpus_word(&line), offset = corpus_word(&line);
    fact.dst = number_of((struct str){dst.ptr + 6, 1});
    fact.offset = number_of((struct str){offset.ptr + 7, offset.len - 7});
    return fact;
}

/* The wall's time must lead back to this instant, or to an earlier one that shows the same. */
static bool leads_back(const struct zone *zone, const struct fact *fact)
{
    enum zone_fold fold;
    int64_t utc = zone_to_utc(zone, fact->local, &fold);
    if (fold == ZONE_ONCE) return utc == fact->utc;
    return fold == ZONE_REPEATED && utc <= fact->utc && utc + zone_offset_at(zone, utc) == fact->local;
}

static bool holds(const struct zone *zone, const struct fact *fact)
{
    struct zone_stretch stretch = zone_stretch_at(zone, fact->utc);
    return stretch.offset == fact->offset && fact->utc + fact->offset == fact->local &&
           stretch.dst == (fact->dst != 0) && str_eq(str_of(stretch.name), fact->name) &&
           stretch.from <= fact->utc && fact->utc < stretch.until && leads_back(zone, fact);
}

/* zdump gives two lines a change: the last second before it, the first after. Where two lines are
 * further apart, the clocks keep their offset; local times that a change skips are told so. */
static bool nothing_else_changes(const struct zone *zone, const struct fact *before,
                                 const struct fact *after)
{
    if (after->utc != before->utc + 1) {
        struct zone_stretch stretch = zone_stretch_at(zone, before->utc);
        while (stretch.until <= after->utc && stretch.offset == before->offset)
            stretch = zone_stretch_at(zone, stretch.until);
        return stretch.offset == before->offset && before->offset == after->offset;
    }
    if (after->offset <= before->offset) return true;
    enum zone_fold fold;
    int64_t skipped = before->local + 1;
    return zone_to_utc(zone, skipped, &fold) == skipped - before->offset && fold == ZONE_SKIPPED;
}

static int faults_in(const struct zone *zone, struct str text)
{
    struct str line;
    struct fact before = {0, 0, {NULL, 0}, 0, 0};
    int faults = 0;
    for (int i = 0; corpus_line(&text, &line); i++) {
        struct fact fact = fact_of(line);
        bool right = holds(zone, &fact) && (i == 0 || nothing_else_changes(zone, &before, &fact));
        if (!right && ++faults == 1) fprintf(stderr, "  %.*s\n", STR_ARG(line));
        before = fact;
        lines++;
    }
    return faults;
}

/* "America_New_York.txt" → "America/New_York". */
static struct str zone_name(const char *file_name)
{
    static char name[64];
    snprintf(name, sizeof name, "%.*s", (int)(strlen(file_name) - 4), file_name);
    char *area_end = strchr(name, '_');
    if (area_end) *area_end = '/';
    return str_of(name);
}

/* What the system's own zdump says, without the lines about the ends of time. */
static struct str ask_zdump(struct str zone_id)
{
    char command[128];
    static char text[1 << 20];
    snprintf(command, sizeof command,
             "zdump -v -c 1970,2050 %.*s | grep ' [12][90][0-9][0-9] UT = .*gmtoff'", STR_ARG(zone_id));
    FILE *pipe = popen(command, "r"); // NOLINT(cert-env33-c): a tool of the system, a name of ours
    size_t len = pipe ? fread(text, 1, sizeof text, pipe) : 0;
    if (pipe) pclose(pipe);
    return (struct str){text, len};
}

static void compare_with_the_system(const struct zone *zone, struct str zone_id)
{
    struct str text = ask_zdump(zone_id);
    other_release++;
    fprintf(stderr, "  %.*s differs from the corpus; %s\n", STR_ARG(zone_id),
            text.len ? "asking zdump" : "THERE IS NO zdump TO ASK, SO IT IS NOT TESTED");
    if (text.len) CHECK(faults_in(zone, text) == 0);
}

static void by_zone(const char *path, const char *name)
{
    struct str text = corpus_read(path), zone_id = zone_name(name);
    const struct zone *zone;
    enum status st = zone_open(&arena, zone_id, &zone);
    CHECK_STATUS(st, ST_OK);
    if (!st && faults_in(zone, text)) compare_with_the_system(zone, zone_id);
    zones++;
    free((char *)text.ptr);
}

static void every_zone_shows_what_zdump_shows(void)
{
    corpus_each("zdump", by_zone);
    printf("zdump: %d zones, %d lines; %d zones are of another release of tzdata\n", zones, lines,
           other_release);
    CHECK(zones == 49 && lines > 5000);
    CHECK(other_release < 10);
}

int main(int argc, char **argv)
{
    if (!corpus_open(argc, argv, "conf-time")) return CORPUS_ABSENT;
    arena_init(&arena, mem_heap(), 16 << 20);
    every_zone_shows_what_zdump_shows();
    arena_release(&arena);
    return TEST_RESULT();
}
