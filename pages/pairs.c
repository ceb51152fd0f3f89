#include "pages/pairs.h"

#include "base/limits.h"
#include "base/utf8.h"

static int hex_of(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* One byte of `text` at *at, decoded; -1: a broken escape. */
static int next_byte(struct str text, size_t *at)
{
    char c = text.ptr[(*at)++];
    if (c == '+') return ' ';
    if (c != '%') return (unsigned char)c;
    int high = *at < text.len ? hex_of(text.ptr[*at]) : -1;
    int low = *at + 1 < text.len ? hex_of(text.ptr[*at + 1]) : -1;
    *at += 2;
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

static bool is_encoded(struct str text)
{
    return text.len && (memchr(text.ptr, '%', text.len) || memchr(text.ptr, '+', text.len));
}

/* CR LF and a lone CR become LF. */
static size_t unify_lines(char *bytes, size_t len)
{
    size_t to = 0;
    for (size_t i = 0; i < len; i++) {
        if (bytes[i] == '\r' && i + 1 < len && bytes[i + 1] == '\n') continue;
        bytes[to++] = bytes[i] == '\r' ? '\n' : bytes[i];
    }
    return to;
}

static enum pairs_result decode(struct str text, struct arena *arena, struct str *ret_text)
{
    struct str plain = text;
    if (is_encoded(text)) {
        char *bytes = arena_alloc(arena, text.len);
        size_t len = 0;
        if (!bytes) return PAIRS_NOMEM;
        for (size_t at = 0; at < text.len;) {
            int byte = next_byte(text, &at);
            if (byte < 0) return PAIRS_MALFORMED;
            bytes[len++] = (char)byte;
        }
        plain = (struct str){bytes, unify_lines(bytes, len)};
    }
    if (!utf8_valid(plain) || (plain.len && memchr(plain.ptr, '\0', plain.len))) return PAIRS_MALFORMED;
    *ret_text = plain;
    return PAIRS_OK;
}

/* What stands before the next `at`; *rest is what stands behind. */
static struct str cut(struct str *rest, char at)
{
    const char *mark = rest->len ? memchr(rest->ptr, at, rest->len) : NULL;
    struct str first = {rest->ptr, mark ? (size_t)(mark - rest->ptr) : rest->len};
    size_t taken = first.len + (mark ? 1 : 0);
    *rest = (struct str){rest->ptr + taken, rest->len - taken};
    return first;
}

static uint32_t count_of(struct str text)
{
    uint32_t count = 1;
    for (size_t i = 0; i < text.len; i++) count += text.ptr[i] == '&';
    return count;
}

enum pairs_result pairs_read(struct str text, struct arena *arena, struct pairs *ret_pairs)
{
    struct pairs pairs = {NULL, 0};
    uint32_t most = count_of(text);
    if (most > (uint32_t)limit(PAGE_PAIRS)) return PAIRS_TOO_MANY;
    pairs.items = ARENA_ARRAY(arena, struct pair, most);
    if (!pairs.items) return PAIRS_NOMEM;
    while (text.len) {
        struct str value = cut(&text, '&');
        if (!value.len) continue;
        struct str name = cut(&value, '=');
        struct pair *pair = &pairs.items[pairs.count++];
        enum pairs_result result = decode(name, arena, &pair->name);
        if (!result) result = decode(value, arena, &pair->value);
        if (result) return result;
    }
    *ret_pairs = pairs;
    return PAIRS_OK;
}

struct str pairs_get(const struct pairs *pairs, struct str name)
{
    for (uint32_t i = pairs->count; i-- > 0;)
        if (str_eq(pairs->items[i].name, name))
            return pairs->items[i].value.ptr ? pairs->items[i].value : STR("");
    return (struct str){NULL, 0};
}
