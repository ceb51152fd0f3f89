/* A file whose disk fails: what was answered stays true, what cannot be trusted is not written to. */
#include "faulty_disk.h"
#include "store_fixture.h"
#include "tenants/reader.h"

#include <sched.h>
#include <stdatomic.h>

static enum status add(struct fixture *fix, const char *key)
{
    struct write write = fixture_submission(fix, str_of(key), STR("{\"a\":1}"));
    return write_wait(fix->tenants, &write);
}

static bool is_there(struct fixture *fix, const char *key)
{
    struct submission_record found;
    return submission_find_by_key(fix->tenants, STR("acme"), STR("visa"), str_of(key), &fix->arena,
                                  &found) == ST_OK;
}

static void check_sound(struct fixture *fix)
{
    uint64_t rows = 0, broken_at = 0;
    CHECK_STATUS(fixture_verify(fix->tenants, STR("acme"), &rows, &broken_at), ST_OK);
    CHECK_NUMBER(broken_at, 0);
    tenants_close(fix->tenants);
    fix->tenants = NULL;
    CHECK_NUMBER(
        fixture_number(fix, "tenants/acme/data.db",
                       "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'"),
        1);
    fixture_open(fix);
}

static void a_failed_sync_is_never_followed_by_a_success(void)
{
    struct fixture fix;
    struct tenants_counters counters;
    struct form_record form;
    fixture_begin(&fix);
    fixture_acme(&fix);
    fixture_acme_of(&fix, STR("beta"));
    CHECK_STATUS(add(&fix, "before"), ST_OK);
    faulty_disk_fail_once("acme/data.db-wal", FAULT_SYNC, 0, SQLITE_IOERR_FSYNC);
    CHECK_STATUS(add(&fix, "during"), ST_IO);
    CHECK_NUMBER(faulty_disk_heal(), 1);
    /* The disk is fine again; the file is not trusted all the same. */
    CHECK(tenant_degraded(fix.tenants, STR("acme")));
    CHECK_STATUS(add(&fix, "after"), ST_DEGRADED);
    CHECK_STATUS(fixture_form(&fix, STR("acme"), STR("tax")), ST_DEGRADED);
    tenants_counters(fix.tenants, &counters);
    CHECK_NUMBER(counters.degraded, 1);
    CHECK_NUMBER(counters.transactions_failed, 1);
    /* It is still read, and others are not concerned. */
    CHECK(is_there(&fix, "before"));
    CHECK_STATUS(form_find(fix.tenants, STR("acme"), STR("visa"), &fix.arena, &form), ST_OK);
    CHECK(!tenant_degraded(fix.tenants, STR("beta")));
    CHECK_STATUS(fixture_form(&fix, STR("beta"), STR("tax")), ST_OK);
    CHECK(access(fixture_path(&fix, "tenants/acme/degraded"), F_OK) == 0);

    CHECK_STATUS(tenant_recover(fix.tenants, STR("acme")), ST_OK);
    CHECK(!tenant_degraded(fix.tenants, STR("acme")));
    CHECK(access(fixture_path(&fix, "tenants/acme/degraded"), F_OK) != 0);
    CHECK(is_there(&fix, "before"));
    CHECK_STATUS(add(&fix, "after"), ST_OK);
    check_sound(&fix);
    CHECK(is_there(&fix, "before") && is_there(&fix, "after"));
    fixture_end(&fix);
}

/* One thread at a time has the file, and hands it over under a lock. */
static void count_done(struct write *write)
{
    (*(int *)write->user)++;
}

static void writes_waiting_behind_a_failed_one_are_refused(void)
{
    struct fixture fix;
    fixture_begin(&fix);
    fixture_acme(&fix);
    struct write first = fixture_submission(&fix, STR("one"), STR("{}")),
                 second = fixture_submission(&fix, STR("two"), STR("{}"));
    int done = 0; /* counted on writer threads; read after the close has joined them */
    struct arena arena;
    arena_init(&arena, mem_heap(), 1 << 16);
    second.arena = &arena;
    faulty_disk_hold("acme/data.db-wal");
    faulty_disk_fail("acme/data.db-wal", FAULT_SYNC, 0, SQLITE_IOERR_FSYNC);
    first.done = second.done = count_done;
    first.user = second.user = &done;
    CHECK_STATUS(write_queue(fix.tenants, &first), ST_OK);
    faulty_disk_await_held(1);
    CHECK_STATUS(write_queue(fix.tenants, &second), ST_OK);
    faulty_disk_release();
    tenants_close(fix.tenants);
    fix.tenants = NULL;
    (void)faulty_disk_heal();
    CHECK_NUMBER(done, 2);
    CHECK_STATUS(first.status, ST_IO);
    CHECK_STATUS(second.status, ST_DEGRADED);
    arena_release(&arena);
    fixture_end(&fix);
}

