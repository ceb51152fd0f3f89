/* Request: one request on its way through the server, and the connection it came on.
 *
 *   TARGET ─► BODY ─► (handler) ─► REPLIED
 *                        │  ▲
 *                        ▼  │ request_resume()
 *                       AWAY            the connection is suspended: the crew or a writer has it
 *
 * A handler leaves its answer in `reply` and `out` and touches no libmicrohttpd; the event thread sends
 * it. So a handler runs the same near (on the event thread) and far (on the crew). */
#ifndef SERVER_REQUEST_H
#define SERVER_REQUEST_H

#include "engine/engine.h"
#include "server/core.h"
#include "server/crew.h"
#include "server/envelope.h"
#include "server/guard.h"
#include "server/livery.h"
#include "server/origin.h"
#include "server/presentation.h"
#include "server/ration.h"
#include "server/route.h"

#include <microhttpd.h>
#include <netinet/in.h>

struct exports;

enum request_state { REQUEST_NONE, REQUEST_TARGET, REQUEST_BODY, REQUEST_AWAY, REQUEST_REPLIED };

enum { REPLY_HEADERS = 16, TARGET_INLINE_BYTES = 128 };

struct reply {
    unsigned status;
    const char *type;        /* of `out`; NULL: no body */
    struct ready *kept;      /* ready-made, in place of all else */
    struct exports *exports; /* a body made as it goes, in place of `out` */
    struct reply_header {
        const char *name;
        const char *value; /* in the arena or static */
    } headers[REPLY_HEADERS];
    uint32_t header_count;
    enum problem problem;      /* that `out` tells of; PROBLEM_NONE: none */
    const char *cache_control; /* NULL: private, no-store */
    bool close;
};

struct request {
    struct server *server;
    struct peer *peer;
    struct MHD_Connection *connection;
    enum request_state state;
    bool counted; /* in flight */
    bool far;     /* the crew must take it, or has it */
    bool dear;    /* it takes long by computing: the judges are that crew */
    bool held;    /* a refusal that waits, or has waited */
    struct request *held_next;
    struct request *returned_next;
    int64_t begun_ns;

    struct str target;     /* in target_inline or the arena; ptr NULL: no room */
    const char *target_at; /* where libmicrohttpd has it */
    char target_inline[TARGET_INLINE_BYTES];
    char id[IDENT_BYTES]; /* request_id() */

    struct guard_facts facts;
    struct route_match match; /* route NULL: none */
    enum handled (*handle)(struct request *request);
    struct crew_job job;

    struct arena arena;
    struct buf body; /* grows to what was announced, no further */
    struct buf out;
    struct reply reply;
    struct ready_copy *lent; /* of reply.kept, while it is sent */

    struct origin origin; /* the client, behind whatever proxies are believed */
    struct ration ration;

    const struct token_record *token; /* in the arena; an empty one: none was looked up */
    bool has_token;
    struct call call;

    struct livery livery; /* of pages */
    /* Of submissions and evaluations. */
    struct envelope envelope;
    struct definition *definition;
    struct intake *intake; /* in the arena */
};

/* One connection, and its one request at a time. */
enum peer_phase { PEER_IDLE, PEER_HEADERS, PEER_BODY, PEER_REQUEST, PEER_ANSWER };

struct peer {
    struct server *server;
    struct peer *previous, *next;
    enum door_kind door;
    int fd;
    bool cut;
    atomic_int phase;                  /* enum peer_phase */
    atomic_int_fast64_t since_ns;      /* when the phase began */
    atomic_int_fast64_t request_ns;    /* when the request began */
    atomic_int_fast64_t first_byte_ns; /* IDLE: when the reaper saw its first bytes; 0: none yet */
    atomic_uint_fast64_t body_bytes;   /* BODY: so many have come */
    atomic_bool is_export;             /* may take longer than request_ms */
    /* The reaper's own notes: which phase it watches, from when and from how many bytes on. */
    int64_t watched_ns, answer_ns, looked_ns;
    uint64_t counted_bytes;
    bool gone;        /* at the last look the other side had closed and all was read */
    uint64_t address; /* headcount_key(), 0: not counted */
    struct origin origin;
    char where[ORIGIN_PLACE_BYTES]; /* its place: for the audit log, not for finding a person */
    struct request *request; /* from its first line to its end: most connections say nothing most of the
                                time. Else NULL */
};
/* The requests that wait in event threads for the next; at the end. */
void request_free_spares(struct server *server);

/* libmicrohttpd's callbacks; `user` is the door. */
void *request_target(void *user, const char *target, struct MHD_Connection *connection);
enum MHD_Result request_step(void *user, struct MHD_Connection *connection, const char *url,
                             const char *method, const char *version, const char *upload,
                             size_t *upload_len, void **request);
void request_completed(void *user, struct MHD_Connection *connection, void **request,
                       enum MHD_RequestTerminationCode code);
void request_peer(void *user, struct MHD_Connection *connection, void **peer,
                  enum MHD_ConnectionNotificationCode code);

/* "req_…", the same each time. */
struct str request_id(struct request *request);
struct str request_param(const struct request *request, enum route_param param);

/* The connection is put to sleep; request_resume() wakes it and is the last to touch the request. */
void request_suspend(struct request *request);
void request_resume(struct request *request);
/* The same, for one of many; `more`: another one comes right after. The event threads wake those that
 * had more behind them when they come for the last: woken one by one, they would push aside who wakes
 * them each time, and handle each alone. */
void request_return(struct request *request, bool more);

/* The answer is whole: what it was made from is given back, since it may be long before it is sent. */
void request_said(struct request *request);
/* The answer is on its way. */
void request_answering(struct request *request);

/* Refusals that were held back go out. */
void request_release_held(struct server *server);

/* What request_step() or the crew calls next in the handler's place. */
void request_continue(struct request *request, enum handled (*handle)(struct request *request));

/* The judge of this thread; NULL when there is no memory for one. */
struct worker *request_worker(struct request *request);
/* call_init() with whoever asks. */
void request_call(struct request *request);

#endif
