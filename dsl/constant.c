#include "dsl/constant.h"

#include "base/decimal.h"
#include "base/limits.h"
#include "dsl/needs.h"
#include "dsl/typer.h"

#include <assert.h>

struct constant {
    struct item *item;
    struct expr value; /* a literal, when `known` */
    bool known, used;
};

struct constants {
    struct checking *ck;
    struct constant *all;
    uint32_t count;
    struct needs *needs; /* while the constants themselves are looked at: what they use is noted */
    uint32_t user;
};

/* ---- one walk over all that may name a constant */

static struct constant *find(const struct constants *constants, struct str name)
{
    uint32_t index = symbol_find(&constants->ck->symbols, SYMBOL_SPACE(SYMBOL_CONSTANT, 0), name);
    return index == SYMBOL_ABSENT ? NULL : &constants->all[index];
}

/* `a.b`, `outer.a` and `prior.a` are something else. */
static struct constant *named_by(const struct constants *constants, const struct expr *expr)
{
    if (!expr || expr->kind != EXPR_PATH || expr->name_count != 1 || expr->outer || expr->prior)
        return NULL;
    return find(constants, expr->names[0].text);
}

/* In the place of its name, and of its size: diagnostics underline the name. */
static void put_value(const struct constant *constant, struct expr *expr)
{
    struct span span = expr->span;
    if (constant->known) *expr = constant->value;
    else *expr = (struct expr){.kind = EXPR_BAD, .depth = 1};
    expr->span = expr->op_span = span;
}

static void walk_expr(struct constants *constants, struct expr *expr)
{
    if (!expr) return;
    struct constant *constant = named_by(constants, expr);
    if (constant && constants->needs) {
        needs_add(constants->needs, constants->user, (uint32_t)(constant - constants->all), expr->span);
    } else if (constant) {
        constant->used = true;
        put_value(constant, expr);
        return;
    }
    for (uint32_t i = 0; i < expr->arg_count; i++) walk_expr(constants, expr->args[i]);
    walk_expr(constants, expr->where);
}

/* What it shows is written down. */
static struct str shown(struct checking *ck, const struct constant *constant)
{
    const struct expr *value = &constant->value;
    if (!constant->known) return STR("");
    if (value->kind == EXPR_TRUE) return STR("true");
    if (value->kind == EXPR_FALSE) return STR("false");
    if (value->kind != EXPR_UNARY) return value->text;
    return str_of(checking_text(ck, "-%.*s", STR_ARG(value->args[0]->text)));
}

static void walk_text(struct constants *constants, struct text *text)
{
    for (uint32_t i = 0; i < text->part_count; i++) {
        struct constant *constant = named_by(constants, text->parts[i].path);
        if (!constant) continue;
        constant->used = true;
        text->parts[i].literal = shown(constants->ck, constant);
        text->parts[i].constant = constant->known ? &constant->value : NULL;
        text->parts[i].path = NULL;
    }
}

static void walk_check(struct constants *constants, struct tree_check *check)
{
    if (!check) return;
    walk_expr(constants, check->condition);
    walk_expr(constants, check->unless);
    walk_text(constants, &check->message);
}

/* A side of a length that is a written number after all. */
static void settle_side(struct constants *constants, struct expr **side, int64_t *value)
{
    const struct constant *constant = named_by(constants, *side);
    walk_expr(constants, *side);
    if (!constant || !constant->known || (*side)->kind != EXPR_NUMBER) return;
    int64_t number;
    if (decimal_parse((*side)->text, 0, &number) != DECIMAL_OK || number > INT32_MAX) return;
    *value = number;
    *side = NULL;
}

static void walk_length(struct constants *constants, struct modifier *modifier)
{
    bool same = modifier->low_expr == modifier->high_expr;
    settle_side(constants, &modifier->low_expr, &modifier->low);
    if (same) modifier->high_expr = modifier->low_expr;
    if (same && !modifier->low_expr) modifier->high = modifier->low;
    if (!same) settle_side(constants, &modifier->high_expr, &modifier->high);
    if (modifier->low_expr || modifier->high_expr || modifier->high < 0) return;
    if (modifier->high >= modifier->low) return;
    complain(constants->ck, "E0135", modifier->span, "the smaller number stands first",
             "no text is at least %lld and at most %lld long", (long long)modifier->low,
             (long long)modifier->high);
    modifier->high = modifier->low;
}

static void walk_modifier(struct constants *constants, struct modifier *modifier)
{
    bool length = modifier->kind == MODIFIER_LENGTH && (modifier->low_expr || modifier->high_expr);
    walk_expr(constants, modifier->expr);
    walk_text(constants, &modifier->message);
    walk_check(constants, modifier->check);
    if (length) {
        walk_length(constants, modifier);
        return;
    }
    walk_expr(constants, modifier->low_expr);
    if (modifier->high_expr != modifier->low_expr) walk_expr(constants, modifier->high_expr);
}

