/* Tombstone: what is left of a submission that was erased. */
#ifndef TENANTS_TOMBSTONE_H
#define TENANTS_TOMBSTONE_H

#include "tenants/reader.h"

/* An idempotency key as a tombstone keeps it. */
struct digest tombstone_key(struct str key);
/* ST_GONE: what came with that key was erased; ST_ABSENT: nothing was. */
enum status tombstone_look_in(struct database *db, struct str form, struct str key,
                              struct arena *arena);

#endif
