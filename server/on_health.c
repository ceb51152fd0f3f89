/* On health: does it live, is it ready, what has it done, how is it used. server/on_health.c */
#include "server/on.h"

static void write_ok(struct request *request)
{
    struct json_writer json = reply_json(request, 200);
    json_object(&json);
    json_key_str(&json, STR("status"), STR("ok"));
    json_object_end(&json);
}

/* The reasons that are not NULL; none: all is well. */
static enum handled tell(struct request *request, const char *const *reasons, size_t count)
{
    size_t first = 0;
    while (first < count && !reasons[first]) first++;
    if (first == count) {
        write_ok(request);
        return HANDLED;
    }
    struct json_writer json = reply_problem_open(request, PROBLEM_NOT_READY, STR(""));
    json_key(&json, STR("reasons"));
    json_array(&json);
    for (size_t i = first; i < count; i++)
        if (reasons[i]) json_str(&json, str_of(reasons[i]));
    json_array_end(&json);
    json_object_end(&json);
    return HANDLED;
}

enum handled livez_get(struct request *request)
{
    struct arguments arguments;
    if (!on_arguments(request, &arguments)) return HANDLED;
    bool stuck = pulse_stuck(&request->server->pulse) > 0;
    const char *reasons[] = {stuck ? "an event thread hangs" : NULL};
    return tell(request, reasons, 1);
}

/* The schema is the present one, or the server had not started. */
enum handled readyz_get(struct request *request)
{
    enum { QUEUE_FILL_PERCENT_MAX = 80 };
    struct server *server = request->server;
    struct arguments arguments;
    struct engine_counters counters;
    if (!on_arguments(request, &arguments)) return HANDLED;
    engine_counters(server->engine, &counters);
    const struct tenants_counters *storage = &counters.storage;
    int64_t free_mib = atomic_load(&server->disk_free_mib);
    bool full = storage->queue_fill_percent >= QUEUE_FILL_PERCENT_MAX;
    bool low = free_mib >= 0 && free_mib < (int64_t)server->options.disk_free_mib;
    const char *reasons[] = {
        atomic_load(&server->draining) ? "the server is shutting down" : NULL,
        full ? "a writer's queue is nearly full" : NULL,
        storage->degraded > 0 ? "a file's storage failed and must be checked" : NULL,
        storage->failing > 0 ? "the last commit of a file failed" : NULL,
        low ? "the disk is nearly full" : NULL,
        pulse_stuck(&server->pulse) > 0 ? "an event thread hangs" : NULL,
    };
    return tell(request, reasons, sizeof reasons / sizeof *reasons);
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
    metrics_write_host(pulse_stuck(&server->pulse), atomic_load(&server->disk_free_mib),
                       access_dropped(&server->access), &request->out);
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
