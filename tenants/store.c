#include "tenants/store.h"

#include "tenants/condition.h"

#include <assert.h>

enum { RACE_FIXED_IN = 3051003 }; /* SQLite's number for 3.51.3 */

struct storage_library storage_library(void)
{
    return (struct storage_library){"SQLite", database_library_version(),
                                    database_library_number() < RACE_FIXED_IN};
}

static uint32_t or_default(uint32_t value, uint32_t otherwise)
{
    return value ? value : otherwise;
}

static struct tenants *new_tenants(const struct tenants_options *options)
{
    struct tenants *tenants = mem_zalloc(options->mem, sizeof *tenants);
    if (!tenants) return NULL;
    tenants->mem = options->mem;
    tenants->clock = options->clock ? options->clock : clock_system();
    tenants->random = options->random;
    tenants->log = options->log;
    tenants->lock_fd = -1;
    tenants->queue_ops_max = or_default(options->queue_ops_max, limit(WRITER_QUEUE_OPS));
    tenants->open_tenants_max = or_default(options->open_tenants_max, limit(OPEN_TENANTS));
    tenants->readers_max = or_default(options->readers_max, limit(TENANT_READERS));
    tenants->epoch = 1;
    ident_source_init(&tenants->idents, tenants->clock, tenants->random);
    pthread_mutex_init(&tenants->lock, NULL);
    condition_init(&tenants->changed);
    if (recall_init(&tenants->recall, tenants->mem) == ST_OK) return tenants;
    pthread_cond_destroy(&tenants->changed);
    pthread_mutex_destroy(&tenants->lock);
    mem_free(tenants->mem, tenants, sizeof *tenants);
    return NULL;
}

static enum status open_directory(struct tenants *tenants, const char *directory)
{
    char below[DIRECTORY_PATH_BYTES];
    enum status st = directory_make(directory, tenants->directory);
    if (st) return st;
    st = directory_lock(tenants->directory, &tenants->lock_fd);
    if (st) return st;
    st = directory_join(tenants->directory, "tenants", below);
    if (st) return st;
    return directory_make(below, below);
}

/* It stays taken until tenants_close(). */
static enum status open_system(struct tenants *tenants)
{
    enum status st = roster_take(tenants, STR(""), &tenants->system);
    if (st) return st;
    return vault_open(tenants->system);
}

static void log_opening(struct tenants *tenants)
{
    struct storage_library library = storage_library();
    log_event(tenants->log, library.wal_reset_race ? LOG_WARN : LOG_INFO, "storage open",
              LOG_STR("directory", str_of(tenants->directory)),
              LOG_STR("library", str_of(library.name)), LOG_STR("version", str_of(library.version)),
              LOG_BOOL("wal_reset_race", library.wal_reset_race),
              LOG_INT("writers", tenants->pool.count));
}

enum status tenants_open(const struct tenants_options *options, struct tenants **ret_tenants)
{
    assert(options->mem && options->directory);
    database_set_up_library();
    struct tenants *tenants = new_tenants(options);
    if (!tenants) return ST_NOMEM;
    enum status st = open_directory(tenants, options->directory);
    if (st) goto fail;
    st = open_system(tenants);
    if (st) goto fail;
    st = writer_pool_start(&tenants->pool, tenants->mem, or_default(options->writers, limit(WRITERS)));
    if (st) goto fail;
    log_opening(tenants);
    *ret_tenants = tenants;
    return ST_OK;
fail:
    tenants_close(tenants);
    return st;
}

void tenants_close(struct tenants *tenants)
{
    if (!tenants) return;
    pthread_mutex_lock(&tenants->lock);
    tenants->stopping = true;
    pthread_mutex_unlock(&tenants->lock);
    writer_pool_stop(&tenants->pool);
    roster_clear(tenants);
    if (tenants->lock_fd >= 0) directory_unlock(tenants->lock_fd);
    recall_release(&tenants->recall);
    pthread_cond_destroy(&tenants->changed);
    pthread_mutex_destroy(&tenants->lock);
    mem_free(tenants->mem, tenants, sizeof *tenants);
}

void tenants_tidy(struct tenants *tenants)
{
    roster_tidy(tenants);
}

void tenants_counters(struct tenants *tenants, struct tenants_counters *ret_counters)
{
    roster_count(tenants, ret_counters);
}

void store_random(struct tenants *tenants, void *ret_bytes, size_t len)
{
    if (tenants->random) tenants->random->fill(tenants->random, ret_bytes, len);
    else digest_random(ret_bytes, len);
}
