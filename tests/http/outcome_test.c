/* Every way a judging can end, over HTTP: its one problem code, nothing stored, and the next judging by
 * the same process and form is right. */
#include "tests/http/site.h"
#include "tests/test.h"

#include "base/limits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One form for all: `n` rows look at each other, `texts` grow, `zero` divides. */
static const char form[] =
    "edition 2026\nform f \"F\" {\n"
    " zero: integer \"Z\"\n"
    " half: integer = div(10, zero) when answered(zero)\n"
    " repeat r \"R\" 0..4000 {\n  n: integer \"N\"\n  m: integer = count(r where n > outer.n)\n }\n"
    " repeat t \"T\" 0..100 {\n  a: text \"A\" length ..2500\n"
    "  b: text = a + a + a + a + a + a + a + a + a + a + a + a + a + a + a + a + a + a + a + a\n }\n"
    "}\n";

struct outcomes {
    struct site site;
    char publisher[256];
};

static void begin(struct outcomes *outcomes, const struct server_options *options)
{
    struct site *site = &outcomes->site;
    site_start(site, options);
    site_tenant(site, "acme");
    site_token(site, "acme", "publisher", outcomes->publisher);
    CHECK(site_status(site, &(struct ask){"PUT", "/v1/tenants/acme/quota", site->operator_token,
                                          .headers = "Audit-Reason: bought\r\n",
                                          .body = STR("{\"judging_steps\":200000000}")}) == 200);
    site_publish(site, "acme", "f", outcomes->publisher, form);
}

static struct answer ask(struct outcomes *outcomes, const char *action, struct str answers)
{
    static char body[2 << 20];
    static unsigned key;
    char path[100], headers[100];
    snprintf(path, sizeof path, "/v1/p/acme/f%s", action);
    snprintf(headers, sizeof headers, "Idempotency-Key: outcome-test-%08u\r\n", ++key);
    int len = snprintf(body, sizeof body, "{\"answers\":%.*s}", STR_ARG(answers));
    bool stores = strcmp(action, "/submissions") == 0;
    return site_ask(&outcomes->site, &(struct ask){"POST", path, .headers = stores ? headers : NULL,
                                                   .body = {body, (size_t)len}});
}

static int64_t stored(struct outcomes *outcomes)
{
    struct answer answer = site_ask(
        &outcomes->site, &(struct ask){"GET", "/v1/tenants/acme/forms/f", outcomes->publisher});
    int64_t count = answer_int(&answer, "/submissions");
    answer_release(&answer);
    return count;
}

/* A few rows are judged right. A busy machine may be too slow now and then where the time is short. */
static bool next_is_right(struct outcomes *outcomes)
{
    bool right = false;
    for (int i = 0; i < 50 && !right; i++) {
        struct answer answer =
            ask(outcomes, "/evaluate",
                STR("{\"zero\":5,\"r\":[{\"n\":1},{\"n\":3}],\"t\":[{\"a\":\"x\"}]}"));
        right = answer.status == 200 && answer_int(&answer, "/verdict/answers/half") == 2 &&
                answer_int(&answer, "/verdict/answers/r/0/m") == 1 &&
                answer_int(&answer, "/verdict/answers/r/1/m") == 0 &&
                strcmp(answer_text(&answer, "/verdict/answers/t/0/b"), "xxxxxxxxxxxxxxxxxxxx") == 0;
        answer_release(&answer);
    }
    return right;
}

/* Both by evaluating and by submitting. */
static void ends(struct outcomes *outcomes, struct str answers, unsigned status, const char *code)
{
    static const char *const actions[] = {"/evaluate", "/submissions"};
    for (size_t i = 0; i < 2; i++) {
        struct answer answer = ask(outcomes, actions[i], answers);
        if (answer.status != status || strcmp(answer_code(&answer), code) != 0)
            fprintf(stderr, "%s: %u %s, not %s\n", actions[i], answer.status, answer_code(&answer),
                    code);
        CHECK(answer.status == status && strcmp(answer_code(&answer), code) == 0);
        answer_release(&answer);
        CHECK(next_is_right(outcomes));
    }
    CHECK(stored(outcomes) == 0);
}

/* {"r":[{"n":0},{"n":1},…]} */
static struct str rows(unsigned count)
{
    static char text[1 << 20];
    size_t len = (size_t)snprintf(text, sizeof text, "{\"r\":[");
    for (unsigned i = 0; i < count; i++)
        len += (size_t)snprintf(text + len, sizeof text - len, "%s{\"n\":%u}", i ? "," : "", i);
    len += (size_t)snprintf(text + len, sizeof text - len, "]}");
    return (struct str){text, len};
}

