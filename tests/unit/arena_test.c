#include "base/arena.h"
#include "base/limits.h"
#include "tests/test.h"

#include <stdalign.h>

static bool aligned(const void *ptr)
{
    return (uintptr_t)ptr % alignof(max_align_t) == 0;
}

static void every_block_is_aligned_and_its_own(void)
{
    struct test_mem tm = TEST_MEM(0);
    struct arena arena;
    arena_init(&arena, &tm.mem, 1 << 20);
    char *blocks[200];
    for (size_t i = 0; i < 200; i++) {
        blocks[i] = arena_alloc(&arena, i);
        CHECK(blocks[i] && aligned(blocks[i]));
        memset(blocks[i], (int)i, i);
    }
    for (size_t i = 0; i < 200; i++)
        for (size_t j = 0; j < i; j++) CHECK((unsigned char)blocks[i][j] == i);
    CHECK(blocks[0] != blocks[1]); /* an empty block has an address too */
    arena_release(&arena);
    CHECK(tm.held == 0 && arena.held_bytes == 0);
}

/* An eighth of what is held and one block, once there are a few chunks. */
static void a_lean_arena_holds_little_more_than_was_asked_for(void)
{
    struct test_mem tm = TEST_MEM(0);
    struct arena arena;
    arena_init_lean(&arena, &tm.mem, 8 << 20);
    size_t asked = 0;
    for (int i = 0; i < 40000; i++) {
        CHECK(arena_alloc(&arena, 112) != NULL);
        asked += 112;
        CHECK(arena.held_bytes <= asked + asked / 6 + 4096);
    }
    CHECK(tm.requests < 250); /* and yet grows by ever larger pieces */
    arena_release(&arena);
    CHECK(tm.held == 0);
}

/* What many hold at a time is little, and what needs more than that has it in pieces that grow. */
static void a_first_chunk_is_as_large_as_was_said(void)
{
    enum { FIRST = 1792 };
    struct test_mem tm = TEST_MEM(0);
    struct arena arena;
    arena_init_first(&arena, &tm.mem, 1 << 20, FIRST);
    CHECK(tm.held == 0);
    while (tm.requests < 2) CHECK(arena_alloc(&arena, 16) != NULL);
    CHECK(arena.held_bytes == FIRST + FIRST / 2);
    while (tm.requests < 3) CHECK(arena_alloc(&arena, 16) != NULL);
    CHECK(arena.held_bytes == FIRST + FIRST / 2 + FIRST);
    char *block = arena_alloc(&arena, 100000);
    CHECK(block && aligned(block));
    arena_release(&arena);
    CHECK(tm.held == 0);
}

static void a_large_block_leaves_a_lean_arenas_open_chunk_open(void)
{
    struct test_mem tm = TEST_MEM(0);
    struct arena arena;
    arena_init_lean(&arena, &tm.mem, 1 << 20);
    char *small = arena_alloc(&arena, 16), *large = arena_alloc(&arena, 2000);
    CHECK(tm.requests == 2 && arena.held_bytes < 1024 + 2000 + 32);
    memset(large, 1, 2000);
    CHECK((char *)arena_alloc(&arena, 16) == small + 16);
    CHECK(!arena_alloc(&arena, 1 << 20) && arena.refused);
    arena_reset(&arena);
    CHECK(arena.held_bytes == tm.held && arena_alloc(&arena, 16));
    arena_release(&arena);
    CHECK(tm.held == 0);
}

static void it_takes_no_byte_beyond_its_maximum(void)
{
    for (size_t bytes_max = 0; bytes_max < 20000; bytes_max += 997) {
        struct test_mem tm = TEST_MEM(0);
        struct arena arena;
        arena_init(&arena, &tm.mem, bytes_max);
        while (arena_alloc(&arena, 100)) CHECK(tm.held <= bytes_max);
        CHECK(arena.refused && arena.held_bytes == tm.held && tm.held <= bytes_max);
        arena_release(&arena);
        CHECK(tm.held == 0);
    }
}

static void the_last_chunk_shrinks_to_what_is_left(void)
{
    struct test_mem tm = TEST_MEM(0);
    struct arena arena;
    arena_init(&arena, &tm.mem, 10000);
    CHECK(arena_alloc(&arena, 4000));
    CHECK(arena_alloc(&arena, 5800)); /* does not fit a doubled chunk, but fits the maximum */
    CHECK(!arena.refused);
    CHECK(!arena_alloc(&arena, 5800));
    CHECK(arena.refused);
    arena_release(&arena);
}

static void a_block_of_exactly_what_is_left_fits_and_one_more_does_not(void)
{
    enum { MAX = 8192, HEADER = 16 };
    struct arena arena;
    arena_init(&arena, mem_heap(), MAX);
    CHECK(!arena_alloc(&arena, MAX - HEADER + 1));
    CHECK(arena.refused);
    arena_release(&arena);
    CHECK(!arena.refused);
    CHECK(arena_alloc(&arena, MAX - HEADER));
    arena_release(&arena);
}

static void absurd_sizes_are_refused_not_wrapped(void)
{
    struct arena arena;
    arena_init(&arena, mem_heap(), SIZE_MAX);
    CHECK(!arena_alloc(&arena, SIZE_MAX));
    CHECK(!arena_zalloc(&arena, SIZE_MAX / 2, 3));
    CHECK(!arena_grow(&arena, NULL, 0, SIZE_MAX / 2, 8));
    CHECK(arena.refused);
    CHECK(arena_zalloc(&arena, 5, 0));
    arena_release(&arena);
}

