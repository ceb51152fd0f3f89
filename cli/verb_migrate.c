/* formwright migrate: stored answers carried to a later version. The server does it behind its answer;
 * the verb follows, and when it is ended the server goes on. Or tried, request after request. */
#include "cli/publisher.h"
#include "cli/setting.h"

#include "base/json_value.h"
#include "base/limits.h"
#include "base/word.h"

#include <inttypes.h>
#include <time.h>

struct errand {
    struct publisher publisher;
    const char *form, *from, *to, *why;
    bool dry_run, json, detach;
    int64_t carried, refused, after;
    bool more;
    struct str address, state, fault; /* of the operation */
    int64_t done, total;
};

enum { LOOK_MS = 200, SOON = 50, LATER_MS = 2000 /* after so many looks */ };

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

static enum exit_code misunderstood(struct errand *errand)
{
    return command_fail(errand->publisher.command, EXIT_UNREACHABLE,
                        "the answer tells of no migration");
}

static void print_items(const struct errand *errand, const struct json_value *answer, struct str body)
{
    const struct json_value *items = json_get(answer, STR("items"));
    for (uint32_t i = 0; items && i < items->count && !errand->json; i++)
        print_refused(&items->items[i]);
    if (errand->json) printf("%.*s\n", STR_ARG(body));
}

static enum exit_code read_trial(struct errand *errand, const struct json_value *answer,
                                 struct str body)
{
    int64_t carried, refused;
    if (!json_get_int(answer, STR("carried"), &carried) ||
        !json_get_int(answer, STR("refused"), &refused) ||
        !json_get_bool(answer, STR("more"), &errand->more))
        return misunderstood(errand);
    (void)json_get_int(answer, STR("next_after"), &errand->after);
    errand->carried += carried;
    errand->refused += refused;
    print_items(errand, answer, body);
    return EXIT_OK;
}

static bool keep_str(struct errand *errand, const struct json_value *answer, struct str name,
                     struct str *ret_text)
{
    struct str text;
    if (!json_get_str(answer, name, &text)) return false;
    *ret_text = arena_str(&errand->publisher.command->arena, text);
    return ret_text->ptr != NULL;
}

/* An operation as far as it is. */
static enum exit_code read_operation(struct errand *errand, const struct json_value *answer,
                                     struct str body)
{
    struct str state;
    if (!json_get_str(answer, STR("state"), &state) ||
        !json_get_int(answer, STR("done"), &errand->done) ||
        !json_get_int(answer, STR("total"), &errand->total) ||
        !json_get_int(answer, STR("refused"), &errand->refused))
        return misunderstood(errand);
    errand->carried = errand->done - errand->refused;
    errand->more = str_eq(state, STR("queued")) || str_eq(state, STR("running"));
    if (!errand->address.len && !keep_str(errand, answer, STR("self"), &errand->address))
        return misunderstood(errand);
    if (errand->more || keep_str(errand, answer, STR("state"), &errand->state))
        (void)keep_str(errand, answer, STR("fault"), &errand->fault);
    if (errand->json && !errand->more) printf("%.*s\n", STR_ARG(body));
    return EXIT_OK;
}

static enum exit_code read_refused(struct errand *errand, const struct json_value *answer,
                                   struct str body)
{
    print_items(errand, answer, body);
    struct str cursor;
    errand->more = json_get_str(answer, STR("next_cursor"), &cursor);
    if (errand->more && !keep_str(errand, answer, STR("next_cursor"), &errand->state))
        return command_status(errand->publisher.command, ST_NOMEM, errand->form);
    return EXIT_OK;
}

typedef enum exit_code reading(struct errand *errand, const struct json_value *answer, struct str body);

/* One request; what it needed is given back, however many there are. */
static enum exit_code ask(struct errand *errand, const struct client_request *request, reading *read)
{
    struct client_response response;
    struct json_value answer;
    struct json_error error;
    struct arena scratch;
    arena_init(&scratch, mem_heap(), 4 * (size_t)limit(PAGE_BYTES));
    enum exit_code code = client_ask(errand->publisher.client, request, &response);
    if (!code && json_read(&scratch, response.body, limit(JSON_DEPTH), &answer, &error) != ST_OK)
        code = misunderstood(errand);
    if (!code) code = read(errand, &answer, response.body);
    arena_release(&scratch);
    return code;
}

