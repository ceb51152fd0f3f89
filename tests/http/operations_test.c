/* Long work behind an answer: begun, asked about, waited for, ended before its time, and gone on with
 * by the next process when the first one is killed. */
#define _GNU_SOURCE
#include "base/clock.h"
#include "tests/http/story.h"
#include "tests/test.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define FORM "/v1/tenants/acme/forms/trip"
#define OPERATIONS "/v1/tenants/acme/operations"

static const char first[] = "edition 2027 form trip \"T\" {\n"
                            "  name: text \"Name\"  size: decimal(2) \"m\"  fax: text\n}\n";
static const char second[] = "edition 2027 form trip \"T\" {\n"
                             "  full_name: text \"Name\" length ..6  size: integer \"cm\"\n"
                             "  migrate from 1 { rename name to full_name  drop fax\n"
                             "    set size = round(size * 100, 0) }\n}\n";

static void begin(struct story *story)
{
    story_begin(story);
    site_publish(&story->site, "acme", "trip", story->publisher, first);
}

static void publish_second(struct story *story)
{
    CHECK(site_status(&story->site, &(struct ask){"PUT", FORM "/draft", story->publisher,
                                                  "If-Match: *\r\n", "text/plain", str_of(second)}) ==
          200);
    CHECK(site_status(&story->site, &(struct ask){"POST", FORM "/versions", story->publisher}) == 201);
}

static unsigned submit(struct story *story, const char *key, const char *body)
{
    char header[200];
    snprintf(header, sizeof header, "Idempotency-Key: %s-0123456789abcdef\r\n", key);
    return site_status(&story->site, &(struct ask){"POST", "/v1/p/acme/trip/submissions", NULL, header,
                                                   .body = str_of(body)});
}

static struct answer apply(struct story *story, const char *headers)
{
    return story_post(story, FORM "/migrations:apply", story->publisher, headers,
                      "{\"from\":1,\"to\":2}");
}

static struct answer look(struct story *story, const char *path)
{
    return story_get(story, path, story->reader, NULL);
}

static void nap(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
}

/* Until it is over, or has done so many. */
static struct answer await(struct story *story, const char *path, int64_t enough)
{
    struct answer answer = look(story, path);
    while (answer.status == 200 && answer_int(&answer, "/done") < enough &&
           (strcmp(answer_text(&answer, "/state"), "running") == 0 ||
            strcmp(answer_text(&answer, "/state"), "queued") == 0)) {
        answer_release(&answer);
        nap();
        answer = look(story, path);
    }
    return answer;
}

/* ---------------------------------------------------------------- short ones */

static void a_migration_is_answered_before_it_is_done(void)
{
    struct story story;
    char path[200], refused[220];
    begin(&story);
    CHECK(submit(&story, "one", "{\"answers\":{\"name\":\"Ada\",\"size\":1.83}}") == 201);
    CHECK(submit(&story, "two", "{\"answers\":{\"name\":\"Bartholomew\"}}") == 201);
    publish_second(&story);
    struct answer begun = apply(&story, "Audit-Reason: cm everywhere\r\n");
    CHECK(begun.status == 202 && strcmp(answer_text(&begun, "/kind"), "migrate") == 0);
    CHECK(strcmp(answer_header(&begun, "Location"), answer_text(&begun, "/self")) == 0);
    CHECK(strcmp(answer_header(&begun, "Retry-After"), "1") == 0);
    snprintf(path, sizeof path, "%s", answer_text(&begun, "/self"));
    CHECK(strncmp(path, OPERATIONS "/op_", sizeof OPERATIONS "/op_" - 1) == 0);
    answer_release(&begun);
    struct answer done = await(&story, path, 3);
    CHECK(strcmp(answer_text(&done, "/state"), "done") == 0);
    CHECK(answer_int(&done, "/done") == 2 && answer_int(&done, "/total") == 2 &&
          answer_int(&done, "/refused") == 1);
    CHECK(answer_header(&done, "Retry-After")[0] == '\0' && answer_text(&done, "/ended_at")[0]);
    answer_release(&done);
    snprintf(refused, sizeof refused, "%s/refused", path);
    struct answer why = look(&story, refused);
    CHECK(why.status == 200 && answer_count(&why, "/items") == 1);
    CHECK(strcmp(answer_text(&why, "/items/0/errors/0/code"), "too_long") == 0);
    answer_release(&why);
    struct answer list = look(&story, OPERATIONS);
    CHECK(answer_count(&list, "/items") == 1 && strcmp(answer_text(&list, "/items/0/self"), path) == 0);
    answer_release(&list);
    struct answer over = site_ask(&story.site, &(struct ask){"DELETE", path, story.publisher});
    CHECK(over.status == 409 && strcmp(answer_code(&over), "illegal-transition") == 0 &&
          answer_count(&over, "/allowed") == 0);
    answer_release(&over);
    CHECK(site_status(&story.site, &(struct ask){"GET", OPERATIONS "/op_none", story.reader}) == 404);
    site_stop(&story.site);
}

