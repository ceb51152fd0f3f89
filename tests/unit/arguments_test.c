#include "server/arguments.h"

#include "tests/test.h"

static struct arena arena;

static enum problem read_for(enum route_name route, const char *query, struct arguments *arguments)
{
    struct str detail;
    return arguments_read(str_of(query), &routes[route], &arena, arguments, &detail);
}

static void values_are_found_by_name(void)
{
    struct arguments arguments;
    CHECK(read_for(ROUTE_submissions_get, "limit=20&since=2026-01-15T10:00:00%2B01:00&order=newest",
                   &arguments) == PROBLEM_NONE);
    CHECK(str_eq(arguments_get(&arguments, "limit"), STR("20")));
    CHECK(str_eq(arguments_get(&arguments, "since"), STR("2026-01-15T10:00:00+01:00")));
    CHECK(str_eq(arguments_get(&arguments, "order"), STR("newest")));
    CHECK(arguments_get(&arguments, "until").ptr == NULL);
}

static void names_may_be_escaped_too_and_a_plus_is_a_plus(void)
{
    struct arguments arguments;
    CHECK(read_for(ROUTE_submissions_get, "%6cimit=%31+1", &arguments) == PROBLEM_NONE);
    CHECK(str_eq(arguments_get(&arguments, "limit"), STR("1+1")));
}

static void nothing_is_fine(void)
{
    struct arguments arguments;
    CHECK(read_for(ROUTE_livez_get, "", &arguments) == PROBLEM_NONE && arguments.count == 0);
}

static void what_a_route_does_not_know_is_refused(void)
{
    static const struct {
        enum route_name route;
        const char *query;
    } rows[] = {{ROUTE_livez_get, "a=1"},
                {ROUTE_livez_get, "&"},
                {ROUTE_tenants_get, "since=2026-01-15T10:00:00Z"},
                {ROUTE_submissions_get, "limit=1&limit=1"},
                {ROUTE_submissions_get, "limit"},
                {ROUTE_submissions_get, "limit="},
                {ROUTE_submissions_get, "=1"},
                {ROUTE_submissions_get, "limit=1&&order=newest"},
                {ROUTE_submissions_get, "Limit=1"},
                {ROUTE_submissions_get, "limit=%ff"},
                {ROUTE_submissions_get, "limit=%c0%80"},
                {ROUTE_live_get, "If-None-Match=x"}}; /* a header is no query parameter */
    struct arguments arguments;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        enum problem problem = read_for(rows[i].route, rows[i].query, &arguments);
        if (problem != PROBLEM_PARAMETER_MALFORMED) fprintf(stderr, "%s\n", rows[i].query);
        CHECK(problem == PROBLEM_PARAMETER_MALFORMED);
    }
}

static void no_route_knows_more_than_there_is_room_for(void)
{
    for (int route = 0; route < ROUTE_COUNT; route++) {
        int known = 0;
        for (const struct route_input *input = route_inputs; input->name; input++)
            known += input->route == (enum route_name)route && input->in_query;
        CHECK(known <= ARGUMENTS_MAX);
    }
}

int main(void)
{
    arena_init(&arena, mem_heap(), 1 << 20);
    values_are_found_by_name();
    names_may_be_escaped_too_and_a_plus_is_a_plus();
    nothing_is_fine();
    what_a_route_does_not_know_is_refused();
    no_route_knows_more_than_there_is_room_for();
    arena_release(&arena);
    return TEST_RESULT();
}
