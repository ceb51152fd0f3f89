#include "dsl/emit_js_expr.h"

#include "base/decimal.h"
#include "base/json_writer.h"
#include "dsl/emit_operator.h"
#include "dsl/ir_op.h"

#include <assert.h>

/* How tightly a text holds together; what is looser than its place wants stands in parentheses. */
enum { LOOSE, TERNARY, EITHER, BOTH, EQUAL, ORDER, SUM, PRODUCT, SIGN, TIGHT };

static void put_value(struct js *js, const struct ir_expr *e, int place, bool number);
static void put_ask(struct js *js, const struct ir_expr *e, bool want, int place);

/* ---- names */

static const char *const helper_names[] = {
#define HELPER(NAME, name, arity, base_cost, note) #name,
#include "dsl/helper.def"
#undef HELPER
};

static const char *const own_names[] = {
#define JS_OWN(NAME, name) #name,
    JS_OWNS
#undef JS_OWN
};

const char *js_helper_name(enum program_helper helper)
{
    static char name[64];
    size_t len = 0;
    for (const char *c = helper_names[helper]; *c; c++) {
        assert(len + 1 < sizeof name);
        if (*c == '_') c++, name[len++] = (char)(*c - 'a' + 'A');
        else name[len++] = *c;
    }
    name[len] = 0;
    return name;
}

const char *js_own_name(enum js_own own)
{
    return own_names[own];
}

static void put_own(struct js *js, enum js_own own)
{
    js->owns[own] = true;
    buf_puts(js->out, own_names[own]);
}

static void put_helper(struct js *js, enum program_helper helper)
{
    js->helpers[helper] = true;
    buf_puts(js->out, js_helper_name(helper));
}

/* ---- literals */

/* 12000000 is 12e6. */
void js_put_exact(struct buf *out, int64_t value)
{
    int zeros = 0;
    for (; value != 0 && value % 10 == 0; value /= 10) zeros++;
    if (zeros > 2) {
        buf_put_int(out, value);
        buf_printf(out, "e%d", zeros);
        return;
    }
    for (; zeros > 0; zeros--) value *= 10;
    buf_put_int(out, value);
}

void js_put_string(struct buf *out, struct str text)
{
    json_put_str(out, text);
}

static void put_double(struct buf *out, double value)
{
    struct json_writer json;
    json_writer_init(&json, out);
    json_double(&json, value);
}

/* ---- rows and slots */

static void put_cursor(struct js *js, uint32_t cursor)
{
    if (cursor == 0) buf_putc(js->out, 'r');
    else if (cursor <= 14) buf_putc(js->out, (char)('a' + cursor - 1));
    else buf_printf(js->out, "r%u", (unsigned)cursor);
}

/* The row of `scope` that the cursor's row is or lies in. */
static void put_row(struct js *js, uint32_t cursor, uint32_t scope)
{
    if (scope == 0) {
        put_own(js, JS_FORM);
        return;
    }
    put_cursor(js, cursor);
    for (uint32_t at = js->scopes[cursor]; at != scope; at = js->ir->scopes[at].parent)
        buf_puts(js->out, ".p");
}

static uint32_t slot_of(const struct js *js, uint32_t node)
{
    return node - js->ir->scopes[js->ir->nodes[node].scope].node;
}

static void put_slot(struct js *js, const struct ir_expr *e)
{
    put_row(js, e->cursor, js->ir->nodes[e->node].scope);
    buf_printf(js->out, "[%u]", (unsigned)slot_of(js, e->node));
}

static void open_if(struct js *js, bool open)
{
    if (open) buf_putc(js->out, '(');
}

static void close_if(struct js *js, bool open)
{
    if (open) buf_putc(js->out, ')');
}

/* ---- what may go wrong */

static bool faults(const struct ir_expr *e)
{
    if (e->may_fault) return true;
    for (uint32_t i = 0; i < e->arg_count; i++)
        if (faults(e->args[i])) return true;
    return e->where && faults(e->where);
}

/* Whether an operand may fault that is not looked at when one before it is missing. */
static bool is_hazardous(const struct ir_expr *e)
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

/* ---- functions */

