#include "tenants/gather.h"

#include "base/limits.h"

#include <assert.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <string.h>

/* A file of the layer below, and a piece that is not written to it yet. */
struct gathered_file {
    sqlite3_file base;
    sqlite3_file *below;
    bool gathers;
    bool log;
    bool unsynced; /* something came since the last sync; of who wrote it before us nobody knows */
    char *piece;   /* limit(GATHER_BYTES), from the first write on */
    sqlite3_int64 at;
    size_t len;
    int failure;      /* of a piece that could not be written, until somebody is told who listens */
    bool reads_ahead; /* a log during a checkpoint */
    sqlite3_int64 read_to; /* the end of the last read */
    size_t ahead;          /* bytes that `piece` holds of the file from `at` on; then `len` is 0 */
};

enum { PATH_BYTES = 512 }; /* as in the layers that SQLite has for Unix */

static const char layer_name[] = "gather";

static struct gathered_file *gathered(sqlite3_file *file)
{
    return (struct gathered_file *)(void *)file;
}

static sqlite3_file *below(sqlite3_file *file)
{
    return gathered(file)->below;
}

/* ---------------------------------------------------------------- pieces */

/* A piece that could not be written is let go: what SQLite was about goes with it. */
static int put_piece(struct gathered_file *file)
{
    size_t len = file->len;
    assert(len == 0 || !file->failure); /* whoever adds to a piece is told first */
    file->len = 0;
    if (len > 0)
        file->failure = file->below->pMethods->xWrite(file->below, file->piece, (int)len, file->at);
    return file->failure;
}

/* For what SQLite never overlooks a failure of: writes, reads and syncs. Sizes it can do without. */
static int put_and_tell(struct gathered_file *file)
{
    int code = put_piece(file);
    file->failure = SQLITE_OK;
    return code;
}

static bool has_room(struct gathered_file *file)
{
    if (!file->piece) file->piece = sqlite3_malloc(limit(GATHER_BYTES));
    return file->piece != NULL;
}

static bool follows(const struct gathered_file *file, size_t len, sqlite3_int64 at)
{
    return file->at + (sqlite3_int64)file->len == at && file->len + len <= (size_t)limit(GATHER_BYTES);
}

static int add(struct gathered_file *file, const void *from, size_t len, sqlite3_int64 at)
{
    int code = file->failure || !follows(file, len, at) ? put_and_tell(file) : SQLITE_OK;
    if (code) return code;
    file->ahead = 0;
    if (len > (size_t)limit(GATHER_BYTES) || !has_room(file))
        return file->below->pMethods->xWrite(file->below, from, (int)len, at);
    if (file->len == 0) file->at = at;
    memcpy(file->piece + file->len, from, len);
    file->len += len;
    return SQLITE_OK;
}

/* ---------------------------------------------------------------- reading ahead */

/* What is behind the file's end, or cannot be read, is left to whoever asks for just that. */
static void read_on(struct gathered_file *file, sqlite3_int64 at)
{
    file->at = at;
    file->ahead = 0;
    if (!has_room(file)) return;
    int code = file->below->pMethods->xRead(file->below, file->piece, limit(GATHER_BYTES), at);
    if (code == SQLITE_OK) file->ahead = (size_t)limit(GATHER_BYTES);
}

static bool has_ahead(const struct gathered_file *file, int len, sqlite3_int64 at)
{
    return file->ahead > 0 && at >= file->at && at + len <= file->at + (sqlite3_int64)file->ahead;
}

/* A checkpoint asks for one page after the other, most of them in the order in which they lie in the
 * log. */
static int read_log(struct gathered_file *file, void *into, int len, sqlite3_int64 at)
{
    enum { FRAME_HEAD_BYTES = 24 };
    if (!has_ahead(file, len, at) && at == file->read_to + FRAME_HEAD_BYTES) read_on(file, at);
    file->read_to = at + len;
    if (!has_ahead(file, len, at)) return file->below->pMethods->xRead(file->below, into, len, at);
    memcpy(into, file->piece + (at - file->at), (size_t)len);
    return SQLITE_OK;
}

/* ---------------------------------------------------------------- a file's methods */

