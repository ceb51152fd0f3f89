/* formwright stats: what a form's submissions say when they are counted, for people; --json for
 * programs. */
#include "cli/publisher.h"
#include "cli/setting.h"

#include "base/json_value.h"
#include "base/limits.h"
#include "base/word.h"

#include <inttypes.h>

struct errand {
    struct publisher publisher;
    const char *form, *version, *locale;
    bool json;
};

static int64_t number(const struct json_value *object, struct str name)
{
    int64_t value = 0;
    (void)json_get_int(object, name, &value);
    return value;
}

static struct str text(const struct json_value *object, struct str name)
{
    struct str value = STR("");
    (void)json_get_str(object, name, &value);
    return value;
}

static void print_counts(int64_t count, struct str code, struct str label)
{
    printf("  %8" PRId64 "  %.*s", count, STR_ARG(code));
    if (label.len) printf(" \"%.*s\"", STR_ARG(label));
    printf("\n");
}

/* "members.fare  2310 of 2310; sum 48213.50 EUR, 0.00 to 120.00", and a line for each option. */
static void print_field(const struct json_value *field)
{
    struct str path = text(field, STR("path")), sum = text(field, STR("sum")),
               least = text(field, STR("min")), most = text(field, STR("max")),
               currency = text(field, STR("currency"));
    bool counted = true, is_repeat = str_eq(text(field, STR("type")), STR("repeat"));
    (void)json_get_bool(field, STR("counted"), &counted);
    printf("%.*s: ", STR_ARG(path));
    if (!counted) printf("not counted");
    else if (is_repeat) printf("%" PRId64 " rows", number(field, STR("answered")));
    else printf("%" PRId64 " of %" PRId64, number(field, STR("answered")), number(field, STR("of")));
    if (sum.len)
        printf("; sum %.*s%s%.*s, %.*s to %.*s", STR_ARG(sum), currency.len ? " " : "",
               STR_ARG(currency), STR_ARG(least), STR_ARG(most));
    printf("\n");
    const struct json_value *options = json_get(field, STR("options"));
    for (uint32_t i = 0; options && i < options->count; i++)
        print_counts(number(&options->items[i], STR("count")), text(&options->items[i], STR("code")),
                     text(&options->items[i], STR("label")));
    if (number(field, STR("other"))) print_counts(number(field, STR("other")), STR("(other)"), STR(""));
    if (number(field, STR("rest"))) print_counts(number(field, STR("rest")), STR("(rest)"), STR(""));
}

static void print_stats(const struct errand *errand, const struct json_value *stats)
{
    printf("%s/%s: %" PRId64 " submissions, %" PRId64 " erased; %" PRId64 " saved to go on with\n",
           errand->publisher.tenant, errand->form, number(stats, STR("submissions")),
           number(stats, STR("erased")), number(stats, STR("saved")));
    const struct json_value *versions = json_get(stats, STR("versions"));
    for (uint32_t i = 0; versions && i < versions->count; i++) {
        const struct json_value *version = &versions->items[i];
        struct str first = text(version, STR("first_at")), last = text(version, STR("last_at"));
        printf("version %" PRId64 ": %" PRId64 ", from %.*s to %.*s\n", number(version, STR("version")),
               number(version, STR("submissions")), STR_ARG(first), STR_ARG(last));
    }
    const struct json_value *fields = json_get(stats, STR("fields"));
    for (uint32_t i = 0; fields && i < fields->count; i++) print_field(&fields->items[i]);
    if (number(stats, STR("sensitive")))
        printf("%" PRId64 " sensitive fields are left out\n", number(stats, STR("sensitive")));
}

/* Asks until all is counted; each time some more is. */
static enum exit_code ask(struct errand *errand, struct str path)
{
    struct command *command = errand->publisher.command;
    struct client_response response;
    struct json_value stats;
    struct json_error error;
    do {
        struct client_request request = {.method = "GET", .path = path.ptr};
        enum exit_code code = client_ask(errand->publisher.client, &request, &response);
        if (code) return code;
        if (json_read(&command->arena, response.body, limit(JSON_DEPTH), &stats, &error) != ST_OK)
            return command_fail(command, EXIT_UNREACHABLE, "the answer is not JSON");
    } while (number(&stats, STR("behind")) > 0);
    if (errand->json) printf("%.*s\n", STR_ARG(response.body));
    else print_stats(errand, &stats);
    return EXIT_OK;
}

static enum exit_code make_path(struct errand *errand, struct str *ret_path)
{
    struct command *command = errand->publisher.command;
    uint64_t version;
    if (errand->version && (!word_number(str_of(errand->version), UINT32_MAX, &version) || !version))
        return command_fail(command, EXIT_USAGE, "--version: a number from 1 on");
    for (const char *c = errand->locale; c && *c; c++)
        if (*c != '-' && !(*c >= '0' && *c <= '9') && !((*c | 0x20) >= 'a' && (*c | 0x20) <= 'z'))
            return command_fail(command, EXIT_USAGE, "--locale: a language, as de or de-CH");
    *ret_path = arena_printf(&command->arena, "/v1/tenants/%s/forms/%s/stats%s%s%s%s",
                             errand->publisher.tenant, errand->form, errand->version ? "?version=" : "",
                             errand->version ? errand->version : "",
                             errand->locale ? errand->version ? "&locale=" : "?locale=" : "",
                             errand->locale ? errand->locale : "");
    return ret_path->ptr ? EXIT_OK : command_status(command, ST_NOMEM, errand->form);
}

static enum exit_code run(struct errand *errand, const char *data)
{
    struct command *command = errand->publisher.command;
    struct str path = {0};
    enum exit_code code = command_name(command, errand->publisher.tenant);
    if (!code) code = command_name(command, errand->form);
    if (!code) code = make_path(errand, &path);
    if (!code) code = client_open(command, data, &errand->publisher.client);
    if (code) return code;
    code = publisher_begin(&errand->publisher, "formwright stats");
    if (!code) {
        code = ask(errand, path);
        enum exit_code ended = publisher_end(&errand->publisher);
        code = code ? code : ended;
    }
    client_close(errand->publisher.client);
    return code;
}

enum exit_code verb_stats(struct command *command)
{
    const char *data = setting_data(), *words[2];
    struct errand errand = {.publisher = {.command = command}};
    bool done;
    int count;
    const struct option_spec options[] = {
        {"data", &data, NULL, "the data directory; default: $FORMWRIGHT_STORAGE_DATA or data"},
        {"version", &errand.version, NULL, "that version alone"},
        {"locale", &errand.locale, NULL, "the language of labels, where the form has it"},
        {"json", NULL, &errand.json, "print the API's answer"},
    };
    enum exit_code code = command_options(command, options, 4, words, 2, &count, &done);
    if (code || done) return code;
    if (count < 2) return command_usage(command);
    errand.publisher.tenant = words[0];
    errand.form = words[1];
    return run(&errand, data);
}
