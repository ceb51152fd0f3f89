#include "dsl/follow.h"

#include "dsl/attribute.h"
#include "dsl/typer.h"

/* ---- the lets */

/* In the scope of its owner, relevant when that is: of a repeat, outside of its rows. */
static uint32_t declare_let(struct checking *ck, uint32_t owner, struct type type, const char *what)
{
    struct ir *ir = ck->ir;
    const struct ir_node *o = &ir->nodes[owner];
    struct str path = arena_printf(ck->arena, "%.*s.%s", STR_ARG(o->path), what);
    if (!path.ptr) checking_out_of_memory(ck);
    uint32_t node = ir->node_count++;
    ir->nodes[node] = (struct ir_node){.kind = NODE_LET,
                                       .item = o->item,
                                       .name = {"", 0},
                                       .key = {"", 0},
                                       .path = path.ptr ? path : o->path,
                                       .parent = owner,
                                       .subtree_end = node + 1,
                                       .scope = o->scope,
                                       .type = type,
                                       .derived = true,
                                       .length_min = -1,
                                       .length_max = -1,
                                       .pattern = IR_NONE,
                                       .conditional = o->conditional,
                                       .relevance_node = o->relevance_node,
                                       .may_be_missing = 1};
    return node;
}

/* One let for both sides when they are one expression. */
static void declare_sides(struct checking *ck, uint32_t node, const struct modifier *modifier,
                          uint32_t *low, uint32_t *high)
{
    bool rows = modifier->kind == MODIFIER_ROWS, same = modifier->low_expr == modifier->high_expr;
    struct type type = type_of_kind(TYPE_INTEGER);
    if (modifier->low_expr) *low = declare_let(ck, node, type, rows ? "rows_min" : "length_min");
    if (modifier->high_expr)
        *high = same ? *low : declare_let(ck, node, type, rows ? "rows_max" : "length_max");
}

/* What is written in where no option fits. It has no rules: whoever reads it asks first whether the
 * answer is that. */
static void declare_other(struct checking *ck, uint32_t node, const struct modifier *modifier)
{
    struct ir_node *n = &ck->ir->nodes[node];
    if (!n->type.open) return;
    n->part = declare_let(ck, node, type_of_kind(TYPE_TEXT), "other");
    struct ir_node *part = &ck->ir->nodes[n->part];
    part->sent = true;
    part->length_min = modifier->low;
    part->length_max = modifier->high;
}

static void declare_for(struct checking *ck, uint32_t node, const struct modifier *modifier)
{
    struct ir_node *n = &ck->ir->nodes[node];
    switch (modifier->kind) {
    case MODIFIER_SUGGEST:
        n->suggestion = declare_let(ck, node, type_closed(n->type), "suggest");
        n = &ck->ir->nodes[node];
        if (n->format == FORMAT_ZONED) {
            ck->ir->nodes[n->suggestion].format = FORMAT_ZONED;
            ck->ir->nodes[n->suggestion].zone = n->zone;
        }
        return;
    case MODIFIER_OTHER:
        declare_other(ck, node, modifier);
        return;
    case MODIFIER_READONLY:
        if (modifier->expr)
            n->readonly_flag = declare_let(ck, node, type_of_kind(TYPE_BOOLEAN), "readonly");
        return;
    case MODIFIER_LENGTH:
        declare_sides(ck, node, modifier, &n->length_low, &n->length_high);
        return;
    case MODIFIER_ROWS:
        declare_sides(ck, node, modifier, &n->rows_low, &n->rows_high);
        return;
    default:
        return;
    }
}

void follow_declare(struct checking *ck, uint32_t node)
{
    const struct item *item = ck->ir->nodes[node].item;
    for (uint32_t i = 0; i < item->modifier_count && !ck->failure; i++)
        declare_for(ck, node, &item->modifiers[i]);
}

/* ---- what they are */

static void type_side(struct checking *ck, const struct ir_node *node, const struct place *place,
                      uint32_t let, const struct expr *expr, const char *what)
{
    if (let == 0 || ck->ir->nodes[let].computed) return;
    ck->ir->nodes[let].computed =
        typer_into(ck, place, expr, type_of_kind(TYPE_INTEGER),
                   checking_text(ck, "for the %s of \"%.*s\"", what, STR_ARG(node->name)));
}

