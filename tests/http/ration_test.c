/* Limits by address, form and token, over HTTP: at n, at n + 1, and when the time has come again. The
 * clock is ours, and so are the addresses: the test is a proxy that is believed. */
#define _GNU_SOURCE
#include "base/limits.h"
#include "tests/http/site.h"
#include "tests/test.h"

#include <stdatomic.h>
#include <stdio.h>

/* ---------------------------------------------------------------- a clock that others may read
 * meanwhile */

struct hand_clock {
    struct clock clock;
    atomic_llong steady_ns;
};

static int64_t hand_steady_ns(struct clock *self)
{
    return atomic_load(&((struct hand_clock *)(void *)self)->steady_ns);
}

static int64_t hand_wall_us(struct clock *self)
{
    (void)self;
    return clock_system()->wall_us(clock_system());
}

static struct hand_clock hand = {{hand_wall_us, hand_steady_ns}, 1000000000};

static void wait_ms(int64_t ms)
{
    atomic_fetch_add(&hand.steady_ns, ms * 1000000);
}

/* ---------------------------------------------------------------- a site */

struct world {
    struct site site;
    char publisher[256], reader[256], submitter[256];
};

static void begin(struct world *world, struct server_options options)
{
    struct server_options free = {0};
    options.trusted_proxies = options.trusted_proxies ? options.trusted_proxies : "127.0.0.1";
    options.clock = &hand.clock;
    site_start(&world->site, &free);
    site_tenant(&world->site, "acme");
    site_tenant(&world->site, "other");
    site_token(&world->site, "acme", "publisher", world->publisher);
    site_token(&world->site, "acme", "reader", world->reader);
    site_token(&world->site, "acme", "submitter", world->submitter);
    site_publish(&world->site, "acme", "contact", world->publisher, site_contact_form);
    site_publish(&world->site, "acme", "second", world->publisher, site_contact_form);
    options.listen = world->site.options.listen;
    options.admin_listen = world->site.options.admin_listen;
    options.directory = world->site.options.directory;
    world->site.options = options;
    site_restart(&world->site);
}

static struct answer get(struct world *world, const char *path, const char *from)
{
    char headers[256];
    snprintf(headers, sizeof headers, "X-Forwarded-For: %s\r\n", from);
    return site_ask(&world->site, &(struct ask){"GET", path, .headers = headers});
}

static unsigned get_status(struct world *world, const char *path, const char *from)
{
    struct answer answer = get(world, path, from);
    unsigned status = answer.status;
    answer_release(&answer);
    return status;
}

static struct answer submit(struct world *world, const char *form, const char *token, const char *from)
{
    static int made;
    char headers[256], path[128];
    snprintf(headers, sizeof headers,
             "X-Forwarded-For: %s\r\nIdempotency-Key: key-of-the-test-%06d\r\n", from, ++made);
    snprintf(path, sizeof path, "/v1/p/acme/%s/submissions", form);
    return site_ask(&world->site,
                    &(struct ask){"POST", path, token, headers, NULL, STR("{\"answers\":{}}")});
}

static unsigned submit_status(struct world *world, const char *form, const char *token,
                              const char *from)
{
    struct answer answer = submit(world, form, token, from);
    unsigned status = answer.status;
    answer_release(&answer);
    return status;
}

static const char form_path[] = "/v1/p/acme/contact";

static int64_t metric(struct world *world, const char *line)
{
    struct answer answer = site_ask(&world->site, &(struct ask){"GET", "/metrics"});
    struct str body = answer_body(&answer);
    const char *found = memmem(body.ptr, body.len, line, strlen(line));
    int64_t value = found ? strtoll(found + strlen(line), NULL, 10) : -1;
    answer_release(&answer);
    return value;
}

/* ---------------------------------------------------------------- tests */

