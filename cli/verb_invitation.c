/* formwright invitation: codes for those who may submit to a form once. A code is printed when it is
 * issued and never again. */
#include "cli/expiry.h"
#include "cli/publisher.h"
#include "cli/setting.h"

#include "base/digest.h"
#include "base/json_value.h"
#include "base/json_writer.h"
#include "base/limits.h"
#include "base/word.h"

#include <stdio.h>
#include <string.h>

enum { COUNT_MAX = 100000, KEY_BYTES = 16 };

struct errand {
    struct publisher publisher;
    const char *form, *id, *why, *count, *references, *span, *site, *state;
    struct str expires_at, list; /* list: what the file of references holds */
    uint64_t wanted;
    bool json;
};

/* ---------------------------------------------------------------- asking */

static enum exit_code ask(struct errand *errand, const struct client_request *request,
                          struct json_value *ret_answer)
{
    struct client_response response;
    struct json_error error;
    struct command *command = errand->publisher.command;
    enum exit_code code = client_ask(errand->publisher.client, request, &response);
    if (code) return code;
    if (json_read(&command->arena, response.body, limit(JSON_DEPTH), ret_answer, &error) != ST_OK)
        return command_fail(command, EXIT_UNREACHABLE, "the answer is not JSON");
    if (errand->json) printf("%.*s\n", STR_ARG(response.body));
    return EXIT_OK;
}

static struct str path_of(struct errand *errand, const char *more)
{
    return arena_printf(&errand->publisher.command->arena, "/v1/tenants/%s/forms/%s/invitations%s",
                        errand->publisher.tenant, errand->form, more);
}

static struct str text_of(const struct json_value *invitation, struct str name)
{
    struct str text = STR("");
    (void)json_get_str(invitation, name, &text);
    return text;
}

/* ---------------------------------------------------------------- issuing */

/* Line by line; empty ones do not count. */
static bool next_reference(struct str *list, struct str *ret_reference)
{
    while (list->len) {
        const char *end = memchr(list->ptr, '\n', list->len);
        struct str line = {list->ptr, end ? (size_t)(end - list->ptr) : list->len};
        size_t past = line.len + (end != NULL);
        *list = (struct str){list->ptr + past, list->len - past};
        if (line.len && line.ptr[line.len - 1] == '\r') line.len--;
        *ret_reference = line;
        if (line.len) return true;
    }
    return false;
}

static void put_references(struct json_writer *json, struct str *list)
{
    struct str reference;
    json_key(json, STR("references"));
    json_array(json);
    for (int i = 0; i < limit(INVITATIONS) && next_reference(list, &reference); i++)
        json_str(json, reference);
    json_array_end(json);
}

/* As many as one request may ask for, off what is still wanted. */
static void put_wish(struct errand *errand, struct buf *out)
{
    struct json_writer json;
    uint64_t most = (uint64_t)limit(INVITATIONS), count = errand->wanted < most ? errand->wanted : most;
    json_writer_init(&json, out);
    json_object(&json);
    if (errand->references) put_references(&json, &errand->list);
    else json_key_int(&json, STR("count"), (int64_t)count);
    if (errand->expires_at.len) json_key_str(&json, STR("expires_at"), errand->expires_at);
    json_object_end(&json);
    errand->wanted -= count;
}

/* "https://forms.example.org/f/acme/party?invitation=…", and behind a tab what it is for. */
static void print_issued(const struct errand *errand, const struct json_value *invitation)
{
    struct str reference = text_of(invitation, STR("reference"));
    printf("%s%.*s%s%.*s\n", errand->site ? errand->site : "",
           STR_ARG(text_of(invitation, STR("link"))), reference.len ? "\t" : "", STR_ARG(reference));
}

