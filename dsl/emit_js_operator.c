#include "dsl/emit_js_operator.h"

#include "base/decimal.h"
#include "dsl/emit_js_expr.h"
#include "dsl/ir_op.h"

#include <assert.h>

/* ---- what may go wrong */

static bool faults(const struct ir_expr *e)
{
    if (e->may_fault) return true;
    for (uint32_t i = 0; i < e->arg_count; i++)
        if (faults(e->args[i])) return true;
    return e->where && faults(e->where);
}

/* Whether an operand may fault that is not looked at when one before it is missing. */
bool js_is_hazardous(const struct ir_expr *e)
{
    bool missing = false;
    for (uint32_t i = 0; i < e->arg_count; i++) {
        if (missing && faults(e->args[i])) return true;
        missing |= e->args[i]->may_be_missing;
    }
    return false;
}

static bool all_there(const struct ir_expr *e)
{
    for (uint32_t i = 0; i < e->arg_count; i++)
        if (e->args[i]->may_be_missing) return false;
    return true;
}

uint32_t js_take_temp(struct js *js)
{
    uint32_t temp = js->temps++;
    if (js->temps > js->temps_max) js->temps_max = js->temps;
    return temp;
}

/* ---- operators over operands, which are texts or have been put into temps */

static void put_operand(struct js *js, const struct js_operands *operands, uint32_t i, int place,
                        bool number)
{
    if (operands->stored && i < operands->count)
        buf_printf(js->out, "t%u", (unsigned)(operands->first + i));
    else js_put_value(js, operands->e->args[i], place, number);
}

static void put_operands(struct js *js, const struct js_operands *operands)
{
    for (uint32_t i = 0; i < operands->e->arg_count; i++) {
        if (i) buf_putc(js->out, ',');
        put_operand(js, operands, i, TERNARY, false);
    }
}

static void put_sign(struct js *js, const struct js_operands *operands, const char *sign, int level,
                     int place)
{
    bool open = place > level;
    js_open_if(js, open);
    put_operand(js, operands, 0, level, true);
    buf_puts(js->out, sign);
    put_operand(js, operands, 1, level + 1, true);
    js_close_if(js, open);
}

static const char *order_sign(enum ir_op op)
{
    static const char *const signs[] = {"===", "!==", "<", "<=", ">", ">="};
    return signs[op - IR_EQ];
}

/* Whether JavaScript's own signs compare values of the kind. */
static bool is_plain_kind(enum program_type kind)
{
    return kind != TYPE_CHOICES && kind != TYPE_RANKING;
}

/* Whether the sign itself says false when an operand is missing. */
static bool is_signed(const struct ir_expr *e, enum ir_op op)
{
    enum program_type kind = e->args[0]->type.kind;
    bool some = e->args[0]->may_be_missing || e->args[1]->may_be_missing,
         both = e->args[0]->may_be_missing && e->args[1]->may_be_missing;
    if (op == IR_EQ) return is_plain_kind(kind) && !both;
    if (op == IR_NE) return is_plain_kind(kind) && !some;
    return kind != TYPE_TEXT;
}

/* `sign`: a question, or nothing is missing, so that the sign will do. */
void js_put_comparison(struct js *js, const struct js_operands *operands, enum ir_op op, bool sign,
                       int place)
{
    const struct ir_expr *e = operands->e;
    bool equality = op == IR_EQ || op == IR_NE;
    if (sign && (operands->stored ? is_plain_kind(e->args[0]->type.kind) &&
                                        (equality || e->args[0]->type.kind != TYPE_TEXT)
                                  : is_signed(e, op))) {
        int level = equality ? EQUAL : ORDER;
        bool open = place > level;
        js_open_if(js, open);
        put_operand(js, operands, 0, level + 1, !equality);
        buf_puts(js->out, order_sign(op));
        put_operand(js, operands, 1, level + 1, !equality);
        js_close_if(js, open);
        return;
    }
    js_put_own(js, (enum js_own)(JS_EQ + (op - IR_EQ)));
    buf_putc(js->out, '(');
    put_operands(js, operands);
    buf_putc(js->out, ')');
}

static void put_call_head(struct js *js, const struct ir_expr *e)
{
    const struct type type = e->arg_count ? e->args[0]->type : e->type;
    switch (e->helper) {
    case HELPER_SCORE:
    case HELPER_SCORE_SET:
    case HELPER_CODE:
    case HELPER_CODES:
    case HELPER_RANKED_CODES:
    case HELPER_LISTED:
    case HELPER_COLUMN:
    case HELPER_FIND:
        js_put_own(js, JS_LISTS);
        buf_printf(js->out, "[%u],", (unsigned)(e->helper == HELPER_FIND ? e->type.list : type.list));
        if (e->helper == HELPER_COLUMN) buf_printf(js->out, "%u,", (unsigned)e->column);
        return;
    case HELPER_TEXT_OF:
        buf_printf(js->out, "%u,%u,", (unsigned)type.kind, (unsigned)type.scale);
        return;
    case HELPER_MATCHES:
        js_put_own(js, JS_PATTERNS);
        buf_printf(js->out, "[%u],", (unsigned)e->pattern);
        return;
    case HELPER_DATE_OF:
    case HELPER_TIME_OF:
    case HELPER_ADD_MONTHS_INSTANT:
        js_put_own(js, JS_ZONE);
        buf_putc(js->out, ',');
        return;
    default:
        return;
    }
}

