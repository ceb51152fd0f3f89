#include "server/parcel.h"

#include "server/reply.h"

#include "base/digest.h"
#include "base/limits.h"

#include <stdio.h>

struct wrapping {
    char etag[96]; /* with its quotes; "": not offered */
    struct ready *whole, *same;
};
struct parcel {
    struct mem *mem;
    struct wrapping wrappings[CODING_COUNT];
};

static bool add(struct MHD_Response *response, const char *name, const char *value)
{
    return MHD_add_response_header(response, name, value) == MHD_YES;
}

/* `blob` NULL: a 304. */
static struct MHD_Response *make_model(struct blob *blob, enum coding coding, const char *etag,
                                       const char *type)
{
    static const char *const names[] = {"identity", "gzip", "br"};
    struct MHD_Response *response = blob_response(blob);
    if (!response) return NULL;
    bool made = add(response, MHD_HTTP_HEADER_ETAG, etag) &&
                add(response, MHD_HTTP_HEADER_VARY, "Accept-Encoding") &&
                add(response, MHD_HTTP_HEADER_CACHE_CONTROL, "public, max-age=31536000, immutable") &&
                add(response, "Access-Control-Allow-Origin", "*") &&
                add(response, "Access-Control-Expose-Headers", "ETag, X-Request-Id") &&
                add(response, "Cross-Origin-Resource-Policy", "cross-origin") &&
                add(response, "X-Content-Type-Options", "nosniff") &&
                (!blob || add(response, MHD_HTTP_HEADER_CONTENT_TYPE, type)) &&
                (!blob || coding == CODING_IDENTITY ||
                 add(response, MHD_HTTP_HEADER_CONTENT_ENCODING, names[coding]));
    if (made) return response;
    MHD_destroy_response(response);
    return NULL;
}

static enum status wrap(struct parcel *parcel, enum coding coding, struct str bytes, const char *hex,
                        const char *type)
{
    static const char *const suffixes[] = {"", "-gz", "-br"};
    struct wrapping *wrapping = &parcel->wrappings[coding];
    struct blob *blob = blob_new(parcel->mem, bytes);
    if (!blob) return ST_NOMEM;
    snprintf(wrapping->etag, sizeof wrapping->etag, "\"b2-%s%s\"", hex, suffixes[coding]);
    wrapping->whole = ready_new(parcel->mem, make_model(blob, coding, wrapping->etag, type), blob);
    wrapping->same = ready_new(parcel->mem, make_model(NULL, coding, wrapping->etag, type), NULL);
    blob_release(blob);
    return wrapping->whole && wrapping->same ? ST_OK : ST_NOMEM;
}

static enum status wrap_packed(struct parcel *parcel, enum coding coding, struct str text,
                               const char *hex, const char *type)
{
    struct buf packed;
    buf_init(&packed, parcel->mem, limit(ARTEFACT_BYTES) + (1 << 16));
    enum status st = packing_put(coding, text, &packed);
    if (!st && packed.len < text.len) st = wrap(parcel, coding, buf_str(&packed), hex, type);
    buf_release(&packed);
    return st;
}

enum status parcel_new(struct mem *mem, struct str text, const char *type, struct parcel **ret_parcel)
{
    char hex[DIGEST_HEX_BYTES];
    struct digest digest = digest_quick(text);
    struct parcel *parcel = mem_zalloc(mem, sizeof *parcel);
    if (!parcel) return ST_NOMEM;
    digest_hex(&digest, hex);
    parcel->mem = mem;
    enum status st = wrap(parcel, CODING_IDENTITY, text, hex, type);
    if (!st) st = wrap_packed(parcel, CODING_GZIP, text, hex, type);
    if (!st) st = wrap_packed(parcel, CODING_BROTLI, text, hex, type);
    if (st) parcel_free(parcel);
    else *ret_parcel = parcel;
    return st;
}

void parcel_free(struct parcel *parcel)
{
    if (!parcel) return;
    for (int i = 0; i < CODING_COUNT; i++) {
        ready_free(parcel->wrappings[i].whole);
        ready_free(parcel->wrappings[i].same);
    }
    mem_free(parcel->mem, parcel, sizeof *parcel);
}

static const struct wrapping *choose(const struct parcel *parcel, struct str accept_encoding)
{
    const struct wrapping *best = &parcel->wrappings[CODING_IDENTITY];
    int weights[CODING_COUNT], most = 0;
    if (!accept_encoding.ptr) return best;
    presentation_weigh(accept_encoding, weights);
    for (int i = CODING_COUNT - 1; i >= 0; i--) {
        if (!parcel->wrappings[i].etag[0] || weights[i] <= most) continue;
        most = weights[i];
        best = &parcel->wrappings[i];
    }
    return best;
}

enum handled parcel_serve(struct request *request, const struct parcel *parcel)
{
    const struct wrapping *wrapping = choose(parcel, request->facts.header[HEADER_ACCEPT_ENCODING]);
    struct str asked = request->facts.header[HEADER_IF_NONE_MATCH];
    bool same = asked.ptr && etag_listed(asked, str_of(wrapping->etag));
    return reply_kept(request, same ? 304 : 200, same ? wrapping->same : wrapping->whole);
}
