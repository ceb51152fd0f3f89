/* Who reads what was submitted: what is sensitive, and what is erased. */
#define _GNU_SOURCE
#include "tests/http/story.h"
#include "tests/test.h"

#include <stdio.h>

#define FORM "/v1/tenants/acme/forms/clinic"
#define SUBMIT "/v1/p/acme/clinic/submissions"
#define WHY "Audit-Reason: asked for\r\n"

static const char first[] = "edition 2027 form clinic \"Clinic\" {\n"
                            " choices causes { flu \"Flu\" fall \"A fall\" }\n"
                            " name: text \"Name\"\n"
                            " born: date \"Born\" sensitive\n"
                            " group home \"Home\" { street: text \"Street\" sensitive\n"
                            "  town: text \"Town\" }\n"
                            " repeat visits \"Visits\" 0..5 { day: date \"Day\"\n"
                            "  cause: choice(causes) \"Cause\" other \"Another\" sensitive }\n"
                            " photo: file \"Photo\" sensitive\n"
                            " twice: integer = count(visits) sensitive\n"
                            "}\n";

static const char answers[] =
    "{\"name\":\"Ada\",\"born\":\"1815-12-10\",\"home\":{\"street\":\"Secret "
    "Street\",\"town\":\"Oslo\"},"
    "\"visits\":[{\"day\":\"2026-01-02\",\"cause\":\"flu\"},{\"day\":\"2026-01-03\"}]}";

static void submit(struct story *story, const char *key, const char *given, char id[64],
                   char receipt[400])
{
    char headers[100], body[600];
    snprintf(headers, sizeof headers, "Idempotency-Key: key-%s-0123456789abcdef\r\n", key);
    snprintf(body, sizeof body, "{\"answers\":%s}", given);
    struct answer answer = story_post(story, SUBMIT, NULL, headers, body);
    CHECK(answer.status == 201);
    snprintf(id, 64, "%s", answer_text(&answer, "/id"));
    snprintf(receipt, 400, "%s", answer_text(&answer, "/receipt"));
    answer_release(&answer);
}

static bool body_has(const struct answer *answer, const char *text)
{
    return memmem(answer->reply.body.ptr, answer->reply.body.len, text, strlen(text)) != NULL;
}

/* What a token reads under a path: all of it, or what is not sensitive. */
static void check_read(struct story *story, const char *path, const char *token, bool all)
{
    struct answer answer = story_get(story, path, token, NULL);
    CHECK(answer.status == 200);
    CHECK(body_has(&answer, "Ada") && body_has(&answer, "Oslo") && body_has(&answer, "2026-01-02"));
    static const char *const secrets[] = {"1815-12-10", "Secret Street", "flu"};
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
        CHECK(body_has(&answer, secrets[i]) == all);
    CHECK(body_has(&answer, "\"born\":null") != all);
    CHECK(body_has(&answer, "\"twice\":null") != all);
    answer_release(&answer);
}

static void what_is_sensitive_is_null_without_the_scope(void)
{
    struct story story;
    char id[64], receipt[400], path[200];
    story_begin(&story);
    site_publish(&story.site, "acme", "clinic", story.publisher, first);
    submit(&story, "1", answers, id, receipt);
    static const char *const lists[] = {FORM "/submissions", FORM "/submissions?order=newest"};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        check_read(&story, lists[i], story.reader, true);
        check_read(&story, lists[i], story.publisher, false);
    }
    snprintf(path, sizeof path, FORM "/submissions/%s", id);
    check_read(&story, path, story.reader, true);
    check_read(&story, path, story.publisher, false);
    snprintf(path, sizeof path, FORM "/submissions/%s/explain?field=born", id);
    struct answer why = story_get(&story, path, story.reader, NULL);
    CHECK(why.status == 200 && body_has(&why, "1815-12-10"));
    answer_release(&why);
    why = story_get(&story, path, story.publisher, NULL);
    CHECK(answer_kind(&why, "/explanation/places/0/value") == JSON_NULL);
    CHECK(strcmp(answer_text(&why, "/explanation/places/0/why"), "sensitive") == 0);
    CHECK(!body_has(&why, "1815-12-10"));
    answer_release(&why);
    why = story_post(&story, FORM "/versions/1/explain?field=born", story.publisher, NULL,
                     "{\"answers\":{\"born\":\"1815-12-11\"}}"); /* their own */
    CHECK(why.status == 200 && body_has(&why, "1815-12-11"));
    answer_release(&why);
    check_read(&story, FORM "/submissions:export", story.reader, true);
    struct answer made = story_post(&story, "/v1/tenants/acme/tokens", story.publisher, NULL,
                                    "{\"role\":\"reader\",\"scopes\":[\"submissions.export\"]}");
    CHECK(made.status == 201);
    check_read(&story, FORM "/submissions:export", answer_text(&made, "/token"), false);
    answer_release(&made);
    site_stop(&story.site);
}

