#include "dsl/render.h"

#include "base/civil.h"
#include "base/decimal.h"
#include "base/json_writer.h"
#include "base/language.h"
#include "base/partial.h"
#include "dsl/composite.h"
#include "dsl/target.h"

struct renderer {
    const struct program *program;
    const struct ir *ir;
    struct buf *out;
    struct json_writer json;
};

/* ---- references */

static void put_pointer(struct buf *out, const struct program *program, uint32_t number)
{
    const struct program_node *node = &program->nodes[number];
    if (node->parent == PROGRAM_NONE) return;
    put_pointer(out, program, node->parent);
    if (node_is_frame(node->kind)) return;
    buf_putc(out, '/');
    for (size_t i = 0; i < node_key(node).len; i++) {
        char c = node_key(node).ptr[i];
        if (c == '~') buf_puts(out, "~0");
        else if (c == '/') buf_puts(out, "~1");
        else buf_putc(out, c);
    }
    if (node->kind == NODE_REPEAT) buf_puts(out, "/*");
}

/* A field by its place in the answers, rows as "*"; a let, which has none, by its path. */
static void write_reference(struct renderer *r, uint32_t node)
{
    struct buf text;
    if (r->program->nodes[node].kind == NODE_LET) {
        json_key_str(&r->json, STR("ref"), r->ir->nodes[node].path);
        return;
    }
    buf_init(&text, r->out->mem, r->out->bytes_max);
    put_pointer(&text, r->program, node);
    json_key_str(&r->json, STR("ref"), buf_str(&text));
    if (buf_failed(&text) && !r->out->failure) r->out->failure = text.failure;
    buf_release(&text);
}

/* ---- texts */

static void write_plain(struct renderer *r, struct passage text)
{
    struct buf whole;
    buf_init(&whole, r->out->mem, r->out->bytes_max);
    passage_put_literals(text, &whole);
    json_str(&r->json, buf_str(&whole));
    if (buf_failed(&whole) && !r->out->failure) r->out->failure = whole.failure;
    buf_release(&whole);
}

static void write_show(struct renderer *r, const struct program_part *part)
{
    const char *word = program_show_word(part->show);
    if (part->show == SHOW_MONEY) json_key_str(&r->json, STR("format"), str_of(part->currency));
    else if (*word) json_key_str(&r->json, STR("format"), str_of(word));
}

static void write_parts(struct renderer *r, struct passage text)
{
    struct program_part part;
    json_array(&r->json);
    while (passage_next(&text, &part)) {
        if (part.node == PROGRAM_NONE && part.literal.len == 0) continue;
        json_object(&r->json);
        if (part.node == PROGRAM_NONE) json_key_str(&r->json, STR("text"), part.literal);
        else write_reference(r, part.node);
        write_show(r, &part);
        json_object_end(&r->json);
    }
    json_array_end(&r->json);
}

static void write_text(struct renderer *r, struct passage text)
{
    if (passage_fills(text)) write_parts(r, text);
    else write_plain(r, text);
}

static void write_message(struct renderer *r, struct str key, struct program_message message)
{
    if (!message.bytes) return;
    json_key(&r->json, key);
    json_object(&r->json);
    for (uint32_t i = 0; i < r->program->language_count; i++) {
        json_key(&r->json, r->program->languages[i]);
        write_text(r, passage_open(&message, i));
    }
    json_object_end(&r->json);
}

/* ---- values: as they would be sent */

static void write_moment(struct renderer *r, enum program_type type, int64_t value)
{
    char text[CIVIL_DATETIME_BYTES];
    size_t len = 0;
    if (type == TYPE_DATE) len = civil_format_date((int32_t)value, text);
    if (type == TYPE_YEAR_MONTH || type == TYPE_PARTIAL_DATE)
        len = partial_format((int32_t)value, text);
    if (type == TYPE_TIME) len = civil_format_time((int32_t)value, text);
    if (type == TYPE_DATETIME) len = civil_format_datetime(value, 0, text);
    json_str(&r->json, (struct str){text, len});
}

/* Decimals are texts: no reader may lose digits of them. */
static void write_exact(struct renderer *r, const struct program_node *node, int64_t value)
{
    char text[DECIMAL_TEXT_BYTES];
    switch (node->type) {
    case TYPE_INTEGER:
        json_int(&r->json, value);
        return;
    case TYPE_DECIMAL:
    case TYPE_MONEY:
        json_str(&r->json, (struct str){text, decimal_format(value, node->scale, text)});
        return;
    default:
        write_moment(r, node->type, value);
        return;
    }
}

