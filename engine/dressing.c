/* Dressing: what the front end keeps beside a definition, made when somebody first asks for it: who
 * only judges by a form never pays for its documents. engine_dress() of engine/engine.h */
#include "engine/inside.h"

#include <assert.h>

static void store(struct engine *engine, const struct definition *definition, const char *kind,
                  struct str bytes, struct arena *arena)
{
    struct call call;
    call_init(&call, engine, arena, STR("engine"));
    struct write write = {
        .kind = WRITE_ARTEFACT_PUT,
        .tenant = definition->tenant,
        .artefact_put = {.form_id = definition->form_id,
                         .number = definition->number,
                         .artefact = {.kind = str_of(kind),
                                      .compiler_version = STR(PROGRAM_COMPILER_VERSION),
                                      .bytes = bytes}}};
    enum status st = call_write(&call, &write);
    if (st)
        log_event(engine->log, LOG_WARN, "derived bytes are not stored",
                  LOG_STR("tenant", definition->tenant), LOG_STR("form", definition->form),
                  LOG_STR("kind", str_of(kind)), LOG_STR("status", str_of(status_name(st))));
}

/* ST_ABSENT: not as this compiler makes it. */
static enum status find(struct engine *engine, const struct definition *definition, const char *kind,
                        struct arena *arena, struct str *ret_bytes)
{
    return artefact_find(engine->tenants, definition->tenant, definition->form_id, definition->number,
                         str_of(kind), STR(PROGRAM_COMPILER_VERSION), arena, ret_bytes);
}

static enum status make_render(struct engine *engine, const struct definition *definition,
                               struct arena *arena, struct str *ret_render)
{
    struct version_text version;
    struct program *program;
    enum status st = version_read(engine->tenants, definition->tenant, definition->form,
                                  definition->number, arena, &version);
    if (!st) st = definition_compile(engine, definition, version.source, true, arena, &program);
    if (st) return st;
    *ret_render = arena_str(arena, program->render);
    program_release(program);
    return ret_render->ptr ? ST_OK : ST_NOMEM;
}

static enum status derive(struct engine *engine, const struct derivation *derivation, struct str render,
                          struct arena *arena, struct str *ret_bytes)
{
    struct buf out;
    buf_init(&out, engine->mem, limit(ARTEFACT_BYTES));
    enum status st = derivation->derive(render, &out);
    if (!st) {
        *ret_bytes = arena_str(arena, buf_str(&out));
        if (!ret_bytes->ptr) st = ST_NOMEM;
    }
    buf_release(&out);
    return st;
}

/* From the storage, or made anew and stored for the next time. In the arena. */
static enum status get_render(struct engine *engine, const struct definition *definition,
                              struct arena *arena, struct str *ret_render)
{
    enum status st = find(engine, definition, "render", arena, ret_render);
    if (st != ST_ABSENT) return st;
    st = make_render(engine, definition, arena, ret_render);
    if (!st) store(engine, definition, "render", *ret_render, arena);
    return st;
}

/* Likewise. */
static enum status get_derived(struct engine *engine, const struct definition *definition,
                               const struct derivation *derivation, struct str render,
                               struct arena *arena, struct str *ret_bytes)
{
    enum status st = find(engine, definition, derivation->kind, arena, ret_bytes);
    if (st != ST_ABSENT) return st;
    st = derive(engine, derivation, render, arena, ret_bytes);
    if (!st) store(engine, definition, derivation->kind, *ret_bytes, arena);
    return st;
}

static enum status present(struct engine *engine, struct definition *definition, struct arena *arena,
                           void **ret_kept, size_t *ret_bytes)
{
    const struct presenter *presenter = engine->presenter;
    struct str render, derived[LIMIT_ARTEFACTS];
    assert(presenter->derivation_count < limit(ARTEFACTS));
    enum status st = get_render(engine, definition, arena, &render);
    for (uint32_t i = 0; !st && i < presenter->derivation_count; i++)
        st = get_derived(engine, definition, &presenter->derivations[i], render, arena, &derived[i]);
    return st ? st : presenter->present(definition, render, derived, ret_kept, ret_bytes);
}

/* Under the definition's lock. */
static enum status dress(struct engine *engine, struct definition *definition)
{
    struct arena arena;
    void *kept;
    size_t bytes = 0;
    arena_init(&arena, engine->mem, limit(DEFINITION_ARENA_BYTES));
    enum status st = present(engine, definition, &arena, &kept, &bytes);
    arena_release(&arena);
    if (st) return st;
    atomic_store_explicit(&definition->kept, kept, memory_order_release);
    cache_grow(&engine->cache, definition, bytes);
    return ST_OK;
}

enum status engine_dress(struct engine *engine, struct definition *definition)
{
    enum status st = ST_OK;
    if (!engine->presenter) return ST_OK;
    pthread_mutex_lock(&definition->dressing);
    if (!definition_kept(definition)) st = dress(engine, definition);
    pthread_mutex_unlock(&definition->dressing);
    return st;
}

void *definition_kept(const struct definition *definition)
{
    return atomic_load_explicit(&definition->kept, memory_order_acquire);
}
