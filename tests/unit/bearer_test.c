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

int main(void)
{
    a_foreign_tenant_is_not_found_whatever_the_role();
    an_operator_belongs_to_every_tenant_but_may_not_do_everything();
    each_role_is_one_bit();
    a_glance_wants_the_scheme_and_something_behind_it();
    return TEST_RESULT();
}
