/* Who looks for submissions by their answers: filters of lists and exports, how many there are, and
 * going on where an export ended. */
#define _GNU_SOURCE
#include "tests/http/story.h"
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>

#define FORM "/v1/tenants/acme/forms/order"
#define LIST FORM "/submissions"

static const char first[] = "edition 2027 form order \"Order\" {\n"
                            " total: decimal(2) \"Total\" indexed\n"
                            " name: text \"Name\" length ..40 indexed\n"
                            " pin: integer \"Pin\" indexed sensitive\n"
                            " note: text \"Note\"\n"
                            " repeat parts \"Parts\" 0..9 { count: integer \"Count\" indexed }\n"
                            "}\n";

static void submit(struct story *story, int number, const char *given, char id[64])
{
    char headers[100], body[600];
    snprintf(headers, sizeof headers, "Idempotency-Key: key-%016d\r\n", number);
    snprintf(body, sizeof body, "{\"answers\":%s}", given);
    struct answer answer = story_post(story, "/v1/p/acme/order/submissions", NULL, headers, body);
    CHECK(answer.status == 201);
    snprintf(id, 64, "%s", answer_text(&answer, "/id"));
    answer_release(&answer);
}

/* Five orders: 0, 10.5, 21, 31.5 and 42, in 0 to 4 parts of as many pieces as their number. */
static void begin(struct story *story, char ids[5][64])
{
    story_begin(story);
    site_publish(&story->site, "acme", "order", story->publisher, first);
    for (int i = 0; i < 5; i++) {
        char given[300];
        size_t len = (size_t)snprintf(given, sizeof given,
                                      "{\"total\":\"%d.%d0\",\"name\":\"n%d\",\"pin\":%d,\"parts\":[",
                                      i * 21 / 2, i % 2 * 5, i, 4000 + i);
        for (int k = 0; k < i; k++)
            len +=
                (size_t)snprintf(given + len, sizeof given - len, "%s{\"count\":%d}", k ? "," : "", k);
        snprintf(given + len, sizeof given - len, "]}");
        submit(story, i, given, ids[i]);
    }
}

/* The names of what is listed, as "n1 n3". */
static void check_found(struct story *story, const char *query, const char *names)
{
    char path[400], got[200] = "";
    static const char *const kinds[] = {"submissions", "submissions:export", "submissions:csv"};
    for (size_t kind = 0; kind < 3; kind++) {
        snprintf(path, sizeof path, FORM "/%s?%s", kinds[kind], query);
        struct answer answer = story_get(story, path, story->reader, NULL);
        CHECK(answer.status == 200);
        size_t len = 0;
        uint32_t count = 0;
        for (char name = '0'; name < '5'; name++) {
            char plain[] = {',', 'n', name, ',', '\0'}, quoted[] = {'"', 'n', name, '"', '\0'};
            struct str body = buf_str(&answer.reply.body);
            const char *wanted = kind == 2 ? plain : quoted;
            if (!body.len || !memmem(body.ptr, body.len, wanted, strlen(wanted))) continue;
            len += (size_t)snprintf(got + len, sizeof got - len, "%sn%c", len ? " " : "", name);
            count++;
        }
        got[len] = '\0';
        if (strcmp(got, names) != 0) fprintf(stderr, "%s: %s, not %s\n", path, got, names);
        CHECK(strcmp(got, names) == 0);
        if (kind) CHECK(strtoul(answer_header(&answer, "Submission-Count"), NULL, 10) == count);
        answer_release(&answer);
    }
}

