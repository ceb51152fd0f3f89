/* Livery: how a tenant's pages look, and in whose frames a form may be shown.
 *
 *     livery_find(request, tenant, form);               request->livery, before anything is drawn
 *     … view.theme = request->livery.sheet …             "/assets/acme/theme-0a1b….css", or empty
 *
 * The sheet's address has the hash of its bytes, so browsers keep it until the theme is another. */
#ifndef SERVER_LIVERY_H
#define SERVER_LIVERY_H

#include "base/json_value.h"
#include "base/json_writer.h"
#include "engine/engine.h"

struct request;

struct livery {
    bool found;             /* the tenant is there */
    struct str sheet, name; /* empty: none */
    struct str text;        /* of the sheet */
    struct str
        inside; /* the sheets that stand in the page itself, as its policy names them: " 'sha256-…'" */
    struct str frame_ancestors; /* origins with blanks between; empty: none */
    struct terms terms;
};

/* Leaves request->livery as it is where the tenant cannot be found or read: what comes after tells. */
void livery_find(struct request *request, struct str tenant, struct str form);
/* The sheet of a theme that is stored, and the hash in its name; ptr NULL: there is no memory. */
struct str livery_sheet(struct request *request, struct str theme, char ret_hash[17]);

/* A list of origins as JSON, "https://www.example.org" each, into `*ret_origins` with blanks between.
 * False: *ret_wrong says why. */
bool livery_read_frames(struct arena *arena, const struct json_value *list, struct str *ret_origins,
                        struct str *ret_wrong);
void livery_put_frames(struct json_writer *json, struct str origins);

#endif
