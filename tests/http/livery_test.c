/* What a tenant says about the look of its pages, and whose frames they may be shown in. */
#define _GNU_SOURCE
#include "base/limits.h"
#include "tests/http/story.h"
#include "tests/test.h"

#include <stdio.h>

#define THEME "/v1/tenants/acme/theme"
#define SETTINGS "/v1/tenants/acme/forms/contact/settings"
#define PAGE "/f/acme/contact"
#define PLUM                                                                                           \
    "{\"name\":\"Acme & "                                                                              \
    "<b>Bank\",\"light\":{\"accent\":\"#7A1F5C\"},\"dark\":{\"accent\":\"oklch(0.85 0.09 "             \
    "340)\"},\"radius\":\"0.250rem\"}"

static bool holds(const struct answer *answer, const char *text)
{
    struct str body = answer_body(answer);
    return body.len && memmem(body.ptr, body.len, text, strlen(text)) != NULL;
}

static struct answer put(struct story *story, const char *path, const char *token, const char *body)
{
    return site_ask(&story->site, &(struct ask){"PUT", path, token, .body = str_of(body)});
}

static unsigned put_status(struct story *story, const char *path, const char *token, const char *body,
                           const char *code)
{
    struct answer answer = put(story, path, token, body);
    unsigned status = answer.status;
    if (strcmp(answer_code(&answer), code) != 0)
        fprintf(stderr, "%s: %s\n", body, answer_code(&answer));
    CHECK(strcmp(answer_code(&answer), code) == 0);
    answer_release(&answer);
    return status;
}

/* Where the page's second style sheet is; "" when there is none. */
static const char *sheet_of(struct story *story, const char *page, char ret_path[128])
{
    struct answer answer = story_get(story, page, NULL, NULL);
    struct str body = answer_body(&answer);
    const char *at = body.len ? memmem(body.ptr, body.len, "/assets/acme/", 13) : NULL;
    snprintf(ret_path, 128, "%.*s", at ? (int)strcspn(at, "\"") : 0, at ? at : "");
    answer_release(&answer);
    return ret_path;
}

static void a_theme_is_set_told_and_taken_away(void)
{
    struct story story;
    story_begin_published(&story);
    struct answer answer = story_get(&story, THEME, story.reader, NULL);
    CHECK(answer.status == 200 && str_eq(answer_body(&answer), STR("{}")));
    answer_release(&answer);
    answer = put(&story, THEME, story.publisher, PLUM);
    CHECK(answer.status == 200 && strcmp(answer_text(&answer, "/light/accent"), "#7a1f5c") == 0);
    CHECK(strncmp(answer_text(&answer, "/dark/accent"), "#", 1) == 0);
    CHECK(strcmp(answer_text(&answer, "/radius"), "0.25rem") == 0);
    answer_release(&answer);
    site_restart(&story.site);
    answer = story_get(&story, THEME, story.reader, NULL);
    CHECK(strcmp(answer_text(&answer, "/name"), "Acme & <b>Bank") == 0);
    answer_release(&answer);
    answer = story_get(&story, "/v1/tenants/acme/audit", story.publisher, NULL);
    CHECK(holds(&answer, "\"theme.set\"") && holds(&answer, "#7a1f5c"));
    answer_release(&answer);
    CHECK(put_status(&story, THEME, story.publisher, "{}", "") == 200);
    char path[128];
    CHECK(sheet_of(&story, PAGE, path)[0] == '\0');
    site_stop(&story.site);
}

