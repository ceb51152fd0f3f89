/* Who may do what: every route × every kind of token × own, foreign, absent, suspended and closed
 * tenant, and every scope of every role. The wanted answer is computed from route.def and scope.def, so
 * a new route or scope is in the test the moment it is in the table. */
#define _GNU_SOURCE
#include "base/civil.h"
#include "base/clock.h"
#include "server/bearer.h"
#include "server/route.h"
#include "tests/http/site.h"
#include "tests/test.h"

#include <stdio.h>
#include <time.h>

enum holder {
    NOBODY,
    GARBLED,
    REVOKED,
    EXPIRED,
    ELSEWHERE,
    OPERATOR,
    PUBLISHER,
    READER,
    SUBMITTER,
    HOLDERS
};
static const char *const holder_names[] = {"nobody",   "garbled",   "revoked", "expired",  "elsewhere",
                                           "operator", "publisher", "reader",  "submitter"};
static const unsigned holder_bits[] = {
    0, 0, 0, 0, 0, ACCESS_OPERATOR, ACCESS_PUBLISHER, ACCESS_READER, ACCESS_SUBMITTER};

enum place { OWN, FOREIGN, ABSENT, SUSPENDED, CLOSED, PLACES };
static const char *const tenants[] = {"acme", "other", "nowhere", "asleep", "gone"};

struct world {
    struct site site;
    char tokens[HOLDERS][256]; /* of acme */
    char asleep[HOLDERS][256]; /* of the suspended tenant: publisher, reader, submitter */
    char gone[256];            /* of the closed one */
};

static void make_token(struct world *world, const char *tenant, const char *wish, char ret_token[256])
{
    char path[100];
    snprintf(path, sizeof path, "/v1/tenants/%s/tokens", tenant);
    struct answer made = site_ask(
        &world->site, &(struct ask){"POST", path, world->site.operator_token, .body = str_of(wish)});
    CHECK(made.status == 201);
    snprintf(ret_token, 256, "%s", answer_text(&made, "/token"));
    answer_release(&made);
}

/* Dead when this returns. */
static void make_expired(struct world *world)
{
    char wish[120], moment[CIVIL_DATETIME_BYTES];
    int64_t until_ms = clock_wall_ms(clock_system()) / 1000 * 1000 + 2000;
    size_t len = civil_format_datetime(until_ms, 0, moment);
    snprintf(wish, sizeof wish, "{\"role\":\"publisher\",\"expires_at\":\"%.*s\"}", (int)len, moment);
    make_token(world, "acme", wish, world->tokens[EXPIRED]);
    CHECK(site_status(&world->site, &(struct ask){"GET", "/v1/me", world->tokens[EXPIRED]}) == 200);
    while (clock_wall_ms(clock_system()) <= until_ms)
        nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
}

static void set_state(struct world *world, const char *tenant, const char *body)
{
    char path[100];
    snprintf(path, sizeof path, "/v1/tenants/%s/state", tenant);
    CHECK(site_status(&world->site,
                      &(struct ask){"POST", path, world->site.operator_token,
                                    "Audit-Reason: for the test\r\n", .body = str_of(body)}) == 200);
}

static void make_asleep_and_gone(struct world *world)
{
    site_tenant(&world->site, "asleep");
    site_tenant(&world->site, "gone");
    site_token(&world->site, "asleep", "publisher", world->asleep[PUBLISHER]);
    site_token(&world->site, "asleep", "reader", world->asleep[READER]);
    site_token(&world->site, "asleep", "submitter", world->asleep[SUBMITTER]);
    site_token(&world->site, "gone", "publisher", world->gone);
    site_publish(&world->site, "asleep", "contact", world->asleep[PUBLISHER], site_contact_form);
    site_publish(&world->site, "gone", "contact", world->gone, site_contact_form);
    CHECK(site_status(&world->site, &(struct ask){"GET", "/v1/me", world->gone}) == 200);
    CHECK(site_status(&world->site, &(struct ask){"GET", "/v1/p/gone/contact"}) == 200);
    set_state(world, "asleep", "{\"to\":\"suspended\"}");
    set_state(world, "gone", "{\"to\":\"closed\"}");
}

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
    make_asleep_and_gone(world);
    make_token(world, "acme", "{\"role\":\"publisher\",\"allow\":[\"10.0.0.0/8\",\"2001:db8::/32\"]}",
               world->tokens[ELSEWHERE]);
    /* Right in form, wrong in one letter of the secret. */
    snprintf(world->tokens[GARBLED], 256, "%s", world->tokens[PUBLISHER]);
    char *letter = world->tokens[GARBLED] + strlen(world->tokens[GARBLED]) / 2;
    *letter = *letter == 'a' ? 'b' : 'a';
    site_publish(&world->site, "acme", "contact", world->tokens[PUBLISHER], site_contact_form);
    site_publish(&world->site, "other", "contact", other, site_contact_form);
    make_expired(world);
}

