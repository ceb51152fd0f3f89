/* formwright token: makes, lists and revokes access tokens. A token is printed when it is made and
 * never again.
 */
#include "cli/client.h"
#include "cli/setting.h"

#include "base/civil.h"
#include "base/clock.h"
#include "base/json_value.h"
#include "base/json_writer.h"
#include "base/limits.h"

#include <stdlib.h>
#include <string.h>

/* "30" days from now as RFC 3339; empty when there is no such time. */
static struct str expiry(struct command *command, const char *days)
{
    char *end, text[CIVIL_DATETIME_BYTES];
    long count = strtol(days, &end, 10);
    if (*end || count < 1 || count > 36500) return STR("");
    int64_t at = clock_wall_ms(clock_system()) / 1000 * 1000 + count * CIVIL_MS_PER_DAY;
    size_t len = civil_format_datetime(at, 0, text);
    return arena_str(&command->arena, (struct str){text, len});
}

static enum exit_code create(struct client *client, struct command *command, const char *path,
                             const char *role, struct str expires_at, bool json)
{
    struct buf body;
    struct json_writer writer;
    struct client_response response;
    buf_init(&body, mem_heap(), limit(TEXT_BYTES));
    json_writer_init(&writer, &body);
    json_object(&writer);
    json_key_str(&writer, STR("role"), str_of(role));
    if (expires_at.len) json_key_str(&writer, STR("expires_at"), expires_at);
    json_object_end(&writer);
    enum exit_code code = buf_failed(&body)
                              ? command_status(command, body.failure, "the request")
                              : client_ask(client,
                                           &(struct client_request){.method = "POST",
                                                                    .path = path,
                                                                    .body = buf_str(&body),
                                                                    .type = "application/json"},
                                           &response);
    buf_release(&body);
    if (code) return code;

    struct json_value made;
    struct json_error error;
    struct str token = STR("");
    if (json_read(&command->arena, response.body, limit(JSON_DEPTH), &made, &error) != ST_OK ||
        !json_get_str(&made, STR("token"), &token))
        return command_fail(command, EXIT_UNREACHABLE, "the answer holds no token");
    if (json) printf("%.*s\n", STR_ARG(response.body));
    else printf("%.*s\n", STR_ARG(token));
    return EXIT_OK;
}

static void print_tokens(const struct json_value *page)
{
    const struct json_value *items = json_get(page, STR("items"));
    for (uint32_t i = 0; items && i < items->count; i++) {
        struct str id = STR(""), role = STR(""), created = STR(""), ended = STR("");
        (void)json_get_str(&items->items[i], STR("id"), &id);
        (void)json_get_str(&items->items[i], STR("role"), &role);
        (void)json_get_str(&items->items[i], STR("created_at"), &created);
        (void)json_get_str(&items->items[i], STR("revoked_at"), &ended);
        printf("%-28.*s %-10.*s %.*s%s%.*s\n", STR_ARG(id), STR_ARG(role), STR_ARG(created),
               ended.len ? " revoked " : "", STR_ARG(ended));
    }
}

static enum exit_code list(struct client *client, struct command *command, const char *path, bool json)
{
    struct str next = STR("");
    do {
        struct client_response response;
        struct json_value page;
        struct json_error error;
        struct str url = next.len ? arena_printf(&command->arena, "%s?cursor=%.*s", path, STR_ARG(next))
                                  : str_of(path);
        if (!url.ptr) return command_status(command, ST_NOMEM, "the request");
        enum exit_code code =
            client_ask(client, &(struct client_request){.method = "GET", .path = url.ptr}, &response);
        if (code) return code;
        if (json_read(&command->arena, response.body, limit(JSON_DEPTH), &page, &error) != ST_OK)
            return command_fail(command, EXIT_UNREACHABLE, "the answer is not JSON");
        if (json) printf("%.*s\n", STR_ARG(response.body));
        else print_tokens(&page);
        next = STR("");
        (void)json_get_str(&page, STR("next_cursor"), &next);
    } while (next.len);
    return EXIT_OK;
}

static enum exit_code revoke(struct client *client, struct command *command, const char *path,
                             const char *id, const char *why)
{
    struct client_response response;
    struct str url = arena_printf(&command->arena, "%s/%s", path, id);
    if (!url.ptr) return command_status(command, ST_NOMEM, id);
    enum exit_code code = client_ask(
        client, &(struct client_request){.method = "DELETE", .path = url.ptr, .why = why}, &response);
    if (!code) printf("token %s is revoked\n", id);
    return code;
}

enum exit_code verb_token(struct command *command)
{
    const char *data = setting_data(), *role = NULL, *days = NULL, *why = NULL, *arguments[3];
    bool json = false, done;
    int count;
    const struct option_spec options[] = {
        {"data", &data, NULL, "the data directory; default: $FORMWRIGHT_STORAGE_DATA or data"},
        {"role", &role, NULL, "publisher, reader or submitter"},
        {"expires", &days, NULL, "days until it ends; default: never"},
        {"why", &why, NULL, "the reason, for the audit log; needed to revoke"},
        {"json", NULL, &json, "print the API's answer"},
    };
    enum exit_code code = command_options(command, options, 5, arguments, 3, &count, &done);
    if (code || done) return code;
    bool creates = count == 2 && strcmp(arguments[0], "create") == 0;
    bool revokes = count == 3 && strcmp(arguments[0], "revoke") == 0;
    if (!creates && !revokes && !(count == 2 && strcmp(arguments[0], "list") == 0))
        return command_usage(command);
    if (creates && !role)
        return command_fail(command, EXIT_USAGE, "--role is needed: publisher, reader or submitter");
    struct str expires_at = days ? expiry(command, days) : STR("");
    if (days && !expires_at.len) return command_fail(command, EXIT_USAGE, "--expires: 1 to 36500 days");

    code = command_why(command, why, revokes);
    if (!code) code = command_name(command, arguments[1]);
    if (!code && revokes) code = command_name(command, arguments[2]);
    if (code) return code;

    struct client *client;
    struct str path = arena_printf(&command->arena, "/v1/tenants/%s/tokens", arguments[1]);
    if (!path.ptr) return command_status(command, ST_NOMEM, "the request");
    code = client_open(command, data, &client);
    if (code) return code;
    code = creates   ? create(client, command, path.ptr, role, expires_at, json)
           : revokes ? revoke(client, command, path.ptr, arguments[2], why)
                     : list(client, command, path.ptr, json);
    client_close(client);
    return code;
}