static void the_next_process_checks_a_degraded_file_before_it_writes(void)
{
    struct fixture fix;
    fixture_begin(&fix);
    fixture_acme(&fix);
    CHECK_STATUS(add(&fix, "before"), ST_OK);
    faulty_disk_fail("acme/data.db-wal", FAULT_SYNC, 0, SQLITE_IOERR_FSYNC);
    CHECK_STATUS(add(&fix, "during"), ST_IO);
    (void)faulty_disk_heal();
    fixture_reopen(&fix);
    CHECK(access(fixture_path(&fix, "tenants/acme/degraded"), F_OK) == 0);
    CHECK_STATUS(add(&fix, "after"), ST_OK); /* the check found it sound */
    CHECK(access(fixture_path(&fix, "tenants/acme/degraded"), F_OK) != 0);
    CHECK(is_there(&fix, "before"));
    check_sound(&fix);
    fixture_end(&fix);
}

static void a_recovery_on_a_disk_that_still_fails_stays_degraded(void)
{
    struct fixture fix;
    fixture_begin(&fix);
    fixture_acme(&fix);
    CHECK_STATUS(add(&fix, "before"), ST_OK);
    faulty_disk_fail("acme/data.db-wal", FAULT_SYNC, 0, SQLITE_IOERR_FSYNC);
    CHECK_STATUS(add(&fix, "during"), ST_IO);
    CHECK(tenant_recover(fix.tenants, STR("acme")) != ST_OK);
    CHECK(tenant_degraded(fix.tenants, STR("acme")));
    CHECK_STATUS(add(&fix, "after"), ST_DEGRADED);
    (void)faulty_disk_heal();
    CHECK_STATUS(tenant_recover(fix.tenants, STR("acme")), ST_OK);
    CHECK_STATUS(add(&fix, "after"), ST_OK);
    check_sound(&fix);
    fixture_end(&fix);
}

static uint64_t files_failing(struct fixture *fix)
{
    struct tenants_counters counters;
    tenants_counters(fix->tenants, &counters);
    return counters.failing;
}

/* Who asks whether all is well and sends nothing meanwhile is not told of it for ever. */
static void a_commit_that_failed_is_told_of_for_a_while(void)
{
    struct fixture fix;
    struct clock_fixed fixed;
    clock_fixed_init(&fixed, INT64_C(1768471200000000));
    fixture_prepare(&fix);
    fix.options.clock = &fixed.clock;
    fixture_open(&fix);
    fixture_acme(&fix);
    CHECK(files_failing(&fix) == 0);
    faulty_disk_fail("acme/data.db-wal", FAULT_WRITE, 0, SQLITE_FULL);
    CHECK_STATUS(add(&fix, "during"), ST_FULL);
    (void)faulty_disk_heal();
    fixed.now_steady_ns += limit(COMMIT_FAILED_SECONDS) * INT64_C(1000000000) - 1;
    CHECK(files_failing(&fix) == 1);
    fixed.now_steady_ns++;
    CHECK(files_failing(&fix) == 0);
    fixture_end(&fix);
}

static void a_full_disk_refuses_and_passes(void)
{
    struct fixture fix;
    fixture_begin(&fix);
    fixture_acme(&fix);
    CHECK_STATUS(add(&fix, "before"), ST_OK);
    faulty_disk_fail("acme/data.db-wal", FAULT_WRITE, 0, SQLITE_FULL);
    CHECK_STATUS(add(&fix, "during"), ST_FULL);
    CHECK_STATUS(add(&fix, "during"), ST_FULL);
    CHECK(files_failing(&fix) == 1);
    CHECK(is_there(&fix, "before") && !is_there(&fix, "during"));
    CHECK(!tenant_degraded(fix.tenants, STR("acme")));
    (void)faulty_disk_heal();
    CHECK_STATUS(add(&fix, "after"), ST_OK);
    CHECK(files_failing(&fix) == 0);
    CHECK(!is_there(&fix, "during"));
    check_sound(&fix);
    fixture_end(&fix);
}

