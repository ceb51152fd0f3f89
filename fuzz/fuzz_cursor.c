/* A cursor that was made is read back as it was, by its own key and for its own filter; any other text,
 * key or filter gives nothing.
 *
 * Bytes: the filter's length, the position's length, the two; then edits of the cursor's text, each a
 * place, what to do there and a byte; or, when there are none, all of it as a cursor. */
#include "base/limits.h"
#include "fuzz/edit.h"
#include "fuzz/holds.h"
#include "server/cursor.h"

static const struct cursor_key key = {{1, 2, 3}}, other_key = {{1, 2, 4}};

static bool reads(const struct cursor_key *by, struct str filter, struct str text, struct str position)
{
    struct arena arena;
    struct str got = STR("untouched");
    arena_init(&arena, mem_heap(), 1 << 20);
    bool given = cursor_read(by, filter, text, &arena, &got);
    HOLDS(str_eq(got, given ? position : STR("untouched")));
    arena_release(&arena);
    return given;
}

static struct str take_text(struct bytes *bytes, size_t len)
{
    if (len > bytes->left) len = bytes->left;
    struct str text = {(const char *)bytes->at, len};
    bytes->at += len;
    bytes->left -= len;
    return text;
}

/* The same filter, ended elsewhere: the border between filter and position is part of what is signed.
 */
static void other_filters_fail(struct str filter, struct str text, struct str position)
{
    if (filter.len > 0) HOLDS(!reads(&key, (struct str){filter.ptr, filter.len - 1}, text, position));
    if (position.len > 0) HOLDS(!reads(&key, (struct str){filter.ptr, filter.len + 1}, text, position));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes bytes = {data, size};
    struct buf made, edited;
    HOLDS(!reads(&key, STR("list?"), (struct str){(const char *)data, size}, STR("")));
    size_t filter_len = (size_t)bytes_take(&bytes, 1),
           position_len = (size_t)bytes_take(&bytes, 2) % 900;
    struct str filter = take_text(&bytes, filter_len), position = take_text(&bytes, position_len);
    buf_init(&made, mem_heap(), 4 * (size_t)limit(CURSOR_BYTES));
    cursor_write(&key, filter, position, &made);
    bool whole = !buf_failed(&made) && made.len <= limit(CURSOR_BYTES) && position.len > 0;
    HOLDS(reads(&key, filter, buf_str(&made), position) == whole);
    HOLDS(!reads(&other_key, filter, buf_str(&made), position));
    other_filters_fail(filter, buf_str(&made), position);
    edit_text(buf_str(&made), &bytes, &edited);
    bool same = str_eq(buf_str(&edited), buf_str(&made));
    HOLDS(reads(&key, filter, buf_str(&edited), position) == (same && whole));
    buf_release(&edited);
    buf_release(&made);
    return 0;
}
