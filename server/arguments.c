#include "server/arguments.h"

#include "base/utf8.h"

static unsigned hex_value(char c)
{
    if (c >= '0' && c <= '9') return (unsigned)(c - '0');
    return (unsigned)((c | 0x20) - 'a') + 10;
}

/* The guard has seen to it that two hex digits follow each '%'. */
static struct str decode(struct str text, struct arena *arena)
{
    char *out = arena_alloc(arena, text.len);
    if (!out) return (struct str){NULL, 0};
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '%') {
            out[len++] = (char)(hex_value(text.ptr[i + 1]) << 4 | hex_value(text.ptr[i + 2]));
            i += 2;
        } else {
            out[len++] = text.ptr[i];
        }
    }
    return (struct str){out, len};
}

/* `deep` is what stands behind the name in brackets. */
static const char *known_name(const struct route *route, struct str name, struct str deep)
{
    for (const struct route_input *input = route_inputs; input->name; input++) {
        if (input->route == route->number && input->in_query && input->deep == (deep.len > 0) &&
            str_eq(name, str_of(input->name)))
            return input->name;
    }
    return NULL;
}

static struct str cut(struct str *rest, char at)
{
    const char *mark = rest->len ? memchr(rest->ptr, at, rest->len) : NULL;
    struct str first = {rest->ptr, mark ? (size_t)(mark - rest->ptr) : rest->len};
    size_t taken = first.len + (mark ? 1 : 0);
    *rest = (struct str){rest->ptr + taken, rest->len - taken};
    return first;
}

static bool is_given(const struct arguments *arguments, const char *name, struct str deep)
{
    for (uint32_t i = 0; i < arguments->count; i++) {
        const struct argument *item = &arguments->items[i];
        if (strcmp(item->name, name) == 0 && str_eq(item->deep, deep)) return true;
    }
    return false;
}

static enum problem take(struct str name, struct str value, const struct route *route,
                         struct arena *arena, struct arguments *arguments, struct str *reterr_detail)
{
    struct str plain_name = decode(name, arena), plain = decode(value, arena);
    if (!plain_name.ptr || !plain.ptr) return PROBLEM_OVERLOADED;
    struct str deep = plain_name;
    plain_name = cut(&deep, '[');
    if (deep.ptr > plain_name.ptr + plain_name.len)
        deep = (struct str){deep.ptr - 1, deep.len + 1}; /* with the bracket */
    const char *known = known_name(route, plain_name, deep);
    *reterr_detail = STR("there is no such query parameter here");
    if (!known) return PROBLEM_PARAMETER_MALFORMED;
    *reterr_detail =
        arena_printf(arena, "the query parameter %s is repeated, empty or not text", known);
    if (is_given(arguments, known, deep) || plain.len == 0 || !utf8_valid(plain) || !utf8_valid(deep))
        return PROBLEM_PARAMETER_MALFORMED;
    *reterr_detail = STR("there are too many query parameters");
    if (arguments->count == ARGUMENTS_MAX) return PROBLEM_PARAMETER_MALFORMED;
    arguments->items[arguments->count++] = (struct argument){known, deep, plain};
    return PROBLEM_NONE;
}

enum problem arguments_read(struct str query, const struct route *route, struct arena *arena,
                            struct arguments *ret_arguments, struct str *reterr_detail)
{
    struct arguments arguments = {.count = 0};
    while (query.len > 0) {
        struct str value = cut(&query, '&');
        struct str name = cut(&value, '=');
        enum problem problem = take(name, value, route, arena, &arguments, reterr_detail);
        if (problem) return problem;
    }
    *ret_arguments = arguments;
    return PROBLEM_NONE;
}

struct str arguments_get(const struct arguments *arguments, const char *name)
{
    for (uint32_t i = 0; i < arguments->count; i++) {
        if (strcmp(arguments->items[i].name, name) == 0) return arguments->items[i].value;
    }
    return (struct str){NULL, 0};
}
