/* Comparing versions over HTTP, and what may be published after what. */
#define _GNU_SOURCE
#include "tests/http/story.h"
#include "tests/test.h"

#include <stdio.h>

#define FORM "/v1/tenants/acme/forms/contact"
#define WIDER                                                                                          \
    "edition 2026\nform contact \"Contact us\" {\n  name: text \"Your name\" required length 1..40\n"  \
    "  age: integer \"Your age\" min 0 max 150\n  adult: boolean = age >= 18\n"                        \
    "  nick: text\n  guardian: text \"Who looks after you?\" when age < 18 required\n  note: text "    \
    "\"Anything "                                                                                      \
    "else?\"\n"                                                                                        \
    "  check name != guardian else \"You cannot look after yourself.\" at guardian\n}\n"
#define BROKEN "edition 2026\nform contact \"Contact us\" { full_name: text \"Your name\" }\n"

static unsigned put_draft(struct story *story, const char *source)
{
    return site_status(&story->site, &(struct ask){"PUT", FORM "/draft", story->publisher,
                                                   "If-Match: *\r\n", "text/plain", str_of(source)});
}

static struct answer publish(struct story *story, const char *query, const char *headers)
{
    char path[200];
    snprintf(path, sizeof path, FORM "/versions%s", query);
    return story_post(story, path, story->publisher, headers, "");
}

static void a_draft_is_compared_with_the_newest_version(void)
{
    struct story story;
    story_begin_published(&story);
    struct answer same = story_get(&story, FORM "/diff", story.reader, NULL);
    CHECK(same.status == 200);
    CHECK(str_eq(answer_body(&same), STR("{\"class\":\"identical\",\"changes\":[]}")));
    answer_release(&same);
    CHECK(put_draft(&story, WIDER) == 200);
    struct answer wider = story_get(&story, FORM "/diff", story.reader, NULL);
    CHECK(strcmp(answer_text(&wider, "/class"), "additive") == 0);
    CHECK(answer_count(&wider, "/changes") == 1);
    CHECK(strcmp(answer_text(&wider, "/changes/0/code"), "field-added") == 0);
    CHECK(strcmp(answer_text(&wider, "/changes/0/path"), "nick") == 0);
    answer_release(&wider);
    site_stop(&story.site);
}

static void versions_are_compared_either_way(void)
{
    struct story story;
    story_begin_published(&story);
    CHECK(put_draft(&story, WIDER) == 200);
    struct answer made = publish(&story, "", NULL);
    CHECK(made.status == 201);
    CHECK(strcmp(answer_text(&made, "/diff/class"), "additive") == 0);
    answer_release(&made);
    struct answer back = story_get(&story, FORM "/diff?from=2&to=1", story.reader, NULL);
    CHECK(strcmp(answer_text(&back, "/class"), "breaking") == 0);
    CHECK(strcmp(answer_text(&back, "/changes/0/code"), "field-removed") == 0);
    answer_release(&back);
    site_stop(&story.site);
}

static void what_cannot_be_compared_is_told(void)
{
    struct story story;
    story_begin_published(&story);
    const struct {
        const char *query;
        unsigned want;
    } rows[] = {{"?from=9", 404},        {"?to=9", 404},
                {"?from=0", 400},        {"?from=-1", 400},
                {"?from=draft", 400},    {"?to=newest", 400},
                {"?from=1x", 400},       {"?form=1", 400},
                {"?from=1&from=1", 400}, {"?from=newest&to=draft", 200},
                {"?from=1&to=1", 200}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char path[200];
        snprintf(path, sizeof path, FORM "/diff%s", rows[i].query);
        unsigned got = site_status(&story.site, &(struct ask){"GET", path, story.reader});
        if (got != rows[i].want) fprintf(stderr, "%s: %u\n", path, got);
        CHECK(got == rows[i].want);
    }
    CHECK(put_draft(&story, "edition 2026 form contact \"C\" { a: txt }") == 200);
    struct answer wrong = story_get(&story, FORM "/diff", story.reader, NULL);
    CHECK(wrong.status == 422);
    CHECK(strcmp(answer_text(&wrong, "/code"), "definition-invalid") == 0);
    CHECK(answer_count(&wrong, "/diagnostics") == 1);
    answer_release(&wrong);
    CHECK(site_status(&story.site,
                      &(struct ask){"GET", "/v1/tenants/acme/forms/none/diff", story.reader}) == 404);
    site_stop(&story.site);
}

