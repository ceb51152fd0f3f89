/* formwright channel: what a form is served as, and moving it: to all, to some of a hundred buckets,
 * and back. */
#include "cli/publisher.h"
#include "cli/setting.h"

#include "base/json_value.h"
#include "base/limits.h"
#include "base/word.h"
#include "engine/engine.h"

#include <inttypes.h>
#include <string.h>

struct errand {
    struct command *command;
    struct client *client;
    const char *tenant, *form, *channel, *version, *percent, *if_match, *why;
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

/* "acme/visa live: version 3; version 4 for 10 of 100  (revision 5, 2026-…)" */
static void print_channel(const struct errand *errand, const struct json_value *channel)
{
    int64_t version = 0, candidate = 0, percent = 0, revision = 0;
    struct str name = STR("?"), changed_at = STR("?");
    (void)json_get_str(channel, STR("channel"), &name);
    (void)json_get_str(channel, STR("changed_at"), &changed_at);
    (void)json_get_int(channel, STR("version"), &version);
    (void)json_get_int(channel, STR("revision"), &revision);
    printf("%s/%s %.*s: version %" PRId64, errand->tenant, errand->form, STR_ARG(name), version);
    if (json_get_int(channel, STR("candidate"), &candidate) &&
        json_get_int(channel, STR("percent"), &percent))
        printf("; version %" PRId64 " for %" PRId64 " of 100", candidate, percent);
    printf(" (revision %" PRId64 ", %.*s)\n", revision, STR_ARG(changed_at));
}

static enum exit_code list(struct errand *errand)
{
    struct client_response response;
    struct json_value page;
    struct str path = arena_printf(&errand->command->arena, "/v1/tenants/%s/forms/%s/channels",
                                   errand->tenant, errand->form);
    if (!path.ptr) return command_status(errand->command, ST_NOMEM, errand->form);
    enum exit_code code =
        ask(errand, &(struct client_request){.method = "GET", .path = path.ptr}, &response, &page);
    if (code) return code;
    if (errand->json) printf("%.*s\n", STR_ARG(response.body));
    const struct json_value *items = json_get(&page, STR("items"));
    for (uint32_t i = 0; items && i < items->count && !errand->json; i++)
        print_channel(errand, &items->items[i]);
    return EXIT_OK;
}

static enum exit_code put(struct errand *errand, const struct client_request *request)
{
    struct client_response response;
    struct json_value channel;
    struct publisher publisher = {
        .command = errand->command, .client = errand->client, .tenant = errand->tenant};
    enum exit_code code = publisher_begin(&publisher, "formwright channel");
    if (code) return code;
    code = ask(errand, request, &response, &channel);
    if (!code && errand->json) printf("%.*s\n", STR_ARG(response.body));
    else if (!code) print_channel(errand, &channel);
    enum exit_code ended = publisher_end(&publisher);
    return code ? code : ended;
}

static enum exit_code set(struct errand *errand)
{
    struct arena *arena = &errand->command->arena;
    struct str path = arena_printf(arena, "/v1/tenants/%s/forms/%s/channels/%s", errand->tenant,
                                   errand->form, errand->channel);
    struct str body = arena_printf(arena, "{\"version\":%s,\"percent\":%s}", errand->version,
                                   errand->percent ? errand->percent : "100");
    if (!path.ptr || !body.ptr) return command_status(errand->command, ST_NOMEM, errand->channel);
    struct client_request request = {.method = "PUT",
                                     .path = path.ptr,
                                     .body = body,
                                     .type = "application/json",
                                     .why = errand->why,
                                     .if_match = str_of(errand->if_match ? errand->if_match : "")};
    return put(errand, &request);
}

/* For servers that know who is asking: no data directory is needed. */
static enum exit_code tell_bucket(const char *key)
{
    printf("%" PRIu32 "\n", channel_bucket(str_of(key)));
    return EXIT_OK;
}

static enum exit_code check_number(const struct errand *errand, const char *what, const char *text,
                                   uint64_t most)
{
    uint64_t number;
    if (!text || (word_number(str_of(text), most + 1, &number) && number <= most)) return EXIT_OK;
    return command_fail(errand->command, EXIT_USAGE, "%s: a number up to %" PRIu64, what, most);
}

static enum exit_code run(struct errand *errand, const char *data,
                          enum exit_code (*function)(struct errand *errand))
{
    enum exit_code code = command_name(errand->command, errand->tenant);
    if (!code) code = command_name(errand->command, errand->form);
    if (!code && errand->channel) code = command_name(errand->command, errand->channel);
    if (!code) code = check_number(errand, "VERSION", errand->version, 999999999);
    if (!code) code = check_number(errand, "--percent", errand->percent, 100);
    if (!code) code = command_why(errand->command, errand->why, false);
    if (!code) code = client_open(errand->command, data, &errand->client);
    if (code) return code;
    code = function(errand);
    client_close(errand->client);
    return code;
}

enum exit_code verb_channel(struct command *command)
{
    const char *data = setting_data(), *words[5];
    struct errand errand = {.command = command};
    bool done;
    int count;
    const struct option_spec options[] = {
        {"data", &data, NULL, "the data directory; default: $FORMWRIGHT_STORAGE_DATA or data"},
        {"percent", &errand.percent, NULL, "of set: for so many buckets of 100; default: 100"},
        {"if-match", &errand.if_match, NULL, "of set: only when the channel still has this entity tag"},
        {"why", &errand.why, NULL, "the reason, for the audit log"},
        {"json", NULL, &errand.json, "print the API's answer"},
    };
    enum exit_code code = command_options(command, options, 5, words, 5, &count, &done);
    if (code || done) return code;
    if (count < 2) return command_usage(command);
    if (strcmp(words[0], "bucket") == 0 && count == 2) return tell_bucket(words[1]);
    if (count < 3) return command_usage(command);
    errand.tenant = words[1];
    errand.form = words[2];
    errand.channel = count > 3 ? words[3] : NULL;
    errand.version = count > 4 ? words[4] : NULL;
    if (strcmp(words[0], "list") == 0 && count == 3) return run(&errand, data, list);
    if (strcmp(words[0], "set") == 0 && count == 5) return run(&errand, data, set);
    return command_usage(command);
}
