#include "dsl/declare.h"

#include "base/limits.h"
#include "base/zone.h"
#include "dsl/choice_list.h"
#include "dsl/column.h"
#include "dsl/currency.h"
#include "dsl/follow.h"
#include "dsl/function.h"
#include "dsl/type.h"

#include <assert.h>
#include <string.h>

/* ---- how much there is */

struct census {
    uint32_t nodes, scopes, lists, checks;
};

static void count_checks_on(const struct item *item, struct census *census)
{
    for (uint32_t i = 0; i < item->modifier_count; i++)
        census->checks += item->modifiers[i].kind == MODIFIER_CHECK;
}

static void count_followers_of(const struct item *item, struct census *census)
{
    for (uint32_t i = 0; i < item->modifier_count; i++)
        census->nodes +=
            modifier_follows(&item->modifiers[i]) + (item->modifiers[i].kind == MODIFIER_OTHER);
}

static bool is_node(enum item_kind kind)
{
    return item_is_block(kind) || kind == ITEM_FIELD || kind == ITEM_NOTE || kind == ITEM_LET;
}

static void count_items(const struct item *items, uint32_t count, struct census *census)
{
    for (uint32_t i = 0; i < count; i++) {
        census->nodes += is_node(items[i].kind);
        census->scopes += items[i].kind == ITEM_REPEAT;
        census->lists += items[i].kind == ITEM_CHOICES || items[i].kind == ITEM_TABLE;
        for (uint32_t k = 0; k < items[i].option_count; k++)
            census->nodes += items[i].options[k].when != NULL;
        census->checks += items[i].kind == ITEM_CHECK;
        count_checks_on(&items[i], census);
        count_followers_of(&items[i], census);
        count_items(items[i].children, items[i].child_count, census);
    }
}

static bool make_room(struct checking *ck)
{
    struct census census = {.nodes = 1, .scopes = 1};
    count_items(ck->tree->items, ck->tree->item_count, &census);
    struct ir *ir = ck->ir;
    ir->nodes = CHECKING_ARRAY(ck, struct ir_node, census.nodes);
    ir->scopes = CHECKING_ARRAY(ck, struct ir_scope, census.scopes);
    ir->lists = CHECKING_ARRAY(ck, struct ir_list, census.lists);
    ir->checks = CHECKING_ARRAY(ck, struct ir_check, census.checks);
    ck->check_sources = CHECKING_ARRAY(ck, struct check_source, census.checks);
    ck->let_states = CHECKING_ARRAY(ck, uint8_t, census.nodes);
    ck->nodes_read = CHECKING_ARRAY(ck, uint8_t, census.nodes);
    ck->lists_used = CHECKING_ARRAY(ck, uint8_t, census.lists);
    return ck->failure == ST_OK;
}

/* ---- languages, timezone, unknown */

static void complain_setting_twice(struct checking *ck, const struct item *item,
                                   const struct item *first)
{
    complain_about(ck, complain(ck, "E0222", item->head, NULL, "this is said already"), first->head,
                   "here");
}

/* The one item of that kind; the second is complained about. NULL: none. */
static const struct item *setting(struct checking *ck, enum item_kind kind)
{
    const struct item *found = NULL;
    for (uint32_t i = 0; i < ck->tree->item_count; i++) {
        const struct item *item = &ck->tree->items[i];
        if (item->kind != kind) continue;
        if (found) complain_setting_twice(ck, item, found);
        else found = item;
    }
    return found;
}

static bool language_is_known(const struct ir *ir, struct str language)
{
    for (uint32_t i = 0; i < ir->language_count; i++)
        if (str_eq(ir->languages[i], language)) return true;
    return false;
}

static void add_language(struct checking *ck, const struct expr_name *name)
{
    if (name->text.len == 0) return;
    if (language_is_known(ck->ir, name->text)) {
        complain(ck, "E0222", name->span, NULL, "language \"%.*s\" is there already",
                 STR_ARG(name->text));
        return;
    }
    ck->language_spans[ck->ir->language_count] = name->span;
    ck->ir->languages[ck->ir->language_count++] = name->text;
}

