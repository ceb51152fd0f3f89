#include "dsl/ir_build.h"

#include "base/decimal.h"
#include "base/limits.h"
#include "dsl/interval.h"

#include <assert.h>
#include <string.h>

bool ir_is_poison(const struct ir_expr *e)
{
    return e->type.kind == TYPE_NONE;
}

bool ir_is_const(const struct ir_expr *e)
{
    return e->op == IR_CONST;
}

static struct ir_expr *new_expr(struct checking *ck, enum ir_op op, struct type type, struct span span)
{
    struct ir_expr *e = CHECKING_NEW(ck, struct ir_expr);
    if (!e) return &ck->poison;
    e->op = op;
    e->type = type;
    e->span = span;
    e->pattern = IR_NONE;
    return e;
}

static struct ir_expr *measured(struct checking *ck, struct ir_expr *e)
{
    if (!ir_is_poison(e)) interval_measure(ck->ir, e);
    return e;
}

struct ir_expr *ir_build_missing(struct checking *ck, struct span span, struct type type)
{
    return measured(ck, new_expr(ck, IR_MISSING, type, span));
}

struct ir_expr *ir_build_exact(struct checking *ck, struct span span, struct type type, int64_t value)
{
    struct ir_expr *e = new_expr(ck, IR_CONST, type, span);
    if (!ir_is_poison(e)) e->value.exact = value;
    return measured(ck, e);
}

struct ir_expr *ir_build_number(struct checking *ck, struct span span, double value)
{
    struct ir_expr *e = new_expr(ck, IR_CONST, type_of_kind(TYPE_NUMBER), span);
    if (!ir_is_poison(e)) e->value.number = value;
    return measured(ck, e);
}

struct ir_expr *ir_build_truth(struct checking *ck, struct span span, bool value)
{
    struct ir_expr *e = new_expr(ck, IR_CONST, type_of_kind(TYPE_BOOLEAN), span);
    if (!ir_is_poison(e)) e->value.truth = value;
    return measured(ck, e);
}

struct ir_expr *ir_build_text(struct checking *ck, struct span span, struct str value)
{
    struct ir_expr *e = new_expr(ck, IR_CONST, type_of_kind(TYPE_TEXT), span);
    if (!ir_is_poison(e)) e->value.text = value;
    return measured(ck, e);
}

struct ir_expr *ir_build_slot(struct checking *ck, struct span span, uint32_t node, uint32_t cursor)
{
    struct ir_expr *e = new_expr(ck, IR_SLOT, ck->ir->nodes[node].type, span);
    if (ir_is_poison(e)) return e;
    e->node = node;
    e->cursor = ck->ir->nodes[node].scope == 0 ? 0 : cursor;
    return measured(ck, e);
}

struct ir_expr *ir_build_prior(struct checking *ck, struct span span, uint32_t node, uint32_t cursor)
{
    struct ir_expr *e = new_expr(ck, IR_PRIOR, ck->ir->nodes[node].type, span);
    if (ir_is_poison(e)) return e;
    e->node = node;
    e->cursor = cursor;
    return measured(ck, e);
}

struct ir_expr *ir_build_seen(struct checking *ck, struct span span, uint32_t node)
{
    struct ir_expr *e = new_expr(ck, IR_SEEN, type_of_kind(TYPE_BOOLEAN), span);
    if (!ir_is_poison(e)) e->node = node;
    return measured(ck, e);
}

/* ---- ops */

static bool any_poison(struct ir_expr *const *args, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (ir_is_poison(args[i])) return true;
    return false;
}

struct ir_expr *ir_build_n(struct checking *ck, enum ir_op op, struct type type, struct span span,
                           struct ir_expr *const *args, uint32_t count)
{
    if (any_poison(args, count)) return &ck->poison;
    struct ir_expr *e = new_expr(ck, op, type, span);
    struct ir_expr **copy = CHECKING_ARRAY(ck, struct ir_expr *, count);
    if (ir_is_poison(e) || !copy) return &ck->poison;
    for (uint32_t i = 0; i < count; i++) copy[i] = args[i];
    e->args = copy;
    e->arg_count = count;
    return e->op == IR_CALL || e->op == IR_AGGREGATE ? e
                                                     : measured(ck, e); /* those are not whole yet */
}

