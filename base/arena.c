#include "base/arena.h"

#include "base/print.h"

#include <assert.h>
#include <stdalign.h>
#include <string.h>

/* Under AddressSanitizer the room that nobody asked for is poisoned, so an overrun inside a chunk is
 * seen. */
#if defined(__SANITIZE_ADDRESS__)
#define ARENA_POISONS 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_POISONS 1
#endif
#endif
#ifdef ARENA_POISONS
#include <sanitizer/asan_interface.h>
#define POISON(ptr, size) __asan_poison_memory_region((ptr), (size))
#define UNPOISON(ptr, size) __asan_unpoison_memory_region((ptr), (size))
#else
#define POISON(ptr, size) ((void)(ptr), (void)(size))
#define UNPOISON(ptr, size) ((void)(ptr), (void)(size))
#endif

enum {
    ALIGN = alignof(max_align_t),
    CHUNK_MIN = 4096,
    CHUNK_MAX = 1 << 20,
    LEAN_MIN = 1024,
    LEAN_PART = 32
};

struct arena_chunk {
    alignas(max_align_t) struct arena_chunk *older;
    size_t size; /* header included */
};

void arena_init(struct arena *arena, struct mem *mem, size_t bytes_max)
{
    arena_init_first(arena, mem, bytes_max, CHUNK_MIN);
}

void arena_init_first(struct arena *arena, struct mem *mem, size_t bytes_max, uint32_t first_bytes)
{
    *arena = (struct arena){.mem = mem, .bytes_max = bytes_max, .first_bytes = first_bytes};
}

void arena_init_lean(struct arena *arena, struct mem *mem, size_t bytes_max)
{
    arena_init(arena, mem, bytes_max);
    arena->lean = true;
}

static void chunk_free(struct arena *arena, struct arena_chunk *chunk)
{
    UNPOISON(chunk, chunk->size);
    arena->held_bytes -= chunk->size;
    mem_free(arena->mem, chunk, chunk->size);
}

static void free_chunks_from(struct arena *arena, struct arena_chunk *chunk)
{
    while (chunk) {
        struct arena_chunk *older = chunk->older;
        chunk_free(arena, chunk);
        chunk = older;
    }
}

static void open_chunk(struct arena *arena, struct arena_chunk *chunk)
{
    arena->chunks = chunk;
    arena->next = (char *)(chunk + 1);
    arena->end = (char *)chunk + chunk->size;
    POISON(arena->next, (size_t)(arena->end - arena->next));
}

void arena_release(struct arena *arena)
{
    free_chunks_from(arena, arena->chunks);
    arena->chunks = NULL;
    arena->next = arena->end = NULL;
    arena->refused = false;
}

void arena_reset(struct arena *arena)
{
    arena->refused = false;
    if (!arena->chunks) return;
    free_chunks_from(arena, arena->chunks->older);
    arena->chunks->older = NULL;
    open_chunk(arena, arena->chunks);
}

static size_t chunk_wish(const struct arena *arena)
{
    if (!arena->chunks) return arena->lean ? LEAN_MIN : arena->first_bytes;
    size_t lean = arena->held_bytes / LEAN_PART;
    if (arena->lean) return lean < LEAN_MIN ? LEAN_MIN : lean;
    bool only = !arena->chunks->older && arena->first_bytes < CHUNK_MIN;
    return only ? arena->first_bytes / 2 : arena->chunks->size * 2;
}

/* What is wished for, within reason, but at least `need`; near the maximum, all that is left. */
static size_t chunk_size_for(const struct arena *arena, size_t need)
{
    size_t left = arena->bytes_max - arena->held_bytes;
    size_t size = chunk_wish(arena);
    if (size > CHUNK_MAX) size = CHUNK_MAX;
    if (size > left) size = left;
    return size > need ? size : need;
}

/* Where the next block of that size comes from; NULL: there is no room. */
static struct arena_chunk *take_chunk(struct arena *arena, size_t size)
{
    struct arena_chunk *chunk = arena->mem->resize(arena->mem, NULL, 0, size);
    if (!chunk) return NULL;
    chunk->size = size;
    arena->held_bytes += size;
    return chunk;
}

static bool has_left(struct arena *arena, size_t room)
{
    size_t left = arena->bytes_max - arena->held_bytes;
    if (left >= sizeof(struct arena_chunk) && room <= left - sizeof(struct arena_chunk)) return true;
    arena->refused = true;
    return false;
}

/* Of a lean arena, for one large block. */
static char *own_chunk(struct arena *arena, size_t room)
{
    if (!has_left(arena, room)) return NULL;
    struct arena_chunk *chunk = take_chunk(arena, room + sizeof *chunk);
    if (!chunk) return NULL;
    chunk->older = arena->chunks->older;
    arena->chunks->older = chunk;
    return (char *)(chunk + 1);
}