static void put_params(struct js *js, const char *more, uint32_t temps)
{
    bool bare = js->cursors == 1 && !*more && temps == 0;
    open_if(js, !bare);
    for (uint32_t i = 0; i < js->cursors; i++) {
        if (i) buf_putc(js->out, ',');
        put_cursor(js, i);
    }
    buf_puts(js->out, more);
    for (uint32_t i = 0; i < temps; i++) buf_printf(js->out, ",t%u", (unsigned)i);
    close_if(js, !bare);
}

enum body { BODY_VALUE, BODY_TRUE, BODY_FALSE };

static void put_body(struct js *js, const struct ir_expr *e, enum body body)
{
    if (body == BODY_VALUE) put_value(js, e, TERNARY, false);
    else put_ask(js, e, body == BODY_TRUE, TERNARY);
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
        put_cursor(js, i);
    }
    buf_puts(out, js->option ? ",o)" : ")");
}

static uint32_t take_temp(struct js *js)
{
    uint32_t temp = js->temps++;
    if (js->temps > js->temps_max) js->temps_max = js->temps;
    return temp;
}

/* ---- operators over operands, which are texts or have been put into temps */

struct operands {
    const struct ir_expr *e;
    bool stored; /* those before `count` are in temps */
    uint32_t first, count;
};

static void put_operand(struct js *js, const struct operands *operands, uint32_t i, int place,
                        bool number)
{
    if (operands->stored && i < operands->count)
        buf_printf(js->out, "t%u", (unsigned)(operands->first + i));
    else put_value(js, operands->e->args[i], place, number);
}

static void put_operands(struct js *js, const struct operands *operands)
{
    for (uint32_t i = 0; i < operands->e->arg_count; i++) {
        if (i) buf_putc(js->out, ',');
        put_operand(js, operands, i, TERNARY, false);
    }
}

static void put_sign(struct js *js, const struct operands *operands, const char *sign, int level,
                     int place)
{
    bool open = place > level;
    open_if(js, open);
    put_operand(js, operands, 0, level, true);
    buf_puts(js->out, sign);
    put_operand(js, operands, 1, level + 1, true);
    close_if(js, open);
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
static void put_comparison(struct js *js, const struct operands *operands, enum ir_op op, bool sign,
                           int place)
{
    const struct ir_expr *e = operands->e;
    bool equality = op == IR_EQ || op == IR_NE;
    if (sign && (operands->stored ? is_plain_kind(e->args[0]->type.kind) &&
                                        (equality || e->args[0]->type.kind != TYPE_TEXT)
                                  : is_signed(e, op))) {
        int level = equality ? EQUAL : ORDER;
        bool open = place > level;
        open_if(js, open);
        put_operand(js, operands, 0, level + 1, !equality);
        buf_puts(js->out, order_sign(op));
        put_operand(js, operands, 1, level + 1, !equality);
        close_if(js, open);
        return;
    }
    put_own(js, (enum js_own)(JS_EQ + (op - IR_EQ)));
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
        put_own(js, JS_LISTS);
        buf_printf(js->out, "[%u],", (unsigned)(e->helper == HELPER_FIND ? e->type.list : type.list));
        if (e->helper == HELPER_COLUMN) buf_printf(js->out, "%u,", (unsigned)e->column);
        return;
    case HELPER_TEXT_OF:
        buf_printf(js->out, "%u,%u,", (unsigned)type.kind, (unsigned)type.scale);
        return;
    case HELPER_MATCHES:
        put_own(js, JS_PATTERNS);
        buf_printf(js->out, "[%u],", (unsigned)e->pattern);
        return;
    case HELPER_DATE_OF:
    case HELPER_TIME_OF:
    case HELPER_ADD_MONTHS_INSTANT:
        put_own(js, JS_ZONE);
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

static void put_named(struct js *js, const struct operands *operands, enum js_own own)
{
    put_own(js, own);
    buf_putc(js->out, '(');
    put_operands(js, operands);
    buf_putc(js->out, ')');
}

static void put_called(struct js *js, const struct operands *operands, enum program_helper helper)
{
    put_helper(js, helper);
    buf_putc(js->out, '(');
    if (operands->e->op == IR_CALL) put_call_head(js, operands->e);
    put_operands(js, operands);
    if (operands->e->op == IR_CALL) put_call_tail(js, operands->e);
    buf_putc(js->out, ')');
}

static void put_bare_arithmetic(struct js *js, const struct operands *operands, int place)
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
        open_if(js, open);
        buf_putc(js->out, '-');
        put_operand(js, operands, 0, TIGHT, true);
        close_if(js, open);
        return;
    default:
        assert(e->op == IR_RESCALE);
        open = place > PRODUCT;
        open_if(js, open);
        put_operand(js, operands, 0, PRODUCT, true);
        buf_putc(js->out, '*');
        js_put_exact(js->out, decimal_power((unsigned)(e->type.scale - e->args[0]->type.scale)));
        close_if(js, open);
        return;
    }
}

