#include "dsl/column.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "dsl/builtin.h"
#include "dsl/choice_list.h"
#include "dsl/declare.h"
#include "dsl/typer.h"

#include <assert.h>

/* ---- names and types */

static bool may_be_column(struct checking *ck, const struct tree_column *tree, struct type type)
{
    if (type.kind == TYPE_NONE) return false;
    if (!type_is_scalar(type) || tree->type.where) {
        complain(ck, "E0229", tree->type.span, "a column has one value for each option",
                 "%s is no type of a column",
                 tree->type.where ? "a filtered list" : "a set of choices");
        return false;
    }
    return true;
}

static void declare_column(struct checking *ck, uint32_t list, uint32_t index,
                           const struct tree_column *tree)
{
    enum program_format format;
    struct ir_column *column = &ck->ir->lists[list].columns[index];
    column->name = tree->name;
    column->span = tree->name_span;
    column->type = declare_type(ck, &tree->type, &format);
    if (format == FORMAT_ZONED)
        complain(ck, "E0235", tree->type.span, "write datetime", "zoned is a type of fields only");
    else if (format != FORMAT_PLAIN)
        complain(ck, "E0229", tree->type.span, NULL, "a text of a column is of type text");
    if (!may_be_column(ck, tree, column->type)) column->type = type_of_kind(TYPE_NONE);
    if (tree->name.len == 0) return;
    uint32_t earlier = checking_put(ck, SYMBOL_SPACE(SYMBOL_COLUMN, list), tree->name, index);
    if (earlier == SYMBOL_ABSENT) return;
    struct diag *diag = complain(ck, "E0229", tree->name_span, NULL,
                                 "this list has a column \"%.*s\" already", STR_ARG(tree->name));
    complain_about(ck, diag, ck->ir->lists[list].columns[earlier].span, "it is declared here");
}

static void declare_columns(struct checking *ck, const struct item *item, uint32_t list)
{
    struct ir_list *l = &ck->ir->lists[list];
    if (item->column_count == 0) return;
    l->columns = CHECKING_ARRAY(ck, struct ir_column, item->column_count);
    if (!l->columns) return;
    l->column_count = item->column_count;
    for (uint32_t i = 0; i < l->column_count; i++) declare_column(ck, list, i, &item->columns[i]);
}

/* Calls `visit` for each item that declares a list, with the list's number. */
static void each_list(struct checking *ck,
                      void (*visit)(struct checking *ck, const struct item *item, uint32_t list))
{
    uint32_t list = 0;
    for (uint32_t i = 0; i < ck->tree->item_count && !ck->failure; i++)
        if (ck->tree->items[i].kind == ITEM_CHOICES || ck->tree->items[i].kind == ITEM_TABLE)
            visit(ck, &ck->tree->items[i], list++);
}

void column_declare(struct checking *ck)
{
    each_list(ck, declare_columns);
}

uint32_t column_find(const struct checking *ck, uint32_t list, struct str name)
{
    uint32_t column = symbol_find(&ck->symbols, SYMBOL_SPACE(SYMBOL_COLUMN, list), name);
    return column == SYMBOL_ABSENT ? IR_NONE : column;
}

/* ---- what stands in them */

/* Of a list a code may stand as a bare name, as it does where it is declared. */
static struct ir_expr *read_value(struct checking *ck, const struct expr *expr,
                                  const struct ir_column *column)
{
    struct place place = place_inside(ck->ir, 0);
    const char *what = checking_text(ck, "in the column \"%.*s\"", STR_ARG(column->name));
    bool name = expr->kind == EXPR_PATH && expr->name_count == 1 && !expr->outer && !expr->prior;
    if (name && column->type.kind == TYPE_CHOICE) {
        struct expr code = {.kind = EXPR_TEXT, .span = expr->span, .text = expr->names[0].text};
        return typer_into(ck, &place, &code, column->type, what);
    }
    if (expr->kind == EXPR_PATH) {
        complain(ck, "E0229", expr->span,
                 column->type.kind == TYPE_TEXT ? "a text stands in quotes" : NULL,
                 "what stands in a column is a constant");
        return &ck->poison;
    }
    return typer_into(ck, &place, expr, column->type, what);
}

static struct program_cell cell_of(const struct ir_expr *e)
{
    struct program_cell cell = {.present = true};
    if (e->type.kind == TYPE_TEXT) cell.value.text = e->value.text;
    else if (e->type.kind == TYPE_NUMBER) cell.value.number = e->value.number;
    else if (e->type.kind == TYPE_BOOLEAN) cell.value.exact = e->value.truth;
    else cell.value.exact = e->value.exact;
    return cell;
}

static void fill_cell(struct checking *ck, const struct expr *expr, struct ir_column *column,
                      uint32_t option)
{
    struct ir_expr *e = read_value(ck, expr, column);
    if (ir_is_poison(e)) return;
    if (ir_is_const(e)) column->cells[option] = cell_of(e);
    else complain(ck, "E0229", expr->span, NULL, "what stands in a column is a constant");
}

