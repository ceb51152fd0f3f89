/* A disk that fails, waits, counts and tells on demand: a file layer of SQLite's put over the real one.
 *
 *     faulty_disk_install();                                   once, before anything is opened
 *     faulty_disk_fail("data.db-wal", FAULT_SYNC, 0, SQLITE_IOERR_FSYNC);
 *     …                          the next sync of such a file fails, and all after it
 *     faulty_disk_heal();
 *     faulty_disk_hold("data.db-wal");  …  faulty_disk_release();     syncs wait in between */
#ifndef TESTS_UNIT_FAULTY_DISK_H
#define TESTS_UNIT_FAULTY_DISK_H

#ifndef _XOPEN_SOURCE
#define _XOPEN_SOURCE 700
#endif

#include <pthread.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum fault { FAULT_OFF, FAULT_READ, FAULT_WRITE, FAULT_SYNC, FAULT_TRUNCATE, FAULT_OPEN, FAULT_ANY };

/* What came to a file; `from`, `len` and `at` of writes, `at` the size of truncations. */
enum disk_change_kind { DISK_WRITE, DISK_TRUNCATE, DISK_SYNC, DISK_DELETE };
struct disk_change {
    enum disk_change_kind kind;
    const char *name;
    const void *from;
    int len;
    sqlite3_int64 at;
};

struct faulty_file {
    sqlite3_file base;
    const char *name; /* SQLite keeps it as long as the file is open */
    sqlite3_file *real;
};

static struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    sqlite3_vfs vfs, *real;
    sqlite3_io_methods methods;
    const char *fail_name, *hold_name, *count_name;
    enum fault fault;
    int fail_after, fail_code;
    bool once;
    bool held;
    int waiting;         /* threads held up in a sync */
    int waiting_most;    /* since the last hold began */
    _Atomic int sync_ms; /* each sync takes at least so long */
    bool unsynced;       /* syncs do not reach the real disk: for those who only simulate losing it */
    long syncs, reads, operations, failed;
    /* Told of each change that succeeded, under the lock; NULL: nobody is. */
    void (*watch)(const struct disk_change *change);
} disk = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

static inline bool faulty_disk_is(const char *name, const char *suffix)
{
    if (!name || !suffix) return false;
    size_t len = strlen(name), tail = strlen(suffix);
    return len >= tail && strcmp(name + len - tail, suffix) == 0;
}

static inline void faulty_disk_fail(const char *name, enum fault fault, int after, int code)
{
    pthread_mutex_lock(&disk.lock);
    disk.fail_name = name;
    disk.fault = fault;
    disk.fail_after = after;
    disk.fail_code = code;
    disk.once = false;
    disk.failed = 0;
    pthread_mutex_unlock(&disk.lock);
}

/* That one only; later ones are fine. */
static inline void faulty_disk_fail_once(const char *name, enum fault fault, int after, int code)
{
    faulty_disk_fail(name, fault, after, code);
    pthread_mutex_lock(&disk.lock);
    disk.once = true;
    pthread_mutex_unlock(&disk.lock);
}

/* How many operations failed since it was told to. */
static inline long faulty_disk_heal(void)
{
    pthread_mutex_lock(&disk.lock);
    disk.fault = FAULT_OFF;
    long failed = disk.failed;
    pthread_mutex_unlock(&disk.lock);
    return failed;
}

static inline void faulty_disk_hold(const char *name)
{
    pthread_mutex_lock(&disk.lock);
    disk.hold_name = name;
    disk.held = true;
    disk.waiting_most = 0;
    pthread_mutex_unlock(&disk.lock);
}

static inline void faulty_disk_await_held(int threads)
{
    pthread_mutex_lock(&disk.lock);
    while (disk.waiting < threads) pthread_cond_wait(&disk.changed, &disk.lock);
    pthread_mutex_unlock(&disk.lock);
}

static inline void faulty_disk_release(void)
{
    pthread_mutex_lock(&disk.lock);
    disk.held = false;
    pthread_cond_broadcast(&disk.changed);
    pthread_mutex_unlock(&disk.lock);
}

