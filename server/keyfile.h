/* Keyfile: a secret of the server that outlives it, in a file of the data directory that only its owner
 * can read.
 *
 *     st = keyfile_load("data", "cursor.key", key.bytes, sizeof key.bytes);       made when absent */
#ifndef SERVER_KEYFILE_H
#define SERVER_KEYFILE_H

#include "base/status.h"

#include <stddef.h>

/* ST_IO: it cannot be read or made, or has another length. */
enum status keyfile_load(const char *directory, const char *name, unsigned char *ret_key,
                         size_t len) MUST_USE;

#endif