/* As many texts of 2,500 letters that take four bytes each. */
static struct str texts(unsigned count)
{
    static char text[2 << 20];
    size_t len = (size_t)snprintf(text, sizeof text, "{\"t\":[");
    for (unsigned i = 0; i < count; i++) {
        len += (size_t)snprintf(text + len, sizeof text - len, "%s{\"a\":\"", i ? "," : "");
        for (int k = 0; k < 2500; k++, len += 4) memcpy(text + len, "\xf0\x9f\x90\x9d", 4);
        len += (size_t)snprintf(text + len, sizeof text - len, "\"}");
    }
    len += (size_t)snprintf(text + len, sizeof text - len, "]}");
    return (struct str){text, len};
}

static void a_fault_names_rule_and_place(void)
{
    struct outcomes outcomes;
    begin(&outcomes, NULL);
    ends(&outcomes, STR("{\"zero\":0}"), 422, "rule-fault");
    struct answer answer = ask(&outcomes, "/evaluate", STR("{\"zero\":0}"));
    CHECK(strcmp(answer_text(&answer, "/fault/kind"), "division-by-zero") == 0);
    CHECK(strcmp(answer_text(&answer, "/fault/pointer"), "/half") == 0);
    CHECK(answer_int(&answer, "/fault/line") == 4);
    answer_release(&answer);
    site_stop(&outcomes.site);
}

static void what_is_no_json_is_malformed(void)
{
    struct outcomes outcomes;
    begin(&outcomes, NULL);
    ends(&outcomes, STR("{\"zero\":0,\"zero\":0}"), 400, "json-malformed");
    site_stop(&outcomes.site);
}

static void texts_that_grow_past_the_worlds_memory_are_over_memory(void)
{
    struct outcomes outcomes;
    begin(&outcomes, NULL);
    ends(&outcomes, texts(100), 422, "over-memory");
    site_stop(&outcomes.site);
}

static int64_t used(struct outcomes *outcomes, const char *pointer)
{
    struct answer answer =
        site_ask(&outcomes->site, &(struct ask){"GET", "/v1/tenants/acme/usage", outcomes->publisher});
    int64_t count = answer_int(&answer, pointer);
    answer_release(&answer);
    return count;
}

/* Whoever asks, however it was sent. */
static void a_verdict_that_is_too_long_is_over_memory_for_all_who_count(void)
{
    static const char *const actions[] = {"/evaluate", "/submissions"};
    struct outcomes outcomes;
    begin(&outcomes, NULL);
    struct str answers = texts(55); /* 11 MB of texts, which Lua can hold */
    for (int i = 0; i < 2; i++) {
        struct answer answer = ask(&outcomes, actions[i], answers);
        CHECK(answer.status == 422 && strcmp(answer_code(&answer), "over-memory") == 0);
        CHECK(strcmp(answer_text(&answer, "/detail"), "the verdict is too long") == 0);
        answer_release(&answer);
        CHECK(used(&outcomes, "/items/0/over_memory") == i + 1);
        CHECK(used(&outcomes, "/items/0/judged") == 0);
    }
    CHECK(used(&outcomes, "/items/0/unjudged") == 1 && stored(&outcomes) == 0);
    CHECK(next_is_right(&outcomes));
    site_stop(&outcomes.site);
}

static void too_many_steps_are_over_steps(void)
{
    struct outcomes outcomes;
    begin(&outcomes, &(struct server_options){.judging_steps_max = 5000});
    ends(&outcomes, rows(200), 422, "over-steps");
    site_stop(&outcomes.site);
}

static void too_long_a_time_is_over_time(void)
{
    struct outcomes outcomes;
    begin(&outcomes, &(struct server_options){.judging_ms_max = 20});
    ends(&outcomes, rows(4000), 503, "over-time");
    site_stop(&outcomes.site);
}

static void errors_past_those_listed_are_counted(void)
{
    static char text[1 << 14] = "{";
    struct outcomes outcomes;
    begin(&outcomes, NULL);
    for (int count = limit(ERRORS); count <= limit(ERRORS) + 1; count++) {
        size_t len = 1;
        for (int i = 0; i < count; i++)
            len += (size_t)snprintf(text + len, sizeof text - len, "%s\"u%d\":1", i ? "," : "", i);
        len += (size_t)snprintf(text + len, sizeof text - len, "}");
        struct answer answer = ask(&outcomes, "/submissions", (struct str){text, len});
        CHECK(answer.status == 422 && strcmp(answer_code(&answer), "validation-failed") == 0);
        CHECK(answer_count(&answer, "/errors") == (uint32_t)limit(ERRORS));
        CHECK(answer_int(&answer, "/errors_total") == (count > limit(ERRORS) ? count : -1));
        answer_release(&answer);
    }
    site_stop(&outcomes.site);
}

int main(void)
{
    a_fault_names_rule_and_place();
    what_is_no_json_is_malformed();
    texts_that_grow_past_the_worlds_memory_are_over_memory();
    a_verdict_that_is_too_long_is_over_memory_for_all_who_count();
    too_many_steps_are_over_steps();
    too_long_a_time_is_over_time();
    errors_past_those_listed_are_counted();
    return TEST_RESULT();
}
