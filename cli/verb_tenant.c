/* formwright tenant: makes and lists tenants, renames, suspends, resumes and closes them, recovers
 * their files, shows and sets their quotas. */
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

static enum exit_code recover(struct client *client, struct command *command, const char *id,
                              const char *why, bool json)
{
    struct client_response response;
    struct str path = arena_printf(&command->arena, "/v1/tenants/%s/recover", id);
    if (!path.ptr) return command_status(command, ST_NOMEM, id);
    enum exit_code code = client_ask(
        client, &(struct client_request){.method = "POST", .path = path.ptr, .why = why}, &response);
    if (code) return code;
    if (json) printf("%.*s\n", STR_ARG(response.body));
    else printf("tenant %s is sound\n", id);
    return EXIT_OK;
}

static enum exit_code rename_to(struct client *client, struct command *command, const char *id,
                                const char *title, bool json)
{
    struct buf body;
    struct json_writer writer;
    struct client_response response;
    struct str path = arena_printf(&command->arena, "/v1/tenants/%s", id);
    if (!path.ptr) return command_status(command, ST_NOMEM, id);
    buf_init(&body, mem_heap(), limit(TEXT_BYTES));
    json_writer_init(&writer, &body);
    json_object(&writer);
    json_key_str(&writer, STR("name"), str_of(title));
    json_object_end(&writer);
    enum exit_code code = buf_failed(&body)
                              ? command_status(command, body.failure, "the request")
                              : client_ask(client,
                                           &(struct client_request){.method = "PATCH",
                                                                    .path = path.ptr,
                                                                    .body = buf_str(&body),
                                                                    .type = "application/json"},
                                           &response);
    buf_release(&body);
    if (code) return code;
    if (json) printf("%.*s\n", STR_ARG(response.body));
    else printf("tenant %s\n", id);
    return EXIT_OK;
}

/* ---------------------------------------------------------------- quotas */

/* "forms=20" and "forms=default" as members of an object; ptr NULL after saying what is wrong. The
 * server knows the names. */
static struct str quota_body(struct command *command, const char *const *words, int count)
{
    struct str body = STR("{");
    for (int i = 0; i < count && body.ptr; i++) {
        const char *equals = strchr(words[i], '=');
        size_t name_len = equals ? (size_t)(equals - words[i]) : 0;
        const char *value = equals ? equals + 1 : "";
        bool resets = strcmp(value, "default") == 0;
        if (!resets && (!*value || strspn(value, "0123456789") != strlen(value) || *value == '0'))
            name_len = 0;
        if (name_len == 0 || strspn(words[i], "abcdefghijklmnopqrstuvwxyz_") != name_len) {
            command_fail(command, EXIT_USAGE, "%s: write NAME=VALUE, VALUE a number or default",
                         words[i]);
            return (struct str){NULL, 0};
        }
        body = arena_printf(&command->arena, "%.*s%s\"%.*s\":%s", STR_ARG(body), i ? "," : "",
                            (int)name_len, words[i], resets ? "null" : value);
    }
    return body.ptr ? arena_printf(&command->arena, "%.*s}", STR_ARG(body)) : body;
}

static enum exit_code print_quotas(struct command *command, struct str body)
{
    struct json_value quotas;
    struct json_error error;
    if (json_read(&command->arena, body, limit(JSON_DEPTH), &quotas, &error) != ST_OK ||
        quotas.kind != JSON_OBJECT)
        return command_fail(command, EXIT_UNREACHABLE, "the answer is not JSON");
    for (uint32_t i = 0; i < quotas.count; i++) {
        const struct json_member *member = &quotas.members[i];
        printf("%-24.*s %.*s\n", STR_ARG(member->name), STR_ARG(member->value.text));
    }
    return EXIT_OK;
}

