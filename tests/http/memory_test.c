/* Memory runs out at every single point of a request, once: the request is answered properly or not at
 * all, nothing half is stored, and the next one is served as if nothing had been. */
#define _GNU_SOURCE
#include "tests/http/site.h"
#include "tests/test.h"

#include <stdatomic.h>
#include <stdio.h>

/* A heap that says no to the n-th request for more from now on, from whichever thread it comes. */
struct flaky {
    struct mem mem;
    atomic_long countdown; /* 0: says yes */
    atomic_int refusals;
};

static void *flaky_resize(struct mem *self, void *ptr, size_t old_size, size_t new_size)
{
    struct flaky *flaky = (struct flaky *)(void *)self;
    if (new_size > old_size && atomic_load(&flaky->countdown) > 0 &&
        atomic_fetch_sub(&flaky->countdown, 1) == 1) {
        atomic_fetch_add(&flaky->refusals, 1);
        return NULL;
    }
    return mem_heap()->resize(mem_heap(), ptr, old_size, new_size);
}

struct world {
    struct site site;
    struct flaky flaky;
    char publisher[256], reader[256];
    int keys;
};

static void begin(struct world *world)
{
    world->flaky.mem.resize = flaky_resize;
    site_start(&world->site, &(struct server_options){
                                 .mem = &world->flaky.mem, .event_threads = 1, .crew_threads = 1});
    site_tenant(&world->site, "acme");
    site_token(&world->site, "acme", "publisher", world->publisher);
    site_token(&world->site, "acme", "reader", world->reader);
    site_publish(&world->site, "acme", "contact", world->publisher, site_contact_form);
}

/* The same question with memory failing at each point in turn, until it does not fail any more. */
static void starve(struct world *world, const struct ask *ask, unsigned status, bool fresh_key)
{
    bool reached = true;
    for (long n = 1; reached && n < 400; n++) {
        char key[80];
        struct ask question = *ask;
        snprintf(key, sizeof key, "Idempotency-Key: memory-key-%08d\r\n", world->keys);
        if (fresh_key) {
            question.headers = key;
            world->keys++;
        }
        int before = atomic_load(&world->flaky.refusals);
        atomic_store(&world->flaky.countdown, n);
        struct answer answer = site_ask(&world->site, &question);
        atomic_store(&world->flaky.countdown, 0);
        reached = atomic_load(&world->flaky.refusals) > before;
        bool fine = answer.status == status || answer.status == 503 || answer.status == 0;
        if (!fine)
            fprintf(stderr, "%s %s at %ld: %u %s\n", ask->method, ask->path, n, answer.status,
                    answer_code(&answer));
        CHECK(fine && (reached || answer.status == status));
        answer_release(&answer);
        if (fresh_key) { /* whatever was said: the same again is stored once */
            unsigned again = site_status(&world->site, &question);
            CHECK(again == 200 || again == 201);
        }
    }
    CHECK(!reached);
    CHECK(site_status(&world->site, &(struct ask){"GET", "/v1/p/acme/contact"}) == 200);
}

static void no_request_breaks_the_server(struct world *world)
{
    const struct ask reads[] = {
        {"GET", "/livez"},
        {"GET", "/nowhere"},
        {"GET", "/metrics"},
        {"GET", "/v1/p/acme/contact", NULL, "Accept-Encoding: br\r\n"},
        {"GET", "/v1/p/acme/contact/versions/1"},
        {"GET", "/v1/me", world->reader},
        {"GET", "/v1/tenants/acme/forms", world->reader},
        {"GET", "/v1/tenants/acme/forms/contact/draft", world->reader},
        {"GET", "/v1/tenants/acme/forms/contact/versions/1", world->reader},
        {"GET", "/v1/tenants/acme/forms/contact/submissions?limit=1", world->reader},
        {"GET", "/v1/tenants/acme/forms/contact/submissions:export", world->reader},
        {"GET", "/v1/tenants/acme/forms/contact/submissions:csv", world->reader}};
    for (size_t i = 0; i < sizeof reads / sizeof reads[0]; i++)
        starve(world, &reads[i], i == 1 ? 404 : 200, false);
    starve(
        world,
        &(struct ask){"POST", "/v1/p/acme/contact/evaluate", .body = STR("{\"answers\":{\"age\":7}}")},
        200, false);
    starve(world,
           &(struct ask){"POST", "/v1/tenants/acme/forms:check", world->publisher, NULL, "text/plain",
                         str_of(site_contact_form)},
           200, false);
}

static void no_submission_is_stored_twice_or_half(struct world *world)
{
    starve(world,
           &(struct ask){"POST", "/v1/p/acme/contact/submissions",
                         .body = STR("{\"answers\":{\"name\":\"Ada\",\"age\":36}}")},
           201, true);
    struct answer all =
        site_ask(&world->site, &(struct ask){"GET", "/v1/tenants/acme/forms/contact/submissions:export",
                                             world->reader});
    int lines = 0;
    for (size_t i = 0; i < answer_body(&all).len; i++) lines += answer_body(&all).ptr[i] == '\n';
    CHECK(all.status == 200 && lines == world->keys);
    answer_release(&all);
}

static void no_publication_is_half_there(struct world *world)
{
    char source[200];
    const char *draft = "/v1/tenants/acme/forms/starved/draft",
               *versions = "/v1/tenants/acme/forms/starved/versions";
    uint32_t published = 0;
    for (long n = 1; n < 400; n += 7) {
        snprintf(source, sizeof source, "edition 2026 form starved \"N %ld\" { name: text }", n);
        struct ask put = {
            "PUT",        draft,         world->publisher, n == 1 ? NULL : "If-Match: *\r\n",
            "text/plain", str_of(source)};
        CHECK(site_status(&world->site, &put) < 300);
        atomic_store(&world->flaky.countdown, n);
        struct answer answer =
            site_ask(&world->site, &(struct ask){"POST", versions, world->publisher});
        atomic_store(&world->flaky.countdown, 0);
        CHECK(answer.status == 201 || answer.status == 503 || answer.status == 0);
        answer_release(&answer);
        answer = site_ask(&world->site, &(struct ask){"POST", versions, world->publisher});
        CHECK(answer.status == 201 || answer.status == 200);
        CHECK(answer_int(&answer, "/version") == ++published); /* not one too many, not one too few */
        answer_release(&answer);
        CHECK(site_status(&world->site, &(struct ask){"GET", "/v1/p/acme/starved"}) == 200);
    }
}

int main(void)
{
    struct world world = {.keys = 0};
    begin(&world);
    no_request_breaks_the_server(&world);
    no_submission_is_stored_twice_or_half(&world);
    no_publication_is_half_there(&world);
    site_stop(&world.site);
    return TEST_RESULT();
}
