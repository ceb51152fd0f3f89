/* Vault: one database file in use: its queue of writes, its writing connection, its readers.
 *
 *     cold ──vault_open──► opening ──► open ──vault_shut──► cold
 *     and apart from that: sound or degraded
 *
 * The writing connection belongs to whoever holds `busy`-ness: the thread that is opening it, the
 * writer thread that runs it (`scheduled`), or the one that evicts it (no users left). The lock guards
 * the rest and is never held over work on the disk. Lock order: the roster's, then a vault's, then
 * the pool's. */
#ifndef TENANTS_VAULT_H
#define TENANTS_VAULT_H

#include "base/limits.h"
#include "tenants/audit.h"
#include "tenants/database.h"
#include "tenants/directory.h"
#include "tenants/tenants.h"

#include <pthread.h>

/* Submissions of one form in the present transaction, not yet added to the form's row. */
struct form_count {
    int64_t form_id;
    int64_t count;
};
enum { FORM_COUNTS = 8 };

/* What a submission needs to know of its form: this is the busiest path there is. */
struct form_gate {
    int64_t id;
    enum form_state state;
    int64_t state_ms;
    uint32_t newest;
    int64_t until_ms; /* of the version: retired, and takes what comes before that; 0: not retired */
    bool any_erased;  /* of the form's submissions */
    bool erased;      /* what came with this key once */
};

enum vault_state { VAULT_COLD, VAULT_OPENING, VAULT_OPEN };

struct vault {
    struct tenants *tenants;
    char id[LIMIT_TENANT_ID_BYTES + 1]; /* "": system.db */
    char directory[DIRECTORY_PATH_BYTES], path[DIRECTORY_PATH_BYTES];

    /* Guarded by the roster's lock: */
    struct vault *bucket_next, *idle_newer, *idle_older;
    uint32_t users;  /* calls and writers that have it in hand; 0: idle, may be evicted */
    bool leaving;    /* being evicted: wait until it is gone */
    bool only_read;  /* while it is idle: nobody has opened it for writing */
    int64_t idle_ns; /* while it is idle: since when */

    /* Guarded by `lock`: */
    pthread_mutex_t lock;
    pthread_cond_t changed;
    enum vault_state state;
    bool degraded;
    bool settled; /* cold, but sound as it lies there: fit for reading */
    struct write *queue_first, **queue_last;
    uint32_t queue_ops;
    size_t queue_bytes;
    bool scheduled; /* in the pool's list or in a writer's hands; counts as a user */
    struct database *readers_idle;
    uint32_t readers_open;
    uint32_t readers_frozen;          /* of those: the file under them must stay as it is */
    struct tenants_counters counters; /* this file's share; what is "now" is not kept here */
    bool failing;                     /* the last commit failed … */
    int64_t failed_ns;                /* … at this moment of the steady clock */

    /* Guarded by the pool's lock: */
    struct vault *pool_next;

    /* The writing side's own: */
    struct database writer;
    struct audit_head audit;
    struct form_count counts[FORM_COUNTS];
    uint32_t counts_used;
    /* The same for all of one form and version that stand in a row in the present transaction. */
    struct form_gate gate;
    struct str gate_form; /* the write's; .ptr NULL: none is known */
    uint32_t gate_version;
    bool spoiled; /* a write that guards itself failed half way: its transaction must go */
    bool erased;  /* the log may hold what was erased: it must be folded in and emptied */
    enum tenant_state tenant_state;
    struct quotas quotas;
    uint64_t tenant_epoch; /* of tenants->epoch when state and quotas were read */
    int64_t stored_bytes;  /* file and log when the transaction began, and what it has added since */
};

/* In place. `id` has been checked. ST_TOO_LARGE: the path is too long. */
enum status vault_init(struct vault *vault, struct tenants *tenants, struct str id);
/* It must be cold. */
void vault_release(struct vault *vault);
static inline bool vault_is_system(const struct vault *vault)
{
    return vault->id[0] == '\0';
}

/* Opens it for writing, once, whoever asks first; the others wait. A file that was left degraded is
 * checked first. ST_ABSENT: no such tenant. */
enum status vault_open(struct vault *vault);
/* So that it can be read. A file that was closed cleanly and is up to date is not opened for writing;
 * one that is degraded is read as it is. ST_ABSENT: no such tenant. */
enum status vault_open_for_reading(struct vault *vault);
/* For who is about to open a reader: true, a frozen one will do, and counts from now on; false, it
 * takes one that sees what is written. */
bool vault_freeze(struct vault *vault);
/* The frozen reader is closed, or could not be opened. */
void vault_thaw(struct vault *vault);
/* And frees it. */
void vault_close_reader(struct vault *vault, struct database *db);
/* On the writing side: are there frozen readers left? While there are, no checkpoint may be made. */
bool vault_is_frozen(struct vault *vault);
/* On the writing side: database_fold(), once there are none. ST_TIMEOUT: not within wait_ms. */
enum status vault_fold(struct vault *vault, int wait_ms);
/* It is not open for writing, and was found sound. Somebody may change that unless nobody uses it. */
bool vault_is_only_read(struct vault *vault);
/* Folds the log in and closes everything. Nobody may be using it. */
void vault_shut(struct vault *vault);
/* On the writing side. */
void vault_close_writer(struct vault *vault, bool fold);
/* The disk or the file cannot be trusted: from now on no writes. Leaves a mark, so that the next
 * process knows. `code` is the library's, for the log. */
void vault_degrade(struct vault *vault, enum status why, int code);
bool vault_is_degraded(struct vault *vault);
/* On the writing side: closes, opens and checks it. */
enum status vault_recover(struct vault *vault, bool *ret_was_degraded);
/* On the writing side: makes the folder and the file of a new tenant. ST_CONFLICT: there is one with
 * data in it. */
enum status vault_create(struct tenants *tenants, struct str id);
/* The file of a new tenant is there already. ST_ABSENT: it is not. */
enum status vault_adopt(struct tenants *tenants, struct str id);
/* On the writing side: reads the tenant's state and quotas again if some tenant's has changed. */
enum status vault_refresh(struct vault *vault);

#endif
