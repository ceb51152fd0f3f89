#include "dsl/lookup.h"

#include "base/limits.h"
#include "dsl/builtin.h"
#include "dsl/column.h"
#include "dsl/composite.h"
#include "dsl/function.h"

struct place place_inside(const struct ir *ir, uint32_t node)
{
    return (struct place){.container = object_of(ir, node), .scope = scope_inside(ir, node)};
}

struct place place_of(const struct ir *ir, uint32_t node)
{
    uint32_t around = object_around(ir, node);
    if (around != IR_NONE && composite_name(ir->nodes[around].item)) around = object_around(ir, around);
    return place_inside(ir, around == IR_NONE ? 0 : around);
}

struct place place_of_check(const struct ir *ir, uint32_t owner)
{
    const struct ir_node *node = &ir->nodes[owner];
    bool field = node->kind == NODE_FIELD || composite_name(node->item);
    return field ? place_of(ir, owner) : place_inside(ir, owner);
}

struct place place_of_option(const struct place *outside, uint32_t list)
{
    return (struct place){.container = IR_NONE,
                          .scope = outside->scope,
                          .cursor = outside->cursor,
                          .outside = outside,
                          .stop = IR_NONE,
                          .options = list + 1};
}

uint32_t lookup_item(const struct checking *ck, uint32_t container, struct str name)
{
    uint32_t node = symbol_find(&ck->symbols, SYMBOL_SPACE(SYMBOL_ITEM, container), name);
    return node == SYMBOL_ABSENT ? IR_NONE : node;
}

/* Outwards from a place. In a where, the containers up to the one in which the aggregate's path began
 * are the row's own. */
static bool find_first(const struct checking *ck, const struct place *place, struct str name,
                       struct found *ret_found)
{
    for (; place; place = place->outside) {
        uint32_t container = place->container;
        uint32_t column = place->options ? column_find(ck, place->options - 1, name) : IR_NONE;
        if (column != IR_NONE) {
            *ret_found = (struct found){
                .node = IR_NONE, .rows = IR_NONE, .from = IR_NONE, .place = place, .column = column};
            return true;
        }
        while (container != IR_NONE && !(place->outside && container == place->stop)) {
            uint32_t node = lookup_item(ck, container, name);
            if (node != IR_NONE) {
                *ret_found = (struct found){.node = node,
                                            .rows = IR_NONE,
                                            .from = container,
                                            .place = place,
                                            .column = IR_NONE};
                return true;
            }
            container = object_around(ck->ir, container);
        }
    }
    return false;
}

/* ---- what to say when it is not there */

static uint32_t add_items(const struct checking *ck, uint32_t container, struct str *candidates,
                          uint32_t count)
{
    const struct ir *ir = ck->ir;
    for (uint32_t i = container + 1; i < ir->nodes[container].subtree_end; i++) {
        if (!node_is_frame(ir->nodes[i].kind) && !ir->nodes[i].derived &&
            object_around(ir, i) == container)
            candidates[count++] = ir->nodes[i].name;
    }
    return count;
}

const char *lookup_suggest(struct checking *ck, uint32_t container, struct str name)
{
    if (!complaints_matter(ck)) return NULL;
    struct str *candidates = CHECKING_ARRAY(ck, struct str, ck->ir->node_count);
    if (!candidates) return NULL;
    return did_you_mean(ck, name, candidates, add_items(ck, container, candidates, 0));
}

static uint32_t places_of(const struct place *place)
{
    uint32_t count = 0;
    for (; place; place = place->outside) count++;
    return count;
}

static uint32_t add_constants(const struct checking *ck, struct str *candidates, uint32_t count)
{
    for (uint32_t i = 0; i < ck->tree->item_count; i++)
        if (ck->tree->items[i].kind == ITEM_CONST) candidates[count++] = ck->tree->items[i].name;
    return count;
}

/* The columns of a list that is filtered, the parameters of a function. */
static uint32_t add_special(const struct checking *ck, const struct place *place,
                            struct str *candidates, uint32_t count)
{
    const struct ir_list *list = place->options ? &ck->ir->lists[place->options - 1] : NULL;
    for (uint32_t i = 0; list && i < list->column_count; i++)
        candidates[count++] = list->columns[i].name;
    if (place->arguments) count += function_parameters(place->arguments, candidates + count);
    return count;
}

static const char *suggest_visible(struct checking *ck, const struct place *place, struct str name)
{
    size_t special = LIMIT_COLUMNS + LIMIT_PARAMETERS;
    size_t room = ((size_t)ck->ir->node_count + special) * places_of(place) + ck->tree->item_count;
    struct str *candidates = CHECKING_ARRAY(ck, struct str, room);
    if (!candidates) return NULL;
    uint32_t count = add_constants(ck, candidates, 0);
    for (; place; place = place->outside) {
        count = add_special(ck, place, candidates, count);
        for (uint32_t at = place->container; at != IR_NONE; at = object_around(ck->ir, at)) {
            if (place->outside && at == place->stop) break;
            count = add_items(ck, at, candidates, count);
        }
    }
    return did_you_mean(ck, name, candidates, count);
}

