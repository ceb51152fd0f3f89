#include "tenants/database.h"

#include "base/limits.h"
#include "base/word.h"
#include "tenants/gather.h"
#include "tenants/glob.h"
#include "tenants/spares.h"

#include <assert.h>
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* foreign_keys and recursive_triggers hold the schema's rules; trusted_schema, DEFENSIVE and
 * cell_size_check distrust the file; secure_delete writes zeroes over what is erased; mmap_size 0
 * because a file that shrinks under a map kills the process. wal_autocheckpoint 0: writer.c says when.
 */
static const char writer_settings[] = "PRAGMA synchronous = FULL;"
                                      "PRAGMA foreign_keys = ON;"
                                      "PRAGMA recursive_triggers = ON;"
                                      "PRAGMA trusted_schema = OFF;"
                                      "PRAGMA cell_size_check = ON;"
                                      "PRAGMA secure_delete = ON;"
                                      "PRAGMA temp_store = MEMORY;"
                                      "PRAGMA mmap_size = 0;"
                                      "PRAGMA wal_autocheckpoint = 0;";
static const char reader_settings[] = "PRAGMA query_only = ON;"
                                      "PRAGMA trusted_schema = OFF;"
                                      "PRAGMA cell_size_check = ON;"
                                      "PRAGMA temp_store = MEMORY;"
                                      "PRAGMA mmap_size = 0;"
                                      "PRAGMA wal_autocheckpoint = 0;";

enum { READER_BUSY_MS = 1000, PATH_BYTES = 1100, URL_BYTES = 3 * PATH_BYTES };

const char *database_library_version(void)
{
    return sqlite3_libversion();
}

int database_library_number(void)
{
    return sqlite3_libversion_number();
}

/* ---- the library's memory */

static void *get_block(int bytes)
{
    return spares_get((size_t)bytes);
}

static void *resize_block(void *block, int bytes)
{
    return spares_resize(block, (size_t)bytes);
}

static int block_size(void *block)
{
    return block ? (int)spares_size(block) : 0;
}

static int round_size(int bytes)
{
    return (int)spares_round((size_t)bytes);
}

static int begin_blocks(void *unused)
{
    (void)unused;
    return SQLITE_OK;
}

static void end_blocks(void *unused)
{
    (void)unused;
}

/* Counting the library's memory takes one lock for each allocation in the whole process, for a number
 * that nobody reads. Of a connection's own small blocks the library would set aside 120 KB; its schema
 * never lies there, and the statements that run at a time need a tenth of it. For its first pages it
 * would set aside 90 KB, and a tenant's whole file is often smaller. Too late, when a test has
 * used the library before: then it is as it was. */
static void set_up_library(void)
{
    enum { OWN_BLOCK_BYTES = 512, OWN_BLOCKS = 64 };
    static const struct sqlite3_mem_methods blocks = {
        get_block, spares_put, resize_block, block_size, round_size, begin_blocks, end_blocks, NULL};
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    (void)sqlite3_config(SQLITE_CONFIG_MALLOC, &blocks);
    (void)sqlite3_config(SQLITE_CONFIG_LOOKASIDE, OWN_BLOCK_BYTES, OWN_BLOCKS);
    (void)sqlite3_config(SQLITE_CONFIG_PAGECACHE, NULL, 0, 0);
}

void database_set_up_library(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, set_up_library);
}

static enum status status_of_code(int code)
{
    if (code == SQLITE_IOERR_NOMEM) return ST_NOMEM;
    switch (code & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return ST_OK;
    case SQLITE_CONSTRAINT:
        return ST_CONFLICT;
    case SQLITE_NOMEM:
        return ST_NOMEM;
    case SQLITE_FULL:
        return ST_FULL;
    case SQLITE_TOOBIG:
        return ST_TOO_LARGE;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return ST_LOCKED;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return ST_DEGRADED;
    default:
        return ST_IO;
    }
}

enum status database_status(struct database *db, int code)
{
    enum status st = status_of_code(code);
    /* Misuse of the library is our fault, not the world's. */
    assert((code & 0xff) != SQLITE_MISUSE && (code & 0xff) != SQLITE_RANGE &&
           (code & 0xff) != SQLITE_MISMATCH);
    if (st) db->failure = code;
    return st;
}

