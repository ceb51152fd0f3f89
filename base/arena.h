/* Arena: memory for one unit of work (a compile, a request), given back all at once.
 *
 *     struct arena arena;
 *     arena_init(&arena, mem_heap(), limit(COMPILE_ARENA_BYTES));
 *     char *p = arena_alloc(&arena, n);      NULL when the maximum or the heap is reached
 *     arena_release(&arena);
 *
 * Blocks are taken from `mem` in growing chunks; a chunk that arena_reset() keeps is used again.
 * Nothing is given back singly. An arena belongs to one thread at a time. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/mem.h"
#include "base/str.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena_chunk;

struct arena {
    struct mem *mem;
    struct arena_chunk *chunks; /* newest first */
    char *next, *end;           /* free room in the newest chunk */
    size_t held_bytes;          /* taken from mem, all chunks */
    size_t bytes_max;
    bool refused;         /* an allocation was refused because of bytes_max, not because mem was out */
    bool lean;            /* see arena_init_lean() */
    uint32_t first_bytes; /* see arena_init_first() */
};

/* `mem` must outlive the arena. `bytes_max` caps what it takes from mem. */
void arena_init(struct arena *arena, struct mem *mem, size_t bytes_max);
/* For what lives long: chunks are a thirty-second part of what is held, and what is larger than what is left of one
 * has a chunk of its own, so that little of it lies idle. */
void arena_init_lean(struct arena *arena, struct mem *mem, size_t bytes_max);
/* For many at a time, most of which need little more than `first_bytes`, some of which are its own:
 * that is the first chunk, and the second is half as large. */
void arena_init_first(struct arena *arena, struct mem *mem, size_t bytes_max, uint32_t first_bytes);
/* Frees everything. A zeroed arena is fine. */
void arena_release(struct arena *arena);
/* Forgets everything but keeps the newest chunk for the next unit of work. */
void arena_reset(struct arena *arena);

/* `size` bytes aligned for any type, not cleared. NULL when full; see `refused`. Size 0 gives a valid
 * pointer. */
void *arena_alloc(struct arena *arena, size_t size);
/* The same, cleared; `count * size` is checked for overflow (NULL). */
void *arena_zalloc(struct arena *arena, size_t count, size_t size);
/* Grows the array `ptr` of `old_count` items to `new_count` items (copies; in place when it is the
 * newest block). */
void *arena_grow(struct arena *arena, void *ptr, size_t old_count, size_t new_count, size_t size);
/* `size` bytes at any address, not cleared: for bytes and texts that live long, one right beside the other. NULL
 * when full. */
char *arena_bytes(struct arena *arena, size_t size);
/* A copy that lives as long as the arena. ptr is NULL when full. Always NUL-terminated past its end. */
struct str arena_str(struct arena *arena, struct str text);
/* printf into the arena. ptr is NULL when full. */
struct str arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
struct str arena_vprintf(struct arena *arena, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

/* One of `type`, cleared, or NULL. */
#define ARENA_NEW(arena, type) ((type *)arena_zalloc((arena), 1, sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_zalloc((arena), (count), sizeof(type)))

#endif
