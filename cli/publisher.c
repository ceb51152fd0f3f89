#include "cli/publisher.h"

#include "base/json_value.h"
#include "base/limits.h"

enum exit_code publisher_begin(struct publisher *publisher, const char *what)
{
    struct command *command = publisher->command;
    struct client_response response;
    struct json_value made;
    struct json_error error;
    struct str path = arena_printf(&command->arena, "/v1/tenants/%s/tokens", publisher->tenant);
    struct str body = arena_printf(&command->arena, "{\"role\":\"publisher\",\"note\":\"%s\"}", what);
    publisher->what = what;
    if (!path.ptr || !body.ptr) return command_status(command, ST_NOMEM, publisher->tenant);
    struct client_request request = {
        .method = "POST", .path = path.ptr, .body = body, .type = "application/json"};
    enum exit_code code = client_ask(publisher->client, &request, &response);
    if (code) return code;
    if (json_read(&command->arena, response.body, limit(JSON_DEPTH), &made, &error) != ST_OK ||
        !json_get_str(&made, STR("token"), &publisher->token) ||
        !json_get_str(&made, STR("id"), &publisher->token_id))
        return command_fail(command, EXIT_UNREACHABLE, "the answer holds no token");
    client_use_token(publisher->client, publisher->token);
    return EXIT_OK;
}

enum exit_code publisher_end(struct publisher *publisher)
{
    struct command *command = publisher->command;
    struct client_response response;
    struct str path = arena_printf(&command->arena, "/v1/tenants/%s/tokens/%.*s", publisher->tenant,
                                   STR_ARG(publisher->token_id));
    struct str why = arena_printf(&command->arena, "%s has ended", publisher->what);
    client_use_token(publisher->client, STR(""));
    if (!path.ptr || !why.ptr) return command_status(command, ST_NOMEM, publisher->tenant);
    return client_ask(publisher->client,
                      &(struct client_request){.method = "DELETE", .path = path.ptr, .why = why.ptr},
                      &response);
}