static void an_address_has_its_share_of_requests(void)
{
    struct world world;
    begin(&world, (struct server_options){.address_per_second = 5});
    for (int i = 0; i < 20; i++) CHECK(get_status(&world, form_path, "192.0.2.1") == 200);
    struct answer answer = get(&world, form_path, "192.0.2.1");
    CHECK(answer.status == 429 && strcmp(answer_code(&answer), "quota-exceeded") == 0);
    CHECK(strcmp(answer_text(&answer, "/violated-policies/0"), "address") == 0);
    CHECK(answer_count(&answer, "/violated-policies") == 1);
    CHECK(strcmp(answer_header(&answer, "Retry-After"), "1") == 0);
    CHECK(strcmp(answer_header(&answer, "RateLimit-Policy"), "\"address\";q=20;w=4") == 0);
    CHECK(strcmp(answer_header(&answer, "RateLimit"), "\"address\";r=0;t=4") == 0);
    answer_release(&answer);
    /* Another host of the same network, and whoever watches, are not concerned. */
    CHECK(get_status(&world, form_path, "192.0.2.2") == 200);
    CHECK(get_status(&world, "/livez", "192.0.2.1") == 200 &&
          get_status(&world, "/readyz", "192.0.2.1") == 200);
    wait_ms(199);
    CHECK(get_status(&world, form_path, "192.0.2.1") == 429);
    wait_ms(1);
    CHECK(get_status(&world, form_path, "192.0.2.1") == 200);
    CHECK(get_status(&world, form_path, "192.0.2.1") == 429);
    CHECK(metric(&world, "\nformwright_rate_limited_total{policy=\"address\"} ") == 3);
    CHECK(metric(&world, "\nformwright_rate_limited_total{policy=\"submit\"} ") == 0);
    site_stop(&world.site);
}

static void of_ipv6_a_64_shares_and_a_48_has_a_limit_of_its_own(void)
{
    struct world world;
    begin(&world, (struct server_options){.address_per_second = 1, .network_per_second = 3});
    for (int i = 0; i < 4; i++) {
        char from[64];
        snprintf(from, sizeof from, "2001:db8:1:1:%x::%x", i, i);
        CHECK(get_status(&world, form_path, from) == 200);
    }
    CHECK(get_status(&world, form_path, "2001:db8:1:1::99") == 429);
    for (int i = 0; i < 8; i++) {
        char from[64];
        snprintf(from, sizeof from, "2001:db8:1:%x::1", 2 + i);
        CHECK(get_status(&world, form_path, from) == 200);
    }
    struct answer answer = get(&world, form_path, "2001:db8:1:ffff::1");
    CHECK(answer.status == 429 && strcmp(answer_text(&answer, "/violated-policies/0"), "network") == 0);
    CHECK(strcmp(answer_header(&answer, "RateLimit-Policy"),
                 "\"address\";q=4;w=4, \"network\";q=12;w=4") == 0);
    answer_release(&answer);
    CHECK(get_status(&world, form_path, "2001:db8:2:1::1") == 200);
    site_stop(&world.site);
}

static void a_form_takes_so_many_submissions_from_an_address(void)
{
    struct world world;
    begin(&world, (struct server_options){.submit_per_minute = 6});
    for (int i = 0; i < 6; i++) {
        struct answer answer = submit(&world, "contact", NULL, "192.0.2.1");
        char limit[64];
        snprintf(limit, sizeof limit, "\"submit\";r=%d;t=%d", 5 - i, 10 * (i + 1));
        CHECK(answer.status == 422); /* refused answers count too */
        CHECK(strcmp(answer_header(&answer, "RateLimit-Policy"), "\"submit\";q=6;w=60") == 0);
        CHECK(strcmp(answer_header(&answer, "RateLimit"), limit) == 0);
        answer_release(&answer);
    }
    struct answer answer = submit(&world, "contact", NULL, "192.0.2.1");
    CHECK(answer.status == 429 && strcmp(answer_header(&answer, "Retry-After"), "10") == 0);
    CHECK(strcmp(answer_header(&answer, "RateLimit"), "\"submit\";r=0;t=60") == 0);
    answer_release(&answer);
    CHECK(submit_status(&world, "second", NULL, "192.0.2.1") == 422);
    CHECK(submit_status(&world, "contact", NULL, "192.0.2.9") == 422);
    CHECK(submit_status(&world, "contact", world.submitter, "192.0.2.1") ==
          422); /* it has its own limit */
    wait_ms(9999);
    CHECK(submit_status(&world, "contact", NULL, "192.0.2.1") == 429);
    wait_ms(1);
    CHECK(submit_status(&world, "contact", NULL, "192.0.2.1") == 422);
    site_stop(&world.site);
}

static unsigned ask_with(struct world *world, const char *token, const char *from)
{
    char headers[128];
    snprintf(headers, sizeof headers, "X-Forwarded-For: %s\r\n", from);
    return site_status(&world->site, &(struct ask){"GET", "/v1/me", token, headers});
}

