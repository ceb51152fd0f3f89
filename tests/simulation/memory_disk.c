#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "tests/simulation/memory_disk.h"

#include "tests/faults/platter.h"
#include "tests/simulation/dice.h"
#include "tests/simulation/fiber.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { NAME_BYTES = 256, SHARED_LOCKS = 8, FDS_MAX = 64, FD_FIRST = 1 << 20 };

struct node {
    struct node *next;
    char name[NAME_BYTES]; /* empty: it has none any more */
    bool folder;
    int opened;
    struct image now;
    struct platter platter; /* of what SQLite does to it */
    struct memory_file *reserved, *exclusive, *pending;
    int shared;
    bool flocked;
    char **pages; /* of what connections share */
    int page_count, page_bytes;
    struct {
        int shared;
        struct memory_file *exclusive;
    } locks[SHARED_LOCKS];
};

struct memory_file {
    sqlite3_file base;
    struct node *node;
    int level;
    bool maps, dies;
    unsigned shared, exclusive; /* locks of what is shared */
};

static struct node *nodes;
static struct dice dice;
static bool is_cut;
static int64_t changes_left = INT64_MAX;

/* ---- names */

/* Without "." and ".." in it. */
static void make_plain(const char *name, char plain[NAME_BYTES])
{
    size_t len = 0;
    while (*name) {
        const char *end = strchrnul(name + 1, '/');
        size_t part = (size_t)(end - name);
        if (part == 3 && memcmp(name, "/..", 3) == 0)
            while (len > 0 && plain[--len] != '/') continue;
        else if (part > 1 && !(part == 2 && name[1] == '.')) {
            if (len + part >= NAME_BYTES) abort();
            memcpy(plain + len, name, part);
            len += part;
        }
        name = end;
    }
    plain[len] = '\0';
}

static struct node *node_find(const char *name)
{
    for (struct node *node = nodes; node; node = node->next)
        if (strcmp(node->name, name) == 0) return node;
    return NULL;
}

static struct node *node_make(const char *name)
{
    struct node *node = calloc(1, sizeof *node);
    if (!node || strlen(name) >= NAME_BYTES) abort();
    strcpy(node->name, name);
    node->now.there = true;
    node->next = nodes;
    nodes = node;
    return node;
}

static void pages_free(struct node *node)
{
    for (int i = 0; i < node->page_count; i++) free(node->pages[i]);
    free(node->pages);
    node->pages = NULL;
    node->page_count = 0;
}

static void node_free_if_lost(struct node *lost)
{
    if (lost->name[0] || lost->opened) return;
    struct node **link = &nodes;
    while (*link != lost) link = &(*link)->next;
    *link = lost->next;
    pages_free(lost);
    platter_free(&lost->platter);
    free(lost->now.bytes);
    free(lost);
}

static void node_unname(struct node *node)
{
    node->name[0] = '\0';
    node_free_if_lost(node);
}

/* ---- SQLite's files */

static struct node *node_of(sqlite3_file *file)
{
    return ((struct memory_file *)(void *)file)->node;
}

static int mem_read(sqlite3_file *file, void *into, int len, sqlite3_int64 at)
{
    const struct image *image = &node_of(file)->now;
    size_t have = (size_t)at < image->len ? image->len - (size_t)at : 0;
    if (have > (size_t)len) have = (size_t)len;
    if (have) memcpy(into, image->bytes + at, have);
    if (have == (size_t)len) return SQLITE_OK;
    memset((char *)into + have, 0, (size_t)len - have);
    return SQLITE_IOERR_SHORT_READ;
}

static int mem_write(sqlite3_file *file, const void *from, int len, sqlite3_int64 at)
{
    image_write(&node_of(file)->now, at, from, (size_t)len);
    return SQLITE_OK;
}

static int mem_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    if ((size_t)size < node_of(file)->now.len) image_resize(&node_of(file)->now, (size_t)size);
    return SQLITE_OK;
}

