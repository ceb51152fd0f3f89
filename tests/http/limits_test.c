/* Every limit that a request can meet, at n and at n + 1. */
#define _GNU_SOURCE
#include "base/limits.h"
#include "tests/http/site.h"
#include "tests/test.h"

#include <arpa/inet.h>
#include <linux/sockios.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct world {
    struct site site;
    char publisher[256], reader[256];
};

static void begin(struct world *world, const struct server_options *options)
{
    site_start(&world->site, options);
    site_tenant(&world->site, "acme");
    site_token(&world->site, "acme", "publisher", world->publisher);
    site_token(&world->site, "acme", "reader", world->reader);
    site_publish(&world->site, "acme", "contact", world->publisher, site_contact_form);
}

/* `len` times `c` between the two. In the heap. */
static struct buf pad(const char *before, char c, size_t len, const char *after)
{
    struct buf out;
    buf_init(&out, mem_heap(), 64 << 20);
    buf_puts(&out, before);
    for (size_t i = 0; i < len; i++) buf_putc(&out, c);
    buf_puts(&out, after);
    buf_putc(&out, '\0');
    out.len--;
    return out;
}

static unsigned status_of_target(struct world *world, size_t len)
{
    struct buf path = pad("/v1/p/", 'a', len - 6, "");
    unsigned status = site_status(&world->site, &(struct ask){"GET", path.ptr});
    buf_release(&path);
    return status;
}

static void a_target_has_a_longest_length(struct world *world)
{
    CHECK(status_of_target(world, limit(TARGET_BYTES)) == 404);
    CHECK(status_of_target(world, limit(TARGET_BYTES) + 1) == 414);
}

static unsigned status_of_headers(struct world *world, int count)
{
    struct buf headers;
    buf_init(&headers, mem_heap(), 1 << 16);
    for (int i = 0; i < count; i++) buf_printf(&headers, "X-%d: 1\r\n", i);
    buf_putc(&headers, '\0');
    unsigned status = site_status(&world->site, &(struct ask){"GET", "/livez", NULL, headers.ptr});
    buf_release(&headers);
    return status;
}

static void a_request_has_a_largest_number_of_headers(struct world *world)
{
    CHECK(status_of_headers(world, limit(HEADERS) - 1) == 200); /* and Host */
    CHECK(status_of_headers(world, limit(HEADERS)) == 431);
}

static void headers_that_fill_the_connections_memory_are_refused(struct world *world)
{
    struct buf header = pad("X: ", 'a', 2 * (size_t)limit(CONNECTION_BYTES), "\r\n");
    unsigned status = site_status(&world->site, &(struct ask){"GET", "/livez", NULL, header.ptr});
    CHECK(status == 431 || status == 413 || status == 400 || status == 0);
    buf_release(&header);
    CHECK(site_status(&world->site, &(struct ask){"GET", "/livez"}) == 200);
}

/* Answers of exactly `len` bytes, around them an envelope. */
static unsigned status_of_answers(struct world *world, size_t len)
{
    static const char before[] = "{\"answers\":{\"name\":\"", after[] = "\"}}";
    size_t frame = sizeof "{\"name\":\"\"}" - 1;
    struct buf body = pad(before, 'a', len - frame, after);
    unsigned status = site_status(&world->site, &(struct ask){"POST", "/v1/p/acme/contact/evaluate",
                                                              .body = {body.ptr, body.len}});
    buf_release(&body);
    return status;
}

static void answers_have_a_largest_size(struct world *world)
{
    CHECK(status_of_answers(world, limit(ANSWERS_BYTES)) == 200);
    CHECK(status_of_answers(world, (size_t)limit(ANSWERS_BYTES) + 1) == 413);
    CHECK(status_of_answers(world, (size_t)limit(ANSWERS_BYTES) * 3) == 413);
}

