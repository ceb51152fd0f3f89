/* formwright tenant: makes and lists tenants, suspends, resumes and closes them. */
#include "cli/client.h"
#include "cli/setting.h"

#include "base/json_value.h"
#include "base/json_writer.h"
#include "base/limits.h"

#include <string.h>

static enum exit_code create(struct client *client, struct command *command, const char *id,
                             const char *title, bool json)
{
    struct buf body;
    struct json_writer writer;
    struct client_response response;
    buf_init(&body, mem_heap(), limit(TEXT_BYTES));
    json_writer_init(&writer, &body);
    json_object(&writer);
    json_key_str(&writer, STR("id"), str_of(id));
    if (title) json_key_str(&writer, STR("name"), str_of(title));
    json_object_end(&writer);
    enum exit_code code = buf_failed(&body)
                              ? command_status(command, body.failure, "the request")
                              : client_ask(client,
                                           &(struct client_request){.method = "POST",
                                                                    .path = "/v1/tenants",
                                                                    .body = buf_str(&body),
                                                                    .type = "application/json"},
                                           &response);
    buf_release(&body);
    if (code) return code;
    if (json) printf("%.*s\n", STR_ARG(response.body));
    else printf("tenant %s\n", id);
    return EXIT_OK;
}

/* Prints each item of a page; *ret_next is the cursor of the next one, or empty. */
static enum exit_code print_page(struct command *command, struct str body, bool json,
                                 struct str *ret_next)
{
    struct json_value page;
    struct json_error error;
    *ret_next = STR("");
    if (json) printf("%.*s\n", STR_ARG(body));
    if (json_read(&command->arena, body, limit(JSON_DEPTH), &page, &error) != ST_OK)
        return command_fail(command, EXIT_UNREACHABLE, "the answer is not JSON");
    const struct json_value *items = json_get(&page, STR("items"));
    for (uint32_t i = 0; !json && items && i < items->count; i++) {
        struct str id = STR(""), name = STR(""), state = STR("");
        (void)json_get_str(&items->items[i], STR("id"), &id);
        (void)json_get_str(&items->items[i], STR("name"), &name);
        (void)json_get_str(&items->items[i], STR("state"), &state);
        printf("%-24.*s %-10.*s %.*s\n", STR_ARG(id), STR_ARG(state), STR_ARG(name));
    }
    (void)json_get_str(&page, STR("next_cursor"), ret_next);
    return EXIT_OK;
}

static enum exit_code list(struct client *client, struct command *command, bool json)
{
    struct str next = STR("");
    do {
        struct client_response response;
        struct str path = next.len
                              ? arena_printf(&command->arena, "/v1/tenants?cursor=%.*s", STR_ARG(next))
                              : STR("/v1/tenants");
        if (!path.ptr) return command_status(command, ST_NOMEM, "the request");
        enum exit_code code =
            client_ask(client, &(struct client_request){.method = "GET", .path = path.ptr}, &response);
        if (!code) code = print_page(command, response.body, json, &next);
        if (code) return code;
    } while (next.len);
    return EXIT_OK;
}

static enum exit_code set_state(struct client *client, struct command *command, const char *id,
                                const char *to, const char *why, bool json)
{
    struct client_response response;
    struct str path = arena_printf(&command->arena, "/v1/tenants/%s/state", id);
    struct str body = arena_printf(&command->arena, "{\"to\":\"%s\"}", to);
    if (!path.ptr || !body.ptr) return command_status(command, ST_NOMEM, id);
    enum exit_code code = client_ask(
        client,
        &(struct client_request){
            .method = "POST", .path = path.ptr, .body = body, .type = "application/json", .why = why},
        &response);
    if (code) return code;
    if (json) printf("%.*s\n", STR_ARG(response.body));
    else printf("tenant %s is %s\n", id, to);
    return EXIT_OK;
}

/* "suspend" → "suspended"; NULL: another word. */
static const char *state_after(const char *word)
{
    static const char *const words[][2] = {
        {"suspend", "suspended"}, {"resume", "active"}, {"close", "closed"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(word, words[i][0]) == 0) return words[i][1];
    return NULL;
}

enum exit_code verb_tenant(struct command *command)
{
    const char *data = setting_data(), *title = NULL, *why = NULL, *arguments[2];
    bool json = false, done;
    int count;
    const struct option_spec options[] = {
        {"data", &data, NULL, "the data directory; default: $FORMWRIGHT_STORAGE_DATA or data"},
        {"title", &title, NULL, "its name for people; default: NAME"},
        {"why", &why, NULL, "the reason, for the audit log; needed to suspend, resume and close"},
        {"json", NULL, &json, "print the API's answer"},
    };
    enum exit_code code = command_options(command, options, 4, arguments, 2, &count, &done);
    if (code || done) return code;
    bool creates = count == 2 && strcmp(arguments[0], "create") == 0;
    const char *to = count == 2 ? state_after(arguments[0]) : NULL;
    if (!creates && !to && !(count == 1 && strcmp(arguments[0], "list") == 0))
        return command_usage(command);
    code = command_why(command, why, to != NULL);
    if (!code && to) code = command_name(command, arguments[1]);
    if (code) return code;

    struct client *client;
    code = client_open(command, data, &client);
    if (code) return code;
    code = creates ? create(client, command, arguments[1], title, json)
           : to    ? set_state(client, command, arguments[1], to, why, json)
                   : list(client, command, json);
    client_close(client);
    return code;
}
