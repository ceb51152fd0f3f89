/* Slug: the shapes of names that become parts of paths and URLs. Anything else never reaches a file or
 * a query.
 *
 *     slug_is_tenant_id(STR("acme-2"))         a-z, 0-9, -
 *     slug_is_form_name(STR("tax_2026"))       and _
 *
 * Both start with a letter or digit. */
#ifndef TENANTS_SLUG_H
#define TENANTS_SLUG_H

#include "base/str.h"

bool slug_is_tenant_id(struct str text);
bool slug_is_form_name(struct str text);
/* A-Z, a-z, 0-9, - and _, 1 to limit(IDEMPOTENCY_KEY_BYTES). */
bool slug_is_key(struct str text);

#endif
