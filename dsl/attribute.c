#include "dsl/attribute.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "dsl/autocomplete.h"
#include "dsl/follow.h"
#include "dsl/interval.h"
#include "dsl/matrix.h"
#include "dsl/message.h"
#include "dsl/pattern_list.h"
#include "dsl/typer.h"

#include <assert.h>

static const char *const spellings[] = {[MODIFIER_REQUIRED] = "required",
                                        [MODIFIER_WHEN] = "when",
                                        [MODIFIER_UNLESS] = "unless",
                                        [MODIFIER_COMPUTED] = "=",
                                        [MODIFIER_DEFAULT] = "default",
                                        [MODIFIER_MIN] = "min",
                                        [MODIFIER_MAX] = "max",
                                        [MODIFIER_LENGTH] = "length",
                                        [MODIFIER_PATTERN] = "pattern",
                                        [MODIFIER_SKIPPED] = "skipped",
                                        [MODIFIER_REPEATED] = "repeated",
                                        [MODIFIER_CHECK] = "check",
                                        [MODIFIER_HINT] = "hint",
                                        [MODIFIER_KEY] = "key",
                                        [MODIFIER_AUTOCOMPLETE] = "autocomplete",
                                        [MODIFIER_PLACEHOLDER] = "placeholder",
                                        [MODIFIER_MULTILINE] = "multiline",
                                        [MODIFIER_HIDDEN] = "hidden",
                                        [MODIFIER_SUGGEST] = "suggest",
                                        [MODIFIER_READONLY] = "readonly",
                                        [MODIFIER_ROWS] = "rows",
                                        [MODIFIER_KEEP] = "keep",
                                        [MODIFIER_SENSITIVE] = "sensitive",
                                        [MODIFIER_INDEXED] = "indexed",
                                        [MODIFIER_UNIQUE] = "unique",
                                        [MODIFIER_OTHER] = "other",
                                        [MODIFIER_UNKNOWN] = "unknown",
                                        [MODIFIER_TYPES] = "types",
                                        [MODIFIER_SIZE] = "size",
                                        [MODIFIER_BETWEEN] = "between"};

/* ---- which modifier fits which field */

static bool fits_type(enum modifier_kind kind, const struct ir_node *node)
{
    bool text = node->type.kind == TYPE_TEXT;
    switch (kind) {
    case MODIFIER_MIN:
    case MODIFIER_MAX:
        return type_is_bounded(node->type);
    case MODIFIER_LENGTH:
        return text || node->type.kind == TYPE_CHOICES || node->type.kind == TYPE_RANKING;
    case MODIFIER_PATTERN:
    case MODIFIER_PLACEHOLDER:
        return text;
    case MODIFIER_OTHER:
        return node->type.kind == TYPE_CHOICE || node->type.kind == TYPE_CHOICES;
    case MODIFIER_MULTILINE:
        return text && node->format == FORMAT_PLAIN;
    case MODIFIER_TYPES: /* of files: they are groups */
    case MODIFIER_SIZE:
        return false;
    case MODIFIER_SKIPPED:
    case MODIFIER_REPEATED:
        return node->format == FORMAT_ZONED;
    case MODIFIER_INDEXED:
        return node->type.kind != TYPE_RANKING && node->type.kind != TYPE_PARTIAL_DATE &&
               node->format != FORMAT_ZONED;
    default:
        return true;
    }
}

static const char *misfit_hint(enum modifier_kind kind, const struct ir_node *node)
{
    bool bound = kind == MODIFIER_MIN || kind == MODIFIER_MAX || kind == MODIFIER_SIZE;
    if (bound && node->type.kind == TYPE_TEXT)
        return "the number of characters is bounded by length 1..20";
    if (bound && (node->type.kind == TYPE_CHOICES || node->type.kind == TYPE_RANKING))
        return "the number of chosen options is bounded by length 1..3";
    if (kind == MODIFIER_TYPES) return "it is for fields of type file and signature";
    bool text = kind == MODIFIER_LENGTH || kind == MODIFIER_PATTERN || kind == MODIFIER_SIZE;
    if (text && type_is_bounded(node->type)) return "values are bounded by min and max";
    if (kind == MODIFIER_MULTILINE && node->type.kind == TYPE_TEXT)
        return "only plain text has several lines";
    bool wall = kind == MODIFIER_SKIPPED || kind == MODIFIER_REPEATED;
    if (wall && node->type.kind == TYPE_DATETIME)
        return "a datetime says its offset; what the clocks of a zone show is of type zoned";
    return NULL;
}