/* The largest answers, and around them as much as may be. */
static unsigned status_of_envelope(struct world *world, size_t blanks)
{
    static const char name[] = "{\"name\":\"\"}", before[] = "{\"answers\":{\"name\":\"",
                      after[] = "\"}";
    struct buf body = pad(before, 'a', (size_t)limit(ANSWERS_BYTES) - (sizeof name - 1), after);
    for (size_t i = 0; i < blanks; i++) buf_putc(&body, ' ');
    buf_putc(&body, '}');
    unsigned status = site_status(&world->site, &(struct ask){"POST", "/v1/p/acme/contact/evaluate",
                                                              .body = {body.ptr, body.len}});
    buf_release(&body);
    return status;
}

static void an_envelope_has_a_largest_size(struct world *world)
{
    size_t frame = sizeof "{\"answers\":}" - 1;
    CHECK(status_of_envelope(world, (size_t)limit(ENVELOPE_BYTES) - frame) == 200);
    CHECK(status_of_envelope(world, (size_t)limit(ENVELOPE_BYTES) - frame + 1) == 413);
}

/* Said before a byte of it has come: the client hears it at once, not after a gigabyte. */
static void what_is_announced_too_large_is_refused_unread(struct world *world)
{
    struct wire wire;
    struct wire_reply reply;
    char request[300];
    const unsigned long long sizes[] = {(unsigned long long)limit(ANSWERS_BYTES) +
                                            limit(ENVELOPE_BYTES) + 1,
                                        1ull << 30, 999999999999999ull};
    for (size_t i = 0; i < 3; i++) {
        int len = snprintf(request, sizeof request,
                           "POST /v1/p/acme/contact/submissions HTTP/1.1\r\nHost: a\r\nContent-Type: "
                           "application/json\r\n"
                           "Idempotency-Key: 0123456789abcdef\r\nContent-Length: %llu\r\n\r\n",
                           sizes[i]);
        CHECK(wire_open(&wire, world->site.port) &&
              wire_send(&wire, (struct str){request, (size_t)len}));
        bool answered = wire_receive(&wire, false, &reply);
        CHECK(answered && reply.status == 413);
        if (answered) wire_reply_release(&reply);
        CHECK(wire_closes(&wire, 20000));
        wire_close(&wire);
    }
}

static unsigned status_of_source(struct world *world, size_t len)
{
    static const char form[] = "edition 2026 form contact \"C\" { a: text }\n#";
    struct buf source = pad(form, 'c', len - (sizeof form - 1), "");
    unsigned status = site_status(&world->site, &(struct ask){"POST",
                                                              "/v1/tenants/acme/forms:check",
                                                              world->publisher,
                                                              NULL,
                                                              "text/plain",
                                                              {source.ptr, source.len}});
    buf_release(&source);
    return status;
}

static void a_definition_has_a_largest_size(struct world *world)
{
    CHECK(status_of_source(world, limit(SOURCE_BYTES)) == 200);
    CHECK(status_of_source(world, (size_t)limit(SOURCE_BYTES) + 1) == 413);
}

static unsigned status_of_body(struct world *world, size_t len)
{
    static const char before[] = "{\"role\":\"reader\"", after[] = "}";
    struct buf body = pad(before, ' ', len - (sizeof before - 1) - (sizeof after - 1), after);
    unsigned status =
        site_status(&world->site, &(struct ask){"POST", "/v1/tenants/acme/tokens", world->publisher,
                                                .body = {body.ptr, body.len}});
    buf_release(&body);
    return status;
}

static void another_body_has_a_largest_size(struct world *world)
{
    CHECK(status_of_body(world, limit(REQUEST_BYTES)) == 201);
    CHECK(status_of_body(world, (size_t)limit(REQUEST_BYTES) + 1) == 413);
}

static unsigned status_of_key(struct world *world, size_t len)
{
    struct buf header = pad("Idempotency-Key: ", 'k', len, "\r\n");
    unsigned status =
        site_status(&world->site, &(struct ask){"POST", "/v1/p/acme/contact/submissions", NULL,
                                                header.ptr, .body = STR("{\"answers\":{}}")});
    buf_release(&header);
    return status;
}

static void an_idempotency_key_has_a_shortest_and_a_longest_length(struct world *world)
{
    CHECK(status_of_key(world, 15) == 400);
    CHECK(status_of_key(world, 16) == 422);
    CHECK(status_of_key(world, limit(IDEMPOTENCY_KEY_BYTES)) == 422);
    CHECK(status_of_key(world, (size_t)limit(IDEMPOTENCY_KEY_BYTES) + 1) == 400);
}

