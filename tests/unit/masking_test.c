#include "tests/unit/engine_fixture.h"
#include "tests/unit/faulty_disk.h"

static const char form[] = "edition 2027\n"
                           "form visit \"Visit\" {\n"
                           "  name: text \"Name\"\n"
                           "  illness: text \"Illness\" sensitive\n"
                           "}\n";
#define ANSWERS "{\"name\":\"Ann\",\"illness\":\"flu\"}"

static struct masking masking_of(struct bench *bench)
{
    return (struct masking){.engine = bench->engine, .tenant = STR("acme"), .form = STR("visit")};
}

static void check_told(struct masking *masking, const char *wanted)
{
    struct buf out;
    buf_init(&out, mem_heap(), 1000);
    masking_put(masking, 1, STR(ANSWERS), &out);
    CHECK(str_eq(buf_str(&out), str_of(wanted)));
    buf_release(&out);
}

static void what_is_sensitive_is_null(struct bench *bench)
{
    struct masking masking = masking_of(bench);
    check_told(&masking, "{\"name\":\"Ann\",\"illness\":null}");
    CHECK(masking_hides(&masking, 1));
    CHECK_STATUS(masking.failure, ST_OK);
    masking_release(&masking);
}

static void a_disk_that_fails_shows_nothing_and_says_so(struct bench *bench)
{
    bench_reopen(bench); /* nothing is known by heart */
    struct masking masking = masking_of(bench);
    faulty_disk_fail("", FAULT_ANY, 0, SQLITE_IOERR);
    check_told(&masking, "null");
    CHECK_STATUS(masking.failure, ST_IO);
    CHECK(masking_hides(&masking, 1));
    CHECK(faulty_disk_heal() > 0);
    masking_release(&masking);
    what_is_sensitive_is_null(bench);
}

static void a_version_that_is_none_is_no_failure(struct bench *bench)
{
    struct masking masking = masking_of(bench);
    CHECK(masking_hides(&masking, 7));
    CHECK_STATUS(masking.failure, ST_OK);
    masking_release(&masking);
}

int main(void)
{
    struct bench bench;
    faulty_disk_install();
    bench_begin(&bench, NULL);
    CHECK(bench_publish(&bench, "visit", form) == 1);
    what_is_sensitive_is_null(&bench);
    a_disk_that_fails_shows_nothing_and_says_so(&bench);
    a_version_that_is_none_is_no_failure(&bench);
    bench_end(&bench);
    return TEST_RESULT();
}
