/* Lookup tables over HTTP: uploaded, pinned by publishing, chosen from, and fetched as the form's list.
 */
#define _GNU_SOURCE
#include "tests/http/site.h"
#include "tests/test.h"

#include <stdio.h>

#define TABLE "/v1/tenants/acme/tables/wards"
#define FORM                                                                                           \
    "edition 2026 form survey \"Survey\" {"                                                            \
    " state: text \"State\" ward: choice(wards where state = outer.state) \"Ward\""                    \
    " people: integer = ward.people"                                                                   \
    " table wards { key code: text label name: text state: text people: integer secret: text } }"
#define FIRST                                                                                          \
    "code,name,state,people,secret\r\na1,One,A,10,x\r\na2,Two,A,20,y\r\nb1,\"Three, "                  \
    "\"\"3\"\"\",B,30,z\r\n"
#define SECOND "code,name,state,people,secret\nc1,Four,A,40,x\n"

struct story {
    struct site site;
    char publisher[256], reader[256];
    struct answer answers[40]; /* given back at the end */
    uint32_t answer_count;
};

static struct answer ask(struct story *story, struct ask question)
{
    CHECK(story->answer_count < 40);
    return story->answers[story->answer_count++] = site_ask(&story->site, &question);
}

static void end(struct story *story)
{
    for (uint32_t i = 0; i < story->answer_count; i++) answer_release(&story->answers[i]);
    site_stop(&story->site);
}

static void begin(struct story *story)
{
    story->answer_count = 0;
    site_start(&story->site, NULL);
    site_tenant(&story->site, "acme");
    site_token(&story->site, "acme", "publisher", story->publisher);
    site_token(&story->site, "acme", "reader", story->reader);
}

static struct answer put(struct story *story, const char *path, const char *csv)
{
    return ask(story, (struct ask){"PUT", path, story->publisher, NULL, "text/csv", str_of(csv)});
}

static struct answer get(struct story *story, const char *path, const char *token)
{
    return ask(story, (struct ask){"GET", path, token, NULL});
}

static bool says(const struct answer *answer, const char *text)
{
    struct str body = answer_body(answer);
    bool found = memmem(body.ptr, body.len, text, strlen(text)) != NULL;
    if (!found) fprintf(stderr, "%d %.*s\n", (int)answer->status, STR_ARG(body));
    return found;
}

static void uploads_make_versions_and_the_same_bytes_make_none(void)
{
    struct story story;
    begin(&story);
    struct answer a = put(&story, TABLE, FIRST);
    CHECK(a.status == 201 && says(&a, "\"version\":1") && says(&a, "\"rows\":3") &&
          says(&a, "\"columns\":5"));
    a = put(&story, TABLE, FIRST);
    CHECK(a.status == 200 && says(&a, "\"version\":1"));
    a = put(&story, TABLE, SECOND);
    CHECK(a.status == 201 && says(&a, "\"version\":2"));
    a = put(&story, TABLE, FIRST);
    CHECK(a.status == 201 && says(&a, "\"version\":3"));
    a = put(&story, "/v1/tenants/acme/tables/other", SECOND);
    CHECK(a.status == 201);
    a = get(&story, "/v1/tenants/acme/tables", story.reader);
    CHECK(a.status == 200 && says(&a, "\"name\":\"other\"") && says(&a, "\"version\":3"));
    a = get(&story, TABLE, story.reader);
    CHECK(a.status == 200 && says(&a, "\"version\":3"));
    a = get(&story, TABLE "/versions/2", story.reader);
    CHECK(a.status == 200 && str_eq(answer_body(&a), STR(SECOND)));
    CHECK(get(&story, TABLE "/versions/4", story.reader).status == 404);
    CHECK(get(&story, "/v1/tenants/acme/tables/none", story.reader).status == 404);
    a = get(&story, "/v1/tenants/acme/audit", story.reader);
    CHECK(says(&a, "table.put"));
    end(&story);
}