/* The outermost repeat around `node` that is not also around the place. */
static uint32_t repeat_between(const struct ir *ir, uint32_t node, const struct place *place)
{
    uint32_t found = IR_NONE;
    for (uint32_t at = ir->nodes[node].parent; at != IR_NONE; at = ir->nodes[at].parent) {
        if (ir->nodes[at].kind != NODE_REPEAT) continue;
        if (!scope_is_inside(ir, place->scope, ir->nodes[at].own_scope)) found = at;
    }
    return found;
}

/* An item with a value, or rows, of that name, wherever it is; or IR_NONE. */
static uint32_t find_elsewhere(const struct ir *ir, struct str name)
{
    for (uint32_t i = 1; i < ir->node_count; i++) {
        const struct ir_node *node = &ir->nodes[i];
        bool named = !node_is_frame(node->kind) && node->kind != NODE_NOTE;
        if (named && str_eq(node->name, name)) return i;
    }
    return IR_NONE;
}

static const char *suggest_elsewhere(struct checking *ck, const struct place *place, struct str name)
{
    const struct ir *ir = ck->ir;
    uint32_t i = find_elsewhere(ir, name);
    const struct ir_node *node = i == IR_NONE ? NULL : &ir->nodes[i];
    if (node && place->arguments)
        return checking_text(ck, "a function sees its parameters alone: give it one for \"%.*s\"",
                             STR_ARG(name));
    if (!node) return NULL;
    uint32_t repeat = repeat_between(ir, i, place);
    if (repeat == IR_NONE) return checking_text(ck, "did you mean \"%.*s\"?", STR_ARG(node->path));
    return checking_text(
        ck, "it is in the rows of \"%.*s\": use an aggregate, such as any(%.*s where …) or first(%.*s)",
        STR_ARG(ir->nodes[repeat].name), STR_ARG(ir->nodes[repeat].path), STR_ARG(node->path));
}

static const char *suggest_option(struct checking *ck, struct str name)
{
    for (uint32_t i = 0; i < ck->ir->list_count; i++) {
        if (symbol_find(&ck->symbols, SYMBOL_SPACE(SYMBOL_OPTION, i), name) != SYMBOL_ABSENT)
            return checking_text(ck, "an option stands in quotes: \"%.*s\"", STR_ARG(name));
    }
    return NULL;
}

/* What other languages call a value. */
static const char *foreign_value(struct str name)
{
#define FOREIGN_VALUE(word, advice)                                                                    \
    if (str_eq(name, STR(word))) return advice;
#define FOREIGN_MODIFIER(word, advice)
#include "dsl/foreign.def"
#undef FOREIGN_VALUE
#undef FOREIGN_MODIFIER
    return NULL;
}

static const char *suggest_for_path(struct checking *ck, const struct place *place,
                                    const struct expr *path)
{
    if (!complaints_matter(ck)) return NULL;
    struct str name = path->names[0].text;
    const char *hint = suggest_elsewhere(ck, place, name);
    if (!hint && path->name_count == 1) hint = suggest_option(ck, name);
    if (!hint && path->name_count == 1) hint = foreign_value(name);
    if (!hint) hint = suggest_visible(ck, place, name);
    const char *usage = path->name_count == 1 ? builtin_usage_of(name) : NULL;
    if (!hint && usage) hint = checking_text(ck, "a function is called with parentheses: %s", usage);
    return hint;
}

/* What the parser could not read may have declared it. */
static bool may_be_lost(const struct checking *ck)
{
    return ck->tree->damaged;
}

/* A name that is nowhere is one mistake however often it is used; one that stands elsewhere is one in
 * each place. */
static void complain_unknown(struct checking *ck, const struct place *place, const struct expr *path)
{
    const struct expr_name *name = &path->names[0];
    bool elsewhere = find_elsewhere(ck->ir, name->text) != IR_NONE && place->container != IR_NONE;
    uint32_t unknown = UNKNOWN_IN(UNKNOWN_VALUE, elsewhere ? place->container + 1 : 0);
    if (may_be_lost(ck) || name->text.len == 0 || (elsewhere && ck->unsure > 0)) return;
    if (!is_told(ck, unknown, name->text, "E0203", name->span))
        complain(ck, "E0203", name->span, suggest_for_path(ck, place, path),
                 "there is no \"%.*s\" here", STR_ARG(name->text));
}

