/* Pages for people over real sockets: what is answered, with which headers, and what becomes of what is
 * posted. */
#define _GNU_SOURCE
#include "base/limits.h"
#include "tests/http/story.h"
#include "tests/test.h"

#include <stdio.h>

#define PAGE "/f/acme/contact"
#define TYPE "application/x-www-form-urlencoded"

static const char trip[] =
    "edition 2027\nform trip \"Trip\" {\n"
    "  languages en, de\n"
    "  page one \"One\" { name: text \"Name\" required  source: text \"Source\" hidden }\n"
    "  page two \"Two\" { age: integer \"Age\" required max 150  repeat pets \"Pets\" 0..2 { pet: text "
    "\"Pet\" required } }\n"
    "  translate de { title \"Reise\"  one \"Eins\" }\n"
    "}\n";

static struct answer post(struct story *story, const char *path, const char *body)
{
    return site_ask(&story->site, &(struct ask){"POST", path, .type = TYPE, .body = str_of(body)});
}

static bool holds(const struct answer *answer, const char *text)
{
    struct str body = answer_body(answer);
    return body.len && memmem(body.ptr, body.len, text, strlen(text)) != NULL;
}

/* The value of a hidden input, NUL-terminated. */
static const char *hidden(const struct answer *answer, const char *name, char ret_value[256])
{
    char mark[100];
    struct str body = answer_body(answer);
    snprintf(mark, sizeof mark, "name=\"%s\" value=\"", name);
    const char *at = body.len ? memmem(body.ptr, body.len, mark, strlen(mark)) : NULL;
    const char *value = at ? at + strlen(mark) : "\"";
    snprintf(ret_value, 256, "%.*s", (int)strcspn(value, "\""), value);
    return ret_value;
}

static void begin(struct story *story)
{
    story_begin_published(story);
    site_publish(&story->site, "acme", "trip", story->publisher, trip);
}

/* Where a post leads; the answer is a redirection and has nothing else. */
static const char *leads(struct story *story, const char *path, const char *body, char ret_to[512])
{
    struct answer answer = post(story, path, body);
    CHECK(answer.status == 303 && answer_body(&answer).len == 0);
    CHECK(strcmp(answer_header(&answer, "Cache-Control"), "private, no-store") == 0);
    CHECK(strcmp(answer_header(&answer, "Referrer-Policy"), "no-referrer") == 0);
    snprintf(ret_to, 512, "%s", answer_header(&answer, "Location"));
    answer_release(&answer);
    return ret_to;
}

static unsigned count_stored(struct story *story, const char *form)
{
    char path[100];
    snprintf(path, sizeof path, "/v1/tenants/acme/forms/%s/submissions", form);
    struct answer answer = story_get(story, path, story->reader, NULL);
    unsigned count = answer_count(&answer, "/items");
    answer_release(&answer);
    return count;
}

static void every_page_has_the_headers_that_keep_it_inert(void)
{
    struct story story;
    begin(&story);
    static const char *const paths[] = {
        PAGE, "/f/acme/nothing", PAGE "?s=00000000000000000000000000000000", PAGE "?b=x", "/f/acme"};
    static const unsigned statuses[] = {200, 404, 410, 400, 404};
    for (size_t i = 0; i < 5; i++) {
        struct answer answer = story_get(&story, paths[i], NULL, NULL);
        CHECK(answer.status == statuses[i]);
        const char *policy = answer_header(&answer, "Content-Security-Policy");
        CHECK(strstr(policy, "default-src 'none'") && strstr(policy, "frame-ancestors 'none'") &&
              strstr(policy, "base-uri 'none'"));
        CHECK(strstr(policy, "require-trusted-types-for 'script'") && !strstr(policy, "unsafe"));
        CHECK(strcmp(answer_header(&answer, "X-Content-Type-Options"), "nosniff") == 0);
        CHECK(strcmp(answer_header(&answer, "Referrer-Policy"), "no-referrer") == 0);
        CHECK(strcmp(answer_header(&answer, "Content-Type"), "text/html; charset=utf-8") == 0);
        CHECK(answer_header(&answer, "Permissions-Policy")[0] &&
              answer_header(&answer, "Cross-Origin-Opener-Policy")[0]);
        CHECK(strcmp(answer_header(&answer, "Access-Control-Allow-Origin"), "") == 0);
        CHECK(strcmp(answer_header(&answer, "Cache-Control"),
                     i ? "private, no-store" : "private, no-cache") == 0);
        CHECK(holds(&answer, "<h1") && holds(&answer, "<main"));
        answer_release(&answer);
    }
    site_stop(&story.site);
}

