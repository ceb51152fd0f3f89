/* Versions and their artefacts. The same source is one version, however often it is published. */
#include "tenants/version.h"
#include "tenants/channel.h"
#include "tenants/form.h"
#include "tenants/look.h"
#include "tenants/quota.h"
#include "tenants/reader.h"

static struct version_record take_version(struct query *query, struct arena *arena)
{
    struct version_record version = {0};
    version.form_id = query_int(query);
    version.number = (uint32_t)query_int(query);
    version.source_hash = query_digest(query);
    version.edition = query_str(query, arena);
    version.compiler_version = query_str(query, arena);
    version.published_ms = query_int(query);
    version.published_by = query_str(query, arena);
    version.retired_ms = query_int(query);
    version.until_ms = query_int(query);
    return version;
}

enum status version_find_in(struct database *db, struct str form, uint32_t number, struct arena *arena,
                            struct version_record *ret_version)
{
    struct version_record version = {0};
    struct query query = query_on(db, SQL_VERSION_FIND);
    query_put_str(&query, form);
    query_put_int(&query, number);
    bool found = query_row(&query);
    if (found) {
        version = take_version(&query, arena);
        version.source = query_str(&query, arena);
    }
    enum status st = query_end_one(&query, found);
    if (st) return st;
    *ret_version = version;
    return ST_OK;
}

enum status version_find(struct tenants *tenants, struct str tenant, struct str form, uint32_t number,
                         struct arena *arena, struct version_record *ret_version)
{
    struct reader reader;
    enum status st = reader_begin(tenants, tenant, &reader);
    if (st) return st;
    return reader_end(&reader, version_find_in(reader.db, form, number, arena, ret_version));
}

static enum status read_version(struct database *db, struct str form, uint32_t number,
                                struct arena *arena, struct version_text *ret_version)
{
    struct version_text version = {0};
    struct query query = query_on(db, SQL_VERSION_READ);
    query_put_str(&query, form);
    query_put_int(&query, number);
    bool found = query_row(&query);
    if (found) {
        version.form_id = query_int(&query);
        version.number = (uint32_t)query_int(&query);
        (void)form_state_parse(query_peek(&query), &version.state); /* the table holds no other word */
        version.source_hash = query_digest(&query);
        version.source = query_str(&query, arena);
    }
    enum status st = query_end_one(&query, found);
    if (st) return st;
    *ret_version = version;
    return ST_OK;
}

enum status version_read(struct tenants *tenants, struct str tenant, struct str form, uint32_t number,
                         struct arena *arena, struct version_text *ret_version)
{
    struct reader reader;
    enum status st = reader_begin(tenants, tenant, &reader);
    if (st) return st;
    return reader_end(&reader, read_version(reader.db, form, number, arena, ret_version));
}

enum status version_list(struct tenants *tenants, struct str tenant, struct str form, uint32_t before,
                         uint32_t count_max, struct arena *arena, struct version_page *ret_page)
{
    struct reader reader;
    struct version_page page = {0};
    uint32_t rows = page_rows(count_max);
    page.items = ARENA_ARRAY(arena, struct version_record, rows);
    if (!page.items) return arena_failure(arena);
    enum status st = reader_begin(tenants, tenant, &reader);
    if (st) return st;
    struct query query = query_on(reader.db, SQL_VERSION_LIST);
    query_put_str(&query, form);
    query_put_int(&query, before ? (int64_t)before : INT64_MAX);
    query_put_int(&query, (int64_t)rows + 1);
    while (query_row(&query) && !(page.more = page.count == rows))
        page.items[page.count++] = take_version(&query, arena);
    st = reader_end(&reader, query_end(&query));
    if (!st) *ret_page = page;
    return st;
}

static enum status find_by_hash(struct vault *vault, struct write *write, int64_t form_id,
                                const struct digest *source_hash, bool *ret_found)
{
    struct version_publish *publish = &write->version_publish;
    struct query query = query_on(&vault->writer, SQL_VERSION_BY_HASH);
    query_put_int(&query, form_id);
    query_put_digest(&query, source_hash);
    *ret_found = query_row(&query);
    if (*ret_found) publish->ret_version = take_version(&query, write->arena);
    return query_end(&query);
}

