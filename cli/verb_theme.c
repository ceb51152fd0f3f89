/* formwright theme: what a tenant's forms look like. Told as the API tells it, so that it can be
 * changed and given back. */
#include "cli/publisher.h"
#include "cli/setting.h"

#include "base/limits.h"

/* `body` ptr NULL: only tells. */
static enum exit_code ask(struct publisher *publisher, struct str body, const char *why)
{
    struct client_response response;
    struct command *command = publisher->command;
    struct str path = arena_printf(&command->arena, "/v1/tenants/%s/theme", publisher->tenant);
    if (!path.ptr) return command_status(command, ST_NOMEM, publisher->tenant);
    struct client_request request = {.method = "GET", .path = path.ptr};
    if (body.ptr)
        request = (struct client_request){
            .method = "PUT", .path = path.ptr, .body = body, .type = "application/json", .why = why};
    enum exit_code code = client_ask(publisher->client, &request, &response);
    if (code) return code;
    printf("%.*s\n", STR_ARG(response.body));
    return EXIT_OK;
}

static enum exit_code run(struct publisher *publisher, struct str body, const char *why)
{
    enum exit_code code = publisher_begin(publisher, "formwright theme");
    if (code) return code;
    code = ask(publisher, body, why);
    enum exit_code ended = publisher_end(publisher);
    return code ? code : ended;
}

enum exit_code verb_theme(struct command *command)
{
    const char *data = setting_data(), *why = NULL, *words[2];
    struct publisher publisher = {.command = command};
    struct str body = {NULL, 0};
    bool done;
    int count;
    const struct option_spec options[] = {
        {"data", &data, NULL, "the data directory; default: $FORMWRIGHT_STORAGE_DATA or data"},
        {"why", &why, NULL, "the reason, for the audit log"},
    };
    enum exit_code code = command_options(command, options, 2, words, 2, &count, &done);
    if (code || done) return code;
    if (count < 1) return command_usage(command);
    publisher.tenant = words[0];
    code = command_name(command, words[0]);
    if (!code) code = command_why(command, why, false);
    if (!code && count == 2) {
        if (strcmp(words[1], "default") == 0) body = STR("{}");
        else code = command_read(command, words[1], limit(THEME_BYTES), &body);
    }
    if (!code) code = client_open(command, data, &publisher.client);
    if (code) return code;
    code = run(&publisher, body, why);
    client_close(publisher.client);
    return code;
}