static void declare_languages(struct checking *ck)
{
    const struct item *item = setting(ck, ITEM_LANGUAGES);
    uint32_t count = item ? item->language_count : 0;
    if (count > limit(LANGUAGES)) {
        complain(ck, "E0404", item->languages[limit(LANGUAGES)].span, NULL,
                 "a form has at most %d languages", limit(LANGUAGES));
        count = limit(LANGUAGES);
    }
    ck->ir->languages = CHECKING_ARRAY(ck, struct str, count + 1);
    ck->language_spans = CHECKING_ARRAY(ck, struct span, count + 1);
    if (ck->failure) return;
    for (uint32_t i = 0; i < count; i++) add_language(ck, &item->languages[i]);
    if (ck->ir->language_count > 0) return;
    ck->ir->languages[0] = STR("en");
    ck->ir->language_count = 1;
}

/* Whether there is such a zone is known where the form is judged. */
static void complain_zone(struct checking *ck, struct span span, const char *hint, struct str zone)
{
    if (zone.len == 0 && span.len == 0) return;
    complain(ck, "E0224", span, hint, "\"%.*s\" is not the name of a time zone", STR_ARG(zone));
}

static void declare_timezone(struct checking *ck)
{
    const struct item *item = setting(ck, ITEM_TIMEZONE);
    ck->ir->timezone = STR("UTC");
    if (!item || item->title.part_count == 0) return;
    struct str zone = item->title.parts[0].literal;
    if (zone_name_valid(zone)) ck->ir->timezone = zone;
    else complain_zone(ck, item->title.span, "as in timezone \"Europe/Berlin\"", zone);
}

static void declare_unknown(struct checking *ck)
{
    const struct item *item = setting(ck, ITEM_UNKNOWN);
    ck->ir->nodes[0].ignore_unknown = item && str_eq(item->name, STR("ignore"));
}

/* ---- types */

static const char *suggest_currency(struct checking *ck, struct str written)
{
    char upper[3];
    uint32_t count;
    const struct str *codes = currency_codes(&count);
    if (written.len != sizeof upper) return did_you_mean(ck, written, codes, count);
    for (size_t i = 0; i < sizeof upper; i++)
        upper[i] = written.ptr[i] >= 'a' && written.ptr[i] <= 'z' ? (char)(written.ptr[i] - 32)
                                                                  : written.ptr[i];
    struct str code = {upper, sizeof upper};
    if (currency_digits(code) == CURRENCY_NONE) return did_you_mean(ck, code, codes, count);
    return checking_text(ck, "did you mean \"%.*s\"?", STR_ARG(code));
}

static struct type currency_type(struct checking *ck, const struct type_ref *ref)
{
    uint32_t digits = currency_digits(ref->argument);
    if (digits == CURRENCY_NONE) {
        complain(ck, "E0206", ref->argument_span, suggest_currency(ck, ref->argument),
                 "there is no currency \"%.*s\" in ISO 4217", STR_ARG(ref->argument));
        return type_of_kind(TYPE_NONE);
    }
    struct type type = {.kind = TYPE_MONEY, .scale = (uint8_t)digits};
    memcpy(type.currency, ref->argument.ptr, sizeof type.currency - 1);
    return type;
}

static struct type list_type(struct checking *ck, const struct type_ref *ref, enum program_type kind)
{
    uint32_t list = choice_list_find(ck, ref->argument, ref->argument_span);
    if (list == IR_NONE) return type_of_kind(TYPE_NONE);
    ck->lists_used[list] = 1;
    return (struct type){.kind = kind, .list = list};
}

