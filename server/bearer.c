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

static enum problem look_up(struct request *request)
{
    struct str text;
    if (!token_of(request->facts.header[HEADER_AUTHORIZATION], &text)) return PROBLEM_UNAUTHENTICATED;
    struct call call;
    if (!ration_may_try(request)) return PROBLEM_QUOTA_EXCEEDED;
    call_init(&call, request->server->engine, &request->arena, STR(""));
    enum status st = engine_token_verify(&call, text, &request->token);
    if (st == ST_UNAUTHENTICATED) ration_failed(request);
    if (st) return problem_of(st, "");
    request->has_token = true;
    return PROBLEM_NONE;
}

enum problem bearer_check(struct request *request)
{
    const struct route *route = request->match.route;
    if (route->access == ACCESS_PUBLIC) return PROBLEM_NONE;
    enum problem problem = look_up(request);
    if (problem) return problem;
    return bearer_decide(route->access, request->token.role, request->token.tenant,
                         request->match.params[ROUTE_TENANT]);
}

enum problem bearer_check_optional(struct request *request)
{
    if (request->has_token || !guard_has(&request->facts, HEADER_AUTHORIZATION)) return PROBLEM_NONE;
    enum problem problem = look_up(request);
    if (problem) return problem;
    unsigned tenants_own = ACCESS_PUBLISHER | ACCESS_READER | ACCESS_SUBMITTER;
    problem = bearer_decide(tenants_own, request->token.role, request->token.tenant,
                            request->match.params[ROUTE_TENANT]);
    if (problem) request->has_token = false;
    return problem;
}
