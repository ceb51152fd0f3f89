#define _GNU_SOURCE
#include "tests/http/site.h"

#include "base/limits.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char site_contact_form[] =
    "edition 2026\n"
    "form contact \"Contact us\" {\n"
    "  name: text \"Your name\" required length 1..40\n"
    "  age: integer \"Your age\" min 0 max 150\n"
    "  adult: boolean = age >= 18\n"
    "  guardian: text \"Who looks after you?\" when age < 18 required\n"
    "  note: text \"Anything else?\"\n"
    "  check name != guardian else \"You cannot look after yourself.\" at guardian\n"
    "}\n";

static void give_up(const char *what)
{
    fprintf(stderr, "the site cannot be set up: %s\n", what);
    exit(EXIT_FAILURE);
}

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *walk)
{
    (void)info, (void)kind, (void)walk;
    return remove(path);
}

/* The first operator is made on the server's own machine, without HTTP. */
static void make_operator(struct site *site)
{
    struct engine *engine;
    struct arena arena;
    struct call call;
    struct token_made made;
    arena_init(&arena, mem_heap(), 1 << 20);
    if (engine_open(&(struct engine_options){.mem = mem_heap(), .directory = site->directory},
                    &engine) != ST_OK)
        give_up("the data directory");
    call_init(&call, engine, &arena, STR("operator"));
    struct token_create wish = {.role = ROLE_OPERATOR, .note = STR("tests")};
    if (engine_token_create(&call, &wish, &made) != ST_OK) give_up("the operator's token");
    snprintf(site->operator_token, sizeof site->operator_token, "%.*s", STR_ARG(made.text));
    engine_close(engine);
    arena_release(&arena);
}

static void start(struct site *site)
{
    enum status st = server_start(&site->options, &site->server);
    if (st) give_up(status_name(st));
    site->port = server_port(site->server);
    site->admin_port = server_admin_port(site->server);
}

void site_start(struct site *site, const struct server_options *options)
{
    memset(site, 0, sizeof *site);
    snprintf(site->directory, sizeof site->directory, "site-XXXXXX");
    if (!mkdtemp(site->directory)) give_up("a directory");
    make_operator(site);
    if (options) site->options = *options;
    site->options.listen = "127.0.0.1:0";
    site->options.admin_listen = "127.0.0.1:0";
    site->options.directory = site->directory;
    start(site);
}

void site_restart(struct site *site)
{
    server_stop(site->server);
    start(site);
}

