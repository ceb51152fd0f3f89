/* Operation: what a batch tells the operation that it belongs to. */
#ifndef TENANTS_OPERATION_H
#define TENANTS_OPERATION_H

#include "tenants/apply.h"

/* Of a write SUBMISSIONS_CARRY: counts its items, in its own transaction. Refused (OPERATION_OVER) when
 * the operation is not running. */
enum status operation_count(struct vault *vault, struct write *write);
/* Refused (OPERATION_OVER) unless it does. */
enum status operation_runs(struct vault *vault, struct write *write, struct str id);
/* It had one thing to do, and has done it. With its audit row. */
enum status operation_end(struct vault *vault, struct write *write, struct str id,
                          struct operation_record *ret_operation);
/* For one snapshot more; else refused (SNAPSHOTS_FULL). */
enum status snapshot_room(struct vault *vault, struct write *write);

#endif
