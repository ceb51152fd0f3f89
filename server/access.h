/* Access: the access log: one JSON line per request, many lines in one write.
 *
 *     struct access_entry entry = {.request_id = id, .route = "live_get", .status = 200, …};
 *     access_add(&access, &entry);
 *     access_flush(&access);                                now and then, and at the end
 *
 *     {"ts":"…","level":"info","msg":"request","request_id":"req_…","trace_id":"4bf9…","method":"GET","route":"live_get","tenant":"acme",
 *      "status":200,"dur_us":41,"actor":"tok_…"}
 *
 * Says nothing of what was sent: no path beyond route and tenant, no query, no answers, no token. */
#ifndef SERVER_ACCESS_H
#define SERVER_ACCESS_H

#include "base/buf.h"
#include "base/log.h"

#include <pthread.h>

struct access {
    pthread_mutex_t lock;
    struct log *log; /* NULL: nothing is kept */
    struct buf lines;
    uint64_t dropped;
};

struct access_entry {
    struct str request_id, trace_id, tenant, actor; /* trace_id, tenant, actor: may be empty */
    const char *method, *route;
    unsigned status;
    int64_t duration_us;
};

void access_init(struct access *access, struct mem *mem, struct log *log);
void access_release(struct access *access);
void access_add(struct access *access, const struct access_entry *entry);
void access_flush(struct access *access);

#endif
