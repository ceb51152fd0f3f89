#include "dsl/ir_print.h"

#include "base/civil.h"
#include "base/decimal.h"
#include "base/partial.h"
#include "dsl/interval.h"

#include <assert.h>

/* ---- types and values */

void ir_print_type(const struct ir *ir, struct type type, struct buf *out)
{
    buf_puts(out, program_type_name(type.kind));
    if (type.kind == TYPE_DECIMAL) buf_printf(out, "(%u)", (unsigned)type.scale);
    if (type.kind == TYPE_MONEY) buf_printf(out, "(%s)", type.currency);
    if (type.kind == TYPE_CHOICE || type.kind == TYPE_CHOICES || type.kind == TYPE_RANKING)
        buf_printf(out, "(%.*s%s)", STR_ARG(ir->lists[type.list].name), type.open ? " or other" : "");
}

static void put_quoted(struct buf *out, struct str text)
{
    buf_putc(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c == '"' || c == '\\') buf_putc(out, '\\');
        if (c == '\n') buf_puts(out, "\\n");
        else if (c < ' ') buf_printf(out, "\\u{%X}", c);
        else buf_putc(out, (char)c);
    }
    buf_putc(out, '"');
}

static void put_date(struct buf *out, int64_t day)
{
    char text[CIVIL_DATE_BYTES];
    buf_put(out, (struct str){text, civil_format_date((int32_t)day, text)});
}

static void put_time(struct buf *out, int64_t ms)
{
    char text[CIVIL_TIME_BYTES];
    buf_put(out, (struct str){text, civil_format_time((int32_t)ms, text)});
}

static void put_partial(struct buf *out, int64_t value)
{
    char text[PARTIAL_BYTES];
    buf_put(out, (struct str){text, partial_format((int32_t)value, text)});
}

static void put_datetime(struct buf *out, int64_t ms)
{
    char text[CIVIL_DATETIME_BYTES];
    buf_put(out, (struct str){text, civil_format_datetime(ms, 0, text)});
}

static void put_exact(const struct ir *ir, struct type type, int64_t value, struct buf *out)
{
    switch (type.kind) {
    case TYPE_DATE:
        put_date(out, value);
        return;
    case TYPE_TIME:
        put_time(out, value);
        return;
    case TYPE_DATETIME:
        put_datetime(out, value);
        return;
    case TYPE_YEAR_MONTH:
    case TYPE_PARTIAL_DATE:
        put_partial(out, value);
        return;
    case TYPE_CHOICE:
        if (value > ir->lists[type.list].option_count) buf_puts(out, "other");
        else
            buf_printf(out, "'%.*s'",
                       STR_ARG(ir_list_code(&ir->lists[type.list], (uint32_t)value - 1)));
        return;
    default:
        decimal_put(out, value, type.scale);
        return;
    }
}

static void put_const(const struct ir *ir, const struct ir_expr *e, struct buf *out)
{
    switch (e->type.kind) {
    case TYPE_TEXT:
        put_quoted(out, e->value.text);
        return;
    case TYPE_BOOLEAN:
        buf_puts(out, e->value.truth ? "true" : "false");
        return;
    case TYPE_NUMBER:
        double_put(out, e->value.number);
        buf_putc(out, 'd');
        return;
    default:
        put_exact(ir, e->type, e->value.exact, out);
        return;
    }
}

/* ---- expressions */

