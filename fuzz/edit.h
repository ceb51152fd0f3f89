/* Edit: changes a text as bytes say: each three are a place, what to do there, and a byte. */
#ifndef FUZZ_EDIT_H
#define FUZZ_EDIT_H

#include "base/buf.h"
#include "fuzz/holds.h"

enum { EDIT_MORE = 64 };

static inline void edit_once(struct buf *text, size_t at, unsigned how, char c)
{
    at = at % (text->len + 1);
    switch (how % 4) {
    case 0: /* replace */
        if (at < text->len) text->ptr[at] = c;
        return;
    case 1: /* put in */
        buf_putc(text, c);
        memmove(text->ptr + at + 1, text->ptr + at, text->len - 1 - at);
        text->ptr[at] = c;
        return;
    case 2: /* take out */
        if (at == text->len) return;
        memmove(text->ptr + at, text->ptr + at + 1, text->len - at - 1);
        text->len--;
        return;
    default: /* cut off */
        if (c == 0) text->len = at;
    }
}

/* The caller releases *ret_text. */
static inline void edit_text(struct str text, struct bytes *bytes, struct buf *ret_text)
{
    buf_init(ret_text, mem_heap(), text.len + EDIT_MORE + 1);
    buf_put(ret_text, text);
    for (int i = 0; i < EDIT_MORE && bytes->left >= 3; i++) {
        size_t at = (size_t)bytes_take(bytes, 1);
        unsigned how = (unsigned)bytes_take(bytes, 1);
        edit_once(ret_text, at, how, (char)bytes_take(bytes, 1));
    }
    HOLDS(!buf_failed(ret_text));
}

#endif
