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
    ZONED_VALUE_BYTES = ZONED_BYTES + LIMIT_ZONE_NAME_BYTES + 3, /* a wall time, likewise */
    OTHER_BYTES = 16, /* {"other":""} around a text, and a comma */
    VERDICT_BASE = 4096,
    ERROR_BASE = 256 + LOCALE_TEXT_BYTES, /* our own words, and a bound in them */
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

/* ---- what one row of each scope takes, gathered in one walk over the form */

struct row {
    uint64_t memory; /* in C, without its slots */
    uint64_t verdict;
};

/* The codes of a list in JSON. */
struct codes {
    uint64_t longest, all;
};

struct measuring {
    const struct ir *ir;
    const struct program *program;
    struct row *rows;    /* per scope */
    struct codes *codes; /* per list */
};

/* ---- texts */

/* The most bytes of one value of a slot that rules work out. */
static uint64_t made_text(const struct ir_node *node)
{
    bool made = (node->kind == NODE_FIELD || node->kind == NODE_LET) && node->computed;
    return made && node->type.kind == TYPE_TEXT ? node->text_max : 0;
}

static uint64_t set_bytes(const struct ir *ir, const struct ir_node *node)
{
    if (node->type.kind == TYPE_RANKING)
        return (uint64_t)ir->lists[node->type.list].option_count * RANKED_BYTES + 16;
    return node->type.kind == TYPE_CHOICES ? ir->lists[node->type.list].option_count / 8 + 16 : 0;
}

static struct codes codes_of(const struct ir_list *list)
{
    struct codes codes = {.longest = 3, .all = 2};
    for (uint32_t i = 0; i < list->option_count; i++) {
        uint64_t bytes = ir_list_code(list, i).len + 3;
        codes.longest = greatest(codes.longest, bytes);
        codes.all = add(codes.all, bytes);
    }
    return codes;
}

/* ---- memory: what C holds */

static uint64_t node_memory(const struct ir *ir, const struct ir_node *node)
{
    if (node->kind != NODE_FIELD && node->kind != NODE_LET) return 0;
    return add(2 * set_bytes(ir, node), made_text(node) + C_TEXT);
}

static uint64_t c_row_bytes(const struct measuring *m, uint32_t scope)
{
    return add(add(C_ROW, times(m->program->scopes[scope].slot_count, C_SLOT)), m->rows[scope].memory);
}

static uint64_t options_of(const struct ir *ir)
{
    uint64_t count = 0;
    for (uint32_t i = 0; i < ir->list_count; i++)
        count += ir->lists[i].sheet ? 0 : ir->lists[i].option_count;
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
        bytes += 2 * (uint64_t)program->nodes[node].key_bytes + 12;
    return bytes;
}

/* A text with its values, cut as the runtime cuts it and escaped. */
static uint64_t message_bytes(const struct program *program, struct program_message message)
{
    uint64_t most = 0;
    for (uint32_t language = 0; message.bytes && language < program->language_count; language++) {
        struct passage text = passage_open(&message, language);
        struct program_part part;
        uint64_t bytes = 0;
        while (passage_next(&text, &part))
            bytes = add(bytes, part.node == PROGRAM_NONE ? part.literal.len
                                                         : (uint64_t)limit(MESSAGE_BYTES));
        most = greatest(most, bytes);
    }
    return CODE_POINT_ESCAPED * least(most, limit(MESSAGE_BYTES));
}