static int mem_sync(sqlite3_file *file, int flags)
{
    (void)file, (void)flags;
    return SQLITE_OK;
}

static int mem_size(sqlite3_file *file, sqlite3_int64 *size)
{
    *size = (sqlite3_int64)node_of(file)->now.len;
    return SQLITE_OK;
}

static int mem_lock(sqlite3_file *base, int level)
{
    struct memory_file *file = (struct memory_file *)(void *)base;
    struct node *node = file->node;
    if (file->level >= level) return SQLITE_OK;
    if (level == SQLITE_LOCK_SHARED) {
        if (node->exclusive || node->pending) return SQLITE_BUSY;
        node->shared++;
    } else if (level == SQLITE_LOCK_RESERVED) {
        if (node->reserved) return SQLITE_BUSY;
        node->reserved = file;
    } else {
        if (node->pending && node->pending != file) return SQLITE_BUSY;
        node->pending = file;
        file->level = SQLITE_LOCK_PENDING;
        if (node->shared > 1) return SQLITE_BUSY;
        node->exclusive = file;
    }
    file->level = level;
    return SQLITE_OK;
}

static int mem_unlock(sqlite3_file *base, int level)
{
    struct memory_file *file = (struct memory_file *)(void *)base;
    struct node *node = file->node;
    if (file->level <= level) return SQLITE_OK;
    if (node->reserved == file) node->reserved = NULL;
    if (node->pending == file) node->pending = NULL;
    if (node->exclusive == file) node->exclusive = NULL;
    if (level == SQLITE_LOCK_NONE) node->shared--;
    file->level = level;
    return SQLITE_OK;
}

static int mem_check_reserved(sqlite3_file *file, int *out)
{
    *out = node_of(file)->reserved || node_of(file)->exclusive;
    return SQLITE_OK;
}

static int mem_control(sqlite3_file *file, int op, void *arg)
{
    (void)file, (void)op, (void)arg;
    return SQLITE_NOTFOUND;
}

static int mem_sector_size(sqlite3_file *file)
{
    (void)file;
    return 4096;
}

