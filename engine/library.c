#include "engine/library.h"

#include "engine/inside.h"

void library_init(struct library *library)
{
    *library = (struct library){.next = 0};
    pthread_mutex_init(&library->lock, NULL);
}

void library_release(struct library *library)
{
    for (uint32_t i = 0; i < LIBRARY_SHEETS; i++) sheet_release(library->sheets[i]);
    pthread_mutex_destroy(&library->lock);
}

/* Retained for the caller; NULL: not here. */
static struct sheet *look_up(struct library *library, const struct digest *hash)
{
    struct sheet *found = NULL;
    pthread_mutex_lock(&library->lock);
    for (uint32_t i = 0; i < LIBRARY_SHEETS && !found; i++) {
        struct sheet *sheet = library->sheets[i];
        if (sheet && memcmp(sheet_hash(sheet)->bytes, hash->bytes, sizeof hash->bytes) == 0)
            found = sheet_retain(sheet);
    }
    pthread_mutex_unlock(&library->lock);
    return found;
}

static void keep(struct library *library, struct sheet *sheet)
{
    pthread_mutex_lock(&library->lock);
    struct sheet *given_up = library->sheets[library->next];
    library->sheets[library->next] = sheet_retain(sheet);
    library->next = (library->next + 1) % LIBRARY_SHEETS;
    pthread_mutex_unlock(&library->lock);
    sheet_release(given_up);
}

/* What was uploaded has been a table then; that it is none now is a fault of the storage. */
static enum status read(struct shelf *shelf, const struct digest *hash, struct sheet **ret_sheet)
{
    struct engine *engine = shelf->engine;
    struct arena arena;
    struct str csv;
    struct sheet_fault fault;
    arena_init(&arena, engine->mem, 2 * (size_t)limit(TABLE_BYTES));
    enum status st = table_read(engine->tenants, shelf->tenant, hash, &arena, &csv);
    if (!st) st = sheet_new(engine->mem, csv, ret_sheet, &fault);
    arena_release(&arena);
    if (!st) keep(&engine->library, *ret_sheet);
    return st == ST_INPUT ? ST_FAULT : st;
}

static enum status find(void *user, struct str name, uint32_t version, struct sheet **ret_sheet,
                        uint32_t *ret_version)
{
    struct shelf *shelf = user;
    struct table_record table;
    if (shelf->held_count == limit(TABLES)) return ST_ABSENT;
    enum status st =
        table_find(shelf->engine->tenants, shelf->tenant, name, version, shelf->arena, &table);
    if (st) return st;
    struct sheet *sheet = look_up(&shelf->engine->library, &table.hash);
    if (!sheet) st = read(shelf, &table.hash, &sheet);
    if (st) return st;
    shelf->held[shelf->held_count++] = sheet;
    *ret_sheet = sheet;
    *ret_version = table.number;
    return ST_OK;
}

void shelf_open(struct shelf *shelf, struct engine *engine, struct str tenant, struct arena *arena)
{
    *shelf = (struct shelf){.engine = engine, .tenant = tenant, .arena = arena};
    shelf->tables = (struct dsl_tables){.find = find, .user = shelf};
}

void shelf_close(struct shelf *shelf)
{
    for (uint32_t i = 0; i < shelf->held_count; i++) sheet_release(shelf->held[i]);
    shelf->held_count = 0;
}

/* ---------------------------------------------------------------- uploads */

enum status engine_table_put(struct call *call, struct str tenant, struct str name, struct str csv,
                             struct table_made *ret_made)
{
    struct sheet *sheet;
    *ret_made = (struct table_made){.existing = false};
    enum status st = sheet_new(call->engine->mem, csv, &sheet, &ret_made->fault);
    if (st) return st;
    struct write write = {.kind = WRITE_TABLE_PUT,
                          .tenant = tenant,
                          .table_put = {.name = name,
                                        .csv = csv,
                                        .row_count = sheet_rows(sheet),
                                        .column_count = sheet_columns(sheet)}};
    sheet_release(sheet);
    st = call_write(call, &write);
    ret_made->existing = write.table_put.ret_existing;
    ret_made->table = write.table_put.ret_table;
    return st;
}

enum status engine_table_find(struct call *call, struct str tenant, struct str name, uint32_t number,
                              struct table_record *ret_table)
{
    return table_find(call->engine->tenants, tenant, name, number, call->arena, ret_table);
}

enum status engine_table_read(struct call *call, struct str tenant, const struct table_record *table,
                              struct str *ret_csv)
{
    return table_read(call->engine->tenants, tenant, &table->hash, call->arena, ret_csv);
}

enum status engine_table_list(struct call *call, struct str tenant, struct str after,
                              uint32_t count_max, struct table_page *ret_page)
{
    return table_list(call->engine->tenants, tenant, after, count_max, call->arena, ret_page);
}