static unsigned status_of_tenant(struct world *world, size_t len)
{
    struct buf body = pad("{\"id\":\"", 't', len, "\"}");
    unsigned status =
        site_status(&world->site, &(struct ask){"POST", "/v1/tenants", world->site.operator_token,
                                                .body = {body.ptr, body.len}});
    buf_release(&body);
    return status;
}

static unsigned status_of_form(struct world *world, size_t len)
{
    struct buf path = pad("/v1/tenants/acme/forms/", 'f', len, "/draft");
    unsigned status = site_status(
        &world->site, &(struct ask){"PUT", path.ptr, world->publisher, NULL, "text/plain", STR("x")});
    buf_release(&path);
    return status;
}

static void names_have_a_longest_length(struct world *world)
{
    CHECK(status_of_tenant(world, limit(TENANT_ID_BYTES)) == 201);
    CHECK(status_of_tenant(world, limit(TENANT_ID_BYTES) + 1) == 422);
    CHECK(status_of_form(world, limit(FORM_NAME_BYTES)) == 201);
    CHECK(status_of_form(world, limit(FORM_NAME_BYTES) + 1) == 404);
}

static unsigned status_of_depth(struct world *world, int depth)
{
    struct buf body;
    buf_init(&body, mem_heap(), 1 << 24);
    buf_puts(&body, "{\"answers\":{\"name\":");
    for (int i = 1; i < depth; i++) buf_putc(&body, '[');
    for (int i = 1; i < depth; i++) buf_putc(&body, ']');
    buf_puts(&body, "}}");
    struct answer answer = site_ask(&world->site, &(struct ask){"POST", "/v1/p/acme/contact/evaluate",
                                                                .body = {body.ptr, body.len}});
    unsigned status = answer.status;
    answer_release(&answer);
    buf_release(&body);
    return status;
}

static void answers_nest_so_deep_and_no_deeper(struct world *world)
{
    CHECK(status_of_depth(world, limit(ANSWERS_DEPTH)) == 200);
    CHECK(status_of_depth(world, limit(ANSWERS_DEPTH) + 1) == 400);
    CHECK(status_of_depth(world, 400000) == 400);
}

static void a_page_has_a_largest_number_of_rows(struct world *world)
{
    for (int i = 0; i < limit(PAGE_ROWS) + 1; i++) {
        char body[64];
        snprintf(body, sizeof body, "{\"name\":\"f%04d\"}", i);
        CHECK(site_status(&world->site, &(struct ask){"POST", "/v1/tenants/acme/forms",
                                                      world->publisher, .body = str_of(body)}) == 201);
    }
    static const char *const paths[] = {"/v1/tenants/acme/forms?limit=200",
                                        "/v1/tenants/acme/forms?limit=201",
                                        "/v1/tenants/acme/forms?limit=999999999999999999999"};
    for (size_t i = 0; i < 3; i++) {
        struct answer page = site_ask(&world->site, &(struct ask){"GET", paths[i], world->reader});
        CHECK(page.status == 200);
        CHECK(answer_count(&page, "/items") == (uint32_t)limit(PAGE_ROWS));
        CHECK(answer_text(&page, "/next_cursor")[0] != '\0');
        answer_release(&page);
    }
}

static void a_cursor_has_a_longest_length(struct world *world)
{
    struct buf path = pad("/v1/tenants/acme/forms?cursor=", 'A', (size_t)limit(CURSOR_BYTES) + 1, "");
    CHECK(site_status(&world->site, &(struct ask){"GET", path.ptr, world->reader}) == 400);
    buf_release(&path);
}

/* ---------------------------------------------------------------- time */

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Sends `bytes` one at a time, `pause_ms` apart, until the other side has had enough. How long that
 * took. */
