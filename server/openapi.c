/* Openapi: the description of the API (OpenAPI 3.1), made from the tables the server itself runs on.
 * server/openapi.c */
#include "base/json_writer.h"
#include "base/limits.h"
#include "server/core.h"
#include "server/problem.h"
#include "server/route.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

static const struct {
    const char *name, *schema;
} schemas[] = {
#define SCHEMA(name, ...) {#name, #__VA_ARGS__},
#include "server/schema.def"
#undef SCHEMA
};

static const struct {
    const char *name, *about;
} tags[] = {{"public", "Forms as everyone may have them, and answers"},
            {"pages", "Forms as HTML pages, for people"},
            {"forms", "Forms, drafts, versions and submissions of a tenant"},
            {"tenants", "Tenants and their tokens"},
            {"server", "The server itself"}};

static const char *tag_of(const struct route *route)
{
    struct str pattern = str_of(route->pattern);
    if (str_starts(pattern, STR("/v1/p/"))) return "public";
    if (str_starts(pattern, STR("/f/")) || str_starts(pattern, STR("/assets/"))) return "pages";
    if (str_starts(pattern, STR("/v1/tenants/{tenant}/forms"))) return "forms";
    return str_starts(pattern, STR("/v1/tenants")) ? "tenants" : "server";
}

static void key(struct json_writer *json, const char *name)
{
    json_key(json, str_of(name));
}

static void key_text(struct json_writer *json, const char *name, const char *text)
{
    json_key_str(json, str_of(name), str_of(text));
}

static void put_ref(struct json_writer *json, const char *kind, const char *name)
{
    char text[128];
    int len = snprintf(text, sizeof text, "#/components/%s/%s", kind, name);
    assert(len > 0 && (size_t)len < sizeof text);
    json_object(json);
    json_key_str(json, STR("$ref"), (struct str){text, (size_t)len});
    json_object_end(json);
}

/* ---------------------------------------------------------------- parameters */

static void put_path_parameter(struct json_writer *json, struct str name)
{
    static const struct {
        const char *name, *schema, *about;
    } known[] = {
        {"tenant", "{\"type\":\"string\",\"pattern\":\"^[a-z0-9][a-z0-9-]{0,62}$\"}", "A tenant's id"},
        {"form", "{\"type\":\"string\",\"pattern\":\"^[a-z0-9][a-z0-9_-]{0,62}$\"}", "A form's name"},
        {"version", "{\"type\":\"integer\",\"minimum\":1}", "A version's number"},
        {"table", "{\"type\":\"string\",\"pattern\":\"^[a-z0-9][a-z0-9_-]{0,62}$\"}", "A table's name"},
        {"channel", "{\"type\":\"string\",\"pattern\":\"^[a-z0-9][a-z0-9_-]{0,62}$\"}",
         "A channel's name"},
        {"list", "{\"type\":\"string\",\"pattern\":\"^[A-Za-z0-9_][A-Za-z0-9_-]{0,63}$\"}",
         "The name of a list in the form"},
        {"language", "{\"type\":\"string\",\"pattern\":\"^[A-Za-z0-9_][A-Za-z0-9_-]{0,63}$\"}",
         "One of the form's languages"},
        {"asset", "{\"type\":\"string\",\"pattern\":\"^[A-Za-z0-9-][A-Za-z0-9.-]{0,63}$\"}",
         "An asset's name, with the hash of what is in it or without"},
        {"id", "{\"type\":\"string\",\"pattern\":\"^[A-Za-z0-9_][A-Za-z0-9_-]{0,63}$\"}",
         "An id, as it was given"}};
    size_t i = 0;
    while (!str_eq(name, str_of(known[i].name))) i++;
    json_object(json);
    json_key_str(json, STR("name"), name);
    key_text(json, "in", "path");
    json_key_bool(json, STR("required"), true);
    key_text(json, "description", known[i].about);
    key(json, "schema");
    json_raw(json, str_of(known[i].schema));
    json_object_end(json);
}

static void put_input(struct json_writer *json, const struct route_input *input)
{
    json_object(json);
    key_text(json, "name", input->name);
    key_text(json, "in", input->in_query ? "query" : "header");
    if (input->deep) key_text(json, "style", "deepObject");
    json_key_bool(json, STR("required"), input->required);
    key_text(json, "description", input->summary);
    key(json, "schema");
    json_raw(json, str_of(input->schema));
    json_object_end(json);
}

