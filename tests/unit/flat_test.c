#define _GNU_SOURCE
#include "server/flat.h"

#include "tests/test.h"
#include "tests/unit/engine_fixture.h"

static void check(const char *text, const char *cell)
{
    struct buf out;
    buf_init(&out, mem_heap(), 1000);
    flat_put_cell(str_of(text), &out);
    bool same = str_eq(buf_str(&out), str_of(cell));
    if (!same) fprintf(stderr, "%s: %.*s, not %s\n", text, STR_ARG(buf_str(&out)), cell);
    CHECK(same);
    buf_release(&out);
}

static void a_cell_is_quoted_where_the_format_wants_it(void)
{
    check("", "");
    check("plain text", "plain text");
    check("a,b", "\"a,b\"");
    check("say \"hi\"", "\"say \"\"hi\"\"\"");
    check("two\nlines", "\"two\nlines\"");
    check("a\rb", "\"a\rb\"");
    check("it's", "it's");
    check("Bod\303\270", "Bod\303\270");
}

static void no_cell_is_a_formula(void)
{
    check("=1+1", "'=1+1");
    check("=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"");
    check("+47 123", "'+47 123");
    check("@SUM(A1)", "'@SUM(A1)");
    check("-cmd", "'-cmd");
    check("-1+1", "'-1+1");
    check("--1", "'--1");
    check("-", "'-");
    check("\t=1", "\"'\t=1\"");
    check("\r=1", "\"'\r=1\"");
    check("\n=1", "\"'\n=1\"");
    check("a=1", "a=1");
}

static void a_number_stays_one(void)
{
    check("-1.50", "-1.50");
    check("-7", "-7");
    check("12", "12");
    check("-.", "'-.");
    check("-1e5", "'-1e5");
}

static const char wide[] = "edition 2027 form visits \"V\" { name: text \"Name\"\n"
                           " repeat days \"Days\" 0..2000 { cause: text \"Cause\" sensitive } }";

/* Answers with so many rows. */
static struct str answers_of(uint32_t rows, struct buf *out)
{
    buf_reset(out);
    buf_puts(out, "{\"name\":\"Ada\",\"days\":[");
    for (uint32_t i = 0; i < rows; i++) buf_printf(out, "%s{\"cause\":\"c%u\"}", i ? "," : "", i);
    buf_puts(out, "]}");
    CHECK(!buf_failed(out));
    return buf_str(out);
}

static void many_submissions_take_the_memory_of_the_largest(void)
{
    struct bench bench;
    struct buf answers, out;
    struct test_mem tm = TEST_MEM(.fail_at = 0);
    struct flat *flat;
    size_t held = 0;
    bench_begin(&bench, NULL);
    bench_publish(&bench, "visits", wide);
    struct flat_wish wish = {.engine = bench.engine,
                             .mem = &tm.mem,
                             .tenant = STR("acme"),
                             .form = STR("visits"),
                             .table = STR("days"),
                             .newest = 1};
    struct masking masking = {.engine = bench.engine, .tenant = STR("acme"), .form = STR("visits")};
    CHECK_STATUS(flat_new(&wish, &flat), ST_OK);
    buf_init(&answers, mem_heap(), 1 << 20);
    buf_init(&out, mem_heap(), 1 << 20);
    for (int i = 0; i < 200; i++) {
        struct submission_record submission = {
            .id = STR("sub_1"), .version = 1, .answers = answers_of(i ? 500 : 2000, &answers)};
        buf_reset(&out);
        CHECK_STATUS(flat_put_rows(flat, &submission, i % 2 ? &masking : NULL, &out), ST_OK);
        bool shown = memmem(out.ptr, out.len, ",c499\r\n", 7) != NULL;
        bool masked = memmem(out.ptr, out.len, ",500,***\r\n", 10) != NULL;
        CHECK(shown != masked && masked == (i % 2 == 1));
        if (i == 1) held = tm.held;
        CHECK(i < 1 || tm.held <= held);
    }
    flat_free(flat);
    CHECK(tm.held == 0);
    masking_release(&masking);
    buf_release(&answers);
    buf_release(&out);
    bench_end(&bench);
}

int main(void)
{
    many_submissions_take_the_memory_of_the_largest();
    a_cell_is_quoted_where_the_format_wants_it();
    no_cell_is_a_formula();
    a_number_stays_one();
    return TEST_RESULT();
}