static int64_t drip(struct world *world, const char *first, const char *bytes, int pause_ms)
{
    struct wire wire;
    int64_t begun = now_ms();
    CHECK(wire_open(&wire, world->site.port));
    CHECK(wire_send(&wire, str_of(first)));
    for (const char *at = bytes; *at && now_ms() - begun < 10000; at++) {
        if (wire_closes(&wire, pause_ms)) break;
        wire_send(&wire, (struct str){at, 1});
    }
    int64_t taken = now_ms() - begun;
    wire_close(&wire);
    return taken;
}

#define FORTY "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

static bool is_counted(struct world *world, const char *line)
{
    struct answer metrics = site_ask(&world->site, &(struct ask){"GET", "/metrics"});
    bool counted =
        memmem(answer_body(&metrics).ptr, answer_body(&metrics).len, line, strlen(line)) != NULL;
    answer_release(&metrics);
    return counted;
}

/* A byte every 100 ms would keep it open for ever by inactivity alone. */
static void a_head_has_its_time_from_its_first_byte_on(void)
{
    struct world world;
    begin(&world, &(struct server_options){.idle_seconds = 3, .header_ms = 400});
    int64_t headers = drip(&world, "GET /livez HTTP/1.1\r\nX: ", FORTY FORTY FORTY, 100);
    CHECK(headers >= 300 && headers < 2500);
    int64_t line = drip(&world, "GET /", FORTY FORTY FORTY, 100);
    CHECK(line >= 300 && line < 2500);
    int64_t blank_lines =
        drip(&world, "\r\n", "\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n", 100);
    CHECK(blank_lines >= 300 && blank_lines < 2500);
    CHECK(is_counted(&world, "formwright_http_connections_cut_total{phase=\"headers\"} 3\n"));
    site_stop(&world.site);
}

/* Waiting before the first byte is no part of it: longer than header_ms, and then a whole request. */
static void a_connection_that_was_kept_may_rest_and_go_on(void)
{
    struct world world;
    struct wire wire;
    begin(&world, &(struct server_options){.idle_seconds = 5, .header_ms = 300});
    CHECK(wire_open(&wire, world.site.port));
    for (int i = 0; i < 3; i++) {
        CHECK(wire_quiet(&wire, 700));
        struct answer answer = site_ask_over(&wire, &(struct ask){"GET", "/livez"});
        CHECK(answer.status == 200);
        answer_release(&answer);
    }
    CHECK(wire_send(&wire, STR("GET /li"))); /* and a second request has its time as the first had */
    int64_t begun = now_ms();
    for (int i = 0; i < 50 && !wire_closes(&wire, 100); i++) wire_send(&wire, STR("v"));
    CHECK(now_ms() - begun < 2500);
    wire_close(&wire);
    site_stop(&world.site);
}

static void silence_ends_a_connection(void)
{
    struct world world;
    begin(&world, &(struct server_options){.idle_seconds = 1});
    int64_t silence = drip(&world, "", " ", 8000);
    CHECK(silence >= 500 && silence < 5000);
    site_stop(&world.site);
}

#define EVALUATE                                                                                       \
    "POST /v1/p/acme/contact/evaluate HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"

static void a_body_has_its_time(void)
{
    struct world world;
    begin(&world, &(struct server_options){.body_ms = 400});
    int64_t body = drip(&world, EVALUATE "Content-Length: 1000\r\n\r\n", FORTY FORTY FORTY, 100);
    CHECK(body >= 300 && body < 3000);
    CHECK(is_counted(&world, "formwright_http_connections_cut_total{phase=\"body\"} 1\n"));
    site_stop(&world.site);
}

/* 30 pieces of `len` bytes, one every 50 ms, are a body: its status, 0 when it was cut. */
static unsigned status_of_pace(struct world *world, size_t len)
{
    enum { PIECES = 30 };
    struct wire wire;
    struct wire_reply reply;
    unsigned status = 0;
    static const char before[] = "{\"answers\":{}";
    struct buf body = pad(before, ' ', PIECES * len - sizeof before, "}");
    char head[300];
    int head_len = snprintf(head, sizeof head, EVALUATE "Content-Length: %zu\r\n\r\n", body.len);
    CHECK(wire_open(&wire, world->site.port) && wire_send(&wire, (struct str){head, (size_t)head_len}));
    for (size_t at = 0; at < body.len; at += len) {
        if (!wire_quiet(&wire, 50)) break;
        wire_send(&wire, (struct str){body.ptr + at, body.len - at < len ? body.len - at : len});
    }
    if (wire_receive(&wire, false, &reply)) {
        status = reply.status;
        wire_reply_release(&reply);
    }
    wire_close(&wire);
    buf_release(&body);
    return status;
}

