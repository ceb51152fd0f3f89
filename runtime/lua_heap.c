#include "runtime/lua_heap.h"

#include "base/limits.h"

#include <assert.h>
#include <stdalign.h>
#include <string.h>

enum {
    CHUNK_FIRST = 3 << 10,
    CHUNK_MIN = 768,
    CHUNK_MAX = 64 << 10,
    CLASSES = LUA_HEAP_SMALL / LUA_HEAP_GRAIN
};

struct lua_heap_chunk {
    alignas(LUA_HEAP_GRAIN) struct lua_heap_chunk *older;
    size_t size; /* header included */
};

void lua_heap_init(struct lua_heap *heap, struct mem *mem, size_t bytes_max)
{
    *heap = (struct lua_heap){.mem = mem, .bytes_max = bytes_max};
}

void lua_heap_release(struct lua_heap *heap)
{
    while (heap->chunks) {
        struct lua_heap_chunk *older = heap->chunks->older;
        heap->held_bytes -= heap->chunks->size;
        mem_free(heap->mem, heap->chunks, heap->chunks->size);
        heap->chunks = older;
    }
    assert(heap->held_bytes == 0);
}

/* Everything that is taken from mem, or given back, goes through here. */
static void *held_resize(struct lua_heap *heap, void *ptr, size_t old_size, size_t new_size)
{
    size_t others = heap->held_bytes - old_size;
    if (new_size > old_size && new_size > heap->bytes_max - others) {
        heap->capped = true;
        return NULL;
    }
    void *block = heap->mem->resize(heap->mem, ptr, old_size, new_size);
    if (!block && new_size > 0) {
        heap->capped = false;
        return NULL;
    }
    heap->held_bytes = others + new_size;
    return block;
}

static size_t class_of(size_t size)
{
    return (size - 1) / LUA_HEAP_GRAIN;
}

static size_t class_bytes(size_t class)
{
    return (class + 1) * LUA_HEAP_GRAIN;
}

/* An eighth of what is held, within reason, so that little lies idle in the many worlds of small forms.
 */
static size_t chunk_wish(const struct lua_heap *heap)
{
    size_t part = heap->held_bytes / 16;
    if (!heap->chunks) return CHUNK_FIRST;
    if (part > CHUNK_MAX) return CHUNK_MAX;
    return part < CHUNK_MIN ? CHUNK_MIN : part & ~(size_t)(LUA_HEAP_GRAIN - 1);
}

static void small_put(struct lua_heap *heap, void *ptr, size_t size)
{
    size_t class = class_of(size);
    memcpy(ptr, &heap->spare[class], sizeof(void *));
    heap->spare[class] = ptr;
}

/* What is left of a chunk is a block for somebody who wants less. */
static void keep_rest(struct lua_heap *heap)
{
    size_t rest = (size_t)(heap->end - heap->next) & ~(size_t)(LUA_HEAP_GRAIN - 1);
    if (rest > 0) small_put(heap, heap->next, rest);
}

/* Near the cap a small one. */
static bool add_chunk(struct lua_heap *heap)
{
    size_t size = chunk_wish(heap);
    if (size > heap->bytes_max - heap->held_bytes)
        size = sizeof(struct lua_heap_chunk) + LUA_HEAP_SMALL;
    struct lua_heap_chunk *chunk = held_resize(heap, NULL, 0, size);
    if (!chunk) return false;
    keep_rest(heap);
    *chunk = (struct lua_heap_chunk){.older = heap->chunks, .size = size};
    heap->chunks = chunk;
    heap->next = (char *)(chunk + 1);
    heap->end = (char *)chunk + size;
    return true;
}

static void *take_spare(struct lua_heap *heap, size_t class)
{
    void **block = heap->spare[class];
    if (block) memcpy(&heap->spare[class], block, sizeof(void *));
    return block;
}

/* Of the smallest larger block that lies idle; what is left of it goes to its own class. */
static void *cut_spare(struct lua_heap *heap, size_t class)
{
    size_t larger = class + 1;
    while (larger < CLASSES && !heap->spare[larger]) larger++;
    if (larger == CLASSES) return NULL;
    char *block = take_spare(heap, larger);
    small_put(heap, block + class_bytes(class), class_bytes(larger) - class_bytes(class));
    return block;
}

static void *small_get(struct lua_heap *heap, size_t size)
{
    size_t class = class_of(size);
    void *block = take_spare(heap, class);
    if (block) return block;
    size = class_bytes(class);
    if ((size_t)(heap->end - heap->next) < size) {
        block = cut_spare(heap, class);
        if (block) return block;
        if (!add_chunk(heap)) return NULL;
    }
    block = heap->next;
    heap->next += size;
    return block;
}

static void *block_get(struct lua_heap *heap, size_t size)
{
    return size <= LUA_HEAP_SMALL ? small_get(heap, size) : held_resize(heap, NULL, 0, size);
}

static void block_put(struct lua_heap *heap, void *ptr, size_t size)
{
    if (size <= LUA_HEAP_SMALL) small_put(heap, ptr, size);
    else held_resize(heap, ptr, size, 0);
}

static void *block_move(struct lua_heap *heap, void *ptr, size_t old_size, size_t new_size)
{
    void *block = block_get(heap, new_size);
    if (!block) return NULL;
    memcpy(block, ptr, old_size < new_size ? old_size : new_size);
    block_put(heap, ptr, old_size);
    return block;
}

/* Keys that have no place in a table's array lie in a block that Lua asks for with no type: 24 bytes
 * each, a power of two of them. When it grows, all move in one go, which no hook ends, and takes the
 * square of their number when they have been chosen to collide. */
static bool is_too_many_keys(size_t size)
{
    const size_t key_bytes = 24, keys = size / key_bytes;
    return keys > limit(JUDGE_TABLE_KEYS) && size % key_bytes == 0 && (keys & (keys - 1)) == 0;
}

void *lua_heap_alloc(void *ud, void *ptr, size_t old_size, size_t new_size)
{
    struct lua_heap *heap = ud;
    if (!ptr && old_size == 0 && !heap->any_keys && is_too_many_keys(new_size)) {
        heap->capped = true;
        return NULL;
    }
    if (!ptr || old_size == 0)
        return new_size ? block_get(heap, new_size) : NULL; /* old_size is a type's tag */
    if (new_size == 0) {
        block_put(heap, ptr, old_size);
        return NULL;
    }
    if (old_size > LUA_HEAP_SMALL && new_size > LUA_HEAP_SMALL)
        return held_resize(heap, ptr, old_size, new_size);
    if (old_size <= LUA_HEAP_SMALL && new_size <= LUA_HEAP_SMALL &&
        class_of(old_size) == class_of(new_size))
        return ptr;
    return block_move(heap, ptr, old_size, new_size);
}
