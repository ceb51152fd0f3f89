#include "server/packing.h"

#include "base/limits.h"

#include <brotli/encode.h>
#include <zlib.h>

static enum status deflate_all(z_stream *zip, struct str text, struct buf *out)
{
    size_t room = deflateBound(zip, (uLong)text.len);
    char *to = buf_reserve(out, room);
    if (!to) return out->failure;
    zip->next_in = (z_const Bytef *)(const void *)text.ptr;
    zip->avail_in = (uInt)text.len;
    zip->next_out = (Bytef *)to;
    zip->avail_out = (uInt)room;
    if (deflate(zip, Z_FINISH) != Z_STREAM_END) return ST_NOMEM;
    out->len += zip->total_out;
    return ST_OK;
}

static enum status put_gzip(int level, struct str text, struct buf *out)
{
    enum { WITH_GZIP_HEADER = 15 + 16, MEMORY = 8 };
    z_stream zip = {.zalloc = Z_NULL};
    if (deflateInit2(&zip, level, Z_DEFLATED, WITH_GZIP_HEADER, MEMORY, Z_DEFAULT_STRATEGY) != Z_OK)
        return ST_NOMEM;
    enum status st = deflate_all(&zip, text, out);
    deflateEnd(&zip);
    return st;
}

enum status packing_put_gzip(struct str text, struct buf *out)
{
    return put_gzip(9, text, out);
}

static enum status put_brotli(int quality, int window, struct str text, struct buf *out)
{
    size_t len = BrotliEncoderMaxCompressedSize(text.len);
    char *to = len ? buf_reserve(out, len) : NULL;
    if (!to) return out->failure ? out->failure : ST_TOO_LARGE;
    if (!BrotliEncoderCompress(quality, window, BROTLI_MODE_TEXT, text.len, (const uint8_t *)text.ptr,
                               &len, (uint8_t *)to))
        return ST_NOMEM;
    out->len += len;
    return ST_OK;
}

enum status packing_put_brotli(struct str text, struct buf *out)
{
    /* The best takes 2 s for a megabyte: only for what is not large. */
    int quality = text.len <= limit(BROTLI_BEST_BYTES) ? BROTLI_MAX_QUALITY : 6;
    return put_brotli(quality, BROTLI_DEFAULT_WINDOW, text, out);
}

enum status packing_put(enum coding coding, struct str text, struct buf *out)
{
    if (coding == CODING_GZIP) return packing_put_gzip(text, out);
    if (coding == CODING_BROTLI) return packing_put_brotli(text, out);
    buf_put(out, text);
    return out->failure;
}

enum status packing_put_quick(enum coding coding, struct str text, struct buf *out)
{
    enum { GZIP_LEVEL = 4, BROTLI_QUALITY = 5, BROTLI_WINDOW = 18 };
    if (coding == CODING_GZIP) return put_gzip(GZIP_LEVEL, text, out);
    if (coding == CODING_BROTLI) return put_brotli(BROTLI_QUALITY, BROTLI_WINDOW, text, out);
    buf_put(out, text);
    return out->failure;
}
