#include "dsl/emit_js.h"

#include "base/json_writer.h"
#include "base/limits.h"
#include "dsl/composite.h"
#include "dsl/emit_js_expr.h"
#include "dsl/emit_js_looks.h"
#include "dsl/emit_js_needs.h"
#include "dsl/emit_js_reads.h"
#include "dsl/reads.h"
#include "dsl/target.h"

#include <assert.h>

/* ---- objects with members in short names; a comma before each but the first */

struct members {
    struct buf *out;
    bool any;
};

static struct members open_members(struct buf *out)
{
    buf_putc(out, '{');
    return (struct members){out, false};
}

static struct buf *member(struct members *members, const char *name)
{
    if (members->any) buf_putc(members->out, ',');
    members->any = true;
    buf_puts(members->out, name);
    buf_putc(members->out, ':');
    return members->out;
}

static void close_members(struct members *members)
{
    buf_putc(members->out, '}');
}

static void put_number(struct members *members, const char *name, int64_t value)
{
    if (value) js_put_exact(member(members, name), value);
}

static void put_text(struct members *members, const char *name, struct str text)
{
    if (text.len) js_put_string(member(members, name), text);
}

/* ---- nodes */

enum flag {
    FLAG_UNKNOWN = 1,
    FLAG_HIDDEN = 2,
    FLAG_KEEP = 4,
    FLAG_READONLY = 8,
    FLAG_MULTILINE = 16,
    FLAG_DERIVED = 32,
    FLAG_SENT = 64,
    FLAG_MEMBER = 128,
    FLAG_OPEN = 256,
    FLAG_UNIQUE = 512,
    FLAG_FILTERED = 1024,
};

static bool is_of_composite(const struct ir *ir, const struct ir_node *node)
{
    return node->kind == NODE_FIELD && composite_name(ir->nodes[node->parent].item);
}

static int flags_of(const struct ir *ir, const struct ir_node *node)
{
    return (node->ignore_unknown ? FLAG_UNKNOWN : 0) | (node->hidden ? FLAG_HIDDEN : 0) |
           (node->keep ? FLAG_KEEP : 0) | (node->readonly ? FLAG_READONLY : 0) |
           (node->multiline ? FLAG_MULTILINE : 0) | (node->derived && !node->sent ? FLAG_DERIVED : 0) |
           (node->sent ? FLAG_SENT : 0) | (is_of_composite(ir, node) ? FLAG_MEMBER : 0) |
           (node->type.open ? FLAG_OPEN : 0) | (node->unique ? FLAG_UNIQUE : 0) |
           (node->offer ? FLAG_FILTERED : 0);
}

static bool has_value(const struct ir_node *node)
{
    return node->kind == NODE_FIELD || node->kind == NODE_LET;
}

static bool chooses(const struct ir_node *node)
{
    return node->type.kind == TYPE_CHOICE || node->type.kind == TYPE_CHOICES ||
           node->type.kind == TYPE_RANKING;
}

static void put_bound(struct members *members, const char *name, const struct ir_node *node,
                      const struct ir_expr *bound)
{
    if (!bound || bound->op != IR_CONST) return;
    if (node->type.kind != TYPE_NUMBER) {
        js_put_exact(member(members, name), bound->value.exact);
        return;
    }
    struct json_writer json;
    json_writer_init(&json, member(members, name));
    json_double(&json, bound->value.number);
}

/* A text always has a most. */
static int64_t length_max(const struct ir_node *node)
{
    int64_t most = node->length_max;
    bool text = (node->kind == NODE_FIELD || node->sent) && node->type.kind == TYPE_TEXT;
    if (text && most < 0) most = limit(TEXT_ANSWER_CHARS);
    return text && most < node->length_min ? node->length_min : most;
}

static int wall_of(const struct ir_node *node)
{
    return (node->wall.refuse_skipped ? 1 : 0) | (node->wall.repeated == ZONED_SECOND ? 2 : 0) |
           (node->wall.repeated != ZONED_FIRST && node->wall.repeated != ZONED_SECOND ? 4 : 0);
}