enum status database_fatal(const struct database *db)
{
    enum status st = status_of_code(db->failure);
    return st == ST_IO || st == ST_FULL || st == ST_LOCKED || st == ST_DEGRADED ? st : ST_OK;
}

enum status database_run(struct database *db, const char *sql)
{
    return database_status(db, sqlite3_exec(db->handle, sql, NULL, NULL, NULL));
}

enum status database_number(struct database *db, const char *sql, int64_t *ret_number)
{
    sqlite3_stmt *stmt = NULL;
    enum status st = database_status(db, sqlite3_prepare_v2(db->handle, sql, -1, &stmt, NULL));
    if (st) return st;
    int code = sqlite3_step(stmt);
    int64_t number = code == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : 0;
    int end = sqlite3_finalize(stmt);
    if (code == SQLITE_DONE) return ST_ABSENT;
    if (code != SQLITE_ROW) return database_status(db, end);
    *ret_number = number;
    return ST_OK;
}

bool database_in_transaction(struct database *db)
{
    return !sqlite3_get_autocommit(db->handle);
}

void database_rollback(struct database *db)
{
    if (database_in_transaction(db)) (void)sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
}

static int note_wal_pages(void *user, sqlite3 *handle, const char *name, int pages)
{
    struct database *db = user;
    (void)handle;
    (void)name;
    db->wal_pages = (uint32_t)pages;
    return SQLITE_OK;
}

/* What no statement of ours needs, nothing may use. */
/* Filters (filter.c) need the most of a SELECT's parts and of its values: one for each of
 * limit(FILTERS) × limit(FILTER_VALUES) ranges, and a few. */
static void set_caps(sqlite3 *handle)
{
    sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, limit(ARTEFACT_BYTES) + (1 << 20));
    sqlite3_limit(handle, SQLITE_LIMIT_SQL_LENGTH, 64 << 10);
    sqlite3_limit(handle, SQLITE_LIMIT_COLUMN, 64);
    sqlite3_limit(handle, SQLITE_LIMIT_EXPR_DEPTH, 100 + limit(FILTER_VALUES));
    sqlite3_limit(handle, SQLITE_LIMIT_COMPOUND_SELECT, limit(FILTER_VALUES) + 8);
    sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_limit(handle, SQLITE_LIMIT_VARIABLE_NUMBER,
                  limit(FILTERS) * (2 * limit(FILTER_VALUES) + 8));
    sqlite3_limit(handle, SQLITE_LIMIT_TRIGGER_DEPTH, 8);
    sqlite3_limit(handle, SQLITE_LIMIT_WORKER_THREADS, 0);
}

/* It is one that the library has, and a handle that is open: what else could go wrong is our fault. */
static void set_flag(sqlite3 *handle, int flag, int on)
{
    int code = sqlite3_db_config(handle, flag, on, NULL);
    assert(code == SQLITE_OK);
    (void)code;
}

/* `layer`: NULL: the system's files as they are. */
static enum status open_handle(struct database *db, const char *path, int flags, const char *layer)
{
    *db = (struct database){0};
    int code =
        sqlite3_open_v2(path, &db->handle, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, layer);
    if (code) return database_status(db, code);
    set_caps(db->handle);
    set_flag(db->handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0);
    set_flag(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1);
    return ST_OK;
}

/* The answer is the mode the file is in now: anything but "wal" is no storage for us. */
static enum status set_wal(struct database *db)
{
    sqlite3_stmt *stmt = NULL;
    enum status st = database_status(
        db, sqlite3_prepare_v2(db->handle, "PRAGMA journal_mode = WAL", -1, &stmt, NULL));
    if (st) return st;
    int code = sqlite3_step(stmt);
    bool wal = code == SQLITE_ROW && strcmp((const char *)sqlite3_column_text(stmt, 0), "wal") == 0;
    st = database_status(db, sqlite3_finalize(stmt));
    if (st) return st;
    return wal ? ST_OK : ST_IO;
}

/* An empty file has mark 0 and no tables; any other mark than ours is somebody else's, and left as it
 * is. */
static enum status check_mark(struct database *db)
{
    int64_t mark = 0, tables = 0;
    enum status st = database_number(db, "PRAGMA application_id", &mark);
    if (st) return st;
    if (mark == DATABASE_MARK) return ST_OK;
    st = database_number(db, "SELECT count(*) FROM sqlite_schema", &tables);
    if (st) return st;
    return mark == 0 && tables == 0 ? ST_OK : ST_DEGRADED;
}

