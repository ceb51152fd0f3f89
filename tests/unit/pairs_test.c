#include "pages/pairs.h"

#include "base/buf.h"

#include "base/limits.h"
#include "tests/test.h"

static struct arena arena;
static struct pairs pairs;

static enum pairs_result take(const char *text)
{
    return pairs_read(str_of(text), &arena, &pairs);
}

static bool has(uint32_t index, const char *name, const char *value)
{
    return index < pairs.count && str_eq(pairs.items[index].name, str_of(name)) &&
           str_eq(pairs.items[index].value, str_of(value));
}

static void names_and_values_are_decoded(void)
{
    CHECK(take("name=Zo%C3%AB+Q&age=36") == PAIRS_OK && pairs.count == 2);
    CHECK(has(0, "name", "Zo\xc3\xab Q") && has(1, "age", "36"));
    CHECK(take("members%2F0%2Fname=a%26b%3Dc") == PAIRS_OK);
    CHECK(has(0, "members/0/name", "a&b=c"));
    CHECK(take("") == PAIRS_OK && pairs.count == 0);
    CHECK(take("&&a&=b&c=d=e&") == PAIRS_OK && pairs.count == 3);
    CHECK(has(0, "a", "") && has(1, "", "b") && has(2, "c", "d=e"));
}

static void line_ends_become_one(void)
{
    CHECK(take("a=1%0D%0A2%0D3%0A4") == PAIRS_OK);
    CHECK(has(0, "a", "1\n2\n3\n4"));
}

static void what_is_broken_is_refused(void)
{
    static const char *const broken[] = {"a=%",   "a=%4",   "a=%4G",       "a=%g4", "%=a",
                                         "a=%C3", "a=%00b", "a=%ED%A0%80", "a=\xff"};
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
        CHECK(take(broken[i]) == PAIRS_MALFORMED);
}

static void the_last_of_a_name_counts(void)
{
    CHECK(take("a=1&b=2&a=3&c") == PAIRS_OK);
    CHECK(str_eq(pairs_get(&pairs, STR("a")), STR("3")));
    CHECK(str_eq(pairs_get(&pairs, STR("c")), STR("")) && pairs_get(&pairs, STR("c")).ptr);
    CHECK(!pairs_get(&pairs, STR("d")).ptr);
}

static void there_are_so_many_and_no_more(void)
{
    struct buf text;
    buf_init(&text, mem_heap(), 1 << 20);
    for (int i = 0; i < limit(PAGE_PAIRS); i++) buf_puts(&text, i ? "&a=1" : "a=1");
    CHECK(pairs_read(buf_str(&text), &arena, &pairs) == PAIRS_OK &&
          pairs.count == (uint32_t)limit(PAGE_PAIRS));
    buf_puts(&text, "&a=1");
    CHECK(pairs_read(buf_str(&text), &arena, &pairs) == PAIRS_TOO_MANY);
    buf_release(&text);
}

static void a_full_arena_is_told(void)
{
    struct test_mem mem = TEST_MEM(.fail_at = 1);
    struct arena small;
    arena_init(&small, &mem.mem, 1 << 20);
    CHECK(pairs_read(STR("a=%41"), &small, &pairs) == PAIRS_NOMEM);
    arena_release(&small);
}

int main(void)
{
    arena_init(&arena, mem_heap(), 64 << 20);
    names_and_values_are_decoded();
    line_ends_become_one();
    what_is_broken_is_refused();
    the_last_of_a_name_counts();
    there_are_so_many_and_no_more();
    a_full_arena_is_told();
    arena_release(&arena);
    return TEST_RESULT();
}