struct type declare_type(struct checking *ck, const struct type_ref *ref,
                         enum program_format *ret_format)
{
    *ret_format = FORMAT_PLAIN;
    switch (ref->name) {
    case TYPE_NAME_EMAIL:
        *ret_format = FORMAT_EMAIL;
        return type_of_kind(TYPE_TEXT);
    case TYPE_NAME_URL:
        *ret_format = FORMAT_URL;
        return type_of_kind(TYPE_TEXT);
    case TYPE_NAME_PHONE:
        *ret_format = FORMAT_PHONE;
        return type_of_kind(TYPE_TEXT);
    case TYPE_NAME_TEXT:
        return type_of_kind(TYPE_TEXT);
    case TYPE_NAME_BOOLEAN:
        return type_of_kind(TYPE_BOOLEAN);
    case TYPE_NAME_INTEGER:
        return type_of_kind(TYPE_INTEGER);
    case TYPE_NAME_DECIMAL:
        return (struct type){.kind = TYPE_DECIMAL,
                             .scale = (uint8_t)(ref->scale > SCALE_MAX ? SCALE_MAX : ref->scale)};
    case TYPE_NAME_MONEY:
        return currency_type(ck, ref);
    case TYPE_NAME_NUMBER:
        return type_of_kind(TYPE_NUMBER);
    case TYPE_NAME_DATE:
        return type_of_kind(TYPE_DATE);
    case TYPE_NAME_TIME:
        return type_of_kind(TYPE_TIME);
    case TYPE_NAME_DATETIME:
        return type_of_kind(TYPE_DATETIME);
    case TYPE_NAME_YEAR_MONTH:
        return type_of_kind(TYPE_YEAR_MONTH);
    case TYPE_NAME_PARTIAL_DATE:
        return type_of_kind(TYPE_PARTIAL_DATE);
    case TYPE_NAME_ZONED:
        *ret_format = FORMAT_ZONED;
        return type_of_kind(TYPE_DATETIME);
    case TYPE_NAME_CHOICE:
        return list_type(ck, ref, TYPE_CHOICE);
    case TYPE_NAME_CHOICES:
        return list_type(ck, ref, TYPE_CHOICES);
    case TYPE_NAME_GEOPOINT: /* of a field it has become a group */
        complain(ck, "E0235", ref->span, "take its latitude and longitude, as decimal(7)",
                 "geopoint is a type of fields only");
        break;
    case TYPE_NAME_FILE:
    case TYPE_NAME_SIGNATURE:
        complain(ck, "E0235", ref->span, "take its size, an integer, or its name or type, texts",
                 "files are types of fields only");
        break;
    case TYPE_NAME_RANKING:
        return list_type(ck, ref, TYPE_RANKING);
    case TYPE_NAME_BAD:
        break;
    }
    return type_of_kind(TYPE_NONE);
}

/* Where the clocks are that a field of type zoned speaks of, unless the answer says it. */
static void declare_zone(struct checking *ck, struct ir_node *node)
{
    const struct type_ref *ref = &node->item->type;
    node->zone = ck->ir->timezone;
    if (ref->argument_span.len == 0) return;
    if (zone_name_valid(ref->argument)) node->zone = ref->argument;
    else complain_zone(ck, ref->argument_span, "as in zoned(\"Europe/Berlin\")", ref->argument);
}

/* ---- names */

static void declare_name(struct checking *ck, uint32_t node)
{
    struct ir_node *n = &ck->ir->nodes[node];
    if (n->name.len == 0) return;
    uint32_t around = object_around(ck->ir, node);
    uint32_t earlier = checking_put(ck, SYMBOL_SPACE(SYMBOL_ITEM, around), n->name, node);
    if (earlier == SYMBOL_ABSENT) return;
    const struct ir_node *first = &ck->ir->nodes[earlier];
    bool page = n->kind == NODE_PAGE || first->kind == NODE_PAGE;
    bool frame = node_is_frame(n->kind) || node_is_frame(first->kind);
    const char *hint = page    ? "pages share the form's names, and so do the items in them"
                       : frame ? "a section and its items share the names of what is around it"
                               : NULL;
    struct diag *diag =
        complain(ck, "E0201", n->item->name_span, hint, "the name \"%.*s\" is taken by a %s",
                 STR_ARG(n->name), node_kind_name(first->kind));
    complain_about(ck, diag, first->item->name_span, "it is declared here");
}

