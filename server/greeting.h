/* Greeting: the page on which somebody begins, in as few trips and bytes as it takes: compressed, and
 * with its look inside of it. docs/decisions/0040 tells why this one may be.
 *
 *     greeting_begin(&visit);         the view is set, and nothing is drawn
 *     … the page is drawn …
 *     greeting_end(&visit);
 *
 * What holds anything of anybody (answers, an invitation, what a link brought) stays as it is, and is
 * sent as it is.
 */
#ifndef SERVER_GREETING_H
#define SERVER_GREETING_H

#include "server/visit.h"

/* For a visit that has nothing saved: what is typed came from a link. */
void greeting_begin(struct visit *visit);
/* Compresses what was drawn. Without memory it is sent as it is. */
void greeting_end(struct visit *visit);

#endif
