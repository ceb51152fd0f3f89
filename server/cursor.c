#include "server/cursor.h"

#include "base/limits.h"

enum { TAG_BYTES = 16 };

/* Of the filter's length, the filter and the position, so that no two pairs have the same text. */
static bool make_tag(const struct cursor_key *key, struct str filter, struct str position,
                     struct digest *ret_tag)
{
    struct buf text;
    buf_init(&text, mem_heap(), (size_t)limit(TARGET_BYTES) * 2);
    buf_put_int(&text, (int64_t)filter.len);
    buf_putc(&text, ':');
    buf_put(&text, filter);
    buf_put(&text, position);
    bool whole = !buf_failed(&text);
    if (whole)
        *ret_tag =
            digest_hmac((struct str){(const char *)key->bytes, sizeof key->bytes}, buf_str(&text));
    buf_release(&text);
    return whole;
}

void cursor_write(const struct cursor_key *key, struct str filter, struct str position, struct buf *out)
{
    struct digest tag;
    if (!make_tag(key, filter, position, &tag)) {
        if (!out->failure) out->failure = ST_NOMEM;
        return;
    }
    struct buf bytes;
    buf_init(&bytes, mem_heap(), limit(CURSOR_BYTES));
    buf_put(&bytes, (struct str){(const char *)tag.bytes, TAG_BYTES});
    buf_put(&bytes, position);
    if (buf_failed(&bytes) && !out->failure) out->failure = bytes.failure;
    digest_put_base64url(out, buf_str(&bytes));
    buf_release(&bytes);
}

bool cursor_read(const struct cursor_key *key, struct str filter, struct str text, struct arena *arena,
                 struct str *ret_position)
{
    if (text.len == 0 || text.len > limit(CURSOR_BYTES)) return false;
    size_t len = 0;
    char *bytes = arena_alloc(arena, text.len);
    if (!bytes || !digest_of_base64url(text, bytes, text.len, &len) || len <= TAG_BYTES) return false;
    struct str position = {bytes + TAG_BYTES, len - TAG_BYTES};
    struct digest tag;
    if (!make_tag(key, filter, position, &tag)) return false;
    if (!digest_same((struct str){bytes, TAG_BYTES}, (struct str){(const char *)tag.bytes, TAG_BYTES}))
        return false;
    *ret_position = position;
    return true;
}
