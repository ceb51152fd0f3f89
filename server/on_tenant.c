/* On tenant: who am I, tenants, their tokens. server/on_tenant.c */
#include "server/on.h"

#include "base/civil.h"
#include "base/json_value.h"
#include "base/limits.h"

static void write_bounds(struct json_writer *json, const struct token_record *token)
{
    json_key(json, STR("scopes"));
    json_array(json);
    for (unsigned i = 0; i < SCOPE_COUNT; i++)
        if (token->scopes >> i & 1u) json_str(json, str_of(scope_name((enum scope)i)));
    json_array_end(json);
    if (token->networks.count == 0) return;
    json_key(json, STR("allow"));
    json_array(json);
    for (uint32_t i = 0; i < token->networks.count; i++) {
        struct buf text;
        buf_init(&text, mem_heap(), NETWORK_TEXT_BYTES);
        network_put(&token->networks.items[i], &text);
        json_str(json, buf_str(&text));
        buf_release(&text);
    }
    json_array_end(json);
}

enum handled me_get(struct request *request)
{
    struct arguments arguments;
    if (!on_arguments(request, &arguments)) return HANDLED;
    const struct token_record *token = request->token;
    struct json_writer json = reply_json(request, 200);
    json_object(&json);
    json_key_str(&json, STR("token"), token->id);
    json_key_str(&json, STR("role"), str_of(token_role_name(token->role)));
    if (token->tenant.len) json_key_str(&json, STR("tenant"), token->tenant);
    write_bounds(&json, token);
    if (token->expires_ms) reply_moment(&json, STR("expires_at"), token->expires_ms);
    json_object_end(&json);
    return HANDLED;
}

/* ---------------------------------------------------------------- tenants */

static void write_tenant(struct json_writer *json, const struct tenant_record *tenant)
{
    json_object(json);
    json_key_str(json, STR("id"), tenant->id);
    json_key_str(json, STR("name"), tenant->name);
    json_key_str(json, STR("state"), str_of(tenant_state_name(tenant->state)));
    reply_moment(json, STR("created_at"), tenant->created_ms);
    json_object_end(json);
}

enum handled tenants_get(struct request *request)
{
    struct listing listing;
    struct tenant_page page;
    if (!on_listing(request, STR(""), &listing)) return HANDLED;
    request_call(request);
    enum status st = engine_tenant_list(&request->call, listing.position, listing.limit, &page);
    if (st) return reply_failure(request, st, REFUSAL_NONE);
    struct json_writer json = on_listing_begin(request);
    for (uint32_t i = 0; i < page.count; i++) write_tenant(&json, &page.items[i]);
    on_listing_end(request, &json, &listing, page.more,
                   page.count ? page.items[page.count - 1].id : STR(""));
    return HANDLED;
}

enum handled tenants_post(struct request *request)
{
    static const char *const members[] = {"id", "name", NULL};
    struct json_value body;
    struct arguments arguments;
    struct str id, name;
    struct tenant_record tenant;
    if (!on_arguments(request, &arguments) || !on_body(request, members, &body)) return HANDLED;
    if (!json_get_str(&body, STR("id"), &id))
        return reply_problem(request, PROBLEM_BODY_MISFIT, "\"id\" must be a text");
    if (!json_get(&body, STR("name"))) name = id;
    else if (!json_get_str(&body, STR("name"), &name))
        return reply_problem(request, PROBLEM_BODY_MISFIT, "\"name\" must be a text");
    request_call(request);
    enum status st = engine_tenant_create(&request->call, id, name, &tenant);
    if (st) return reply_failure(request, st, request->call.refusal);
    struct json_writer json = reply_json(request, 201);
    write_tenant(&json, &tenant);
    reply_header(request, MHD_HTTP_HEADER_LOCATION,
                 arena_printf(&request->arena, "/v1/tenants/%.*s", STR_ARG(tenant.id)));
    return HANDLED;
}

/* Its own tenant is always there; an operator may ask for any. */
static enum status find_tenant(struct request *request, struct tenant_record *ret_tenant)
{
    request_call(request);
    return engine_tenant_find(&request->call, request_param(request, ROUTE_TENANT), ret_tenant);
}

enum handled tenant_get(struct request *request)
{
    struct tenant_record tenant;
    struct arguments arguments;
    if (!on_arguments(request, &arguments)) return HANDLED;
    enum status st = find_tenant(request, &tenant);
    if (st) return reply_failure(request, st, REFUSAL_NONE);
    struct json_writer json = reply_json(request, 200);
    write_tenant(&json, &tenant);
    return HANDLED;
}

