#include "dsl/emit_js_looks.h"

#include "base/civil.h"
#include "base/decimal.h"
#include "base/json_writer.h"
#include "base/partial.h"
#include "dsl/composite.h"
#include "dsl/emit_js_word.h"

#include <string.h>

enum js_looks emit_js_looks(const struct ir_node *node)
{
    const char *composite = node->item ? composite_name(node->item) : NULL;
    if (node->kind != NODE_GROUP) return JS_LOOKS_USUAL;
    if (node->item && node->item->matrix) return JS_LOOKS_MATRIX;
    if (!composite) return JS_LOOKS_USUAL;
    if (strcmp(composite, "geopoint") == 0) return JS_LOOKS_PLACE;
    return strcmp(composite, "file") == 0 ? JS_LOOKS_FILE : JS_LOOKS_SIGNATURE;
}

bool emit_js_has_default(const struct ir_node *node)
{
    return node->kind == NODE_FIELD && node->default_value && node->default_value->op != IR_MISSING;
}

static struct str moment_text(enum program_type type, int64_t value, char room[CIVIL_DATETIME_BYTES])
{
    size_t len = 0;
    if (type == TYPE_DATE) len = civil_format_date((int32_t)value, room);
    if (type == TYPE_YEAR_MONTH || type == TYPE_PARTIAL_DATE)
        len = partial_format((int32_t)value, room);
    if (type == TYPE_TIME) len = civil_format_time((int32_t)value, room);
    if (type == TYPE_DATETIME) len = civil_format_datetime(value, 0, room);
    return (struct str){room, len};
}

static void put_constant(const struct ir *ir, const struct ir_node *node, const struct ir_expr *e,
                         struct buf *out)
{
    char exact[DECIMAL_TEXT_BYTES], moment[CIVIL_DATETIME_BYTES];
    struct json_writer json;
    switch (node->type.kind) {
    case TYPE_TEXT:
        js_put_string(out, e->value.text);
        return;
    case TYPE_BOOLEAN:
        buf_puts(out, e->value.truth ? "!0" : "!1");
        return;
    case TYPE_NUMBER:
        json_writer_init(&json, out);
        json_double(&json, e->value.number);
        return;
    case TYPE_INTEGER:
        js_put_exact(out, e->value.exact);
        return;
    case TYPE_DECIMAL:
    case TYPE_MONEY:
        js_put_string(out,
                      (struct str){exact, decimal_format(e->value.exact, node->type.scale, exact)});
        return;
    case TYPE_CHOICE:
        js_put_string(out, ir_list_code(&ir->lists[node->type.list], (uint32_t)e->value.exact - 1));
        return;
    default:
        js_put_string(out, moment_text(node->type.kind, e->value.exact, moment));
        return;
    }
}

void emit_js_default(const struct ir *ir, const struct ir_node *node, struct buf *out)
{
    const struct ir_expr *e = node->default_value;
    if (e->op == IR_TODAY) buf_puts(out, "{call:\"today\"}");
    else if (e->op == IR_NOW) buf_puts(out, "{call:\"now\"}");
    else put_constant(ir, node, e, out);
}
