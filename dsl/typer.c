#include "dsl/typer.h"

#include "base/decimal.h"
#include "dsl/builtin.h"
#include "dsl/column.h"
#include "dsl/cycle.h"
#include "dsl/function.h"
#include "dsl/interval.h"
#include "dsl/literal.h"
#include "dsl/operator.h"

#include <assert.h>

enum let_state { LET_UNTYPED, LET_OPEN, LET_TYPED };

/* ---- bringing values to a type */

/* What is written in quotes was perhaps not meant as a text. */
static const char *hint_for(struct checking *ck, struct type wanted, const struct ir_expr *e)
{
    bool quoted = ir_is_const(e) && e->type.kind == TYPE_TEXT;
    if (quoted && type_is_numeric(wanted)) return "numbers stand without quotes";
    if (quoted && wanted.kind == TYPE_BOOLEAN) return "a boolean is true or false, without quotes";
    return type_hint(ck, wanted, e->type);
}

static struct ir_expr *complain_type(struct checking *ck, const struct ir_expr *e, struct type type,
                                     const char *what)
{
    complain(ck, "E0301", e->span, hint_for(ck, type, e), "expected %s %s, found %s",
             type_text(ck, type), what, type_text(ck, e->type));
    return &ck->poison;
}

static struct ir_expr *complain_scale(struct checking *ck, const struct ir_expr *e, struct type type,
                                      const char *what)
{
    const char *hint = ir_is_const(e) ? NULL : type_hint(ck, type, e->type);
    unsigned lost = (unsigned)(e->type.scale - type.scale);
    complain(ck, "E0308", e->span, hint,
             "expected %s %s, found %s: %u digit%s after the point would be lost", type_text(ck, type),
             what, type_text(ck, e->type), lost, lost == 1 ? "" : "s");
    return &ck->poison;
}

static struct ir_expr *complain_currency(struct checking *ck, struct span span, struct type a,
                                         struct type b)
{
    complain(
        ck, "E0307", span,
        "amounts of different currencies have nothing in common; multiply by a rate first, and round",
        "%s and %s do not go together", type_text(ck, a), type_text(ck, b));
    return &ck->poison;
}

static struct ir_expr *convert_exact(struct checking *ck, struct ir_expr *e, struct type type,
                                     const char *what)
{
    if (e->type.kind == TYPE_MONEY && type.kind == TYPE_MONEY && !type_equal(e->type, type))
        return complain_currency(ck, e->span, e->type, type);
    if (e->type.scale <= type.scale) return ir_build_rescale(ck, e, type);
    int64_t value, back;
    bool exact = ir_is_const(e) &&
                 decimal_rescale(e->value.exact, e->type.scale, type.scale, DECIMAL_TRUNCATE, &value) &&
                 decimal_rescale(value, type.scale, e->type.scale, DECIMAL_TRUNCATE, &back) &&
                 back == e->value.exact;
    if (!exact) return complain_scale(ck, e, type, what);
    return ir_build_exact(ck, e->span, type, value);
}

struct ir_expr *typer_convert(struct checking *ck, struct ir_expr *e, struct type type,
                              const char *what)
{
    if (ir_is_poison(e) || type.kind == TYPE_NONE) return &ck->poison;
    if (type_equal(e->type, type)) return e->type.open && !type.open ? builtin_listed(ck, e) : e;
    if (type_is_exact(e->type) && type_is_exact(type)) return convert_exact(ck, e, type, what);
    bool small = type_is_exact(e->type) && (e->type.scale == 0 || ir_is_const(e));
    if (small && type.kind == TYPE_NUMBER) return ir_build_to_number(ck, e);
    return complain_type(ck, e, type, what);
}

struct ir_expr *typer_into(struct checking *ck, const struct place *place, const struct expr *expr,
                           struct type type, const char *what)
{
    return typer_convert(ck, typer_expr(ck, place, expr, type), type, what);
}

struct ir_expr *typer_condition(struct checking *ck, const struct place *place, const struct expr *expr,
                                const char *what)
{
    return typer_into(ck, place, expr, type_of_kind(TYPE_BOOLEAN),
                      checking_text(ck, "after \"%s\"", what));
}

