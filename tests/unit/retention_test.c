/* What a form keeps only so long goes when its time is over, and nothing else does. */
#define _GNU_SOURCE
#include "engine/inside.h"
#include "tests/unit/engine_fixture.h"

#include <inttypes.h>
#include <sqlite3.h>

#define DAY_MS INT64_C(86400000)

static const char form[] = "edition 2027 form f \"F\" { name: text \"Name\" }";

static struct bench bench;
static const atomic_bool go_on, at_once = true;

static void add(const char *name, uint32_t count, int64_t received_ms)
{
    for (uint32_t i = 0; i < count; i++) {
        char key[60];
        snprintf(key, sizeof key, "key-%u-%" PRId64, i, received_ms);
        struct write write = {.kind = WRITE_SUBMISSION_ADD,
                              .tenant = STR("acme"),
                              .submission_add = {.form = str_of(name),
                                                 .version = 1,
                                                 .key = str_of(key),
                                                 .answers = STR("{\"name\":\"Ada\"}"),
                                                 .received_ms = received_ms,
                                                 .edition = STR("2027")}};
        CHECK_STATUS(call_write(&bench.call, &write), ST_OK);
    }
}

static void keep_for(const char *name, int64_t days)
{
    struct term_change change = {.term = TERM_RETENTION_DAYS, .value = days};
    CHECK_STATUS(engine_term_set(&bench.call, STR("acme"), str_of(name), &change, 1, NULL), ST_OK);
}

static uint64_t stored(const char *name)
{
    struct form_record record;
    CHECK_STATUS(engine_form_find(&bench.call, STR("acme"), str_of(name), &record), ST_OK);
    return record.submissions;
}

static uint32_t batches(void)
{
    struct audit_page page;
    struct audit_filter filter = {.action = STR("submissions.expire")};
    CHECK_STATUS(engine_audit_list(&bench.call, STR("acme"), &filter, 0, 100, &page), ST_OK);
    return page.count;
}

static void begin(void)
{
    bench_begin(&bench, NULL);
    bench_publish(&bench, "short", form);
    bench_publish(&bench, "long", form);
}

/* Time goes by, on both clocks. */
static void pass_us(int64_t us)
{
    bench.clock.now_us += us;
    bench.clock.now_steady_ns += us * 1000;
}

static void what_is_older_than_its_form_keeps_it_goes(void)
{
    begin();
    for (int i = 0; i < 2; i++) {
        const char *name = i ? "long" : "short";
        add(name, 1, BENCH_NOW_MS - 10 * DAY_MS - 1);
        add(name, 1, BENCH_NOW_MS - 10 * DAY_MS);
        add(name, 1, BENCH_NOW_MS);
    }
    engine_sweep(bench.engine, &go_on);
    CHECK(stored("short") == 3 && stored("long") == 3 && batches() == 0); /* for good unless said */
    keep_for("short", 10);
    engine_sweep(bench.engine, &at_once);
    CHECK(stored("short") == 3);
    engine_sweep(bench.engine, &go_on);
    CHECK(stored("short") == 2 && stored("long") == 3 && batches() == 1);
    engine_sweep(bench.engine, &go_on);
    CHECK(stored("short") == 2 && batches() == 1);
    pass_us(DAY_MS * 1000);
    engine_sweep(bench.engine, &go_on);
    CHECK(stored("short") == 1 && batches() == 2);
    keep_for("short", 0);
    pass_us(1000 * DAY_MS * 1000);
    engine_sweep(bench.engine, &go_on);
    CHECK(stored("short") == 1 && stored("long") == 3);
    bench_end(&bench);
}

