/* Health: what hangs or runs out is told, and who has nothing to do does nothing. */
#define _GNU_SOURCE
#include "server/core.h"
#include "tests/http/site.h"
#include "tests/test.h"

#include <stdatomic.h>
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static void nap(int ms)
{
    nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000L}, NULL);
}

static bool has_reason(const struct site *site, const char *path, const char *reason)
{
    struct answer answer = site_ask(site, &(struct ask){"GET", path});
    bool told = answer.status == 503 && strcmp(answer_code(&answer), "not-ready") == 0 &&
                memmem(answer_body(&answer).ptr, answer_body(&answer).len, reason, strlen(reason));
    answer_release(&answer);
    return told;
}

/* A clock at which one who asks for the time of day must wait: so an event thread hangs in a judging.
 */
struct holding_clock {
    struct clock clock;
    atomic_bool hold, held;
};

static int64_t hold_wall(struct clock *self)
{
    struct holding_clock *holding = (struct holding_clock *)(void *)self;
    if (atomic_exchange(&holding->hold, false)) {
        atomic_store(&holding->held, true);
        while (atomic_load(&holding->held)) nap(5);
    }
    return clock_system()->wall_us(clock_system());
}

static int64_t pass_steady(struct clock *self)
{
    (void)self;
    return clock_steady_ns(clock_system());
}

static void publish(const struct site *site)
{
    char publisher[256];
    site_tenant(site, "acme");
    site_token(site, "acme", "publisher", publisher);
    site_publish(site, "acme", "contact", publisher, site_contact_form);
}

static unsigned livez_of_the_operator(const struct site *site)
{
    struct wire wire;
    CHECK(wire_open(&wire, site->admin_port));
    struct answer answer = site_ask_over(&wire, &(struct ask){"GET", "/livez"});
    unsigned status = answer.status;
    answer_release(&answer);
    wire_close(&wire);
    return status;
}

static void an_event_thread_that_hangs_is_told_at_the_other_door(void)
{
    struct site site;
    struct wire wire;
    struct wire_reply reply;
    struct holding_clock holding = {.clock = {hold_wall, pass_steady}};
    struct ask evaluate = {"POST", "/v1/p/acme/contact/evaluate", .body = STR("{\"answers\":{}}")};
    site_start(&site,
               &(struct server_options){.clock = &holding.clock, .event_threads = 1, .stuck_ms = 300});
    publish(&site);
    CHECK(site_status(&site, &evaluate) == 200); /* now the form is in memory and judged near */
    nap(500);
    CHECK(livez_of_the_operator(&site) == 200);
    atomic_store(&holding.hold, true);
    CHECK(wire_open(&wire, site.port));
    CHECK(wire_send(&wire, STR("POST /v1/p/acme/contact/evaluate HTTP/1.1\r\nHost: a\r\n"
                               "Content-Type: application/json\r\nContent-Length: 14\r\n\r\n"
                               "{\"answers\":{}}")));
    for (int i = 0; i < 1000 && !atomic_load(&holding.held); i++) nap(5);
    CHECK(atomic_load(&holding.held));
    unsigned status = 200;
    for (int i = 0; i < 50 && status == 200; i++, nap(100)) status = livez_of_the_operator(&site);
    CHECK(status == 503);
    atomic_store(&holding.held, false);
    bool answered = wire_receive(&wire, false, &reply);
    CHECK(answered && reply.status == 200);
    if (answered) wire_reply_release(&reply);
    wire_close(&wire);
    for (int i = 0; i < 50 && status != 200; i++, nap(100)) status = livez_of_the_operator(&site);
    CHECK(status == 200);
    site_stop(&site);
}

static long long worlds_after_judging(const struct site *site)
{
    static const char *const paths[] = {"/v1/p/acme/contact/evaluate", "/v1/p/acme/other/evaluate"};
    for (int i = 0; i < 6; i++) /* the first use of a form is some other thread's */
        CHECK(site_status(site, &(struct ask){"POST", paths[i % 2], .body = STR("{\"answers\":{}}")}) ==
              200);
    return site_metric(site, "\nformwright_worlds ");
}

/* The engine can do it (worker_test.c); here somebody asks it to. Each thread keeps its last one. */
static void rules_that_nobody_needs_leave_memory_by_themselves(void)
{
    struct site site;
    char publisher[256];
    long long most = 0, now = 0;
    site_start(&site, &(struct server_options){.event_threads = 1, .tidy_ms = 1000});
    publish(&site);
    site_token(&site, "acme", "publisher", publisher);
    site_publish(&site, "acme", "other", publisher,
                 "edition 2026 form other \"Other\" { n: integer  more: boolean = n > 1 }");
    for (int i = 0; i < 20 && most < 2; i++) most = worlds_after_judging(&site);
    CHECK(most >= 2);
    for (int i = 0; i < 200 && (now = site_metric(&site, "\nformwright_worlds ")) >= most; i++) nap(50);
    CHECK(now < most);
    CHECK(worlds_after_judging(&site) > 0);
    site_stop(&site);
}

