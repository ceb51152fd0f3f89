/* Who may do what: every route × every kind of token × own, foreign and absent tenant. The wanted
 * answer is computed from route.def, so a new route is in the test the moment it is in the table. */
#define _GNU_SOURCE
#include "server/bearer.h"
#include "server/route.h"
#include "tests/http/site.h"
#include "tests/test.h"

#include <stdio.h>

enum holder { NOBODY, GARBLED, REVOKED, OPERATOR, PUBLISHER, READER, SUBMITTER, HOLDERS };
static const char *const holder_names[] = {"nobody",    "garbled", "revoked",  "operator",
                                           "publisher", "reader",  "submitter"};
static const unsigned holder_bits[] = {
    0, 0, 0, ACCESS_OPERATOR, ACCESS_PUBLISHER, ACCESS_READER, ACCESS_SUBMITTER};

static const char *const tenants[] = {"acme", "other", "nowhere"};
enum place { OWN, FOREIGN, ABSENT };

struct world {
    struct site site;
    char tokens[HOLDERS][256];
};

static void make_revoked(struct world *world)
{
    char path[200];
    site_token(&world->site, "acme", "publisher", world->tokens[REVOKED]);
    struct answer me = site_ask(&world->site, &(struct ask){"GET", "/v1/me", world->tokens[REVOKED]});
    snprintf(path, sizeof path, "/v1/tenants/acme/tokens/%s", answer_text(&me, "/token"));
    answer_release(&me);
    CHECK(site_status(&world->site, &(struct ask){"DELETE", path, world->site.operator_token,
                                                  "Audit-Reason: for the test\r\n"}) == 204);
}

static void begin(struct world *world)
{
    char other[256];
    site_start(&world->site, NULL);
    site_tenant(&world->site, "acme");
    site_tenant(&world->site, "other");
    snprintf(world->tokens[OPERATOR], 256, "%s", world->site.operator_token);
    site_token(&world->site, "acme", "publisher", world->tokens[PUBLISHER]);
    site_token(&world->site, "acme", "reader", world->tokens[READER]);
    site_token(&world->site, "acme", "submitter", world->tokens[SUBMITTER]);
    site_token(&world->site, "other", "publisher", other);
    make_revoked(world);
    /* Right in form, wrong in one letter of the secret. */
    snprintf(world->tokens[GARBLED], 256, "%s", world->tokens[PUBLISHER]);
    char *letter = world->tokens[GARBLED] + strlen(world->tokens[GARBLED]) / 2;
    *letter = *letter == 'a' ? 'b' : 'a';
    site_publish(&world->site, "acme", "contact", world->tokens[PUBLISHER], site_contact_form);
    site_publish(&world->site, "other", "contact", other, site_contact_form);
}

/* The pattern with its braces filled. */
static void fill_path(const char *pattern, const char *tenant, char *ret_path, size_t room)
{
    static const struct {
        const char *name, *value;
    } values[] = {{"{form}", "contact"}, {"{version}", "1"}, {"{id}", "sub_019bc1f2"}};
    size_t len = 0;
    while (*pattern && len + 1 < room) {
        const char *value = NULL;
        size_t taken = 0;
        if (strncmp(pattern, "{tenant}", 8) == 0) value = tenant, taken = 8;
        for (size_t i = 0; !value && i < 3; i++) {
            taken = strlen(values[i].name);
            if (strncmp(pattern, values[i].name, taken) == 0) value = values[i].value;
        }
        if (!value) {
            ret_path[len++] = *pattern++;
            continue;
        }
        len += (size_t)snprintf(ret_path + len, room - len, "%s", value);
        pattern += taken;
    }
    ret_path[len] = '\0';
}