static void a_form_is_filled_in_page_by_page_and_sent_once(void)
{
    struct story story;
    char key[256], to[512], body[600], page[512];
    begin(&story);
    struct answer first = story_get(&story, "/f/acme/trip?source=a%26b&other=x", NULL, NULL);
    hidden(&first, "_saved", key);
    CHECK(strlen(key) >= (size_t)limit(SAVED_KEY_BYTES_MIN));
    CHECK(holds(&first, "name=\"source\" value=\"a&amp;b\"") && !holds(&first, "other"));
    CHECK(holds(&first, "/f/acme/trip/one?lang=de&amp;source=a%26b\""));
    answer_release(&first);
    snprintf(body, sizeof body, "_saved=%s&_version=1&_lang=en&source=a%%26b&name=", key);
    leads(&story, "/f/acme/trip/one", body, to);
    CHECK(strstr(to, "/f/acme/trip/one?s=") && strstr(to, "&e=1"));
    first = story_get(&story, to, NULL, NULL);
    CHECK(holds(&first, "<title>Error: One") && holds(&first, "Enter name") &&
          holds(&first, "href=\"#f-name\""));
    CHECK(strcmp(answer_header(&first, "Cache-Control"), "private, no-store") == 0);
    answer_release(&first);
    snprintf(body, sizeof body, "_saved=%s&_lang=en&_do=next&name=Ada", key);
    leads(&story, "/f/acme/trip/one", body, to);
    CHECK(strstr(to, "/f/acme/trip/two?s=") && !strstr(to, "e=1"));
    snprintf(body, sizeof body, "_saved=%s&age=36&_do=add:pets", key);
    leads(&story, "/f/acme/trip/two", body, page);
    CHECK(strstr(page, "/two?s=") && strstr(page, "#f-pets"));
    snprintf(body, sizeof body, "_saved=%s&age=200&pets/0/pet=Cat", key);
    leads(&story, "/f/acme/trip/two", body, to);
    struct answer second = story_get(&story, to, NULL, NULL);
    CHECK(holds(&second, "value=\"200\"") && holds(&second, "value=\"Cat\"") &&
          holds(&second, "Age must be 150 or less"));
    answer_release(&second);
    snprintf(body, sizeof body, "_saved=%s&age=36&pets/0/pet=Cat", key);
    leads(&story, "/f/acme/trip/two", body, to);
    CHECK(strstr(to, "/check?s="));
    struct answer check = story_get(&story, to, NULL, NULL);
    CHECK(holds(&check, "Ada") && holds(&check, "36") && holds(&check, "Cat") &&
          !holds(&check, "a&amp;b"));
    answer_release(&check);
    CHECK(count_stored(&story, "trip") == 0);
    snprintf(body, sizeof body, "_saved=%s&_do=submit", key);
    leads(&story, "/f/acme/trip/check", body, page);
    CHECK(strstr(page, "/done?r="));
    for (int i = 0; i < 2; i++) {
        leads(&story, "/f/acme/trip/check", body, to);
        CHECK(strstr(to, strstr(page, "r="))); /* the same receipt */
    }
    struct answer done = story_get(&story, page, NULL, NULL);
    CHECK(done.status == 200 && holds(&done, "sub_") && !holds(&done, "Ada"));
    answer_release(&done);
    CHECK(count_stored(&story, "trip") == 1);
    snprintf(page, sizeof page, "/f/acme/trip/two?s=%s", key);
    CHECK(site_status(&story.site, &(struct ask){"GET", page}) == 410);
    site_stop(&story.site);
}

