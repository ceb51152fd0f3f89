/* Bearer: who asks, and may they? */
#ifndef SERVER_BEARER_H
#define SERVER_BEARER_H

#include "server/request.h"

/* Costs nothing: is there something that could be a token where the route wants one? */
enum problem bearer_glance(const struct request *request);
/* Looks the token up (reads the storage) and holds it against the route. What belongs to another tenant
 * is NOT_FOUND, as is what does not exist. */
enum problem bearer_check(struct request *request);

/* For routes of the public, where a token is welcome but not needed: none is fine; one that is there
 * must be good and of this tenant. */
enum problem bearer_check_optional(struct request *request);

/* What a token may do, beside its role: its own list. */
enum problem bearer_check_scope(const struct token_record *token, enum scope scope);
/* Where it may be used from; an unknown origin is nowhere. */
enum problem bearer_check_address(const struct token_record *token, const struct origin *origin);

/* The decision alone. `tenant` is the path's; ptr NULL: none in the path. */
enum problem bearer_decide(unsigned access, enum token_role role, struct str token_tenant,
                           struct str tenant);

#endif