static enum status set_pages(struct database *db, int kib)
{
    char pages[48];
    (void)snprintf(pages, sizeof pages, "PRAGMA cache_size = -%d", kib);
    return database_run(db, pages);
}

static enum status set_up_writer(struct database *db)
{
    char size_limit[64];
    (void)snprintf(size_limit, sizeof size_limit, "PRAGMA journal_size_limit = %d", limit(WAL_BYTES));
    enum status st = database_status(db, glob_install(db->handle));
    if (!st) st = database_run(db, writer_settings);
    if (!st) st = set_pages(db, limit(WRITER_PAGES_KIB));
    if (st) return st;
    st = check_mark(db);
    if (st) return st;
    st = set_wal(db);
    if (st) return st;
    st = database_run(db, size_limit);
    if (st) return st;
    sqlite3_wal_hook(db->handle, note_wal_pages, db);
    return ST_OK;
}

static enum status close_on_failure(struct database *db, enum status st)
{
    if (st) database_close(db, false);
    return st;
}

enum status database_open_writer(const char *path, bool create, struct database *db)
{
    const char *layer = gather_layer();
    *db = (struct database){0};
    if (!layer) return ST_NOMEM;
    enum status st =
        open_handle(db, path, SQLITE_OPEN_READWRITE | (create ? SQLITE_OPEN_CREATE : 0), layer);
    if (!st) st = set_up_writer(db);
    return close_on_failure(db, st);
}

static enum status set_up_reader(struct database *db)
{
    set_flag(db->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1);
    (void)sqlite3_busy_timeout(db->handle, READER_BUSY_MS);
    enum status st = database_run(db, reader_settings);
    return st ? st : set_pages(db, limit(READER_PAGES_KIB));
}

enum status database_open_reader(const char *path, struct database *db)
{
    enum status st = open_handle(db, path, SQLITE_OPEN_READONLY, NULL);
    if (!st) st = set_up_reader(db);
    return close_on_failure(db, st);
}

/* "/a dir/x.db" → "file:/a%20dir/x.db?immutable=1" */
static void immutable_url(const char *path, char url[URL_BYTES])
{
    size_t len = (size_t)snprintf(url, URL_BYTES, "file:");
    for (; *path; path++) {
        bool plain = word_is_alnum(*path) || strchr("/._-", *path);
        assert(len + sizeof "%00?immutable=1" <= URL_BYTES);
        len += (size_t)snprintf(url + len, 4, plain ? "%c" : "%%%02X", (unsigned char)*path);
    }
    (void)snprintf(url + len, URL_BYTES - len, "?immutable=1");
}

bool database_has_log(const char *path)
{
    char log[PATH_BYTES];
    struct stat info;
    int len = snprintf(log, sizeof log, "%s-wal", path);
    return len < 0 || (size_t)len >= sizeof log || (stat(log, &info) == 0 && info.st_size > 0);
}

enum status database_open_frozen(const char *path, struct database *db)
{
    char url[URL_BYTES];
    immutable_url(path, url);
    enum status st = open_handle(db, url, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL);
    db->frozen = true;
    if (!st) st = set_up_reader(db);
    return close_on_failure(db, st);
}

enum status database_open_outside(const char *path, bool alone, struct database *db)
{
    return (alone && !database_has_log(path) ? database_open_frozen : database_open_reader)(path, db);
}

static void close_handle(struct database *db)
{
    for (size_t i = 0; i < SQL_COUNT; i++) (void)sqlite3_finalize(db->statements[i]);
    int code = sqlite3_close(db->handle);
    assert(code == SQLITE_OK); /* a statement outside the cache would keep it open */
    (void)code;
}

