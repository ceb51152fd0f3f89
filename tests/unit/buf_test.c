#include "base/buf.h"
#include "tests/test.h"

static void it_holds_what_was_put(void)
{
    struct buf buf;
    buf_init(&buf, mem_heap(), 1000);
    buf_put(&buf, STR("ab"));
    buf_putc(&buf, 'c');
    buf_puts(&buf, "de");
    buf_put_int(&buf, -7);
    buf_printf(&buf, "<%s %03d>", "x", 5);
    buf_put(&buf, (struct str){NULL, 0});
    CHECK(str_eq(buf_str(&buf), STR("abcde-7<x 005>")));
    CHECK(!buf_failed(&buf));
    buf_release(&buf);
}

static void integers_are_written_in_full(void)
{
    static const struct {
        int64_t value;
        const char *text;
    } rows[] = {{0, "0"},
                {9, "9"},
                {10, "10"},
                {-1, "-1"},
                {INT64_MAX, "9223372036854775807"},
                {INT64_MIN, "-9223372036854775808"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf buf;
        buf_init(&buf, mem_heap(), 100);
        buf_put_int(&buf, rows[i].value);
        CHECK(str_eq(buf_str(&buf), str_of(rows[i].text)));
        buf_release(&buf);
    }
}

static void the_maximum_holds_and_one_byte_more_does_not(void)
{
    for (size_t bytes_max = 1; bytes_max < 600; bytes_max++) {
        struct buf buf;
        buf_init(&buf, mem_heap(), bytes_max);
        for (size_t i = 0; i < bytes_max; i++) buf_putc(&buf, 'x');
        CHECK(!buf_failed(&buf) && buf.len == bytes_max && buf.size <= bytes_max + 1);
        buf_putc(&buf, 'y');
        CHECK(buf.failure == ST_LIMIT && buf.len == bytes_max);
        buf_release(&buf);
    }
}

static void a_print_that_fits_exactly_fits(void)
{
    struct buf buf;
    buf_init(&buf, mem_heap(), 700);
    buf_printf(&buf, "%0700d", 1);
    CHECK(!buf_failed(&buf) && buf.len == 700 && buf.ptr[699] == '1');
    buf_reset(&buf);
    buf_printf(&buf, "%0701d", 1);
    CHECK(buf.failure == ST_LIMIT && buf.len == 0);
    buf_release(&buf);
}

static void after_a_failure_every_put_does_nothing_until_reset(void)
{
    struct buf buf;
    buf_init(&buf, mem_heap(), 4);
    buf_put(&buf, STR("abc"));
    buf_put(&buf, STR("de"));
    buf_putc(&buf, 'f');
    buf_put_int(&buf, 1);
    buf_printf(&buf, "g");
    CHECK(buf_failed(&buf) && !buf_reserve(&buf, 1));
    CHECK(str_eq(buf_str(&buf), STR("abc")));
    buf_reset(&buf);
    buf_put(&buf, STR("hijk"));
    CHECK(!buf_failed(&buf) && str_eq(buf_str(&buf), STR("hijk")));
    buf_release(&buf);
}

static void reserved_room_may_be_written_with_a_nul_behind_it(void)
{
    struct buf buf;
    buf_init(&buf, mem_heap(), 300);
    char *room = buf_reserve(&buf, 300);
    CHECK(room);
    memset(room, 'a', 300);
    room[300] = '\0';
    buf.len += 300;
    CHECK(buf_reserve(&buf, 0) && !buf_reserve(&buf, 1));
    CHECK(buf.failure == ST_LIMIT);
    buf_release(&buf);
}

static void what_is_expected_has_room_at_once(void)
{
    struct buf buf;
    buf_init(&buf, mem_heap(), 1000);
    buf_putc(&buf, 'x');
    buf_expect(&buf, 600);
    CHECK(buf.size == 602 && buf.len == 1 && buf.ptr[0] == 'x');
    const char *block = buf.ptr;
    for (int i = 0; i < 600; i++) buf_putc(&buf, 'y');
    buf_expect(&buf, 0);
    CHECK(buf.ptr == block && buf.len == 601 && buf.size == 602);
    buf_expect(&buf, 399); /* the last byte that may be */
    CHECK(buf.size == 1001);
    buf_release(&buf);
}

/* Only what is written fails. */
static void what_cannot_be_is_not_expected(void)
{
    struct buf buf;
    buf_init(&buf, mem_heap(), 1000);
    buf_expect(&buf, 1001);
    CHECK(buf.size == 0 && !buf_failed(&buf));
    buf_put(&buf, STR("abc"));
    CHECK(str_eq(buf_str(&buf), STR("abc")));
    buf_expect(&buf, SIZE_MAX);
    CHECK(!buf_failed(&buf) && buf.size < 1000);
    buf_release(&buf);
    struct test_mem tm = TEST_MEM(.fail_at = 1);
    buf_init(&buf, &tm.mem, 1000);
    buf_expect(&buf, 500);
    CHECK(tm.failed && buf.size == 0 && !buf_failed(&buf));
    buf.failure = ST_LIMIT;
    buf_expect(&buf, 500);
    CHECK(buf.size == 0 && buf.failure == ST_LIMIT);
    buf_release(&buf);
}

static void what_is_not_needed_any_more_is_given_back(void)
{
    struct buf buf;
    struct test_mem tm = TEST_MEM(0);
    buf_init(&buf, &tm.mem, 1000);
    buf_trim(&buf, 0); /* there is none */
    buf_expect(&buf, 500);
    buf_put(&buf, STR("abc"));
    buf_trim(&buf, 0);
    CHECK(tm.held == 4 && str_eq(buf_str(&buf), STR("abc")));
    size_t requests = tm.requests;
    buf_expect(&buf, 60);
    buf_trim(&buf, 0); /* so little is not worth it */
    CHECK(tm.requests == requests + 1 && tm.held == 64);
    buf_expect(&buf, 200);
    buf_trim(&buf, 100);
    CHECK(tm.held == 104);
    buf_put(&buf, STR("def"));
    CHECK(str_eq(buf_str(&buf), STR("abcdef")));
    buf_release(&buf);
    CHECK(tm.held == 0);
}

static void out_of_memory_at_any_request_keeps_what_was_there(void)
{
    bool failed = true;
    for (size_t fail_at = 1; failed; fail_at++) {
        struct test_mem tm = TEST_MEM(.fail_at = fail_at);
        struct buf buf;
        buf_init(&buf, &tm.mem, 1 << 20);
        for (int i = 0; i < 5000; i++) buf_putc(&buf, 'x');
        failed = tm.failed;
        CHECK(buf.failure == (failed ? ST_NOMEM : ST_OK));
        for (size_t i = 0; i < buf.len; i++) CHECK(buf.ptr[i] == 'x');
        CHECK(failed || buf.len == 5000);
        buf_release(&buf);
        CHECK(tm.held == 0);
    }
}

int main(void)
{
    it_holds_what_was_put();
    integers_are_written_in_full();
    the_maximum_holds_and_one_byte_more_does_not();
    a_print_that_fits_exactly_fits();
    after_a_failure_every_put_does_nothing_until_reset();
    reserved_room_may_be_written_with_a_nul_behind_it();
    what_is_expected_has_room_at_once();
    what_cannot_be_is_not_expected();
    what_is_not_needed_any_more_is_given_back();
    out_of_memory_at_any_request_keeps_what_was_there();
    return TEST_RESULT();
}
