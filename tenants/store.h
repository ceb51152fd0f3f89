/* Store: the open data directory: all vaults in use, the writers, the lock.
 *
 *     st = roster_take(tenants, STR("acme"), &vault);  …  roster_give(vault);
 *
 * Vaults are made without touching the disk, kept while somebody uses them, and evicted when room is
 * needed, the one longest idle first. A degraded one stays: forgetting it would be trusting it. */
#ifndef TENANTS_STORE_H
#define TENANTS_STORE_H

#include "tenants/recall.h"
#include "tenants/vault.h"
#include "tenants/writer.h"

enum { ROSTER_BUCKETS = 512 };

struct tenants {
    struct mem *mem;
    struct clock *clock;
    struct ident_random *random;
    struct ident_source idents;
    struct log *log;
    char directory[DIRECTORY_PATH_BYTES];
    int lock_fd;
    uint32_t queue_ops_max, open_tenants_max, readers_max;
    struct writer_pool pool;
    struct recall recall;

    pthread_mutex_t lock; /* guards what follows, and the vaults' places in it */
    pthread_cond_t changed;
    struct vault *buckets[ROSTER_BUCKETS];
    struct vault *idle_newest, *idle_oldest;
    uint32_t open_tenants;   /* vaults besides the system's */
    uint32_t idle_only_read; /* vaults that are idle and `only_read` */
    struct vault *system;
    bool stopping;
    uint64_t epoch;                   /* one up whenever a tenant's state or quotas have changed */
    struct tenants_counters counters; /* of vaults that are gone, and of the roster */
};

/* Empty id: system.db. ST_ABSENT: no tenant can be called that. ST_OVERLOADED: all vaults are in use.
 */
enum status roster_take(struct tenants *tenants, struct str id, struct vault **ret_vault);
/* May close another that is idle: of files that were only read few are kept open, since what reads
 * most of them, the first use of a form, does so once. */
void roster_give(struct vault *vault);
/* Closes what nobody has used for limit(FILE_IDLE_SECONDS). */
void roster_tidy(struct tenants *tenants);
uint64_t roster_epoch(struct tenants *tenants);
void roster_next_epoch(struct tenants *tenants);
bool roster_stopping(struct tenants *tenants);
/* Shuts all that are left; nobody is using them. */
void roster_clear(struct tenants *tenants);
/* ret_counters += those of all vaults, gone and here. */
void roster_count(struct tenants *tenants, struct tenants_counters *ret_counters);

/* Unpredictable, unless a test wants it otherwise. */
void store_random(struct tenants *tenants, void *ret_bytes, size_t len);

#endif
