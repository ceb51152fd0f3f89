/* Definition: one published version, compiled and dressed for the front end. engine/definition.c */
#include "engine/inside.h"

#include <assert.h>

struct definition *definition_retain(struct definition *definition)
{
    atomic_fetch_add_explicit(&definition->references, 1, memory_order_relaxed);
    return definition;
}

static void definition_free(struct definition *definition)
{
    void *kept = definition_kept(definition);
    if (kept) definition->presenter->discard(kept);
    pthread_mutex_destroy(&definition->dressing);
    tenancy_release(definition->tenancy);
    program_release(definition->program);
    common_leave(definition->common);
    arena_release(&definition->arena);
    mem_free(definition->mem, definition, definition->block_bytes);
}

void definition_release(struct definition *definition)
{
    if (!definition) return;
    if (atomic_fetch_sub_explicit(&definition->references, 1, memory_order_acq_rel) == 1)
        definition_free(definition);
}

/* The names stand behind the struct, in the same block. */
static struct definition *definition_new(struct mem *mem, struct str tenant, struct str form,
                                         const struct version_text *version)
{
    size_t block_bytes = sizeof(struct definition) + tenant.len + form.len;
    struct definition *definition = mem_zalloc(mem, block_bytes);
    if (!definition) return NULL;
    char *names = (char *)(definition + 1);
    memcpy(names, tenant.ptr, tenant.len);
    memcpy(names + tenant.len, form.ptr, form.len);
    definition->mem = mem;
    definition->tenant = (struct str){names, tenant.len};
    definition->form = (struct str){names + tenant.len, form.len};
    definition->owner = digest_short(tenant);
    definition->form_id = version->form_id;
    definition->number = version->number;
    definition->hash = version->source_hash;
    definition->block_bytes = block_bytes;
    arena_init(&definition->arena, mem, limit(ZONE_ARENA_BYTES));
    pthread_mutex_init(&definition->dressing, NULL);
    atomic_init(&definition->references, 1);
    return definition;
}

static enum status open_zone(struct definition *definition)
{
    struct str name = definition->program->timezone;
    definition->zone = zone_utc();
    if (name.len == 0 || str_eq(name, STR("UTC"))) return ST_OK;
    return zone_open(&definition->arena, name, &definition->zone);
}

/* For fields that are times in zones of their own. */
static enum status open_atlas(struct engine *engine, struct definition *definition)
{
    if (!definition->program->zoned) return ST_OK;
    enum status st = engine_atlas(engine, &definition->atlas);
    if (st) return st;
    return program_zone_missing(definition->program, definition->atlas).len ? ST_ABSENT : ST_OK;
}

/* Whoever has many forms that push one another out of memory pays for reading them again. What others
 * have in memory is not their affair: it costs as much when nothing need be compiled. */
static void charge(struct engine *engine, const struct definition *definition, struct str source)
{
    tenancy_charge(definition->tenancy, clock_steady_ns(engine->clock) / 1000,
                   (uint64_t)source.len * limit(COMPILE_STEPS_PER_BYTE));
}

/* What was published once must compile for ever; that it does not is our fault, and told to the
 * operator. */
static enum status compile(struct engine *engine, const struct definition *definition,
                           struct str source, bool whole, struct arena *arena, bool *ret_alone,
                           struct program **ret_program)
{
    struct diags diags;
    diags_init(&diags, arena, limit(DIAGNOSTICS));
    struct price_caps caps = price_caps_none(); /* it was within them when it was published */
    struct shelf shelf;
    shelf_open(&shelf, engine, definition->tenant, arena);
    enum status st =
        whole ? dsl_compile_with(engine->mem, source, &shelf.tables, &caps, &diags, NULL, ret_program)
              : dsl_compile_published(engine->mem, source, &definition->hash, &shelf.tables, &diags,
                                      ret_program);
    *ret_alone = shelf.held_count == 0;
    shelf_close(&shelf);
    if (st == ST_INPUT) {
        log_event(engine->log, LOG_ERROR, "a published version no longer compiles",
                  LOG_STR("tenant", definition->tenant), LOG_STR("form", definition->form),
                  LOG_INT("version", definition->number),
                  LOG_STR("code", str_of(diags.count ? diags.items[0].code : "")));
        return ST_FAULT;
    }
    return st;
}

enum status definition_compile(struct engine *engine, const struct definition *definition,
                               struct str source, bool whole, struct arena *arena,
                               struct program **ret_program)
{
    bool alone;
    charge(engine, definition, source);
    return compile(engine, definition, source, whole, arena, &alone, ret_program);
}

static void use(struct definition *definition, struct common *common)
{
    struct program *own = definition->program;
    definition->common = common;
    definition->program = program_retain(common->program);
    program_release(own);
}

/* Compiled, unless somebody has the program already. `alone`: it is made of its source and nothing
 * else; tables are a tenant's own. */
static enum status find_program(struct engine *engine, struct definition *definition, struct str source,
                                struct arena *arena)
{
    bool alone;
    struct commons_key key = commons_key(source, &definition->hash);
    struct common *common = commons_find(&engine->commons, &key);
    charge(engine, definition, source);
    if (!common) {
        enum status st =
            compile(engine, definition, source, false, arena, &alone, &definition->program);
        if (st || !alone) return st;
        st = commons_add(&engine->commons, &key, definition->program, &common);
        if (st) return st;
    }
    use(definition, common);
    return ST_OK;
}

