#include "server/asset.h"

#include <stdio.h>
#include <string.h>

/* ASSETS_HASH and `packed`: each file's bytes, as tools/embed.c has written them down. */
#include "assets.inc"

static const struct {
    const char *stem, *plain, *extension, *type;
} embedded[ASSET_COUNT] = {
#define ASSET(NAME, stem, extension, type)                                                             \
    [ASSET_##NAME] = {(stem), stem "." extension, (extension), (type)},
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

/* With the models of its answers. `hashed`: under the name that has the hash. */
static enum status dress(struct asset *asset, struct mem *mem, enum asset_name name, enum coding coding,
                         bool hashed)
{
    struct str bytes = (hashed ? packed[name].hashed : packed[name].plain)[coding];
    if (!bytes.ptr) return ST_OK; /* the coding would make it larger */
    struct blob *blob = blob_of_constant(mem, bytes);
    if (!blob) return ST_NOMEM;
    const char *etag = asset->dressings[coding].etag;
    struct ready *ready = ready_new(mem, make_model(name, blob, coding, etag, hashed), blob),
                 *same = ready_new(mem, make_model(name, NULL, coding, etag, hashed), NULL);
    *(hashed ? &asset->dressings[coding].hashed : &asset->dressings[coding].plain) = ready;
    *(hashed ? &asset->dressings[coding].hashed_same : &asset->dressings[coding].plain_same) = same;
    blob_release(blob);
    return ready && same ? ST_OK : ST_NOMEM;
}

static void name_all(struct assets *assets)
{
    static const char *const suffixes[] = {"", "-gz", "-br"};
    for (int i = 0; i < ASSET_COUNT; i++) {
        struct asset *asset = &assets->items[i];
        asset->plain = embedded[i].plain;
        snprintf(asset->name, sizeof asset->name, "%s-%.16s.%s", embedded[i].stem, ASSETS_HASH,
                 embedded[i].extension);
        snprintf(asset->path, sizeof asset->path, "/assets/%s-%.16s.%s", embedded[i].stem, ASSETS_HASH,
                 embedded[i].extension);
        for (int k = 0; k < CODING_COUNT; k++)
            snprintf(asset->dressings[k].etag, sizeof asset->dressings[k].etag, "\"b2-%s%s\"",
                     ASSETS_HASH, suffixes[k]);
    }
}

enum status assets_open(struct assets *assets, struct mem *mem)
{
    enum status st = ST_OK;
    name_all(assets);
    for (int i = 0; !st && i < ASSET_COUNT; i++) {
        for (int k = 0; !st && k < 2 * CODING_COUNT; k++)
            st = dress(&assets->items[i], mem, (enum asset_name)i, (enum coding)(k / 2), k % 2 == 1);
    }
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

struct str asset_text(enum asset_name name)
{
    return packed[name].plain[CODING_IDENTITY];
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