/* What asks something of an answer, where there is none. */
static bool is_for_answers(enum modifier_kind kind)
{
    switch (kind) {
    case MODIFIER_REQUIRED:
    case MODIFIER_DEFAULT:
    case MODIFIER_MIN:
    case MODIFIER_MAX:
    case MODIFIER_LENGTH:
    case MODIFIER_PATTERN:
    case MODIFIER_SKIPPED:
    case MODIFIER_REPEATED:
    case MODIFIER_AUTOCOMPLETE:
    case MODIFIER_PLACEHOLDER:
    case MODIFIER_MULTILINE:
    case MODIFIER_KEEP:
    case MODIFIER_UNIQUE:
    case MODIFIER_OTHER:
    case MODIFIER_SUGGEST:
    case MODIFIER_READONLY:
        return true;
    default:
        return false;
    }
}

/* What says how a value must be. */
static bool is_rule(enum modifier_kind kind)
{
    return kind != MODIFIER_AUTOCOMPLETE && kind != MODIFIER_PLACEHOLDER &&
           kind != MODIFIER_MULTILINE && kind != MODIFIER_KEEP && kind != MODIFIER_OTHER &&
           kind != MODIFIER_SUGGEST && kind != MODIFIER_READONLY && kind != MODIFIER_SENSITIVE &&
           kind != MODIFIER_INDEXED;
}

static bool may_stand(struct checking *ck, const struct ir_node *node, const struct modifier *modifier)
{
    const char *spelling = spellings[modifier->between ? MODIFIER_BETWEEN : modifier->kind];
    if (node->kind != NODE_FIELD || node->type.kind == TYPE_NONE) return true;
    if (modifier->second && (node_is_computed(node) || !fits_type(modifier->kind, node)))
        return false; /* its other side has been complained about */
    if (node_is_computed(node) && is_for_answers(modifier->kind)) {
        bool rule = is_rule(modifier->kind);
        complain(ck, "E0213", modifier->span, rule ? "what a value must be is said by a check" : NULL,
                 "\"%s\" is for answers, and \"%.*s\" is computed", spelling, STR_ARG(node->name));
        return false;
    }
    if (fits_type(modifier->kind, node)) return true;
    complain(ck, "E0211", modifier->span, misfit_hint(modifier->kind, node), "\"%s\" does not fit %s",
             spelling, type_text(ck, node->type));
    return false;
}

/* ---- bounds */

static bool is_literal(const struct expr *expr)
{
    if (expr->kind == EXPR_UNARY) return expr->op == OP_NEGATE && is_literal(expr->args[0]);
    return expr->kind == EXPR_NUMBER || expr->kind == EXPR_TEXT;
}

static void type_bound(struct checking *ck, struct ir_node *node, const struct place *place,
                       const struct modifier *modifier)
{
    bool lower = modifier->kind == MODIFIER_MIN;
    struct ir_expr **bound = lower ? &node->min : &node->max;
    const char *what =
        checking_text(ck, "for the %s of \"%.*s\"", spellings[modifier->kind], STR_ARG(node->name));
    if (!*bound) *bound = typer_into(ck, place, modifier->expr, node->type, what);
    node->between |= modifier->between;
    if (lower) node->min_message = message_of_text(ck, place, &modifier->message);
    else if (modifier->second)
        node->max_message = node->min_message; /* one for both, also when it is translated */
    else node->max_message = message_of_text(ck, place, &modifier->message);
}

static void type_literal_bound(struct checking *ck, uint32_t node, const struct modifier *modifier)
{
    struct ir_node *n = &ck->ir->nodes[node];
    struct place place = place_of(ck->ir, node);
    bool lower = modifier->kind == MODIFIER_MIN;
    if (!is_literal(modifier->expr) || !fits_type(modifier->kind, n) || node_is_computed(n)) return;
    const char *what =
        checking_text(ck, "for the %s of \"%.*s\"", spellings[modifier->kind], STR_ARG(n->name));
    struct ir_expr *bound = typer_into(ck, &place, modifier->expr, n->type, what);
    if (lower) n->min = bound;
    else n->max = bound;
}

