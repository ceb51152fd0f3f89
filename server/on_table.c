/* On tables: a tenant's lookup tables, and what the public may see of them: the options of a published
 * form's lists. server/on_table.c */
#include "server/on.h"
#include "server/reply.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "base/word.h"

/* ---------------------------------------------------------------- uploads and what is there */

static void write_table(struct json_writer *json, const struct table_record *table)
{
    char hash[DIGEST_HEX_BYTES];
    digest_hex(&table->hash, hash);
    json_object(json);
    json_key_str(json, STR("name"), table->name);
    json_key_int(json, STR("version"), table->number);
    json_key_str(json, STR("hash"), str_of(hash));
    json_key_int(json, STR("rows"), table->row_count);
    json_key_int(json, STR("columns"), table->column_count);
    json_key_int(json, STR("bytes"), (int64_t)table->bytes);
    reply_moment(json, STR("created_at"), table->created_ms);
    json_key_str(json, STR("created_by"), table->created_by);
    json_object_end(json);
}

static enum handled reply_no_table(struct request *request, const struct sheet_fault *fault)
{
    const char *detail =
        arena_printf(&request->arena, "line %u: %s", (unsigned)fault->line, fault->reason).ptr;
    return reply_problem(request, PROBLEM_TABLE_INVALID, detail);
}

enum handled table_put(struct request *request)
{
    struct arguments arguments;
    struct table_made made;
    if (!on_arguments(request, &arguments)) return HANDLED;
    request_call(request);
    enum status st = engine_table_put(&request->call, request_param(request, ROUTE_TENANT),
                                      request_param(request, ROUTE_ID), buf_str(&request->body), &made);
    if (st == ST_INPUT && request->call.refusal == REFUSAL_NONE)
        return reply_no_table(request, &made.fault);
    if (st) return reply_failure(request, st, request->call.refusal);
    struct json_writer json = reply_json(request, made.existing ? 200 : 201);
    write_table(&json, &made.table);
    return HANDLED;
}

enum handled tables_get(struct request *request)
{
    struct listing listing;
    struct table_page page;
    if (!on_listing(request, STR(""), &listing)) return HANDLED;
    request_call(request);
    enum status st = engine_table_list(&request->call, request_param(request, ROUTE_TENANT),
                                       listing.position, listing.limit, &page);
    if (st) return reply_failure(request, st, REFUSAL_NONE);
    struct json_writer json = on_listing_begin(request);
    for (uint32_t i = 0; i < page.count; i++) write_table(&json, &page.items[i]);
    on_listing_end(request, &json, &listing, page.more,
                   page.count ? page.items[page.count - 1].name : STR(""));
    return HANDLED;
}

static bool find_table(struct request *request, uint32_t number, struct table_record *ret_table)
{
    struct arguments arguments;
    if (!on_arguments(request, &arguments)) return false;
    request_call(request);
    enum status st = engine_table_find(&request->call, request_param(request, ROUTE_TENANT),
                                       request_param(request, ROUTE_ID), number, ret_table);
    if (st) reply_failure(request, st, REFUSAL_NONE);
    return !st;
}

enum handled table_get(struct request *request)
{
    struct table_record table;
    if (!find_table(request, 0, &table)) return HANDLED;
    struct json_writer json = reply_json(request, 200);
    write_table(&json, &table);
    return HANDLED;
}

enum handled table_version_get(struct request *request)
{
    struct table_record table;
    struct str csv;
    if (!find_table(request, request->match.version, &table)) return HANDLED;
    enum status st =
        engine_table_read(&request->call, request_param(request, ROUTE_TENANT), &table, &csv);
    if (st) return reply_failure(request, st, REFUSAL_NONE);
    request->reply.status = 200;
    request->reply.type = "text/csv; charset=utf-8";
    buf_put(&request->out, csv);
    return HANDLED;
}

/* ---------------------------------------------------------------- options of a published form */