/* False: complained about. */
static bool has_all_values(struct checking *ck, const struct ir_list *list,
                           const struct tree_option *option)
{
    uint32_t found = option->value_count, wanted = list->column_count;
    if (found == wanted) return true;
    struct span span = found ? option->values_span : option->span;
    const char *hint =
        wanted == 0 ? "columns are declared in front: choices cities with country: text { … }" : NULL;
    struct diag *diag =
        complain(ck, "E0228", span, hint, "option \"%.*s\" has %u value%s, and list %.*s %u column%s",
                 STR_ARG(option->code), (unsigned)found, found == 1 ? "" : "s", STR_ARG(list->name),
                 (unsigned)wanted, wanted == 1 ? "" : "s");
    complain_about(ck, diag, list->span, "the list");
    return false;
}

static void measure_cell(struct ir_column *column, const struct program_cell *cell, bool *first)
{
    if (!cell->present) {
        column->has_missing = true;
    } else if (column->type.kind == TYPE_TEXT) {
        if (cell->value.text.len > column->text_max) column->text_max = (uint32_t)cell->value.text.len;
    } else if (column->type.kind != TYPE_NUMBER) {
        if (*first || cell->value.exact < column->low) column->low = cell->value.exact;
        if (*first || cell->value.exact > column->high) column->high = cell->value.exact;
        *first = false;
    }
}

static void measure_column(struct ir_column *column, uint32_t count)
{
    bool first = true;
    for (uint32_t i = 0; i < count; i++) measure_cell(column, &column->cells[i], &first);
}

/* ---- of tables: every cell is looked at, none is kept */

static bool read_cell(const struct checking *ck, const struct ir_column *column, struct str text,
                      struct program_cell *ret_cell)
{
    const struct program_column as = {.type = column->type.kind, .scale = column->type.scale};
    if (column->type.kind != TYPE_CHOICE || text.len == 0)
        return program_read_cell(NULL, &as, text, ret_cell);
    uint32_t option = choice_list_option(ck, column->type.list, text);
    *ret_cell = (struct program_cell){.present = true, .value.exact = (int64_t)option + 1};
    return option != IR_NONE;
}

static void complain_cell(struct checking *ck, const struct item *item, const struct tree_column *tree,
                          const struct ir_column *column, uint32_t row, struct str text)
{
    if (text.len > 60) text = (struct str){text.ptr, utf8_valid_len((struct str){text.ptr, 60})};
    complain(ck, "E0231", tree->span, NULL, "in row %u of table %.*s \"%.*s\" is no %s",
             (unsigned)row + 1, STR_ARG(item->name), STR_ARG(text), type_text(ck, column->type));
}

static void measure_sheet_column(struct checking *ck, const struct item *item,
                                 const struct tree_column *tree, const struct ir_list *list,
                                 struct ir_column *column)
{
    struct program_cell cell;
    struct str name = tree->header.len ? tree->header : tree->name;
    column->sheet_column = sheet_column(list->sheet, name);
    if (column->sheet_column == NAME_ABSENT) {
        struct str names[LIMIT_COLUMNS];
        for (uint32_t i = 0; i < sheet_columns(list->sheet); i++) names[i] = sheet_name(list->sheet, i);
        if (tree->role == COLUMN_PLAIN && name.len)
            complain(ck, "E0231", tree->header.len ? tree->header_span : tree->name_span,
                     did_you_mean(ck, name, names, sheet_columns(list->sheet)),
                     "table %.*s has no column \"%.*s\"", STR_ARG(item->name), STR_ARG(name));
        return;
    }
    bool first = true;
    for (uint32_t i = 0; i < list->option_count; i++) {
        struct str text = sheet_cell(list->sheet, i, column->sheet_column);
        if (!read_cell(ck, column, text, &cell)) {
            complain_cell(ck, item, tree, column, i, text);
            return;
        }
        measure_cell(column, &cell, &first);
    }
}

static void fill_from_sheet(struct checking *ck, const struct item *item, uint32_t list)
{
    struct ir_list *l = &ck->ir->lists[list];
    for (uint32_t i = 0; i < l->column_count && l->keys; i++)
        if (l->columns[i].type.kind != TYPE_NONE)
            measure_sheet_column(ck, item, &item->columns[i], l, &l->columns[i]);
}

static void fill_columns(struct checking *ck, const struct item *item, uint32_t list)
{
    struct ir_list *l = &ck->ir->lists[list];
    if (item->kind == ITEM_TABLE) {
        fill_from_sheet(ck, item, list);
        return;
    }
    for (uint32_t i = 0; i < l->column_count; i++) {
        l->columns[i].cells = CHECKING_ARRAY(ck, struct program_cell, l->option_count);
        if (!l->columns[i].cells) return;
    }
    for (uint32_t i = 0; i < l->option_count; i++) {
        if (!has_all_values(ck, l, &item->options[i])) continue;
        for (uint32_t k = 0; k < l->column_count; k++)
            if (l->columns[k].type.kind != TYPE_NONE)
                fill_cell(ck, item->options[i].values[k], &l->columns[k], i);
    }
    for (uint32_t i = 0; i < l->column_count; i++) measure_column(&l->columns[i], l->option_count);
}