static enum status add_row(struct vault *vault, const struct write *write,
                           const struct version_record *version)
{
    struct query query = query_on(&vault->writer, SQL_VERSION_ADD);
    query_put_int(&query, version->form_id);
    query_put_int(&query, version->number);
    query_put_str(&query, write->version_publish.source);
    query_put_digest(&query, &version->source_hash);
    query_put_str(&query, version->edition);
    query_put_str(&query, version->compiler_version);
    query_put_int(&query, version->published_ms);
    query_put_str(&query, version->published_by);
    return query_run(&query);
}

static enum status set_title(struct vault *vault, const struct form_record *form, struct str title)
{
    if (title.len == 0 || str_eq(title, form->title)) return ST_OK;
    struct query query = query_on(&vault->writer, SQL_FORM_SET_TITLE);
    query_put_str(&query, title);
    query_put_int(&query, form->id);
    return query_run(&query);
}

/* The version, its audit row, and what changes about the form with it. */
static enum status add(struct vault *vault, struct write *write, struct form_record *form,
                       const struct digest *source_hash)
{
    struct version_publish *publish = &write->version_publish;
    struct version_record version = {.form_id = form->id,
                                     .number = form->newest + 1,
                                     .source_hash = *source_hash,
                                     .edition = publish->edition,
                                     .compiler_version = publish->compiler_version,
                                     .published_ms = write->actor.at_ms,
                                     .published_by = write->actor.who};
    enum status st = add_row(vault, write, &version);
    if (!st) st = set_title(vault, form, publish->title);
    if (st) return st;
    publish->ret_version = version;
    bool broken = publish->breaks && publish->forced;
    bool is_live = publish->channel.len == 0 || str_eq(publish->channel, STR("live"));
    struct str detail =
        arena_printf(write->arena, "version %u%s%.*s%s", version.number, is_live ? "" : ", channel ",
                     is_live ? 0 : (int)publish->channel.len, is_live ? "" : publish->channel.ptr,
                     broken ? ", stored answers do not fit" : "");
    if (!detail.ptr) return arena_failure(write->arena);
    return apply_audit(vault, write, form->name, detail);
}

/* Where the version is served from now on, and whether the form is open. */
static enum status show(struct vault *vault, struct write *write, struct form_record *form)
{
    const struct version_publish *publish = &write->version_publish;
    enum status st = ST_OK;
    if (!str_eq(publish->channel, STR("none")))
        st = channel_point(vault, write, form, publish->channel, publish->ret_version.number,
                           publish->ret_existing);
    if (st || !publish->opens || form->state != FORM_DRAFT) return st;
    return form_move(vault, write, form, FORM_OPEN);
}

static enum status put_artefact(struct vault *vault, int64_t form_id, uint32_t number,
                                const struct artefact *artefact)
{
    struct query query = query_on(&vault->writer, SQL_ARTEFACT_SET);
    query_put_int(&query, form_id);
    query_put_int(&query, number);
    query_put_str(&query, artefact->kind);
    query_put_str(&query, artefact->compiler_version);
    query_put_bytes(&query, artefact->bytes);
    return query_run(&query);
}

static bool is_small(struct str text)
{
    return text.len > 0 && text.len <= limit(META_BYTES);
}

static bool artefact_fits(const struct artefact *artefact)
{
    return is_small(artefact->kind) && is_small(artefact->compiler_version) &&
           artefact->bytes.len <= limit(ARTEFACT_BYTES);
}

static bool publish_fits(const struct version_publish *publish)
{
    bool fits = publish->source.len <= limit(SOURCE_BYTES) && is_small(publish->edition) &&
                is_small(publish->compiler_version) && publish->title.len <= limit(TITLE_BYTES) &&
                publish->artefacts_count <= limit(ARTEFACTS);
    for (uint32_t i = 0; fits && i < publish->artefacts_count; i++)
        fits = artefact_fits(&publish->artefacts[i]);
    return fits;
}

