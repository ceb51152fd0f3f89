/* Quota: the names and defaults of quota.def. */
#include "tenants/tenants.h"

static const char *const names[] = {
#define QUOTA(NAME, name, value, unit, what) #name,
#include "tenants/quota.def"
#undef QUOTA
};

struct quotas quotas_default(void)
{
    return (struct quotas){{
#define QUOTA(NAME, name, amount, unit, what) amount,
#include "tenants/quota.def"
#undef QUOTA
    }};
}

const char *quota_name(enum quota quota)
{
    return names[quota];
}

bool quota_parse(struct str name, enum quota *ret_quota)
{
    for (unsigned i = 0; i < QUOTA_COUNT; i++) {
        if (!str_eq(name, str_of(names[i]))) continue;
        *ret_quota = (enum quota)i;
        return true;
    }
    return false;
}
