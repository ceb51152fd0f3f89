/* Many at once: what each of them is told is true afterwards. */
#define _GNU_SOURCE
#include "tests/http/site.h"
#include "tests/test.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

enum { THREADS = 12, ROUNDS = 60 };

struct crowd {
    struct site site;
    char publisher[256], reader[256];
    atomic_int stored, replayed, refused, wrong, published, running;
    struct buf bodies[THREADS]; /* what each of a storm was told */
};

struct one {
    struct crowd *crowd;
    int number;
};

static void begin(struct crowd *crowd)
{
    memset(crowd, 0, sizeof *crowd);
    site_start(&crowd->site, &(struct server_options){.event_threads = 2, .crew_threads = 4});
    site_tenant(&crowd->site, "acme");
    site_token(&crowd->site, "acme", "publisher", crowd->publisher);
    site_token(&crowd->site, "acme", "reader", crowd->reader);
    site_publish(&crowd->site, "acme", "contact", crowd->publisher, site_contact_form);
}

static void run(struct crowd *crowd, void *(*work)(void *))
{
    pthread_t threads[THREADS];
    struct one ones[THREADS];
    for (int i = 0; i < THREADS; i++) {
        ones[i] = (struct one){crowd, i};
        CHECK(pthread_create(&threads[i], NULL, work, &ones[i]) == 0);
    }
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
}

/* Every row of the export, and how many different ids there are among `count`. */
static int exported(struct crowd *crowd)
{
    struct answer all =
        site_ask(&crowd->site, &(struct ask){"GET", "/v1/tenants/acme/forms/contact/submissions:export",
                                             crowd->reader});
    CHECK(all.status == 200);
    int lines = 0;
    struct str body = answer_body(&all);
    for (size_t i = 0; i < body.len; i++) lines += body.ptr[i] == '\n';
    answer_release(&all);
    return lines;
}

/* ---------------------------------------------------------------- everybody does something else */

static void submit_one(struct crowd *crowd, struct wire *wire, int thread, int round)
{
    char key[80], body[100];
    snprintf(key, sizeof key, "Idempotency-Key: crowd-%04d-%06d\r\n", thread, round);
    snprintf(body, sizeof body, "{\"answers\":{\"name\":\"T%d\",\"age\":%d}}", thread, 20 + round);
    struct ask ask = {"POST", "/v1/p/acme/contact/submissions", NULL, key, .body = str_of(body)};
    struct answer answer = site_ask_over(wire, &ask);
    atomic_fetch_add(answer.status == 201 ? &crowd->stored : &crowd->wrong, 1);
    answer_release(&answer);
    answer = site_ask_over(wire, &ask);
    atomic_fetch_add(answer.status == 200 ? &crowd->replayed : &crowd->wrong, 1);
    answer_release(&answer);
}

static void expect(struct crowd *crowd, struct wire *wire, const struct ask *ask, unsigned status)
{
    struct answer answer = site_ask_over(wire, ask);
    if (answer.status != status) {
        fprintf(stderr, "%s %s: %u\n", ask->method, ask->path, answer.status);
        atomic_fetch_add(&crowd->wrong, 1);
    }
    answer_release(&answer);
}

static void publish_one(struct crowd *crowd, struct wire *wire, int thread, int round)
{
    char source[400], path[80];
    snprintf(path, sizeof path, "/v1/tenants/acme/forms/own_%d/draft", thread);
    snprintf(source, sizeof source, "edition 2026 form own \"Round %d\" { name: text \"Name %d\" }",
             round, round);
    expect(crowd, wire,
           &(struct ask){"PUT", path, crowd->publisher, round ? "If-Match: *\r\n" : NULL, "text/plain",
                         str_of(source)},
           round ? 200 : 201);
    snprintf(path, sizeof path, "/v1/tenants/acme/forms/own_%d/versions", thread);
    expect(crowd, wire, &(struct ask){"POST", path, crowd->publisher}, 201);
    snprintf(path, sizeof path, "/v1/p/acme/own_%d", thread);
    struct answer answer = site_ask_over(wire, &(struct ask){"GET", path});
    char place[120];
    snprintf(place, sizeof place, "%s/versions/%d", path, round + 1);
    if (strcmp(answer_header(&answer, "Content-Location"), place) != 0) {
        fprintf(stderr, "%s: %s\n", place, answer_header(&answer, "Content-Location"));
        atomic_fetch_add(&crowd->wrong, 1);
    }
    answer_release(&answer);
}

