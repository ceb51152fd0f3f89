/* Exports: a body of any length, one JSON object or CSV row a line, made by the crew a chunk at a time
 * while the connection sleeps.
 *
 *     request->reply.exports = exports_new(request, walk);      owned by the response afterwards
 *
 * Memory: one chunk, whatever the number of rows. A failure in the middle ends the connection without
 * the last chunk, so that nobody takes half of it for all. */
#ifndef SERVER_EXPORTS_H
#define SERVER_EXPORTS_H

#include "server/flat.h"
#include "server/request.h"

struct exports;

/* Takes the walk, and `flat` (rows of CSV; NULL: lines of JSON). NULL: no memory, they are closed. */
struct exports *exports_new(struct request *request, struct submission_walk *walk, struct flat *flat);
/* Gives the exports to libmicrohttpd. NULL: no memory, all is freed. */
struct MHD_Response *exports_response(struct exports *exports, bool is_head);
void exports_free(struct exports *exports);

#endif