/* ---- one type for two */

static struct type nothing_common(struct checking *ck, struct span span, const struct ir_expr *a,
                                  const struct ir_expr *b)
{
    const char *hint = hint_for(ck, a->type, b);
    if (!hint) hint = hint_for(ck, b->type, a);
    complain(ck, "E0302", span, hint, "both sides must have one type, found %s and %s",
             type_text(ck, a->type), type_text(ck, b->type));
    return type_of_kind(TYPE_NONE);
}

/* Money goes with money of its currency, and with a number that is written there. */
static struct type common_money(struct checking *ck, struct span span, const struct ir_expr *money,
                                const struct ir_expr *other)
{
    if (ir_is_const(other) && other->type.kind != TYPE_MONEY) return money->type;
    if (other->type.kind == TYPE_MONEY) complain_currency(ck, span, money->type, other->type);
    else
        complain(ck, "E0307", span, "declare both as money of one currency",
                 "%s and %s do not go together", type_text(ck, money->type),
                 type_text(ck, other->type));
    return type_of_kind(TYPE_NONE);
}

static struct type common_exact(const struct ir_expr *a, const struct ir_expr *b)
{
    struct type type = a->type.scale >= b->type.scale ? a->type : b->type;
    if (type.scale == 0 && (a->type.kind == TYPE_DECIMAL || b->type.kind == TYPE_DECIMAL))
        type.kind = TYPE_DECIMAL;
    return type;
}

static bool goes_into_number(const struct ir_expr *e)
{
    return e->type.kind == TYPE_NUMBER ||
           (type_is_exact(e->type) && (e->type.scale == 0 || ir_is_const(e)));
}

struct type typer_common(struct checking *ck, struct span span, const struct ir_expr *a,
                         const struct ir_expr *b)
{
    if (ir_is_poison(a) || ir_is_poison(b)) return type_of_kind(TYPE_NONE);
    if (type_equal(a->type, b->type)) return a->type.open ? a->type : b->type;
    if (type_is_exact(a->type) && type_is_exact(b->type)) {
        if (a->type.kind == TYPE_MONEY) return common_money(ck, span, a, b);
        if (b->type.kind == TYPE_MONEY) return common_money(ck, span, b, a);
        return common_exact(a, b);
    }
    bool number = a->type.kind == TYPE_NUMBER || b->type.kind == TYPE_NUMBER;
    if (number && goes_into_number(a) && goes_into_number(b)) return type_of_kind(TYPE_NUMBER);
    return nothing_common(ck, span, a, b);
}

static bool is_word_missing(const struct expr *expr)
{
    bool word = expr->kind == EXPR_PATH && expr->name_count == 1 && !expr->outer && !expr->prior;
    return word && str_eq(expr->names[0].text, STR("missing"));
}

bool typer_is_flexible(const struct expr *expr)
{
    switch (expr->kind) {
    case EXPR_NUMBER:
    case EXPR_TEXT:
        return true;
    case EXPR_PATH:
        return is_word_missing(expr);
    case EXPR_UNARY:
        return expr->op == OP_NEGATE && typer_is_flexible(expr->args[0]);
    case EXPR_BINARY:
        if (expr->op != OP_COALESCE && expr->op != OP_ADD && expr->op != OP_SUB && expr->op != OP_MUL)
            return false;
        return typer_is_flexible(expr->args[0]) && typer_is_flexible(expr->args[1]);
    case EXPR_IF:
        return typer_is_flexible(expr->args[1]) && typer_is_flexible(expr->args[2]);
    default:
        return false;
    }
}

static struct type wish(const struct ir_expr *e, struct type want)
{
    return ir_is_poison(e) ? want : e->type;
}

void typer_pair(struct checking *ck, const struct place *place, struct expr *const *exprs,
                struct type want, struct ir_expr **ret_a, struct ir_expr **ret_b)
{
    if (typer_is_flexible(exprs[0]) && !typer_is_flexible(exprs[1])) {
        *ret_b = typer_expr(ck, place, exprs[1], want);
        *ret_a = typer_expr(ck, place, exprs[0], wish(*ret_b, want));
        return;
    }
    *ret_a = typer_expr(ck, place, exprs[0], want);
    *ret_b = typer_expr(ck, place, exprs[1], wish(*ret_a, want));
}

