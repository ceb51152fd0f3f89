/* formwright table: uploads lookup tables, lists them, prints one as it was uploaded. */
#include "cli/publisher.h"
#include "cli/setting.h"

#include "base/json_value.h"
#include "base/limits.h"

#include <inttypes.h>
#include <string.h>

struct errand {
    struct command *command;
    struct client *client;
    const char *tenant, *name, *file, *version;
    bool json;
};

static enum exit_code ask(struct errand *errand, const struct client_request *request,
                          struct client_response *response, struct json_value *ret_answer)
{
    struct json_error error;
    enum exit_code code = client_ask(errand->client, request, response);
    if (code) return code;
    if (json_read(&errand->command->arena, response->body, limit(JSON_DEPTH), ret_answer, &error) ==
        ST_OK)
        return EXIT_OK;
    return command_fail(errand->command, EXIT_UNREACHABLE, "the answer is not JSON");
}

static void print_table(const struct errand *errand, const struct json_value *table, const char *rest)
{
    int64_t version = 0, rows = 0, columns = 0;
    struct str name = STR("?"), hash = STR("?");
    (void)json_get_str(table, STR("name"), &name);
    (void)json_get_str(table, STR("hash"), &hash);
    (void)json_get_int(table, STR("version"), &version);
    (void)json_get_int(table, STR("rows"), &rows);
    (void)json_get_int(table, STR("columns"), &columns);
    printf("%s/%.*s version %" PRId64 ", %" PRId64 " rows, %" PRId64 " columns, %.*s%s\n",
           errand->tenant, STR_ARG(name), version, rows, columns, STR_ARG(hash), rest);
}

static enum exit_code upload(struct errand *errand, const char *path, struct str csv)
{
    struct client_response response;
    struct json_value table;
    struct publisher publisher = {
        .command = errand->command, .client = errand->client, .tenant = errand->tenant};
    enum exit_code code = publisher_begin(&publisher, "formwright table");
    if (code) return code;
    struct client_request request = {.method = "PUT", .path = path, .body = csv, .type = "text/csv"};
    code = ask(errand, &request, &response, &table);
    if (!code && errand->json) printf("%.*s\n", STR_ARG(response.body));
    else if (!code) print_table(errand, &table, response.status == 200 ? " (was there already)" : "");
    enum exit_code ended = publisher_end(&publisher);
    return code ? code : ended;
}

static enum exit_code put(struct errand *errand)
{
    struct str csv;
    enum exit_code code = command_read(errand->command, errand->file, limit(TABLE_BYTES), &csv);
    if (code) return code;
    struct str path =
        arena_printf(&errand->command->arena, "/v1/tenants/%s/tables/%s", errand->tenant, errand->name);
    return path.ptr ? upload(errand, path.ptr, csv)
                    : command_status(errand->command, ST_NOMEM, errand->name);
}

static enum exit_code list(struct errand *errand)
{
    struct arena *arena = &errand->command->arena;
    struct client_response response;
    struct json_value page;
    struct str cursor = STR("");
    do {
        struct str path = arena_printf(arena, "/v1/tenants/%s/tables%s%.*s", errand->tenant,
                                       cursor.len ? "?cursor=" : "", STR_ARG(cursor));
        if (!path.ptr) return command_status(errand->command, ST_NOMEM, errand->tenant);
        struct client_request request = {.method = "GET", .path = path.ptr};
        enum exit_code code = ask(errand, &request, &response, &page);
        if (code) return code;
        const struct json_value *items = json_get(&page, STR("items"));
        for (uint32_t i = 0; items && i < items->count && !errand->json; i++)
            print_table(errand, &items->items[i], "");
        if (errand->json) printf("%.*s\n", STR_ARG(response.body));
        cursor = STR("");
        (void)json_get_str(&page, STR("next_cursor"), &cursor);
    } while (cursor.len);
    return EXIT_OK;
}

/* The newest unless a version is given. */
static enum exit_code get(struct errand *errand)
{
    struct arena *arena = &errand->command->arena;
    struct client_response response;
    struct json_value table;
    int64_t number = 0;
    struct str path = arena_printf(arena, "/v1/tenants/%s/tables/%s", errand->tenant, errand->name);
    if (!path.ptr) return command_status(errand->command, ST_NOMEM, errand->name);
    struct client_request request = {.method = "GET", .path = path.ptr};
    enum exit_code code = errand->version ? EXIT_OK : ask(errand, &request, &response, &table);
    if (code) return code;
    if (!errand->version) (void)json_get_int(&table, STR("version"), &number);
    path = errand->version ? arena_printf(arena, "%s/versions/%s", path.ptr, errand->version)
                           : arena_printf(arena, "%s/versions/%" PRId64, path.ptr, number);
    if (!path.ptr) return command_status(errand->command, ST_NOMEM, errand->name);
    request.path = path.ptr;
    code = client_ask(errand->client, &request, &response);
    if (code) return code;
    return command_print(response.body) ? EXIT_OK : EXIT_UNREACHABLE;
}

static enum exit_code run(struct errand *errand, const char *data,
                          enum exit_code (*function)(struct errand *errand))
{
    enum exit_code code = command_name(errand->command, errand->tenant);
    if (!code && errand->name) code = command_name(errand->command, errand->name);
    if (!code && errand->version) code = command_name(errand->command, errand->version);
    if (!code) code = client_open(errand->command, data, &errand->client);
    if (code) return code;
    code = function(errand);
    client_close(errand->client);
    return code;
}

enum exit_code verb_table(struct command *command)
{
    const char *data = setting_data(), *words[4];
    struct errand errand = {.command = command};
    bool done;
    int count;
    const struct option_spec options[] = {
        {"data", &data, NULL, "the data directory; default: $FORMWRIGHT_STORAGE_DATA or data"},
        {"version", &errand.version, NULL, "of get: which; default: the newest"},
        {"json", NULL, &errand.json, "print the API's answer"},
    };
    enum exit_code code = command_options(command, options, 3, words, 4, &count, &done);
    if (code || done) return code;
    if (count < 2) return command_usage(command);
    errand.tenant = words[1];
    errand.name = count > 2 ? words[2] : NULL;
    errand.file = count > 3 ? words[3] : NULL;
    if (strcmp(words[0], "put") == 0 && count == 4) return run(&errand, data, put);
    if (strcmp(words[0], "list") == 0 && count == 2) return run(&errand, data, list);
    if (strcmp(words[0], "get") == 0 && count == 3) return run(&errand, data, get);
    return command_usage(command);
}
