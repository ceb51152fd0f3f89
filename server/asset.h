/* Asset: what browsers are served besides forms, embedded in the program: the pages' style sheet and
 * script.
 *
 *     assets_open(&server->assets, mem);
 *     asset_path(&server->assets, ASSET_STYLE)                    "/assets/formwright-0a1b….css"
 *     asset_find(&server->assets, name, accept_encoding, seen, &status)  the ready-made answer, or NULL
 *
 * Under its hashed name an asset may be kept for ever, under its plain one ("formwright.css") it is
 * asked for again. The hash is that of all assets, so that a script that loads another one asks for it
 * by the hashed name when it has one itself. Compressed when the program is built (tools/embed.c). */
#ifndef SERVER_ASSET_H
#define SERVER_ASSET_H

#include "server/presentation.h"

enum asset_name {
#define ASSET(NAME, stem, extension, type) ASSET_##NAME,
#include "server/asset.def"
#undef ASSET
    ASSET_COUNT
};

struct asset {
    char path[64], name[48]; /* hashed; the name is what stands behind "/assets/" */
    const char *plain;
    /* By coding; ready NULL: not offered. Under the hashed name, and under the plain one. */
    struct {
        char etag[96];
        struct ready *hashed, *hashed_same, *plain, *plain_same;
    } dressings[CODING_COUNT];
};
struct assets {
    struct asset items[ASSET_COUNT];
};

enum status assets_open(struct assets *assets, struct mem *mem) MUST_USE;
void assets_close(struct assets *assets);
/* Its bytes as they are. */
struct str asset_text(enum asset_name name);
const char *asset_path(const struct assets *assets, enum asset_name name);
/* `name` is the last part of its path. `seen`: of If-None-Match. NULL: there is none; *ret_status 200
 * or 304. */
struct ready *asset_find(const struct assets *assets, struct str name, struct str accept_encoding,
                         struct str seen, unsigned *ret_status);

#endif
