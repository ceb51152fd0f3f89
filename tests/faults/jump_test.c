/* The time of day is set, by hours and years, forwards and backwards, under a server that runs: what is
 * measured is measured by the steady clock, what is a date goes by the time of day, and what is stored
 * and listed does not mind. Both clocks are ours. */
#define _GNU_SOURCE
#include "base/civil.h"
#include "tests/http/story.h"
#include "tests/test.h"

#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

#define HOUR_MS INT64_C(3600000)
#define DAY_MS (24 * HOUR_MS)
#define YEAR_MS (365 * DAY_MS)

/* The system's, and how far they were moved. */
struct moved_clock {
    struct clock clock;
    atomic_llong wall_us, steady_ns;
};

static int64_t moved_wall(struct clock *self)
{
    struct clock *real = clock_system();
    return real->wall_us(real) + atomic_load(&((struct moved_clock *)(void *)self)->wall_us);
}

static int64_t moved_steady(struct clock *self)
{
    return clock_steady_ns(clock_system()) +
           atomic_load(&((struct moved_clock *)(void *)self)->steady_ns);
}

static struct moved_clock moved = {{moved_wall, moved_steady}, 0, 0};

static void set_ahead(int64_t ms)
{
    atomic_fetch_add(&moved.wall_us, ms * 1000);
}

static void set_right(void)
{
    atomic_store(&moved.wall_us, 0);
}

static void wait_steadily(int64_t ms)
{
    atomic_fetch_add(&moved.steady_ns, ms * 1000000);
}

static int64_t now_ms(void)
{
    return clock_wall_ms(&moved.clock);
}

static void begin(struct story *story, struct server_options options)
{
    set_right();
    story_begin_published(story);
    options.listen = story->site.options.listen;
    options.admin_listen = story->site.options.admin_listen;
    options.directory = story->site.options.directory;
    options.clock = &moved.clock;
    story->site.options = options;
    site_restart(&story->site);
}

static unsigned submit(struct story *story, int number)
{
    char key[64];
    snprintf(key, sizeof key, "jump-in-time-%08d", number);
    struct answer answer = story_submit(story, key, STORY_ADA);
    unsigned status = answer.status;
    answer_release(&answer);
    return status;
}

/* ---------------------------------------------------------------- what is measured */

static void limits_by_the_minute_go_by_the_steady_clock(void)
{
    static const int64_t jumps[] = {HOUR_MS, -6 * HOUR_MS, 40 * YEAR_MS, -80 * YEAR_MS};
    struct story story;
    int made = 0;
    begin(&story, (struct server_options){.submit_per_minute = 3});
    for (int i = 0; i < 3; i++) CHECK(submit(&story, ++made) == 201);
    for (size_t i = 0; i < sizeof jumps / sizeof *jumps; i++) {
        set_ahead(jumps[i]);
        CHECK(submit(&story, ++made) == 429); /* neither forgiven … */
        set_right();
    }
    set_ahead(-6 * HOUR_MS);
    wait_steadily(20000);
    CHECK(submit(&story, ++made) == 201); /* … nor held back for hours */
    CHECK(submit(&story, ++made) == 429);
    site_stop(&story.site);
}

static void deadlines_go_by_the_steady_clock(void)
{
    struct story story;
    struct wire wire;
    begin(&story, (struct server_options){.header_ms = 2000, .idle_seconds = 60});
    CHECK(wire_open(&wire, story.site.port) && wire_send(&wire, STR("GET /livez HTTP/1.1\r\nHo")));
    nanosleep(&(struct timespec){.tv_nsec = 500000000}, NULL);
    set_ahead(6 * HOUR_MS);
    CHECK(wire_quiet(&wire, 400)); /* not cut off for hours that were none */
    set_ahead(-12 * HOUR_MS);
    CHECK(wire_closes(&wire, 5000)); /* nor kept for them */
    wire_close(&wire);
    site_stop(&story.site);
}

/* ---------------------------------------------------------------- what is a date */

