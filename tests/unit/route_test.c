#include "server/route.h"

#include "base/limits.h"
#include "tests/test.h"

static const char *found(enum method method, const char *path, struct route_match *match)
{
    return route_find(method, str_of(path), match) == ROUTE_FOUND ? match->route->name : "";
}

static bool is_found(enum method method, const char *path, const char *name)
{
    struct route_match match;
    return strcmp(found(method, path, &match), name) == 0;
}

static void paths_lead_to_their_handlers(void)
{
    CHECK(is_found(METHOD_GET, "/v1/p/acme/visa", "live_get"));
    CHECK(is_found(METHOD_HEAD, "/v1/p/acme/visa", "live_get"));
    CHECK(is_found(METHOD_GET, "/v1/p/acme/visa/versions/12", "pinned_get"));
    CHECK(is_found(METHOD_POST, "/v1/p/acme/visa/submissions", "submission_post"));
    CHECK(is_found(METHOD_GET, "/v1/tenants", "tenants_get"));
    CHECK(is_found(METHOD_POST, "/v1/tenants", "tenants_post"));
    CHECK(is_found(METHOD_DELETE, "/v1/tenants/acme/tokens/tok_1", "token_delete"));
    CHECK(is_found(METHOD_POST, "/v1/tenants/acme/forms:check", "forms_check"));
    CHECK(is_found(METHOD_POST, "/v1/tenants/acme/state", "tenant_state"));
    CHECK(is_found(METHOD_GET, "/v1/tenants/acme/audit", "tenant_audit_get"));
    CHECK(is_found(METHOD_POST, "/v1/tenants/acme/audit:verify", "tenant_audit_verify"));
    CHECK(is_found(METHOD_GET, "/v1/audit", "audit_get"));
    CHECK(is_found(METHOD_PUT, "/v1/tenants/acme/forms/visa/draft", "draft_put"));
    CHECK(is_found(METHOD_GET, "/v1/tenants/acme/forms/visa/submissions", "submissions_get"));
    CHECK(is_found(METHOD_GET, "/v1/tenants/acme/forms/visa/submissions:export", "submissions_export"));
    CHECK(is_found(METHOD_GET, "/v1/tenants/acme/forms/visa/submissions/sub_1", "submission_get"));
    CHECK(is_found(METHOD_GET, "/livez", "livez_get"));
}

static void parameters_are_cut_out(void)
{
    struct route_match match;
    CHECK(found(METHOD_GET, "/v1/tenants/acme/forms/visa_2/versions/7", &match)[0]);
    CHECK(str_eq(match.params[ROUTE_TENANT], STR("acme")));
    CHECK(str_eq(match.params[ROUTE_FORM], STR("visa_2")));
    CHECK(match.version == 7 && match.params[ROUTE_ID].len == 0);
}

static void what_cannot_be_a_name_is_nowhere(void)
{
    static const char *const paths[] = {"",
                                        "/",
                                        "/v1",
                                        "/v1/p/acme",
                                        "/v1/p/acme/",
                                        "/v1/p//visa",
                                        "/v1/p/acme/visa/",
                                        "/v1/p/ACME/visa",
                                        "/v1/p/a_b/visa",
                                        "/v1/p/-a/visa",
                                        "/v1/p/../visa",
                                        "/v1/p/acme/vi.sa",
                                        "/v1/p/acme/visa/versions/",
                                        "/v1/p/acme/visa/versions/0",
                                        "/v1/p/acme/visa/versions/01",
                                        "/v1/p/acme/visa/versions/-1",
                                        "/v1/p/acme/visa/versions/1x",
                                        "/v1/p/acme/visa/versions/1234567890",
                                        "/v1/p/acme/visa/versions/1/2",
                                        "/v1/tenants/acme/tokens/-x",
                                        "/v1/tenants/acme/tokens/a.b",
                                        "/v1/tenants/acme/forms:chec",
                                        "/v1/tenants/acme/forms:checks",
                                        "/V1/tenants",
                                        "//v1/tenants"};
    struct route_match match;
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        CHECK(route_find(METHOD_GET, str_of(paths[i]), &match) == ROUTE_ABSENT);
}

