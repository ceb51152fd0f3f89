/* Version: finding one on a connection that is there. */
#ifndef TENANTS_VERSION_H
#define TENANTS_VERSION_H

#include "tenants/query.h"
#include "tenants/tenants.h"

/* `number` 0: the newest. */
enum status version_find_in(struct database *db, struct str form, uint32_t number, struct arena *arena,
                            struct version_record *ret_version);

#endif
