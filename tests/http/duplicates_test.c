/* What a form wants to be unique is there once, whoever sends it and however often. */
#define _GNU_SOURCE
#include "tests/http/story.h"
#include "tests/test.h"

#include <pthread.h>
#include <stdio.h>

#define SUBMIT "/v1/p/acme/party/submissions"
#define FORM(rules)                                                                                    \
    "edition 2027 form party \"Party\" {\n"                                                            \
    " email: email \"E-mail\"\n"                                                                       \
    " group address \"Address\" { zip: text \"Postcode\" }\n"                                          \
    " guests: integer \"Guests\" min 0 max 9\n" rules "}\n"

static const char party[] = FORM(" unique on (email)\n unique on (address.zip, guests)\n");

/* Status and problem of one submission. */
static void check_sent(struct story *story, const char *token, const char *key, const char *answers,
                       unsigned status, const char *code)
{
    char headers[100], body[300];
    snprintf(headers, sizeof headers, "Idempotency-Key: key-%s-0123456789abcdef\r\n", key);
    snprintf(body, sizeof body, "{\"answers\":%s}", answers);
    struct answer answer = story_post(story, SUBMIT, token, headers, body);
    CHECK(answer.status == status);
    CHECK(strcmp(answer_code(&answer), code) == 0);
    answer_release(&answer);
}

static void begin(struct story *story, const char *form)
{
    story_begin(story);
    site_publish(&story->site, "acme", "party", story->publisher, form);
}

static void what_is_unique_is_taken_once(void)
{
    struct story story;
    begin(&story, party);
    check_sent(&story, NULL, "1", "{\"email\":\"a@example.org\"}", 201, "");
    check_sent(&story, NULL, "1", "{\"email\":\"a@example.org\"}", 200, "");
    check_sent(&story, NULL, "2", "{\"email\":\"a@example.org\",\"guests\":1}", 409,
               "duplicate-submission");
    check_sent(&story, NULL, "1", "{\"email\":\"b@example.org\"}", 409, "idempotency-key-reused");
    check_sent(&story, NULL, "2", "{\"email\":\"b@example.org\"}", 201, "");
    site_restart(&story.site);
    check_sent(&story, NULL, "3", "{\"email\":\"b@example.org\"}", 409, "duplicate-submission");
    site_stop(&story.site);
}

static void what_is_missing_is_in_common_with_nothing(void)
{
    struct story story;
    begin(&story, party);
    for (const char *key = "12345"; *key; key++) {
        char one[2] = {*key, '\0'};
        check_sent(&story, NULL, one, "{\"address\":{\"zip\":\"1010\"}}", 201, "");
    }
    check_sent(&story, NULL, "6", "{\"address\":{\"zip\":\"1010\"},\"guests\":2}", 201, "");
    check_sent(&story, NULL, "7", "{\"address\":{\"zip\":\"1010\"},\"guests\":3}", 201, "");
    check_sent(&story, NULL, "8", "{\"guests\":2.0,\"address\":{\"zip\":\"1010\"}}", 409,
               "duplicate-submission");
    site_stop(&story.site);
}

static void a_rule_holds_across_versions(void)
{
    struct story story;
    begin(&story, FORM(""));
    check_sent(&story, NULL, "1", "{\"email\":\"a@example.org\"}", 201, "");
    site_publish(&story.site, "acme", "party", story.publisher, FORM(" unique on (email)\n"));
    check_sent(&story, NULL, "2", "{\"email\":\"a@example.org\"}", 201,
               ""); /* nothing was claimed then */
    site_publish(&story.site, "acme", "party", story.publisher,
                 FORM(" unique on (guests)\n unique on (email)\n"));
    check_sent(&story, NULL, "3", "{\"email\":\"a@example.org\"}", 409, "duplicate-submission");
    site_publish(&story.site, "acme", "party", story.publisher, FORM(" unique on (guests)\n"));
    check_sent(&story, NULL, "4", "{\"email\":\"a@example.org\"}", 201, "");
    site_stop(&story.site);
}

static void each_token_submits_once_where_the_form_wants_it(void)
{
    struct story story;
    char first[256], second[256];
    begin(&story, FORM(" unique per subject\n"));
    site_token(&story.site, "acme", "submitter", first);
    site_token(&story.site, "acme", "submitter", second);
    check_sent(&story, NULL, "0", "{}", 401, "unauthenticated");
    check_sent(&story, first, "1", "{}", 201, "");
    check_sent(&story, first, "1", "{}", 200, "");
    check_sent(&story, first, "2", "{}", 409, "duplicate-submission");
    check_sent(&story, second, "3", "{}", 201, "");
    site_stop(&story.site);
}

struct racer {
    struct story *story;
    int number;
    bool one_key;
    unsigned status;
};

static void *race(void *user)
{
    struct racer *racer = user;
    char headers[100];
    snprintf(headers, sizeof headers, "Idempotency-Key: racer-%02d-0123456789abcdef\r\n",
             racer->one_key ? 0 : racer->number);
    struct answer answer = story_post(racer->story, SUBMIT, NULL, headers,
                                      "{\"answers\":{\"email\":\"race@example.org\"}}");
    racer->status = answer.status;
    answer_release(&answer);
    return NULL;
}

enum { RACERS = 24 };

/* All at the same time. How many were answered 201, and how many `otherwise`. */
static void run_race(struct story *story, bool one_key, unsigned otherwise)
{
    struct racer racers[RACERS];
    pthread_t threads[RACERS];
    unsigned stored = 0, others = 0;
    for (int i = 0; i < RACERS; i++) {
        racers[i] = (struct racer){story, i, one_key, 0};
        CHECK(pthread_create(&threads[i], NULL, race, &racers[i]) == 0);
    }
    for (int i = 0; i < RACERS; i++) {
        pthread_join(threads[i], NULL);
        stored += racers[i].status == 201;
        others += racers[i].status == otherwise;
    }
    CHECK(stored == 1);
    CHECK(others == RACERS - 1);
    struct answer list =
        story_get(story, "/v1/tenants/acme/forms/party/submissions", story->reader, NULL);
    CHECK(answer_count(&list, "/items") == 1);
    answer_release(&list);
}

static void of_many_at_the_same_time_one_is_stored(void)
{
    struct story story;
    begin(&story, party);
    run_race(&story, false, 409);
    site_stop(&story.site);
}

/* Nobody is told that the key is in flight: who comes second waits for the first, and has its answer.
 */
static void one_key_at_the_same_time_is_stored_once_and_replayed(void)
{
    struct story story;
    begin(&story, FORM(""));
    run_race(&story, true, 200);
    site_stop(&story.site);
    begin(&story, party);
    run_race(&story, true, 200);
    site_stop(&story.site);
}

int main(void)
{
    what_is_unique_is_taken_once();
    what_is_missing_is_in_common_with_nothing();
    a_rule_holds_across_versions();
    each_token_submits_once_where_the_form_wants_it();
    of_many_at_the_same_time_one_is_stored();
    one_key_at_the_same_time_is_stored_once_and_replayed();
    return TEST_RESULT();
}