static void write_bound(struct renderer *r, const struct program_node *node, struct str key, bool has,
                        int64_t exact, double number)
{
    if (!has) return;
    json_key(&r->json, key);
    if (node->type == TYPE_NUMBER) json_double(&r->json, number);
    else write_exact(r, node, exact);
}

/* What the value is worked out from when the form is opened. */
static void write_call(struct renderer *r, const char *name)
{
    json_object(&r->json);
    json_key_str(&r->json, STR("call"), str_of(name));
    json_object_end(&r->json);
}

static void write_constant(struct renderer *r, const struct program_node *node, const struct ir_expr *e)
{
    switch (node->type) {
    case TYPE_TEXT:
        json_str(&r->json, e->value.text);
        return;
    case TYPE_BOOLEAN:
        json_bool(&r->json, e->value.truth);
        return;
    case TYPE_NUMBER:
        json_double(&r->json, e->value.number);
        return;
    case TYPE_CHOICE:
        json_str(&r->json, program_option_code(&r->program->lists[node_list(node)],
                                               (uint32_t)e->value.exact - 1));
        return;
    default:
        write_exact(r, node, e->value.exact);
        return;
    }
}

static void write_default(struct renderer *r, const struct program_node *node, const struct ir_expr *e)
{
    if (!e || e->op == IR_MISSING) return;
    json_key(&r->json, STR("default"));
    if (e->op == IR_TODAY) write_call(r, "today");
    else if (e->op == IR_NOW) write_call(r, "now");
    else write_constant(r, node, e);
}

/* ---- filters: what a frontend can apply by itself, column = value and column = answer */

/* code(x) is as an answer what x is. */
static const struct ir_expr *without_code(const struct ir_expr *e)
{
    return e->op == IR_CALL && e->helper == HELPER_CODE ? e->args[0] : e;
}

static bool is_column(const struct ir_expr *e)
{
    return e->op == IR_CALL && e->helper == HELPER_COLUMN && e->args[0]->op == IR_OPTION;
}

static bool is_plain_value(const struct ir *ir, const struct ir_expr *e)
{
    return e->op == IR_CONST || (e->op == IR_SLOT && ir->nodes[e->node].kind == NODE_FIELD);
}

struct condition {
    const struct ir_expr *column, *value;
};

/* False: it is more than that. */
static bool read_condition(const struct ir *ir, const struct ir_expr *e, struct condition *ret)
{
    if (e->op != IR_EQ) return false;
    const struct ir_expr *a = without_code(e->args[0]), *b = without_code(e->args[1]);
    *ret = is_column(a) ? (struct condition){a, b} : (struct condition){b, a};
    return is_column(ret->column) && is_plain_value(ir, ret->value);
}

static uint32_t condition_count(const struct ir_expr *offer)
{
    return offer->op == IR_AND ? offer->arg_count : 1;
}

static const struct ir_expr *condition_at(const struct ir_expr *offer, uint32_t index)
{
    return offer->op == IR_AND ? offer->args[index] : offer;
}

/* By column, a bit for each: those that some field's filter lets a frontend see. */
uint32_t render_columns_shown(const struct ir *ir, uint32_t list)
{
    uint32_t shown = 0;
    for (uint32_t i = 0; i < ir->node_count; i++) {
        const struct ir_node *node = &ir->nodes[i];
        if (!node->filter || node->type.list != list) continue;
        for (uint32_t k = 0; k < condition_count(node->filter); k++) {
            struct condition condition;
            if (read_condition(ir, condition_at(node->filter, k), &condition))
                shown |= UINT32_C(1) << condition.column->column;
        }
    }
    return shown;
}

/* ---- items */

static const char *type_word(const struct program_node *node)
{
    static const char *const formats[] = {"text", "email", "url", "phone"};
    static const char *const types[] = {"",       "text",    "boolean",    "integer",      "decimal",
                                        "money",  "number",  "date",       "time",         "datetime",
                                        "choice", "choices", "year_month", "partial_date", "ranking"};
    if (node->format == FORMAT_ZONED) return "zoned";
    return node->type == TYPE_TEXT ? formats[node->format] : types[node->type];
}

static const char *kind_word(enum program_node_kind kind)
{
    static const char *const kinds[] = {"form",  "page", "group", "repeat",
                                        "field", "note", "let",   "section"};
    return kinds[kind];
}

static void write_flag(struct renderer *r, struct str key, bool value)
{
    if (value) json_key_bool(&r->json, key, true);
}

