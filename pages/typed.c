#include "pages/typed.h"

#include "base/json_writer.h"
#include "base/word.h"

#include <assert.h>

struct typed *typed_new(struct arena *arena)
{
    struct typed *typed = ARENA_NEW(arena, struct typed);
    if (typed) typed->kind = JSON_OBJECT;
    return typed;
}

static void become(struct typed *typed, enum json_token kind)
{
    if (typed->kind == kind) return;
    typed->kind = kind;
    typed->items = NULL;
    typed->count = typed->capacity = 0;
}

static struct typed *add(struct arena *arena, struct typed *around, struct str name)
{
    if (around->count == around->capacity) {
        uint32_t more = around->capacity ? around->capacity * 2 : 4;
        struct typed **items = arena_grow(arena, around->items, around->capacity, more, sizeof *items);
        if (!items) return NULL;
        around->items = items;
        around->capacity = more;
    }
    struct typed *typed = ARENA_NEW(arena, struct typed);
    if (!typed) return NULL;
    typed->kind = JSON_NULL;
    typed->name = name;
    around->items[around->count++] = typed;
    return typed;
}

bool typed_copy(struct arena *arena, const struct json_value *from, struct typed *to)
{
    bool object = from->kind == JSON_OBJECT;
    to->kind = from->kind;
    to->text = from->text;
    to->items = NULL;
    to->count = to->capacity = 0;
    if (!object && from->kind != JSON_ARRAY) return true;
    for (uint32_t i = 0; i < from->count; i++) {
        struct typed *item = add(arena, to, object ? from->members[i].name : STR(""));
        if (!item || !typed_copy(arena, object ? &from->members[i].value : &from->items[i], item))
            return false;
    }
    return true;
}

enum status typed_read(struct arena *arena, struct str json, struct typed **ret_root)
{
    struct json_value value;
    struct json_error error;
    struct typed *root = typed_new(arena);
    if (!root) return ST_NOMEM;
    enum status st = json_read(arena, json, limit(ANSWERS_DEPTH), &value, &error);
    if (st) return st;
    if (value.kind != JSON_OBJECT) return ST_SYNTAX;
    if (!typed_copy(arena, &value, root)) return arena->refused ? ST_LIMIT : ST_NOMEM;
    *ret_root = root;
    return ST_OK;
}

static void write(struct json_writer *json, const struct typed *typed)
{
    switch (typed->kind) {
    case JSON_OBJECT:
        json_object(json);
        for (uint32_t i = 0; i < typed->count; i++) {
            json_key(json, typed->items[i]->name);
            write(json, typed->items[i]);
        }
        json_object_end(json);
        return;
    case JSON_ARRAY:
        json_array(json);
        for (uint32_t i = 0; i < typed->count; i++) write(json, typed->items[i]);
        json_array_end(json);
        return;
    case JSON_STRING:
        json_str(json, typed->text);
        return;
    case JSON_NUMBER:
        json_raw(json, typed->text);
        return;
    case JSON_TRUE:
    case JSON_FALSE:
        json_bool(json, typed->kind == JSON_TRUE);
        return;
    default:
        json_raw(json, STR("null"));
        return;
    }
}

void typed_write(const struct typed *typed, struct buf *out)
{
    struct json_writer json;
    json_writer_init(&json, out);
    write(&json, typed);
}

struct typed *typed_get(const struct typed *object, struct str name)
{
    if (!object || object->kind != JSON_OBJECT) return NULL;
    for (uint32_t i = 0; i < object->count; i++)
        if (str_eq(object->items[i]->name, name)) return object->items[i];
    return NULL;
}

struct typed *typed_at(const struct typed *array, uint32_t index)
{
    if (!array || array->kind != JSON_ARRAY || index >= array->count) return NULL;
    return array->items[index];
}

/* Whether "~1a" is "/a". */
static bool is_part(struct str part, struct str name)
{
    size_t at = 0;
    for (size_t i = 0; i < part.len; i++) {
        bool escape = part.ptr[i] == '~' && i + 1 < part.len;
        char c = !escape ? part.ptr[i] : part.ptr[++i] == '1' ? '/' : '~';
        if (at == name.len || name.ptr[at++] != c) return false;
    }
    return at == name.len;
}

struct typed *typed_step(const struct typed *typed, struct str part)
{
    uint64_t index;
    if (typed->kind == JSON_ARRAY)
        return word_number(part, UINT32_MAX, &index) ? typed_at(typed, (uint32_t)index) : NULL;
    for (uint32_t i = 0; typed->kind == JSON_OBJECT && i < typed->count; i++)
        if (is_part(part, typed->items[i]->name)) return typed->items[i];
    return NULL;
}

struct typed *typed_member(struct arena *arena, struct typed *object, struct str name)
{
    become(object, JSON_OBJECT);
    struct typed *member = typed_get(object, name);
    return member ? member : add(arena, object, name);
}

struct typed *typed_append(struct arena *arena, struct typed *array)
{
    become(array, JSON_ARRAY);
    struct typed *item = add(arena, array, STR(""));
    if (item) become(item, JSON_OBJECT);
    return item;
}

void typed_remove(struct typed *array, uint32_t index)
{
    assert(array->kind == JSON_ARRAY && index < array->count);
    memmove(array->items + index, array->items + index + 1,
            (array->count - index - 1) * sizeof *array->items);
    array->count--;
}

void typed_set_null(struct typed *typed)
{
    become(typed, JSON_NULL);
}

void typed_set_bool(struct typed *typed, bool value)
{
    become(typed, value ? JSON_TRUE : JSON_FALSE);
}

void typed_set_str(struct typed *typed, struct str text)
{
    become(typed, JSON_STRING);
    typed->text = text;
}

void typed_set_number(struct typed *typed, struct str text)
{
    become(typed, JSON_NUMBER);
    typed->text = text;
}
