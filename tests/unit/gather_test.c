/* Gather: what comes to the layer below, and when; and that nothing is kept back from who must see it.
 */
#include "store_fixture.h"

#include "faulty_disk.h"

#include "tenants/database.h"
#include "tenants/gather.h"

#include <limits.h>

enum { WRITES = 64 };

static struct {
    int count, syncs;
    int len[WRITES];
    sqlite3_int64 at[WRITES];
    char first[WRITES];
} below;

static void note(const struct disk_change *change)
{
    below.syncs += change->kind == DISK_SYNC;
    if (change->kind != DISK_WRITE || below.count == WRITES) return;
    below.len[below.count] = change->len;
    below.at[below.count] = change->at;
    below.first[below.count++] = *(const char *)change->from;
}

/* A file of the layer's, and what comes to the one below from now on. */
static sqlite3_file *open_file(struct fixture *fix, int kind)
{
    sqlite3_vfs *layer = sqlite3_vfs_find(gather_layer());
    sqlite3_file *file = calloc(1, (size_t)layer->szOsFile);
    char *path = realpath(fix->directory, NULL);
    static char name[PATH_MAX]; /* a layer keeps the pointer */
    (void)snprintf(name, sizeof name, "%s/some", path);
    CHECK_NUMBER(
        layer->xOpen(layer, name, file, kind | SQLITE_OPEN_CREATE | SQLITE_OPEN_READWRITE, NULL),
        SQLITE_OK);
    free(path);
    memset(&below, 0, sizeof below);
    disk.watch = note;
    return file;
}

static void close_file(sqlite3_file *file)
{
    disk.watch = NULL;
    CHECK_NUMBER(file->pMethods->xClose(file), SQLITE_OK);
    free(file);
}

static int put(sqlite3_file *file, char fill, int len, sqlite3_int64 at)
{
    char *bytes = malloc((size_t)len);
    memset(bytes, fill, (size_t)len);
    int code = file->pMethods->xWrite(file, bytes, len, at);
    free(bytes);
    return code;
}

static int sync_it(sqlite3_file *file)
{
    return file->pMethods->xSync(file, SQLITE_SYNC_NORMAL);
}

static void neighbouring_writes_to_a_log_go_to_the_disk_as_one_when_it_is_synced(void)
{
    struct fixture fix;
    fixture_prepare(&fix);
    sqlite3_file *file = open_file(&fix, SQLITE_OPEN_WAL);
    CHECK_NUMBER(put(file, 'a', 24, 32), SQLITE_OK);
    CHECK_NUMBER(put(file, 'b', 4096, 56), SQLITE_OK);
    CHECK_NUMBER(put(file, 'c', 24, 4152), SQLITE_OK);
    CHECK(below.count == 0);
    CHECK_NUMBER(sync_it(file), SQLITE_OK);
    CHECK(below.count == 1 && below.at[0] == 32 && below.len[0] == 4144 && below.syncs == 1);
    close_file(file);
    fixture_end(&fix);
}

static void a_write_elsewhere_sends_off_what_came_before_it(void)
{
    struct fixture fix;
    fixture_prepare(&fix);
    sqlite3_file *file = open_file(&fix, SQLITE_OPEN_WAL);
    CHECK_NUMBER(put(file, 'a', 100, 0), SQLITE_OK);
    CHECK_NUMBER(put(file, 'b', 100, 50), SQLITE_OK);
    CHECK(below.count == 1 && below.first[0] == 'a' && below.len[0] == 100);
    CHECK_NUMBER(put(file, 'c', 10, 0), SQLITE_OK);
    CHECK(below.count == 2 && below.first[1] == 'b' && below.at[1] == 50);
    CHECK_NUMBER(sync_it(file), SQLITE_OK);
    CHECK(below.count == 3 && below.first[2] == 'c' && below.at[2] == 0);
    close_file(file);
    fixture_end(&fix);
}

