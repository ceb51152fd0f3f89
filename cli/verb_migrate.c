/* formwright migrate: stored answers carried to a later version, request after request until all are
 * done; or tried. Ended in the middle, it goes on when it is asked again. */
#include "cli/publisher.h"
#include "cli/setting.h"

#include "base/json_value.h"
#include "base/limits.h"
#include "base/word.h"

#include <inttypes.h>

struct errand {
    struct publisher publisher;
    const char *form, *from, *to, *why;
    bool dry_run, json;
    int64_t carried, refused, after;
    bool more;
};

static void print_refused(const struct json_value *item)
{
    struct str id = STR("?"), pointer = STR(""), code = STR("?"), message = STR("");
    const struct json_value *errors = json_get(item, STR("errors"));
    (void)json_get_str(item, STR("id"), &id);
    for (uint32_t i = 0; errors && i < errors->count; i++) {
        (void)json_get_str(&errors->items[i], STR("pointer"), &pointer);
        (void)json_get_str(&errors->items[i], STR("code"), &code);
        (void)json_get_str(&errors->items[i], STR("message"), &message);
        printf("%.*s %.*s: %.*s %.*s\n", STR_ARG(id), STR_ARG(pointer), STR_ARG(code),
               STR_ARG(message));
    }
}

static enum exit_code read_answer(struct errand *errand, struct arena *arena, struct str body)
{
    struct json_value answer;
    struct json_error error;
    int64_t carried, refused;
    if (json_read(arena, body, limit(JSON_DEPTH), &answer, &error) != ST_OK ||
        !json_get_int(&answer, STR("carried"), &carried) ||
        !json_get_int(&answer, STR("refused"), &refused) ||
        !json_get_bool(&answer, STR("more"), &errand->more))
        return command_fail(errand->publisher.command, EXIT_UNREACHABLE,
                            "the answer tells of no migration");
    (void)json_get_int(&answer, STR("next_after"), &errand->after);
    errand->carried += carried;
    errand->refused += refused;
    const struct json_value *items = json_get(&answer, STR("items"));
    for (uint32_t i = 0; items && i < items->count && !errand->json; i++)
        print_refused(&items->items[i]);
    if (errand->json) printf("%.*s\n", STR_ARG(body));
    return EXIT_OK;
}

/* One batch; what it needed is given back, however many there are. */
static enum exit_code ask(struct errand *errand, const char *path)
{
    struct client_response response;
    struct arena scratch;
    arena_init(&scratch, mem_heap(), 4 * (size_t)limit(PAGE_BYTES));
    struct str after =
        errand->dry_run ? arena_printf(&scratch, ",\"after\":%" PRId64, errand->after) : STR("");
    struct str body =
        arena_printf(&scratch, "{\"from\":%s,\"to\":%s%.*s}", errand->from, errand->to, STR_ARG(after));
    struct client_request request = {
        .method = "POST", .path = path, .body = body, .type = "application/json", .why = errand->why};
    enum exit_code code = client_ask(errand->publisher.client, &request, &response);
    if (!code) code = read_answer(errand, &scratch, response.body);
    arena_release(&scratch);
    return code;
}

static enum exit_code migrate(struct errand *errand)
{
    struct command *command = errand->publisher.command;
    struct str path =
        arena_printf(&command->arena, "/v1/tenants/%s/forms/%s/migrations:%s", errand->publisher.tenant,
                     errand->form, errand->dry_run ? "dry-run" : "apply");
    if (!path.ptr) return command_status(command, ST_NOMEM, errand->form);
    enum exit_code code = publisher_begin(&errand->publisher, "formwright migrate");
    if (code) return code;
    do code = ask(errand, path.ptr);
    while (!code && errand->more);
    enum exit_code ended = publisher_end(&errand->publisher);
    if (!code) code = ended;
    if (!code && !errand->json)
        printf("%s/%s version %s to %s: %" PRId64 " %s, %" PRId64 " cannot be\n",
               errand->publisher.tenant, errand->form, errand->from, errand->to, errand->carried,
               errand->dry_run ? "can be carried" : "carried", errand->refused);
    return !code && errand->refused ? EXIT_FINDINGS : code;
}

static enum exit_code check_numbers(const struct errand *errand)
{
    uint64_t from, to;
    if (word_number(str_of(errand->from), 1000000000, &from) && from > 0 &&
        word_number(str_of(errand->to), 1000000000, &to) && to > 0 && from != to)
        return EXIT_OK;
    return command_fail(errand->publisher.command, EXIT_USAGE,
                        "FROM and TO: the numbers of two versions");
}

enum exit_code verb_migrate(struct command *command)
{
    const char *data = setting_data(), *words[4];
    struct errand errand = {.publisher = {.command = command}};
    bool done;
    int count;
    const struct option_spec options[] = {
        {"data", &data, NULL, "the data directory; default: $FORMWRIGHT_STORAGE_DATA or data"},
        {"dry-run", NULL, &errand.dry_run, "tell what would become of the answers, and keep nothing"},
        {"why", &errand.why, NULL, "the reason, for the audit log"},
        {"json", NULL, &errand.json, "print the API's answers, one a line"},
    };
    enum exit_code code = command_options(command, options, 4, words, 4, &count, &done);
    if (code || done) return code;
    if (count != 4) return command_usage(command);
    errand.publisher.tenant = words[0];
    errand.form = words[1];
    errand.from = words[2];
    errand.to = words[3];
    for (int i = 0; i < 2 && !code; i++) code = command_name(command, words[i]);
    if (!code) code = check_numbers(&errand);
    if (!code) code = command_why(command, errand.why, false);
    if (!code) code = client_open(command, data, &errand.publisher.client);
    if (code) return code;
    code = migrate(&errand);
    client_close(errand.publisher.client);
    return code;
}
