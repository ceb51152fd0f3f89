/* formwright publish: a definition's file becomes the draft of the form it names, and the draft a
 * version. Publishing the same text again changes nothing. */
#include "cli/form_file.h"
#include "cli/publisher.h"
#include "cli/setting.h"

#include "base/json_value.h"
#include "base/limits.h"
#include "dsl/dsl.h"

#include <inttypes.h>

static enum exit_code put_draft(struct publisher *errand, const char *path, struct str source)
{
    struct client_response response;
    enum exit_code code =
        client_send(errand->client, &(struct client_request){.method = "GET", .path = path}, &response);
    if (code) return code;
    struct client_request request = {
        .method = "PUT", .path = path, .body = source, .type = "text/plain; charset=utf-8"};
    if (response.status == 200) request.if_match = response.etag;
    else if (response.status != 404) return client_problem(errand->client, &response);
    return client_ask(errand->client, &request, &response);
}

static enum exit_code publish_draft(struct publisher *errand, const char *form, const char *path,
                                    const char *why, bool json)
{
    struct client_response response;
    struct json_value version;
    struct json_error error;
    int64_t number = 0;
    enum exit_code code =
        client_ask(errand->client, &(struct client_request){.method = "POST", .path = path, .why = why},
                   &response);
    if (code) return code;
    if (json_read(&errand->command->arena, response.body, limit(JSON_DEPTH), &version, &error) !=
            ST_OK ||
        !json_get_int(&version, STR("version"), &number))
        return command_fail(errand->command, EXIT_UNREACHABLE, "the answer holds no version");
    if (json) printf("%.*s\n", STR_ARG(response.body));
    else
        printf("%s/%s version %" PRId64 "%s\n", errand->tenant, form, number,
               response.status == 200 ? " (was there already)" : "");
    return EXIT_OK;
}

static enum exit_code publish(struct publisher *errand, const char *form, struct str source,
                              const char *why, bool json, bool breaking, const char *channel)
{
    struct arena *arena = &errand->command->arena;
    struct str draft = arena_printf(arena, "/v1/tenants/%s/forms/%s/draft", errand->tenant, form);
    struct str versions = arena_printf(arena, "/v1/tenants/%s/forms/%s/versions?allow_breaking=%s%s%s",
                                       errand->tenant, form, breaking ? "true" : "false",
                                       channel ? "&channel=" : "", channel ? channel : "");
    if (!draft.ptr || !versions.ptr) return command_status(errand->command, ST_NOMEM, form);
    enum exit_code code = publisher_begin(errand, "formwright publish");
    if (code) return code;
    code = put_draft(errand, draft.ptr, source);
    if (!code) code = publish_draft(errand, form, versions.ptr, why, json);
    enum exit_code given_back = publisher_end(errand);
    return code ? code : given_back;
}

static bool lacks_tables_only(const struct diags *diags)
{
    for (uint32_t i = 0; i < diags->count; i++)
        if (diags->items[i].severity == DIAG_ERROR && strcmp(diags->items[i].code, "E0230") != 0)
            return false;
    return diags->errors > 0;
}

static enum exit_code name_of(struct command *command, const char *path, struct str source,
                              const char **ret_form)
{
    struct str name;
    enum status st = dsl_form_name(&command->arena, source, &name);
    if (st) return command_status(command, st, path);
    *ret_form = name.ptr;
    return EXIT_OK;
}

/* Compiles here first: the diagnostics then carry the file's name and lines. */
static enum exit_code check(struct command *command, const struct form_file *file,
                            const char **ret_form)
{
    struct diags diags;
    struct program *program;
    diags_init(&diags, &command->arena, limit(DIAGNOSTICS));
    struct price_caps caps = price_caps_none(); /* what the tenant may publish the server knows */
    struct price price;
    enum status st = dsl_compile_within(mem_heap(), file->source, &caps, &diags, &price, &program);
    if (st == ST_INPUT && lacks_tables_only(&diags))
        return name_of(command, file->path, file->source, ret_form); /* the server has them */
    if (st == ST_INPUT) form_file_diagnostics(file, &diags);         /* warnings are for `check` */
    if (st == ST_INPUT) return EXIT_FINDINGS;
    if (st) return command_status(command, st, file->path);
    *ret_form = arena_str(&command->arena, program->name).ptr;
    program_release(program);
    return *ret_form ? EXIT_OK : command_status(command, ST_NOMEM, file->path);
}

/* What is stored is one text: with translations of other files it is laid out anew, else it is as it
 * was written. */
static enum exit_code lay_out(struct command *command, struct form_file *file)
{
    struct diags diags;
    if (file->count == 0) return EXIT_OK;
    diags_init(&diags, &command->arena, limit(DIAGNOSTICS));
    enum status st = dsl_format(&command->arena, file->source, &diags, &file->source);
    return st ? command_status(command, st, file->path) : EXIT_OK;
}

enum exit_code verb_publish(struct command *command)
{
    const char *data = setting_data(), *why = NULL, *channel = NULL, *translation = NULL;
    const char *arguments[2], *form;
    struct form_given given;
    bool json = false, breaking = false, done;
    int count;
    const struct option_spec options[] = {
        {"data", &data, NULL, "the data directory; default: $FORMWRIGHT_STORAGE_DATA or data"},
        {"why", &why, NULL, "the reason, for the audit log"},
        {"channel", &channel, NULL,
         "what stands for the version from now on; default: live; none: nothing"},
        {"json", NULL, &json, "print the API's answer"},
        {"allow-breaking", NULL, &breaking, "publish also when stored answers do not fit; needs --why"},
        {"translation", &translation, NULL, FORM_GIVEN_HELP},
    };
    enum exit_code code = form_given_take(command, &given);
    if (!code) code = command_options(command, options, 6, arguments, 2, &count, &done);
    if (code || done) return code;
    if (count != 2) return command_usage(command);
    code = command_why(command, why, breaking);
    if (!code) code = command_name(command, arguments[0]);
    if (code) return code;

    struct form_file file;
    code = form_file_read(command, arguments[1], &given, &file);
    if (!code) code = check(command, &file, &form);
    if (!code) code = lay_out(command, &file);
    if (code) return code;
    struct publisher errand = {.command = command, .tenant = arguments[0]};
    code = client_open(command, data, &errand.client);
    if (code) return code;
    code = publish(&errand, form, file.source, why, json, breaking, channel);
    client_close(errand.client);
    return code;
}
