#include "dsl/emit_operator.h"

#include "base/decimal.h"
#include "dsl/ir_op.h"

#include <assert.h>

/* ---- what is asked of an operator */

/* A call that may have no value though its operands have. */
bool emit_is_nilable_call(const struct ir_expr *e)
{
    switch (e->helper) {
    case HELPER_DATE:
    case HELPER_PARSE_INTEGER:
    case HELPER_PARSE_DECIMAL:
    case HELPER_PARSE_DATE:
    case HELPER_SUBSTRING:
    case HELPER_COLUMN:
    case HELPER_FIND:
    case HELPER_LISTED:
    case HELPER_CHECKSUM:
    case HELPER_RANK:
    case HELPER_RANKED:
        return e->op == IR_CALL;
    case HELPER_PARTIAL_MONTH:
    case HELPER_PARTIAL_DAY:
        return e->op == IR_CALL && e->args[0]->type.kind == TYPE_PARTIAL_DATE;
    case HELPER_CODE:
    case HELPER_CODES:
        return e->op == IR_CALL && e->args[0]->type.open;
    default:
        return false;
    }
}

bool emit_is_strict(const struct ir_expr *e)
{
    if (e->op == IR_CALL) return e->helper != HELPER_JOIN && e->helper != HELPER_SIZE;
    return ir_op_is_strict(e->op);
}

/* How many options were chosen: a helper that takes nil. */
bool emit_takes_nil(const struct ir_expr *e)
{
    return e->op == IR_CALL && e->helper == HELPER_SIZE;
}

/* ---- text */

static const char *order_sign(enum ir_op op)
{
    static const char *const signs[] = {"==", "~=", "<", "<=", ">", ">="};
    return signs[op - IR_EQ];
}

/* The comparison that holds when the other one does not. */
enum ir_op emit_opposite(enum ir_op op)
{
    static const enum ir_op ops[] = {IR_NE, IR_EQ, IR_GE, IR_GT, IR_LE, IR_LT};
    return ops[op - IR_EQ];
}

/* Without parentheses. Texts are put in order by code points, which `<` of Lua does not do. */
const char *emit_comparison(struct emitter *em, enum ir_op op, enum program_type kind, const char *a,
                            const char *b)
{
    if (kind != TYPE_TEXT || op == IR_EQ || op == IR_NE)
        return emitter_text(em, "%s%s%s", a, order_sign(op), b);
    bool swapped = op == IR_GT || op == IR_LE;
    const char *no = op == IR_LE || op == IR_GE ? "not " : "";
    return emitter_text(em, "%s%s(%s,%s)", no, emitter_helper(em, HELPER_TEXT_LESS), swapped ? b : a,
                        swapped ? a : b);
}

static int64_t magnitude(const struct ir_expr *e)
{
    int64_t low = e->low < 0 ? -e->low : e->low, high = e->high < 0 ? -e->high : e->high;
    return low > high ? low : high;
}

/* Whether the product fits Lua's integers, so that `*` cannot wrap. */
static bool product_fits(const struct ir_expr *e)
{
    if (e->type.kind == TYPE_NUMBER || !e->may_fault) return true;
    int64_t a = magnitude(e->args[0]), b = magnitude(e->args[1]);
    return b == 0 || a <= INT64_MAX / b;
}

static bool rescale_fits(const struct ir_expr *e)
{
    return !e->may_fault ||
           magnitude(e->args[0]) <=
               INT64_MAX / decimal_power((unsigned)(e->type.scale - e->args[0]->type.scale));
}

static const char *rescale_text(struct emitter *em, const struct ir_expr *e, const char *a)
{
    long long power = (long long)decimal_power((unsigned)(e->type.scale - e->args[0]->type.scale));
    if (rescale_fits(e)) return emitter_text(em, "(%s*%lld)", a, power);
    return emitter_text(em, "%s(%u,%s,%lld)", emitter_helper(em, HELPER_MUL), (unsigned)em->rule, a,
                        power);
}

/* What stands before the args of a call: the rule, for those that may fault, a list, a pattern, a type.
 */
static const char *call_head(struct emitter *em, const struct ir_expr *e)
{
    const struct type type = e->arg_count ? e->args[0]->type : e->type;
    switch (e->helper) {
    case HELPER_DIVIDE:
    case HELPER_MUL:
    case HELPER_FLOOR_NUMBER:
    case HELPER_CEIL_NUMBER:
    case HELPER_SQRT:
    case HELPER_DATE_OF:
    case HELPER_ADD_DAYS:
    case HELPER_ADD_MONTHS:
    case HELPER_ADD_MS:
    case HELPER_ADD_MONTHS_INSTANT:
    case HELPER_SHIFT_MONTH:
        return emitter_text(em, "%u,", (unsigned)em->rule);
    case HELPER_SCORE:
    case HELPER_SCORE_SET:
    case HELPER_CODE:
    case HELPER_CODES:
    case HELPER_RANKED_CODES:
    case HELPER_LISTED:
        return emitter_text(em, "%u,", (unsigned)type.list);
    case HELPER_COLUMN:
        return emitter_text(em, "%u,%u,", (unsigned)type.list, (unsigned)e->column);
    case HELPER_FIND:
        return emitter_text(em, "%u,", (unsigned)e->type.list);
    case HELPER_TEXT_OF:
        return emitter_text(em, "%u,%u,", (unsigned)type.kind, (unsigned)type.scale);
    case HELPER_MATCHES:
        return emitter_text(em, "%u,", (unsigned)e->pattern);
    default:
        return "";
    }
}

