/* Lists and exports over HTTP: pages, cursors, filters, every row once. */
#define _GNU_SOURCE
#include "tests/http/story.h"
#include "tests/test.h"

#include <stdio.h>

static void fill(struct story *story, int count)
{
    for (int i = 0; i < count; i++) {
        char key[40], body[120];
        snprintf(key, sizeof key, "key-%012d-filled", i);
        snprintf(body, sizeof body, "{\"answers\":{\"name\":\"N%03d\",\"age\":%d}}", i, 20 + i % 50);
        struct answer answer = story_submit(story, key, body);
        CHECK(answer.status == 201);
        answer_release(&answer);
    }
}

static void pages_follow_each_other_without_gap_or_double(void)
{
    enum { COUNT = 25 };
    struct story story;
    char path[1400] = "/v1/tenants/acme/forms/contact/submissions?limit=10";
    story_begin_published(&story);
    fill(&story, COUNT);
    int seen = 0;
    while (path[0]) {
        struct answer page = story_get(&story, path, story.reader, NULL);
        CHECK(page.status == 200);
        uint32_t count = answer_count(&page, "/items");
        for (uint32_t i = 0; i < count; i++) {
            char pointer[64], want[16];
            snprintf(pointer, sizeof pointer, "/items/%u/answers/name", i);
            snprintf(want, sizeof want, "N%03d", seen++);
            CHECK(strcmp(answer_text(&page, pointer), want) == 0);
        }
        const char *next = answer_text(&page, "/next_cursor");
        path[0] = '\0';
        if (next[0])
            snprintf(path, sizeof path, "/v1/tenants/acme/forms/contact/submissions?limit=10&cursor=%s",
                     next);
        answer_release(&page);
    }
    CHECK(seen == COUNT);
    struct answer newest = story_get(
        &story, "/v1/tenants/acme/forms/contact/submissions?order=newest&limit=1", story.reader, NULL);
    CHECK(strcmp(answer_text(&newest, "/items/0/answers/name"), "N024") == 0);
    answer_release(&newest);
    site_stop(&story.site);
}

static void a_cursor_belongs_to_its_list_and_filter(void)
{
    struct story story;
    char cursor[1100], path[1400];
    story_begin_published(&story);
    fill(&story, 3);
    struct answer page =
        story_get(&story, "/v1/tenants/acme/forms/contact/submissions?limit=1", story.reader, NULL);
    snprintf(cursor, sizeof cursor, "%s", answer_text(&page, "/next_cursor"));
    answer_release(&page);
    CHECK(cursor[0]);
    static const char *const formats[] = {
        "/v1/tenants/acme/forms/contact/submissions?order=newest&cursor=%s",
        "/v1/tenants/acme/forms/contact/submissions?version=1&cursor=%s",
        "/v1/tenants/acme/forms?cursor=%s", "/v1/tenants/acme/forms/contact/submissions?cursor=A%s",
        "/v1/tenants/acme/forms/contact/submissions?cursor=%sA"};
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        snprintf(path, sizeof path, formats[i], cursor);
        struct answer answer = story_get(&story, path, story.publisher, NULL);
        CHECK(answer.status == 400);
        CHECK(strcmp(answer_code(&answer), "cursor-invalid") == 0);
        answer_release(&answer);
    }
    site_restart(&story.site); /* the key outlives the process */
    snprintf(path, sizeof path, "/v1/tenants/acme/forms/contact/submissions?limit=2&cursor=%s", cursor);
    page = story_get(&story, path, story.reader, NULL);
    CHECK(page.status == 200);
    CHECK(strcmp(answer_text(&page, "/items/0/answers/name"), "N001") == 0);
    answer_release(&page);
    site_stop(&story.site);
}

