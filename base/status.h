/* Status: how a call ended.
 *
 * A function that can fail returns `enum status` and hands its product back through a last parameter
 * named `ret_…`, which it writes only on ST_OK. What a *user* did wrong is not told by the status: it
 * is told by diagnostics (base/diag.h). What a *programmer* did wrong is an assert. */
#ifndef BASE_STATUS_H
#define BASE_STATUS_H

enum status {
#define STATUS(name, http, text) ST_##name,
#include "base/status.def"
#undef STATUS
};

#define MUST_USE __attribute__((warn_unused_result))

/* The name ("LIMIT") and the sentence for it. Both are static; never NULL. */
const char *status_name(enum status st);
const char *status_text(enum status st);
/* The answer the server gives for it: 200, 404, … */
int status_http(enum status st);

#endif
