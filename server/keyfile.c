#include "server/keyfile.h"

#include "base/digest.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

static enum status read_key(int fd, unsigned char *ret_key, size_t len)
{
    unsigned char more;
    bool whole = read(fd, ret_key, len) == (ssize_t)len && read(fd, &more, 1) == 0;
    return whole ? ST_OK : ST_IO;
}

/* Under another name first, so that a crash leaves no half of a key. */
static enum status make_key(int folder, const char *name, unsigned char *ret_key, size_t len)
{
    char fresh[NAME_MAX + 1];
    int fresh_len = snprintf(fresh, sizeof fresh, "%s.new", name);
    if (fresh_len < 0 || (size_t)fresh_len >= sizeof fresh) return ST_IO;
    int fd = openat(folder, fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) return ST_IO;
    digest_random(ret_key, len);
    bool whole = write(fd, ret_key, len) == (ssize_t)len && fsync(fd) == 0;
    if (close(fd) != 0 || !whole) return ST_IO;
    return renameat(folder, fresh, folder, name) == 0 && fsync(folder) == 0 ? ST_OK : ST_IO;
}

enum status keyfile_load(const char *directory, const char *name, unsigned char *ret_key, size_t len)
{
    int folder = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return ST_IO;
    enum status st = ST_IO;
    int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd >= 0) {
        st = read_key(fd, ret_key, len);
        close(fd);
    } else if (errno == ENOENT) {
        st = make_key(folder, name, ret_key, len);
    }
    close(folder);
    return st;
}