static void what_breaks_stored_answers_needs_a_reason(void)
{
    struct story story;
    story_begin_published(&story);
    CHECK(put_draft(&story, BROKEN) == 200);
    struct answer refused = publish(&story, "", NULL);
    CHECK(refused.status == 409);
    CHECK(strcmp(answer_text(&refused, "/code"), "breaking-change") == 0);
    CHECK(strcmp(answer_text(&refused, "/diff/class"), "breaking") == 0);
    CHECK(strcmp(answer_text(&refused, "/diff/changes/0/path"), "name") == 0);
    CHECK(strcmp(answer_text(&refused, "/diff/changes/0/similar"), "full_name") == 0);
    answer_release(&refused);
    struct answer unasked = publish(&story, "?allow_breaking=true", NULL);
    CHECK(unasked.status == 400);
    CHECK(strcmp(answer_text(&unasked, "/code"), "audit-reason-missing") == 0);
    answer_release(&unasked);
    struct answer odd = publish(&story, "?allow_breaking=yes", "Audit-Reason: meant\r\n");
    CHECK(odd.status == 400);
    answer_release(&odd);
    struct answer made = publish(&story, "?allow_breaking=true", "Audit-Reason: meant\r\n");
    CHECK(made.status == 201);
    answer_release(&made);
    struct answer log =
        story_get(&story, "/v1/tenants/acme/audit?action=version.publish", story.publisher, NULL);
    CHECK(strcmp(answer_text(&log, "/items/1/detail"), "version 2, stored answers do not fit") == 0);
    CHECK(strcmp(answer_text(&log, "/items/1/why"), "meant") == 0);
    answer_release(&log);
    site_stop(&story.site);
}

/* Who is served the live version has not seen the newest. */
static void the_live_version_is_compared_with_too(void)
{
    struct story story;
    story_begin_published(&story);
    CHECK(put_draft(&story, BROKEN) == 200);
    struct answer aside =
        publish(&story, "?channel=none&allow_breaking=true", "Audit-Reason: meant\r\n");
    CHECK(aside.status == 201 && answer_int(&aside, "/compared_to") == 1);
    answer_release(&aside);
    CHECK(put_draft(
              &story,
              "edition 2026\nform contact \"Contact us\" { full_name: text \"Your whole name\" }\n") ==
          200);
    struct answer refused = publish(&story, "", NULL);
    CHECK(refused.status == 409 && strcmp(answer_code(&refused), "breaking-change") == 0);
    CHECK(answer_int(&refused, "/compared_to") == 1);
    answer_release(&refused);
    struct answer live = story_post(&story, FORM "/versions?channel=live", story.publisher, NULL, "");
    CHECK(live.status == 409);
    answer_release(&live);
    CHECK(site_status(&story.site, &(struct ask){"PUT", FORM "/channels/live", story.publisher,
                                                 .body = STR("{\"version\":2}")}) == 200);
    struct answer taken = publish(&story, "", NULL); /* of the live one only a text is another */
    CHECK(taken.status == 201 && answer_int(&taken, "/compared_to") == 2);
    CHECK(strcmp(answer_text(&taken, "/diff/class"), "presentational") == 0);
    answer_release(&taken);
    site_stop(&story.site);
}

/* Going back is no new version, so nothing of it can break. */
static void an_older_text_is_still_the_older_version(void)
{
    struct story story;
    story_begin_published(&story);
    CHECK(put_draft(&story, WIDER) == 200);
    struct answer second = publish(&story, "", NULL);
    CHECK(second.status == 201);
    answer_release(&second);
    CHECK(put_draft(&story, site_contact_form) == 200);
    struct answer again = publish(&story, "", NULL);
    CHECK(again.status == 200);
    CHECK(strcmp(answer_text(&again, "/form"), "contact") == 0);
    answer_release(&again);
    site_stop(&story.site);
}

int main(void)
{
    a_draft_is_compared_with_the_newest_version();
    versions_are_compared_either_way();
    what_cannot_be_compared_is_told();
    what_breaks_stored_answers_needs_a_reason();
    an_older_text_is_still_the_older_version();
    the_live_version_is_compared_with_too();
    return TEST_RESULT();
}
