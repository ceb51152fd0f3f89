#include "tenants/reader.h"

#include "base/clock.h"
#include "tenants/condition.h"
#include "tenants/schema.h"

#include <assert.h>
#include <errno.h>

/* Takes an idle connection, or the right to open one (*ret_db NULL). Waits for either. */
static enum status claim(struct vault *vault, struct database **ret_db)
{
    enum status st = ST_OK;
    struct timespec until = condition_time(limit(READER_WAIT_MS));
    pthread_mutex_lock(&vault->lock);
    vault->counters.reads++;
    if (!vault->readers_idle && vault->readers_open >= vault->tenants->readers_max)
        vault->counters.reads_waited++;
    while (!st && !vault->readers_idle && vault->readers_open >= vault->tenants->readers_max)
        if (pthread_cond_timedwait(&vault->changed, &vault->lock, &until) == ETIMEDOUT)
            st = ST_OVERLOADED;
    struct database *db = st ? NULL : vault->readers_idle;
    if (db) vault->readers_idle = db->next;
    else if (!st) vault->readers_open++;
    pthread_mutex_unlock(&vault->lock);
    if (!st) *ret_db = db;
    return st;
}

static void unclaim(struct vault *vault)
{
    pthread_mutex_lock(&vault->lock);
    vault->readers_open--;
    pthread_cond_broadcast(&vault->changed);
    pthread_mutex_unlock(&vault->lock);
}

/* False: it may not be used again, since it is frozen and there is a writer by now, or could not end
 * what it has begun. */
static bool give_back(struct vault *vault, struct database *db)
{
    bool ended = !database_in_transaction(db);
    pthread_mutex_lock(&vault->lock);
    bool keep = ended && (!db->frozen || vault->settled);
    if (keep) {
        db->next = vault->readers_idle;
        vault->readers_idle = db;
        pthread_cond_broadcast(&vault->changed);
    }
    pthread_mutex_unlock(&vault->lock);
    return keep;
}

static void close_one(struct vault *vault, struct database *db)
{
    vault_close_reader(vault, db);
    unclaim(vault);
}

/* An old file is brought up to date by the writer first. */
static enum status open_frozen(struct vault *vault, struct database *db)
{
    int64_t version = 0;
    enum status st = database_open_frozen(vault->path, db);
    if (!st) st = database_number(db, "PRAGMA user_version", &version);
    if (!st && version == schema_version(&schema_tenant)) return ST_OK;
    database_close(db, false);
    vault_thaw(vault);
    st = vault_open(vault);
    return st ? st : database_open_reader(vault->path, db);
}

static enum status open_another(struct vault *vault, struct database **ret_db)
{
    struct database *db = mem_zalloc(vault->tenants->mem, sizeof *db);
    if (!db) return ST_NOMEM;
    enum status st =
        vault_freeze(vault) ? open_frozen(vault, db) : database_open_reader(vault->path, db);
    if (st) {
        mem_free(vault->tenants->mem, db, sizeof *db);
        return st;
    }
    *ret_db = db;
    return ST_OK;
}

static enum status borrow(struct vault *vault, struct database **ret_db)
{
    /* The writer is the one to bring the file up to date and to look into an old log: it is open before
     * any reader unless there is nothing to be done. A degraded file is still read. */
    enum status st = vault_open_for_reading(vault);
    if (st) return st;
    st = claim(vault, ret_db);
    if (st || *ret_db) return st;
    st = open_another(vault, ret_db);
    if (st) unclaim(vault);
    return st;
}

enum status reader_begin(struct tenants *tenants, struct str tenant, struct reader *ret_reader)
{
    struct reader reader = {0};
    enum status st = roster_take(tenants, tenant, &reader.vault);
    if (st) return st;
    st = borrow(reader.vault, &reader.db);
    if (st) {
        roster_give(reader.vault);
        return st;
    }
    *ret_reader = reader;
    return ST_OK;
}

enum status reader_end(struct reader *reader, enum status st)
{
    struct vault *vault = reader->vault;
    if (st == ST_IO || st == ST_DEGRADED) {
        /* A file that does not make sense is not written to either. A failed read alone may pass. */
        if (st == ST_DEGRADED) vault_degrade(vault, st, reader->db->failure);
        close_one(vault, reader->db);
    } else if (!give_back(vault, reader->db)) {
        close_one(vault, reader->db);
    }
    roster_give(vault);
    return st;
}