void database_close(struct database *db, bool fold)
{
    int failure = db->failure;
    if (db->handle) {
        database_rollback(db);
        if (fold) (void)database_fold(db, 0);
        /* After a failed write nothing is tried again on this connection, not even by its closing. */
        else (void)sqlite3_db_config(db->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
        close_handle(db);
    }
    *db = (struct database){.failure = failure};
}

/* The copy is attached while it is written; the file itself stays open as it is. */
static enum status vacuum_into(struct database *db, const char *to)
{
    char *sql = sqlite3_mprintf("VACUUM INTO %Q", to);
    if (!sql) return ST_NOMEM;
    (void)sqlite3_limit(db->handle, SQLITE_LIMIT_ATTACHED, 1);
    enum status st = database_run(db, sql);
    (void)sqlite3_limit(db->handle, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_free(sql);
    return st == ST_CONFLICT ? ST_DEGRADED : st; /* rows that their own table would not take */
}

static enum status sync_file(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return ST_IO;
    enum status st = fsync(fd) == 0 ? ST_OK : ST_IO;
    (void)close(fd);
    return st;
}

enum status database_copy(struct database *db, const char *to)
{
    int64_t query_only = 0;
    enum status st = database_number(db, "PRAGMA query_only", &query_only);
    if (!st && query_only) st = database_run(db, "PRAGMA query_only = OFF");
    if (!st) st = vacuum_into(db, to);
    enum status back = query_only ? database_run(db, "PRAGMA query_only = ON") : ST_OK;
    if (!st) st = back;
    return st ? st : sync_file(to); /* the library does not wait for the disk here */
}

enum status database_snapshot(struct database *db, const char *suffix)
{
    const char *path = sqlite3_db_filename(db->handle, "main");
    char *final = sqlite3_mprintf("%s%s", path, suffix),
         *partial = sqlite3_mprintf("%s%s.partial", path, suffix);
    struct stat info;
    enum status st = final && partial ? ST_OK : ST_NOMEM;
    if (!st && stat(final, &info) != 0) {
        (void)unlink(partial); /* of one that was cut off */
        st = database_copy(db, partial);
        if (!st && rename(partial, final) != 0) st = ST_IO;
    }
    sqlite3_free(final);
    sqlite3_free(partial);
    return st;
}

static int checkpoint(struct database *db, int mode)
{
    gather_begin(db->handle);
    int code = sqlite3_wal_checkpoint_v2(db->handle, NULL, mode, NULL, NULL);
    int written = gather_end(db->handle);
    return written ? written : code;
}

enum status database_checkpoint(struct database *db)
{
    int code = checkpoint(db, SQLITE_CHECKPOINT_PASSIVE);
    /* BUSY: a reader still needs older pages. They are copied next time. */
    return (code & 0xff) == SQLITE_BUSY ? ST_OK : database_status(db, code);
}

enum status database_fold(struct database *db, int wait_ms)
{
    (void)sqlite3_busy_timeout(db->handle, wait_ms);
    int code = checkpoint(db, SQLITE_CHECKPOINT_TRUNCATE);
    (void)sqlite3_busy_timeout(db->handle, 0);
    if ((code & 0xff) == SQLITE_BUSY) return ST_TIMEOUT;
    if (code == SQLITE_OK) db->wal_pages = 0;
    return database_status(db, code);
}

static enum status first_text_is(struct database *db, const char *sql, const char *want)
{
    sqlite3_stmt *stmt = NULL;
    enum status st = database_status(db, sqlite3_prepare_v2(db->handle, sql, -1, &stmt, NULL));
    if (st) return st;
    int code = sqlite3_step(stmt);
    const char *text = code == SQLITE_ROW ? (const char *)sqlite3_column_text(stmt, 0) : NULL;
    bool same = text && want ? strcmp(text, want) == 0 : text == want;
    st = database_status(db, sqlite3_finalize(stmt));
    if (st) return st;
    return same ? ST_OK : ST_DEGRADED;
}

enum status database_check(struct database *db)
{
    enum status st = first_text_is(db, "PRAGMA integrity_check(1)", "ok");
    if (st) return st;
    return first_text_is(db, "PRAGMA foreign_key_check", NULL);
}

const char *database_complaint(struct database *db)
{
    return db->handle ? sqlite3_errmsg(db->handle) : sqlite3_errstr(db->failure);
}

enum status database_first_fault(struct database *db, char text[200], bool *ret_found)
{
    sqlite3_stmt *stmt = NULL;
    enum status st = database_status(
        db, sqlite3_prepare_v2(db->handle, "PRAGMA integrity_check(1)", -1, &stmt, NULL));
    if (st) return st;
    const char *said =
        sqlite3_step(stmt) == SQLITE_ROW ? (const char *)sqlite3_column_text(stmt, 0) : NULL;
    *ret_found = said && strcmp(said, "ok") != 0;
    (void)snprintf(text, 200, "%s", *ret_found ? said : "");
    return database_status(db, sqlite3_finalize(stmt));
}
