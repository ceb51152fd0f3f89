/* Wording: what people read, with values filled in.
 *
 *     wording_put(judge, &finding, &out)     "Your income, 51000.00, is above the limit." or, from
 * message.def, "Enter full name"
 *
 * Plain text, not JSON, cut at limit(MESSAGE_BYTES). */
#ifndef RUNTIME_WORDING_H
#define RUNTIME_WORDING_H

#include "base/buf.h"
#include "runtime/judge.h"

/* A text of the form; its values as they are around row `row` of `scope`. No text (bytes NULL)
 * puts nothing. */
void wording_put_text(const struct judge *judge, const struct program_message *text, uint32_t scope,
                      uint32_t row, struct buf *out);
/* The form's own words for an error if it has them, else ours. */
void wording_put(const struct judge *judge, const struct finding *error, struct buf *out);

/* The bound that a MIN or MAX error is about, as a set slot. */
struct slot wording_bound(const struct judge *judge, const struct finding *error);

/* The length that a TOO_SHORT or TOO_LONG breaks. */
int64_t wording_length(const struct judge *judge, const struct finding *error);

#endif
