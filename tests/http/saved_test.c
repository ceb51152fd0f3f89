/* Answers that are saved to go on with later, and become a submission. */
#define _GNU_SOURCE
#include "base/limits.h"
#include "tests/http/story.h"
#include "tests/test.h"

#include <stdio.h>

#define PATH "/v1/p/acme/contact/saved/"
#define KEY "AbCdEfGhIjKlMnOpQrStUvWxYz012345"
#define HALF "{\"answers\":{\"age\":36},\"meta\":{\"locale\":\"en\"}}"

static unsigned put(struct story *story, const char *path, const char *body, const char *code)
{
    struct answer answer = site_ask(&story->site, &(struct ask){"PUT", path, .body = str_of(body)});
    unsigned status = answer.status;
    CHECK(strcmp(answer_code(&answer), code) == 0);
    if (status == 200) CHECK(answer_int(&answer, "/version") > 0);
    if (status == 200) CHECK(answer_kind(&answer, "/expires_at") == JSON_STRING);
    answer_release(&answer);
    return status;
}

static unsigned get(struct story *story, const char *path)
{
    return site_status(&story->site, &(struct ask){"GET", path});
}

static void saved_answers_come_back_as_they_were_sent(void)
{
    struct story story;
    story_begin_published(&story);
    CHECK(get(&story, PATH KEY) == 404);
    CHECK(put(&story, PATH KEY, HALF, "") == 200); /* without the name, which is required */
    site_restart(&story.site);
    struct answer answer = story_get(&story, PATH KEY, NULL, NULL);
    CHECK(answer.status == 200);
    CHECK(answer_int(&answer, "/answers/age") == 36 && answer_count(&answer, "/answers") == 1);
    CHECK(answer_int(&answer, "/version") == 1);
    CHECK(strcmp(answer_text(&answer, "/locale"), "en") == 0);
    CHECK(strcmp(answer_header(&answer, "Cache-Control"), "private, no-store") == 0);
    answer_release(&answer);
    CHECK(put(&story, PATH KEY, "{\"answers\":{\"age\":37,\"name\":\"Ada\"}}", "") == 200);
    answer = story_get(&story, PATH KEY, NULL, NULL);
    CHECK(answer_int(&answer, "/answers/age") == 37);
    answer_release(&answer);
    CHECK(get(&story, "/v1/p/acme/contact/saved/ABCdEfGhIjKlMnOpQrStUvWxYz012345") == 404);
    CHECK(site_status(&story.site, &(struct ask){"DELETE", PATH KEY}) == 204);
    CHECK(site_status(&story.site, &(struct ask){"DELETE", PATH KEY}) == 204);
    CHECK(get(&story, PATH KEY) == 404);
    site_stop(&story.site);
}

static void types_and_bounds_hold_and_what_is_saved_stays_when_they_do_not(void)
{
    struct story story;
    story_begin_published(&story);
    CHECK(put(&story, PATH KEY, HALF, "") == 200);
    CHECK(put(&story, PATH KEY, "{\"answers\":{\"age\":200}}", "validation-failed") == 422);
    CHECK(put(&story, PATH KEY, "{\"answers\":{\"age\":\"x\"}}", "validation-failed") == 422);
    CHECK(put(&story, PATH KEY, "{\"answers\":{\"age\":}}", "json-malformed") == 400);
    CHECK(put(&story, PATH KEY, "{\"answers\":{},\"version\":9}", "not-found") == 404);
    struct answer answer = story_get(&story, PATH KEY, NULL, NULL);
    CHECK(answer_int(&answer, "/answers/age") == 36);
    answer_release(&answer);
    site_stop(&story.site);
}

static void a_key_is_long_enough_to_be_nobodys_guess(void)
{
    struct story story;
    char path[100];
    story_begin_published(&story);
    snprintf(path, sizeof path, "%s%.*s", PATH, limit(SAVED_KEY_BYTES_MIN) - 1, KEY);
    CHECK(put(&story, path, HALF, "saved-key-short") == 400);
    CHECK(get(&story, path) == 400);
    snprintf(path, sizeof path, "%s%.*s", PATH, limit(SAVED_KEY_BYTES_MIN), KEY);
    CHECK(put(&story, path, HALF, "") == 200);
    CHECK(get(&story, path) == 200);
    site_stop(&story.site);
}

static void what_is_submitted_is_saved_no_more(void)
{
    struct story story;
    story_begin_published(&story);
    CHECK(put(&story, PATH KEY, HALF, "") == 200);
    /* What is refused leaves it where it is. */
    struct answer refused = story_submit(&story, "0123456789abcdef",
                                         "{\"answers\":{\"age\":36},\"meta\":{\"saved\":\"" KEY "\"}}");
    CHECK(refused.status == 422);
    answer_release(&refused);
    CHECK(get(&story, PATH KEY) == 200);
    const char *whole = "{\"answers\":{\"age\":36,\"name\":\"Ada\"},\"meta\":{\"saved\":\"" KEY "\"}}";
    struct answer stored = story_submit(&story, "0123456789abcdef", whole);
    CHECK(stored.status == 201);
    answer_release(&stored);
    CHECK(get(&story, PATH KEY) == 404);
    struct answer again = story_submit(&story, "0123456789abcdef", whole);
    CHECK(again.status == 200);
    answer_release(&again);
    site_stop(&story.site);
}

static void a_form_that_takes_nothing_saves_nothing(void)
{
    static const char why[] = "Audit-Reason: for the test\r\n";
    struct story story;
    story_begin_published(&story);
    struct answer answer = story_post(&story, "/v1/tenants/acme/forms/contact/state", story.publisher,
                                      why, "{\"to\":\"closing\"}");
    CHECK(answer.status == 200);
    answer_release(&answer);
    CHECK(put(&story, PATH KEY, HALF, "") == 200);
    answer = story_post(&story, "/v1/tenants/acme/forms/contact/state", story.publisher, why,
                        "{\"to\":\"closed\"}");
    CHECK(answer.status == 200);
    answer_release(&answer);
    CHECK(put(&story, PATH KEY, HALF, "form-closed") == 409);
    CHECK(get(&story, PATH KEY) == 200);
    site_stop(&story.site);
}

int main(void)
{
    saved_answers_come_back_as_they_were_sent();
    types_and_bounds_hold_and_what_is_saved_stays_when_they_do_not();
    a_key_is_long_enough_to_be_nobodys_guess();
    what_is_submitted_is_saved_no_more();
    a_form_that_takes_nothing_saves_nothing();
    return TEST_RESULT();
}
