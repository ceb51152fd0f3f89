/* Drafts: the one text of a form that may still change. Each change is a revision and gives a new etag.
 */
#include "tenants/form.h"
#include "tenants/quota.h"
#include "tenants/reader.h"

static enum status find_in(struct database *db, struct str form, struct arena *arena,
                           struct draft_record *ret_draft)
{
    struct draft_record draft = {0};
    struct query query = query_on(db, SQL_DRAFT_FIND);
    query_put_str(&query, form);
    bool found = query_row(&query);
    if (found) {
        draft.source = query_str(&query, arena);
        draft.etag = query_digest(&query);
        draft.revision = (uint32_t)query_int(&query);
        draft.updated_ms = query_int(&query);
        draft.updated_by = query_str(&query, arena);
    }
    enum status st = query_end_one(&query, found);
    if (st) return st;
    *ret_draft = draft;
    return ST_OK;
}

enum status draft_find(struct tenants *tenants, struct str tenant, struct str form, struct arena *arena,
                       struct draft_record *ret_draft)
{
    struct reader reader;
    enum status st = reader_begin(tenants, tenant, &reader);
    if (st) return st;
    return reader_end(&reader, find_in(reader.db, form, arena, ret_draft));
}

static enum status add(struct vault *vault, const struct write *write, int64_t form_id,
                       const struct digest *etag)
{
    struct query query = query_on(&vault->writer, SQL_DRAFT_ADD);
    query_put_int(&query, form_id);
    query_put_str(&query, write->draft_put.source);
    query_put_digest(&query, etag);
    query_put_int(&query, write->actor.at_ms);
    query_put_str(&query, write->actor.who);
    return query_run(&query);
}

static enum status set(struct vault *vault, const struct write *write, int64_t form_id,
                       const struct digest *etag)
{
    struct query query = query_on(&vault->writer, SQL_DRAFT_SET);
    query_put_str(&query, write->draft_put.source);
    query_put_digest(&query, etag);
    query_put_int(&query, write->actor.at_ms);
    query_put_str(&query, write->actor.who);
    query_put_int(&query, form_id);
    return query_run(&query);
}

static enum status read_revision(struct vault *vault, int64_t form_id, uint32_t *ret_revision)
{
    struct query query = query_on(&vault->writer, SQL_DRAFT_REVISION);
    query_put_int(&query, form_id);
    if (query_row(&query)) *ret_revision = (uint32_t)query_int(&query);
    return query_end(&query);
}

enum status draft_put_apply(struct vault *vault, struct write *write)
{
    struct draft_put *put = &write->draft_put;
    struct form_record form;
    struct draft_record draft = {.etag = digest_of(put->source), .updated_ms = write->actor.at_ms};
    if (put->source.len > limit(SOURCE_BYTES)) return apply_refuse(write, REFUSAL_BAD_VALUE);
    enum status st = put->makes ? form_find_in(&vault->writer, put->form, write->arena, &form)
                                : form_need(vault, write, put->form, &form);
    if (st == ST_ABSENT && put->makes) st = form_make(vault, write, put->form, put->form, &form);
    if (st) return st;
    if (form.state == FORM_ARCHIVED) return apply_refuse(write, REFUSAL_FORM_ARCHIVED);
    if (put->check_etag) st = form_match_draft(write, &form, &put->if_match);
    if (!st) st = quota_room(vault, write);
    if (!st) st = (form.has_draft ? set : add)(vault, write, form.id, &draft.etag);
    if (!st) st = read_revision(vault, form.id, &draft.revision);
    if (st) return st;
    draft.updated_by = write->actor.who;
    struct str detail = arena_printf(write->arena, "revision %u", draft.revision);
    if (!detail.ptr) return arena_failure(write->arena);
    st = apply_audit(vault, write, form.name, detail);
    if (!st) put->ret_draft = draft;
    return st;
}