static const char *const op_names[] = {[IR_CONST] = "const",
                                       [IR_MISSING] = "missing",
                                       [IR_SLOT] = "slot",
                                       [IR_TODAY] = "today",
                                       [IR_NOW] = "now",
                                       [IR_POSITION] = "position",
                                       [IR_AND] = "and",
                                       [IR_OR] = "or",
                                       [IR_NOT] = "not",
                                       [IR_EQ] = "=",
                                       [IR_NE] = "!=",
                                       [IR_LT] = "<",
                                       [IR_LE] = "<=",
                                       [IR_GT] = ">",
                                       [IR_GE] = ">=",
                                       [IR_HAS] = "has",
                                       [IR_ANSWERED] = "answered",
                                       [IR_COALESCE] = "\?\?",
                                       [IR_IF] = "if",
                                       [IR_ADD] = "+",
                                       [IR_SUB] = "-",
                                       [IR_MUL] = "*",
                                       [IR_NEGATE] = "negate",
                                       [IR_DIV] = "/",
                                       [IR_RESCALE] = "rescale",
                                       [IR_CALL] = "call",
                                       [IR_CONCAT] = "concat",
                                       [IR_AGGREGATE] = "aggregate",
                                       [IR_FLOOR_DIV] = "div",
                                       [IR_MOD] = "mod",
                                       [IR_LEAST] = "least",
                                       [IR_GREATEST] = "greatest",
                                       [IR_ABS] = "abs",
                                       [IR_SIGN] = "sign",
                                       [IR_OPTION] = "option",
                                       [IR_PRIOR] = "prior",
                                       [IR_SEEN] = "seen"};

static const char *const helper_names[] = {
#define HELPER(NAME, name, arity, base_cost, note) [HELPER_##NAME] = #name,
#include "dsl/helper.def"
#undef HELPER
};

static const char *const aggregate_names[] = {
    [AGGREGATE_COUNT] = "count",      [AGGREGATE_SUM] = "sum",   [AGGREGATE_MIN] = "min",
    [AGGREGATE_MAX] = "max",          [AGGREGATE_AVG] = "avg",   [AGGREGATE_ANY] = "any",
    [AGGREGATE_ALL] = "all",          [AGGREGATE_NONE] = "none", [AGGREGATE_FIRST] = "first",
    [AGGREGATE_LAST] = "last",        [AGGREGATE_JOIN] = "join", [AGGREGATE_AT] = "at",
    [AGGREGATE_DISTINCT] = "distinct"};

static void put_expr(const struct ir *ir, const struct ir_expr *e, struct buf *out);

static void put_scope(const struct ir *ir, uint32_t scope, struct buf *out)
{
    if (scope == 0) buf_puts(out, "form");
    else buf_put(out, ir->nodes[ir->scopes[scope].node].path);
}

/* count@1 of members in form@0: the rows, and what bounds them. */
static void put_aggregate_head(const struct ir *ir, const struct ir_expr *e, struct buf *out)
{
    buf_printf(out, "%s@%u of ", aggregate_names[e->aggregate], (unsigned)e->cursor);
    put_scope(ir, e->scope, out);
    buf_puts(out, " in ");
    put_scope(ir, e->from_scope, out);
    if (e->from_scope) buf_printf(out, "@%u", (unsigned)e->from);
}

static bool has_bounds(struct type type)
{
    return type.kind == TYPE_INTEGER || type.kind == TYPE_DECIMAL || type.kind == TYPE_MONEY ||
           type.kind == TYPE_DATE || type.kind == TYPE_TIME || type.kind == TYPE_DATETIME ||
           type.kind == TYPE_YEAR_MONTH;
}

static void put_interval(const struct ir *ir, struct type type, int64_t low, int64_t high,
                         struct buf *out)
{
    int64_t least, most;
    if (!has_bounds(type)) return;
    interval_of_type(ir, type, &least, &most);
    if (low <= least && high >= most) return;
    buf_putc(out, '[');
    if (low > least) put_exact(ir, type, low, out);
    buf_puts(out, "..");
    if (high < most) put_exact(ir, type, high, out);
    buf_putc(out, ']');
}

static void put_marks(const struct ir_expr *e, struct buf *out)
{
    if (e->may_be_missing) buf_putc(out, '?');
    if (e->may_fault) buf_putc(out, '!');
}

