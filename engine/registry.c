/* Registry: tenants, tokens, forms and drafts; mostly the storage's own words, said with a call.
 * engine/registry.c */
#include "engine/inside.h"

void tenant_changed(struct engine *engine, struct str tenant)
{
    tenancies_renew(engine, tenant);
    cache_forget(&engine->cache, tenant, STR(""));
    summaries_forget(&engine->summaries, tenant);
}

enum status engine_tenant_create(struct call *call, struct str id, struct str name,
                                 struct tenant_record *ret_tenant)
{
    struct write write = {.kind = WRITE_TENANT_CREATE, .tenant_create = {.id = id, .name = name}};
    enum status st = call_write(call, &write);
    if (st) return st;
    return tenant_find(call->engine->tenants, id, call->arena, ret_tenant);
}

enum status engine_tenant_find(struct call *call, struct str id, struct tenant_record *ret_tenant)
{
    return tenant_find(call->engine->tenants, id, call->arena, ret_tenant);
}

enum status engine_tenant_list(struct call *call, struct str after, uint32_t count_max,
                               struct tenant_page *ret_page)
{
    return tenant_list(call->engine->tenants, after, count_max, call->arena, ret_page);
}

enum status engine_tenant_set_state(struct call *call, struct str id, enum tenant_state to)
{
    struct write write = {.kind = WRITE_TENANT_SET_STATE, .tenant_set_state = {.id = id, .to = to}};
    enum status st = call_write(call, &write);
    if (st) return st;
    tenant_changed(call->engine, id);
    return ST_OK;
}

enum status engine_tenant_set_name(struct call *call, struct str id, struct str name)
{
    struct write write = {.kind = WRITE_TENANT_SET_NAME, .tenant_set_name = {.id = id, .name = name}};
    return call_write(call, &write);
}

enum status engine_tenant_set_quota(struct call *call, struct str id,
                                    const struct quota_change *changes, uint32_t count)
{
    struct write write = {.kind = WRITE_TENANT_SET_QUOTA,
                          .tenant_set_quota = {.id = id, .changes = changes, .count = count}};
    enum status st = call_write(call, &write);
    if (st) return st;
    tenant_changed(call->engine, id);
    return ST_OK;
}

enum status engine_tenant_recover(struct call *call, struct str id)
{
    struct write write = {.kind = WRITE_FILE_RECOVER, .tenant = id};
    enum status st = call_write(call, &write);
    tenant_changed(call->engine, id); /* also when it failed: the file was closed and opened */
    return st;
}

enum status engine_token_create(struct call *call, const struct token_create *wish,
                                struct token_made *ret_token)
{
    struct write write = {.kind = WRITE_TOKEN_CREATE, .token_create = *wish};
    enum status st = call_write(call, &write);
    if (st) return st;
    *ret_token = (struct token_made){write.token_create.ret_id, write.token_create.ret_text};
    return ST_OK;
}

enum status engine_token_rotate(struct call *call, struct str tenant, struct str id,
                                int64_t old_until_ms, struct token_made *ret_token)
{
    struct write write = {.kind = WRITE_TOKEN_ROTATE,
                          .token_rotate = {.tenant = tenant, .id = id, .old_until_ms = old_until_ms}};
    enum status st = call_write(call, &write);
    if (st) return st;
    *ret_token = (struct token_made){id, write.token_rotate.ret_text};
    return ST_OK;
}

enum status engine_token_find(struct call *call, struct str tenant, struct str id,
                              struct token_record *ret_token)
{
    return token_find(call->engine->tenants, tenant, id, call->arena, ret_token);
}

enum status engine_token_revoke(struct call *call, struct str tenant, struct str id)
{
    struct write write = {.kind = WRITE_TOKEN_REVOKE, .token_revoke = {.tenant = tenant, .id = id}};
    return call_write(call, &write);
}

enum status engine_token_list(struct call *call, struct str tenant, struct str after,
                              uint32_t count_max, struct token_page *ret_page)
{
    return token_list(call->engine->tenants, tenant, after, count_max, call->arena, ret_page);
}

enum status engine_token_verify(struct call *call, struct str text, struct token_record *ret_token)
{
    return token_verify(call->engine->tenants, text, call->actor.at_ms, call->arena, ret_token);
}

enum status engine_audit_list(struct call *call, struct str tenant, const struct audit_filter *filter,
                              uint64_t after_seq, uint32_t count_max, struct audit_page *ret_page)
{
    return audit_search(call->engine->tenants, tenant, filter, after_seq, count_max, call->arena,
                        ret_page);
}

enum status engine_audit_examine(struct call *call, struct str tenant,
                                 struct audit_finding *ret_finding)
{
    return audit_examine(call->engine->tenants, tenant, ret_finding);
}

enum status engine_form_create(struct call *call, struct str tenant, struct str name, struct str title,
                               struct form_record *ret_form)
{
    struct write write = {
        .kind = WRITE_FORM_CREATE, .tenant = tenant, .form_create = {.name = name, .title = title}};
    enum status st = call_write(call, &write);
    if (st) return st;
    *ret_form = write.form_create.ret_form;
    return ST_OK;
}

enum status engine_form_find(struct call *call, struct str tenant, struct str name,
                             struct form_record *ret_form)
{
    return form_find(call->engine->tenants, tenant, name, call->arena, ret_form);
}

