#include "dsl/composite.h"

enum { MEMBERS = 4, MODIFIERS_MOST = 4 };

/* A member and its bounds, as they are written. */
struct member {
    struct str name;
    uint32_t scale;
    const char *min, *max; /* NULL: none */
    bool negative;         /* `min` is below 0 */
    bool needed;           /* whenever anything of the whole is answered */
};

static const struct member geopoint[MEMBERS] = {
    {{"latitude", 8}, 7, "90", "90", true, true},
    {{"longitude", 9}, 7, "180", "180", true, true},
    {{"altitude", 8}, 2, NULL, NULL, false, false},
    {{"accuracy", 8}, 2, "0", NULL, false, false},
};

const char *composite_name(const struct item *item)
{
    bool made = item && item->kind == ITEM_GROUP && item->type.name == TYPE_NAME_GEOPOINT;
    return made ? "geopoint" : NULL;
}

/* ---- expressions that nobody wrote: they stand where the type does. NULL: memory is out */

static struct expr *new_expr(struct checking *ck, const struct item *item, enum expr_kind kind,
                             struct expr *a, struct expr *b)
{
    struct expr *e = CHECKING_NEW(ck, struct expr);
    struct expr **args = CHECKING_ARRAY(ck, struct expr *, 2);
    if (!e || !args) return NULL;
    args[0] = a;
    args[1] = b;
    *e = (struct expr){.kind = kind,
                       .span = item->type.span,
                       .op_span = item->type.span,
                       .args = args,
                       .arg_count = (uint32_t)(a != NULL) + (uint32_t)(b != NULL),
                       .depth = 1};
    return e;
}

static struct expr *new_number(struct checking *ck, const struct item *item, const char *digits,
                               bool negative)
{
    struct expr *number = new_expr(ck, item, EXPR_NUMBER, NULL, NULL);
    if (number) number->text = str_of(digits);
    if (!number || !negative) return number;
    struct expr *e = new_expr(ck, item, EXPR_UNARY, number, NULL);
    if (e) e->op = OP_NEGATE;
    return e;
}

static struct expr_name *new_name(struct checking *ck, const struct item *item, struct str name)
{
    struct expr_name *made = CHECKING_NEW(ck, struct expr_name);
    if (made) *made = (struct expr_name){name, item->type.span};
    return made;
}

/* answered(place) */
static struct expr *is_answered(struct checking *ck, const struct item *item)
{
    struct expr *path = new_expr(ck, item, EXPR_PATH, NULL, NULL);
    struct expr *call = path ? new_expr(ck, item, EXPR_CALL, path, NULL) : NULL;
    if (!call) return NULL;
    path->names = new_name(ck, item, item->name);
    call->names = new_name(ck, item, STR("answered"));
    path->name_count = call->name_count = 1;
    return path->names && call->names ? call : NULL;
}

/* Definitely true where what `unless` asks is not. */
static struct expr *is_not(struct checking *ck, const struct item *item, struct expr *asked)
{
    struct expr *never = new_expr(ck, item, EXPR_FALSE, NULL, NULL);
    struct expr *either = never ? new_expr(ck, item, EXPR_BINARY, asked, never) : NULL;
    if (either) either->op = OP_COALESCE;
    struct expr *e = either ? new_expr(ck, item, EXPR_UNARY, either, NULL) : NULL;
    if (e) e->op = OP_NOT;
    return e;
}

/* ---- members */

/* A place has both of its numbers or none; `required` asks for both. */
static struct modifier required(struct checking *ck, const struct item *item)
{
    const struct modifier *said = item_modifier(item, MODIFIER_REQUIRED);
    struct modifier modifier = {.kind = MODIFIER_REQUIRED, .span = item->type.span};
    if (said) modifier = *said;
    if (said && !said->expr) return modifier;
    struct expr *asked = said && said->unless ? is_not(ck, item, said->expr) : modifier.expr;
    struct expr *begun = is_answered(ck, item);
    modifier.unless = false;
    modifier.expr = begun;
    if (!asked || !begun) return modifier;
    modifier.expr = new_expr(ck, item, EXPR_BINARY, begun, asked);
    if (modifier.expr) modifier.expr->op = OP_OR;
    return modifier;
}

static void add_bound(struct checking *ck, const struct item *item, struct item *field,
                      enum modifier_kind kind, const char *digits, bool negative)
{
    if (!digits) return;
    field->modifiers[field->modifier_count++] = (struct modifier){
        .kind = kind, .span = item->type.span, .expr = new_number(ck, item, digits, negative)};
}

static void make_member(struct checking *ck, const struct item *item, const struct member *member,
                        struct item *field)
{
    *field = (struct item){.kind = ITEM_FIELD,
                           .span = item->span,
                           .head = item->head,
                           .name = member->name,
                           .name_span = item->name_span};
    field->type =
        (struct type_ref){.name = TYPE_NAME_DECIMAL, .span = item->type.span, .scale = member->scale};
    field->type.argument = STR("");
    field->modifiers = CHECKING_ARRAY(ck, struct modifier, MODIFIERS_MOST);
    if (!field->modifiers) return;
    if (member->needed) field->modifiers[field->modifier_count++] = required(ck, item);
    add_bound(ck, item, field, MODIFIER_MIN, member->min, member->negative);
    add_bound(ck, item, field, MODIFIER_MAX, member->max, false);
    const struct modifier *hidden = item_modifier(item, MODIFIER_HIDDEN);
    if (hidden) field->modifiers[field->modifier_count++] = *hidden;
}

/* ---- what may be said of the whole */

static bool stays(enum modifier_kind kind)
{
    return kind == MODIFIER_WHEN || kind == MODIFIER_UNLESS || kind == MODIFIER_HINT ||
           kind == MODIFIER_KEY || kind == MODIFIER_CHECK;
}

static void keep_modifiers(struct checking *ck, struct item *item)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < item->modifier_count; i++) {
        struct modifier modifier = item->modifiers[i];
        if (stays(modifier.kind)) item->modifiers[count++] = modifier;
        else if (modifier.kind != MODIFIER_REQUIRED && modifier.kind != MODIFIER_HIDDEN)
            complain(ck, "E0211", modifier.span, "a check may ask for its latitude, longitude, …",
                     "this does not fit geopoint");
    }
    item->modifier_count = count;
}

static void make_group(struct checking *ck, struct item *item)
{
    struct item *members = CHECKING_ARRAY(ck, struct item, MEMBERS);
    if (!members) return;
    for (uint32_t i = 0; i < MEMBERS; i++) make_member(ck, item, &geopoint[i], &members[i]);
    keep_modifiers(ck, item);
    item->kind = ITEM_GROUP;
    item->children = members;
    item->child_count = MEMBERS;
}

static void apply(struct checking *ck, struct item *items, uint32_t count)
{
    for (uint32_t i = 0; i < count && !ck->failure; i++) {
        if (items[i].kind == ITEM_FIELD && items[i].type.name == TYPE_NAME_GEOPOINT)
            make_group(ck, &items[i]);
        else apply(ck, items[i].children, items[i].child_count);
    }
}

void composite_apply(struct checking *ck)
{
    apply(ck, ck->tree->items, ck->tree->item_count);
}