void attribute_literal_bounds(struct checking *ck)
{
    for (uint32_t i = 1; i < ck->ir->node_count; i++) {
        struct ir_node *node = &ck->ir->nodes[i];
        for (uint32_t k = 0; node->kind == NODE_FIELD && k < node->item->modifier_count; k++) {
            const struct modifier *modifier = &node->item->modifiers[k];
            if (modifier->kind == MODIFIER_MIN || modifier->kind == MODIFIER_MAX)
                type_literal_bound(ck, i, modifier);
            if (modifier->kind != MODIFIER_LENGTH) continue;
            node->length_min = modifier->low;
            node->length_max = modifier->high;
        }
        if (node->kind == NODE_FIELD || node->kind == NODE_LET) interval_of_node(ck->ir, node);
    }
}

static bool is_above(const struct ir_expr *a, const struct ir_expr *b)
{
    if (a->type.kind == TYPE_NUMBER) return a->value.number > b->value.number;
    return a->value.exact > b->value.exact;
}

static void check_bounds(struct checking *ck, struct ir_node *node)
{
    const struct ir_expr *min = node->min, *max = node->max;
    if (!min || !max || !ir_is_const(min) || !ir_is_const(max) || !is_above(min, max)) return;
    complain_about(
        ck, complain(ck, "E0317", max->span, NULL, "no value can be at least min and at most max"),
        min->span, "min is larger");
    node->max = NULL; /* or all that reads it seems constant */
}

/* ---- length, pattern, default */

static void type_length(struct checking *ck, struct ir_node *node, const struct place *place,
                        const struct modifier *modifier)
{
    bool set = node->type.kind == TYPE_CHOICES || node->type.kind == TYPE_RANKING;
    uint32_t options = set ? ck->ir->lists[node->type.list].option_count : 0;
    node->length_min = modifier->low;
    node->length_max = modifier->high;
    node->length_message = message_of_text(ck, place, &modifier->message);
    if (set && modifier->low > (int64_t)options)
        complain(ck, "E0317", modifier->span, NULL, "list %.*s has %u options only",
                 STR_ARG(ck->ir->lists[node->type.list].name), (unsigned)options);
    follow_type(ck, node, place, modifier);
    bool endless =
        !set && (modifier->high > limit(ANSWERS_BYTES) || modifier->low > limit(ANSWERS_BYTES));
    if (endless)
        complain(ck, "E0317", modifier->span, NULL, "all answers together have at most %d bytes",
                 limit(ANSWERS_BYTES));
}

static void type_pattern(struct checking *ck, struct ir_node *node, const struct place *place,
                         const struct modifier *modifier)
{
    node->pattern = pattern_list_add(ck, modifier->string, modifier->string_span);
    node->pattern_message = message_of_text(ck, place, &modifier->message);
}

static bool is_below_min(const struct ir_node *node, const struct ir_expr *value)
{
    return node->min && ir_is_const(node->min) && !ir_is_poison(node->min) &&
           is_above(node->min, value);
}

static bool is_above_max(const struct ir_node *node, const struct ir_expr *value)
{
    return node->max && ir_is_const(node->max) && !ir_is_poison(node->max) &&
           is_above(value, node->max);
}

static void check_default(struct checking *ck, const struct ir_node *node, const struct ir_expr *value)
{
    const char *broken = NULL;
    if (node->type.kind == TYPE_TEXT) {
        int64_t chars = (int64_t)utf8_count(value->value.text);
        if (chars < node->length_min || (node->length_max >= 0 && chars > node->length_max))
            broken = "length";
    } else if (type_is_bounded(node->type)) {
        broken = is_below_min(node, value) ? "min" : is_above_max(node, value) ? "max" : NULL;
    }
    if (broken)
        complain(ck, "E0320", value->span, NULL, "the default breaks the field's own %s", broken);
}