static void a_form_of_another_site_is_taken_whole(void)
{
    struct story story;
    char to[512];
    begin(&story);
    leads(&story, PAGE, "name=Ada&age=36", to);
    CHECK(strstr(to, PAGE "/done?r=") && count_stored(&story, "contact") == 1);
    leads(&story, PAGE, "age=many&emial=x", to);
    CHECK(strstr(to, PAGE "/page-1?s=") && strstr(to, "&e=2"));
    struct answer page = story_get(&story, to, NULL, NULL);
    CHECK(holds(&page, "value=\"many\"") && holds(&page, "emial: ") && holds(&page, "fw-summary"));
    answer_release(&page);
    CHECK(count_stored(&story, "contact") == 1);
    struct answer answer =
        site_ask(&story.site, &(struct ask){"POST", PAGE, .type = "multipart/form-data; boundary=x",
                                            .body = STR("x")});
    CHECK(answer.status == 415 && holds(&answer, "<h1"));
    answer_release(&answer);
    CHECK(site_status(&story.site, &(struct ask){"POST", PAGE, .type = TYPE, .body = STR("a=%G1")}) ==
          400);
    CHECK(site_status(&story.site,
                      &(struct ask){"POST", PAGE, .type = TYPE, .body = STR("_saved=short")}) == 410);
    CHECK(site_status(&story.site, &(struct ask){"POST", PAGE, .type = TYPE,
                                                 .body = STR("_version=9&name=Ada")}) == 404);
    CHECK(site_status(&story.site,
                      &(struct ask){"POST", PAGE "/nothing", .type = TYPE,
                                    .body = STR("name=Ada&_saved=00000000000000000000000000000000")}) ==
          404);
    site_stop(&story.site);
}

static void the_language_is_the_one_asked_for(void)
{
    struct story story;
    begin(&story);
    struct answer page =
        story_get(&story, "/f/acme/trip", NULL, "Accept-Language: de-AT, en;q=0.5\r\n");
    CHECK(holds(&page, "<html lang=\"de\"") && holds(&page, ">Eins</h1>") && holds(&page, "Weiter"));
    CHECK(strcmp(answer_header(&page, "Content-Language"), "de") == 0);
    answer_release(&page);
    page = story_get(&story, "/f/acme/trip?lang=en", NULL, "Accept-Language: de\r\n");
    CHECK(holds(&page, "<html lang=\"en\"") && holds(&page, "Continue"));
    answer_release(&page);
    page = story_get(&story, "/f/acme/nothing", NULL, "Accept-Language: de\r\n");
    CHECK(holds(&page, "Seite nicht gefunden") && page.status == 404);
    answer_release(&page);
    site_stop(&story.site);
}

static void change_state(struct story *story, const char *to)
{
    char body[60];
    snprintf(body, sizeof body, "{\"to\":\"%s\"}", to);
    struct answer answer = story_post(story, "/v1/tenants/acme/forms/contact/state", story->publisher,
                                      "Audit-Reason: enough\r\n", body);
    CHECK(answer.status == 200);
    answer_release(&answer);
}

static void a_form_that_is_closed_says_so_and_keeps_nothing(void)
{
    struct story story;
    char key[256], body[400];
    begin(&story);
    struct answer page = story_get(&story, PAGE, NULL, NULL);
    hidden(&page, "_saved", key);
    answer_release(&page);
    change_state(&story, "closing");
    CHECK(site_status(&story.site, &(struct ask){"GET", PAGE}) == 409);
    snprintf(body, sizeof body, "_saved=%s&_version=1&_do=submit&name=Ada&age=36", key);
    page = post(&story, PAGE "/page-1", body); /* begun before it was closing */
    CHECK(page.status == 303 && strstr(answer_header(&page, "Location"), "/done?"));
    answer_release(&page);
    change_state(&story, "closed");
    page = post(&story, PAGE, "name=Bo&age=36");
    CHECK(page.status == 409 && holds(&page, "This form is closed"));
    answer_release(&page);
    CHECK(count_stored(&story, "contact") == 1);
    site_stop(&story.site);
}

