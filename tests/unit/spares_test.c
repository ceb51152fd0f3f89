#include "tenants/spares.h"

#include "base/limits.h"

#include "tests/test.h"

#include <pthread.h>
#include <stdint.h>

enum { GRAIN = 16, SMALL = 1024 };

static void a_block_has_room_for_what_was_asked_for(void)
{
    for (size_t bytes = 0; bytes < 5000; bytes += 7) {
        char *block = spares_get(bytes);
        CHECK(block && spares_size(block) >= bytes && spares_size(block) == spares_round(bytes));
        CHECK((uintptr_t)block % 8 == 0);
        memset(block, 'x', spares_size(block));
        spares_put(block);
    }
}

static void a_block_that_came_back_is_given_to_the_next_that_wants_its_size(void)
{
    void *a = spares_get(100), *b = spares_get(100);
    size_t before = spares_held();
    spares_put(a);
    spares_put(b);
    CHECK(spares_held() == before + 2 * spares_round(100));
    CHECK(spares_get(97) == b && spares_get(112) == a && spares_held() == before);
    void *other = spares_get(113);
    CHECK(other != a && other != b);
    spares_put(other);
    spares_put(a);
    spares_put(b);
}

static void a_large_block_is_not_kept(void)
{
    size_t before = spares_held();
    spares_put(spares_get(SMALL + 1));
    CHECK(spares_held() == before);
    spares_put(spares_get(SMALL));
    CHECK(spares_held() >= before);
}

static void resizing_keeps_the_bytes(void)
{
    static const size_t sizes[] = {10, 16, 17, 1000, 1024, 1025, 9000, 5000, 1024, 40, 1};
    size_t held = 1;
    unsigned char *block = spares_get(1);
    *block = 0;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        block = spares_resize(block, sizes[i]);
        CHECK(block && spares_size(block) == spares_round(sizes[i]));
        for (size_t k = 0; k < held && k < sizes[i]; k++) CHECK(block[k] == k % 251);
        for (size_t k = 0; k < sizes[i]; k++) block[k] = (unsigned char)(k % 251);
        held = sizes[i];
    }
    spares_put(block);
}

/* In a thread of its own, which keeps nothing yet. */
static void *fill(void *unused)
{
    enum { BLOCKS = LIMIT_SQL_SPARE_BYTES / SMALL };
    static void *blocks[BLOCKS + 1];
    CHECK(spares_held() == 0);
    for (int i = 0; i <= BLOCKS; i++) blocks[i] = spares_get(SMALL);
    for (int i = 0; i < BLOCKS; i++) spares_put(blocks[i]);
    CHECK(spares_held() == (size_t)limit(SQL_SPARE_BYTES));
    spares_put(blocks[BLOCKS]);
    CHECK(spares_held() == (size_t)limit(SQL_SPARE_BYTES));
    void *small = spares_get(GRAIN); /* as small as they come */
    spares_put(small);
    CHECK(spares_held() == (size_t)limit(SQL_SPARE_BYTES));
    return unused;
}

/* That it gives all back when it ends is the leak checker's to see. */
static void a_thread_keeps_so_much_and_no_more(void)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, fill, NULL) == 0);
    pthread_join(thread, NULL);
}

static void *put_back(void *block)
{
    spares_put(block);
    CHECK(spares_held() == spares_round(200));
    return NULL;
}

static void a_block_may_come_back_in_another_thread(void)
{
    pthread_t thread;
    size_t before = spares_held();
    CHECK(pthread_create(&thread, NULL, put_back, spares_get(200)) == 0);
    pthread_join(thread, NULL);
    CHECK(spares_held() <= before);
}

static void a_block_that_cannot_grow_stays_as_it_is(void)
{
    char *block = spares_get(100);
    memset(block, 'x', 100);
    CHECK(spares_resize(block, SIZE_MAX / 4) == NULL);
    CHECK(spares_size(block) == spares_round(100));
    for (int i = 0; i < 100; i++) CHECK(block[i] == 'x');
    char *large = spares_resize(block, 4 * SMALL);
    CHECK(large && spares_resize(large, SIZE_MAX / 4) == NULL);
    for (int i = 0; i < 100; i++) CHECK(large[i] == 'x');
    spares_put(large);
}

int main(void)
{
    a_block_has_room_for_what_was_asked_for();
    a_block_that_came_back_is_given_to_the_next_that_wants_its_size();
    a_large_block_is_not_kept();
    resizing_keeps_the_bytes();
    a_thread_keeps_so_much_and_no_more();
    a_block_may_come_back_in_another_thread();
    a_block_that_cannot_grow_stays_as_it_is();
    return TEST_RESULT();
}
