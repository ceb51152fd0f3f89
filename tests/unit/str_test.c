#include "base/str.h"
#include "tests/test.h"

static int sign(int value)
{
    return (value > 0) - (value < 0);
}

static void equality_is_of_bytes_and_length(void)
{
    CHECK(str_eq(STR(""), (struct str){NULL, 0}));
    CHECK(str_eq(STR("a\0b"), STR("a\0b")) && !str_eq(STR("a\0b"), STR("a\0c")));
    CHECK(!str_eq(STR("a"), STR("ab")) && str_eq(str_of("ab"), STR("ab")));
}

static void order_is_that_of_bytes_the_shorter_first(void)
{
    static const char *const sorted[] = {"",  "A", "a",        "aa",           "ab",
                                         "b", "z", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80"};
    enum { COUNT = sizeof sorted / sizeof *sorted };
    for (int i = 0; i < COUNT; i++)
        for (int j = 0; j < COUNT; j++)
            CHECK(sign(str_cmp(str_of(sorted[i]), str_of(sorted[j]))) == sign(i - j));
    CHECK(str_cmp((struct str){NULL, 0}, STR("")) == 0 && str_cmp(STR("a"), STR("a\0")) < 0);
}

static void a_prefix_is_the_beginning_or_nothing(void)
{
    CHECK(str_starts(STR("abc"), STR("")) && str_starts(STR("abc"), STR("ab")) &&
          str_starts(STR("abc"), STR("abc")));
    CHECK(!str_starts(STR("abc"), STR("abcd")) && !str_starts(STR("abc"), STR("b")) &&
          !str_starts(STR(""), STR("a")));
    CHECK(str_starts((struct str){NULL, 0}, (struct str){NULL, 0}));
}

static void memory_comes_cleared_and_may_be_refused(void)
{
    struct test_mem tm = TEST_MEM(.fail_at = 2);
    char *block = mem_zalloc(&tm.mem, 1000);
    CHECK(block && block[0] == 0 && block[999] == 0 && tm.held == 1000);
    CHECK(!mem_zalloc(&tm.mem, 10) && tm.held == 1000);
    mem_free(&tm.mem, block, 1000);
    mem_free(&tm.mem, NULL, 0);
    CHECK(tm.held == 0);
}

int main(void)
{
    equality_is_of_bytes_and_length();
    order_is_that_of_bytes_the_shorter_first();
    a_prefix_is_the_beginning_or_nothing();
    memory_comes_cleared_and_may_be_refused();
    return TEST_RESULT();
}
