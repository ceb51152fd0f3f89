/* Operation: what a batch tells the operation that it belongs to. */
#ifndef TENANTS_OPERATION_H
#define TENANTS_OPERATION_H

#include "tenants/apply.h"

/* Of a write SUBMISSIONS_CARRY: counts its items, in its own transaction. Refused (OPERATION_OVER) when
 * the operation is not running. */
enum status operation_count(struct vault *vault, struct write *write);

#endif