/* Rows of the list that the question asks for: all, or those with a value in a column. */
struct rows {
    const uint32_t *rows; /* NULL: all, in order */
    uint32_t count;
};

static const struct program_list *find_list(const struct program *program, struct str name)
{
    for (uint32_t i = 0; i < program->list_count; i++)
        if (program->lists[i].sheet && program->lists[i].shown && str_eq(program->lists[i].name, name))
            return &program->lists[i];
    return NULL;
}

static const struct program_column *find_column(const struct program_list *list, struct str name)
{
    for (uint32_t i = 0; i < list->column_count; i++)
        if (list->columns[i].shown && str_eq(list->columns[i].name, name)) return &list->columns[i];
    return NULL;
}

static bool find_rows(struct request *request, const struct program_list *list,
                      const struct arguments *arguments, struct rows *ret_rows)
{
    struct str name = arguments_get(arguments, "column"), value = arguments_get(arguments, "equals");
    *ret_rows = (struct rows){.count = list->option_count};
    if (!name.ptr && !value.ptr) return true;
    const struct program_column *column = name.ptr ? find_column(list, name) : NULL;
    if (!column || !value.ptr) {
        reply_problem(request, PROBLEM_PARAMETER_MALFORMED,
                      "column is one that a filter of the form compares, and equals stands beside it");
        return false;
    }
    enum status st =
        sheet_find(list->sheet, column->sheet_column, value, &ret_rows->rows, &ret_rows->count);
    if (st) reply_failure(request, st, REFUSAL_NONE);
    return !st;
}

static void write_option(struct json_writer *json, const struct program_list *list, uint32_t row)
{
    json_object(json);
    json_key_str(json, STR("code"), sheet_cell(list->sheet, row, list->key));
    json_key_str(json, STR("label"), sheet_cell(list->sheet, row, list->label));
    json_key(json, STR("values"));
    json_object(json);
    for (uint32_t i = 0; i < list->column_count; i++) {
        const struct program_column *column = &list->columns[i];
        if (!column->shown) continue;
        struct str cell = sheet_cell(list->sheet, row, column->sheet_column);
        if (cell.len) json_key_str(json, column->name, cell);
    }
    json_object_end(json);
    json_object_end(json);
}

static enum handled reply_rows(struct request *request, const struct listing *listing,
                               const struct program_list *list, const struct rows *rows)
{
    uint64_t from = 0;
    (void)word_number(listing->position, UINT32_MAX, &from);
    uint64_t past = from + listing->limit < rows->count ? from + listing->limit : rows->count;
    struct json_writer json = on_listing_begin(request);
    for (uint64_t i = from; i < past; i++)
        write_option(&json, list, rows->rows ? rows->rows[i] : (uint32_t)i);
    on_listing_end(request, &json, listing, past < rows->count,
                   arena_printf(&request->arena, "%llu", (unsigned long long)past));
    return HANDLED;
}

enum handled list_get(struct request *request)
{
    struct arguments arguments;
    struct listing listing;
    struct rows rows;
    if (!on_arguments(request, &arguments)) return HANDLED;
    struct str column = arguments_get(&arguments, "column"),
               equals = arguments_get(&arguments, "equals");
    struct str filter = arena_printf(&request->arena, "%.*s %.*s", STR_ARG(column), STR_ARG(equals));
    if (!filter.ptr) return reply_failure(request, ST_NOMEM, REFUSAL_NONE);
    if (!on_listing(request, filter, &listing)) return HANDLED;
    enum handled handled = on_definition(request, (struct aim){.number = request->match.version});
    if (!request->definition) return handled;
    const struct program_list *list =
        find_list(request->definition->program, request_param(request, ROUTE_ID));
    if (!list) return reply_problem(request, PROBLEM_NOT_FOUND, NULL);
    if (!find_rows(request, list, &arguments, &rows)) return HANDLED;
    return reply_rows(request, &listing, list, &rows);
}
