/* JSON scan: the smallest steps of reading JSON, inline, for a pass that knows what it expects.
 *
 *     struct json_cursor cur = json_cursor_of(text);
 *     json_skip_blanks(&cur);
 *     if (json_peek(&cur) == '"') fault = json_scan_string(&cur, &string);
 *
 * They check everything RFC 8259 asks of what they read: escapes, surrogate pairs, UTF-8, control
 * bytes, the shape of numbers. A step that fails leaves the cursor at the byte that is wrong. Who wants
 * tokens, depth and duplicate names seen to takes base/json_reader.h, which is made of these. */
#ifndef BASE_JSON_SCAN_H
#define BASE_JSON_SCAN_H

#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum json_fault {
#define JSON_FAULT(name, text) JSON_FAULT_##name,
#include "base/json_fault.def"
#undef JSON_FAULT
};

/* "a string is not closed". Static. */
const char *json_fault_text(enum json_fault fault);

struct json_cursor {
    const char *at, *end;
};

/* Over all of `text`, which may be the empty one without bytes. */
static inline struct json_cursor json_cursor_of(struct str text)
{
    const char *at = text.ptr ? text.ptr : "";
    return (struct json_cursor){at, at + text.len};
}

/* A string as it stands between its quotes. */
struct json_string {
    struct str raw;
    uint32_t chars; /* code points once decoded */
    bool escaped;   /* raw holds escapes: json_unescape() it; else raw is the text itself */
    bool has_nul;   /* decoded it holds U+0000 */
};

/* A number as it stands, and its digits. value = (negative ? -1 : 1) × digits × 10^(exponent −
 * fraction). */
struct json_number {
    struct str raw;
    uint64_t digits;   /* all digits before the exponent, the point left out; only when !long_digits */
    int32_t exponent;  /* as written; held within ±100,000,000, far past anything that matters */
    uint32_t fraction; /* digits after the point */
    bool negative;
    bool long_digits; /* more digits than 64 bits hold: read `raw` */
    bool integer;     /* neither point nor exponent was written */
};

/* The byte at the cursor, or 0 at the end (a 0 byte is no JSON either). */
static inline char json_peek(const struct json_cursor *cur)
{
    if (cur->at == cur->end) return '\0';
    return *cur->at;
}