/* In a column of choices a bare name is a code. */
static void walk_options(struct constants *constants, struct item *item)
{
    for (uint32_t i = 0; i < item->option_count; i++) {
        struct tree_option *option = &item->options[i];
        walk_expr(constants, option->when);
        for (uint32_t k = 0; k < option->value_count && k < item->column_count; k++)
            if (item->columns[k].type.name != TYPE_NAME_CHOICE) walk_expr(constants, option->values[k]);
    }
}

static void walk_translations(struct constants *constants, struct item *item)
{
    for (uint32_t i = 0; i < item->translation_count; i++) {
        walk_text(constants, &item->translations[i].text);
        walk_text(constants, &item->translations[i].hint);
        walk_text(constants, &item->translations[i].text_of);
        walk_text(constants, &item->translations[i].hint_of);
    }
}

/* ---- names that constants have taken */

static void refuse_name(struct constants *constants, struct str name, struct span span)
{
    const struct constant *constant = name.len ? find(constants, name) : NULL;
    if (!constant) return;
    struct diag *diag = complain(constants->ck, "E0201", span,
                                 "a constant is known everywhere, so nothing else has its name",
                                 "the name \"%.*s\" is taken by a constant", STR_ARG(name));
    complain_about(constants->ck, diag, constant->item->name_span, "it is declared here");
}

static void refuse_names(struct constants *constants, const struct item *item)
{
    bool named = item_is_block(item->kind) || item->kind == ITEM_FIELD || item->kind == ITEM_LET ||
                 item->kind == ITEM_NOTE || item->kind == ITEM_FUNCTION || item->kind == ITEM_ROW;
    if (named) refuse_name(constants, item->name, item->name_span);
    for (uint32_t i = 0; i < item->column_count; i++)
        refuse_name(constants, item->columns[i].name, item->columns[i].name_span);
}

/* ---- the rows of a repeat */

static void read_rows(struct constants *constants, struct expr *expr, int64_t *rows)
{
    if (!expr) return;
    bool constant = named_by(constants, expr) != NULL;
    walk_expr(constants, expr);
    if (expr->kind == EXPR_BAD) return;
    bool number = constant && expr->kind == EXPR_NUMBER;
    if (number && decimal_parse(expr->text, 0, rows) == DECIMAL_OK) return;
    complain(constants->ck, "E0134", expr->span, "as in: const MOST = 10",
             "the rows of a repeat are numbers or constants that are whole numbers");
    *rows = 0;
}

static void settle_rows(struct constants *constants, struct item *item)
{
    struct checking *ck = constants->ck;
    uint32_t errors = ck->diags->errors;
    read_rows(constants, item->rows_low, &item->rows_min);
    read_rows(constants, item->rows_high, &item->rows_max);
    bool many = item->rows_max > limit(REPEAT_ROWS) || item->rows_min > limit(REPEAT_ROWS);
    if (ck->diags->errors == errors && (many || item->rows_min > item->rows_max))
        complain(ck, "E0134", item->bounds_span, NULL,
                 many ? "a repeat has at most %d rows" : "the fewest rows are more than the most",
                 limit(REPEAT_ROWS));
    else if (ck->diags->errors == errors && item->rows_max == 0)
        complain(ck, "E0134", item->bounds_span, NULL, "this repeat could never have a row");
    if (ck->diags->errors == errors) return;
    item->rows_min = 0;
    item->rows_max = 1;
}

static void walk_items(struct constants *constants, struct item *items, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        struct item *item = &items[i];
        if (item->kind == ITEM_CONST) continue;
        refuse_names(constants, item);
        if (item->rows_low || item->rows_high) settle_rows(constants, item);
        walk_text(constants, &item->title);
        walk_expr(constants, item->expr);
        walk_expr(constants, item->type.where);
        walk_check(constants, item->check);
        for (uint32_t k = 0; k < item->modifier_count; k++)
            walk_modifier(constants, &item->modifiers[k]);
        walk_options(constants, item);
        walk_translations(constants, item);
        walk_items(constants, item->children, item->child_count);
    }
}

/* ---- what a constant is */

static struct expr *new_number(struct checking *ck, const struct ir_expr *e)
{
    struct expr *number = CHECKING_NEW(ck, struct expr);
    char text[DECIMAL_TEXT_BYTES + 1];
    int64_t value = e->value.exact < 0 ? -e->value.exact : e->value.exact;
    struct str digits = {text, decimal_format(value, e->type.scale, text)};
    digits = arena_str(ck->arena, digits);
    if (!digits.ptr) checking_out_of_memory(ck);
    if (!number || !digits.ptr) return NULL;
    *number = (struct expr){.kind = EXPR_NUMBER, .text = digits, .span = e->span, .depth = 1};
    return number;
}

