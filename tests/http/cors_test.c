/* Which pages of other sites may read what, and that every answer carries the id of its request. */
#define _GNU_SOURCE
#include "base/limits.h"
#include "server/cors.h"
#include "tests/http/site.h"
#include "tests/test.h"

#include <stdio.h>
#include <string.h>

#define SHOP "https://shop.example.org"
#define LOCAL "http://localhost:3000"
#define FROM_SHOP "Origin: " SHOP "\r\n"
#define FROM_OTHER "Origin: https://example.com\r\n"
#define KEY "Idempotency-Key: 0123456789abcdef\r\n"
#define BODY STR("{\"answers\":{\"name\":\"Ada\",\"age\":36}}")

struct world {
    struct site site;
    char publisher[256];
};

/* One line of several may say what the answer varies by; empty: none speaks of the origin or of the
 * encoding. */
static bool varies_by(const struct answer *answer, const char *what)
{
    struct str head = buf_str(&answer->reply.head);
    char line[64];
    int len = snprintf(line, sizeof line, "\r\nVary: %s\r\n", what);
    if (what[0]) return memmem(head.ptr, head.len, line, (size_t)len) != NULL;
    return !varies_by(answer, "Origin") && !varies_by(answer, "Accept-Encoding");
}

/* Both headers that matter, as "allow vary". */
static void look(struct world *world, const struct ask *ask, unsigned status, const char *allow,
                 const char *vary)
{
    struct answer answer = site_ask(&world->site, ask);
    CHECK(answer.status == status);
    CHECK(strcmp(answer_header(&answer, "Access-Control-Allow-Origin"), allow) == 0);
    CHECK(varies_by(&answer, vary));
    CHECK(answer_header(&answer, "Access-Control-Allow-Credentials")[0] == '\0');
    if (strcmp(answer_header(&answer, "Access-Control-Allow-Origin"), allow) != 0)
        fprintf(stderr, "%s %s\n", ask->method, ask->path);
    answer_release(&answer);
}

static void definitions_are_for_every_page(struct world *world)
{
    look(world, &(struct ask){"GET", "/v1/p/acme/contact", NULL, FROM_OTHER}, 200, "*",
         "Accept-Encoding");
    look(world, &(struct ask){"GET", "/v1/p/acme/contact"}, 200, "*", "Accept-Encoding");
    look(world, &(struct ask){"GET", "/v1/p/acme/nothing", NULL, FROM_OTHER}, 404, "*", "");
    look(world, &(struct ask){"OPTIONS", "/v1/p/acme/contact", NULL, FROM_OTHER}, 204, "*", "");
}

static void listed_pages_may_submit_and_others_do_not_hear_the_answer(struct world *world)
{
    static const char submit[] = "/v1/p/acme/contact/submissions",
                      judge[] = "/v1/p/acme/contact/evaluate";
    look(world, &(struct ask){"POST", submit, NULL, FROM_SHOP KEY, .body = BODY}, 201, SHOP, "Origin");
    look(world, &(struct ask){"POST", submit, NULL, "Origin: " LOCAL "\r\n" KEY, .body = BODY}, 200,
         LOCAL, "Origin");
    look(world, &(struct ask){"POST", submit, NULL, FROM_OTHER KEY, .body = BODY}, 200, "", "Origin");
    look(world, &(struct ask){"POST", submit, NULL, KEY, .body = BODY}, 200, "", "Origin");
    look(world, &(struct ask){"POST", judge, NULL, FROM_SHOP, .body = BODY}, 200, SHOP, "Origin");
    look(world, &(struct ask){"POST", judge, NULL, FROM_SHOP, .body = STR("{")}, 400, SHOP, "Origin");
    look(world, &(struct ask){"POST", submit, NULL, FROM_SHOP, "text/plain", BODY}, 415, SHOP,
         "Origin");
    static const char *const near[] = {"Origin: https://shop.example.org.evil.com\r\n" KEY,
                                       "Origin: https://shop.example.orgx\r\n" KEY,
                                       "Origin: http://shop.example.org\r\n" KEY,
                                       "Origin: https://SHOP.example.org\r\n" KEY,
                                       "Origin: https://shop.example.org:443\r\n" KEY,
                                       "Origin: https://shop.example.org/\r\n" KEY,
                                       "Origin: shop.example.org\r\n" KEY,
                                       "Origin: null\r\n" KEY,
                                       "Origin: *\r\n" KEY,
                                       "Origin:\r\n" KEY,
                                       "Origin: " SHOP " " LOCAL "\r\n" KEY};
    for (size_t i = 0; i < sizeof near / sizeof *near; i++)
        look(world, &(struct ask){"POST", submit, NULL, near[i], .body = BODY}, 200, "", "Origin");
}

static void a_browser_that_asks_first_is_told(struct world *world)
{
    struct answer answer = site_ask(
        &world->site, &(struct ask){"OPTIONS", "/v1/p/acme/contact/submissions", NULL,
                                    FROM_SHOP "Access-Control-Request-Method: POST\r\n"
                                              "Access-Control-Request-Headers: content-type\r\n"});
    CHECK(answer.status == 204);
    CHECK(strcmp(answer_header(&answer, "Access-Control-Allow-Origin"), SHOP) == 0);
    CHECK(strcmp(answer_header(&answer, "Access-Control-Allow-Methods"), "POST") == 0);
    CHECK(strstr(answer_header(&answer, "Access-Control-Allow-Headers"), "Idempotency-Key") != NULL);
    CHECK(strcmp(answer_header(&answer, "Vary"), "Origin") == 0);
    answer_release(&answer);
    look(world, &(struct ask){"OPTIONS", "/v1/p/acme/contact/submissions", NULL, FROM_OTHER}, 204, "",
         "Origin");
    look(world, &(struct ask){"OPTIONS", "/v1/p/acme/contact/submissions"}, 204, "", "");
}

