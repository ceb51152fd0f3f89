/* formwright token: makes, lists, rotates and revokes access tokens. A token is printed when it is made
 * and never again.
 */
#include "cli/client.h"
#include "cli/expiry.h"
#include "cli/setting.h"

#include "base/json_value.h"
#include "base/json_writer.h"
#include "base/limits.h"

#include <inttypes.h>
#include <string.h>

struct wishes {
    const char *role, *scopes, *networks, *note, *span, *grace, *why;
    struct str expires_at;
    int64_t grace_seconds;
    bool json;
};

/* "a,b" as ["a","b"]. */
static void put_words(struct json_writer *writer, struct str key, const char *words)
{
    json_key(writer, key);
    json_array(writer);
    while (*words) {
        size_t len = strcspn(words, ", ");
        if (len) json_str(writer, (struct str){words, len});
        words += len + (words[len] != '\0');
    }
    json_array_end(writer);
}

static void put_wishes(struct json_writer *writer, const struct wishes *wishes)
{
    json_object(writer);
    json_key_str(writer, STR("role"), str_of(wishes->role));
    if (wishes->note) json_key_str(writer, STR("note"), str_of(wishes->note));
    if (wishes->expires_at.len) json_key_str(writer, STR("expires_at"), wishes->expires_at);
    if (wishes->scopes) put_words(writer, STR("scopes"), wishes->scopes);
    if (wishes->networks) put_words(writer, STR("allow"), wishes->networks);
    json_object_end(writer);
}

/* Sends it and prints the token that comes back. */
static enum exit_code ask_for_token(struct client *client, struct command *command, const char *path,
                                    const struct buf *body, const struct wishes *wishes)
{
    struct client_response response;
    struct json_value made;
    struct json_error error;
    struct str token = STR("");
    if (buf_failed(body)) return command_status(command, body->failure, "the request");
    enum exit_code code = client_ask(client,
                                     &(struct client_request){.method = "POST",
                                                              .path = path,
                                                              .body = buf_str(body),
                                                              .type = "application/json",
                                                              .why = wishes->why},
                                     &response);
    if (code) return code;
    if (json_read(&command->arena, response.body, limit(JSON_DEPTH), &made, &error) != ST_OK ||
        !json_get_str(&made, STR("token"), &token))
        return command_fail(command, EXIT_UNREACHABLE, "the answer holds no token");
    if (wishes->json) printf("%.*s\n", STR_ARG(response.body));
    else printf("%.*s\n", STR_ARG(token));
    return EXIT_OK;
}

static enum exit_code create(struct client *client, struct command *command, const char *path,
                             const struct wishes *wishes)
{
    struct buf body;
    struct json_writer writer;
    buf_init(&body, mem_heap(), limit(TEXT_BYTES));
    json_writer_init(&writer, &body);
    put_wishes(&writer, wishes);
    enum exit_code code = ask_for_token(client, command, path, &body, wishes);
    buf_release(&body);
    return code;
}

static enum exit_code rotate(struct client *client, struct command *command, const char *path,
                             const char *id, const struct wishes *wishes)
{
    struct buf body;
    struct str url = arena_printf(&command->arena, "%s/%s/rotate", path, id);
    if (!url.ptr) return command_status(command, ST_NOMEM, id);
    buf_init(&body, mem_heap(), limit(TEXT_BYTES));
    if (wishes->grace) buf_printf(&body, "{\"grace_seconds\":%" PRId64 "}", wishes->grace_seconds);
    else buf_puts(&body, "{}");
    enum exit_code code = ask_for_token(client, command, url.ptr, &body, wishes);
    buf_release(&body);
    return code;
}

/* ", forms.read forms.write" behind `before`; nothing when there are none. */
static void print_words(const char *before, const struct json_value *words)
{
    struct str word;
    if (!words || words->kind != JSON_ARRAY || words->count == 0) return;
    printf("%s", before);
    for (uint32_t i = 0; i < words->count; i++)
        if (json_is_str(&words->items[i], &word)) printf("%s%.*s", i ? " " : "", STR_ARG(word));
}

static void print_moment(const char *before, const struct json_value *token, struct str name)
{
    struct str moment;
    if (json_get_str(token, name, &moment)) printf("%s%.*s", before, STR_ARG(moment));
}