static enum status build(struct engine *engine, struct tenancy *tenancy, struct str tenant,
                         struct str form, const struct version_text *version, struct arena *arena,
                         struct definition **ret_definition)
{
    struct definition *definition = definition_new(engine->mem, tenant, form, version);
    if (!definition) return ST_NOMEM;
    definition->tenancy = tenancy_retain(tenancy);
    definition->presenter = engine->presenter;
    enum status st = find_program(engine, definition, version->source, arena);
    if (!st) st = open_zone(definition);
    if (!st) st = open_atlas(engine, definition);
    if (st) {
        definition_release(definition);
        return st;
    }
    /* Also what is shared is counted wholly: so what stays in memory does not depend on others. */
    definition->bytes =
        definition->block_bytes + definition->arena.held_bytes + program_bytes(definition->program);
    definition->usage = usage_row(&engine->usage, tenant, form);
    tally_add(&engine->tally.definitions_loaded, 1);
    *ret_definition = definition;
    return ST_OK;
}

/* Only active tenants' forms are served, and not from the archive. */
static enum status read_text(struct engine *engine, const struct tenancy *tenancy, struct str tenant,
                             struct str form, uint32_t number, bool to_serve, struct arena *arena,
                             struct version_text *ret_version)
{
    if (to_serve && tenancy->state != TENANT_ACTIVE) return ST_ABSENT;
    enum status st = version_read(engine->tenants, tenant, form, number, arena, ret_version);
    if (st) return st;
    return to_serve && ret_version->state == FORM_ARCHIVED ? ST_ABSENT : ST_OK;
}

static enum status load_version(struct engine *engine, struct str tenant, struct str form,
                                uint32_t number, bool to_serve, struct definition **ret_definition)
{
    struct arena arena;
    arena_init(&arena, engine->mem, limit(DEFINITION_ARENA_BYTES));
    struct version_text version;
    struct tenancy *tenancy = NULL;
    enum status st = tenancies_get(engine, tenant, &tenancy);
    if (!st) st = read_text(engine, tenancy, tenant, form, number, to_serve, &arena, &version);
    if (!st) st = build(engine, tenancy, tenant, form, &version, &arena, ret_definition);
    tenancy_release(tenancy);
    arena_release(&arena);
    return st;
}

enum status definition_load(struct engine *engine, struct str tenant, struct str form, uint32_t number,
                            struct definition **ret_definition)
{
    return load_version(engine, tenant, form, number, true, ret_definition);
}

enum status engine_stored(struct engine *engine, struct str tenant, struct str form, uint32_t number,
                          struct definition **ret_definition)
{
    enum status st = engine_fetch(engine, tenant, form, number, ret_definition);
    return st == ST_ABSENT ? load_version(engine, tenant, form, number, false, ret_definition) : st;
}

struct definition *engine_aim_cached(struct engine *engine, struct str tenant, struct str form,
                                     struct aim aim)
{
    return cache_find(&engine->cache, tenant, form, aim);
}

static enum status read_channel(struct engine *engine, struct str tenant, struct str form,
                                struct aim aim, uint32_t *ret_number)
{
    struct tenancy *tenancy = NULL;
    enum status st = tenancies_get(engine, tenant, &tenancy);
    if (!st && tenancy->state != TENANT_ACTIVE) st = ST_ABSENT;
    tenancy_release(tenancy);
    if (st) return st;
    uint32_t bucket = aim.bucket ? aim.bucket - 1 : CHANNEL_NO_BUCKET;
    return channel_aim(engine->tenants, tenant, form, aim.channel, bucket, ret_number);
}

/* What a channel stands for is the definition of a number, which may be there already: moving a channel
 * back costs no compilation. */
static enum status load(struct engine *engine, struct str tenant, struct str form, struct aim aim,
                        struct definition **ret_definition)
{
    uint32_t number = 0;
    if (aim.number) return definition_load(engine, tenant, form, aim.number, ret_definition);
    enum status st = read_channel(engine, tenant, form, aim, &number);
    if (st) return st;
    return engine_aim(engine, tenant, form, (struct aim){.number = number}, ret_definition);
}

enum status engine_aim(struct engine *engine, struct str tenant, struct str form, struct aim aim,
                       struct definition **ret_definition)
{
    struct cache *cache = &engine->cache;
    struct cache_load here = {.tenant = tenant, .form = form, .aim = aim};
    while (true) {
        struct definition *found = cache_find(cache, tenant, form, aim);
        if (found) {
            *ret_definition = found;
            return ST_OK;
        }
        if (cache_load_begin(cache, &here)) break;
    }
    uint64_t epoch = cache_epoch(cache, tenant);
    struct definition *definition;
    enum status st = load(engine, tenant, form, aim, &definition);
    if (!st) {
        cache_put(cache, tenant, form, aim, definition, epoch);
        *ret_definition = definition;
    }
    cache_load_end(cache, &here);
    return st;
}

struct definition *engine_fetch_cached(struct engine *engine, struct str tenant, struct str form,
                                       uint32_t number)
{
    return engine_aim_cached(engine, tenant, form, (struct aim){.number = number});
}

enum status engine_fetch(struct engine *engine, struct str tenant, struct str form, uint32_t number,
                         struct definition **ret_definition)
{
    return engine_aim(engine, tenant, form, (struct aim){.number = number}, ret_definition);
}
