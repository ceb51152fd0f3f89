#include "server/flat.h"

#include "base/civil.h"
#include "base/json_value.h"
#include "base/json_writer.h"
#include "base/limits.h"

#include <assert.h>
#include <string.h>

/* A tree of values takes several times the bytes of its text. */
#define TREE_BYTES (64 * (size_t)limit(VERDICT_BYTES))

/* Keys from the row's object down to the answer. */
struct column {
    struct str path; /* from the form's object, with dots */
    const struct str *keys;
    uint32_t key_count;
    struct column *next;
};

/* Keys from the form's object down to the rows. */
struct step {
    struct str key;
    struct str path;
    bool repeats;
};

struct flat {
    struct mem *mem;
    struct arena columns_arena; /* columns and steps */
    struct arena row_arena;     /* one submission */
    struct json_names paths;
    struct step *steps;
    uint32_t step_count;
    uint32_t *rows; /* by step: the number of the row, from 1 */
    bool found;     /* some version has the table */
    struct column *first, **last;
};

/* ---------------------------------------------------------------- cells */

/* Spreadsheets work out what begins so (OWASP, "CSV injection"). */
static bool looks_like_formula(struct str text)
{
    return text.len && strchr("=+-@\t\r\n", text.ptr[0]) != NULL;
}

static bool is_plain_number(struct str text)
{
    bool digits = false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool digit = c >= '0' && c <= '9';
        digits = digits || digit;
        if (!digit && c != '.' && !(c == '-' && i == 0)) return false;
    }
    return digits;
}

static bool wants_quotes(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (strchr("\",\r\n\t", text.ptr[i]) || text.ptr[i] == '\0') return true;
    return false;
}

void flat_put_cell(struct str text, struct buf *out)
{
    bool guarded = looks_like_formula(text) && !is_plain_number(text), quoted = wants_quotes(text);
    if (quoted) buf_putc(out, '"');
    if (guarded) buf_putc(out, '\'');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"') buf_putc(out, '"');
        buf_putc(out, text.ptr[i]);
    }
    if (quoted) buf_putc(out, '"');
}

/* ---------------------------------------------------------------- columns */

static struct str join(struct flat *flat, struct str path, struct str key)
{
    if (!path.len) return arena_str(&flat->columns_arena, key);
    return arena_printf(&flat->columns_arena, "%.*s.%.*s", STR_ARG(path), STR_ARG(key));
}

enum { PLACE_KEYS = LIMIT_NESTING + 4 }; /* a matrix, a composite, their member and the field itself */

/* Where the walk over a version's objects is: `keys` from the row's object on. */
struct place {
    struct str path;
    struct str keys[PLACE_KEYS];
    uint32_t key_count;
};

static enum status add_column(struct flat *flat, const struct place *place)
{
    enum status st = json_names_add(&flat->paths, 1, place->path);
    if (st) return st == ST_CONFLICT ? ST_OK : st;
    struct column *column = ARENA_NEW(&flat->columns_arena, struct column);
    struct str *keys = ARENA_ARRAY(&flat->columns_arena, struct str, place->key_count);
    if (!column || !keys) return ST_NOMEM;
    for (uint32_t i = 0; i < place->key_count; i++)
        keys[i] = arena_str(&flat->columns_arena, place->keys[i]);
    *column = (struct column){.path = place->path, .keys = keys, .key_count = place->key_count};
    *flat->last = column;
    flat->last = &column->next;
    return ST_OK;
}

/* Repeats inside have tables of their own. */
static enum status add_columns(struct flat *flat, const struct program *program, uint32_t object,
                               const struct place *around)
{
    const struct program_object *members = &program->objects[object];
    enum status st = ST_OK;
    for (uint32_t i = 0; i < members->member_count && !st; i++) {
        const struct program_node *node = &program->nodes[members->member_nodes[i]];
        struct place place = *around;
        if (node->kind == NODE_REPEAT) continue;
        assert(place.key_count < PLACE_KEYS);
        place.path = join(flat, around->path, node_key(node));
        if (!place.path.ptr) return ST_NOMEM;
        place.keys[place.key_count++] = node_key(node);
        if (node->kind == NODE_FIELD) st = add_column(flat, &place);
        else st = add_columns(flat, program, node_object(node), &place);
    }
    return st;
}

