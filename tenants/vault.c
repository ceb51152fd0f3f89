#include "tenants/vault.h"

#include "tenants/condition.h"
#include "tenants/reader.h"
#include "tenants/schema.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { RECOVER_WAIT_MS = 5000 }; /* for readers to let go of the log */

static const char mark[] = "degraded";

static struct str vault_name(const struct vault *vault)
{
    return vault_is_system(vault) ? STR("system") : str_of(vault->id);
}

/* The folder of a tenant, or the data directory itself; and the file in it. */
static enum status find_paths(const struct tenants *tenants, const char *id,
                              char ret_directory[DIRECTORY_PATH_BYTES],
                              char ret_path[DIRECTORY_PATH_BYTES])
{
    char below[sizeof "tenants/" + LIMIT_TENANT_ID_BYTES] = ".";
    if (id[0]) (void)snprintf(below, sizeof below, "tenants/%s", id);
    enum status st = directory_join(tenants->directory, below, ret_directory);
    if (st) return st;
    return directory_join(ret_directory, id[0] ? "data.db" : "system.db", ret_path);
}

enum status vault_init(struct vault *vault, struct tenants *tenants, struct str id)
{
    assert(id.len < sizeof vault->id);
    *vault = (struct vault){.tenants = tenants};
    if (id.len) memcpy(vault->id, id.ptr, id.len);
    enum status st = find_paths(tenants, vault->id, vault->directory, vault->path);
    if (st) return st;
    vault->queue_last = &vault->queue_first;
    pthread_mutex_init(&vault->lock, NULL);
    condition_init(&vault->changed);
    return ST_OK;
}

void vault_release(struct vault *vault)
{
    assert(vault->state == VAULT_COLD && !vault->queue_first);
    assert(!vault->readers_open && !vault->readers_frozen);
    pthread_cond_destroy(&vault->changed);
    pthread_mutex_destroy(&vault->lock);
}

bool vault_is_degraded(struct vault *vault)
{
    pthread_mutex_lock(&vault->lock);
    bool degraded = vault->degraded;
    pthread_mutex_unlock(&vault->lock);
    return degraded;
}

static void set_degraded(struct vault *vault, bool degraded)
{
    pthread_mutex_lock(&vault->lock);
    vault->degraded = degraded;
    pthread_mutex_unlock(&vault->lock);
}

void vault_degrade(struct vault *vault, enum status why, int code)
{
    if (vault_is_degraded(vault)) return;
    set_degraded(vault, true);
    /* Best effort: the disk that fails may be the same one. In this process the flag is enough. */
    enum status st = directory_put_mark(vault->directory, mark);
    log_event(vault->tenants->log, LOG_ERROR, "storage degraded: no more writes until it is recovered",
              LOG_STR("tenant", vault_name(vault)), LOG_STR("why", str_of(status_name(why))),
              LOG_INT("code", code), LOG_BOOL("marked", st == ST_OK));
}

/* What cannot be looked for counts as there: then the file is checked. */
static bool is_marked(const struct vault *vault)
{
    char path[DIRECTORY_PATH_BYTES];
    return directory_join(vault->directory, mark, path) == ST_OK && directory_look(path) != ST_ABSENT;
}

/* The log is folded in by fresh writes and syncs: what an earlier failed sync left in the system's
 * cache as clean is not believed to be on the disk. */
static enum status check_file(struct vault *vault)
{
    struct audit_finding finding;
    enum status st = vault_fold(vault, RECOVER_WAIT_MS);
    if (st) return st;
    st = database_check(&vault->writer);
    if (st) return st;
    st = audit_walk(&vault->writer, true, &finding);
    if (st) return st;
    if (finding.broken_at) return ST_DEGRADED;
    return directory_drop_mark(vault->directory, mark);
}

static enum status open_sound(struct vault *vault)
{
    enum status st =
        schema_migrate(&vault->writer, vault_is_system(vault) ? &schema_system : &schema_tenant);
    if (st) return st;
    if (is_marked(vault)) st = check_file(vault);
    if (st) return st;
    return audit_head_read(&vault->writer, &vault->audit);
}

static enum status open_file(struct vault *vault)
{
    enum status st = vault_refresh(vault);
    if (st) return st;
    /* A tenant's file is made with the tenant. Making an empty one in place of a lost one would hide
     * the loss. */
    if (!vault_is_system(vault) && directory_look(vault->path) == ST_ABSENT) return ST_DEGRADED;
    /* Whoever left a log behind was cut off, perhaps before it was emptied of what is erased. */
    vault->erased = !vault_is_system(vault) && database_has_log(vault->path);
    st = database_open_writer(vault->path, vault_is_system(vault), &vault->writer);
    if (st) return st;
    st = open_sound(vault);
    if (st) database_close(&vault->writer, false);
    return st;
}

