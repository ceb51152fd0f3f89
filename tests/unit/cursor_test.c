#include "server/cursor.h"

#include "base/limits.h"
#include "tests/test.h"

static const struct cursor_key key = {{1, 2, 3}}, other_key = {{1, 2, 4}};

static struct arena arena;

static struct str make(const struct cursor_key *with, struct str filter, struct str position)
{
    struct buf out;
    buf_init(&out, mem_heap(), limit(CURSOR_BYTES));
    cursor_write(with, filter, position, &out);
    CHECK(!buf_failed(&out));
    struct str text = arena_str(&arena, buf_str(&out));
    buf_release(&out);
    return text;
}

static bool reads(const struct cursor_key *with, struct str filter, struct str text,
                  struct str *ret_position)
{
    return cursor_read(with, filter, text, &arena, ret_position);
}

static void a_cursor_comes_back_as_it_was(void)
{
    static const char *const positions[] = {"a", "1768471200000.17", "zzz", "Zoë \x01"};
    for (size_t i = 0; i < sizeof positions / sizeof positions[0]; i++) {
        struct str text = make(&key, STR("forms?"), str_of(positions[i])), position;
        CHECK(reads(&key, STR("forms?"), text, &position));
        CHECK(str_eq(position, str_of(positions[i])));
        for (size_t j = 0; j < text.len; j++)
            CHECK(strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
                         text.ptr[j]) != NULL);
    }
}

static void another_filter_or_key_makes_it_void(void)
{
    struct str text = make(&key, STR("forms?a"), STR("x")), position = STR("untouched");
    CHECK(!reads(&key, STR("forms?b"), text, &position));
    CHECK(!reads(&key, STR("forms?"), text, &position));
    CHECK(!reads(&key, STR("forms?ax"), text, &position));
    CHECK(!reads(&other_key, STR("forms?a"), text, &position));
    CHECK(str_eq(position, STR("untouched")));
}

/* "ab" + "c" and "a" + "bc" hold the same bytes. */
static void filter_and_position_do_not_run_into_each_other(void)
{
    struct str text = make(&key, STR("ab"), STR("cd")), position;
    CHECK(!reads(&key, STR("a"), text, &position));
    CHECK(!reads(&key, STR("abc"), text, &position));
}

static void every_changed_letter_is_seen(void)
{
    struct str text = make(&key, STR("f"), STR("position")), position;
    char changed[200];
    for (size_t i = 0; i < text.len; i++) {
        memcpy(changed, text.ptr, text.len);
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        if (reads(&key, STR("f"), (struct str){changed, text.len}, &position))
            CHECK(str_eq(position, STR("position"))); /* unused bits of the last letter */
        CHECK(!reads(&key, STR("f"), (struct str){text.ptr, i}, &position));
    }
}

static void garbage_is_no_cursor(void)
{
    static const char *const texts[] = {
        "", "A", "!!!!", "AAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAAA", "é"};
    struct str position;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        CHECK(!reads(&key, STR("f"), str_of(texts[i]), &position));
    static char longest[LIMIT_CURSOR_BYTES + 1];
    memset(longest, 'A', sizeof longest);
    CHECK(!reads(&key, STR("f"), (struct str){longest, sizeof longest}, &position));
}

int main(void)
{
    arena_init(&arena, mem_heap(), 1 << 20);
    a_cursor_comes_back_as_it_was();
    another_filter_or_key_makes_it_void();
    filter_and_position_do_not_run_into_each_other();
    every_changed_letter_is_seen();
    garbage_is_no_cursor();
    arena_release(&arena);
    return TEST_RESULT();
}