/* So many at a time, each of which has said all but its last byte. */
static void ask_at_a_time(const struct site *site, int count)
{
    static const char all[] = "POST /v1/p/acme/contact/evaluate HTTP/1.1\r\nHost: a\r\n"
                              "Content-Type: application/json\r\nContent-Length: 14\r\n\r\n"
                              "{\"answers\":{}";
    struct wire wires[LIMIT_REQUEST_SPARES + 1];
    struct wire_reply reply;
    for (int i = 0; i < count; i++)
        CHECK(wire_open(&wires[i], site->port) && wire_send(&wires[i], str_of(all)));
    nap(300);
    for (int i = 0; i < count; i++) {
        CHECK(wire_send(&wires[i], STR("}")));
        bool answered = wire_receive(&wires[i], false, &reply);
        CHECK(answered);
        if (answered) wire_reply_release(&reply);
    }
    nap(100); /* the last one ends after its answer */
    for (int i = 0; i < count; i++) wire_close(&wires[i]);
}

static unsigned spares_of(const struct site *site)
{
    unsigned most = 0;
    for (int i = 0; i < PULSE_THREADS; i++)
        if (site->server->spares[i].count > most) most = site->server->spares[i].count;
    return most;
}

static void what_requests_were_made_of_is_kept_for_so_many(void)
{
    struct site site;
    site_start(&site, &(struct server_options){.event_threads = 1});
    publish(&site);
    ask_at_a_time(&site, 2);
    unsigned few = spares_of(&site);
    CHECK(few > 0 && few <= 3);
    ask_at_a_time(&site, limit(REQUEST_SPARES) + 1);
    CHECK(spares_of(&site) > few && spares_of(&site) <= (unsigned)limit(REQUEST_SPARES));
    site_stop(&site); /* and given back: nothing leaks */
}

static void a_disk_that_is_nearly_full_makes_it_unready(void)
{
    struct site site;
    site_start(&site, &(struct server_options){.disk_free_mib = 1u << 30});
    bool told = false;
    for (int i = 0; i < 30 && !told; i++, nap(50)) told = has_reason(&site, "/readyz", "disk");
    CHECK(told);
    CHECK(site_status(&site, &(struct ask){"GET", "/livez"}) == 200);
    site.options.disk_free_mib = 1;
    site_restart(&site);
    nap(200);
    CHECK(site_status(&site, &(struct ask){"GET", "/readyz"}) == 200);
    site_stop(&site);
}

/* ---------------------------------------------------------------- idling */

static int64_t cpu_ms(void)
{
    struct timespec used;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return used.tv_sec * 1000 + used.tv_nsec / 1000000;
}

/* Connections in every state that a busy hour leaves behind. */
static void leave_behind(const struct site *site, struct wire *wires, size_t count)
{
    static const char *const parts[] = {
        "GET /livez HTTP/1.1\r\nHost: a\r\n\r\n", "", "GET /livez HTTP/1.1\r\nHos",
        ("POST /v1/p/acme/contact/evaluate HTTP/1.1\r\nHost: a\r\n"
         "Content-Type: application/json\r\nContent-Length: 14\r\n\r\n{")};
    for (size_t i = 0; i < count; i++) {
        CHECK(wire_open(&wires[i], site->port));
        CHECK(wire_send(&wires[i], str_of(parts[i % 4])));
        if (i % 8 >= 6) shutdown(wires[i].fd, SHUT_WR);
    }
}

static void work_a_little(const struct site *site)
{
    for (int i = 0; i < 300; i++) {
        char key[64];
        snprintf(key, sizeof key, "Idempotency-Key: idle-test-key-%06d\r\n", i);
        unsigned status = site_status(
            site, &(struct ask){"POST", "/v1/p/acme/contact/submissions", NULL, key,
                                .body = STR("{\"answers\":{\"name\":\"Ada\",\"age\":36}}")});
        CHECK(status == 201);
    }
}

/* Under 1 % of one core, over three seconds, sanitizers and all. */
static void who_has_nothing_to_do_does_nothing(void)
{
    enum { LEFT = 64, SECONDS = 3 };
    struct site site;
    struct wire wires[LEFT];
    site_start(&site, &(struct server_options){.event_threads = 2});
    publish(&site);
    work_a_little(&site);
    leave_behind(&site, wires, LEFT);
    nap(1500);
    int64_t before = cpu_ms();
    nap(SECONDS * 1000);
    int64_t used = cpu_ms() - before;
    if (used >= SECONDS * 10) fprintf(stderr, "%d ms of CPU in %d s\n", (int)used, SECONDS);
    CHECK(used < SECONDS * 10);
    for (int i = 0; i < LEFT; i++) wire_close(&wires[i]);
    site_stop(&site);
}

int main(void)
{
    an_event_thread_that_hangs_is_told_at_the_other_door();
    rules_that_nobody_needs_leave_memory_by_themselves();
    what_requests_were_made_of_is_kept_for_so_many();
    a_disk_that_is_nearly_full_makes_it_unready();
    who_has_nothing_to_do_does_nothing();
    return TEST_RESULT();
}