void vault_close_reader(struct vault *vault, struct database *db)
{
    bool frozen = db->frozen;
    database_close(db, false);
    mem_free(vault->tenants->mem, db, sizeof *db);
    if (frozen) vault_thaw(vault);
}

/* The idle ones, under the lock. */
static struct database *take_readers(struct vault *vault)
{
    struct database *taken = vault->readers_idle;
    for (struct database *db = taken; db; db = db->next) vault->readers_open--;
    vault->readers_idle = NULL;
    return taken;
}

static void close_readers(struct vault *vault, struct database *db)
{
    while (db) {
        struct database *next = db->next;
        vault_close_reader(vault, db);
        db = next;
    }
}

static void close_idle_readers(struct vault *vault)
{
    pthread_mutex_lock(&vault->lock);
    struct database *idle = take_readers(vault);
    pthread_mutex_unlock(&vault->lock);
    close_readers(vault, idle);
}

/* Readers of the file as it lay there: no new ones come from here on, the idle ones go, and each that
 * is under way is closed when it is given back. */
static void end_settled(struct vault *vault)
{
    pthread_mutex_lock(&vault->lock);
    vault->settled = false;
    struct database *idle = take_readers(vault);
    pthread_mutex_unlock(&vault->lock);
    close_readers(vault, idle);
}

static enum status open_now(struct vault *vault)
{
    end_settled(vault);
    enum status st = open_file(vault);
    if (st && st != ST_ABSENT)
        log_event(vault->tenants->log, LOG_ERROR, "cannot open storage",
                  LOG_STR("tenant", vault_name(vault)), LOG_STR("why", str_of(status_name(st))),
                  LOG_INT("code", vault->writer.failure));
    if (st == ST_DEGRADED || (st && is_marked(vault))) vault_degrade(vault, st, vault->writer.failure);
    pthread_mutex_lock(&vault->lock);
    vault->state = st ? VAULT_COLD : VAULT_OPEN;
    vault->counters.opened += !st;
    pthread_cond_broadcast(&vault->changed);
    pthread_mutex_unlock(&vault->lock);
    return st;
}

enum status vault_open(struct vault *vault)
{
    pthread_mutex_lock(&vault->lock);
    while (vault->state == VAULT_OPENING) pthread_cond_wait(&vault->changed, &vault->lock);
    bool open = vault->state == VAULT_OPEN, degraded = vault->degraded;
    if (!open && !degraded) vault->state = VAULT_OPENING;
    pthread_mutex_unlock(&vault->lock);
    if (degraded) return ST_DEGRADED;
    return open ? ST_OK : open_now(vault);
}

bool vault_is_only_read(struct vault *vault)
{
    pthread_mutex_lock(&vault->lock);
    bool only_read = vault->state == VAULT_COLD && vault->settled;
    pthread_mutex_unlock(&vault->lock);
    return only_read;
}

bool vault_freeze(struct vault *vault)
{
    pthread_mutex_lock(&vault->lock);
    bool settled = vault->settled;
    vault->readers_frozen += settled;
    pthread_mutex_unlock(&vault->lock);
    return settled;
}

void vault_thaw(struct vault *vault)
{
    pthread_mutex_lock(&vault->lock);
    assert(vault->readers_frozen > 0);
    vault->readers_frozen--;
    pthread_cond_broadcast(&vault->changed);
    pthread_mutex_unlock(&vault->lock);
}

bool vault_is_frozen(struct vault *vault)
{
    pthread_mutex_lock(&vault->lock);
    bool frozen = vault->readers_frozen > 0;
    pthread_mutex_unlock(&vault->lock);
    return frozen;
}

/* No new ones come: there is a writer. */
static enum status wait_for_frozen(struct vault *vault, int wait_ms)
{
    struct timespec until = condition_time(wait_ms);
    int late = 0;
    pthread_mutex_lock(&vault->lock);
    while (!late && vault->readers_frozen > 0)
        late = pthread_cond_timedwait(&vault->changed, &vault->lock, &until);
    bool frozen = vault->readers_frozen > 0;
    pthread_mutex_unlock(&vault->lock);
    return frozen ? ST_TIMEOUT : ST_OK;
}

enum status vault_fold(struct vault *vault, int wait_ms)
{
    enum status st = wait_for_frozen(vault, wait_ms);
    return st ? st : database_fold(&vault->writer, wait_ms);
}

