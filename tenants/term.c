#include "tenants/term.h"

#include "tenants/apply.h"
#include "tenants/form.h"
#include "tenants/guise.h"
#include "tenants/reader.h"
#include "tenants/store.h"

#include <assert.h>
#include <inttypes.h>

static const struct {
    const char *name;
    int64_t value, least, most;
} known[] = {
#define TERM(NAME, name, value, least, most, unit, what) {#name, value, least, most},
#include "tenants/term.def"
#undef TERM
};

struct terms terms_default(void)
{
    struct terms terms;
    for (int i = 0; i < TERM_COUNT; i++) terms.value[i] = known[i].value;
    return terms;
}

const char *term_name(enum term term)
{
    return known[term].name;
}

bool term_parse(struct str name, enum term *ret_term)
{
    for (int i = 0; i < TERM_COUNT; i++) {
        if (!str_eq(name, str_of(known[i].name))) continue;
        *ret_term = (enum term)i;
        return true;
    }
    return false;
}

bool term_fits(enum term term, int64_t value)
{
    return value >= known[term].least && value <= known[term].most;
}

/* A name that is not ours is a newer program's, and left to it. */
enum status term_find_in(struct database *db, struct str form, struct terms *ret_terms)
{
    struct terms terms = terms_default();
    struct query query = query_on(db, SQL_TERM_LIST);
    query_put_str(&query, form);
    while (query_row(&query)) {
        enum term term;
        if (term_parse(query_peek(&query), &term)) terms.value[term] = query_int(&query);
    }
    enum status st = query_end(&query);
    if (!st) *ret_terms = terms;
    return st;
}

enum status term_find(struct tenants *tenants, struct str tenant, struct str form,
                      struct terms *ret_terms)
{
    struct reader reader;
    enum status st = reader_begin(tenants, tenant, &reader);
    if (st) return st;
    return reader_end(&reader, term_find_in(reader.db, form, ret_terms));
}

/* ---------------------------------------------------------------- changing */

static enum status set_one(struct database *db, int64_t form_id, const struct term_change *change)
{
    struct query query = query_on(db, change->reset ? SQL_TERM_RESET : SQL_TERM_SET);
    query_put_int(&query, form_id);
    query_put_str(&query, str_of(known[change->term].name));
    if (!change->reset) query_put_int(&query, change->value);
    return query_run(&query);
}

/* "grace_seconds 604800 to 0": what did change. */
static enum status set_all(struct vault *vault, int64_t form_id, const struct form_set_term *set,
                           const struct terms *before, struct buf *detail)
{
    enum status st = ST_OK;
    for (uint32_t i = 0; i < set->count && !st; i++) {
        const struct term_change *change = &set->changes[i];
        st = set_one(&vault->writer, form_id, change);
        if (st || query_changes(&vault->writer) == 0) continue;
        buf_printf(detail, "%s%s %" PRId64 " to ", detail->len ? ", " : "", known[change->term].name,
                   before->value[change->term]);
        if (change->reset) buf_puts(detail, "default");
        else buf_printf(detail, "%" PRId64, change->value);
    }
    if (!st && set->frame_ancestors)
        st = guise_set_frames(vault, form_id, *set->frame_ancestors, detail);
    return st ? st : detail->failure;
}

static bool changes_fit(const struct form_set_term *set)
{
    for (uint32_t i = 0; i < set->count; i++) {
        const struct term_change *change = &set->changes[i];
        assert(change->term < TERM_COUNT);
        if (!change->reset && !term_fits(change->term, change->value)) return false;
    }
    if (set->frame_ancestors && set->frame_ancestors->len > limit(THEME_BYTES)) return false;
    return set->count <= TERM_COUNT;
}

enum status form_set_term_apply(struct vault *vault, struct write *write)
{
    const struct form_set_term *set = &write->form_set_term;
    struct form_record form = {0};
    struct terms before;
    struct buf detail;
    if (!changes_fit(set)) return apply_refuse(write, REFUSAL_BAD_VALUE);
    enum status st = form_need(vault, write, set->form, &form);
    if (!st) st = term_find_in(&vault->writer, set->form, &before);
    if (st) return st;
    buf_init(&detail, vault->tenants->mem, limit(AUDIT_TEXT_BYTES));
    st = set_all(vault, form.id, set, &before, &detail);
    if (!st && detail.len) st = apply_audit(vault, write, set->form, buf_str(&detail));
    buf_release(&detail);
    return st;
}
