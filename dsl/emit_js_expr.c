#include "dsl/emit_js_expr.h"

#include "dsl/emit_js_ask.h"
#include "dsl/emit_js_operator.h"
#include "dsl/emit_js_word.h"
#include "dsl/ir_op.h"

#include <assert.h>

/* ---- functions */

static void put_params(struct js *js, const char *more, uint32_t temps)
{
    bool bare = js->cursors == 1 && !*more && temps == 0;
    js_open_if(js, !bare);
    for (uint32_t i = 0; i < js->cursors; i++) {
        if (i) buf_putc(js->out, ',');
        js_put_cursor(js, i);
    }
    buf_puts(js->out, more);
    for (uint32_t i = 0; i < temps; i++) buf_printf(js->out, ",t%u", (unsigned)i);
    js_close_if(js, !bare);
}

enum body { BODY_VALUE, BODY_TRUE, BODY_FALSE };

static void put_body(struct js *js, const struct ir_expr *e, enum body body)
{
    if (body == BODY_VALUE) js_put_value(js, e, TERNARY, false);
    else js_put_ask(js, e, body == BODY_TRUE, TERNARY);
}

/* Temps are parameters that nobody passes; how many is known when the body has been written. */
static void put_function(struct js *js, const struct ir_expr *e, enum body body)
{
    struct buf text, *out = js->out;
    uint32_t temps = js->temps, temps_max = js->temps_max;
    buf_init(&text, js->arena->mem, out->bytes_max);
    js->temps = js->temps_max = 0;
    js->out = &text;
    put_body(js, e, body);
    js->out = out;
    put_params(js, js->option ? ",o" : "", js->temps_max);
    buf_puts(out, "=>");
    buf_put(out, buf_str(&text));
    if (buf_failed(&text) && !out->failure) out->failure = text.failure;
    buf_release(&text);
    js->temps = temps;
    js->temps_max = temps_max;
}

static void begin_rule(struct js *js, uint32_t scope, bool option)
{
    js->scopes[0] = scope;
    js->cursors = 1;
    js->option = option;
    js->questions = 0;
}

void js_function(struct js *js, const struct ir_expr *e, uint32_t scope, bool option)
{
    begin_rule(js, scope, option);
    put_function(js, e, BODY_VALUE);
}

void js_question(struct js *js, const struct ir_expr *e, bool want, uint32_t scope, bool option)
{
    begin_rule(js, scope, option);
    put_function(js, e, want ? BODY_TRUE : BODY_FALSE);
}

/* A part that stands where it would be written twice for each question around it: a function of its
 * own. */
static void put_shared(struct js *js, const struct ir_expr *e)
{
    struct buf *out = js->out, text;
    uint32_t questions = js->questions;
    buf_init(&text, js->arena->mem, out->bytes_max);
    js->questions = 0;
    js->out = &text;
    put_function(js, e, BODY_VALUE);
    js->out = out;
    js->questions = questions;
    uint32_t number = js->shared_count++;
    buf_printf(&js->shared, "const q%u=", (unsigned)number);
    buf_put(&js->shared, buf_str(&text));
    buf_puts(&js->shared, ";");
    if (buf_failed(&text) && !out->failure) out->failure = text.failure;
    buf_release(&text);
    buf_printf(out, "q%u(", (unsigned)number);
    for (uint32_t i = 0; i < js->cursors; i++) {
        if (i) buf_putc(out, ',');
        js_put_cursor(js, i);
    }
    buf_puts(out, js->option ? ",o)" : ")");
}

/* ---- aggregates */