static enum exit_code send_wish(struct errand *errand, struct str body)
{
    struct json_value made;
    unsigned char chance[KEY_BYTES];
    struct buf key;
    struct str path = path_of(errand, "");
    buf_init(&key, mem_heap(), (size_t)limit(ID_BYTES));
    digest_random(chance, sizeof chance);
    digest_put_hex(&key, (struct str){(const char *)chance, sizeof chance});
    struct client_request request = {.method = "POST",
                                     .path = path.ptr,
                                     .body = body,
                                     .type = "application/json",
                                     .key = buf_str(&key)};
    enum exit_code code = path.ptr && !buf_failed(&key)
                              ? ask(errand, &request, &made)
                              : command_status(errand->publisher.command, ST_NOMEM, errand->form);
    buf_release(&key);
    if (code || errand->json) return code;
    const struct json_value *items = json_get(&made, STR("items"));
    for (uint32_t i = 0; items && i < items->count; i++) print_issued(errand, &items->items[i]);
    return EXIT_OK;
}

static enum exit_code issue(struct errand *errand)
{
    enum exit_code code = EXIT_OK;
    while (!code && errand->wanted) {
        struct buf body;
        buf_init(&body, mem_heap(), limit(TEXT_BYTES));
        put_wish(errand, &body);
        code = buf_failed(&body)
                   ? command_status(errand->publisher.command, body.failure, "the request")
                   : send_wish(errand, buf_str(&body));
        buf_release(&body);
    }
    return code;
}

/* ---------------------------------------------------------------- listing, revoking */

static void print_one(const struct json_value *invitation)
{
    struct str reference = text_of(invitation, STR("reference")),
               submission = text_of(invitation, STR("submission"));
    printf("%.*s %-7.*s since %.*s expires %.*s", STR_ARG(text_of(invitation, STR("id"))),
           STR_ARG(text_of(invitation, STR("state"))), STR_ARG(text_of(invitation, STR("state_at"))),
           STR_ARG(text_of(invitation, STR("expires_at"))));
    if (submission.len) printf(" by %.*s", STR_ARG(submission));
    if (reference.len) printf(" (%.*s)", STR_ARG(reference));
    printf("\n");
}

static enum exit_code list(struct errand *errand)
{
    struct arena *arena = &errand->publisher.command->arena;
    struct str cursor = STR("");
    do {
        struct json_value page;
        struct str path = path_of(errand, "?limit=200");
        if (path.ptr && errand->state)
            path = arena_printf(arena, "%.*s&state=%s", STR_ARG(path), errand->state);
        if (path.ptr && cursor.len)
            path = arena_printf(arena, "%.*s&cursor=%.*s", STR_ARG(path), STR_ARG(cursor));
        if (!path.ptr) return command_status(errand->publisher.command, ST_NOMEM, errand->form);
        enum exit_code code =
            ask(errand, &(struct client_request){.method = "GET", .path = path.ptr}, &page);
        if (code) return code;
        const struct json_value *items = json_get(&page, STR("items"));
        for (uint32_t i = 0; items && i < items->count && !errand->json; i++)
            print_one(&items->items[i]);
        cursor = text_of(&page, STR("next_cursor"));
    } while (cursor.len);
    return EXIT_OK;
}

static enum exit_code withdraw(struct errand *errand)
{
    struct client_response response;
    struct arena *arena = &errand->publisher.command->arena;
    struct str path = path_of(errand, "/");
    if (path.ptr) path = arena_printf(arena, "%.*s%s", STR_ARG(path), errand->id);
    if (!path.ptr) return command_status(errand->publisher.command, ST_NOMEM, errand->id);
    struct client_request request = {.method = "DELETE", .path = path.ptr, .why = errand->why};
    enum exit_code code = client_ask(errand->publisher.client, &request, &response);
    if (!code && !errand->json) printf("invitation %s is revoked\n", errand->id);
    return code;
}

/* ---------------------------------------------------------------- the verb */

typedef enum exit_code errand_does(struct errand *errand);

