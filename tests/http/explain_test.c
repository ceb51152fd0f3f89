/* Why, over HTTP: for answers that somebody sends, and for those that are stored. */
#define _GNU_SOURCE
#include "tests/http/story.h"
#include "tests/test.h"

#include <stdio.h>

#define FORM "/v1/tenants/acme/forms/pets"

static const char source[] =
    "edition 2026 form pets \"Pets\" { age: integer name: text when age >= 18 required "
    "share: decimal(2) = divide(1, age, 2) "
    "repeat pets \"Pets\" 0..9 { pet: text required } }";

static void begin(struct story *story)
{
    story_begin(story);
    site_publish(&story->site, "acme", "pets", story->publisher, source);
}

static struct answer explain(struct story *story, const char *query, const char *body)
{
    char path[200];
    snprintf(path, sizeof path, FORM "/versions/1/explain%s", query);
    return story_post(story, path, story->reader, NULL, body);
}

static void sent_answers_are_explained_and_nothing_is_stored(void)
{
    struct story story;
    begin(&story);
    struct answer why = explain(&story, "?field=name", "{\"answers\":{\"age\":17,\"name\":\"Ada\"}}");
    CHECK(why.status == 200 && answer_int(&why, "/version") == 1);
    CHECK(answer_kind(&why, "/valid") == JSON_TRUE);
    CHECK(answer_int(&why, "/explanation/places_total") == 1);
    CHECK(strcmp(answer_text(&why, "/explanation/places/0/hidden_by"), "name") == 0);
    CHECK(strcmp(answer_text(&why, "/explanation/places/0/rules/0/text"), "when age >= 18") == 0);
    CHECK(answer_kind(&why, "/explanation/places/0/rules/0/result") == JSON_FALSE);
    CHECK(answer_int(&why, "/explanation/places/0/rules/0/reads/0/value") == 17);
    answer_release(&why);
    why = explain(&story, "?field=/pets/1/pet", "{\"answers\":{\"pets\":[{\"pet\":\"Rex\"},{}]}}");
    CHECK(strcmp(answer_text(&why, "/explanation/places/0/errors/0/code"), "required") == 0);
    answer_release(&why);
    why = explain(&story, "", "{\"answers\":{\"age\":20}}");
    CHECK(answer_kind(&why, "/valid") == JSON_FALSE && answer_count(&why, "/explanation/places") == 2);
    answer_release(&why);
    struct answer list = story_get(&story, FORM "/submissions", story.reader, NULL);
    CHECK(list.status == 200 && answer_count(&list, "/items") == 0);
    answer_release(&list);
    site_stop(&story.site);
}

static void check_refused(struct story *story, const char *query, const char *body, unsigned status,
                          const char *code)
{
    struct answer answer = explain(story, query, body);
    if (answer.status != status || strcmp(answer_code(&answer), code) != 0)
        fprintf(stderr, "%s %s: %u %s\n", query, body, answer.status, answer_code(&answer));
    CHECK(answer.status == status && strcmp(answer_code(&answer), code) == 0);
    answer_release(&answer);
}

static void what_cannot_be_explained_is_refused_with_its_reason(void)
{
    struct story story;
    begin(&story);
    check_refused(&story, "?field=nothing", "{\"answers\":{}}", 400, "parameter-malformed");
    check_refused(&story, "?fields=name", "{\"answers\":{}}", 400, "parameter-malformed");
    check_refused(&story, "", "{\"answers\":{\"age\":}}", 400, "json-malformed");
    check_refused(&story, "", "{\"answers\":{},\"version\":2}", 400, "body-misfit");
    check_refused(&story, "", "{\"answers\":{\"age\":0}}", 422, "rule-fault");
    struct answer fault = explain(&story, "", "{\"answers\":{\"age\":0}}");
    CHECK(strcmp(answer_text(&fault, "/fault/kind"), "division-by-zero") == 0);
    CHECK(strcmp(answer_text(&fault, "/fault/pointer"), "/share") == 0);
    CHECK(answer_int(&fault, "/fault/line") == 1);
    answer_release(&fault);
    CHECK(site_status(&story.site, &(struct ask){"POST", FORM "/versions/9/explain", story.reader, NULL,
                                                 NULL, STR("{\"answers\":{}}")}) == 404);
    CHECK(site_status(&story.site, &(struct ask){"POST", FORM "/versions/1/explain", NULL, NULL, NULL,
                                                 STR("{\"answers\":{}}")}) == 401);
    site_stop(&story.site);
}

static void a_submission_is_explained_as_of_its_version(void)
{
    struct story story;
    char path[300];
    begin(&story);
    struct answer stored =
        story_post(&story, "/v1/p/acme/pets/submissions", NULL, "Idempotency-Key: 0123456789abcdef\r\n",
                   "{\"answers\":{\"age\":20,\"name\":\"Ada\"}}");
    CHECK(stored.status == 201);
    site_publish(&story.site, "acme", "pets", story.publisher,
                 "edition 2026 form pets \"Pets\" { age: integer name: text when age >= 30 }");
    snprintf(path, sizeof path, FORM "/submissions/%s/explain?field=share",
             answer_text(&stored, "/id"));
    struct answer why = story_get(&story, path, story.reader, NULL);
    CHECK(why.status == 200 && answer_int(&why, "/version") == 1);
    CHECK(strcmp(answer_text(&why, "/explanation/places/0/value"), "0.05") == 0);
    CHECK(strcmp(answer_text(&why, "/explanation/places/0/rules/0/reads/0/of"), "age") == 0);
    answer_release(&why);
    CHECK(site_status(&story.site,
                      &(struct ask){"GET", FORM "/submissions/sub_none/explain", story.reader}) == 404);
    answer_release(&stored);
    site_stop(&story.site);
}

int main(void)
{
    sent_answers_are_explained_and_nothing_is_stored();
    what_cannot_be_explained_is_refused_with_its_reason();
    a_submission_is_explained_as_of_its_version();
    return TEST_RESULT();
}
