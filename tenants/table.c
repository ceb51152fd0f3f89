/* Lookup tables of a tenant: each upload of other bytes is a version, for ever. Equal bytes are kept
 * once, whatever they are called. That the bytes are a table, whoever queues the write has seen. */
#include "tenants/look.h"
#include "tenants/quota.h"
#include "tenants/reader.h"
#include "tenants/slug.h"
#include "tenants/store.h"

#include "tenants/apply.h"

static struct table_record take_record(struct query *query, struct arena *arena)
{
    struct table_record table = {.name = query_str(query, arena)};
    table.number = (uint32_t)query_int(query);
    table.hash = query_digest(query);
    table.row_count = (uint32_t)query_int(query);
    table.column_count = (uint32_t)query_int(query);
    table.bytes = (uint64_t)query_int(query);
    table.created_ms = query_int(query);
    table.created_by = query_str(query, arena);
    return table;
}

enum status table_find_in(struct database *db, struct str name, uint32_t number, struct arena *arena,
                          struct table_record *ret_table)
{
    struct table_record table = {0};
    struct query query = query_on(db, SQL_TABLE_FIND);
    query_put_str(&query, name);
    query_put_int(&query, number);
    bool found = query_row(&query);
    if (found) table = take_record(&query, arena);
    enum status st = query_end_one(&query, found);
    if (!st) *ret_table = table;
    return st;
}

enum status table_find(struct tenants *tenants, struct str tenant, struct str name, uint32_t number,
                       struct arena *arena, struct table_record *ret_table)
{
    struct reader reader;
    enum status st = reader_begin(tenants, tenant, &reader);
    if (st) return st;
    return reader_end(&reader, table_find_in(reader.db, name, number, arena, ret_table));
}

enum status table_read_in(struct database *db, const struct digest *hash, struct arena *arena,
                          struct str *ret_csv)
{
    struct str csv = STR("");
    struct query query = query_on(db, SQL_TABLE_READ);
    query_put_digest(&query, hash);
    bool found = query_row(&query);
    if (found) csv = query_str(&query, arena);
    enum status st = query_end_one(&query, found);
    if (!st) *ret_csv = csv;
    return st;
}

enum status table_read(struct tenants *tenants, struct str tenant, const struct digest *hash,
                       struct arena *arena, struct str *ret_csv)
{
    struct reader reader;
    enum status st = reader_begin(tenants, tenant, &reader);
    if (st) return st;
    return reader_end(&reader, table_read_in(reader.db, hash, arena, ret_csv));
}

enum status table_list(struct tenants *tenants, struct str tenant, struct str after, uint32_t count_max,
                       struct arena *arena, struct table_page *ret_page)
{
    struct reader reader;
    struct table_page page = {0};
    uint32_t rows = page_rows(count_max);
    page.items = ARENA_ARRAY(arena, struct table_record, rows);
    if (!page.items) return arena_failure(arena);
    enum status st = reader_begin(tenants, tenant, &reader);
    if (st) return st;
    struct query query = query_on(reader.db, SQL_TABLE_LIST);
    query_put_str(&query, after);
    query_put_int(&query, (int64_t)rows + 1);
    while (query_row(&query) && !(page.more = page.count == rows))
        page.items[page.count++] = take_record(&query, arena);
    st = reader_end(&reader, query_end(&query));
    if (!st) *ret_page = page;
    return st;
}

/* ---- uploads */

static enum status keep_content(struct vault *vault, const struct table_put *put,
                                const struct digest *hash)
{
    struct query query = query_on(&vault->writer, SQL_TABLE_KEEP);
    query_put_digest(&query, hash);
    query_put_bytes(&query, put->csv);
    query_put_int(&query, put->row_count);
    query_put_int(&query, put->column_count);
    return query_run(&query);
}

static enum status add_version(struct vault *vault, const struct write *write,
                               const struct digest *hash, uint32_t number)
{
    struct query query = query_on(&vault->writer, SQL_TABLE_ADD);
    query_put_str(&query, write->table_put.name);
    query_put_int(&query, number);
    query_put_digest(&query, hash);
    query_put_int(&query, write->actor.at_ms);
    query_put_str(&query, write->actor.who);
    return query_run(&query);
}

enum status table_put_apply(struct vault *vault, struct write *write)
{
    struct table_put *put = &write->table_put;
    struct digest hash = digest_of(put->csv);
    struct table_record newest = {.number = 0};
    if (!slug_is_form_name(put->name)) return apply_refuse(write, REFUSAL_BAD_NAME);
    if (put->csv.len == 0 || put->csv.len > limit(TABLE_BYTES) || put->row_count == 0)
        return apply_refuse(write, REFUSAL_BAD_VALUE);
    enum status st = table_find_in(&vault->writer, put->name, 0, write->arena, &newest);
    if (st && st != ST_ABSENT) return st;
    put->ret_existing = !st && memcmp(newest.hash.bytes, hash.bytes, sizeof hash.bytes) == 0;
    put->ret_table = newest;
    if (put->ret_existing) return ST_OK;
    st = quota_room(vault, write);
    if (!st) st = keep_content(vault, put, &hash);
    if (!st) st = add_version(vault, write, &hash, newest.number + 1);
    struct str detail = arena_printf(write->arena, "version %u", (unsigned)newest.number + 1);
    if (!st && !detail.ptr) st = arena_failure(write->arena);
    if (!st) st = apply_audit(vault, write, put->name, detail);
    if (!st) st = table_find_in(&vault->writer, put->name, 0, write->arena, &put->ret_table);
    return st;
}