static void what_is_no_theme_is_refused_and_nothing_changes(void)
{
    struct story story;
    story_begin_published(&story);
    CHECK(put_status(&story, THEME, story.reader, PLUM, "role-insufficient") == 403);
    CHECK(put_status(&story, THEME, NULL, PLUM, "unauthenticated") == 401);
    CHECK(put_status(&story, "/v1/tenants/other/theme", story.publisher, PLUM, "not-found") == 404);
    static const char *const misfits[] = {
        "{\"css\":\"*{display:none}\"}", "{\"light\":{\"accent\":\"red;}body{display:none\"}}",
        "{\"font\":\"x;} body{background:url(//evil.example)}, serif\"}", "{\"radius\":\"1rem}\"}",
        "[]"};
    for (size_t i = 0; i < sizeof misfits / sizeof *misfits; i++)
        CHECK(put_status(&story, THEME, story.publisher, misfits[i], "body-misfit") == 400);
    struct answer answer = put(&story, THEME, story.publisher, "{\"light\":{\"accent\":\"#9ca3af\"}}");
    CHECK(answer.status == 422 && strcmp(answer_code(&answer), "contrast-too-low") == 0);
    CHECK(strstr(answer_text(&answer, "/detail"),
                 "light: accent-text on accent has a contrast of 2.53:1 and needs 4.5:1"));
    answer_release(&answer);
    answer = story_get(&story, THEME, story.reader, NULL);
    CHECK(str_eq(answer_body(&answer), STR("{}")));
    answer_release(&answer);
    site_stop(&story.site);
}

static void pages_link_a_sheet_that_is_kept_for_ever_and_text_stays_text(void)
{
    struct story story;
    char path[128], other[128];
    story_begin_published(&story);
    CHECK(put_status(&story, THEME, story.publisher, PLUM, "") == 200);
    struct answer answer = story_get(&story, PAGE, NULL, NULL);
    CHECK(holds(&answer, "<p class=\"fw-brand\">Acme &amp; &lt;b>Bank</p>") ||
          holds(&answer, "<p class=\"fw-brand\">Acme &amp; &lt;b&gt;Bank</p>"));
    CHECK(holds(&answer, "<link rel=\"icon\" href=\"data:,\">"));
    answer_release(&answer);
    CHECK(strncmp(sheet_of(&story, PAGE, path), "/assets/acme/theme-", 19) == 0);
    CHECK(strcmp(sheet_of(&story, PAGE "?b=x", other), path) == 0); /* a page that tells of a failure */
    answer = story_get(&story, path, NULL, NULL);
    CHECK(answer.status == 200 && holds(&answer, "--fw-accent: #7a1f5c;"));
    CHECK(strcmp(answer_header(&answer, "Content-Type"), "text/css; charset=utf-8") == 0);
    CHECK(strcmp(answer_header(&answer, "Cache-Control"), "public, max-age=31536000, immutable") == 0);
    CHECK(strcmp(answer_header(&answer, "Cross-Origin-Resource-Policy"), "cross-origin") == 0);
    char seen[100];
    snprintf(seen, sizeof seen, "If-None-Match: %s\r\n", answer_header(&answer, "ETag"));
    answer_release(&answer);
    answer = story_get(&story, "/assets/acme/theme.css", NULL, seen);
    CHECK(answer.status == 304 &&
          strcmp(answer_header(&answer, "Cache-Control"), "public, no-cache") == 0);
    answer_release(&answer);
    CHECK(put_status(&story, THEME, story.publisher, "{\"width\":\"50rem\"}", "") == 200);
    CHECK(strcmp(sheet_of(&story, PAGE, other), path) != 0);
    answer = story_get(&story, path, NULL, NULL); /* a page that was drawn before asks for it */
    CHECK(answer.status == 200 && holds(&answer, "--fw-width: 50rem;"));
    CHECK(strcmp(answer_header(&answer, "Cache-Control"), "public, no-cache") == 0);
    answer_release(&answer);
    CHECK(site_status(&story.site, &(struct ask){"GET", "/assets/acme/other.css"}) == 404);
    CHECK(site_status(&story.site, &(struct ask){"GET", "/assets/nobody/theme.css"}) == 404);
    site_stop(&story.site);
}

static void policy_says(struct story *story, const char *path, const char *frames)
{
    char whole[9000];
    struct answer answer = story_get(story, path, NULL, NULL);
    snprintf(whole, sizeof whole, "frame-ancestors %s", frames);
    const char *at = strstr(answer_header(&answer, "Content-Security-Policy"), "frame-ancestors ");
    if (!at || strcmp(at, whole) != 0) fprintf(stderr, "%s: %s\n", path, at ? at : "none");
    CHECK(at && strcmp(at, whole) == 0);
    answer_release(&answer);
}

