/* Answers over HTTP: judged, stored, replayed, refused. */
#define _GNU_SOURCE
#include "tests/http/story.h"
#include "tests/test.h"

#include <stdio.h>

/* One way to ask for a language, and what comes of it. */
static void check_told(struct story *story, const char *path, unsigned status, const char *headers,
                       const char *body, const char *language, const char *message)
{
    struct answer answer = story_post(story, path, NULL, headers, body);
    const char *pointer = status == 200 ? "/verdict/errors/0/message" : "/errors/0/message";
    CHECK(answer.status == status);
    CHECK(strcmp(answer_header(&answer, "Content-Language"), language) == 0);
    CHECK(strcmp(answer_header(&answer, "Vary"), "Accept-Language") == 0);
    CHECK(strcmp(answer_text(&answer, pointer), message) == 0);
    answer_release(&answer);
}

static void messages_are_in_the_language_that_is_asked_for(void)
{
    static const char form[] = "edition 2026 form contact \"F\" { languages en, de_AT, fr\n"
                               " name: text \"Name\" required }";
    static const char none[] = "{\"answers\":{}}";
    const char *judge = "/v1/p/acme/contact/evaluate", *store = "/v1/p/acme/contact/submissions";
    const char *english = "Enter name", *german = "Bitte „Name“ ausfüllen",
               *french = "Remplissez « Name »";
    struct story story;
    story_begin(&story);
    site_publish(&story.site, "acme", "contact", story.publisher, form);
    check_told(&story, judge, 200, NULL, none, "en", english);
    check_told(&story, judge, 200, "Accept-Language: it, fr-CH;q=0.7, de-AT;q=0.9\r\n", none, "de-AT",
               german);
    check_told(&story, judge, 200, "Accept-Language: fr-CA\r\n", none, "fr", french);
    check_told(&story, judge, 200, "Accept-Language: *;q=x,,\r\n", none, "en", english);
    check_told(&story, judge, 200, "Accept-Language: fr\r\n",
               "{\"answers\":{},\"meta\":{\"locale\":\"de-AT-x-y\"}}", "de-AT", german);
    check_told(&story, store, 422, "Idempotency-Key: key-1-0123456789\r\nAccept-Language: fr\r\n", none,
               "fr", french);
    site_stop(&story.site);
}

static void an_evaluation_gives_the_verdict_and_stores_nothing(void)
{
    struct story story;
    story_begin_published(&story);
    struct answer good = story_post(&story, "/v1/p/acme/contact/evaluate", NULL, NULL,
                                    "{\"answers\":{\"name\":\"Ada\",\"age\":36}}");
    CHECK(good.status == 200);
    CHECK(answer_kind(&good, "/verdict/valid") == JSON_TRUE);
    CHECK(answer_kind(&good, "/verdict/answers/adult") == JSON_TRUE);
    CHECK(strcmp(answer_text(&good, "/verdict/hidden/0"), "/guardian") == 0);
    CHECK(answer_int(&good, "/verdict/form/version") == 1);
    CHECK(answer_kind(&good, "/texts") == JSON_OBJECT);
    answer_release(&good);
    struct answer bad =
        story_post(&story, "/v1/p/acme/contact/evaluate", NULL, NULL, "{\"answers\":{\"age\":200}}");
    CHECK(bad.status == 200);
    CHECK(answer_kind(&bad, "/verdict/valid") == JSON_FALSE);
    CHECK(answer_count(&bad, "/verdict/errors") == 2);
    answer_release(&bad);
    struct answer lenient = story_post(&story, "/v1/p/acme/contact/evaluate", NULL, NULL,
                                       "{\"answers\":{},\"lenient\":true}");
    CHECK(answer_kind(&lenient, "/verdict/valid") == JSON_TRUE);
    answer_release(&lenient);
    struct answer list =
        story_get(&story, "/v1/tenants/acme/forms/contact/submissions", story.reader, NULL);
    CHECK(answer_count(&list, "/items") == 0);
    answer_release(&list);
    site_stop(&story.site);
}