static enum js_own rows_function(const struct ir_expr *e)
{
    static const enum js_own functions[] = {
        [AGGREGATE_COUNT] = JS_ROWS_COUNT,      [AGGREGATE_SUM] = JS_ROWS_SUM,
        [AGGREGATE_MIN] = JS_ROWS_MIN,          [AGGREGATE_MAX] = JS_ROWS_MAX,
        [AGGREGATE_AVG] = JS_ROWS_AVG,          [AGGREGATE_ANY] = JS_ROWS_ANY,
        [AGGREGATE_ALL] = JS_ROWS_ALL,          [AGGREGATE_NONE] = JS_ROWS_NONE,
        [AGGREGATE_FIRST] = JS_ROWS_FIRST,      [AGGREGATE_LAST] = JS_ROWS_LAST,
        [AGGREGATE_JOIN] = JS_ROWS_JOIN,        [AGGREGATE_AT] = JS_ROWS_AT,
        [AGGREGATE_DISTINCT] = JS_ROWS_DISTINCT};
    bool number = e->arg_count && e->args[0]->type.kind == TYPE_NUMBER;
    if (number && e->aggregate == AGGREGATE_SUM) return JS_ROWS_TOTAL;
    if (number && e->aggregate == AGGREGATE_AVG) return JS_ROWS_MEAN;
    return functions[e->aggregate];
}

static void put_row_function(struct js *js, uint32_t cursor, const struct ir_expr *e, bool question)
{
    js_put_cursor(js, cursor);
    buf_puts(js->out, "=>");
    if (question) js_put_ask(js, e, true, TERNARY);
    else js_put_value(js, e, TERNARY, false);
}

/* rowsSum(F,2,a=>a[3],a=>a[4]): what is looked at outside of the rows comes behind the scope. */
static void put_aggregate(struct js *js, const struct ir_expr *e)
{
    bool value = e->aggregate != AGGREGATE_COUNT && e->arg_count > 0;
    uint32_t cursors = js->cursors;
    js_put_own(js, rows_function(e));
    buf_putc(js->out, '(');
    js_put_row(js, e->from, e->from_scope);
    buf_printf(js->out, ",%u", (unsigned)e->scope);
    if (e->aggregate == AGGREGATE_AVG && e->type.kind != TYPE_NUMBER) {
        int up = e->type.scale - e->args[0]->type.scale;
        buf_printf(js->out, ",%d,%d", up > 0 ? up : 0, up < 0 ? -up : 0);
    }
    if (e->aggregate == AGGREGATE_AT || e->aggregate == AGGREGATE_JOIN) {
        buf_putc(js->out, ',');
        js_put_value(js, e->args[1], TERNARY, false);
    }
    assert(e->cursor < JS_CURSORS);
    js->scopes[e->cursor] = e->scope;
    js->cursors = e->cursor + 1;
    if (value) buf_putc(js->out, ',');
    if (value) put_row_function(js, e->cursor, e->args[0], false);
    if (e->where) buf_putc(js->out, ',');
    if (e->where) put_row_function(js, e->cursor, e->where, true);
    js->cursors = cursors;
    buf_putc(js->out, ')');
}

/* ---- values */

static void put_constant(struct js *js, const struct ir_expr *e, int place)
{
    bool open;
    switch (e->type.kind) {
    case TYPE_TEXT:
        js_put_string(js->out, e->value.text);
        return;
    case TYPE_BOOLEAN:
        buf_puts(js->out, e->value.truth ? "!0" : "!1");
        return;
    case TYPE_NUMBER:
        open = e->value.number < 0 && place > SUM;
        js_open_if(js, open);
        js_put_double(js->out, e->value.number);
        js_close_if(js, open);
        return;
    default:
        open = e->value.exact < 0 && place > SUM;
        js_open_if(js, open);
        js_put_exact(js->out, e->value.exact);
        js_close_if(js, open);
        return;
    }
}

/* Is it definitely true, else is it definitely false. */
static void put_logic(struct js *js, const struct ir_expr *e, int place)
{
    if (!e->may_be_missing) {
        buf_puts(js->out, "!!(");
        js_put_ask(js, e, true, LOOSE);
        buf_putc(js->out, ')');
        return;
    }
    if (js->questions > 0) {
        put_shared(js, e);
        return;
    }
    js_open_if(js, place > TERNARY);
    js->questions++;
    js_put_ask(js, e, true, EITHER);
    buf_puts(js->out, "?!0:");
    js_put_ask(js, e, false, EITHER);
    buf_puts(js->out, "?!1:void 0");
    js->questions--;
    js_close_if(js, place > TERNARY);
}