static void a_token_ends_by_the_time_of_day(void)
{
    struct story story;
    char body[100], token[256], until[CIVIL_DATETIME_BYTES + 1] = "";
    begin(&story, (struct server_options){0});
    civil_format_datetime((now_ms() / 1000 + 3600) * 1000, 0, until);
    snprintf(body, sizeof body, "{\"role\":\"reader\",\"expires_at\":\"%s\"}", until);
    struct answer made =
        story_post(&story, "/v1/tenants/acme/tokens", story.site.operator_token, NULL, body);
    CHECK(made.status == 201);
    snprintf(token, sizeof token, "%s", answer_text(&made, "/token"));
    answer_release(&made);
    struct ask me = {"GET", "/v1/me", token};
    CHECK(site_status(&story.site, &me) == 200);
    set_ahead(2 * HOUR_MS);
    CHECK(site_status(&story.site, &me) == 401); /* although it is remembered */
    set_ahead(-3 * HOUR_MS);
    CHECK(site_status(&story.site, &me) == 200);
    CHECK(site_status(&story.site, &(struct ask){"GET", "/v1/me", story.reader}) == 200);
    site_stop(&story.site);
}

static void saved_answers_end_by_the_time_of_day(void)
{
    static const char path[] = "/v1/p/acme/contact/saved/AbCdEfGhIjKlMnOpQrStUvWxYz012345";
    struct story story;
    begin(&story, (struct server_options){0});
    struct ask put = {"PUT", path, .body = STR("{\"answers\":{\"age\":36}}")}, get = {"GET", path};
    CHECK(site_status(&story.site, &put) == 200);
    set_ahead(-10 * HOUR_MS);
    CHECK(site_status(&story.site, &get) == 200);
    set_ahead(31 * DAY_MS);
    CHECK(site_status(&story.site, &get) == 404);
    set_right();
    CHECK(site_status(&story.site, &get) == 200);
    site_stop(&story.site);
}

/* ---------------------------------------------------------------- what is stored */

enum { STORED = 36, PAGE = 5 };

/* Hours and years, both ways, and the year in which a machine without a battery wakes up. */
static void jump(int number)
{
    static const int64_t jumps[] = {-6 * HOUR_MS, 25 * HOUR_MS, -3 * DAY_MS, YEAR_MS, -YEAR_MS, 0};
    size_t at = (size_t)number % (sizeof jumps / sizeof *jumps);
    if (jumps[at]) set_ahead(jumps[at]);
    else set_right();
    if (number == STORED / 2) set_ahead(5 * DAY_MS - now_ms()); /* 6 January 1970 */
}

static void store_while_it_jumps(struct story *story)
{
    char key[64];
    for (int i = 0; i < STORED; i++) {
        jump(i);
        snprintf(key, sizeof key, "jump-in-time-%08d", i);
        struct answer answer = story_submit(story, key, STORY_ADA);
        CHECK(answer.status == 201);
        answer_release(&answer);
        jump(i + 1);
        CHECK(submit(story, i) == 200); /* the same key at another time is a replay all the same */
    }
}

struct listed {
    char ids[STORED + PAGE][64];
    int64_t days[STORED + PAGE];
    int count;
};

static void take_page(struct answer *page, struct listed *listed)
{
    uint32_t items = answer_count(page, "/items");
    for (uint32_t i = 0; i < items && listed->count < STORED + PAGE; i++) {
        char pointer[64];
        int64_t ms = 0;
        int32_t offset;
        snprintf(pointer, sizeof pointer, "/items/%u/id", i);
        snprintf(listed->ids[listed->count], sizeof *listed->ids, "%s", answer_text(page, pointer));
        snprintf(pointer, sizeof pointer, "/items/%u/received_at", i);
        CHECK(civil_parse_datetime(str_of(answer_text(page, pointer)), &ms, &offset));
        listed->days[listed->count++] = ms / DAY_MS;
    }
}

/* Page by page, with the clock jumping in between. */
static void list_while_it_jumps(struct story *story, const char *order, struct listed *listed)
{
    char path[2000];
    listed->count = 0;
    snprintf(path, sizeof path, "/v1/tenants/acme/forms/contact/submissions?limit=%d%s", PAGE, order);
    for (int pages = 0; path[0] && pages < 2 * STORED / PAGE; pages++) {
        struct answer page = story_get(story, path, story->reader, NULL);
        CHECK(page.status == 200);
        take_page(&page, listed);
        const char *next = answer_text(&page, "/next_cursor");
        path[0] = '\0';
        if (next[0])
            snprintf(path, sizeof path,
                     "/v1/tenants/acme/forms/contact/submissions?limit=%d%s&cursor=%s", PAGE, order,
                     next);
        answer_release(&page);
        jump(pages);
    }
}

