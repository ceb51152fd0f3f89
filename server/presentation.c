#include "server/presentation.h"

#include "server/parcel.h"

#include "base/word.h"

#include <stdio.h>

/* ---------------------------------------------------------------- ready-made answers */

static const struct {
    const char *name, *etag_suffix;
} codings[] = {[CODING_IDENTITY] = {"identity", ""},
               [CODING_GZIP] = {"gzip", "-gz"},
               [CODING_BROTLI] = {"br", "-br"}};

static bool add(struct MHD_Response *response, const char *name, const char *value)
{
    return MHD_add_response_header(response, name, value) == MHD_YES;
}

static bool add_common(struct MHD_Response *response, enum coding coding, const char *etag)
{
    return add(response, MHD_HTTP_HEADER_ETAG, etag) &&
           add(response, MHD_HTTP_HEADER_VARY, "Accept-Encoding") &&
           add(response, "Access-Control-Allow-Origin", "*") &&
           add(response, "Access-Control-Expose-Headers", "ETag, Content-Location, X-Request-Id") &&
           add(response, "X-Content-Type-Options", "nosniff") &&
           (coding == CODING_IDENTITY ||
            add(response, MHD_HTTP_HEADER_CONTENT_ENCODING, codings[coding].name));
}

static bool add_place(struct MHD_Response *response, const struct definition *definition, bool live)
{
    if (!live)
        return add(response, MHD_HTTP_HEADER_CACHE_CONTROL, "public, max-age=31536000, immutable");
    char address[256];
    snprintf(address, sizeof address, "/v1/p/%.*s/%.*s/versions/%u", STR_ARG(definition->tenant),
             STR_ARG(definition->form), (unsigned)definition->number);
    return add(response, MHD_HTTP_HEADER_CACHE_CONTROL,
               "public, max-age=30, stale-while-revalidate=300, stale-if-error=86400") &&
           add(response, MHD_HTTP_HEADER_CONTENT_LOCATION, address);
}

/* `blob` NULL: a 304. */
static struct MHD_Response *make_model(const struct definition *definition, struct blob *blob,
                                       enum coding coding, const char *etag, bool live)
{
    struct MHD_Response *response = blob_response(blob);
    if (!response) return NULL;
    bool whole = add_common(response, blob ? coding : CODING_IDENTITY, etag) &&
                 add_place(response, definition, live) &&
                 (!blob || add(response, MHD_HTTP_HEADER_CONTENT_TYPE, "application/json"));
    if (whole) return response;
    MHD_destroy_response(response);
    return NULL;
}

static struct ready *make(const struct definition *definition, struct blob *blob, enum coding coding,
                          const char *etag, bool live)
{
    return ready_new(definition->mem, make_model(definition, blob, coding, etag, live), blob);
}

static void undress(struct dressing *dressing)
{
    ready_free(dressing->live);
    ready_free(dressing->live_same);
    ready_free(dressing->pinned);
    ready_free(dressing->pinned_same);
}

/* *ret_kept: the bytes, where they lie as long as the dressing. */
static enum status dress(struct mem *mem, const struct definition *definition, enum coding coding,
                         struct str bytes, const char *hash, struct dressing *dressing,
                         struct str *ret_kept)
{
    snprintf(dressing->etag, sizeof dressing->etag, "\"b2-%s%s\"", hash, codings[coding].etag_suffix);
    struct blob *blob = blob_new(mem, bytes);
    if (!blob) return ST_NOMEM;
    dressing->live = make(definition, blob, coding, dressing->etag, true);
    dressing->live_same = make(definition, NULL, coding, dressing->etag, true);
    dressing->pinned = make(definition, blob, coding, dressing->etag, false);
    dressing->pinned_same = make(definition, NULL, coding, dressing->etag, false);
    *ret_kept = blob_bytes(blob);
    blob_release(blob);
    bool whole = dressing->live && dressing->live_same && dressing->pinned && dressing->pinned_same;
    return whole ? ST_OK : ST_NOMEM;
}

static void discard(void *kept)
{
    struct presentation *presentation = kept;
    for (int i = 0; i < CODING_COUNT; i++) undress(&presentation->dressings[i]);
    for (uint32_t i = 0; i < presentation->parcel_count; i++)
        parcel_free(atomic_load(&presentation->parcels[i]));
    mem_free(presentation->mem, presentation->parcels,
             presentation->parcel_count * sizeof *presentation->parcels);
    book_free(presentation->book);
    mem_free(presentation->mem, presentation, sizeof *presentation);
}