static void print_token(const struct json_value *token)
{
    struct str id = STR(""), role = STR(""), note = STR("");
    (void)json_get_str(token, STR("id"), &id);
    (void)json_get_str(token, STR("role"), &role);
    printf("%-28.*s %-10.*s", STR_ARG(id), STR_ARG(role));
    print_moment(" ", token, STR("created_at"));
    print_moment(" expires ", token, STR("expires_at"));
    print_moment(" revoked ", token, STR("revoked_at"));
    print_moment(" used ", token, STR("last_used_at"));
    print_moment(" old secret until ", token, STR("old_secret_until"));
    print_words(" may ", json_get(token, STR("scopes")));
    print_words(" from ", json_get(token, STR("allow")));
    if (json_get_str(token, STR("note"), &note)) printf(" (%.*s)", STR_ARG(note));
    printf("\n");
}

static void print_tokens(const struct json_value *page)
{
    const struct json_value *items = json_get(page, STR("items"));
    for (uint32_t i = 0; items && i < items->count; i++) print_token(&items->items[i]);
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

/* ---------------------------------------------------------------- the verb */

enum errand { CREATE, LIST, ROTATE, REVOKE, NO_ERRAND };

static enum errand errand_of(const char *const *arguments, int count)
{
    if (count == 2 && strcmp(arguments[0], "create") == 0) return CREATE;
    if (count == 2 && strcmp(arguments[0], "list") == 0) return LIST;
    if (count == 3 && strcmp(arguments[0], "rotate") == 0) return ROTATE;
    if (count == 3 && strcmp(arguments[0], "revoke") == 0) return REVOKE;
    return NO_ERRAND;
}

static enum exit_code check_wishes(struct command *command, enum errand errand, struct wishes *wishes)
{
    if (errand == CREATE && !wishes->role)
        return command_fail(command, EXIT_USAGE, "--role is needed: publisher, reader or submitter");
    wishes->expires_at = wishes->span ? expiry_moment(command, wishes->span) : STR("");
    if (wishes->span && !wishes->expires_at.len)
        return command_fail(command, EXIT_USAGE, "--expires: 30d, 12h, 45m; at most 36500d");
    if (wishes->grace) wishes->grace_seconds = expiry_seconds(wishes->grace);
    if (wishes->grace && wishes->grace_seconds == 0 && strspn(wishes->grace, "0") == 0)
        return command_fail(command, EXIT_USAGE, "--grace: 24h, 30m, 0; at most 30d");
    return command_why(command, wishes->why, errand == REVOKE);
}

static enum exit_code run(struct client *client, struct command *command, enum errand errand,
                          const char *path, const char *id, const struct wishes *wishes)
{
    switch (errand) {
    case CREATE:
        return create(client, command, path, wishes);
    case ROTATE:
        return rotate(client, command, path, id, wishes);
    case REVOKE:
        return revoke(client, command, path, id, wishes->why);
    case LIST:
    case NO_ERRAND:
        break;
    }
    return list(client, command, path, wishes->json);
}

enum exit_code verb_token(struct command *command)
{
    const char *data = setting_data(), *arguments[3];
    struct wishes wishes = {.expires_at = STR("")};
    bool done;
    int count;
    const struct option_spec options[] = {
        {"data", &data, NULL, "the data directory; default: $FORMWRIGHT_STORAGE_DATA or data"},
        {"role", &wishes.role, NULL, "publisher, reader or submitter"},
        {"scope", &wishes.scopes, NULL,
         "what it may do, with commas between; default: all its role may"},
        {"allow", &wishes.networks, NULL,
         "networks it may be used from, with commas between: 10.0.0.0/8"},
        {"expires", &wishes.span, NULL, "how long it lives: 90d, 12h; default: for ever"},
        {"grace", &wishes.grace, NULL, "how long the old secret lives after rotate; default: 24h"},
        {"note", &wishes.note, NULL, "what it is for"},
        {"why", &wishes.why, NULL, "the reason, for the audit log; needed to revoke"},
        {"json", NULL, &wishes.json, "print the API's answer"},
    };
    enum exit_code code = command_options(command, options, sizeof options / sizeof *options, arguments,
                                          3, &count, &done);
    if (code || done) return code;
    enum errand errand = errand_of(arguments, count);
    if (errand == NO_ERRAND) return command_usage(command);
    code = check_wishes(command, errand, &wishes);
    if (!code) code = command_name(command, arguments[1]);
    if (!code && count == 3) code = command_name(command, arguments[2]);
    if (code) return code;

    struct client *client;
    struct str path = arena_printf(&command->arena, "/v1/tenants/%s/tokens", arguments[1]);
    if (!path.ptr) return command_status(command, ST_NOMEM, "the request");
    code = client_open(command, data, &client);
    if (code) return code;
    code = run(client, command, errand, path.ptr, count == 3 ? arguments[2] : NULL, &wishes);
    client_close(client);
    return code;
}