static void know_number(struct checking *ck, struct constant *constant, const struct ir_expr *e)
{
    struct expr *number = new_number(ck, e), **args = CHECKING_ARRAY(ck, struct expr *, 1);
    if (!number || !args) return;
    args[0] = number;
    constant->known = true;
    constant->value = *number;
    if (e->value.exact < 0)
        constant->value = (struct expr){
            .kind = EXPR_UNARY, .op = OP_NEGATE, .args = args, .arg_count = 1, .depth = 2};
}

static void know(struct checking *ck, struct constant *constant, const struct ir_expr *e)
{
    constant->value = (struct expr){.depth = 1};
    switch (ir_is_const(e) ? e->type.kind : TYPE_NONE) {
    case TYPE_INTEGER:
    case TYPE_DECIMAL:
        know_number(ck, constant, e);
        return;
    case TYPE_TEXT:
        constant->value.kind = EXPR_TEXT;
        constant->value.text = e->value.text;
        break;
    case TYPE_BOOLEAN:
        constant->value.kind = e->value.truth ? EXPR_TRUE : EXPR_FALSE;
        break;
    default:
        complain(ck, "E0232", constant->item->expr->span,
                 "a written number, text, true or false, and what + - * and round() make of them; a "
                 "date is written as a text",
                 "the constant \"%.*s\" cannot be worked out when the form is compiled",
                 STR_ARG(constant->item->name));
        return;
    }
    constant->known = true;
}

static void work_out(struct constants *constants, struct constant *constant)
{
    struct checking *ck = constants->ck;
    struct place nowhere = {.container = IR_NONE, .stop = IR_NONE};
    struct expr *expr = constant->item->expr;
    uint32_t errors = ck->diags->errors;
    constants->needs = NULL;
    walk_expr(constants, expr);
    struct ir_expr *e = typer_expr(ck, &nowhere, expr, type_of_kind(TYPE_NONE));
    if (ck->diags->errors == errors && !ir_is_poison(e)) know(ck, constant, e);
}

static void work_all_out(struct constants *constants)
{
    struct checking *ck = constants->ck;
    struct needs needs;
    struct str *names = CHECKING_ARRAY(ck, struct str, constants->count);
    uint32_t *order = CHECKING_ARRAY(ck, uint32_t, constants->count);
    if (!names || !order) return;
    for (uint32_t i = 0; i < constants->count; i++) names[i] = constants->all[i].item->name;
    needs_init(&needs, ck, names, constants->count);
    constants->needs = &needs;
    for (uint32_t i = 0; i < constants->count && !ck->failure; i++) {
        constants->user = i;
        walk_expr(constants, constants->all[i].item->expr);
    }
    constants->needs = NULL;
    if (!needs_order(&needs, "constant", order)) return;
    for (uint32_t i = 0; i < constants->count && !ck->failure; i++)
        work_out(constants, &constants->all[order[i]]);
}

/* ---- all of them */

static void gather(struct constants *constants)
{
    struct checking *ck = constants->ck;
    for (uint32_t i = 0; i < ck->tree->item_count; i++) {
        struct item *item = &ck->tree->items[i];
        if (item->kind != ITEM_CONST || item->name.len == 0) continue;
        uint32_t index = constants->count++;
        constants->all[index] = (struct constant){.item = item};
        uint32_t earlier = checking_put(ck, SYMBOL_SPACE(SYMBOL_CONSTANT, 0), item->name, index);
        if (earlier == SYMBOL_ABSENT) continue;
        struct diag *diag = complain(ck, "E0201", item->name_span, NULL,
                                     "the name \"%.*s\" is taken by a constant", STR_ARG(item->name));
        complain_about(ck, diag, constants->all[earlier].item->name_span, "it is declared here");
    }
}

static void warn_unused(const struct constants *constants)
{
    struct checking *ck = constants->ck;
    for (uint32_t i = 0; i < constants->count; i++)
        if (!constants->all[i].used)
            complain(ck, "W0203", constants->all[i].item->name_span, NULL,
                     "nothing reads the constant \"%.*s\"", STR_ARG(constants->all[i].item->name));
}

void constant_apply(struct checking *ck)
{
    struct constants constants = {.ck = ck};
    constants.all = CHECKING_ARRAY(ck, struct constant, ck->tree->item_count + 1);
    if (!constants.all) return;
    gather(&constants);
    work_all_out(&constants);
    if (ck->failure) return;
    struct text title = ck->tree->title; /* its parts are the tree's */
    walk_text(&constants, &title);
    walk_items(&constants, ck->tree->items, ck->tree->item_count);
    if (ck->diags->errors == 0) warn_unused(&constants);
}