struct ir_expr **typer_many(struct checking *ck, const struct place *place, struct expr *const *exprs,
                            uint32_t count, struct type want)
{
    struct ir_expr **args = CHECKING_ARRAY(ck, struct ir_expr *, count);
    const struct ir_expr *guide = NULL;
    for (uint32_t i = 0; args && i < count; i++) {
        if (typer_is_flexible(exprs[i])) continue;
        args[i] = typer_expr(ck, place, exprs[i], want);
        if (!guide && !ir_is_poison(args[i])) guide = args[i];
    }
    for (uint32_t i = 0; args && i < count; i++)
        if (!args[i]) args[i] = typer_expr(ck, place, exprs[i], guide ? guide->type : want);
    return args;
}

/* ---- paths */

static struct ir_expr *complain_rows(struct checking *ck, const struct expr *path,
                                     const struct found *found)
{
    const struct ir_node *rows = &ck->ir->nodes[found->rows];
    struct str written = path_text(ck, path);
    const char *hint = checking_text(ck, "say which: sum(%.*s), first(%.*s) or any(… where …)",
                                     STR_ARG(written), STR_ARG(written));
    struct diag *diag =
        complain(ck, "E0214", path->span, hint, "\"%.*s\" means one value for each row of \"%.*s\"",
                 STR_ARG(written), STR_ARG(rows->name));
    complain_about(ck, diag, rows->item->head, "the repeat");
    return &ck->poison;
}

static struct ir_expr *complain_no_value(struct checking *ck, const struct expr *path, uint32_t node)
{
    const struct ir_node *n = &ck->ir->nodes[node];
    struct str written = path_text(ck, path);
    const char *hint = NULL;
    if (n->kind == NODE_GROUP)
        hint = checking_text(ck, "name a field in it, as in %.*s.…, or ask answered(%.*s)",
                             STR_ARG(written), STR_ARG(written));
    if (n->kind == NODE_REPEAT)
        hint = checking_text(
            ck, "count(%.*s) is the number of its rows, answered(%.*s) asks whether it has any",
            STR_ARG(written), STR_ARG(written));
    complain(ck, "E0215", path->span, hint, "%s \"%.*s\" has no value", node_kind_name(n->kind),
             STR_ARG(n->name));
    return &ck->poison;
}

/* The let's type is not known yet: it is asked for, and this expression will be read again. */
static struct ir_expr *want_let(struct checking *ck, uint32_t node)
{
    assert(ck->hush > 0);
    if (ck->lets_wanted_count == ck->lets_wanted_capacity) {
        uint32_t capacity = ck->lets_wanted_capacity ? ck->lets_wanted_capacity * 2 : 64;
        uint32_t *grown = CHECKING_ARRAY(ck, uint32_t, capacity);
        if (!grown) return &ck->poison;
        for (uint32_t i = 0; i < ck->lets_wanted_count; i++) grown[i] = ck->lets_wanted[i];
        ck->lets_wanted = grown;
        ck->lets_wanted_capacity = capacity;
    }
    ck->lets_wanted[ck->lets_wanted_count++] = node;
    return &ck->poison;
}

struct ir_expr *typer_slot(struct checking *ck, struct span span, uint32_t node, uint32_t cursor)
{
    if (ck->ir->nodes[node].kind == NODE_LET && ck->let_states[node] != LET_TYPED)
        return want_let(ck, node);
    return ir_build_slot(ck, span, node, cursor);
}

/* Of a computed field also its own: the rows are worked out from the first to the last. */
static struct ir_expr *type_prior(struct checking *ck, const struct place *place,
                                  const struct expr *path)
{
    struct found found;
    if (!lookup_prior(ck, place, path, &found)) return &ck->poison;
    if (ck->ir->nodes[found.node].kind == NODE_LET) ck->nodes_read[found.node] = 1;
    struct ir_expr *here = typer_slot(ck, path->span, found.node, place->cursor);
    if (ir_is_poison(here)) return here;
    struct ir_expr *e = ir_build_prior(ck, path->span, found.node, place->cursor);
    return column_follow(ck, path, found.used, e);
}

