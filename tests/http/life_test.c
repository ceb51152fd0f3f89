/* The states of a form over HTTP: what each lets through, and which follows which. */
#define _GNU_SOURCE
#include "tests/http/story.h"
#include "tests/test.h"

#include <stdio.h>

#define FORM "/v1/tenants/acme/forms/contact"
#define LIVE "/v1/p/acme/contact"
#define WHY "Audit-Reason: to see\r\n"

static struct answer move(struct story *story, const char *to)
{
    char body[40];
    snprintf(body, sizeof body, "{\"to\":\"%s\"}", to);
    return story_post(story, FORM "/state", story->publisher, WHY, body);
}

static unsigned move_status(struct story *story, const char *to)
{
    struct answer answer = move(story, to);
    unsigned status = answer.status;
    answer_release(&answer);
    return status;
}

/* When the present state was set. */
static void state_at(struct story *story, char ret_moment[40])
{
    struct answer form = story_get(story, FORM, story->reader, NULL);
    snprintf(ret_moment, 40, "%s", answer_text(&form, "/state_at"));
    answer_release(&form);
}

static struct answer submit_begun(struct story *story, unsigned key, const char *started_at)
{
    char body[200], text[40];
    snprintf(text, sizeof text, "0123456789abcdef%u", key);
    snprintf(body, sizeof body, "{\"answers\":{\"name\":\"Ada\"}%s%s%s}",
             started_at ? ",\"meta\":{\"started_at\":\"" : "", started_at ? started_at : "",
             started_at ? "\"}" : "");
    return story_submit(story, text, body);
}

static unsigned try(struct story *story, const char *method, const char *path, const char *type,
                    const char *body)
{
    return site_status(&story->site, &(struct ask){method, path, story->publisher, "If-Match: *\r\n",
                                                   type, body ? str_of(body) : (struct str){NULL, 0}});
}

/* From the state before; and what it lets through: fetching, evaluating, submitting what was begun long
 * ago, at the very moment of the state, a second after, at a moment not told; a new draft, publishing
 * it, moving a channel. */
static void each_state_lets_through_what_is_said_of_it(void)
{
    static const struct {
        const char *to;
        unsigned fetch, evaluate, old, at, after, untold, draft, publish, channel;
    } rows[] = {
        {"open", 200, 200, 201, 201, 201, 201, 200, 200, 200},
        {"closing", 200, 200, 201, 201, 409, 409, 200, 200, 200},
        {"closed", 200, 200, 409, 409, 409, 409, 200, 200, 200},
        {"archived", 404, 404, 404, 404, 404, 404, 409, 409, 409},
        {"closed", 200, 200, 409, 409, 409, 409, 200, 200, 200},
        {"open", 200, 200, 201, 201, 201, 201, 200, 200, 200},
    };
    struct story story;
    unsigned key = 0;
    story_begin_published(&story);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char at[40];
        CHECK(i == 0 || move_status(&story, rows[i].to) == 200);
        state_at(&story, at);
        const struct {
            const char *what, *started_at;
            unsigned wanted;
        } tries[] = {{"old", "2020-01-01T00:00:00Z", rows[i].old},
                     {"at", at, rows[i].at},
                     {"after", "2999-01-01T00:00:00Z", rows[i].after},
                     {"untold", NULL, rows[i].untold}};
        for (size_t k = 0; k < sizeof tries / sizeof *tries; k++) {
            struct answer answer = submit_begun(&story, key++, tries[k].started_at);
            if (answer.status != tries[k].wanted)
                fprintf(stderr, "%s, %s: %u\n", rows[i].to, tries[k].what, answer.status);
            CHECK(answer.status == tries[k].wanted);
            if (answer.status == 409) {
                CHECK(strcmp(answer_code(&answer), "form-closed") == 0);
                CHECK(strcmp(answer_header(&answer, "Link"), "<" LIVE ">; rel=\"latest-version\"") ==
                      0);
            }
            answer_release(&answer);
        }
        CHECK(site_status(&story.site, &(struct ask){"GET", LIVE}) == rows[i].fetch);
        CHECK(site_status(&story.site, &(struct ask){"GET", LIVE "?b=1"}) == rows[i].fetch);
        CHECK(site_status(&story.site, &(struct ask){"GET", LIVE "/versions/1"}) == rows[i].fetch);
        CHECK(site_status(&story.site,
                          &(struct ask){"POST", LIVE "/evaluate", .body = STR("{\"answers\":{}}")}) ==
              rows[i].evaluate);
        CHECK(try(&story, "PUT", FORM "/draft", "text/plain", site_contact_form) == rows[i].draft);
        CHECK(site_status(&story.site, &(struct ask){"POST", FORM "/versions", story.publisher}) ==
              rows[i].publish);
        CHECK(try(&story, "PUT", FORM "/channels/live", NULL, "{\"version\":1}") == rows[i].channel);
    }
    site_stop(&story.site);
}

/* From each state to each: 200 where there is an arrow, else 409 with the arrows. */
static void an_illegal_step_is_told_the_legal_ones(void)
{
    static const struct {
        const char *state, *allowed;
    } rows[] = {{"open", "closing"},
                {"closing", "closed"},
                {"closed", "open archived"},
                {"archived", "closed"}};
    static const char *const states[] = {"draft", "open", "closing", "closed", "archived"};
    struct story story;
    story_begin_published(&story);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (i) CHECK(move_status(&story, rows[i].state) == 200);
        for (size_t k = 0; k < sizeof states / sizeof *states; k++) {
            if (strstr(rows[i].allowed, states[k])) continue;
            char allowed[60] = "";
            struct answer answer = move(&story, states[k]);
            CHECK(answer.status == 409 && strcmp(answer_code(&answer), "illegal-transition") == 0);
            for (uint32_t n = 0; n < answer_count(&answer, "/allowed"); n++) {
                char pointer[40];
                snprintf(pointer, sizeof pointer, "/allowed/%u", (unsigned)n);
                size_t len = strlen(allowed);
                snprintf(allowed + len, sizeof allowed - len, "%s%s", n ? " " : "",
                         answer_text(&answer, pointer));
            }
            if (strcmp(allowed, rows[i].allowed) != 0)
                fprintf(stderr, "%s: %s\n", rows[i].state, allowed);
            CHECK(strcmp(allowed, rows[i].allowed) == 0);
            answer_release(&answer);
        }
    }
    site_stop(&story.site);
}

static void what_was_never_published_cannot_be_opened(void)
{
    struct story story;
    story_begin(&story);
    struct answer made =
        story_post(&story, "/v1/tenants/acme/forms", story.publisher, NULL, "{\"name\":\"contact\"}");
    CHECK(made.status == 201);
    answer_release(&made);
    struct answer answer = move(&story, "open");
    CHECK(answer.status == 409 && strcmp(answer_code(&answer), "illegal-transition") == 0);
    CHECK(answer_kind(&answer, "/allowed") == JSON_ARRAY && answer_count(&answer, "/allowed") == 0);
    answer_release(&answer);
    site_stop(&story.site);
}

int main(void)
{
    each_state_lets_through_what_is_said_of_it();
    an_illegal_step_is_told_the_legal_ones();
    what_was_never_published_cannot_be_opened();
    return TEST_RESULT();
}