static void put_type(struct members *members, const struct ir_node *node)
{
    put_number(members, "t", node->type.kind);
    put_number(members, "s", node->type.scale);
    put_number(members, "m", node->format);
    if (chooses(node)) buf_put_int(member(members, "l"), node->type.list);
    if (node->type.kind == TYPE_MONEY) put_text(members, "y", str_of(node->type.currency));
    if (node->format == FORMAT_ZONED) put_text(members, "z", node->zone);
    if (node->format == FORMAT_ZONED) put_number(members, "w", wall_of(node));
    put_bound(members, "a", node, node->min);
    put_bound(members, "b", node, node->max);
    if (node->length_min > 0) js_put_exact(member(members, "f"), node->length_min);
    if (length_max(node) >= 0) js_put_exact(member(members, "g"), length_max(node));
    if (node->pattern != IR_NONE) put_number(members, "p", (int64_t)node->pattern + 1);
}

static void put_own_lets(struct members *members, const struct ir_node *node)
{
    const uint32_t lets[] = {node->part,        node->suggestion, node->readonly_flag, node->length_low,
                             node->length_high, node->rows_low,   node->rows_high};
    size_t count = sizeof lets / sizeof *lets;
    while (count > 0 && lets[count - 1] == 0) count--;
    if (count == 0) return;
    struct buf *out = member(members, "u");
    for (size_t i = 0; i < count; i++) {
        buf_putc(out, i ? ',' : '[');
        buf_put_int(out, lets[i]);
    }
    buf_putc(out, ']');
}

static void put_node(const struct ir *ir, uint32_t number, struct buf *out)
{
    const struct ir_node *node = &ir->nodes[number];
    struct members members = open_members(out);
    if (node->kind != NODE_FIELD) buf_put_int(member(&members, "k"), node->kind);
    if (number > 0) put_text(&members, "n", node->name);
    if (number > 0 && !str_eq(node->key, node->name)) put_text(&members, "j", node->key);
    put_number(&members, "e", (int64_t)node->subtree_end - number - 1);
    if (node->kind == NODE_REPEAT) put_number(&members, "o", node->own_scope);
    if (has_value(node)) put_type(&members, node);
    if (node->required) buf_puts(member(&members, "r"), "1");
    if (node->kind == NODE_FIELD && node->computed) buf_puts(member(&members, "c"), "1");
    if (node->when) buf_puts(member(&members, "h"), "1");
    put_number(&members, "x", flags_of(ir, node));
    put_own_lets(&members, node);
    put_text(&members, "q", node->autocomplete);
    put_number(&members, "i", emit_js_looks(node));
    if (emit_js_has_default(node)) emit_js_default(ir, node, member(&members, "d"));
    close_members(&members);
}

static void put_nodes(const struct ir *ir, struct buf *out)
{
    for (uint32_t i = 0; i < ir->node_count; i++) {
        if (i) buf_putc(out, ',');
        put_node(ir, i, out);
    }
}

static void put_scopes(const struct ir *ir, struct buf *out)
{
    for (uint32_t i = 1; i < ir->scope_count; i++) {
        const struct ir_scope *scope = &ir->scopes[i];
        if (i > 1) buf_putc(out, ',');
        buf_printf(out, "[%u,%u,%u,%u]", (unsigned)scope->parent, (unsigned)scope->node,
                   (unsigned)scope->rows_min, (unsigned)scope->rows_max);
    }
}

/* ---- lists: what rules look up in them, by list and column */

struct uses {
    const struct ir *ir;
    bool *scores;   /* by list */
    bool **columns; /* by list and column */
};

static void see_use(const struct ir_expr *e, void *context)
{
    struct uses *uses = context;
    if (e->op != IR_CALL) return;
    bool score = e->helper == HELPER_SCORE || e->helper == HELPER_SCORE_SET;
    if (score) uses->scores[e->args[0]->type.list] = true;
    if (e->helper == HELPER_COLUMN) uses->columns[e->args[0]->type.list][e->column] = true;
}

