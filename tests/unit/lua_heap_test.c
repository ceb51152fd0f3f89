#include "runtime/lua_heap.h"

#include "base/limits.h"
#include "tests/test.h"

#include <stdint.h>

static struct lua_heap heap;

static void *get(size_t size)
{
    return lua_heap_alloc(&heap, NULL, 6 /* a type's tag, not a size */, size);
}

static void *resize(void *ptr, size_t old_size, size_t new_size)
{
    return lua_heap_alloc(&heap, ptr, old_size, new_size);
}

static void give_back(void *ptr, size_t size)
{
    CHECK(lua_heap_alloc(&heap, ptr, size, 0) == NULL);
}

static void blocks_are_apart_and_aligned(void)
{
    char *blocks[600];
    lua_heap_init(&heap, mem_heap(), 1 << 20);
    for (size_t size = 1; size < 600; size++) {
        blocks[size] = get(size);
        CHECK((uintptr_t)blocks[size] % 16 == 0);
        memset(blocks[size], (int)(size & 0x7f), size);
    }
    for (size_t size = 1; size < 600; size++) {
        for (size_t i = 0; i < size; i++) CHECK(blocks[size][i] == (char)(size & 0x7f));
        give_back(blocks[size], size);
    }
    lua_heap_release(&heap);
}

static void a_block_given_back_is_the_next_of_its_class(void)
{
    lua_heap_init(&heap, mem_heap(), 1 << 20);
    void *a = get(40), *b = get(40);
    give_back(a, 40);
    give_back(b, 40);
    CHECK(get(33) == b);
    CHECK(get(48) == a);
    CHECK(get(48) != a);
    lua_heap_release(&heap);
}

/* What parsing left behind in one size is room for rules of another. */
static void what_lies_idle_in_larger_blocks_is_cut_for_smaller_ones(void)
{
    char *blocks[200];
    lua_heap_init(&heap, mem_heap(), 1 << 20);
    for (int i = 0; i < 200; i++) blocks[i] = get(512);
    for (int i = 0; i < 200; i++) give_back(blocks[i], 512);
    size_t held = heap.held_bytes;
    for (int i = 0; i < 200 * 10; i++)
        memset(get(48), i & 0x7f, 48); /* ten of each, 32 bytes are left */
    for (int i = 0; i < 200 * 2; i++) memset(get(16), i & 0x7f, 16);
    CHECK(heap.held_bytes == held);
    lua_heap_release(&heap);
}

static void what_is_left_of_a_chunk_is_used_before_another_is_taken(void)
{
    lua_heap_init(&heap, mem_heap(), 1 << 20);
    (void)get(16);
    size_t held = heap.held_bytes, left = (size_t)(heap.end - heap.next), asked = 0;
    while (heap.held_bytes == held) asked += get(496) ? 496 : 0;
    size_t rest = left - (asked - 496);
    CHECK(rest < 496);
    held = heap.held_bytes;
    left = (size_t)(heap.end - heap.next);
    for (size_t i = 0; i < left + rest / 16 * 16; i += 16) (void)get(16);
    CHECK(heap.held_bytes == held);
    (void)get(16);
    CHECK(heap.held_bytes > held);
    lua_heap_release(&heap);
}

static void a_block_keeps_its_bytes_when_it_grows_and_shrinks(void)
{
    static const size_t sizes[] = {10, 16, 17, 500, 512, 513, 5000, 600, 100, 3};
    lua_heap_init(&heap, mem_heap(), 1 << 20);
    char *block = get(3);
    memcpy(block, "abc", 3);
    size_t size = 3;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        block = resize(block, size, sizes[i]);
        size = sizes[i];
        CHECK(memcmp(block, "abc", 3) == 0);
    }
    give_back(block, size);
    lua_heap_release(&heap);
}

static void a_heap_that_has_warmed_up_asks_for_nothing(void)
{
    struct test_mem tm = TEST_MEM();
    lua_heap_init(&heap, &tm.mem, 1 << 20);
    size_t requests = 0;
    for (int round = 0; round < 3; round++) {
        void *blocks[100];
        for (size_t i = 0; i < 100; i++) blocks[i] = get(i + 1);
        for (size_t i = 0; i < 100; i++) give_back(blocks[i], i + 1);
        if (round > 0) CHECK(tm.requests == requests);
        requests = tm.requests;
    }
    lua_heap_release(&heap);
    CHECK(tm.held == 0);
}

static void the_cap_is_never_passed(void)
{
    struct test_mem tm = TEST_MEM();
    lua_heap_init(&heap, &tm.mem, 100000);
    void *most = get(100000);
    CHECK(most != NULL && heap.held_bytes == 100000);
    CHECK(get(1) == NULL && heap.capped);
    give_back(most, 100000);
    CHECK(get(100001) == NULL && heap.capped);
    for (size_t i = 0; i < 10000; i++) get(64);
    CHECK(tm.held <= 100000 && heap.capped);
    lua_heap_release(&heap);
    CHECK(tm.held == 0);
}

static void a_refusal_of_the_machine_is_no_cap(void)
{
    struct test_mem tm = TEST_MEM(.fail_at = 2);
    lua_heap_init(&heap, &tm.mem, 1 << 20);
    void *small = get(100);
    CHECK(small != NULL);
    CHECK(get(100000) == NULL && !heap.capped);
    void *large = get(100000);
    CHECK(large != NULL);
    give_back(large, 100000);
    give_back(small, 100);
    lua_heap_release(&heap);
    CHECK(tm.held == 0);
}

/* Asked for as Lua 5.4 asks for the keys of a table: 24 bytes each, no type. */
static void a_table_has_so_many_keys_besides_its_array(void)
{
    const size_t most = (size_t)24 * limit(JUDGE_TABLE_KEYS);
    lua_heap_init(&heap, mem_heap(), 16 << 20);
    void *keys = lua_heap_alloc(&heap, NULL, 0, most);
    CHECK(keys != NULL);
    CHECK(lua_heap_alloc(&heap, NULL, 0, 2 * most) == NULL && heap.capped);
    void *text = get(2 * most);
    CHECK(text != NULL);
    void *grown = lua_heap_alloc(&heap, text, 2 * most, 4 * most);
    CHECK(grown != NULL);
    give_back(grown, 4 * most);
    heap.any_keys = true;
    void *more = lua_heap_alloc(&heap, NULL, 0, 2 * most);
    CHECK(more != NULL);
    give_back(more, 2 * most);
    give_back(keys, most);
    lua_heap_release(&heap);
}

static void a_zeroed_heap_can_be_released(void)
{
    struct lua_heap none = {0};
    lua_heap_release(&none);
    CHECK(none.held_bytes == 0);
}

int main(void)
{
    blocks_are_apart_and_aligned();
    a_block_given_back_is_the_next_of_its_class();
    what_lies_idle_in_larger_blocks_is_cut_for_smaller_ones();
    what_is_left_of_a_chunk_is_used_before_another_is_taken();
    a_block_keeps_its_bytes_when_it_grows_and_shrinks();
    a_heap_that_has_warmed_up_asks_for_nothing();
    the_cap_is_never_passed();
    a_refusal_of_the_machine_is_no_cap();
    a_table_has_so_many_keys_besides_its_array();
    a_zeroed_heap_can_be_released();
    return TEST_RESULT();
}
