#include "dsl/media.h"

#include <assert.h>
#include <string.h>

static const char any_name[] = "[a-z0-9][a-z0-9!#$&^_.+\\-]*";

/* ---- names */

static bool is_first(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool is_rest(char c)
{
    return is_first(c) || (c != '\0' && strchr("!#$&^_.+-", c));
}

static bool is_name(struct str name)
{
    enum { NAME_MOST = 127 }; /* RFC 6838 §4.2 */
    if (name.len == 0 || name.len > NAME_MOST || !is_first(name.ptr[0])) return false;
    for (size_t i = 1; i < name.len; i++)
        if (!is_rest(name.ptr[i])) return false;
    return true;
}

bool media_type_valid(struct str type)
{
    const char *slash = type.len ? memchr(type.ptr, '/', type.len) : NULL;
    if (!slash) return false;
    struct str before = {type.ptr, (size_t)(slash - type.ptr)};
    struct str behind = {slash + 1, type.len - before.len - 1};
    return is_name(before) && (str_eq(behind, STR("*")) || is_name(behind));
}

/* ---- patterns */

struct pattern {
    char *text;
    size_t len, room;
};

static void put(struct pattern *pattern, const char *bytes, size_t count)
{
    assert(count <= pattern->room - pattern->len);
    memcpy(pattern->text + pattern->len, bytes, count);
    pattern->len += count;
}

static void put_any(struct pattern *pattern)
{
    put(pattern, any_name, sizeof any_name - 1);
}

static void put_type(struct pattern *pattern, struct str type)
{
    for (size_t i = 0; i < type.len; i++) {
        char c = type.ptr[i];
        if (c == '*') put_any(pattern);
        else if (c == '.' || c == '+') put(pattern, (char[]){'\\', c}, 2);
        else put(pattern, &c, 1);
    }
}

struct str media_pattern(struct arena *arena, const struct expr_name *types, uint32_t count)
{
    enum { SIGNS = 2 }; /* "|", "/" */
    size_t room = SIGNS * sizeof any_name;
    for (uint32_t i = 0; i < count; i++) room += 2 * types[i].text.len + sizeof any_name + SIGNS;
    struct pattern pattern = {.text = arena_alloc(arena, room), .room = room};
    if (!pattern.text) return (struct str){NULL, 0};
    for (uint32_t i = 0; i < count; i++) {
        if (i > 0) put(&pattern, "|", 1);
        put_type(&pattern, types[i].text);
    }
    if (count == 0) {
        put_any(&pattern);
        put(&pattern, "/", 1);
        put_any(&pattern);
    }
    return (struct str){pattern.text, pattern.len};
}