struct ir_expr *ir_build_1(struct checking *ck, enum ir_op op, struct type type, struct span span,
                           struct ir_expr *a)
{
    return ir_build_n(ck, op, type, span, &a, 1);
}

struct ir_expr *ir_build_2(struct checking *ck, enum ir_op op, struct type type, struct span span,
                           struct ir_expr *a, struct ir_expr *b)
{
    return ir_build_n(ck, op, type, span, (struct ir_expr *[]){a, b}, 2);
}

struct ir_expr *ir_build_3(struct checking *ck, enum ir_op op, struct type type, struct span span,
                           struct ir_expr *a, struct ir_expr *b, struct ir_expr *c)
{
    return ir_build_n(ck, op, type, span, (struct ir_expr *[]){a, b, c}, 3);
}

struct ir_expr *ir_build_call(struct checking *ck, enum program_helper helper, struct type type,
                              struct span span, struct ir_expr *const *args, uint32_t count)
{
    struct ir_expr *e = ir_build_n(ck, IR_CALL, type, span, args, count);
    if (!ir_is_poison(e)) e->helper = helper;
    return measured(ck, e);
}

struct ir_expr *ir_build_call_1(struct checking *ck, enum program_helper helper, struct type type,
                                struct span span, struct ir_expr *a)
{
    return ir_build_call(ck, helper, type, span, &a, 1);
}

struct ir_expr *ir_build_call_2(struct checking *ck, enum program_helper helper, struct type type,
                                struct span span, struct ir_expr *a, struct ir_expr *b)
{
    return ir_build_call(ck, helper, type, span, (struct ir_expr *[]){a, b}, 2);
}

struct ir_expr *ir_build_column(struct checking *ck, struct span span, struct type type,
                                uint32_t column, struct ir_expr *choice)
{
    struct ir_expr *e = ir_build_1(ck, IR_CALL, type, span, choice);
    if (ir_is_poison(e)) return e;
    e->helper = HELPER_COLUMN;
    e->column = column;
    return measured(ck, e);
}

/* ---- chains: a and b and c is one AND of three */

static uint32_t links_of(const struct ir_expr *e, enum ir_op op)
{
    return e->op == op ? e->arg_count : 1;
}

static uint32_t add_links(struct ir_expr **args, uint32_t count, struct ir_expr *e, enum ir_op op)
{
    if (e->op != op) {
        args[count] = e;
        return count + 1;
    }
    for (uint32_t i = 0; i < e->arg_count; i++) args[count + i] = e->args[i];
    return count + e->arg_count;
}

/* A chain's array has room for the next power of two, so that a long chain is made in linear time. */
static uint32_t chain_room(uint32_t count)
{
    uint32_t room = 1;
    while (room < count) room *= 2;
    return room;
}

static bool grow_chain(struct checking *ck, struct ir_expr *e, uint32_t more)
{
    uint32_t need = e->arg_count + more;
    if (need <= chain_room(e->arg_count)) return true;
    struct ir_expr **args = CHECKING_ARRAY(ck, struct ir_expr *, chain_room(need));
    if (!args) return false;
    memcpy(args, e->args, e->arg_count * sizeof *args);
    e->args = args;
    return true;
}

/* The left one is taken over: nobody else holds it. Its intervals grow with it, for the same linear
 * time. */
static struct ir_expr *extend_chain(struct checking *ck, struct ir_expr *e, struct span span,
                                    struct ir_expr *more)
{
    if (!grow_chain(ck, e, links_of(more, e->op))) return &ck->poison;
    e->arg_count = add_links(e->args, e->arg_count, more, e->op);
    e->span = span;
    e->may_be_missing |= more->may_be_missing;
    uint32_t room = (uint32_t)limit(TEXT_RESULT_BYTES) - e->text_max;
    e->text_max += more->text_max < room ? more->text_max : room;
    return e;
}

static struct ir_expr *build_chain(struct checking *ck, enum ir_op op, struct type type,
                                   struct span span, struct ir_expr *a, struct ir_expr *b)
{
    if (ir_is_poison(a) || ir_is_poison(b)) return &ck->poison;
    if (a->op == op) return extend_chain(ck, a, span, b);
    struct ir_expr *e = ir_build_n(ck, op, type, span, &a, 1);
    return ir_is_poison(e) ? e : extend_chain(ck, e, span, b);
}