static void a_piece_has_the_most_bytes_and_not_one_more(void)
{
    struct fixture fix;
    fixture_prepare(&fix);
    sqlite3_file *file = open_file(&fix, SQLITE_OPEN_WAL);
    CHECK_NUMBER(put(file, 'a', limit(GATHER_BYTES) - 1, 0), SQLITE_OK);
    CHECK_NUMBER(put(file, 'b', 1, limit(GATHER_BYTES) - 1), SQLITE_OK);
    CHECK(below.count == 0);
    CHECK_NUMBER(put(file, 'c', 1, limit(GATHER_BYTES)), SQLITE_OK);
    CHECK(below.count == 1 && below.len[0] == limit(GATHER_BYTES));
    /* One that is larger by itself is not kept at all, and comes after what was before it. */
    CHECK_NUMBER(put(file, 'd', limit(GATHER_BYTES) + 1, limit(GATHER_BYTES) + 1), SQLITE_OK);
    CHECK(below.count == 3 && below.first[1] == 'c' && below.len[2] == limit(GATHER_BYTES) + 1);
    close_file(file);
    fixture_end(&fix);
}

static void whoever_looks_at_the_file_finds_what_was_written(void)
{
    struct fixture fix;
    sqlite3_int64 size = 0;
    char seen[4] = "";
    fixture_prepare(&fix);
    sqlite3_file *file = open_file(&fix, SQLITE_OPEN_WAL);
    CHECK_NUMBER(put(file, 'a', 8, 0), SQLITE_OK);
    CHECK_NUMBER(file->pMethods->xRead(file, seen, 4, 2), SQLITE_OK);
    CHECK(memcmp(seen, "aaaa", 4) == 0);
    CHECK_NUMBER(put(file, 'b', 8, 8), SQLITE_OK);
    CHECK_NUMBER(file->pMethods->xFileSize(file, &size), SQLITE_OK);
    CHECK(size == 16);
    CHECK_NUMBER(put(file, 'c', 8, 16), SQLITE_OK);
    CHECK_NUMBER(file->pMethods->xTruncate(file, 4), SQLITE_OK);
    CHECK_NUMBER(file->pMethods->xFileSize(file, &size), SQLITE_OK);
    CHECK(size == 4);
    CHECK(below.count == 3 && below.first[2] == 'c');
    close_file(file);
    fixture_end(&fix);
}

static void what_is_left_when_a_file_is_closed_is_written(void)
{
    struct fixture fix;
    struct stat info;
    char path[128];
    fixture_prepare(&fix);
    sqlite3_file *file = open_file(&fix, SQLITE_OPEN_WAL);
    CHECK_NUMBER(put(file, 'a', 8, 0), SQLITE_OK);
    close_file(file);
    (void)snprintf(path, sizeof path, "%s/some", fix.directory);
    CHECK(stat(path, &info) == 0 && info.st_size == 8);
    fixture_end(&fix);
}

static void a_piece_that_cannot_be_written_is_told_by_whoever_sends_it_off(void)
{
    struct fixture fix;
    sqlite3_int64 size;
    char seen[4];
    fixture_prepare(&fix);
    sqlite3_file *file = open_file(&fix, SQLITE_OPEN_WAL);
    for (int who = 0; who < 5; who++) {
        CHECK_NUMBER(put(file, 'a', 8, 0), SQLITE_OK);
        faulty_disk_fail_once("some", FAULT_WRITE, 0, SQLITE_FULL);
        int code = who == 0   ? sync_it(file)
                   : who == 1 ? put(file, 'b', 8, 100)
                   : who == 2 ? file->pMethods->xRead(file, seen, 4, 0)
                   : who == 3 ? file->pMethods->xFileSize(file, &size)
                              : file->pMethods->xTruncate(file, 0);
        CHECK_NUMBER(code, SQLITE_FULL);
        CHECK_NUMBER(faulty_disk_heal(), 1);
        /* Sizes are asked for also by who does without them: those do not count as told. */
        if (who > 2) CHECK_NUMBER(sync_it(file), SQLITE_FULL);
        CHECK_NUMBER(sync_it(file), SQLITE_OK); /* and what could not be is not tried again */
        CHECK(below.count == 0);
    }
    close_file(file);
    fixture_end(&fix);
}

