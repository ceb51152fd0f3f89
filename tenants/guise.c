#include "tenants/guise.h"

#include "tenants/apply.h"
#include "tenants/reader.h"
#include "tenants/store.h"
#include "tenants/term.h"

static const char frames[] = "frame_ancestors"; /* its name in form_word */

/* ---------------------------------------------------------------- reading */

static enum status find_one(struct query query, struct arena *arena, struct str *ret_text)
{
    *ret_text = STR("");
    if (query_row(&query)) *ret_text = query_str(&query, arena);
    return query_end(&query);
}

static enum status find_in(struct database *db, struct str form, struct arena *arena,
                           struct guise *ret_guise)
{
    enum status st = find_one(query_on(db, SQL_THEME_FIND), arena, &ret_guise->theme);
    if (st || !form.len) return st;
    struct query query = query_on(db, SQL_WORD_FIND);
    query_put_str(&query, form);
    query_put_str(&query, str_of(frames));
    st = find_one(query, arena, &ret_guise->frame_ancestors);
    return st ? st : term_find_in(db, form, &ret_guise->terms);
}

enum status guise_find(struct tenants *tenants, struct str tenant, struct str form, struct arena *arena,
                       struct guise *ret_guise)
{
    struct reader reader;
    struct guise guise = {terms_default(), STR(""), STR("")};
    enum status st = reader_begin(tenants, tenant, &reader);
    if (st) return st;
    st = reader_end(&reader, find_in(reader.db, form, arena, &guise));
    if (!st) *ret_guise = guise;
    return st;
}

/* ---------------------------------------------------------------- changing */

enum status guise_set_frames(struct vault *vault, int64_t form_id, struct str origins,
                             struct buf *detail)
{
    struct query query = query_on(&vault->writer, origins.len ? SQL_WORD_SET : SQL_WORD_RESET);
    query_put_int(&query, form_id);
    query_put_str(&query, str_of(frames));
    if (origins.len) query_put_str(&query, origins);
    enum status st = query_run(&query);
    if (st || query_changes(&vault->writer) == 0) return st;
    buf_printf(detail, "%s%s to ", detail->len ? ", " : "", frames);
    if (!origins.len) buf_puts(detail, "none");
    else if (origins.len <= limit(AUDIT_TEXT_BYTES) / 2) buf_put(detail, origins);
    else buf_puts(detail, "a long list");
    return ST_OK;
}

/* "{}" would be no theme either; the front end says it by nothing. */
enum status theme_set_apply(struct vault *vault, struct write *write)
{
    struct str text = write->theme_set.text;
    if (text.len > limit(THEME_BYTES)) return apply_refuse(write, REFUSAL_BAD_VALUE);
    struct query query = query_on(&vault->writer, text.len ? SQL_THEME_SET : SQL_THEME_RESET);
    if (text.len) {
        query_put_str(&query, text);
        query_put_int(&query, write->actor.at_ms);
        query_put_str(&query, write->actor.who);
    }
    enum status st = query_run(&query);
    if (st || query_changes(&vault->writer) == 0) return st;
    return apply_audit(vault, write, STR("theme"), text.len ? text : STR("none"));
}