static void complain_no_item(struct checking *ck, const struct expr_name *name, uint32_t container)
{
    if (may_be_lost(ck) || name->text.len == 0) return;
    if (is_told(ck, UNKNOWN_IN(UNKNOWN_MEMBER, container), name->text, "E0203", name->span)) return;
    const struct ir_node *around = &ck->ir->nodes[container];
    complain(ck, "E0203", name->span, lookup_suggest(ck, container, name->text),
             "there is no \"%.*s\" in %s \"%.*s\"", STR_ARG(name->text), node_kind_name(around->kind),
             STR_ARG(around->name));
}

/* `name.length` */
static const char *method_hint(struct checking *ck, const struct expr *path, uint32_t at)
{
    struct str method = path->names[at].text;
    const char *usage = builtin_usage_of(method);
    if (!usage) return NULL;
    return checking_text(ck, "a function stands before what it is asked of: %s", usage);
}

void lookup_complain_inside(struct checking *ck, const struct expr *path, uint32_t at, uint32_t node)
{
    const struct ir_node *n = &ck->ir->nodes[node];
    const char *hint = method_hint(ck, path, at);
    if (node_is_frame(n->kind))
        hint = checking_text(ck, "%ss leave no trace in names: write \"%.*s\" alone",
                             node_kind_name(n->kind), STR_ARG(path->names[at].text));
    complain(ck, "E0217", path->names[at].span, hint,
             "\"%.*s\" is a %s: nothing can be named inside it", STR_ARG(n->name),
             node_kind_name(n->kind));
}

/* ---- the rest of the path */

static bool step(struct checking *ck, const struct expr *path, uint32_t at, struct found *found)
{
    const struct ir_node *node = &ck->ir->nodes[found->node];
    if (node->kind != NODE_GROUP && node->kind != NODE_REPEAT) {
        lookup_complain_inside(ck, path, at, found->node);
        return false;
    }
    if (node->kind == NODE_REPEAT) found->rows = found->node;
    uint32_t next = lookup_item(ck, found->node, path->names[at].text);
    if (next == IR_NONE) {
        complain_no_item(ck, &path->names[at], found->node);
        return false;
    }
    found->node = next;
    return true;
}

static bool holds_value(const struct checking *ck, const struct found *found)
{
    if (found->column != IR_NONE) return true;
    enum program_node_kind kind = ck->ir->nodes[found->node].kind;
    return kind == NODE_FIELD || kind == NODE_LET;
}

bool lookup_is_known(const struct checking *ck, const struct place *place, struct str name)
{
    struct found found;
    return find_first(ck, place, name, &found);
}

bool lookup_prior(struct checking *ck, const struct place *place, const struct expr *path,
                  struct found *ret_found)
{
    struct expr here = *path;
    here.prior = false;
    if (place->scope == 0) {
        complain(ck, "E0234", path->span, "it is right inside a repeat or in a where",
                 "there is no row here, so none before it");
        return false;
    }
    if (!lookup_value(ck, place, &here, ret_found)) return false;
    bool value = ret_found->column == IR_NONE && holds_value(ck, ret_found);
    bool own = value && ret_found->rows == IR_NONE &&
               ck->ir->nodes[ret_found->node].scope == place->scope &&
               ret_found->place->cursor == place->cursor;
    if (!own)
        complain(ck, "E0234", path->span, NULL, "\"%.*s\" is no field or let of the row at hand",
                 STR_ARG(path->names[0].text));
    return own;
}

bool lookup_value(struct checking *ck, const struct place *place, const struct expr *path,
                  struct found *ret_found)
{
    if (path->prior) {
        complain(ck, "E0234", path->span, "give it a name: let before = prior.…",
                 "\"prior\" stands for a value of the row before, in expressions only");
        return false;
    }
    const struct place *start = path->outer ? place->outside : place;
    if (!start) {
        complain(ck, "E0216", path->span, "write the name alone",
                 "\"outer\" is right only in the where of an aggregate");
        return false;
    }
    struct found found = {.node = IR_NONE};
    if (!find_first(ck, start, path->names[0].text, &found)) {
        complain_unknown(ck, start, path);
        return false;
    }
    for (found.used = 1; found.used < path->name_count && !holds_value(ck, &found); found.used++)
        if (!step(ck, path, found.used, &found)) return false;
    *ret_found = found;
    return true;
}

bool lookup_path(struct checking *ck, const struct place *place, const struct expr *path,
                 struct found *ret_found)
{
    struct found found;
    if (!lookup_value(ck, place, path, &found)) return false;
    if (found.column != IR_NONE) {
        complain(ck, "E0215", path->span, NULL, "\"%.*s\" is a column: it stands for a value only",
                 STR_ARG(path->names[0].text));
        return false;
    }
    if (found.used < path->name_count) {
        lookup_complain_inside(ck, path, found.used, found.node);
        return false;
    }
    *ret_found = found;
    return true;
}