/* 20 pieces a second: 10,000 bytes a second are asked for after half a second. */
static void a_body_has_a_least_rate_after_a_grace(void)
{
    struct world world;
    begin(&world, &(struct server_options){.rate_bytes = 10000, .grace_ms = 500});
    CHECK(status_of_pace(&world, 2000) == 200);
    CHECK(status_of_pace(&world, 100) == 0);
    CHECK(is_counted(&world, "formwright_http_connections_cut_total{phase=\"body\"} 1\n"));
    site_stop(&world.site);
}

/* It comes fast enough for its rate and its time, yet takes too long in all. */
static void a_request_has_its_time_in_all(void)
{
    struct world world;
    begin(&world, &(struct server_options){.request_ms = 500, .rate_bytes = 1, .grace_ms = 100});
    CHECK(status_of_pace(&world, 100) == 0);
    CHECK(is_counted(&world, "formwright_http_connections_cut_total{phase=\"request\"} 1\n"));
    site_stop(&world.site);
}

/* Many answers are asked for and none is taken: the kernel's buffers fill, and then somebody waits. */
static void who_does_not_take_the_answer_is_cut_off(void)
{
    enum { REQUESTS = 400, SMALL = 4096 };
    struct world world;
    struct wire wire = {.fd = socket(AF_INET, SOCK_STREAM, 0)};
    int size = SMALL;
    begin(&world, &(struct server_options){.grace_ms = 500});
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(world.site.port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    buf_init(&wire.in, mem_heap(), 64 << 20);
    CHECK(setsockopt(wire.fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size) == 0);
    CHECK(connect(wire.fd, (struct sockaddr *)(void *)&address, sizeof address) == 0);
    for (int i = 0; i < REQUESTS; i++)
        CHECK(wire_send(&wire, STR("GET /v1/openapi.json HTTP/1.1\r\nHost: a\r\n\r\n")));
    bool cut = false;
    for (int i = 0; i < 60 && !cut; i++) {
        nanosleep(&(struct timespec){.tv_nsec = 100 * 1000000L}, NULL);
        cut = is_counted(&world, "formwright_http_connections_cut_total{phase=\"answer\"} 1\n");
    }
    CHECK(cut);
    wire_close(&wire);
    site_stop(&world.site);
}

/* The server's end of a connection of this process; -1: it is not there. */
static int other_end(int fd, uint16_t port)
{
    struct sockaddr_in mine, here, there;
    socklen_t len = sizeof mine;
    if (getsockname(fd, (struct sockaddr *)(void *)&mine, &len) != 0) return -1;
    for (int end = 3; end < 1024; end++) {
        socklen_t here_len = sizeof here, there_len = sizeof there;
        if (getsockname(end, (struct sockaddr *)(void *)&here, &here_len) == 0 &&
            getpeername(end, (struct sockaddr *)(void *)&there, &there_len) == 0 &&
            here.sin_port == htons(port) && there.sin_port == mine.sin_port)
            return end;
    }
    return -1;
}

/* The system decides in whole segments, of at most 64 KiB. */
static void what_is_not_taken_does_not_pile_up_in_the_system(void)
{
    enum { REQUESTS = 400, SMALL = 4096, SEGMENT = 65536 };
    struct world world;
    struct wire wire = {.fd = socket(AF_INET, SOCK_STREAM, 0)};
    int size = SMALL, unsent = 0, most = 0;
    begin(&world, NULL);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(world.site.port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    buf_init(&wire.in, mem_heap(), 64 << 20);
    CHECK(setsockopt(wire.fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size) == 0);
    CHECK(connect(wire.fd, (struct sockaddr *)(void *)&address, sizeof address) == 0);
    for (int i = 0; i < REQUESTS; i++)
        CHECK(wire_send(&wire, STR("GET /v1/openapi.json HTTP/1.1\r\nHost: a\r\n\r\n")));
    int end = -1;
    for (int i = 0; i < 100 && most <= limit(UNSENT_BYTES) / 2; i++) {
        nanosleep(&(struct timespec){.tv_nsec = 50 * 1000000L}, NULL);
        end = other_end(wire.fd, world.site.port); /* once it has been let in */
        if (ioctl(end, SIOCOUTQNSD, &unsent) == 0 && unsent > most) most = unsent;
    }
    nanosleep(&(struct timespec){.tv_nsec = 300 * 1000000L}, NULL);
    CHECK(ioctl(end, SIOCOUTQNSD, &unsent) == 0);
    if (unsent > most) most = unsent;
    CHECK(most > limit(UNSENT_BYTES) / 2 && most <= limit(UNSENT_BYTES) + SEGMENT);
    wire_close(&wire);
    site_stop(&world.site);
}

/* Who has said all may close that half and still hear the answer; who has not said all hears nothing.
 */
static void a_half_closed_connection_is_answered_or_closed(void)
{
    static const char *const requests[] = {
        "GET /livez HTTP/1.1\r\nHost: a\r\n\r\n", EVALUATE "Content-Length: 14\r\n\r\n{\"answers\":{}}",
        "GET /livez HTTP/1.1\r\nHos", EVALUATE "Content-Length: 14\r\n\r\n{\"ans", ""};
    struct world world;
    begin(&world, &(struct server_options){.header_ms = 500, .body_ms = 500, .idle_seconds = 1});
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
        struct wire wire;
        struct wire_reply reply;
        CHECK(wire_open(&wire, world.site.port) && wire_send(&wire, str_of(requests[i])));
        CHECK(shutdown(wire.fd, SHUT_WR) == 0);
        bool answered = wire_receive(&wire, false, &reply);
        bool is_whole = i < 2;
        CHECK(!answered || (is_whole ? reply.status == 200 : reply.status >= 400));
        if (answered) wire_reply_release(&reply);
        CHECK(wire_closes(&wire, 20000));
        wire_close(&wire);
    }
    CHECK(site_status(&world.site, &(struct ask){"GET", "/livez"}) == 200);
    site_stop(&world.site);
}

static bool is_served(struct wire *wire)
{
    struct answer answer = site_ask_over(wire, &(struct ask){"GET", "/livez"});
    bool served = answer.status == 200;
    answer_release(&answer);
    return served;
}

static void there_are_so_many_connections_and_no_more(void)
{
    enum { MOST = 8 };
    struct world world;
    struct wire wires[MOST], late;
    begin(&world, &(struct server_options){.event_threads = 1, .connections_max = MOST});
    for (int i = 0; i < MOST; i++) CHECK(wire_open(&wires[i], world.site.port) && is_served(&wires[i]));
    CHECK(wire_open(&late, world.site.port)); /* the kernel takes it; the server does not */
    CHECK(wire_send(&late, STR("GET /livez HTTP/1.1\r\nHost: a\r\n\r\n")));
    CHECK(wire_closes(&late, 300) || wire_quiet(&late, 1));
    CHECK(site_status(&world.site, &(struct ask){"GET", "/metrics"}) == 200); /* by the other door */
    for (int i = 0; i < MOST; i++) wire_close(&wires[i]);
    wire_close(&late);
    bool served = false;
    for (int tries = 0; tries < 50 && !served; tries++) {
        struct wire again;
        served = wire_open(&again, world.site.port) && is_served(&again);
        wire_close(&again);
    }
    CHECK(served);
    site_stop(&world.site);
}

static void an_address_has_so_many_connections_and_no_more(void)
{
    enum { MOST = 5 };
    struct world world;
    struct wire wires[MOST], late;
    begin(&world, &(struct server_options){.connections_per_address_max = MOST});
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < MOST; i++) {
            bool served = false; /* those of the round before may not be gone yet */
            for (int tries = 0; tries < 50 && !served; tries++) {
                if (tries)
                    wire_close(&wires[i]), nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
                served = wire_open(&wires[i], world.site.port) && is_served(&wires[i]);
            }
            CHECK(served);
        }
        CHECK(wire_open(&late, world.site.port));
        wire_send(&late, STR("GET /livez HTTP/1.1\r\nHost: a\r\n\r\n"));
        CHECK(wire_closes(&late, 20000)); /* without a word */
        wire_close(&late);
        for (int i = 0; i < MOST; i++) CHECK(is_served(&wires[i]));
        for (int i = 0; i < MOST; i++) wire_close(&wires[i]);
    }
    CHECK(!is_counted(&world, "formwright_http_connections_refused_total 0\n"));
    site_stop(&world.site);
}

