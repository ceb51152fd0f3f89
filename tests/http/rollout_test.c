/* Channels over HTTP: what is served to whom, rolling out and back under load, versions whose time is
 * over. */
#define _GNU_SOURCE
#include "tests/http/story.h"
#include "tests/test.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#define FORM "/v1/tenants/acme/forms/contact"
#define LIVE "/v1/p/acme/contact"
#define WHY "Audit-Reason: to see\r\n"

static struct str second_form(void)
{
    return STR("edition 2026\nform contact \"Contact us\" {\n  name: text \"Your name\" required "
               "length 1..40\n"
               "  age: integer \"Your age\" min 0 max 150\n  adult: boolean = age >= 18\n  nick: text\n"
               "  guardian: text \"Who looks after you?\" when age < 18 required\n  note: text "
               "\"Anything else?\"\n"
               "  check name != guardian else \"You cannot look after yourself.\" at guardian\n}\n");
}

static void put_draft(struct story *story, struct str source)
{
    CHECK(site_status(&story->site, &(struct ask){"PUT", FORM "/draft", story->publisher,
                                                  "If-Match: *\r\n", "text/plain", source}) == 200);
}

static unsigned publish(struct story *story, const char *query)
{
    char path[200];
    snprintf(path, sizeof path, FORM "/versions%s", query);
    return site_status(&story->site, &(struct ask){"POST", path, story->publisher});
}

/* Version 1 is live, version 2 is published and nothing stands for it. */
static void begin(struct story *story)
{
    story_begin_published(story);
    put_draft(story, second_form());
    CHECK(publish(story, "?channel=none") == 201);
}

static struct answer set(struct story *story, const char *channel, const char *headers,
                         const char *body)
{
    char path[200];
    snprintf(path, sizeof path, FORM "/channels/%s", channel);
    return site_ask(&story->site,
                    &(struct ask){"PUT", path, story->publisher, headers, .body = str_of(body)});
}

static unsigned set_status(struct story *story, const char *channel, const char *body)
{
    struct answer answer = set(story, channel, NULL, body);
    unsigned status = answer.status;
    answer_release(&answer);
    return status;
}

/* The version under an address of the form; 0: none. */
static unsigned served(const struct site *site, const char *path)
{
    unsigned version = 0;
    struct answer answer = site_ask(site, &(struct ask){"GET", path});
    if (answer.status == 200)
        (void)sscanf(answer_header(&answer, "Content-Location"), LIVE "/versions/%u", &version);
    answer_release(&answer);
    return version;
}

static unsigned served_to(const struct site *site, unsigned bucket)
{
    char path[100];
    snprintf(path, sizeof path, LIVE "?b=%u", bucket);
    return served(site, path);
}

/* ---------------------------------------------------------------- channels */

static void a_channel_is_told_moved_and_told_again(void)
{
    struct story story;
    begin(&story);
    struct answer list = story_get(&story, FORM "/channels", story.reader, NULL);
    CHECK(list.status == 200 && answer_count(&list, "/items") == 1);
    CHECK(strcmp(answer_text(&list, "/items/0/channel"), "live") == 0);
    CHECK(answer_int(&list, "/items/0/version") == 1);
    answer_release(&list);
    CHECK(set_status(&story, "preview", "{\"version\":2}") == 201);
    CHECK(served(&story.site, LIVE) == 1);
    CHECK(served(&story.site, LIVE "?channel=preview") == 2);
    CHECK(served(&story.site, LIVE "?channel=live") == 1);
    CHECK(site_status(&story.site, &(struct ask){"GET", LIVE "?channel=beta"}) == 404);
    struct answer moved = set(&story, "live", WHY, "{\"version\":2,\"percent\":10}");
    CHECK(moved.status == 200);
    CHECK(strcmp(answer_header(&moved, "ETag"), "\"channel-2\"") == 0);
    CHECK(answer_int(&moved, "/version") == 1 && answer_int(&moved, "/candidate") == 2);
    CHECK(answer_int(&moved, "/percent") == 10 && answer_int(&moved, "/revision") == 2);
    answer_release(&moved);
    struct answer one = story_get(&story, FORM "/channels/live", story.reader, NULL);
    CHECK(one.status == 200 && answer_int(&one, "/candidate") == 2);
    CHECK(strcmp(answer_header(&one, "ETag"), "\"channel-2\"") == 0);
    answer_release(&one);
    CHECK(site_status(&story.site, &(struct ask){"GET", FORM "/channels/beta", story.reader}) == 404);
    struct answer log =
        story_get(&story, "/v1/tenants/acme/audit?action=channel.set", story.reader, NULL);
    CHECK(answer_count(&log, "/items") == 2);
    CHECK(strcmp(answer_text(&log, "/items/1/detail"), "live: version 1, version 2 for 10 of 100") ==
          0);
    CHECK(strcmp(answer_text(&log, "/items/1/why"), "to see") == 0);
    answer_release(&log);
    site_stop(&story.site);
}