/* Mostly there are none. */
static inline void json_skip_blanks(struct json_cursor *cur)
{
    const char *at = cur->at;
    if (at == cur->end || (unsigned char)*at > ' ') return;
    while (at < cur->end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t')) at++;
    cur->at = at;
}

/* Takes `c` if it comes next. */
static inline bool json_take(struct json_cursor *cur, char c)
{
    if (cur->at == cur->end || *cur->at != c) return false;
    cur->at++;
    return true;
}

/* Eight bytes, the first one lowest. */
static inline uint64_t json_load8(const char *at)
{
    uint64_t word;
    memcpy(&word, at, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

/* The top bit of each byte that ends a run of plain string bytes: quote, backslash, control or not
 * ASCII. The lowest bit set is exact; borrows may set false ones above it. */
static inline uint64_t json_special_bytes(uint64_t word)
{
    const uint64_t ones = 0x0101010101010101u, tops = 0x8080808080808080u;
    uint64_t quote = word ^ (ones * '"'), backslash = word ^ (ones * '\\');
    return (((quote - ones) & ~quote) | ((backslash - ones) & ~backslash) | (word - ones * 0x20) |
            word) &
           tops;
}

#ifdef __SSE2__
/* A bit for each of sixteen bytes that ends such a run: as signed numbers, controls and high bytes are
 * all below a blank; and with one bit turned over so is the quote, which changes places with the blank.
 */
static inline unsigned json_special_bits(const char *at)
{
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
    __m128i backslash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
    __m128i turned = _mm_xor_si128(bytes, _mm_set1_epi8('"' ^ ' '));
    __m128i odd = _mm_cmplt_epi8(turned, _mm_set1_epi8(' ' + 1));
    return (unsigned)_mm_movemask_epi8(_mm_or_si128(backslash, odd));
}
#endif

/* Past all bytes that stand for themselves, ASCII only: to a quote, a backslash, a control, a high byte
 * or the end. */
static inline const char *json_plain_end(const char *at, const char *end)
{
#ifdef __SSE2__
    for (; end - at >= 16; at += 16) {
        unsigned special = json_special_bits(at);
        if (special) return at + __builtin_ctz(special);
    }
#endif
    for (; end - at >= 8; at += 8) {
        uint64_t special = json_special_bytes(json_load8(at));
        if (special) return at + (__builtin_ctzll(special) >> 3);
    }
    while (at < end && (unsigned char)*at >= 0x20 && (unsigned char)*at < 0x80 && *at != '"' &&
           *at != '\\')
        at++;
    return at;
}

/* Goes on where the plain run of a string ended; `start` is just past the opening quote. */
enum json_fault json_scan_string_slow(struct json_cursor *cur, const char *start,
                                      struct json_string *ret_string);

/* The cursor stands on the opening quote; afterwards just past the closing one. */
static inline enum json_fault json_scan_string(struct json_cursor *cur, struct json_string *ret_string)
{
    const char *start = cur->at + 1;
    const char *stop = json_plain_end(start, cur->end);
    cur->at = stop;
    if (stop == cur->end || *stop != '"') return json_scan_string_slow(cur, start, ret_string);
    size_t len = (size_t)(stop - start);
    *ret_string = (struct json_string){{start, len}, (uint32_t)len, false, false};
    cur->at = stop + 1;
    return JSON_FAULT_NONE;
}

/* Decodes the raw text of a string that json_scan_string() accepted. `ret_bytes` has room for raw.len
 * bytes. Returns the length. */
size_t json_unescape(struct str raw, char *ret_bytes);

static inline bool json_is_digit(const struct json_cursor *cur)
{
    return cur->at < cur->end && (unsigned char)(*cur->at - '0') < 10;
}

/* Past the digits at `at`, which are added to the end of *digits; past 2^64 they go round. */
static inline const char *json_digits(const char *at, const char *end, uint64_t *digits)
{
    uint64_t value = *digits;
    for (; at < end && (unsigned char)(*at - '0') < 10; at++)
        value = value * 10 + (unsigned char)(*at - '0');
    *digits = value;
    return at;
}

/* Numbers of more than 18 digits or with an exponent. `start` is the number's first byte. */
enum json_fault json_scan_number_slow(struct json_cursor *cur, const char *start,
                                      struct json_number *ret_number);

/* The cursor stands on '-' or a digit (anything else is refused). Stops at the first byte that cannot
 * belong to the number; whether that byte may follow is for the caller to see. */
static inline enum json_fault json_scan_number(struct json_cursor *cur, struct json_number *ret_number)
{
    const char *start = cur->at;
    bool negative = json_take(cur, '-');
    const char *first = cur->at;
    uint64_t digits = 0;
    const char *point = cur->at = json_digits(first, cur->end, &digits);
    uint32_t fraction = 0;
    if (json_take(cur, '.')) {
        cur->at = json_digits(cur->at, cur->end, &digits);
        fraction = (uint32_t)(cur->at - point - 1);
    }
    bool odd = point == first || (*first == '0' && point - first > 1) ||
               (cur->at != point && fraction == 0) || cur->at - first > 19 ||
               (json_peek(cur) | 0x20) == 'e';
    if (odd) return json_scan_number_slow(cur, start, ret_number);
    *ret_number = (struct json_number){
        {start, (size_t)(cur->at - start)}, digits, 0, fraction, negative, false, cur->at == point};
    return JSON_FAULT_NONE;
}

/* The cursor stands on a bracket; afterwards just past the one that closes it, strings jumped over.
 * What is between need not be well formed; if it is, the cut is exact. False, and the cursor stays:
 * none closes it. */
bool json_cut(struct json_cursor *cur, struct str *ret_text);

/* true, false, null: the cursor stands on the first letter. */
enum json_fault json_scan_word(struct json_cursor *cur, struct str word);

#endif
