#include "tests/tree_print.h"

static void put_name(struct buf *out, struct str name)
{
    buf_put(out, name.len ? name : STR("?"));
}

static void put_quoted(struct buf *out, struct str text)
{
    buf_putc(out, '"');
    buf_put(out, text);
    buf_putc(out, '"');
}

static const char *op_name(enum expr_op op)
{
    static const char *const names[] = {
        [OP_NONE] = "none",    [OP_OR] = "or",    [OP_AND] = "and", [OP_NOT] = "not",
        [OP_EQ] = "=",         [OP_NE] = "!=",    [OP_LT] = "<",    [OP_LE] = "<=",
        [OP_GT] = ">",         [OP_GE] = ">=",    [OP_IN] = "in",   [OP_NOT_IN] = "not-in",
        [OP_COALESCE] = "?\?", [OP_ADD] = "+",    [OP_SUB] = "-",   [OP_MUL] = "*",
        [OP_DIV] = "/",        [OP_NEGATE] = "-",
    };
    return names[op];
}

static void put_path(struct buf *out, const struct expr *expr)
{
    if (expr->outer) buf_puts(out, "outer.");
    for (uint32_t i = 0; i < expr->name_count; i++) {
        if (i) buf_putc(out, '.');
        buf_put(out, expr->names[i].text);
    }
}

static void put_args(struct buf *out, const struct expr *expr)
{
    for (uint32_t i = 0; i < expr->arg_count; i++) {
        buf_putc(out, ' ');
        tree_print_expr(expr->args[i], out);
    }
    if (expr->where) buf_puts(out, " where ");
    if (expr->where) tree_print_expr(expr->where, out);
    buf_putc(out, ')');
}

void tree_print_expr(const struct expr *expr, struct buf *out)
{
    static const char *const units[] = {"day", "week", "month", "year", "hour", "minute"};
    switch (expr->kind) {
    case EXPR_NUMBER:
        buf_put(out, expr->text);
        return;
    case EXPR_TEXT:
        put_quoted(out, expr->text);
        return;
    case EXPR_TRUE:
        buf_puts(out, "true");
        return;
    case EXPR_FALSE:
        buf_puts(out, "false");
        return;
    case EXPR_PATH:
        put_path(out, expr);
        return;
    case EXPR_BAD:
        buf_putc(out, '?');
        return;
    case EXPR_DURATION:
        buf_printf(out, "%.*s-%s", STR_ARG(expr->text), units[expr->unit]);
        return;
    case EXPR_CALL:
        buf_printf(out, "(%.*s!", STR_ARG(expr->names[0].text));
        break;
    case EXPR_IF:
        buf_puts(out, "(if");
        break;
    case EXPR_IN_LIST:
        buf_printf(out, "(%s-list", op_name(expr->op));
        break;
    case EXPR_IN_RANGE:
        buf_printf(out, "(%s-range", op_name(expr->op));
        break;
    case EXPR_UNARY:
    case EXPR_BINARY:
        buf_printf(out, "(%s", op_name(expr->op));
        break;
    }
    put_args(out, expr);
}

static void put_text(struct buf *out, const struct text *text)
{
    if (text->part_count == 0) return;
    buf_puts(out, " \"");
    for (uint32_t i = 0; i < text->part_count; i++) {
        if (!text->parts[i].path) buf_put(out, text->parts[i].literal);
        if (text->parts[i].path) buf_putc(out, '{');
        if (text->parts[i].path) tree_print_expr(text->parts[i].path, out);
        if (text->parts[i].path) buf_putc(out, '}');
    }
    buf_putc(out, '"');
}

static void put_type(struct buf *out, const struct type_ref *type)
{
    static const char *const names[] = {
#define TYPE_NAME(name, spelling, argument) [TYPE_NAME_##name] = spelling,
#define TYPE_ALIAS(word, hint)
#include "dsl/type_name.def"
#undef TYPE_NAME
#undef TYPE_ALIAS
        [TYPE_NAME_BAD] = "?",
    };
    buf_printf(out, " %s", names[type->name]);
    if (type->name == TYPE_NAME_DECIMAL) buf_printf(out, "(%u)", type->scale);
    if (!type->argument.len) return;
    buf_printf(out, "(%.*s", STR_ARG(type->argument));
    if (type->where) buf_puts(out, " where ");
    if (type->where) tree_print_expr(type->where, out);
    buf_putc(out, ')');
}

