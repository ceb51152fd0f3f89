#include "base/json_scan.h"

#include "base/utf8.h"

#include <assert.h>

const char *json_fault_text(enum json_fault fault)
{
    static const char *const texts[] = {
#define JSON_FAULT(name, text) [JSON_FAULT_##name] = (text),
#include "base/json_fault.def"
#undef JSON_FAULT
    };
    return texts[fault];
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/* "\uXXXX" at `at`, all of it. */
static bool unit_at(const char *at, const char *end, uint32_t *ret_unit)
{
    if (end - at < 6 || at[0] != '\\' || at[1] != 'u') return false;
    uint32_t unit = 0;
    for (int i = 2; i < 6; i++) {
        int digit = hex_digit(at[i]);
        if (digit < 0) return false;
        unit = unit << 4 | (uint32_t)digit;
    }
    *ret_unit = unit;
    return true;
}

static bool is_high(uint32_t unit)
{
    return unit >= 0xd800 && unit <= 0xdbff;
}

static bool is_low(uint32_t unit)
{
    return unit >= 0xdc00 && unit <= 0xdfff;
}

static enum json_fault unicode_escape(struct json_cursor *cur, uint32_t *ret_code)
{
    uint32_t high, low;
    if (!unit_at(cur->at, cur->end, &high)) return JSON_FAULT_ESCAPE;
    if (!is_high(high) && !is_low(high)) {
        *ret_code = high;
        cur->at += 6;
        return JSON_FAULT_NONE;
    }
    if (is_low(high) || !unit_at(cur->at + 6, cur->end, &low) || !is_low(low))
        return JSON_FAULT_SURROGATE;
    *ret_code = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
    cur->at += 12;
    return JSON_FAULT_NONE;
}

/* What the letter after a backslash stands for; 0: nothing. */
static const unsigned char meanings[256] = {
    ['"'] = '"',  ['\\'] = '\\', ['/'] = '/',  ['b'] = '\b',
    ['f'] = '\f', ['n'] = '\n',  ['r'] = '\r', ['t'] = '\t',
};

/* The cursor stands on a backslash; it moves only past a good escape. */
static enum json_fault escape(struct json_cursor *cur, uint32_t *ret_code)
{
    if (cur->end - cur->at < 2) return JSON_FAULT_EARLY_END;
    if (cur->at[1] == 'u') return unicode_escape(cur, ret_code);
    *ret_code = meanings[(unsigned char)cur->at[1]];
    if (*ret_code == 0) return JSON_FAULT_ESCAPE;
    cur->at += 2;
    return JSON_FAULT_NONE;
}

/* Code points of two bytes and more, as many as stand together. */
static enum json_fault high_run(struct json_cursor *cur, uint32_t *chars)
{
    do {
        size_t len = utf8_next((struct str){cur->at, (size_t)(cur->end - cur->at)}, NULL);
        if (len == 0) return JSON_FAULT_UTF8;
        cur->at += len;
        ++*chars;
    } while (cur->at < cur->end && (unsigned char)*cur->at >= 0x80);
    return JSON_FAULT_NONE;
}

enum json_fault json_scan_string_slow(struct json_cursor *cur, const char *start,
                                      struct json_string *ret_string)
{
    struct json_string string = {.chars = (uint32_t)(cur->at - start)};
    while (cur->at < cur->end && *cur->at != '"') {
        enum json_fault fault = JSON_FAULT_NONE;
        unsigned char c = (unsigned char)*cur->at;
        if (c == '\\') {
            uint32_t code = 1;
            fault = escape(cur, &code);
            string.escaped = true;
            string.has_nul |= code == 0;
            string.chars++;
        } else if (c >= 0x80) {
            fault = high_run(cur, &string.chars);
        } else if (c < 0x20) {
            fault = JSON_FAULT_STRING_CONTROL;
        } else {
            const char *stop = json_plain_end(cur->at, cur->end);
            string.chars += (uint32_t)(stop - cur->at);
            cur->at = stop;
        }
        if (fault) return fault;
    }
    if (cur->at == cur->end) return JSON_FAULT_EARLY_END;
    string.raw = (struct str){start, (size_t)(cur->at - start)};
    cur->at++;
    *ret_string = string;
    return JSON_FAULT_NONE;
}

size_t json_unescape(struct str raw, char *ret_bytes)
{
    struct json_cursor cur = json_cursor_of(raw);
    size_t len = 0;
    while (cur.at < cur.end) {
        const char *stop = memchr(cur.at, '\\', (size_t)(cur.end - cur.at));
        size_t plain = (size_t)((stop ? stop : cur.end) - cur.at);
        memcpy(ret_bytes + len, cur.at, plain);
        len += plain;
        cur.at += plain;
        if (!stop) break;
        uint32_t code = 0;
        enum json_fault fault = escape(&cur, &code);
        assert(fault == JSON_FAULT_NONE);
        (void)fault;
        len += utf8_encode(code, ret_bytes + len); /* never longer than its escape */
    }
    return len;
}

/* At least one digit. */
static bool digit_run(struct json_cursor *cur, struct json_number *number)
{
    const char *first = cur->at;
    for (; json_is_digit(cur); cur->at++) {
        uint64_t digit = (uint64_t)(*cur->at - '0');
        if (number->digits > (UINT64_MAX - 9) / 10) number->long_digits = true;
        if (!number->long_digits) number->digits = number->digits * 10 + digit;
    }
    return cur->at != first;
}

static bool exponent(struct json_cursor *cur, int32_t *ret_exponent)
{
    const int32_t far = 100000000;
    cur->at++; /* the e */
    bool negative = json_take(cur, '-');
    if (!negative) json_take(cur, '+');
    const char *first = cur->at;
    int32_t value = 0;
    for (; json_is_digit(cur); cur->at++)
        if (value < far) value = value * 10 + (*cur->at - '0');
    if (value > far) value = far;
    *ret_exponent = negative ? -value : value;
    return cur->at != first;
}

static enum json_fault bad_number(const struct json_cursor *cur)
{
    return cur->at == cur->end ? JSON_FAULT_EARLY_END : JSON_FAULT_NUMBER;
}

enum json_fault json_scan_number_slow(struct json_cursor *cur, const char *start,
                                      struct json_number *ret_number)
{
    struct json_number number = {.integer = true};
    cur->at = start;
    number.negative = json_take(cur, '-');
    if (json_take(cur, '0')) {
        if (json_is_digit(cur)) return JSON_FAULT_NUMBER;
    } else if (!digit_run(cur, &number)) {
        return bad_number(cur);
    }
    if (json_take(cur, '.')) {
        const char *first = cur->at;
        if (!digit_run(cur, &number)) return bad_number(cur);
        number.fraction = (uint32_t)(cur->at - first);
        number.integer = false;
    }
    if ((json_peek(cur) | 0x20) == 'e') {
        number.integer = false;
        if (!exponent(cur, &number.exponent)) return bad_number(cur);
    }
    number.raw = (struct str){start, (size_t)(cur->at - start)};
    *ret_number = number;
    return JSON_FAULT_NONE;
}

enum json_fault json_scan_word(struct json_cursor *cur, struct str word)
{
    struct str rest = {cur->at, (size_t)(cur->end - cur->at)};
    if (!str_starts(rest, word)) return JSON_FAULT_WORD;
    cur->at += word.len;
    return JSON_FAULT_NONE;
}

/* ---- cutting out what stands between brackets */

struct cutter {
    const char *at, *end;
    size_t depth;
    bool inside; /* a string */
};

/* As far as `stop` and perhaps an escape further; true: just past the bracket that closes the first. */
static bool cut_slowly(struct cutter *cutter, const char *stop)
{
    while (cutter->at < stop) {
        char c = *cutter->at++;
        if (c == '"') cutter->inside = !cutter->inside;
        else if (cutter->inside) cutter->at += c == '\\' && cutter->at < cutter->end;
        else if (c == '{' || c == '[') cutter->depth++;
        else if ((c == '}' || c == ']') && --cutter->depth == 0) return true;
    }
    return false;
}

#ifdef __SSE2__
enum { BLOCK_BYTES = 64 };

/* A bit for each byte of a block. */
struct block {
    uint64_t quotes, backslashes, opening, closing; /* brackets */
};

static uint64_t bits_of(__m128i same, int at)
{
    return (uint64_t)(unsigned)_mm_movemask_epi8(same) << at;
}

static inline void add_quarter(struct block *block, const char *from, int at)
{
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(from + at));
    /* '[' and ']' are '{' and '}' but for one bit, and no other bytes are. */
    __m128i folded = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
    block->quotes |= bits_of(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')), at);
    block->backslashes |= bits_of(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')), at);
    block->opening |= bits_of(_mm_cmpeq_epi8(folded, _mm_set1_epi8('{')), at);
    block->closing |= bits_of(_mm_cmpeq_epi8(folded, _mm_set1_epi8('}')), at);
}

static struct block block_at(const char *at)
{
    struct block block = {0, 0, 0, 0};
    add_quarter(&block, at, 0);
    add_quarter(&block, at, 16);
    add_quarter(&block, at, 32);
    add_quarter(&block, at, 48);
    return block;
}

/* The bits from each odd one on to the next even one: of quotes, where strings are. */
static uint64_t between(uint64_t bits)
{
    bits ^= bits << 1;
    bits ^= bits << 2;
    bits ^= bits << 4;
    bits ^= bits << 8;
    bits ^= bits << 16;
    return bits ^ bits << 32;
}

/* Takes away the quotes that are escaped. Returns the backslashes that escape something, were they all
 * in strings; the last may escape the byte behind the block. */
static uint64_t take_escaped(struct block *block)
{
    uint64_t escaping = 0;
    for (uint64_t left = block->backslashes; left; left &= left - 1) {
        uint64_t first = left & (0 - left);
        escaping |= first;
        left &= ~(first << 1);
    }
    block->quotes &= ~(escaping << 1);
    return escaping;
}

/* As cut_slowly(). */
static bool cut_block(struct cutter *cutter)
{
    struct block block = block_at(cutter->at);
    uint64_t escaping = block.backslashes ? take_escaped(&block) : 0;
    uint64_t strings = between(block.quotes) ^ (cutter->inside ? UINT64_MAX : 0);
    if (escaping & ~strings) return cut_slowly(cutter, cutter->at + BLOCK_BYTES);
    for (uint64_t left = (block.opening | block.closing) & ~strings; left; left &= left - 1) {
        if (block.opening & (left & (0 - left))) cutter->depth++;
        else if (--cutter->depth == 0) {
            cutter->at += __builtin_ctzll(left) + 1;
            return true;
        }
    }
    cutter->inside = strings >> 63;
    cutter->at += BLOCK_BYTES;
    cutter->at += escaping >> 63 && cutter->at < cutter->end;
    return false;
}

static bool cut_blocks(struct cutter *cutter)
{
    while (cutter->end - cutter->at >= BLOCK_BYTES)
        if (cut_block(cutter)) return true;
    return false;
}
#else
static bool cut_blocks(struct cutter *cutter)
{
    (void)cutter;
    return false;
}
#endif

bool json_cut(struct json_cursor *cur, struct str *ret_text)
{
    struct cutter cutter = {cur->at, cur->end, 0, false};
    assert(json_peek(cur) == '{' || json_peek(cur) == '[');
    if (!cut_blocks(&cutter) && !cut_slowly(&cutter, cutter.end)) return false;
    *ret_text = (struct str){cur->at, (size_t)(cutter.at - cur->at)};
    cur->at = cutter.at;
    return true;
}