static void lists_and_exports_are_asked_by_answers(void)
{
    struct story story;
    char ids[5][64];
    begin(&story, ids);
    check_found(&story, "filter[total][gte]=21", "n2 n3 n4");
    check_found(&story, "filter%5Btotal%5D%5Bgt%5D=21.00", "n3 n4");
    check_found(&story, "filter[total][lt]=10.5", "n0");
    check_found(&story, "filter[total][lte]=10.500", "n0 n1");
    check_found(&story, "filter[total][eq]=3.15e1", "n3");
    check_found(&story, "filter[total][ne]=21", "n0 n1 n3 n4");
    check_found(&story, "filter[total][in]=0,42,17.3", "n0 n4");
    check_found(&story, "filter[total][gt]=10&filter[total][lt]=40&filter[name][ne]=n2", "n1 n3");
    check_found(&story, "filter[total][gt]=10&filter[total][lt]=9", "");
    check_found(&story, "filter[parts.count][eq]=2", "n3 n4");
    check_found(&story, "filter[parts.count][gt]=0&filter[parts.count][lt]=2",
                "n2 n3 n4"); /* one value */
    check_found(&story, "filter[pin][gte]=4003", "n3 n4");
    check_found(&story, "filter[name][gte]=n3&order=newest&version=1", "n3 n4");
    site_stop(&story.site);
}

static void check_refused(struct story *story, const char *query, const char *token, unsigned status,
                          const char *detail)
{
    char path[400];
    snprintf(path, sizeof path, LIST "?%s", query);
    struct answer answer = story_get(story, path, token, NULL);
    bool good = answer.status == status && strstr(answer_text(&answer, "/detail"), detail);
    if (!good) fprintf(stderr, "%s: %u %s\n", query, answer.status, answer_text(&answer, "/detail"));
    CHECK(good);
    answer_release(&answer);
}

static void what_cannot_be_asked_is_refused_with_what_can(void)
{
    struct story story;
    char ids[5][64];
    begin(&story, ids);
    check_refused(&story, "filter[note][eq]=x", story.reader, 400,
                  "those are: total, name, pin, parts.count");
    check_refused(&story, "filter[nothing][eq]=x", story.reader, 400, "those are: total");
    check_refused(&story, "filter[total][eq]=many", story.reader, 400, "no decimal");
    check_refused(&story, "filter[total][near]=1", story.reader, 400, "eq, ne, lt");
    check_refused(&story, "filter[total]=1", story.reader, 400, "filter[field][gte]");
    check_refused(&story, "filter[total][eq", story.reader, 400, "empty");
    check_refused(&story, "filter=1", story.reader, 400, "no such query parameter");
    check_refused(&story, "limit[total][eq]=1", story.reader, 400, "no such query parameter");
    check_refused(&story, "filter[total][eq]=1&filter[total][eq]=2", story.reader, 400, "repeated");
    check_refused(&story, "filter[total][eq]=1&version=7", story.reader, 400, "no such version");
    check_refused(&story, "filter[pin][eq]=4001", story.publisher, 403, "sensitive.read");
    site_publish(&story.site, "acme", "order", story.publisher,
                 "edition 2027 form order \"Order\" { total: decimal(2) \"Total\"  name: text \"Name\" "
                 "length ..40\n"
                 " pin: integer \"Pin\" indexed  note: text \"Note\"\n"
                 " repeat parts \"Parts\" 0..9 { count: integer \"Count\" } }");
    check_refused(&story, "filter[total][eq]=1", story.reader, 400, "those are: pin");
    check_found(&story, "filter[total][eq]=42&version=1", "n4");
    check_found(&story, "filter[pin][eq]=4001", "n1");
    /* It was sensitive when it was said. */
    struct answer list = story_get(&story, LIST "?filter[pin][eq]=4001", story.publisher, NULL);
    CHECK(list.status == 200 && answer_count(&list, "/items") == 0);
    answer_release(&list);
    site_stop(&story.site);
}