/* What stands behind them. */
static const char *call_tail(struct emitter *em, const struct ir_expr *e)
{
    switch (e->helper) {
    case HELPER_ROUND:
    case HELPER_FLOOR_SCALED:
    case HELPER_CEIL_SCALED:
        return emitter_text(em, ",%d", e->args[0]->type.scale - e->type.scale);
    case HELPER_NUMBER:
        return emitter_text(em, ",%d", e->args[0]->type.scale);
    case HELPER_PARSE_DECIMAL:
        return emitter_text(em, ",%d", e->type.scale);
    case HELPER_DIVIDE: {
        int shift = e->type.scale - e->args[0]->type.scale + e->args[1]->type.scale;
        return emitter_text(em, ",%d,%d", shift > 0 ? shift : 0, shift < 0 ? -shift : 0);
    }
    default:
        return "";
    }
}

static const char *list_text(struct emitter *em, const char *const *texts, uint32_t count)
{
    const char *list = "";
    for (uint32_t i = 0; i < count; i++)
        list = emitter_text(em, "%s%s%s", list, i ? "," : "", texts[i]);
    return list;
}

static const char *call_text(struct emitter *em, const struct ir_expr *e, const char *const *args)
{
    return emitter_text(em, "%s(%s%s%s)", emitter_helper(em, e->helper), call_head(em, e),
                        list_text(em, args, e->arg_count), call_tail(em, e));
}

/* The operator over the texts of its operands. */
const char *emit_operation(struct emitter *em, const struct ir_expr *e, const char *const *args)
{
    switch (e->op) {
    case IR_ADD:
        return emitter_text(em, "(%s+%s)", args[0], args[1]);
    case IR_SUB:
        return emitter_text(em, "(%s-%s)", args[0], args[1]);
    case IR_DIV:
        return emitter_text(em, "(%s/%s)", args[0], args[1]);
    case IR_FLOOR_DIV:
        return emitter_text(em, "(%s//%s)", args[0], args[1]);
    case IR_MOD:
        return emitter_text(em, "(%s%%%s)", args[0], args[1]);
    case IR_NEGATE:
        return emitter_text(em, "(-%s)", args[0]);
    case IR_RESCALE:
        return rescale_text(em, e, args[0]);
    case IR_MUL:
        if (product_fits(e)) return emitter_text(em, "(%s*%s)", args[0], args[1]);
        return emitter_text(em, "%s(%u,%s,%s)", emitter_helper(em, HELPER_MUL), (unsigned)em->rule,
                            args[0], args[1]);
    case IR_HAS:
        return emitter_text(em, "%s(%s,%s)", emitter_helper(em, HELPER_HAS), args[0], args[1]);
    case IR_CONCAT:
        return emitter_text(em, "%s(%s)", emitter_helper(em, HELPER_CONCAT),
                            list_text(em, args, e->arg_count));
    case IR_CALL:
        return call_text(em, e, args);
    default:
        assert(e->op >= IR_EQ && e->op <= IR_GE);
        return emitter_text(em, "(%s)",
                            emit_comparison(em, e->op, e->args[0]->type.kind, args[0], args[1]));
    }
}

/* ---- statements, with checks of results */

static void check_range(struct emitter *em, const char *name)
{
    emitter_line(em, "if %s>%lld or %s<%lld then %s(%u,1) end", name, (long long)DECIMAL_MAX, name,
                 (long long)-DECIMAL_MAX, emitter_helper(em, HELPER_FAULT), (unsigned)em->rule);
}

/* Infinity minus infinity is no number, and nothing else minus itself is not 0. */
static void check_finite(struct emitter *em, const char *name)
{
    emitter_line(em, "if %s-%s~=0 then %s(%u,3) end", name, name, emitter_helper(em, HELPER_FAULT),
                 (unsigned)em->rule);
}

static void check_divisor(struct emitter *em, const struct ir_expr *divisor, const char *text)
{
    bool number = divisor->type.kind == TYPE_NUMBER;
    if (divisor->op == IR_CONST && (number ? divisor->value.number != 0 : divisor->value.exact != 0))
        return;
    emitter_line(em, "if %s==0 then %s(%u,2) end", text, emitter_helper(em, HELPER_FAULT),
                 (unsigned)em->rule);
}

/* dest = the operator over operands that are there. */
void emit_compute(struct emitter *em, const struct ir_expr *e, const char *const *args, uint32_t dest)
{
    const char *name = reg(em, dest);
    if (em->failure) return;
    switch (e->op) {
    case IR_ABS:
        emitter_line(em, "%s=%s if %s<0 then %s=-%s end", name, args[0], name, name, name);
        return;
    case IR_SIGN:
        emitter_line(em, "%s=%s if %s>0 then %s=1 elseif %s<0 then %s=-1 else %s=0 end", name, args[0],
                     name, name, name, name, name);
        return;
    case IR_DIV:
    case IR_FLOOR_DIV:
    case IR_MOD:
        if (e->may_fault) check_divisor(em, e->args[1], args[1]);
        break;
    default:
        break;
    }
    emitter_line(em, "%s=%s", name, emit_operation(em, e, args));
    if (!e->may_fault) return;
    bool arithmetic = e->op == IR_ADD || e->op == IR_SUB || (e->op == IR_MUL && product_fits(e)) ||
                      (e->op == IR_RESCALE && rescale_fits(e));
    if (e->type.kind == TYPE_NUMBER && (arithmetic || e->op == IR_DIV)) check_finite(em, name);
    else if (arithmetic) check_range(em, name);
}
