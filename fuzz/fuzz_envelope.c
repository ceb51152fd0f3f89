/* Any bytes as the body of a submission, as a query and as an idempotency key. Where the envelope opens
 * and its answers are JSON, the whole body is JSON for the strict reader too, and both see the same
 * answers. What begins with a bracket is cut where one that goes byte by byte cuts it. */
#include "base/json_scan.h"
#include "base/json_value.h"
#include "base/limits.h"
#include "fuzz/holds.h"
#include "server/arguments.h"
#include "server/envelope.h"

static bool is_json(struct str text, uint32_t depth, struct arena *arena, struct json_value *ret_value)
{
    struct json_error error;
    return json_read(arena, text, depth, ret_value, &error) == ST_OK;
}

static void compare(struct str body, const struct envelope *envelope, struct arena *arena)
{
    struct json_value answers, whole;
    int64_t version = 0;
    HOLDS(envelope->answers.ptr >= body.ptr && envelope->answers.ptr[0] == '{');
    HOLDS(envelope->answers.ptr + envelope->answers.len <= body.ptr + body.len);
    if (!is_json(envelope->answers, limit(ANSWERS_DEPTH), arena, &answers)) return;
    HOLDS(is_json(body, limit(ANSWERS_DEPTH) + 1, arena, &whole));
    const struct json_value *seen = json_get(&whole, STR("answers"));
    HOLDS(seen && seen->kind == JSON_OBJECT && body.ptr + seen->offset == envelope->answers.ptr);
    HOLDS(seen->count == answers.count);
    json_get_int(&whole, STR("version"), &version);
    HOLDS(version == envelope->version);
}

/* The length of what begins with a bracket; 0: it is not closed. */
static size_t cut_of(struct str text)
{
    size_t depth = 0;
    bool inside = false;
    for (size_t at = 0; at < text.len; at++) {
        char c = text.ptr[at];
        if (c == '"') inside = !inside;
        else if (inside) at += c == '\\';
        else if (c == '{' || c == '[') depth++;
        else if ((c == '}' || c == ']') && --depth == 0) return at + 1;
    }
    return 0;
}

static void cut_at(struct str text)
{
    struct json_cursor cur = json_cursor_of(text);
    struct str cut = {NULL, 0};
    if (text.len == 0 || (text.ptr[0] != '{' && text.ptr[0] != '[')) return;
    size_t want = cut_of(text);
    HOLDS(json_cut(&cur, &cut) == (want > 0));
    HOLDS(cut.len == want && cur.at == text.ptr + want);
}

static void read_query(struct str text, struct arena *arena)
{
    struct arguments arguments;
    struct str detail;
    for (size_t i = 0; i < text.len; i++) {
        /* The guard lets no other escapes through. */
        if (text.ptr[i] == '%' || (unsigned char)text.ptr[i] <= 0x20 ||
            (unsigned char)text.ptr[i] >= 0x7f)
            return;
    }
    if (arguments_read(text, &routes[ROUTE_submissions_get], arena, &arguments, &detail) ==
        PROBLEM_NONE)
        HOLDS(arguments.count <= ARGUMENTS_MAX);
}

/* [A-Za-z0-9_-]{16,128}, or the same between two quotes. */
static void read_key(struct str header)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    struct str got = STR("");
    size_t from = header.len && header.ptr[0] == '"', at = from;
    while (at < header.len && header.ptr[at] && strchr(plain, header.ptr[at])) at++;
    bool closed = from == 0 ? at == header.len : at + 1 == header.len && header.ptr[at] == '"';
    bool good = closed && at - from >= 16 && at - from <= 128;
    HOLDS((envelope_key(header, &got) == PROBLEM_NONE) == good);
    if (good) HOLDS(str_eq(got, (struct str){header.ptr + from, at - from}));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str body = {(const char *)data, size}, detail;
    struct envelope envelope;
    struct arena arena;
    arena_init(&arena, mem_heap(), 64 << 20);
    for (int lenient = 0; lenient <= 1; lenient++) {
        if (envelope_read(body, lenient, &arena, &envelope, &detail) == PROBLEM_NONE)
            compare(body, &envelope, &arena);
    }
    for (size_t i = 0; i < size && i < 100; i++) cut_at((struct str){body.ptr + i, size - i});
    read_query(body, &arena);
    read_key(body);
    arena_release(&arena);
    return 0;
}