static void as_the_percentage_grows_nobody_flips_back(void)
{
    struct story story;
    bool had[100] = {false};
    begin(&story);
    static const unsigned percents[] = {0, 1, 10, 50, 99, 100};
    for (size_t i = 0; i < sizeof percents / sizeof *percents; i++) {
        char body[60];
        snprintf(body, sizeof body, "{\"version\":2,\"percent\":%u}", percents[i]);
        CHECK(set_status(&story, "live", body) == 200);
        CHECK(served(&story.site, LIVE) == (percents[i] == 100 ? 2 : 1)); /* without a bucket */
        unsigned count = 0;
        for (unsigned bucket = 0; bucket < 100; bucket++) {
            unsigned version = served_to(&story.site, bucket);
            CHECK(version == 2 || (version == 1 && !had[bucket]));
            had[bucket] = version == 2;
            count += had[bucket];
        }
        CHECK(count == percents[i]);
    }
    site_stop(&story.site);
}

static void whom_a_bucket_names_is_judged_by_its_version(void)
{
    static const struct {
        const char *path;
        unsigned status;
        int version;
    } rows[] = {{"", 201, 1},
                {"?b=0", 201, 2},
                {"?b=9", 201, 2},
                {"?b=10", 201, 1},
                {"?channel=preview", 201, 2},
                {"?channel=preview&b=99", 201, 2},
                {"?channel=nothing", 404, -1},
                {"?b=100", 400, -1},
                {"?b=-1", 400, -1},
                {"?b=", 400, -1},
                {"?channel=No", 400, -1},
                {"?bucket=1", 400, -1}};
    struct story story;
    begin(&story);
    CHECK(set_status(&story, "preview", "{\"version\":2}") == 201);
    CHECK(set_status(&story, "live", "{\"version\":2,\"percent\":10}") == 200);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char path[120], key[60];
        snprintf(path, sizeof path, LIVE "/submissions%s", rows[i].path);
        snprintf(key, sizeof key, "Idempotency-Key: 0123456789abcdef%zu\r\n", i);
        struct answer answer = story_post(&story, path, NULL, key, STORY_ADA);
        if (answer.status != rows[i].status) fprintf(stderr, "%s: %u\n", path, answer.status);
        CHECK(answer.status == rows[i].status);
        CHECK(answer_int(&answer, "/version") == rows[i].version);
        answer_release(&answer);
        snprintf(path, sizeof path, LIVE "/evaluate%s", rows[i].path);
        unsigned wanted = rows[i].status == 201 ? 200 : rows[i].status;
        struct answer judged =
            story_post(&story, path, NULL, NULL, "{\"answers\":{\"name\":\"A\",\"nick\":\"B\"}}");
        CHECK(judged.status == wanted);
        CHECK((answer_kind(&judged, "/verdict/answers/nick") != JSON_BAD) == (rows[i].version == 2));
        answer_release(&judged);
    }
    /* A version in the body says more than any channel. */
    struct answer pinned =
        story_post(&story, LIVE "/submissions?b=0", NULL, "Idempotency-Key: 0123456789abcdefx\r\n",
                   "{\"version\":1,\"answers\":{\"name\":\"Ada\"}}");
    CHECK(pinned.status == 201 && answer_int(&pinned, "/version") == 1);
    answer_release(&pinned);
    site_stop(&story.site);
}