static void declare_key(struct checking *ck, uint32_t node)
{
    struct ir_node *n = &ck->ir->nodes[node];
    if (n->kind != NODE_FIELD && n->kind != NODE_GROUP && n->kind != NODE_REPEAT) return;
    const struct modifier *key = item_modifier(n->item, MODIFIER_KEY);
    n->key = key ? key->string : n->name;
    if (key && key->string.len == 0 && key->string_span.len > 0)
        complain(ck, "E0227", key->string_span, NULL, "a key cannot be empty");
    if (n->key.len == 0) return;
    uint32_t earlier =
        checking_put(ck, SYMBOL_SPACE(SYMBOL_KEY, object_around(ck->ir, node)), n->key, node);
    if (earlier == SYMBOL_ABSENT) return;
    const struct ir_node *first = &ck->ir->nodes[earlier];
    if (!key && str_eq(first->name, n->name)) return; /* the name has been complained about */
    struct diag *diag = complain(ck, "E0207", key ? key->string_span : n->item->name_span, NULL,
                                 "the member \"%.*s\" of the answers is taken by %s \"%.*s\"",
                                 STR_ARG(n->key), node_kind_name(first->kind), STR_ARG(first->name));
    complain_about(ck, diag, first->item->name_span, "it is declared here");
}

static struct str join_path(struct checking *ck, uint32_t node)
{
    const struct ir_node *n = &ck->ir->nodes[node];
    uint32_t around = object_around(ck->ir, node);
    if (around == IR_NONE || around == 0) return n->name;
    struct str path =
        arena_printf(ck->arena, "%.*s.%.*s", STR_ARG(ck->ir->nodes[around].path), STR_ARG(n->name));
    if (!path.ptr) checking_out_of_memory(ck);
    return path.ptr ? path : n->name;
}

/* ---- checks */

static void declare_check(struct checking *ck, const struct tree_check *tree, uint32_t owner)
{
    uint32_t index = ck->ir->check_count++;
    ck->check_sources[index] = (struct check_source){.tree = tree, .node_before = ck->ir->node_count};
    ck->ir->checks[index] = (struct ir_check){
        .owner = owner, .scope = scope_inside(ck->ir, owner), .name = tree->name, .span = tree->span};
    ck->ir->checks[index].node = object_of(ck->ir, owner);
    if (tree->name.len == 0) return;
    uint32_t earlier =
        checking_put(ck, SYMBOL_SPACE(SYMBOL_CHECK, object_of(ck->ir, owner)), tree->name, index);
    if (earlier == SYMBOL_ABSENT) return;
    struct diag *diag =
        complain(ck, "E0218", tree->name_span, NULL, "the name \"%.*s\" is taken by another check here",
                 STR_ARG(tree->name));
    complain_about(ck, diag, ck->check_sources[earlier].tree->name_span, "it is declared here");
}

static void declare_checks_of(struct checking *ck, uint32_t node)
{
    const struct item *item = ck->ir->nodes[node].item;
    for (uint32_t i = 0; i < item->modifier_count; i++)
        if (item->modifiers[i].kind == MODIFIER_CHECK)
            declare_check(ck, item->modifiers[i].check, node);
}

/* ---- nodes */

static enum program_node_kind node_kind_of(enum item_kind kind)
{
    switch (kind) {
    case ITEM_PAGE:
        return NODE_PAGE;
    case ITEM_SECTION:
        return NODE_SECTION;
    case ITEM_GROUP:
        return NODE_GROUP;
    case ITEM_REPEAT:
        return NODE_REPEAT;
    case ITEM_FIELD:
        return NODE_FIELD;
    case ITEM_NOTE:
        return NODE_NOTE;
    default:
        assert(kind == ITEM_LET);
        return NODE_LET;
    }
}