/* `missing`, where nothing of the form has that name. */
static bool is_missing(struct checking *ck, const struct place *place, const struct expr *expr)
{
    if (!is_word_missing(expr) || lookup_is_known(ck, place, expr->names[0].text)) return false;
    return !place->arguments || !function_argument(ck, place, expr);
}

static struct ir_expr *complain_missing(struct checking *ck, struct span span)
{
    complain(ck, "E0324", span,
             "it stands after \"then\" or \"else\": if a then b else missing; whether something was "
             "answered is asked by answered(x)",
             "\"missing\" says nothing here");
    return &ck->poison;
}

static struct ir_expr *type_path(struct checking *ck, const struct place *place,
                                 const struct expr *path)
{
    struct found found;
    if (path->prior) return type_prior(ck, place, path);
    struct ir_expr *argument = place->arguments ? function_argument(ck, place, path) : NULL;
    if (argument) return column_follow(ck, path, 1, argument);
    if (is_missing(ck, place, path)) return complain_missing(ck, path->span);
    if (!lookup_value(ck, place, path, &found)) return &ck->poison;
    if (found.column != IR_NONE) {
        struct ir_expr *e =
            column_of_option(ck, path->names[0].span, found.place->options - 1, found.column);
        return column_follow(ck, path, found.used, e);
    }
    const struct ir_node *node = &ck->ir->nodes[found.node];
    if (node->kind == NODE_LET) ck->nodes_read[found.node] = 1;
    if (found.rows != IR_NONE) return complain_rows(ck, path, &found);
    if (node->kind != NODE_FIELD && node->kind != NODE_LET)
        return complain_no_value(ck, path, found.node);
    struct ir_expr *e = typer_slot(ck, path->span, found.node, found.place->cursor);
    return column_follow(ck, path, found.used, e);
}

/* ---- expressions */

/* The branches; the one that is `missing` is of the other's type. */
static void type_branches(struct checking *ck, const struct place *place, const struct expr *expr,
                          struct type want, struct ir_expr **ret_a, struct ir_expr **ret_b)
{
    const struct expr *a = expr->args[1], *b = expr->args[2];
    bool no_a = is_missing(ck, place, a), no_b = is_missing(ck, place, b);
    if (no_a == no_b) {
        typer_pair(ck, place, expr->args + 1, want, ret_a, ret_b);
        return;
    }
    struct ir_expr *there = typer_expr(ck, place, no_a ? b : a, want);
    struct ir_expr *gone = &ck->poison;
    if (!ir_is_poison(there)) gone = ir_build_missing(ck, no_a ? a->span : b->span, there->type);
    *ret_a = no_a ? gone : there;
    *ret_b = no_a ? there : gone;
}

static struct ir_expr *type_if(struct checking *ck, const struct place *place, const struct expr *expr,
                               struct type want)
{
    struct ir_expr *condition = typer_condition(ck, place, expr->args[0], "if");
    struct ir_expr *a, *b;
    type_branches(ck, place, expr, want, &a, &b);
    struct type type = typer_common(ck, expr->span, a, b);
    a = typer_convert(ck, a, type, "here");
    b = typer_convert(ck, b, type, "here");
    return ir_build_3(ck, IR_IF, type, expr->span, condition, a, b);
}

struct ir_expr *typer_expr(struct checking *ck, const struct place *place, const struct expr *expr,
                           struct type want)
{
    switch (expr->kind) {
    case EXPR_NUMBER:
        return literal_number(ck, expr, want);
    case EXPR_TEXT:
        return literal_text(ck, expr, want);
    case EXPR_TRUE:
        return ir_build_truth(ck, expr->span, true);
    case EXPR_FALSE:
        return ir_build_truth(ck, expr->span, false);
    case EXPR_PATH:
        return type_path(ck, place, expr);
    case EXPR_CALL:
        return builtin_call(ck, place, expr, want);
    case EXPR_UNARY:
        return operator_unary(ck, place, expr, want);
    case EXPR_BINARY:
        return operator_binary(ck, place, expr, want);
    case EXPR_IN_LIST:
        return operator_in_list(ck, place, expr);
    case EXPR_IN_RANGE:
        return operator_in_range(ck, place, expr);
    case EXPR_IF:
        return type_if(ck, place, expr, want);
    case EXPR_DURATION: /* only beside + and -, which see to it */
    case EXPR_BAD:
        break;
    }
    return &ck->poison;
}

