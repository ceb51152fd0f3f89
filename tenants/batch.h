/* Batch: some of a vault's waiting writes, carried to the disk by one transaction.
 *
 *     take ► begin ► for each: savepoint, apply, keep or undo ► commit (synced) ► done, done, done …
 *          ► fold the log
 *
 * A write that is refused undoes only itself. What puts the whole transaction in doubt (the disk, not
 * the data) fails all of them alike, and a failed commit is never tried again: the file is degraded. */
#ifndef TENANTS_BATCH_H
#define TENANTS_BATCH_H

#include "tenants/vault.h"

/* On a writer thread, the vault being in nobody else's hands. Afterwards it stands in the pool's list
 * again, or is at rest. */
void batch_run(struct vault *vault);

#endif