static bool find_uses(struct arena *arena, const struct ir *ir, struct uses *uses)
{
    *uses = (struct uses){ir, ARENA_ARRAY(arena, bool, ir->list_count + 1),
                          ARENA_ARRAY(arena, bool *, ir->list_count + 1)};
    if (!uses->scores || !uses->columns) return false;
    for (uint32_t i = 0; i < ir->list_count; i++) {
        uses->columns[i] = ARENA_ARRAY(arena, bool, ir->lists[i].column_count + 1);
        if (!uses->columns[i]) return false;
    }
    for (uint32_t i = 0; i < ir->rule_count; i++) rule_walk(ir, &ir->rules[i], see_use, uses);
    return true;
}

static void put_cell(const struct ir_column *column, const struct program_cell *cell, struct buf *out)
{
    struct json_writer json;
    if (!cell->present) return;
    switch (column->type.kind) {
    case TYPE_TEXT:
        js_put_string(out, cell->value.text);
        return;
    case TYPE_BOOLEAN:
        buf_puts(out, cell->value.exact ? "!0" : "!1");
        return;
    case TYPE_NUMBER:
        json_writer_init(&json, out);
        json_double(&json, cell->value.number);
        return;
    default:
        js_put_exact(out, cell->value.exact);
        return;
    }
}

static struct program_cell chosen_cell(const struct ir_list *list, struct str code)
{
    uint32_t option = 0;
    while (option < list->option_count && !str_eq(ir_list_code(list, option), code)) option++;
    return (struct program_cell){.present = true, .value.exact = (int64_t)option + 1};
}

static struct program_cell cell_at(const struct ir *ir, const struct ir_list *list,
                                   const struct ir_column *column, uint32_t option)
{
    if (column->cells) return column->cells[option];
    const struct program_column as = {.type = column->type.kind, .scale = column->type.scale};
    struct program_cell cell = {.present = false};
    struct str text = sheet_cell(list->sheet, option, column->sheet_column);
    bool choice = column->type.kind == TYPE_CHOICE && text.len > 0;
    if (choice) cell = chosen_cell(&ir->lists[column->type.list], text);
    bool read = choice || program_read_cell(NULL, &as, text, &cell);
    assert(read); /* the checker has read them all */
    (void)read;
    return cell;
}

/* A hole at the end needs a comma of its own. */
static void put_column(const struct ir *ir, const struct ir_list *list, uint32_t number,
                       struct buf *out)
{
    for (uint32_t i = 0; i < list->option_count; i++) {
        struct program_cell cell = cell_at(ir, list, &list->columns[number], i);
        put_cell(&list->columns[number], &cell, out);
        if (i + 1 < list->option_count || !cell.present) buf_putc(out, ',');
    }
}

static void put_codes(const struct ir_list *list, struct buf *out)
{
    for (uint32_t i = 0; i < list->option_count; i++) {
        if (i) buf_putc(out, ',');
        js_put_string(out, ir_list_code(list, i));
    }
}

static void put_scores(const struct ir_list *list, struct buf *out)
{
    buf_putc(out, '[');
    for (uint32_t i = 0; i < list->option_count; i++) {
        if (i) buf_putc(out, ',');
        js_put_exact(out, list->options[i].score);
    }
    buf_putc(out, ']');
}

static void put_offered(struct members *members, const struct ir_list *list)
{
    bool any = false;
    for (uint32_t i = 0; list->options && i < list->option_count; i++)
        any |= list->options[i].offered != 0;
    if (!any) return;
    struct buf *out = member(members, "o");
    for (uint32_t i = 0; i < list->option_count; i++) {
        buf_putc(out, i ? ',' : '[');
        buf_put_int(out, list->options[i].offered);
    }
    buf_putc(out, ']');
}

static void put_columns(struct members *members, const struct uses *uses, uint32_t number)
{
    const struct ir_list *list = &uses->ir->lists[number];
    uint32_t past = list->column_count;
    while (past > 0 && !uses->columns[number][past - 1]) past--;
    if (past == 0) return;
    struct buf *out = member(members, "v");
    buf_putc(out, '[');
    for (uint32_t i = 0; i < past; i++) {
        if (i) buf_putc(out, ',');
        buf_putc(out, '[');
        if (uses->columns[number][i]) put_column(uses->ir, list, i, out);
        buf_putc(out, ']');
    }
    buf_putc(out, ']');
}