static void write_length(struct renderer *r, const struct program_node *node)
{
    if (node->type != TYPE_TEXT && node->type != TYPE_CHOICES && node->type != TYPE_RANKING) return;
    if (node->bounds->length_min > 0)
        json_key_int(&r->json, STR("length_min"), node->bounds->length_min);
    if (node->bounds->length_max >= 0)
        json_key_int(&r->json, STR("length_max"), node->bounds->length_max);
}

static void write_wall(struct renderer *r, const struct program_node *node)
{
    json_key_str(&r->json, STR("timezone"), node->rare->zone);
    if (node->computed) return;
    if (node->rare->wall.refuse_skipped) json_key_str(&r->json, STR("skipped"), STR("refuse"));
    if (node->rare->wall.repeated != ZONED_FIRST)
        json_key_str(&r->json, STR("repeated"),
                     node->rare->wall.repeated == ZONED_SECOND ? STR("second") : STR("refuse"));
}

static void write_type(struct renderer *r, const struct program_node *node)
{
    json_key_str(&r->json, STR("type"), str_of(type_word(node)));
    if (node->type == TYPE_DECIMAL || node->type == TYPE_MONEY)
        json_key_int(&r->json, STR("scale"), node->scale);
    if (node->format == FORMAT_ZONED) write_wall(r, node);
    if (node->type == TYPE_MONEY) json_key_str(&r->json, STR("currency"), str_of(node->currency));
    if (node->type == TYPE_CHOICE || node->type == TYPE_CHOICES || node->type == TYPE_RANKING)
        json_key_str(&r->json, STR("list"), r->program->lists[node_list(node)].name);
}

static void write_condition(struct renderer *r, const struct condition *condition)
{
    const struct ir_list *list = &r->ir->lists[condition->column->args[0]->type.list];
    const struct ir_column *column = &list->columns[condition->column->column];
    json_object(&r->json);
    json_key_str(&r->json, STR("column"), column->name);
    if (condition->value->op == IR_SLOT) {
        write_reference(r, condition->value->node);
    } else {
        const struct program_node as = {.type = condition->value->type.kind,
                                        .scale = condition->value->type.scale,
                                        .target = condition->value->type.list};
        json_key(&r->json, STR("value"));
        write_constant(r, &as, condition->value);
    }
    json_object_end(&r->json);
}

static void write_filter(struct renderer *r, const struct ir_node *from)
{
    bool more = false;
    if (!from->filter) return;
    json_key(&r->json, STR("where"));
    json_array(&r->json);
    for (uint32_t i = 0; i < condition_count(from->filter); i++) {
        struct condition condition;
        if (read_condition(r->ir, condition_at(from->filter, i), &condition))
            write_condition(r, &condition);
        else more = true;
    }
    json_array_end(&r->json);
    if (more) json_key_bool(&r->json, STR("where_more"), true);
}

/* A modifier that may hold always, or under a condition that the server knows. */
static void write_sometimes(struct renderer *r, struct str key, bool always, bool sometimes)
{
    if (always) json_key_bool(&r->json, key, true);
    else if (sometimes) json_key_str(&r->json, key, STR("conditional"));
}

static void write_required(struct renderer *r, const struct program_node *node)
{
    write_sometimes(r, STR("required"), node->required, node->required_slot != 0);
}

/* What may be written in where no option fits. */
static void write_other(struct renderer *r, const struct program_node *part)
{
    json_key(&r->json, STR("other"));
    json_object(&r->json);
    write_message(r, STR("label"), part->label);
    write_length(r, part);
    json_object_end(&r->json);
}

static void write_field(struct renderer *r, const struct program_node *node, const struct ir_node *from)
{
    write_type(r, node);
    write_filter(r, from);
    if (node->open) write_other(r, &r->program->nodes[node->rare->part]);
    write_required(r, node);
    write_flag(r, STR("computed"), node->computed);
    write_bound(r, node, STR("min"), node->has_min, node->bounds->min, node->bounds->number_min);
    write_bound(r, node, STR("max"), node->has_max, node->bounds->max, node->bounds->number_max);
    write_length(r, node);
    if (node_pattern(node) != PROGRAM_NONE)
        json_key_str(&r->json, STR("pattern"), r->program->patterns[node_pattern(node)].text);
    write_sometimes(r, STR("length"), false, node->rare->length_low || node->rare->length_high);
    write_default(r, node, from->default_value);
    write_flag(r, STR("suggest"), node->rare->suggestion != 0);
    write_sometimes(r, STR("readonly"), node->readonly, node->rare->readonly_flag != 0);
    write_message(r, STR("placeholder"), node->rare->placeholder);
    if (node->rare->autocomplete.len)
        json_key_str(&r->json, STR("autocomplete"), node->rare->autocomplete);
    write_flag(r, STR("multiline"), node->multiline);
    write_flag(r, STR("hidden"), node->hidden);
    write_flag(r, STR("keep"), node->keep);
    write_flag(r, STR("sensitive"), node->sensitive);
}