static void put_check(struct buf *out, const struct tree_check *check)
{
    buf_putc(out, ' ');
    tree_print_expr(check->condition, out);
    if (check->unless) buf_puts(out, " unless ");
    if (check->unless) tree_print_expr(check->unless, out);
    put_text(out, &check->message);
    if (check->at) buf_puts(out, " at ");
    if (check->at) tree_print_expr(check->at, out);
    if (check->name.len) buf_printf(out, " as %.*s", STR_ARG(check->name));
}

static void put_side(struct buf *out, const struct modifier *modifier, const struct expr *expr,
                     int64_t number)
{
    buf_putc(out, ' ');
    if (expr) tree_print_expr(expr, out);
    else if (modifier->kind == MODIFIER_ROWS) buf_putc(out, '-');
    else buf_printf(out, "%lld", (long long)number);
}

static void put_modifier(struct buf *out, const struct modifier *modifier)
{
    static const char *const names[] = {
#define MODIFIER(kind, token, spelling, places, where) [MODIFIER_##kind] = spelling,
#include "dsl/modifier.def"
#undef MODIFIER
    };
    buf_printf(out, " (%s", names[modifier->kind]);
    if (modifier->unless) buf_puts(out, " unless");
    if (modifier->expr) buf_putc(out, ' ');
    if (modifier->expr) tree_print_expr(modifier->expr, out);
    bool range = modifier->kind == MODIFIER_LENGTH || modifier->kind == MODIFIER_ROWS ||
                 modifier->kind == MODIFIER_SIZE ||
                 (modifier->kind == MODIFIER_OTHER && (modifier->low >= 0 || modifier->high >= 0));
    if (range) {
        put_side(out, modifier, modifier->low_expr, modifier->low);
        put_side(out, modifier, modifier->high_expr, modifier->high);
    }
    for (uint32_t i = 0; i < modifier->string_count; i++) {
        buf_putc(out, ' ');
        put_quoted(out, modifier->strings[i].text);
    }
    if (modifier->kind == MODIFIER_UNKNOWN) buf_puts(out, modifier->low ? " ignore" : " refuse");
    else if (modifier->string_span.len) buf_putc(out, ' ');
    if (modifier->kind != MODIFIER_UNKNOWN && modifier->string_span.len)
        put_quoted(out, modifier->string);
    if (modifier->check) put_check(out, modifier->check);
    put_text(out, &modifier->message);
    buf_putc(out, ')');
}

static void put_option(struct buf *out, const struct tree_option *option)
{
    buf_puts(out, " (");
    if (option->quoted) put_quoted(out, option->code);
    else put_name(out, option->code);
    buf_putc(out, ' ');
    put_quoted(out, option->label);
    for (uint32_t i = 0; i < option->value_count; i++) {
        buf_puts(out, i ? ", " : " [");
        tree_print_expr(option->values[i], out);
    }
    if (option->value_count) buf_putc(out, ']');
    if (option->has_score) buf_printf(out, " %.*s", STR_ARG(option->score));
    if (option->when) buf_puts(out, option->unless ? " unless " : " when ");
    if (option->when) tree_print_expr(option->when, out);
    buf_putc(out, ')');
}

static void put_names(struct buf *out, const struct expr_name *names, uint32_t count, char between)
{
    for (uint32_t i = 0; i < count; i++) {
        if (i) buf_putc(out, between);
        buf_put(out, names[i].text);
    }
}

static void put_translation(struct buf *out, const struct translation *translation)
{
    buf_puts(out, " (");
    if (translation->path_count == 0) buf_puts(out, "title");
    put_names(out, translation->path, translation->path_count, '.');
    put_text(out, &translation->text);
    if (translation->text_of.part_count) buf_puts(out, " of");
    put_text(out, &translation->text_of);
    if (translation->hint.part_count) buf_puts(out, " hint");
    put_text(out, &translation->hint);
    if (translation->hint_of.part_count) buf_puts(out, " of");
    put_text(out, &translation->hint_of);
    buf_putc(out, ')');
}

