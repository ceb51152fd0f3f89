/* Database: what its codes mean, and what it finds in a file that a hand has changed. */
#include "store_fixture.h"

#include "faulty_disk.h"

#include "tenants/query.h"

static void each_code_of_the_library_means_one_thing(void)
{
    static const struct {
        int code;
        enum status means;
    } rows[] = {{SQLITE_OK, ST_OK},
                {SQLITE_ROW, ST_OK},
                {SQLITE_DONE, ST_OK},
                {SQLITE_CONSTRAINT_UNIQUE, ST_CONFLICT},
                {SQLITE_NOMEM, ST_NOMEM},
                {SQLITE_IOERR_NOMEM, ST_NOMEM}, /* the disk is not to blame */
                {SQLITE_IOERR_READ, ST_IO},
                {SQLITE_FULL, ST_FULL},
                {SQLITE_TOOBIG, ST_TOO_LARGE},
                {SQLITE_BUSY_SNAPSHOT, ST_LOCKED},
                {SQLITE_LOCKED, ST_LOCKED},
                {SQLITE_CORRUPT_INDEX, ST_DEGRADED},
                {SQLITE_NOTADB, ST_DEGRADED},
                {SQLITE_CANTOPEN, ST_IO}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct database db = {0};
        CHECK_STATUS(database_status(&db, rows[i].code), rows[i].means);
        CHECK(db.failure == (rows[i].means ? rows[i].code : 0));
    }
}

/* ---- the library itself */

static int has_no_memory(void *unused)
{
    (void)unused;
    return SQLITE_NOMEM;
}

static void make_one(const struct fixture *fix)
{
    struct database db;
    CHECK_STATUS(database_open_writer(fixture_path(fix, "a.db"), true, &db), ST_OK);
    CHECK_STATUS(database_run(&db, "CREATE TABLE a (x INTEGER); INSERT INTO a VALUES (3)"), ST_OK);
    database_close(&db, true);
}

static void a_library_that_has_no_memory_to_begin_with_begins_at_the_next_try(void)
{
    struct fixture fix;
    struct database db;
    struct sqlite3_mem_methods ours, scarce;
    fixture_prepare(&fix);
    database_set_up_library();
    CHECK_NUMBER(sqlite3_config(SQLITE_CONFIG_GETMALLOC, &ours), SQLITE_OK);
    scarce = ours;
    scarce.xInit = has_no_memory;
    CHECK_NUMBER(sqlite3_config(SQLITE_CONFIG_MALLOC, &scarce), SQLITE_OK);
    CHECK_STATUS(database_open_writer(fixture_path(&fix, "a.db"), true, &db), ST_NOMEM);
    CHECK(!db.handle && access(fixture_path(&fix, "a.db"), F_OK) != 0);
    CHECK_NUMBER(sqlite3_config(SQLITE_CONFIG_MALLOC, &ours), SQLITE_OK);
    make_one(&fix);
    CHECK_NUMBER(fixture_number(&fix, "a.db", "SELECT x FROM a"), 3);
    fixture_end(&fix);
}

static void a_library_that_was_ended_begins_again_with_the_same_memory(void)
{
    struct fixture fix;
    struct sqlite3_mem_methods before, after;
    fixture_prepare(&fix);
    make_one(&fix);
    CHECK_NUMBER(sqlite3_shutdown(), SQLITE_OK);
    CHECK_NUMBER(sqlite3_config(SQLITE_CONFIG_GETMALLOC, &before), SQLITE_OK);
    CHECK_NUMBER(fixture_number(&fix, "a.db", "SELECT x FROM a"), 3); /* it begins */
    CHECK_NUMBER(sqlite3_shutdown(), SQLITE_OK);
    CHECK_NUMBER(sqlite3_config(SQLITE_CONFIG_GETMALLOC, &after), SQLITE_OK);
    CHECK(after.xMalloc == before.xMalloc && after.xShutdown == before.xShutdown);
    fixture_end(&fix);
}

static void open_one(struct fixture *fix, const char *name, const char *sql, struct database *db)
{
    CHECK_NUMBER(fixture_sql(fix, name, sql), SQLITE_OK);
    CHECK_STATUS(database_open_reader(fixture_path(fix, name), db), ST_OK);
}

static void a_number_of_no_row_is_absent(void)
{
    struct fixture fix;
    struct database db;
    int64_t number = 7;
    fixture_prepare(&fix);
    open_one(&fix, "a.db", "CREATE TABLE a (x INTEGER); INSERT INTO a VALUES (3)", &db);
    CHECK_STATUS(database_number(&db, "SELECT x FROM a WHERE x = 4", &number), ST_ABSENT);
    CHECK_NUMBER(number, 7);
    CHECK_STATUS(database_number(&db, "SELECT x FROM a", &number), ST_OK);
    CHECK_NUMBER(number, 3);
    CHECK_STATUS(database_number(&db, "SELECT y FROM a", &number), ST_IO);
    database_close(&db, false);
    fixture_end(&fix);
}

