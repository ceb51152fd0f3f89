#include "tenants/spares.h"

#include "base/limits.h"
#include "base/mem.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { GRAIN = 16, SMALL = 1024, CLASSES = SMALL / GRAIN };

/* Before each block: SQLite wants to be told its size, and no more than this alignment. */
struct head {
    uint64_t size;
};

static _Thread_local struct {
    void *of[CLASSES]; /* each begins with a pointer to the next */
    size_t bytes;
    bool told; /* that the thread is to give them back when it ends */
} here;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t on_exit_key;
static bool has_key;

size_t spares_round(size_t bytes)
{
    return bytes == 0 ? (size_t)GRAIN : (bytes + GRAIN - 1) & ~(size_t)(GRAIN - 1);
}

static struct head *head_of(const void *block)
{
    return (struct head *)(uintptr_t)block - 1;
}

size_t spares_size(const void *block)
{
    return (size_t)head_of(block)->size;
}

size_t spares_held(void)
{
    return here.bytes;
}

/* `block` NULL: a new one; `size` 0: gives it back. */
static void *heap(void *block, size_t size)
{
    struct head *head = block ? head_of(block) : NULL;
    size_t old_bytes = head ? sizeof *head + (size_t)head->size : 0;
    head = mem_heap()->resize(mem_heap(), head, old_bytes, size ? sizeof *head + size : 0);
    if (!head) return NULL;
    head->size = size;
    return head + 1;
}

static void **place_of(size_t size)
{
    return &here.of[size / GRAIN - 1];
}

/* Out of its list. */
static void *take(void **place)
{
    void *block = *place;
    memcpy(place, block, sizeof *place);
    here.bytes -= spares_size(block);
    return block;
}

static void give_all_back(void *unused)
{
    (void)unused;
    here.told = false; /* what others still give back while the thread ends calls this once more */
    for (int i = 0; i < CLASSES; i++)
        while (here.of[i]) (void)heap(take(&here.of[i]), 0);
}

static void make_key(void)
{
    has_key = pthread_key_create(&on_exit_key, give_all_back) == 0;
}

/* Else nothing is kept. */
static bool is_told(void)
{
    if (here.told) return true;
    (void)pthread_once(&once, make_key);
    here.told = has_key && pthread_setspecific(on_exit_key, &here) == 0;
    return here.told;
}

void *spares_get(size_t bytes)
{
    size_t size = spares_round(bytes);
    if (size > SMALL || !*place_of(size)) return heap(NULL, size);
    return take(place_of(size));
}

void spares_put(void *block)
{
    size_t size = spares_size(block);
    if (size > SMALL || here.bytes + size > limit(SQL_SPARE_BYTES) || !is_told()) {
        (void)heap(block, 0);
        return;
    }
    void **place = place_of(size);
    memcpy(block, place, sizeof *place);
    *place = block;
    here.bytes += size;
}

void *spares_resize(void *block, size_t bytes)
{
    size_t size = spares_round(bytes), old = spares_size(block);
    if (size == old) return block;
    if (size > SMALL && old > SMALL) return heap(block, size);
    void *moved = spares_get(size);
    if (!moved) return NULL;
    memcpy(moved, block, size < old ? size : old);
    spares_put(block);
    return moved;
}