static void whoever_prefers_to_wait_is_answered_when_it_is_over(void)
{
    struct story story;
    begin(&story);
    CHECK(submit(&story, "one", "{\"answers\":{\"name\":\"Ada\",\"size\":1.83}}") == 201);
    publish_second(&story);
    struct answer done = apply(&story, "Prefer: respond-async, wait=15\r\n");
    CHECK(done.status == 200 && strcmp(answer_text(&done, "/state"), "done") == 0 &&
          answer_int(&done, "/done") == 1);
    answer_release(&done);
    struct answer nothing = apply(&story, "Prefer: wait=15\r\n");
    CHECK(nothing.status == 200 && answer_int(&nothing, "/total") == 0);
    answer_release(&nothing);
    struct answer missing =
        story_post(&story, FORM "/migrations:apply", story.publisher, NULL, "{\"from\":1,\"to\":7}");
    CHECK(missing.status == 404);
    answer_release(&missing);
    struct answer barred =
        story_post(&story, FORM "/migrations:apply", story.publisher, NULL, "{\"from\":2,\"to\":1}");
    CHECK(barred.status == 422 && strcmp(answer_code(&barred), "definition-invalid") == 0);
    answer_release(&barred);
    struct answer list = look(&story, OPERATIONS "?limit=1");
    CHECK(answer_count(&list, "/items") == 1 && answer_text(&list, "/next_cursor")[0] &&
          answer_int(&list, "/items/0/total") == 0); /* the newest is first */
    answer_release(&list);
    site_stop(&story.site);
}

static struct answer look_at(struct story *story, const char *id, const char *query)
{
    char path[200];
    snprintf(path, sizeof path, FORM "/submissions/%s%s", id, query);
    return look(story, path);
}

static void a_submission_is_read_as_carried_and_as_submitted(void)
{
    struct story story;
    char id[64];
    begin(&story);
    struct answer stored = story_post(&story, "/v1/p/acme/trip/submissions", NULL,
                                      "Idempotency-Key: carried-0123456789\r\n",
                                      "{\"answers\":{\"name\":\"Ada\",\"size\":1.83,\"fax\":\"1\"}}");
    snprintf(id, sizeof id, "%s", answer_text(&stored, "/id"));
    answer_release(&stored);
    publish_second(&story);
    struct answer before = look_at(&story, id, "");
    CHECK(answer_int(&before, "/version") == 1 && answer_count(&before, "/carried") == 0 &&
          strcmp(answer_text(&before, "/as"), "submitted") == 0);
    answer_release(&before);
    struct answer done = apply(&story, "Prefer: wait=15\r\n");
    CHECK(done.status == 200);
    answer_release(&done);
    for (int i = 0; i < 2; i++) {
        struct answer carried = look_at(&story, id, i ? "?as=carried" : "");
        CHECK(answer_int(&carried, "/version") == 2 && answer_int(&carried, "/submitted_version") == 1);
        CHECK(strcmp(answer_text(&carried, "/as"), "carried") == 0);
        CHECK(strcmp(answer_text(&carried, "/answers/full_name"), "Ada") == 0 &&
              answer_int(&carried, "/answers/size") == 183);
        CHECK(answer_count(&carried, "/carried") == 1 && answer_int(&carried, "/carried/0/from") == 1);
        answer_release(&carried);
    }
    struct answer original = look_at(&story, id, "?as=submitted");
    CHECK(answer_int(&original, "/version") == 1 &&
          strcmp(answer_text(&original, "/as"), "submitted") == 0);
    CHECK(strcmp(answer_text(&original, "/answers/name"), "Ada") == 0 &&
          strcmp(answer_text(&original, "/answers/size"), "1.83") == 0 &&
          strcmp(answer_text(&original, "/answers/fax"), "1") == 0);
    CHECK(answer_count(&original, "/carried") == 1);
    answer_release(&original);
    struct answer odd = look_at(&story, id, "?as=ever");
    CHECK(odd.status == 400 && strcmp(answer_code(&odd), "parameter-malformed") == 0);
    answer_release(&odd);
    site_stop(&story.site);
}