/* Whoever sets the clock right before the next look has lost nothing. */
static void a_clock_that_was_set_ahead_erases_nothing_at_first(void)
{
    int64_t most_us = limit(SWEEP_JUMP_SECONDS) * INT64_C(1000000);
    begin();
    add("short", 1, BENCH_NOW_MS - 10 * DAY_MS - 1);
    add("short", 1, BENCH_NOW_MS);
    keep_for("short", 11);
    bench.clock.now_us += 400 * DAY_MS * 1000;
    engine_sweep(bench.engine, &go_on);
    CHECK(stored("short") == 2);
    bench.clock.now_us -= 400 * DAY_MS * 1000; /* set right */
    engine_sweep(bench.engine, &go_on);
    CHECK(stored("short") == 2 && batches() == 0);
    keep_for("short", 10);
    bench.clock.now_us += most_us + 1;
    engine_sweep(bench.engine, &go_on);
    CHECK(stored("short") == 2);
    bench.clock.now_us +=
        most_us; /* so much may be; and what the look before would not believe is so still */
    engine_sweep(bench.engine, &go_on);
    CHECK(stored("short") == 1 && batches() == 1);
    bench_end(&bench);
}

static void many_go_in_batches_with_an_audit_row_each(void)
{
    struct audit_page page;
    struct audit_finding finding;
    uint32_t most = (uint32_t)limit(EXPIRE_ROWS);
    begin();
    add("short", most, BENCH_NOW_MS - 3 * DAY_MS);
    keep_for("short", 2);
    engine_sweep(bench.engine, &go_on);
    CHECK(stored("short") == 0 && batches() == 1);
    add("short", most + 1, BENCH_NOW_MS - 4 * DAY_MS);
    engine_sweep(bench.engine, &go_on);
    CHECK(stored("short") == 0 && batches() == 3);
    struct audit_filter filter = {.action = STR("submissions.expire"), .who = STR("retention")};
    CHECK_STATUS(engine_audit_list(&bench.call, STR("acme"), &filter, 0, 100, &page), ST_OK);
    CHECK(page.count == 3 && str_eq(page.items[2].object, STR("short")));
    CHECK(str_eq(page.items[2].detail, STR("1 older than 2 days")));
    CHECK_STATUS(engine_audit_examine(&bench.call, STR("acme"), &finding), ST_OK);
    CHECK(finding.fault == AUDIT_WHOLE);
    bench_end(&bench);
}

static void a_tenant_that_is_suspended_is_left_for_later(void)
{
    begin();
    add("short", 1, BENCH_NOW_MS - 3 * DAY_MS);
    keep_for("short", 2);
    CHECK_STATUS(engine_tenant_set_state(&bench.call, STR("acme"), TENANT_SUSPENDED), ST_OK);
    engine_sweep(bench.engine, &go_on);
    CHECK(stored("short") == 1);
    CHECK_STATUS(engine_tenant_set_state(&bench.call, STR("acme"), TENANT_ACTIVE), ST_OK);
    engine_sweep(bench.engine, &go_on);
    CHECK(stored("short") == 0);
    bench_end(&bench);
}

static void save(uint32_t number, int64_t saved_ms)
{
    char key[20];
    snprintf(key, sizeof key, "key-%u", number);
    struct write write = {.kind = WRITE_SAVED_PUT,
                          .tenant = STR("acme"),
                          .saved_put = {.form = STR("short"),
                                        .version = 1,
                                        .key_hash = digest_of(str_of(key)),
                                        .answers = STR("{\"name\":\"half a secret\"}"),
                                        .locale = STR("en"),
                                        .saved_ms = saved_ms}};
    CHECK_STATUS(call_write(&bench.call, &write), ST_OK);
}