static void a_submission_is_stored_replayed_and_not_overwritten(void)
{
    struct story story;
    char id[80], verdict[2000];
    story_begin_published(&story);
    struct answer first = story_submit(&story, "0123456789abcdef", STORY_ADA);
    CHECK(first.status == 201);
    snprintf(id, sizeof id, "%s", answer_text(&first, "/id"));
    CHECK(strncmp(id, "sub_", 4) == 0);
    CHECK(strstr(answer_header(&first, "Location"), id) != NULL);
    CHECK(strcmp(answer_header(&first, "Idempotency-Replayed"), "") == 0);
    CHECK(answer_int(&first, "/version") == 1);
    snprintf(verdict, sizeof verdict, "%.*s", STR_ARG(answer_body(&first)));
    answer_release(&first);

    struct answer again = story_submit(&story, "0123456789abcdef", STORY_ADA);
    CHECK(again.status == 200);
    CHECK(strcmp(answer_header(&again, "Idempotency-Replayed"), "true") == 0);
    CHECK(str_eq(answer_body(&again), str_of(verdict))); /* to the byte */
    answer_release(&again);
    struct answer quoted = story_submit(&story, "\"0123456789abcdef\"", STORY_ADA);
    CHECK(quoted.status == 200);
    answer_release(&quoted);
    struct answer other = story_submit(&story, "0123456789abcdef", "{\"answers\":{\"name\":\"Bob\"}}");
    CHECK(other.status == 409);
    CHECK(strcmp(answer_code(&other), "idempotency-key-reused") == 0);
    answer_release(&other);
    struct answer invalid = story_submit(&story, "0123456789abcdef", "{\"answers\":{}}");
    CHECK(invalid.status == 409);
    answer_release(&invalid);

    struct answer list =
        story_get(&story, "/v1/tenants/acme/forms/contact/submissions", story.reader, NULL);
    CHECK(answer_count(&list, "/items") == 1);
    CHECK(strcmp(answer_text(&list, "/items/0/answers/name"), "Ada") == 0);
    CHECK(answer_kind(&list, "/items/0/answers/adult") == JSON_TRUE);
    answer_release(&list);
    char path[200];
    snprintf(path, sizeof path, "/v1/tenants/acme/forms/contact/submissions/%s", id);
    struct answer one = story_get(&story, path, story.reader, NULL);
    CHECK(one.status == 200);
    CHECK(strcmp(answer_text(&one, "/id"), id) == 0);
    answer_release(&one);
    site_stop(&story.site);
}

/* Status of a path, and whether it was told who must not see it. */
static unsigned ask_receipt(struct story *story, const char *path)
{
    struct answer answer = story_get(story, path, NULL, NULL);
    unsigned status = answer.status;
    if (status == 200) {
        CHECK(strncmp(answer_text(&answer, "/id"), "sub_", 4) == 0);
        CHECK(strcmp(answer_text(&answer, "/form"), "contact") == 0);
        CHECK(answer_int(&answer, "/version") == 1);
        CHECK(answer_kind(&answer, "/received_at") == JSON_STRING);
        CHECK(answer_count(&answer, "") == 4); /* and no answers */
        CHECK(strcmp(answer_header(&answer, "Cache-Control"), "private, no-store") == 0);
        CHECK(strcmp(answer_header(&answer, "Referrer-Policy"), "no-referrer") == 0);
    }
    answer_release(&answer);
    return status;
}

static void a_receipt_is_seen_by_whoever_has_its_link_and_by_nobody_else(void)
{
    struct story story;
    char path[200], other[240], id[80];
    story_begin_published(&story);
    struct answer first = story_submit(&story, "0123456789abcdef", STORY_ADA);
    snprintf(path, sizeof path, "%s", answer_text(&first, "/receipt"));
    snprintf(id, sizeof id, "%s", answer_text(&first, "/id"));
    answer_release(&first);
    CHECK(strncmp(path, "/v1/p/acme/contact/receipts/", 28) == 0);
    CHECK(ask_receipt(&story, path) == 200);
    site_restart(&story.site);
    CHECK(ask_receipt(&story, path) == 200);
    for (size_t i = 28; path[i]; i++) { /* one letter is another */
        snprintf(other, sizeof other, "%s", path);
        other[i] = other[i] == 'A' ? 'B' : 'A';
        CHECK(ask_receipt(&story, other) == 404);
    }
    snprintf(other, sizeof other, "/v1/p/acme/contact/receipts/%s", id);
    CHECK(ask_receipt(&story, other) == 404);
    site_publish(&story.site, "acme", "second", story.publisher, site_contact_form);
    snprintf(other, sizeof other, "/v1/p/acme/second/receipts/%s", path + 28);
    CHECK(ask_receipt(&story, other) == 404);
    snprintf(other, sizeof other, "/v1/p/nobody/contact/receipts/%s", path + 28);
    CHECK(ask_receipt(&story, other) == 404);
    CHECK(site_status(&story.site, &(struct ask){"POST", "/v1/tenants/acme/state",
                                                 story.site.operator_token,
                                                 "Audit-Reason: for the test\r\n",
                                                 .body = STR("{\"to\":\"suspended\"}")}) == 200);
    CHECK(ask_receipt(&story, path) == 404);
    site_stop(&story.site);
}