static enum status present(const struct definition *definition, struct str render,
                           const struct str *derived, void **ret_kept, size_t *ret_bytes)
{
    enum { RESPONSE_BYTES = 2048 }; /* a response of MHD with its headers, and a copy, about */
    struct presentation *presentation = mem_zalloc(definition->mem, sizeof *presentation);
    if (!presentation) return ST_NOMEM;
    presentation->mem = definition->mem;
    presentation->parcels =
        mem_zalloc(definition->mem,
                   (1 + (size_t)definition->program->language_count) * sizeof *presentation->parcels);
    if (!presentation->parcels) {
        discard(presentation);
        return ST_NOMEM;
    }
    presentation->parcel_count = 1 + definition->program->language_count;
    char hash[DIGEST_HEX_BYTES];
    struct digest digest =
        digest_quick(render); /* tags need no more, and a first answer waits for it */
    digest_hex(&digest, hash);
    const struct str forms[CODING_COUNT] = {render, derived[0], derived[1]};
    struct str packed;
    size_t bytes =
        sizeof *presentation + 6 * render.len; /* and what becomes a parcel and a book, about */
    for (int i = 0; i < CODING_COUNT; i++) {
        if (i != CODING_IDENTITY && forms[i].len >= render.len) continue;
        enum status st =
            dress(definition->mem, definition, (enum coding)i, forms[i], hash,
                  &presentation->dressings[i], i == CODING_IDENTITY ? &presentation->render : &packed);
        if (st) {
            discard(presentation);
            return st;
        }
        bytes += 4 * (size_t)RESPONSE_BYTES + forms[i].len;
    }
    *ret_kept = presentation;
    *ret_bytes = bytes;
    return ST_OK;
}

enum status presentation_book(const struct definition *definition, const struct book **ret_book)
{
    struct presentation *presentation = definition_kept(definition);
    struct book *book = atomic_load(&presentation->book), *made = NULL;
    if (!book) {
        enum status st = book_new(definition->mem, definition->program, presentation->render, &made);
        if (st) return st;
        if (atomic_compare_exchange_strong(&presentation->book, &book, made)) book = made;
        else book_free(made); /* another thread was first, and `book` is what it made */
    }
    *ret_book = book;
    return ST_OK;
}

const struct presenter *presentation_presenter(void)
{
    static const struct derivation derivations[] = {{"render.gz", packing_put_gzip},
                                                    {"render.br", packing_put_brotli}};
    static const struct presenter presenter = {derivations, 2, present, discard};
    return &presenter;
}

/* ---------------------------------------------------------------- choosing */

static struct str trim(struct str text)
{
    while (text.len && (text.ptr[0] == ' ' || text.ptr[0] == '\t')) text.ptr++, text.len--;
    while (text.len && (text.ptr[text.len - 1] == ' ' || text.ptr[text.len - 1] == '\t')) text.len--;
    return text;
}

static struct str cut(struct str *rest, char at)
{
    const char *mark = rest->len ? memchr(rest->ptr, at, rest->len) : NULL;
    struct str first = {rest->ptr, mark ? (size_t)(mark - rest->ptr) : rest->len};
    size_t taken = first.len + (mark ? 1 : 0);
    *rest = (struct str){rest->ptr + taken, rest->len - taken};
    return trim(first);
}

/* "q=0.5": 500. What is no weight counts as 0: then the coding is not used, which is always right. */
static int read_weight(struct str text)
{
    if (text.len == 0) return 1000;
    if (text.len < 3 || (text.ptr[0] | 0x20) != 'q' || text.ptr[1] != '=') return 0;
    if (text.ptr[2] == '1') return 1000;
    int weight = 0, unit = 100;
    for (size_t i = 4; i < text.len && i < 7; i++, unit /= 10) {
        if (!word_is_digit(text.ptr[i])) return 0;
        weight += (text.ptr[i] - '0') * unit;
    }
    return weight;
}

void presentation_weigh(struct str accept_encoding, int ret_weights[CODING_COUNT])
{
    int named[CODING_COUNT] = {-1, -1, -1};
    int any = -1;
    while (accept_encoding.len > 0) {
        struct str parameters = cut(&accept_encoding, ',');
        struct str word = cut(&parameters, ';');
        int weight = read_weight(trim(parameters));
        if (str_eq(word, STR("*"))) any = weight;
        for (int i = 0; i < CODING_COUNT; i++) {
            if (word_is(word, str_of(codings[i].name))) named[i] = weight;
        }
        if (word_is(word, STR("x-gzip"))) named[CODING_GZIP] = weight;
    }
    for (int i = 0; i < CODING_COUNT; i++)
        ret_weights[i] = named[i] >= 0 ? named[i] : any >= 0 ? any : i == CODING_IDENTITY ? 1 : 0;
}

const struct dressing *presentation_choose(const struct presentation *presentation,
                                           struct str accept_encoding)
{
    const struct dressing *best = &presentation->dressings[CODING_IDENTITY];
    if (!accept_encoding.ptr) return best;
    int weights[CODING_COUNT];
    presentation_weigh(accept_encoding, weights);
    int most = 0;
    for (int i = CODING_COUNT - 1; i >= 0; i--) {
        if (!presentation->dressings[i].etag[0] || weights[i] <= most) continue;
        most = weights[i];
        best = &presentation->dressings[i];
    }
    return best;
}

bool etag_listed(struct str list, struct str etag)
{
    if (str_eq(trim(list), STR("*"))) return true;
    while (list.len > 0) {
        struct str tag = cut(&list, ',');
        if (str_starts(tag, STR("W/"))) tag = (struct str){tag.ptr + 2, tag.len - 2};
        if (str_eq(tag, etag)) return true;
    }
    return false;
}