static void put_parameters(struct json_writer *json, const struct route *route)
{
    key(json, "parameters");
    json_array(json);
    for (const char *open = strchr(route->pattern, '{'); open; open = strchr(open + 1, '{')) {
        const char *close = strchr(open, '}');
        put_path_parameter(json, (struct str){open + 1, (size_t)(close - open - 1)});
    }
    for (const struct route_input *input = route_inputs; input->name; input++) {
        if (input->route == route->number) put_input(json, input);
    }
    json_array_end(json);
}

/* ---------------------------------------------------------------- bodies and answers */

static void put_content(struct json_writer *json, const char *type, const char *schema)
{
    key(json, "content");
    json_object(json);
    key(json, type);
    json_object(json);
    key(json, "schema");
    if (schema) {
        put_ref(json, "schemas", schema);
    } else {
        bool is_object = strcmp(type, "application/json") == 0 || strstr(type, "urlencoded");
        json_raw(json, is_object ? STR("{\"type\":\"object\"}") : STR("{\"type\":\"string\"}"));
    }
    json_object_end(json);
    json_object_end(json);
}

static void put_body(struct json_writer *json, const struct route *route)
{
    if (route->body < ROUTE_BODY_SOURCE) return;
    key(json, "requestBody");
    json_object(json);
    json_key_bool(json, STR("required"), true);
    if (route->body == ROUTE_BODY_JSON) put_content(json, "application/json", route->body_schema);
    else if (route->body == ROUTE_BODY_PAIRS) put_content(json, "application/x-www-form-urlencoded", NULL);
    else put_content(json, route->body == ROUTE_BODY_CSV ? "text/csv" : "text/plain", NULL);
    json_object_end(json);
}

static void put_reply_content(struct json_writer *json, const char *reply)
{
    static const struct {
        const char *reply, *type, *schema;
    } special[] = {{"RENDER", "application/json", "RenderDocument"},
                   {"JSON_SCHEMA", "application/json", NULL},
                   {"SCRIPT", "text/javascript", NULL},
                   {"SOURCE", "text/plain", NULL},
                   {"CSV", "text/csv", NULL},
                   {"LINES", "application/x-ndjson", NULL},
                   {"TEXT", "text/plain", NULL},
                   {"PAGE", "text/html", NULL},
                   {"STYLE", "text/css", NULL},
                   {"OPENAPI", "application/json", NULL}};
    if (strcmp(reply, "NONE") == 0) return;
    for (size_t i = 0; i < sizeof special / sizeof special[0]; i++) {
        if (strcmp(reply, special[i].reply) != 0) continue;
        put_content(json, special[i].type, special[i].schema);
        return;
    }
    put_content(json, "application/json", reply);
}

static void put_success(struct json_writer *json, const struct route *route, unsigned status)
{
    char number[8];
    snprintf(number, sizeof number, "%u", status);
    key(json, number);
    json_object(json);
    key_text(json, "description", status == 304   ? "Not changed"
             : status == 303 ? "The page that follows is at Location"
                             : route->summary);
    if (status != 304 && status != 303) put_reply_content(json, route->reply_schema);
    json_object_end(json);
}

/* People are told in their own words, of a page under /f/. */
static void put_page_failure(struct json_writer *json, const char *status)
{
    key(json, status);
    json_object(json);
    key_text(json, "description", "A page that says what is wrong");
    put_content(json, "text/html", NULL);
    json_object_end(json);
}

static void put_failure(struct json_writer *json, const struct route *route, const char *status)
{
    if (str_starts(str_of(route->pattern), STR("/f/"))) {
        put_page_failure(json, status);
        return;
    }
    key(json, status);
    put_ref(json, "responses", strcmp(status, "429") == 0 ? "Limited" : "Problem");
}

/* The list of the route's own, and what follows from its other columns; in ascending order, each once.
 */