static void a_misspelt_filter_lists_nothing(void)
{
    struct story story;
    story_begin_published(&story);
    static const char *const queries[] = {"?sinze=2026-01-01T00:00:00Z",
                                          "?since=yesterday",
                                          "?limit=0",
                                          "?limit=x",
                                          "?limit=1&limit=2",
                                          "?version=x",
                                          "?order=up",
                                          "?limit",
                                          "?limit=%ff"};
    for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++) {
        char path[160];
        snprintf(path, sizeof path, "/v1/tenants/acme/forms/contact/submissions%s", queries[i]);
        struct answer answer = story_get(&story, path, story.reader, NULL);
        CHECK(answer.status == 400);
        CHECK(strcmp(answer_code(&answer), "parameter-malformed") == 0);
        answer_release(&answer);
    }
    CHECK(site_status(&story.site, &(struct ask){"GET", "/v1/p/acme/contact?x=1"}) == 400);
    site_stop(&story.site);
}

static int count_lines(struct str text)
{
    int lines = 0;
    for (size_t i = 0; i < text.len; i++) lines += text.ptr[i] == '\n';
    return lines;
}

static void an_export_holds_every_row_once(void)
{
    enum { COUNT = 40 };
    struct story story;
    story_begin_published(&story);
    struct answer empty =
        story_get(&story, "/v1/tenants/acme/forms/contact/submissions:export", story.reader, NULL);
    CHECK(empty.status == 200);
    CHECK(answer_body(&empty).len == 0);
    answer_release(&empty);
    fill(&story, COUNT);
    struct answer all =
        story_get(&story, "/v1/tenants/acme/forms/contact/submissions:export", story.reader, NULL);
    CHECK(all.status == 200);
    CHECK(strcmp(answer_header(&all, "Content-Type"), "application/x-ndjson") == 0);
    CHECK(count_lines(answer_body(&all)) == COUNT);
    for (int i = 0; i < COUNT; i++) {
        char name[16];
        snprintf(name, sizeof name, "\"N%03d\"", i);
        CHECK(memmem(answer_body(&all).ptr, answer_body(&all).len, name, strlen(name)) != NULL);
    }
    answer_release(&all);
    struct answer later = story_get(
        &story, "/v1/tenants/acme/forms/contact/submissions:export?since=2999-01-01T00:00:00Z",
        story.reader, NULL);
    CHECK(later.status == 200);
    CHECK(answer_body(&later).len == 0);
    answer_release(&later);
    site_stop(&story.site);
}

static void an_export_larger_than_a_chunk_is_whole(void)
{
    enum { COUNT = 60, NOTE = 9000 };
    static char body[NOTE + 200], note[NOTE + 1];
    struct story story;
    story_begin_published(&story);
    memset(note, 'n', NOTE);
    for (int i = 0; i < COUNT; i++) {
        char key[40];
        snprintf(key, sizeof key, "key-%012d-larger", i);
        snprintf(body, sizeof body, "{\"answers\":{\"name\":\"N%03d\",\"age\":30,\"note\":\"%s\"}}", i,
                 note);
        struct answer answer = story_submit(&story, key, body);
        CHECK(answer.status == 201);
        answer_release(&answer);
    }
    struct answer all =
        story_get(&story, "/v1/tenants/acme/forms/contact/submissions:export", story.reader, NULL);
    CHECK(all.status == 200);
    CHECK(answer_body(&all).len > (size_t)COUNT * NOTE);
    CHECK(count_lines(answer_body(&all)) == COUNT);
    answer_release(&all);
    site_stop(&story.site);
}

static void the_head_of_an_export_has_no_body(void)
{
    struct story story;
    struct wire wire;
    story_begin_published(&story);
    CHECK(wire_open(&wire, story.site.port));
    struct answer head =
        site_ask_over(&wire, &(struct ask){"HEAD", "/v1/tenants/acme/forms/contact/submissions:export",
                                           story.reader});
    CHECK(head.status == 200);
    CHECK(strcmp(answer_header(&head, "Content-Type"), "application/x-ndjson") == 0);
    CHECK(wire_closes(&wire, 20000)); /* and not a byte more before it */
    answer_release(&head);
    wire_close(&wire);
    site_stop(&story.site);
}

int main(void)
{
    pages_follow_each_other_without_gap_or_double();
    a_cursor_belongs_to_its_list_and_filter();
    a_misspelt_filter_lists_nothing();
    an_export_holds_every_row_once();
    an_export_larger_than_a_chunk_is_whole();
    the_head_of_an_export_has_no_body();
    return TEST_RESULT();
}
