/* Metrics: counters of the server, as Prometheus reads them.
 *
 *     metrics_count(&metrics, ROUTE_live_get, METHOD_GET, 200, duration_us);
 *     metrics_write(&metrics, &counters, …, &out);              formwright_http_requests_total{…} 17
 *
 * No label is chosen by a stranger, so there are as many series as routes, methods and statuses; those
 * of tenants only for as many as the operator has asked for. */
#ifndef SERVER_METRICS_H
#define SERVER_METRICS_H

#include "engine/engine.h"
#include "server/route.h"
#include "server/throttle.h"

#include <stdatomic.h>

/* The quotas that are spent and held. */
enum { METRICS_QUOTAS = QUOTA_JUDGINGS + 1 };
enum { METRICS_STATUSES = 600, METRICS_BUCKETS = 12, METRICS_NO_ROUTE = ROUTE_COUNT };

/* Why a connection was cut by the reaper. */
enum reap { REAP_IDLE, REAP_HEADERS, REAP_BODY, REAP_REQUEST, REAP_ANSWER, REAP_COUNT };

struct metrics {
    /* By route (the last: none) and status. Methods: HEAD beside the route's own. */
    atomic_uint_fast64_t requests[ROUTE_COUNT + 1][2][METRICS_STATUSES / 100][100];
    atomic_uint_fast64_t buckets[METRICS_BUCKETS + 1];
    atomic_uint_fast64_t duration_us, bytes;
    atomic_uint_fast64_t reaped[REAP_COUNT];
    atomic_uint_fast64_t limited[POLICY_COUNT]; /* requests refused, by policy */
    atomic_uint_fast64_t turned_away; /* connections of an address that had as many as it may have */
    atomic_uint_fast64_t quota_limited[METRICS_QUOTAS];
    atomic_uint_fast64_t disagreements; /* answers that came with another verdict than ours */
    atomic_uint_fast64_t held; /* of those, answered a little later */
    atomic_int_fast64_t in_flight, connections;
};

void metrics_count(struct metrics *metrics, unsigned route, bool head, unsigned status,
                   uint64_t duration_us);
/* `tenants`: with series of their own; NULL: none. */
void metrics_write(struct metrics *metrics, const struct engine_counters *engine,
                   const struct usage_page *tenants, uint32_t crew_queued, uint32_t judges_queued,
                   struct buf *out);
/* `disk_free_mib` negative: not known. */
void metrics_write_host(unsigned stuck_threads, int64_t disk_free_mib, uint64_t log_dropped,
                        struct buf *out);

#endif
