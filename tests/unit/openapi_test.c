#include "server/core.h"
#include "server/problem.h"

#include "base/json_value.h"
#include "base/limits.h"
#include "tests/test.h"

static struct arena arena;
static struct json_value api;

static const struct json_value *at(const char *pointer)
{
    return json_find(&api, str_of(pointer));
}

static const struct json_value *operation_of(const struct route *route)
{
    char method[8] = "";
    for (size_t i = 0; method_name(route->method)[i]; i++)
        method[i] = (char)(method_name(route->method)[i] | 0x20);
    return json_get(json_get(json_get(&api, STR("paths")), str_of(route->pattern)), str_of(method));
}

static void it_is_json_and_the_same_each_time(void)
{
    struct buf one, two;
    struct json_error error;
    buf_init(&one, mem_heap(), limit(REPLY_BYTES));
    buf_init(&two, mem_heap(), limit(REPLY_BYTES));
    CHECK_STATUS(openapi_write(&one), ST_OK);
    CHECK_STATUS(openapi_write(&two), ST_OK);
    CHECK(str_eq(buf_str(&one), buf_str(&two)));
    CHECK_STATUS(json_read(&arena, arena_str(&arena, buf_str(&one)), limit(JSON_DEPTH), &api, &error),
                 ST_OK);
    buf_release(&one);
    buf_release(&two);
    struct str version = STR("");
    CHECK(json_get_str(&api, STR("openapi"), &version) && str_eq(version, STR("3.1.0")));
}

/* Public, but who comes with a token is asked for a good one. */
static bool takes_token(const struct route *route)
{
    return route->number == ROUTE_submission_post || route->number == ROUTE_evaluate_post;
}

static void every_route_is_described_under_its_own_name(void)
{
    for (int i = 0; i < ROUTE_COUNT; i++) {
        struct str name = STR("");
        const struct json_value *operation = operation_of(&routes[i]);
        CHECK(operation && json_get_str(operation, STR("operationId"), &name));
        CHECK(str_eq(name, str_of(routes[i].name)));
        char status[8];
        snprintf(status, sizeof status, "%u", routes[i].status);
        const struct json_value *replies = json_get(operation, STR("responses"));
        CHECK(json_get(replies, str_of(status)) && json_get(replies, STR("400")) &&
              json_get(replies, STR("default")));
        CHECK((json_get(replies, STR("401")) != NULL) ==
              (routes[i].access != ACCESS_PUBLIC || takes_token(&routes[i])));
        CHECK((json_get(operation, STR("x-roles")) != NULL) == (routes[i].access != ACCESS_PUBLIC));
    }
}

static void quotas_and_scopes_are_described_as_they_are(void)
{
    const struct json_value *quotas = at("/components/schemas/Quota/properties");
    const struct json_value *wishes = at("/components/schemas/QuotaNew/properties");
    const struct json_value *scopes = at("/components/schemas/Scope/enum");
    CHECK(quotas && quotas->count == QUOTA_COUNT && wishes && wishes->count == QUOTA_COUNT);
    for (unsigned i = 0; i < QUOTA_COUNT; i++) {
        struct str name = str_of(quota_name((enum quota)i));
        CHECK(json_get(quotas, name) && json_get(wishes, name));
    }
    CHECK(scopes && scopes->count == SCOPE_COUNT);
    for (unsigned i = 0; scopes && i < scopes->count; i++) {
        struct str name = STR("");
        CHECK(json_is_str(&scopes->items[i], &name) && str_eq(name, str_of(scope_name((enum scope)i))));
    }
    struct str name = STR("");
    CHECK(json_get_str(operation_of(&routes[ROUTE_draft_put]), STR("x-scope"), &name) &&
          str_eq(name, STR("forms.write")));
}

static void no_path_is_described_that_is_no_route(void)
{
    const struct json_value *paths = at("/paths");
    uint32_t operations = 0;
    for (uint32_t i = 0; i < paths->count; i++) operations += paths->members[i].value.count;
    CHECK(operations == ROUTE_COUNT);
}

/* Follows every "$ref" to what it names. */
static void check_references(const struct json_value *value)
{
    for (uint32_t i = 0; value->kind == JSON_ARRAY && i < value->count; i++)
        check_references(&value->items[i]);
    for (uint32_t i = 0; value->kind == JSON_OBJECT && i < value->count; i++) {
        const struct json_member *member = &value->members[i];
        struct str text;
        if (str_eq(member->name, STR("$ref")) && json_is_str(&member->value, &text)) {
            CHECK(text.len > 1 && text.ptr[0] == '#');
            const struct json_value *target = json_find(&api, (struct str){text.ptr + 1, text.len - 1});
            if (!target) fprintf(stderr, "%.*s leads nowhere\n", STR_ARG(text));
            CHECK(target != NULL);
        }
        check_references(&member->value);
    }
}

static void every_reference_leads_somewhere(void)
{
    check_references(&api);
}

static void every_problem_code_is_listed(void)
{
    const struct json_value *codes = at("/components/schemas/ProblemCode/enum");
    CHECK(codes && codes->count == PROBLEM_COUNT - 1);
}

static void every_parameter_of_a_path_is_described(void)
{
    for (int i = 0; i < ROUTE_COUNT; i++) {
        uint32_t wanted = 0;
        for (const char *brace = strchr(routes[i].pattern, '{'); brace; brace = strchr(brace + 1, '{'))
            wanted++;
        for (const struct route_input *input = route_inputs; input->name; input++)
            wanted += input->route == routes[i].number;
        const struct json_value *parameters = json_get(operation_of(&routes[i]), STR("parameters"));
        CHECK(parameters && parameters->count == wanted);
    }
}

static void too_little_room_is_told(void)
{
    struct buf small;
    buf_init(&small, mem_heap(), 1000);
    CHECK_STATUS(openapi_write(&small), ST_LIMIT);
    buf_release(&small);
}

int main(void)
{
    arena_init(&arena, mem_heap(), 16 << 20);
    it_is_json_and_the_same_each_time();
    quotas_and_scopes_are_described_as_they_are();
    every_route_is_described_under_its_own_name();
    no_path_is_described_that_is_no_route();
    every_reference_leads_somewhere();
    every_problem_code_is_listed();
    every_parameter_of_a_path_is_described();
    too_little_room_is_told();
    arena_release(&arena);
    return TEST_RESULT();
}
