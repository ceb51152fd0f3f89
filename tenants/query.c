#include "tenants/query.h"

#include <assert.h>
#include <sqlite3.h>
#include <string.h>

static const char *const texts[SQL_COUNT] = {
#define STATEMENT(name, text) [SQL_##name] = (text),
#include "tenants/statement.def"
#undef STATEMENT
};

struct query query_on(struct database *db, enum sql sql)
{
    struct query query = {.db = db};
    if (!db->statements[sql]) {
        int code = sqlite3_prepare_v3(db->handle, texts[sql], -1, SQLITE_PREPARE_PERSISTENT,
                                      &db->statements[sql], NULL);
        query.status = database_status(db, code);
    }
    query.stmt = db->statements[sql];
    return query;
}

struct query query_text(struct database *db, struct str sql)
{
    struct query query = {.db = db, .once = true};
    int code = sqlite3_prepare_v3(db->handle, sql.ptr, (int)sql.len, 0, &query.stmt, NULL);
    query.status = database_status(db, code);
    return query;
}

struct str query_sql(enum sql sql)
{
    return str_of(texts[sql]);
}

/* Of a query that has not failed yet: what has is not asked any more. */
static void note(struct query *query, int code)
{
    assert(!query->status);
    query->status = database_status(query->db, code);
}

void query_put_str(struct query *query, struct str text)
{
    if (query->status) return;
    /* A NULL pointer would be SQL's NULL. */
    note(query, sqlite3_bind_text64(query->stmt, ++query->put, text.ptr ? text.ptr : "", text.len,
                                    SQLITE_STATIC, SQLITE_UTF8));
}

void query_put_bytes(struct query *query, struct str bytes)
{
    if (query->status) return;
    note(query, sqlite3_bind_blob64(query->stmt, ++query->put, bytes.ptr ? bytes.ptr : "", bytes.len,
                                    SQLITE_STATIC));
}

void query_put_digest(struct query *query, const struct digest *digest)
{
    query_put_bytes(query, (struct str){(const char *)digest->bytes, sizeof digest->bytes});
}

void query_put_int(struct query *query, int64_t number)
{
    if (query->status) return;
    note(query, sqlite3_bind_int64(query->stmt, ++query->put, number));
}

static void put_null(struct query *query)
{
    if (query->status) return;
    note(query, sqlite3_bind_null(query->stmt, ++query->put));
}

void query_put_int_or_null(struct query *query, int64_t number)
{
    if (number) query_put_int(query, number);
    else put_null(query);
}

void query_put_str_or_null(struct query *query, struct str text)
{
    if (text.len) query_put_str(query, text);
    else put_null(query);
}

bool query_row(struct query *query)
{
    query->taken = 0;
    if (query->status) return false;
    int code = sqlite3_step(query->stmt);
    note(query, code);
    return code == SQLITE_ROW;
}

int64_t query_int(struct query *query)
{
    return query->status ? 0 : sqlite3_column_int64(query->stmt, query->taken++);
}

struct str query_peek(struct query *query)
{
    if (query->status) return STR("");
    int column = query->taken++;
    const void *ptr = sqlite3_column_blob(query->stmt, column); /* first: it may convert, then count */
    int len = sqlite3_column_bytes(query->stmt, column);
    if (!ptr && sqlite3_errcode(query->db->handle) == SQLITE_NOMEM) note(query, SQLITE_NOMEM);
    return ptr ? (struct str){ptr, (size_t)len} : STR("");
}

struct str query_str(struct query *query, struct arena *arena)
{
    struct str text = query_peek(query);
    struct str copy = arena_str(arena, text);
    if (copy.ptr) return copy;
    if (!query->status) query->status = arena_failure(arena);
    return STR("");
}

struct digest query_digest(struct query *query)
{
    struct digest digest = {0};
    struct str bytes = query_peek(query);
    if (bytes.len == sizeof digest.bytes) memcpy(digest.bytes, bytes.ptr, bytes.len);
    return digest;
}

enum status query_end(struct query *query)
{
    if (query->once) {
        (void)sqlite3_finalize(query->stmt);
        query->stmt = NULL;
    } else if (query->stmt) {
        (void)sqlite3_reset(query->stmt); /* tells the failure of the last step again: noted already */
        (void)sqlite3_clear_bindings(query->stmt);
    }
    return query->status;
}

enum status query_end_one(struct query *query, bool found)
{
    enum status st = query_end(query);
    return st || found ? st : ST_ABSENT;
}

enum status query_run(struct query *query)
{
    bool row = query_row(query);
    assert(!row);
    (void)row;
    return query_end(query);
}

int64_t query_changes(struct database *db)
{
    return sqlite3_changes64(db->handle);
}

int64_t query_inserted(struct database *db)
{
    return sqlite3_last_insert_rowid(db->handle);
}
