/* Parcel: a text that is the same for ever, with its ready-made answers in every coding: a version's
 * module, or its words in a language.
 *
 *     parcel_new(mem, text, "text/javascript; charset=utf-8", &parcel)
 *     return parcel_serve(request, parcel);                      200, or 304 for who has it already
 *
 * Everyone may read it from wherever they are; it may be kept for a year. Never changed once made. */
#ifndef SERVER_PARCEL_H
#define SERVER_PARCEL_H

#include "server/presentation.h"
#include "server/request.h"

struct parcel;

/* `type` is static. */
enum status parcel_new(struct mem *mem, struct str text, const char *type,
                       struct parcel **ret_parcel) MUST_USE;
/* NULL is fine. */
void parcel_free(struct parcel *parcel);
enum handled parcel_serve(struct request *request, const struct parcel *parcel);

#endif