void site_stop(struct site *site)
{
    server_stop(site->server);
    nftw(site->directory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* ---------------------------------------------------------------- asking */

static void write_request(const struct ask *ask, struct buf *out)
{
    buf_printf(out, "%s %s HTTP/1.1\r\nHost: localhost\r\n", ask->method, ask->path);
    if (ask->token) buf_printf(out, "Authorization: Bearer %s\r\n", ask->token);
    if (ask->headers) buf_puts(out, ask->headers);
    if (ask->body.ptr) {
        buf_printf(out, "Content-Type: %s\r\n", ask->type ? ask->type : "application/json");
        buf_printf(out, "Content-Length: %zu\r\n", ask->body.len);
    }
    buf_puts(out, "\r\n");
    if (ask->body.ptr) buf_put(out, ask->body);
}

static void read_json(struct answer *answer)
{
    struct json_error error;
    answer->json.kind = JSON_BAD;
    if (json_read(&answer->arena, buf_str(&answer->reply.body), limit(JSON_DEPTH), &answer->json,
                  &error) != ST_OK)
        answer->json.kind = JSON_BAD;
}

struct answer site_ask_over(struct wire *wire, const struct ask *ask)
{
    struct answer answer = {.status = 0};
    struct buf request;
    arena_init(&answer.arena, mem_heap(), 64 << 20);
    buf_init(&request, mem_heap(), 64 << 20);
    write_request(ask, &request);
    wire_send(wire,
              buf_str(&request)); /* an early refusal may cut it short: there still is an answer */
    buf_release(&request);
    if (!wire_receive(wire, strcmp(ask->method, "HEAD") == 0, &answer.reply)) return answer;
    answer.status = answer.reply.status;
    read_json(&answer);
    return answer;
}

struct answer site_ask(const struct site *site, const struct ask *ask)
{
    struct wire wire;
    bool is_admins = strcmp(ask->path, "/metrics") == 0 || strcmp(ask->path, "/version") == 0;
    if (!wire_open(&wire, is_admins ? site->admin_port : site->port)) give_up("a connection");
    struct answer answer = site_ask_over(&wire, ask);
    wire_close(&wire);
    return answer;
}

void answer_release(struct answer *answer)
{
    if (answer->status) wire_reply_release(&answer->reply);
    arena_release(&answer->arena);
}

const char *answer_text(struct answer *answer, const char *pointer)
{
    struct str text;
    if (!answer->status || answer->json.kind == JSON_BAD) return "";
    if (!json_is_str(json_find(&answer->json, str_of(pointer)), &text)) return "";
    return arena_str(&answer->arena, text).ptr;
}

int64_t answer_int(const struct answer *answer, const char *pointer)
{
    int64_t value;
    if (!answer->status || answer->json.kind == JSON_BAD) return -1;
    return json_is_int(json_find(&answer->json, str_of(pointer)), &value) ? value : -1;
}

static const struct json_value *find(const struct answer *answer, const char *pointer)
{
    if (!answer->status || answer->json.kind == JSON_BAD) return NULL;
    return json_find(&answer->json, str_of(pointer));
}

enum json_token answer_kind(const struct answer *answer, const char *pointer)
{
    const struct json_value *value = find(answer, pointer);
    return value ? value->kind : JSON_BAD;
}

uint32_t answer_count(const struct answer *answer, const char *pointer)
{
    const struct json_value *value = find(answer, pointer);
    return value ? value->count : 0;
}

const char *answer_header(struct answer *answer, const char *name)
{
    if (!answer->status) return "";
    struct str value = wire_header(&answer->reply, name);
    return value.ptr ? arena_str(&answer->arena, value).ptr : "";
}

struct str answer_body(const struct answer *answer)
{
    return answer->status ? buf_str(&answer->reply.body) : STR("");
}

const char *answer_code(struct answer *answer)
{
    return answer_text(answer, "/code");
}

unsigned site_status(const struct site *site, const struct ask *ask)
{
    struct answer answer = site_ask(site, ask);
    unsigned status = answer.status;
    answer_release(&answer);
    return status;
}

/* ---------------------------------------------------------------- beginnings */

void site_tenant(const struct site *site, const char *tenant)
{
    char body[128];
    snprintf(body, sizeof body, "{\"id\":\"%s\"}", tenant);
    struct ask ask = {"POST", "/v1/tenants", site->operator_token, .body = str_of(body)};
    if (site_status(site, &ask) != 201) give_up("a tenant");
    /* Tests are faster than any tenant. */
    site_quota(site, tenant,
               "{\"requests\":1000000000,\"submissions\":1000000000,\"steps\":4000000000}");
}

void site_quota(const struct site *site, const char *tenant, const char *quotas)
{
    char path[128];
    snprintf(path, sizeof path, "/v1/tenants/%s/quota", tenant);
    struct ask ask = {"PUT", path,          site->operator_token, "Audit-Reason: test\r\n",
                      NULL,  str_of(quotas)};
    if (site_status(site, &ask) != 200) give_up("a quota");
}

void site_token(const struct site *site, const char *tenant, const char *role, char ret_token[256])
{
    char path[128], body[64];
    snprintf(path, sizeof path, "/v1/tenants/%s/tokens", tenant);
    snprintf(body, sizeof body, "{\"role\":\"%s\"}", role);
    struct answer answer =
        site_ask(site, &(struct ask){"POST", path, site->operator_token, .body = str_of(body)});
    if (answer.status != 201) give_up("a token");
    snprintf(ret_token, 256, "%s", answer_text(&answer, "/token"));
    answer_release(&answer);
}

void site_publish(const struct site *site, const char *tenant, const char *form, const char *token,
                  const char *source)
{
    char draft[256], versions[256];
    snprintf(draft, sizeof draft, "/v1/tenants/%s/forms/%s/draft", tenant, form);
    snprintf(versions, sizeof versions, "/v1/tenants/%s/forms/%s/versions?allow_breaking=true", tenant,
             form);
    struct ask put = {"PUT", draft, token, "If-None-Match: *\r\n", "text/plain", str_of(source)};
    unsigned status = site_status(site, &put);
    put.headers = "If-Match: *\r\n";
    if (status == 412) status = site_status(site, &put);
    if (status != 200 && status != 201) give_up("a draft");
    struct answer answer =
        site_ask(site, &(struct ask){"POST", versions, token, "Audit-Reason: a test\r\n"});
    if (answer.status != 201 && answer.status != 200) {
        fprintf(stderr, "%.*s\n", STR_ARG(answer_body(&answer)));
        give_up("a version");
    }
    answer_release(&answer);
}

long long site_metric(const struct site *site, const char *line)
{
    struct answer answer = site_ask(site, &(struct ask){"GET", "/metrics"});
    struct str body = answer_body(&answer);
    const char *found = memmem(body.ptr, body.len, line, strlen(line));
    long long value = found ? strtoll(found + strlen(line), NULL, 10) : -1;
    answer_release(&answer);
    return value;
}