static void put_head(const struct ir *ir, const struct ir_expr *e, struct buf *out)
{
    switch (e->op) {
    case IR_CALL:
        buf_puts(out, helper_names[e->helper]);
        if (e->helper == HELPER_MATCHES) buf_printf(out, " pattern %u", (unsigned)e->pattern);
        if (e->helper == HELPER_COLUMN)
            buf_printf(out, " %.*s", STR_ARG(ir->lists[e->args[0]->type.list].columns[e->column].name));
        return;
    case IR_AGGREGATE:
        put_aggregate_head(ir, e, out);
        return;
    case IR_PRIOR:
        buf_printf(out, "prior %.*s@%u", STR_ARG(ir->nodes[e->node].path), (unsigned)e->cursor);
        return;
    case IR_SEEN:
        buf_printf(out, "seen %.*s", STR_ARG(ir->nodes[e->node].path));
        return;
    case IR_POSITION:
        buf_printf(out, "position@%u", (unsigned)e->cursor);
        return;
    default:
        buf_puts(out, op_names[e->op]);
        return;
    }
}

static void put_operation(const struct ir *ir, const struct ir_expr *e, struct buf *out)
{
    buf_putc(out, '(');
    put_head(ir, e, out);
    for (uint32_t i = 0; i < e->arg_count; i++) {
        buf_putc(out, ' ');
        put_expr(ir, e->args[i], out);
    }
    if (e->where) {
        buf_puts(out, " where ");
        put_expr(ir, e->where, out);
    }
    buf_puts(out, "):");
    ir_print_type(ir, e->type, out);
    put_interval(ir, e->type, e->low, e->high, out);
    put_marks(e, out);
}

static void put_slot(const struct ir *ir, const struct ir_expr *e, struct buf *out)
{
    buf_printf(out, "%.*s", STR_ARG(ir->nodes[e->node].path));
    if (ir->nodes[e->node].scope) buf_printf(out, "@%u", (unsigned)e->cursor);
    put_marks(e, out);
}

static void put_expr(const struct ir *ir, const struct ir_expr *e, struct buf *out)
{
    switch (e->op) {
    case IR_CONST:
        put_const(ir, e, out);
        return;
    case IR_SLOT:
        put_slot(ir, e, out);
        return;
    case IR_TODAY:
    case IR_NOW:
    case IR_OPTION:
        put_head(ir, e, out);
        return;
    default:
        put_operation(ir, e, out);
        return;
    }
}

/* ---- texts */

static void put_part(const struct ir *ir, const struct ir_part *part, struct buf *out)
{
    const char *word = program_show_word(part->show);
    buf_printf(out, "{%.*s", STR_ARG(ir->nodes[part->node].path));
    if (part->show == SHOW_MONEY) buf_printf(out, ":%s", part->currency);
    else if (*word) buf_printf(out, ":%s", word);
    buf_putc(out, '}');
}

static void put_text(const struct ir *ir, const struct ir_text *text, struct buf *out)
{
    buf_putc(out, '`');
    for (uint32_t i = 0; i < text->part_count; i++) {
        const struct ir_part *part = &text->parts[i];
        if (part->node == IR_NONE) buf_put(out, part->literal);
        else put_part(ir, part, out);
    }
    buf_putc(out, '`');
}

static void put_message(const struct ir *ir, const char *name, struct ir_message message,
                        struct buf *out)
{
    if (!message.by_language) return;
    buf_printf(out, "%s ", name);
    put_text(ir, &message.by_language[0], out);
    for (uint32_t i = 1; i < ir->language_count; i++) {
        if (message.by_language[i].part_count == 0) continue;
        buf_printf(out, " %.*s ", STR_ARG(ir->languages[i]));
        put_text(ir, &message.by_language[i], out);
    }
}

static void put_message_line(const struct ir *ir, const char *name, struct ir_message message,
                             struct buf *out)
{
    if (!message.by_language) return;
    buf_puts(out, "    ");
    put_message(ir, name, message, out);
    buf_putc(out, '\n');
}

