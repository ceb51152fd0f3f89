#define _GNU_SOURCE
#include "store_fixture.h"

#include "tenants/schema.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

static const char file[] = "tenants/acme/data.db";

static enum status erase(struct fixture *fix, struct str form, struct str id, bool *ret_erased)
{
    struct write write = fixture_write(fix, WRITE_SUBMISSION_ERASE);
    write.actor.at_ms = FIXTURE_NOW_MS + 5;
    write.submission_erase = (struct submission_erase){.form = form, .id = id};
    enum status st = write_wait(fix->tenants, &write);
    if (ret_erased) *ret_erased = write.submission_erase.ret_erased;
    if (st == ST_ABSENT)
        CHECK(write.refusal == REFUSAL_SUBMISSION_ABSENT || write.refusal == REFUSAL_FORM_ABSENT);
    return st;
}

static struct submission_record add(struct fixture *fix, const char *key, const char *answers)
{
    struct write write = fixture_submission(fix, str_of(key), str_of(answers));
    CHECK_STATUS(write_wait(fix->tenants, &write), ST_OK);
    return write.submission_add.ret_submission;
}

static void an_erased_submission_is_found_nowhere_and_leaves_a_tombstone(void)
{
    struct fixture fix;
    struct submission_record found;
    struct submission_page page;
    struct tombstone_record tombstone;
    struct form_record form;
    bool erased;
    fixture_begin(&fix);
    fixture_acme(&fix);
    struct submission_record first = add(&fix, "key-1", "{\"a\":1}");
    struct submission_record second = add(&fix, "key-2", "{\"a\":2}");
    CHECK_STATUS(erase(&fix, STR("visa"), first.id, &erased), ST_OK);
    CHECK(erased);
    CHECK_STATUS(submission_find(fix.tenants, STR("acme"), first.id, &fix.arena, &found), ST_ABSENT);
    CHECK_STATUS(
        submission_find_by_key(fix.tenants, STR("acme"), STR("visa"), STR("key-1"), &fix.arena, &found),
        ST_GONE);
    CHECK_STATUS(
        submission_find_by_key(fix.tenants, STR("acme"), STR("visa"), STR("key-3"), &fix.arena, &found),
        ST_ABSENT);
    struct submission_query query = {.form = STR("visa")};
    CHECK_STATUS(submission_list(fix.tenants, STR("acme"), &query, 9, &fix.arena, &page), ST_OK);
    CHECK(page.count == 1 && str_eq(page.items[0].id, second.id));
    CHECK_STATUS(form_find(fix.tenants, STR("acme"), STR("visa"), &fix.arena, &form), ST_OK);
    CHECK_NUMBER(form.submissions, 1);
    CHECK_STATUS(tombstone_find(fix.tenants, STR("acme"), first.id, &fix.arena, &tombstone), ST_OK);
    CHECK_NUMBER(tombstone.seq, first.seq);
    CHECK_STR(tombstone.form, STR("visa"));
    CHECK_NUMBER(tombstone.version, 1);
    CHECK_NUMBER(tombstone.received_ms, FIXTURE_NOW_MS);
    CHECK_NUMBER(tombstone.erased_ms, FIXTURE_NOW_MS + 5);
    CHECK_STR(tombstone.erased_by, STR("tester"));
    CHECK_STATUS(tombstone_find(fix.tenants, STR("acme"), second.id, &fix.arena, &tombstone),
                 ST_ABSENT);
    fixture_end(&fix);
}

static void its_key_is_never_taken_again_and_its_number_never_given_again(void)
{
    struct fixture fix;
    fixture_begin(&fix);
    fixture_acme(&fix);
    struct submission_record last = add(&fix, "key-1", "{\"a\":1}");
    CHECK_STATUS(erase(&fix, STR("visa"), last.id, NULL), ST_OK);
    struct write again = fixture_submission(&fix, STR("key-1"), STR("{\"a\":1}"));
    CHECK_STATUS(write_wait(fix.tenants, &again), ST_GONE);
    CHECK(again.refusal == REFUSAL_SUBMISSION_ERASED);
    CHECK_STATUS(fixture_form_state(&fix, FORM_CLOSING), ST_OK);
    CHECK_STATUS(write_wait(fix.tenants, &again), ST_GONE); /* whatever the form says by now */
    CHECK_STATUS(fixture_form_state(&fix, FORM_CLOSED), ST_OK);
    CHECK_STATUS(fixture_form_state(&fix, FORM_OPEN), ST_OK);
    CHECK_NUMBER(add(&fix, "key-2", "{\"a\":1}").seq, last.seq + 1);
    fixture_end(&fix);
}