static void it_stays_so_when_the_form_is_archived(void)
{
    struct story story;
    char id[64], receipt[400];
    static const char *const states[] = {"closing", "closed", "archived"};
    story_begin(&story);
    site_publish(&story.site, "acme", "clinic", story.publisher, first);
    submit(&story, "1", answers, id, receipt);
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        char body[40];
        snprintf(body, sizeof body, "{\"to\":\"%s\"}", states[i]);
        struct answer moved = story_post(&story, FORM "/state", story.publisher, WHY, body);
        CHECK(moved.status == 200);
        answer_release(&moved);
    }
    check_read(&story, FORM "/submissions", story.publisher, false);
    check_read(&story, FORM "/submissions", story.reader, true);
    site_stop(&story.site);
}

/* Also when the later version says that it is sensitive no more, and in trials. */
static void what_is_carried_is_masked_by_its_own_version(void)
{
    struct story story;
    char id[64], receipt[400], path[200];
    story_begin(&story);
    site_publish(&story.site, "acme", "clinic", story.publisher,
                 "edition 2027 form clinic \"C\" { name: text \"Name\"  pin: text \"Pin\" sensitive }");
    submit(&story, "1", "{\"name\":\"Ada\",\"pin\":\"4711\"}", id, receipt);
    site_publish(&story.site, "acme", "clinic", story.publisher,
                 "edition 2027 form clinic \"C\" { title: text \"Name\"  pin: text \"Pin\" sensitive\n"
                 "migrate from 1 { rename name to title } }");
    struct answer tried =
        story_post(&story, FORM "/migrations:dry-run", story.publisher, NULL, "{\"from\":1,\"to\":2}");
    CHECK(tried.status == 200 && answer_int(&tried, "/carried") == 1 && !body_has(&tried, "4711"));
    answer_release(&tried);
    tried = story_post(&story, FORM "/migrations:dry-run", story.reader, NULL, "{\"from\":1,\"to\":2}");
    CHECK(tried.status == 200 && body_has(&tried, "4711"));
    answer_release(&tried);
    struct answer kept =
        story_post(&story, FORM "/migrations:apply", story.publisher, "Prefer: wait=20\r\n", "{\"from\":1,\"to\":2}");
    CHECK(kept.status == 200);
    answer_release(&kept);
    snprintf(path, sizeof path, FORM "/submissions/%s", id);
    struct answer seen = story_get(&story, path, story.publisher, NULL);
    CHECK(body_has(&seen, "\"title\":\"Ada\"") && !body_has(&seen, "4711"));
    answer_release(&seen);
    seen = story_get(&story, path, story.reader, NULL);
    CHECK(strcmp(answer_text(&seen, "/carried/0/answers/pin"), "4711") == 0);
    answer_release(&seen);
    site_stop(&story.site);
}

/* The body without the ids and moments that begin each row but the first. */
static void put_without_origin(struct str body, struct buf *out)
{
    bool header = true;
    for (size_t i = 0; i < body.len;) {
        const char *end = memmem(body.ptr + i, body.len - i, "\r\n", 2);
        size_t line = (size_t)(end - (body.ptr + i));
        const char *begin = body.ptr + i;
        for (int commas = 0; !header && commas < 3; begin++) commas += *begin == ',';
        buf_put(out, (struct str){begin, (size_t)(end - begin)});
        buf_putc(out, '\n');
        i += line + 2;
        header = false;
    }
}