static int gather_close(sqlite3_file *base)
{
    struct gathered_file *file = gathered(base);
    (void)put_piece(file); /* of a transaction that was given up: what was committed is written */
    int code = file->below->pMethods->xClose(file->below);
    sqlite3_free(file->below);
    sqlite3_free(file->piece);
    return code;
}

static int gather_read(sqlite3_file *base, void *into, int len, sqlite3_int64 at)
{
    struct gathered_file *file = gathered(base);
    int code = put_and_tell(file);
    if (code) return code;
    if (file->reads_ahead) return read_log(file, into, len, at);
    return file->below->pMethods->xRead(file->below, into, len, at);
}

static int gather_write(sqlite3_file *base, const void *from, int len, sqlite3_int64 at)
{
    struct gathered_file *file = gathered(base);
    file->unsynced = true;
    if (file->gathers) return add(file, from, (size_t)len, at);
    return file->below->pMethods->xWrite(file->below, from, len, at);
}

static int gather_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    int code = put_piece(gathered(file));
    gathered(file)->unsynced = true;
    gathered(file)->ahead = 0;
    return code ? code : below(file)->pMethods->xTruncate(below(file), size);
}

static int gather_sync(sqlite3_file *base, int flags)
{
    struct gathered_file *file = gathered(base);
    int code = put_and_tell(file);
    if (code || (file->log && !file->unsynced)) return code;
    code = file->below->pMethods->xSync(file->below, flags);
    file->unsynced = code != SQLITE_OK;
    return code;
}

static int gather_size(sqlite3_file *file, sqlite3_int64 *size)
{
    int code = put_piece(gathered(file));
    return code ? code : below(file)->pMethods->xFileSize(below(file), size);
}

static int gather_control(sqlite3_file *file, int op, void *argument)
{
    return below(file)->pMethods->xFileControl(below(file), op, argument);
}

static int gather_lock(sqlite3_file *file, int level)
{
    return below(file)->pMethods->xLock(below(file), level);
}

static int gather_unlock(sqlite3_file *file, int level)
{
    return below(file)->pMethods->xUnlock(below(file), level);
}

static int gather_is_reserved(sqlite3_file *file, int *ret_reserved)
{
    return below(file)->pMethods->xCheckReservedLock(below(file), ret_reserved);
}

static int gather_sector(sqlite3_file *file)
{
    return below(file)->pMethods->xSectorSize(below(file));
}

static int gather_traits(sqlite3_file *file)
{
    return below(file)->pMethods->xDeviceCharacteristics(below(file));
}

static int gather_map(sqlite3_file *file, int page, int bytes, int extend, void volatile **ret_at)
{
    return below(file)->pMethods->xShmMap(below(file), page, bytes, extend, ret_at);
}

/* A checkpoint that some reader's lock holds up copies a part of the log, and counts it as copied
 * without a sync: then every page is written as it comes. SQLite asks for the locks before it copies.
 */
static int gather_map_lock(sqlite3_file *base, int first, int count, int flags)
{
    struct gathered_file *file = gathered(base);
    int code = file->below->pMethods->xShmLock(file->below, first, count, flags);
    if (code) file->gathers = false;
    return code;
}

static void gather_map_barrier(sqlite3_file *file)
{
    below(file)->pMethods->xShmBarrier(below(file));
}

static int gather_unmap(sqlite3_file *file, int drop)
{
    return below(file)->pMethods->xShmUnmap(below(file), drop);
}

/* Without maps of the file itself, which are never used. Version 1, over a layer of version 1: nothing
 * that connections share. */
#define METHODS(version)                                                                               \
    {                                                                                                  \
        .iVersion = (version), .xClose = gather_close, .xRead = gather_read, .xWrite = gather_write,   \
        .xTruncate = gather_truncate, .xSync = gather_sync, .xFileSize = gather_size,                  \
        .xLock = gather_lock, .xUnlock = gather_unlock, .xCheckReservedLock = gather_is_reserved,      \
        .xFileControl = gather_control, .xSectorSize = gather_sector,                                  \
        .xDeviceCharacteristics = gather_traits, .xShmMap = gather_map, .xShmLock = gather_map_lock,   \
        .xShmBarrier = gather_map_barrier, .xShmUnmap = gather_unmap                                   \
    }