/* The n-th operation of each kind fails, once or for ever, n = 0, 1, 2, … until none is left to fail.
 */
static void no_failing_operation_makes_a_lie(enum fault fault, int code, bool once)
{
    for (int after = 0;; after += 1 + after / 8) {
        struct fixture fix;
        char key[24];
        bool answered[6] = {false};
        fixture_begin(&fix);
        fixture_acme(&fix);
        CHECK_STATUS(add(&fix, "before"), ST_OK);
        if (once) faulty_disk_fail_once("acme/data.db-wal", fault, after, code);
        else faulty_disk_fail("acme/data.db-wal", fault, after, code);
        for (int i = 0; i < 6; i++) {
            (void)snprintf(key, sizeof key, "key-%d", i);
            answered[i] = add(&fix, key) == ST_OK;
        }
        tenants_close(fix.tenants); /* folding may fail as well */
        long failed = faulty_disk_heal();
        fixture_open(&fix);
        CHECK(is_there(&fix, "before"));
        for (int i = 0; i < 6; i++) {
            (void)snprintf(key, sizeof key, "key-%d", i);
            if (answered[i]) CHECK(is_there(&fix, key));
        }
        CHECK_STATUS(add(&fix, "after"), ST_OK);
        check_sound(&fix);
        fixture_end(&fix);
        if (failed == 0) break;
        CHECK(after < 500);
        if (after >= 500) break;
    }
}

static void no_failing_read_makes_a_lie(void)
{
    for (int after = 0; after < 40; after++) {
        struct fixture fix;
        fixture_begin(&fix);
        fixture_acme(&fix);
        CHECK_STATUS(add(&fix, "before"), ST_OK);
        tenants_close(fix.tenants);
        faulty_disk_fail_once("acme/data.db", FAULT_READ, after, SQLITE_IOERR_READ);
        fixture_open(&fix);
        bool answered = add(&fix, "key") == ST_OK;
        long failed = faulty_disk_heal();
        fixture_reopen(&fix);
        CHECK(is_there(&fix, "before"));
        if (answered) CHECK(is_there(&fix, "key"));
        CHECK_STATUS(add(&fix, "after"), ST_OK);
        fixture_end(&fix);
        if (failed == 0) break;
    }
}

static void a_failed_checkpoint_degrades_but_what_was_answered_stays(void)
{
    enum { COUNT = 100 };
    struct fixture fix;
    char key[24];
    fixture_begin(&fix);
    fixture_acme(&fix);
    /* Only checkpoints write and sync the file itself. */
    faulty_disk_fail("acme/data.db", FAULT_SYNC, 0, SQLITE_IOERR_FSYNC);
    int stored = 0;
    for (int i = 0; i < COUNT; i++) {
        (void)snprintf(key, sizeof key, "key-%d", i);
        if (add(&fix, key) != ST_OK) break;
        stored++;
    }
    CHECK(stored > 5 && stored < COUNT);
    CHECK(tenant_degraded(fix.tenants, STR("acme")));
    (void)faulty_disk_heal();
    CHECK_STATUS(tenant_recover(fix.tenants, STR("acme")), ST_OK);
    CHECK_NUMBER(fixture_number(&fix, "tenants/acme/data.db", "SELECT count(*) FROM submission"),
                 stored);
    check_sound(&fix);
    fixture_end(&fix);
}

static void a_damaged_file_is_found_and_not_written_to(void)
{
    struct fixture fix;
    struct form_record form;
    fixture_begin(&fix);
    fixture_acme(&fix);
    for (int i = 0; i < 200; i++) {
        char key[24];
        (void)snprintf(key, sizeof key, "key-%d", i);
        CHECK_STATUS(add(&fix, key), ST_OK);
    }
    tenants_close(fix.tenants);
    FILE *file = fopen(fixture_path(&fix, "tenants/acme/data.db"), "r+b");
    CHECK(file && fseek(file, 4096, SEEK_SET) == 0);
    for (int i = 0; file && i < 4096 * 20; i++) (void)fputc(0xa5, file);
    if (file) CHECK(fclose(file) == 0);
    fixture_open(&fix);
    enum status st = add(&fix, "after");
    CHECK(st == ST_DEGRADED || st == ST_IO);
    CHECK(tenant_degraded(fix.tenants, STR("acme")));
    CHECK_STATUS(tenant_recover(fix.tenants, STR("acme")), ST_DEGRADED);
    CHECK(form_find(fix.tenants, STR("acme"), STR("visa"), &fix.arena, &form) != ST_OK);
    fixture_end(&fix);
}

