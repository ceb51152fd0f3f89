#include "pages/option.h"

#include "base/json_writer.h"
#include "base/limits.h"

/* The field that a reference of the render document names; "*" stands for a row. */
static uint32_t find_field(const struct program *program, struct str pointer)
{
    uint32_t node = PROGRAM_NONE, object = 0;
    while (pointer.len > 1) {
        struct str rest = {pointer.ptr + 1, pointer.len - 1};
        const char *slash = memchr(rest.ptr, '/', rest.len);
        struct str part = {rest.ptr, slash ? (size_t)(slash - rest.ptr) : rest.len};
        pointer = (struct str){rest.ptr + part.len, rest.len - part.len};
        if (str_eq(part, STR("*"))) continue;
        char plain[LIMIT_NAME_BYTES * 2];
        size_t len = 0;
        for (size_t i = 0; i < part.len && len < sizeof plain; i++) {
            bool escape = part.ptr[i] == '~' && i + 1 < part.len;
            plain[len++] = !escape ? part.ptr[i] : part.ptr[i + 1] == '1' ? '/' : '~';
            i += escape;
        }
        uint32_t member = name_table_find(&program->objects[object].members, (struct str){plain, len});
        if (member == NAME_ABSENT) return PROGRAM_NONE;
        node = program->objects[object].member_nodes[member];
        object = node_object(&program->nodes[node]);
    }
    return node;
}

static struct str json_of(const struct drawing *drawing, const struct json_value *value)
{
    struct buf text;
    buf_init(&text, drawing->view->arena->mem, (size_t)limit(TEXT_BYTES) * 2);
    if (value->kind == JSON_STRING) json_put_str(&text, value->text);
    else if (value->kind == JSON_NUMBER) buf_put(&text, value->text);
    else buf_puts(&text, value->kind == JSON_TRUE ? "true" : "false");
    struct str copy = arena_str(drawing->view->arena, buf_failed(&text) ? STR("") : buf_str(&text));
    buf_release(&text);
    return copy.ptr ? copy : STR("");
}

/* What the answer is, as JSON; empty: it is missing. */
static struct str answer_of(const struct drawing *drawing, struct str pointer, const struct seat *seat)
{
    struct buf text;
    const struct judge *judge = drawing->view->judge;
    uint32_t field = find_field(drawing->program, pointer);
    if (field == PROGRAM_NONE || drawing->program->nodes[field].kind != NODE_FIELD) return STR("");
    uint32_t row =
        sight_row_around(judge, seat->scope, seat->row, drawing->program->nodes[field].scope);
    buf_init(&text, drawing->view->arena->mem, (size_t)limit(VERDICT_BYTES));
    bool there = sight_relevant(judge, field, row) && sight_put_json(judge, field, row, &text);
    struct str copy =
        there && !buf_failed(&text) ? arena_str(drawing->view->arena, buf_str(&text)) : STR("");
    buf_release(&text);
    return copy.ptr ? copy : STR("");
}

static uint32_t column_of(const struct program_list *list, struct str name)
{
    uint32_t column = 0;
    while (column < list->column_count && !str_eq(list->columns[column].name, name)) column++;
    return column;
}

static void add_condition(struct offer *offer, const struct json_value *condition,
                          const struct seat *seat)
{
    struct str ref, name;
    if (offer->condition_count == OFFER_CONDITIONS || !json_get_str(condition, STR("column"), &name))
        return;
    uint32_t column = column_of(offer->list, name);
    const struct json_value *value = json_get(condition, STR("value"));
    if (column == offer->list->column_count) return;
    struct str wanted = value ? json_of(offer->drawing, value)
                        : json_get_str(condition, STR("ref"), &ref)
                            ? answer_of(offer->drawing, ref, seat)
                            : STR("");
    offer->none |= !wanted.len;
    offer->conditions[offer->condition_count].column = column;
    offer->conditions[offer->condition_count].name = name;
    offer->conditions[offer->condition_count++].wanted = wanted;
}

void offer_begin(const struct drawing *drawing, uint32_t field, const struct seat *seat,
                 struct offer *ret_offer)
{
    const struct book *book = drawing->view->book;
    const struct program_list *list =
        &drawing->program->lists[node_list(&drawing->program->nodes[field])];
    const struct json_value *where = json_get(book_item(book, field), STR("where"));
    *ret_offer = (struct offer){.drawing = drawing, .list = list};
    if (!list->sheet) ret_offer->options = json_get(json_get(&book->render, STR("lists")), list->name);
    for (uint32_t i = 0; where && i < where->count; i++)
        add_condition(ret_offer, &where->items[i], seat);
}

/* Cells of tables are compared as they are written where that is what they are worth; others are the
 * verdict's to judge. */
static bool cell_fits(const struct offer *offer, uint32_t option, uint32_t column, struct str wanted)
{
    const struct program_column *at = &offer->list->columns[column];
    struct str cell = sheet_cell(offer->list->sheet, option, at->sheet_column);
    if (at->type != TYPE_TEXT && at->type != TYPE_CHOICE && at->type != TYPE_INTEGER) return true;
    if (at->type == TYPE_INTEGER) return str_eq(cell, wanted);
    struct json_value value = {.kind = JSON_STRING, .text = cell};
    return str_eq(json_of(offer->drawing, &value), wanted);
}

bool offer_has(const struct offer *offer, uint32_t option)
{
    if (offer->none || !sight_offered(offer->drawing->view->judge, offer->list, option)) return false;
    for (uint32_t i = 0; i < offer->condition_count; i++) {
        struct str wanted = offer->conditions[i].wanted;
        if (!offer->options) {
            if (!cell_fits(offer, option, offer->conditions[i].column, wanted)) return false;
            continue;
        }
        const struct json_value *values = json_get(&offer->options->items[option], STR("values"));
        const struct json_value *value = json_get(values, offer->conditions[i].name);
        if (!value || !str_eq(json_of(offer->drawing, value), wanted)) return false;
    }
    return true;
}

uint32_t offer_count(const struct offer *offer, uint32_t most)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < offer->list->option_count && count <= most; i++)
        count += offer_has(offer, i);
    return count;
}

struct str option_label(const struct drawing *drawing, const struct program_list *list, uint32_t option)
{
    static const struct seat form = {0, 0, NULL};
    if (list->sheet) return sheet_cell(list->sheet, option, list->label);
    struct str label = draw_text(drawing, &list->labels[option], &form);
    return label.len ? label : program_option_code(list, option);
}