static void only_who_names_the_present_revision_changes_it(void)
{
    static const struct {
        const char *headers, *code;
        unsigned status;
    } rows[] = {{"If-Match: \"channel-7\"\r\n", "channel-stale", 412},
                {"If-Match: \"sha256-00\"\r\n", "channel-stale", 412},
                {"If-Match: W/\"channel-1\"\r\n", "channel-stale", 412},
                {"If-Match: channel-1\r\n", "condition-malformed", 400},
                {"If-None-Match: *\r\n", "channel-stale", 412},
                {"If-None-Match: \"channel-1\"\r\n", "condition-malformed", 400},
                {"If-Match: *\r\nIf-None-Match: *\r\n", "condition-malformed", 400},
                {"If-Match: \"channel-1\"\r\n", "", 200},
                {"If-Match: \"channel-1\"\r\n", "channel-stale", 412},
                {"If-Match: *\r\n", "", 200},
                {NULL, "", 200}};
    struct story story;
    begin(&story);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct answer answer =
            set(&story, "live", rows[i].headers, i % 2 ? "{\"version\":2}" : "{\"version\":1}");
        if (i == 7) CHECK(answer_int(&answer, "/version") == 2);
        if (answer.status != rows[i].status) fprintf(stderr, "%zu: %u\n", i, answer.status);
        CHECK(answer.status == rows[i].status);
        CHECK(strcmp(answer_code(&answer), rows[i].code) == 0);
        answer_release(&answer);
    }
    struct answer absent = set(&story, "beta", "If-Match: *\r\n", "{\"version\":1}");
    CHECK(absent.status == 412);
    answer_release(&absent);
    struct answer fresh = set(&story, "beta", "If-None-Match: *\r\n", "{\"version\":1}");
    CHECK(fresh.status == 201);
    answer_release(&fresh);
    site_stop(&story.site);
}

static void what_is_no_channel_or_no_version_is_refused(void)
{
    static const struct {
        const char *channel, *body, *code;
        unsigned status;
    } rows[] = {{"live", "{\"version\":9}", "not-found", 404},
                {"live", "{}", "body-misfit", 400},
                {"live", "{\"version\":0}", "body-misfit", 400},
                {"live", "{\"version\":\"1\"}", "body-misfit", 400},
                {"live", "{\"version\":1,\"percent\":101}", "body-misfit", 400},
                {"live", "{\"version\":1,\"percent\":-1}", "body-misfit", 400},
                {"live", "{\"version\":1,\"bucket\":1}", "body-misfit", 400},
                {"beta", "{\"version\":1,\"percent\":10}", "bad-value", 422},
                {"none", "{\"version\":1}", "bad-name", 422},
                {"Beta", "{\"version\":1}", "bad-name", 422}};
    struct story story;
    begin(&story);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct answer answer = set(&story, rows[i].channel, NULL, rows[i].body);
        if (answer.status != rows[i].status)
            fprintf(stderr, "%s %s: %u\n", rows[i].channel, rows[i].body, answer.status);
        CHECK(answer.status == rows[i].status);
        CHECK(strcmp(answer_code(&answer), rows[i].code) == 0);
        answer_release(&answer);
    }
    CHECK(set_status(&story, "live", "{\"version\":1}") ==
          200); /* nothing of it has changed anything */
    struct answer live = story_get(&story, FORM "/channels/live", story.reader, NULL);
    CHECK(answer_int(&live, "/revision") == 1);
    answer_release(&live);
    site_stop(&story.site);
}

static void what_is_published_goes_where_it_is_told(void)
{
    struct story story;
    begin(&story);
    CHECK(publish(&story, "?channel=No") == 400);
    CHECK(publish(&story, "?channel=beta") == 200); /* the text is version 2 already */
    CHECK(served(&story.site, LIVE "?channel=beta") == 2);
    CHECK(served(&story.site, LIVE) == 1);
    CHECK(publish(&story, "") == 200);
    CHECK(served(&story.site, LIVE) == 2);
    put_draft(&story, str_of(site_contact_form));
    CHECK(publish(&story, "?channel=live") ==
          200); /* the old text is the old version, and live again */
    CHECK(served(&story.site, LIVE) == 1);
    CHECK(served(&story.site, LIVE "?channel=beta") == 2);
    site_stop(&story.site);
}

