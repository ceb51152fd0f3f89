#include "base/json_reader.h"

#include "base/digest.h"

#include <assert.h>

struct json_name_entry {
    uint32_t object; /* from 1; 0: free */
    uint32_t hash;
    struct str name;
};

void json_names_init(struct json_names *names, struct arena *arena)
{
    *names = (struct json_names){.arena = arena};
}

/* A row's names come again in every row: the object's number keeps them apart. */
static uint32_t name_hash(uint32_t object, struct str name)
{
    uint64_t hash = digest_short(name) + object * UINT64_C(0x9e3779b97f4a7c15);
    return (uint32_t)(hash ^ hash >> 32);
}

/* Where the name is, or the free entry where it would go. */
static struct json_name_entry *place_of(const struct json_names *names, uint32_t object, uint32_t hash,
                                        struct str name)
{
    for (uint32_t i = hash;; i++) {
        struct json_name_entry *entry = &names->entries[i & (names->capacity - 1)];
        if (entry->object == 0) return entry;
        if (entry->object == object && entry->hash == hash && str_eq(entry->name, name)) return entry;
    }
}

static enum status names_grow(struct json_names *names)
{
    struct json_names larger = {.arena = names->arena, .count = names->count};
    larger.capacity = names->capacity ? names->capacity * 2 : 32;
    larger.entries = arena_zalloc(names->arena, larger.capacity, sizeof *larger.entries);
    if (!larger.entries) return names->arena->refused ? ST_LIMIT : ST_NOMEM;
    for (uint32_t i = 0; i < names->capacity; i++) {
        const struct json_name_entry *entry = &names->entries[i];
        if (entry->object) *place_of(&larger, entry->object, entry->hash, entry->name) = *entry;
    }
    *names = larger;
    return ST_OK;
}

enum status json_names_add(struct json_names *names, uint32_t object, struct str name)
{
    assert(object > 0);
    if (names->count * 2 >= names->capacity) {
        enum status st = names_grow(names);
        if (st) return st;
    }
    uint32_t hash = name_hash(object, name);
    struct json_name_entry *entry = place_of(names, object, hash, name);
    if (entry->object) return ST_CONFLICT;
    *entry = (struct json_name_entry){object, hash, name};
    names->count++;
    return ST_OK;
}

void json_reader_init(struct json_reader *reader, struct str text, struct arena *arena,
                      uint32_t depth_max)
{
    assert(depth_max <= limit(JSON_DEPTH));
    *reader = (struct json_reader){
        .cur = json_cursor_of(text),
        .arena = arena,
        .depth_max = depth_max,
        .state = JSON_STATE_VALUE,
    };
    reader->start = reader->cur.at;
    json_names_init(&reader->names, arena);
}

static enum json_token broken_at(struct json_reader *reader, enum json_fault fault, size_t offset)
{
    reader->fault = fault;
    reader->fault_offset = offset;
    reader->state = JSON_STATE_BROKEN;
    return JSON_BAD;
}

static size_t offset_now(const struct json_reader *reader)
{
    return (size_t)(reader->cur.at - reader->start);
}

static enum json_token broken(struct json_reader *reader, enum json_fault fault)
{
    if (reader->cur.at == reader->cur.end) fault = JSON_FAULT_EARLY_END;
    return broken_at(reader, fault, offset_now(reader));
}

static enum json_token out_of_memory(struct json_reader *reader)
{
    reader->memory_refused = reader->arena->refused;
    return broken_at(reader, JSON_FAULT_MEMORY, offset_now(reader));
}

static enum json_token done_with(struct json_reader *reader, enum json_token token)
{
    reader->state = JSON_STATE_AFTER_VALUE;
    return token;
}

static bool has_level(struct json_reader *reader)
{
    if (reader->depth < reader->open_capacity) return true;
    uint32_t capacity = reader->open_capacity ? reader->open_capacity * 2 : 16;
    uint32_t *open =
        arena_grow(reader->arena, reader->open, reader->open_capacity, capacity, sizeof *open);
    if (!open) return false;
    reader->open = open;
    reader->open_capacity = capacity;
    return true;
}

static enum json_token open_bracket(struct json_reader *reader, bool object)
{
    if (reader->depth == reader->depth_max) return broken(reader, JSON_FAULT_DEPTH);
    if (!has_level(reader)) return out_of_memory(reader);
    reader->cur.at++;
    reader->open[reader->depth++] = object ? ++reader->objects : 0;
    reader->state = object ? JSON_STATE_FIRST_NAME : JSON_STATE_FIRST_VALUE;
    return object ? JSON_OBJECT : JSON_ARRAY;
}

static enum json_token close_bracket(struct json_reader *reader)
{
    reader->offset = offset_now(reader);
    reader->cur.at++;
    uint32_t object = reader->open[--reader->depth];
    return done_with(reader, object ? JSON_OBJECT_END : JSON_ARRAY_END);
}

