/* Slow clients of four kinds, by the thousand: they are cut off in time, and those who are not slow do
 * not notice. From one address there may not be so many in the first place.
 *
 *     slow_test [COUNT]        5000: for so long that each kind meets the default limits, with the
 *                              regular clients' p99 held under P99_MS. Else few, with shorter limits.
 */
#define _GNU_SOURCE
#include "base/limits.h"
#include "tests/faults/horde.h"
#include "tests/http/story.h"
#include "tests/test.h"

#include <stdio.h>
#include <time.h>

enum { P99_MS = 50, REQUESTS_A_SECOND = 240, A_CROWD = 1000, SKIPPED = 77 };

static long long connections(struct site *site)
{
    return site_metric(site, "\nformwright_http_connections ");
}

static void tell(const char *what, const struct regulars_found *found)
{
    fprintf(stderr, "%s: %lu asked, %lu wrong, p50 %.2f ms, p99 %.2f ms, most %.1f ms\n", what,
            found->asked, found->wrong, found->p50_ms, found->p99_ms, found->most_ms);
}

static void begin(struct story *story, const struct server_options *options, bool many)
{
    struct server_options few = *options;
    if (!many) {
        few.header_ms = few.grace_ms = 1000;
        few.idle_seconds = 3; /* longer than a slow one takes for a byte */
    }
    story_begin_published(story);
    few.listen = story->site.options.listen;
    few.admin_listen = story->site.options.admin_listen;
    few.directory = story->site.options.directory;
    story->site.options = few;
    site_restart(&story->site);
}

/* Those who are not slow, alone and in the crowd. */
static void regulars_do_not_notice(struct story *story, unsigned count, unsigned addresses,
                                   unsigned seconds, struct horde *horde)
{
    struct regulars_found quiet, crowded;
    struct regulars_plan plan = {story->site.port, REQUESTS_A_SECOND, seconds};
    plan.seconds = seconds < 10 ? 1 : 10;
    regulars_run(&plan, &quiet);
    plan.seconds = seconds;
    horde_start(horde, &(struct horde_plan){story->site.port, count, addresses});
    regulars_run(&plan, &crowded);
    tell("alone", &quiet);
    tell("in the crowd", &crowded);
    CHECK(quiet.wrong == 0 && crowded.wrong == 0);
    CHECK(crowded.asked == (unsigned long)REQUESTS_A_SECOND * seconds);
    CHECK(story_stored(story) == (int)(quiet.stored + crowded.stored));
    if (count >= A_CROWD) CHECK(crowded.p99_ms < P99_MS);
}

static void slow_clients_of_each_kind_are_cut_off_and_nobody_else_notices(unsigned count)
{
    static const char *const phases[] = {"idle", "headers", "body", "answer"};
    bool many = count >= A_CROWD;
    struct story story;
    struct horde horde;
    begin(&story, &(struct server_options){0}, many);
    regulars_do_not_notice(&story, count, count / 100 + 1, many ? 45 : 4, &horde);
    fprintf(stderr,
            "%u slow connections at the most, %lu opened; ended: head %lu, body %lu, read %lu, "
            "idle %lu\n",
            atomic_load(&horde.most), atomic_load(&horde.opened), atomic_load(&horde.ended[0]),
            atomic_load(&horde.ended[1]), atomic_load(&horde.ended[2]), atomic_load(&horde.ended[3]));
    CHECK(atomic_load(&horde.most) >= count - count / 100);
    for (size_t i = 0; i < sizeof phases / sizeof *phases; i++) {
        char line[100];
        snprintf(line, sizeof line, "\nformwright_http_connections_cut_total{phase=\"%s\"} ",
                 phases[i]);
        long long cut = site_metric(&story.site, line);
        fprintf(stderr, "  cut off by us, %s: %lld\n", phases[i], cut);
        /* A quarter is slow so; a few are late, and libmicrohttpd ends the idle as well. */
        CHECK(cut >= count / 16 || i == 0);
    }
    CHECK(atomic_load(&horde.ended[HORDE_IDLE]) >= count / 16);
    CHECK(site_metric(&story.site, "\nformwright_http_connections_refused_total ") == 0);
    horde_stop(&horde);
    for (int i = 0; i < 100 && connections(&story.site) > 2; i++)
        nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
    CHECK(connections(&story.site) <= 2);
    site_stop(&story.site);
}

static void one_address_does_not_get_so_many(unsigned count)
{
    bool many = count >= A_CROWD;
    uint32_t allowed = many ? (uint32_t)LIMIT_CONNECTIONS_PER_ADDRESS : 20;
    struct story story;
    struct horde horde;
    begin(&story, &(struct server_options){.connections_per_address_max = many ? 0 : allowed}, many);
    regulars_do_not_notice(&story, count, 1, many ? 15 : 1, &horde);
    long long open = connections(&story.site);
    long long refused = site_metric(&story.site, "\nformwright_http_connections_refused_total ");
    fprintf(stderr, "from one address: %lld connections are open, %lld were refused\n", open, refused);
    CHECK(open <= (long long)allowed + 10); /* the question after them, and regulars that leave */
    CHECK(refused >= (long long)(count - allowed) / 2);
    horde_stop(&horde);
    site_stop(&story.site);
}

int main(int argc, char **argv)
{
    unsigned count = argc > 1 ? (unsigned)atoi(argv[1]) : 240;
    uint64_t need = 2 * (uint64_t)count + LIMIT_DESCRIPTORS_RESERVED + 500;
    if (horde_descriptors(need) < need) {
        printf("SKIPPED: %u slow connections want %llu descriptors: nobody has been slow\n", count,
               (unsigned long long)need);
        return SKIPPED;
    }
    slow_clients_of_each_kind_are_cut_off_and_nobody_else_notices(count);
    one_address_does_not_get_so_many(count);
    return TEST_RESULT();
}
