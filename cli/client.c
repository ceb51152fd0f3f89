#include "cli/client.h"

#include "base/json_value.h"
#include "base/limits.h"
#include "cli/curl_library.h"
#include "cli/site.h"

#include <strings.h>

struct client {
    struct command *command;
    struct site *own; /* NULL: somebody else's server */
    struct str url, operator_token, token;
    const struct curl_library *http;
    CURL *curl;
};

/* What is being received. */
struct inbox {
    struct buf body, etag;
};

static size_t take_body(char *bytes, size_t size, size_t count, void *user)
{
    struct inbox *inbox = user;
    buf_put(&inbox->body, (struct str){bytes, size * count});
    return buf_failed(&inbox->body) ? 0 : size * count;
}

static size_t take_header(char *bytes, size_t size, size_t count, void *user)
{
    struct inbox *inbox = user;
    struct str line = {bytes, size * count}, name = STR("etag:");
    if (line.len <= name.len || strncasecmp(line.ptr, name.ptr, name.len) != 0) return line.len;
    size_t from = name.len, end = line.len;
    while (from < end && line.ptr[from] == ' ') from++;
    while (end > from && (line.ptr[end - 1] == '\r' || line.ptr[end - 1] == '\n')) end--;
    buf_reset(&inbox->etag);
    buf_put(&inbox->etag, (struct str){line.ptr + from, end - from});
    return line.len;
}

static enum exit_code connect_to(struct command *command, const char *data, bool may_start,
                                 struct client **ret_client)
{
    struct client *client = ARENA_NEW(&command->arena, struct client);
    if (!client) return command_status(command, ST_NOMEM, data);
    client->command = command;
    struct site_address address;
    enum exit_code code = curl_library_load(command, &client->http);
    if (code) return code;
    code = may_start ? site_reach(command, data, &client->own, &address)
                     : site_join(command, data, &address);
    if (code) return code;
    client->url = address.url;
    client->operator_token = client->token = address.token;
    client->curl = client->http->easy_init();
    if (!client->curl) {
        site_stop(client->own);
        return command_status(command, ST_NOMEM, data);
    }
    *ret_client = client;
    return EXIT_OK;
}

enum exit_code client_open(struct command *command, const char *data, struct client **ret_client)
{
    return connect_to(command, data, true, ret_client);
}

enum exit_code client_join(struct command *command, const char *data, struct client **ret_client)
{
    return connect_to(command, data, false, ret_client);
}

void client_close(struct client *client)
{
    client->http->easy_cleanup(client->curl);
    site_stop(client->own);
}

static struct curl_slist *add_header(struct client *client, struct curl_slist *headers,
                                     const char *name, struct str value)
{
    struct arena *arena = &client->command->arena;
    struct str line = arena_printf(arena, "%s: %.*s", name, STR_ARG(value));
    return line.ptr ? client->http->slist_append(headers, line.ptr) : headers;
}

static CURLcode perform(struct client *client, const char *method, struct str url, struct str body,
                        struct curl_slist *headers, struct inbox *inbox, long *ret_status)
{
    const struct curl_library *http = client->http;
    CURL *curl = client->curl;
    http->easy_reset(curl);
    http->easy_setopt(curl, CURLOPT_URL, url.ptr);
    http->easy_setopt(curl, CURLOPT_NOPROXY, "*");
    http->easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http");
    http->easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
    http->easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    http->easy_setopt(curl, CURLOPT_TIMEOUT, 60L);
    http->easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    http->easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    http->easy_setopt(curl, CURLOPT_WRITEDATA, inbox);
    http->easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
    http->easy_setopt(curl, CURLOPT_HEADERDATA, inbox);
    if (body.ptr) {
        http->easy_setopt(curl, CURLOPT_POSTFIELDS, body.ptr);
        http->easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.len);
    }
    CURLcode rc = http->easy_perform(curl);
    if (rc == CURLE_OK) http->easy_getinfo(curl, CURLINFO_RESPONSE_CODE, ret_status);
    return rc;
}

void client_use_token(struct client *client, struct str token)
{
    client->token = token.len ? token : client->operator_token;
}

static struct curl_slist *request_headers(struct client *client, const struct client_request *request)
{
    struct arena *arena = &client->command->arena;
    struct curl_slist *headers = client->http->slist_append(NULL, "Expect:");
    headers = add_header(client, headers, "Authorization",
                         arena_printf(arena, "Bearer %.*s", STR_ARG(client->token)));
    if (request->type) headers = add_header(client, headers, "Content-Type", str_of(request->type));
    if (request->why) headers = add_header(client, headers, "Audit-Reason", str_of(request->why));
    if (request->if_match.len) headers = add_header(client, headers, "If-Match", request->if_match);
    if (request->key.len) headers = add_header(client, headers, "Idempotency-Key", request->key);
    return headers;
}

