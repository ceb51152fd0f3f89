/* Publication: text to a version with its artefacts, or to diagnostics. engine/publication.c */
#include "engine/inside.h"

#include "base/utf8.h"

#include <assert.h>

struct str program_title(const struct program *program, struct arena *arena)
{
    struct buf out;
    buf_init(&out, mem_heap(), (size_t)limit(TEXT_BYTES) + 4);
    if (program->title.bytes) passage_put_literals(passage_open(&program->title, 0), &out);
    struct str title = buf_str(&out);
    if (title.len > limit(TITLE_BYTES))
        title.len = utf8_valid_len((struct str){title.ptr, (size_t)limit(TITLE_BYTES)});
    title = arena_str(arena, title.len ? title : program->name);
    buf_release(&out);
    return title;
}

static void check_describe(struct check *check, const struct program *program, struct arena *arena)
{
    check->ok = true;
    check->name = arena_str(arena, program->name);
    check->title = program_title(program, arena);
    check->edition = program->edition;
    for (uint32_t i = 0; i < program->node_count; i++)
        check->field_count += program->nodes[i].kind == NODE_FIELD;
}

enum status call_caps(struct call *call, struct str tenant, struct price_caps *ret_caps)
{
    struct tenant_record record;
    enum status st = tenant_find(call->engine->tenants, tenant, call->arena, &record);
    if (st) return st;
    const int64_t *value = record.quotas.value;
    *ret_caps = (struct price_caps){.steps_max = (uint64_t)value[QUOTA_JUDGING_STEPS],
                                    .memory_bytes_max = (uint64_t)value[QUOTA_JUDGING_MEMORY_BYTES],
                                    .verdict_bytes_max = (uint64_t)value[QUOTA_VERDICT_BYTES]};
    return ST_OK;
}

enum status call_pay(struct call *call, struct str tenant, uint64_t steps, bool begun)
{
    struct tenancy *tenancy;
    enum status st = tenancies_get(call->engine, tenant, &tenancy);
    if (st) return st;
    int64_t now_us = clock_steady_ns(call->engine->clock) / 1000;
    if (begun) tenancy_charge(tenancy, now_us, steps);
    else if (!tenancy_work(tenancy, now_us, steps, &call->excess)) st = ST_LIMIT;
    tenancy_release(tenancy);
    return st;
}

/* ---- zones: the compiler knows none */

static struct str missing_zone(const struct program *program, const struct atlas *atlas)
{
    if (atlas_find(atlas, program->timezone) == NAME_ABSENT) return program->timezone;
    return program_zone_missing(program, atlas);
}

/* Where the source first says it, in quotes. */
static struct span span_of(struct str source, struct str text)
{
    for (size_t i = 0; i + text.len + 2 <= source.len; i++)
        if (source.ptr[i] == '"' && source.ptr[i + 1 + text.len] == '"' &&
            str_eq((struct str){source.ptr + i + 1, text.len}, text))
            return (struct span){(uint32_t)i, (uint32_t)text.len + 2};
    return (struct span){0, 0};
}

/* Whether the form can be judged here. */
static enum status check_zones(struct engine *engine, struct str source, const struct program *program,
                               struct check *check, bool *ret_known)
{
    const struct atlas *atlas;
    *ret_known = true;
    if (!program->zoned && str_eq(program->timezone, STR("UTC"))) return ST_OK;
    enum status st = engine_atlas(engine, &atlas);
    if (st) return st;
    struct str missing = missing_zone(program, atlas);
    *ret_known = missing.len == 0;
    if (missing.len)
        diag_addf(&check->diags, DIAG_ERROR, "E0224", span_of(source, missing),
                  "as in \"Europe/Berlin\": the names are those of the IANA data base",
                  "there is no time zone \"%.*s\" here", STR_ARG(missing));
    return ST_OK;
}