static void limits_hold_for_pages_too(void)
{
    struct story story;
    begin(&story);
    site_quota(&story.site, "acme", "{\"submissions\":1}");
    unsigned limited = 0;
    for (int i = 0; i < 8; i++) {
        struct answer answer = post(&story, PAGE, "name=Ada&age=36");
        CHECK(answer.status == 303 || answer.status == 429);
        if (answer.status == 429 && !limited++)
            CHECK(holds(&answer, "Too many requests") && answer_header(&answer, "Retry-After")[0]);
        answer_release(&answer);
    }
    CHECK(limited > 0);
    site_stop(&story.site);
}

static void what_the_pages_look_like_may_be_kept_for_ever(void)
{
    struct story story;
    char path[200];
    begin(&story);
    struct answer page = story_get(&story, PAGE, NULL, NULL);
    struct str body = answer_body(&page);
    const char *at = memmem(body.ptr, body.len, "/assets/", 8);
    snprintf(path, sizeof path, "%.*s", at ? (int)strcspn(at, "\"") : 0, at ? at : "");
    answer_release(&page);
    struct answer style = story_get(&story, path, NULL, "Accept-Encoding: br\r\n");
    CHECK(style.status == 200 && strcmp(answer_header(&style, "Content-Encoding"), "br") == 0);
    CHECK(strcmp(answer_header(&style, "Cache-Control"), "public, max-age=31536000, immutable") == 0);
    char seen[200];
    snprintf(seen, sizeof seen, "If-None-Match: %s\r\nAccept-Encoding: br\r\n",
             answer_header(&style, "ETag"));
    answer_release(&style);
    style = story_get(&story, "/assets/formwright.css", NULL, seen);
    CHECK(style.status == 304 &&
          strcmp(answer_header(&style, "Cache-Control"), "public, no-cache") == 0);
    answer_release(&style);
    style = story_get(&story, "/assets/formwright.css", NULL, NULL);
    CHECK(style.status == 200 && holds(&style, ".fw-question") &&
          !answer_header(&style, "Content-Encoding")[0]);
    answer_release(&style);
    CHECK(site_status(&story.site, &(struct ask){"GET", "/assets/formwright-0000000000000000.css"}) ==
          404);
    CHECK(site_status(&story.site, &(struct ask){"GET", "/assets/.css"}) == 404);
    site_stop(&story.site);
}

/* ---- a version whose time is over */

static const char journey[] =
    "edition 2027\nform trip \"Trip\" {\n"
    "  page start \"Start\" { name: text \"Your name\" required  mail: text \"Mail\" required }\n"
    "  page end \"End\" { age: text \"Age\" required  repeat pets \"Pets\" 0..2 { pet: text \"Pet\" "
    "required } }\n"
    "}\n";

/* Version 2 is live, and nothing is taken for version 1 any more. */
static void change_form(struct story *story)
{
    struct answer answer = site_ask(
        &story->site, &(struct ask){"PUT", "/v1/tenants/acme/forms/trip/draft", story->publisher,
                                    "If-Match: *\r\n", "text/plain; charset=utf-8", str_of(journey)});
    CHECK(answer.status == 200);
    answer_release(&answer);
    answer = story_post(story, "/v1/tenants/acme/forms/trip/versions?allow_breaking=true",
                        story->publisher, "Audit-Reason: new\r\n", "");
    CHECK(answer.status == 201);
    answer_release(&answer);
    answer = story_post(story, "/v1/tenants/acme/forms/trip/versions/1/state", story->publisher,
                        "Audit-Reason: new\r\n", "{\"to\":\"retired\",\"grace_seconds\":0}");
    CHECK(answer.status == 200);
    answer_release(&answer);
}

/* "/f/acme/trip/end?s=KEY" told with what changed and what was typed. */
static void is_carried(struct story *story, const char *path)
{
    struct answer page = story_get(story, path, NULL, NULL);
    CHECK(page.status == 200 && holds(&page, "<div class=\"fw-notice\" role=\"alert\">"));
    CHECK(holds(&page, "This form has changed") && holds(&page, "name=\"_version\" value=\"2\""));
    CHECK(holds(&page, "No longer asked: Age (41") && holds(&page, "New: Mail, Age</p>"));
    answer_release(&page);
}