static uint64_t node_message(const struct program *program, const struct program_node *node)
{
    const struct program_message all[] = {
        node->label,          node->rare->required_message, node->rare->min_message,     node->rare->max_message,
        node->rare->length_message, node->rare->pattern_message,  node->rare->skipped_message, node->rare->repeated_message};
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

/* A value in the normalised answers, beyond the bytes of the text that was sent for it. */
static uint64_t value_bytes(const struct measuring *m, const struct ir_node *node)
{
    switch (node->type.kind) {
    case TYPE_TEXT:
        return CODE_POINT_ESCAPED * made_text(node) + NUMBER_BYTES;
    case TYPE_CHOICE:
        return m->codes[node->type.list].longest + (node->type.open ? OTHER_BYTES : 0);
    case TYPE_RANKING:
    case TYPE_CHOICES:
        return m->codes[node->type.list].all + (node->type.open ? OTHER_BYTES : 0);
    default:
        return node->format == FORMAT_ZONED ? (uint64_t)ZONED_VALUE_BYTES : NUMBER_BYTES;
    }
}

static uint64_t node_verdict(const struct measuring *m, uint32_t number)
{
    const struct ir_node *node = &m->ir->nodes[number];
    uint64_t bytes = m->program->nodes[number].key_bytes + 8u;
    if (node->conditional) bytes = add(bytes, pointer_bytes(m->program, number));
    return node->kind == NODE_FIELD ? add(bytes, value_bytes(m, node)) : bytes;
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

static struct footprint_part measure_memory(const struct measuring *m)
{
    const struct ir *ir = m->ir;
    const struct program *program = m->program;
    struct footprint_part c = {.bytes = C_ANSWERS}, lua = {.bytes = lua_base(ir, program)};
    for (uint32_t i = 0; i < program->scope_count; i++) {
        uint64_t rows = interval_rows(ir, i, 0);
        part_add(&c, i, rows, c_row_bytes(m, i));
        part_add(&lua, i, rows, lua_row_bytes(program, i));
    }
    if (program->chunk_count == 0) lua = (struct footprint_part){0};
    struct footprint_part memory = c.scope_bytes >= lua.scope_bytes ? c : lua;
    memory.bytes = least(c.bytes, limit(JUDGE_ARENA_BYTES));
    memory.bytes = add(memory.bytes, least(lua.bytes, limit(JUDGE_LUA_BYTES)));
    memory.bytes = add(memory.bytes, add(C_BASE, plan_bytes(ir, program)));
    memory.bytes = add(memory.bytes, least(times(ir->cost_steps, TEXT_A_STEP),
                                           4 * (uint64_t)limit(TEXT_RESULT_BYTES)));
    return memory;
}

static struct footprint_part measure_verdict(const struct measuring *m)
{
    struct footprint_part verdict = {.bytes = verdict_base(m->program)};
    for (uint32_t i = 0; i < m->program->scope_count; i++)
        part_add(&verdict, i, interval_rows(m->ir, i, 0), add(8, m->rows[i].verdict));
    verdict.bytes = least(verdict.bytes, limit(VERDICT_BYTES));
    return verdict;
}

static void gather(struct measuring *m)
{
    const struct ir *ir = m->ir;
    for (uint32_t i = 0; i < ir->list_count; i++) m->codes[i] = codes_of(&ir->lists[i]);
    for (uint32_t i = 1; i < ir->node_count; i++) {
        struct row *row = &m->rows[ir->nodes[i].scope];
        row->memory = add(row->memory, node_memory(ir, &ir->nodes[i]));
        row->verdict = add(row->verdict, node_verdict(m, i));
    }
    for (uint32_t i = 0; i < ir->check_count; i++) {
        struct row *row = &m->rows[ir->checks[i].scope];
        row->memory = add(row->memory, C_FINDING);
    }
}

enum status footprint_measure(struct arena *arena, const struct ir *ir, const struct program *program,
                              struct footprint *ret_footprint)
{
    struct measuring m = {.ir = ir, .program = program};
    m.rows = ARENA_ARRAY(arena, struct row, ir->scope_count);
    m.codes = ARENA_ARRAY(arena, struct codes, ir->list_count + 1);
    if (!m.rows || !m.codes) return arena->refused ? ST_LIMIT : ST_NOMEM;
    gather(&m);
    *ret_footprint = (struct footprint){.memory = measure_memory(&m), .verdict = measure_verdict(&m)};
    return ST_OK;
}