/* The object of the table's rows. False: this version has no such repeat. */
static bool find_table(struct flat *flat, const struct program *program, uint32_t *ret_object)
{
    uint32_t object = 0;
    bool repeats = flat->step_count == 0;
    for (uint32_t i = 0; i < flat->step_count; i++) {
        const struct program_object *members = &program->objects[object];
        uint32_t at = name_table_find(&members->members, flat->steps[i].key);
        if (at == NAME_ABSENT) return false;
        const struct program_node *node = &program->nodes[members->member_nodes[at]];
        if (node->kind == NODE_FIELD) return false;
        repeats = node->kind == NODE_REPEAT;
        if (!flat->found) flat->steps[i].repeats = repeats;
        object = node_object(node);
    }
    *ret_object = object;
    return repeats;
}

static enum status add_version(struct flat *flat, const struct flat_wish *wish, uint32_t number)
{
    struct definition *definition;
    struct place place = {.path = wish->table};
    uint32_t object;
    enum status st = engine_stored(wish->engine, wish->tenant, wish->form, number, &definition);
    if (st) return st;
    if (find_table(flat, definition->program, &object)) {
        flat->found = true;
        st = add_columns(flat, definition->program, object, &place);
    }
    definition_release(definition);
    return st;
}

static enum status read_steps(struct flat *flat, struct str table)
{
    struct arena *arena = &flat->columns_arena;
    uint32_t most = 1;
    for (size_t i = 0; i < table.len; i++) most += table.ptr[i] == '.';
    flat->steps = ARENA_ARRAY(arena, struct step, most);
    flat->rows = ARENA_ARRAY(arena, uint32_t, most);
    if (!flat->steps || !flat->rows) return ST_NOMEM;
    for (size_t begin = 0, i = 0; table.len && i <= table.len; i++) {
        if (i < table.len && table.ptr[i] != '.') continue;
        struct step *step = &flat->steps[flat->step_count++];
        *step = (struct step){.key = arena_str(arena, (struct str){table.ptr + begin, i - begin}),
                              .path = arena_str(arena, (struct str){table.ptr, i})};
        if (!step->key.ptr || !step->path.ptr) return ST_NOMEM;
        begin = i + 1;
    }
    return ST_OK;
}

static enum status make(struct flat *flat, const struct flat_wish *wish)
{
    enum status st = read_steps(flat, wish->table);
    if (!st && wish->version) st = add_version(flat, wish, wish->version);
    for (uint32_t number = wish->version ? 0 : wish->newest; number > 0 && !st; number--)
        st = add_version(flat, wish, number);
    if (!st && !flat->found && flat->step_count) st = ST_ABSENT;
    return st;
}

enum status flat_new(const struct flat_wish *wish, struct flat **ret_flat)
{
    struct flat *flat = mem_zalloc(wish->mem, sizeof *flat);
    if (!flat) return ST_NOMEM;
    flat->mem = wish->mem;
    flat->last = &flat->first;
    arena_init(&flat->columns_arena, wish->mem, limit(DEFINITION_ARENA_BYTES));
    arena_init(&flat->row_arena, wish->mem, TREE_BYTES);
    json_names_init(&flat->paths, &flat->columns_arena);
    enum status st = make(flat, wish);
    if (st) flat_free(flat);
    else *ret_flat = flat;
    return st;
}

void flat_free(struct flat *flat)
{
    if (!flat) return;
    arena_release(&flat->columns_arena);
    arena_release(&flat->row_arena);
    mem_free(flat->mem, flat, sizeof *flat);
}

void flat_put_header(const struct flat *flat, struct buf *out)
{
    buf_puts(out, "_id,_version,_received_at");
    for (uint32_t i = 0; i < flat->step_count; i++) {
        if (!flat->steps[i].repeats) continue;
        buf_puts(out, ",_row.");
        flat_put_cell(flat->steps[i].path, out);
    }
    for (const struct column *column = flat->first; column; column = column->next) {
        buf_putc(out, ',');
        flat_put_cell(column->path, out);
    }
    buf_puts(out, "\r\n");
}

/* ---------------------------------------------------------------- rows */

struct row {
    struct flat *flat;
    const struct submission_record *submission;
    struct str answers; /* the text of the tree */
    struct buf *out;
};

