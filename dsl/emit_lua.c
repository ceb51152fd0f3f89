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

/* ---- what a direct chunk is given and gives back */

/* The slots of the form that cross over, by what they are to the rules. */
enum crossing { CROSSING_NONE, CROSSING_IN, CROSSING_OUT };

struct crossings {
    uint8_t *of; /* [slot]: enum crossing */
    uint32_t *inputs, *outputs;
    uint32_t input_count, output_count;
};

static void cross(const struct emitter *em, struct crossings *crossings, uint32_t slot, bool in)
{
    if (!slot || !em->homes[slot]) return; /* no rule knows it */
    crossings->of[slot] = in ? CROSSING_IN : CROSSING_OUT;
    if (in) crossings->inputs[crossings->input_count++] = slot;
    else crossings->outputs[crossings->output_count++] = slot;
}

static void list_crossings(const struct emitter *em, struct crossings *crossings)
{
    const struct program_node *nodes = em->program->nodes;
    for (uint32_t i = 0; i < em->program->node_count; i++) {
        if (nodes[i].scope != 0) continue;
        if (node_is_given(&nodes[i])) cross(em, crossings, nodes[i].slot, true);
        if (node_is_taken(&nodes[i])) cross(em, crossings, nodes[i].slot, false);
    }
    for (uint32_t i = 0; i < em->program->node_count; i++) {
        if (nodes[i].scope != 0) continue;
        cross(em, crossings, nodes[i].relevance_slot, false);
        cross(em, crossings, nodes[i].required_slot, false);
    }
}

static bool find_crossings(struct emitter *em, struct arena *arena, struct crossings *ret_crossings)
{
    struct crossings crossings = {
        .of = ARENA_ARRAY(em->arena, uint8_t, em->program->slot_count + 1),
        .inputs = ARENA_ARRAY(arena, uint32_t, EMIT_HOMES_MAX),
        .outputs = ARENA_ARRAY(arena, uint32_t, EMIT_HOMES_MAX),
    };
    if (!crossings.of) emitter_fail(em, out_of_room(em->arena));
    else if (!crossings.inputs || !crossings.outputs) emitter_fail(em, out_of_room(arena));
    else list_crossings(em, &crossings);
    *ret_crossings = crossings;
    return !em->failure;
}

static void put_slots(const char *before, const uint32_t *slots, uint32_t count, struct buf *out)
{
    for (uint32_t i = 0; i < count; i++, before = ",") buf_printf(out, "%ss%u", before, slots[i]);
}

/* Homes that no answer comes into: nil at first, as S would have it. */
static void put_other_homes(const struct emitter *em, const struct crossings *crossings,
                            struct buf *out)
{
    const char *before = "local ";
    for (uint32_t slot = 1; slot <= em->program->slot_count; slot++) {
        if (!em->homes[slot] || crossings->of[slot] == CROSSING_IN) continue;
        buf_printf(out, "%ss%u", before, slot);
        before = ",";
    }
    if (*before == ',') buf_putc(out, '\n');
}

static void put_direct(struct emitter *em, struct arena *arena, struct str body,
                       struct program_chunk *chunk, struct buf *out)
{
    struct crossings crossings;
    if (!find_crossings(em, arena, &crossings)) return;
    buf_puts(out, "return function(S");
    put_slots(",", crossings.inputs, crossings.input_count, out);
    buf_puts(out, ")\n");
    put_other_homes(em, &crossings, out);
    buf_put(out, body);
    if (crossings.output_count) put_slots("return ", crossings.outputs, crossings.output_count, out);
    buf_puts(out, crossings.output_count ? "\nend\n" : "end\n");
    chunk->direct = true;
    chunk->inputs = crossings.inputs;
    chunk->outputs = crossings.outputs;
    chunk->input_count = crossings.input_count;
    chunk->output_count = crossings.output_count;
}

/* ---- chunks */

static void put_chunk(struct emitter *em, struct arena *arena, struct program_chunk *chunk,
                      struct buf *out)
{
    struct buf body;
    buf_init(&body, em->arena->mem, limit(LUA_BYTES));
    emitter_function_end(em, &body);
    put_helpers(em, out);
    if (em->function_count) buf_puts(out, "local F={}\n");
    buf_put(out, buf_str(&em->functions));
    if (em->direct) {
        put_direct(em, arena, buf_str(&body), chunk, out);
    } else {
        buf_puts(out, "return function(S)\n");
        buf_put(out, buf_str(&body));
        buf_puts(out, "end\n");
    }
    if (buf_failed(&body)) emitter_fail(em, body.failure);
    buf_release(&body);
}

/* The chunk that has been written goes to the end of the list. */
static void close_chunk(struct emitter *em, struct chunk_list *list, struct arena *arena,
                        uint64_t base_steps)
{
    struct buf text;
    struct program_chunk chunk = {.base_steps =
                                      base_steps > UINT32_MAX ? UINT32_MAX : (uint32_t)base_steps};
    buf_init(&text, em->arena->mem, limit(LUA_BYTES));
    put_chunk(em, arena, &chunk, &text);
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

/* A function of its own would not see the homes. */
static bool may_be_direct(const struct emitter *em)
{
    return em->function_count == 0 && em->home_count <= EMIT_HOMES_MAX && !is_full(em);
}

static void write_direct_chunk(struct emitter *em, struct chunk_list *list, struct arena *arena)
{
    uint64_t base_steps = 0;
    uint32_t rule = 0;
    em->direct = true;
    open_chunk(em);
    while (rule < em->ir->rule_count && !em->failure && may_be_direct(em))
        rule += emit_rules(em, rule, &base_steps);
    if (!em->failure && may_be_direct(em)) close_chunk(em, list, arena, base_steps);
}

static enum status write_all(struct arena *arena, const struct ir *ir, const struct reads *reads,
                             struct program *program, bool direct)
{
    struct emitter em;
    struct chunk_list list = {0};
    emitter_init(&em, arena, ir, reads, program);
    emit_rules_prepare(&em);
    (direct ? write_direct_chunk : write_chunks)(&em, &list, program_box_arena(program));
    enum status st = em.failure;
    if (!st && list.count) {
        program->chunks = list.items;
        program->chunk_count = list.count;
        program->slot_count += em.spill_max;
    }
    emitter_release_all(&em);
    return st;
}

enum status emit_lua(struct arena *arena, const struct ir *ir, const struct reads *reads,
                     struct program *program)
{
    struct arena trial;
    if (ir->rule_count == 0) return ST_OK;
    arena_init(&trial, arena->mem, limit(COMPILE_ARENA_BYTES));
    enum status st = write_all(&trial, ir, reads, program, true);
    arena_release(&trial);
    if (st == ST_NOMEM || program->chunk_count) return st;
    return write_all(arena, ir, reads, program, false);
}