void column_fill(struct checking *ck)
{
    each_list(ck, fill_columns);
}

/* ---- reading them */

static struct ir_expr *build_column(struct checking *ck, struct span span, uint32_t column,
                                    struct ir_expr *choice)
{
    const struct ir_column *c = &ck->ir->lists[choice->type.list].columns[column];
    if (c->type.kind == TYPE_NONE) return &ck->poison; /* it has been complained about */
    return ir_build_column(ck, span, c->type, column, choice);
}

struct ir_expr *column_of_option(struct checking *ck, struct span span, uint32_t list, uint32_t column)
{
    struct type type = {.kind = TYPE_CHOICE, .list = list};
    struct ir_expr *option = ir_build_n(ck, IR_OPTION, type, span, NULL, 0);
    return ir_is_poison(option) ? option : build_column(ck, span, column, option);
}

static const char *suggest_column(struct checking *ck, const struct ir_list *list, struct str name)
{
    struct str *names =
        complaints_matter(ck) ? CHECKING_ARRAY(ck, struct str, list->column_count) : NULL;
    for (uint32_t i = 0; names && i < list->column_count; i++) names[i] = list->columns[i].name;
    return names ? did_you_mean(ck, name, names, list->column_count) : NULL;
}

static struct ir_expr *complain_no_column(struct checking *ck, const struct expr_name *name,
                                          const struct ir_expr *e)
{
    const struct ir_list *list = &ck->ir->lists[e->type.list];
    if (is_told(ck, UNKNOWN_IN(UNKNOWN_COLUMN, e->type.list), name->text, "E0203", name->span))
        return &ck->poison;
    struct diag *diag =
        complain(ck, "E0203", name->span, suggest_column(ck, list, name->text),
                 "list %.*s has no column \"%.*s\"", STR_ARG(list->name), STR_ARG(name->text));
    complain_about(ck, diag, list->span, "the list");
    return &ck->poison;
}

static struct ir_expr *complain_no_choice(struct checking *ck, const struct expr *path, uint32_t at,
                                          const struct ir_expr *e)
{
    if (e->op == IR_SLOT) lookup_complain_inside(ck, path, at, e->node);
    else
        complain(ck, "E0217", path->names[at].span, NULL,
                 "\"%.*s\" is of type %s: nothing can be named inside it",
                 STR_ARG(path->names[at - 1].text), type_text(ck, e->type));
    return &ck->poison;
}

struct ir_expr *column_follow(struct checking *ck, const struct expr *path, uint32_t at,
                              struct ir_expr *e)
{
    for (; at < path->name_count && !ir_is_poison(e); at++) {
        const struct expr_name *name = &path->names[at];
        bool has_columns = e->type.kind == TYPE_CHOICE && ck->ir->lists[e->type.list].column_count > 0;
        if (!has_columns) return complain_no_choice(ck, path, at, e);
        uint32_t column = column_find(ck, e->type.list, name->text);
        if (column == IR_NONE) return complain_no_column(ck, name, e);
        e = build_column(ck, path->span, column, e);
    }
    return e;
}

/* ---- lookup(table, key, column) */

static bool is_bare_name(struct checking *ck, const struct expr *call, uint32_t index, const char *what)
{
    const struct expr *arg = call->args[index];
    if (arg->kind == EXPR_PATH && arg->name_count == 1 && !arg->outer && !arg->prior) return true;
    if (arg->kind != EXPR_BAD)
        complain(ck, "E0312", arg->span, "as in lookup(cities, code, population)",
                 "argument %u of lookup() is the name of a %s", (unsigned)index + 1, what);
    return false;
}

/* A choice of that list is a key as it is; a text is looked for. */
static struct ir_expr *find_option(struct checking *ck, const struct place *place,
                                   const struct expr *call, uint32_t list)
{
    struct type choice = {.kind = TYPE_CHOICE, .list = list};
    struct ir_expr *key = typer_expr(ck, place, call->args[1], type_of_kind(TYPE_TEXT));
    if (ir_is_poison(key) || type_equal(key->type, choice)) return key;
    key = typer_convert(ck, key, type_of_kind(TYPE_TEXT), builtin_place(ck, call, 1));
    return ir_build_call_1(ck, HELPER_FIND, choice, call->span, key);
}

struct ir_expr *builtin_lookup(struct checking *ck, const struct place *place, const struct expr *call,
                               struct type want)
{
    (void)want;
    bool named = is_bare_name(ck, call, 0, "table or list"),
         column_named = is_bare_name(ck, call, 2, "column");
    uint32_t list = IR_NONE;
    if (named) list = choice_list_find(ck, call->args[0]->names[0].text, call->args[0]->names[0].span);
    if (list == IR_NONE || !column_named) return &ck->poison;
    ck->lists_used[list] = 1;
    struct ir_expr *option = find_option(ck, place, call, list);
    return ir_is_poison(option) ? option : column_follow(ck, call->args[2], 0, option);
}