/* Fills text and chars; NAME and STRING alike. */
static enum json_token read_string(struct json_reader *reader, enum json_token token)
{
    struct json_string string;
    enum json_fault fault = json_scan_string(&reader->cur, &string);
    if (fault) return broken_at(reader, fault, offset_now(reader));
    reader->text = string.raw;
    reader->chars = string.chars;
    if (!string.escaped) return token;
    char *decoded = arena_alloc(reader->arena, string.raw.len);
    if (!decoded) return out_of_memory(reader);
    reader->text = (struct str){decoded, json_unescape(string.raw, decoded)};
    return token;
}

static enum json_token read_name(struct json_reader *reader)
{
    reader->offset = offset_now(reader);
    if (json_peek(&reader->cur) != '"') return broken(reader, JSON_FAULT_NAME);
    if (read_string(reader, JSON_NAME) == JSON_BAD) return JSON_BAD;
    enum status st = ST_OK;
    if (!reader->names_may_repeat)
        st = json_names_add(&reader->names, reader->open[reader->depth - 1], reader->text);
    if (st == ST_CONFLICT) return broken_at(reader, JSON_FAULT_DUPLICATE, reader->offset);
    if (st) return out_of_memory(reader);
    json_skip_blanks(&reader->cur);
    if (!json_take(&reader->cur, ':')) return broken(reader, JSON_FAULT_COLON);
    reader->state = JSON_STATE_VALUE;
    return JSON_NAME;
}

static enum json_token read_number(struct json_reader *reader)
{
    enum json_fault fault = json_scan_number(&reader->cur, &reader->number);
    if (fault) return broken(reader, fault);
    reader->text = reader->number.raw;
    return done_with(reader, JSON_NUMBER);
}

static enum json_token read_word(struct json_reader *reader, struct str word, enum json_token token)
{
    if (json_scan_word(&reader->cur, word)) return broken(reader, JSON_FAULT_WORD);
    return done_with(reader, token);
}

static enum json_token read_value(struct json_reader *reader)
{
    reader->offset = offset_now(reader);
    switch (json_peek(&reader->cur)) {
    case '{':
        return open_bracket(reader, true);
    case '[':
        return open_bracket(reader, false);
    case '"':
        reader->state = JSON_STATE_AFTER_VALUE;
        return read_string(reader, JSON_STRING);
    case 't':
        return read_word(reader, STR("true"), JSON_TRUE);
    case 'f':
        return read_word(reader, STR("false"), JSON_FALSE);
    case 'n':
        return read_word(reader, STR("null"), JSON_NULL);
    case '-':
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
    case '8':
    case '9':
        return read_number(reader);
    default:
        return broken(reader, JSON_FAULT_VALUE);
    }
}

static enum json_token read_end(struct json_reader *reader)
{
    if (reader->cur.at < reader->cur.end) return broken(reader, JSON_FAULT_TRAILING);
    reader->offset = offset_now(reader);
    reader->state = JSON_STATE_DONE;
    return JSON_END;
}

static enum json_token after_value(struct json_reader *reader)
{
    if (reader->depth == 0) return read_end(reader);
    bool in_object = reader->open[reader->depth - 1] != 0;
    if (json_peek(&reader->cur) == (in_object ? '}' : ']')) return close_bracket(reader);
    if (!json_take(&reader->cur, ',')) return broken(reader, JSON_FAULT_COMMA);
    json_skip_blanks(&reader->cur);
    return in_object ? read_name(reader) : read_value(reader);
}

enum json_token json_next(struct json_reader *reader)
{
    if (reader->state == JSON_STATE_BROKEN) return JSON_BAD;
    json_skip_blanks(&reader->cur);
    switch (reader->state) {
    case JSON_STATE_VALUE:
        return read_value(reader);
    case JSON_STATE_FIRST_VALUE:
        return json_peek(&reader->cur) == ']' ? close_bracket(reader) : read_value(reader);
    case JSON_STATE_FIRST_NAME:
        return json_peek(&reader->cur) == '}' ? close_bracket(reader) : read_name(reader);
    case JSON_STATE_AFTER_VALUE:
        return after_value(reader);
    case JSON_STATE_DONE:
        return JSON_END;
    case JSON_STATE_BROKEN:
        break;
    }
    return JSON_BAD;
}

bool json_skip(struct json_reader *reader, enum json_token first)
{
    if (first == JSON_BAD) return false;
    if (first != JSON_OBJECT && first != JSON_ARRAY) return true;
    for (uint32_t depth = reader->depth; reader->depth >= depth;)
        if (json_next(reader) == JSON_BAD) return false;
    return true;
}

enum status json_reader_status(const struct json_reader *reader)
{
    if (reader->state != JSON_STATE_BROKEN) return ST_OK;
    if (reader->fault != JSON_FAULT_MEMORY) return ST_SYNTAX;
    return reader->memory_refused ? ST_LIMIT : ST_NOMEM;
}