static void a_replay_stands_after_the_form_has_changed(void)
{
    struct story story;
    story_begin_published(&story);
    struct answer first = story_submit(&story, "0123456789abcdef", STORY_ADA);
    CHECK(first.status == 201);
    site_publish(&story.site, "acme", "contact", story.publisher,
                 "edition 2026 form contact \"Strict\" { name: text required length ..2 }");
    struct answer again = story_submit(&story, "0123456789abcdef", STORY_ADA);
    CHECK(again.status == 200);
    CHECK(answer_int(&again, "/version") == 1);
    CHECK(str_eq(answer_body(&again), answer_body(&first)));
    answer_release(&again);
    site_restart(&story.site); /* and when the old version is not in memory any more */
    again = story_submit(&story, "0123456789abcdef", STORY_ADA);
    CHECK(again.status == 200);
    CHECK(str_eq(answer_body(&again), answer_body(&first)));
    answer_release(&again);
    struct answer fresh = story_submit(&story, "0123456789abcdeg", STORY_ADA);
    CHECK(fresh.status == 422);
    answer_release(&fresh);
    struct answer pinned = story_submit(&story, "0123456789abcdeh",
                                        "{\"version\":1,\"answers\":{\"name\":\"Ada\",\"age\":36}}");
    CHECK(pinned.status == 201);
    CHECK(answer_int(&pinned, "/version") == 1);
    answer_release(&pinned);
    answer_release(&first);
    site_stop(&story.site);
}

static void wrong_answers_are_all_told(void)
{
    struct story story;
    story_begin_published(&story);
    struct answer answer =
        story_submit(&story, "0123456789abcdef", "{\"answers\":{\"age\":-1,\"other\":1}}");
    CHECK(answer.status == 422);
    CHECK(strcmp(answer_code(&answer), "validation-failed") == 0);
    CHECK(strcmp(answer_text(&answer, "/instance"), "/v1/p/acme/contact/submissions") == 0);
    CHECK(strcmp(answer_text(&answer, "/request_id"), answer_header(&answer, "X-Request-Id")) == 0);
    CHECK(answer_count(&answer, "/errors") == 3);
    CHECK(answer_text(&answer, "/errors/0/message")[0] != '\0');
    answer_release(&answer);
    site_stop(&story.site);
}

static void what_is_no_submission_is_refused_with_its_reason(void)
{
    struct story story;
    story_begin_published(&story);
    static const struct {
        const char *body, *code;
        unsigned status;
    } rows[] = {{"", "json-malformed", 400},
                {"{", "json-malformed", 400},
                {"[]", "json-malformed", 400},
                {"{}", "body-misfit", 400},
                {"{\"answers\":[]}", "body-misfit", 400},
                {"{\"answers\":{]}}", "json-malformed", 400},
                {"{\"answers\":{}} x", "json-malformed", 400},
                {"{\"answers\":{},\"answers\":{}}", "json-malformed", 400},
                {"{\"answers\":{\"name\":\"a\",\"name\":\"b\"}}", "json-malformed", 400},
                {"{\"answers\":{\"name\":\"\\ud800\"}}", "json-malformed", 400},
                {"{\"answers\":{},\"extra\":1}", "body-misfit", 400},
                {"{\"answers\":{},\"lenient\":true}", "body-misfit", 400},
                {"{\"answers\":{},\"version\":0}", "body-misfit", 400},
                {"{\"answers\":{},\"version\":-1}", "body-misfit", 400},
                {"{\"answers\":{},\"version\":1.5}", "body-misfit", 400},
                {"{\"answers\":{},\"version\":7}", "not-found", 404},
                {"{\"answers\":{},\"meta\":{\"locale\":\"<script>\"}}", "body-misfit", 400},
                {"{\"answers\":{},\"meta\":{\"x\":1}}", "body-misfit", 400},
                {"{\"answers\":{},\"meta\":{\"started_at\":\"yesterday\"}}", "body-misfit", 400},
                {"{\"answers\":{}}", "validation-failed", 422}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct answer answer = story_submit(&story, "0123456789abcdef", rows[i].body);
        if (answer.status != rows[i].status || strcmp(answer_code(&answer), rows[i].code) != 0)
            fprintf(stderr, "%s → %u %s\n", rows[i].body, answer.status, answer_code(&answer));
        CHECK(answer.status == rows[i].status);
        CHECK(strcmp(answer_code(&answer), rows[i].code) == 0);
        answer_release(&answer);
    }
    struct answer keyless = story_post(&story, "/v1/p/acme/contact/submissions", NULL, NULL, STORY_ADA);
    CHECK(keyless.status == 400);
    CHECK(strcmp(answer_code(&keyless), "idempotency-key-missing") == 0);
    answer_release(&keyless);
    static const char *const keys[] = {"short", "has space in it 12", "\"unbalanced-0123456789",
                                       "sl/ash-0123456789"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        struct answer answer = story_submit(&story, keys[i], STORY_ADA);
        CHECK(strcmp(answer_code(&answer), "idempotency-key-malformed") == 0);
        answer_release(&answer);
    }
    site_stop(&story.site);
}

