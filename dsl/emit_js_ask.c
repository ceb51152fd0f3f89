#include "dsl/emit_js_ask.h"

#include "dsl/emit_js_expr.h"
#include "dsl/emit_js_operator.h"
#include "dsl/emit_operator.h"
#include "dsl/ir_op.h"

static void put_all(struct js *js, const struct ir_expr *e, bool want, int place)
{
    bool open = place > BOTH && e->arg_count > 1;
    js_open_if(js, open);
    for (uint32_t i = 0; i < e->arg_count; i++) {
        if (i) buf_puts(js->out, "&&");
        js_put_ask(js, e->args[i], want, BOTH);
    }
    js_close_if(js, open);
}

static void put_any(struct js *js, const struct ir_expr *e, bool want, int place)
{
    bool open = place > EITHER && e->arg_count > 1;
    js_open_if(js, open);
    for (uint32_t i = 0; i < e->arg_count; i++) {
        if (i) buf_puts(js->out, "||");
        js_put_ask(js, e->args[i], want, BOTH);
    }
    js_close_if(js, open);
}

static void ask_if(struct js *js, const struct ir_expr *e, bool want, int place)
{
    js_open_if(js, place > TERNARY);
    js_put_ask(js, e->args[0], true, EITHER);
    buf_putc(js->out, '?');
    js_put_ask(js, e->args[1], want, TERNARY);
    buf_putc(js->out, ':');
    js_put_ask(js, e->args[2], want, TERNARY);
    js_close_if(js, place > TERNARY);
}

static void ask_default(struct js *js, const struct ir_expr *e, bool want, int place)
{
    uint32_t temp = js_take_temp(js);
    js_open_if(js, place > TERNARY);
    buf_printf(js->out, "(t%u=", (unsigned)temp);
    js_put_value(js, e->args[0], TERNARY, false);
    buf_puts(js->out, ")==null?");
    js->temps = temp; /* who asks the other one does without it */
    js_put_ask(js, e->args[1], want, TERNARY);
    buf_printf(js->out, "%st%u", want ? ":" : ":!", (unsigned)temp);
    js_close_if(js, place > TERNARY);
}

static void ask_comparison(struct js *js, const struct ir_expr *e, bool want, int place)
{
    struct js_operands operands = {.e = e};
    enum ir_op op = want ? e->op : emit_opposite(e->op);
    js_put_comparison(js, &operands, op, true, place);
}

/* A value that is a boolean, then what it is. */
static void ask_value(struct js *js, const struct ir_expr *e, bool want, int place)
{
    bool open = !want && place > EQUAL;
    if (!want && !e->may_be_missing) {
        buf_putc(js->out, '!');
        js_put_value(js, e, TIGHT, false);
        return;
    }
    js_open_if(js, open);
    js_put_value(js, e, want ? place : EQUAL + 1, false);
    if (!want) buf_puts(js->out, "===!1");
    js_close_if(js, open);
}

void js_ask_answered(struct js *js, const struct ir_expr *e, bool want, int place)
{
    js_open_if(js, place > EQUAL);
    js_put_value(js, e->args[0], EQUAL + 1, false);
    buf_puts(js->out, want ? "!=null" : "==null");
    js_close_if(js, place > EQUAL);
}

void js_put_ask(struct js *js, const struct ir_expr *e, bool want, int place)
{
    switch (e->op) {
    case IR_AND:
        if (want) put_all(js, e, true, place);
        else put_any(js, e, false, place);
        return;
    case IR_OR:
        if (want) put_any(js, e, true, place);
        else put_all(js, e, false, place);
        return;
    case IR_NOT:
        js_put_ask(js, e->args[0], !want, place);
        return;
    case IR_IF:
        ask_if(js, e, want, place);
        return;
    case IR_COALESCE:
        ask_default(js, e, want, place);
        return;
    case IR_ANSWERED:
        js_ask_answered(js, e, want, place);
        return;
    case IR_CONST:
        buf_puts(js->out, e->value.truth == want ? "!0" : "!1");
        return;
    case IR_MISSING:
        buf_puts(js->out, "!1");
        return;
    default:
        break;
    }
    bool comparison = e->op >= IR_EQ && e->op <= IR_GE;
    if (comparison && !js_is_hazardous(e)) ask_comparison(js, e, want, place);
    else ask_value(js, e, want, place);
}