/* By a write, too, which then is not done; and what could not be written is not written after it. */
static void a_piece_that_a_size_could_not_send_off_is_told_by_the_next_write(void)
{
    struct fixture fix;
    sqlite3_int64 size;
    fixture_prepare(&fix);
    sqlite3_file *file = open_file(&fix, SQLITE_OPEN_WAL);
    CHECK_NUMBER(put(file, 'a', 8, 0), SQLITE_OK);
    faulty_disk_fail_once("some", FAULT_WRITE, 0, SQLITE_FULL);
    CHECK_NUMBER(file->pMethods->xFileSize(file, &size), SQLITE_FULL);
    CHECK_NUMBER(put(file, 'b', 8, 8), SQLITE_FULL);
    CHECK_NUMBER(sync_it(file), SQLITE_OK);
    CHECK(below.count == 0);
    CHECK_NUMBER(put(file, 'c', 8, 0), SQLITE_OK);
    CHECK_NUMBER(sync_it(file), SQLITE_OK);
    CHECK(below.count == 1 && below.first[0] == 'c');
    close_file(file);
    fixture_end(&fix);
}

/* ---- what it leaves to the layer below */

static void who_else_is_about_to_write_is_seen_through_it(void)
{
    struct fixture fix;
    int reserved = -1;
    fixture_prepare(&fix);
    sqlite3_file *one = open_file(&fix, SQLITE_OPEN_MAIN_DB),
                 *other = open_file(&fix, SQLITE_OPEN_MAIN_DB);
    CHECK_NUMBER(other->pMethods->xCheckReservedLock(other, &reserved), SQLITE_OK);
    CHECK_NUMBER(reserved, 0);
    CHECK_NUMBER(one->pMethods->xLock(one, SQLITE_LOCK_SHARED), SQLITE_OK);
    CHECK_NUMBER(one->pMethods->xLock(one, SQLITE_LOCK_RESERVED), SQLITE_OK);
    CHECK_NUMBER(other->pMethods->xCheckReservedLock(other, &reserved), SQLITE_OK);
    CHECK_NUMBER(reserved, 1);
    CHECK_NUMBER(one->pMethods->xUnlock(one, SQLITE_LOCK_NONE), SQLITE_OK);
    CHECK_NUMBER(other->pMethods->xCheckReservedLock(other, &reserved), SQLITE_OK);
    CHECK_NUMBER(reserved, 0);
    close_file(one);
    close_file(other);
    fixture_end(&fix);
}

static void sectors_the_day_and_chance_are_those_of_the_system(void)
{
    struct fixture fix;
    sqlite3_vfs *layer = sqlite3_vfs_find(gather_layer()), *system = sqlite3_vfs_find(NULL);
    char one[32] = "", other[32] = "";
    double before = 0, day = 0, after = 0;
    fixture_prepare(&fix);
    sqlite3_file *file = open_file(&fix, SQLITE_OPEN_MAIN_DB);
    sqlite3_file *real = calloc(1, (size_t)system->szOsFile);
    char *path = realpath(fix.directory, NULL), name[PATH_MAX];
    (void)snprintf(name, sizeof name, "%s/some", path);
    CHECK_NUMBER(system->xOpen(system, name, real, SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_READWRITE, NULL),
                 SQLITE_OK);
    CHECK_NUMBER(file->pMethods->xSectorSize(file), real->pMethods->xSectorSize(real));
    CHECK_NUMBER(file->pMethods->xDeviceCharacteristics(file),
                 real->pMethods->xDeviceCharacteristics(real));
    close_file(real);
    close_file(file);
    free(path);
    CHECK_NUMBER(system->xCurrentTime(system, &before), SQLITE_OK);
    CHECK_NUMBER(layer->xCurrentTime(layer, &day), SQLITE_OK);
    CHECK_NUMBER(system->xCurrentTime(system, &after), SQLITE_OK);
    CHECK(before <= day && day <= after);
    CHECK_NUMBER(layer->xRandomness(layer, sizeof one, one), sizeof one);
    CHECK_NUMBER(layer->xRandomness(layer, sizeof other, other), sizeof other);
    CHECK(memcmp(one, other, sizeof one) != 0);
    fixture_end(&fix);
}