/* What was compared with the newest version, and with the live one, must still be true of them. */
static enum status judge_comparison(struct vault *vault, struct write *write,
                                    const struct form_record *form)
{
    const struct version_publish *publish = &write->version_publish;
    uint32_t live = publish->compared_live;
    if (!publish->compared) return ST_OK;
    enum status st = live ? channel_live_in(&vault->writer, form->name, write->arena, &live) : ST_OK;
    if (st) return st;
    if (publish->compared_to != form->newest || publish->compared_live != live)
        return apply_refuse(write, REFUSAL_VERSION_OVERTAKEN);
    return publish->breaks && !publish->forced ? apply_refuse(write, REFUSAL_BREAKING_CHANGE) : ST_OK;
}

enum status version_publish_apply(struct vault *vault, struct write *write)
{
    struct version_publish *publish = &write->version_publish;
    struct form_record form;
    struct digest source_hash = digest_of(publish->source);
    if (!publish_fits(publish)) return apply_refuse(write, REFUSAL_BAD_VALUE);
    enum status st = form_need(vault, write, publish->form, &form);
    if (st) return st;
    if (form.state == FORM_ARCHIVED) return apply_refuse(write, REFUSAL_FORM_ARCHIVED);
    if (publish->check_draft) st = form_match_draft(write, &form, &publish->if_match);
    if (!st) st = find_by_hash(vault, write, form.id, &source_hash, &publish->ret_existing);
    if (!st && !publish->ret_existing) st = judge_comparison(vault, write, &form);
    if (!st && !publish->ret_existing) st = quota_count(vault, write, QUOTA_VERSIONS);
    if (!st && !publish->ret_existing) st = quota_room(vault, write);
    if (!st && !publish->ret_existing) st = add(vault, write, &form, &source_hash);
    for (uint32_t i = 0; !st && i < publish->artefacts_count; i++)
        st = put_artefact(vault, form.id, publish->ret_version.number, &publish->artefacts[i]);
    return st ? st : show(vault, write, &form);
}

enum status artefact_put_apply(struct vault *vault, struct write *write)
{
    const struct artefact_put *put = &write->artefact_put;
    if (!artefact_fits(&put->artefact)) return apply_refuse(write, REFUSAL_BAD_VALUE);
    struct query query = query_on(&vault->writer, SQL_VERSION_THERE);
    query_put_int(&query, put->form_id);
    query_put_int(&query, put->number);
    bool there = query_row(&query);
    enum status st = query_end(&query);
    if (st) return st;
    if (!there) return apply_refuse(write, REFUSAL_VERSION_ABSENT);
    return put_artefact(vault, put->form_id, put->number, &put->artefact);
}

static enum status find_artefact(struct database *db, int64_t form_id, uint32_t number, struct str kind,
                                 struct str compiler_version, struct arena *arena,
                                 struct str *ret_bytes)
{
    struct str bytes = STR("");
    struct query query = query_on(db, SQL_ARTEFACT_FIND);
    query_put_int(&query, form_id);
    query_put_int(&query, number);
    query_put_str(&query, kind);
    query_put_str(&query, compiler_version);
    bool found = query_row(&query);
    if (found) bytes = query_str(&query, arena);
    enum status st = query_end_one(&query, found);
    if (st) return st;
    *ret_bytes = bytes;
    return ST_OK;
}

enum status artefact_find(struct tenants *tenants, struct str tenant, int64_t form_id, uint32_t number,
                          struct str kind, struct str compiler_version, struct arena *arena,
                          struct str *ret_bytes)
{
    struct reader reader;
    enum status st = reader_begin(tenants, tenant, &reader);
    if (st) return st;
    return reader_end(
        &reader, find_artefact(reader.db, form_id, number, kind, compiler_version, arena, ret_bytes));
}
