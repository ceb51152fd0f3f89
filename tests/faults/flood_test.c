/* Connections by the thousand that come to nothing: opened and left, reset before, within and after a
 * request, closed by half, with many requests at once. Who means well is served meanwhile, what was
 * acknowledged is stored, and afterwards nothing is left of them.
 *
 *     flood_test [SECONDS] */
#define _GNU_SOURCE
#include "base/limits.h"
#include "tests/faults/horde.h"
#include "tests/http/story.h"
#include "tests/test.h"

#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { SECONDS = 1, REQUESTS_A_SECOND = 120, ADDRESSES = 200, IN_FLIGHT = 64 };

#define GET_FORM "GET /v1/p/acme/contact HTTP/1.1\r\nHost: a\r\n\r\n"
#define EVALUATE                                                                                       \
    "POST /v1/p/acme/contact/evaluate HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"       \
    "Content-Length: 14\r\n\r\n{\"answers\":{}}"

struct flood {
    struct story story;
    pthread_t thread;
    atomic_bool stop;
    atomic_ulong made;
};

static void nap_ms(long ms)
{
    nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
}

/* With a reset: no TIME_WAIT is left, and the other side is told in the rudest way there is. */
static void reset_connection(int fd)
{
    struct linger rude = {1, 0};
    (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &rude, sizeof rude);
    close(fd);
}

/* ---------------------------------------------------------------- the flood */

/* What the `number`th does before it is reset: nothing, half a head, a request, half a body, many. */
static struct str said(unsigned long number)
{
    static const char *const words[] = {
        "",
        "GET /v1/p/acme/con",
        GET_FORM,
        "POST /v1/p/acme/contact/evaluate HTTP/1.1\r\nHost: a\r\n"
        "Content-Type: application/json\r\nContent-Length: 900\r\n\r\n{",
        EVALUATE EVALUATE EVALUATE EVALUATE,
        "\x16\x03\x01\x02"};
    return str_of(words[number % (sizeof words / sizeof *words)]);
}

/* A window of connections: the oldest is reset when a new one comes. */
static void *pour(void *user)
{
    struct flood *flood = user;
    int open[IN_FLIGHT];
    for (int i = 0; i < IN_FLIGHT; i++) open[i] = -1;
    for (unsigned long made = 0; !atomic_load(&flood->stop); made++) {
        int *slot = &open[made % IN_FLIGHT];
        if (*slot >= 0) {
            struct str words = said(made / IN_FLIGHT + made);
            if (words.len) (void)send(*slot, words.ptr, words.len, MSG_NOSIGNAL | MSG_DONTWAIT);
            if (made % 3 == 0) close(*slot);
            else reset_connection(*slot);
        }
        *slot = horde_connect(flood->story.site.port, (unsigned)(made % ADDRESSES), 0);
        atomic_store(&flood->made, made);
        if (made % 16 == 0) nap_ms(1); /* the rest of the machine lives too */
    }
    for (int i = 0; i < IN_FLIGHT; i++)
        if (open[i] >= 0) reset_connection(open[i]);
    return NULL;
}

static void a_flood_of_connections_leaves_nothing_behind(unsigned seconds)
{
    struct flood flood = {.stop = false};
    struct regulars_found found;
    story_begin_published(&flood.story);
    CHECK(pthread_create(&flood.thread, NULL, pour, &flood) == 0);
    regulars_run(&(struct regulars_plan){flood.story.site.port, REQUESTS_A_SECOND, seconds}, &found);
    atomic_store(&flood.stop, true);
    pthread_join(flood.thread, NULL);
    unsigned long made = atomic_load(&flood.made);
    fprintf(stderr,
            "%lu connections in %u s; regular: %lu asked, %lu wrong, p50 %.2f ms, p99 %.2f ms\n", made,
            seconds, found.asked, found.wrong, found.p50_ms, found.p99_ms);
    CHECK(made > 500ul * seconds);
    CHECK(found.wrong == 0 && found.asked == (unsigned long)REQUESTS_A_SECOND * seconds);
    CHECK(story_stored(&flood.story) == (int)found.stored);
    for (int i = 0; i < 50 && site_metric(&flood.story.site, "\nformwright_http_connections ") > 2; i++)
        nap_ms(100);
    long long left = site_metric(&flood.story.site, "\nformwright_http_connections ");
    if (left > 2) fprintf(stderr, "%lld connections are left\n", left);
    CHECK(left <= 2);
    CHECK(site_metric(&flood.story.site, "\nformwright_http_requests_in_flight ") <= 1);
    site_stop(&flood.story.site);
}

/* ---------------------------------------------------------------- one by one */

/* As a browser that goes away: whatever was whole may be done, nothing is done by half. */
static void a_reset_within_a_submission_stores_it_whole_or_not_at_all(struct story *story)
{
    enum { TRIES = 60 };
    char request[400];
    int len = 0, first = story_stored(story);
    for (int i = 0; i < TRIES; i++) {
        len = snprintf(request, sizeof request,
                       "POST /v1/p/acme/contact/submissions HTTP/1.1\r\nHost: a\r\nIdempotency-Key: "
                       "reset-%010d\r\nContent-Type: application/json\r\nContent-Length: 33\r\n\r\n"
                       "{\"answers\":{\"name\":\"A\",\"age\":36}}",
                       i);
        struct wire wire;
        CHECK(wire_open(&wire, story->site.port));
        /* Cut at a place that moves, the last third whole. */
        size_t part = i < TRIES * 2 / 3 ? (size_t)(len * (i + 1) / TRIES) : (size_t)len;
        CHECK(wire_send(&wire, (struct str){request, part}));
        if (i % 2) nap_ms(2);
        reset_connection(wire.fd);
        wire.fd = -1;
        wire_close(&wire);
    }
    int before = story_stored(story) - first;
    /* Asked again, each is there once. */
    for (int i = 0; i < TRIES; i++) {
        char key[80];
        snprintf(key, sizeof key, "Idempotency-Key: reset-%010d\r\n", i);
        unsigned status = site_status(
            &story->site, &(struct ask){"POST", "/v1/p/acme/contact/submissions", NULL, key,
                                        .body = STR("{\"answers\":{\"name\":\"A\",\"age\":36}}")});
        CHECK(status == 201 || (status == 200 && i >= TRIES * 2 / 3));
    }
    fprintf(stderr, "of %d resets %d were stored all the same\n", TRIES, before);
    CHECK(before <= TRIES / 3 + 1);
    CHECK(story_stored(story) == first + TRIES);
}