static void type_flag(struct checking *ck, struct ir_node *node, const struct place *place,
                      const struct modifier *modifier)
{
    node->readonly = !modifier->expr;
    if (!modifier->expr) return;
    ck->ir->nodes[node->readonly_flag].computed =
        modifier->unless ? attribute_unless(ck, place, modifier->expr)
                         : typer_condition(ck, place, modifier->expr, "readonly when");
}

static void type_suggestion(struct checking *ck, struct ir_node *node, const struct place *place,
                            const struct modifier *modifier)
{
    const struct modifier *start = item_modifier(node->item, MODIFIER_DEFAULT);
    if (start)
        complain_about(ck,
                       complain(ck, "E0331", modifier->span,
                                "default is put in once, suggest follows the other answers",
                                "a field starts with one value"),
                       start->span, "the other one");
    ck->ir->nodes[node->suggestion].computed =
        typer_into(ck, place, modifier->expr, type_closed(node->type),
                   checking_text(ck, "for the suggestion of \"%.*s\"", STR_ARG(node->name)));
}

void follow_type(struct checking *ck, struct ir_node *node, const struct place *place,
                 const struct modifier *modifier)
{
    bool rows = modifier->kind == MODIFIER_ROWS;
    if (modifier->kind == MODIFIER_SUGGEST) {
        type_suggestion(ck, node, place, modifier);
    } else if (modifier->kind == MODIFIER_READONLY) {
        type_flag(ck, node, place, modifier);
    } else {
        const char *what = rows ? "rows" : "length";
        uint32_t low = rows ? node->rows_low : node->length_low;
        uint32_t high = rows ? node->rows_high : node->length_high;
        type_side(ck, node, place, low, modifier->low_expr, what);
        type_side(ck, node, place, high, modifier->high_expr, what);
    }
}

/* ---- what is wrong about an answer */

static struct ir_expr *slot(struct checking *ck, uint32_t node, struct span span)
{
    return ir_build_slot(ck, span, node, 0);
}

static struct ir_expr *how_long(struct checking *ck, uint32_t node, struct span span)
{
    bool set = ck->ir->nodes[node].type.kind == TYPE_CHOICES;
    if (ck->ir->nodes[node].type.kind == TYPE_RANKING)
        return ir_build_call_1(ck, HELPER_RANK_COUNT, type_of_kind(TYPE_INTEGER), span,
                               slot(ck, node, span));
    return ir_build_call_1(ck, set ? HELPER_SIZE : HELPER_LENGTH, type_of_kind(TYPE_INTEGER), span,
                           slot(ck, node, span));
}

/* Broken when the length is on the wrong side; a bound that is missing asks nothing. */
static void settle_length(struct checking *ck, uint32_t node, enum program_breach breach, uint32_t let)
{
    struct ir_node *n = &ck->ir->nodes[node];
    if (let == 0 || !ck->ir->nodes[let].computed) return;
    struct span span = ck->ir->nodes[let].computed->span;
    enum ir_op op = breach == BREACH_TOO_SHORT ? IR_LT : IR_GT;
    n->breaches[breach] = ir_build_2(ck, op, type_of_kind(TYPE_BOOLEAN), span, how_long(ck, node, span),
                                     slot(ck, let, span));
}

/* Nothing suggested is another value than any answer. */
static struct ir_expr *differs(struct checking *ck, uint32_t node, struct span span)
{
    const struct ir_node *n = &ck->ir->nodes[node];
    struct type truth = type_of_kind(TYPE_BOOLEAN);
    if (n->suggestion == 0)
        return ir_build_2(ck, IR_NE, truth, span, slot(ck, node, span), n->default_value);
    struct ir_expr *there = ir_build_1(ck, IR_ANSWERED, truth, span, slot(ck, n->suggestion, span));
    struct ir_expr *other =
        ir_build_2(ck, IR_NE, truth, span, slot(ck, node, span), slot(ck, n->suggestion, span));
    return ir_build_logic(ck, IR_OR, span, ir_build_1(ck, IR_NOT, truth, span, there), other);
}

/* A value that an answer can be held against when it arrives. */
static bool has_value_to_keep(struct checking *ck, const struct ir_node *node, struct span span)
{
    if (node->suggestion) return ck->ir->nodes[node->suggestion].computed != NULL;
    if (node->default_value && node->default_value->op != IR_NOW) return true;
    if (node->default_value)
        complain(ck, "E0330", span, "suggest a value that the answers decide, or compute it: = now()",
                 "now() is another moment when the answer arrives");
    else if (!item_modifier(node->item, MODIFIER_DEFAULT))
        complain(ck, "E0330", span, "as in: country: text default \"NO\" readonly",
                 "\"readonly\" needs a default or a suggest to hold the answer against");
    return false;
}

