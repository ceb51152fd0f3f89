/* Shutting down: who has begun may end, who is new is told, and it does not take longer than it may. */
#define _GNU_SOURCE
#include "tests/http/site.h"
#include "tests/test.h"

#include <pthread.h>
#include <stdio.h>
#include <time.h>

#define BODY "{\"answers\":{\"name\":\"Ada\",\"age\":36}}"
#define HEAD                                                                                           \
    "POST /v1/p/acme/contact/submissions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"    \
    "Idempotency-Key: 0123456789abcdef\r\n"

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void nap(int ms)
{
    nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000L}, NULL);
}

static void begin(struct site *site, const struct server_options *options)
{
    char publisher[256];
    site_start(site, options);
    site_tenant(site, "acme");
    site_token(site, "acme", "publisher", publisher);
    site_publish(site, "acme", "contact", publisher, site_contact_form);
}

static void *stop(void *user)
{
    server_stop(user);
    return NULL;
}

/* Half a submission is on its way. */
static void send_half(struct wire *wire, uint16_t port)
{
    char head[400];
    int len =
        snprintf(head, sizeof head, HEAD "Content-Length: %zu\r\n\r\n%.10s", sizeof BODY - 1, BODY);
    CHECK(wire_open(wire, port) && wire_send(wire, (struct str){head, (size_t)len}));
    nap(50);
}

static void a_submission_that_has_begun_is_stored(void)
{
    struct site site;
    struct wire half, idle;
    struct wire_reply reply;
    pthread_t stopper;
    begin(&site, NULL);
    CHECK(wire_open(&idle, site.port));
    struct answer before = site_ask_over(&idle, &(struct ask){"GET", "/readyz"});
    CHECK(before.status == 200);
    answer_release(&before);
    send_half(&half, site.port);
    CHECK(pthread_create(&stopper, NULL, stop, site.server) == 0);
    struct answer during = site_ask_over(&idle, &(struct ask){"GET", "/readyz"});
    for (int i = 0; i < 500 && during.status == 200; i++) { /* it has not begun to stop yet */
        nap(20);
        answer_release(&during);
        during = site_ask_over(&idle, &(struct ask){"GET", "/readyz"});
    }
    CHECK(during.status == 503);
    CHECK(strcmp(answer_code(&during), "not-ready") == 0);
    CHECK(answer_count(&during, "/reasons") == 1);
    CHECK(strcmp(answer_header(&during, "Connection"), "close") == 0);
    answer_release(&during);
    CHECK(wire_closes(&idle, 10000));
    CHECK(wire_send(&half, str_of(&BODY[10])));
    bool answered = wire_receive(&half, false, &reply);
    CHECK(answered && reply.status == 201);
    if (answered) wire_reply_release(&reply);
    pthread_join(stopper, NULL);
    wire_close(&half);
    wire_close(&idle);
    CHECK(server_start(&site.options, &site.server) == ST_OK);
    site.port = server_port(site.server);
    CHECK(site_status(&site, &(struct ask){"POST", "/v1/p/acme/contact/submissions", NULL,
                                           "Idempotency-Key: 0123456789abcdef\r\n",
                                           .body = STR(BODY)}) == 200);
    site_stop(&site);
}

/* ---------------------------------------------------------------- a crowd at the end */

enum { CROWD = 24, EACH = 4000 };

struct sender {
    pthread_t thread;
    uint16_t port;
    int number, sent;           /* so many were sent, and the last of them may have no answer */
    unsigned char status[EACH]; /* 1: 201, 2: 503, 3: no answer, 4: anything else */
};

static void key_of(const struct sender *sender, int i, char ret_header[80])
{
    snprintf(ret_header, 80, "Idempotency-Key: drain-under-load-%02d-%05d\r\n", sender->number, i);
}

/* One after the other over one connection, until the server has had enough. */
static void *submit_on_and_on(void *user)
{
    struct sender *sender = user;
    struct wire wire;
    bool open = wire_open(&wire, sender->port);
    for (int i = 0; open && i < EACH; i++) {
        char key[80];
        key_of(sender, i, key);
        struct answer answer =
            site_ask_over(&wire, &(struct ask){"POST", "/v1/p/acme/contact/submissions", NULL, key,
                                               .body = STR(BODY)});
        unsigned status = answer.status;
        sender->status[i] = status == 201 ? 1 : status == 503 ? 2 : status == 0 ? 3 : 4;
        sender->sent = i + 1;
        open = status == 201;
        answer_release(&answer);
    }
    wire_close(&wire);
    return NULL;
}

/* 200: it was there already; 201: it was not. */
static unsigned submit_again(const struct site *site, const struct sender *sender, int i)
{
    char key[80];
    key_of(sender, i, key);
    return site_status(
        site, &(struct ask){"POST", "/v1/p/acme/contact/submissions", NULL, key, .body = STR(BODY)});
}