static void a_form_that_was_only_previewed_is_not_open(void)
{
    struct story story;
    story_begin(&story);
    CHECK(site_status(&story.site, &(struct ask){"PUT", FORM "/draft", story.publisher, NULL,
                                                 "text/plain", str_of(site_contact_form)}) == 201);
    CHECK(publish(&story, "?channel=preview") == 201);
    struct answer form = story_get(&story, FORM, story.reader, NULL);
    CHECK(strcmp(answer_text(&form, "/state"), "draft") == 0);
    answer_release(&form);
    CHECK(served(&story.site, LIVE) == 0);
    CHECK(served(&story.site, LIVE "?channel=preview") == 1);
    struct answer early = story_post(&story, LIVE "/submissions?channel=preview", NULL,
                                     "Idempotency-Key: 0123456789abcdef\r\n", STORY_ADA);
    CHECK(early.status == 409 && strcmp(answer_code(&early), "form-closed") == 0);
    answer_release(&early);
    CHECK(publish(&story, "") == 200); /* the same version, live: now it is open */
    CHECK(served(&story.site, LIVE) == 1);
    struct answer stored = story_submit(&story, "0123456789abcdef", STORY_ADA);
    CHECK(stored.status == 201);
    answer_release(&stored);
    site_stop(&story.site);
}

/* ---------------------------------------------------------------- caching */

static void a_shared_cache_may_keep_what_a_channel_serves(void)
{
    static const char *const paths[] = {LIVE, LIVE "?b=5", LIVE "?channel=preview"};
    struct story story;
    begin(&story);
    CHECK(set_status(&story, "preview", "{\"version\":2}") == 201);
    CHECK(set_status(&story, "live", "{\"version\":2,\"percent\":10}") == 200);
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        char etag[120], condition[160];
        struct answer answer = story_get(&story, paths[i], NULL, NULL);
        CHECK(answer.status == 200);
        CHECK(strcmp(answer_header(&answer, "Cache-Control"),
                     "public, max-age=30, stale-while-revalidate=300, stale-if-error=86400") == 0);
        CHECK(strcmp(answer_header(&answer, "Vary"), "Accept-Encoding") == 0);
        CHECK(strcmp(answer_header(&answer, "Content-Location"),
                     i ? LIVE "/versions/2" : LIVE "/versions/1") == 0);
        snprintf(etag, sizeof etag, "%s", answer_header(&answer, "ETag"));
        answer_release(&answer);
        struct answer pinned =
            story_get(&story, i ? LIVE "/versions/2" : LIVE "/versions/1", NULL, NULL);
        CHECK(strcmp(answer_header(&pinned, "ETag"), etag) == 0);
        CHECK(strcmp(answer_header(&pinned, "Cache-Control"), "public, max-age=31536000, immutable") ==
              0);
        answer_release(&pinned);
        snprintf(condition, sizeof condition, "If-None-Match: %s\r\n", etag);
        struct answer same = story_get(&story, paths[i], NULL, condition);
        CHECK(same.status == 304);
        CHECK(answer_header(&same, "Content-Location")[0] == '/');
        answer_release(&same);
    }
    site_stop(&story.site);
}

/* ---------------------------------------------------------------- under load */

enum { CALLERS = 4, MOVES = 40 };

struct load {
    struct story *story;
    atomic_bool over;
    atomic_uint fetched, submitted, wrong;
};

static void *fetch_on_and_on(void *user)
{
    struct load *load = user;
    for (unsigned i = 0; !atomic_load(&load->over); i++) {
        unsigned version =
            i % 2 ? served(&load->story->site, LIVE) : served_to(&load->story->site, i % 100);
        if (version != 1 && version != 2) atomic_fetch_add(&load->wrong, 1);
        atomic_fetch_add(&load->fetched, 1);
    }
    return NULL;
}

static void *submit_on_and_on(void *user)
{
    struct load *load = user;
    for (unsigned i = 0; !atomic_load(&load->over); i++) {
        char key[40];
        snprintf(key, sizeof key, "load-%p-%08u", (void *)&key, i);
        struct answer answer = story_submit(load->story, key, STORY_ADA);
        int64_t version = answer_int(&answer, "/version");
        if (answer.status != 201 || (version != 1 && version != 2)) atomic_fetch_add(&load->wrong, 1);
        answer_release(&answer);
        atomic_fetch_add(&load->submitted, 1);
    }
    return NULL;
}

