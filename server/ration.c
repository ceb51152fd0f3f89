#include "server/ration.h"

#include "server/reply.h"
#include "server/request.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

/* ---------------------------------------------------------------- telling */

void ration_note(struct request *request, const char *policy, const struct gcra *limit,
                 const struct gcra_answer *answer)
{
    struct ration *ration = &request->ration;
    assert(ration->count < RATION_ROWS);
    ration->rows[ration->count++] =
        (struct ration_row){policy, *limit, answer->left, answer->taken ? 0 : answer->wait_us};
}

static int64_t retry_s(int64_t wait_us)
{
    int64_t seconds = wait_us / GCRA_SECOND_US + (wait_us % GCRA_SECOND_US > 0);
    return seconds ? seconds : 1;
}

enum handled ration_refuse(struct request *request)
{
    char seconds[24];
    struct ration *ration = &request->ration;
    assert(ration->count > 0);
    ration->refused = true;
    const struct ration_row *row = &ration->rows[ration->count - 1];
    struct json_writer json = reply_problem_open(request, PROBLEM_QUOTA_EXCEEDED, STR(""));
    json_key(&json, STR("violated-policies"));
    json_array(&json);
    json_str(&json, str_of(row->policy));
    json_array_end(&json);
    json_object_end(&json);
    snprintf(seconds, sizeof seconds, "%" PRId64, retry_s(row->wait_us));
    reply_header(request, MHD_HTTP_HEADER_RETRY_AFTER, str_of(seconds));
    return HANDLED;
}

/* "address";q=200;w=4, "submit";q=60;w=60      and      "address";r=198;t=1, "submit";r=59;t=1 */
bool ration_tell(const struct ration *ration, struct MHD_Response *response)
{
    char policy[RATION_ROWS * 64], limit[RATION_ROWS * 64];
    size_t policy_len = 0, limit_len = 0;
    for (uint32_t i = 0; i < ration->count; i++) {
        const struct ration_row *row = &ration->rows[i];
        if (row->limit.units == 0) continue;
        const char *comma = policy_len ? ", " : "";
        int64_t reset_s = gcra_reset_s(&row->limit, row->left);
        if (row->wait_us && retry_s(row->wait_us) > reset_s) reset_s = retry_s(row->wait_us);
        policy_len += (size_t)snprintf(policy + policy_len, sizeof policy - policy_len,
                                       "%s\"%s\";q=%" PRId64 ";w=%" PRId64, comma, row->policy,
                                       gcra_burst(&row->limit), gcra_window_s(&row->limit));
        limit_len += (size_t)snprintf(limit + limit_len, sizeof limit - limit_len,
                                      "%s\"%s\";r=%" PRId64 ";t=%" PRId64, comma, row->policy,
                                      row->left, reset_s);
        assert(policy_len < sizeof policy && limit_len < sizeof limit);
    }
    if (!policy_len) return true;
    return MHD_add_response_header(response, "RateLimit-Policy", policy) == MHD_YES &&
           MHD_add_response_header(response, "RateLimit", limit) == MHD_YES;
}

/* ---------------------------------------------------------------- asking */

/* Who has waited, for its body or for a thread, is counted as of now: as of its beginning, whatever
 * others took meanwhile would be owed. */
static int64_t now_us(const struct request *request)
{
    bool may_have_waited = request->far || request->facts.content_length > 0;
    bool now = request->state != REQUEST_TARGET && may_have_waited;
    return (now ? clock_steady_ns(request->server->clock) : request->begun_ns) / 1000;
}

static bool pass(struct request *request, enum policy policy, const struct gcra_answer *answer)
{
    struct server *server = request->server;
    if (server->throttle.limits[policy].units == 0) return true;
    ration_note(request, policy_name(policy), &server->throttle.limits[policy], answer);
    if (answer->taken) return true;
    atomic_fetch_add_explicit(&server->metrics.limited[policy], 1, memory_order_relaxed);
    ration_refuse(request);
    return false;
}

static bool take(struct request *request, enum policy policy, struct str key)
{
    struct throttle *throttle = &request->server->throttle;
    if (!key.len || throttle->limits[policy].units == 0) return true;
    struct gcra_answer answer = throttle_take(throttle, policy, key, now_us(request));
    return pass(request, policy, &answer);
}