static bool has_log_or_index(struct fixture *fix)
{
    bool log = access(fixture_path(fix, "tenants/acme/data.db-wal"), F_OK) == 0;
    return log || access(fixture_path(fix, "tenants/acme/data.db-shm"), F_OK) == 0;
}

static uint64_t files_opened_for_writing(struct fixture *fix)
{
    struct tenants_counters counters;
    tenants_counters(fix->tenants, &counters);
    return counters.opened;
}

static void what_is_only_read_is_not_opened_for_writing(void)
{
    struct fixture fix;
    struct form_record form;
    fixture_begin(&fix);
    fixture_acme(&fix);
    fixture_reopen(&fix);
    uint64_t before = files_opened_for_writing(&fix);
    for (int i = 0; i < 3; i++)
        CHECK_STATUS(form_find(fix.tenants, STR("acme"), STR("visa"), &fix.arena, &form), ST_OK);
    CHECK_NUMBER(files_opened_for_writing(&fix), before);
    tenants_close(fix.tenants);
    CHECK(!has_log_or_index(&fix)); /* and nothing is left beside the file */
    fixture_open(&fix);
    CHECK_STATUS(form_find(fix.tenants, STR("acme"), STR("visa"), &fix.arena, &form), ST_OK);
    CHECK_STATUS(form_find(fix.tenants, STR("nobody"), STR("visa"), &fix.arena, &form), ST_ABSENT);
    CHECK_STATUS(add(&fix, "later"), ST_OK); /* the writer comes after the reader */
    CHECK(is_there(&fix, "later"));
    CHECK_NUMBER(files_opened_for_writing(&fix), before + 1);
    fixture_reopen(&fix);
    CHECK(!has_log_or_index(&fix) && is_there(&fix, "later"));
    fixture_end(&fix);
}

/* A reader that was there before the writer does not fold in, at its closing, what a failing disk kept
 * from the file. */
static void an_early_reader_leaves_the_log_of_a_degraded_file_alone(void)
{
    struct fixture fix;
    struct form_record form;
    fixture_begin(&fix);
    fixture_acme(&fix);
    fixture_reopen(&fix);
    CHECK_STATUS(form_find(fix.tenants, STR("acme"), STR("visa"), &fix.arena, &form), ST_OK);
    CHECK_STATUS(add(&fix, "kept"), ST_OK);
    faulty_disk_fail("acme/data.db-wal", FAULT_SYNC, 0, SQLITE_IOERR_FSYNC);
    CHECK_STATUS(add(&fix, "lost"), ST_IO);
    faulty_disk_heal();
    CHECK(tenant_degraded(fix.tenants, STR("acme")));
    tenants_close(fix.tenants);
    CHECK(access(fixture_path(&fix, "tenants/acme/data.db-wal"), F_OK) == 0);
    fixture_open(&fix);
    CHECK(is_there(&fix, "kept"));
    fixture_end(&fix);
}

/* A log that a killed process left is the writer's business, before anybody reads. */
static void a_file_with_a_log_is_opened_for_writing_first(void)
{
    struct fixture fix;
    struct form_record form;
    fixture_begin(&fix);
    fixture_acme(&fix);
    fixture_reopen(&fix);
    sqlite3 *hand = fixture_raw(&fix, "tenants/acme/data.db");
    CHECK(sqlite3_exec(hand, "PRAGMA wal_autocheckpoint = 0; CREATE TABLE other (x)", NULL, NULL,
                       NULL) == SQLITE_OK);
    uint64_t before = files_opened_for_writing(&fix);
    CHECK_STATUS(form_find(fix.tenants, STR("acme"), STR("visa"), &fix.arena, &form), ST_OK);
    CHECK_NUMBER(files_opened_for_writing(&fix), before + 1);
    sqlite3_close(hand);
    fixture_end(&fix);
}

static void a_lost_file_is_not_replaced_by_an_empty_one(void)
{
    struct fixture fix;
    struct form_record form;
    fixture_begin(&fix);
    fixture_acme(&fix);
    tenants_close(fix.tenants);
    CHECK(remove(fixture_path(&fix, "tenants/acme/data.db")) == 0);
    fixture_open(&fix);
    CHECK_STATUS(form_find(fix.tenants, STR("acme"), STR("visa"), &fix.arena, &form), ST_DEGRADED);
    CHECK_STATUS(add(&fix, "key"), ST_DEGRADED);
    CHECK(access(fixture_path(&fix, "tenants/acme/data.db"), F_OK) != 0);
    fixture_end(&fix);
}

