/* formwright operation: a tenant's long work: what there is, how far it is, ending it before it is
 * done. */
#include "cli/client.h"
#include "cli/setting.h"

#include "base/json_value.h"
#include "base/limits.h"

#include <inttypes.h>
#include <string.h>

struct errand {
    struct command *command;
    struct client *client;
    const char *tenant, *id, *why;
    bool json;
};

static struct str text_of(const struct json_value *operation, struct str name)
{
    struct str text = STR("");
    (void)json_get_str(operation, name, &text);
    return text;
}

/* "op_01… done      migrate trip 1 to 2: 1000 of 1000, 3 refused  2026-…" */
static void print_operation(const struct json_value *operation)
{
    int64_t done = 0, total = 0, refused = 0, from = 0, to = 0;
    struct str fault = text_of(operation, STR("fault"));
    (void)json_get_int(operation, STR("done"), &done);
    (void)json_get_int(operation, STR("total"), &total);
    (void)json_get_int(operation, STR("refused"), &refused);
    printf("%.*s %-9.*s %.*s", STR_ARG(text_of(operation, STR("id"))),
           STR_ARG(text_of(operation, STR("state"))), STR_ARG(text_of(operation, STR("kind"))));
    if (json_get_int(operation, STR("from"), &from) && json_get_int(operation, STR("to"), &to))
        printf(" %.*s %" PRId64 " to %" PRId64, STR_ARG(text_of(operation, STR("form"))), from, to);
    printf(": %" PRId64 " of %" PRId64, done, total);
    if (refused) printf(", %" PRId64 " refused", refused);
    printf("%s%.*s  %.*s\n", fault.len ? ", " : "", STR_ARG(fault),
           STR_ARG(text_of(operation, STR("made_at"))));
}

/* In `arena`. */
static enum exit_code ask(struct errand *errand, const struct client_request *request,
                          struct arena *arena, struct json_value *ret_answer)
{
    struct client_response response;
    struct json_error error;
    enum exit_code code = client_ask(errand->client, request, &response);
    if (code) return code;
    if (json_read(arena, response.body, limit(JSON_DEPTH), ret_answer, &error) != ST_OK)
        return command_fail(errand->command, EXIT_UNREACHABLE, "the answer is not JSON");
    if (errand->json) printf("%.*s\n", STR_ARG(response.body));
    return EXIT_OK;
}

static enum exit_code list(struct errand *errand)
{
    struct arena *arena = &errand->command->arena;
    struct str cursor = STR("");
    do {
        struct json_value page;
        struct str path = arena_printf(arena, "/v1/tenants/%s/operations?limit=200%s%.*s",
                                       errand->tenant, cursor.len ? "&cursor=" : "", STR_ARG(cursor));
        if (!path.ptr) return command_status(errand->command, ST_NOMEM, errand->tenant);
        enum exit_code code =
            ask(errand, &(struct client_request){.method = "GET", .path = path.ptr}, arena, &page);
        if (code) return code;
        const struct json_value *items = json_get(&page, STR("items"));
        for (uint32_t i = 0; items && i < items->count && !errand->json; i++)
            print_operation(&items->items[i]);
        cursor = text_of(&page, STR("next_cursor"));
    } while (cursor.len);
    return EXIT_OK;
}

static enum exit_code cancel(struct errand *errand)
{
    struct json_value operation;
    struct arena *arena = &errand->command->arena;
    struct str path = arena_printf(arena, "/v1/tenants/%s/operations/%s", errand->tenant, errand->id);
    if (!path.ptr) return command_status(errand->command, ST_NOMEM, errand->tenant);
    struct client_request request = {.method = "DELETE", .path = path.ptr, .why = errand->why};
    enum exit_code code = ask(errand, &request, arena, &operation);
    if (!code && !errand->json) print_operation(&operation);
    return code;
}

enum exit_code verb_operation(struct command *command)
{
    const char *data = setting_data(), *words[3];
    struct errand errand = {.command = command};
    bool done;
    int count;
    const struct option_spec options[] = {
        {"data", &data, NULL, "the data directory; default: $FORMWRIGHT_STORAGE_DATA or data"},
        {"why", &errand.why, NULL, "the reason, for the audit log"},
        {"json", NULL, &errand.json, "print the API's answers"},
    };
    enum exit_code code = command_options(command, options, 3, words, 3, &count, &done);
    if (code || done) return code;
    bool lists = count == 2 && strcmp(words[0], "list") == 0;
    if (!lists && !(count == 3 && strcmp(words[0], "cancel") == 0)) return command_usage(command);
    errand.tenant = words[1];
    errand.id = lists ? NULL : words[2];
    for (int i = 1; i < count && !code; i++) code = command_name(command, words[i]);
    if (!code) code = command_why(command, errand.why, false);
    if (!code) code = client_open(command, data, &errand.client);
    if (code) return code;
    code = lists ? list(&errand) : cancel(&errand);
    client_close(errand.client);
    return code;
}