/* Syncs of files of that name since the last call; reads of them are in disk.reads. */
static inline long faulty_disk_count_syncs(const char *name)
{
    pthread_mutex_lock(&disk.lock);
    long syncs = disk.syncs;
    disk.syncs = disk.reads = 0;
    disk.count_name = name;
    pthread_mutex_unlock(&disk.lock);
    return syncs;
}

static inline int faulty_disk_check(const char *name, enum fault fault)
{
    int code = SQLITE_OK;
    pthread_mutex_lock(&disk.lock);
    if (fault == FAULT_SYNC && disk.held && faulty_disk_is(name, disk.hold_name)) {
        disk.waiting++;
        if (disk.waiting > disk.waiting_most) disk.waiting_most = disk.waiting;
        pthread_cond_broadcast(&disk.changed);
        while (disk.held) pthread_cond_wait(&disk.changed, &disk.lock);
        disk.waiting--;
    }
    if (fault == FAULT_SYNC) disk.syncs += faulty_disk_is(name, disk.count_name);
    if (fault == FAULT_READ) disk.reads += faulty_disk_is(name, disk.count_name);
    if ((disk.fault == fault || disk.fault == FAULT_ANY) && faulty_disk_is(name, disk.fail_name) &&
        disk.fail_after-- <= 0) {
        code = disk.fail_code;
        disk.failed++;
        if (disk.once) disk.fault = FAULT_OFF;
    }
    pthread_mutex_unlock(&disk.lock);
    return code;
}

/* Does it and tells of it, in one go, so that what is told is in order. */
#define FAULTY_TELL(call, ...)                                                                         \
    do {                                                                                               \
        pthread_mutex_lock(&disk.lock);                                                                \
        int code_ = call;                                                                              \
        if (code_ == SQLITE_OK && disk.watch) disk.watch(&(struct disk_change){__VA_ARGS__});          \
        pthread_mutex_unlock(&disk.lock);                                                              \
        return code_;                                                                                  \
    } while (0)

#define FAULTY_REAL(file) (((struct faulty_file *)(void *)(file))->real)
#define FAULTY_NAME(file) (((struct faulty_file *)(void *)(file))->name)
#define FAULTY_PASS(method, params, ...)                                                               \
    static int faulty_##method params                                                                  \
    {                                                                                                  \
        return FAULTY_REAL(file)->pMethods->method(FAULTY_REAL(file), __VA_ARGS__);                    \
    }
FAULTY_PASS(xFileSize, (sqlite3_file * file, sqlite3_int64 *size), size)
FAULTY_PASS(xLock, (sqlite3_file * file, int level), level)
FAULTY_PASS(xUnlock, (sqlite3_file * file, int level), level)
FAULTY_PASS(xCheckReservedLock, (sqlite3_file * file, int *out), out)
FAULTY_PASS(xFileControl, (sqlite3_file * file, int op, void *arg), op, arg)
FAULTY_PASS(xShmMap, (sqlite3_file * file, int page, int size, int extend, void volatile **at), page,
            size, extend, at)
FAULTY_PASS(xShmLock, (sqlite3_file * file, int offset, int n, int flags), offset, n, flags)
FAULTY_PASS(xShmUnmap, (sqlite3_file * file, int remove_it), remove_it)

static inline int faulty_xSectorSize(sqlite3_file *file)
{
    return FAULTY_REAL(file)->pMethods->xSectorSize(FAULTY_REAL(file));
}

static inline int faulty_xDeviceCharacteristics(sqlite3_file *file)
{
    return FAULTY_REAL(file)->pMethods->xDeviceCharacteristics(FAULTY_REAL(file));
}

static inline void faulty_xShmBarrier(sqlite3_file *file)
{
    FAULTY_REAL(file)->pMethods->xShmBarrier(FAULTY_REAL(file));
}

static inline int faulty_xClose(sqlite3_file *file)
{
    int code = FAULTY_REAL(file)->pMethods->xClose(FAULTY_REAL(file));
    free(FAULTY_REAL(file));
    return code;
}

