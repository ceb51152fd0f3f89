/* Receipt: the name under which whoever has submitted can see what was received, without a token.
 *
 *     receipt_write(&key, scope, STR("sub_019b…"), out)        "019b…kZ4…": the id and a tag that only
 * we can make receipt_read(&key, scope, text, &arena, &id)             false: no receipt of ours, or of
 * another scope
 *
 * Nothing of it is stored. `scope` is any text that says which tenant and form. */
#ifndef SERVER_RECEIPT_H
#define SERVER_RECEIPT_H

#include "server/cursor.h"

void receipt_write(const struct cursor_key *key, struct str scope, struct str id, struct buf *out);
bool receipt_read(const struct cursor_key *key, struct str scope, struct str text, struct arena *arena,
                  struct str *ret_id);

#endif
