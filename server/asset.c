#include "server/asset.h"

#include "base/limits.h"

#include <stdio.h>
#include <string.h>

/* Each file's bytes, as the build has written them down. */
static const unsigned char style_css[] = {
#include "style_css.inc"
};

static const unsigned char formwright_js[] = {
#include "formwright_js.inc"
};
static const unsigned char helpers_js[] = {
#include "helpers_js.inc"
};
static const unsigned char moments_js[] = {
#include "moments_js.inc"
};
static const unsigned char looks_js[] = {
#include "looks_js.inc"
};
static const unsigned char alone_js[] = {
#include "alone_js.inc"
};
static const unsigned char headless_js[] = {
#include "headless_js.inc"
};
static const unsigned char words_js[] = {
#include "words_js.inc"
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

/* Packed, with the models of its answers. `hashed`: under the name that has the hash. */
static enum status dress(struct asset *asset, struct mem *mem, enum asset_name name, enum coding coding,
                         struct str bytes, bool hashed)
{
    struct blob *blob = blob_new(mem, bytes);
    if (!blob) return ST_NOMEM;
    const char *etag = asset->dressings[coding].etag;
    struct ready *ready = ready_new(mem, make_model(name, blob, coding, etag, hashed), blob),
                 *same = ready_new(mem, make_model(name, NULL, coding, etag, hashed), NULL);
    *(hashed ? &asset->dressings[coding].hashed : &asset->dressings[coding].plain) = ready;
    *(hashed ? &asset->dressings[coding].hashed_same : &asset->dressings[coding].plain_same) = same;
    blob_release(blob);
    return ready && same ? ST_OK : ST_NOMEM;
}

static enum status dress_all(struct asset *asset, struct mem *mem, enum asset_name name,
                             struct str bytes, bool hashed)
{
    enum status st = dress(asset, mem, name, CODING_IDENTITY, bytes, hashed);
    for (int coding = CODING_GZIP; !st && coding < CODING_COUNT; coding++) {
        struct buf packed;
        buf_init(&packed, mem, (size_t)limit(REPLY_BYTES));
        st = presentation_pack((enum coding)coding, bytes, &packed);
        if (!st && packed.len < bytes.len)
            st = dress(asset, mem, name, (enum coding)coding, buf_str(&packed), hashed);
        buf_release(&packed);
    }
    return st;
}

/* ---- scripts that load others: "./looks.js" is "./looks-0a1b….js" where they have hashed names */

/* The asset that `rest` names up to a quotation mark; NULL: none. */
static const struct asset *named_at(const struct assets *assets, struct str rest)
{
    for (int i = 0; i < ASSET_COUNT; i++) {
        struct str plain = str_of(assets->items[i].plain);
        bool quoted = rest.len > plain.len && strchr("\"'`", rest.ptr[plain.len]) != NULL;
        if (quoted && str_starts(rest, plain)) return &assets->items[i];
    }
    return NULL;
}

static void put_renamed(const struct assets *assets, struct str bytes, struct buf *out)
{
    for (size_t i = 0; i < bytes.len; i++) {
        struct str rest = {bytes.ptr + i, bytes.len - i};
        const struct asset *named = NULL;
        if (str_starts(rest, STR("./")))
            named = named_at(assets, (struct str){rest.ptr + 2, rest.len - 2});
        if (!named) {
            buf_putc(out, bytes.ptr[i]);
            continue;
        }
        buf_printf(out, "./%s", named->name);
        i += 1 + strlen(named->plain);
    }
}

/* One hash for all names: what loads another knows its name by its own. */
static void name_all(struct assets *assets)
{
    struct digest_stream stream;
    struct digest digest;
    char hex[DIGEST_HEX_BYTES];
    static const char *const suffixes[] = {"", "-gz", "-br"};
    digest_begin(&stream);
    for (int i = 0; i < ASSET_COUNT; i++) digest_add(&stream, embedded[i].bytes);
    digest = digest_end(&stream);
    digest_hex(&digest, hex);
    for (int i = 0; i < ASSET_COUNT; i++) {
        struct asset *asset = &assets->items[i];
        asset->plain = embedded[i].plain;
        snprintf(asset->name, sizeof asset->name, "%s-%.16s.%s", embedded[i].stem, hex,
                 embedded[i].extension);
        snprintf(asset->path, sizeof asset->path, "/assets/%s-%.16s.%s", embedded[i].stem, hex,
                 embedded[i].extension);
        for (int k = 0; k < CODING_COUNT; k++)
            snprintf(asset->dressings[k].etag, sizeof asset->dressings[k].etag, "\"b2-%s%s\"", hex,
                     suffixes[k]);
    }
}

static enum status open_one(struct assets *assets, struct mem *mem, enum asset_name name)
{
    struct buf renamed;
    struct asset *asset = &assets->items[name];
    enum status st = dress_all(asset, mem, name, embedded[name].bytes, false);
    if (st) return st;
    buf_init(&renamed, mem, (size_t)limit(REPLY_BYTES));
    put_renamed(assets, embedded[name].bytes, &renamed);
    st = buf_failed(&renamed) ? renamed.failure : dress_all(asset, mem, name, buf_str(&renamed), true);
    buf_release(&renamed);
    return st;
}

enum status assets_open(struct assets *assets, struct mem *mem)
{
    enum status st = ST_OK;
    name_all(assets);
    for (int i = 0; !st && i < ASSET_COUNT; i++) st = open_one(assets, mem, (enum asset_name)i);
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
