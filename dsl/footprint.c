#include "dsl/footprint.h"

#include "base/limits.h"
#include "dsl/interval.h"

/* What the runtime takes for each thing, in bytes, its rounding up and its arrays that double
 * included. */
enum {
    C_BASE = 96 << 10,        /* the judge, a world, their first chunks of memory */
    C_ANSWERS = 40 << 20,     /* whatever the form: names that no field has, unescaped texts */
    C_NODE = 200,             /* of the plan, beside the program */
    C_OPTION = 64,            /* likewise */
    C_SLOT = 24 * 4,          /* one value, in an array that doubles, old ones not given back */
    C_ROW = (4 + 4 * 16) * 4, /* its place in the answers, and where its inner rows begin */
    C_FINDING = 56 * 6,       /* one failed check, likewise, and room to sort */
    C_TEXT = 32,              /* beside its bytes */
    LUA_BASE = 160 << 10,
    LUA_SLOT = 96, /* one value, also in a table of keys that doubles */
    LUA_COLUMN = 512,
    LUA_PORT = 640, /* code that carries a slot over and back */
    LUA_TEXT = 96,
    LUA_A_BYTE = 12,  /* of a chunk's text, while it is loaded */
    TEXT_A_STEP = 48, /* the most bytes of text that one step makes */
    CODE_POINT_ESCAPED = 6,
    NUMBER_BYTES = 40, /* any value that is no text, in JSON */
    VERDICT_BASE = 4096,
    ERROR_BASE = 256,
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

static uint64_t greatest(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* ---- texts */

/* The most bytes of one value of a slot that rules work out. */
static uint64_t made_text(const struct ir_node *node)
{
    bool made = (node->kind == NODE_FIELD || node->kind == NODE_LET) && node->computed;
    return made && node->type.kind == TYPE_TEXT ? node->text_max : 0;
}

static uint64_t set_bytes(const struct ir *ir, const struct ir_node *node)
{
    return node->type.kind == TYPE_CHOICES ? ir->lists[node->type.list].option_count / 8 + 16 : 0;
}

/* ---- memory: what C holds */

static uint64_t c_row_bytes(const struct ir *ir, const struct program *program, uint32_t scope)
{
    uint64_t bytes = add(C_ROW, times(program->scopes[scope].slot_count, C_SLOT));
    for (uint32_t i = 1; i < ir->node_count; i++) {
        const struct ir_node *node = &ir->nodes[i];
        if (node->scope == scope && (node->kind == NODE_FIELD || node->kind == NODE_LET))
            bytes = add(bytes, add(2 * set_bytes(ir, node), made_text(node) + C_TEXT));
    }
    for (uint32_t i = 0; i < ir->check_count; i++)
        if (ir->checks[i].scope == scope) bytes = add(bytes, C_FINDING);
    return bytes;
}

static uint64_t options_of(const struct ir *ir)
{
    uint64_t count = 0;
    for (uint32_t i = 0; i < ir->list_count; i++) count += ir->lists[i].option_count;
    return count;
}

static uint64_t plan_bytes(const struct ir *ir, const struct program *program)
{
    return add(times(ir->node_count + program->slot_count, C_NODE), times(options_of(ir), C_OPTION));
}

/* ---- memory: what Lua holds */

static uint64_t lua_row_bytes(const struct program *program, uint32_t scope)
{
    return times(program->scopes[scope].slot_count + 2u, LUA_SLOT + LUA_TEXT);
}

static uint64_t chunks_bytes(const struct program *program)
{
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < program->chunk_count; i++) bytes = add(bytes, program->chunks[i].lua.len);
    return times(bytes, LUA_A_BYTE);
}

/* Whatever the collector does: all texts that the steps pay for, at once. */
static uint64_t lua_base(const struct ir *ir, const struct program *program)
{
    uint64_t bytes = add(LUA_BASE, chunks_bytes(program));
    bytes = add(bytes, times(program->slot_count, LUA_SLOT + LUA_COLUMN + LUA_PORT));
    bytes = add(bytes, times(ir->cost_steps, TEXT_A_STEP));
    return add(bytes, 2 * (uint64_t)limit(ANSWERS_BYTES));
}

/* ---- the verdict */

/* A pointer to the node, with its quotes and each of its bytes escaped. */
static uint64_t pointer_bytes(const struct program *program, uint32_t node)
{
    uint64_t bytes = 4;
    for (; node != PROGRAM_NONE; node = program->nodes[node].parent)
        bytes += 2 * program->nodes[node].key_json.len + 12;
    return bytes;
}

/* A text with its values, cut as the runtime cuts it and escaped. */
static uint64_t message_bytes(const struct program *program, struct program_message message)
{
    uint64_t most = 0;
    for (uint32_t language = 0; message.by_language && language < program->language_count; language++) {
        const struct program_text *text = &message.by_language[language];
        uint64_t bytes = 0;
        for (uint32_t i = 0; i < text->part_count; i++)
            bytes = add(bytes, text->parts[i].node == PROGRAM_NONE ? text->parts[i].literal.len
                                                                   : (uint64_t)limit(MESSAGE_BYTES));
        most = greatest(most, bytes);
    }
    return CODE_POINT_ESCAPED * least(most, limit(MESSAGE_BYTES));
}

static uint64_t node_message(const struct program *program, const struct program_node *node)
{
    const struct program_message all[] = {node->label,          node->required_message,
                                          node->min_message,    node->max_message,
                                          node->length_message, node->pattern_message};
    uint64_t most = 0;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        most = greatest(most, message_bytes(program, all[i]));
    return most;
}

static uint64_t error_bytes(const struct program *program)
{
    uint64_t message = 0, pointer = 0;
    for (uint32_t i = 0; i < program->node_count; i++) {
        message = greatest(message, node_message(program, &program->nodes[i]));
        pointer = greatest(pointer, pointer_bytes(program, i));
    }
    for (uint32_t i = 0; i < program->check_count; i++)
        message = greatest(message, message_bytes(program, program->checks[i].message) +
                                        2 * program->checks[i].name.len);
    message = least(message, CODE_POINT_ESCAPED * (uint64_t)limit(MESSAGE_BYTES));
    return message + pointer + ERROR_BASE;
}

static uint64_t longest_code(const struct ir_list *list)
{
    uint64_t most = 0;
    for (uint32_t i = 0; i < list->option_count; i++) most = greatest(most, list->options[i].code.len);
    return most + 3;
}

static uint64_t all_codes(const struct ir_list *list)
{
    uint64_t bytes = 2;
    for (uint32_t i = 0; i < list->option_count; i++) bytes = add(bytes, list->options[i].code.len + 3);
    return bytes;
}

/* A value in the normalised answers, beyond the bytes of the text that was sent for it. */
static uint64_t value_bytes(const struct ir *ir, const struct ir_node *node)
{
    switch (node->type.kind) {
    case TYPE_TEXT:
        return CODE_POINT_ESCAPED * made_text(node) + NUMBER_BYTES;
    case TYPE_CHOICE:
        return longest_code(&ir->lists[node->type.list]);
    case TYPE_CHOICES:
        return all_codes(&ir->lists[node->type.list]);
    default:
        return NUMBER_BYTES;
    }
}

static uint64_t verdict_row_bytes(const struct ir *ir, const struct program *program, uint32_t scope)
{
    uint64_t bytes = 8;
    for (uint32_t i = 1; i < ir->node_count; i++) {
        const struct ir_node *node = &ir->nodes[i];
        if (node->scope != scope) continue;
        bytes = add(bytes, program->nodes[i].key_json.len + 8);
        if (node->conditional) bytes = add(bytes, pointer_bytes(program, i));
        if (node->kind == NODE_FIELD) bytes = add(bytes, value_bytes(ir, node));
    }
    return bytes;
}

static uint64_t verdict_base(const struct program *program)
{
    uint64_t bytes = add(VERDICT_BASE, times(limit(ERRORS), error_bytes(program)));
    return add(bytes, 4 * (uint64_t)limit(ANSWERS_BYTES)); /* texts, and names that no field has */
}

/* ---- all of it */

static void part_add(struct footprint_part *part, uint32_t scope, uint64_t rows, uint64_t row_bytes)
{
    uint64_t bytes = times(rows, row_bytes);
    part->bytes = add(part->bytes, bytes);
    if (scope == 0 || bytes <= part->scope_bytes) return;
    part->scope = scope;
    part->scope_bytes = bytes;
}

static void measure_memory(const struct ir *ir, const struct program *program,
                           struct footprint_part *ret_memory)
{
    struct footprint_part c = {.bytes = C_ANSWERS}, lua = {.bytes = lua_base(ir, program)};
    for (uint32_t i = 0; i < program->scope_count; i++) {
        uint64_t rows = interval_rows(ir, i, 0);
        part_add(&c, i, rows, c_row_bytes(ir, program, i));
        part_add(&lua, i, rows, lua_row_bytes(program, i));
    }
    if (program->chunk_count == 0) lua = (struct footprint_part){0};
    *ret_memory = c.scope_bytes >= lua.scope_bytes ? c : lua;
    ret_memory->bytes =
        add(least(c.bytes, limit(JUDGE_ARENA_BYTES)), least(lua.bytes, limit(JUDGE_LUA_BYTES)));
    ret_memory->bytes = add(ret_memory->bytes, add(C_BASE, plan_bytes(ir, program)));
    uint64_t scratch =
        least(times(ir->cost_steps, TEXT_A_STEP), 4 * (uint64_t)limit(TEXT_RESULT_BYTES));
    ret_memory->bytes = add(ret_memory->bytes, scratch);
}

static void measure_verdict(const struct ir *ir, const struct program *program,
                            struct footprint_part *ret_verdict)
{
    struct footprint_part verdict = {.bytes = verdict_base(program)};
    for (uint32_t i = 0; i < program->scope_count; i++)
        part_add(&verdict, i, interval_rows(ir, i, 0), verdict_row_bytes(ir, program, i));
    *ret_verdict = verdict;
    ret_verdict->bytes = least(verdict.bytes, limit(VERDICT_BYTES));
}

struct footprint footprint_measure(const struct ir *ir, const struct program *program)
{
    struct footprint footprint;
    measure_memory(ir, program, &footprint.memory);
    measure_verdict(ir, program, &footprint.verdict);
    return footprint;
}