static void *mingle(void *user)
{
    struct one *one = user;
    struct crowd *crowd = one->crowd;
    struct wire wire;
    CHECK(wire_open(&wire, crowd->site.port));
    for (int round = 0; round < ROUNDS; round++) {
        switch (one->number % 4) {
        case 0:
            submit_one(crowd, &wire, one->number, round);
            break;
        case 1:
            expect(crowd, &wire,
                   &(struct ask){"GET", "/v1/p/acme/contact", NULL, "Accept-Encoding: br\r\n"}, 200);
            expect(crowd, &wire,
                   &(struct ask){"GET", "/v1/p/acme/contact", NULL, "If-None-Match: *\r\n"}, 304);
            expect(
                crowd, &wire,
                &(struct ask){"POST", "/v1/p/acme/contact/evaluate", .body = STR("{\"answers\":{}}")},
                200);
            break;
        case 2:
            publish_one(crowd, &wire, one->number, round);
            break;
        case 3:
            expect(crowd, &wire,
                   &(struct ask){"GET", "/v1/tenants/acme/forms/contact/submissions?limit=20",
                                 crowd->reader},
                   200);
            expect(crowd, &wire,
                   &(struct ask){"GET", "/v1/tenants/acme/forms/contact/submissions:export",
                                 crowd->reader},
                   200);
            expect(crowd, &wire, &(struct ask){"GET", "/readyz"}, 200);
            break;
        }
    }
    wire_close(&wire);
    return NULL;
}

static void a_crowd_gets_what_each_would_get_alone(void)
{
    struct crowd crowd;
    begin(&crowd);
    run(&crowd, mingle);
    CHECK(crowd.wrong == 0);
    CHECK(crowd.stored == THREADS / 4 * ROUNDS);
    CHECK(crowd.replayed == crowd.stored);
    CHECK(exported(&crowd) == crowd.stored);
    site_restart(&crowd.site);
    CHECK(exported(&crowd) == crowd.stored);
    site_stop(&crowd.site);
}

/* ---------------------------------------------------------------- everybody does the same */

static void *storm(void *user)
{
    struct one *one = user;
    struct crowd *crowd = one->crowd;
    struct ask ask = {"POST", "/v1/p/acme/contact/submissions", NULL,
                      "Idempotency-Key: the-same-for-all\r\n",
                      .body = STR("{\"answers\":{\"name\":\"Ada\",\"age\":36}}")};
    for (int round = 0; round < ROUNDS; round++) {
        struct answer answer = site_ask(&crowd->site, &ask);
        if (answer.status == 201) atomic_fetch_add(&crowd->stored, 1);
        else if (answer.status == 200) atomic_fetch_add(&crowd->replayed, 1);
        else atomic_fetch_add(&crowd->wrong, 1);
        if (round == 0) {
            buf_init(&crowd->bodies[one->number], mem_heap(), 1 << 20);
            buf_put(&crowd->bodies[one->number], answer_body(&answer));
        }
        answer_release(&answer);
    }
    return NULL;
}

static void of_a_storm_with_one_key_one_is_stored_and_all_hear_the_same(void)
{
    struct crowd crowd;
    begin(&crowd);
    run(&crowd, storm);
    CHECK(crowd.wrong == 0);
    CHECK(crowd.stored == 1);
    CHECK(crowd.replayed == THREADS * ROUNDS - 1);
    CHECK(exported(&crowd) == 1);
    for (int i = 1; i < THREADS; i++)
        CHECK(str_eq(buf_str(&crowd.bodies[i]), buf_str(&crowd.bodies[0])));
    for (int i = 0; i < THREADS; i++) buf_release(&crowd.bodies[i]);
    site_stop(&crowd.site);
}

/* All ask for a form that is in nobody's memory: it is loaded once. */
static void *first_look(void *user)
{
    struct one *one = user;
    unsigned status = site_status(&one->crowd->site, &(struct ask){"GET", "/v1/p/acme/contact"});
    atomic_fetch_add(status == 200 ? &one->crowd->stored : &one->crowd->wrong, 1);
    return NULL;
}

