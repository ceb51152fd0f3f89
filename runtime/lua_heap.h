/* Lua heap: the memory of one Lua world, counted and capped.
 *
 *     lua_heap_init(&heap, mem, limit(JUDGE_LUA_BYTES));
 *     lua_State *lua = lua_newstate(lua_heap_alloc, &heap);
 *     … lua_close(lua); lua_heap_release(&heap);
 *
 * Small blocks come in classes of 16 bytes out of chunks, and go back to their class: a world that has
 * warmed up asks `mem` for nothing. Larger ones are `mem`'s own. What is taken from `mem` never exceeds
 * the cap. A table of more than JUDGE_TABLE_KEYS keys
 * besides its array is refused too, unless told otherwise. */
#ifndef RUNTIME_LUA_HEAP_H
#define RUNTIME_LUA_HEAP_H

#include "base/mem.h"

#include <stdbool.h>

enum { LUA_HEAP_GRAIN = 16, LUA_HEAP_SMALL = 512 };

struct lua_heap_chunk;

struct lua_heap {
    struct mem *mem;
    size_t bytes_max;
    size_t held_bytes; /* taken from mem */
    bool any_keys;     /* tables of more than JUDGE_TABLE_KEYS keys besides their arrays are fine */
    bool capped;       /* the last refusal was for the cap, not for want of memory */
    struct lua_heap_chunk *chunks;
    char *next, *end;                             /* free room in the newest chunk */
    void *spare[LUA_HEAP_SMALL / LUA_HEAP_GRAIN]; /* per class: blocks given back, a chain */
};

/* `mem` must outlive it. */
void lua_heap_init(struct lua_heap *heap, struct mem *mem, size_t bytes_max);
/* After lua_close(). A zeroed heap is fine. */
void lua_heap_release(struct lua_heap *heap);
/* A lua_Alloc; `ud` is the heap. */
void *lua_heap_alloc(void *ud, void *ptr, size_t old_size, size_t new_size);

#endif