static void a_log_is_synced_again_only_when_something_came_to_it(void)
{
    struct fixture fix;
    fixture_prepare(&fix);
    sqlite3_file *file = open_file(&fix, SQLITE_OPEN_WAL);
    CHECK_NUMBER(sync_it(file), SQLITE_OK); /* who was here before us may have left it unsynced */
    CHECK(below.syncs == 1);
    CHECK_NUMBER(sync_it(file), SQLITE_OK);
    CHECK(below.syncs == 1);
    CHECK_NUMBER(put(file, 'a', 8, 0), SQLITE_OK);
    faulty_disk_fail_once("some", FAULT_SYNC, 0, SQLITE_IOERR_FSYNC);
    CHECK_NUMBER(sync_it(file), SQLITE_IOERR_FSYNC);
    CHECK(below.syncs == 1);
    CHECK_NUMBER(sync_it(file), SQLITE_OK); /* the one that failed does not count */
    CHECK(below.syncs == 2);
    CHECK_NUMBER(file->pMethods->xTruncate(file, 0), SQLITE_OK);
    CHECK_NUMBER(sync_it(file), SQLITE_OK);
    CHECK(below.syncs == 3);
    close_file(file);
    fixture_end(&fix);
}

static void another_file_than_a_log_is_written_and_synced_as_it_comes(void)
{
    struct fixture fix;
    fixture_prepare(&fix);
    sqlite3_file *file = open_file(&fix, SQLITE_OPEN_MAIN_DB);
    CHECK_NUMBER(put(file, 'a', 8, 0), SQLITE_OK);
    CHECK_NUMBER(put(file, 'b', 8, 8), SQLITE_OK);
    CHECK(below.count == 2);
    CHECK_NUMBER(sync_it(file), SQLITE_OK);
    CHECK_NUMBER(sync_it(file), SQLITE_OK);
    CHECK(below.syncs == 2);
    close_file(file);
    fixture_end(&fix);
}

static void fill(struct database *db, int rows)
{
    char sql[200];
    (void)snprintf(sql, sizeof sql,
                   "WITH n (x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM n WHERE x < %d)"
                   " INSERT INTO a SELECT randomblob(3000) FROM n",
                   rows);
    CHECK_STATUS(database_run(db, sql), ST_OK);
}

static void a_commit_and_a_checkpoint_come_in_large_pieces(void)
{
    struct fixture fix;
    struct database db;
    int64_t rows = 0;
    fixture_prepare(&fix);
    CHECK_STATUS(database_open_writer(fixture_path(&fix, "a.db"), true, &db), ST_OK);
    CHECK_STATUS(database_run(&db, "CREATE TABLE a (x BLOB)"), ST_OK);
    memset(&below, 0, sizeof below);
    disk.watch = note;
    fill(&db, 100); /* a page each */
    CHECK(below.count > 0 && below.count <= 10 && below.syncs == 1);
    memset(&below, 0, sizeof below);
    CHECK_STATUS(database_checkpoint(&db), ST_OK);
    CHECK(below.count > 0 && below.count <= 10 && below.syncs == 1); /* the log's was done */
    disk.watch = NULL;
    database_close(&db, true);
    CHECK_STATUS(database_open_reader(fixture_path(&fix, "a.db"), &db), ST_OK);
    CHECK_STATUS(database_number(&db, "SELECT count(*) FROM a WHERE length(x) = 3000", &rows), ST_OK);
    CHECK_NUMBER(rows, 100);
    CHECK_STATUS(database_check(&db), ST_OK);
    database_close(&db, false);
    fixture_end(&fix);
}

static void a_checkpoint_reads_the_log_in_large_pieces(void)
{
    struct fixture fix;
    struct database db;
    fixture_prepare(&fix);
    CHECK_STATUS(database_open_writer(fixture_path(&fix, "a.db"), true, &db), ST_OK);
    CHECK_STATUS(database_run(&db, "CREATE TABLE a (x BLOB)"), ST_OK);
    fill(&db, 100);
    (void)faulty_disk_count_syncs("a.db-wal");
    CHECK_STATUS(database_checkpoint(&db), ST_OK);
    /* Where fewer bytes than a piece has are left, page by page. */
    CHECK(disk.reads > 0 && disk.reads <= 100 / 15 + 2 * 17);
    fill(&db, 50); /* over what was read ahead */
    fill(&db, 50);
    CHECK_STATUS(database_checkpoint(&db), ST_OK);
    CHECK_STATUS(database_check(&db), ST_OK);
    database_close(&db, true);
    fixture_end(&fix);
}