/* *ret_program is written when ret_check->ok. */
static enum status compile(struct call *call, struct str tenant, struct str source,
                           struct check *ret_check, struct program **ret_program)
{
    struct price_caps caps;
    *ret_check = (struct check){.ok = false};
    diags_init(&ret_check->diags, call->arena, limit(DIAGNOSTICS));
    enum status st = call_caps(call, tenant, &caps);
    if (!st) st = call_pay(call, tenant, (uint64_t)source.len * limit(COMPILE_STEPS_PER_BYTE), false);
    if (st) return st;
    struct shelf shelf;
    shelf_open(&shelf, call->engine, tenant, call->arena);
    st = dsl_compile_with(call->engine->mem, source, &shelf.tables, &caps, &ret_check->diags,
                          &ret_check->price, ret_program);
    shelf_close(&shelf);
    if (st == ST_INPUT) return ST_OK;
    if (st) return st;
    bool known;
    st = check_zones(call->engine, source, *ret_program, ret_check, &known);
    if (st || !known) {
        program_release(*ret_program);
        *ret_program = NULL;
        return st;
    }
    check_describe(ret_check, *ret_program, call->arena);
    return ST_OK;
}

enum status engine_check(struct call *call, struct str tenant, struct str source,
                         struct check *ret_check)
{
    struct program *program = NULL;
    enum status st = compile(call, tenant, source, ret_check, &program);
    program_release(program);
    return st;
}

/* ---- comparing */

/* Both are compiled: what a comparison costs is paid as two compilations are. `begun`: as in
 * call_pay(). */
static enum status compare_sources(struct call *call, struct str tenant, struct str from, struct str to,
                                   bool begun, struct check *ret_check, struct dsl_diff *ret_diff)
{
    struct shelf shelf;
    struct diags ignored;
    *ret_check = (struct check){.ok = false};
    diags_init(&ret_check->diags, call->arena, limit(DIAGNOSTICS));
    diags_init(&ignored, call->arena, limit(DIAGNOSTICS));
    enum status st =
        call_pay(call, tenant, (uint64_t)(from.len + to.len) * limit(COMPILE_STEPS_PER_BYTE), begun);
    if (st) return st;
    shelf_open(&shelf, call->engine, tenant, call->arena);
    st = dsl_diff(call->arena, &(struct dsl_side){from, &shelf.tables, &ignored},
                  &(struct dsl_side){to, &shelf.tables, &ret_check->diags}, ret_diff);
    shelf_close(&shelf);
    return st;
}

enum status engine_compare(struct call *call, struct comparison *comparison)
{
    struct version_record from, to;
    struct draft_record draft;
    enum status st =
        engine_version_find(call, comparison->tenant, comparison->form, comparison->from, &from);
    if (!st && comparison->to)
        st = engine_version_find(call, comparison->tenant, comparison->form, comparison->to, &to);
    if (!st && !comparison->to)
        st = engine_draft_find(call, comparison->tenant, comparison->form, &draft);
    if (st) return st;
    comparison->to_source = comparison->to ? to.source : draft.source;
    st = compare_sources(call, comparison->tenant, from.source, comparison->to_source, false,
                         &comparison->check, &comparison->diff);
    if (!st) comparison->check.ok = true;
    return st;
}

enum status engine_version_open(struct call *call, struct str tenant, struct str form, uint32_t number,
                                struct version_record *ret_version)
{
    enum status st = engine_version_find(call, tenant, form, number, ret_version);
    return st ? st
              : call_pay(call, tenant,
                         (uint64_t)ret_version->source.len * limit(COMPILE_STEPS_PER_BYTE), false);
}

enum status engine_module(struct call *call, const struct definition *definition, struct str *ret_text)
{
    struct version_record version;
    struct diags diags;
    struct shelf shelf;
    enum status st =
        engine_version_open(call, definition->tenant, definition->form, definition->number, &version);
    if (st) return st;
    diags_init(&diags, call->arena, limit(DIAGNOSTICS));
    shelf_open(&shelf, call->engine, definition->tenant, call->arena);
    st = dsl_print_module(call->arena, version.source, &shelf.tables, &diags, ret_text);
    shelf_close(&shelf);
    if (st == ST_INPUT) return ST_FAULT; /* what was published compiles for ever */
    return st == ST_LIMIT ? ST_TOO_LARGE : st;
}