static void write_repeat(struct renderer *r, const struct program_node *node)
{
    const struct program_scope *scope = &r->program->scopes[node->rare->own_scope];
    write_required(r, node);
    json_key_int(&r->json, STR("rows_min"), scope->rows_min);
    json_key_int(&r->json, STR("rows_max"), scope->rows_max);
    write_sometimes(r, STR("rows"), false, node->rare->rows_low || node->rare->rows_high);
}

/* What the fields of a group are together; of files which types are taken. */
static void write_composite(struct renderer *r, const struct item *item)
{
    const char *composite = composite_name(item);
    uint32_t count = 0;
    const struct expr_name *types = composite ? composite_types(item, &count) : NULL;
    if (composite) json_key_str(&r->json, STR("composite"), str_of(composite));
    if (count == 0) return;
    json_key(&r->json, STR("types"));
    json_array(&r->json);
    for (uint32_t i = 0; i < count; i++) json_str(&r->json, types[i].text);
    json_array_end(&r->json);
}

/* What all rows of a matrix are. */
static void write_rows_type(struct renderer *r, uint32_t matrix)
{
    const struct program_node *row = &r->program->nodes[matrix + 1];
    const char *composite = composite_name(r->ir->nodes[matrix + 1].item);
    if (composite) json_key_str(&r->json, STR("type"), str_of(composite));
    else write_type(r, row);
}

static void write_items(struct renderer *r, uint32_t around);

static void write_item(struct renderer *r, uint32_t number)
{
    const struct program_node *node = &r->program->nodes[number];
    const struct item *item = r->ir->nodes[number].item;
    bool matrix = item && item->matrix;
    json_object(&r->json);
    json_key_str(&r->json, STR("kind"), str_of(matrix ? "matrix" : kind_word(node->kind)));
    json_key_str(&r->json, STR("name"), node_name(node));
    if (!node_is_frame(node->kind) && node->kind != NODE_NOTE)
        json_key_str(&r->json, STR("key"), node_key(node));
    write_message(r, STR("label"), node->label);
    write_message(r, STR("hint"), node->rare->hint);
    write_flag(r, STR("conditional"), node->relevance_slot != 0);
    write_composite(r, item);
    if (matrix) write_rows_type(r, number);
    if (node->kind == NODE_FIELD) write_field(r, node, &r->ir->nodes[number]);
    if (node->kind == NODE_REPEAT) write_repeat(r, node);
    if (node_is_frame(node->kind) || node->kind == NODE_GROUP || node->kind == NODE_REPEAT)
        write_items(r, number);
    json_object_end(&r->json);
}

static void write_items(struct renderer *r, uint32_t around)
{
    json_key(&r->json, STR("items"));
    json_array(&r->json);
    uint32_t past = r->program->nodes[around].subtree_end;
    for (uint32_t i = around + 1; i < past; i = r->program->nodes[i].subtree_end)
        if (r->program->nodes[i].kind != NODE_LET) write_item(r, i);
    json_array_end(&r->json);
}

/* ---- lists */

/* Which lists some field chooses from; the others serve rules alone. */
static void mark_shown(const struct program *program, bool *shown)
{
    for (uint32_t i = 0; i < program->node_count; i++) {
        const struct program_node *node = &program->nodes[i];
        bool chooses =
            node->type == TYPE_CHOICE || node->type == TYPE_CHOICES || node->type == TYPE_RANKING;
        if (node->kind == NODE_FIELD && chooses) shown[node_list(node)] = true;
    }
}

static void write_cell(struct renderer *r, const struct program_column *column,
                       const struct program_cell *cell)
{
    struct ir_expr e = {.op = IR_CONST};
    const struct program_node as = {
        .type = column->type, .scale = column->scale, .target = column->list};
    if (column->type == TYPE_TEXT) e.value.text = cell->value.text;
    else if (column->type == TYPE_NUMBER) e.value.number = cell->value.number;
    else if (column->type == TYPE_BOOLEAN) e.value.truth = cell->value.exact != 0;
    else e.value.exact = cell->value.exact;
    json_key(&r->json, column->name);
    write_constant(r, &as, &e);
}

