/* Ready: an answer made once and given many times, each time with the id of its request.
 *
 *     struct ready *ready = ready_new(mem, model, blob);      model: all headers but X-Request-Id
 *     struct ready_copy *copy = ready_lend(ready, id);        NULL: no memory
 *     MHD_queue_response(connection, 200, copy->response);
 *     … when that request is completed …
 *     ready_return(copy);
 *
 * libmicrohttpd's responses can be shared, but then all of their headers are. So each request under way
 * has a copy of its own; a few that came back wait for the next. From any thread. */
#ifndef SERVER_READY_H
#define SERVER_READY_H

#include "base/ident.h"
#include "server/blob.h"

struct ready;

struct ready_copy {
    struct ready *ready;
    struct ready_copy *next;
    struct MHD_Response *response;
    char id[IDENT_BYTES];
    size_t id_len;
    char *own_id; /* where `response` has it, when it may be written over */
};

/* Takes `model` over, also when it fails (NULL); NULL is no model. `blob`: its body; NULL: none. */
struct ready *ready_new(struct mem *mem, struct MHD_Response *model, struct blob *blob);
/* All copies have been returned. NULL is fine. */
void ready_free(struct ready *ready);
struct ready_copy *ready_lend(struct ready *ready, const char *id);
void ready_return(struct ready_copy *copy);

#endif
