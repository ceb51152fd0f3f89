/* Every limit that a request can meet, at n and at n + 1. */
#define _GNU_SOURCE
#include "base/limits.h"
#include "tests/http/site.h"
#include "tests/test.h"

#include <stdio.h>
#include <time.h>

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
        CHECK(wire_closes(&wire, 3000));
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

static void who_speaks_too_slowly_is_cut_off(void)
{
    struct world world;
    begin(&world, &(struct server_options){
                      .idle_seconds = 1, .header_ms = 400, .body_ms = 400, .request_ms = 2000});
    /* A byte every 100 ms would keep it open for ever by inactivity alone. */
    int64_t headers = drip(&world, "GET /livez HTTP/1.1\r\nX: ", FORTY FORTY FORTY, 100);
    CHECK(headers >= 300 && headers < 3000);
    int64_t body = drip(
        &world,
        "POST /v1/p/acme/contact/evaluate HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
        "Content-Length: 1000\r\n\r\n",
        FORTY FORTY FORTY, 100);
    CHECK(body >= 300 && body < 3000);
    int64_t line = drip(&world, "GET /", FORTY FORTY FORTY, 100);
    CHECK(line >= 1000 && line < 5000);
    int64_t silence = drip(&world, "", " ", 8000);
    CHECK(silence >= 500 && silence < 5000);
    struct answer metrics = site_ask(&world.site, &(struct ask){"GET", "/metrics"});
    static const char counted[] = "formwright_http_connections_cut_total{phase=\"headers\"} 1\n";
    CHECK(memmem(answer_body(&metrics).ptr, answer_body(&metrics).len, counted, sizeof counted - 1) !=
          NULL);
    answer_release(&metrics);
    site_stop(&world.site);
}

static void there_are_so_many_connections_and_no_more(void)
{
    enum { MOST = 8 };
    struct world world;
    struct wire wires[MOST], late;
    begin(&world, &(struct server_options){.event_threads = 1, .connections_max = MOST});
    struct ask livez = {"GET", "/livez"};
    for (int i = 0; i < MOST; i++) {
        CHECK(wire_open(&wires[i], world.site.port));
        struct answer answer = site_ask_over(&wires[i], &livez);
        CHECK(answer.status == 200);
        answer_release(&answer);
    }
    CHECK(wire_open(&late, world.site.port)); /* the kernel takes it; the server does not */
    CHECK(wire_send(&late, STR("GET /livez HTTP/1.1\r\nHost: a\r\n\r\n")));
    CHECK(wire_closes(&late, 300) || wire_quiet(&late, 1));
    for (int i = 0; i < MOST; i++) wire_close(&wires[i]);
    wire_close(&late);
    unsigned status = 0;
    for (int tries = 0; tries < 50 && status != 200; tries++) {
        struct wire again;
        if (wire_open(&again, world.site.port)) {
            struct answer answer = site_ask_over(&again, &livez);
            status = answer.status;
            answer_release(&answer);
        }
        wire_close(&again);
    }
    CHECK(status == 200);
    site_stop(&world.site);
}

int main(void)
{
    struct world world;
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
    who_speaks_too_slowly_is_cut_off();
    there_are_so_many_connections_and_no_more();
    return TEST_RESULT();
}