static void put_list(const struct uses *uses, uint32_t number, struct buf *out)
{
    const struct ir_list *list = &uses->ir->lists[number];
    struct members members = open_members(out);
    put_text(&members, "n", list->name);
    buf_putc(member(&members, "c"), '[');
    put_codes(list, out);
    buf_putc(out, ']');
    if (uses->scores[number]) put_scores(list, member(&members, "s"));
    if (uses->scores[number]) put_number(&members, "z", list->score_scale);
    put_offered(&members, list);
    put_columns(&members, uses, number);
    close_members(&members);
}

uint64_t emit_js_cells(const struct ir *ir)
{
    uint64_t cells = 0;
    for (uint32_t i = 0; i < ir->list_count; i++)
        if (ir->lists[i].sheet)
            cells += (uint64_t)ir->lists[i].option_count * (ir->lists[i].column_count + UINT64_C(1));
    return cells;
}

/* ---- checks and rules */

static void put_checks(const struct ir *ir, struct buf *out)
{
    for (uint32_t i = 0; i < ir->check_count; i++) {
        const struct ir_check *check = &ir->checks[i];
        if (i) buf_putc(out, ',');
        buf_printf(out, "[%u", (unsigned)check->node);
        bool name = check->name.len > 0, scope = check->scope != 0, owner = check->owner != check->node;
        if (owner || scope || name) buf_printf(out, ",%u", (unsigned)check->owner);
        if (scope || name) buf_printf(out, ",%u", (unsigned)check->scope);
        if (name) buf_putc(out, ',');
        if (name) js_put_string(out, check->name);
        buf_putc(out, ']');
    }
}

/* In the order of enum program_breach; those that nobody asks are holes. */
static void put_breaches(struct js *js, const struct ir_rule *rule)
{
    const struct ir_node *node = &js->ir->nodes[rule->node];
    int past = 0;
    for (int i = 0; i < BREACH_COUNT; i++) {
        const struct ir_expr *bound = i == BREACH_MIN ? node->min : i == BREACH_MAX ? node->max : NULL;
        if (node->breaches[i] || (bound && bound->op != IR_CONST)) past = i + 1;
    }
    buf_putc(js->out, '[');
    for (int i = 0; i < past; i++) {
        const struct ir_expr *bound = i == BREACH_MIN ? node->min : i == BREACH_MAX ? node->max : NULL;
        if (i) buf_putc(js->out, ',');
        if (bound && bound->op != IR_CONST) js_function(js, bound, rule->scope, false);
        else if (node->breaches[i]) js_question(js, node->breaches[i], true, rule->scope, false);
    }
    buf_putc(js->out, ']');
}

static void put_body(struct js *js, const struct ir_rule *rule)
{
    const struct ir_node *node = &js->ir->nodes[rule->node];
    switch (rule->kind) {
    case RULE_RELEVANCE:
        js_question(js, node->when, true, rule->scope, false);
        return;
    case RULE_VALUE:
        js_function(js, node->computed, rule->scope, false);
        return;
    case RULE_OFFER:
        js_question(js, node->offer, true, rule->scope, true);
        return;
    case RULE_BOUNDS:
        put_breaches(js, rule);
        return;
    case RULE_REQUIRED:
        js_question(js, node->required_when, true, rule->scope, false);
        return;
    case RULE_CHECK:
        js_question(js, js->ir->checks[rule->check].condition, false, rule->scope, false);
        return;
    }
}

static enum status put_rules(struct js *js)
{
    for (uint32_t i = 0; i < js->ir->rule_count; i++) {
        const struct ir_rule *rule = &js->ir->rules[i];
        if (i) buf_putc(js->out, ',');
        buf_printf(js->out, "\n[%d,%u,", (int)rule->kind,
                   (unsigned)(rule->kind == RULE_CHECK ? rule->check : rule->node));
        enum status st = js_put_reads(js->arena, js->ir, rule, js->out);
        if (st) return st;
        buf_putc(js->out, ',');
        put_body(js, rule);
        buf_putc(js->out, ']');
    }
    return ST_OK;
}

