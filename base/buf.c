#include "base/buf.h"

#include "base/print.h"

#include <assert.h>
#include <string.h>

enum { SIZE_MIN = 128 };

void buf_init(struct buf *buf, struct mem *mem, size_t bytes_max)
{
    assert(bytes_max > 0 && bytes_max < SIZE_MAX / 2);
    *buf = (struct buf){.mem = mem, .bytes_max = bytes_max};
}

void buf_release(struct buf *buf)
{
    mem_free(buf->mem, buf->ptr, buf->size);
    buf->ptr = NULL;
    buf->len = buf->size = 0;
}

void buf_reset(struct buf *buf)
{
    buf->len = 0;
    buf->failure = ST_OK;
}

/* The block is one byte larger than what may be used, for the NUL that print() insists on. */
static enum status resize(struct buf *buf, size_t size)
{
    if (size > buf->bytes_max + 1) size = buf->bytes_max + 1;
    char *ptr = buf->mem->resize(buf->mem, buf->ptr, buf->size, size);
    if (!ptr) return ST_NOMEM;
    buf->ptr = ptr;
    buf->size = size;
    return ST_OK;
}

static enum status grow(struct buf *buf, size_t need)
{
    if (need > buf->bytes_max - buf->len) return ST_LIMIT;
    size_t size = buf->size ? buf->size : SIZE_MIN;
    while (size <= buf->len + need) size *= 2;
    return resize(buf, size);
}

char *buf_reserve_slow(struct buf *buf, size_t size)
{
    if (buf->failure) return NULL;
    if (size >= buf->size - buf->len) buf->failure = grow(buf, size);
    return buf->failure ? NULL : buf->ptr + buf->len;
}

void buf_expect(struct buf *buf, size_t bytes)
{
    bool fits = bytes < buf->size - buf->len;
    if (fits || buf->failure || bytes > buf->bytes_max - buf->len) return;
    (void)!resize(buf, buf->len + bytes + 1); /* if not, it grows as it is written */
}

void buf_trim(struct buf *buf, size_t room)
{
    enum { WORTH_IT = 64 };
    if (!buf->ptr || buf->failure || buf->size - buf->len <= room + WORTH_IT) return;
    (void)!resize(buf, buf->len + room + 1); /* if not, it stays as it is */
}

void buf_put(struct buf *buf, struct str text)
{
    if (text.len == 0) return;
    char *room = buf_reserve(buf, text.len);
    if (!room) return;
    memcpy(room, text.ptr, text.len);
    buf->len += text.len;
}

void buf_puts(struct buf *buf, const char *text)
{
    buf_put(buf, str_of(text));
}

void buf_put_int(struct buf *buf, int64_t value)
{
    char digits[20];
    size_t first = sizeof digits;
    uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do digits[--first] = (char)('0' + left % 10);
    while (left /= 10);
    if (value < 0) digits[--first] = '-';
    buf_put(buf, (struct str){digits + first, sizeof digits - first});
}

void buf_vprintf(struct buf *buf, const char *format, va_list args)
{
    if (buf->failure) return;
    va_list again;
    va_copy(again, args);
    size_t room = buf->size - buf->len,
           len = print(buf->ptr ? buf->ptr + buf->len : NULL, room, format, args);
    if (len >= room && buf_reserve(buf, len)) (void)print(buf->ptr + buf->len, len + 1, format, again);
    if (!buf->failure) buf->len += len;
    va_end(again);
}

void buf_printf(struct buf *buf, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    buf_vprintf(buf, format, args);
    va_end(args);
}
