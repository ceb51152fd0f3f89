/* Cursor: where a page ended, as a text that only this server can have made and only for this list and
 * filter.
 *
 *     cursor_write(&key, filter, STR("visa"), out)                "v1kZ…"
 *     cursor_read(&key, filter, text, arena, &position)           false: not ours, or of another filter
 *
 * `filter` is any text that says which list and which filter. A cursor is no permission: the caller's
 * right is asked anew for every page. */
#ifndef SERVER_CURSOR_H
#define SERVER_CURSOR_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/digest.h"

#include <stdbool.h>

struct cursor_key {
    unsigned char bytes[DIGEST_BYTES];
};

void cursor_write(const struct cursor_key *key, struct str filter, struct str position,
                  struct buf *out);
bool cursor_read(const struct cursor_key *key, struct str filter, struct str text, struct arena *arena,
                 struct str *ret_position);

#endif
