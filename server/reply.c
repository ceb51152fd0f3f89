#include "server/reply.h"

#include "base/civil.h"
#include "base/limits.h"
#include "server/cors.h"
#include "server/exports.h"
#include "server/html.h"

#include <assert.h>
#include <stdio.h>

struct json_writer reply_json(struct request *request, unsigned status)
{
    struct json_writer json;
    buf_reset(&request->out);
    request->reply.status = status;
    request->reply.type = "application/json";
    json_writer_init(&json, &request->out);
    return json;
}

enum handled reply_empty(struct request *request, unsigned status)
{
    buf_reset(&request->out);
    request->reply.status = status;
    request->reply.type = NULL;
    return HANDLED;
}

enum handled reply_kept(struct request *request, unsigned status, struct ready *kept)
{
    request->reply.status = status;
    request->reply.kept = kept;
    return HANDLED;
}

void reply_header(struct request *request, const char *name, struct str value)
{
    struct reply *reply = &request->reply;
    assert(reply->header_count < REPLY_HEADERS);
    struct str copy = arena_str(&request->arena, value);
    if (copy.ptr) reply->headers[reply->header_count++] = (struct reply_header){name, copy.ptr};
}

struct json_writer reply_problem_open(struct request *request, enum problem problem, struct str detail)
{
    char type[80];
    int len = snprintf(type, sizeof type, "/problems/%s", problem_code(problem));
    struct json_writer json = reply_json(request, problem_status(problem));
    request->reply.type = "application/problem+json";
    request->reply.problem = problem;
    json_object(&json);
    json_key_str(&json, STR("type"), (struct str){type, (size_t)len});
    json_key_str(&json, STR("title"), str_of(problem_title(problem)));
    json_key_int(&json, STR("status"), problem_status(problem));
    json_key_str(&json, STR("code"), str_of(problem_code(problem)));
    if (detail.len > 0) {
        json_key(&json, STR("detail"));
        json_lossy(&json, detail);
    }
    if (request->match.route) json_key_str(&json, STR("instance"), request->facts.path);
    json_key_str(&json, STR("request_id"), request_id(request));
    return json;
}

static void add_problem_headers(struct request *request, enum problem problem)
{
    if (problem == PROBLEM_UNAUTHENTICATED)
        reply_header(request, MHD_HTTP_HEADER_WWW_AUTHENTICATE, STR("Bearer realm=\"formwright\""));
    unsigned status = problem_status(problem);
    if (status == 503 || status == 429) reply_header(request, MHD_HTTP_HEADER_RETRY_AFTER, STR("1"));
}

enum handled reply_problem_str(struct request *request, enum problem problem, struct str detail)
{
    struct json_writer json = reply_problem_open(request, problem, detail);
    json_object_end(&json);
    add_problem_headers(request, problem);
    return HANDLED;
}

enum handled reply_problem(struct request *request, enum problem problem, const char *detail)
{
    return reply_problem_str(request, problem, detail ? str_of(detail) : STR(""));
}

enum handled reply_failure(struct request *request, enum status status, enum refusal refusal)
{
    return reply_problem(request, problem_of(status, refusal_code(refusal)), NULL);
}

void reply_moment(struct json_writer *json, struct str key, int64_t ms)
{
    char text[CIVIL_DATETIME_BYTES];
    json_key_str(json, key, (struct str){text, civil_format_datetime(ms, 0, text)});
}

/* ---------------------------------------------------------------- on the event thread */

static bool add_headers(struct MHD_Response *response, struct request *request)
{
    const struct reply *reply = &request->reply;
    bool whole =
        MHD_add_response_header(response, "X-Request-Id", request_id(request).ptr) &&
        MHD_add_response_header(response, "X-Content-Type-Options", "nosniff") &&
        MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL,
                                reply->cache_control ? reply->cache_control : "private, no-store");
    if (whole && reply->type)
        whole = MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, reply->type) == MHD_YES;
    if (whole && reply->close)
        whole = MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close") == MHD_YES;
    if (whole && request->ration.count) whole = ration_tell(&request->ration, response);
    for (uint32_t i = 0; whole && i < reply->header_count; i++)
        whole = MHD_add_response_header(response, reply->headers[i].name, reply->headers[i].value) ==
                MHD_YES;
    return whole;
}

/* The bytes stay where they are: `out` lives until the request is completed. */
static struct MHD_Response *make(struct request *request)
{
    static char nothing[1];
    if (request->reply.exports) {
        struct exports *exports = request->reply.exports;
        request->reply.exports =
            NULL; /* the response's own from here on, also when it cannot be made */
        return exports_response(exports, request->facts.method == METHOD_HEAD);
    }
    size_t len = request->reply.type ? request->out.len : 0;
    return MHD_create_response_from_buffer(len, len ? request->out.ptr : nothing,
                                           MHD_RESPMEM_PERSISTENT);
}

static enum MHD_Result queue(struct request *request, struct MHD_Response *response)
{
    request->state = REQUEST_REPLIED;
    request_answering(request);
    return MHD_queue_response(request->connection, request->reply.status, response);
}

static enum MHD_Result queue_kept(struct request *request)
{
    request->lent = ready_lend(request->reply.kept, request_id(request).ptr);
    return request->lent ? queue(request, request->lent->response) : MHD_NO;
}

enum MHD_Result reply_send(struct request *request)
{
    if (buf_failed(&request->out)) {
        enum status failure = request->out.failure;
        request->reply = (struct reply){.close = request->reply.close};
        reply_failure(request, failure == ST_LIMIT ? ST_FAULT : failure, REFUSAL_NONE);
    }
    if (request->reply.problem) html_dress(request);
    request_said(request);
    if (atomic_load_explicit(&request->server->draining, memory_order_relaxed))
        request->reply.close = true;
    if (request->reply.kept) return queue_kept(request);
    cors_answer(request);
    struct MHD_Response *response = make(request);
    if (!response) return MHD_NO;
    enum MHD_Result result = MHD_NO;
    if (add_headers(response, request)) result = queue(request, response);
    MHD_destroy_response(response);
    return result;
}