static void put_expr_line(const struct ir *ir, const char *name, const struct ir_expr *e,
                          struct buf *out)
{
    if (!e) return;
    buf_printf(out, "    %s ", name);
    put_expr(ir, e, out);
    buf_putc(out, '\n');
}

/* ---- head, lists, scopes, nodes */

static void put_form(const struct ir *ir, struct buf *out)
{
    buf_printf(out, "form %.*s edition %u timezone %.*s languages", STR_ARG(ir->name),
               (unsigned)ir->edition, STR_ARG(ir->timezone));
    for (uint32_t i = 0; i < ir->language_count; i++)
        buf_printf(out, " %.*s", STR_ARG(ir->languages[i]));
    buf_putc(out, '\n');
    put_message_line(ir, "title", ir->title, out);
    for (uint32_t i = 0; i < ir->unique_count; i++)
        buf_printf(out, "    unique %.*s\n", STR_ARG(ir->uniques[i].text));
}

static void put_cell(const struct ir *ir, struct type type, const struct program_cell *cell,
                     struct buf *out)
{
    struct ir_expr e = {.op = IR_CONST, .type = type};
    if (!cell->present) {
        buf_puts(out, "missing");
        return;
    }
    if (type.kind == TYPE_TEXT) e.value.text = cell->value.text;
    else if (type.kind == TYPE_NUMBER) e.value.number = cell->value.number;
    else if (type.kind == TYPE_BOOLEAN) e.value.truth = cell->value.exact != 0;
    else e.value.exact = cell->value.exact;
    put_const(ir, &e, out);
}

static void put_cells(const struct ir *ir, const struct ir_list *list, uint32_t option, struct buf *out)
{
    for (uint32_t i = 0; i < list->column_count; i++) {
        buf_puts(out, i ? ", " : " (");
        put_cell(ir, list->columns[i].type, &list->columns[i].cells[option], out);
    }
    if (list->column_count) buf_putc(out, ')');
}

static void put_columns(const struct ir *ir, const struct ir_list *list, struct buf *out)
{
    for (uint32_t i = 0; i < list->column_count; i++) {
        buf_printf(out, "%s%.*s: ", i ? ", " : " with ", STR_ARG(list->columns[i].name));
        ir_print_type(ir, list->columns[i].type, out);
    }
}

static void put_option(const struct ir *ir, const struct ir_list *list, uint32_t index, struct buf *out)
{
    const struct ir_option *option = &list->options[index];
    buf_puts(out, "    ");
    put_quoted(out, option->code);
    if (option->has_score) {
        buf_puts(out, " = ");
        decimal_put(out, option->score, list->score_scale);
    }
    put_cells(ir, list, index, out);
    put_message(ir, "", option->label, out);
    buf_putc(out, '\n');
}

static void put_lists(const struct ir *ir, struct buf *out)
{
    for (uint32_t i = 0; i < ir->list_count; i++) {
        buf_printf(out, "list %u %.*s", (unsigned)i, STR_ARG(ir->lists[i].name));
        put_columns(ir, &ir->lists[i], out);
        if (ir->lists[i].sheet)
            buf_printf(out, " version %u, %u rows", (unsigned)ir->lists[i].version,
                       (unsigned)ir->lists[i].option_count);
        buf_putc(out, '\n');
        for (uint32_t k = 0; ir->lists[i].options && k < ir->lists[i].option_count; k++)
            put_option(ir, &ir->lists[i], k, out);
    }
    for (uint32_t i = 0; i < ir->pattern_count; i++) {
        buf_printf(out, "pattern %u ", (unsigned)i);
        put_quoted(out, ir->patterns[i]);
        buf_putc(out, '\n');
    }
}

static void put_scopes(const struct ir *ir, struct buf *out)
{
    for (uint32_t i = 1; i < ir->scope_count; i++) {
        const struct ir_scope *scope = &ir->scopes[i];
        buf_printf(out, "scope %u rows of %.*s %u..%u in scope %u, at most %llu\n", (unsigned)i,
                   STR_ARG(ir->nodes[scope->node].path), (unsigned)scope->rows_min,
                   (unsigned)scope->rows_max, (unsigned)scope->parent,
                   (unsigned long long)scope->rows_total_max);
    }
}