/* What would leave much of the open chunk unused: that stays open for what is smaller. */
static bool takes_own(const struct arena *arena, size_t room)
{
    return arena->lean && arena->chunks && room > chunk_wish(arena) / 4;
}

static bool add_chunk(struct arena *arena, size_t room)
{
    if (!has_left(arena, room)) return false;
    struct arena_chunk *chunk =
        take_chunk(arena, chunk_size_for(arena, room + sizeof(struct arena_chunk)));
    if (!chunk) return false;
    chunk->older = arena->chunks;
    open_chunk(arena, chunk);
    return true;
}

/* What an allocation of `size` takes. Never zero, so that every allocation has an address of its own.
 */
static size_t room_for(size_t size)
{
    return size == 0 ? (size_t)ALIGN : (size + ALIGN - 1) & ~((size_t)ALIGN - 1);
}

static size_t room_left(const struct arena *arena)
{
    return (size_t)(arena->end - arena->next);
}

void *arena_alloc(struct arena *arena, size_t size)
{
    if (size > SIZE_MAX - ALIGN) {
        arena->refused = true;
        return NULL;
    }
    size_t room = room_for(size);
    if (room_left(arena) < room && takes_own(arena, room)) return own_chunk(arena, room);
    if (room_left(arena) < room && !add_chunk(arena, room)) return NULL;
    char *ptr = arena->next;
    UNPOISON(ptr, size);
    arena->next += room;
    return ptr;
}

/* From the far end of the newest chunk, so that what is aligned stays side by side as well. */
char *arena_bytes(struct arena *arena, size_t size)
{
    if (size > SIZE_MAX - ALIGN) {
        arena->refused = true;
        return NULL;
    }
    if (room_left(arena) < size && takes_own(arena, size)) return own_chunk(arena, size);
    if (room_left(arena) < size && !add_chunk(arena, size)) return NULL;
    arena->end -= size;
    UNPOISON(arena->end, size);
    return arena->end;
}

static bool array_bytes(struct arena *arena, size_t count, size_t size, size_t *ret_bytes)
{
    if (size != 0 && count > SIZE_MAX / size) {
        arena->refused = true;
        return false;
    }
    *ret_bytes = count * size;
    return true;
}

void *arena_zalloc(struct arena *arena, size_t count, size_t size)
{
    size_t bytes;
    if (!array_bytes(arena, count, size, &bytes)) return NULL;
    void *ptr = arena_alloc(arena, bytes);
    if (ptr) memset(ptr, 0, bytes);
    return ptr;
}

/* Lengthens the newest block where it lies. */
static bool grow_in_place(struct arena *arena, char *ptr, size_t old_bytes, size_t new_bytes)
{
    if (ptr + room_for(old_bytes) != arena->next || new_bytes > SIZE_MAX - ALIGN) return false;
    if (room_for(new_bytes) > (size_t)(arena->end - ptr)) return false;
    arena->next = ptr + room_for(new_bytes);
    UNPOISON(ptr, new_bytes);
    return true;
}

void *arena_grow(struct arena *arena, void *ptr, size_t old_count, size_t new_count, size_t size)
{
    assert(new_count >= old_count);
    size_t new_bytes;
    if (!array_bytes(arena, new_count, size, &new_bytes)) return NULL;
    size_t old_bytes = old_count * size;
    if (ptr && grow_in_place(arena, ptr, old_bytes, new_bytes)) return ptr;
    void *copy = arena_alloc(arena, new_bytes);
    if (copy && ptr && old_bytes) memcpy(copy, ptr, old_bytes);
    return copy;
}

struct str arena_str(struct arena *arena, struct str text)
{
    char *copy = text.len < SIZE_MAX ? arena_alloc(arena, text.len + 1) : NULL;
    if (!copy) return (struct str){NULL, 0};
    if (text.len) memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    return (struct str){copy, text.len};
}

/* Most texts are short: they are made on the stack and copied. */
struct str arena_vprintf(struct arena *arena, const char *format, va_list args)
{
    char brief[256];
    va_list again;
    va_copy(again, args);
    size_t len = print(brief, sizeof brief, format, args);
    char *text = arena_alloc(arena, len + 1);
    if (text && len < sizeof brief) memcpy(text, brief, len + 1);
    else if (text) (void)print(text, len + 1, format, again);
    va_end(again);
    return (struct str){text, text ? len : 0};
}

struct str arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct str text = arena_vprintf(arena, format, args);
    va_end(args);
    return text;
}