static void erasing_twice_is_as_once_and_what_is_not_of_the_form_is_not_there(void)
{
    struct fixture fix;
    uint64_t rows, later, broken;
    bool erased;
    fixture_begin(&fix);
    fixture_acme(&fix);
    CHECK_STATUS(fixture_form(&fix, STR("acme"), STR("tax")), ST_OK);
    struct submission_record one = add(&fix, "key-1", "{\"a\":1}");
    CHECK_STATUS(erase(&fix, STR("tax"), one.id, NULL), ST_ABSENT);
    CHECK_STATUS(erase(&fix, STR("none"), one.id, NULL), ST_ABSENT);
    CHECK_STATUS(erase(&fix, STR("visa"), STR("sub_none"), NULL), ST_ABSENT);
    CHECK_STATUS(erase(&fix, STR("visa"), one.id, &erased), ST_OK);
    CHECK(erased);
    CHECK_STATUS(fixture_verify(fix.tenants, STR("acme"), &rows, &broken), ST_OK);
    CHECK_STATUS(erase(&fix, STR("visa"), one.id, &erased), ST_OK);
    CHECK(!erased);
    CHECK_STATUS(erase(&fix, STR("tax"), one.id, NULL), ST_ABSENT);
    CHECK_STATUS(fixture_verify(fix.tenants, STR("acme"), &later, &broken), ST_OK);
    CHECK(broken == 0 && rows == later);
    CHECK_NUMBER(
        fixture_number(&fix, file,
                       "SELECT count(*) FROM audit WHERE action = 'submission.erase' AND why = "
                       "'to see' AND detail = 'visa, version 1'"),
        1);
    fixture_end(&fix);
}

static void what_it_claimed_is_free_again(void)
{
    struct fixture fix;
    struct digest claim = digest_of(STR("ada@example.org"));
    fixture_begin(&fix);
    fixture_acme(&fix);
    struct write write = fixture_submission(&fix, STR("key-1"), STR("{\"a\":1}"));
    write.submission_add.claims = &claim;
    write.submission_add.claim_count = 1;
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    struct str id = write.submission_add.ret_submission.id;
    write.submission_add.key = STR("key-2");
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_CONFLICT);
    CHECK_STATUS(erase(&fix, STR("visa"), id, NULL), ST_OK);
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    fixture_end(&fix);
}

/* Is the text anywhere in the file's bytes? */
static bool file_has(const struct fixture *fix, const char *name, const char *text)
{
    struct stat info;
    int fd = open(fixture_path(fix, name), O_RDONLY);
    if (fd < 0) return false;
    char *bytes = fstat(fd, &info) == 0 && info.st_size > 0 ? malloc((size_t)info.st_size) : NULL;
    bool whole = bytes && read(fd, bytes, (size_t)info.st_size) == info.st_size;
    bool has = whole && memmem(bytes, (size_t)info.st_size, text, strlen(text)) != NULL;
    CHECK(whole || info.st_size == 0);
    free(bytes);
    close(fd);
    return has;
}

static bool anywhere(const struct fixture *fix, const char *text)
{
    return file_has(fix, "tenants/acme/data.db", text) ||
           file_has(fix, "tenants/acme/data.db-wal", text);
}

static void not_one_byte_of_the_answers_is_left_in_file_or_log(void)
{
    enum { LARGE = 50000 }; /* many pages */
    static char large[LARGE + 1];
    struct fixture fix;
    fixture_begin(&fix);
    fixture_acme(&fix);
    (void)snprintf(large, sizeof large, "{\"a\":\"%049980d the secret\"}", 7);
    struct submission_record small = add(&fix, "small-key-1", "{\"a\":\"my small secret\"}");
    struct submission_record wide = add(&fix, "wide-key-1", large);
    CHECK(anywhere(&fix, "my small secret") && anywhere(&fix, "small-key-1"));
    CHECK(anywhere(&fix, "7 the secret") && anywhere(&fix, "wide-key-1"));
    CHECK_STATUS(erase(&fix, STR("visa"), small.id, NULL), ST_OK);
    CHECK_STATUS(erase(&fix, STR("visa"), wide.id, NULL), ST_OK);
    CHECK(!anywhere(&fix, "my small secret") && !anywhere(&fix, "small-key-1"));
    CHECK(!anywhere(&fix, "7 the secret") && !anywhere(&fix, "wide-key-1"));
    fixture_end(&fix);
}