static void the_longest_names_still_match(void)
{
    char path[300] = "/v1/p/";
    struct route_match match;
    size_t at = strlen(path);
    memset(path + at, 't', limit(TENANT_ID_BYTES));
    path[at + limit(TENANT_ID_BYTES)] = '\0';
    strncat(path, "/f", sizeof path - strlen(path) - 1);
    CHECK(found(METHOD_GET, path, &match)[0]);
    memmove(path + at + 1, path + at, strlen(path + at) + 1);
    CHECK(!found(METHOD_GET, path, &match)[0]);
}

static void an_id_has_a_longest_length(void)
{
    char path[200] = "/v1/tenants/acme/tokens/";
    struct route_match match;
    size_t at = strlen(path);
    memset(path + at, 'i', limit(ID_BYTES));
    CHECK(found(METHOD_DELETE, path, &match)[0]);
    path[at + limit(ID_BYTES)] = 'i';
    CHECK(!found(METHOD_DELETE, path, &match)[0]);
}

static void a_wrong_method_is_told_the_right_ones(void)
{
    struct route_match match;
    CHECK(route_find(METHOD_DELETE, STR("/v1/tenants"), &match) == ROUTE_WRONG_METHOD);
    CHECK(match.allowed ==
          (1u << METHOD_GET | 1u << METHOD_POST | 1u << METHOD_HEAD | 1u << METHOD_OPTIONS));
    CHECK(route_find(METHOD_GET, STR("/v1/p/acme/visa/evaluate"), &match) == ROUTE_WRONG_METHOD);
    CHECK(match.allowed == (1u << METHOD_POST | 1u << METHOD_OPTIONS));
    CHECK(route_find(METHOD_HEAD, STR("/v1/p/acme/visa/evaluate"), &match) == ROUTE_WRONG_METHOD);
}

static void no_route_hides_behind_another(void)
{
    for (int i = 0; i < ROUTE_COUNT; i++) {
        char path[200];
        size_t len = 0;
        for (const char *at = routes[i].pattern; *at; at++) {
            if (*at != '{') {
                path[len++] = *at;
                continue;
            }
            path[len++] = '1'; /* is a tenant, a form, a version and an id */
            at = strchr(at, '}');
        }
        path[len] = '\0';
        CHECK(is_found(routes[i].method, path, routes[i].name));
    }
}

static void the_table_is_in_order(void)
{
    for (int i = 0; i < ROUTE_COUNT; i++) {
        const struct route *route = &routes[i];
        CHECK(route->number == (enum route_name)i && route->handle != NULL);
        CHECK(route->status >= 200 && route->status < 300);
        CHECK(method_takes_body(route->method) == (route->body != ROUTE_BODY_NONE));
        bool tenants_own = strncmp(route->pattern, "/v1/tenants/{tenant}", 20) == 0;
        CHECK(!tenants_own || route->access != ACCESS_PUBLIC);
        CHECK(!(route->access & ACCESS_SUBMITTER) || route->access == ACCESS_ANYONE);
        CHECK(route->place != ROUTE_NEAR ||
              route->access == ACCESS_PUBLIC); /* tokens are looked up far */
    }
}

static void bodies_have_a_largest_size(void)
{
    CHECK(route_body_max(&routes[ROUTE_live_get]) == 0);
    CHECK(route_body_max(&routes[ROUTE_versions_post]) == 0);
    CHECK(route_body_max(&routes[ROUTE_draft_put]) == (uint64_t)limit(SOURCE_BYTES));
    CHECK(route_body_max(&routes[ROUTE_tokens_post]) == (uint64_t)limit(REQUEST_BYTES));
    CHECK(route_body_max(&routes[ROUTE_submission_post]) > (uint64_t)limit(ANSWERS_BYTES));
}

static void inputs_belong_to_routes_and_stand_once(void)
{
    for (const struct route_input *input = route_inputs; input->name; input++) {
        CHECK(input->route < ROUTE_COUNT && input->schema[0] == '{' && input->summary[0]);
        for (const struct route_input *other = input + 1; other->name; other++)
            CHECK(other->route != input->route || other->in_query != input->in_query ||
                  strcmp(other->name, input->name) != 0);
    }
}

int main(void)
{
    paths_lead_to_their_handlers();
    parameters_are_cut_out();
    what_cannot_be_a_name_is_nowhere();
    the_longest_names_still_match();
    an_id_has_a_longest_length();
    a_wrong_method_is_told_the_right_ones();
    no_route_hides_behind_another();
    the_table_is_in_order();
    bodies_have_a_largest_size();
    inputs_belong_to_routes_and_stand_once();
    return TEST_RESULT();
}