static void check_each_once(const struct listed *listed)
{
    CHECK(listed->count == STORED);
    for (int i = 0; i < listed->count; i++)
        for (int j = 0; j < i; j++) CHECK(strcmp(listed->ids[i], listed->ids[j]) != 0);
}

/* The statistics' days are those of the list. */
static void check_days(struct story *story, const struct listed *listed)
{
    struct answer days =
        story_get(story, "/v1/tenants/acme/forms/contact/stats/days", story->reader, NULL);
    uint32_t count = answer_count(&days, "/items");
    int64_t sum = 0;
    CHECK(days.status == 200 && count >= 3);
    for (uint32_t i = 0; i < count; i++) {
        char pointer[64], text[CIVIL_DATE_BYTES + 1] = "";
        int64_t same = 0;
        snprintf(pointer, sizeof pointer, "/items/%u/day", i);
        for (int k = 0; k < listed->count; k++) {
            civil_format_date((int32_t)listed->days[k], text);
            same += strcmp(text, answer_text(&days, pointer)) == 0;
        }
        snprintf(pointer, sizeof pointer, "/items/%u/submissions", i);
        CHECK(answer_int(&days, pointer) == same);
        sum += same;
    }
    CHECK(sum == STORED);
    answer_release(&days);
    struct answer stats = story_get(story, "/v1/tenants/acme/forms/contact/stats", story->reader, NULL);
    CHECK(stats.status == 200 && answer_int(&stats, "/submissions") == STORED);
    answer_release(&stats);
}

static void what_is_stored_meanwhile_is_there_once_in_lists_and_counts(void)
{
    static const char *const orders[] = {"", "&order=newest"};
    struct story story;
    struct listed listed = {.count = 0};
    begin(&story, (struct server_options){0});
    store_while_it_jumps(&story);
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        list_while_it_jumps(&story, orders[i], &listed);
        check_each_once(&listed);
    }
    check_days(&story, &listed);
    set_right();
    struct answer whole =
        site_ask(&story.site, &(struct ask){"POST", "/v1/tenants/acme/audit:verify", story.publisher});
    CHECK(answer_kind(&whole, "/whole") == JSON_TRUE);
    answer_release(&whole);
    site_restart(&story.site);
    CHECK(submit(&story, STORED) == 201 && submit(&story, 0) == 200);
    site_stop(&story.site);
}

static void everything_else_goes_on(void)
{
    static const int64_t jumps[] = {-56 * YEAR_MS, 100 * YEAR_MS, -6 * HOUR_MS, 6 * HOUR_MS};
    struct story story;
    begin(&story, (struct server_options){.address_per_second = 1000, .token_per_minute = 100000});
    for (size_t i = 0; i < sizeof jumps / sizeof *jumps; i++) {
        char form[40], source[120];
        set_ahead(jumps[i]);
        snprintf(form, sizeof form, "form_%zu", i);
        snprintf(source, sizeof source, "edition 2027 form f \"F\" { day: date = today() }");
        site_publish(&story.site, "acme", form, story.publisher, source);
        snprintf(source, sizeof source, "/v1/p/acme/%s/evaluate", form);
        struct answer answer = story_post(&story, source, NULL, NULL, "{\"answers\":{}}");
        CHECK(answer.status == 200);
        answer_release(&answer);
        CHECK(submit(&story, 1000 + (int)i) == 201);
        CHECK(site_status(&story.site, &(struct ask){"GET", "/f/acme/contact"}) == 200);
        CHECK(site_status(&story.site, &(struct ask){"GET", "/metrics"}) == 200);
        CHECK(site_status(&story.site, &(struct ask){"GET", "/readyz"}) == 200);
        CHECK(site_status(&story.site, &(struct ask){"GET", "/v1/tenants/acme/usage", story.reader}) ==
              200);
        set_right();
    }
    site_stop(&story.site);
}

int main(void)
{
    limits_by_the_minute_go_by_the_steady_clock();
    deadlines_go_by_the_steady_clock();
    a_token_ends_by_the_time_of_day();
    saved_answers_end_by_the_time_of_day();
    what_is_stored_meanwhile_is_there_once_in_lists_and_counts();
    everything_else_goes_on();
    return TEST_RESULT();
}
