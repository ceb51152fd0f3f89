/* Apply: what each kind of write does to its file, within a transaction that the writer has begun.
 *
 * ST_OK: done, to be kept. Anything else: the writer takes back what it did. A refusal is told by
 * `return apply_refuse(write, REFUSAL_FORM_ABSENT);`. */
#ifndef TENANTS_APPLY_H
#define TENANTS_APPLY_H

#include "tenants/query.h"
#include "tenants/vault.h"

enum status apply_write(struct vault *vault, struct write *write);
enum status apply_refuse(struct write *write, enum refusal refusal);
/* The audit row of this write, under the action that write.def gives its kind. */
enum status apply_audit(struct vault *vault, const struct write *write, struct str object,
                        struct str detail);

#define WRITE(name, member, where, action)                                                             \
    enum status member##_apply(struct vault *vault, struct write *write);
#include "tenants/write.def"
#undef WRITE

#endif
