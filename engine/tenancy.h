/* Tenancy: what a tenant has used of what it may, live.
 *
 *     tenancies_get(engine, STR("acme"), &tenancy)            retained; reads the storage the first
 * time definition->tenancy = tenancy                           from here on without a lock or a look
 * into the storage if (!tenancy_take(tenancy, QUOTA_REQUESTS, now_us, &excess)) … if
 * (!tenancy_judge(tenancy, now_us, &excess)) …  judging …  tenancy_judged(tenancy, now_us,
 * outcome.steps)
 *
 * Requests and submissions are taken before; steps are charged afterwards, for nobody knows them
 * before: a tenant that is in debt judges nothing more until that has grown back, however dear the last
 * one was.
 *
 * Quotas never change within a tenancy. When they do, tenancies_renew() puts another in its place,
 * which starts with what had been used; what still holds the old one uses that up. */
#ifndef ENGINE_TENANCY_H
#define ENGINE_TENANCY_H

#include "engine/engine.h"

#include <pthread.h>

#define TENANCY_RATES 3u /* REQUESTS, SUBMISSIONS, STEPS */
enum { TENANCY_BUCKETS = 1024 };

struct tenancy {
    struct mem *mem;
    enum tenant_state state;
    struct gcra limits[TENANCY_RATES];
    struct gcra_cell cells[TENANCY_RATES];
    int64_t judgings_max;
    atomic_int_least64_t judgings; /* under way */
    atomic_int_least64_t near;     /* places that threads have that must not wait */
    atomic_uint references;
    struct tenancy *bucket_next, *newer, *older; /* the table's own, under its lock */
    uint32_t bucket;
    size_t id_len;
    char id[LIMIT_TENANT_ID_BYTES];
};

struct tenancies {
    struct mem *mem;
    pthread_mutex_t lock;
    struct tenancy *buckets[TENANCY_BUCKETS];
    struct tenancy *newest, *oldest; /* by last get */
    uint32_t count, count_max;
    uint64_t renewals; /* what was read before one is old */
};

void tenancies_init(struct tenancies *tenancies, struct mem *mem, uint32_t count_max);
/* A zeroed one is fine. */
void tenancies_release(struct tenancies *tenancies);
/* Retained. The least lately used go when there are more than count_max, unless something holds them.
 */
enum status tenancies_get(struct engine *engine, struct str tenant,
                          struct tenancy **ret_tenancy) MUST_USE;
/* State or quotas have changed. */
void tenancies_renew(struct engine *engine, struct str tenant);

/* Counts one judging under way, if steps and room are left. */
bool tenancy_judge(struct tenancy *tenancy, int64_t now_us, struct excess *ret_excess);
void tenancy_judged(struct tenancy *tenancy, int64_t now_us, uint64_t steps);
/* Work that is not judging, in steps: refused when there is debt, else charged before it is done. */
bool tenancy_work(struct tenancy *tenancy, int64_t now_us, uint64_t steps, struct excess *ret_excess);
void tenancy_charge(struct tenancy *tenancy, int64_t now_us, uint64_t steps);

#endif
