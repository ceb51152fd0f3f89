/* Vector: one expression and its inputs, judged by the sandbox and by the reference interpreter, which
 * must agree.
 *
 *     struct vector v = {.declare = STR("a: integer"), .type = STR("integer"), .expression =
 *                        STR("a + 1"), .answers = STR("{\"a\": 1}")};
 *     vector_outcome(&v, &arena)        "2", "missing", "fault overflow", or a line that says what is
 *                                       wrong: "refused: …", "invalid: …", "differs: …" */
#ifndef TESTS_REFERENCE_VECTOR_H
#define TESTS_REFERENCE_VECTOR_H

#include "base/arena.h"
#include "base/json_value.h"

#include <stdint.h>

struct vector {
    struct str declare;    /* items of the form: the inputs, and lists */
    struct str zone;       /* len 0: UTC */
    struct str type;       /* of the result */
    struct str expression; /* reads the inputs */
    struct str answers;    /* a JSON object */
    int64_t now_ms;
};

/* JSON again, without white space. In `arena`. */
struct str vector_json(const struct json_value *value, struct arena *arena);

/* The value is JSON as verdicts write it. In `arena`. */
struct str vector_outcome(const struct vector *vector, struct arena *arena);

#endif