static void put_if(struct js *js, const struct ir_expr *e, int place, bool number)
{
    js_open_if(js, place > TERNARY);
    js_put_ask(js, e->args[0], true, EITHER);
    buf_putc(js->out, '?');
    js_put_value(js, e->args[1], TERNARY, number);
    buf_putc(js->out, ':');
    js_put_value(js, e->args[2], TERNARY, number);
    js_close_if(js, place > TERNARY);
}

/* `??` may not stand beside && and || without parentheses. */
static void put_default(struct js *js, const struct ir_expr *e, int place, bool number)
{
    js_open_if(js, place > TERNARY);
    js_put_value(js, e->args[0], EQUAL, false);
    buf_puts(js->out, "??");
    js_put_value(js, e->args[1], EQUAL, number);
    js_close_if(js, place > TERNARY);
}

static void put_join(struct js *js, const struct ir_expr *e)
{
    js_put_helper(js, HELPER_JOIN);
    buf_putc(js->out, '(');
    for (uint32_t i = 0; i < e->arg_count; i++) {
        if (i) buf_putc(js->out, ',');
        js_put_value(js, e->args[i], i ? TERNARY : EQUAL, false);
        if (i == 0 && e->args[0]->may_be_missing) buf_puts(js->out, "??\"\"");
    }
    buf_putc(js->out, ')');
}

static void put_call_to_row(struct js *js, const struct ir_expr *e, enum js_own own)
{
    js_put_own(js, own);
    buf_putc(js->out, '(');
    js_put_row(js, e->cursor, js->ir->nodes[e->node].scope);
    buf_printf(js->out, ",%u)", (unsigned)js_slot_of(js, e->node));
}

void js_put_value(struct js *js, const struct ir_expr *e, int place, bool number)
{
    struct js_operands operands = {.e = e};
    switch (e->op) {
    case IR_CONST:
        put_constant(js, e, place);
        return;
    case IR_MISSING:
        js_open_if(js, place > SIGN);
        buf_puts(js->out, "void 0");
        js_close_if(js, place > SIGN);
        return;
    case IR_SLOT:
        js_put_slot(js, e);
        return;
    case IR_PRIOR:
        put_call_to_row(js, e, JS_PRIOR);
        return;
    case IR_SEEN:
        put_call_to_row(js, e, JS_SEEN);
        return;
    case IR_TODAY:
    case IR_NOW:
        js_put_named(js, &operands, e->op == IR_TODAY ? JS_TODAY : JS_NOW);
        return;
    case IR_POSITION:
        js_open_if(js, place > SUM);
        js_put_row(js, e->cursor, e->scope);
        buf_puts(js->out, ".i+1");
        js_close_if(js, place > SUM);
        return;
    case IR_OPTION:
        buf_putc(js->out, 'o');
        return;
    case IR_AND:
    case IR_OR:
    case IR_NOT:
        put_logic(js, e, place);
        return;
    case IR_ANSWERED:
        js_ask_answered(js, e, true, place);
        return;
    case IR_COALESCE:
        put_default(js, e, place, number);
        return;
    case IR_IF:
        put_if(js, e, place, number);
        return;
    case IR_LEAST:
    case IR_GREATEST:
        js_put_named(js, &operands, e->op == IR_LEAST ? JS_LEAST : JS_GREATEST);
        return;
    case IR_AGGREGATE:
        put_aggregate(js, e);
        return;
    default:
        break;
    }
    if (e->op == IR_CALL && e->helper == HELPER_JOIN) put_join(js, e);
    else if (e->op == IR_CALL && e->helper == HELPER_SIZE) js_put_called(js, &operands, HELPER_SIZE);
    else js_put_strict(js, e, place, number);
}