static void declare_scope(struct checking *ck, uint32_t node)
{
    struct ir *ir = ck->ir;
    struct ir_node *n = &ir->nodes[node];
    uint64_t most = n->item->rows_max > 0 ? (uint64_t)n->item->rows_max : 1;
    uint64_t around = ir->scopes[n->scope].rows_total_max, total;
    if (__builtin_mul_overflow(around, most, &total)) total = UINT64_MAX;
    n->own_scope = ir->scope_count++;
    ir->scopes[n->own_scope] = (struct ir_scope){.parent = n->scope,
                                                 .node = node,
                                                 .rows_min = (uint32_t)n->item->rows_min,
                                                 .rows_max = (uint32_t)most,
                                                 .rows_total_max = total};
}

/* As what is around says, unless it says something itself; pages and sections hand it on. */
static void declare_policy(struct ir *ir, uint32_t node)
{
    struct ir_node *n = &ir->nodes[node];
    const struct modifier *unknown = item_modifier(n->item, MODIFIER_UNKNOWN);
    bool holds = node_is_frame(n->kind) || n->kind == NODE_GROUP || n->kind == NODE_REPEAT;
    if (holds) n->ignore_unknown = unknown ? unknown->low != 0 : ir->nodes[n->parent].ignore_unknown;
}

static void declare_relevance(struct ir *ir, uint32_t node)
{
    struct ir_node *n = &ir->nodes[node];
    const struct ir_node *parent = &ir->nodes[n->parent];
    bool own = item_modifier(n->item, MODIFIER_WHEN) || item_modifier(n->item, MODIFIER_UNLESS);
    n->conditional = own || parent->conditional;
    n->relevance_node = own ? node : parent->relevance_node;
}

/* What is computed is one of the list's options. */
static void declare_openness(struct ir_node *n)
{
    bool chooses = n->type.kind == TYPE_CHOICE || n->type.kind == TYPE_CHOICES;
    n->type.open = chooses && n->kind == NODE_FIELD && item_modifier(n->item, MODIFIER_OTHER) &&
                   !node_is_computed(n);
}

static void declare_items(struct checking *ck, struct item *items, uint32_t count, uint32_t parent);

static void declare_node(struct checking *ck, struct item *item, uint32_t parent)
{
    struct ir *ir = ck->ir;
    uint32_t node = ir->node_count++;
    struct ir_node *n = &ir->nodes[node];
    *n = (struct ir_node){.kind = node_kind_of(item->kind),
                          .item = item,
                          .name = item->name,
                          .key = {"", 0},
                          .parent = parent,
                          .scope = scope_inside(ir, parent),
                          .length_min = -1,
                          .length_max = -1,
                          .pattern = IR_NONE,
                          .may_be_missing = 1};
    n->path = join_path(ck, node);
    if (n->kind == NODE_FIELD) n->type = declare_type(ck, &item->type, &n->format);
    if (n->format == FORMAT_ZONED) declare_zone(ck, n);
    declare_openness(n);
    if (n->kind == NODE_REPEAT) declare_scope(ck, node);
    declare_policy(ir, node);
    declare_relevance(ir, node);
    declare_name(ck, node);
    declare_key(ck, node);
    declare_checks_of(ck, node);
    follow_declare(ck, node);
    declare_items(ck, item->children, item->child_count, node);
    n->subtree_end = ir->node_count;
}

static void declare_items(struct checking *ck, struct item *items, uint32_t count, uint32_t parent)
{
    for (uint32_t i = 0; i < count; i++) {
        if (is_node(items[i].kind)) declare_node(ck, &items[i], parent);
        else if (items[i].kind == ITEM_CHECK) declare_check(ck, items[i].check, parent);
    }
}

static void declare_root(struct checking *ck)
{
    struct ir *ir = ck->ir;
    ir->name = ck->tree->name;
    ir->nodes[0] = (struct ir_node){.kind = NODE_FORM,
                                    .name = ir->name,
                                    .key = {"", 0},
                                    .path = {"", 0},
                                    .parent = IR_NONE,
                                    .length_min = -1,
                                    .length_max = -1,
                                    .pattern = IR_NONE,
                                    .relevance_node = IR_NONE};
    ir->scopes[0] =
        (struct ir_scope){.parent = IR_NONE, .rows_min = 1, .rows_max = 1, .rows_total_max = 1};
    ir->node_count = ir->scope_count = 1;
}