static void type_default(struct checking *ck, struct ir_node *node, const struct place *place,
                         const struct modifier *modifier)
{
    const char *what = checking_text(ck, "for the default of \"%.*s\"", STR_ARG(node->name));
    if (node->type.kind == TYPE_CHOICES || node->type.kind == TYPE_RANKING) {
        complain(ck, "E0211", modifier->span, NULL, "\"default\" does not fit %s",
                 type_text(ck, node->type));
        return;
    }
    struct ir_expr *value = typer_into(ck, place, modifier->expr, node->type, what);
    if (ir_is_poison(value)) return;
    if (!ir_is_const(value) && value->op != IR_TODAY && value->op != IR_NOW) {
        complain(ck, "E0319", modifier->expr->span,
                 "a value that follows from others is computed: field: type = expression",
                 "a default is a constant, today() or now()");
        return;
    }
    node->default_value = value;
}

/* ---- conditions */

struct ir_expr *attribute_unless(struct checking *ck, const struct place *place,
                                 const struct expr *expr)
{
    struct ir_expr *e = typer_condition(ck, place, expr, "unless");
    return ir_build_3(ck, IR_IF, type_of_kind(TYPE_BOOLEAN), expr->span, e,
                      ir_build_truth(ck, expr->span, false), ir_build_truth(ck, expr->span, true));
}

/* `when` and `unless` are asked in the order in which they stand. */
static void type_relevance(struct checking *ck, struct ir_node *node, const struct place *place,
                           const struct modifier *modifier)
{
    bool unless = modifier->kind == MODIFIER_UNLESS;
    struct ir_expr *e = unless ? attribute_unless(ck, place, modifier->expr)
                               : typer_condition(ck, place, modifier->expr, "when");
    node->when = node->when ? ir_build_logic(ck, IR_AND, node->when->span, node->when, e) : e;
}

/* ---- which options */

static void type_offer(struct checking *ck, struct ir_node *node, const struct place *place)
{
    const struct expr *where = node->item->type.where;
    bool chooses = node->type.kind == TYPE_CHOICE || node->type.kind == TYPE_CHOICES ||
                   node->type.kind == TYPE_RANKING;
    if (node->kind != NODE_FIELD || !chooses) return;
    if (!node_is_computed(node)) node->offer = follow_offer(ck, node->type.list, node->item->type.span);
    if (!where) return;
    if (node_is_computed(node)) {
        complain(ck, "E0213", where->span, "what a value must be is said by a check",
                 "\"where\" is for answers, and \"%.*s\" is computed", STR_ARG(node->name));
        return;
    }
    struct place option = place_of_option(place, node->type.list);
    node->filter = typer_condition(ck, &option, where, "where");
    node->offer =
        node->offer ? ir_build_logic(ck, IR_AND, where->span, node->offer, node->filter) : node->filter;
}

/* ---- all of them */

static void type_required(struct checking *ck, struct ir_node *node, const struct place *place,
                          const struct modifier *modifier)
{
    node->required = !modifier->expr;
    if (modifier->unless) node->required_when = attribute_unless(ck, place, modifier->expr);
    else if (modifier->expr)
        node->required_when = typer_condition(ck, place, modifier->expr, "required when");
    node->required_message = message_of_text(ck, place, &modifier->message);
}

/* A warning only: the standard grows. */
static void type_autocomplete(struct checking *ck, struct ir_node *node,
                              const struct modifier *modifier)
{
    struct str word;
    node->autocomplete = modifier->string;
    if (autocomplete_valid(modifier->string, &word)) return;
    struct str nearest = autocomplete_nearest(word);
    const char *hint = "as in autocomplete \"given-name\", \"email\", \"tel\" or \"street-address\"";
    if (nearest.len > 0) hint = checking_text(ck, "did you mean \"%.*s\"?", STR_ARG(nearest));
    if (nearest.len > 0 && str_eq(nearest, word))
        hint = "home, work, mobile, fax and pager stand before tel, email and impp only";
    if (word.len == 0)
        complain(ck, "W0303", modifier->string_span, hint, "what browsers shall fill in is missing");
    else
        complain(ck, "W0303", modifier->string_span, hint, "browsers do not know \"%.*s\" here",
                 STR_ARG(word));
}