static void tokens_do_not_share(void)
{
    struct world world;
    begin(&world, (struct server_options){.token_per_minute = 3});
    for (int i = 0; i < 3; i++) CHECK(ask_with(&world, world.reader, "192.0.2.1") == 200);
    CHECK(ask_with(&world, world.reader, "192.0.2.1") == 429);
    CHECK(ask_with(&world, world.reader, "192.0.2.2") == 429); /* the same token from elsewhere */
    CHECK(ask_with(&world, world.publisher, "192.0.2.1") == 200);
    for (int i = 0; i < 3; i++)
        CHECK(submit_status(&world, "contact", world.submitter, "192.0.2.1") == 422);
    CHECK(submit_status(&world, "contact", world.submitter, "192.0.2.1") == 429);
    wait_ms(20000);
    CHECK(ask_with(&world, world.reader, "192.0.2.1") == 200);
    site_stop(&world.site);
}

static void who_tries_tokens_is_soon_not_listened_to(void)
{
    struct world world;
    char wrong[256];
    begin(&world, (struct server_options){.failures_per_minute = 4});
    snprintf(wrong, sizeof wrong, "%s", world.reader);
    wrong[strlen(wrong) - 20] ^= 1;
    for (int i = 0; i < 4; i++) CHECK(ask_with(&world, wrong, "192.0.2.1") == 401);
    CHECK(ask_with(&world, wrong, "192.0.2.1") == 429);
    CHECK(ask_with(&world, world.reader, "192.0.2.1") ==
          429); /* whether it would have been right is not told */
    CHECK(ask_with(&world, world.reader, "192.0.2.2") == 200);
    CHECK(get_status(&world, form_path, "192.0.2.1") == 200); /* what needs no token */
    CHECK(submit_status(&world, "contact", wrong, "192.0.2.1") == 429);
    wait_ms(15000);
    CHECK(ask_with(&world, world.reader, "192.0.2.1") == 200);
    CHECK(ask_with(&world, world.reader, "192.0.2.1") == 200); /* what is right costs nothing */
    CHECK(ask_with(&world, wrong, "192.0.2.1") == 401 && ask_with(&world, wrong, "192.0.2.1") == 429);
    site_stop(&world.site);
}

static void a_header_is_nothing_without_a_proxy_that_is_believed(void)
{
    struct world world;
    begin(&world, (struct server_options){.address_per_second = 1, .trusted_proxies = "10.0.0.0/8"});
    for (int i = 0; i < 4; i++) {
        char from[32];
        snprintf(from, sizeof from, "192.0.2.%d", i);
        CHECK(get_status(&world, form_path, from) == 200);
    }
    CHECK(get_status(&world, form_path, "192.0.2.77") == 429);
    site_stop(&world.site);
}

static void the_audit_log_names_the_place_behind_the_proxy(void)
{
    struct world world;
    begin(&world, (struct server_options){.proxy_says_forwarded = true});
    static const char body[] = "{\"name\":\"third\",\"title\":\"Third\"}";
    struct ask ask = {"POST",
                      "/v1/tenants/acme/forms",
                      world.publisher,
                      "X-Forwarded-For: 203.0.113.9\r\nForwarded: for=198.51.100.7;proto=https\r\n",
                      NULL,
                      STR(body)};
    CHECK(site_status(&world.site, &ask) == 201);
    struct answer answer =
        site_ask(&world.site, &(struct ask){"GET", "/v1/tenants/acme/audit?limit=200", world.reader});
    struct str log = answer_body(&answer);
    CHECK(memmem(log.ptr, log.len, "198.51.100.0/24", 15) && !memmem(log.ptr, log.len, "203.0.113", 9));
    answer_release(&answer);
    site_stop(&world.site);
}

static void networks_that_are_none_are_refused(void)
{
    struct server_options options = {.listen = "127.0.0.1:0",
                                     .directory = "never-made",
                                     .trusted_proxies = "10.0.0.0/8, proxy.example"};
    struct server *server;
    CHECK_STATUS(server_start(&options, &server), ST_INPUT);
}

/* ---------------------------------------------------------------- quotas of tenants */

static unsigned evaluate_status(struct world *world, const char *tenant)
{
    char path[128];
    snprintf(path, sizeof path, "/v1/p/%s/contact/evaluate", tenant);
    return site_status(&world->site, &(struct ask){"POST", path, .body = STR("{\"answers\":{}}")});
}

static void begin_two(struct world *world)
{
    char publisher[256];
    begin(world, (struct server_options){.trusted_proxies = "none"});
    site_token(&world->site, "other", "publisher", publisher);
    site_publish(&world->site, "other", "contact", publisher, site_contact_form);
    CHECK(get_status(world, form_path, "") == 200 &&
          get_status(world, "/v1/p/other/contact", "") == 200);
}

