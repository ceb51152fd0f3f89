/* Query: one use of one prepared statement. Values go in in order, columns come out in order.
 *
 *     struct query query = query_on(db, SQL_FORM_FIND);
 *     query_put_str(&query, name);
 *     if (query_row(&query)) { form.id = query_int(&query); form.title = query_str(&query, arena); }
 *     st = query_end(&query);
 *
 * A failure sticks: after it rows are none, columns are empty, and query_end() tells it. Strings put in
 * must live until query_end(), which must always be called. */
#ifndef TENANTS_QUERY_H
#define TENANTS_QUERY_H

#include "base/arena.h"
#include "base/digest.h"
#include "base/str.h"
#include "tenants/database.h"

#include <stdbool.h>

struct query {
    struct database *db;
    struct sqlite3_stmt *stmt; /* NULL: it could not be prepared */
    enum status status;
    int put, taken; /* how many */
    bool once;      /* the statement goes with the query */
};

struct query query_on(struct database *db, enum sql sql);
/* Of a text that is made for this one use. */
struct query query_text(struct database *db, struct str sql);
/* The text of a statement, for making one of it. */
struct str query_sql(enum sql sql);
void query_put_str(struct query *query, struct str text);
void query_put_bytes(struct query *query, struct str bytes);
void query_put_digest(struct query *query, const struct digest *digest);
void query_put_int(struct query *query, int64_t number);
/* NULL in the database when it is 0. */
void query_put_int_or_null(struct query *query, int64_t number);
/* NULL in the database when it is empty. */
void query_put_str_or_null(struct query *query, struct str text);

/* The next row is there. */
bool query_row(struct query *query);
/* The next column. NULL in the database is 0 or empty. */
int64_t query_int(struct query *query);
/* A copy in the arena. */
struct str query_str(struct query *query, struct arena *arena);
/* The database's own bytes: gone at the next row. */
struct str query_peek(struct query *query);
struct digest query_digest(struct query *query);

/* Done: the statement is free again. ST_OK whether there were rows or none. */
enum status query_end(struct query *query);
/* The same for one row that was looked for: ST_ABSENT when nothing failed and it was not there. */
enum status query_end_one(struct query *query, bool found);
/* For statements that give no rows: runs it and ends it. */
enum status query_run(struct query *query);
/* Rows that the last INSERT, UPDATE or DELETE changed. */
int64_t query_changes(struct database *db);
/* Rowid of the last INSERT. */
int64_t query_inserted(struct database *db);

/* What a NULL from this arena means. */
static inline enum status arena_failure(const struct arena *arena)
{
    return arena->refused ? ST_LIMIT : ST_NOMEM;
}

#endif
