/* Core: what all of the server shares. */
#ifndef SERVER_CORE_H
#define SERVER_CORE_H

#include "base/ident.h"
#include "engine/engine.h"
#include "server/access.h"
#include "server/asset.h"
#include "server/crew.h"
#include "server/cursor.h"
#include "server/door.h"
#include "server/headcount.h"
#include "server/metrics.h"
#include "server/origin.h"
#include "server/pulse.h"
#include "server/ready.h"
#include "server/runner.h"
#include "server/server.h"
#include "server/throttle.h"

#include <microhttpd.h>

struct peer;

struct server {
    struct server_options options; /* every default filled in */
    struct mem *mem;
    struct clock *clock;
    struct engine *engine;
    struct door doors[DOOR_COUNT];
    bool parses_in_place; /* what is known of libmicrohttpd's 0.9 */

    struct crew crew;     /* may wait for the disk */
    struct crew judges;   /* take long by computing, and yield to all others */
    struct runner runner; /* operations */
    struct access access;
    struct metrics metrics;
    struct ident_source ids;
    struct cursor_key cursor_key;
    struct throttle throttle;
    struct origin_nets proxies;

    pthread_key_t worker_key; /* each thread's struct worker */
    bool has_worker_key;

    pthread_mutex_t held_lock;
    struct request *held; /* refused, and sent at the reaper's next tick */
    uint32_t held_count;

    pthread_mutex_t peers_lock;
    struct peer *peers;
    struct pulse pulse; /* of the event threads */
    struct request_spares {
        struct request *first;         /* by held_next */
        atomic_uint count;             /* whoever watches may look */
    } spares[PULSE_THREADS];           /* each thread's own */
    atomic_int_fast64_t disk_free_mib; /* where the data is; -1: not known */
    struct headcount headcount;        /* of those at the public door; under peers_lock */
    pthread_t reaper, sweeper;
    bool has_reaper, has_sweeper;

    struct assets assets;
    struct ready *openapi, *openapi_same;
    char openapi_etag[80];

    atomic_bool draining; /* no new business: answers say so and close */
    atomic_bool closing;  /* the crew and the writers are being waited for */
    atomic_bool hurry;
    atomic_bool stop_reaper;            /* and the sweeper */
    atomic_int away;                    /* suspended connections */
    _Atomic(struct request *) returned; /* done with, and to be woken by an event thread */
};

/* server/openapi.c: the description and its ready-made answers. */
enum status openapi_write(struct buf *out) MUST_USE;
enum status openapi_present(struct server *server) MUST_USE;

/* server/peer.c */
void *peer_reap(void *server);

#endif
