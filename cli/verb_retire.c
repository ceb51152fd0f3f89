/* formwright retire: a version's time is over; whoever has it open may send it in for a while yet. */
#include "cli/publisher.h"
#include "cli/setting.h"

#include "base/json_value.h"
#include "base/limits.h"
#include "base/word.h"

#include <inttypes.h>

struct errand {
    struct publisher publisher;
    const char *form, *version, *grace, *why;
    bool json;
};

/* "7d", "24h", "30m", "90s", "0". */
static bool read_span(struct str text, uint64_t *ret_seconds)
{
    static const struct {
        char letter;
        uint64_t seconds;
    } units[] = {{'d', 86400}, {'h', 3600}, {'m', 60}, {'s', 1}};
    uint64_t unit = 0;
    if (str_eq(text, STR("0"))) unit = 1;
    for (size_t i = 0; i < sizeof units / sizeof *units && text.len > 1 && !unit; i++)
        if (text.ptr[text.len - 1] == units[i].letter) unit = units[i].seconds, text.len--;
    if (!unit || !word_number(text, 1000000, ret_seconds)) return false;
    *ret_seconds *= unit;
    return true;
}

static enum exit_code print_version(const struct errand *errand, const struct client_response *response)
{
    struct json_value version;
    struct json_error error;
    struct str until = STR("?");
    struct command *command = errand->publisher.command;
    if (errand->json) {
        printf("%.*s\n", STR_ARG(response->body));
        return EXIT_OK;
    }
    if (json_read(&command->arena, response->body, limit(JSON_DEPTH), &version, &error) != ST_OK ||
        !json_get_str(&version, STR("takes_until"), &until))
        return command_fail(command, EXIT_UNREACHABLE, "the answer holds no version");
    printf("%s/%s version %s is retired; submissions are taken until %.*s\n", errand->publisher.tenant,
           errand->form, errand->version, STR_ARG(until));
    return EXIT_OK;
}

static enum exit_code retire(struct errand *errand, struct str body)
{
    struct command *command = errand->publisher.command;
    struct client_response response;
    struct str path = arena_printf(&command->arena, "/v1/tenants/%s/forms/%s/versions/%s/state",
                                   errand->publisher.tenant, errand->form, errand->version);
    if (!path.ptr) return command_status(command, ST_NOMEM, errand->form);
    struct client_request request = {.method = "POST",
                                     .path = path.ptr,
                                     .body = body,
                                     .type = "application/json",
                                     .why = errand->why};
    enum exit_code code = publisher_begin(&errand->publisher, "formwright retire");
    if (code) return code;
    code = client_ask(errand->publisher.client, &request, &response);
    if (!code) code = print_version(errand, &response);
    enum exit_code ended = publisher_end(&errand->publisher);
    return code ? code : ended;
}

static enum exit_code make_body(struct errand *errand, struct str *ret_body)
{
    struct command *command = errand->publisher.command;
    uint64_t seconds = 0;
    if (errand->grace && !read_span(str_of(errand->grace), &seconds))
        return command_fail(command, EXIT_USAGE, "--grace: 7d, 24h, 30m or 0");
    *ret_body = errand->grace
                    ? arena_printf(&command->arena,
                                   "{\"to\":\"retired\",\"grace_seconds\":%" PRIu64 "}", seconds)
                    : STR("{\"to\":\"retired\"}");
    return ret_body->ptr ? EXIT_OK : command_status(command, ST_NOMEM, errand->form);
}

enum exit_code verb_retire(struct command *command)
{
    const char *data = setting_data(), *words[3];
    struct errand errand = {.publisher = {.command = command}};
    struct str body = STR("");
    bool done;
    int count;
    const struct option_spec options[] = {
        {"data", &data, NULL, "the data directory; default: $FORMWRIGHT_STORAGE_DATA or data"},
        {"grace", &errand.grace, NULL,
         "submissions are taken for so long; default: the form's setting"},
        {"why", &errand.why, NULL, "the reason, for the audit log"},
        {"json", NULL, &errand.json, "print the API's answer"},
    };
    enum exit_code code = command_options(command, options, 4, words, 3, &count, &done);
    if (code || done) return code;
    if (count != 3) return command_usage(command);
    errand.publisher.tenant = words[0];
    errand.form = words[1];
    errand.version = words[2];
    for (int i = 0; i < 3 && !code; i++) code = command_name(command, words[i]);
    if (!code) code = command_why(command, errand.why, true);
    if (!code) code = make_body(&errand, &body);
    if (!code) code = client_open(command, data, &errand.publisher.client);
    if (code) return code;
    code = retire(&errand, body);
    client_close(errand.publisher.client);
    return code;
}