static void each_step_of_an_operation_is_in_the_audit_log(void)
{
    struct story story;
    begin(&story);
    CHECK(submit(&story, "one", "{\"answers\":{\"name\":\"Ada\",\"size\":1.83}}") == 201);
    publish_second(&story);
    struct answer done = apply(&story, "Prefer: wait=15\r\nAudit-Reason: cm everywhere\r\n");
    CHECK(done.status == 200);
    answer_release(&done);
    struct answer log = look(&story, "/v1/tenants/acme/audit?object=trip&limit=200");
    const char *wanted[] = {"operation.begin", "operation.state", "submissions.carry",
                            "operation.state"};
    uint32_t found = 0;
    for (uint32_t i = 0; i < answer_count(&log, "/items"); i++) {
        char action[64], why[64];
        snprintf(action, sizeof action, "/items/%u/action", i);
        snprintf(why, sizeof why, "/items/%u/why", i);
        if (found >= 4 || strcmp(answer_text(&log, action), wanted[found]) != 0) continue;
        CHECK(strcmp(answer_text(&log, why), "cm everywhere") == 0);
        found++;
    }
    CHECK(found == 4);
    answer_release(&log);
    struct answer whole = story_post(&story, "/v1/tenants/acme/audit:verify", story.reader, NULL, "");
    CHECK(whole.status == 200 && answer_kind(&whole, "/whole") == JSON_TRUE);
    answer_release(&whole);
    site_stop(&story.site);
}

/* ---------------------------------------------------------------- a long one */

/* Past HTTP, while no server has the directory. */
static void store_many(const struct site *site, unsigned count)
{
    struct tenants *tenants;
    struct arena arena;
    CHECK(tenants_open(&(struct tenants_options){.mem = mem_heap(), .directory = site->directory},
                       &tenants) == ST_OK);
    arena_init(&arena, mem_heap(), 1 << 20);
    for (unsigned i = 0; i < count; i++) {
        char key[40];
        snprintf(key, sizeof key, "stored-%010u", i);
        arena_reset(&arena);
        struct write write = {
            .kind = WRITE_SUBMISSION_ADD,
            .tenant = STR("acme"),
            .arena = &arena,
            .actor = {.who = STR("public"), .at_ms = 1768471200000},
            .submission_add = {.form = STR("trip"),
                               .version = 1,
                               .key = str_of(key),
                               .answers = i == 7 ? STR("{\"name\":\"Bartholomew\"}")
                                                 : STR("{\"name\":\"Dora\",\"size\":\"0.50\"}"),
                               .received_ms = 1768471200000,
                               .now = STR("2026-01-15T10:00:00Z"),
                               .zone = STR("UTC"),
                               .locale = STR("en")}};
        CHECK(write_wait(tenants, &write) == ST_OK);
    }
    tenants_close(tenants);
    arena_release(&arena);
}

/* A server in a process of its own; tells its port and waits for the end. */
static pid_t fork_server(struct site *site)
{
    int ends[2];
    if (pipe(ends) != 0) exit(EXIT_FAILURE);
    pid_t child = fork();
    if (child == 0) {
        struct server *server;
        if (server_start(&site->options, &server) != ST_OK) _exit(1);
        uint16_t port = server_port(server);
        if (write(ends[1], &port, sizeof port) != sizeof port) _exit(1);
        for (;;) pause();
    }
    close(ends[1]);
    CHECK(read(ends[0], &site->port, sizeof site->port) == sizeof site->port);
    close(ends[0]);
    return child;
}