/* Its worst case is too long for an event thread: it is judged by the crew, and nobody sees a
 * difference. */
static void a_dear_form_is_judged_all_the_same(void)
{
    struct story story;
    story_begin(&story);
    site_publish(
        &story.site, "acme", "contact", story.publisher,
        "edition 2026\nform dear \"Dear\" {\n"
        "  repeat rows \"Rows\" 0..9000 {\n"
        "    a: integer \"A\" required\n    b: integer \"B\" when a > 3\n    c: integer = a * 2\n"
        "    check b > a else \"B is less than A.\" at b\n  }\n"
        "  total: integer = sum(rows.c)\n}\n");
    const char *body = "{\"answers\":{\"rows\":[{\"a\":1},{\"a\":4,\"b\":5}]}}";
    for (int i = 0; i < 3; i++) {
        struct answer judged = story_post(&story, "/v1/p/acme/contact/evaluate", NULL, NULL, body);
        CHECK(judged.status == 200);
        CHECK(answer_int(&judged, "/verdict/answers/total") == 10);
        answer_release(&judged);
    }
    struct answer stored = story_submit(&story, "0123456789abcdef", body);
    CHECK(stored.status == 201);
    struct answer again = story_submit(&story, "0123456789abcdef", body);
    CHECK(again.status == 200);
    CHECK(str_eq(answer_body(&again), answer_body(&stored)));
    answer_release(&again);
    answer_release(&stored);
    struct answer wrong =
        story_submit(&story, "0123456789abcdeg", "{\"answers\":{\"rows\":[{\"a\":4,\"b\":1}]}}");
    CHECK(wrong.status == 422);
    CHECK(strcmp(answer_text(&wrong, "/errors/0/pointer"), "/rows/0/b") == 0);
    answer_release(&wrong);
    site_stop(&story.site);
}

static void a_token_that_comes_with_a_submission_must_be_good(void)
{
    struct story story;
    char submitter[256], foreign[256];
    story_begin_published(&story);
    site_token(&story.site, "acme", "submitter", submitter);
    site_tenant(&story.site, "other");
    site_token(&story.site, "other", "submitter", foreign);
    const char *path = "/v1/p/acme/contact/submissions";
    struct answer mine =
        story_post(&story, path, submitter, "Idempotency-Key: 0123456789abcdef\r\n", STORY_ADA);
    CHECK(mine.status == 201);
    answer_release(&mine);
    struct answer list =
        story_get(&story, "/v1/tenants/acme/forms/contact/submissions", story.reader, NULL);
    CHECK(strcmp(answer_text(&list, "/items/0/submitter"), "") != 0);
    answer_release(&list);
    struct answer theirs =
        story_post(&story, path, foreign, "Idempotency-Key: 0123456789abcdeg\r\n", STORY_ADA);
    CHECK(theirs.status == 404);
    answer_release(&theirs);
    struct answer garbled =
        story_post(&story, path, "fmd_x", "Idempotency-Key: 0123456789abcdeh\r\n", STORY_ADA);
    CHECK(garbled.status == 401);
    answer_release(&garbled);
    site_stop(&story.site);
}

int main(void)
{
    messages_are_in_the_language_that_is_asked_for();
    an_evaluation_gives_the_verdict_and_stores_nothing();
    a_submission_is_stored_replayed_and_not_overwritten();
    a_receipt_is_seen_by_whoever_has_its_link_and_by_nobody_else();
    a_replay_stands_after_the_form_has_changed();
    wrong_answers_are_all_told();
    what_is_no_submission_is_refused_with_its_reason();
    a_dear_form_is_judged_all_the_same();
    a_token_that_comes_with_a_submission_must_be_good();
    return TEST_RESULT();
}