static void a_form_says_in_whose_frames_it_may_be_shown(void)
{
    struct story story;
    story_begin_published(&story);
    policy_says(&story, PAGE, "'none'");
    struct answer answer =
        put(&story, SETTINGS, story.publisher,
            "{\"frame_ancestors\":[\"https://www.example.org\",\"http://localhost:8080\"]}");
    CHECK(answer.status == 200 && answer_count(&answer, "/frame_ancestors") == 2);
    CHECK(strcmp(answer_text(&answer, "/frame_ancestors/1"), "http://localhost:8080") == 0);
    CHECK(answer_int(&answer, "/client_logic") == 1);
    answer_release(&answer);
    policy_says(&story, PAGE, "https://www.example.org http://localhost:8080");
    policy_says(&story, PAGE "?b=x", "https://www.example.org http://localhost:8080");
    policy_says(&story, "/f/acme/nothing", "'none'");
    CHECK(put_status(&story, SETTINGS, story.publisher, "{\"client_logic\":0}", "") == 200);
    policy_says(&story, PAGE, "https://www.example.org http://localhost:8080");
    CHECK(put_status(&story, SETTINGS, story.publisher, "{\"frame_ancestors\":null}", "") == 200);
    policy_says(&story, PAGE, "'none'");
    answer = story_get(&story, "/v1/tenants/acme/audit", story.publisher, NULL);
    CHECK(holds(&answer, "frame_ancestors to https://www.example.org http://localhost:8080") &&
          holds(&answer, "frame_ancestors to none"));
    answer_release(&answer);
    site_stop(&story.site);
}

static void what_is_no_origin_is_refused(void)
{
    struct story story;
    story_begin_published(&story);
    static const char *const none[] = {"*",
                                       "'self'",
                                       "https://*.example.org",
                                       "https://",
                                       "http://example.org",
                                       "https://example.org/",
                                       "https://example.org/x",
                                       "https://example.org:0",
                                       "https://example.org:65536",
                                       "https://EXAMPLE.org",
                                       "https://example.org; script-src *",
                                       "https://a b",
                                       "https://a\\r\\nx: y",
                                       "https://-a.example",
                                       "https://a-.example",
                                       "https://a..b",
                                       "https://.a",
                                       "https://a.",
                                       "https://a@b",
                                       "https://a:",
                                       "data:",
                                       "https:",
                                       "",
                                       "https://\\u00e9.example"};
    char body[400];
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        snprintf(body, sizeof body, "{\"frame_ancestors\":[\"%s\"]}", none[i]);
        CHECK(put_status(&story, SETTINGS, story.publisher, body, "body-misfit") == 400);
    }
    CHECK(put_status(&story, SETTINGS, story.publisher, "{\"frame_ancestors\":\"https://a.example\"}",
                     "body-misfit") == 400);
    CHECK(put_status(&story, SETTINGS, story.publisher, "{\"frame_ancestors\":[1]}", "body-misfit") ==
          400);
    policy_says(&story, PAGE, "'none'");
    site_stop(&story.site);
}

static void so_many_origins_and_no_more(void)
{
    struct story story;
    char body[2000] = "{\"frame_ancestors\":[";
    story_begin_published(&story);
    size_t len = strlen(body);
    for (int64_t i = 0; i < limit(FRAME_ANCESTORS); i++)
        len += (size_t)snprintf(body + len, sizeof body - len, "%s\"https://a%d.example\"",
                                i ? "," : "", (int)i);
    snprintf(body + len, sizeof body - len, "]}");
    CHECK(put_status(&story, SETTINGS, story.publisher, body, "") == 200);
    snprintf(body + len, sizeof body - len, ",\"https://more.example\"]}");
    CHECK(put_status(&story, SETTINGS, story.publisher, body, "body-misfit") == 400);
    site_stop(&story.site);
}

int main(void)
{
    a_theme_is_set_told_and_taken_away();
    what_is_no_theme_is_refused_and_nothing_changes();
    pages_link_a_sheet_that_is_kept_for_ever_and_text_stays_text();
    a_form_says_in_whose_frames_it_may_be_shown();
    what_is_no_origin_is_refused();
    so_many_origins_and_no_more();
    return TEST_RESULT();
}