static void what_is_no_table_is_refused_with_its_line(void)
{
    struct story story;
    begin(&story);
    struct answer a = put(&story, TABLE, "a,b\n1\n");
    CHECK(a.status == 422 && says(&a, "table-invalid") && says(&a, "line 2"));
    CHECK(put(&story, TABLE, "").status == 422);
    a = put(&story, "/v1/tenants/acme/tables/Wards", FIRST);
    CHECK(a.status == 422 && says(&a, "bad-name"));
    a = ask(&story, (struct ask){"PUT", TABLE, story.reader, NULL, "text/csv", STR(FIRST)});
    CHECK(a.status == 403);
    a = ask(&story, (struct ask){"PUT", TABLE, story.publisher, NULL, "text/plain", STR(FIRST)});
    CHECK(a.status == 415);
    end(&story);
}

static struct answer judge(struct story *story, const char *answers)
{
    return ask(story,
               (struct ask){"POST", "/v1/p/acme/survey/evaluate", NULL, NULL, .body = str_of(answers)});
}

/* What has been published judges by the rows that there were then, also after a restart. */
static void a_published_form_keeps_its_rows(void)
{
    struct story story;
    begin(&story);
    CHECK(put(&story, TABLE, FIRST).status == 201);
    site_publish(&story.site, "acme", "survey", story.publisher, FORM);
    struct answer a = judge(&story, "{\"answers\":{\"state\":\"A\",\"ward\":\"a2\"}}");
    CHECK(a.status == 200 && says(&a, "\"valid\":true") && says(&a, "\"people\":20"));
    a = judge(&story, "{\"answers\":{\"state\":\"B\",\"ward\":\"a2\"}}");
    CHECK(says(&a, "\"code\":\"option\""));
    CHECK(put(&story, TABLE, SECOND).status == 201);
    a = get(&story, "/v1/tenants/acme/forms/survey/versions/1", story.reader);
    CHECK(says(&a, "table wards version 1 {"));
    a = judge(&story, "{\"answers\":{\"state\":\"A\",\"ward\":\"c1\"}}");
    CHECK(says(&a, "\"code\":\"option\""));
    site_restart(&story.site);
    a = judge(&story, "{\"answers\":{\"state\":\"A\",\"ward\":\"a1\"}}");
    CHECK(says(&a, "\"people\":10"));
    end(&story);
}

static void options_are_fetched_by_what_a_filter_compares(void)
{
    struct story story;
    begin(&story);
    CHECK(put(&story, TABLE, FIRST).status == 201);
    site_publish(&story.site, "acme", "survey", story.publisher, FORM);
    const char *list = "/v1/p/acme/survey/versions/1/lists/wards";
    struct answer a = get(&story, list, NULL);
    CHECK(a.status == 200 &&
          says(&a, "\"code\":\"b1\",\"label\":\"Three, \\\"3\\\"\",\"values\":{\"state\":\"B\"}"));
    struct str body = answer_body(&a);
    CHECK(!memmem(body.ptr, body.len, "secret", 6) && !memmem(body.ptr, body.len, "people", 6));
    a = get(&story, "/v1/p/acme/survey/versions/1/lists/wards?column=state&equals=A&limit=1", NULL);
    CHECK(says(&a, "a1") && says(&a, "next_cursor"));
    CHECK(get(&story, "/v1/p/acme/survey/versions/1/lists/wards?column=secret&equals=x", NULL).status ==
          400);
    CHECK(get(&story, "/v1/p/acme/survey/versions/1/lists/none", NULL).status == 404);
    a = get(&story, "/v1/p/acme/survey", NULL);
    CHECK(says(&a, "\"lists\":{\"wards\":{\"rows\":3,\"columns\":[\"state\"]}}"));
    end(&story);
}

static void a_form_whose_table_is_not_there_is_not_published(void)
{
    struct story story;
    begin(&story);
    struct answer a = ask(&story, (struct ask){"POST", "/v1/tenants/acme/forms:check", story.publisher,
                                               NULL, "text/plain", STR(FORM)});
    CHECK(a.status == 200 && says(&a, "E0230"));
    CHECK(put(&story, TABLE, "code,name\n1,One\n").status == 201);
    a = ask(&story, (struct ask){"POST", "/v1/tenants/acme/forms:check", story.publisher, NULL,
                                 "text/plain", STR(FORM)});
    CHECK(says(&a, "E0231"));
    end(&story);
}

int main(void)
{
    uploads_make_versions_and_the_same_bytes_make_none();
    what_is_no_table_is_refused_with_its_line();
    a_published_form_keeps_its_rows();
    options_are_fetched_by_what_a_filter_compares();
    a_form_whose_table_is_not_there_is_not_published();
    return TEST_RESULT();
}
