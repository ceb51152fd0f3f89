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

/* Of a form that is sensitive nowhere all is told as it is, also what is no answer to it. */
static void where_nothing_is_sensitive_nothing_is_looked_at(struct bench *bench)
{
    struct masking masking = masking_of(bench);
    struct buf out;
    buf_init(&out, mem_heap(), 1000);
    masking.form = STR("plain");
    masking_put(&masking, 1, STR("{\"a\":[}"), &out);
    CHECK(str_eq(buf_str(&out), STR("{\"a\":[}")));
    CHECK(!masking_hides(&masking, 1));
    buf_release(&out);
    masking_release(&masking);
}

/* Stored answers are never like this; what cannot be told apart is not shown. */
static void answers_of_another_form_are_not_shown(struct bench *bench)
{
    static const struct {
        const char *answers, *told;
    } of[] = {{"{\"at\":\"home\",\"rows\":[1]}", "{\"at\":null,\"rows\":[null]}"},
              {"{\"at\":{\"name\":\"x\",\"no\":1}}", "{\"at\":{\"name\":\"x\"}}"},
              {"[]", "null"},
              {"{\"at\":", "null"}};
    for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
        struct masking masking = masking_of(bench);
        struct buf out;
        buf_init(&out, mem_heap(), 1000);
        masking.form = STR("nested");
        masking_put(&masking, 1, str_of(of[i].answers), &out);
        CHECK(str_eq(buf_str(&out), str_of(of[i].told)));
        buf_release(&out);
        masking_release(&masking);
    }
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
    CHECK(bench_publish(&bench, "plain", "edition 2027 form plain \"P\" { a: text }") == 1);
    CHECK(bench_publish(&bench, "nested",
                        "edition 2027 form nested \"N\" { group at { name: text pin: text sensitive }"
                        " repeat rows 0..3 { b: text } }") == 1);
    where_nothing_is_sensitive_nothing_is_looked_at(&bench);
    answers_of_another_form_are_not_shown(&bench);
    bench_end(&bench);
    return TEST_RESULT();
}