static int64_t cancelled_part(struct story *story)
{
    char path[200];
    struct answer begun = apply(story, NULL), same = apply(story, NULL);
    snprintf(path, sizeof path, "%s", answer_text(&begun, "/self"));
    CHECK(begun.status == 202 && same.status == 202 && strcmp(answer_text(&same, "/self"), path) == 0);
    answer_release(&begun);
    answer_release(&same);
    struct answer some = await(story, path, 100);
    answer_release(&some);
    struct answer none = site_ask(&story->site, &(struct ask){"DELETE", path, story->reader});
    CHECK(none.status == 403);
    answer_release(&none);
    struct answer ended = site_ask(&story->site, &(struct ask){"DELETE", path, story->publisher});
    int64_t done = answer_int(&ended, "/done");
    CHECK(ended.status == 200 && strcmp(answer_text(&ended, "/state"), "cancelled") == 0);
    answer_release(&ended);
    struct answer again = site_ask(&story->site, &(struct ask){"DELETE", path, story->publisher});
    CHECK(again.status == 200);
    answer_release(&again);
    nap();
    struct answer after = look(story, path);
    CHECK(answer_int(&after, "/done") == done && done >= 100); /* not one more */
    answer_release(&after);
    return done;
}

/* What was carried of all that is stored. */
static void count_carried(struct site *site, unsigned stored, unsigned refused)
{
    struct tenants *tenants;
    struct submission_walk *walk;
    struct submission_record submission;
    struct arena arena;
    unsigned seen = 0, without = 0;
    struct submission_query query = {.form = STR("trip"), .version = 1};
    CHECK(tenants_open(&(struct tenants_options){.mem = mem_heap(), .directory = site->directory},
                       &tenants) == ST_OK);
    arena_init(&arena, mem_heap(), 1 << 20);
    CHECK(submission_walk_open(tenants, STR("acme"), &query, &walk) == ST_OK);
    while (submission_walk_next(walk, &submission) == ST_OK) {
        struct carried_page page;
        arena_reset(&arena);
        CHECK(carried_list(tenants, STR("acme"), submission.seq, &arena, &page) == ST_OK);
        CHECK(page.count == 1 && page.items[0].to == 2);
        without += page.count && page.items[0].answers.len == 0;
        seen++;
    }
    CHECK(seen == stored && without == refused);
    submission_walk_close(walk);
    tenants_close(tenants);
    arena_release(&arena);
}

static void a_migration_that_is_killed_goes_on_by_itself(unsigned count)
{
    struct story story;
    char path[200];
    begin(&story);
    publish_second(&story);
    server_stop(story.site.server);
    store_many(&story.site, count);
    pid_t child = fork_server(&story.site);
    int64_t done = cancelled_part(&story);
    struct answer begun = apply(&story, NULL);
    snprintf(path, sizeof path, "%s", answer_text(&begun, "/self"));
    answer_release(&begun);
    struct answer half = await(&story, path, (int64_t)count / 4);
    CHECK(strcmp(answer_text(&half, "/state"), "running") == 0);
    CHECK(answer_int(&half, "/total") == (int64_t)count - done);
    answer_release(&half);
    CHECK(submit(&story, "meanwhile", "{\"answers\":{\"full_name\":\"Eve\"}}") == 201);
    CHECK(kill(child, SIGKILL) == 0 && waitpid(child, NULL, 0) == child);
    CHECK(server_start(&story.site.options, &story.site.server) == ST_OK);
    story.site.port = server_port(story.site.server);
    struct answer whole = await(&story, path, INT64_MAX); /* nobody has asked for it again */
    CHECK(strcmp(answer_text(&whole, "/state"), "done") == 0);
    CHECK(answer_int(&whole, "/done") == (int64_t)count - done &&
          answer_int(&whole, "/total") == (int64_t)count - done);
    answer_release(&whole);
    server_stop(story.site.server);
    count_carried(&story.site, count, 1);
    CHECK(server_start(&story.site.options, &story.site.server) == ST_OK);
    site_stop(&story.site);
}

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN);
    a_migration_is_answered_before_it_is_done();
    whoever_prefers_to_wait_is_answered_when_it_is_over();
    a_submission_is_read_as_carried_and_as_submitted();
    each_step_of_an_operation_is_in_the_audit_log();
    a_migration_that_is_killed_goes_on_by_itself(argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10)
                                                          : 10000);
    return TEST_RESULT();
}