static void a_sound_file_may_be_checked_while_it_is_used(void)
{
    struct fixture fix;
    fixture_begin(&fix);
    fixture_acme(&fix);
    CHECK_STATUS(add(&fix, "before"), ST_OK);
    CHECK_STATUS(tenant_recover(fix.tenants, STR("acme")), ST_OK);
    CHECK_STATUS(tenant_recover(fix.tenants, STR("")), ST_OK); /* system.db */
    CHECK_STATUS(tenant_recover(fix.tenants, STR("nobody")), ST_ABSENT);
    CHECK(is_there(&fix, "before"));
    CHECK_STATUS(add(&fix, "after"), ST_OK);
    CHECK(!tenant_degraded(fix.tenants, STR("acme")) && !tenant_degraded(fix.tenants, STR("")));
    fixture_end(&fix);
}

static void the_systems_own_file_is_no_exception(void)
{
    struct fixture fix;
    struct tenant_record tenant;
    struct tenants *tenants;
    fixture_begin(&fix);
    fixture_acme(&fix);
    faulty_disk_fail("system.db-wal", FAULT_SYNC, 0, SQLITE_IOERR_FSYNC);
    CHECK_STATUS(fixture_tenant(&fix, STR("beta")), ST_IO);
    (void)faulty_disk_heal();
    CHECK(tenant_degraded(fix.tenants, STR("")));
    CHECK_STATUS(fixture_tenant(&fix, STR("beta")), ST_DEGRADED);
    CHECK_STATUS(tenant_find(fix.tenants, STR("acme"), &fix.arena, &tenant), ST_OK);
    CHECK_STATUS(add(&fix, "other-files-are-fine"), ST_OK);
    fixture_reopen(&fix); /* checked at the opening */
    CHECK(!tenant_degraded(fix.tenants, STR("")));
    CHECK_STATUS(fixture_tenant(&fix, STR("gamma")), ST_OK);
    tenants_close(fix.tenants);
    fix.tenants = NULL;
    FILE *file = fopen(fixture_path(&fix, "system.db"), "r+b");
    CHECK(file && fseek(file, 4096, SEEK_SET) == 0);
    for (int i = 0; file && i < 4096 * 20; i++) (void)fputc(0x5a, file);
    if (file) CHECK(fclose(file) == 0);
    CHECK_STATUS(tenants_open(&fix.options, &tenants), ST_DEGRADED);
    fixture_end(&fix);
}

/* The new tenant's file fails, not system.db: nobody else is to suffer. */
static void a_tenant_whose_file_cannot_be_made_is_not_there(void)
{
    struct fixture fix;
    struct tenant_record tenant;
    fixture_begin(&fix);
    faulty_disk_fail("acme/data.db", FAULT_OPEN, 0, SQLITE_CANTOPEN);
    CHECK_STATUS(fixture_tenant(&fix, STR("acme")), ST_IO);
    CHECK_NUMBER(faulty_disk_heal(), 1);
    CHECK(!tenant_degraded(fix.tenants, STR("")));
    CHECK_STATUS(tenant_find(fix.tenants, STR("acme"), &fix.arena, &tenant), ST_ABSENT);
    fixture_acme(&fix);
    CHECK_STATUS(add(&fix, "key"), ST_OK);
    fixture_end(&fix);
}

/* ---- readers that came before the writer */

static int64_t submissions_seen(struct reader *reader)
{
    int64_t count = -1;
    CHECK_STATUS(database_number(reader->db, "SELECT count(*) FROM submission", &count), ST_OK);
    return count;
}