static int mem_characteristics(sqlite3_file *file)
{
    (void)file;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static int mem_shm_map(sqlite3_file *base, int page, int size, int extend, void volatile **at)
{
    struct memory_file *file = (struct memory_file *)(void *)base;
    struct node *node = file->node;
    file->maps = true;
    *at = NULL;
    if (page >= node->page_count && !extend) return SQLITE_OK;
    if (page >= node->page_count) {
        node->pages = realloc(node->pages, (size_t)(page + 1) * sizeof *node->pages);
        if (!node->pages) abort();
        for (; node->page_count <= page; node->page_count++) {
            node->pages[node->page_count] = calloc(1, (size_t)size);
            if (!node->pages[node->page_count]) abort();
        }
    }
    *at = node->pages[page];
    return SQLITE_OK;
}

static int mem_shm_lock(sqlite3_file *base, int offset, int n, int flags)
{
    struct memory_file *file = (struct memory_file *)(void *)base;
    struct node *node = file->node;
    for (int i = offset; i < offset + n; i++) {
        bool busy = node->locks[i].exclusive && node->locks[i].exclusive != file;
        if (flags & SQLITE_SHM_EXCLUSIVE) busy |= node->locks[i].shared > (int)(file->shared >> i & 1u);
        if (flags & SQLITE_SHM_LOCK && busy) return SQLITE_BUSY;
    }
    for (int i = offset; i < offset + n; i++) {
        unsigned bit = 1u << i;
        if (flags & SQLITE_SHM_EXCLUSIVE) {
            node->locks[i].exclusive = flags & SQLITE_SHM_LOCK ? file : NULL;
            file->exclusive = flags & SQLITE_SHM_LOCK ? file->exclusive | bit : file->exclusive & ~bit;
        } else if (flags & SQLITE_SHM_LOCK) {
            node->locks[i].shared += !(file->shared & bit);
            file->shared |= bit;
        } else {
            node->locks[i].shared -= (file->shared & bit) != 0;
            file->shared &= ~bit;
        }
    }
    return SQLITE_OK;
}

static void mem_shm_barrier(sqlite3_file *file)
{
    (void)file;
}

static int mem_shm_unmap(sqlite3_file *base, int remove_it)
{
    struct memory_file *file = (struct memory_file *)(void *)base;
    for (int i = 0; i < SHARED_LOCKS; i++) {
        if (file->shared >> i & 1u) file->node->locks[i].shared--;
        if (file->exclusive >> i & 1u) file->node->locks[i].exclusive = NULL;
    }
    file->shared = file->exclusive = 0;
    file->maps = false;
    if (remove_it) pages_free(file->node);
    return SQLITE_OK;
}

static int mem_close(sqlite3_file *base)
{
    struct memory_file *file = (struct memory_file *)(void *)base;
    struct node *node = file->node;
    (void)mem_shm_unmap(base, 0);
    (void)mem_unlock(base, SQLITE_LOCK_NONE);
    node->opened--;
    if (file->dies) node->name[0] = '\0';
    if (!node->opened) pages_free(node); /* as the last of the machine's processes would */
    node_free_if_lost(node);
    return SQLITE_OK;
}

static const sqlite3_io_methods methods = {.iVersion = 2,
                                           .xClose = mem_close,
                                           .xRead = mem_read,
                                           .xWrite = mem_write,
                                           .xTruncate = mem_truncate,
                                           .xSync = mem_sync,
                                           .xFileSize = mem_size,
                                           .xLock = mem_lock,
                                           .xUnlock = mem_unlock,
                                           .xCheckReservedLock = mem_check_reserved,
                                           .xFileControl = mem_control,
                                           .xSectorSize = mem_sector_size,
                                           .xDeviceCharacteristics = mem_characteristics,
                                           .xShmMap = mem_shm_map,
                                           .xShmLock = mem_shm_lock,
                                           .xShmBarrier = mem_shm_barrier,
                                           .xShmUnmap = mem_shm_unmap};

/* ---- SQLite's machine */

static int mem_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags, int *ret_flags)
{
    (void)vfs;
    struct memory_file *file = (struct memory_file *)(void *)base;
    struct node *node = name ? node_find(name) : NULL;
    memset(file, 0, sizeof *file);
    if (!node && !(flags & SQLITE_OPEN_CREATE)) return SQLITE_CANTOPEN;
    if (node && node->folder) return SQLITE_CANTOPEN;
    if (!node) node = node_make(name ? name : "?");
    if (!name) node->name[0] = '\0';
    node->opened++;
    file->node = node;
    file->dies = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
    file->base.pMethods = &methods;
    if (ret_flags) *ret_flags = flags;
    return SQLITE_OK;
}

static int mem_delete(sqlite3_vfs *vfs, const char *name, int sync_folder)
{
    (void)vfs, (void)sync_folder;
    struct node *node = node_find(name);
    if (is_cut) return SQLITE_IOERR_DELETE;
    if (!node) return SQLITE_IOERR_DELETE_NOENT;
    node_unname(node);
    return SQLITE_OK;
}

static int mem_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
    (void)vfs;
    struct node *node = node_find(name);
    /* As SQLite's own: an empty file is none when it is asked whether there is one. */
    *out = node && (flags != SQLITE_ACCESS_EXISTS || node->now.len > 0);
    return SQLITE_OK;
}

static int mem_full_name(sqlite3_vfs *vfs, const char *name, int room, char *out)
{
    (void)vfs;
    char plain[NAME_BYTES];
    make_plain(name, plain);
    return snprintf(out, (size_t)room, "%s", plain) < room ? SQLITE_OK : SQLITE_CANTOPEN;
}

static int mem_randomness(sqlite3_vfs *vfs, int len, char *out)
{
    (void)vfs;
    for (int i = 0; i < len; i++) out[i] = (char)dice_throw(&dice);
    return len;
}

