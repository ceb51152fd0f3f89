/* Directory: the folders and small files around the databases, and the lock on them all.
 *
 * What makes a new file durable is syncing the folder that names it, so everything here does. */
#ifndef TENANTS_DIRECTORY_H
#define TENANTS_DIRECTORY_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

enum { DIRECTORY_PATH_BYTES = 1024 };

/* The absolute path of `path`, made (0700) when absent. */
enum status directory_make(const char *path, char ret_path[DIRECTORY_PATH_BYTES]);
/* The absolute path of a directory that is there. ST_ABSENT: it is not. */
enum status directory_find(const char *path, char ret_path[DIRECTORY_PATH_BYTES]);
/* Does anybody have its lock? Takes nothing and makes nothing. */
bool directory_locked(const char *directory);
/* ST_LOCKED: another process, or another part of this one, has it. Given back by directory_unlock or
 * the process's end. */
enum status directory_lock(const char *directory, int *ret_fd);
void directory_unlock(int fd);
enum status directory_sync(const char *path);
/* `into` = directory + "/" + name. ST_TOO_LARGE when it does not fit. */
enum status directory_join(const char *directory, const char *name,
                           char ret_path[DIRECTORY_PATH_BYTES]);

/* Is there anything of that name? ST_ABSENT: no; anything else but ST_OK: it cannot be told. */
enum status directory_look(const char *path);
/* An empty file that says something by being there. */
enum status directory_put_mark(const char *directory, const char *name);
enum status directory_drop_mark(const char *directory, const char *name);

#endif