/* Who has said all may close that half of the connection: everything is answered, or the connection is
 * closed without a word; never half an answer. */
static void requests_before_a_half_close_are_answered_in_order(struct story *story)
{
    enum { REQUESTS = 20 };
    struct wire wire;
    struct wire_reply reply;
    for (int closes = 0; closes < 2; closes++) {
        CHECK(wire_open(&wire, story->site.port));
        for (int i = 0; i < REQUESTS; i++)
            CHECK(wire_send(&wire, i % 2 ? STR(EVALUATE) : STR(GET_FORM)));
        if (closes) CHECK(shutdown(wire.fd, SHUT_WR) == 0);
        int answered = 0;
        while (answered < REQUESTS && wire_receive(&wire, false, &reply)) {
            bool evaluated = memmem(reply.body.ptr, reply.body.len, "\"valid\"", 7) != NULL;
            CHECK(reply.status == 200 && evaluated == (answered % 2 == 1));
            wire_reply_release(&reply);
            answered++;
        }
        fprintf(stderr, "%d requests at once%s: %d answered\n", REQUESTS,
                closes ? ", then a half close" : "", answered);
        CHECK(answered == REQUESTS || closes);
        CHECK(!closes || wire_closes(&wire, 6000));
        wire_close(&wire);
    }
}

/* Submissions and gets in one packet; each answer is its request's. */
static void pipelined_submissions_are_each_stored_once(struct story *story)
{
    enum { REQUESTS = 30 };
    struct wire wire;
    struct buf all;
    int first = story_stored(story);
    buf_init(&all, mem_heap(), 1 << 20);
    for (int i = 0; i < REQUESTS; i++) {
        buf_printf(&all,
                   "POST /v1/p/acme/contact/submissions HTTP/1.1\r\nHost: a\r\nIdempotency-Key: "
                   "pipe-%016d\r\nContent-Type: application/json\r\nContent-Length: 33\r\n\r\n"
                   "{\"answers\":{\"name\":\"A\",\"age\":%d}}",
                   i / 2, 20 + i / 2 % 60);
        buf_puts(&all, GET_FORM);
    }
    CHECK(wire_open(&wire, story->site.port) && wire_send(&wire, buf_str(&all)));
    for (int i = 0; i < 2 * REQUESTS; i++) {
        struct wire_reply reply;
        bool came = wire_receive(&wire, false, &reply);
        CHECK(came);
        if (!came) break;
        unsigned wanted = i % 2 ? 200 : i / 2 % 2 ? 200 : 201;
        CHECK(reply.status == wanted);
        wire_reply_release(&reply);
    }
    wire_close(&wire);
    buf_release(&all);
    CHECK(story_stored(story) == first + REQUESTS / 2);
}

/* More connections than there may be, all idle: they are let go of in time, and others come in. */
static void when_all_connections_are_taken_others_come_in_once_they_rest(void)
{
    enum { MOST = 100 };
    struct story story;
    int fds[MOST * 2];
    story_begin_published(&story);
    struct server_options options = story.site.options;
    options.connections_max = MOST;
    options.idle_seconds = 1;
    story.site.options = options;
    site_restart(&story.site);
    for (int i = 0; i < MOST * 2; i++) fds[i] = horde_connect(story.site.port, (unsigned)i, 0);
    nap_ms(200);
    int64_t begun = clock_steady_ns(clock_system());
    struct wire wire;
    struct wire_reply reply;
    bool served = false;
    while (!served && clock_steady_ns(clock_system()) - begun < INT64_C(8000000000)) {
        served = wire_open(&wire, story.site.port) &&
                 wire_send(&wire, STR("GET /livez HTTP/1.1\r\nHost: a\r\n\r\n")) &&
                 wire_receive(&wire, false, &reply) && reply.status == 200;
        if (served) wire_reply_release(&reply);
        wire_close(&wire);
    }
    fprintf(stderr, "served %.1f s after %d connections took the %d that there are\n",
            (double)(clock_steady_ns(clock_system()) - begun) / 1e9, MOST * 2, MOST);
    CHECK(served);
    for (int i = 0; i < MOST * 2; i++)
        if (fds[i] >= 0) close(fds[i]);
    site_stop(&story.site);
}

int main(int argc, char **argv)
{
    int seconds = argc > 1 ? atoi(argv[1]) : SECONDS;
    struct story story;
    if (seconds < 1) return 2;
    (void)horde_descriptors(20000);
    a_flood_of_connections_leaves_nothing_behind((unsigned)seconds);
    story_begin_published(&story);
    a_reset_within_a_submission_stores_it_whole_or_not_at_all(&story);
    requests_before_a_half_close_are_answered_in_order(&story);
    pipelined_submissions_are_each_stored_once(&story);
    site_stop(&story.site);
    when_all_connections_are_taken_others_come_in_once_they_rest();
    return TEST_RESULT();
}