static int mem_sleep(sqlite3_vfs *vfs, int us)
{
    (void)vfs;
    fiber_doze((int64_t)us * 1000);
    return us;
}

static int mem_time(sqlite3_vfs *vfs, double *days)
{
    (void)vfs;
    *days = 2440587.5 + (double)fiber_wall_us() / 86400e6;
    return SQLITE_OK;
}

static int mem_time_ms(sqlite3_vfs *vfs, sqlite3_int64 *ms)
{
    (void)vfs;
    *ms = INT64_C(210866760000000) + fiber_wall_us() / 1000;
    return SQLITE_OK;
}

static int mem_error(sqlite3_vfs *vfs, int room, char *out)
{
    (void)vfs;
    if (room > 0) out[0] = '\0';
    return 0;
}

/* ---- faults and cuts */

static void watch(const struct disk_change *change)
{
    struct node *node = node_find(change->name);
    if (change->kind == DISK_DELETE || is_cut) return;
    if (node) platter_take(&node->platter, change);
    if (--changes_left > 0) return;
    is_cut = true;
    disk.fail_name = ""; /* under the disk's own lock here */
    disk.fault = FAULT_ANY;
    disk.fail_after = 0;
    disk.fail_code = SQLITE_IOERR;
    disk.once = false;
}

void memory_disk_install(uint64_t seed)
{
    static sqlite3_vfs vfs = {.iVersion = 2,
                              .szOsFile = sizeof(struct memory_file),
                              .mxPathname = NAME_BYTES,
                              .zName = "memory",
                              .xOpen = mem_open,
                              .xDelete = mem_delete,
                              .xAccess = mem_access,
                              .xFullPathname = mem_full_name,
                              .xRandomness = mem_randomness,
                              .xSleep = mem_sleep,
                              .xCurrentTime = mem_time,
                              .xGetLastError = mem_error,
                              .xCurrentTimeInt64 = mem_time_ms};
    dice_init(&dice, seed);
    if (sqlite3_vfs_register(&vfs, 1) != SQLITE_OK) abort();
    faulty_disk_install();
    disk.watch = watch;
    (void)node_make(MEMORY_DISK_ROOT);
    nodes->folder = true;
}

void memory_disk_cut_after(uint32_t changes)
{
    changes_left = changes;
}

bool memory_disk_is_cut(void)
{
    return is_cut;
}

static void node_power_on(struct node *node, enum loss loss, uint64_t *random)
{
    struct image image;
    if (node->folder || (!node->platter.durable.there && !node->platter.pending_count)) return;
    platter_lose(&node->platter, loss, random, &image);
    free(node->now.bytes);
    node->now = image;
    platter_free(&node->platter);
    if (image.len) image_write(&node->platter.durable, 0, image.bytes, image.len);
    node->platter.durable.there = image.there;
    if (!image.there) node->name[0] = '\0';
}

void memory_disk_power_on(void)
{
    uint64_t random = dice_throw(&dice) | 1;
    enum loss loss = (enum loss)dice_below(&dice, LOSSES);
    changes_left = INT64_MAX;
    is_cut = false;
    (void)faulty_disk_heal();
    for (struct node *node = nodes, *next; node; node = next) {
        next = node->next;
        node->flocked = false;
        node_power_on(node, loss, &random);
        node_free_if_lost(node);
    }
}

void memory_disk_free(void)
{
    while (nodes) {
        nodes->opened = 0;
        node_unname(nodes);
    }
}

void memory_disk_fail_after(uint32_t operations, bool once, bool full)
{
    enum fault fault = full ? FAULT_WRITE : FAULT_ANY;
    int code = full ? SQLITE_FULL : SQLITE_IOERR;
    if (once) faulty_disk_fail_once("", fault, (int)operations, code);
    else faulty_disk_fail("", fault, (int)operations, code);
}