static unsigned collect(const struct route *route, unsigned *ret_statuses)
{
    unsigned count = 0;
    ret_statuses[count++] = route->status;
    for (const char *at = route->errors; *at;) {
        char *end;
        ret_statuses[count++] = (unsigned)strtoul(at, &end, 10);
        at = *end ? end + 1 : end;
    }
    bool token_welcome = route->number == ROUTE_submission_post || route->number == ROUTE_evaluate_post;
    ret_statuses[count++] = 400;
    if (route->access || token_welcome) ret_statuses[count++] = 401;
    if (route->access || token_welcome) ret_statuses[count++] = 403;
    if (strchr(route->pattern, '{')) ret_statuses[count++] = 404;
    if (route->body >= ROUTE_BODY_SOURCE) {
        ret_statuses[count++] = 411;
        ret_statuses[count++] = 413;
        ret_statuses[count++] = 415;
    }
    bool is_limited = str_starts(str_of(route->pattern), STR("/v1")) || strcmp(tag_of(route), "pages") == 0;
    if (is_limited) ret_statuses[count++] = 429;
    return count;
}

static void put_responses(struct json_writer *json, const struct route *route)
{
    unsigned statuses[32];
    unsigned count = collect(route, statuses);
    assert(count <= sizeof statuses / sizeof statuses[0]);
    key(json, "responses");
    json_object(json);
    for (unsigned status = 200; status < 600; status++) {
        bool listed = false;
        for (unsigned i = 0; i < count && !listed; i++) listed = statuses[i] == status;
        char number[8];
        snprintf(number, sizeof number, "%u", status);
        if (listed && status < 400) put_success(json, route, status);
        else if (listed) put_failure(json, route, number);
    }
    put_failure(json, route, "default");
    json_object_end(json);
}

/* ---------------------------------------------------------------- operations */

static void put_security(struct json_writer *json, const struct route *route)
{
    static const char *const roles[] = {"operator", "publisher", "reader", "submitter"};
    bool token_welcome = route->number == ROUTE_submission_post || route->number == ROUTE_evaluate_post;
    key(json, "security");
    json_raw(json, route->access   ? STR("[{\"bearer\":[]}]")
                   : token_welcome ? STR("[{},{\"bearer\":[]}]")
                                   : STR("[]"));
    if (!route->access) return;
    key(json, "x-roles");
    json_array(json);
    for (unsigned i = 0; i < 4; i++) {
        if (route->access & 1u << i) json_str(json, str_of(roles[i]));
    }
    json_array_end(json);
    if (route->scope != SCOPE_COUNT) key_text(json, "x-scope", scope_name(route->scope));
}

static void put_admin_server(struct json_writer *json)
{
    key(json, "servers");
    json_raw(json,
             STR("[{\"url\":\"http://127.0.0.1:9080\",\"description\":\"The operator's own address, "
                 "http.admin_listen; not reachable by the public\"}]"));
}

static void put_operation(struct json_writer *json, const struct route *route)
{
    char method[8] = "";
    const char *name = method_name(route->method);
    for (size_t i = 0; name[i]; i++) method[i] = (char)(name[i] + ('a' - 'A'));
    key(json, method);
    json_object(json);
    key_text(json, "operationId", route->name);
    key_text(json, "summary", route->summary);
    key(json, "tags");
    json_array(json);
    json_str(json, str_of(tag_of(route)));
    json_array_end(json);
    if (!door_leads_to(DOOR_PUBLIC, str_of(route->pattern))) put_admin_server(json);
    put_security(json, route);
    put_parameters(json, route);
    put_body(json, route);
    put_responses(json, route);
    json_object_end(json);
}

static bool seen_before(size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (strcmp(routes[i].pattern, routes[index].pattern) == 0) return true;
    }
    return false;
}

static void put_paths(struct json_writer *json)
{
    key(json, "paths");
    json_object(json);
    for (size_t i = 0; i < ROUTE_COUNT; i++) {
        if (seen_before(i)) continue;
        key(json, routes[i].pattern);
        json_object(json);
        for (size_t j = i; j < ROUTE_COUNT; j++) {
            if (strcmp(routes[j].pattern, routes[i].pattern) == 0) put_operation(json, &routes[j]);
        }
        json_object_end(json);
    }
    json_object_end(json);
}

static void put_problem_codes(struct json_writer *json)
{
    key(json, "ProblemCode");
    json_object(json);
    key_text(json, "type", "string");
    key(json, "enum");
    json_array(json);
    for (int i = PROBLEM_NONE + 1; i < PROBLEM_COUNT; i++)
        json_str(json, str_of(problem_code((enum problem)i)));
    json_array_end(json);
    json_object_end(json);
}

