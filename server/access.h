/* Access: the access log: one JSON line per request, many lines in one write.
 *
 *     struct access_entry entry = {.request_id = id, .route = "live_get", .status = 200, …};
 *     access_add(&access, &entry);
 *     access_flush(&access);                                now and then
 *
 *     {"ts":"…","level":"info","msg":"request","request_id":"req_…","trace_id":"4bf9…","method":"GET","route":"live_get","tenant":"acme",
 *      "status":200,"dur_us":41,"actor":"tok_…"}
 *
 * Says nothing of what was sent: no path beyond route and tenant, no query, no answers, no token.
 *
 * A thread of its own writes; who adds a line never waits for a reader. What comes while
 * limit(ACCESS_BYTES) wait for one that does not read is dropped, counted, and told in the log itself
 * as soon as there is room: {"ts":"…","level":"warn","msg":"lines dropped","count":17}. */
#ifndef SERVER_ACCESS_H
#define SERVER_ACCESS_H

#include "base/buf.h"
#include "base/log.h"

#include <pthread.h>

struct access {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct log *log;          /* NULL: nothing is kept, and nothing below is there */
    struct buf lines;         /* waiting */
    struct buf writing;       /* the thread's own */
    uint64_t dropped, untold; /* lines, in all and since it was last told */
    bool due;                 /* to be written, few as they may be */
    bool stopping;
    pthread_t thread;
};

struct access_entry {
    struct str request_id, trace_id, tenant, actor; /* trace_id, tenant, actor: may be empty */
    const char *method, *route;
    unsigned status;
    int64_t duration_us;
};

/* In place. `log` NULL: nothing is written. ST_NOMEM: no thread. */
enum status access_init(struct access *access, struct mem *mem, struct log *log) MUST_USE;
/* Writes what is left, for limit(ACCESS_DRAIN_MS) at most. A zeroed one is fine. */
void access_release(struct access *access);
void access_add(struct access *access, const struct access_entry *entry);
/* Has what there is written soon. */
void access_flush(struct access *access);
uint64_t access_dropped(struct access *access);

#endif