static void put_json(struct json_writer *json, const struct json_value *value)
{
    bool object = value->kind == JSON_OBJECT;
    if (value->kind == JSON_STRING) {
        json_str(json, value->text);
    } else if (value->kind == JSON_NUMBER) {
        json_raw(json, value->text);
    } else if (value->kind == JSON_TRUE || value->kind == JSON_FALSE) {
        json_bool(json, value->kind == JSON_TRUE);
    } else if (object || value->kind == JSON_ARRAY) {
        object ? json_object(json) : json_array(json);
        for (uint32_t i = 0; i < value->count; i++) {
            if (object) json_key(json, value->members[i].name);
            put_json(json, object ? &value->members[i].value : &value->items[i]);
        }
        object ? json_object_end(json) : json_array_end(json);
    } else {
        json_null(json);
    }
}

/* Several values in one answer, and those written in by hand, as JSON. */
static void put_composite(struct flat *flat, const struct json_value *value, struct buf *out)
{
    struct buf text;
    struct json_writer json;
    buf_init(&text, flat->mem, 2 * (size_t)limit(VERDICT_BYTES));
    json_writer_init(&json, &text);
    put_json(&json, value);
    if (buf_failed(&text)) out->failure = text.failure;
    else flat_put_cell(buf_str(&text), out);
    buf_release(&text);
}

static void put_value(struct flat *flat, const struct json_value *value, struct buf *out)
{
    switch (value->kind) {
    case JSON_STRING:
    case JSON_NUMBER:
        flat_put_cell(value->text, out);
        return;
    case JSON_TRUE:
        buf_puts(out, "true");
        return;
    case JSON_FALSE:
        buf_puts(out, "false");
        return;
    case JSON_NULL: /* masked */
        buf_puts(out, "***");
        return;
    default:
        put_composite(flat, value, out);
    }
}

static void put_row(struct row *row, const struct json_value *object)
{
    const struct flat *flat = row->flat;
    const struct submission_record *submission = row->submission;
    char moment[CIVIL_DATETIME_BYTES];
    size_t moment_len = civil_format_datetime(submission->received_ms, 0, moment);
    buf_printf(row->out, "%.*s,%u,%.*s", STR_ARG(submission->id), (unsigned)submission->version,
               (int)moment_len, moment);
    for (uint32_t i = 0; i < flat->step_count; i++)
        if (flat->steps[i].repeats) buf_printf(row->out, ",%u", (unsigned)flat->rows[i]);
    for (const struct column *column = flat->first; column; column = column->next) {
        const struct json_value *value = object;
        for (uint32_t i = 0; i < column->key_count; i++) value = json_get(value, column->keys[i]);
        buf_putc(row->out, ',');
        if (value) put_value(row->flat, value, row->out);
    }
    buf_puts(row->out, "\r\n");
}

/* NULL: there are none. */
static void put_rows(struct row *row, const struct json_value *value, uint32_t step)
{
    struct flat *flat = row->flat;
    if (step == flat->step_count) {
        put_row(row, value);
        return;
    }
    value = json_get(value, flat->steps[step].key);
    if (!value) return;
    if (value->kind == JSON_OBJECT) put_rows(row, value, step + 1);
    for (uint32_t i = 0; value->kind == JSON_ARRAY && i < value->count; i++) {
        flat->rows[step] = i + 1;
        put_rows(row, &value->items[i], step + 1);
    }
}

static enum status read_tree(struct row *row, struct json_value *ret_tree)
{
    struct json_error error;
    return json_read(&row->flat->row_arena, row->answers, limit(JSON_DEPTH), ret_tree, &error);
}

enum status flat_put_rows(struct flat *flat, const struct submission_record *submission,
                          struct masking *masking, struct buf *out)
{
    struct row row = {
        .flat = flat, .submission = submission, .answers = submission->answers, .out = out};
    struct buf masked;
    struct json_value tree;
    arena_reset(&flat->row_arena);
    buf_init(&masked, flat->mem, 2 * (size_t)limit(VERDICT_BYTES));
    if (masking) {
        masking_put(masking, submission->version, submission->answers, &masked);
        row.answers = buf_str(&masked);
    }
    enum status st = masking && masking->failure ? masking->failure : masked.failure;
    if (!st) st = read_tree(&row, &tree);
    if (!st) put_rows(&row, &tree, 0);
    buf_release(&masked);
    return st ? st : out->failure;
}