static void settle_readonly(struct checking *ck, uint32_t node)
{
    struct ir_node *n = &ck->ir->nodes[node];
    const struct modifier *modifier = item_modifier(n->item, MODIFIER_READONLY);
    if (!modifier || node_is_computed(n) || !has_value_to_keep(ck, n, modifier->span)) return;
    struct ir_expr *changed = differs(ck, node, modifier->span);
    if (n->readonly_flag)
        changed = ir_build_logic(ck, IR_AND, modifier->span, slot(ck, n->readonly_flag, modifier->span),
                                 changed);
    n->breaches[BREACH_READONLY] = changed;
}

void follow_settle(struct checking *ck, uint32_t node)
{
    const struct ir_node *n = &ck->ir->nodes[node];
    if (n->type.kind == TYPE_NONE) return;
    settle_length(ck, node, BREACH_TOO_SHORT, n->length_low);
    settle_length(ck, node, BREACH_TOO_LONG, n->length_high);
    settle_readonly(ck, node);
}

/* ---- options that are offered under a condition */

/* Calls `visit` for each option that has one. */
static void each_option(struct checking *ck, void (*visit)(struct checking *, uint32_t list,
                                                           uint32_t option, struct item *item))
{
    uint32_t list = 0;
    for (uint32_t i = 0; i < ck->tree->item_count && !ck->failure; i++) {
        struct item *item = &ck->tree->items[i];
        if (item->kind != ITEM_CHOICES && item->kind != ITEM_TABLE) continue;
        for (uint32_t k = 0; k < item->option_count && !ck->failure; k++)
            if (item->options[k].when) visit(ck, list, k, item);
        list++;
    }
}

static void declare_option(struct checking *ck, uint32_t list, uint32_t option, struct item *item)
{
    struct ir_option *o = &ck->ir->lists[list].options[option];
    uint32_t let = declare_let(ck, 0, type_of_kind(TYPE_BOOLEAN), "offered");
    struct str path = arena_printf(ck->arena, "%.*s.%.*s", STR_ARG(item->name), STR_ARG(o->code));
    if (!path.ptr) checking_out_of_memory(ck);
    ck->ir->nodes[let].item = item;
    ck->ir->nodes[let].path = path.ptr ? path : item->name;
    o->offered = let;
}

void follow_declare_options(struct checking *ck)
{
    each_option(ck, declare_option);
}

/* Another option than this one, or this one while it is offered. */
static struct ir_expr *option_is_offered(struct checking *ck, uint32_t list, uint32_t option,
                                         struct span span)
{
    struct type choice = {.kind = TYPE_CHOICE, .list = list}, truth = type_of_kind(TYPE_BOOLEAN);
    struct ir_expr *asked = ir_build_n(ck, IR_OPTION, choice, span, NULL, 0);
    struct ir_expr *other = ir_build_2(ck, IR_NE, truth, span, asked,
                                       ir_build_exact(ck, span, choice, (int64_t)option + 1));
    struct ir_expr *now = slot(ck, ck->ir->lists[list].options[option].offered, span);
    return ir_build_logic(ck, IR_OR, span, other, now);
}

static void type_option(struct checking *ck, uint32_t list, uint32_t option, struct item *item)
{
    const struct tree_option *tree = &item->options[option];
    struct place place = place_inside(ck->ir, 0);
    ck->ir->nodes[ck->ir->lists[list].options[option].offered].computed =
        tree->unless ? attribute_unless(ck, &place, tree->when)
                     : typer_condition(ck, &place, tree->when, "when");
}

void follow_type_options(struct checking *ck)
{
    each_option(ck, type_option);
}

/* Made anew for each field: whoever joins more conditions to it takes it over. */
struct ir_expr *follow_offer(struct checking *ck, uint32_t list, struct span span)
{
    struct ir_expr *all = NULL;
    const struct ir_option *options = ck->ir->lists[list].options; /* NULL: a table's */
    for (uint32_t i = 0; options && i < ck->ir->lists[list].option_count; i++) {
        if (options[i].offered == 0) continue;
        struct ir_expr *e = option_is_offered(ck, list, i, span);
        all = all ? ir_build_logic(ck, IR_AND, span, all, e) : e;
    }
    return all;
}