/* ---- unique on (…), unique per subject, unique per invitation */

static uint32_t field_by_path(const struct ir *ir, struct str path)
{
    for (uint32_t i = 1; i < ir->node_count; i++)
        if (ir->nodes[i].kind == NODE_FIELD && str_eq(ir->nodes[i].path, path)) return i;
    return IR_NONE;
}

/* IR_NONE: complained about. */
static uint32_t unique_field(struct checking *ck, const struct expr_name *path)
{
    uint32_t node = field_by_path(ck->ir, path->text);
    if (node == IR_NONE)
        complain(ck, "E0238", path->span, "name fields of the form, or of its groups as in address.zip",
                 "there is no field \"%.*s\"", STR_ARG(path->text));
    else if (ck->ir->nodes[node].scope != 0)
        complain(ck, "E0238", path->span, "within rows, write unique behind the field",
                 "\"%.*s\" is a field of rows", STR_ARG(path->text));
    else return node;
    return IR_NONE;
}

/* False: complained about. */
static bool make_unique(struct checking *ck, const struct item *item, struct program_unique *unique)
{
    uint32_t *nodes = CHECKING_ARRAY(ck, uint32_t, item->language_count + 1);
    struct str text = item->language_count ? STR("on")
                      : item->invited      ? STR("per invitation")
                                           : STR("per subject");
    for (uint32_t i = 0; nodes && i < item->language_count; i++) {
        uint32_t node = unique_field(ck, &item->languages[i]);
        if (node == IR_NONE) continue;
        text = arena_printf(ck->arena, "%.*s%s %.*s", STR_ARG(text), unique->node_count ? "," : "",
                            STR_ARG(ck->ir->nodes[node].path));
        if (!text.ptr) checking_out_of_memory(ck);
        if (!text.ptr) return false;
        nodes[unique->node_count++] = node;
    }
    unique->nodes = nodes;
    unique->text = text;
    unique->invited = item->invited;
    return nodes && unique->node_count == item->language_count;
}

static bool unique_is_known(const struct ir *ir, struct str text)
{
    for (uint32_t i = 0; i < ir->unique_count; i++)
        if (str_eq(ir->uniques[i].text, text)) return true;
    return false;
}

static void declare_uniques(struct checking *ck)
{
    struct ir *ir = ck->ir;
    ir->uniques = CHECKING_ARRAY(ck, struct program_unique, limit(UNIQUE_RULES));
    for (uint32_t i = 0; i < ck->tree->item_count && !ck->failure; i++) {
        const struct item *item = &ck->tree->items[i];
        struct program_unique unique = {.node_count = 0};
        if (item->kind != ITEM_UNIQUE) continue;
        if (!make_unique(ck, item, &unique)) continue;
        if (ir->unique_count == limit(UNIQUE_RULES)) {
            complain(ck, "E0238", item->head, NULL, "a form has at most %d such rules",
                     limit(UNIQUE_RULES));
            return;
        }
        if (unique_is_known(ir, unique.text))
            complain(ck, "E0238", item->head, NULL, "this is said already");
        else ir->uniques[ir->unique_count++] = unique;
    }
}

void declare_form(struct checking *ck)
{
    if (!make_room(ck)) return;
    declare_root(ck);
    declare_languages(ck);
    if (ck->failure) return;
    declare_timezone(ck);
    declare_unknown(ck);
    choice_list_declare(ck);
    column_declare(ck);
    function_declare(ck);
    if (ck->failure) return;
    declare_items(ck, ck->tree->items, ck->tree->item_count, 0);
    follow_declare_options(ck);
    ck->ir->nodes[0].subtree_end = ck->ir->node_count;
    declare_uniques(ck);
}