static void what_was_confirmed_in_a_crowd_is_stored_and_nobody_is_left_hanging(void)
{
    static struct sender senders[CROWD];
    struct site site;
    int confirmed = 0, lost = 0, strange = 0;
    begin(&site, &(struct server_options){
                     .submit_per_minute = 10000000, .address_per_second = 1000000, .event_threads = 2});
    for (int i = 0; i < CROWD; i++) {
        senders[i] = (struct sender){.port = site.port, .number = i};
        CHECK(pthread_create(&senders[i].thread, NULL, submit_on_and_on, &senders[i]) == 0);
    }
    nap(400);
    int64_t begun = now_ms();
    server_stop(site.server);
    CHECK(now_ms() - begun < 5000);
    for (int i = 0; i < CROWD; i++) pthread_join(senders[i].thread, NULL);
    CHECK(server_start(&site.options, &site.server) == ST_OK);
    site.port = server_port(site.server);
    for (int i = 0; i < CROWD; i++) {
        for (int j = 0; j < senders[i].sent; j++) {
            bool last = j + 1 == senders[i].sent;
            confirmed += senders[i].status[j] == 1;
            strange += senders[i].status[j] == 4;
            /* All of the last ones, and some of those before. */
            if (senders[i].status[j] == 1 && (last || j + 2 == senders[i].sent || j % 16 == 0))
                lost += submit_again(&site, &senders[i], j) != 200;
        }
    }
    CHECK(confirmed > CROWD);
    CHECK(lost == 0 && strange == 0);
    site_stop(&site);
}

static void idle_connections_hold_nothing_up(void)
{
    enum { COUNT = 20 };
    struct site site;
    struct wire wires[COUNT];
    begin(&site, NULL);
    for (int i = 0; i < COUNT; i++) {
        CHECK(wire_open(&wires[i], site.port));
        struct answer answer = site_ask_over(&wires[i], &(struct ask){"GET", "/livez"});
        CHECK(answer.status == 200);
        answer_release(&answer);
    }
    int64_t begun = now_ms();
    site_stop(&site);
    CHECK(now_ms() - begun < 3000);
    for (int i = 0; i < COUNT; i++) wire_close(&wires[i]);
}

static void *stop_site(void *site)
{
    site_stop(site);
    return NULL;
}

/* While somebody is still waited for a new connection gets no answer; afterwards there is nobody to
 * connect to. */
static void nobody_new_is_let_in(void)
{
    struct site site;
    struct wire half, late;
    pthread_t stopping;
    begin(&site, &(struct server_options){.drain_ms = 1000});
    uint16_t port = site.port;
    send_half(&half, port);
    CHECK(pthread_create(&stopping, NULL, stop_site, &site) == 0);
    (void)nanosleep(&(struct timespec){.tv_nsec = 300 * 1000000L}, NULL);
    if (wire_open(&late, port)) {
        CHECK(wire_closes(&late, 500));
        wire_close(&late);
    }
    CHECK(pthread_join(stopping, NULL) == 0);
    wire_close(&half);
    CHECK(!wire_open(&late, port));
}

static void who_never_ends_is_not_waited_for_for_ever(void)
{
    struct site site;
    struct wire half;
    begin(&site, &(struct server_options){.drain_ms = 300});
    send_half(&half, site.port);
    int64_t begun = now_ms();
    site_stop(&site);
    int64_t taken = now_ms() - begun;
    CHECK(taken >= 250 && taken < 5000);
    CHECK(wire_closes(&half, 1000));
    wire_close(&half);
}

static void a_second_signal_ends_the_wait(void)
{
    struct site site;
    struct wire half;
    pthread_t stopper;
    begin(&site, &(struct server_options){.drain_ms = 60000});
    send_half(&half, site.port);
    int64_t begun = now_ms();
    struct server *server = site.server;
    CHECK(pthread_create(&stopper, NULL, stop, server) == 0);
    nap(100);
    server_hurry(server);
    pthread_join(stopper, NULL);
    CHECK(now_ms() - begun < 5000);
    wire_close(&half);
    CHECK(server_start(&site.options, &site.server) == ST_OK);
    site_stop(&site);
}

static void a_directory_has_one_server_and_a_port_one_listener(void)
{
    struct site site;
    struct server *second = NULL;
    begin(&site, NULL);
    struct server_options options = site.options;
    CHECK_STATUS(server_start(&options, &second), ST_LOCKED);
    char listen[40];
    snprintf(listen, sizeof listen, "127.0.0.1:%u", (unsigned)site.port);
    options.listen = listen;
    options.directory = "site-of-nobody";
    CHECK_STATUS(server_start(&options, &second), ST_IO);
    static const char *const wrong[] = {
        "", "8080", ":8080", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:123456", "::1:80", "[::1:80"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        options.listen = wrong[i];
        CHECK_STATUS(server_start(&options, &second), ST_INPUT);
    }
    CHECK(second == NULL);
    CHECK(site_status(&site, &(struct ask){"GET", "/livez"}) == 200);
    site_stop(&site);
    CHECK(system("rm -rf site-of-nobody") == 0);
}

int main(void)
{
    a_submission_that_has_begun_is_stored();
    what_was_confirmed_in_a_crowd_is_stored_and_nobody_is_left_hanging();
    idle_connections_hold_nothing_up();
    nobody_new_is_let_in();
    who_never_ends_is_not_waited_for_for_ever();
    a_second_signal_ends_the_wait();
    a_directory_has_one_server_and_a_port_one_listener();
    return TEST_RESULT();
}
