/* Pass: the text of the answers, read once, straight into slots.
 *
 *     st = pass_run(plan, atlas, &arena, STR("{\"age\": 41}"), &answers, &malformed)
 *
 * Strict RFC 8259 and I-JSON: UTF-8 and surrogates are checked, a name twice in an object is refused,
 * wherever it stands. Each value is checked on the way against what its field says of itself: type,
 * range, scale, format, option, length, pattern, fixed bounds; a slot ends up missing, set, or broken
 * with the first code. Only what JSON it is decides whether there are answers at all. */
#ifndef RUNTIME_PASS_H
#define RUNTIME_PASS_H

#include "runtime/answers.h"

/* Why a text holds no answers. */
struct pass_fault {
    const char *reason; /* static */
    uint32_t offset;    /* in bytes */
};

/* ST_SYNTAX with *reterr_fault: not the JSON it should be. ST_LIMIT: the arena's maximum; ST_NOMEM.
 * Texts in slots point into `text` or the arena. */
MUST_USE enum status pass_run(const struct plan *plan, const struct atlas *atlas, struct arena *arena, struct str text,
                              struct answers *ret_answers, struct pass_fault *reterr_fault);

#endif
