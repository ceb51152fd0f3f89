#include "dsl/expr_text.h"

#include "base/decimal.h"

/* No two operands may run into each other, so every name and text says how long it is. */
static void put_str(struct buf *out, struct str text)
{
    buf_printf(out, "%zu:", text.len);
    buf_put(out, text);
}

static void put_node(const struct ir *ir, uint32_t node, struct buf *out)
{
    put_str(out, ir->nodes[node].path);
}

static void put_scope(const struct ir *ir, uint32_t scope, struct buf *out)
{
    put_node(ir, ir->scopes[scope].node, out);
}

static void put_code(const struct ir *ir, const struct ir_expr *e, struct buf *out)
{
    const struct ir_list *list = &ir->lists[e->type.list];
    if (e->value.exact > list->option_count) buf_puts(out, "other");
    else put_str(out, ir_list_code(list, (uint32_t)e->value.exact - 1));
}

static void put_const(const struct ir *ir, const struct ir_expr *e, struct buf *out)
{
    switch (e->type.kind) {
    case TYPE_TEXT:
        put_str(out, e->value.text);
        return;
    case TYPE_BOOLEAN:
        buf_puts(out, e->value.truth ? "true" : "false");
        return;
    case TYPE_NUMBER:
        double_put(out, e->value.number);
        return;
    case TYPE_CHOICE:
        put_code(ir, e, out);
        return;
    default:
        buf_printf(out, "%lld", (long long)e->value.exact);
        return;
    }
}

/* Codes of a set come out in the order of its list. */
static void put_codes(const struct ir *ir, const struct ir_expr *e, struct buf *out)
{
    const struct ir_list *list = &ir->lists[e->args[0]->type.list];
    for (uint32_t i = 0; i < list->option_count && !list->sheet; i++)
        put_str(out, ir_list_code(list, i));
}

/* What an operation is besides its operands and its type. */
static void put_head(const struct ir *ir, const struct ir_expr *e, struct buf *out)
{
    buf_printf(out, "#%d", (int)e->op);
    switch (e->op) {
    case IR_CONST:
        put_const(ir, e, out);
        return;
    case IR_SLOT:
    case IR_PRIOR:
        put_node(ir, e->node, out);
        buf_printf(out, "@%u", (unsigned)e->cursor);
        return;
    case IR_SEEN:
        put_node(ir, e->node, out);
        return;
    case IR_POSITION:
        put_scope(ir, e->scope, out);
        buf_printf(out, "@%u", (unsigned)e->cursor);
        return;
    case IR_CALL:
        buf_printf(out, "h%d", (int)e->helper);
        if (e->helper == HELPER_MATCHES) put_str(out, ir->patterns[e->pattern]);
        if (e->helper == HELPER_CODES) put_codes(ir, e, out);
        if (e->helper == HELPER_COLUMN)
            put_str(out, ir->lists[e->args[0]->type.list].columns[e->column].name);
        return;
    case IR_AGGREGATE:
        buf_printf(out, "a%d@%u", (int)e->aggregate, (unsigned)e->cursor);
        put_scope(ir, e->scope, out);
        put_scope(ir, e->from_scope, out);
        buf_printf(out, "@%u", (unsigned)e->from);
        return;
    default:
        return;
    }
}

void expr_text_put(const struct ir *ir, const struct ir_expr *e, struct buf *out)
{
    put_head(ir, e, out);
    buf_printf(out, ":%d.%u%s(", (int)e->type.kind, (unsigned)e->type.scale, e->type.currency);
    for (uint32_t i = 0; i < e->arg_count; i++) expr_text_put(ir, e->args[i], out);
    if (e->where) {
        buf_puts(out, " where ");
        expr_text_put(ir, e->where, out);
    }
    buf_putc(out, ')');
}

void expr_text_put_text(const struct ir *ir, const struct ir_text *text, struct buf *out)
{
    for (uint32_t i = 0; i < text->part_count; i++) {
        const struct ir_part *part = &text->parts[i];
        if (part->node == IR_NONE) {
            buf_put(out, part->literal);
            continue;
        }
        buf_putc(out, '{');
        buf_put(out, ir->nodes[part->node].path);
        buf_putc(out, '}');
    }
}