/* The pattern with its braces filled. */
static void fill_path(const char *pattern, const char *tenant, char *ret_path, size_t room)
{
    static const struct {
        const char *name, *value;
    } values[] = {{"{form}", "contact"}, {"{version}", "1"},    {"{id}", "sub_019bc1f2"},
                  {"{table}", "rates"},  {"{channel}", "live"}, {"{list}", "rates"},
                  {"{language}", "en"},
                  {"{asset}", "formwright.css"}};
    size_t len = 0;
    while (*pattern && len + 1 < room) {
        const char *value = NULL;
        size_t taken = 0;
        if (strncmp(pattern, "{tenant}", 8) == 0) value = tenant, taken = 8;
        for (size_t i = 0; !value && i < sizeof values / sizeof *values; i++) {
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

static struct answer ask_with(struct world *world, const struct route *route, const char *path,
                              const char *token)
{
    struct ask question = {method_name(route->method), path, token,
                           "Idempotency-Key: 0123456789abcdef\r\nAudit-Reason: to see\r\n"};
    if (route->body == ROUTE_BODY_JSON)
        question.body = STR("{\"x\":1}"); /* passes every door, then is refused */
    if (route->body == ROUTE_BODY_SOURCE) {
        question.type = "text/plain";
        question.body = STR("x");
        question.headers = "If-None-Match: *\r\n";
    }
    if (route->body == ROUTE_BODY_CSV) {
        question.type = "text/csv";
        question.body = STR("x");
    }
    if (route->body == ROUTE_BODY_PAIRS) {
        question.type = "application/x-www-form-urlencoded";
        question.body = STR("name=x");
    }
    return site_ask(&world->site, &question);
}

static struct answer ask(struct world *world, const struct route *route, const char *path,
                         enum holder holder)
{
    return ask_with(world, route, path, holder == NOBODY ? NULL : world->tokens[holder]);
}

static bool token_is_welcome(const struct route *route)
{
    return route->number == ROUTE_submission_post || route->number == ROUTE_evaluate_post;
}

static bool has_tenant(const struct route *route)
{
    return strstr(route->pattern, "{tenant}") != NULL;
}

/* 0: through the door, whatever comes then. */
static unsigned wanted_status(const struct route *route, enum holder holder, enum place place)
{
    bool served = place == OWN || place == FOREIGN;
    unsigned access = route->access;
    if (access == ACCESS_PUBLIC) {
        if (!token_is_welcome(route) || holder == NOBODY)
            return !served && has_tenant(route) && !token_is_welcome(route) ? 404 : 0;
        access = SCOPE_ROLES_SUBMISSIONS_CREATE;
    }
    if (holder == ELSEWHERE) return 403;
    if (holder < OPERATOR) return 401;
    if (has_tenant(route) && holder != OPERATOR && place != OWN) return 404;
    return access & holder_bits[holder] ? 0 : 403;
}

static bool is_through(unsigned status)
{
    return status && status != 401 && status != 403 && status < 500;
}

static bool check_one(struct world *world, const struct route *route, enum holder holder,
                      enum place place)
{
    char path[300];
    fill_path(route->pattern, tenants[place], path, sizeof path);
    struct answer answer = ask(world, route, path, holder);
    unsigned wanted = wanted_status(route, holder, place);
    /* An operator's word may meet a tenant that takes no changes; that is no closed door. */
    const char *code = answer_code(&answer);
    bool at_rest = strcmp(code, "tenant-suspended") == 0 || strcmp(code, "tenant-closed") == 0;
    bool good = wanted ? answer.status == wanted : at_rest || is_through(answer.status);
    if (!good)
        fprintf(stderr, "%s %s by %s: %u %s, wanted %u\n", route->name, path, holder_names[holder],
                answer.status, code, wanted);
    answer_release(&answer);
    return good;
}

static void every_route_lets_in_those_it_names_and_nobody_else(struct world *world)
{
    unsigned count = 0;
    for (int i = 0; i < ROUTE_COUNT; i++) {
        for (int holder = 0; holder < HOLDERS; holder++) {
            for (int place = 0; place < (has_tenant(&routes[i]) ? PLACES : 1); place++) {
                CHECK(check_one(world, &routes[i], (enum holder)holder, (enum place)place));
                count++;
            }
        }
    }
    CHECK(count > 1200);
}

/* ---------------------------------------------------------------- scopes */

static void put_wish(struct buf *wish, enum token_role role, uint32_t scopes)
{
    const char *gap = "";
    buf_printf(wish, "{\"role\":\"%s\",\"scopes\":[", token_role_name(role));
    for (unsigned i = 0; i < SCOPE_COUNT; i++) {
        if (!(scopes >> i & 1u)) continue;
        buf_printf(wish, "%s\"%s\"", gap, scope_name((enum scope)i));
        gap = ",";
    }
    buf_puts(wish, "]}");
    buf_putc(wish, '\0');
}

static enum scope scope_of(const struct route *route)
{
    return token_is_welcome(route) ? SCOPE_SUBMISSIONS_CREATE : route->scope;
}

/* Every route with a token of these scopes: in, where it needs none or one of them. */
static void check_scopes(struct world *world, enum token_role role, uint32_t scopes)
{
    char token[256], path[300];
    struct buf wish;
    buf_init(&wish, mem_heap(), 4096);
    put_wish(&wish, role, scopes);
    make_token(world, "acme", wish.ptr, token);
    buf_release(&wish);
    for (int i = 0; i < ROUTE_COUNT; i++) {
        const struct route *route = &routes[i];
        enum scope needed = scope_of(route);
        if (needed == SCOPE_COUNT) continue;
        fill_path(route->pattern, "acme", path, sizeof path);
        struct answer answer = ask_with(world, route, path, token);
        bool role_may = scopes_of_role(role) >> needed & 1u, may = scopes >> needed & 1u;
        const char *wanted = !role_may ? "role-insufficient" : may ? "" : "scope-insufficient";
        bool good = may ? is_through(answer.status)
                        : answer.status == 403 && strcmp(answer_code(&answer), wanted) == 0;
        if (!good)
            fprintf(stderr, "%s by a %s with %x: %u %s\n", route->name, token_role_name(role), scopes,
                    answer.status, answer_code(&answer));
        CHECK(good);
        answer_release(&answer);
    }
    for (int place = FOREIGN; place < PLACES; place++) {
        snprintf(path, sizeof path, "/v1/tenants/%s/forms", tenants[place]);
        CHECK(site_status(&world->site, &(struct ask){"GET", path, token}) == 404);
    }
}

/* Each scope of each role alone, and all but it. */
static void a_token_does_what_its_scopes_hold_and_nothing_else(struct world *world)
{
    for (enum token_role role = ROLE_PUBLISHER; role <= ROLE_SUBMITTER; role++) {
        uint32_t all = scopes_of_role(role);
        for (unsigned i = 0; i < SCOPE_COUNT; i++) {
            if (!(all >> i & 1u)) continue;
            check_scopes(world, role, 1u << i);
            if (all != 1u << i) check_scopes(world, role, all & ~(1u << i));
        }
    }
}

/* ---------------------------------------------------------------- suspended and closed */

static void a_suspended_tenant_is_read_and_not_changed(struct world *world)
{
    static const struct ask changes[] = {
        {"POST", "/v1/tenants/asleep/forms",
         .body = {"{\"name\":\"new\"}", sizeof "{\"name\":\"new\"}" - 1}},
        {"PUT", "/v1/tenants/asleep/forms/contact/draft", .headers = "If-Match: *\r\n",
         .type = "text/plain", .body = {"edition 2026", 12}},
        {"POST", "/v1/tenants/asleep/forms/contact/versions"},
        {"POST", "/v1/tenants/asleep/forms/contact/state", .headers = "Audit-Reason: to see\r\n",
         .body = {"{\"to\":\"closing\"}", sizeof "{\"to\":\"closing\"}" - 1}},
        {"PUT", "/v1/tenants/asleep/forms/contact/channels/beta",
         .body = {"{\"version\":1}", sizeof "{\"version\":1}" - 1}},
        {"PUT", "/v1/tenants/asleep/forms/contact/settings",
         .body = {"{\"grace_seconds\":1}", sizeof "{\"grace_seconds\":1}" - 1}},
        {"POST", "/v1/tenants/asleep/forms/contact/versions/1/state",
         .headers = "Audit-Reason: to see\r\n",
         .body = {"{\"to\":\"retired\"}", sizeof "{\"to\":\"retired\"}" - 1}},
    };
    static const char *const reads[] = {"",
                                        "/quota",
                                        "/audit",
                                        "/forms",
                                        "/forms/contact",
                                        "/forms/contact/draft",
                                        "/forms/contact/versions",
                                        "/forms/contact/versions/1",
                                        "/forms/contact/channels",
                                        "/forms/contact/channels/live",
                                        "/forms/contact/settings",
                                        "/forms/contact/submissions"};
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        struct ask change = changes[i];
        change.token = world->asleep[PUBLISHER];
        struct answer answer = site_ask(&world->site, &change);
        bool refused = answer.status == 403 && strcmp(answer_code(&answer), "tenant-suspended") == 0;
        if (!refused) fprintf(stderr, "%s: %u %s\n", change.path, answer.status, answer_code(&answer));
        CHECK(refused);
        answer_release(&answer);
    }
    for (size_t i = 0; i < sizeof reads / sizeof *reads; i++) {
        char path[100];
        snprintf(path, sizeof path, "/v1/tenants/asleep%s", reads[i]);
        for (int holder = PUBLISHER; holder <= READER; holder++)
            CHECK(site_status(&world->site, &(struct ask){"GET", path, world->asleep[holder]}) == 200);
    }
    struct ask submission = {"POST", "/v1/p/asleep/contact/submissions", world->asleep[SUBMITTER],
                             "Idempotency-Key: 0123456789abcdef\r\n",
                             .body = STR("{\"answers\":{\"name\":\"Ada\"}}")};
    unsigned status = site_status(&world->site, &submission);
    CHECK(status == 404 || status == 403);
}

static void the_tokens_of_a_closed_tenant_open_nothing(struct world *world)
{
    char path[300];
    for (int i = 0; i < ROUTE_COUNT; i++) {
        if (routes[i].access == ACCESS_PUBLIC && !token_is_welcome(&routes[i])) continue;
        fill_path(routes[i].pattern, "gone", path, sizeof path);
        struct answer answer = ask_with(world, &routes[i], path, world->gone);
        CHECK(answer.status == 401);
        answer_release(&answer);
    }
}

/* ---------------------------------------------------------------- foreign is absent */

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

static void ask_neutral(struct world *world, const struct route *route, enum place place,
                        const char *token, struct buf *out)
{
    char path[300];
    fill_path(route->pattern, tenants[place], path, sizeof path);
    struct answer answer = ask_with(world, route, path, token);
    buf_init(out, mem_heap(), 1 << 20);
    neutral(&answer, tenants[place], out);
    answer_release(&answer);
}

/* Each place beside the absent one, with this token. */
static void check_alike(struct world *world, const struct route *route, const char *token,
                        enum place first)
{
    struct buf absent;
    ask_neutral(world, route, ABSENT, token, &absent);
    CHECK(absent.len > 50);
    for (int place = (int)first; place < PLACES; place++) {
        struct buf there;
        ask_neutral(world, route, (enum place)place, token, &there);
        bool alike = str_eq(buf_str(&absent), buf_str(&there));
        if (!alike)
            fprintf(stderr, "%s for %s:\n%.*s\n%.*s\n", route->name, tenants[place],
                    STR_ARG(buf_str(&there)), STR_ARG(buf_str(&absent)));
        CHECK(alike);
        buf_release(&there);
    }
    buf_release(&absent);
}

static void a_foreign_tenant_looks_like_one_that_is_not_there(struct world *world)
{
    for (int i = 0; i < ROUTE_COUNT; i++) {
        if (!has_tenant(&routes[i])) continue;
        if (routes[i].access == ACCESS_PUBLIC && !token_is_welcome(&routes[i])) continue;
        for (int holder = NOBODY + 1; holder < HOLDERS; holder++)
            if (holder != OPERATOR) check_alike(world, &routes[i], world->tokens[holder], FOREIGN);
    }
}

/* To the public a tenant that is suspended or closed is not there. */
static void the_public_cannot_tell_a_tenant_at_rest_from_none(struct world *world)
{
    for (int i = 0; i < ROUTE_COUNT; i++) {
        if (has_tenant(&routes[i]) && routes[i].access == ACCESS_PUBLIC)
            check_alike(world, &routes[i], NULL, SUSPENDED);
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

int main(void)
{
    struct world world = {.tokens = {""}};
    begin(&world);
    every_route_lets_in_those_it_names_and_nobody_else(&world);
    a_foreign_tenant_looks_like_one_that_is_not_there(&world);
    the_public_cannot_tell_a_tenant_at_rest_from_none(&world);
    a_token_does_what_its_scopes_hold_and_nothing_else(&world);
    a_suspended_tenant_is_read_and_not_changed(&world);
    the_tokens_of_a_closed_tenant_open_nothing(&world);
    a_token_must_come_as_one_bearer_token(&world);
    nobody_becomes_an_operator_over_http(&world);
    site_stop(&world.site);
    return TEST_RESULT();
}