static enum status derive(struct call *call, const struct derivation *derivation, struct str render,
                          struct artefact *ret_artefact)
{
    struct buf out;
    buf_init(&out, call->engine->mem, limit(ARTEFACT_BYTES));
    enum status st = derivation->derive(render, &out);
    struct str bytes = st ? STR("") : arena_str(call->arena, buf_str(&out));
    buf_release(&out);
    if (st) return st;
    if (!bytes.ptr) return ST_NOMEM;
    *ret_artefact = (struct artefact){str_of(derivation->kind), STR(PROGRAM_COMPILER_VERSION), bytes};
    return ST_OK;
}

/* The render document and what the front end derives from it. */
static enum status make_artefacts(struct call *call, const struct program *program,
                                  struct artefact ret_artefacts[LIMIT_ARTEFACTS], uint32_t *ret_count)
{
    const struct presenter *presenter = call->engine->presenter;
    uint32_t count = 0;
    ret_artefacts[count++] =
        (struct artefact){STR("render"), STR(PROGRAM_COMPILER_VERSION), program->render};
    for (uint32_t i = 0; presenter && i < presenter->derivation_count; i++) {
        assert(count < limit(ARTEFACTS));
        enum status st =
            derive(call, &presenter->derivations[i], program->render, &ret_artefacts[count]);
        if (st) return st;
        count++;
    }
    *ret_count = count;
    return ST_OK;
}

/* The versions that were compared with; 0: none. */
struct earlier {
    uint32_t newest, live;
    bool breaks; /* answers to one of them do not fit, and nothing says what becomes of them */
};

static enum status write_version(struct call *call, const struct publication *publication,
                                 const struct program *program, const struct earlier *earlier,
                                 const struct artefact *artefacts, uint32_t count,
                                 struct published *ret_published)
{
    /* The version that comes back borrows it. */
    struct str edition = arena_printf(call->arena, "%u", (unsigned)program->edition);
    if (!edition.ptr) return ST_NOMEM;
    struct write write = {.kind = WRITE_VERSION_PUBLISH,
                          .tenant = publication->tenant,
                          .version_publish = {.form = publication->form,
                                              .source = publication->source,
                                              .edition = edition,
                                              .compiler_version = STR(PROGRAM_COMPILER_VERSION),
                                              .title = ret_published->check.title,
                                              .check_draft = publication->check_draft,
                                              .if_match = publication->if_match,
                                              .opens = publication->channel.len == 0 ||
                                                       str_eq(publication->channel, STR("live")),
                                              .channel = publication->channel,
                                              .compared = true,
                                              .compared_to = earlier->newest,
                                              .compared_live = earlier->live,
                                              .breaks = earlier->breaks,
                                              .forced = publication->allow_breaking,
                                              .artefacts = artefacts,
                                              .artefacts_count = count}};
    enum status st = call_write(call, &write);
    if (st) return st;
    cache_forget_channels(&call->engine->cache, publication->tenant, publication->form);
    ret_published->existing = write.version_publish.ret_existing;
    ret_published->version = write.version_publish.ret_version;
    return ST_OK;
}

/* Clauses of the form that say what becomes of answers to earlier versions. */
struct clauses {
    uint32_t numbers[LIMIT_MIGRATIONS];
    uint32_t count;
};

static bool is_covered(const struct clauses *clauses, uint32_t number)
{
    for (uint32_t i = 0; i < clauses->count; i++)
        if (clauses->numbers[i] == number) return true;
    return false;
}

/* Each is checked against the version that it is for. */
static enum status check_clauses(struct call *call, const struct publication *publication,
                                 struct clauses *clauses, struct published *ret_published)
{
    enum status st =
        dsl_migration_versions(call->arena, publication->source, clauses->numbers, &clauses->count);
    for (uint32_t i = 0; !st && i < clauses->count; i++) {
        struct dsl_migration *migration = NULL;
        diags_init(&ret_published->check.diags, call->arena, limit(DIAGNOSTICS));
        st = carrying_compile(call, publication->tenant, publication->form, clauses->numbers[i],
                              publication->source, &ret_published->check.diags, &migration);
        dsl_migration_free(migration);
    }
    return st;
}

static enum status compare_one(struct call *call, const struct publication *publication,
                               uint32_t number, struct dsl_diff *ret_diff)
{
    struct version_record version;
    struct check check;
    enum status st =
        engine_version_find(call, publication->tenant, publication->form, number, &version);
    if (st) return st;
    return compare_sources(call, publication->tenant, version.source, publication->source, true, &check,
                           ret_diff);
}

