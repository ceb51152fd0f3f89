/* Matcher: patterns too big for a table of states, by RE2: linear time too, only slower.
 *
 *     st = matcher_new(program->patterns[i].re2, &matcher);
 *     matcher_match(matcher, text)                        the whole text, as I-Regexp (RFC 9485) means
 * it
 *
 * The C face of a C++ library; immutable, any number of threads may match. */
#ifndef RUNTIME_MATCHER_H
#define RUNTIME_MATCHER_H

#include "base/status.h"
#include "base/str.h"

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

struct matcher;

/* `pattern` is in RE2's syntax: what the compiler makes of an I-Regexp (dsl/pattern.h). ST_LIMIT when
 * it is more than RE2 will take; ST_NOMEM. */
MUST_USE enum status matcher_new(struct str pattern, struct matcher **ret_matcher);
/* NULL is fine. */
void matcher_free(struct matcher *matcher);
/* `text` is UTF-8. */
bool matcher_match(const struct matcher *matcher, struct str text);

#ifdef __cplusplus
}
#endif

#endif