/* `body` ptr NULL: only shows them. */
static enum exit_code quota(struct client *client, struct command *command, const char *id,
                            struct str body, const char *why, bool json)
{
    struct client_response response;
    struct str path = arena_printf(&command->arena, "/v1/tenants/%s/quota", id);
    struct client_request ask = {.method = "GET"};
    if (!path.ptr) return command_status(command, ST_NOMEM, id);
    if (body.ptr)
        ask = (struct client_request){
            .method = "PUT", .body = body, .type = "application/json", .why = why};
    ask.path = path.ptr;
    enum exit_code code = client_ask(client, &ask, &response);
    if (code) return code;
    if (!json) return print_quotas(command, response.body);
    printf("%.*s\n", STR_ARG(response.body));
    return EXIT_OK;
}

/* ---------------------------------------------------------------- the verb */

enum errand { CREATE, LIST, RENAME, SET_STATE, RECOVER, QUOTA, NO_ERRAND };

static enum errand errand_of(const char *const *arguments, int count)
{
    if (count == 1 && strcmp(arguments[0], "list") == 0) return LIST;
    if (count > 2 && strcmp(arguments[0], "quota") != 0) return NO_ERRAND;
    if (count < 2) return NO_ERRAND;
    if (strcmp(arguments[0], "quota") == 0) return QUOTA;
    if (strcmp(arguments[0], "create") == 0) return CREATE;
    if (strcmp(arguments[0], "rename") == 0) return RENAME;
    if (strcmp(arguments[0], "recover") == 0) return RECOVER;
    return state_after(arguments[0]) ? SET_STATE : NO_ERRAND;
}

struct wishes {
    const char *id, *title, *why;
    const char *to;  /* SET_STATE */
    struct str body; /* QUOTA */
    bool json;
};

static enum exit_code run(struct client *client, struct command *command, enum errand errand,
                          const struct wishes *wishes)
{
    switch (errand) {
    case CREATE:
        return create(client, command, wishes->id, wishes->title, wishes->json);
    case RENAME:
        return rename_to(client, command, wishes->id, wishes->title, wishes->json);
    case SET_STATE:
        return set_state(client, command, wishes->id, wishes->to, wishes->why, wishes->json);
    case RECOVER:
        return recover(client, command, wishes->id, wishes->why, wishes->json);
    case QUOTA:
        return quota(client, command, wishes->id, wishes->body, wishes->why, wishes->json);
    case LIST:
    case NO_ERRAND:
        break;
    }
    return list(client, command, wishes->json);
}

enum { ARGUMENTS_MAX = 2 + 32 };

enum exit_code verb_tenant(struct command *command)
{
    const char *data = setting_data(), *arguments[ARGUMENTS_MAX];
    struct wishes wishes = {.body = {NULL, 0}};
    bool done;
    int count;
    const struct option_spec options[] = {
        {"data", &data, NULL, "the data directory; default: $FORMWRIGHT_STORAGE_DATA or data"},
        {"title", &wishes.title, NULL, "its name for people; default: NAME"},
        {"why", &wishes.why, NULL,
         "the reason, for the audit log; needed to suspend, resume, close, recover and set quotas"},
        {"json", NULL, &wishes.json, "print the API's answer"},
    };
    enum exit_code code = command_options(command, options, 4, arguments, ARGUMENTS_MAX, &count, &done);
    if (code || done) return code;
    enum errand errand = errand_of(arguments, count);
    if (errand == NO_ERRAND || (errand == RENAME && !wishes.title)) return command_usage(command);
    bool sets = errand == QUOTA && count > 2;
    code = command_why(command, wishes.why, errand == SET_STATE || errand == RECOVER || sets);
    if (!code && errand != LIST && errand != CREATE) code = command_name(command, arguments[1]);
    if (code) return code;
    if (sets) wishes.body = quota_body(command, arguments + 2, count - 2);
    if (sets && !wishes.body.ptr) return EXIT_USAGE;
    wishes.id = count > 1 ? arguments[1] : NULL;
    wishes.to = errand == SET_STATE ? state_after(arguments[0]) : NULL;

    struct client *client;
    code = client_open(command, data, &client);
    if (code) return code;
    code = run(client, command, errand, &wishes);
    client_close(client);
    return code;
}
