#include "server/blob.h"

#include <stdatomic.h>

struct blob {
    struct mem *mem;
    struct str bytes; /* behind the struct, in its block, or the program's own */
    size_t block_bytes;
    atomic_uint owners;
};

struct blob *blob_new(struct mem *mem, struct str bytes)
{
    size_t block_bytes = sizeof(struct blob) + bytes.len;
    struct blob *blob = mem_zalloc(mem, block_bytes);
    if (!blob) return NULL;
    blob->mem = mem;
    blob->block_bytes = block_bytes;
    blob->bytes = (struct str){memcpy(blob + 1, bytes.ptr, bytes.len), bytes.len};
    atomic_init(&blob->owners, 1);
    return blob;
}

struct blob *blob_of_constant(struct mem *mem, struct str bytes)
{
    struct blob *blob = blob_new(mem, (struct str){"", 0});
    if (blob) blob->bytes = bytes;
    return blob;
}

struct str blob_bytes(const struct blob *blob)
{
    return blob->bytes;
}

void blob_keep(struct blob *blob)
{
    atomic_fetch_add(&blob->owners, 1);
}

void blob_release(void *user)
{
    struct blob *blob = user;
    if (!blob || atomic_fetch_sub(&blob->owners, 1) != 1) return;
    mem_free(blob->mem, blob, blob->block_bytes);
}

struct MHD_Response *blob_response(struct blob *blob)
{
    static char nothing[1];
    if (!blob) return MHD_create_response_from_buffer(0, nothing, MHD_RESPMEM_PERSISTENT);
    struct MHD_Response *response = MHD_create_response_from_buffer_with_free_callback_cls(
        blob->bytes.len, (void *)(uintptr_t)blob->bytes.ptr, blob_release, blob);
    if (response) blob_keep(blob);
    return response;
}