static void tenants_do_not_share_requests(void)
{
    struct world world;
    begin_two(&world);
    site_quota(&world.site, "acme", "{\"requests\":10}");
    wait_ms(1000);
    for (int i = 0; i < 5; i++) CHECK(get_status(&world, form_path, "") == 200);
    /* Managing is counted too. */
    struct ask ask = {"GET", "/v1/tenants/acme/forms", world.reader};
    for (int i = 0; i < 5; i++) CHECK(site_status(&world.site, &ask) == 200);
    struct answer answer = get(&world, form_path, "");
    CHECK(answer.status == 429 &&
          strcmp(answer_text(&answer, "/violated-policies/0"), "requests") == 0);
    CHECK(strcmp(answer_header(&answer, "RateLimit-Policy"), "\"requests\";q=10;w=1") == 0);
    CHECK(strcmp(answer_header(&answer, "RateLimit"), "\"requests\";r=0;t=1") == 0);
    answer_release(&answer);
    CHECK(site_status(&world.site, &ask) == 429);
    CHECK(get_status(&world, "/v1/p/other/contact", "") == 200);
    ask.path = "/v1/tenants/nobody/forms";
    CHECK(site_status(&world.site, &ask) == 404); /* foreign and absent as ever */
    wait_ms(100);
    CHECK(get_status(&world, form_path, "") == 200 && get_status(&world, form_path, "") == 429);
    CHECK(metric(&world, "\nformwright_rate_limited_total{policy=\"requests\"} ") == 3);
    site_stop(&world.site);
}

static void tenants_do_not_share_submissions(void)
{
    struct world world;
    begin_two(&world);
    site_quota(&world.site, "acme", "{\"submissions\":3}");
    wait_ms(1000);
    for (int i = 0; i < 3; i++)
        CHECK(submit_status(&world, i % 2 ? "second" : "contact", NULL, "") == 422);
    struct answer answer = submit(&world, "contact", world.submitter, "");
    CHECK(answer.status == 429 &&
          strcmp(answer_text(&answer, "/violated-policies/0"), "submissions") == 0);
    CHECK(strcmp(answer_header(&answer, "RateLimit-Policy"), "\"submissions\";q=3;w=1") == 0);
    answer_release(&answer);
    CHECK(evaluate_status(&world, "acme") == 200);
    wait_ms(333);
    CHECK(submit_status(&world, "contact", NULL, "") == 429);
    wait_ms(1);
    CHECK(submit_status(&world, "contact", NULL, "") == 422);
    site_stop(&world.site);
}

static void tenants_do_not_share_steps(void)
{
    struct world world;
    begin_two(&world);
    site_quota(&world.site, "acme", "{\"steps\":1}");
    CHECK(get_status(&world, form_path, "") == 200); /* in memory again, which is charged */
    wait_ms(1000000000);
    CHECK(evaluate_status(&world, "acme") == 200);
    struct answer answer = site_ask(&world.site, &(struct ask){"POST", "/v1/p/acme/contact/evaluate",
                                                               .body = STR("{\"answers\":{}}")});
    int64_t retry_s = strtoll(answer_header(&answer, "Retry-After"), NULL, 10);
    CHECK(answer.status == 429 && strcmp(answer_text(&answer, "/violated-policies/0"), "steps") == 0);
    CHECK(retry_s > 1);
    answer_release(&answer);
    CHECK(submit_status(&world, "contact", NULL, "") == 429);
    CHECK(get_status(&world, form_path, "") == 200); /* reading costs no steps */
    struct ask check = {"POST",       "/v1/tenants/acme/forms:check", world.publisher, NULL,
                        "text/plain", str_of(site_contact_form)};
    CHECK(site_status(&world.site, &check) == 429); /* compiling does */
    CHECK(evaluate_status(&world, "other") == 200);
    wait_ms(retry_s * 1000 - 1);
    CHECK(evaluate_status(&world, "acme") == 429);
    wait_ms(1); /* when Retry-After has said */
    CHECK(evaluate_status(&world, "acme") == 200);
    wait_ms(1000000000);
    CHECK(site_status(&world.site, &check) == 200 && site_status(&world.site, &check) == 429);
    site_stop(&world.site);
}