static void put_call_tail(struct js *js, const struct ir_expr *e)
{
    int shift;
    switch (e->helper) {
    case HELPER_ROUND:
    case HELPER_FLOOR_SCALED:
    case HELPER_CEIL_SCALED:
        buf_printf(js->out, ",%d", e->args[0]->type.scale - e->type.scale);
        return;
    case HELPER_NUMBER:
        buf_printf(js->out, ",%d", e->args[0]->type.scale);
        return;
    case HELPER_PARSE_DECIMAL:
        buf_printf(js->out, ",%d", e->type.scale);
        return;
    case HELPER_DIVIDE:
        shift = e->type.scale - e->args[0]->type.scale + e->args[1]->type.scale;
        buf_printf(js->out, ",%d,%d", shift > 0 ? shift : 0, shift < 0 ? -shift : 0);
        return;
    default:
        return;
    }
}

void js_put_named(struct js *js, const struct js_operands *operands, enum js_own own)
{
    js_put_own(js, own);
    buf_putc(js->out, '(');
    put_operands(js, operands);
    buf_putc(js->out, ')');
}

void js_put_called(struct js *js, const struct js_operands *operands, enum program_helper helper)
{
    js_put_helper(js, helper);
    buf_putc(js->out, '(');
    if (operands->e->op == IR_CALL) put_call_head(js, operands->e);
    put_operands(js, operands);
    if (operands->e->op == IR_CALL) put_call_tail(js, operands->e);
    buf_putc(js->out, ')');
}

static void put_bare_arithmetic(struct js *js, const struct js_operands *operands, int place)
{
    const struct ir_expr *e = operands->e;
    bool open;
    switch (e->op) {
    case IR_ADD:
        put_sign(js, operands, "+", SUM, place);
        return;
    case IR_SUB:
        put_sign(js, operands, "-", SUM, place);
        return;
    case IR_MUL:
        put_sign(js, operands, "*", PRODUCT, place);
        return;
    case IR_NEGATE:
        open = place > SUM; /* or a-(-b) would be a--b */
        js_open_if(js, open);
        buf_putc(js->out, '-');
        put_operand(js, operands, 0, TIGHT, true);
        js_close_if(js, open);
        return;
    default:
        assert(e->op == IR_RESCALE);
        open = place > PRODUCT;
        js_open_if(js, open);
        put_operand(js, operands, 0, PRODUCT, true);
        buf_putc(js->out, '*');
        js_put_exact(js->out, decimal_power((unsigned)(e->type.scale - e->args[0]->type.scale)));
        js_close_if(js, open);
        return;
    }
}

/* Whether a result that is no number can stand for a missing one in its place. */
static void put_arithmetic(struct js *js, const struct js_operands *operands, int place, bool number)
{
    const struct ir_expr *e = operands->e;
    bool there = operands->stored || all_there(e);
    if (!e->may_fault && (number || there)) {
        put_bare_arithmetic(js, operands, place);
        return;
    }
    js_put_own(js, !e->may_fault ? JS_DEFINED : e->type.kind == TYPE_NUMBER ? JS_FINITE : JS_EXACT);
    buf_putc(js->out, '(');
    put_bare_arithmetic(js, operands, LOOSE);
    buf_putc(js->out, ')');
}

static void put_operator(struct js *js, const struct js_operands *operands, int place, bool number)
{
    const struct ir_expr *e = operands->e;
    switch (e->op) {
    case IR_EQ:
    case IR_NE:
    case IR_LT:
    case IR_LE:
    case IR_GT:
    case IR_GE:
        js_put_comparison(js, operands, e->op, operands->stored || all_there(e), place);
        return;
    case IR_HAS:
        js_put_called(js, operands, HELPER_HAS);
        return;
    case IR_CONCAT:
        js_put_called(js, operands, HELPER_CONCAT);
        return;
    case IR_CALL:
        js_put_called(js, operands, e->helper);
        return;
    case IR_DIV:
        js_put_named(js, operands, JS_QUOTIENT);
        return;
    case IR_FLOOR_DIV:
        js_put_named(js, operands, JS_FLOOR_DIV);
        return;
    case IR_MOD:
        js_put_named(js, operands, JS_MOD);
        return;
    case IR_ABS:
        js_put_named(js, operands, JS_ABS);
        return;
    case IR_SIGN:
        js_put_named(js, operands, JS_SIGN);
        return;
    default:
        put_arithmetic(js, operands, place, number);
        return;
    }
}

/* (t0=…)==null||(t1=…)==null: true as soon as one is missing. Returns how many are in temps. */
static uint32_t put_guards(struct js *js, const struct ir_expr *e, uint32_t first)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < e->arg_count; i++)
        if (e->args[i]->may_be_missing) count = i + 1;
    for (uint32_t i = 0; i < count; i++) js_take_temp(js);
    for (uint32_t i = 0; i < count; i++) {
        if (i) buf_puts(js->out, "||");
        buf_printf(js->out, "(t%u=", (unsigned)(first + i));
        js_put_value(js, e->args[i], TERNARY, false);
        buf_puts(js->out, ")==null");
    }
    return count;
}

void js_put_strict(struct js *js, const struct ir_expr *e, int place, bool number)
{
    struct js_operands operands = {.e = e};
    if (!js_is_hazardous(e)) {
        put_operator(js, &operands, place, number);
        return;
    }
    operands.stored = true;
    operands.first = js->temps;
    js_open_if(js, place > TERNARY);
    operands.count = put_guards(js, e, operands.first);
    buf_puts(js->out, "?void 0:");
    put_operator(js, &operands, TERNARY, false);
    js_close_if(js, place > TERNARY);
    js->temps = operands.first;
}