static void type_computed(struct checking *ck, struct ir_node *node, const struct place *place,
                          const struct modifier *modifier)
{
    node->computed = typer_into(ck, place, modifier->expr, node->type,
                                checking_text(ck, "for the value of \"%.*s\"", STR_ARG(node->name)));
}

static void type_unique(struct checking *ck, struct ir_node *node, const struct modifier *modifier)
{
    node->unique = node->scope != 0;
    if (node->scope == 0)
        complain(ck, "E0234", modifier->span, "put it on a field inside a repeat",
                 "\"unique\" compares the rows of a repeat, and there are none here");
    if (item_modifier(node->item, MODIFIER_OTHER))
        complain(ck, "E0211", modifier->span, NULL,
                 "\"unique\" does not fit a choice with \"other\": texts of its own may differ");
}

static void type_wall(struct checking *ck, struct ir_node *node, const struct place *place,
                      const struct modifier *modifier)
{
    struct ir_message message = message_of_text(ck, place, &modifier->message);
    if (modifier->kind == MODIFIER_SKIPPED) {
        node->wall.refuse_skipped = true;
        node->skipped_message = message;
    } else {
        node->wall.repeated = modifier->low ? ZONED_SECOND : ZONED_REFUSE_REPEATED;
        node->repeated_message = message;
    }
}

static void type_modifier(struct checking *ck, struct ir_node *node, const struct place *place,
                          const struct modifier *modifier)
{
    switch (modifier->kind) {
    case MODIFIER_REQUIRED:
        type_required(ck, node, place, modifier);
        return;
    case MODIFIER_WHEN:
    case MODIFIER_UNLESS:
        type_relevance(ck, node, place, modifier);
        return;
    case MODIFIER_COMPUTED:
        type_computed(ck, node, place, modifier);
        return;
    case MODIFIER_MIN:
    case MODIFIER_MAX:
        type_bound(ck, node, place, modifier);
        return;
    case MODIFIER_LENGTH:
        type_length(ck, node, place, modifier);
        return;
    case MODIFIER_PATTERN:
        type_pattern(ck, node, place, modifier);
        return;
    case MODIFIER_SKIPPED:
    case MODIFIER_REPEATED:
        type_wall(ck, node, place, modifier);
        return;
    case MODIFIER_DEFAULT:
        type_default(ck, node, place, modifier);
        return;
    case MODIFIER_OTHER:
        ck->ir->nodes[node->part].label = message_of_text(ck, place, &modifier->message);
        return;
    case MODIFIER_HINT:
        node->hint = message_of_text(ck, place, &modifier->message);
        return;
    case MODIFIER_PLACEHOLDER:
        node->placeholder = message_of_text(ck, place, &modifier->message);
        return;
    case MODIFIER_AUTOCOMPLETE:
        type_autocomplete(ck, node, modifier);
        return;
    case MODIFIER_MULTILINE:
        node->multiline = true;
        return;
    case MODIFIER_HIDDEN:
        node->hidden = true;
        return;
    case MODIFIER_SUGGEST:
    case MODIFIER_READONLY:
    case MODIFIER_ROWS:
        follow_type(ck, node, place, modifier);
        return;
    case MODIFIER_KEEP:
        node->keep = true;
        return;
    case MODIFIER_SENSITIVE:
        node->sensitive = true;
        return;
    case MODIFIER_INDEXED:
        node->indexed = true;
        return;
    case MODIFIER_UNIQUE:
        type_unique(ck, node, modifier);
        return;
    case MODIFIER_TYPES:   /* composite.c */
    case MODIFIER_BETWEEN: /* a MIN and a MAX by now */
    case MODIFIER_SIZE:
    case MODIFIER_KEY:
    case MODIFIER_UNKNOWN: /* declare.c */
    case MODIFIER_CHECK:
        return; /* attribute_checks() */
    }
}