enum handled tenant_state(struct request *request)
{
    static const char *const members[] = {"to", NULL};
    struct json_value body;
    struct arguments arguments;
    struct tenant_record tenant;
    struct str word;
    enum tenant_state to;
    if (!on_arguments(request, &arguments) || !on_body(request, members, &body)) return HANDLED;
    if (!json_get_str(&body, STR("to"), &word) || !tenant_state_parse(word, &to))
        return reply_problem(request, PROBLEM_BODY_MISFIT,
                             "\"to\" must be active, suspended or closed");
    if (!on_reason(request)) return HANDLED;
    enum status st = find_tenant(request, &tenant);
    if (!st) st = engine_tenant_set_state(&request->call, tenant.id, to);
    if (!st) st = engine_tenant_find(&request->call, tenant.id, &tenant);
    if (st) return reply_failure(request, st, request->call.refusal);
    struct json_writer json = reply_json(request, 200);
    write_tenant(&json, &tenant);
    return HANDLED;
}

static enum handled reply_tenant(struct request *request, struct str id)
{
    struct tenant_record tenant;
    enum status st = engine_tenant_find(&request->call, id, &tenant);
    if (st) return reply_failure(request, st, REFUSAL_NONE);
    struct json_writer json = reply_json(request, 200);
    write_tenant(&json, &tenant);
    return HANDLED;
}

/* As RFC 7396 has it: null takes the name away, and without one it is the id. */
enum handled tenant_patch(struct request *request)
{
    static const char *const members[] = {"name", NULL};
    struct json_value body;
    struct arguments arguments;
    struct tenant_record tenant;
    struct str name = STR("");
    if (!on_arguments(request, &arguments) || !on_body(request, members, &body)) return HANDLED;
    const struct json_value *wanted = json_get(&body, STR("name"));
    if (wanted && wanted->kind != JSON_NULL && !json_is_str(wanted, &name))
        return reply_problem(request, PROBLEM_BODY_MISFIT, "\"name\" must be a text or null");
    enum status st = find_tenant(request, &tenant);
    if (!st && wanted)
        st = engine_tenant_set_name(&request->call, tenant.id,
                                    wanted->kind == JSON_NULL ? tenant.id : name);
    if (st) return reply_failure(request, st, request->call.refusal);
    return reply_tenant(request, tenant.id);
}

enum handled tenant_recover_post(struct request *request)
{
    struct arguments arguments;
    struct tenant_record tenant;
    if (!on_arguments(request, &arguments) || !on_reason(request)) return HANDLED;
    enum status st = find_tenant(request, &tenant);
    if (!st) st = engine_tenant_recover(&request->call, tenant.id);
    if (st) return reply_failure(request, st, request->call.refusal);
    return reply_tenant(request, tenant.id);
}

/* ---------------------------------------------------------------- quotas */

static enum handled reply_quotas(struct request *request, const struct quotas *quotas)
{
    struct json_writer json = reply_json(request, 200);
    json_object(&json);
    for (unsigned i = 0; i < QUOTA_COUNT; i++)
        json_key_int(&json, str_of(quota_name((enum quota)i)), quotas->value[i]);
    json_object_end(&json);
    return HANDLED;
}

enum handled quota_get(struct request *request)
{
    struct tenant_record tenant;
    struct arguments arguments;
    if (!on_arguments(request, &arguments)) return HANDLED;
    enum status st = find_tenant(request, &tenant);
    if (st) return reply_failure(request, st, REFUSAL_NONE);
    return reply_quotas(request, &tenant.quotas);
}

struct quota_wish {
    struct quota_change changes[QUOTA_COUNT];
    uint32_t count;
};

/* False: one of the values is no number from 1 on and not null. */
static bool read_quotas(const struct json_value *body, struct quota_wish *ret_wish)
{
    ret_wish->count = 0;
    for (uint32_t i = 0; i < body->count; i++) {
        const struct json_member *member = &body->members[i];
        struct quota_change change = {.value = 0};
        bool known = quota_parse(member->name, &change.quota);
        if (!known || ret_wish->count == QUOTA_COUNT) return false;
        bool fits = member->value.kind == JSON_NULL || (json_is_int(&member->value, &change.value) &&
                                                        change.value > 0 && change.value <= QUOTA_MAX);
        if (!fits) return false;
        ret_wish->changes[ret_wish->count++] = change;
    }
    return ret_wish->count > 0;
}

