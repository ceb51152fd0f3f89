/* Gather: a layer between SQLite and the system's files, for the connection that writes. What goes to
 * neighbouring places of a file goes to it in one piece; SQLite writes a log by 24 bytes and a page at
 * a time.
 *
 *     sqlite3_open_v2(path, &handle, flags, gather_layer())
 *     … COMMIT …                      the log: pieces of up to limit(GATHER_BYTES), the last when it is
 *                                     synced; a commit is synced, so none is kept back any longer
 *     gather_begin(handle); … checkpoint … st = gather_end(handle)      the file itself, likewise
 *
 * Nothing is promised less: a sync, a look at the file through the same connection and its closing find
 * written whatever was written, and a piece that cannot be written is told by the next write or sync.
 * Other connections learn of a frame in the log or of a page in the file only after SQLite has synced
 * it; a checkpoint that a reader holds up, which does not sync, is written page by page. A log that
 * nothing came to since it was synced is not synced again. A checkpoint reads the log in large pieces
 * as well: nobody else writes to it. */
#ifndef TENANTS_GATHER_H
#define TENANTS_GATHER_H

#include "base/status.h"

struct sqlite3;

/* The layer's name, over the one that is the default when a file is opened. NULL: out of memory. */
const char *gather_layer(void);
/* Around a checkpoint of a connection that was opened so; of another they do nothing. */
void gather_begin(struct sqlite3 *handle);
/* The library's code. */
int gather_end(struct sqlite3 *handle);

#endif
