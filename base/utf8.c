#include "base/utf8.h"

#include <assert.h>
#include <utf8proc.h>

/* What may stand as second byte, by the first one: this is what shuts out overlong forms, surrogates
 * and all past U+10FFFF (Unicode standard, table 3-7). */
static bool second_byte_fits(unsigned char first, unsigned char second)
{
    switch (first) {
    case 0xe0:
        return second >= 0xa0 && second <= 0xbf;
    case 0xed:
        return second >= 0x80 && second <= 0x9f;
    case 0xf0:
        return second >= 0x90 && second <= 0xbf;
    case 0xf4:
        return second >= 0x80 && second <= 0x8f;
    default:
        return (second & 0xc0) == 0x80;
    }
}

static size_t length_from(unsigned char first)
{
    if (first < 0x80) return 1;
    if (first < 0xc2) return 0;
    if (first < 0xe0) return 2;
    if (first < 0xf0) return 3;
    return first < 0xf5 ? 4 : 0;
}

size_t utf8_next(struct str text, uint32_t *ret_code)
{
    if (text.len == 0) return 0;
    const unsigned char *at = (const unsigned char *)text.ptr;
    size_t len = length_from(at[0]);
    if (len == 0 || len > text.len) return 0;
    uint32_t code = len == 1 ? at[0] : at[0] & (0x7fu >> len);
    if (len > 1 && !second_byte_fits(at[0], at[1])) return 0;
    for (size_t i = 1; i < len; i++) {
        if ((at[i] & 0xc0) != 0x80) return 0;
        code = code << 6 | (at[i] & 0x3fu);
    }
    if (ret_code) *ret_code = code;
    return len;
}

size_t utf8_encode(uint32_t code, char ret_bytes[4])
{
    assert(code <= 0x10ffff && (code < 0xd800 || code > 0xdfff));
    static const unsigned char leads[] = {0, 0, 0xc0, 0xe0, 0xf0};
    size_t len = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = len - 1; i > 0; i--) {
        ret_bytes[i] = (char)(0x80 | (code & 0x3f));
        code >>= 6;
    }
    ret_bytes[0] = (char)(leads[len] | code);
    return len;
}

static uint64_t load8(const char *at)
{
    uint64_t word;
    memcpy(&word, at, 8);
    return word;
}

/* Eight bytes of ASCII at a time; most texts are nothing else. */
static size_t ascii_len(struct str text)
{
    size_t i = 0;
    while (text.len - i >= 8 && !(load8(text.ptr + i) & 0x8080808080808080u)) i += 8;
    while (i < text.len && (unsigned char)text.ptr[i] < 0x80) i++;
    return i;
}

static struct str behind(struct str text, size_t offset)
{
    return (struct str){text.ptr + offset, text.len - offset};
}

size_t utf8_valid_len(struct str text)
{
    size_t at = ascii_len(text);
    while (at < text.len) {
        size_t len = utf8_next(behind(text, at), NULL);
        if (len == 0) break;
        at += len;
        if (at < text.len && (unsigned char)text.ptr[at] < 0x80) at += ascii_len(behind(text, at));
    }
    return at;
}

bool utf8_valid(struct str text)
{
    return utf8_valid_len(text) == text.len;
}

static bool begins_code_point(char c)
{
    return ((unsigned char)c & 0xc0) != 0x80;
}

size_t utf8_count(struct str text)
{
    size_t count = 0, i = 0;
    for (; text.len - i >= 8; i += 8) {
        uint64_t word = load8(text.ptr + i);
        uint64_t inner = (word >> 7) & (~word >> 6) & 0x0101010101010101u; /* 10xxxxxx */
        count += 8 - (size_t)((inner * 0x0101010101010101u) >> 56);
    }
    for (; i < text.len; i++) count += begins_code_point(text.ptr[i]);
    return count;
}

size_t utf8_offset(struct str text, size_t chars)
{
    size_t at = 0;
    while (at < text.len && chars > 0) {
        at++;
        while (at < text.len && !begins_code_point(text.ptr[at])) at++;
        chars--;
    }
    return at;
}