/* What could not be read ahead is read by itself, and a page that cannot be read is told. */
static void a_log_that_cannot_be_read_is_told_by_the_checkpoint(void)
{
    enum { TRIES = 40 };
    int told = 0, made_good = 0;
    for (int i = 0; i < TRIES; i++) {
        struct fixture fix;
        struct database db;
        int64_t rows = 0;
        fixture_prepare(&fix);
        CHECK_STATUS(database_open_writer(fixture_path(&fix, "a.db"), true, &db), ST_OK);
        CHECK_STATUS(database_run(&db, "CREATE TABLE a (x BLOB)"), ST_OK);
        fill(&db, 60);
        faulty_disk_fail_once("a.db-wal", FAULT_READ, i, SQLITE_IOERR_READ);
        enum status st = database_checkpoint(&db);
        bool failed = faulty_disk_heal() == 1;
        CHECK(st == ST_OK || (st == ST_IO && failed));
        told += st == ST_IO;
        made_good += st == ST_OK && failed;
        if (st) CHECK_STATUS(database_checkpoint(&db), ST_OK); /* the log has it still */
        database_close(&db, true);
        CHECK_STATUS(database_open_reader(fixture_path(&fix, "a.db"), &db), ST_OK);
        CHECK_STATUS(database_number(&db, "SELECT count(*) FROM a WHERE length(x) = 3000", &rows),
                     ST_OK);
        CHECK_NUMBER(rows, 60);
        CHECK_STATUS(database_check(&db), ST_OK);
        database_close(&db, false);
        fixture_end(&fix);
    }
    CHECK(told > 0 && made_good > 0 && told + made_good < TRIES);
}

static void a_checkpoint_whose_last_piece_cannot_be_written_fails(void)
{
    struct fixture fix;
    struct database db;
    fixture_prepare(&fix);
    CHECK_STATUS(database_open_writer(fixture_path(&fix, "a.db"), true, &db), ST_OK);
    CHECK_STATUS(database_run(&db, "CREATE TABLE a (x BLOB)"), ST_OK);
    fill(&db, 5);
    faulty_disk_fail_once("a.db", FAULT_WRITE, 0, SQLITE_IOERR_WRITE);
    CHECK_STATUS(database_checkpoint(&db), ST_IO);
    CHECK_NUMBER(faulty_disk_heal(), 1);
    CHECK_STATUS(database_checkpoint(&db), ST_OK); /* the log has it still */
    CHECK_STATUS(database_check(&db), ST_OK);
    database_close(&db, true);
    fixture_end(&fix);
}

/* What such a checkpoint has copied counts at once, and nobody syncs it: a page that was kept back
 * would be read as it was before. */
static void a_checkpoint_that_a_reader_holds_up_writes_each_page_as_it_comes(void)
{
    struct fixture fix;
    struct database db, reader;
    int64_t rows = 0;
    fixture_prepare(&fix);
    CHECK_STATUS(database_open_writer(fixture_path(&fix, "a.db"), true, &db), ST_OK);
    CHECK_STATUS(database_run(&db, "CREATE TABLE a (x BLOB)"), ST_OK);
    fill(&db, 20);
    CHECK_STATUS(database_open_reader(fixture_path(&fix, "a.db"), &reader), ST_OK);
    CHECK_STATUS(database_run(&reader, "BEGIN"), ST_OK);
    CHECK_STATUS(database_number(&reader, "SELECT count(*) FROM a", &rows), ST_OK);
    fill(&db, 20); /* which the reader does not see */
    memset(&below, 0, sizeof below);
    disk.watch = note;
    CHECK_STATUS(database_checkpoint(&db), ST_OK);
    disk.watch = NULL;
    CHECK(below.count >= 20 && below.syncs == 0);
    for (int i = 0; i < below.count; i++) CHECK_NUMBER(below.len[i], 4096);
    CHECK_STATUS(database_run(&reader, "COMMIT"), ST_OK);
    database_close(&reader, false);
    memset(&below, 0, sizeof below);
    disk.watch = note;
    CHECK_STATUS(database_checkpoint(&db), ST_OK); /* the rest, in pieces again */
    disk.watch = NULL;
    CHECK(below.count > 0 && below.count < 10 && below.syncs == 1);
    CHECK_STATUS(database_check(&db), ST_OK);
    database_close(&db, true);
    fixture_end(&fix);
}

