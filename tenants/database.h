/* Database: one connection to one file, with its prepared statements.
 *
 *     struct database db;
 *     st = database_open_writer(path, false, &db);
 *     st = database_run(&db, "BEGIN IMMEDIATE");    …  query.h  …    st = database_run(&db, "COMMIT");
 *     database_close(&db, true);
 *
 * A file has exactly one writer connection, and that one makes all checkpoints; the others are readers
 * that cannot write, never checkpoint and never fold the log in when they close. SQLite up to 3.51.2
 * loses data when a checkpoint on one connection meets a writer on another; here the two are one. A
 * connection is used by one thread at a time; whoever hands it over does so under a lock. */
#ifndef TENANTS_DATABASE_H
#define TENANTS_DATABASE_H

#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

struct sqlite3;
struct sqlite3_stmt;

enum sql {
#define STATEMENT(name, text) SQL_##name,
#include "tenants/statement.def"
#undef STATEMENT
    SQL_COUNT
};

struct database {
    struct sqlite3 *handle;
    struct sqlite3_stmt *statements[SQL_COUNT]; /* prepared when first used */
    uint32_t wal_pages;                         /* writer: in the log after the last commit */
    int failure;           /* the library's code for the last thing that went wrong */
    bool frozen;           /* a reader that takes the file for something that does not change */
    struct database *next; /* idle readers stand in a list */
};

enum { DATABASE_MARK = 0x464d5752 }; /* "FMWR", the file's application_id */

/* Once per process, before anything is opened. Calling it again is fine. */
void database_set_up_library(void);
/* In place: an open one must not be moved. After a failure it is closed, with the cause in db->failure.
 * `create`: make the file when it is absent. ST_DEGRADED: not a database, or another program's. */
enum status database_open_writer(const char *path, bool create, struct database *db);
/* The file must be open for writing elsewhere in this process. */
enum status database_open_reader(const char *path, struct database *db);
/* The same of a file that nobody has open for writing and that has no log. It reads the file and
 * nothing beside it, takes no locks, and makes neither log nor index: a writer may come after it, and
 * is not seen, but must make no checkpoint before it is closed. */
enum status database_open_frozen(const char *path, struct database *db);
/* Is there a log beside the file with anything in it? */
bool database_has_log(const char *path);
/* For looking at a file that this process does not have open for writing. `alone`: nobody else has
 * either; then nothing is made beside the file when its log is empty. */
enum status database_open_outside(const char *path, bool alone, struct database *db);
/* `fold`: the writer checkpoints and empties the log first. A zeroed one is fine. */
void database_close(struct database *db, bool fold);

/* Runs statements that give no rows. */
enum status database_run(struct database *db, const char *sql);
/* The first column of the first row. ST_ABSENT: no row. */
enum status database_number(struct database *db, const char *sql, int64_t *ret_number);

/* What the library has to say about the last thing that went wrong. Its own, gone at the next call. */
const char *database_complaint(struct database *db);
/* PRAGMA integrity_check: *ret_found is false when there is nothing to say, else the first thing is in
 * `text`, cut to fit. */
enum status database_first_fault(struct database *db, char text[200], bool *ret_found);

bool database_in_transaction(struct database *db);
/* Rolls back whatever is open; nothing to roll back is fine. */
void database_rollback(struct database *db);

/* Copies what it can from the log into the file; the log is written from its start again when all of it
 * could be. */
enum status database_checkpoint(struct database *db);
/* Copies everything and empties the log. ST_TIMEOUT: a reader held on to it for wait_ms. */
enum status database_fold(struct database *db, int wait_ms);
/* Reads every page, index and reference. ST_DEGRADED: something does not fit. */
enum status database_check(struct database *db);

/* Maps the library's code, and keeps it in db->failure when it is one. */
enum status database_status(struct database *db, int code);
/* ST_OK, or what went wrong on this connection that puts the whole transaction in doubt, not just one
 * statement. */
enum status database_fatal(const struct database *db);

/* A whole, compacted copy of what the file holds now, on disk when this returns; `to` must not be
 * there.
 */
enum status database_copy(struct database *db, const char *to);

/* The same, beside the file, called as the file with `suffix` behind it; kept when it is there already.
 */
enum status database_snapshot(struct database *db, const char *suffix);

/* The library's text and number: "3.40.1", 3040001. */
const char *database_library_version(void);
int database_library_number(void);

#endif