static inline int faulty_xRead(sqlite3_file *file, void *into, int len, sqlite3_int64 at)
{
    int code = faulty_disk_check(FAULTY_NAME(file), FAULT_READ);
    return code ? code : FAULTY_REAL(file)->pMethods->xRead(FAULTY_REAL(file), into, len, at);
}

static inline int faulty_xWrite(sqlite3_file *file, const void *from, int len, sqlite3_int64 at)
{
    int code = faulty_disk_check(FAULTY_NAME(file), FAULT_WRITE);
    if (code) return code;
    FAULTY_TELL(FAULTY_REAL(file)->pMethods->xWrite(FAULTY_REAL(file), from, len, at), DISK_WRITE,
                FAULTY_NAME(file), from, len, at);
}

static inline int faulty_xTruncate(sqlite3_file *file, sqlite3_int64 size)
{
    int code = faulty_disk_check(FAULTY_NAME(file), FAULT_TRUNCATE);
    if (code) return code;
    FAULTY_TELL(FAULTY_REAL(file)->pMethods->xTruncate(FAULTY_REAL(file), size), DISK_TRUNCATE,
                FAULTY_NAME(file), NULL, 0, size);
}

static inline int faulty_xSync(sqlite3_file *file, int flags)
{
    int code = faulty_disk_check(FAULTY_NAME(file), FAULT_SYNC);
    if (disk.sync_ms) (void)nanosleep(&(struct timespec){.tv_nsec = disk.sync_ms * 1000000L}, NULL);
    if (code) return code;
    if (!disk.unsynced) /* others may go on meanwhile */
        code = FAULTY_REAL(file)->pMethods->xSync(FAULTY_REAL(file), flags);
    FAULTY_TELL(code, DISK_SYNC, FAULTY_NAME(file), NULL, 0, 0);
}

static inline int faulty_xDelete(sqlite3_vfs *vfs, const char *name, int sync_folder)
{
    (void)vfs;
    FAULTY_TELL(disk.real->xDelete(disk.real, name, sync_folder), DISK_DELETE, name, NULL, sync_folder,
                0);
}

static inline int faulty_xOpen(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                               int *ret_flags)
{
    struct faulty_file *faulty = (struct faulty_file *)(void *)file;
    (void)vfs;
    memset(faulty, 0, sizeof *faulty);
    int code = faulty_disk_check(name, FAULT_OPEN);
    if (code) return code;
    faulty->name = name;
    faulty->real = calloc(1, (size_t)disk.real->szOsFile);
    code = disk.real->xOpen(disk.real, name, faulty->real, flags, ret_flags);
    if (code) free(faulty->real);
    else file->pMethods = &disk.methods;
    return code;
}

static inline void faulty_disk_install(void)
{
    disk.real = sqlite3_vfs_find(NULL);
    disk.vfs = *disk.real;
    disk.vfs.zName = "faulty";
    disk.vfs.szOsFile = sizeof(struct faulty_file);
    disk.vfs.xOpen = faulty_xOpen;
    disk.vfs.xDelete = faulty_xDelete;
    disk.methods = (sqlite3_io_methods){.iVersion = 2,
                                        .xClose = faulty_xClose,
                                        .xRead = faulty_xRead,
                                        .xWrite = faulty_xWrite,
                                        .xTruncate = faulty_xTruncate,
                                        .xSync = faulty_xSync,
                                        .xFileSize = faulty_xFileSize,
                                        .xLock = faulty_xLock,
                                        .xUnlock = faulty_xUnlock,
                                        .xCheckReservedLock = faulty_xCheckReservedLock,
                                        .xFileControl = faulty_xFileControl,
                                        .xSectorSize = faulty_xSectorSize,
                                        .xDeviceCharacteristics = faulty_xDeviceCharacteristics,
                                        .xShmMap = faulty_xShmMap,
                                        .xShmLock = faulty_xShmLock,
                                        .xShmBarrier = faulty_xShmBarrier,
                                        .xShmUnmap = faulty_xShmUnmap};
    if (sqlite3_vfs_register(&disk.vfs, 1) != SQLITE_OK) exit(EXIT_FAILURE);
}

#endif