static void a_reader_in_the_way_is_not_waited_for_and_the_log_is_emptied_later(void)
{
    struct fixture fix;
    fixture_begin(&fix);
    fixture_acme(&fix);
    struct submission_record one = add(&fix, "key-1", "{\"a\":\"my small secret\"}");
    sqlite3 *reader = fixture_raw(&fix, file);
    CHECK_NUMBER(sqlite3_exec(reader, "BEGIN; SELECT * FROM submission", NULL, NULL, NULL), SQLITE_OK);
    CHECK_STATUS(erase(&fix, STR("visa"), one.id, NULL), ST_OK);
    CHECK(anywhere(&fix, "my small secret"));
    CHECK_NUMBER(sqlite3_exec(reader, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    (void)sqlite3_db_config(reader, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    (void)sqlite3_close(reader);
    add(&fix, "key-2", "{\"a\":2}");
    CHECK(!anywhere(&fix, "my small secret"));
    fixture_end(&fix);
}

/* The reader that keeps the log is this process, which lives on. */
static void what_a_killed_process_left_in_the_log_goes_with_the_next_write(void)
{
    struct fixture fix;
    int how;
    fixture_begin(&fix);
    fixture_acme(&fix);
    fixture_reopen(&fix);
    tenants_close(fix.tenants);
    pid_t child = fork();
    if (child == 0) {
        fixture_open(&fix);
        struct submission_record one = add(&fix, "key-1", "{\"a\":\"my small secret\"}");
        sqlite3 *reader = fixture_raw(&fix, file);
        (void)sqlite3_exec(reader, "BEGIN; SELECT * FROM submission", NULL, NULL, NULL);
        CHECK_STATUS(erase(&fix, STR("visa"), one.id, NULL), ST_OK);
        (void)kill(getpid(), SIGKILL);
    }
    CHECK(waitpid(child, &how, 0) == child && WIFSIGNALED(how));
    CHECK(anywhere(&fix, "my small secret"));
    fixture_open(&fix);
    add(&fix, "key-2", "{\"a\":2}");
    CHECK(!anywhere(&fix, "my small secret"));
    fixture_end(&fix);
}

/* A tenant's file as a program of schema 4 left it: two versions, three submissions, two of them
 * carried, one with a claim. */
static void put_old_file(struct fixture *fix)
{
    static const char rows[] =
        "INSERT INTO form (id, name, title, state, created_ms, state_ms) VALUES (1, 'visa', 'A', "
        "'draft', 1, 1);"
        "INSERT INTO version VALUES (1, 1, 'one', zeroblob(32), '2026', '1', 1, 'w');"
        "INSERT INTO version VALUES (1, 2, 'two', randomblob(32), '2026', '1', 2, 'w');"
        "UPDATE form SET state = 'open', submissions = 3;"
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3)"
        " INSERT INTO submission (seq, id, form_id, version, key, body_hash, answers, received_ms, "
        "judged_now,"
        " zone, locale, steps, verdict_hash, submitter, place) SELECT i, 'sub_' || i, 1, 1, 'key-' || "
        "i,"
        " zeroblob(32), '{\"a\":\"old secret ' || i || '\"}', i, '', '', '', 1, zeroblob(32), '', '' "
        "FROM n;"
        "INSERT INTO carried SELECT 1, 2, 1, seq, answers, NULL, zeroblob(32), 1, 9, 'w' FROM "
        "submission"
        " WHERE seq < 3;"
        "INSERT INTO submission_unique VALUES (1, zeroblob(32), 1);";
    struct database db = {0};
    size_t count = 0;
    while (schema_tenant.migrations[count].version <= 4) count++;
    CHECK(count < schema_tenant.count);
    CHECK(unlink(fixture_path(fix, file)) == 0);
    CHECK_STATUS(database_open_writer(fixture_path(fix, file), true, &db), ST_OK);
    CHECK_STATUS(schema_migrate(&db, &(struct schema){schema_tenant.migrations, count}), ST_OK);
    CHECK_STATUS(database_run(&db, rows), ST_OK);
    database_close(&db, true);
}

static void a_file_of_schema_4_is_brought_up_to_date_and_erased_from(void)
{
    struct fixture fix;
    struct submission_page page;
    struct carried_page carried;
    struct form_record form;
    uint64_t rows, broken;
    bool erased;
    fixture_begin(&fix);
    CHECK_STATUS(fixture_tenant(&fix, STR("acme")), ST_OK);
    tenants_close(fix.tenants);
    put_old_file(&fix);
    CHECK_NUMBER(fixture_number(&fix, file, "PRAGMA user_version"), 4);
    CHECK_NUMBER(fixture_sql(&fix, file, "DELETE FROM carried WHERE seq = 1"), SQLITE_CONSTRAINT);
    fixture_open(&fix);
    struct submission_query query = {.form = STR("visa")};
    CHECK_STATUS(erase(&fix, STR("visa"), STR("sub_1"), &erased), ST_OK);
    CHECK(erased);
    CHECK_NUMBER(fixture_number(&fix, file, "PRAGMA user_version"), schema_version(&schema_tenant));
    CHECK_NUMBER(
        fixture_number(&fix, "tenants/acme/data.db.schema-4", "SELECT count(*) FROM submission"), 3);
    CHECK(!anywhere(&fix, "old secret 1") && anywhere(&fix, "old secret 2"));
    CHECK_STATUS(submission_list(fix.tenants, STR("acme"), &query, 9, &fix.arena, &page), ST_OK);
    CHECK(page.count == 2 && page.items[0].seq != 1 && page.items[1].seq != 1);
    CHECK_STATUS(form_find(fix.tenants, STR("acme"), STR("visa"), &fix.arena, &form), ST_OK);
    CHECK_NUMBER(form.submissions, 2);
    CHECK_STATUS(carried_list(fix.tenants, STR("acme"), 1, &fix.arena, &carried), ST_OK);
    CHECK_NUMBER(carried.count, 0);
    CHECK_STATUS(carried_list(fix.tenants, STR("acme"), 2, &fix.arena, &carried), ST_OK);
    CHECK(carried.count == 1 && str_eq(carried.items[0].answers, STR("{\"a\":\"old secret 2\"}")));
    CHECK_NUMBER(fixture_number(&fix, file, "SELECT count(*) FROM submission_unique"), 0);
    CHECK_NUMBER(fixture_sql(&fix, file, "UPDATE carried SET steps = 7"), SQLITE_CONSTRAINT);
    CHECK_NUMBER(fixture_sql(&fix, file, "DELETE FROM carried"), SQLITE_CONSTRAINT);
    CHECK_NUMBER(add(&fix, "key-4", "{\"a\":4}").seq, 4);
    CHECK_STATUS(fixture_verify(fix.tenants, STR("acme"), &rows, &broken), ST_OK);
    CHECK(rows == 2 && broken == 0);
    fixture_end(&fix);
}

static void without_a_term_nothing_is_ever_too_old(void)
{
    struct fixture fix;
    fixture_begin(&fix);
    fixture_acme(&fix);
    (void)add(&fix, "key-1", "{\"a\":1}");
    struct write write = fixture_write(&fix, WRITE_SUBMISSIONS_EXPIRE);
    write.actor.at_ms = FIXTURE_NOW_MS * 2;
    write.submissions_expire.form = STR("visa");
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    CHECK_NUMBER(write.submissions_expire.ret_erased, 0);
    CHECK_NUMBER(fixture_number(&fix, file, "SELECT count(*) FROM submission"), 1);
    fixture_end(&fix);
}

int main(void)
{
    an_erased_submission_is_found_nowhere_and_leaves_a_tombstone();
    its_key_is_never_taken_again_and_its_number_never_given_again();
    erasing_twice_is_as_once_and_what_is_not_of_the_form_is_not_there();
    what_it_claimed_is_free_again();
    not_one_byte_of_the_answers_is_left_in_file_or_log();
    a_reader_in_the_way_is_not_waited_for_and_the_log_is_emptied_later();
    what_a_killed_process_left_in_the_log_goes_with_the_next_write();
    a_file_of_schema_4_is_brought_up_to_date_and_erased_from();
    without_a_term_nothing_is_ever_too_old();
    return TEST_RESULT();
}
