#include "tenants/quota.h"

#include "tenants/apply.h"
#include "tenants/store.h"
#include "tenants/tenant.h"

#include <assert.h>
#include <inttypes.h>

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

/* ---------------------------------------------------------------- reading */

/* A name that is not ours is a newer program's, and left to it. */
enum status quota_read(struct database *db, struct str tenant, struct quotas *ret_quotas)
{
    struct quotas quotas = quotas_default();
    struct query query = query_on(db, SQL_QUOTA_LIST);
    query_put_str(&query, tenant);
    while (query_row(&query)) {
        enum quota quota;
        bool known = quota_parse(query_peek(&query), &quota);
        if (known) quotas.value[quota] = query_int(&query);
    }
    enum status st = query_end(&query);
    if (!st) *ret_quotas = quotas;
    return st;
}

enum status quota_read_page(struct database *db, struct tenant_page *page)
{
    for (uint32_t i = 0; i < page->count; i++) {
        enum status st = quota_read(db, page->items[i].id, &page->items[i].quotas);
        if (st) return st;
    }
    return ST_OK;
}

/* ---------------------------------------------------------------- changing */

static enum status set_one(struct database *db, struct str tenant, const struct quota_change *change)
{
    struct query query = query_on(db, change->value ? SQL_QUOTA_SET : SQL_QUOTA_RESET);
    query_put_str(&query, tenant);
    query_put_str(&query, str_of(names[change->quota]));
    if (change->value) query_put_int(&query, change->value);
    return query_run(&query);
}

/* "forms 1000 to 20, steps 9 to default": what did change. */
static enum status set_all(struct vault *vault, const struct tenant_set_quota *set,
                           const struct quotas *before, struct buf *detail)
{
    enum status st = ST_OK;
    for (uint32_t i = 0; i < set->count && !st; i++) {
        const struct quota_change *change = &set->changes[i];
        st = set_one(&vault->writer, set->id, change);
        if (st || query_changes(&vault->writer) == 0) continue;
        buf_printf(detail, "%s%s %" PRId64 " to ", detail->len ? ", " : "", names[change->quota],
                   before->value[change->quota]);
        if (change->value) buf_printf(detail, "%" PRId64, change->value);
        else buf_puts(detail, "default");
    }
    return st;
}

static bool changes_fit(const struct tenant_set_quota *set)
{
    for (uint32_t i = 0; i < set->count; i++) {
        assert(set->changes[i].quota < QUOTA_COUNT);
        if (set->changes[i].value < 0 || set->changes[i].value > QUOTA_MAX) return false;
    }
    return set->count <= QUOTA_COUNT;
}

enum status tenant_set_quota_apply(struct vault *vault, struct write *write)
{
    const struct tenant_set_quota *set = &write->tenant_set_quota;
    struct tenant_record tenant;
    struct buf detail;
    if (!changes_fit(set)) return apply_refuse(write, REFUSAL_BAD_VALUE);
    enum status st = tenant_find_in(&vault->writer, set->id, write->arena, &tenant);
    if (st == ST_ABSENT) return apply_refuse(write, REFUSAL_TENANT_ABSENT);
    if (st) return st;
    buf_init(&detail, vault->tenants->mem, limit(AUDIT_TEXT_BYTES));
    st = set_all(vault, set, &tenant.quotas, &detail);
    if (!st) st = detail.failure;
    if (!st && detail.len) st = apply_audit(vault, write, set->id, buf_str(&detail));
    buf_release(&detail);
    return st;
}

/* ---------------------------------------------------------------- holding to it */

enum status quota_count(struct vault *vault, struct write *write, enum quota quota)
{
    bool forms = quota == QUOTA_FORMS;
    int64_t there = 0;
    assert(forms || quota == QUOTA_VERSIONS);
    struct query query = query_on(&vault->writer, forms ? SQL_FORM_TOTAL : SQL_VERSION_TOTAL);
    if (query_row(&query)) there = query_int(&query);
    enum status st = query_end(&query);
    if (st || there < vault->quotas.value[quota]) return st;
    return apply_refuse(write, forms ? REFUSAL_FORMS_QUOTA : REFUSAL_VERSIONS_QUOTA);
}

bool quota_has_room(struct vault *vault, const struct write *write)
{
    int64_t with = vault->stored_bytes + (int64_t)write->bytes;
    if (with > vault->quotas.value[QUOTA_STORED_BYTES]) return false;
    vault->stored_bytes = with;
    return true;
}

enum status quota_room(struct vault *vault, struct write *write)
{
    return quota_has_room(vault, write) ? ST_OK : apply_refuse(write, REFUSAL_STORED_QUOTA);
}