static void a_proxy_that_is_named_is_not_counted(void)
{
    enum { MANY = 6 };
    struct world world;
    struct wire wires[MANY];
    begin(&world,
          &(struct server_options){.connections_per_address_max = 2, .trusted_proxies = "127.0.0.0/8"});
    for (int i = 0; i < MANY; i++) CHECK(wire_open(&wires[i], world.site.port) && is_served(&wires[i]));
    for (int i = 0; i < MANY; i++) wire_close(&wires[i]);
    site_stop(&world.site);
}

/* In a process of its own, since what was given away does not come back. Few: half of them; many: all
 * but the reserve. The log tells how many connections there may be. */
static void descriptors_are_left_for_the_storage(void)
{
    static const struct {
        rlim_t files;
        const char *said;
    } rows[] = {{1000, "\"connections\":500,"},
                {2 * LIMIT_DESCRIPTORS_RESERVED, "\"connections\":4096,"},
                {2 * LIMIT_DESCRIPTORS_RESERVED + 1, "\"connections\":4097,"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        pid_t child = fork();
        if (child == 0) {
            struct log log;
            struct world world;
            char text[65536] = "";
            FILE *file = tmpfile();
            struct rlimit files = {rows[i].files, rows[i].files};
            if (!file || setrlimit(RLIMIT_NOFILE, &files) != 0) _exit(2);
            log_init(&log, clock_system(), fileno(file), LOG_INFO);
            begin(&world, &(struct server_options){.log = &log});
            site_stop(&world.site);
            ssize_t len = pread(fileno(file), text, sizeof text - 1, 0);
            _exit(len > 0 && strstr(text, rows[i].said) ? 0 : 1);
        }
        int code = 0;
        CHECK(child > 0 && waitpid(child, &code, 0) == child && WIFEXITED(code) &&
              WEXITSTATUS(code) == 0);
    }
}

int main(void)
{
    struct world world;
    descriptors_are_left_for_the_storage(); /* forks, so before there is any thread */
    begin(&world, NULL);
    a_target_has_a_longest_length(&world);
    a_request_has_a_largest_number_of_headers(&world);
    headers_that_fill_the_connections_memory_are_refused(&world);
    answers_have_a_largest_size(&world);
    an_envelope_has_a_largest_size(&world);
    what_is_announced_too_large_is_refused_unread(&world);
    a_definition_has_a_largest_size(&world);
    another_body_has_a_largest_size(&world);
    an_idempotency_key_has_a_shortest_and_a_longest_length(&world);
    names_have_a_longest_length(&world);
    answers_nest_so_deep_and_no_deeper(&world);
    a_page_has_a_largest_number_of_rows(&world);
    a_cursor_has_a_longest_length(&world);
    site_stop(&world.site);
    a_head_has_its_time_from_its_first_byte_on();
    a_connection_that_was_kept_may_rest_and_go_on();
    silence_ends_a_connection();
    a_body_has_its_time();
    a_body_has_a_least_rate_after_a_grace();
    a_request_has_its_time_in_all();
    who_does_not_take_the_answer_is_cut_off();
    what_is_not_taken_does_not_pile_up_in_the_system();
    a_half_closed_connection_is_answered_or_closed();
    there_are_so_many_connections_and_no_more();
    an_address_has_so_many_connections_and_no_more();
    a_proxy_that_is_named_is_not_counted();
    return TEST_RESULT();
}