static struct answer ask(struct world *world, const struct route *route, const char *path,
                         enum holder holder)
{
    struct ask question = {method_name(route->method), path,
                           holder == NOBODY ? NULL : world->tokens[holder],
                           "Idempotency-Key: 0123456789abcdef\r\n"};
    if (route->body == ROUTE_BODY_JSON)
        question.body = STR("{\"x\":1}"); /* passes every door, then is refused */
    if (route->body == ROUTE_BODY_SOURCE) {
        question.type = "text/plain";
        question.body = STR("x");
        question.headers = "If-None-Match: *\r\n";
    }
    return site_ask(&world->site, &question);
}

/* 0: through the door, whatever comes then. */
static unsigned wanted_status(const struct route *route, enum holder holder, bool has_tenant,
                              enum place place)
{
    bool token_welcome = route->number == ROUTE_submission_post || route->number == ROUTE_evaluate_post;
    bool known = holder >= OPERATOR;
    unsigned access = route->access;
    if (access == ACCESS_PUBLIC) {
        if (!token_welcome || holder == NOBODY)
            return place == ABSENT && has_tenant && !token_welcome ? 404 : 0;
        access = ACCESS_PUBLISHER | ACCESS_READER | ACCESS_SUBMITTER;
    }
    if (!known) return 401;
    if (has_tenant && holder != OPERATOR && place != OWN) return 404;
    return access & holder_bits[holder] ? 0 : 403;
}

static bool check_one(struct world *world, const struct route *route, enum holder holder,
                      enum place place)
{
    char path[300];
    bool has_tenant = strstr(route->pattern, "{tenant}") != NULL;
    fill_path(route->pattern, tenants[place], path, sizeof path);
    struct answer answer = ask(world, route, path, holder);
    unsigned wanted = wanted_status(route, holder, has_tenant, place);
    bool good =
        wanted ? answer.status == wanted
               : answer.status && answer.status != 401 && answer.status != 403 && answer.status < 500;
    if (!good)
        fprintf(stderr, "%s %s by %s: %u, wanted %u\n", route->name, path, holder_names[holder],
                answer.status, wanted);
    answer_release(&answer);
    return good;
}

static void every_route_lets_in_those_it_names_and_nobody_else(struct world *world)
{
    unsigned count = 0;
    for (int i = 0; i < ROUTE_COUNT; i++) {
        bool has_tenant = strstr(routes[i].pattern, "{tenant}") != NULL;
        for (int holder = 0; holder < HOLDERS; holder++) {
            for (int place = 0; place <= (has_tenant ? ABSENT : OWN); place++) {
                CHECK(check_one(world, &routes[i], (enum holder)holder, (enum place)place));
                count++;
            }
        }
    }
    CHECK(count > 400);
}

/* Head and body without what differs between any two answers, and with the tenant's name made neutral.
 */
static void neutral(const struct answer *answer, const char *tenant, struct buf *out)
{
    struct buf all;
    buf_init(&all, mem_heap(), 1 << 20);
    buf_put(&all, buf_str(&answer->reply.head));
    buf_put(&all, buf_str(&answer->reply.body));
    size_t tenant_len = strlen(tenant);
    for (size_t i = 0; i < all.len;) {
        size_t left = all.len - i;
        if (left > 6 && memcmp(all.ptr + i, "Date: ", 6) == 0) {
            while (all.ptr[i] != '\n') i++;
        } else if (left > 15 && memcmp(all.ptr + i, "Content-Length:", 15) == 0) {
            while (all.ptr[i] != '\n') i++; /* the path is in the body */
        } else if (left > 40 && memcmp(all.ptr + i, "req_", 4) == 0) {
            i += 40;
        } else if (left > tenant_len && memcmp(all.ptr + i, tenant, tenant_len) == 0) {
            buf_putc(out, '*');
            i += tenant_len;
        } else {
            buf_putc(out, all.ptr[i++]);
        }
    }
    buf_release(&all);
}