long memory_disk_heal(void)
{
    long failed = faulty_disk_heal();
    disk.failed = 0;
    return failed;
}

long memory_disk_failures(void)
{
    return disk.failed;
}

uint64_t memory_disk_bytes(void)
{
    uint64_t bytes = 0;
    for (const struct node *node = nodes; node; node = node->next) bytes += node->now.len;
    return bytes;
}

/* ---- by name, in the place of the system's */

static struct {
    struct node *node;
    size_t at;
} fds[FDS_MAX];

static bool is_ours(const char *name)
{
    return strncmp(name, MEMORY_DISK_ROOT, strlen(MEMORY_DISK_ROOT)) == 0;
}

static struct node *find(const char *name)
{
    char plain[NAME_BYTES];
    make_plain(name, plain);
    return node_find(plain);
}

static int fail(int code)
{
    errno = code;
    return -1;
}

static int mem_fd(const char *name, int flags)
{
    struct node *node = find(name);
    int fd = 0;
    if (!node && !(flags & O_CREAT)) return fail(ENOENT);
    if (node && flags & O_EXCL) return fail(EEXIST);
    if ((flags & (O_CREAT | O_TRUNC)) && is_cut) return fail(EIO);
    char plain[NAME_BYTES];
    make_plain(name, plain);
    if (!node) node = node_make(plain);
    if (flags & O_TRUNC) image_resize(&node->now, 0);
    while (fd < FDS_MAX && fds[fd].node) fd++;
    if (fd == FDS_MAX) return fail(EMFILE);
    fds[fd].node = node;
    fds[fd].at = 0;
    node->opened++;
    return fd + FD_FIRST;
}

#define PUT(result, name, ...)                                                                         \
    result __real_##name(__VA_ARGS__);                                                                 \
    result __wrap_##name(__VA_ARGS__);                                                                 \
    result __wrap_##name(__VA_ARGS__)

PUT(int, open, const char *name, int flags, ...)
{
    va_list more;
    va_start(more, flags);
    unsigned mode = flags & O_CREAT ? va_arg(more, unsigned) : 0;
    va_end(more);
    return is_ours(name) ? mem_fd(name, flags) : __real_open(name, flags, mode);
}

PUT(int, openat, int folder, const char *name, int flags, ...)
{
    char path[2 * NAME_BYTES];
    va_list more;
    va_start(more, flags);
    unsigned mode = flags & O_CREAT ? va_arg(more, unsigned) : 0;
    va_end(more);
    if (folder < FD_FIRST) return __real_openat(folder, name, flags, mode);
    (void)snprintf(path, sizeof path, "%s/%s", fds[folder - FD_FIRST].node->name, name);
    return mem_fd(path, flags);
}

PUT(int, close, int fd)
{
    if (fd < FD_FIRST) return __real_close(fd);
    struct node *node = fds[fd - FD_FIRST].node;
    fds[fd - FD_FIRST].node = NULL;
    node->opened--;
    node->flocked = false; /* nobody opens what another has locked but to look whether it is */
    node_free_if_lost(node);
    return 0;
}

PUT(ssize_t, read, int fd, void *into, size_t len)
{
    if (fd < FD_FIRST) return __real_read(fd, into, len);
    const struct image *image = &fds[fd - FD_FIRST].node->now;
    size_t *at = &fds[fd - FD_FIRST].at, have = *at < image->len ? image->len - *at : 0;
    if (have > len) have = len;
    if (have) memcpy(into, image->bytes + *at, have);
    *at += have;
    return (ssize_t)have;
}

PUT(ssize_t, write, int fd, const void *from, size_t len)
{
    if (fd < FD_FIRST) return __real_write(fd, from, len);
    struct node *node = fds[fd - FD_FIRST].node;
    if (is_cut) return fail(EIO);
    image_write(&node->now, (sqlite3_int64)fds[fd - FD_FIRST].at, from, len);
    fds[fd - FD_FIRST].at += len;
    return (ssize_t)len;
}

