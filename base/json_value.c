#include "base/json_value.h"

#include "base/decimal.h"

#include <assert.h>

/* Items and members while their number is not known yet. */
struct node {
    struct json_member member;
    struct node *next;
};

static enum status memory_status(const struct arena *arena)
{
    return arena->refused ? ST_LIMIT : ST_NOMEM;
}

static enum status read_value(struct json_reader *reader, enum json_token token,
                              struct json_value *ret_value);

/* The next item or member, or *ret_node NULL at the closing bracket. */
static enum status read_node(struct json_reader *reader, struct node **ret_node)
{
    enum json_token token = json_next(reader);
    *ret_node = NULL;
    if (token == JSON_BAD) return json_reader_status(reader);
    if (token == JSON_OBJECT_END || token == JSON_ARRAY_END) return ST_OK;
    struct node *node = ARENA_NEW(reader->arena, struct node);
    if (!node) return memory_status(reader->arena);
    if (token == JSON_NAME) {
        node->member.name = reader->text;
        token = json_next(reader);
    }
    enum status st = read_value(reader, token, &node->member.value);
    if (st) return st;
    *ret_node = node;
    return ST_OK;
}

static enum status read_nodes(struct json_reader *reader, struct node **ret_first, uint32_t *ret_count)
{
    struct node *first = NULL, **last = &first;
    uint32_t count = 0;
    for (;;) {
        enum status st = read_node(reader, last);
        if (st) return st;
        if (!*last) break;
        last = &(*last)->next;
        count++;
    }
    *ret_first = first;
    *ret_count = count;
    return ST_OK;
}

static enum status read_array(struct json_reader *reader, struct json_value *value)
{
    struct node *node;
    enum status st = read_nodes(reader, &node, &value->count);
    if (st) return st;
    value->items = ARENA_ARRAY(reader->arena, struct json_value, value->count);
    if (!value->items) return memory_status(reader->arena);
    for (struct json_value *item = value->items; node; node = node->next) *item++ = node->member.value;
    return ST_OK;
}

static enum status read_object(struct json_reader *reader, struct json_value *value)
{
    struct node *node;
    enum status st = read_nodes(reader, &node, &value->count);
    if (st) return st;
    value->members = ARENA_ARRAY(reader->arena, struct json_member, value->count);
    if (!value->members) return memory_status(reader->arena);
    for (struct json_member *member = value->members; node; node = node->next) *member++ = node->member;
    return ST_OK;
}

static enum status read_value(struct json_reader *reader, enum json_token token,
                              struct json_value *ret_value)
{
    if (token == JSON_BAD) return json_reader_status(reader);
    *ret_value = (struct json_value){.kind = token, .offset = reader->offset};
    if (token == JSON_STRING || token == JSON_NUMBER) ret_value->text = reader->text;
    if (token == JSON_ARRAY) return read_array(reader, ret_value);
    if (token == JSON_OBJECT) return read_object(reader, ret_value);
    return ST_OK;
}

enum status json_read(struct arena *arena, struct str text, uint32_t depth_max,
                      struct json_value *ret_value, struct json_error *reterr_error)
{
    struct json_reader reader;
    struct json_value value;
    json_reader_init(&reader, text, arena, depth_max);
    enum status st = read_value(&reader, json_next(&reader), &value);
    if (!st && json_next(&reader) == JSON_BAD) st = json_reader_status(&reader);
    if (!st) *ret_value = value;
    if (st == ST_SYNTAX) *reterr_error = (struct json_error){reader.fault, reader.fault_offset};
    return st;
}

const struct json_value *json_get(const struct json_value *object, struct str name)
{
    if (!object || object->kind != JSON_OBJECT) return NULL;
    for (uint32_t i = 0; i < object->count; i++)
        if (str_eq(object->members[i].name, name)) return &object->members[i].value;
    return NULL;
}

/* Whether a pointer's token, with its ~0 and ~1, spells `name`. */
static bool token_is(struct str token, struct str name)
{
    size_t at = 0;
    for (size_t i = 0; i < token.len; i++, at++) {
        char c = token.ptr[i];
        if (c == '~') {
            if (++i == token.len || (token.ptr[i] != '0' && token.ptr[i] != '1')) return false;
            c = token.ptr[i] == '0' ? '~' : '/';
        }
        if (at == name.len || name.ptr[at] != c) return false;
    }
    return at == name.len;
}

static const struct json_value *member_of(const struct json_value *object, struct str token)
{
    for (uint32_t i = 0; i < object->count; i++)
        if (token_is(token, object->members[i].name)) return &object->members[i].value;
    return NULL;
}

static const struct json_value *item_of(const struct json_value *array, struct str token)
{
    if (token.len == 0 || token.len > 9 || (token.len > 1 && token.ptr[0] == '0')) return NULL;
    uint32_t index = 0;
    for (size_t i = 0; i < token.len; i++) {
        if (token.ptr[i] < '0' || token.ptr[i] > '9') return NULL;
        index = index * 10 + (uint32_t)(token.ptr[i] - '0');
    }
    return index < array->count ? &array->items[index] : NULL;
}

static const struct json_value *child_of(const struct json_value *value, struct str token)
{
    if (value->kind == JSON_OBJECT) return member_of(value, token);
    return value->kind == JSON_ARRAY ? item_of(value, token) : NULL;
}

const struct json_value *json_find(const struct json_value *value, struct str pointer)
{
    while (value && pointer.len > 0) {
        if (pointer.ptr[0] != '/') return NULL;
        struct str token = {pointer.ptr + 1, 0};
        while (token.len + 1 < pointer.len && token.ptr[token.len] != '/') token.len++;
        value = child_of(value, token);
        pointer = (struct str){token.ptr + token.len, pointer.len - token.len - 1};
    }
    return value;
}

bool json_is_str(const struct json_value *value, struct str *ret_text)
{
    if (!value || value->kind != JSON_STRING) return false;
    *ret_text = value->text;
    return true;
}

bool json_is_bool(const struct json_value *value, bool *ret_value)
{
    if (!value || (value->kind != JSON_TRUE && value->kind != JSON_FALSE)) return false;
    *ret_value = value->kind == JSON_TRUE;
    return true;
}

bool json_is_int(const struct json_value *value, int64_t *ret_value)
{
    return value && value->kind == JSON_NUMBER &&
           decimal_parse(value->text, 0, ret_value) == DECIMAL_OK;
}

bool json_get_str(const struct json_value *object, struct str name, struct str *ret_text)
{
    return json_is_str(json_get(object, name), ret_text);
}

bool json_get_bool(const struct json_value *object, struct str name, bool *ret_value)
{
    return json_is_bool(json_get(object, name), ret_value);
}

bool json_get_int(const struct json_value *object, struct str name, int64_t *ret_value)
{
    return json_is_int(json_get(object, name), ret_value);
}
