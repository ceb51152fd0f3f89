/* Blob: bytes that several responses share; the last one gone frees them.
 *
 *     struct blob *blob = blob_new(mem, text);              NULL: no memory
 *     response = blob_response(blob);                        holds it as well
 *     blob_release(blob); */
#ifndef SERVER_BLOB_H
#define SERVER_BLOB_H

#include "base/mem.h"
#include "engine/engine.h"

#include <microhttpd.h>

struct blob;

/* A copy, with one owner. */
struct blob *blob_new(struct mem *mem, struct str bytes);
/* The bytes themselves, which stay for as long as the program. */
struct blob *blob_of_constant(struct mem *mem, struct str bytes);
/* As long as somebody holds it. */
struct str blob_bytes(const struct blob *blob);
void blob_keep(struct blob *blob);
void blob_release(void *blob);
/* A response with these bytes, `blob` NULL: with none. NULL: no memory. */
struct MHD_Response *blob_response(struct blob *blob);

#endif