static void an_empty_heap_is_told_from_a_reached_maximum(void)
{
    struct test_mem tm = TEST_MEM(.fail_at = 1);
    struct arena arena;
    arena_init(&arena, &tm.mem, 1 << 20);
    CHECK(!arena_alloc(&arena, 10));
    CHECK(!arena.refused);
    CHECK(arena_alloc(&arena, 10)); /* and it goes on when there is memory again */
    arena_release(&arena);
    CHECK(tm.held == 0);
}

static void reset_keeps_the_newest_chunk_only(void)
{
    struct test_mem tm = TEST_MEM(0);
    struct arena arena;
    arena_init(&arena, &tm.mem, 1 << 20);
    for (int i = 0; i < 100; i++) CHECK(arena_alloc(&arena, 1000));
    size_t requests = tm.requests;
    arena_reset(&arena);
    CHECK(arena.held_bytes == tm.held && tm.held > 0);
    char *again = arena_zalloc(&arena, 1000, 1);
    CHECK(again && again[0] == 0 && again[999] == 0);
    CHECK(tm.requests == requests); /* no new request */
    arena_release(&arena);
    CHECK(tm.held == 0);
    arena_reset(&arena); /* an empty one is fine */
}

static void the_newest_array_grows_in_place_and_others_move(void)
{
    struct arena arena;
    arena_init(&arena, mem_heap(), 1 << 20);
    int *first = arena_grow(&arena, NULL, 0, 4, sizeof *first);
    for (int i = 0; i < 4; i++) first[i] = i;
    CHECK(arena_grow(&arena, first, 4, 8, sizeof *first) == first);
    char *wall = arena_alloc(&arena, 1);
    int *moved = arena_grow(&arena, first, 8, 16, sizeof *first);
    CHECK(moved && moved != first && (char *)moved > wall);
    for (int i = 0; i < 4; i++) CHECK(moved[i] == i);
    int *far = arena_grow(&arena, moved, 16, 100000, sizeof *far); /* past the chunk */
    CHECK(far && far[3] == 3);
    arena_release(&arena);
}

static void texts_are_copied_and_end_in_nul(void)
{
    struct arena arena;
    arena_init(&arena, mem_heap(), 1 << 16);
    char source[] = "abc";
    struct str copy = arena_str(&arena, (struct str){source, 3});
    source[0] = 'x';
    CHECK(str_eq(copy, STR("abc")) && copy.ptr[3] == '\0');
    struct str empty = arena_str(&arena, (struct str){NULL, 0});
    CHECK(empty.ptr && empty.len == 0 && empty.ptr[0] == '\0');
    struct str printed = arena_printf(&arena, "%s has %d", "she", 2);
    CHECK(str_eq(printed, STR("she has 2")) && printed.ptr[printed.len] == '\0');
    arena_release(&arena);
    arena_init(&arena, mem_heap(), 0);
    CHECK(!arena_str(&arena, STR("abc")).ptr && !arena_printf(&arena, "%d", 1).ptr);
}

static void bytes_stand_side_by_side_and_keep_out_of_what_is_aligned(void)
{
    struct arena arena;
    arena_init_lean(&arena, mem_heap(), 1 << 16);
    char *last = arena_bytes(&arena, 3), *blocks[200];
    memcpy(last, "abc", 3);
    char *before = arena_bytes(&arena, 5);
    CHECK(before + 5 == last);
    for (int i = 0; i < 200; i++) {
        blocks[i] = arena_alloc(&arena, 24);
        CHECK(aligned(blocks[i]));
        memset(blocks[i], i, 24);
        memset(arena_bytes(&arena, 7), 'x', 7);
    }
    for (int i = 0; i < 200; i++) CHECK(blocks[i][0] == (char)i && blocks[i][23] == (char)i);
    CHECK(memcmp(last, "abc", 3) == 0 && arena_bytes(&arena, 0));
    CHECK(!arena_bytes(&arena, SIZE_MAX) && arena.refused);
    arena_release(&arena);
}

static bool use(struct arena *arena)
{
    int *array = NULL;
    for (size_t n = 1; n < 50000; n *= 3) {
        array = arena_grow(arena, array, n / 3, n, sizeof *array);
        if (!array || !arena_bytes(arena, 9) || !arena_printf(arena, "%zu", n).ptr) return false;
    }
    return true;
}

static void out_of_memory_at_any_request_loses_nothing(void)
{
    bool done = false;
    for (size_t fail_at = 1; !done && fail_at < 100; fail_at++) {
        struct test_mem tm = TEST_MEM(.fail_at = fail_at);
        struct arena arena;
        arena_init(&arena, &tm.mem, 1 << 24);
        done = use(&arena);
        CHECK(done == !tm.failed);
        CHECK(!arena.refused);
        arena_release(&arena);
        CHECK(tm.held == 0);
    }
    CHECK(done);
}

int main(void)
{
    every_block_is_aligned_and_its_own();
    a_lean_arena_holds_little_more_than_was_asked_for();
    a_first_chunk_is_as_large_as_was_said();
    a_large_block_leaves_a_lean_arenas_open_chunk_open();
    it_takes_no_byte_beyond_its_maximum();
    the_last_chunk_shrinks_to_what_is_left();
    a_block_of_exactly_what_is_left_fits_and_one_more_does_not();
    absurd_sizes_are_refused_not_wrapped();
    an_empty_heap_is_told_from_a_reached_maximum();
    reset_keeps_the_newest_chunk_only();
    the_newest_array_grows_in_place_and_others_move();
    texts_are_copied_and_end_in_nul();
    bytes_stand_side_by_side_and_keep_out_of_what_is_aligned();
    out_of_memory_at_any_request_loses_nothing();
    return TEST_RESULT();
}