/* Its body is slow, and others of its tenant are not: those take nothing from it. */
static void who_waits_for_its_body_is_counted_when_that_has_come(void)
{
    static const char head[] = "POST /v1/p/acme/contact/evaluate HTTP/1.1\r\nHost: a\r\n"
                               "Content-Type: application/json\r\nContent-Length: 14\r\n\r\n";
    struct world world;
    struct wire wire;
    struct wire_reply reply;
    begin_two(&world);
    site_quota(&world.site, "acme", "{\"requests\":1}");
    CHECK(get_status(&world, form_path, "") == 200); /* in memory again */
    wait_ms(1000);
    CHECK(wire_open(&wire, world.site.port) && wire_send(&wire, str_of(head)));
    while (metric(&world, "\nformwright_http_in_flight ") < 2) continue; /* it has begun */
    wait_ms(3000);
    CHECK(get_status(&world, form_path, "") == 200 && get_status(&world, form_path, "") == 429);
    wait_ms(1000);
    CHECK(wire_send(&wire, STR("{\"answers\":{}}")) && wire_receive(&wire, false, &reply));
    CHECK(reply.status == 200);
    wire_reply_release(&reply);
    wire_close(&wire);
    CHECK(get_status(&world, form_path, "") == 429); /* it was counted */
    site_stop(&world.site);
}

/* A request that is refused by address, with a body of `len` bytes: does the connection live on? */
static bool lives_on(struct world *world, size_t len)
{
    struct wire wire;
    struct buf body;
    buf_init(&body, mem_heap(), 1 << 20);
    while (body.len < len) buf_putc(&body, ' ');
    CHECK(wire_open(&wire, world->site.port));
    struct answer answer =
        site_ask_over(&wire, &(struct ask){"POST", "/v1/p/acme/contact/evaluate", NULL,
                                           "X-Forwarded-For: 192.0.2.1\r\n", NULL, buf_str(&body)});
    CHECK(answer.status == 429);
    bool closes = strcmp(answer_header(&answer, "Connection"), "close") == 0;
    answer_release(&answer);
    wire_close(&wire);
    buf_release(&body);
    return !closes;
}

static void a_small_body_of_what_is_refused_is_read(void)
{
    struct world world;
    begin(&world, (struct server_options){.address_per_second = 1});
    for (int i = 0; i < 4; i++) CHECK(get_status(&world, form_path, "192.0.2.1") == 200);
    CHECK(lives_on(&world, limit(REFUSED_BODY_BYTES)));
    CHECK(!lives_on(&world, limit(REFUSED_BODY_BYTES) + 1));
    site_stop(&world.site);
}

/* Both at once; how many of the two refusals were held back? */
static int64_t two_refused(struct world *world)
{
    static const char request[] =
        "GET /v1/p/acme/contact HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n";
    static const char counter[] = "\nformwright_refusals_held_total ";
    struct wire wires[2];
    int64_t before = metric(world, counter);
    for (int i = 0; i < 2; i++) CHECK(wire_open(&wires[i], world->site.port));
    for (int i = 0; i < 2; i++) CHECK(wire_send(&wires[i], str_of(request)));
    for (int i = 0; i < 2; i++) {
        struct wire_reply reply;
        bool answered = wire_receive(&wires[i], false, &reply);
        CHECK(answered && reply.status == 429);
        if (answered) wire_reply_release(&reply);
        wire_close(&wires[i]);
    }
    return metric(world, counter) - before;
}

static void so_many_refusals_are_held_back_and_no_more(void)
{
    struct world world;
    begin(&world, (struct server_options){.address_per_second = 1, .refusals_held_max = 2});
    for (int i = 0; i < 4; i++) CHECK(get_status(&world, form_path, "192.0.2.1") == 200);
    for (int i = 0; i < 10; i++) CHECK(two_refused(&world) == 2);
    site_stop(&world.site);
    begin(&world, (struct server_options){.address_per_second = 1, .refusals_held_max = 1});
    for (int i = 0; i < 4; i++) CHECK(get_status(&world, form_path, "192.0.2.1") == 200);
    /* Now and then the first is sent before the second comes; mostly not. */
    int tries = 0;
    while (two_refused(&world) != 1 && tries < 100) tries++;
    CHECK(tries < 100);
    site_stop(&world.site);
}

int main(void)
{
    a_small_body_of_what_is_refused_is_read();
    so_many_refusals_are_held_back_and_no_more();
    tenants_do_not_share_requests();
    tenants_do_not_share_submissions();
    who_waits_for_its_body_is_counted_when_that_has_come();
    tenants_do_not_share_steps();
    an_address_has_its_share_of_requests();
    of_ipv6_a_64_shares_and_a_48_has_a_limit_of_its_own();
    a_form_takes_so_many_submissions_from_an_address();
    tokens_do_not_share();
    who_tries_tokens_is_soon_not_listened_to();
    a_header_is_nothing_without_a_proxy_that_is_believed();
    the_audit_log_names_the_place_behind_the_proxy();
    networks_that_are_none_are_refused();
    return TEST_RESULT();
}
