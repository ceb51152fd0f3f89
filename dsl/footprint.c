#include "dsl/footprint.h"

#include "base/limits.h"

enum {
    SLOT_BYTES = 32,      /* one in C, one in Lua */
    ROW_TEXT_BYTES = 3,   /* the shortest row in JSON: "{}," */
    ERROR_BYTES = 256,    /* of one error: its pointer, code and params */
    LUA_BYTES_A_BYTE = 4, /* a chunk of Lua, loaded, against its text */
};

static uint64_t add(uint64_t a, uint64_t b)
{
    return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

static uint64_t times(uint64_t a, uint64_t b)
{
    return b != 0 && a > UINT64_MAX / b ? UINT64_MAX : a * b;
}

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t slots_bytes(const struct ir *ir, const struct program *program)
{
    uint64_t bytes = times(program->slot_count, SLOT_BYTES);
    for (uint32_t i = 1; i < program->scope_count; i++) {
        uint64_t rows = least(ir->scopes[i].rows_total_max, limit(ANSWERS_BYTES) / ROW_TEXT_BYTES);
        bytes = add(bytes, times(rows, times(program->scopes[i].slot_count + 2u, SLOT_BYTES)));
    }
    return bytes;
}

static uint64_t chunks_bytes(const struct program *program)
{
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < program->chunk_count; i++) bytes = add(bytes, program->chunks[i].lua.len);
    return times(bytes, LUA_BYTES_A_BYTE);
}

static uint64_t message_bytes(const struct program *program, struct program_message message)
{
    uint64_t most = 0;
    for (uint32_t language = 0; message.by_language && language < program->language_count; language++) {
        const struct program_text *text = &message.by_language[language];
        uint64_t bytes = 0;
        for (uint32_t i = 0; i < text->part_count; i++) bytes = add(bytes, text->parts[i].literal.len);
        if (bytes > most) most = bytes;
    }
    return most;
}

static uint64_t largest_message(const struct program *program)
{
    uint64_t most = 0;
    for (uint32_t i = 0; i < program->check_count; i++) {
        uint64_t bytes = message_bytes(program, program->checks[i].message);
        if (bytes > most) most = bytes;
    }
    return most;
}

/* The answers come back with their computed values; each error brings its message. */
static uint64_t verdict_bytes(const struct program *program)
{
    uint64_t errors = times(limit(ERRORS), add(ERROR_BYTES, largest_message(program)));
    uint64_t keys = 0;
    for (uint32_t i = 0; i < program->node_count; i++) keys = add(keys, program->nodes[i].key_json.len + SLOT_BYTES);
    return least(limit(VERDICT_BYTES), add(errors, add(keys, 2 * (uint64_t)limit(ANSWERS_BYTES))));
}

struct program_cost footprint_measure(const struct ir *ir, const struct program *program)
{
    return (struct program_cost){
        .steps_max = ir->cost_steps,
        .memory_bytes_max = add(slots_bytes(ir, program), add(chunks_bytes(program), limit(ANSWERS_BYTES))),
        .verdict_bytes_max = verdict_bytes(program),
    };
}
