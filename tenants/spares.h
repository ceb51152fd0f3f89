/* Spares: memory for SQLite. Small blocks that a thread gives back wait in it for the next that wants
 * their size.
 *
 *     void *block = spares_get(100);          NULL: no memory
 *     block = spares_resize(block, 200);      NULL: no memory, and the old one is as it was
 *     spares_put(block);
 *
 * A schema is three thousand small blocks, got when a file is opened and given back when it is closed;
 * the C library's heap has seven of a size at hand for a thread and searches for all others, which was
 * a quarter of opening a file. A thread keeps limit(SQL_SPARE_BYTES) at most and none when it ends. */
#ifndef TENANTS_SPARES_H
#define TENANTS_SPARES_H

#include <stddef.h>

/* The bytes that a block of so many has; spares_get() rounds up likewise. */
size_t spares_round(size_t bytes);
size_t spares_size(const void *block);

void *spares_get(size_t bytes);
void *spares_resize(void *block, size_t bytes);
void spares_put(void *block);

/* Waiting in this thread, in bytes. */
size_t spares_held(void);

#endif
