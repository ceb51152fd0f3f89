/* On saved: answers that somebody means to go on with, under a key of their own making.
 * server/on_saved.c */
#include "server/on.h"
#include "server/reply.h"

#include "base/limits.h"

/* Whoever knows it may read and change what is saved, so it must be long enough to be nobody's guess.
 */
static bool read_key(struct request *request, struct digest *ret_hash)
{
    struct str key = request_param(request, ROUTE_ID);
    struct tenant_record tenant;
    request_call(request);
    enum status st = engine_tenant_find(&request->call, request_param(request, ROUTE_TENANT), &tenant);
    if (!st && tenant.state != TENANT_ACTIVE) st = ST_ABSENT;
    if (st) {
        reply_failure(request, st, REFUSAL_NONE);
        return false;
    }
    if (key.len < (size_t)limit(SAVED_KEY_BYTES_MIN)) {
        reply_problem_str(request, PROBLEM_SAVED_KEY_SHORT,
                          arena_printf(&request->arena, "at least %d characters, made at random",
                                       limit(SAVED_KEY_BYTES_MIN)));
        return false;
    }
    *ret_hash = digest_of(key);
    return true;
}

static void put_moments(struct json_writer *json, struct str form, const struct saved_record *saved)
{
    json_key_str(json, STR("form"), form);
    json_key_int(json, STR("version"), saved->version);
    reply_moment(json, STR("saved_at"), saved->saved_ms);
    reply_moment(json, STR("expires_at"), saved->until_ms);
}

enum handled saved_get(struct request *request)
{
    struct arguments arguments;
    struct digest hash;
    struct saved_record saved;
    if (!on_arguments(request, &arguments) || !read_key(request, &hash)) return HANDLED;
    if (!ration_request_far(request)) return HANDLED;
    request_call(request);
    struct str form = request_param(request, ROUTE_FORM);
    enum status st =
        engine_saved_find(&request->call, request_param(request, ROUTE_TENANT), form, &hash, &saved);
    if (st) return reply_failure(request, st, REFUSAL_NONE);
    struct json_writer json = reply_json(request, 200);
    json_object(&json);
    put_moments(&json, form, &saved);
    if (saved.locale.len) json_key_str(&json, STR("locale"), saved.locale);
    json_key(&json, STR("answers"));
    json_raw(&json, saved.answers);
    json_object_end(&json);
    return HANDLED;
}

enum handled saved_delete(struct request *request)
{
    struct arguments arguments;
    struct digest hash;
    if (!on_arguments(request, &arguments) || !read_key(request, &hash)) return HANDLED;
    if (!ration_submit(request)) return HANDLED;
    request_call(request);
    enum status st = engine_saved_drop(&request->call, request_param(request, ROUTE_TENANT),
                                       request_param(request, ROUTE_FORM), &hash);
    if (st) return reply_failure(request, st, request->call.refusal);
    request->reply.status = 204;
    return HANDLED;
}

static enum status tell_errors(struct worker *worker, const struct judge_outcome *outcome, void *user)
{
    struct request *request = user;
    if (outcome->valid) return ST_OK;
    struct json_writer json = reply_problem_open(request, PROBLEM_VALIDATION_FAILED, STR(""));
    json_key(&json, STR("errors"));
    worker_errors_write(worker, &request->out);
    json.comma = true;
    json_object_end(&json);
    return request->out.failure;
}

static enum handled save(struct request *request, const struct digest *hash)
{
    const struct envelope *envelope = &request->envelope;
    struct judge_outcome outcome;
    enum handled handled;
    if (!on_judge(request, true, tell_errors, &outcome, &handled)) return handled;
    if (!outcome.valid) return HANDLED;
    struct saved_record saved = {.answers = envelope->answers, .locale = envelope->locale};
    request_call(request);
    enum status st = engine_saved_put(&request->call, request->definition, hash, &saved);
    if (st) return reply_failure(request, st, request->call.refusal);
    struct json_writer json = reply_json(request, 200);
    json_object(&json);
    put_moments(&json, request->definition->form, &saved);
    json_object_end(&json);
    return HANDLED;
}

/* Types and bounds are held, what is required is not asked for yet. */
enum handled saved_put(struct request *request)
{
    struct arguments arguments;
    struct aim aim;
    struct digest hash;
    if (!on_arguments(request, &arguments) || !on_aim(request, &arguments, &aim)) return HANDLED;
    if (!read_key(request, &hash)) return HANDLED;
    if (!ration_submit(request)) return HANDLED;
    enum handled handled = on_envelope(request, false);
    if (!request->envelope.answers.ptr) return handled;
    aim.number = request->envelope.version;
    handled = on_definition(request, aim);
    if (!request->definition) return handled;
    on_language(request);
    if (!ration_judge(request)) return HANDLED;
    if (on_too_dear(request)) return HANDLED_FAR;
    return save(request, &hash);
}