static const char *item_name(enum item_kind kind)
{
    static const char *const names[] = {
        [ITEM_PAGE] = "page",         [ITEM_SECTION] = "section",
        [ITEM_GROUP] = "group",       [ITEM_REPEAT] = "repeat",
        [ITEM_FIELD] = "field",       [ITEM_NOTE] = "note",
        [ITEM_LET] = "let",           [ITEM_CHECK] = "check",
        [ITEM_CHOICES] = "choices",   [ITEM_TRANSLATE] = "translate",
        [ITEM_TABLE] = "table",       [ITEM_LANGUAGES] = "languages",
        [ITEM_TIMEZONE] = "timezone", [ITEM_UNKNOWN] = "unknown",
        [ITEM_CONST] = "const",       [ITEM_FUNCTION] = "function",
        [ITEM_MATRIX] = "matrix",     [ITEM_ROW] = "row",
        [ITEM_MIGRATE] = "migrate",
        [ITEM_UNIQUE] = "unique",
    };
    return names[kind];
}

static void put_migrate(struct buf *out, const struct tree_migrate *step)
{
    static const char *const names[] = {
        [MIGRATE_RENAME] = "rename", [MIGRATE_DROP] = "drop", [MIGRATE_SET] = "set"};
    const struct expr *parts[] = {step->from, step->to, step->expr};
    buf_printf(out, " (%s", names[step->kind]);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (!parts[i]) continue;
        buf_putc(out, ' ');
        tree_print_expr(parts[i], out);
    }
    buf_putc(out, ')');
}

static void put_item(struct buf *out, const struct item *item)
{
    bool named = item->kind != ITEM_CHECK && item->kind != ITEM_LANGUAGES &&
                 item->kind != ITEM_TIMEZONE && item->kind != ITEM_MIGRATE &&
                 item->kind != ITEM_UNIQUE;
    buf_printf(out, " (%s", item_name(item->kind));
    if (named) buf_putc(out, ' ');
    if (named) put_name(out, item->name);
    bool typed = item->kind == ITEM_FIELD || item->kind == ITEM_MATRIX || item->kind == ITEM_FUNCTION;
    if (typed) put_type(out, &item->type);
    put_text(out, &item->title);
    if (item->kind == ITEM_REPEAT)
        buf_printf(out, " %lld..%lld", (long long)item->rows_min, (long long)item->rows_max);
    if (item->language_count) buf_putc(out, ' ');
    put_names(out, item->languages, item->language_count, ' ');
    if (item->expr) buf_putc(out, ' ');
    if (item->expr) tree_print_expr(item->expr, out);
    if (item->check) put_check(out, item->check);
    for (uint32_t i = 0; i < item->modifier_count; i++) put_modifier(out, &item->modifiers[i]);
    for (uint32_t i = 0; i < item->column_count; i++) {
        buf_printf(out, "%s%.*s:", i ? "," : " with ", STR_ARG(item->columns[i].name));
        put_type(out, &item->columns[i].type);
    }
    for (uint32_t i = 0; i < item->option_count; i++) put_option(out, &item->options[i]);
    for (uint32_t i = 0; i < item->translation_count; i++) put_translation(out, &item->translations[i]);
    if (item->kind == ITEM_MIGRATE) buf_printf(out, " %lld", (long long)item->version);
    for (uint32_t i = 0; i < item->migrate_count; i++) put_migrate(out, &item->migrates[i]);
    for (uint32_t i = 0; i < item->child_count; i++) put_item(out, &item->children[i]);
    buf_putc(out, ')');
}

void tree_print(const struct tree *tree, struct buf *out)
{
    buf_puts(out, "(form ");
    put_name(out, tree->name);
    put_text(out, &tree->title);
    for (uint32_t i = 0; i < tree->item_count; i++) put_item(out, &tree->items[i]);
    buf_putc(out, ')');
}
