#include "tenants/schema.h"

#include <stdio.h>

/* Append-only, without gaps, each row carrying the hash of the one before. */
#define AUDIT_TABLE                                                                                    \
    "CREATE TABLE audit ("                                                                             \
    "  seq INTEGER PRIMARY KEY,"                                                                       \
    "  at_ms INTEGER NOT NULL,"                                                                        \
    "  who TEXT NOT NULL CHECK (who <> ''),"                                                           \
    "  action TEXT NOT NULL CHECK (action <> ''),"                                                     \
    "  object TEXT NOT NULL,"                                                                          \
    "  place TEXT NOT NULL,"                                                                           \
    "  why TEXT NOT NULL,"                                                                             \
    "  request_id TEXT NOT NULL,"                                                                      \
    "  detail TEXT NOT NULL,"                                                                          \
    "  previous_hash BLOB NOT NULL CHECK (length(previous_hash) = 32),"                                \
    "  hash BLOB NOT NULL CHECK (length(hash) = 32)"                                                   \
    ") STRICT;"                                                                                        \
    "CREATE TRIGGER audit_chains BEFORE INSERT ON audit BEGIN"                                         \
    "  SELECT RAISE(ABORT, 'audit: a row goes at the end')"                                            \
    "    WHERE NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM audit);"                          \
    "  SELECT RAISE(ABORT, 'audit: a row carries the hash of the one before')"                         \
    "    WHERE NEW.previous_hash IS NOT"                                                               \
    "      coalesce((SELECT hash FROM audit WHERE seq = NEW.seq - 1), zeroblob(32));"                  \
    " END;"                                                                                            \
    "CREATE TRIGGER audit_keeps BEFORE UPDATE ON audit BEGIN"                                          \
    "  SELECT RAISE(ABORT, 'audit: is only added to');"                                                \
    " END;"                                                                                            \
    "CREATE TRIGGER audit_stays BEFORE DELETE ON audit BEGIN"                                          \
    "  SELECT RAISE(ABORT, 'audit: is only added to');"                                                \
    " END;"

/* Where the log ends, in the same transaction as its last row. Without it a hand that takes away the
 * newest rows would leave a chain that is whole. */
#define AUDIT_END                                                                                      \
    "CREATE TABLE audit_end ("                                                                         \
    "  one INTEGER PRIMARY KEY CHECK (one = 1),"                                                       \
    "  seq INTEGER NOT NULL CHECK (seq >= 0),"                                                         \
    "  hash BLOB NOT NULL CHECK (length(hash) = 32)"                                                   \
    ") STRICT;"                                                                                        \
    "INSERT INTO audit_end SELECT 1, coalesce(max(seq), 0),"                                           \
    "  coalesce((SELECT hash FROM audit ORDER BY seq DESC LIMIT 1), zeroblob(32)) FROM audit;"         \
    "CREATE TRIGGER audit_end_begins BEFORE INSERT ON audit_end BEGIN"                                 \
    "  SELECT RAISE(ABORT, 'audit_end: there is one');"                                                \
    " END;"                                                                                            \
    "CREATE TRIGGER audit_end_moves BEFORE UPDATE ON audit_end BEGIN"                                  \
    "  SELECT RAISE(ABORT, 'audit_end: is the newest row, and moves on')"                              \
    "    WHERE NEW.one IS NOT OLD.one OR NEW.seq <= OLD.seq"                                           \
    "      OR (NEW.seq, NEW.hash) IS NOT (SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1);"     \
    " END;"                                                                                            \
    "CREATE TRIGGER audit_end_stays BEFORE DELETE ON audit_end BEGIN"                                  \
    "  SELECT RAISE(ABORT, 'audit_end: stays');"                                                       \
    " END;"

#define MIGRATION(version, sql) {(version), (sql)},
static const struct migration system_migrations[] = {
#include "tenants/system_schema.def"
};
static const struct migration tenant_migrations[] = {
#include "tenants/tenant_schema.def"
};
#undef MIGRATION

#define LENGTH(array) (sizeof(array) / sizeof *(array))
const struct schema schema_system = {system_migrations, LENGTH(system_migrations)};
const struct schema schema_tenant = {tenant_migrations, LENGTH(tenant_migrations)};

int schema_version(const struct schema *schema)
{
    return schema->migrations[schema->count - 1].version;
}

static enum status run_step(struct database *db, const struct schema *schema, int version)
{
    char mark[96];
    (void)snprintf(mark, sizeof mark, "PRAGMA application_id = %d; PRAGMA user_version = %d",
                   DATABASE_MARK, version);
    enum status st = database_run(db, "BEGIN IMMEDIATE");
    for (size_t i = 0; i < schema->count && !st; i++)
        if (schema->migrations[i].version == version) st = database_run(db, schema->migrations[i].sql);
    if (!st) st = database_run(db, mark);
    if (!st) st = database_run(db, "COMMIT");
    if (st) database_rollback(db);
    return st;
}

/* The file as the older program left it, in case somebody wants to go back to that one. */
static enum status keep_old(struct database *db, int64_t version)
{
    char suffix[40];
    (void)snprintf(suffix, sizeof suffix, ".schema-%d", (int)version);
    return database_snapshot(db, suffix);
}

enum status schema_migrate(struct database *db, const struct schema *schema)
{
    int64_t version = 0;
    enum status st = database_number(db, "PRAGMA user_version", &version);
    if (st) return st;
    if (version > schema_version(schema)) return ST_NEWER;
    if (version > 0 && version < schema_version(schema)) st = keep_old(db, version);
    if (st) return st;
    while (version < schema_version(schema)) {
        st = run_step(db, schema, (int)++version);
        if (st) return st;
    }
    return ST_OK;
}
