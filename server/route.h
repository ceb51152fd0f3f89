/* Route: from method and path to a handler, by route.def.
 *
 *     struct route_match match;
 *     route_find(METHOD_GET, STR("/v1/p/acme/visa"), &match)
 *     ROUTE_FOUND: match.route, match.params    ROUTE_WRONG_METHOD: match.allowed    ROUTE_ABSENT
 *
 * HEAD is found where GET is. A segment {tenant}, {form}, {version} or {id} matches only what can be
 * one. */
#ifndef SERVER_ROUTE_H
#define SERVER_ROUTE_H

#include "base/str.h"
#include "engine/engine.h"
#include "server/guard.h"

#include <stdbool.h>
#include <stdint.h>

struct request;

enum route_param { ROUTE_TENANT, ROUTE_FORM, ROUTE_VERSION, ROUTE_ID, ROUTE_ASSET, ROUTE_PARAM_COUNT };

/* Who may: bits, in the order of enum token_role. */
enum {
    ACCESS_PUBLIC = 0,
    ACCESS_OPERATOR = 1,
    ACCESS_PUBLISHER = 2,
    ACCESS_READER = 4,
    ACCESS_SUBMITTER = 8,
    ACCESS_ANYONE = 15,
};

enum route_place { ROUTE_NEAR, ROUTE_FAR, ROUTE_DEAR };
enum route_body { ROUTE_BODY_NONE, ROUTE_BODY_EMPTY, ROUTE_BODY_SOURCE, ROUTE_BODY_CSV, ROUTE_BODY_PAIRS, ROUTE_BODY_JSON };

/* How a handler left the request. */
enum handled {
    HANDLED,       /* the reply is there */
    HANDLED_FAR,   /* not here: call again on a thread that may wait */
    HANDLED_LATER, /* the connection is suspended; request_resume() will be called by whoever has it now
                    */
};

enum route_name {
#define ROUTE(handler, method, pattern, place, access, body, reply, status, errors, summary)           \
    ROUTE_##handler,
#include "server/route.def"
#undef ROUTE
    ROUTE_COUNT
};

struct route {
    enum route_name number;
    const char *name; /* "form_get" */
    enum method method;
    const char *pattern;
    enum route_place place;
    unsigned access;  /* the roles that may */
    enum scope scope; /* SCOPE_COUNT: none is needed */
    enum route_body body;
    const char *body_schema;
    const char *reply_schema;
    unsigned status;
    const char *errors;
    const char *summary;
    enum handled (*handle)(struct request *request);
};

/* ROUTE_COUNT of them. */
extern const struct route routes[];

enum route_found { ROUTE_FOUND, ROUTE_WRONG_METHOD, ROUTE_ABSENT };

struct route_match {
    const struct route *route;
    struct str params[ROUTE_PARAM_COUNT]; /* borrowed from the path; len 0: not in the pattern */
    uint32_t version;                     /* of {version}, 0 if none */
    unsigned allowed;                     /* WRONG_METHOD: bits 1 << METHOD_… */
};

enum route_found route_find(enum method method, struct str path, struct route_match *ret_match);

/* Bytes a body of this route may have. */
uint64_t route_body_max(const struct route *route);

/* One query parameter or header of a route, from param.def. */
struct route_input {
    enum route_name route;
    bool in_query;
    bool deep; /* filter[a][b]=… */
    const char *name;
    bool required;
    const char *schema; /* JSON */
    const char *summary;
};
/* Ends with a NULL name. */
extern const struct route_input route_inputs[];

#endif
