/* Packing: texts as HTTP sends them, in each of its content codings (RFC 9110 section 8.4).
 *
 *     packing_put(CODING_BROTLI, text, &out)
 *
 * The same text gives the same bytes. What a coding makes larger than the text is for the caller to
 * leave out. */
#ifndef SERVER_PACKING_H
#define SERVER_PACKING_H

#include "base/buf.h"

enum coding { CODING_IDENTITY, CODING_GZIP, CODING_BROTLI, CODING_COUNT };

/* `text` in that coding, put behind what `out` has. ST_NOMEM; ST_TOO_LARGE: more than `out` may have.
 */
enum status packing_put(enum coding coding, struct str text, struct buf *out) MUST_USE;
/* The same in a fraction of a millisecond and a few per cent larger: for what is made for one answer.
 */
enum status packing_put_quick(enum coding coding, struct str text, struct buf *out) MUST_USE;
enum status packing_put_gzip(struct str text, struct buf *out) MUST_USE;
enum status packing_put_brotli(struct str text, struct buf *out) MUST_USE;

#endif
