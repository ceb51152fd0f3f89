/* Presentation: a definition dressed for HTTP, once and when it is first asked for: its render document
 * as identity, gzip and brotli, each with its ready-made answers.
 *
 *     presentation_presenter()                                  goes into engine_options.presenter
 *     const struct presentation *p = definition_kept(definition);
 *     const struct dressing *d = presentation_choose(p, facts.header[HEADER_ACCEPT_ENCODING]);
 *     reply_kept(request, 200, d->live)
 *
 * Compression happens when a version is published; the compressed bytes are stored with it. A coding
 * that does not make the document smaller is not offered. Each coding has an entity tag of its own, as
 * strong tags must. */
#ifndef SERVER_PRESENTATION_H
#define SERVER_PRESENTATION_H

#include "engine/engine.h"
#include "pages/pages.h"

#include "server/packing.h"
#include "server/ready.h"

/* One coding of the document. */
struct dressing {
    char etag[96];                      /* with its quotes; "": not offered */
    struct ready *live, *live_same;     /* under the form's address: 200 and 304 */
    struct ready *pinned, *pinned_same; /* under the version's */
};

struct parcel;
struct presentation {
    struct mem *mem;
    struct dressing dressings[CODING_COUNT];
    struct parcel *_Atomic *parcels; /* the form's module, and its words by language; each made when it is first asked for */
    uint32_t parcel_count;
    _Atomic uint32_t needs; /* what the module asks for besides: bits of asset names; there when parcels[0] is */
    struct str render; /* inside the identity's bytes */
    _Atomic(struct book *) book; /* the form as pages, once somebody has looked at one; presentation_book() */
};

const struct presenter *presentation_presenter(void);

/* Of a definition that is dressed; made by the first who asks, from any thread. */
enum status presentation_book(const struct definition *definition, const struct book **ret_book) MUST_USE;

/* The best coding that an Accept-Encoding header (ptr NULL: none) allows and that is offered. */
const struct dressing *presentation_choose(const struct presentation *presentation,
                                           struct str accept_encoding);

/* Of one header's value: how a coding is weighed, in thousandths; `*` counts, identity is 1 unless
 * refused. */
void presentation_weigh(struct str accept_encoding, int ret_weights[CODING_COUNT]);

/* Is `etag` (with its quotes) in an If-None-Match header's list, or is that `*`? */
bool etag_listed(struct str list, struct str etag);

#endif