static void write_cells(struct renderer *r, const struct program_list *list, uint32_t option,
                        uint32_t shown)
{
    if (!shown) return;
    json_key(&r->json, STR("values"));
    json_object(&r->json);
    for (uint32_t i = 0; i < list->column_count; i++) {
        const struct program_cell *cell = &list->columns[i].cells[option];
        if (shown >> i & 1 && cell->present) write_cell(r, &list->columns[i], cell);
    }
    json_object_end(&r->json);
}

static void write_option(struct renderer *r, const struct program_list *list, uint32_t index,
                         uint32_t shown)
{
    json_object(&r->json);
    json_key_str(&r->json, STR("code"), program_option_code(list, index));
    write_message(r, STR("label"), list->labels[index]);
    write_flag(r, STR("conditional"), program_option_offered(list, index) != 0);
    write_cells(r, list, index, shown);
    json_object_end(&r->json);
}

/* Its rows are fetched from where the published form's lists are served. */
static void write_table(struct renderer *r, const struct program_list *list, uint32_t shown)
{
    json_key(&r->json, list->name);
    json_object(&r->json);
    json_key_int(&r->json, STR("rows"), list->option_count);
    json_key(&r->json, STR("columns"));
    json_array(&r->json);
    for (uint32_t i = 0; i < list->column_count; i++)
        if (shown >> i & 1) json_str(&r->json, list->columns[i].name);
    json_array_end(&r->json);
    json_object_end(&r->json);
}

static void write_list(struct renderer *r, uint32_t number)
{
    const struct program_list *list = &r->program->lists[number];
    uint32_t shown = render_columns_shown(r->ir, number);
    if (list->sheet) {
        write_table(r, list, shown);
        return;
    }
    json_key(&r->json, list->name);
    json_array(&r->json);
    for (uint32_t i = 0; i < list->option_count; i++) write_option(r, list, i, shown);
    json_array_end(&r->json);
}

static void write_lists(struct renderer *r)
{
    bool *shown = mem_zalloc(r->out->mem, r->program->list_count + 1);
    if (!shown) {
        if (!r->out->failure) r->out->failure = ST_NOMEM;
        return;
    }
    mark_shown(r->program, shown);
    json_key(&r->json, STR("lists"));
    json_object(&r->json);
    for (uint32_t i = 0; i < r->program->list_count; i++)
        if (shown[i]) write_list(r, i);
    json_object_end(&r->json);
    mem_free(r->out->mem, shown, r->program->list_count + 1);
}

/* ---- the form */

/* Whether what is shown can change with the answers. */
static bool is_live(const struct program *program)
{
    for (uint32_t i = 0; i < program->node_count; i++) {
        const struct program_node *node = &program->nodes[i];
        if (node->relevance_slot || node->required_slot || node->computed || node->text_reads ||
            node->derived)
            return true;
    }
    return false;
}

static bool wants_invitation(const struct program *program)
{
    for (uint32_t i = 0; i < program->unique_count; i++)
        if (program->uniques[i].invited) return true;
    return false;
}

/* The languages that are written from right to left; left out when there is none. */
static void write_directions(struct renderer *r)
{
    const struct program *program = r->program;
    bool any = false;
    for (uint32_t i = 0; i < program->language_count; i++) {
        if (!language_is_right_to_left(program->languages[i])) continue;
        if (!any) {
            json_key(&r->json, STR("dir"));
            json_object(&r->json);
        }
        any = true;
        json_key_str(&r->json, program->languages[i], STR("rtl"));
    }
    if (any) json_object_end(&r->json);
}

void render_write(const struct program *program, const struct ir *ir, struct buf *out)
{
    struct renderer r = {.program = program, .ir = ir, .out = out};
    json_writer_init(&r.json, out);
    json_object(&r.json);
    json_key_int(&r.json, STR("format"), TARGET_RENDER_VERSION);
    json_key_str(&r.json, STR("name"), program->name);
    json_key_str(&r.json, STR("hash"), str_of(program->source_hash));
    json_key_int(&r.json, STR("edition"), program->edition);
    write_message(&r, STR("title"), program->title);
    json_key(&r.json, STR("languages"));
    json_array(&r.json);
    for (uint32_t i = 0; i < program->language_count; i++) json_str(&r.json, program->languages[i]);
    json_array_end(&r.json);
    write_directions(&r);
    json_key_str(&r.json, STR("timezone"), program->timezone);
    json_key_bool(&r.json, STR("live"), is_live(program));
    write_flag(&r, STR("invitation"), wants_invitation(program));
    write_lists(&r);
    write_items(&r, 0);
    json_object_end(&r.json);
}
