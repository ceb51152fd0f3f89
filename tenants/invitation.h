/* Invitation: what storing a submission asks of one, within the writer's transaction. */
#ifndef TENANTS_INVITATION_H
#define TENANTS_INVITATION_H

#include "tenants/vault.h"

/* Why the code does not let in at that moment: REFUSAL_NONE: it does. REFUSAL_DUPLICATE_SUBMISSION: it
 * is used. All else, that there is none included, is REFUSAL_INVITATION_INVALID. */
enum status invitation_look(struct vault *vault, int64_t form_id, const struct digest *hash,
                            int64_t now_ms, enum refusal *ret_refusal);
/* One that lets in, by the submission. */
enum status invitation_use(struct vault *vault, int64_t form_id, const struct digest *hash,
                           uint64_t seq, int64_t now_ms);

#endif