static bool is_truth(const struct ir_expr *e, bool truth)
{
    return e->op == IR_CONST && e->value.truth == truth;
}

struct ir_expr *ir_build_logic(struct checking *ck, enum ir_op op, struct span span, struct ir_expr *a,
                               struct ir_expr *b)
{
    if (ir_is_poison(a) || ir_is_poison(b)) return &ck->poison;
    bool neutral = op == IR_AND;
    if (is_truth(a, neutral)) return b;
    if (is_truth(b, neutral)) return a;
    if (is_truth(a, !neutral)) return a;
    return build_chain(ck, op, type_of_kind(TYPE_BOOLEAN), span, a, b);
}

struct ir_expr *ir_build_copy(struct checking *ck, struct span span, const struct ir_expr *e)
{
    if (ir_is_poison(e)) return &ck->poison;
    struct ir_expr *copy = new_expr(ck, e->op, e->type, span);
    uint32_t room = chain_room(e->arg_count);
    struct ir_expr **args = CHECKING_ARRAY(ck, struct ir_expr *, room);
    if (ir_is_poison(copy) || !args) return &ck->poison;
    *copy = *e;
    copy->span = span;
    copy->args = args;
    for (uint32_t i = 0; i < e->arg_count; i++) args[i] = e->args[i];
    return copy;
}

struct ir_expr *ir_build_concat(struct checking *ck, struct span span, struct ir_expr *a,
                                struct ir_expr *b)
{
    return build_chain(ck, IR_CONCAT, type_of_kind(TYPE_TEXT), span, a, b);
}

/* ---- exact arithmetic */

static struct ir_expr *complain_overflow(struct checking *ck, struct span span)
{
    complain(ck, "E0316", span, "exact numbers lie within ±(2^53 − 1) units of their scale",
             "this constant is too large");
    return &ck->poison;
}

struct ir_expr *ir_build_rescale(struct checking *ck, struct ir_expr *a, struct type type)
{
    if (ir_is_poison(a)) return a;
    assert(a->type.scale <= type.scale);
    if (!ir_is_const(a)) {
        if (a->type.scale != type.scale) return ir_build_1(ck, IR_RESCALE, type, a->span, a);
        return a;
    }
    int64_t value;
    if (!decimal_rescale(a->value.exact, a->type.scale, type.scale, DECIMAL_TRUNCATE, &value))
        return complain_overflow(ck, a->span);
    return ir_build_exact(ck, a->span, type, value);
}

static bool fold(enum ir_op op, const struct ir_expr *a, const struct ir_expr *b, struct type type,
                 int64_t *ret_value)
{
    switch (op) {
    case IR_ADD:
        return decimal_add(a->value.exact, b->value.exact, ret_value);
    case IR_SUB:
        return decimal_sub(a->value.exact, b->value.exact, ret_value);
    case IR_MUL:
        return decimal_mul(a->value.exact, a->type.scale, b->value.exact, b->type.scale, type.scale,
                           ret_value);
    default:
        assert(op == IR_NEGATE);
        return decimal_sub(0, a->value.exact, ret_value);
    }
}

struct ir_expr *ir_build_arithmetic(struct checking *ck, enum ir_op op, struct type type,
                                    struct span span, struct ir_expr *a, struct ir_expr *b)
{
    if (ir_is_poison(a) || (b && ir_is_poison(b))) return &ck->poison;
    if (ir_is_const(a) && (!b || ir_is_const(b))) {
        int64_t value;
        if (!fold(op, a, b, type, &value)) return complain_overflow(ck, span);
        return ir_build_exact(ck, span, type, value);
    }
    return b ? ir_build_2(ck, op, type, span, a, b) : ir_build_1(ck, op, type, span, a);
}

struct ir_expr *ir_build_to_number(struct checking *ck, struct ir_expr *a)
{
    if (ir_is_poison(a) || a->type.kind == TYPE_NUMBER) return a;
    if (ir_is_const(a))
        return ir_build_number(ck, a->span, decimal_to_double(a->value.exact, a->type.scale));
    return ir_build_call_1(ck, HELPER_NUMBER, type_of_kind(TYPE_NUMBER), a->span, a);
}
