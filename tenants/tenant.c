/* Tenants: rows of system.db, and the making of their files. The promises stand in tenants.h. */
#include "tenants/tenant.h"
#include "base/word.h"
#include "tenants/apply.h"
#include "tenants/quota.h"
#include "tenants/reader.h"
#include "tenants/slug.h"

static const char *const names[] = {
    [TENANT_ACTIVE] = "active", [TENANT_SUSPENDED] = "suspended", [TENANT_CLOSED] = "closed", NULL};

const char *tenant_state_name(enum tenant_state state)
{
    return names[state];
}

bool tenant_state_parse(struct str text, enum tenant_state *ret_state)
{
    size_t i;
    if (!word_among(text, names, &i)) return false;
    *ret_state = (enum tenant_state)i;
    return true;
}

static struct tenant_record take_tenant(struct query *query, struct arena *arena)
{
    struct tenant_record tenant = {0};
    tenant.id = query_str(query, arena);
    tenant.name = query_str(query, arena);
    (void)tenant_state_parse(query_peek(query), &tenant.state); /* the table holds no other word */
    tenant.created_ms = query_int(query);
    tenant.quotas = quotas_default();
    return tenant;
}

enum status tenant_find_in(struct database *db, struct str id, struct arena *arena,
                           struct tenant_record *ret_tenant)
{
    struct tenant_record tenant = {0};
    struct query query = query_on(db, SQL_TENANT_FIND);
    query_put_str(&query, id);
    bool found = query_row(&query);
    if (found) tenant = take_tenant(&query, arena);
    enum status st = query_end_one(&query, found);
    if (!st) st = quota_read(db, id, &tenant.quotas);
    if (st) return st;
    *ret_tenant = tenant;
    return ST_OK;
}

enum status tenant_find(struct tenants *tenants, struct str id, struct arena *arena,
                        struct tenant_record *ret_tenant)
{
    struct reader reader;
    enum status st = reader_begin(tenants, STR(""), &reader);
    if (st) return st;
    return reader_end(&reader, tenant_find_in(reader.db, id, arena, ret_tenant));
}

enum status tenant_page_read(struct database *db, struct str after, uint32_t rows, struct arena *arena,
                             struct tenant_page *ret_page)
{
    struct tenant_page page = {0};
    page.items = ARENA_ARRAY(arena, struct tenant_record, rows);
    if (!page.items) return arena_failure(arena);
    struct query query = query_on(db, SQL_TENANT_LIST);
    query_put_str(&query, after);
    query_put_int(&query, (int64_t)rows + 1);
    while (query_row(&query) && !(page.more = page.count == rows))
        page.items[page.count++] = take_tenant(&query, arena);
    enum status st = query_end(&query);
    if (!st) *ret_page = page;
    return st;
}

enum status tenant_list(struct tenants *tenants, struct str after, uint32_t count_max,
                        struct arena *arena, struct tenant_page *ret_page)
{
    struct reader reader;
    enum status st = reader_begin(tenants, STR(""), &reader);
    if (st) return st;
    st = tenant_page_read(reader.db, after, page_rows(count_max), arena, ret_page);
    if (!st) st = quota_read_page(reader.db, ret_page);
    return reader_end(&reader, st);
}

bool tenant_degraded(struct tenants *tenants, struct str id)
{
    struct vault *vault;
    if (roster_take(tenants, id, &vault) != ST_OK) return false;
    bool degraded = vault_is_degraded(vault);
    roster_give(vault);
    return degraded;
}

enum status tenant_recover(struct tenants *tenants, struct str id)
{
    struct write write = {.kind = WRITE_FILE_RECOVER, .tenant = id};
    return write_wait(tenants, &write);
}

enum status file_recover_apply(struct vault *vault, struct write *write)
{
    return vault_recover(vault, &write->file_recover.ret_was_degraded);
}

enum status tenant_create_apply(struct vault *vault, struct write *write)
{
    const struct tenant_create *create = &write->tenant_create;
    struct tenant_record there;
    if (!slug_is_tenant_id(create->id)) return apply_refuse(write, REFUSAL_BAD_NAME);
    if (create->name.len == 0 || create->name.len > limit(TITLE_BYTES))
        return apply_refuse(write, REFUSAL_BAD_VALUE);
    enum status st = tenant_find_in(&vault->writer, create->id, write->arena, &there);
    if (!st) return apply_refuse(write, REFUSAL_TENANT_EXISTS);
    if (st != ST_ABSENT) return st;
    /* The file first: a row without its file would be a loss, a file without its row is found empty
     * next time. */
    st = create->adopts ? vault_adopt(vault->tenants, create->id)
                        : vault_create(vault->tenants, create->id);
    if (st == ST_CONFLICT) return apply_refuse(write, REFUSAL_TENANT_EXISTS);
    if (st) return st;
    struct query query = query_on(&vault->writer, SQL_TENANT_ADD);
    query_put_str(&query, create->id);
    query_put_str(&query, create->name);
    query_put_int(&query, write->actor.at_ms);
    st = query_run(&query);
    if (st) return st;
    return apply_audit(vault, write, create->id, create->name);
}

enum status tenant_set_state_apply(struct vault *vault, struct write *write)
{
    const struct tenant_set_state *set = &write->tenant_set_state;
    struct tenant_record tenant;
    enum status st = tenant_find_in(&vault->writer, set->id, write->arena, &tenant);
    if (st == ST_ABSENT) return apply_refuse(write, REFUSAL_TENANT_ABSENT);
    if (st) return st;
    if (tenant.state == TENANT_CLOSED && set->to != TENANT_CLOSED)
        return apply_refuse(write, REFUSAL_ILLEGAL_TRANSITION);
    if (tenant.state == set->to) return ST_OK;
    struct query query = query_on(&vault->writer, SQL_TENANT_SET_STATE);
    query_put_str(&query, str_of(tenant_state_name(set->to)));
    query_put_str(&query, set->id);
    st = query_run(&query);
    if (st) return st;
    struct str detail = arena_printf(write->arena, "%s to %s", names[tenant.state], names[set->to]);
    if (!detail.ptr) return arena_failure(write->arena);
    return apply_audit(vault, write, set->id, detail);
}

enum status tenant_set_name_apply(struct vault *vault, struct write *write)
{
    const struct tenant_set_name *set = &write->tenant_set_name;
    struct tenant_record tenant;
    if (set->name.len == 0 || set->name.len > limit(TITLE_BYTES))
        return apply_refuse(write, REFUSAL_BAD_VALUE);
    enum status st = tenant_find_in(&vault->writer, set->id, write->arena, &tenant);
    if (st == ST_ABSENT) return apply_refuse(write, REFUSAL_TENANT_ABSENT);
    if (st || str_eq(tenant.name, set->name)) return st;
    struct query query = query_on(&vault->writer, SQL_TENANT_SET_NAME);
    query_put_str(&query, set->name);
    query_put_str(&query, set->id);
    st = query_run(&query);
    if (st) return st;
    return apply_audit(vault, write, set->id, set->name);
}
