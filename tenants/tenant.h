/* Tenant: rows of system.db; the inner side, on a connection of the caller's. */
#ifndef TENANTS_TENANT_H
#define TENANTS_TENANT_H

#include "tenants/database.h"
#include "tenants/tenants.h"

enum status tenant_find_in(struct database *db, struct str id, struct arena *arena,
                           struct tenant_record *ret_tenant);
/* tenant_list(), on a connection. The quotas of its records are the defaults: quota_read_page(). */
enum status tenant_page_read(struct database *db, struct str after, uint32_t rows, struct arena *arena,
                             struct tenant_page *ret_page);

#endif