static const sqlite3_io_methods file_methods[2] = {METHODS(1), METHODS(2)};

/* ---------------------------------------------------------------- the layer */

static sqlite3_vfs *layer_below(void)
{
    return sqlite3_vfs_find(NULL);
}

static int layer_open(sqlite3_vfs *layer, const char *name, sqlite3_file *base, int flags,
                      int *ret_flags)
{
    struct gathered_file *file = gathered(base);
    sqlite3_vfs *vfs = layer_below();
    bool log = (flags & SQLITE_OPEN_WAL) != 0;
    (void)layer;
    *file = (struct gathered_file){.log = log, .gathers = log, .unsynced = true};
    file->below = sqlite3_malloc(vfs->szOsFile);
    if (!file->below) return SQLITE_NOMEM;
    memset(file->below, 0, (size_t)vfs->szOsFile);
    int code = vfs->xOpen(vfs, name, file->below, flags, ret_flags);
    if (code) sqlite3_free(file->below);
    else base->pMethods = &file_methods[file->below->pMethods->iVersion > 1];
    return code;
}

static int layer_delete(sqlite3_vfs *layer, const char *name, int sync_folder)
{
    (void)layer;
    return layer_below()->xDelete(layer_below(), name, sync_folder);
}

static int layer_access(sqlite3_vfs *layer, const char *name, int flags, int *ret_can)
{
    (void)layer;
    return layer_below()->xAccess(layer_below(), name, flags, ret_can);
}

static int layer_full_name(sqlite3_vfs *layer, const char *name, int room, char *full)
{
    (void)layer;
    return layer_below()->xFullPathname(layer_below(), name, room, full);
}

static int layer_random(sqlite3_vfs *layer, int len, char *bytes)
{
    (void)layer;
    return layer_below()->xRandomness(layer_below(), len, bytes);
}

static int layer_sleep(sqlite3_vfs *layer, int us)
{
    (void)layer;
    return layer_below()->xSleep(layer_below(), us);
}

static int layer_days(sqlite3_vfs *layer, double *ret_days)
{
    (void)layer;
    return layer_below()->xCurrentTime(layer_below(), ret_days);
}

static int layer_error(sqlite3_vfs *layer, int len, char *text)
{
    (void)layer;
    return layer_below()->xGetLastError(layer_below(), len, text);
}

const char *gather_layer(void)
{
    static sqlite3_vfs layer = {.iVersion = 1,
                                .szOsFile = sizeof(struct gathered_file),
                                .mxPathname = PATH_BYTES,
                                .zName = layer_name,
                                .xOpen = layer_open,
                                .xDelete = layer_delete,
                                .xAccess = layer_access,
                                .xFullPathname = layer_full_name,
                                .xRandomness = layer_random,
                                .xSleep = layer_sleep,
                                .xCurrentTime = layer_days,
                                .xGetLastError = layer_error};
    if (sqlite3_vfs_find(layer_name)) return layer_name;
    return sqlite3_vfs_register(&layer, 0) == SQLITE_OK ? layer_name : NULL;
}

/* One of a connection's files, if it is the layer's. */
static struct gathered_file *file_of(sqlite3 *handle, int which)
{
    sqlite3_file *file = NULL;
    int code = sqlite3_file_control(handle, "main", which, &file);
    bool ours = code == SQLITE_OK && file && file->pMethods && file->pMethods->xWrite == gather_write;
    return ours ? gathered(file) : NULL;
}

static void read_log_ahead(sqlite3 *handle, bool on)
{
    struct gathered_file *log = file_of(handle, SQLITE_FCNTL_JOURNAL_POINTER);
    if (!log || !log->log) return;
    log->reads_ahead = on;
    log->read_to = 0;
    log->ahead = 0;
}

void gather_begin(sqlite3 *handle)
{
    struct gathered_file *file = file_of(handle, SQLITE_FCNTL_FILE_POINTER);
    if (!file) return;
    file->gathers = true;
    read_log_ahead(handle, true);
}

int gather_end(sqlite3 *handle)
{
    struct gathered_file *file = file_of(handle, SQLITE_FCNTL_FILE_POINTER);
    if (!file) return SQLITE_OK;
    file->gathers = false;
    read_log_ahead(handle, false);
    return put_and_tell(file);
}