static void a_form_that_all_want_at_once_is_loaded_once(void)
{
    struct crowd crowd;
    begin(&crowd);
    site_restart(&crowd.site);
    run(&crowd, first_look);
    CHECK(crowd.stored == THREADS && crowd.wrong == 0);
    struct answer metrics = site_ask(&crowd.site, &(struct ask){"GET", "/metrics"});
    static const char once[] = "\nformwright_definitions_loaded_total 1\n";
    CHECK(memmem(answer_body(&metrics).ptr, answer_body(&metrics).len, once, sizeof once - 1) != NULL);
    answer_release(&metrics);
    site_stop(&crowd.site);
}

/* ---------------------------------------------------------------- there is not room for all */

static void *push(void *user)
{
    struct one *one = user;
    struct crowd *crowd = one->crowd;
    for (int round = 0; round < ROUNDS; round++) {
        char key[80];
        snprintf(key, sizeof key, "Idempotency-Key: pushed-%04d-%06d\r\n", one->number, round);
        struct answer answer = site_ask(
            &crowd->site, &(struct ask){"POST", "/v1/p/acme/contact/submissions", NULL, key,
                                        .body = STR("{\"answers\":{\"name\":\"Ada\",\"age\":36}}")});
        if (answer.status == 201) {
            atomic_fetch_add(&crowd->stored, 1);
        } else {
            bool told = answer.status == 503 && strcmp(answer_code(&answer), "overloaded") == 0 &&
                        strcmp(answer_header(&answer, "Retry-After"), "1") == 0;
            atomic_fetch_add(told ? &crowd->refused : &crowd->wrong, 1);
        }
        answer_release(&answer);
        answer =
            site_ask(&crowd->site,
                     &(struct ask){"GET", "/v1/tenants/acme/forms/contact/submissions", crowd->reader});
        if (answer.status != 200 && answer.status != 503) atomic_fetch_add(&crowd->wrong, 1);
        atomic_fetch_add(&crowd->replayed, answer.status == 503);
        answer_release(&answer);
    }
    return NULL;
}

static void a_full_queue_says_so_and_loses_nothing(void)
{
    struct crowd crowd;
    begin(&crowd);
    crowd.site.options.crew_threads = crowd.site.options.crew_queue_max = 1;
    crowd.site.options.writer_queue_max = 1;
    site_restart(&crowd.site);
    run(&crowd, push);
    CHECK(crowd.wrong == 0);
    CHECK(crowd.stored > 0 && crowd.stored + crowd.refused == THREADS * ROUNDS);
    CHECK(crowd.refused + crowd.replayed > 0); /* the queues are so small that someone was refused */
    CHECK(exported(&crowd) == crowd.stored);
    site_stop(&crowd.site);
}

/* ---------------------------------------------------------------- they go before they are answered */

static void *leave_early(void *user)
{
    struct one *one = user;
    struct crowd *crowd = one->crowd;
    for (int round = 0; round < ROUNDS; round++) {
        char request[700];
        struct wire wire;
        bool exports = (one->number + round) % 2 == 0;
        static const char body[] = "{\"answers\":{\"name\":\"Ada\",\"age\":36}}";
        int len =
            exports
                ? snprintf(
                      request, sizeof request,
                      "GET /v1/tenants/acme/forms/contact/submissions:export HTTP/1.1\r\nHost: a\r\n"
                      "Authorization: Bearer %s\r\n\r\n",
                      crowd->reader)
                : snprintf(request, sizeof request,
                           "POST /v1/p/acme/contact/submissions HTTP/1.1\r\nHost: a\r\n"
                           "Content-Type: application/json\r\nIdempotency-Key: leaving-%04d-%06d\r\n"
                           "Content-Length: %zu\r\n\r\n%s",
                           one->number, round, sizeof body - 1, body);
        CHECK(wire_open(&wire, crowd->site.port));
        wire_send(&wire, (struct str){request, (size_t)len});
        if (round % 3 == 0) wire_more(&wire, 5);
        wire_close(&wire);
    }
    return NULL;
}