enum exit_code client_send(struct client *client, const struct client_request *request,
                           struct client_response *ret_response)
{
    struct arena *arena = &client->command->arena;
    struct str url = arena_printf(arena, "%.*s%s", STR_ARG(client->url), request->path);
    if (!url.ptr) return command_status(client->command, ST_NOMEM, request->path);
    struct inbox inbox;
    buf_init(&inbox.body, mem_heap(), limit(VERDICT_BYTES));
    buf_init(&inbox.etag, mem_heap(), limit(NAME_BYTES));
    struct curl_slist *headers = request_headers(client, request);

    CURLcode rc =
        perform(client, request->method, url, request->body, headers, &inbox, &ret_response->status);
    ret_response->body = arena_str(arena, buf_str(&inbox.body));
    ret_response->etag = arena_str(arena, buf_str(&inbox.etag));
    client->http->slist_free_all(headers);
    buf_release(&inbox.body);
    buf_release(&inbox.etag);
    if (rc == CURLE_OK) return EXIT_OK;
    return command_fail(client->command, EXIT_UNREACHABLE, "%.*s: %s", STR_ARG(url),
                        client->http->easy_strerror(rc));
}

enum exit_code client_ask(struct client *client, const struct client_request *request,
                          struct client_response *ret_response)
{
    enum exit_code code = client_send(client, request, ret_response);
    return code ? code : client_problem(client, ret_response);
}

/* What is different, where that is the problem. */
static void tell_changes(const struct json_value *problem)
{
    const struct json_value *changes = json_find(problem, STR("/diff/changes"));
    for (uint32_t i = 0; changes && changes->kind == JSON_ARRAY && i < changes->count; i++) {
        struct str words[4] = {STR(""), STR(""), STR(""), STR("")};
        static const char *const members[] = {"class", "code", "path", "reason"};
        for (int k = 0; k < 4; k++)
            (void)json_get_str(&changes->items[i], str_of(members[k]), &words[k]);
        fprintf(stderr, "%.*s %.*s %.*s: %.*s\n", STR_ARG(words[0]), STR_ARG(words[1]),
                STR_ARG(words[2]), STR_ARG(words[3]));
    }
}

/* What is wrong with a definition; its places are in the text that the server has. */
static void tell_diagnostics(const struct json_value *problem)
{
    const struct json_value *diagnostics = json_find(problem, STR("/diagnostics"));
    for (uint32_t i = 0; diagnostics && diagnostics->kind == JSON_ARRAY && i < diagnostics->count;
         i++) {
        struct str code = STR("?"), message = STR("");
        int64_t line = 0;
        (void)json_get_str(&diagnostics->items[i], STR("code"), &code);
        (void)json_get_str(&diagnostics->items[i], STR("message"), &message);
        (void)json_get_int(&diagnostics->items[i], STR("line"), &line);
        fprintf(stderr, "line %lld: %.*s: %.*s\n", (long long)line, STR_ARG(code), STR_ARG(message));
    }
}

static void tell_problem(struct client *client, const struct client_response *response)
{
    struct json_value problem = {.kind = JSON_NULL};
    struct json_error error;
    struct str title = STR("the server refused"), detail = STR(""), code = STR("");
    if (json_read(&client->command->arena, response->body, limit(JSON_DEPTH), &problem, &error) ==
        ST_OK) {
        (void)json_get_str(&problem, STR("title"), &title);
        (void)json_get_str(&problem, STR("detail"), &detail);
        (void)json_get_str(&problem, STR("code"), &code);
    }
    tell_changes(&problem);
    tell_diagnostics(&problem);
    command_fail(client->command, EXIT_OK, "%.*s%s%.*s (%ld%s%.*s)", STR_ARG(title),
                 detail.len ? ": " : "", STR_ARG(detail), response->status, code.len ? " " : "",
                 STR_ARG(code));
}

enum exit_code client_problem(struct client *client, const struct client_response *response)
{
    if (response->status >= 200 && response->status < 300) return EXIT_OK;
    tell_problem(client, response);
    if (response->status == 422) return EXIT_FINDINGS;
    return response->status >= 500 ? EXIT_UNREACHABLE : EXIT_REFUSED;
}