static void a_foreign_tenant_looks_like_one_that_is_not_there(struct world *world)
{
    for (int i = 0; i < ROUTE_COUNT; i++) {
        if (routes[i].access == ACCESS_PUBLIC || !strstr(routes[i].pattern, "{tenant}")) continue;
        for (int holder = PUBLISHER; holder <= SUBMITTER; holder++) {
            struct buf texts[2];
            for (int place = FOREIGN; place <= ABSENT; place++) {
                char path[300];
                fill_path(routes[i].pattern, tenants[place], path, sizeof path);
                struct answer answer = ask(world, &routes[i], path, (enum holder)holder);
                CHECK(answer.status == 404);
                buf_init(&texts[place - FOREIGN], mem_heap(), 1 << 20);
                neutral(&answer, tenants[place], &texts[place - FOREIGN]);
                answer_release(&answer);
            }
            CHECK(texts[0].len > 50 && str_eq(buf_str(&texts[0]), buf_str(&texts[1])));
            buf_release(&texts[0]);
            buf_release(&texts[1]);
        }
    }
}

static void a_token_must_come_as_one_bearer_token(struct world *world)
{
    char header[600];
    const char *token = world->tokens[READER];
    static const struct {
        const char *format;
        unsigned status;
    } forms[] = {{"Authorization: Bearer %s\r\n", 200},
                 {"Authorization: bearer %s\r\n", 200},
                 {"authorization: BEARER %s\r\n", 200},
                 {"Authorization: Basic %s\r\n", 401},
                 {"Authorization: %s\r\n", 401},
                 {"Authorization: Bearer\r\nX-Token: %s\r\n", 401},
                 {"Authorization: Bearer %sx\r\n", 401},
                 {"Authorization: Bearer x%s\r\n", 401},
                 {"Authorization: Bearer \"%s\"\r\n", 401},
                 {"Cookie: token=%s\r\n", 401},
                 {"X-Authorization: Bearer %s\r\n", 401},
                 {"Proxy-Authorization: Bearer %s\r\n", 401}};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        snprintf(header, sizeof header, forms[i].format, token);
        unsigned status = site_status(&world->site, &(struct ask){"GET", "/v1/me", NULL, header});
        if (status != forms[i].status) fprintf(stderr, "%s: %u\n", forms[i].format, status);
        CHECK(status == forms[i].status);
    }
    char path[400];
    snprintf(path, sizeof path, "/v1/me?access_token=%s", token);
    CHECK(site_status(&world->site, &(struct ask){"GET", path}) == 401);
}

static void nobody_becomes_an_operator_over_http(struct world *world)
{
    for (int holder = OPERATOR; holder <= PUBLISHER; holder++) {
        struct ask wish = {"POST", "/v1/tenants/acme/tokens", world->tokens[holder],
                           .body = STR("{\"role\":\"operator\"}")};
        CHECK(site_status(&world->site, &wish) == 400);
    }
}

static void an_expired_token_is_no_token(struct world *world)
{
    struct ask wish = {"POST", "/v1/tenants/acme/tokens", world->tokens[PUBLISHER],
                       .body = STR("{\"role\":\"reader\",\"expires_at\":\"2020-01-01T00:00:00Z\"}")};
    struct answer made = site_ask(&world->site, &wish);
    if (made.status == 201)
        CHECK(site_status(&world->site, &(struct ask){"GET", "/v1/me", answer_text(&made, "/token")}) ==
              401);
    else CHECK(made.status == 422); /* refused to make one that is over already */
    answer_release(&made);
}

int main(void)
{
    struct world world = {.tokens = {""}};
    begin(&world);
    every_route_lets_in_those_it_names_and_nobody_else(&world);
    a_foreign_tenant_looks_like_one_that_is_not_there(&world);
    a_token_must_come_as_one_bearer_token(&world);
    nobody_becomes_an_operator_over_http(&world);
    an_expired_token_is_no_token(&world);
    site_stop(&world.site);
    return TEST_RESULT();
}