enum handled quota_put(struct request *request)
{
    const char *members[QUOTA_COUNT + 1] = {NULL};
    struct json_value body;
    struct arguments arguments;
    struct tenant_record tenant;
    struct quota_wish wish;
    for (unsigned i = 0; i < QUOTA_COUNT; i++) members[i] = quota_name((enum quota)i);
    if (!on_arguments(request, &arguments) || !on_body(request, members, &body)) return HANDLED;
    if (!read_quotas(&body, &wish))
        return reply_problem(request, PROBLEM_BODY_MISFIT,
                             "each quota is a whole number from 1 to 1000000000000000, or null");
    if (!on_reason(request)) return HANDLED;
    enum status st = find_tenant(request, &tenant);
    if (!st) st = engine_tenant_set_quota(&request->call, tenant.id, wish.changes, wish.count);
    if (!st) st = engine_tenant_find(&request->call, tenant.id, &tenant);
    if (st) return reply_failure(request, st, request->call.refusal);
    return reply_quotas(request, &tenant.quotas);
}

/* ---------------------------------------------------------------- tokens */

static void write_token(struct json_writer *json, const struct token_record *token)
{
    json_object(json);
    json_key_str(json, STR("id"), token->id);
    json_key_str(json, STR("role"), str_of(token_role_name(token->role)));
    write_bounds(json, token);
    if (token->note.len) json_key_str(json, STR("note"), token->note);
    reply_moment(json, STR("created_at"), token->created_ms);
    if (token->expires_ms) reply_moment(json, STR("expires_at"), token->expires_ms);
    if (token->revoked_ms) reply_moment(json, STR("revoked_at"), token->revoked_ms);
    if (token->last_used_ms) reply_moment(json, STR("last_used_at"), token->last_used_ms);
    if (token->rotated_ms) reply_moment(json, STR("rotated_at"), token->rotated_ms);
    if (token->rotated_ms) reply_moment(json, STR("old_secret_until"), token->old_until_ms);
    json_object_end(json);
}

enum handled tokens_get(struct request *request)
{
    struct listing listing;
    struct token_page page;
    struct tenant_record tenant;
    if (!on_listing(request, STR(""), &listing)) return HANDLED;
    enum status st = find_tenant(request, &tenant);
    if (!st) st = engine_token_list(&request->call, tenant.id, listing.position, listing.limit, &page);
    if (st) return reply_failure(request, st, REFUSAL_NONE);
    struct json_writer json = on_listing_begin(request);
    for (uint32_t i = 0; i < page.count; i++) write_token(&json, &page.items[i]);
    on_listing_end(request, &json, &listing, page.more,
                   page.count ? page.items[page.count - 1].id : STR(""));
    return HANDLED;
}

/* "scopes": names of scopes that the role has. */
static const char *read_scopes(const struct json_value *body, struct token_create *wish)
{
    const struct json_value *list = json_get(body, STR("scopes"));
    if (!list) return NULL;
    if (list->kind != JSON_ARRAY || list->count == 0) return "\"scopes\" must be a list of scopes";
    for (uint32_t i = 0; i < list->count; i++) {
        struct str name;
        enum scope scope;
        if (!json_is_str(&list->items[i], &name) || !scope_parse(name, &scope))
            return "\"scopes\" must be a list of scopes";
        if (!(scopes_of_role(wish->role) >> scope & 1u)) return "that role does not have those scopes";
        wish->scopes |= 1u << scope;
    }
    return NULL;
}

/* "allow": networks. Kept as one text with blanks between. */
static const char *read_networks(struct request *request, const struct json_value *body,
                                 struct token_create *wish)
{
    const struct json_value *list = json_get(body, STR("allow"));
    struct network network;
    if (!list) return NULL;
    if (list->kind != JSON_ARRAY) return "\"allow\" must be a list of networks such as 10.0.0.0/8";
    if (list->count > limit(TOKEN_NETWORKS)) return "\"allow\" has too many networks";
    for (uint32_t i = 0; i < list->count; i++) {
        struct str text;
        if (!json_is_str(&list->items[i], &text) || !network_parse(text, &network))
            return "\"allow\" must be a list of networks such as 10.0.0.0/8";
        wish->networks =
            arena_printf(&request->arena, "%.*s %.*s", STR_ARG(wish->networks), STR_ARG(text));
        if (!wish->networks.ptr) return "\"allow\" is too long";
    }
    return NULL;
}

/* What is wrong with what was asked for, or NULL. Operators are made on the server's own machine only.
 */
