/* Trace: what rules of the last judging came to, told one by one. Inside of runtime/ only.
 *
 *     struct tracer tracer;
 *     trace_begin(&tracer, judge, steps, out);
 *     trace_put_step(&tracer, &steps->items[3], row, true);    {"rule": "when", "of": "rate", …}
 *     trace_end(&tracer);
 *
 * It is told from the slots that the rules left behind. */
#ifndef RUNTIME_TRACE_H
#define RUNTIME_TRACE_H

#include "base/json_writer.h"
#include "runtime/judge.h"

struct tracer {
    const struct answers *answers;
    const struct program *program;
    const struct program_steps *steps;
    struct buf *out;
    struct json_writer json;
    struct mem *mem;
    struct buf text; /* a value, while it is made */
    bool *masked;    /* by node: its values are not told; NULL: all are */
};

void trace_begin(struct tracer *tracer, const struct judge *judge, const struct program_steps *steps,
                 struct buf *out);
void trace_end(struct tracer *tracer);
/* From here on nothing is told of answers that are `sensitive`, nor of a LET that is worked out of them,
 * directly or not: a LET cannot say so itself. A computed field can, and is told unless it does. */
void trace_mask(struct tracer *tracer, const struct judge *judge);

/* Whether the rows of `scope` lie in rows of `outer`. */
bool trace_scope_holds(const struct tracer *tracer, uint32_t outer, uint32_t scope);

/* The rule in one row of its scope, from 0. `whole`: with its place and text in the source, and the
 * names of operands that are missing. */
void trace_put_step(struct tracer *tracer, const struct program_step *step, uint32_t row, bool whole);

/* "value", and if there is none "why": of a FIELD or LET in a row of its scope. */
void trace_put_value(struct tracer *tracer, uint32_t node, uint32_t row);

#endif