/* {F,E,addDays}: what the rules ask the library for. */
static void put_names(const struct js *js, struct buf *out)
{
    const char *before = "{";
    for (int i = 0; i < JS_OWN_COUNT; i++) {
        if (!js->owns[i]) continue;
        buf_printf(out, "%s%s", before, js_own_name((enum js_own)i));
        before = ",";
    }
    for (int i = 0; i < HELPER_COUNT; i++) {
        if (!js->helpers[i]) continue;
        buf_puts(out, before);
        js_put_helper_name(out, (enum program_helper)i);
        before = ",";
    }
    buf_puts(out, *before == '{' ? "{}" : "}");
}

static void write_rules(struct js *js, struct buf *out)
{
    struct buf rules;
    buf_init(&rules, js->arena->mem, out->bytes_max);
    buf_init(&js->shared, js->arena->mem, out->bytes_max);
    js->out = &rules;
    enum status st = put_rules(js);
    buf_puts(out, "rules:(");
    put_names(js, out);
    buf_puts(out, ")=>");
    if (js->shared_count) {
        buf_putc(out, '{');
        buf_put(out, buf_str(&js->shared));
        buf_puts(out, "return");
    }
    buf_putc(out, '[');
    buf_put(out, buf_str(&rules));
    buf_puts(out, js->shared_count ? "]}" : "]");
    if (!st && buf_failed(&rules)) st = rules.failure;
    if (!st && buf_failed(&js->shared)) st = js->shared.failure;
    if (st && !out->failure) out->failure = st;
    buf_release(&rules);
    buf_release(&js->shared);
}

/* ---- all of it */

static bool wants_invitation(const struct ir *ir)
{
    for (uint32_t i = 0; i < ir->unique_count; i++)
        if (ir->uniques[i].invited) return true;
    return false;
}

static void put_head(const struct ir *ir, struct str hash, struct buf *out)
{
    buf_printf(out, "format:%d,form:", TARGET_MODULE_VERSION);
    js_put_string(out, ir->name);
    buf_printf(out, ",hash:\"%.*s\",edition:%u,zone:", STR_ARG(hash), (unsigned)ir->edition);
    js_put_string(out, ir->timezone);
    buf_puts(out, ",languages:[");
    for (uint32_t i = 0; i < ir->language_count; i++) {
        if (i) buf_putc(out, ',');
        js_put_string(out, ir->languages[i]);
    }
    buf_puts(out, wants_invitation(ir) ? "],invitation:true,\n" : "],\n");
}

static void put_patterns(const struct ir *ir, struct buf *out)
{
    for (uint32_t i = 0; i < ir->pattern_count; i++) {
        if (i) buf_putc(out, ',');
        js_put_string(out, ir->patterns[i]);
    }
}

static void put_lists(const struct uses *uses, struct buf *out)
{
    for (uint32_t i = 0; i < uses->ir->list_count; i++) {
        if (i) buf_puts(out, ",\n");
        put_list(uses, i, out);
    }
}

void emit_js(struct arena *scratch, const struct ir *ir, struct str hash, struct buf *out)
{
    struct js js = {.arena = scratch, .ir = ir, .out = out};
    struct uses uses;
    if (!find_uses(scratch, ir, &uses)) {
        out->failure = scratch->refused ? ST_LIMIT : ST_NOMEM;
        return;
    }
    buf_puts(out, "export default {");
    put_head(ir, hash, out);
    buf_puts(out, "nodes:[");
    put_nodes(ir, out);
    buf_puts(out, "],\nscopes:[");
    put_scopes(ir, out);
    buf_puts(out, "],\nlists:[");
    put_lists(&uses, out);
    buf_puts(out, "],\npatterns:[");
    put_patterns(ir, out);
    buf_puts(out, "],\nchecks:[");
    put_checks(ir, out);
    buf_puts(out, "],\n");
    write_rules(&js, out);
    emit_js_needs(&js, out);
    buf_puts(out, "}\n");
}