static const char *read_wish(struct request *request, const struct json_value *body,
                             struct token_create *ret_wish)
{
    struct str role, expires;
    int32_t offset_minutes;
    *ret_wish = (struct token_create){.note = STR(""), .networks = STR("")};
    if (!json_get_str(body, STR("role"), &role) || !token_role_parse(role, &ret_wish->role) ||
        ret_wish->role == ROLE_OPERATOR)
        return "\"role\" must be publisher, reader or submitter";
    if (json_get(body, STR("note")) && !json_get_str(body, STR("note"), &ret_wish->note))
        return "\"note\" must be a text";
    if (json_get(body, STR("expires_at")) &&
        (!json_get_str(body, STR("expires_at"), &expires) ||
         !civil_parse_datetime(expires, &ret_wish->expires_ms, &offset_minutes)))
        return "\"expires_at\" must be an RFC 3339 date-time";
    const char *wrong = read_scopes(body, ret_wish);
    return wrong ? wrong : read_networks(request, body, ret_wish);
}

/* A token that may do less than its role hands out no more than it has, neither by making a token nor
 * by learning the new secret of one. */
static bool may_hand_out(const struct request *request, uint32_t scopes)
{
    return !request->token->narrowed || (scopes & ~request->token->scopes) == 0;
}

static enum handled reply_made(struct request *request, unsigned status, enum token_role role,
                               const struct token_made *made, int64_t old_until_ms)
{
    struct json_writer json = reply_json(request, status);
    json_object(&json);
    json_key_str(&json, STR("id"), made->id);
    json_key_str(&json, STR("role"), str_of(token_role_name(role)));
    json_key_str(&json, STR("token"), made->text);
    if (old_until_ms) reply_moment(&json, STR("old_secret_until"), old_until_ms);
    json_object_end(&json);
    return HANDLED;
}

enum handled tokens_post(struct request *request)
{
    static const char *const members[] = {"role", "note", "expires_at", "scopes", "allow", NULL};
    struct json_value body;
    struct arguments arguments;
    struct token_create wish;
    struct tenant_record tenant;
    struct token_made made;
    if (!on_arguments(request, &arguments) || !on_body(request, members, &body)) return HANDLED;
    const char *wrong = read_wish(request, &body, &wish);
    if (wrong) return reply_problem(request, PROBLEM_BODY_MISFIT, wrong);
    if (!may_hand_out(request, wish.scopes ? wish.scopes : scopes_of_role(wish.role)))
        return reply_problem(request, PROBLEM_SCOPE_INSUFFICIENT,
                             "a token with fewer scopes than its role makes none with others");
    enum status st = find_tenant(request, &tenant);
    wish.tenant = tenant.id;
    if (!st) st = engine_token_create(&request->call, &wish, &made);
    if (st) return reply_failure(request, st, request->call.refusal);
    return reply_made(request, 201, wish.role, &made, 0);
}

enum { GRACE_SECONDS = 86400 };

enum handled token_rotate_post(struct request *request)
{
    static const char *const members[] = {"grace_seconds", NULL};
    struct json_value body;
    struct arguments arguments;
    struct tenant_record tenant;
    struct token_record token;
    struct token_made made;
    int64_t seconds = GRACE_SECONDS;
    if (!on_arguments(request, &arguments) || !on_body(request, members, &body)) return HANDLED;
    if (json_get(&body, STR("grace_seconds")) &&
        (!json_get_int(&body, STR("grace_seconds"), &seconds) || seconds < 0 ||
         seconds > limit(TOKEN_GRACE_SECONDS)))
        return reply_problem(request, PROBLEM_BODY_MISFIT,
                             "\"grace_seconds\" must be a whole number from 0 to 2592000");
    enum status st = find_tenant(request, &tenant);
    if (!st)
        st = engine_token_find(&request->call, tenant.id, request_param(request, ROUTE_ID), &token);
    if (st) return reply_failure(request, st, request->call.refusal);
    if (!may_hand_out(request, token.scopes))
        return reply_problem(request, PROBLEM_SCOPE_INSUFFICIENT,
                             "a token with fewer scopes than its role rotates none with others");
    int64_t until_ms = request->call.actor.at_ms + seconds * 1000;
    st = engine_token_rotate(&request->call, tenant.id, token.id, until_ms, &made);
    if (st) return reply_failure(request, st, request->call.refusal);
    return reply_made(request, 200, token.role, &made, until_ms);
}

enum handled token_delete(struct request *request)
{
    struct arguments arguments;
    struct tenant_record tenant;
    if (!on_arguments(request, &arguments) || !on_reason(request)) return HANDLED;
    enum status st = find_tenant(request, &tenant);
    if (!st) st = engine_token_revoke(&request->call, tenant.id, request_param(request, ROUTE_ID));
    if (st) return reply_failure(request, st, request->call.refusal);
    return reply_empty(request, 204);
}
