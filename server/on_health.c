/* On health: does it live, is it ready, what has it done, how is it used. server/on_health.c */
#include "server/on.h"

static void write_ok(struct request *request)
{
    struct json_writer json = reply_json(request, 200);
    json_object(&json);
    json_key_str(&json, STR("status"), STR("ok"));
    json_object_end(&json);
}

/* That it is answered is the answer: an event thread took it. */
enum handled livez_get(struct request *request)
{
    struct arguments arguments;
    if (on_arguments(request, &arguments)) write_ok(request);
    return HANDLED;
}

enum handled readyz_get(struct request *request)
{
    enum { QUEUE_FILL_PERCENT_MAX = 80 };
    struct arguments arguments;
    struct engine_counters counters;
    if (!on_arguments(request, &arguments)) return HANDLED;
    engine_counters(request->server->engine, &counters);
    bool draining = atomic_load(&request->server->draining);
    bool full = counters.storage.queue_fill_percent >= QUEUE_FILL_PERCENT_MAX;
    bool degraded = counters.storage.degraded > 0;
    if (!draining && !full && !degraded) {
        write_ok(request);
        return HANDLED;
    }
    struct json_writer json = reply_problem_open(request, PROBLEM_NOT_READY, STR(""));
    json_key(&json, STR("reasons"));
    json_array(&json);
    if (draining) json_str(&json, STR("the server is shutting down"));
    if (full) json_str(&json, STR("a writer's queue is nearly full"));
    if (degraded) json_str(&json, STR("a file's storage failed and must be checked"));
    json_array_end(&json);
    json_object_end(&json);
    return HANDLED;
}

enum handled metrics_get(struct request *request)
{
    struct server *server = request->server;
    struct arguments arguments;
    struct engine_counters counters;
    if (!on_arguments(request, &arguments)) return HANDLED;
    engine_counters(server->engine, &counters);
    uint32_t most = server->options.metrics_tenants;
    struct usage_page tenants;
    enum status st = most ? engine_usage_top(server->engine, most, &request->arena, &tenants) : ST_OK;
    if (st) return reply_failure(request, st, REFUSAL_NONE);
    metrics_write(&server->metrics, &counters, most ? &tenants : NULL, crew_queued(&server->crew),
                  crew_queued(&server->judges), &request->out);
    request->reply.status = 200;
    request->reply.type = "text/plain; version=0.0.4; charset=utf-8";
    return HANDLED;
}

enum handled versions_running(struct request *request)
{
    struct arguments arguments;
    if (!on_arguments(request, &arguments)) return HANDLED;
    struct storage_library storage = storage_library();
    struct json_writer json = reply_json(request, 200);
    json_object(&json);
    json_key_str(&json, STR("formwright"), str_of(request->server->options.version));
    json_key_str(&json, STR("http"), str_of(MHD_get_version()));
    json_key(&json, STR("storage"));
    json_object(&json);
    json_key_str(&json, STR("name"), str_of(storage.name));
    json_key_str(&json, STR("version"), str_of(storage.version));
    json_key_bool(&json, STR("wal_reset_race"), storage.wal_reset_race);
    json_object_end(&json);
    json_object_end(&json);
    return HANDLED;
}

enum handled openapi_get(struct request *request)
{
    struct server *server = request->server;
    struct arguments arguments;
    if (!on_arguments(request, &arguments)) return HANDLED;
    struct str asked = request->facts.header[HEADER_IF_NONE_MATCH];
    if (asked.ptr && etag_listed(asked, str_of(server->openapi_etag)))
        return reply_kept(request, 304, server->openapi_same);
    return reply_kept(request, 200, server->openapi);
}