/* Those who watch the server are not to be told that it is busy. */
static bool is_watched(const struct route *route)
{
    struct str pattern = str_of(route->pattern);
    return !str_starts(pattern, STR("/v1")) && !str_starts(pattern, STR("/f/")) &&
           !str_starts(pattern, STR("/assets/"));
}

bool ration_enter(struct request *request)
{
    const struct route *route = request->match.route;
    if (is_watched(route)) return true;
    if (route->access != ACCESS_PUBLIC && !ration_may_try(request)) return false;
    return take(request, POLICY_ADDRESS, origin_prefix(&request->origin, ORIGIN_HOST)) &&
           take(request, POLICY_NETWORK, origin_prefix(&request->origin, ORIGIN_NETWORK));
}

bool ration_token(struct request *request)
{
    if (!request->has_token || request->ration.token) return true;
    request->ration.token = true;
    return take(request, POLICY_TOKEN, request->token->id);
}

bool ration_submit(struct request *request)
{
    if (request->has_token) return ration_token(request);
    if (request->ration.submit) return true;
    request->ration.submit = true;
    char key[ORIGIN_PLACE_BYTES + LIMIT_TENANT_ID_BYTES + LIMIT_FORM_NAME_BYTES + 2];
    struct str from = origin_prefix(&request->origin, ORIGIN_HOST);
    if (!from.len) return true;
    struct str tenant = request_param(request, ROUTE_TENANT), form = request_param(request, ROUTE_FORM);
    size_t len = from.len;
    memcpy(key, from.ptr, len);
    len += (size_t)snprintf(key + len, sizeof key - len, "%.*s/%.*s", STR_ARG(tenant), STR_ARG(form));
    return take(request, POLICY_SUBMIT, (struct str){key, len});
}

bool ration_may_try(struct request *request)
{
    struct throttle *throttle = &request->server->throttle;
    struct str from = origin_prefix(&request->origin, ORIGIN_HOST);
    struct gcra_answer answer = throttle_look(throttle, POLICY_FAILURES, from, now_us(request));
    return answer.taken || pass(request, POLICY_FAILURES, &answer);
}

void ration_failed(struct request *request)
{
    (void)throttle_take(&request->server->throttle, POLICY_FAILURES,
                        origin_prefix(&request->origin, ORIGIN_HOST), now_us(request));
}

/* ---------------------------------------------------------------- tenants */

enum handled ration_excess(struct request *request, const struct excess *excess)
{
    assert(excess->exceeded && (int)excess->quota < METRICS_QUOTAS);
    ration_note(request, quota_name(excess->quota), &excess->limit, &excess->answer);
    atomic_fetch_add_explicit(&request->server->metrics.quota_limited[excess->quota], 1,
                              memory_order_relaxed);
    return ration_refuse(request);
}

enum handled ration_crowded(struct request *request)
{
    struct excess excess = {
        .exceeded = true, .quota = QUOTA_JUDGINGS, .answer = {.wait_us = GCRA_SECOND_US}};
    return ration_excess(request, &excess);
}

bool ration_request(struct request *request, struct tenancy *tenancy)
{
    struct excess excess;
    if (request->ration.request) return true;
    request->ration.request = true;
    if (tenancy_take(tenancy, QUOTA_REQUESTS, now_us(request), &excess)) return true;
    ration_excess(request, &excess);
    return false;
}

bool ration_request_far(struct request *request)
{
    struct call call;
    struct str tenant = request_param(request, ROUTE_TENANT);
    if (!tenant.len || request->ration.request || request->match.route->access == ACCESS_PUBLIC)
        return true;
    request->ration.request = true;
    if (request->token->role == ROLE_OPERATOR) return true; /* who is to give it more must get through */
    call_init(&call, request->server->engine, &request->arena, STR(""));
    if (engine_request(&call, tenant) != ST_LIMIT || !call.excess.exceeded) return true;
    ration_excess(request, &call.excess);
    return false;
}

bool ration_judge(struct request *request)
{
    struct excess excess;
    int64_t now = clock_steady_ns(request->server->clock) / 1000;
    if (tenancy_may_judge(request->definition->tenancy, now, &excess)) return true;
    ration_excess(request, &excess);
    return false;
}
