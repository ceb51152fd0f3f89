/* The C library's heap, as a process that lives long has it. The sanitizers have a heap of their own,
 * for which nothing of this holds: there it is only run. */
#include "base/limits.h"
#include "tests/test.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
static const bool own_heap = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
static const bool own_heap = true;
#else
static const bool own_heap = false;
#endif
#else
static const bool own_heap = false;
#endif

enum { MIB = 1 << 20 };

static bool is_zero(const unsigned char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (bytes[i]) return false;
    return true;
}

static void what_is_got_cleared_is_zero(void)
{
    static const size_t sizes[] = {1, 100, (64 << 10) - 1, 64 << 10, 3 * MIB};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        for (int round = 0; round < 2; round++) { /* the second gets what the first gave back */
            unsigned char *bytes = mem_zalloc(mem_heap(), sizes[i]);
            CHECK(bytes && is_zero(bytes, sizes[i]));
            if (bytes) memset(bytes, 1, sizes[i]);
            mem_free(mem_heap(), bytes, sizes[i]);
        }
    }
    CHECK(own_heap || mem_zalloc(mem_heap(), SIZE_MAX / 2) == NULL);
}

static void what_is_large_and_not_written_to_is_not_resident(void)
{
    size_t before = mem_resident();
    CHECK(before > 0);
    char *bytes = mem_zalloc(mem_heap(), 64 * MIB);
    CHECK(bytes && (own_heap || mem_resident() - before < MIB));
    mem_free(mem_heap(), bytes, 64 * MIB);
}

/* Left to itself the C library would keep the second, having seen the first go. */
static void a_block_of_the_systems_goes_back_to_it_at_once(void)
{
    enum { OTHERS = 64 << 10 };
    size_t size = limit(HEAP_BLOCK_BYTES) + 1;
    size_t before = mem_resident();
    for (int i = 0; i < 20; i++) {
        char *bytes = mem_heap()->resize(mem_heap(), NULL, 0, size);
        CHECK(bytes);
        if (bytes) memset(bytes, i + 1, size);
        CHECK(own_heap || mem_resident() - before >= size - OTHERS);
        mem_free(mem_heap(), bytes, size);
        CHECK(own_heap || mem_resident() < before + OTHERS);
    }
}

/* Many small blocks, of which the last stays: none before it goes back by itself. */
static char *spend(size_t bytes)
{
    enum { BLOCK = 4096 };
    struct block {
        struct block *next;
        char rest[BLOCK - sizeof(void *)];
    } *blocks = NULL;
    for (size_t spent = 0; spent < bytes; spent += BLOCK) {
        struct block *block = mem_zalloc(mem_heap(), sizeof *block);
        if (!block) break;
        memset(block, 1, sizeof *block);
        block->next = blocks;
        blocks = block;
    }
    char *last = mem_zalloc(mem_heap(), BLOCK);
    while (blocks) {
        struct block *next = blocks->next;
        mem_free(mem_heap(), blocks, sizeof *blocks);
        blocks = next;
    }
    return last;
}

static void what_the_heap_kept_goes_back_once_it_is_much(void)
{
    enum { SPENT = 32 * MIB };
    mem_heap_trim();
    size_t before = mem_resident();
    char *last = spend(SPENT);
    size_t spent = mem_resident();
    CHECK(own_heap || spent - before > SPENT - MIB);
    mem_heap_trim();
    CHECK(own_heap || mem_resident() < before + (size_t)limit(TRIM_BYTES));
    /* What is less than that stays where it is. */
    char *other = spend((size_t)limit(TRIM_BYTES) / 2);
    size_t little = mem_resident();
    mem_heap_trim();
    CHECK(own_heap || mem_resident() + MIB / 4 >= little);
    mem_free(mem_heap(), last, 4096);
    mem_free(mem_heap(), other, 4096);
}

/* The program's own text, and what it has written into data that come from its file. */
static int counted = 7;

static void what_a_start_has_read_is_let_go_of_and_comes_back(void)
{
    static const char words[] = "what is only read";
    size_t before = mem_resident();
    counted++;
    mem_settle();
    CHECK(own_heap || mem_resident() < before);
    CHECK(counted == 8 && strcmp(words, "what is only read") == 0);
    char text[32];
    CHECK(snprintf(text, sizeof text, "%d %.1f", counted, 1.5) == 5 && strcmp(text, "8 1.5") == 0);
    mem_settle(); /* and again, whatever was read since */
    CHECK(counted == 8);
}

int main(void)
{
    mem_heap_set_up(2);
    what_is_got_cleared_is_zero();
    what_is_large_and_not_written_to_is_not_resident();
    a_block_of_the_systems_goes_back_to_it_at_once();
    what_the_heap_kept_goes_back_once_it_is_much();
    what_a_start_has_read_is_let_go_of_and_comes_back();
    return TEST_RESULT();
}