/* With the newest version and with what live stands for, if that is another. The greater difference is
 * told. The first version has nothing to be compared with. */
static enum status compare_earlier(struct call *call, const struct publication *publication,
                                   const struct clauses *clauses, struct earlier *ret_earlier,
                                   struct published *ret_published)
{
    struct form_record form = {.newest = 0};
    struct channel_record live = {.version = 0};
    struct dsl_diff diff;
    enum status st = engine_form_find(call, publication->tenant, publication->form, &form);
    if (!st) st = engine_channel_find(call, publication->tenant, publication->form, STR(""), &live);
    if (st && st != ST_ABSENT) return st;
    *ret_earlier = (struct earlier){form.newest, live.version, false};
    ret_published->compared_to = form.newest;
    ret_published->diff = (struct dsl_diff){.diff_class = DIFF_IDENTICAL};
    if (form.newest == 0) return ST_OK;
    st = compare_one(call, publication, form.newest, &ret_published->diff);
    ret_earlier->breaks =
        ret_published->diff.diff_class == DIFF_BREAKING && !is_covered(clauses, form.newest);
    if (st || live.version == 0 || live.version == form.newest) return st;
    st = compare_one(call, publication, live.version, &diff);
    if (!st && diff.diff_class == DIFF_BREAKING && !is_covered(clauses, live.version))
        ret_earlier->breaks = true;
    if (st || diff.diff_class <= ret_published->diff.diff_class) return st;
    ret_published->compared_to = live.version;
    ret_published->diff = diff;
    return ST_OK;
}

static enum status publish_program(struct call *call, const struct publication *publication,
                                   const struct program *program, struct published *ret_published)
{
    struct artefact artefacts[LIMIT_ARTEFACTS];
    struct earlier earlier;
    struct clauses clauses = {.count = 0};
    uint32_t count = 0;
    enum status st = call_pay(call, publication->tenant,
                              (uint64_t)program->render.len * limit(DERIVE_STEPS_PER_BYTE), true);
    if (!st) st = make_artefacts(call, program, artefacts, &count);
    if (!st) st = check_clauses(call, publication, &clauses, ret_published);
    if (!st) st = compare_earlier(call, publication, &clauses, &earlier, ret_published);
    if (!st) st = write_version(call, publication, program, &earlier, artefacts, count, ret_published);
    return st;
}

/* Where the text comes from: given, then the form may be new; or the draft. */
static enum status take_source(struct call *call, struct publication *publication)
{
    if (publication->source.len == 0) {
        struct draft_record draft;
        enum status st = engine_draft_find(call, publication->tenant, publication->form, &draft);
        if (!st) publication->source = draft.source;
        return st;
    }
    struct form_record form;
    enum status st = engine_form_find(call, publication->tenant, publication->form, &form);
    if (st != ST_ABSENT) return st;
    st = engine_form_create(call, publication->tenant, publication->form, publication->form, &form);
    return call->refusal == REFUSAL_FORM_EXISTS ? ST_OK : st;
}

/* A published form says which version of each table it means. */
static enum status pin_tables(struct call *call, struct publication *publication)
{
    struct shelf shelf;
    shelf_open(&shelf, call->engine, publication->tenant, call->arena);
    enum status st =
        dsl_pin_tables(call->arena, publication->source, &shelf.tables, &publication->source);
    shelf_close(&shelf);
    return st;
}

enum status engine_publish(struct call *call, const struct publication *publication,
                           struct published *ret_published)
{
    struct publication work = *publication;
    *ret_published = (struct published){.existing = false};
    enum status st = take_source(call, &work);
    if (st) return st;
    struct program *program = NULL;
    st = pin_tables(call, &work);
    if (st) return st;
    ret_published->source = work.source;
    st = compile(call, work.tenant, work.source, &ret_published->check, &program);
    if (st) return st;
    if (!ret_published->check.ok) {
        call->refusal = REFUSAL_NONE;
        return ST_INPUT;
    }
    st = publish_program(call, &work, program, ret_published);
    program_release(program);
    return st;
}
