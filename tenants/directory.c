#include "tenants/directory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static enum status status_of_errno(void)
{
    if (errno == ENOMEM) return ST_NOMEM;
    return errno == ENOSPC || errno == EDQUOT ? ST_FULL : ST_IO;
}

enum status directory_join(const char *directory, const char *name, char ret_path[DIRECTORY_PATH_BYTES])
{
    int len = snprintf(ret_path, DIRECTORY_PATH_BYTES, "%s/%s", directory, name);
    return len > 0 && len < DIRECTORY_PATH_BYTES ? ST_OK : ST_TOO_LARGE;
}

enum status directory_sync(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return status_of_errno();
    enum status st = fsync(fd) == 0 ? ST_OK : status_of_errno();
    (void)close(fd);
    return st;
}

static enum status sync_parent(const char *path)
{
    char parent[DIRECTORY_PATH_BYTES];
    enum status st = directory_join(path, "..", parent);
    if (st) return st;
    return directory_sync(parent);
}

/* The working directory in front of a relative path, so that a later chdir() moves nothing. Absolute
 * paths also keep the database library from reading "file:…" as a URL. */
static enum status make_absolute(const char *path, char ret_path[DIRECTORY_PATH_BYTES])
{
    char here[DIRECTORY_PATH_BYTES];
    if (path[0] != '/') {
        if (!getcwd(here, sizeof here)) return status_of_errno();
        return directory_join(here, path, ret_path);
    }
    size_t len = strlen(path);
    if (len >= DIRECTORY_PATH_BYTES) return ST_TOO_LARGE;
    memcpy(ret_path, path, len + 1);
    return ST_OK;
}

enum status directory_make(const char *path, char ret_path[DIRECTORY_PATH_BYTES])
{
    struct stat info;
    char absolute[DIRECTORY_PATH_BYTES];
    enum status st = make_absolute(path, absolute);
    if (st) return st;
    if (mkdir(absolute, 0700) == 0) {
        st = sync_parent(absolute);
        if (st) (void)rmdir(absolute); /* as if it had never been there */
    } else if (errno != EEXIST) {
        st = status_of_errno();
    }
    if (st) return st;
    if (stat(absolute, &info) != 0) return status_of_errno();
    if (!S_ISDIR(info.st_mode)) return ST_IO;
    memcpy(ret_path, absolute, strlen(absolute) + 1);
    return ST_OK;
}

/* What could not be looked at may be there. */
static enum status status_of_look(void)
{
    return errno == ENOENT || errno == ENOTDIR ? ST_ABSENT : status_of_errno();
}

enum status directory_find(const char *path, char ret_path[DIRECTORY_PATH_BYTES])
{
    struct stat info;
    enum status st = make_absolute(path, ret_path);
    if (st) return st;
    if (stat(ret_path, &info) != 0) return status_of_look();
    return S_ISDIR(info.st_mode) ? ST_OK : ST_ABSENT;
}

bool directory_locked(const char *directory)
{
    char path[DIRECTORY_PATH_BYTES];
    if (directory_join(directory, "lock", path) != ST_OK) return false;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return false;
    bool locked = flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    (void)close(fd);
    return locked;
}

enum status directory_lock(const char *directory, int *ret_fd)
{
    char path[DIRECTORY_PATH_BYTES];
    enum status st = directory_join(directory, "lock", path);
    if (st) return st;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) return status_of_errno();
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        st = errno == EWOULDBLOCK ? ST_LOCKED : status_of_errno();
        (void)close(fd);
        return st;
    }
    *ret_fd = fd;
    return ST_OK;
}

void directory_unlock(int fd)
{
    (void)close(
        fd); /* the file stays: taking it away would let two owners lock two files of one name */
}

enum status directory_look(const char *path)
{
    return access(path, F_OK) == 0 ? ST_OK : status_of_look();
}

enum status directory_put_mark(const char *directory, const char *name)
{
    char path[DIRECTORY_PATH_BYTES];
    enum status st = directory_join(directory, name, path);
    if (st) return st;
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) return status_of_errno();
    (void)close(fd);
    return directory_sync(directory);
}

enum status directory_drop_mark(const char *directory, const char *name)
{
    char path[DIRECTORY_PATH_BYTES];
    enum status st = directory_join(directory, name, path);
    if (st) return st;
    if (unlink(path) != 0 && errno != ENOENT) return status_of_errno();
    return directory_sync(directory);
}
