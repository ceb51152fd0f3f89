/* The same submission from a hundred connections at once, over and over: one of them stores it, all
 * others are told what that one was told, and are told that it is a replay.
 *
 *     storm_test [ROUNDS] */
#define _GNU_SOURCE
#include "tests/http/story.h"
#include "tests/test.h"

#include <stdio.h>

enum { CONNECTIONS = 100, ROUNDS = 30 };

struct storm {
    struct story story;
    struct wire wires[CONNECTIONS];
    unsigned long stored, replayed, wrong;
};

static void begin(struct storm *storm)
{
    memset(storm, 0, sizeof *storm);
    story_begin_published(&storm->story);
    for (int i = 0; i < CONNECTIONS; i++) CHECK(wire_open(&storm->wires[i], storm->story.site.port));
}

static void end(struct storm *storm)
{
    for (int i = 0; i < CONNECTIONS; i++) wire_close(&storm->wires[i]);
    site_stop(&storm->story.site);
}

static int sent_length(char request[600], int round)
{
    char body[200];
    int len = snprintf(body, sizeof body, "{\"answers\":{\"name\":\"Round %d\",\"age\":%d}}", round,
                       20 + round % 60);
    return snprintf(
        request, 600,
        "POST /v1/p/acme/contact/submissions HTTP/1.1\r\nHost: a\r\nIdempotency-Key: "
        "storm-round-%08d\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
        round, len, body);
}

/* Status, headers and body of a replay are those of the first answer, but for what names the request,
 * the status and the marker. */
static void compare(struct storm *storm, const struct wire_reply *reply, struct str *first)
{
    struct str marker = wire_header(reply, "Idempotency-Replayed"), body = buf_str(&reply->body);
    bool marked = marker.ptr && str_eq(marker, STR("true"));
    storm->stored += reply->status == 201 && !marker.ptr;
    storm->replayed += reply->status == 200 && marked;
    if (!first->ptr) *first = str_of(strndup(body.ptr, body.len));
    if (!str_eq(*first, body)) storm->wrong++;
    if (!wire_header(reply, "Location").ptr) storm->wrong++;
}

static void run_round(struct storm *storm, int round)
{
    char request[600];
    struct str first = {NULL, 0};
    unsigned long before = storm->stored;
    int len = sent_length(request, round);
    for (int i = 0; i < CONNECTIONS; i++)
        CHECK(wire_send(&storm->wires[(i + round) % CONNECTIONS], (struct str){request, (size_t)len}));
    for (int i = 0; i < CONNECTIONS; i++) {
        struct wire_reply reply;
        if (wire_receive(&storm->wires[i], false, &reply)) {
            compare(storm, &reply, &first);
            wire_reply_release(&reply);
        } else {
            storm->wrong++;
        }
    }
    if (storm->stored != before + 1) storm->wrong++;
    free((void *)(uintptr_t)first.ptr);
}

static int count_lines(struct str text)
{
    int lines = 0;
    for (size_t i = 0; i < text.len; i++) lines += text.ptr[i] == '\n';
    return lines;
}

/* In the file, and in the log. */
static void check_stored(struct storm *storm, int rounds)
{
    struct answer all = story_get(&storm->story, "/v1/tenants/acme/forms/contact/submissions:export",
                                  storm->story.reader, NULL);
    CHECK(all.status == 200 && count_lines(answer_body(&all)) == rounds);
    answer_release(&all);
    struct answer whole =
        site_ask(&storm->story.site,
                 &(struct ask){"POST", "/v1/tenants/acme/audit:verify", storm->story.publisher});
    CHECK(answer_kind(&whole, "/whole") == JSON_TRUE);
    answer_release(&whole);
}

static void of_a_hundred_alike_one_is_stored(int rounds)
{
    struct storm storm;
    begin(&storm);
    for (int round = 0; round < rounds; round++) run_round(&storm, round);
    fprintf(stderr, "%d rounds of %d: %lu stored, %lu replayed, %lu wrong\n", rounds, CONNECTIONS,
            storm.stored, storm.replayed, storm.wrong);
    CHECK(storm.wrong == 0);
    CHECK(storm.stored == (unsigned long)rounds);
    CHECK(storm.replayed == (unsigned long)rounds * (CONNECTIONS - 1));
    check_stored(&storm, rounds);
    end(&storm);
}

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? atoi(argv[1]) : ROUNDS;
    if (rounds < 1) return 2;
    of_a_hundred_alike_one_is_stored(rounds);
    return TEST_RESULT();
}
