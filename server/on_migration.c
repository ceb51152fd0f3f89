/* On migration: answers to an earlier version carried to a later one, tried, and begun to be kept.
 * server/on_migration.c */
#include "server/on.h"

#include "base/json_value.h"
#include "base/limits.h"

/* False: answered. */
static bool read_number(struct request *request, const struct json_value *body, const char *name,
                        bool needed, int64_t most, int64_t *ret_number)
{
    *ret_number = 0;
    if (!json_get(body, str_of(name)) && !needed) return true;
    if (json_get_int(body, str_of(name), ret_number) && *ret_number >= needed && *ret_number <= most)
        return true;
    reply_problem_str(request, PROBLEM_BODY_MISFIT,
                      arena_printf(&request->arena, "\"%s\" must be a whole number%s", name,
                                   needed ? " from 1 on" : ""));
    return false;
}

static enum handled reply_invalid(struct request *request, const struct check *check, struct str source)
{
    struct json_writer json = reply_problem_open(request, PROBLEM_DEFINITION_INVALID, STR(""));
    json_key(&json, STR("diagnostics"));
    diags_print_json(&check->diags, source, &request->out);
    json.comma = true;
    json_object_end(&json);
    return HANDLED;
}

/* `hidden`: answers, and errors, which may quote them, are not for this reader. */
static void write_item(struct json_writer *json, const struct carried_try *item, bool hidden)
{
    json_object(json);
    json_key_str(json, STR("id"), item->id);
    json_key_bool(json, STR("carried"), item->item.answers.len != 0);
    if (item->item.answers.len && !hidden) {
        json_key(json, STR("answers"));
        json_raw(json, item->item.answers);
    }
    if (item->item.errors.len && !hidden) {
        json_key(json, STR("errors"));
        json_raw(json, item->item.errors);
    }
    json_object_end(json);
}

static enum handled reply_tried(struct request *request, const struct carrying *carrying)
{
    struct json_writer json = reply_json(request, 200);
    json_object(&json);
    json_key_int(&json, STR("from"), carrying->from);
    if (carrying->to) json_key_int(&json, STR("to"), carrying->to);
    json_key_int(&json, STR("carried"), carrying->carried);
    json_key_int(&json, STR("refused"), (int64_t)carrying->count - carrying->carried);
    json_key_bool(&json, STR("more"), carrying->more);
    if (carrying->more) json_key_int(&json, STR("next_after"), (int64_t)carrying->last_seq);
    struct masking masking, *used = on_masking(request, &masking);
    bool hidden = used && masking_hides(used, carrying->from);
    on_masking_end(request, &masking);
    json_key(&json, STR("items"));
    json_array(&json);
    for (uint32_t i = 0; i < carrying->count; i++) write_item(&json, &carrying->items[i], hidden);
    json_array_end(&json);
    json_object_end(&json);
    return HANDLED;
}

/* Nothing of it has been kept. */
static enum handled reply_failed(struct request *request, enum status st, const struct check *check,
                                 struct str source)
{
    if (request->call.excess.exceeded) return ration_excess(request, &request->call.excess);
    if (st == ST_INPUT && request->call.refusal == REFUSAL_NONE)
        return reply_invalid(request, check, source);
    return reply_failure(request, st, request->call.refusal);
}

/* `members` of the body, "from" among them. False: answered. */
static bool read_wish(struct request *request, const char *const *members, struct json_value *ret_body,
                      int64_t *ret_from, int64_t *ret_to, bool drafts)
{
    struct arguments arguments;
    if (!on_body(request, members, ret_body) ||
        !read_number(request, ret_body, "from", true, 999999999, ret_from) ||
        !read_number(request, ret_body, "to", !drafts, 999999999, ret_to) ||
        !on_arguments(request, &arguments))
        return false;
    if (*ret_from != *ret_to) return true;
    reply_problem(request, PROBLEM_BODY_MISFIT, "\"from\" and \"to\" must be two versions");
    return false;
}

enum handled migrations_try(struct request *request)
{
    static const char *const members[] = {"from", "to", "after", NULL};
    struct json_value body;
    int64_t from, to, after;
    if (!read_wish(request, members, &body, &from, &to, true) ||
        !read_number(request, &body, "after", false, INT64_C(9007199254740991), &after))
        return HANDLED;
    struct carrying carrying = {.tenant = request_param(request, ROUTE_TENANT),
                                .form = request_param(request, ROUTE_FORM),
                                .from = (uint32_t)from,
                                .to = (uint32_t)to,
                                .after_seq = (uint64_t)after};
    request_call(request);
    enum status st = engine_carry(&request->call, &carrying);
    return st ? reply_failed(request, st, &carrying.check, carrying.to_source)
              : reply_tried(request, &carrying);
}

enum handled migrations_apply(struct request *request)
{
    static const char *const members[] = {"from", "to", NULL};
    struct json_value body;
    int64_t from, to;
    if (!read_wish(request, members, &body, &from, &to, false)) return HANDLED;
    struct undertaking undertaking = {.begin = {.kind = OPERATION_MIGRATE,
                                                .form = request_param(request, ROUTE_FORM),
                                                .from = (uint32_t)from,
                                                .to = (uint32_t)to}};
    request_call(request);
    enum status st =
        engine_operation_begin(&request->call, request_param(request, ROUTE_TENANT), &undertaking);
    return st ? reply_failed(request, st, &undertaking.check, undertaking.to_source)
              : on_operation_begun(request, &undertaking.begin.ret_operation);
}