static void put_limited(struct json_writer *json)
{
    static const char *const headers[][3] = {
        {"Retry-After", "integer", "Seconds until it is worth another try"},
        {"RateLimit-Policy", "string", "What may be had: \"submit\";q=60;w=60 is 60 in 60 seconds"},
        {"RateLimit", "string",
         "What is left of it: \"submit\";r=0;t=60, all of it again in 60 seconds"}};
    key(json, "Limited");
    json_object(json);
    key_text(json, "description",
             "More was asked for than may be had at a time; violated-policies says of what");
    key(json, "headers");
    json_object(json);
    for (size_t i = 0; i < 3; i++) {
        key(json, headers[i][0]);
        json_object(json);
        key_text(json, "description", headers[i][2]);
        key(json, "schema");
        json_object(json);
        key_text(json, "type", headers[i][1]);
        json_object_end(json);
        json_object_end(json);
    }
    json_object_end(json);
    put_content(json, "application/problem+json", "Problem");
    json_object_end(json);
}

static void put_components(struct json_writer *json)
{
    key(json, "components");
    json_object(json);
    key(json, "securitySchemes");
    json_raw(json, STR("{\"bearer\":{\"type\":\"http\",\"scheme\":\"bearer\"}}"));
    key(json, "responses");
    json_object(json);
    key(json, "Problem");
    json_object(json);
    key_text(json, "description", "What is wrong (RFC 9457)");
    put_content(json, "application/problem+json", "Problem");
    json_object_end(json);
    put_limited(json);
    json_object_end(json);
    key(json, "schemas");
    json_object(json);
    for (size_t i = 0; i < sizeof schemas / sizeof schemas[0]; i++) {
        key(json, schemas[i].name);
        json_raw(json, str_of(schemas[i].schema));
    }
    put_problem_codes(json);
    json_object_end(json);
    json_object_end(json);
}

enum status openapi_write(struct buf *out)
{
    struct json_writer json;
    json_writer_init(&json, out);
    json_object(&json);
    key_text(&json, "openapi", "3.1.0");
    key(&json, "info");
    json_raw(&json, STR("{\"title\":\"Formwright\",\"version\":\"1\",\"summary\":\"Forms as versioned "
                        "definitions, and "
                        "validated submissions\"}"));
    key(&json, "servers");
    json_raw(&json, STR("[{\"url\":\"/\"}]"));
    key(&json, "tags");
    json_array(&json);
    for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++) {
        json_object(&json);
        key_text(&json, "name", tags[i].name);
        key_text(&json, "description", tags[i].about);
        json_object_end(&json);
    }
    json_array_end(&json);
    put_paths(&json);
    put_components(&json);
    json_object_end(&json);
    return out->failure;
}

/* ---------------------------------------------------------------- ready-made answers */

static struct MHD_Response *make_model(const struct server *server, struct blob *blob)
{
    struct MHD_Response *response = blob_response(blob);
    if (!response) return NULL;
    bool whole =
        MHD_add_response_header(response, MHD_HTTP_HEADER_ETAG, server->openapi_etag) == MHD_YES &&
        MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "public, max-age=300") ==
            MHD_YES &&
        MHD_add_response_header(response, "X-Content-Type-Options", "nosniff") == MHD_YES;
    if (whole && blob)
        whole = MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "application/json") ==
                MHD_YES;
    if (whole) return response;
    MHD_destroy_response(response);
    return NULL;
}

static enum status make_ready(struct server *server, struct str text)
{
    struct blob *blob = blob_new(server->mem, text);
    if (!blob) return ST_NOMEM;
    server->openapi = ready_new(server->mem, make_model(server, blob), blob);
    server->openapi_same = ready_new(server->mem, make_model(server, NULL), NULL);
    blob_release(blob);
    return server->openapi && server->openapi_same ? ST_OK : ST_NOMEM;
}

enum status openapi_present(struct server *server)
{
    struct buf text;
    buf_init(&text, server->mem, limit(REPLY_BYTES));
    enum status st = openapi_write(&text);
    if (!st) {
        char hex[DIGEST_HEX_BYTES];
        struct digest digest = digest_of(buf_str(&text));
        digest_hex(&digest, hex);
        snprintf(server->openapi_etag, sizeof server->openapi_etag, "\"sha256-%s\"", hex);
        st = make_ready(server, buf_str(&text));
    }
    buf_release(&text);
    return st;
}
