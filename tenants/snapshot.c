/* Snapshots: backups of one tenant that the server makes and keeps. The files first, then the row: a
 * file without its row is made again or taken away, a row without its file would be a promise broken.
 */
#include "tenants/operation.h"
#include "tenants/reader.h"
#include "tenants/store.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ---------------------------------------------------------------- files */

static enum status find_folder(struct tenants *tenants, struct str tenant, struct str id,
                               char ret_path[DIRECTORY_PATH_BYTES])
{
    char below[LIMIT_TENANT_ID_BYTES + IDENT_BYTES + 16];
    (void)snprintf(below, sizeof below, "snapshots/%.*s/%.*s", STR_ARG(tenant), STR_ARG(id));
    return directory_join(tenants->directory, below, ret_path);
}

/* The two above it: that of all snapshots, and the tenant's. */
static enum status make_parents(const char path[DIRECTORY_PATH_BYTES])
{
    char parent[DIRECTORY_PATH_BYTES], made[DIRECTORY_PATH_BYTES];
    memcpy(parent, path, strlen(path) + 1);
    *strrchr(parent, '/') = '\0';
    char *tenant = strrchr(parent, '/');
    *tenant = '\0';
    enum status st = directory_make(parent, made);
    *tenant = '/';
    return st ? st : directory_make(parent, made);
}

enum status snapshot_make(struct tenants *tenants, struct str tenant, struct str id, int64_t now_ms,
                          struct arena *arena, struct snapshot_record *ret_snapshot)
{
    char path[DIRECTORY_PATH_BYTES];
    struct backup backup;
    enum status st = find_folder(tenants, tenant, id, path);
    if (!st) st = make_parents(path);
    if (st) return st;
    backup_drop(path, tenant); /* of one that was cut off */
    st = backup_make(tenants->directory, tenant, path, now_ms, arena, &backup);
    if (st) return st;
    *ret_snapshot = (struct snapshot_record){.id = id,
                                             .made_ms = now_ms,
                                             .bytes = backup.files[0].bytes,
                                             .hash = backup.files[0].hash,
                                             .schema = backup.files[0].schema,
                                             .audit_rows = backup.files[0].audit_rows};
    return ST_OK;
}

void snapshot_remove(struct tenants *tenants, struct str tenant, struct str id)
{
    char path[DIRECTORY_PATH_BYTES];
    if (find_folder(tenants, tenant, id, path) == ST_OK) backup_drop(path, tenant);
}

/* ---------------------------------------------------------------- rows */

enum status snapshot_list(struct tenants *tenants, struct str tenant, struct arena *arena,
                          struct snapshot_page *ret_page)
{
    struct reader reader;
    struct snapshot_page page = {.items = ARENA_ARRAY(arena, struct snapshot_record, LIMIT_SNAPSHOTS)};
    if (!page.items) return arena_failure(arena);
    enum status st = reader_begin(tenants, tenant, &reader);
    if (st) return st;
    struct query query = query_on(reader.db, SQL_SNAPSHOT_LIST);
    query_put_int(&query, limit(SNAPSHOTS));
    while (query_row(&query) && page.count < (uint32_t)limit(SNAPSHOTS)) {
        struct snapshot_record *snapshot = &page.items[page.count++];
        snapshot->id = query_str(&query, arena);
        snapshot->made_ms = query_int(&query);
        snapshot->made_by = query_str(&query, arena);
        snapshot->bytes = (uint64_t)query_int(&query);
        snapshot->hash = query_digest(&query);
        snapshot->schema = query_int(&query);
        snapshot->audit_rows = (uint64_t)query_int(&query);
    }
    st = reader_end(&reader, query_end(&query));
    if (!st) *ret_page = page;
    return st;
}

enum status snapshot_room(struct vault *vault, struct write *write)
{
    int64_t there = 0;
    struct query query = query_on(&vault->writer, SQL_SNAPSHOT_TOTAL);
    if (query_row(&query)) there = query_int(&query);
    enum status st = query_end(&query);
    return !st && there >= limit(SNAPSHOTS) ? apply_refuse(write, REFUSAL_SNAPSHOTS_FULL) : st;
}

enum status snapshot_add_apply(struct vault *vault, struct write *write)
{
    struct snapshot_add *add = &write->snapshot_add;
    const struct snapshot_record *snapshot = &add->snapshot;
    enum status st = operation_runs(vault, write, snapshot->id);
    if (st) return st;
    struct query query = query_on(&vault->writer, SQL_SNAPSHOT_ADD);
    query_put_str(&query, snapshot->id);
    query_put_int(&query, (int64_t)snapshot->bytes);
    query_put_digest(&query, &snapshot->hash);
    query_put_int(&query, snapshot->schema);
    query_put_int(&query, (int64_t)snapshot->audit_rows);
    query_put_int(&query, write->actor.at_ms);
    st = query_run(&query);
    if (st) return st;
    char hex[DIGEST_HEX_BYTES];
    digest_hex(&snapshot->hash, hex);
    struct str detail =
        arena_printf(write->arena, "%" PRIu64 " bytes, sha256 %s", snapshot->bytes, hex);
    if (!detail.ptr) return arena_failure(write->arena);
    st = apply_audit(vault, write, snapshot->id, detail);
    return st ? st : operation_end(vault, write, snapshot->id, &add->ret_operation);
}

enum status snapshot_drop_apply(struct vault *vault, struct write *write)
{
    struct query query = query_on(&vault->writer, SQL_SNAPSHOT_DROP);
    query_put_str(&query, write->snapshot_drop.id);
    query_put_int(&query, write->actor.at_ms);
    enum status st = query_run(&query);
    if (!st && query_changes(&vault->writer) == 0) return apply_refuse(write, REFUSAL_SNAPSHOT_ABSENT);
    return st ? st : apply_audit(vault, write, write->snapshot_drop.id, STR(""));
}