static void management_is_for_no_page(struct world *world)
{
    static const char *const paths[] = {"/v1/me", "/v1/tenants", "/v1/tenants/acme/forms",
                                        "/v1/tenants/acme/forms/contact/submissions"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        look(world, &(struct ask){"GET", paths[i], world->publisher, FROM_SHOP},
             strcmp(paths[i], "/v1/tenants") == 0 ? 403 : 200, "", "");
        look(world, &(struct ask){"OPTIONS", paths[i], NULL, FROM_SHOP}, 204, "", "");
    }
    look(world, &(struct ask){"GET", "/nowhere", NULL, FROM_SHOP}, 404, "", "");
}

static void without_a_list_no_page_may_submit(void)
{
    struct world world;
    site_start(&world.site, NULL);
    site_tenant(&world.site, "acme");
    site_token(&world.site, "acme", "publisher", world.publisher);
    site_publish(&world.site, "acme", "contact", world.publisher, site_contact_form);
    look(&world,
         &(struct ask){"POST", "/v1/p/acme/contact/submissions", NULL, FROM_SHOP KEY, .body = BODY},
         201, "", "Origin");
    site_stop(&world.site);
}

static void an_origin_is_written_as_browsers_write_it(void)
{
    static const char *const good[] = {"", SHOP, SHOP " " LOCAL, " " SHOP "  " LOCAL " ",
                                       "http://[::1]:8080"};
    static const char *const bad[] = {"*",           "null",         "shop.example.org", "https://",
                                      SHOP "/",      SHOP "/path",   "https://Shop.org", SHOP "," LOCAL,
                                      "ftp://a.org", "https://a@b.c"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) CHECK(cors_origins(good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) CHECK(!cors_origins(bad[i]));
    struct buf many;
    buf_init(&many, mem_heap(), 1 << 16);
    for (int i = 0; i < limit(CORS_ORIGINS); i++) buf_puts(&many, SHOP " ");
    buf_putc(&many, '\0');
    CHECK(cors_origins(many.ptr));
    many.len--;
    buf_puts(&many, SHOP);
    buf_putc(&many, '\0');
    CHECK(!cors_origins(many.ptr));
    buf_release(&many);
}

static void every_answer_carries_an_id_of_its_own(struct world *world)
{
    static const char *const cached = "If-None-Match: *\r\n";
    const struct ask asks[] = {
        {"GET", "/v1/p/acme/contact"},
        {"GET", "/v1/p/acme/contact"},
        {"HEAD", "/v1/p/acme/contact"},
        {"GET", "/v1/p/acme/contact", NULL, cached},
        {"GET", "/v1/p/acme/contact", NULL, "Accept-Encoding: br\r\n"},
        {"GET", "/v1/p/acme/contact/versions/1"},
        {"GET", "/v1/p/acme/contact/versions/1", NULL, cached},
        {"GET", "/v1/openapi.json"},
        {"GET", "/v1/openapi.json", NULL, cached},
        {"GET", "/livez"},
        {"GET", "/metrics"},
        {"GET", "/nowhere"},
        {"OPTIONS", "/livez"},
        {"DELETE", "/livez"},
        {"BREW", "/livez"},
        {"GET", "/%00"},
        {"GET", "/v1/me", world->publisher},
        {"POST", "/v1/p/acme/contact/submissions", NULL, KEY, .body = BODY},
    };
    enum { COUNT = sizeof asks / sizeof *asks };
    char ids[COUNT][64];
    for (size_t i = 0; i < COUNT; i++) {
        struct answer answer = site_ask(&world->site, &asks[i]);
        CHECK(answer.status && wire_header_count(&answer.reply, "X-Request-Id") == 1);
        snprintf(ids[i], sizeof ids[i], "%s", answer_header(&answer, "X-Request-Id"));
        CHECK(strncmp(ids[i], "req_", 4) == 0 && strlen(ids[i]) == 40);
        for (size_t j = 0; j < i; j++) CHECK(strcmp(ids[i], ids[j]) != 0);
        answer_release(&answer);
    }
}

int main(void)
{
    struct world world;
    site_start(&world.site, &(struct server_options){.cors_origins = SHOP " " LOCAL});
    site_tenant(&world.site, "acme");
    site_token(&world.site, "acme", "publisher", world.publisher);
    site_publish(&world.site, "acme", "contact", world.publisher, site_contact_form);
    definitions_are_for_every_page(&world);
    listed_pages_may_submit_and_others_do_not_hear_the_answer(&world);
    a_browser_that_asks_first_is_told(&world);
    management_is_for_no_page(&world);
    every_answer_carries_an_id_of_its_own(&world);
    site_stop(&world.site);
    without_a_list_no_page_may_submit();
    an_origin_is_written_as_browsers_write_it();
    return TEST_RESULT();
}
