#include "server/asset.h"

#include "base/limits.h"

#include <stdio.h>

/* Each file's bytes, as the build has written them down. */
static const unsigned char style_css[] = {
#include "style_css.inc"
};

static const unsigned char formwright_js[] = {
#include "formwright_js.inc"
};
static const unsigned char words_js[] = {
#include "words_js.inc"
};
static const unsigned char store_js[] = {
#include "store_js.inc"
};

static const struct {
    const char *stem, *plain, *extension, *type;
    struct str bytes;
} embedded[ASSET_COUNT] = {
#define ASSET(NAME, stem, extension, type, bytes)                                                      \
    [ASSET_##NAME] = {                                                                                 \
        (stem), stem "." extension, (extension), (type), {(const char *)(bytes), sizeof(bytes)}},
#include "server/asset.def"
#undef ASSET
};

static bool add(struct MHD_Response *response, const char *name, const char *value)
{
    return MHD_add_response_header(response, name, value) == MHD_YES;
}

/* `blob` NULL: a 304. */
static struct MHD_Response *make_model(enum asset_name name, struct blob *blob, enum coding coding,
                                       const char *etag, bool hashed)
{
    static const char *const codings[] = {"identity", "gzip", "br"};
    struct MHD_Response *response = blob_response(blob);
    if (!response) return NULL;
    bool whole = add(response, MHD_HTTP_HEADER_ETAG, etag) &&
                 add(response, MHD_HTTP_HEADER_VARY, "Accept-Encoding") &&
                 add(response, MHD_HTTP_HEADER_CACHE_CONTROL,
                     hashed ? "public, max-age=31536000, immutable" : "public, no-cache") &&
                 add(response, "Access-Control-Allow-Origin", "*") &&
                 add(response, "Cross-Origin-Resource-Policy", "cross-origin") &&
                 add(response, "X-Content-Type-Options", "nosniff") &&
                 (!blob || add(response, MHD_HTTP_HEADER_CONTENT_TYPE, embedded[name].type)) &&
                 (!blob || coding == CODING_IDENTITY ||
                  add(response, MHD_HTTP_HEADER_CONTENT_ENCODING, codings[coding]));
    if (whole) return response;
    MHD_destroy_response(response);
    return NULL;
}

static enum status dress(struct asset *asset, struct mem *mem, enum asset_name name, enum coding coding,
                         struct str bytes, const char *hex)
{
    static const char *const suffixes[] = {"", "-gz", "-br"};
    char *etag = asset->dressings[coding].etag;
    snprintf(etag, sizeof asset->dressings[coding].etag, "\"b2-%s%s\"", hex, suffixes[coding]);
    struct blob *blob = blob_new(mem, bytes);
    if (!blob) return ST_NOMEM;
    asset->dressings[coding].hashed = ready_new(mem, make_model(name, blob, coding, etag, true), blob);
    asset->dressings[coding].plain = ready_new(mem, make_model(name, blob, coding, etag, false), blob);
    asset->dressings[coding].hashed_same =
        ready_new(mem, make_model(name, NULL, coding, etag, true), NULL);
    asset->dressings[coding].plain_same =
        ready_new(mem, make_model(name, NULL, coding, etag, false), NULL);
    blob_release(blob);
    bool whole = asset->dressings[coding].hashed && asset->dressings[coding].plain &&
                 asset->dressings[coding].hashed_same && asset->dressings[coding].plain_same;
    return whole ? ST_OK : ST_NOMEM;
}

static enum status open_one(struct asset *asset, struct mem *mem, enum asset_name name)
{
    char hex[DIGEST_HEX_BYTES];
    struct str bytes = embedded[name].bytes;
    struct digest digest = digest_quick(bytes);
    digest_hex(&digest, hex);
    asset->plain = embedded[name].plain;
    snprintf(asset->name, sizeof asset->name, "%s-%.16s.%s", embedded[name].stem, hex,
             embedded[name].extension);
    snprintf(asset->path, sizeof asset->path, "/assets/%s", asset->name);
    enum status st = dress(asset, mem, name, CODING_IDENTITY, bytes, hex);
    for (int coding = CODING_GZIP; !st && coding < CODING_COUNT; coding++) {
        struct buf packed;
        buf_init(&packed, mem, (size_t)limit(REPLY_BYTES));
        st = presentation_pack((enum coding)coding, bytes, &packed);
        if (!st && packed.len < bytes.len)
            st = dress(asset, mem, name, (enum coding)coding, buf_str(&packed), hex);
        buf_release(&packed);
    }
    return st;
}

enum status assets_open(struct assets *assets, struct mem *mem)
{
    enum status st = ST_OK;
    for (int i = 0; !st && i < ASSET_COUNT; i++)
        st = open_one(&assets->items[i], mem, (enum asset_name)i);
    return st;
}

void assets_close(struct assets *assets)
{
    for (int i = 0; i < ASSET_COUNT; i++) {
        for (int k = 0; k < CODING_COUNT; k++) {
            ready_free(assets->items[i].dressings[k].hashed);
            ready_free(assets->items[i].dressings[k].hashed_same);
            ready_free(assets->items[i].dressings[k].plain);
            ready_free(assets->items[i].dressings[k].plain_same);
        }
    }
}

const char *asset_path(const struct assets *assets, enum asset_name name)
{
    return assets->items[name].path;
}

static enum coding choose(const struct asset *asset, struct str accept_encoding)
{
    int weights[CODING_COUNT], most = 0;
    enum coding best = CODING_IDENTITY;
    if (!accept_encoding.ptr) return best;
    presentation_weigh(accept_encoding, weights);
    for (int i = CODING_COUNT - 1; i >= 0; i--) {
        if (!asset->dressings[i].hashed || weights[i] <= most) continue;
        most = weights[i];
        best = (enum coding)i;
    }
    return best;
}

struct ready *asset_find(const struct assets *assets, struct str name, struct str accept_encoding,
                         struct str seen, unsigned *ret_status)
{
    for (int i = 0; i < ASSET_COUNT; i++) {
        const struct asset *asset = &assets->items[i];
        bool hashed = str_eq(name, str_of(asset->name));
        if (!hashed && !str_eq(name, str_of(asset->plain))) continue;
        enum coding coding = choose(asset, accept_encoding);
        bool same = seen.ptr && etag_listed(seen, str_of(asset->dressings[coding].etag));
        *ret_status = same ? 304 : 200;
        if (same)
            return hashed ? asset->dressings[coding].hashed_same : asset->dressings[coding].plain_same;
        return hashed ? asset->dressings[coding].hashed : asset->dressings[coding].plain;
    }
    return NULL;
}