/* Back and forth while others fetch and submit: whoever asks after the answer gets the version it
 * named, and nobody is turned away. */
static void a_rollback_is_in_force_when_it_is_answered_and_drops_no_request(void)
{
    struct story story;
    begin(&story);
    struct load load = {.story = &story};
    pthread_t fetchers[CALLERS], submitters[CALLERS];
    for (int i = 0; i < CALLERS; i++) {
        CHECK(pthread_create(&fetchers[i], NULL, fetch_on_and_on, &load) == 0);
        CHECK(pthread_create(&submitters[i], NULL, submit_on_and_on, &load) == 0);
    }
    for (unsigned i = 0; i < MOVES; i++) {
        unsigned version = i % 2 ? 1 : 2;
        char body[40], key[40];
        snprintf(body, sizeof body, "{\"version\":%u}", version);
        snprintf(key, sizeof key, "after-the-move-%08u", i);
        CHECK(set_status(&story, "live", body) == 200);
        CHECK(served(&story.site, LIVE) == version);
        CHECK(served_to(&story.site, i) == version);
        struct answer stored = story_submit(&story, key, STORY_ADA);
        CHECK(stored.status == 201 && answer_int(&stored, "/version") == version);
        answer_release(&stored);
    }
    atomic_store(&load.over, true);
    for (int i = 0; i < CALLERS; i++) {
        pthread_join(fetchers[i], NULL);
        pthread_join(submitters[i], NULL);
    }
    CHECK(atomic_load(&load.wrong) == 0);
    CHECK(atomic_load(&load.fetched) > 0 && atomic_load(&load.submitted) > 0);
    printf("%u fetched and %u submitted beside %d moves\n", atomic_load(&load.fetched),
           atomic_load(&load.submitted), MOVES);
    site_stop(&story.site);
}

/* ---------------------------------------------------------------- retiring */

static struct answer retire(struct story *story, const char *number, const char *headers,
                            const char *body)
{
    char path[200];
    snprintf(path, sizeof path, FORM "/versions/%s/state", number);
    return story_post(story, path, story->publisher, headers, body);
}

static void a_version_is_retired_once_and_by_nobody_who_still_serves_it(void)
{
    static const struct {
        const char *number, *headers, *body, *code;
        unsigned status;
    } rows[] = {{"1", WHY, "{\"to\":\"retired\"}", "version-in-use", 409},
                {"2", NULL, "{\"to\":\"retired\"}", "audit-reason-missing", 400},
                {"2", WHY, "{\"to\":\"published\"}", "body-misfit", 400},
                {"2", WHY, "{\"to\":\"retired\",\"grace_seconds\":31536001}", "bad-value", 422},
                {"2", WHY, "{\"to\":\"retired\",\"grace_seconds\":-1}", "body-misfit", 400},
                {"9", WHY, "{\"to\":\"retired\"}", "not-found", 404},
                {"2", WHY, "{\"to\":\"retired\"}", "", 200},
                {"2", WHY, "{\"to\":\"retired\"}", "illegal-transition", 409}};
    struct story story;
    begin(&story);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct answer answer = retire(&story, rows[i].number, rows[i].headers, rows[i].body);
        if (answer.status != rows[i].status) fprintf(stderr, "%zu: %u\n", i, answer.status);
        CHECK(answer.status == rows[i].status);
        CHECK(strcmp(answer_code(&answer), rows[i].code) == 0);
        if (i == 7)
            CHECK(answer_kind(&answer, "/allowed") != JSON_BAD &&
                  answer_count(&answer, "/allowed") == 0);
        answer_release(&answer);
    }
    struct answer version = story_get(&story, FORM "/versions/2", story.reader, NULL);
    CHECK(strcmp(answer_text(&version, "/state"), "retired") == 0);
    CHECK(answer_text(&version, "/takes_until")[0] == '2');
    answer_release(&version);
    struct answer back = set(&story, "live", NULL, "{\"version\":2}");
    CHECK(back.status == 409 && strcmp(answer_code(&back), "version-retired") == 0);
    answer_release(&back);
    site_stop(&story.site);
}

