/* A slow disk, put before a program by LD_PRELOAD: fsync() and fdatasync() take at least SYNC_US
 * microseconds.
 *
 *     LD_PRELOAD=build/release/bench/libslow_sync.so SYNC_US=1000 formwright serve …
 *
 * SYNC_US=0 does not sync at all: for making directories of thousands of tenants that are measured
 * afterwards. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

typedef int sync_function(int fd);

/* These stand before the system's own. */
__attribute__((visibility("default"))) int fdatasync(int fd);
__attribute__((visibility("default"))) int fsync(int fd);

static long long now_ns(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (long long)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static long long least_ns(void)
{
    const char *us = getenv("SYNC_US");
    return us ? strtoll(us, NULL, 10) * 1000 : 1000000;
}

static int sync_slowly(const char *name, int fd)
{
    long long least = least_ns(), begun = now_ns();
    sync_function *real = NULL;
    void *found = dlsym(RTLD_NEXT, name);
    if (least == 0 || !found) return 0;
    __builtin_memcpy(&real, &found, sizeof real);
    int result = real(fd);
    long long left = begun + least - now_ns();
    struct timespec pause = {left / 1000000000, left % 1000000000};
    if (left > 0) nanosleep(&pause, NULL);
    return result;
}

int fdatasync(int fd)
{
    return sync_slowly("fdatasync", fd);
}

int fsync(int fd)
{
    return sync_slowly("fsync", fd);
}
