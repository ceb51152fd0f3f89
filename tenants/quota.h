/* Quota: what a tenant may use, in system.db, and the checks that the tenant's own writes make.
 *
 *     st = quota_count(vault, write, QUOTA_FORMS);     one more form?   FORMS_QUOTA when not
 *     st = quota_room(vault, write);                   room for its bytes?   STORED_QUOTA when not
 *
 * A count is taken from the tenant's own file in the transaction of the write, so two writes cannot
 * share the last place. The quota itself is in another file: the vault reads it again whenever one has
 * changed, before the first write after the change. */
#ifndef TENANTS_QUOTA_H
#define TENANTS_QUOTA_H

#include "tenants/tenants.h"
#include "tenants/vault.h"

/* The tenant's, from system.db; the default for each that has no row. */
enum status quota_read(struct database *db, struct str tenant, struct quotas *ret_quotas);
/* Of each tenant of the page. */
enum status quota_read_page(struct database *db, struct tenant_page *page);

/* On the writing side of a tenant's file. QUOTA_FORMS or QUOTA_VERSIONS. */
enum status quota_count(struct vault *vault, struct write *write, enum quota quota);
enum status quota_room(struct vault *vault, struct write *write);
/* The same without a refusal. What has room is counted as written. */
bool quota_has_room(struct vault *vault, const struct write *write);

#endif
