#include "base/ident.h"
#include "tests/test.h"

#include <pthread.h>

struct counting_random {
    struct ident_random random;
    unsigned char next;
};

static void fill_counting(struct ident_random *self, void *ret_bytes, size_t len)
{
    struct counting_random *counting = (struct counting_random *)(void *)self;
    unsigned char *bytes = ret_bytes;
    for (size_t i = 0; i < len; i++) bytes[i] = counting->next++;
}

#define COUNTING ((struct counting_random){{fill_counting}, 0})

static void with_a_given_clock_and_chance_the_ident_is_given(void)
{
    struct clock_fixed clk;
    struct counting_random chance = COUNTING;
    struct ident_source ids;
    char text[IDENT_BYTES];
    clock_fixed_init(&clk, 1768471200123456);
    ident_source_init(&ids, &clk.clock, &chance.random);
    ident_new(&ids, "sub", text);
    CHECK(strcmp(text, "sub_019bc119-017b-7001-8203-040506070809") == 0);
    ident_new(&ids, "sub", text);
    CHECK(strcmp(text, "sub_019bc119-017b-7002-8a0b-0c0d0e0f1011") == 0);
    clk.now_us += 1000;
    ident_new(&ids, "f", text);
    CHECK(strcmp(text, "f_019bc119-017c-7213-9415-161718191a1b") == 0);
}

/* RFC 9562: version 7, variant 10. */
static bool is_uuid7(const char *text)
{
    static const char shape[] = "xxxxxxxx-xxxx-7xxx-vxxx-xxxxxxxxxxxx";
    for (size_t i = 0; i < sizeof shape; i++) {
        const char *fits = shape[i] == 'x' ? "0123456789abcdef" : shape[i] == 'v' ? "89ab" : NULL;
        if (fits ? text[i] == '\0' || !strchr(fits, text[i]) : text[i] != shape[i]) return false;
    }
    return true;
}

static void order_holds_within_a_millisecond_and_when_the_clock_goes_back(void)
{
    struct clock_fixed clk;
    struct ident_source ids;
    char before[IDENT_BYTES] = "", now[IDENT_BYTES];
    clock_fixed_init(&clk, 1768471200000000);
    ident_source_init(&ids, &clk.clock, NULL);
    for (int i = 0; i < 20000; i++) { /* the counter overflows more than twice */
        if (i == 5000) clk.now_us -= 3600000000;
        if (i == 10000) clk.now_us += 7200000000;
        ident_new(&ids, "sub", now);
        if (strcmp(before, now) >= 0 || !is_uuid7(now + 4)) CHECK(i < 0); /* prints */
        memcpy(before, now, sizeof now);
    }
    now[17] = '\0';
    CHECK(strcmp(now, "sub_019bc14f-ef80") >= 0 &&
          strcmp(now, "sub_019bc14f-ef85") < 0); /* the later hour */
}

enum { THREADS = 4, EACH = 2000 };
static struct ident_source shared;
static char made[THREADS][EACH][IDENT_BYTES];

static void *make_many(void *part)
{
    char(*mine)[IDENT_BYTES] = part;
    for (int i = 0; i < EACH; i++) ident_new(&shared, "sub", mine[i]);
    return NULL;
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void threads_share_a_source(void)
{
    pthread_t threads[THREADS];
    ident_source_init(&shared, clock_system(), NULL);
    for (int i = 0; i < THREADS; i++) CHECK(pthread_create(&threads[i], NULL, make_many, made[i]) == 0);
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    for (int t = 0; t < THREADS; t++)
        for (int i = 1; i < EACH; i++) CHECK(strcmp(made[t][i - 1], made[t][i]) < 0);
    qsort(made, (size_t)THREADS * EACH, IDENT_BYTES, by_bytes);
    const char *before = (const char *)made, *end = before + sizeof made;
    for (const char *now = before + IDENT_BYTES; now < end; before = now, now += IDENT_BYTES)
        CHECK(strcmp(before, now) < 0); /* none twice */
}

int main(void)
{
    with_a_given_clock_and_chance_the_ident_is_given();
    order_holds_within_a_millisecond_and_when_the_clock_goes_back();
    threads_share_a_source();
    return TEST_RESULT();
}
