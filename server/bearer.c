#include "server/bearer.h"

#include "base/word.h"

#include <netinet/in.h>
#include <sys/socket.h>

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

static bool address_of(const struct sockaddr *address, uint8_t bytes[NETWORK_ADDRESS_BYTES])
{
    static const uint8_t v4_prefix[12] = {[10] = 0xff, [11] = 0xff};
    if (address && address->sa_family == AF_INET) {
        memcpy(bytes, v4_prefix, sizeof v4_prefix);
        memcpy(bytes + sizeof v4_prefix, &((const struct sockaddr_in *)(const void *)address)->sin_addr,
               4);
        return true;
    }
    if (!address || address->sa_family != AF_INET6) return false;
    memcpy(bytes, &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr,
           NETWORK_ADDRESS_BYTES);
    return true;
}

enum problem bearer_check_address(const struct token_record *token, const struct sockaddr *address)
{
    uint8_t bytes[NETWORK_ADDRESS_BYTES];
    if (token->networks.count == 0) return PROBLEM_NONE;
    bool inside = address_of(address, bytes) && networks_have(&token->networks, bytes);
    return inside ? PROBLEM_NONE : PROBLEM_ADDRESS_REFUSED;
}

static const struct sockaddr *peer_address(const struct request *request)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    return info ? info->client_addr : NULL;
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
    enum problem problem = bearer_check_address(&request->token, peer_address(request));
    request->has_token = !problem;
    return problem;
}

static enum problem check(struct request *request, unsigned access, enum scope scope)
{
    enum problem problem = look_up(request);
    if (!problem)
        problem = bearer_decide(access, request->token.role, request->token.tenant,
                                request->match.params[ROUTE_TENANT]);
    return problem ? problem : bearer_check_scope(&request->token, scope);
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
