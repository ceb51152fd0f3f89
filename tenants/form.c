#include "tenants/form.h"

#include "tenants/look.h"

#include "base/word.h"

#include "tenants/quota.h"
#include "tenants/reader.h"
#include "tenants/slug.h"

static const char *const names[] = {
    [FORM_DRAFT] = "draft",   [FORM_OPEN] = "open",         [FORM_CLOSING] = "closing",
    [FORM_CLOSED] = "closed", [FORM_ARCHIVED] = "archived", NULL};

const char *form_state_name(enum form_state state)
{
    return names[state];
}

bool form_state_parse(struct str text, enum form_state *ret_state)
{
    size_t i;
    if (!word_among(text, names, &i)) return false;
    *ret_state = (enum form_state)i;
    return true;
}

bool form_state_may(enum form_state from, enum form_state to)
{
    static const unsigned next[] = {[FORM_DRAFT] = 1u << FORM_OPEN,
                                    [FORM_OPEN] = 1u << FORM_CLOSING,
                                    [FORM_CLOSING] = 1u << FORM_CLOSED,
                                    [FORM_CLOSED] = 1u << FORM_ARCHIVED | 1u << FORM_OPEN,
                                    [FORM_ARCHIVED] = 1u << FORM_CLOSED};
    return next[from] >> to & 1u;
}

static struct form_record take_form(struct query *query, struct arena *arena)
{
    struct form_record form = {0};
    form.id = query_int(query);
    form.name = query_str(query, arena);
    form.title = query_str(query, arena);
    (void)form_state_parse(query_peek(query), &form.state); /* the table holds no other word */
    form.created_ms = query_int(query);
    form.state_ms = query_int(query);
    form.newest = (uint32_t)query_int(query);
    form.submissions = (uint64_t)query_int(query);
    form.has_draft = query_int(query) != 0;
    form.draft_etag = query_digest(query);
    return form;
}

enum status form_find_in(struct database *db, struct str name, struct arena *arena,
                         struct form_record *ret_form)
{
    struct form_record form = {0};
    struct query query = query_on(db, SQL_FORM_FIND);
    query_put_str(&query, name);
    bool found = query_row(&query);
    if (found) form = take_form(&query, arena);
    enum status st = query_end_one(&query, found);
    if (st) return st;
    *ret_form = form;
    return ST_OK;
}

enum status form_find(struct tenants *tenants, struct str tenant, struct str name, struct arena *arena,
                      struct form_record *ret_form)
{
    struct reader reader;
    enum status st = reader_begin(tenants, tenant, &reader);
    if (st) return st;
    return reader_end(&reader, form_find_in(reader.db, name, arena, ret_form));
}

enum status form_list_in(struct database *db, struct str after, uint32_t rows, struct arena *arena,
                         struct form_page *ret_page)
{
    struct form_page page = {0};
    page.items = ARENA_ARRAY(arena, struct form_record, rows);
    if (!page.items) return arena_failure(arena);
    struct query query = query_on(db, SQL_FORM_LIST);
    query_put_str(&query, after);
    query_put_int(&query, (int64_t)rows + 1);
    while (query_row(&query) && !(page.more = page.count == rows))
        page.items[page.count++] = take_form(&query, arena);
    enum status st = query_end(&query);
    if (!st) *ret_page = page;
    return st;
}

enum status form_list(struct tenants *tenants, struct str tenant, struct str after, uint32_t count_max,
                      struct arena *arena, struct form_page *ret_page)
{
    struct reader reader;
    enum status st = reader_begin(tenants, tenant, &reader);
    if (st) return st;
    return reader_end(&reader, form_list_in(reader.db, after, page_rows(count_max), arena, ret_page));
}

enum status form_need(struct vault *vault, struct write *write, struct str name,
                      struct form_record *ret_form)
{
    enum status st = form_find_in(&vault->writer, name, write->arena, ret_form);
    return st == ST_ABSENT ? apply_refuse(write, REFUSAL_FORM_ABSENT) : st;
}

enum status form_match_draft(struct write *write, const struct form_record *form,
                             const struct digest *if_match)
{
    /* Without a draft the record's etag is all zeroes, which is also how a caller says "there must be
     * none". */
    bool same = memcmp(form->draft_etag.bytes, if_match->bytes, DIGEST_BYTES) == 0;
    return same ? ST_OK : apply_refuse(write, REFUSAL_DRAFT_STALE);
}

static enum status add_row(struct vault *vault, const struct write *write, struct str name,
                           struct str title)
{
    struct query query = query_on(&vault->writer, SQL_FORM_ADD);
    query_put_str(&query, name);
    query_put_str(&query, title);
    query_put_int(&query, write->actor.at_ms);
    query_put_int(&query, write->actor.at_ms);
    return query_run(&query);
}

enum status form_make(struct vault *vault, struct write *write, struct str name, struct str title,
                      struct form_record *ret_form)
{
    struct form_record there;
    if (!slug_is_form_name(name)) return apply_refuse(write, REFUSAL_BAD_NAME);
    if (title.len == 0 || title.len > limit(TITLE_BYTES)) return apply_refuse(write, REFUSAL_BAD_VALUE);
    enum status st = form_find_in(&vault->writer, name, write->arena, &there);
    if (!st) return apply_refuse(write, REFUSAL_FORM_EXISTS);
    if (st != ST_ABSENT) return st;
    st = quota_count(vault, write, QUOTA_FORMS);
    if (!st) st = add_row(vault, write, name, title);
    if (!st) st = form_find_in(&vault->writer, name, write->arena, ret_form);
    if (st) return st;
    return audit_add(&vault->writer, &vault->audit, &write->actor, "form.create", name, title);
}

enum status form_create_apply(struct vault *vault, struct write *write)
{
    struct form_create *create = &write->form_create;
    return form_make(vault, write, create->name, create->title, &create->ret_form);
}

enum status form_move(struct vault *vault, struct write *write, struct form_record *form,
                      enum form_state to)
{
    struct query query = query_on(&vault->writer, SQL_FORM_SET_STATE);
    query_put_str(&query, str_of(names[to]));
    query_put_int(&query, write->actor.at_ms);
    query_put_int(&query, form->id);
    enum status st = query_run(&query);
    if (st) return st;
    struct str detail = arena_printf(write->arena, "%s to %s", names[form->state], names[to]);
    if (!detail.ptr) return arena_failure(write->arena);
    form->state = to;
    return audit_add(&vault->writer, &vault->audit, &write->actor, "form.state", form->name, detail);
}

enum status form_set_state_apply(struct vault *vault, struct write *write)
{
    struct form_set_state *set = &write->form_set_state;
    struct form_record form = {0};
    enum status st = form_need(vault, write, set->form, &form);
    if (st) return st;
    set->ret_from = form.state;
    /* A draft without a version has nothing to open. */
    if (form.newest == 0 || !form_state_may(form.state, set->to))
        return apply_refuse(write, REFUSAL_ILLEGAL_TRANSITION);
    return form_move(vault, write, &form, set->to);
}
