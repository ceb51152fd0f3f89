/* Channel: which version a name of a form stands for, within a transaction. */
#ifndef TENANTS_CHANNEL_H
#define TENANTS_CHANNEL_H

#include "tenants/apply.h"

/* `channel` (empty: live) stands for that version alone from now on; is made when it is not there. With
 * an audit row of its own when that is a change and `told` (else the caller's row tells it). Refuses
 * VERSION_RETIRED, CHANNELS_FULL, BAD_NAME. */
enum status channel_point(struct vault *vault, struct write *write, const struct form_record *form,
                          struct str channel, uint32_t version, bool told);

/* What live stands for; 0: there is no such channel. */
enum status channel_live_in(struct database *db, struct str form, struct arena *arena,
                            uint32_t *ret_version);

#endif
