/* Cors: which pages of other sites may read an answer.
 *
 *     definitions             every page, without credentials
 *     submit, evaluate        pages of the origins that the operator lists, letter by letter
 *     everything else         none
 *
 * What is not allowed is done all the same: a browser asks first, and keeps the answer from the page.
 */
#ifndef SERVER_CORS_H
#define SERVER_CORS_H

#include "server/request.h"

/* The headers of an answer to the route that was found. */
void cors_answer(struct request *request);
/* The headers of an answer to OPTIONS. */
void cors_preflight(struct request *request);

/* "https://example.org https://shop.example.org:8443": is each of them an origin as browsers write it,
 * and are they not too many? */
bool cors_origins(const char *text);

#endif
