#include "runtime/blank.h"

#include "base/utf8.h"

static bool is_blank(uint32_t code)
{
    if (code < 0x80) return code == ' ' || (code >= 0x09 && code <= 0x0d);
    switch (code) {
    case 0x85:
    case 0xa0:
    case 0x1680:
    case 0x2028:
    case 0x2029:
    case 0x202f:
    case 0x205f:
    case 0x3000:
        return true;
    default:
        return code >= 0x2000 && code <= 0x200a;
    }
}

size_t blank_next(struct str text)
{
    uint32_t code;
    size_t len = utf8_next(text, &code);
    return len && is_blank(code) ? len : 0;
}

/* The length of the white space code point that `text` ends with, or 0. */
static size_t blank_last(struct str text)
{
    size_t start = text.len;
    while (start > 0 && text.len - start < 4) {
        start--;
        if (((unsigned char)text.ptr[start] & 0xc0) != 0x80) break;
    }
    return blank_next((struct str){text.ptr + start, text.len - start});
}

struct str blank_strip_slow(struct str text, uint32_t *chars)
{
    for (size_t len; (len = blank_next(text)) > 0; --*chars)
        text = (struct str){text.ptr + len, text.len - len};
    for (size_t len; (len = blank_last(text)) > 0; --*chars) text.len -= len;
    return text;
}