/* The log is of a connection before, so this one has not gathered anything yet. */
static void a_checkpoint_without_memory_for_pieces_goes_page_by_page(void)
{
    enum { ROWS = 20, ENOUGH = 40000 };
    struct fixture fix;
    struct database db;
    int64_t rows = 0;
    fixture_prepare(&fix);
    CHECK_STATUS(database_open_writer(fixture_path(&fix, "a.db"), true, &db), ST_OK);
    CHECK_STATUS(database_run(&db, "PRAGMA application_id = 1179473746; CREATE TABLE a (x BLOB)"),
                 ST_OK);
    fill(&db, ROWS);
    database_close(&db, false);
    CHECK_STATUS(database_open_writer(fixture_path(&fix, "a.db"), false, &db), ST_OK);
    memset(&below, 0, sizeof below);
    disk.watch = note;
    (void)sqlite3_hard_heap_limit64(sqlite3_memory_used() + ENOUGH);
    CHECK_STATUS(database_checkpoint(&db), ST_OK);
    (void)sqlite3_hard_heap_limit64(0);
    disk.watch = NULL;
    CHECK((int)limit(GATHER_BYTES) > (int)ENOUGH && below.count >= ROWS);
    for (int i = 0; i < below.count; i++) CHECK_NUMBER(below.len[i], 4096);
    CHECK_STATUS(database_number(&db, "SELECT count(*) FROM a WHERE length(x) = 3000", &rows), ST_OK);
    CHECK_NUMBER(rows, ROWS);
    CHECK_STATUS(database_check(&db), ST_OK);
    database_close(&db, true);
    fixture_end(&fix);
}

static void a_connection_without_the_layer_is_left_as_it_is(void)
{
    struct fixture fix;
    struct database db;
    fixture_prepare(&fix);
    CHECK_NUMBER(fixture_sql(&fix, "a.db", "CREATE TABLE a (x INTEGER)"), SQLITE_OK);
    CHECK_STATUS(database_open_reader(fixture_path(&fix, "a.db"), &db), ST_OK);
    gather_begin(db.handle);
    CHECK_NUMBER(gather_end(db.handle), SQLITE_OK);
    database_close(&db, false);
    fixture_end(&fix);
}

int main(void)
{
    faulty_disk_install();
    neighbouring_writes_to_a_log_go_to_the_disk_as_one_when_it_is_synced();
    a_write_elsewhere_sends_off_what_came_before_it();
    a_piece_has_the_most_bytes_and_not_one_more();
    whoever_looks_at_the_file_finds_what_was_written();
    what_is_left_when_a_file_is_closed_is_written();
    a_piece_that_cannot_be_written_is_told_by_whoever_sends_it_off();
    a_piece_that_a_size_could_not_send_off_is_told_by_the_next_write();
    who_else_is_about_to_write_is_seen_through_it();
    sectors_the_day_and_chance_are_those_of_the_system();
    a_log_is_synced_again_only_when_something_came_to_it();
    another_file_than_a_log_is_written_and_synced_as_it_comes();
    a_commit_and_a_checkpoint_come_in_large_pieces();
    a_checkpoint_reads_the_log_in_large_pieces();
    a_log_that_cannot_be_read_is_told_by_the_checkpoint();
    a_checkpoint_whose_last_piece_cannot_be_written_fails();
    a_checkpoint_that_a_reader_holds_up_writes_each_page_as_it_comes();
    a_checkpoint_without_memory_for_pieces_goes_page_by_page();
    a_connection_without_the_layer_is_left_as_it_is();
    return TEST_RESULT();
}