/* ---- lets */

/* Lets in the order of need: a stack of those that wait. What is on it and open waits for all that is
 * above. */
struct let_stack {
    uint32_t *nodes;
    uint32_t count, capacity;
};

static void push_let(struct checking *ck, struct let_stack *stack, uint32_t node)
{
    if (stack->count == stack->capacity) {
        uint32_t capacity = stack->capacity ? stack->capacity * 2 : 64;
        uint32_t *grown = CHECKING_ARRAY(ck, uint32_t, capacity);
        if (!grown) return;
        for (uint32_t i = 0; i < stack->count; i++) grown[i] = stack->nodes[i];
        stack->nodes = grown;
        stack->capacity = capacity;
    }
    stack->nodes[stack->count++] = node;
}

/* What is open from the let on that is needed again. */
static void complain_let_cycle(struct checking *ck, const struct let_stack *stack, uint32_t node)
{
    uint32_t from = stack->count, count = 0;
    while (from > 0 && stack->nodes[from - 1] != node) from--;
    if (from > 0) from--; /* `node` itself */
    uint32_t *around = CHECKING_ARRAY(ck, uint32_t, stack->count - from);
    if (!around) return;
    for (uint32_t i = from; i < stack->count; i++)
        if (ck->let_states[stack->nodes[i]] == LET_OPEN) around[count++] = stack->nodes[i];
    cycle_complain(ck, around, count);
}

static void settle_let(struct checking *ck, uint32_t node, struct ir_expr *value)
{
    struct ir_node *let = &ck->ir->nodes[node];
    ck->let_states[node] = LET_TYPED;
    if (ir_is_poison(value)) return;
    if (value->type.open) value = builtin_listed(ck, value);
    let->computed = value;
    let->type = value->type;
    interval_of_node(ck->ir, let);
}

static struct ir_expr *read_let(struct checking *ck, uint32_t node)
{
    struct place place = place_of(ck->ir, node);
    return typer_expr(ck, &place, ck->ir->nodes[node].item->expr, type_of_kind(TYPE_NONE));
}

/* Pushes what the let on top needs, or answers whether it is in a cycle. */
static bool push_needed(struct checking *ck, struct let_stack *stack)
{
    for (uint32_t i = 0; i < ck->lets_wanted_count; i++) {
        uint32_t needed = ck->lets_wanted[i];
        if (ck->let_states[needed] != LET_OPEN) continue;
        complain_let_cycle(ck, stack, needed);
        return false;
    }
    for (uint32_t i = ck->lets_wanted_count; i-- > 0;) push_let(ck, stack, ck->lets_wanted[i]);
    return true;
}

/* First in silence: when other lets are needed, they come first and this one is read again. So each is
 * read at most three times. */
static void advance_let(struct checking *ck, struct let_stack *stack)
{
    uint32_t node = stack->nodes[stack->count - 1];
    if (ck->let_states[node] == LET_TYPED) {
        stack->count--;
        return;
    }
    ck->let_states[node] = LET_OPEN;
    ck->lets_wanted_count = 0;
    ck->hushed = 0;
    ck->hush++;
    struct ir_expr *value = read_let(ck, node);
    ck->hush--;
    if (ck->lets_wanted_count > 0) {
        if (push_needed(ck, stack)) return;
        value = &ck->poison;
    } else if (ck->hushed > 0) {
        value = read_let(ck, node);
    }
    settle_let(ck, node, value);
    stack->count--;
}

void typer_lets(struct checking *ck)
{
    struct let_stack stack = {0};
    for (uint32_t i = 1; i < ck->ir->node_count && ck->failure == ST_OK; i++) {
        if (ck->ir->nodes[i].kind != NODE_LET || ck->ir->nodes[i].derived) continue;
        push_let(ck, &stack, i);
        while (stack.count > 0 && ck->failure == ST_OK) advance_let(ck, &stack);
    }
}