PUT(int, fsync, int fd)
{
    if (fd < FD_FIRST) return __real_fsync(fd);
    if (is_cut) return fail(EIO);
    platter_sync(&fds[fd - FD_FIRST].node->platter);
    return 0;
}

PUT(int, mkdir, const char *name, mode_t mode)
{
    if (!is_ours(name)) return __real_mkdir(name, mode);
    if (find(name)) return fail(EEXIST);
    if (is_cut) return fail(EIO);
    char plain[NAME_BYTES];
    make_plain(name, plain);
    node_make(plain)->folder = true;
    return 0;
}

static int tell(const struct node *node, struct stat *info)
{
    if (!node) return fail(ENOENT);
    memset(info, 0, sizeof *info);
    info->st_mode = node->folder ? S_IFDIR | 0700 : S_IFREG | 0600;
    info->st_size = (off_t)node->now.len;
    return 0;
}

PUT(int, stat, const char *name, struct stat *info)
{
    return is_ours(name) ? tell(find(name), info) : __real_stat(name, info);
}

PUT(int, fstat, int fd, struct stat *info)
{
    return fd < FD_FIRST ? __real_fstat(fd, info) : tell(fds[fd - FD_FIRST].node, info);
}

PUT(int, access, const char *name, int mode)
{
    if (!is_ours(name)) return __real_access(name, mode);
    return find(name) ? 0 : fail(ENOENT);
}

PUT(int, unlink, const char *name)
{
    if (!is_ours(name)) return __real_unlink(name);
    struct node *node = find(name);
    if (!node) return fail(ENOENT);
    if (is_cut) return fail(EIO);
    node_unname(node);
    return 0;
}

PUT(int, rmdir, const char *name)
{
    return is_ours(name) ? __wrap_unlink(name) : __real_rmdir(name);
}

static int move(const char *from, const char *to)
{
    struct node *node = find(from), *there = find(to);
    char plain_from[NAME_BYTES], plain_to[NAME_BYTES];
    make_plain(from, plain_from);
    make_plain(to, plain_to);
    size_t len = strlen(plain_from);
    if (!node) return fail(ENOENT);
    if (is_cut) return fail(EIO);
    if (there) node_unname(there);
    for (struct node *each = nodes; each; each = each->next) {
        char moved[2 * NAME_BYTES];
        bool below =
            strncmp(each->name, plain_from, len) == 0 && (!each->name[len] || each->name[len] == '/');
        if (!below) continue;
        (void)snprintf(moved, sizeof moved, "%s%s", plain_to, each->name + len);
        if (strlen(moved) >= NAME_BYTES) abort();
        strcpy(each->name, moved);
    }
    return 0;
}

PUT(int, rename, const char *from, const char *to)
{
    return is_ours(from) ? move(from, to) : __real_rename(from, to);
}

PUT(int, renameat, int from_folder, const char *from, int to_folder, const char *to)
{
    char from_path[2 * NAME_BYTES], to_path[2 * NAME_BYTES];
    if (from_folder < FD_FIRST) return __real_renameat(from_folder, from, to_folder, to);
    (void)snprintf(from_path, sizeof from_path, "%s/%s", fds[from_folder - FD_FIRST].node->name, from);
    (void)snprintf(to_path, sizeof to_path, "%s/%s", fds[to_folder - FD_FIRST].node->name, to);
    return move(from_path, to_path);
}

PUT(int, flock, int fd, int operation)
{
    if (fd < FD_FIRST) return __real_flock(fd, operation);
    struct node *node = fds[fd - FD_FIRST].node;
    if (node->flocked) return fail(EWOULDBLOCK);
    node->flocked = true;
    return 0;
}

PUT(int, statvfs, const char *name, struct statvfs *disk_info)
{
    if (!is_ours(name)) return __real_statvfs(name, disk_info);
    *disk_info = (struct statvfs){.f_frsize = 4096, .f_bavail = 1 << 24};
    return 0;
}
