/* Verdict: the part of its writing that other files of the runtime use; the rest is in
 * runtime/runtime.h. */
#ifndef RUNTIME_VERDICT_H
#define RUNTIME_VERDICT_H

#include "runtime/judge.h"

/* One error of the last verdict: {"pointer", "code", "params", "message"}. */
void verdict_put_error(const struct judge *judge, const struct finding *error, struct buf *out);

#endif
