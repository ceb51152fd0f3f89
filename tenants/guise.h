/* Guise: what pages look like and who may show them; the parts that are kept in words. */
#ifndef TENANTS_GUISE_H
#define TENANTS_GUISE_H

#include "tenants/query.h"
#include "tenants/vault.h"

/* Of a form, within a write of its terms; `detail` tells of it behind what it tells already, if
 * anything did change. Empty: none. */
enum status guise_set_frames(struct vault *vault, int64_t form_id, struct str origins,
                             struct buf *detail);

#endif