static void a_check_finds_rows_that_break_a_rule_of_the_file(void)
{
    struct fixture fix;
    struct database db;
    fixture_prepare(&fix);
    open_one(&fix, "sound.db", "CREATE TABLE a (x INTEGER CHECK (x > 0)); INSERT INTO a VALUES (1)",
             &db);
    CHECK_STATUS(database_check(&db), ST_OK);
    database_close(&db, false);
    CHECK_NUMBER(
        fixture_sql(&fix, "check.db",
                    "CREATE TABLE a (x INTEGER CHECK (x > 0)); PRAGMA application_id = 1179473746;"
                    "PRAGMA ignore_check_constraints = ON; INSERT INTO a VALUES (0)"),
        SQLITE_OK);
    /* By the writer: a connection that cannot write does not look at what a CHECK says. */
    CHECK_STATUS(database_open_writer(fixture_path(&fix, "check.db"), false, &db), ST_OK);
    CHECK_STATUS(database_check(&db), ST_DEGRADED);
    database_close(&db, false);
    open_one(&fix, "stray.db",
             "CREATE TABLE a (x INTEGER PRIMARY KEY); CREATE TABLE b (x INTEGER REFERENCES a (x));"
             "PRAGMA foreign_keys = OFF; INSERT INTO b VALUES (7)",
             &db);
    CHECK_STATUS(database_check(&db), ST_DEGRADED);
    database_close(&db, false);
    fixture_end(&fix);
}

/* Such as some network file systems are. */
static void a_disk_that_cannot_keep_a_log_is_no_storage(void)
{
    struct fixture fix;
    struct database db;
    fixture_prepare(&fix);
    disk.methods.iVersion = 1; /* no memory that is shared */
    CHECK_STATUS(database_open_writer(fixture_path(&fix, "a.db"), true, &db), ST_IO);
    disk.methods.iVersion = 2;
    CHECK_STATUS(database_open_writer(fixture_path(&fix, "a.db"), true, &db), ST_OK);
    database_close(&db, true);
    fixture_end(&fix);
}

static void what_the_disk_has_no_memory_for_is_no_fault_of_the_file(void)
{
    struct fixture fix;
    struct database db;
    int64_t number;
    fixture_prepare(&fix);
    CHECK_NUMBER(fixture_sql(&fix, "a.db", "CREATE TABLE a (x INTEGER)"), SQLITE_OK);
    CHECK_STATUS(database_open_reader(fixture_path(&fix, "a.db"), &db), ST_OK);
    faulty_disk_fail("a.db", FAULT_READ, 0, SQLITE_IOERR_NOMEM);
    CHECK_STATUS(database_number(&db, "SELECT count(*) FROM a", &number), ST_NOMEM);
    CHECK(faulty_disk_heal() > 0);
    CHECK_STATUS(database_number(&db, "SELECT count(*) FROM a", &number), ST_OK);
    database_close(&db, false);
    fixture_end(&fix);
}

static void a_copy_that_cannot_be_put_in_its_place_is_told(void)
{
    struct fixture fix;
    struct database db;
    char kept[256], partial[256];
    fixture_prepare(&fix);
    (void)snprintf(kept, sizeof kept, "%s/a.db.kept", fix.directory);
    (void)snprintf(partial, sizeof partial, "%s/a.db.kept.partial", fix.directory);
    CHECK_STATUS(database_open_writer(fixture_path(&fix, "a.db"), true, &db), ST_OK);
    CHECK(mkdir(partial, 0700) == 0); /* which is no file that could be taken away */
    CHECK(database_snapshot(&db, ".kept") != ST_OK);
    CHECK(rmdir(partial) == 0 && access(kept, F_OK) != 0);
    CHECK_STATUS(database_snapshot(&db, ".kept"), ST_OK);
    CHECK(access(kept, F_OK) == 0 && access(partial, F_OK) != 0);
    CHECK_STATUS(database_snapshot(&db, ".kept"), ST_OK); /* kept as it is */
    database_close(&db, true);
    fixture_end(&fix);
}

/* Three characters for each, in the longest name that a file here may have. */
static void the_longest_name_of_signs_fits_into_a_url(void)
{
    struct database db;
    char path[1024];
    memset(path, '%', sizeof path - 1);
    for (size_t at = 0; at < sizeof path; at += 200) path[at] = '/';
    path[sizeof path - 1] = '\0';
    CHECK_STATUS(database_open_frozen(path, &db), ST_IO); /* there is no such file */
    CHECK(db.failure != 0 && !db.handle);
}

/* Whatever is put into it and asked of it; the first failure is what its end tells. */
static void a_query_that_could_not_be_made_is_asked_nothing(void)
{
    struct fixture fix;
    struct database db;
    fixture_prepare(&fix);
    open_one(&fix, "a.db", "CREATE TABLE a (x INTEGER)", &db);
    struct query query = query_text(&db, STR("SELECT y FROM a WHERE x = ? AND x = ? AND x = ?"));
    query_put_int_or_null(&query, 0);
    query_put_str_or_null(&query, STR(""));
    query_put_str_or_null(&query, STR("text"));
    CHECK(!query_row(&query) && query_int(&query) == 0 && query_peek(&query).len == 0);
    CHECK_STATUS(query_end(&query), ST_IO);
    database_close(&db, false);
    fixture_end(&fix);
}

int main(void)
{
    a_library_that_has_no_memory_to_begin_with_begins_at_the_next_try();
    a_library_that_was_ended_begins_again_with_the_same_memory();
    faulty_disk_install();
    each_code_of_the_library_means_one_thing();
    a_number_of_no_row_is_absent();
    a_check_finds_rows_that_break_a_rule_of_the_file();
    a_disk_that_cannot_keep_a_log_is_no_storage();
    what_the_disk_has_no_memory_for_is_no_fault_of_the_file();
    a_copy_that_cannot_be_put_in_its_place_is_told();
    the_longest_name_of_signs_fits_into_a_url();
    a_query_that_could_not_be_made_is_asked_nothing();
    return TEST_RESULT();
}