static void a_cursor_goes_with_its_filter(void)
{
    struct story story;
    char ids[5][64], path[700], cursor[300];
    begin(&story, ids);
    struct answer page = story_get(&story, LIST "?filter[total][gte]=10&limit=2", story.reader, NULL);
    CHECK(answer_count(&page, "/items") == 2 && strcmp(answer_text(&page, "/items/1/id"), ids[2]) == 0);
    snprintf(cursor, sizeof cursor, "%s", answer_text(&page, "/next_cursor"));
    answer_release(&page);
    static const char *const others[] = {"", "filter[total][gte]=11&", "filter[total][gt]=10&",
                                         "filter[name][gte]=10&",
                                         "filter[total][gte]=10&filter[name][ne]=x&"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        snprintf(path, sizeof path, LIST "?%slimit=2&cursor=%s", others[i], cursor);
        page = story_get(&story, path, story.reader, NULL);
        CHECK(page.status == 400 && strcmp(answer_code(&page), "cursor-invalid") == 0);
        answer_release(&page);
    }
    snprintf(path, sizeof path, LIST "?filter[total][gte]=10&limit=2&cursor=%s", cursor);
    page = story_get(&story, path, story.reader, NULL);
    CHECK(answer_count(&page, "/items") == 2 && strcmp(answer_text(&page, "/items/0/id"), ids[3]) == 0);
    answer_release(&page);
    site_stop(&story.site);
}

static void an_export_goes_on_after_a_submission_also_after_an_erased_one(void)
{
    struct story story;
    char ids[5][64], query[200], path[200];
    begin(&story, ids);
    for (int round = 0; round < 2; round++) {
        snprintf(query, sizeof query, FORM "/submissions:export?after=%s", ids[2]);
        struct answer rest = story_get(&story, query, story.reader, NULL);
        CHECK(strcmp(answer_header(&rest, "Submission-Count"), "2") == 0);
        CHECK(strncmp(rest.reply.body.ptr + strlen("{\"id\":\""), ids[3], strlen(ids[3])) == 0);
        answer_release(&rest);
        snprintf(query, sizeof query, FORM "/submissions:csv?order=newest&filter[total][ne]=0&after=%s",
                 ids[2]);
        rest = story_get(&story, query, story.reader, NULL);
        CHECK(strcmp(answer_header(&rest, "Submission-Count"), "1") == 0);
        CHECK(memmem(rest.reply.body.ptr, rest.reply.body.len, ids[1], strlen(ids[1])) != NULL);
        answer_release(&rest);
        snprintf(path, sizeof path, FORM "/submissions/%s", ids[2]);
        CHECK(site_status(&story.site, &(struct ask){"DELETE", path, story.publisher,
                                                     "Audit-Reason: asked for\r\n"}) == 204);
    }
    snprintf(query, sizeof query, FORM "/submissions:export?after=sub_none");
    CHECK(site_status(&story.site, &(struct ask){"GET", query, story.reader}) == 400);
    site_stop(&story.site);
}

static void what_was_carried_is_found_as_well(void)
{
    struct story story;
    char id[64];
    story_begin(&story);
    site_publish(&story.site, "acme", "order", story.publisher,
                 "edition 2027 form order \"O\" { name: text \"N\"  euro: integer \"E\" }");
    submit(&story, 1, "{\"name\":\"n1\",\"euro\":7}", id);
    site_publish(&story.site, "acme", "order", story.publisher,
                 "edition 2027 form order \"O\" { name: text \"N\"  cent: integer \"C\" indexed\n"
                 " migrate from 1 { drop euro  set cent = euro * 100 } }");
    check_found(&story, "filter[cent][eq]=700", "");
    struct answer kept = story_post(&story, FORM "/migrations:apply", story.publisher,
                                    "Prefer: wait=20\r\n", "{\"from\":1,\"to\":2}");
    CHECK(kept.status == 200);
    answer_release(&kept);
    check_found(&story, "filter[cent][gte]=700", "n1");
    site_stop(&story.site);
}

int main(void)
{
    lists_and_exports_are_asked_by_answers();
    what_cannot_be_asked_is_refused_with_what_can();
    a_cursor_goes_with_its_filter();
    an_export_goes_on_after_a_submission_also_after_an_erased_one();
    what_was_carried_is_found_as_well();
    return TEST_RESULT();
}
