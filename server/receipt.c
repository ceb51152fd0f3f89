#include "server/receipt.h"

#include "base/limits.h"

enum {
    TAG_BYTES = 16,
    TAG_TEXT_BYTES = 22, /* in base64url */
};

#define PREFIX "sub_"

/* The scope has a length of its own before it, so that no two pairs have the same text. */
static bool write_tag(const struct cursor_key *key, struct str scope, struct str id, struct buf *out)
{
    struct buf text;
    buf_init(&text, mem_heap(), limit(TARGET_BYTES));
    buf_printf(&text, "receipt:%zu:%.*s:%.*s", scope.len, STR_ARG(scope), STR_ARG(id));
    bool whole = !buf_failed(&text);
    if (whole) {
        struct digest tag =
            digest_hmac((struct str){(const char *)key->bytes, sizeof key->bytes}, buf_str(&text));
        digest_put_base64url(out, (struct str){(const char *)tag.bytes, TAG_BYTES});
    }
    buf_release(&text);
    return whole && !buf_failed(out);
}

void receipt_write(const struct cursor_key *key, struct str scope, struct str id, struct buf *out)
{
    size_t prefix = sizeof PREFIX - 1;
    struct str bare = {id.ptr + prefix, id.len - prefix};
    buf_put(out, bare);
    if (!write_tag(key, scope, bare, out) && !out->failure) out->failure = ST_NOMEM;
}

bool receipt_read(const struct cursor_key *key, struct str scope, struct str text, struct arena *arena,
                  struct str *ret_id)
{
    if (text.len <= TAG_TEXT_BYTES) return false;
    struct str bare = {text.ptr, text.len - TAG_TEXT_BYTES};
    struct str tag = {text.ptr + bare.len, TAG_TEXT_BYTES};
    struct buf wanted;
    buf_init(&wanted, mem_heap(), 2 * TAG_TEXT_BYTES);
    bool same = write_tag(key, scope, bare, &wanted) && digest_same(tag, buf_str(&wanted));
    buf_release(&wanted);
    if (!same) return false;
    *ret_id = arena_printf(arena, PREFIX "%.*s", STR_ARG(bare));
    return ret_id->ptr != NULL;
}
