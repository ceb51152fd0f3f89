#include "base/json_writer.h"

#include "base/decimal.h"
#include "base/json_scan.h"
#include "base/utf8.h"

#include <assert.h>

/* The special bytes of a JSON string, without those that are only not ASCII. */
static size_t plain_len(const char *at, const char *end)
{
    const char *start = at;
    while (at < end) {
        at = json_plain_end(at, end);
        if (at == end || (unsigned char)*at < 0x80) break;
        while (at < end && (unsigned char)*at >= 0x80) at++;
    }
    return (size_t)(at - start);
}

/* Of eight bytes, is none a quote, a backslash or a control? */
static bool is_plain_word(uint64_t word)
{
    const uint64_t ones = 0x0101010101010101u, tops = 0x8080808080808080u;
    uint64_t quote = word ^ (ones * '"'), backslash = word ^ (ones * '\\');
    uint64_t special =
        ((quote - ones) & ~quote) | ((backslash - ones) & ~backslash) | ((word - ones * 0x20) & ~word);
    return !(special & tops);
}

static uint64_t load4(const char *at)
{
    uint32_t word;
    memcpy(&word, at, 4);
    return word;
}

/* Whatever is shorter than eight is looked at as eight bytes, some of them twice. */
static bool is_plain_short(struct str text)
{
    const char *at = text.ptr;
    if (text.len >= 4) return is_plain_word(load4(at) | load4(at + text.len - 4) << 32);
    if (text.len == 0) return true;
    unsigned char first = (unsigned char)at[0], middle = (unsigned char)at[text.len / 2],
                  last = (unsigned char)at[text.len - 1];
    return is_plain_word(0x2020202020000000u | first | (unsigned)middle << 8 | (unsigned)last << 16);
}

#ifdef __SSE2__
static bool is_plain_block(const char *at)
{
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
    __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1f)), bytes);
    __m128i quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')),
            backslash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
    return _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(quote, backslash), control)) == 0;
}

static bool is_plain_long(struct str text)
{
    const char *at = text.ptr, *last = text.ptr + text.len - 16;
    for (; at < last; at += 16)
        if (!is_plain_block(at)) return false;
    return is_plain_block(last);
}
#endif

/* Does it stand for itself between quotes? */
static bool is_plain(struct str text)
{
    if (text.len < 8) return is_plain_short(text);
#ifdef __SSE2__
    if (text.len >= 16) return is_plain_long(text);
#endif
    const char *at = text.ptr, *last = text.ptr + text.len - 8;
    for (; at < last; at += 8)
        if (!is_plain_word(json_load8(at))) return false;
    return is_plain_word(json_load8(last));
}

static void put_escape(struct buf *out, unsigned char c)
{
    static const char letters[] = "btn\0fr"; /* for 0x08 to 0x0d; 0x0b has none */
    if (c == '"' || c == '\\') {
        buf_put(out, (struct str){(const char[]){'\\', (char)c}, 2});
    } else if (c >= 0x08 && c <= 0x0d && c != 0x0b) {
        buf_put(out, (struct str){(const char[]){'\\', letters[c - 8]}, 2});
    } else {
        static const char hex[] = "0123456789abcdef";
        buf_put(out, (struct str){(const char[]){'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]}, 6});
    }
}

static void put_inner(struct buf *out, struct str text)
{
    struct json_cursor cur = json_cursor_of(text);
    const char *at = cur.at, *end = cur.end;
    while (at < end) {
        size_t plain = plain_len(at, end);
        buf_put(out, (struct str){at, plain});
        at += plain;
        if (at < end) put_escape(out, (unsigned char)*at++);
    }
}

void json_put_str(struct buf *out, struct str text)
{
    if (!is_plain(text)) {
        buf_putc(out, '"');
        put_inner(out, text);
        buf_putc(out, '"');
        return;
    }
    char *room = buf_reserve(out, text.len + 2);
    if (!room) return;
    room[0] = '"';
    if (text.len) memcpy(room + 1, text.ptr, text.len);
    room[text.len + 1] = '"';
    out->len += text.len + 2;
}

void json_put_lossy(struct buf *out, struct str bytes)
{
    buf_putc(out, '"');
    while (bytes.len > 0) {
        size_t good = utf8_valid_len(bytes);
        put_inner(out, (struct str){bytes.ptr, good});
        bytes = (struct str){bytes.ptr + good, bytes.len - good};
        if (bytes.len == 0) break;
        buf_puts(out, "\xef\xbf\xbd");
        bytes = (struct str){bytes.ptr + 1, bytes.len - 1};
    }
    buf_putc(out, '"');
}

void json_writer_init(struct json_writer *json, struct buf *out)
{
    *json = (struct json_writer){.out = out};
}

static void before_value(struct json_writer *json)
{
    if (json->comma) buf_putc(json->out, ',');
    json->comma = true;
}

static void open_with(struct json_writer *json, char bracket)
{
    before_value(json);
    buf_putc(json->out, bracket);
    json->comma = false;
    json->depth++;
}

static void close_with(struct json_writer *json, char bracket)
{
    assert(json->depth > 0);
    buf_putc(json->out, bracket);
    json->comma = true;
    json->depth--;
}

void json_object(struct json_writer *json)
{
    open_with(json, '{');
}

void json_object_end(struct json_writer *json)
{
    close_with(json, '}');
}

void json_array(struct json_writer *json)
{
    open_with(json, '[');
}

void json_array_end(struct json_writer *json)
{
    close_with(json, ']');
}

void json_key(struct json_writer *json, struct str name)
{
    assert(json->depth > 0);
    before_value(json);
    json_put_str(json->out, name);
    buf_putc(json->out, ':');
    json->comma = false;
}

void json_str(struct json_writer *json, struct str text)
{
    before_value(json);
    json_put_str(json->out, text);
}

void json_lossy(struct json_writer *json, struct str bytes)
{
    before_value(json);
    json_put_lossy(json->out, bytes);
}

void json_int(struct json_writer *json, int64_t value)
{
    before_value(json);
    buf_put_int(json->out, value);
}

void json_double(struct json_writer *json, double value)
{
    before_value(json);
    double_put(json->out, value);
}

void json_bool(struct json_writer *json, bool value)
{
    before_value(json);
    buf_put(json->out, value ? STR("true") : STR("false"));
}

void json_null(struct json_writer *json)
{
    before_value(json);
    buf_put(json->out, STR("null"));
}

void json_raw(struct json_writer *json, struct str text)
{
    before_value(json);
    buf_put(json->out, text);
}

void json_key_str(struct json_writer *json, struct str name, struct str text)
{
    json_key(json, name);
    json_str(json, text);
}

void json_key_int(struct json_writer *json, struct str name, int64_t value)
{
    json_key(json, name);
    json_int(json, value);
}

void json_key_bool(struct json_writer *json, struct str name, bool value)
{
    json_key(json, name);
    json_bool(json, value);
}