/* False: somebody has seen to it already. */
static bool begin_opening(struct vault *vault)
{
    pthread_mutex_lock(&vault->lock);
    while (vault->state == VAULT_OPENING) pthread_cond_wait(&vault->changed, &vault->lock);
    bool ready = vault->state == VAULT_OPEN || vault->degraded || vault->settled;
    if (!ready) vault->state = VAULT_OPENING;
    pthread_mutex_unlock(&vault->lock);
    return !ready;
}

/* Whether it is up to date is looked at by the first reader. */
static bool lies_sound(struct vault *vault)
{
    return !vault_is_system(vault) && vault_refresh(vault) == ST_OK &&
           directory_look(vault->path) == ST_OK && !database_has_log(vault->path) && !is_marked(vault);
}

enum status vault_open_for_reading(struct vault *vault)
{
    if (!begin_opening(vault)) return ST_OK;
    if (!lies_sound(vault)) return open_now(vault);
    pthread_mutex_lock(&vault->lock);
    vault->state = VAULT_COLD;
    vault->settled = true;
    pthread_cond_broadcast(&vault->changed);
    pthread_mutex_unlock(&vault->lock);
    return ST_OK;
}

void vault_close_writer(struct vault *vault, bool fold)
{
    database_close(&vault->writer, fold);
    pthread_mutex_lock(&vault->lock);
    vault->state = VAULT_COLD;
    pthread_mutex_unlock(&vault->lock);
}

void vault_shut(struct vault *vault)
{
    close_idle_readers(vault);
    vault_close_writer(vault, !vault_is_degraded(vault));
}

enum status vault_recover(struct vault *vault, bool *ret_was_degraded)
{
    bool was_degraded = vault_is_degraded(vault);
    *ret_was_degraded = was_degraded;
    /* Who is no tenant has no file, neither sound nor degraded. */
    if (!was_degraded && vault_refresh(vault) == ST_ABSENT) return ST_ABSENT;
    close_idle_readers(vault);
    vault_close_writer(vault, false);
    enum status st = directory_put_mark(vault->directory, mark);
    set_degraded(vault, false);
    if (!st) st = vault_open(vault);
    if (st) vault_degrade(vault, st, vault->writer.failure);
    else if (was_degraded)
        log_event(vault->tenants->log, LOG_INFO, "storage recovered",
                  LOG_STR("tenant", vault_name(vault)));
    return st;
}

/* An old file without one audit row never had a tenant: a crash came between the file and the row in
 * system.db. */
static enum status fill_new_file(struct database *db)
{
    struct audit_head head;
    enum status st = schema_migrate(db, &schema_tenant);
    if (st) return st;
    st = audit_head_read(db, &head);
    if (st) return st;
    return head.seq ? ST_CONFLICT : ST_OK;
}

enum status vault_create(struct tenants *tenants, struct str id)
{
    struct database db = {0};
    char name[LIMIT_TENANT_ID_BYTES + 1] = "";
    char directory[DIRECTORY_PATH_BYTES], path[DIRECTORY_PATH_BYTES];
    assert(id.len < sizeof name);
    memcpy(name, id.ptr, id.len);
    enum status st = find_paths(tenants, name, directory, path);
    if (st) return st;
    st = directory_make(directory, directory);
    if (st) return st;
    st = database_open_writer(path, true, &db);
    if (st) return st;
    st = fill_new_file(&db);
    database_close(&db, !st);
    if (st) return st;
    return directory_sync(directory);
}

enum status vault_adopt(struct tenants *tenants, struct str id)
{
    char name[LIMIT_TENANT_ID_BYTES + 1] = "";
    char directory[DIRECTORY_PATH_BYTES], path[DIRECTORY_PATH_BYTES];
    assert(id.len < sizeof name);
    memcpy(name, id.ptr, id.len);
    enum status st = find_paths(tenants, name, directory, path);
    return st ? st : directory_look(path);
}

enum status vault_refresh(struct vault *vault)
{
    struct arena arena;
    struct tenant_record tenant;
    uint64_t epoch = roster_epoch(vault->tenants);
    if (vault_is_system(vault) || vault->tenant_epoch == epoch) return ST_OK;
    arena_init(&arena, vault->tenants->mem, 16 << 10);
    enum status st = tenant_find(vault->tenants, str_of(vault->id), &arena, &tenant);
    if (!st) {
        vault->tenant_state = tenant.state;
        vault->quotas = tenant.quotas;
        vault->tenant_epoch = epoch;
    }
    arena_release(&arena);
    return st;
}