static struct str path_of(struct errand *errand)
{
    return arena_printf(&errand->publisher.command->arena, "/v1/tenants/%s/forms/%s/migrations:%s",
                        errand->publisher.tenant, errand->form, errand->dry_run ? "dry-run" : "apply");
}

static enum exit_code try_all(struct errand *errand, const char *path)
{
    enum exit_code code = EXIT_OK;
    do {
        char body[128];
        int len = snprintf(body, sizeof body, "{\"from\":%s,\"to\":%s,\"after\":%" PRId64 "}",
                           errand->from, errand->to, errand->after);
        struct client_request request = {.method = "POST",
                                         .path = path,
                                         .body = {body, (size_t)len},
                                         .type = "application/json",
                                         .why = errand->why};
        code = ask(errand, &request, read_trial);
    } while (!code && errand->more);
    return code;
}

/* On stderr, so that what is printed can be kept; over one line where somebody looks. */
static void print_progress(const struct errand *errand)
{
    if (errand->json || errand->total == 0) return;
    fprintf(stderr, "%" PRId64 " of %" PRId64 "\n", errand->done, errand->total);
}

static enum exit_code list_refused(struct errand *errand)
{
    enum exit_code code = EXIT_OK;
    errand->state = STR("");
    do {
        struct str path = arena_printf(&errand->publisher.command->arena,
                                       "%.*s/refused?limit=200%s%.*s", STR_ARG(errand->address),
                                       errand->state.len ? "&cursor=" : "", STR_ARG(errand->state));
        if (!path.ptr) return command_status(errand->publisher.command, ST_NOMEM, errand->form);
        code = ask(errand, &(struct client_request){.method = "GET", .path = path.ptr}, read_refused);
    } while (!code && errand->more);
    return code;
}

static enum exit_code follow(struct errand *errand)
{
    int64_t told = 0, looks = 0;
    enum exit_code code = EXIT_OK;
    struct client_request look = {.method = "GET", .path = errand->address.ptr};
    while (!code && errand->more) {
        int64_t ms = looks++ < SOON ? LOOK_MS : LATER_MS;
        nanosleep(&(struct timespec){ms / 1000, (long)(ms % 1000) * 1000000L}, NULL);
        code = ask(errand, &look, read_operation);
        if (errand->done != told) print_progress(errand);
        told = errand->done;
    }
    if (code || str_eq(errand->state, STR("done"))) return code;
    return command_fail(errand->publisher.command, EXIT_FINDINGS, "the migration is %.*s%s%.*s",
                        STR_ARG(errand->state), errand->fault.len ? ": " : "", STR_ARG(errand->fault));
}

static enum exit_code apply(struct errand *errand, const char *path)
{
    char body[64];
    int len = snprintf(body, sizeof body, "{\"from\":%s,\"to\":%s}", errand->from, errand->to);
    struct client_request request = {.method = "POST",
                                     .path = path,
                                     .body = {body, (size_t)len},
                                     .type = "application/json",
                                     .why = errand->why};
    enum exit_code code = ask(errand, &request, read_operation);
    if (errand->detach && !code) printf("%.*s\n", STR_ARG(errand->address));
    if (code || errand->detach) return code;
    code = follow(errand);
    return !code && errand->refused ? list_refused(errand) : code;
}

static void print_end(const struct errand *errand)
{
    if (errand->json || errand->detach) return;
    printf("%s/%s version %s to %s: %" PRId64 " %s, %" PRId64 " cannot be\n", errand->publisher.tenant,
           errand->form, errand->from, errand->to, errand->carried,
           errand->dry_run ? "can be carried" : "carried", errand->refused);
}

static enum exit_code migrate(struct errand *errand)
{
    struct str path = path_of(errand);
    if (!path.ptr) return command_status(errand->publisher.command, ST_NOMEM, errand->form);
    enum exit_code code = publisher_begin(&errand->publisher, "formwright migrate");
    if (code) return code;
    code = errand->dry_run ? try_all(errand, path.ptr) : apply(errand, path.ptr);
    enum exit_code ended = publisher_end(&errand->publisher);
    if (!code) code = ended;
    if (!code) print_end(errand);
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
        {"detach", NULL, &errand.detach, "begin it, print its address, and do not wait for its end"},
        {"json", NULL, &errand.json, "print the API's answers, one a line"},
    };
    enum exit_code code = command_options(command, options, 5, words, 4, &count, &done);
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
