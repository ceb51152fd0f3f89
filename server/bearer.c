#include "server/bearer.h"

#include "base/word.h"

static bool token_of(struct str header, struct str *ret_token)
{
    struct str scheme = STR("bearer ");
    if (header.len == scheme.len || !word_starts(header, scheme)) return false;
    *ret_token = (struct str){header.ptr + scheme.len, header.len - scheme.len};
    return true;
}

enum problem bearer_glance(const struct request *request)
{
    struct str token;
    if (request->match.route->access == ACCESS_PUBLIC) return PROBLEM_NONE;
    return token_of(request->facts.header[HEADER_AUTHORIZATION], &token) ? PROBLEM_NONE
                                                                         : PROBLEM_UNAUTHENTICATED;
}

enum problem bearer_decide(unsigned access, enum token_role role, struct str token_tenant,
                           struct str tenant)
{
    bool foreign = tenant.ptr && role != ROLE_OPERATOR && !str_eq(token_tenant, tenant);
    if (foreign) return PROBLEM_NOT_FOUND;
    return access & 1u << role ? PROBLEM_NONE : PROBLEM_ROLE_INSUFFICIENT;
}

enum problem bearer_check_scope(const struct token_record *token, enum scope scope)
{
    bool needs_none = scope == SCOPE_COUNT;
    return needs_none || token->scopes >> scope & 1u ? PROBLEM_NONE : PROBLEM_SCOPE_INSUFFICIENT;
}

enum problem bearer_check_address(const struct token_record *token, const struct origin *origin)
{
    static const struct origin unknown;
    if (token->networks.count == 0) return PROBLEM_NONE;
    bool known = memcmp(origin->bytes, unknown.bytes, sizeof unknown.bytes) != 0;
    return known && networks_have(&token->networks, origin->bytes) ? PROBLEM_NONE
                                                                   : PROBLEM_ADDRESS_REFUSED;
}

static enum problem look_up(struct request *request)
{
    struct str text;
    if (!token_of(request->facts.header[HEADER_AUTHORIZATION], &text)) return PROBLEM_UNAUTHENTICATED;
    struct call call;
    if (!ration_may_try(request)) return PROBLEM_QUOTA_EXCEEDED;
    call_init(&call, request->server->engine, &request->arena, STR(""));
    struct token_record *token = ARENA_NEW(&request->arena, struct token_record);
    enum status st = token ? engine_token_verify(&call, text, token) : ST_NOMEM;
    if (st == ST_UNAUTHENTICATED) ration_failed(request);
    if (st) return problem_of(st, "");
    request->token = token;
    enum problem problem = bearer_check_address(token, &request->origin);
    request->has_token = !problem;
    return problem;
}

static enum problem check(struct request *request, unsigned access, enum scope scope)
{
    enum problem problem = look_up(request);
    if (!problem)
        problem = bearer_decide(access, request->token->role, request->token->tenant,
                                request->match.params[ROUTE_TENANT]);
    return problem ? problem : bearer_check_scope(request->token, scope);
}

enum problem bearer_check(struct request *request)
{
    const struct route *route = request->match.route;
    if (route->access == ACCESS_PUBLIC) return PROBLEM_NONE;
    return check(request, route->access, route->scope);
}

enum problem bearer_check_optional(struct request *request)
{
    if (request->has_token || !guard_has(&request->facts, HEADER_AUTHORIZATION)) return PROBLEM_NONE;
    enum problem problem = check(request, SCOPE_ROLES_SUBMISSIONS_CREATE, SCOPE_SUBMISSIONS_CREATE);
    if (problem) request->has_token = false;
    return problem;
}