enum status engine_form_list(struct call *call, struct str tenant, struct str after, uint32_t count_max,
                             struct form_page *ret_page)
{
    return form_list(call->engine->tenants, tenant, after, count_max, call->arena, ret_page);
}

enum status engine_form_set_state(struct call *call, struct str tenant, struct str name,
                                  enum form_state to)
{
    struct write write = {
        .kind = WRITE_FORM_SET_STATE, .tenant = tenant, .form_set_state = {.form = name, .to = to}};
    enum status st = call_write(call, &write);
    if (st) return st;
    cache_forget(&call->engine->cache, tenant, name);
    return ST_OK;
}

enum status engine_draft_find(struct call *call, struct str tenant, struct str form,
                              struct draft_record *ret_draft)
{
    return draft_find(call->engine->tenants, tenant, form, call->arena, ret_draft);
}

/* A form that has been made for its draft is there with it, or not at all. */
enum status engine_draft_put(struct call *call, struct str tenant, struct str form, struct str source,
                             enum draft_condition condition, const struct digest *if_match,
                             struct draft_record *ret_draft)
{
    struct write write = {.kind = WRITE_DRAFT_PUT,
                          .tenant = tenant,
                          .draft_put = {.form = form,
                                        .source = source,
                                        .check_etag = condition != DRAFT_ALWAYS,
                                        .makes = condition != DRAFT_UNCHANGED}};
    if (condition == DRAFT_UNCHANGED) write.draft_put.if_match = *if_match;
    enum status st = call_write(call, &write);
    if (!st) *ret_draft = write.draft_put.ret_draft;
    return st;
}

enum status engine_version_find(struct call *call, struct str tenant, struct str form, uint32_t number,
                                struct version_record *ret_version)
{
    return version_find(call->engine->tenants, tenant, form, number, call->arena, ret_version);
}

enum status engine_version_list(struct call *call, struct str tenant, struct str form, uint32_t before,
                                uint32_t count_max, struct version_page *ret_page)
{
    return version_list(call->engine->tenants, tenant, form, before, count_max, call->arena, ret_page);
}

static enum status look_for_tombstone(struct call *call, struct str tenant, struct str form,
                                      struct str id)
{
    struct tombstone_record tombstone;
    enum status st = tombstone_find(call->engine->tenants, tenant, id, call->arena, &tombstone);
    if (st) return st;
    return str_eq(tombstone.form, form) ? ST_GONE : ST_ABSENT;
}

enum status engine_submission_find(struct call *call, struct str tenant, struct str form, struct str id,
                                   struct submission_record *ret_submission)
{
    struct submission_record found;
    enum status st = submission_find(call->engine->tenants, tenant, id, call->arena, &found);
    if (st == ST_ABSENT) return look_for_tombstone(call, tenant, form, id);
    if (st) return st;
    if (!str_eq(found.form, form)) return ST_ABSENT;
    *ret_submission = found;
    return ST_OK;
}

enum status engine_submission_place(struct call *call, struct str tenant, struct str form,
                                    struct str id, int64_t *ret_received_ms, uint64_t *ret_seq)
{
    struct submission_record found;
    struct tombstone_record tombstone;
    enum status st = submission_find(call->engine->tenants, tenant, id, call->arena, &found);
    if (st && st != ST_ABSENT) return st;
    bool erased = st == ST_ABSENT;
    if (erased) st = tombstone_find(call->engine->tenants, tenant, id, call->arena, &tombstone);
    if (!st && !str_eq(erased ? tombstone.form : found.form, form)) st = ST_ABSENT;
    if (st) return st;
    *ret_received_ms = erased ? tombstone.received_ms : found.received_ms;
    *ret_seq = erased ? tombstone.seq : found.seq;
    return ST_OK;
}

enum status engine_submission_erase(struct call *call, struct str tenant, struct str form,
                                    struct str id)
{
    struct write write = {
        .kind = WRITE_SUBMISSION_ERASE, .tenant = tenant, .submission_erase = {.form = form, .id = id}};
    return call_write(call, &write);
}

enum status engine_submission_by_key(struct call *call, struct str tenant, struct str form,
                                     struct str key, struct submission_record *ret_submission)
{
    return submission_find_by_key(call->engine->tenants, tenant, form, key, call->arena,
                                  ret_submission);
}

enum status engine_submission_list(struct call *call, struct str tenant,
                                   const struct submission_query *query, uint32_t count_max,
                                   struct submission_page *ret_page)
{
    return submission_list(call->engine->tenants, tenant, query, count_max, call->arena, ret_page);
}

enum status engine_day_list(struct call *call, struct str tenant, const struct day_query *query,
                            uint32_t count_max, struct day_page *ret_page)
{
    struct form_record form;
    enum status st = engine_form_find(call, tenant, query->form, &form);
    return st ? st : day_list(call->engine->tenants, tenant, query, count_max, call->arena, ret_page);
}

enum status engine_export(struct engine *engine, struct str tenant,
                          const struct submission_query *query, struct submission_walk **ret_walk)
{
    return submission_walk_open(engine->tenants, tenant, query, ret_walk);
}

enum status engine_export_next(struct submission_walk *walk, struct submission_record *ret_submission)
{
    return submission_walk_next(walk, ret_submission);
}

enum status engine_export_left(struct submission_walk *walk, uint64_t *ret_left)
{
    return submission_walk_left(walk, ret_left);
}

void engine_export_close(struct submission_walk *walk)
{
    submission_walk_close(walk);
}