/* Whether a result that is no number can stand for a missing one in its place. */
static void put_arithmetic(struct js *js, const struct operands *operands, int place, bool number)
{
    const struct ir_expr *e = operands->e;
    bool there = operands->stored || all_there(e);
    if (!e->may_fault && (number || there)) {
        put_bare_arithmetic(js, operands, place);
        return;
    }
    put_own(js, !e->may_fault ? JS_DEFINED : e->type.kind == TYPE_NUMBER ? JS_FINITE : JS_EXACT);
    buf_putc(js->out, '(');
    put_bare_arithmetic(js, operands, LOOSE);
    buf_putc(js->out, ')');
}

static void put_operator(struct js *js, const struct operands *operands, int place, bool number)
{
    const struct ir_expr *e = operands->e;
    switch (e->op) {
    case IR_EQ:
    case IR_NE:
    case IR_LT:
    case IR_LE:
    case IR_GT:
    case IR_GE:
        put_comparison(js, operands, e->op, operands->stored || all_there(e), place);
        return;
    case IR_HAS:
        put_called(js, operands, HELPER_HAS);
        return;
    case IR_CONCAT:
        put_called(js, operands, HELPER_CONCAT);
        return;
    case IR_CALL:
        put_called(js, operands, e->helper);
        return;
    case IR_DIV:
        put_named(js, operands, JS_QUOTIENT);
        return;
    case IR_FLOOR_DIV:
        put_named(js, operands, JS_FLOOR_DIV);
        return;
    case IR_MOD:
        put_named(js, operands, JS_MOD);
        return;
    case IR_ABS:
        put_named(js, operands, JS_ABS);
        return;
    case IR_SIGN:
        put_named(js, operands, JS_SIGN);
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
    for (uint32_t i = 0; i < count; i++) take_temp(js);
    for (uint32_t i = 0; i < count; i++) {
        if (i) buf_puts(js->out, "||");
        buf_printf(js->out, "(t%u=", (unsigned)(first + i));
        put_value(js, e->args[i], TERNARY, false);
        buf_puts(js->out, ")==null");
    }
    return count;
}

static void put_strict(struct js *js, const struct ir_expr *e, int place, bool number)
{
    struct operands operands = {.e = e};
    if (!is_hazardous(e)) {
        put_operator(js, &operands, place, number);
        return;
    }
    operands.stored = true;
    operands.first = js->temps;
    open_if(js, place > TERNARY);
    operands.count = put_guards(js, e, operands.first);
    buf_puts(js->out, "?void 0:");
    put_operator(js, &operands, TERNARY, false);
    close_if(js, place > TERNARY);
    js->temps = operands.first;
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
    put_cursor(js, cursor);
    buf_puts(js->out, "=>");
    if (question) put_ask(js, e, true, TERNARY);
    else put_value(js, e, TERNARY, false);
}

/* rowsSum(F,2,a=>a[3],a=>a[4]): what is looked at outside of the rows comes behind the scope. */
static void put_aggregate(struct js *js, const struct ir_expr *e)
{
    bool value = e->aggregate != AGGREGATE_COUNT && e->arg_count > 0;
    uint32_t cursors = js->cursors;
    put_own(js, rows_function(e));
    buf_putc(js->out, '(');
    put_row(js, e->from, e->from_scope);
    buf_printf(js->out, ",%u", (unsigned)e->scope);
    if (e->aggregate == AGGREGATE_AVG && e->type.kind != TYPE_NUMBER) {
        int up = e->type.scale - e->args[0]->type.scale;
        buf_printf(js->out, ",%d,%d", up > 0 ? up : 0, up < 0 ? -up : 0);
    }
    if (e->aggregate == AGGREGATE_AT || e->aggregate == AGGREGATE_JOIN) {
        buf_putc(js->out, ',');
        put_value(js, e->args[1], TERNARY, false);
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

/* ---- questions */

static void put_all(struct js *js, const struct ir_expr *e, bool want, int place)
{
    bool open = place > BOTH && e->arg_count > 1;
    open_if(js, open);
    for (uint32_t i = 0; i < e->arg_count; i++) {
        if (i) buf_puts(js->out, "&&");
        put_ask(js, e->args[i], want, BOTH);
    }
    close_if(js, open);
}

static void put_any(struct js *js, const struct ir_expr *e, bool want, int place)
{
    bool open = place > EITHER && e->arg_count > 1;
    open_if(js, open);
    for (uint32_t i = 0; i < e->arg_count; i++) {
        if (i) buf_puts(js->out, "||");
        put_ask(js, e->args[i], want, BOTH);
    }
    close_if(js, open);
}

static void ask_if(struct js *js, const struct ir_expr *e, bool want, int place)
{
    open_if(js, place > TERNARY);
    put_ask(js, e->args[0], true, EITHER);
    buf_putc(js->out, '?');
    put_ask(js, e->args[1], want, TERNARY);
    buf_putc(js->out, ':');
    put_ask(js, e->args[2], want, TERNARY);
    close_if(js, place > TERNARY);
}

static void ask_default(struct js *js, const struct ir_expr *e, bool want, int place)
{
    uint32_t temp = take_temp(js);
    open_if(js, place > TERNARY);
    buf_printf(js->out, "(t%u=", (unsigned)temp);
    put_value(js, e->args[0], TERNARY, false);
    buf_puts(js->out, ")==null?");
    js->temps = temp; /* who asks the other one does without it */
    put_ask(js, e->args[1], want, TERNARY);
    buf_printf(js->out, "%st%u", want ? ":" : ":!", (unsigned)temp);
    close_if(js, place > TERNARY);
}

static void ask_comparison(struct js *js, const struct ir_expr *e, bool want, int place)
{
    struct operands operands = {.e = e};
    enum ir_op op = want ? e->op : emit_opposite(e->op);
    put_comparison(js, &operands, op, true, place);
}

/* A value that is a boolean, then what it is. */
static void ask_value(struct js *js, const struct ir_expr *e, bool want, int place)
{
    bool open = !want && place > EQUAL;
    if (!want && !e->may_be_missing) {
        buf_putc(js->out, '!');
        put_value(js, e, TIGHT, false);
        return;
    }
    open_if(js, open);
    put_value(js, e, want ? place : EQUAL + 1, false);
    if (!want) buf_puts(js->out, "===!1");
    close_if(js, open);
}

static void ask_answered(struct js *js, const struct ir_expr *e, bool want, int place)
{
    open_if(js, place > EQUAL);
    put_value(js, e->args[0], EQUAL + 1, false);
    buf_puts(js->out, want ? "!=null" : "==null");
    close_if(js, place > EQUAL);
}

static void put_ask(struct js *js, const struct ir_expr *e, bool want, int place)
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
        put_ask(js, e->args[0], !want, place);
        return;
    case IR_IF:
        ask_if(js, e, want, place);
        return;
    case IR_COALESCE:
        ask_default(js, e, want, place);
        return;
    case IR_ANSWERED:
        ask_answered(js, e, want, place);
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
    if (comparison && !is_hazardous(e)) ask_comparison(js, e, want, place);
    else ask_value(js, e, want, place);
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
        open_if(js, open);
        put_double(js->out, e->value.number);
        close_if(js, open);
        return;
    default:
        open = e->value.exact < 0 && place > SUM;
        open_if(js, open);
        js_put_exact(js->out, e->value.exact);
        close_if(js, open);
        return;
    }
}

/* Is it definitely true, else is it definitely false. */
static void put_logic(struct js *js, const struct ir_expr *e, int place)
{
    if (!e->may_be_missing) {
        buf_puts(js->out, "!!(");
        put_ask(js, e, true, LOOSE);
        buf_putc(js->out, ')');
        return;
    }
    if (js->questions > 0) {
        put_shared(js, e);
        return;
    }
    open_if(js, place > TERNARY);
    js->questions++;
    put_ask(js, e, true, EITHER);
    buf_puts(js->out, "?!0:");
    put_ask(js, e, false, EITHER);
    buf_puts(js->out, "?!1:void 0");
    js->questions--;
    close_if(js, place > TERNARY);
}

static void put_if(struct js *js, const struct ir_expr *e, int place, bool number)
{
    open_if(js, place > TERNARY);
    put_ask(js, e->args[0], true, EITHER);
    buf_putc(js->out, '?');
    put_value(js, e->args[1], TERNARY, number);
    buf_putc(js->out, ':');
    put_value(js, e->args[2], TERNARY, number);
    close_if(js, place > TERNARY);
}

/* `??` may not stand beside && and || without parentheses. */
static void put_default(struct js *js, const struct ir_expr *e, int place, bool number)
{
    open_if(js, place > TERNARY);
    put_value(js, e->args[0], EQUAL, false);
    buf_puts(js->out, "??");
    put_value(js, e->args[1], EQUAL, number);
    close_if(js, place > TERNARY);
}

static void put_join(struct js *js, const struct ir_expr *e)
{
    put_helper(js, HELPER_JOIN);
    buf_putc(js->out, '(');
    for (uint32_t i = 0; i < e->arg_count; i++) {
        if (i) buf_putc(js->out, ',');
        put_value(js, e->args[i], i ? TERNARY : EQUAL, false);
        if (i == 0 && e->args[0]->may_be_missing) buf_puts(js->out, "??\"\"");
    }
    buf_putc(js->out, ')');
}

static void put_call_to_row(struct js *js, const struct ir_expr *e, enum js_own own)
{
    put_own(js, own);
    buf_putc(js->out, '(');
    put_row(js, e->cursor, js->ir->nodes[e->node].scope);
    buf_printf(js->out, ",%u)", (unsigned)slot_of(js, e->node));
}

static void put_value(struct js *js, const struct ir_expr *e, int place, bool number)
{
    struct operands operands = {.e = e};
    switch (e->op) {
    case IR_CONST:
        put_constant(js, e, place);
        return;
    case IR_MISSING:
        open_if(js, place > SIGN);
        buf_puts(js->out, "void 0");
        close_if(js, place > SIGN);
        return;
    case IR_SLOT:
        put_slot(js, e);
        return;
    case IR_PRIOR:
        put_call_to_row(js, e, JS_PRIOR);
        return;
    case IR_SEEN:
        put_call_to_row(js, e, JS_SEEN);
        return;
    case IR_TODAY:
    case IR_NOW:
        put_named(js, &operands, e->op == IR_TODAY ? JS_TODAY : JS_NOW);
        return;
    case IR_POSITION:
        open_if(js, place > SUM);
        put_row(js, e->cursor, e->scope);
        buf_puts(js->out, ".i+1");
        close_if(js, place > SUM);
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
        ask_answered(js, e, true, place);
        return;
    case IR_COALESCE:
        put_default(js, e, place, number);
        return;
    case IR_IF:
        put_if(js, e, place, number);
        return;
    case IR_LEAST:
    case IR_GREATEST:
        put_named(js, &operands, e->op == IR_LEAST ? JS_LEAST : JS_GREATEST);
        return;
    case IR_AGGREGATE:
        put_aggregate(js, e);
        return;
    default:
        break;
    }
    if (e->op == IR_CALL && e->helper == HELPER_JOIN) put_join(js, e);
    else if (e->op == IR_CALL && e->helper == HELPER_SIZE) put_called(js, &operands, HELPER_SIZE);
    else put_strict(js, e, place, number);
}