/* It reads the file as it lies there; what comes after it is for those who come after it. */
static void a_frozen_reader_sees_its_file_to_the_end_and_the_next_one_sees_the_writes(void)
{
    struct fixture fix;
    struct reader early, late;
    fixture_begin(&fix);
    fixture_acme(&fix);
    CHECK_STATUS(add(&fix, "first"), ST_OK);
    fixture_reopen(&fix);
    CHECK_STATUS(reader_begin(fix.tenants, STR("acme"), &early), ST_OK);
    CHECK(early.db->frozen && submissions_seen(&early) == 1);
    CHECK_STATUS(add(&fix, "second"), ST_OK);
    CHECK(submissions_seen(&early) == 1);
    CHECK_STATUS(reader_begin(fix.tenants, STR("acme"), &late), ST_OK);
    CHECK(!late.db->frozen && submissions_seen(&late) == 2);
    CHECK_STATUS(reader_end(&late, ST_OK), ST_OK);
    CHECK_STATUS(reader_end(&early, ST_OK), ST_OK);
    for (int i = 0; i < 2; i++) { /* the frozen one is not used again */
        CHECK_STATUS(reader_begin(fix.tenants, STR("acme"), &early), ST_OK);
        CHECK(!early.db->frozen && submissions_seen(&early) == 2);
        CHECK_STATUS(reader_end(&early, ST_OK), ST_OK);
    }
    fixture_end(&fix);
}

/* One that lies idle is closed when the writer comes. */
static void an_idle_frozen_reader_goes_when_the_writer_comes(void)
{
    struct fixture fix;
    struct reader reader;
    fixture_begin(&fix);
    fixture_acme(&fix);
    fixture_reopen(&fix);
    for (int i = 0; i < 2; i++) {
        CHECK_STATUS(reader_begin(fix.tenants, STR("acme"), &reader), ST_OK);
        CHECK(reader.db->frozen && reader.vault->readers_frozen == 1);
        CHECK_STATUS(reader_end(&reader, ST_OK), ST_OK);
    }
    CHECK_STATUS(add(&fix, "key"), ST_OK);
    CHECK_STATUS(reader_begin(fix.tenants, STR("acme"), &reader), ST_OK);
    CHECK(!reader.db->frozen && reader.vault->readers_frozen == 0 && submissions_seen(&reader) == 1);
    CHECK_STATUS(reader_end(&reader, ST_OK), ST_OK);
    fixture_end(&fix);
}

/* ---- the log */

static int64_t wal_size(const struct fixture *fix)
{
    FILE *file = fopen(fixture_path(fix, "tenants/acme/data.db-wal"), "rb");
    if (!file) return 0;
    (void)fseek(file, 0, SEEK_END);
    long size = ftell(file);
    (void)fclose(file);
    return size;
}

static void the_log_is_folded_in_as_it_grows(void)
{
    enum { COUNT = 60, LARGE = 100000, PAGE = 4096 + 24 };
    struct fixture fix;
    struct tenants_counters counters;
    char key[24];
    fixture_begin(&fix);
    fixture_acme(&fix);
    char *text = arena_alloc(&fix.arena, LARGE);
    memset(text, ' ', LARGE);
    for (int i = 0; i < COUNT; i++) {
        (void)snprintf(key, sizeof key, "key-%d", i);
        struct write write = fixture_submission(&fix, str_of(key), str_n(text, LARGE));
        CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
        CHECK(wal_size(&fix) < (LIMIT_WAL_CHECKPOINT_PAGES + 60) * PAGE);
    }
    tenants_counters(fix.tenants, &counters);
    CHECK(counters.checkpoints >= COUNT * LARGE / PAGE / (LIMIT_WAL_CHECKPOINT_PAGES + 60));
    CHECK(counters.wal_bytes_max < (uint64_t)(LIMIT_WAL_CHECKPOINT_PAGES + 60) * PAGE);
    fixture_end(&fix);
}