static int saved_rows(void)
{
    char path[64];
    sqlite3 *raw;
    sqlite3_stmt *stmt = NULL;
    snprintf(path, sizeof path, "%s/tenants/acme/data.db", bench.directory);
    CHECK(sqlite3_open(path, &raw) == SQLITE_OK);
    sqlite3_db_config(raw, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    CHECK(sqlite3_prepare_v2(raw, "SELECT count(*) FROM saved", -1, &stmt, NULL) == SQLITE_OK);
    int count = sqlite3_step(stmt) == SQLITE_ROW ? sqlite3_column_int(stmt, 0) : -1;
    sqlite3_finalize(stmt);
    sqlite3_close(raw);
    return count;
}

/* Not one byte: neither in the file nor in its log. */
static bool anywhere(const char *text)
{
    static const char *const names[] = {"data.db", "data.db-wal"};
    bool found = false;
    for (size_t i = 0; i < 2; i++) {
        char path[64];
        static char bytes[1 << 22];
        snprintf(path, sizeof path, "%s/tenants/acme/%s", bench.directory, names[i]);
        FILE *file = fopen(path, "rb");
        if (!file) continue;
        size_t len = fread(bytes, 1, sizeof bytes, file);
        fclose(file);
        found |= memmem(bytes, len, text, strlen(text)) != NULL;
    }
    return found;
}

static void saved_answers_go_when_their_time_is_over(void)
{
    uint32_t most = (uint32_t)limit(EXPIRE_ROWS);
    begin();
    for (uint32_t i = 0; i <= most; i++) save(i, BENCH_NOW_MS);
    save(most + 1, BENCH_NOW_MS + DAY_MS);
    pass_us(30 * DAY_MS * 1000 - 1000); /* saved_seconds: 30 days */
    engine_sweep(bench.engine, &go_on);
    CHECK(saved_rows() == (int)most + 2);
    pass_us(1000);
    engine_sweep(bench.engine, &at_once);
    CHECK(saved_rows() == (int)most + 2);
    engine_sweep(bench.engine, &go_on);
    CHECK(saved_rows() == 1 && anywhere("half a secret"));
    pass_us(DAY_MS * 1000);
    engine_sweep(bench.engine, &go_on);
    CHECK(saved_rows() == 0 && !anywhere("half a secret"));
    bench_end(&bench);
}

static void invitations_end_on_the_same_rounds(void)
{
    begin();
    struct invitations_made made;
    struct invitation_record found;
    struct invitation_wish wish = {.form = STR("long"),
                                   .key = STR("key-of-invitations"),
                                   .body = STR("{}"),
                                   .expires_ms = BENCH_NOW_MS + DAY_MS,
                                   .count = 2};
    struct audit_page page;
    struct audit_filter filter = {.action = STR("invitations.expire")};
    CHECK_STATUS(engine_invitations_issue(&bench.call, STR("acme"), &wish, &made), ST_OK);
    struct str id = made.page.items[0].id;
    engine_sweep(bench.engine, &go_on);
    CHECK_STATUS(engine_audit_list(&bench.call, STR("acme"), &filter, 0, 9, &page), ST_OK);
    CHECK(page.count == 0);
    pass_us(DAY_MS * 1000);
    engine_sweep(bench.engine, &go_on);
    CHECK_STATUS(engine_audit_list(&bench.call, STR("acme"), &filter, 0, 9, &page), ST_OK);
    CHECK(page.count == 1 && str_eq(page.items[0].detail, STR("2 expired, 0 erased")));
    pass_us(limit(INVITATION_KEPT_DAYS) * DAY_MS * 1000);
    CHECK_STATUS(engine_invitation_find(&bench.call, STR("acme"), STR("long"), id, &found), ST_OK);
    engine_sweep(bench.engine, &go_on);
    CHECK_STATUS(engine_invitation_find(&bench.call, STR("acme"), STR("long"), id, &found), ST_ABSENT);
    bench_end(&bench);
}

int main(void)
{
    what_is_older_than_its_form_keeps_it_goes();
    a_clock_that_was_set_ahead_erases_nothing_at_first();
    many_go_in_batches_with_an_audit_row_each();
    a_tenant_that_is_suspended_is_left_for_later();
    saved_answers_go_when_their_time_is_over();
    invitations_end_on_the_same_rounds();
    return TEST_RESULT();
}