static void check_csv(struct story *story, const char *query, const char *token, const char *want)
{
    char path[200];
    struct buf got;
    snprintf(path, sizeof path, FORM "/submissions:csv%s", query);
    struct answer answer = story_get(story, path, token, NULL);
    CHECK(answer.status == 200);
    CHECK(strcmp(answer_header(&answer, "Content-Type"), "text/csv; charset=utf-8") == 0);
    buf_init(&got, mem_heap(), 1 << 20);
    put_without_origin(buf_str(&answer.reply.body), &got);
    bool same = str_eq(buf_str(&got), str_of(want));
    if (!same) fprintf(stderr, "%s: got\n%.*swanted\n%s", query, STR_ARG(buf_str(&got)), want);
    CHECK(same);
    buf_release(&got);
    answer_release(&answer);
}

#define ORIGIN "_id,_version,_received_at"

static const char zoo[] =
    "edition 2027 form clinic \"Zoo\" {\n"
    " choices kinds { cat \"Cat\" dog \"Dog\" }\n"
    " name: text \"Name\"\n"
    " fee: decimal(2) \"Fee\" sensitive\n"
    " group home \"Home\" { town: text \"Town\" }\n"
    " repeat members \"Members\" 0..5 { who: text \"Who\"\n"
    "  repeat pets \"Pets\" 0..5 { pet: choices(kinds) \"Pet\" key \"the pet\" } }\n"
    "}\n";

static void repeats_have_tables_of_their_own(void)
{
    struct story story;
    char id[64], receipt[400];
    story_begin(&story);
    site_publish(&story.site, "acme", "clinic", story.publisher, zoo);
    check_csv(&story, "", story.reader, ORIGIN ",name,fee,home.town\n");
    submit(&story, "1",
           "{\"name\":\"A, "
           "\\\"B\\\"\",\"fee\":\"-1.50\",\"home\":{\"town\":\"=1+1\"},\"members\":[{\"who\":\"+47 1\","
           "\"pets\":[{\"the pet\":[\"cat\",\"dog\"]},{\"the pet\":[\"dog\"]}]},{\"who\":\"@you\"}]}",
           id, receipt);
    submit(&story, "2", "{\"home\":{\"town\":\"Bod\\u00f8\"}}", id, receipt);
    check_csv(&story, "", story.reader,
              ORIGIN ",name,fee,home.town\n\"A, \"\"B\"\"\",-1.50,'=1+1\n,,Bod\303\270\n");
    check_csv(&story, "?table=members", story.reader,
              ORIGIN ",_row.members,members.who\n1,'+47 1\n2,'@you\n");
    check_csv(&story, "?table=members.pets", story.reader,
              ORIGIN ",_row.members,_row.members.pets,members.pets.the pet\n"
                     "1,1,\"[\"\"cat\"\",\"\"dog\"\"]\"\n1,2,\"[\"\"dog\"\"]\"\n");
    check_csv(&story, "?order=newest&version=1", story.reader,
              ORIGIN ",name,fee,home.town\n,,Bod\303\270\n\"A, \"\"B\"\"\",-1.50,'=1+1\n");
    static const char *const wrong[] = {"?table=home", "?table=pets", "?table=members.", "?version=7"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char path[200];
        snprintf(path, sizeof path, FORM "/submissions:csv%s", wrong[i]);
        struct answer answer = story_get(&story, path, story.reader, NULL);
        CHECK(answer.status == 400 && strcmp(answer_code(&answer), "parameter-malformed") == 0);
        answer_release(&answer);
    }
    struct answer made = story_post(&story, "/v1/tenants/acme/tokens", story.publisher, NULL,
                                    "{\"role\":\"reader\",\"scopes\":[\"submissions.export\"]}");
    check_csv(&story, "", answer_text(&made, "/token"),
              ORIGIN ",name,fee,home.town\n\"A, \"\"B\"\"\",***,'=1+1\n,,Bod\303\270\n");
    answer_release(&made);
    site_stop(&story.site);
}