static void after_the_grace_the_way_to_the_latest_version_is_told(void)
{
    struct story story;
    const char *old = "{\"version\":1,\"answers\":{\"name\":\"Ada\",\"age\":36}}";
    begin(&story);
    CHECK(set_status(&story, "live", "{\"version\":2}") == 200);
    struct answer early = story_submit(&story, "0123456789abcdef", old);
    CHECK(early.status == 201 && answer_int(&early, "/version") == 1);
    answer_release(&early);
    struct answer done = retire(&story, "1", WHY, "{\"to\":\"retired\",\"grace_seconds\":0}");
    CHECK(done.status == 200);
    answer_release(&done);
    struct answer late = story_submit(&story, "1123456789abcdef", old);
    CHECK(late.status == 409 && strcmp(answer_code(&late), "version-retired") == 0);
    CHECK(strcmp(answer_header(&late, "Link"), "</v1/p/acme/contact>; rel=\"latest-version\"") == 0);
    answer_release(&late);
    struct answer replayed =
        story_submit(&story, "0123456789abcdef", old); /* what was stored stays stored */
    CHECK(replayed.status == 200);
    answer_release(&replayed);
    CHECK(site_status(&story.site, &(struct ask){"GET", LIVE "/versions/1"}) == 200); /* immutable */
    site_stop(&story.site);
}

static void a_form_has_settings_of_its_own(void)
{
    static const struct {
        const char *body;
        unsigned status;
        int64_t seconds;
    } rows[] = {{"{\"grace_seconds\":3600}", 200, 3600},
                {"{\"grace_seconds\":0}", 200, 0},
                {"{\"grace_seconds\":null}", 200, 604800},
                {"{\"grace_seconds\":31536000}", 200, 31536000},
                {"{\"grace_seconds\":31536001}", 400, -1},
                {"{\"grace_seconds\":-1}", 400, -1},
                {"{\"grace_seconds\":\"1\"}", 400, -1},
                {"{\"patience\":1}", 400, -1},
                {"{}", 400, -1}};
    struct story story;
    begin(&story);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct answer answer =
            site_ask(&story.site, &(struct ask){"PUT", FORM "/settings", story.publisher, WHY,
                                                .body = str_of(rows[i].body)});
        if (answer.status != rows[i].status) fprintf(stderr, "%s: %u\n", rows[i].body, answer.status);
        CHECK(answer.status == rows[i].status);
        CHECK(answer_int(&answer, "/grace_seconds") == rows[i].seconds);
        answer_release(&answer);
    }
    static const struct {
        const char *headers, *body;
        unsigned status;
    } keeping[] = {{NULL, "{\"retention_days\":30}", 400}, /* it erases: why? */
                   {WHY, "{\"retention_days\":36501}", 400},
                   {WHY, "{\"retention_days\":30}", 200}};
    for (size_t i = 0; i < sizeof keeping / sizeof *keeping; i++)
        CHECK(site_status(&story.site,
                          &(struct ask){"PUT", FORM "/settings", story.publisher, keeping[i].headers,
                                        .body = str_of(keeping[i].body)}) == keeping[i].status);
    struct answer now = story_get(&story, FORM "/settings", story.reader, NULL);
    CHECK(answer_int(&now, "/retention_days") == 30);
    CHECK(now.status == 200 && answer_int(&now, "/grace_seconds") == 31536000);
    answer_release(&now);
    CHECK(site_status(&story.site, &(struct ask){"GET", "/v1/tenants/acme/forms/none/settings",
                                                 story.reader}) == 404);
    site_stop(&story.site);
}

int main(void)
{
    a_channel_is_told_moved_and_told_again();
    as_the_percentage_grows_nobody_flips_back();
    whom_a_bucket_names_is_judged_by_its_version();
    only_who_names_the_present_revision_changes_it();
    what_is_no_channel_or_no_version_is_refused();
    what_is_published_goes_where_it_is_told();
    a_form_that_was_only_previewed_is_not_open();
    a_shared_cache_may_keep_what_a_channel_serves();
    a_rollback_is_in_force_when_it_is_answered_and_drops_no_request();
    a_version_is_retired_once_and_by_nobody_who_still_serves_it();
    after_the_grace_the_way_to_the_latest_version_is_told();
    a_form_has_settings_of_its_own();
    return TEST_RESULT();
}