static const char *const kind_names[] = {
    [NODE_FORM] = "form",   [NODE_PAGE] = "page", [NODE_GROUP] = "group", [NODE_REPEAT] = "repeat",
    [NODE_FIELD] = "field", [NODE_NOTE] = "note", [NODE_LET] = "let",     [NODE_SECTION] = "section"};

void ir_print_wall(const struct ir_node *node, struct buf *out)
{
    static const char *const repeated[] = {[ZONED_FIRST] = "",
                                           [ZONED_SECOND] = " repeated second",
                                           [ZONED_REFUSE_REPEATED] = " repeated refuse"};
    buf_printf(out, "%.*s%s%s", STR_ARG(node->zone), node->wall.refuse_skipped ? " skipped refuse" : "",
               repeated[node->wall.repeated]);
}

static void put_node_type(const struct ir *ir, const struct ir_node *node, struct buf *out)
{
    static const char *const formats[] = {[FORMAT_PLAIN] = "",
                                          [FORMAT_EMAIL] = " email",
                                          [FORMAT_URL] = " url",
                                          [FORMAT_PHONE] = " phone",
                                          [FORMAT_ZONED] = " zoned"};
    if (node->kind != NODE_FIELD && node->kind != NODE_LET) return;
    buf_puts(out, ": ");
    ir_print_type(ir, node->type, out);
    put_interval(ir, node->type, node->low, node->high, out);
    if (node->may_be_missing) buf_putc(out, '?');
    buf_puts(out, formats[node->format]);
    if (node->format != FORMAT_ZONED) return;
    buf_puts(out, " in ");
    ir_print_wall(node, out);
}

static void put_node_flags(const struct ir_node *node, struct buf *out)
{
    if (node->kind != NODE_FORM && node->scope) buf_printf(out, " scope %u", (unsigned)node->scope);
    if (node->key.len > 0 && !str_eq(node->key, node->name))
        buf_printf(out, " key \"%.*s\"", STR_ARG(node->key));
    if (node->required) buf_puts(out, " required");
    if (node->ignore_unknown && !node_is_frame(node->kind)) buf_puts(out, " ignore_unknown");
    if (node->multiline) buf_puts(out, " multiline");
    if (node->hidden) buf_puts(out, " hidden");
    if (node->keep) buf_puts(out, " keep");
    if (node->sensitive) buf_puts(out, " sensitive");
    if (node->indexed) buf_puts(out, " indexed");
    if (node->readonly) buf_puts(out, " readonly");
    if (node->length_min >= 0) buf_printf(out, " length_min %lld", (long long)node->length_min);
    if (node->length_max >= 0) buf_printf(out, " length_max %lld", (long long)node->length_max);
    if (node->pattern != IR_NONE) buf_printf(out, " pattern %u", (unsigned)node->pattern);
    if (node->autocomplete.len > 0)
        buf_printf(out, " autocomplete \"%.*s\"", STR_ARG(node->autocomplete));
    if (node->relevance_node != IR_NONE)
        buf_printf(out, " relevant with %u", (unsigned)node->relevance_node);
}

