/* Pointer: a place in the answers as a JSON Pointer (RFC 6901).
 *
 *     pointer_put(program, &answers, node, scope, row, &out)      "/members/2/jobs/0/pay"
 *
 * A place is a node in a row, as runtime/finding.h has it. Pages and sections leave no trace; the form
 * itself is "". */
#ifndef RUNTIME_POINTER_H
#define RUNTIME_POINTER_H

#include "base/buf.h"
#include "runtime/answers.h"

/* Of a node in row `row`, from 0, of `scope`: the node's, or a repeat's own for the row as a whole. */
void pointer_put(const struct program *program, const struct answers *answers, uint32_t node,
                 uint32_t scope, uint32_t row, struct buf *out);
/* One more member. */
void pointer_put_name(struct str name, struct buf *out);

#endif
