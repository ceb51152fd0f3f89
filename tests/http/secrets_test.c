/* What must not be told: answers, tokens and queries appear in no log, no metric and no answer to
 * anybody else. */
#define _GNU_SOURCE
#include "tests/http/site.h"
#include "tests/test.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#define CANARY "canary-in-the-answers"
#define QUERY_CANARY "canary-in-the-query"

struct world {
    struct site site;
    struct log log, access_log;
    char log_path[64], publisher[256], reader[256];
};

static void begin(struct world *world)
{
    snprintf(world->log_path, sizeof world->log_path, "secrets-log-XXXXXX");
    int fd = mkstemp(world->log_path);
    CHECK(fd >= 0);
    log_init(&world->log, clock_system(), fd, LOG_DEBUG);
    log_init(&world->access_log, clock_system(), fd, LOG_DEBUG);
    site_start(&world->site,
               &(struct server_options){.log = &world->log, .access_log = &world->access_log});
    site_tenant(&world->site, "acme");
    site_token(&world->site, "acme", "publisher", world->publisher);
    site_token(&world->site, "acme", "reader", world->reader);
    site_publish(&world->site, "acme", "contact", world->publisher, site_contact_form);
}

static struct str read_log(const struct world *world, struct arena *arena)
{
    off_t size = lseek(world->log.fd, 0, SEEK_END);
    char *text = arena_alloc(arena, (size_t)size);
    CHECK(text && pread(world->log.fd, text, (size_t)size, 0) == size);
    return (struct str){text, (size_t)size};
}

static bool holds(struct str text, const char *what)
{
    return memmem(text.ptr, text.len, what, strlen(what)) != NULL;
}

/* Good, bad and broken: whatever becomes of a request, its content is nobody's business. */
static void speak(struct world *world)
{
    static const struct {
        const char *body;
        unsigned status;
    } rows[] = {{"{\"answers\":{\"name\":\"" CANARY "\",\"age\":36}}", 201},
                {"{\"answers\":{\"note\":\"" CANARY "\",\"age\":-1}}", 422},
                {"{\"answers\":{\"" CANARY "\":1}}", 422},
                {"{\"answers\":{\"name\":\"" CANARY "\"", 400},
                {"{\"answers\":{},\"" CANARY "\":1}", 400}};
    char key[80];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        snprintf(key, sizeof key, "Idempotency-Key: secret-key-%08zu\r\n", i);
        struct ask ask = {"POST", "/v1/p/acme/contact/submissions", world->reader, key,
                          .body = str_of(rows[i].body)};
        CHECK(site_status(&world->site, &ask) == rows[i].status);
    }
    CHECK(site_status(&world->site, &(struct ask){"GET", "/v1/p/acme/contact?x=" QUERY_CANARY}) == 400);
    CHECK(site_status(&world->site, &(struct ask){"GET", "/f/acme/contact?invitation=" QUERY_CANARY}) ==
          200);
    struct ask invited = {
        "POST", "/v1/p/acme/contact/submissions", NULL, "Idempotency-Key: secret-key-invited\r\n",
        .body = STR("{\"answers\":{\"name\":\"Ada\"},\"meta\":{\"invitation\":\"" CANARY "\"}}")};
    CHECK(site_status(&world->site, &invited) == 422);
    CHECK(site_status(&world->site, &(struct ask){"GET", "/v1/tenants/acme/forms/contact/submissions",
                                                  world->reader}) == 200);
    CHECK(site_status(&world->site,
                      &(struct ask){"GET", "/v1/me", "fmd_reader_wrong_secret_" CANARY}) == 401);
    CHECK(site_status(&world->site, &(struct ask){"GET", "/nowhere/" QUERY_CANARY, world->publisher}) ==
          404);
}

#define TRACE "4bf92f3577b34da6a3ce929d0e0e4736"

static void say_traces(struct world *world)
{
    CHECK(site_status(&world->site,
                      &(struct ask){"GET", "/livez", NULL,
                                    "Traceparent: 00-" TRACE "-00f067aa0ba902b7-01\r\n"}) == 200);
    CHECK(site_status(&world->site, &(struct ask){"GET", "/livez", NULL,
                                                  "traceparent: 00-canary-00f067aa0ba902b7-01\r\n"}) ==
          200);
}

static void the_metrics_tell_nothing(struct world *world)
{
    struct answer metrics = site_ask(&world->site, &(struct ask){"GET", "/metrics"});
    CHECK(metrics.status == 200 && !holds(answer_body(&metrics), "canary") &&
          !holds(answer_body(&metrics), "acme"));
    answer_release(&metrics);
}

static void an_answer_repeats_no_token(struct world *world)
{
    struct answer me = site_ask(&world->site, &(struct ask){"GET", "/v1/me", world->reader});
    CHECK(me.status == 200 && !holds(answer_body(&me), world->reader));
    answer_release(&me);
}

static void the_log_tells_who_did_what_and_no_more(struct world *world)
{
    struct arena arena;
    arena_init(&arena, mem_heap(), 16 << 20);
    struct str log = read_log(world, &arena);
    CHECK(holds(log, "\"msg\":\"listening\"") && holds(log, "\"msg\":\"stopped\""));
    CHECK(holds(log, "\"route\":\"submission_post\",\"tenant\":\"acme\",\"status\":201"));
    CHECK(holds(log, "\"route\":\"none\",\"status\":404"));
    CHECK(holds(log, "\"actor\":\""));
    CHECK(holds(log, "\"trace_id\":\"" TRACE "\",\"method\":\"GET\",\"route\":\"livez_get\""));
    CHECK(!holds(log, "canary"));
    CHECK(!holds(log, world->reader) && !holds(log, world->publisher) &&
          !holds(log, world->site.operator_token));
    CHECK(!holds(log, "fmd_"));
    for (size_t at = 0; at < log.len;) { /* each line is JSON of its own */
        const char *end = memchr(log.ptr + at, '\n', log.len - at);
        struct json_value line;
        struct json_error error;
        CHECK(end != NULL);
        if (!end) break;
        struct str text = {log.ptr + at, (size_t)(end - log.ptr) - at};
        CHECK_STATUS(json_read(&arena, text, 8, &line, &error), ST_OK);
        at += text.len + 1;
    }
    arena_release(&arena);
}

int main(void)
{
    struct world world;
    begin(&world);
    speak(&world);
    say_traces(&world);
    the_metrics_tell_nothing(&world);
    an_answer_repeats_no_token(&world);
    site_stop(&world.site);
    the_log_tells_who_did_what_and_no_more(&world);
    close(world.log.fd);
    unlink(world.log_path);
    return TEST_RESULT();
}
