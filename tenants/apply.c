#include "tenants/apply.h"

#include "tenants/store.h"

#include <assert.h>

typedef enum status apply_function(struct vault *vault, struct write *write);

static apply_function *const functions[] = {
#define WRITE(name, member, where, action) [WRITE_##name] = member##_apply,
#include "tenants/write.def"
#undef WRITE
};

static const char *const actions[] = {
#define WRITE(name, member, where, action) [WRITE_##name] = (action),
#include "tenants/write.def"
#undef WRITE
};

static const enum status refusal_statuses[] = {
#define REFUSAL(name, status, code, text) [REFUSAL_##name] = ST_##status,
#include "tenants/refusal.def"
#undef REFUSAL
};

static const char *const refusal_codes[] = {
#define REFUSAL(name, status, code, text) [REFUSAL_##name] = (code),
#include "tenants/refusal.def"
#undef REFUSAL
};

const char *refusal_code(enum refusal refusal)
{
    return refusal_codes[refusal];
}

enum status apply_refuse(struct write *write, enum refusal refusal)
{
    assert(refusal != REFUSAL_NONE);
    write->refusal = refusal;
    return refusal_statuses[refusal];
}

enum status apply_write(struct vault *vault, struct write *write)
{
    return functions[write->kind](vault, write);
}

enum status apply_audit(struct vault *vault, const struct write *write, struct str object,
                        struct str detail)
{
    return audit_add(&vault->writer, &vault->audit, &write->actor, actions[write->kind], object,
                     detail);
}
