#include "dsl/emit_lua.h"

#include "dsl/emit_rule.h"
#include "dsl/emitter.h"
#include "dsl/program_box.h"

#include <assert.h>

enum { CHUNK_BYTES = 16 << 10 }; /* past it a chunk is closed */

struct chunk_list {
    struct program_chunk *items;
    uint32_t count, room;
    uint64_t bytes;
};

static enum status out_of_room(const struct arena *arena)
{
    return arena->refused ? ST_LIMIT : ST_NOMEM;
}

static const char *const helper_names[] = {
#define HELPER(NAME, name, arity, base_cost, note) #name,
#include "dsl/helper.def"
#undef HELPER
};

/* "local charge,fail=...": the helpers in the order in which the runtime hands them over. */
static void put_helpers(const struct emitter *em, struct buf *out)
{
    const char *before = "local ";
    for (int i = 0; i < HELPER_COUNT; i++) {
        if (!em->helpers[i]) continue;
        buf_printf(out, "%s%s", before, helper_names[i]);
        before = ",";
    }
    if (*before == ',') buf_puts(out, "=...\n");
}

static void list_helpers(struct emitter *em, struct arena *arena, struct program_chunk *chunk)
{
    enum program_helper *helpers = ARENA_ARRAY(arena, enum program_helper, HELPER_COUNT);
    if (!helpers) {
        emitter_fail(em, out_of_room(arena));
        return;
    }
    for (int i = 0; i < HELPER_COUNT; i++)
        if (em->helpers[i]) helpers[chunk->helper_count++] = (enum program_helper)i;
    chunk->helpers = helpers;
}

static void put_chunk(struct emitter *em, struct buf *out)
{
    struct buf body;
    buf_init(&body, em->arena->mem, limit(LUA_BYTES));
    emitter_function_end(em, &body);
    put_helpers(em, out);
    if (em->function_count) buf_puts(out, "local F={}\n");
    buf_put(out, buf_str(&em->functions));
    buf_puts(out, "return function(S)\n");
    buf_put(out, buf_str(&body));
    buf_puts(out, "end\n");
    if (buf_failed(&body)) emitter_fail(em, body.failure);
    buf_release(&body);
}

/* The chunk that has been written goes to the end of the list. */
static void close_chunk(struct emitter *em, struct chunk_list *list, struct arena *arena,
                        uint64_t base_steps)
{
    struct buf text;
    buf_init(&text, em->arena->mem, limit(LUA_BYTES));
    put_chunk(em, &text);
    if (buf_failed(&text)) emitter_fail(em, text.failure);
    list->bytes += text.len;
    if (list->bytes > limit(LUA_BYTES)) emitter_fail(em, ST_LIMIT);
    if (list->count == list->room) {
        uint32_t room = list->room ? list->room * 2 : 4;
        struct program_chunk *items = arena_grow(arena, list->items, list->room, room, sizeof *items);
        if (!items) emitter_fail(em, out_of_room(arena));
        else list->items = items;
        list->room = items ? room : list->room;
    }
    struct program_chunk chunk = {.base_steps =
                                      base_steps > UINT32_MAX ? UINT32_MAX : (uint32_t)base_steps};
    if (!em->failure) list_helpers(em, arena, &chunk);
    if (!em->failure) chunk.lua = arena_str(arena, buf_str(&text));
    if (!em->failure && !chunk.lua.ptr) emitter_fail(em, out_of_room(arena));
    if (!em->failure) list->items[list->count++] = chunk;
    buf_release(&text);
}

static void open_chunk(struct emitter *em)
{
    buf_reset(&em->functions);
    em->function_count = 0;
    em->spill_next = 0;
    for (int i = 0; i < HELPER_COUNT; i++) em->helpers[i] = false;
    emitter_function_new(em);
}

static bool is_full(const struct emitter *em)
{
    return em->fn->code.len + em->functions.len > CHUNK_BYTES;
}

static void write_chunks(struct emitter *em, struct chunk_list *list, struct arena *arena)
{
    uint32_t rule = 0;
    while (rule < em->ir->rule_count && !em->failure) {
        uint64_t base_steps = 0;
        open_chunk(em);
        while (rule < em->ir->rule_count && !em->failure && !is_full(em))
            rule += emit_rules(em, rule, &base_steps);
        if (em->fn) close_chunk(em, list, arena, base_steps);
    }
}

enum status emit_lua(struct arena *arena, const struct ir *ir, const struct reads *reads,
                     struct program *program)
{
    struct emitter em;
    struct chunk_list list = {0};
    emitter_init(&em, arena, ir, reads, program);
    emit_rules_prepare(&em);
    write_chunks(&em, &list, program_box_arena(program));
    enum status st = em.failure;
    if (!st) {
        program->chunks = list.items;
        program->chunk_count = list.count;
        program->slot_count += em.spill_max;
    }
    emitter_release_all(&em);
    return st;
}
