/* Buf: a growing string with a maximum.
 *
 *     struct buf buf;
 *     buf_init(&buf, mem_heap(), limit(VERDICT_BYTES));
 *     buf_put(&buf, STR("{\"valid\":"));  …
 *     if (buf_failed(&buf)) …             one check at the end: after a failure every put does nothing
 *     buf_release(&buf);
 *
 * It cannot be made without a maximum. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/mem.h"
#include "base/status.h"
#include "base/str.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

struct buf {
    struct mem *mem;
    char *ptr;
    size_t len;
    size_t size; /* of the block at ptr */
    size_t bytes_max;
    enum status failure; /* ST_OK, or ST_LIMIT / ST_NOMEM from the first put that did not fit */
};

void buf_init(struct buf *buf, struct mem *mem, size_t bytes_max);
void buf_release(struct buf *buf);
/* Empties it and clears a failure; keeps the block. */
void buf_reset(struct buf *buf);

/* That about `bytes` more will come: room for them at once, if it may and can be had. */
void buf_expect(struct buf *buf, size_t bytes);

/* That no more than `room` bytes will come: gives back what it holds beyond them. What pointed into it
 * does no more. */
void buf_trim(struct buf *buf, size_t room);

void buf_put(struct buf *buf, struct str text);
static inline void buf_putc(struct buf *buf, char c);
void buf_puts(struct buf *buf, const char *text);
void buf_put_int(struct buf *buf, int64_t value);
void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_vprintf(struct buf *buf, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));
/* Room for `size` more bytes, or NULL (failure set). The caller writes them and adds to len; one byte
 * behind them may be written too, for a NUL. */
static inline char *buf_reserve(struct buf *buf, size_t size);

static inline bool buf_failed(const struct buf *buf)
{
    return buf->failure != ST_OK;
}

/* What it holds now; valid until the next put. */
static inline struct str buf_str(const struct buf *buf)
{
    return (struct str){buf->ptr, buf->len};
}

/* buf_reserve() where there is no room yet. */
char *buf_reserve_slow(struct buf *buf, size_t size);

static inline char *buf_reserve(struct buf *buf, size_t size)
{
    bool fits = size < buf->size - buf->len && !buf->failure;
    return fits ? buf->ptr + buf->len : buf_reserve_slow(buf, size);
}

static inline void buf_putc(struct buf *buf, char c)
{
    char *room = buf_reserve(buf, 1);
    if (!room) return;
    *room = c;
    buf->len++;
}

#endif