/* Every value is a row in two indexes, written with the submission. */
static void count_indexed(struct checking *ck, const struct ir_node *node, struct span span)
{
    const struct ir *ir = ck->ir;
    uint64_t values = ir->scopes[node->scope].rows_total_max;
    if (node->type.kind == TYPE_CHOICES) values *= ir->lists[node->type.list].option_count;
    ck->indexed_values = values > UINT32_MAX ? UINT32_MAX : ck->indexed_values + values;
    if (++ck->indexed_fields == (uint64_t)limit(INDEXED_FIELDS) + 1)
        complain(ck, "E0246", span, NULL, "a form has at most %d indexed fields",
                 limit(INDEXED_FIELDS));
    else if (ck->indexed_values > (uint64_t)limit(INDEXED_VALUES) && !ck->indexed_full) {
        ck->indexed_full = true;
        complain(ck, "E0246", span, "fields of fewer rows, or less in a row",
                 "one submission could have more than %d indexed values", limit(INDEXED_VALUES));
    }
}

static void check_indexed(struct checking *ck, const struct ir_node *node)
{
    struct span span = item_modifier(node->item, MODIFIER_INDEXED)->span;
    int64_t most = limit(INDEXED_CHARS);
    count_indexed(ck, node, span);
    if (node->type.kind != TYPE_TEXT || (node->length_max >= 0 && node->length_max <= most)) return;
    const char *hint = node_is_computed(node)
                           ? "a computed text has no length that is known before"
                           : checking_text(ck, "say its length: length ..%d", (int)most);
    complain(ck, "E0246", span, hint, "an indexed text has at most %d characters", (int)most);
}

void attribute_type(struct checking *ck, uint32_t node)
{
    struct ir_node *n = &ck->ir->nodes[node];
    struct place place = place_of(ck->ir, node);
    n->label = message_of_text(ck, &place, &n->item->title);
    for (uint32_t i = 0; i < n->item->modifier_count; i++)
        if (may_stand(ck, n, &n->item->modifiers[i]))
            type_modifier(ck, n, &place, &n->item->modifiers[i]);
    type_offer(ck, n, &place);
    if (n->kind == NODE_FIELD) check_bounds(ck, n);
    if (n->default_value && ir_is_const(n->default_value)) check_default(ck, n, n->default_value);
    if (n->kind == NODE_FIELD) follow_settle(ck, node);
    if (n->kind == NODE_FIELD) matrix_share_texts(ck, node);
    if (n->indexed) check_indexed(ck, n);
    if (n->unique)
        n->breaches[BREACH_REPEATED] =
            ir_build_seen(ck, item_modifier(n->item, MODIFIER_UNIQUE)->span, node);
}

/* ---- checks */

static void type_place(struct checking *ck, struct ir_check *check, const struct place *place,
                       const struct expr *at)
{
    struct found found;
    if (at->kind != EXPR_PATH || !lookup_path(ck, place, at, &found)) return;
    const struct ir_node *node = &ck->ir->nodes[found.node];
    bool is_place = node->kind == NODE_FIELD || node->kind == NODE_GROUP || node->kind == NODE_REPEAT;
    if (!is_place)
        complain(ck, "E0223", at->span, "name a field, a group or a repeat",
                 "a %s is no place for an error", node_kind_name(node->kind));
    else if (found.rows != IR_NONE)
        complain(ck, "E0223", at->span,
                 "put the check into the repeat, or name the repeat as its place",
                 "\"%.*s\" is in every row of \"%.*s\": no one place for an error",
                 STR_ARG(path_text(ck, at)), STR_ARG(ck->ir->nodes[found.rows].name));
    else check->node = found.node;
}

/* Who is excused is not asked. */
static void excuse_check(struct checking *ck, struct ir_check *check, const struct place *place,
                         const struct expr *unless)
{
    struct ir_expr *excused = typer_condition(ck, place, unless, "unless");
    check->condition = ir_build_3(ck, IR_IF, type_of_kind(TYPE_BOOLEAN), check->condition->span,
                                  excused, ir_build_truth(ck, unless->span, true), check->condition);
}

void attribute_checks(struct checking *ck)
{
    for (uint32_t i = 0; i < ck->ir->check_count; i++) {
        struct ir_check *check = &ck->ir->checks[i];
        const struct tree_check *tree = ck->check_sources[i].tree;
        struct place place = place_of_check(ck->ir, check->owner);
        check->condition = typer_condition(ck, &place, tree->condition, "check");
        if (tree->unless) excuse_check(ck, check, &place, tree->unless);
        check->message = message_of_text(ck, &place, &tree->message);
        if (tree->at) type_place(ck, check, &place, tree->at);
    }
}
