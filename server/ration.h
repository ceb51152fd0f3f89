/* Ration: what a request must pass besides its own correctness, and how the answer tells of it.
 *
 *     ration_enter(request)                   by address, before a byte of the body is read
 *     if (!ration_submit(request)) return HANDLED;
 *
 * A refusal is a 429 quota-exceeded with Retry-After, which names the policies in `violated-policies`.
 * What was asked of the tables is told in RateLimit-Policy and RateLimit
 * (draft-ietf-httpapi-ratelimit-headers), on refusals and on every answer that is not ready-made. */
#ifndef SERVER_RATION_H
#define SERVER_RATION_H

#include "base/gcra.h"
#include "server/route.h"

struct MHD_Response;
struct request;

enum { RATION_ROWS = 5 }; /* address, network, token or submit, and one that refuses */

/* The policies that a request has met. */
struct ration {
    struct ration_row {
        const char *policy;
        struct gcra limit;
        int64_t left;
        int64_t wait_us; /* 0: it passed */
    } rows[RATION_ROWS];
    uint32_t count;
    bool refused;
    bool submit, token, request; /* passed: a handler that runs again does not pay again */
};

/* Each: false when it has been refused, and that is the answer. */
bool ration_enter(struct request *request);
/* By token; a request without one passes. */
bool ration_token(struct request *request);
/* By token, or by address and form. */
bool ration_submit(struct request *request);
/* May another token be tried from this address? And: that was none. */
bool ration_may_try(struct request *request);
void ration_failed(struct request *request);

struct excess;
struct tenancy;
/* One request that names the tenant, once. */
bool ration_request(struct request *request, struct tenancy *tenancy);
/* The same on a thread that may wait; a tenant that is not there is the handler's to tell. */
bool ration_request_far(struct request *request);
/* Are there steps left for a judging? */
bool ration_judge(struct request *request);
/* 429 for what the engine has refused. */
enum handled ration_excess(struct request *request, const struct excess *excess);
/* 429: so much of the tenant's is waiting already. */
enum handled ration_crowded(struct request *request);

/* A policy of someone else's was met; `policy` is static. */
void ration_note(struct request *request, const char *policy, const struct gcra *limit,
                 const struct gcra_answer *answer);
/* 429, for the last one noted. */
enum handled ration_refuse(struct request *request);

/* The RateLimit fields. False: no memory. */
bool ration_tell(const struct ration *ration, struct MHD_Response *response);

#endif