static void put_node(const struct ir *ir, uint32_t index, struct buf *out)
{
    const struct ir_node *node = &ir->nodes[index];
    buf_printf(out, "node %u %s", (unsigned)index, kind_names[node->kind]);
    if (node->path.len > 0) buf_printf(out, " %.*s", STR_ARG(node->path));
    put_node_type(ir, node, out);
    put_node_flags(node, out);
    buf_putc(out, '\n');
    put_message_line(ir, "label", node->label, out);
    put_message_line(ir, "hint", node->hint, out);
    put_message_line(ir, "placeholder", node->placeholder, out);
    put_expr_line(ir, "default", node->default_value, out);
    put_message_line(ir, "required message", node->required_message, out);
    if (node->min && node->min->op == IR_CONST) put_expr_line(ir, "min", node->min, out);
    put_message_line(ir, "min message", node->min_message, out);
    if (node->max && node->max->op == IR_CONST) put_expr_line(ir, "max", node->max, out);
    put_message_line(ir, "max message", node->max_message, out);
    put_message_line(ir, "length message", node->length_message, out);
    put_message_line(ir, "pattern message", node->pattern_message, out);
    put_message_line(ir, "skipped message", node->skipped_message, out);
    put_message_line(ir, "repeated message", node->repeated_message, out);
}

/* ---- rules */

static const char *const rule_names[] = {
    [RULE_RELEVANCE] = "relevance", [RULE_VALUE] = "value",       [RULE_BOUNDS] = "bounds",
    [RULE_OFFER] = "offer",         [RULE_REQUIRED] = "required", [RULE_CHECK] = "check"};

static void put_place(const struct ir *ir, uint32_t node, struct buf *out)
{
    if (node == 0) buf_puts(out, "form");
    else buf_put(out, ir->nodes[node].path);
}

static void put_check(const struct ir *ir, const struct ir_check *check, struct buf *out)
{
    if (check->name.len > 0) buf_printf(out, "    name %.*s\n", STR_ARG(check->name));
    if (check->owner != check->node) {
        buf_puts(out, "    in ");
        put_place(ir, check->owner, out);
        buf_putc(out, '\n');
    }
    put_expr_line(ir, "asks", check->condition, out);
    put_message_line(ir, "message", check->message, out);
}

static void put_rule(const struct ir *ir, uint32_t index, struct buf *out)
{
    const struct ir_rule *rule = &ir->rules[index];
    const struct ir_node *node = &ir->nodes[rule->node];
    buf_printf(out, "rule %u %s of ", (unsigned)index, rule_names[rule->kind]);
    put_place(ir, rule->node, out);
    if (rule->scope)
        buf_printf(out, " for rows of %.*s", STR_ARG(ir->nodes[ir->scopes[rule->scope].node].path));
    buf_printf(out, " cost %u base %u\n", (unsigned)rule->cost, (unsigned)rule->base_cost);
    switch (rule->kind) {
    case RULE_RELEVANCE:
        put_expr_line(ir, "when", node->when, out);
        return;
    case RULE_VALUE:
        put_expr_line(ir, "is", node->computed, out);
        return;
    case RULE_BOUNDS:
        if (node->min && node->min->op != IR_CONST) put_expr_line(ir, "min", node->min, out);
        if (node->max && node->max->op != IR_CONST) put_expr_line(ir, "max", node->max, out);
        put_expr_line(ir, "too short when", node->breaches[BREACH_TOO_SHORT], out);
        put_expr_line(ir, "too long when", node->breaches[BREACH_TOO_LONG], out);
        put_expr_line(ir, "changed when", node->breaches[BREACH_READONLY], out);
        put_expr_line(ir, "repeated when", node->breaches[BREACH_REPEATED], out);
        return;
    case RULE_OFFER:
        put_expr_line(ir, "where", node->offer, out);
        return;
    case RULE_REQUIRED:
        put_expr_line(ir, "when", node->required_when, out);
        return;
    case RULE_CHECK:
        put_check(ir, &ir->checks[rule->check], out);
        return;
    }
}

void ir_print(const struct ir *ir, struct buf *out)
{
    put_form(ir, out);
    put_lists(ir, out);
    put_scopes(ir, out);
    for (uint32_t i = 0; i < ir->node_count; i++) put_node(ir, i, out);
    for (uint32_t i = 0; i < ir->rule_count; i++) put_rule(ir, i, out);
    buf_printf(out, "cost %llu steps\n", (unsigned long long)ir->cost_steps);
}
