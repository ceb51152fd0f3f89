/* On snapshot: backups of one tenant that the server makes and keeps. server/on_snapshot.c */
#include "server/on.h"

static void write_snapshot(struct request *request, struct json_writer *json,
                           const struct snapshot_record *snapshot)
{
    char hex[DIGEST_HEX_BYTES];
    digest_hex(&snapshot->hash, hex);
    json_object(json);
    json_key_str(json, STR("id"), snapshot->id);
    reply_moment(json, STR("made_at"), snapshot->made_ms);
    json_key_str(json, STR("made_by"), snapshot->made_by);
    json_key_int(json, STR("bytes"), (int64_t)snapshot->bytes);
    json_key_str(json, STR("sha256"), str_of(hex));
    json_key_int(json, STR("schema"), snapshot->schema);
    json_key_int(json, STR("audit_rows"), (int64_t)snapshot->audit_rows);
    json_key_str(json, STR("folder"),
                 arena_printf(&request->arena, "snapshots/%.*s/%.*s",
                              STR_ARG(request_param(request, ROUTE_TENANT)), STR_ARG(snapshot->id)));
    json_object_end(json);
}

enum handled snapshots_post(struct request *request)
{
    struct arguments arguments;
    struct undertaking undertaking = {.begin = {.kind = OPERATION_SNAPSHOT}};
    if (!on_arguments(request, &arguments)) return HANDLED;
    request_call(request);
    enum status st =
        engine_operation_begin(&request->call, request_param(request, ROUTE_TENANT), &undertaking);
    return st ? reply_failure(request, st, request->call.refusal)
              : on_operation_begun(request, &undertaking.begin.ret_operation);
}

enum handled snapshots_get(struct request *request)
{
    struct arguments arguments;
    struct snapshot_page page;
    struct tenant_record tenant;
    if (!on_arguments(request, &arguments)) return HANDLED;
    request_call(request);
    enum status st = engine_tenant_find(&request->call, request_param(request, ROUTE_TENANT), &tenant);
    if (!st) st = engine_snapshot_list(&request->call, tenant.id, &page);
    if (st) return reply_failure(request, st, REFUSAL_NONE);
    struct json_writer json = on_listing_begin(request);
    for (uint32_t i = 0; i < page.count; i++) write_snapshot(request, &json, &page.items[i]);
    json_array_end(&json);
    json_object_end(&json);
    return HANDLED;
}

enum handled snapshot_delete(struct request *request)
{
    struct arguments arguments;
    if (!on_arguments(request, &arguments) || !on_reason(request)) return HANDLED;
    request_call(request);
    enum status st = engine_snapshot_drop(&request->call, request_param(request, ROUTE_TENANT),
                                          request_param(request, ROUTE_ID));
    return st ? reply_failure(request, st, request->call.refusal) : reply_empty(request, 204);
}
