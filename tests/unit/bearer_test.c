#include "server/bearer.h"

#include "tests/test.h"

static const struct str acme = {"acme", 4}, other = {"other", 5}, none = {NULL, 0}, empty = {"", 0};

static void a_foreign_tenant_is_not_found_whatever_the_role(void)
{
    for (int role = ROLE_PUBLISHER; role <= ROLE_SUBMITTER; role++) {
        CHECK(bearer_decide(ACCESS_ANYONE, (enum token_role)role, acme, other) == PROBLEM_NOT_FOUND);
        CHECK(bearer_decide(ACCESS_OPERATOR, (enum token_role)role, acme, other) == PROBLEM_NOT_FOUND);
        CHECK(bearer_decide(ACCESS_ANYONE, (enum token_role)role, empty, acme) == PROBLEM_NOT_FOUND);
    }
}

static void an_operator_belongs_to_every_tenant_but_may_not_do_everything(void)
{
    CHECK(bearer_decide(ACCESS_OPERATOR, ROLE_OPERATOR, empty, acme) == PROBLEM_NONE);
    CHECK(bearer_decide(ACCESS_PUBLISHER, ROLE_OPERATOR, empty, acme) == PROBLEM_ROLE_INSUFFICIENT);
}

static void each_role_is_one_bit(void)
{
    static const struct {
        enum token_role role;
        unsigned bit;
    } rows[] = {{ROLE_OPERATOR, ACCESS_OPERATOR},
                {ROLE_PUBLISHER, ACCESS_PUBLISHER},
                {ROLE_READER, ACCESS_READER},
                {ROLE_SUBMITTER, ACCESS_SUBMITTER}};
    for (size_t i = 0; i < 4; i++) {
        for (unsigned access = 0; access <= ACCESS_ANYONE; access++) {
            enum problem wanted = access & rows[i].bit ? PROBLEM_NONE : PROBLEM_ROLE_INSUFFICIENT;
            CHECK(bearer_decide(access, rows[i].role, acme, acme) == wanted);
            CHECK(bearer_decide(access, rows[i].role, acme, none) == wanted);
        }
    }
}

static void a_glance_wants_the_scheme_and_something_behind_it(void)
{
    static const struct {
        const char *header;
        bool good;
    } rows[] = {{"Bearer x", true}, {"bEARER x", true}, {"Bearer ", false}, {"Bearer", false},
                {"Basic x", false}, {"", false},        {"Bearerx", false}, {" Bearer x", false}};
    struct request request = {.match = {.route = &routes[ROUTE_me_get]}};
    CHECK(bearer_glance(&request) == PROBLEM_UNAUTHENTICATED);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        request.facts.header[HEADER_AUTHORIZATION] = str_of(rows[i].header);
        CHECK((bearer_glance(&request) == PROBLEM_NONE) == rows[i].good);
    }
    request.match.route = &routes[ROUTE_live_get];
    CHECK(bearer_glance(&request) == PROBLEM_NONE);
}

static void a_scope_that_is_not_in_the_list_is_refused(void)
{
    for (unsigned has = 0; has < SCOPE_COUNT; has++) {
        struct token_record token = {.scopes = 1u << has};
        for (unsigned needed = 0; needed < SCOPE_COUNT; needed++)
            CHECK(bearer_check_scope(&token, (enum scope)needed) ==
                  (has == needed ? PROBLEM_NONE : PROBLEM_SCOPE_INSUFFICIENT));
        CHECK(bearer_check_scope(&token, SCOPE_COUNT) == PROBLEM_NONE);
    }
}

static void each_route_is_open_to_the_roles_that_have_its_scope(void)
{
    for (int i = 0; i < ROUTE_COUNT; i++) {
        if (routes[i].scope == SCOPE_COUNT) {
            CHECK(routes[i].access == ACCESS_PUBLIC || routes[i].number == ROUTE_me_get);
            continue;
        }
        for (unsigned role = ROLE_OPERATOR; role <= ROLE_SUBMITTER; role++) {
            bool has = scopes_of_role((enum token_role)role) >> routes[i].scope & 1u;
            CHECK((routes[i].access >> role & 1u) == has);
        }
    }
}

static void a_token_with_networks_is_good_from_there_alone(void)
{
    static const struct {
        const char *networks, *origin;
        bool good;
    } rows[] = {{"", "192.0.2.1", true},
                {"192.0.2.0/24", "192.0.2.1", true},
                {"192.0.2.0/24", "::ffff:192.0.2.1", true},
                {"192.0.2.0/24", "192.0.3.1", false},
                {"192.0.2.0/24", "2001:db8::1", false},
                {"10.0.0.0/8 2001:db8::/32", "2001:db8::1", true},
                {"::/0", "192.0.2.1", true}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct token_record token = {.scopes = 0};
        struct origin origin;
        CHECK(networks_parse(str_of(rows[i].networks), &token.networks));
        CHECK(origin_parse(str_of(rows[i].origin), &origin));
        CHECK((bearer_check_address(&token, &origin) == PROBLEM_NONE) == rows[i].good);
    }
    struct token_record token = {.scopes = 0};
    CHECK(networks_parse(STR("::/0"), &token.networks));
    CHECK(bearer_check_address(&token, &(struct origin){{0}}) == PROBLEM_ADDRESS_REFUSED);
}

int main(void)
{
    a_scope_that_is_not_in_the_list_is_refused();
    each_route_is_open_to_the_roles_that_have_its_scope();
    a_token_with_networks_is_good_from_there_alone();
    a_foreign_tenant_is_not_found_whatever_the_role();
    an_operator_belongs_to_every_tenant_but_may_not_do_everything();
    each_role_is_one_bit();
    a_glance_wants_the_scheme_and_something_behind_it();
    return TEST_RESULT();
}