static void what_was_typed_into_a_retired_version_is_carried_to_the_live_one(void)
{
    struct story story;
    char key[256], to[512], body[600], page[512];
    begin(&story);
    struct answer first = story_get(&story, "/f/acme/trip", NULL, NULL);
    hidden(&first, "_saved", key);
    answer_release(&first);
    snprintf(body, sizeof body, "_saved=%s&_version=1&_lang=en&_do=next&name=Ada+%%3Cb%%3E", key);
    leads(&story, "/f/acme/trip/one", body, to);
    change_form(&story);
    /* A page that was open is posted: it is kept, and the new form shown with it. */
    snprintf(body, sizeof body, "_saved=%s&_version=1&_lang=en&_do=submit&age=41&pets/0/pet=Rex", key);
    leads(&story, "/f/acme/trip/two", body, to);
    snprintf(page, sizeof page, "/f/acme/trip?s=%s", key);
    CHECK(strcmp(to, page) == 0);
    is_carried(&story, page);
    is_carried(&story, page); /* looking changes nothing */
    first = story_get(&story, page, NULL, NULL);
    CHECK(holds(&first, "name=\"name\" value=\"Ada &lt;b>\"") ||
          holds(&first, "value=\"Ada &lt;b&gt;\""));
    answer_release(&first);
    snprintf(page, sizeof page, "/f/acme/trip/one?s=%s", key); /* a page that is not there any more */
    is_carried(&story, page);
    snprintf(body, sizeof body, "_saved=%s&_version=2&_lang=en&_do=next&name=Ada&mail=a", key);
    leads(&story, "/f/acme/trip/start", body, to);
    CHECK(strstr(to, "/f/acme/trip/end?s="));
    first = story_get(&story, to, NULL, NULL); /* of the new version alone from here on */
    CHECK(holds(&first, "value=\"Rex\"") && !holds(&first, "fw-notice"));
    answer_release(&first);
    snprintf(body, sizeof body, "_saved=%s&_version=2&_lang=en&_do=next&age=old", key);
    leads(&story, "/f/acme/trip/end", body, to);
    snprintf(body, sizeof body, "_saved=%s&_version=2&_lang=en&_do=submit", key);
    leads(&story, "/f/acme/trip/check", body, to);
    CHECK(strstr(to, "/f/acme/trip/done?r="));
    CHECK(count_stored(&story, "trip") == 1);
    site_stop(&story.site);
}

static void a_first_post_to_a_retired_version_is_kept_as_well(void)
{
    struct story story;
    char key[256], to[512], body[600];
    begin(&story);
    struct answer first = story_get(&story, "/f/acme/trip", NULL, NULL);
    hidden(&first, "_saved", key);
    answer_release(&first);
    change_form(&story);
    snprintf(body, sizeof body, "_saved=%s&_version=1&_lang=en&_do=next&name=Ada", key);
    leads(&story, "/f/acme/trip/one", body, to);
    first = story_get(&story, to, NULL, NULL);
    CHECK(first.status == 200 && holds(&first, "value=\"Ada\"") && holds(&first, "New: Mail, Age</p>"));
    CHECK(!holds(&first, "No longer asked"));
    answer_release(&first);
    CHECK(count_stored(&story, "trip") == 0);
    site_stop(&story.site);
}

int main(void)
{
    every_page_has_the_headers_that_keep_it_inert();
    a_form_is_filled_in_page_by_page_and_sent_once();
    a_form_of_another_site_is_taken_whole();
    the_language_is_the_one_asked_for();
    a_form_that_is_closed_says_so_and_keeps_nothing();
    limits_hold_for_pages_too();
    what_the_pages_look_like_may_be_kept_for_ever();
    what_was_typed_into_a_retired_version_is_carried_to_the_live_one();
    a_first_post_to_a_retired_version_is_kept_as_well();
    return TEST_RESULT();
}