static void a_reader_that_holds_the_log_stops_writes_before_it_passes_its_cap(void)
{
    enum { LARGE = 1 << 20 };
    struct fixture fix;
    char key[24];
    enum status st = ST_OK;
    fixture_begin(&fix);
    fixture_acme(&fix);
    char *text = arena_alloc(&fix.arena, LARGE);
    memset(text, ' ', LARGE);
    sqlite3 *reader = fixture_raw(&fix, "tenants/acme/data.db");
    CHECK_NUMBER(sqlite3_exec(reader, "BEGIN; SELECT count(*) FROM form", NULL, NULL, NULL), SQLITE_OK);
    struct write write = {0};
    int stored = 0;
    for (; st == ST_OK && stored < 40; stored += st == ST_OK) {
        (void)snprintf(key, sizeof key, "key-%d", stored);
        write = fixture_submission(&fix, str_of(key), str_n(text, LARGE));
        st = write_wait(fix.tenants, &write);
        CHECK(wal_size(&fix) <= LIMIT_WAL_BYTES);
    }
    CHECK_STATUS(st, ST_OVERLOADED);
    CHECK(write.refusal == REFUSAL_LOG_FULL);
    CHECK(stored > 8);
    CHECK(!tenant_degraded(fix.tenants, STR("acme")));
    CHECK_NUMBER(sqlite3_exec(reader, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
    (void)sqlite3_db_config(reader, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    CHECK_NUMBER(sqlite3_close(reader), SQLITE_OK);
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    CHECK(wal_size(&fix) < 4 * LARGE); /* emptied */
    fixture_end(&fix);
}

static void another_process_with_the_file_locked_is_noticed_and_passes(void)
{
    struct fixture fix;
    fixture_begin(&fix);
    fixture_acme(&fix);
    sqlite3 *other = fixture_raw(&fix, "tenants/acme/data.db");
    CHECK_NUMBER(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    CHECK_STATUS(add(&fix, "during"), ST_LOCKED);
    CHECK(!tenant_degraded(fix.tenants, STR("acme")));
    CHECK_NUMBER(sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    (void)sqlite3_db_config(other, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    CHECK_NUMBER(sqlite3_close(other), SQLITE_OK);
    CHECK_STATUS(add(&fix, "after"), ST_OK);
    fixture_end(&fix);
}

/* A checkpoint would change the file under it. */
static void the_log_waits_for_a_frozen_reader(void)
{
    enum { LARGE = 100000, ENOUGH = 60 };
    struct fixture fix;
    struct reader reader;
    struct tenants_counters counters;
    char key[24];
    fixture_begin(&fix);
    fixture_acme(&fix);
    CHECK_STATUS(add(&fix, "first"), ST_OK);
    fixture_reopen(&fix);
    char *text = arena_alloc(&fix.arena, LARGE);
    memset(text, ' ', LARGE);
    CHECK_STATUS(reader_begin(fix.tenants, STR("acme"), &reader), ST_OK);
    for (int i = 0; i < ENOUGH; i++) {
        (void)snprintf(key, sizeof key, "key-%d", i);
        struct write write = fixture_submission(&fix, str_of(key), str_n(text, LARGE));
        CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    }
    tenants_counters(fix.tenants, &counters);
    CHECK_NUMBER(counters.checkpoints, 0);
    CHECK(wal_size(&fix) > ENOUGH * (int64_t)LARGE && submissions_seen(&reader) == 1);
    CHECK_STATUS(tenant_recover(fix.tenants, STR("acme")), ST_TIMEOUT); /* that would fold it in, too */
    CHECK_STATUS(reader_end(&reader, ST_OK), ST_OK);
    CHECK_STATUS(tenant_recover(fix.tenants, STR("acme")), ST_OK);
    CHECK(wal_size(&fix) < LARGE); /* but for the row that tells of it */
    CHECK(is_there(&fix, "key-59"));
    fixture_end(&fix);
}

static void *recover_acme(void *user)
{
    struct fixture *fix = user;
    CHECK_STATUS(tenant_recover(fix->tenants, STR("acme")), ST_OK);
    return NULL;
}

/* Somebody read the file before a writer came, and lets go of it while the recovery waits. */
static void a_recovery_outlasts_an_early_reader_that_is_given_back(void)
{
    struct fixture fix;
    struct reader reader;
    pthread_t thread;
    fixture_begin(&fix);
    fixture_acme(&fix);
    CHECK_STATUS(add(&fix, "first"), ST_OK);
    fixture_reopen(&fix);
    CHECK_STATUS(reader_begin(fix.tenants, STR("acme"), &reader), ST_OK);
    CHECK(reader.db->frozen);
    CHECK(pthread_create(&thread, NULL, recover_acme, &fix) == 0);
    (void)nanosleep(&(struct timespec){.tv_nsec = 200 * 1000000L}, NULL);
    CHECK_STATUS(reader_end(&reader, ST_OK), ST_OK);
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(!tenant_degraded(fix.tenants, STR("acme")));
    CHECK_STATUS(add(&fix, "second"), ST_OK);
    fixture_end(&fix);
}

/* ---- a file that is being closed */

/* The one writer may not have let go of acme's yet. */
static void *take_bert(void *user)
{
    struct fixture *fix = user;
    struct form_record form;
    struct arena arena;
    enum status st;
    arena_init(&arena, mem_heap(), 1 << 20);
    do st = form_find(fix->tenants, STR("bert"), STR("visa"), &arena, &form);
    while (st == ST_OVERLOADED);
    CHECK_STATUS(st, ST_OK);
    arena_release(&arena);
    return NULL;
}

struct returner {
    struct fixture *fix;
    atomic_bool asks, closed; /* closed: the disk has let the closing go on */
    bool saw_it_closed;
};

static void *come_back(void *user)
{
    struct returner *returner = user;
    enum status st;
    atomic_store(&returner->asks, true);
    do st = add(returner->fix, "after");
    while (st == ST_OVERLOADED); /* bert's is in use meanwhile */
    CHECK_STATUS(st, ST_OK);
    returner->saw_it_closed = atomic_load(&returner->closed);
    return NULL;
}

/* There is room for one, and the disk takes its time to close it. */
static void who_comes_for_a_file_that_is_being_closed_waits_and_opens_it_again(void)
{
    struct fixture fix;
    struct tenants_counters before, after;
    struct returner returner = {.fix = &fix};
    pthread_t closer, comer;
    fixture_prepare(&fix);
    fix.options.open_tenants_max = 1;
    fixture_open(&fix);
    fixture_acme_of(&fix, STR("bert"));
    fixture_acme(&fix);
    CHECK_STATUS(add(&fix, "before"), ST_OK);
    tenants_counters(fix.tenants, &before);
    faulty_disk_hold("tenants/acme/data.db");
    CHECK(pthread_create(&closer, NULL, take_bert, &fix) == 0);
    faulty_disk_await_held(1); /* its log is being folded in */
    CHECK(pthread_create(&comer, NULL, come_back, &returner) == 0);
    while (!atomic_load(&returner.asks)) sched_yield();
    (void)nanosleep(&(struct timespec){.tv_nsec = 50 * 1000000L}, NULL); /* so that it surely waits */
    atomic_store(&returner.closed, true);
    faulty_disk_release();
    CHECK(pthread_join(closer, NULL) == 0 && pthread_join(comer, NULL) == 0);
    CHECK(returner.saw_it_closed && is_there(&fix, "before") && is_there(&fix, "after"));
    tenants_counters(fix.tenants, &after);
    CHECK(after.evicted > before.evicted && after.opened > before.opened);
    fixture_end(&fix);
}

int main(void)
{
    faulty_disk_install();
    a_failed_sync_is_never_followed_by_a_success();
    writes_waiting_behind_a_failed_one_are_refused();
    the_next_process_checks_a_degraded_file_before_it_writes();
    a_recovery_on_a_disk_that_still_fails_stays_degraded();
    a_commit_that_failed_is_told_of_for_a_while();
    a_full_disk_refuses_and_passes();
    no_failing_operation_makes_a_lie(FAULT_SYNC, SQLITE_IOERR_FSYNC, true);
    no_failing_operation_makes_a_lie(FAULT_SYNC, SQLITE_IOERR_FSYNC, false);
    no_failing_operation_makes_a_lie(FAULT_WRITE, SQLITE_IOERR_WRITE, true);
    no_failing_operation_makes_a_lie(FAULT_WRITE, SQLITE_IOERR_WRITE, false);
    no_failing_operation_makes_a_lie(FAULT_WRITE, SQLITE_FULL, true);
    no_failing_operation_makes_a_lie(FAULT_TRUNCATE, SQLITE_IOERR_TRUNCATE, false);
    no_failing_read_makes_a_lie();
    a_failed_checkpoint_degrades_but_what_was_answered_stays();
    a_damaged_file_is_found_and_not_written_to();
    what_is_only_read_is_not_opened_for_writing();
    an_early_reader_leaves_the_log_of_a_degraded_file_alone();
    a_file_with_a_log_is_opened_for_writing_first();
    a_lost_file_is_not_replaced_by_an_empty_one();
    a_sound_file_may_be_checked_while_it_is_used();
    the_systems_own_file_is_no_exception();
    a_tenant_whose_file_cannot_be_made_is_not_there();
    a_frozen_reader_sees_its_file_to_the_end_and_the_next_one_sees_the_writes();
    an_idle_frozen_reader_goes_when_the_writer_comes();
    the_log_is_folded_in_as_it_grows();
    the_log_waits_for_a_frozen_reader();
    a_recovery_outlasts_an_early_reader_that_is_given_back();
    a_reader_that_holds_the_log_stops_writes_before_it_passes_its_cap();
    who_comes_for_a_file_that_is_being_closed_waits_and_opens_it_again();
    another_process_with_the_file_locked_is_noticed_and_passes();
    return TEST_RESULT();
}