static enum status arena_status(const struct arena *arena)
{
    return arena->refused ? ST_LIMIT : ST_NOMEM;
}

/* utf8proc over buffers of the arena: it decomposes into code points, then writes UTF-8 over them in
 * place. */
static enum status map(struct arena *arena, struct str text, utf8proc_option_t options,
                       struct str *ret_text)
{
    const utf8proc_uint8_t *bytes = (const utf8proc_uint8_t *)text.ptr;
    utf8proc_ssize_t len = (utf8proc_ssize_t)text.len;
    utf8proc_ssize_t count = utf8proc_decompose(bytes, len, NULL, 0, options);
    assert(count >= 0); /* negative only for invalid UTF-8 or lengths that no arena holds */
    utf8proc_int32_t *codes = arena_alloc(arena, ((size_t)count + 1) * sizeof *codes);
    if (!codes) return arena_status(arena);
    count = utf8proc_decompose(bytes, len, codes, count, options);
    utf8proc_ssize_t size = utf8proc_reencode(codes, count, options);
    assert(size >= 0);
    *ret_text = (struct str){(const char *)codes, (size_t)size};
    return ST_OK;
}

enum status utf8_nfc(struct arena *arena, struct str text, struct str *ret_text)
{
    if (ascii_len(text) == text.len) {
        *ret_text = text;
        return ST_OK;
    }
    return map(arena, text, UTF8PROC_STABLE | UTF8PROC_COMPOSE, ret_text);
}

enum status utf8_fold(struct arena *arena, struct str text, struct str *ret_text)
{
    if (ascii_len(text) == text.len) return utf8_lower(arena, text, ret_text);
    return map(arena, text, UTF8PROC_CASEFOLD, ret_text);
}

/* utf8proc turns U+00DF into U+1E9E; Unicode's own table leaves it alone. */
static uint32_t upper_of(uint32_t code)
{
    return code == 0xdf ? code : (uint32_t)utf8proc_toupper((utf8proc_int32_t)code);
}

static uint32_t lower_of(uint32_t code)
{
    return (uint32_t)utf8proc_tolower((utf8proc_int32_t)code);
}

/* `ret_bytes` NULL: only measures. */
static size_t convert(struct str text, uint32_t (*turn)(uint32_t), char *ret_bytes)
{
    size_t size = 0;
    for (size_t at = 0; at < text.len;) {
        uint32_t code;
        char bytes[4];
        size_t len = utf8_next(behind(text, at), &code);
        assert(len > 0);
        size_t out = utf8_encode(turn(code), bytes);
        if (ret_bytes) memcpy(ret_bytes + size, bytes, out);
        size += out;
        at += len;
    }
    return size;
}

static bool changes(struct str text, uint32_t (*turn)(uint32_t))
{
    for (size_t at = 0; at < text.len;) {
        uint32_t code = 0;
        at += utf8_next(behind(text, at), &code);
        if (turn(code) != code) return true;
    }
    return false;
}

static enum status turn_all(struct arena *arena, struct str text, uint32_t (*turn)(uint32_t),
                            struct str *ret_text)
{
    if (!changes(text, turn)) {
        *ret_text = text;
        return ST_OK;
    }
    size_t size = convert(text, turn, NULL);
    char *bytes = arena_alloc(arena, size);
    if (!bytes) return arena_status(arena);
    convert(text, turn, bytes);
    *ret_text = (struct str){bytes, size};
    return ST_OK;
}

enum status utf8_upper(struct arena *arena, struct str text, struct str *ret_text)
{
    return turn_all(arena, text, upper_of, ret_text);
}

enum status utf8_lower(struct arena *arena, struct str text, struct str *ret_text)
{
    return turn_all(arena, text, lower_of, ret_text);
}

const char *utf8_category(uint32_t code)
{
    return utf8proc_category_string((utf8proc_int32_t)code);
}
