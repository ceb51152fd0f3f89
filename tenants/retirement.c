/* Retirements: versions whose time is over. Whoever has one open may send it in for a while yet. */
#include "tenants/apply.h"

#include "tenants/form.h"
#include "tenants/reader.h"
#include "tenants/term.h"
#include "tenants/version.h"

#include "base/word.h"

static const char *const names[] = {
    [VERSION_PUBLISHED] = "published", [VERSION_RETIRED] = "retired", NULL};

const char *version_state_name(enum version_state state)
{
    return names[state];
}

bool version_state_parse(struct str text, enum version_state *ret_state)
{
    size_t i;
    if (!word_among(text, names, &i)) return false;
    *ret_state = (enum version_state)i;
    return true;
}

/* Without a grace it ends at the moment at which it was retired: so that one tells. */
enum version_state version_state_of(const struct version_record *version)
{
    return version->until_ms ? VERSION_RETIRED : VERSION_PUBLISHED;
}

static enum status check_channels(struct vault *vault, struct write *write, int64_t form_id,
                                  uint32_t version)
{
    struct query query = query_on(&vault->writer, SQL_CHANNEL_OF);
    query_put_int(&query, form_id);
    query_put_int(&query, version);
    bool used = query_row(&query);
    enum status st = query_end(&query);
    return !st && used ? apply_refuse(write, REFUSAL_VERSION_IN_USE) : st;
}

static enum status add_row(struct vault *vault, const struct write *write,
                           const struct version_record *version)
{
    struct query query = query_on(&vault->writer, SQL_RETIREMENT_ADD);
    query_put_int(&query, version->form_id);
    query_put_int(&query, version->number);
    query_put_int(&query, version->retired_ms);
    query_put_int(&query, version->until_ms);
    query_put_str(&query, write->actor.who);
    return query_run(&query);
}

static enum status read_grace(struct vault *vault, const struct version_retire *retire,
                              int64_t *ret_seconds)
{
    struct terms terms;
    *ret_seconds = retire->grace_seconds;
    if (retire->grace_seconds >= 0) return ST_OK;
    enum status st = term_find_in(&vault->writer, retire->form, &terms);
    if (!st) *ret_seconds = terms.value[TERM_GRACE_SECONDS];
    return st;
}

static enum status retire_it(struct vault *vault, struct write *write, int64_t grace_seconds)
{
    struct version_retire *retire = &write->version_retire;
    struct version_record *version = &retire->ret_version;
    version->retired_ms = write->actor.at_ms;
    version->until_ms = write->actor.at_ms + grace_seconds * 1000;
    enum status st = add_row(vault, write, version);
    if (st) return st;
    struct str detail = arena_printf(write->arena, "version %u, submissions for %lld seconds more",
                                     (unsigned)version->number, (long long)grace_seconds);
    if (!detail.ptr) return arena_failure(write->arena);
    return apply_audit(vault, write, retire->form, detail);
}

enum status version_retire_apply(struct vault *vault, struct write *write)
{
    struct version_retire *retire = &write->version_retire;
    struct form_record form = {0};
    int64_t grace_seconds = 0;
    if (retire->grace_seconds < -1 ||
        (retire->grace_seconds >= 0 && !term_fits(TERM_GRACE_SECONDS, retire->grace_seconds)))
        return apply_refuse(write, REFUSAL_BAD_VALUE);
    enum status st = form_need(vault, write, retire->form, &form);
    if (st) return st;
    if (retire->number == 0) return apply_refuse(write, REFUSAL_VERSION_ABSENT);
    st = version_find_in(&vault->writer, retire->form, retire->number, write->arena,
                         &retire->ret_version);
    if (st == ST_ABSENT) return apply_refuse(write, REFUSAL_VERSION_ABSENT);
    if (st) return st;
    retire->ret_version.source = STR("");
    if (version_state_of(&retire->ret_version) == VERSION_RETIRED)
        return apply_refuse(write, REFUSAL_ILLEGAL_TRANSITION);
    st = check_channels(vault, write, form.id, retire->number);
    if (!st) st = read_grace(vault, retire, &grace_seconds);
    return st ? st : retire_it(vault, write, grace_seconds);
}

enum status version_over(struct tenants *tenants, struct str tenant, struct str form, uint32_t number,
                         int64_t at_ms, bool *ret_over)
{
    struct reader reader;
    enum status st = reader_begin(tenants, tenant, &reader);
    if (st) return st;
    struct query query = query_on(reader.db, SQL_RETIREMENT_UNTIL);
    query_put_str(&query, form);
    query_put_int(&query, number);
    *ret_over = query_row(&query) && query_int(&query) <= at_ms;
    return reader_end(&reader, query_end(&query));
}