static void who_leaves_early_hurts_nobody(void)
{
    struct crowd crowd;
    begin(&crowd);
    run(&crowd, leave_early);
    CHECK(site_status(&crowd.site, &(struct ask){"GET", "/livez"}) == 200);
    CHECK(exported(&crowd) <= THREADS * ROUNDS);
    struct answer metrics = {.status = 0};
    static const char none[] = "\nformwright_http_in_flight 1\n"; /* the question itself */
    bool quiet = false;
    for (int tries = 0; tries < 200 && !quiet; tries++) {
        metrics = site_ask(&crowd.site, &(struct ask){"GET", "/metrics"});
        quiet =
            memmem(answer_body(&metrics).ptr, answer_body(&metrics).len, none, sizeof none - 1) != NULL;
        answer_release(&metrics);
    }
    CHECK(quiet);
    site_stop(&crowd.site);
}

/* An event loop that spins looks well from outside; its processor time tells. */
static void after_a_crowd_the_server_rests(void)
{
    struct crowd crowd;
    begin(&crowd);
    run(&crowd, leave_early);
    bool rests =
        false; /* once it has done with the crowd, however long a crowded machine lets it take */
    for (int tries = 0; tries < 40 && !rests; tries++) {
        clock_t before = clock();
        nanosleep(&(struct timespec){.tv_nsec = 500000000}, NULL);
        rests = (double)(clock() - before) / CLOCKS_PER_SEC < 0.03;
    }
    CHECK(rests);
    site_stop(&crowd.site);
}

/* ---------------------------------------------------------------- the server goes while they speak */

static void *submit_until_the_end(void *user)
{
    struct one *one = user;
    struct crowd *crowd = one->crowd;
    for (int round = 0; round < 100000; round++) {
        char key[80];
        struct wire wire;
        snprintf(key, sizeof key, "Idempotency-Key: until-%04d-%06d\r\n", one->number, round);
        struct ask ask = {"POST", "/v1/p/acme/contact/submissions", NULL, key,
                          .body = STR("{\"answers\":{\"name\":\"Ada\",\"age\":36}}")};
        if (!wire_open(&wire, crowd->site.port)) {
            wire_close(&wire);
            break;
        }
        struct answer answer = site_ask_over(&wire, &ask);
        if (answer.status == 201) atomic_fetch_add(&crowd->stored, 1);
        else if (answer.status == 503 || answer.status == 0) atomic_fetch_add(&crowd->refused, 1);
        else atomic_fetch_add(&crowd->wrong, 1);
        bool over = answer.status == 0;
        answer_release(&answer);
        wire_close(&wire);
        atomic_fetch_add(&crowd->running, 1);
        if (over) break;
    }
    return NULL;
}

static void what_was_confirmed_before_a_shutdown_is_there_after_it(void)
{
    struct crowd crowd;
    pthread_t threads[THREADS];
    struct one ones[THREADS];
    begin(&crowd);
    for (int i = 0; i < THREADS; i++) {
        ones[i] = (struct one){&crowd, i};
        CHECK(pthread_create(&threads[i], NULL, submit_until_the_end, &ones[i]) == 0);
    }
    while (atomic_load(&crowd.running) < 200) sched_yield();
    server_stop(crowd.site.server);
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    CHECK(server_start(&crowd.site.options, &crowd.site.server) == ST_OK);
    crowd.site.port = server_port(crowd.site.server);
    CHECK(crowd.wrong == 0);
    CHECK(crowd.stored > 0);
    int there = exported(&crowd);
    /* A connection may be cut between the disk and the answer; never the other way round. */
    CHECK(there >= crowd.stored && there <= crowd.stored + crowd.refused);
    site_stop(&crowd.site);
}

int main(void)
{
    a_crowd_gets_what_each_would_get_alone();
    of_a_storm_with_one_key_one_is_stored_and_all_hear_the_same();
    a_form_that_all_want_at_once_is_loaded_once();
    a_full_queue_says_so_and_loses_nothing();
    who_leaves_early_hurts_nobody();
    after_a_crowd_the_server_rests();
    what_was_confirmed_before_a_shutdown_is_there_after_it();
    return TEST_RESULT();
}