/* Columns of the newest version first; what only older ones have comes behind. */
static void several_versions_share_their_columns(void)
{
    struct story story;
    char id[64], receipt[400];
    story_begin(&story);
    site_publish(&story.site, "acme", "clinic", story.publisher,
                 "edition 2027 form clinic \"C\" { name: text \"Name\"  old: integer \"Old\" }");
    submit(&story, "1", "{\"name\":\"Ada\",\"old\":7}", id, receipt);
    site_publish(&story.site, "acme", "clinic", story.publisher,
                 "edition 2027 form clinic \"C\" { fresh: boolean \"New\"  name: text \"Name\"\n"
                 " repeat rows \"Rows\" 0..300 { a: text \"A\" } migrate from 1 { drop old } }");
    submit(&story, "2", "{\"name\":\"Bob\",\"fresh\":true,\"rows\":[{\"a\":\"x\"}]}", id, receipt);
    check_csv(&story, "", story.reader, ORIGIN ",fresh,name,old\n,Ada,7\ntrue,Bob,\n");
    check_csv(&story, "?version=1", story.reader, ORIGIN ",name,old\nAda,7\n");
    check_csv(&story, "?table=rows", story.reader, ORIGIN ",_row.rows,rows.a\n1,x\n");
    site_stop(&story.site);
}

static unsigned erase(struct story *story, const char *path, const char *token, const char *why)
{
    return site_status(&story->site, &(struct ask){"DELETE", path, token, why});
}

static void what_is_erased_is_gone_from_everywhere(void)
{
    struct story story;
    char id[64], receipt[400], other[64], path[200];
    story_begin(&story);
    site_publish(&story.site, "acme", "clinic", story.publisher, first);
    submit(&story, "1", answers, id, receipt);
    char gone[400];
    snprintf(gone, sizeof gone, "%s", receipt);
    submit(&story, "2", "{\"name\":\"Bob\"}", other, receipt);
    snprintf(path, sizeof path, FORM "/submissions/%s", id);
    CHECK(erase(&story, path, story.publisher, NULL) == 400);
    CHECK(erase(&story, path, story.reader, WHY) == 403);
    CHECK(erase(&story, "/v1/tenants/acme/forms/none/submissions/sub_x", story.publisher, WHY) == 404);
    CHECK(erase(&story, path, story.publisher, WHY) == 204);
    CHECK(erase(&story, path, story.publisher, WHY) == 204);
    for (int round = 0; round < 2; round++) {
        struct answer answer = story_get(&story, path, story.reader, NULL);
        CHECK(answer.status == 410 && strcmp(answer_code(&answer), "submission-erased") == 0);
        answer_release(&answer);
        answer = story_get(&story, gone, NULL, NULL);
        CHECK(answer.status == 410);
        answer_release(&answer);
        answer = story_post(&story, SUBMIT, NULL, "Idempotency-Key: key-1-0123456789abcdef\r\n",
                            "{\"answers\":{\"name\":\"Ada\"}}");
        CHECK(answer.status == 410 && strcmp(answer_code(&answer), "submission-erased") == 0);
        answer_release(&answer);
        answer = story_get(&story, FORM "/submissions:export", story.reader, NULL);
        CHECK(!body_has(&answer, "Ada") && body_has(&answer, "Bob"));
        answer_release(&answer);
        answer = story_get(&story, FORM, story.reader, NULL);
        CHECK(answer_int(&answer, "/submissions") == 1);
        answer_release(&answer);
        site_restart(&story.site);
    }
    struct answer log =
        story_get(&story, "/v1/tenants/acme/audit?action=submission.erase", story.publisher, NULL);
    CHECK(answer_count(&log, "/items") == 1 && strcmp(answer_text(&log, "/items/0/object"), id) == 0);
    CHECK(strcmp(answer_text(&log, "/items/0/why"), "asked for") == 0);
    answer_release(&log);
    site_stop(&story.site);
}

int main(void)
{
    what_is_sensitive_is_null_without_the_scope();
    it_stays_so_when_the_form_is_archived();
    what_is_carried_is_masked_by_its_own_version();
    repeats_have_tables_of_their_own();
    several_versions_share_their_columns();
    what_is_erased_is_gone_from_everywhere();
    return TEST_RESULT();
}