static errand_does *errand_of(const char *const *words, int count)
{
    if (count == 3 && strcmp(words[0], "issue") == 0) return issue;
    if (count == 3 && strcmp(words[0], "list") == 0) return list;
    if (count == 4 && strcmp(words[0], "revoke") == 0) return withdraw;
    return NULL;
}

static enum exit_code read_references(struct errand *errand)
{
    struct command *command = errand->publisher.command;
    struct str reference;
    enum exit_code code = command_read(command, errand->references, limit(TABLE_BYTES), &errand->list);
    if (code) return code;
    errand->wanted = 0;
    for (struct str rest = errand->list; next_reference(&rest, &reference);) errand->wanted++;
    return errand->wanted
               ? EXIT_OK
               : command_fail(command, EXIT_USAGE, "--references: there is no line in the file");
}

static bool is_state(const char *text)
{
    static const char *const states[] = {"issued", "used", "revoked", "expired", NULL};
    size_t i;
    return word_among(str_of(text), states, &i);
}

static enum exit_code check(struct errand *errand, errand_does *does)
{
    struct command *command = errand->publisher.command;
    errand->wanted = 1;
    if (errand->count && errand->references)
        return command_fail(command, EXIT_USAGE, "--count or --references, not both");
    if (errand->count &&
        (!word_number(str_of(errand->count), COUNT_MAX, &errand->wanted) || !errand->wanted))
        return command_fail(command, EXIT_USAGE, "--count: a number from 1 to %d", COUNT_MAX);
    if (errand->state && !is_state(errand->state))
        return command_fail(command, EXIT_USAGE, "--state: issued, used, revoked or expired");
    errand->expires_at = errand->span ? expiry_moment(command, errand->span) : STR("");
    if (errand->span && !errand->expires_at.len)
        return command_fail(command, EXIT_USAGE, "--expires: 30d, 12h, 45m; at most five years");
    enum exit_code code = errand->references ? read_references(errand) : EXIT_OK;
    return code ? code : command_why(command, errand->why, does == withdraw);
}

static enum exit_code run(struct errand *errand, const char *data, errand_does *does)
{
    struct publisher *publisher = &errand->publisher;
    enum exit_code code = client_open(publisher->command, data, &publisher->client);
    if (code) return code;
    code = publisher_begin(publisher, "formwright invitation");
    if (!code) {
        code = does(errand);
        enum exit_code ended = publisher_end(publisher);
        code = code ? code : ended;
    }
    client_close(publisher->client);
    return code;
}

enum exit_code verb_invitation(struct command *command)
{
    const char *data = setting_data(), *words[4];
    struct errand errand = {.publisher = {.command = command}};
    bool done;
    int count;
    const struct option_spec options[] = {
        {"data", &data, NULL, "the data directory; default: $FORMWRIGHT_STORAGE_DATA or data"},
        {"count", &errand.count, NULL, "how many to issue; default: 1"},
        {"references", &errand.references, NULL,
         "a file (- for standard input) with a line for each: your own word for whom it is meant"},
        {"expires", &errand.span, NULL, "how long they live: 90d, 12h; default: 30d"},
        {"site", &errand.site, NULL, "what stands before the links: https://forms.example.org"},
        {"state", &errand.state, NULL, "list those in that state"},
        {"why", &errand.why, NULL, "the reason, for the audit log; needed to revoke"},
        {"json", NULL, &errand.json, "print the API's answers"},
    };
    enum exit_code code =
        command_options(command, options, sizeof options / sizeof *options, words, 4, &count, &done);
    if (code || done) return code;
    errand_does *does = errand_of(words, count);
    if (!does) return command_usage(command);
    code = check(&errand, does);
    for (int i = 1; i < count && !code; i++) code = command_name(command, words[i]);
    if (code) return code;
    errand.publisher.tenant = words[1];
    errand.form = words[2];
    errand.id = count == 4 ? words[3] : NULL;
    return run(&errand, data, does);
}
