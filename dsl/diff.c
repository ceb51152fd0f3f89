#include "dsl/diff.h"

#include "base/limits.h"
#include "dsl/expr_text.h"
#include "dsl/ir_print.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
    QUOTE_BYTES = 200,  /* of source that a change repeats */
    LIKENESS_MAX = 500, /* removed fields for which a new place is looked for */
};

static const struct {
    const char *code;
    enum dsl_diff_class diff_class;
    const char *reason;
} kinds[] = {
#define CHANGE(NAME, code, diff_class, reason) [CHANGE_##NAME] = {code, DIFF_##diff_class, reason},
#include "dsl/change.def"
#undef CHANGE
};

/* ---- adding a change */

void diff_fail(struct differ *differ, enum status st)
{
    if (!st) st = differ->arena->refused ? ST_LIMIT : ST_NOMEM;
    if (!differ->failure) differ->failure = st;
}

static struct str keep(struct differ *differ, struct str text)
{
    if (text.len > QUOTE_BYTES) {
        text.len = QUOTE_BYTES;
        while (text.len && ((unsigned char)text.ptr[text.len] & 0xC0) == 0x80) text.len--;
    }
    struct str kept = arena_str(differ->arena, text);
    if (!kept.ptr) diff_fail(differ, ST_OK);
    return kept.ptr ? kept : STR("");
}

static uint32_t line_of(const struct ir *ir, const struct ir_node *node)
{
    return node && node->item ? line_column_of(ir->source, node->item->span.offset).line : 0;
}

void diff_add_values(struct differ *differ, const struct diff_about *about, struct str from,
                     struct str to)
{
    if (differ->count == differ->room) {
        size_t room = differ->room ? 2 * differ->room : 64;
        void *grown =
            arena_grow(differ->arena, differ->changes, differ->count, room, sizeof *differ->changes);
        if (!grown) {
            diff_fail(differ, ST_OK);
            return;
        }
        differ->changes = grown;
        differ->room = room;
    }
    differ->changes[differ->count++] =
        (struct dsl_change){.kind = about->kind,
                            .diff_class = kinds[about->kind].diff_class,
                            .code = kinds[about->kind].code,
                            .reason = kinds[about->kind].reason,
                            .path = keep(differ, about->path),
                            .what = keep(differ, about->what),
                            .from = keep(differ, from),
                            .to = keep(differ, to),
                            .from_line = line_of(differ->from.ir, about->from_node),
                            .to_line = line_of(differ->to.ir, about->to_node)};
}

static struct str quote(const struct ir *ir, struct span span)
{
    return (struct str){ir->source.ptr + span.offset, span.len};
}

void diff_add(struct differ *differ, const struct diff_about *about)
{
    diff_add_values(differ, about, quote(differ->from.ir, about->from),
                    quote(differ->to.ir, about->to));
}

/* ---- comparing */

struct span diff_span_of(const struct ir_expr *e)
{
    return e ? e->span : (struct span){0, 0};
}

bool diff_same_expr(struct differ *differ, const struct ir_expr *from, const struct ir_expr *to)
{
    if (!from || !to) return from == to;
    buf_reset(&differ->text[0]);
    buf_reset(&differ->text[1]);
    expr_text_put(differ->from.ir, from, &differ->text[0]);
    expr_text_put(differ->to.ir, to, &differ->text[1]);
    for (int i = 0; i < 2; i++)
        if (differ->text[i].failure) diff_fail(differ, differ->text[i].failure);
    return str_eq(buf_str(&differ->text[0]), buf_str(&differ->text[1]));
}

int diff_order(int64_t a, unsigned a_scale, int64_t b, unsigned b_scale)
{
    __extension__ __int128 left = a, right = b; /* times 10^9: more than 64 bits */
    for (unsigned i = a_scale; i < b_scale; i++) left *= 10;
    for (unsigned i = b_scale; i < a_scale; i++) right *= 10;
    return (right > left) - (right < left);
}

static uint32_t language_in(const struct ir *ir, struct str language)
{
    uint32_t i = 0;
    while (i < ir->language_count && !str_eq(ir->languages[i], language)) i++;
    return i;
}

static struct str text_in(struct differ *differ, int side, struct ir_message message, uint32_t language)
{
    struct buf *out = &differ->text[side];
    buf_reset(out);
    if (message.by_language)
        expr_text_put_text(side ? differ->to.ir : differ->from.ir, &message.by_language[language], out);
    if (out->failure) diff_fail(differ, out->failure);
    return buf_str(out);
}

/* Tells the first language in which they differ. */
static void compare_texts(struct differ *differ, const struct diff_about *about, struct ir_message from,
                          struct ir_message to)
{
    const struct ir *a = differ->from.ir, *b = differ->to.ir;
    for (uint32_t i = 0; i < b->language_count; i++) {
        uint32_t other = language_in(a, b->languages[i]);
        if (other == a->language_count) continue;
        struct str old = text_in(differ, 0, from, other), new = text_in(differ, 1, to, i);
        if (str_eq(old, new)) continue;
        diff_add_values(differ, about, old, new);
        return;
    }
}

void diff_message(struct differ *differ, const struct ir_node *from_node, const struct ir_node *to_node,
                  const char *what, struct ir_message from, struct ir_message to)
{
    struct diff_about about = {.kind = CHANGE_TEXT_CHANGED,
                               .path = to_node->path,
                               .what = str_of(what),
                               .from_node = from_node,
                               .to_node = to_node};
    compare_texts(differ, &about, from, to);
}

void diff_option_label(struct differ *differ, const struct ir_node *from_node,
                       const struct ir_node *to_node, struct str code, struct ir_message from,
                       struct ir_message to)
{
    struct diff_about about = {.kind = CHANGE_TEXT_CHANGED,
                               .path = to_node->path,
                               .what = code,
                               .from_node = from_node,
                               .to_node = to_node};
    compare_texts(differ, &about, from, to);
}

/* ---- nodes by path */

/* Notes have no name; what the compiler made for a modifier has one that nobody can write. */
static struct str path_for(struct arena *arena, const struct ir *ir, uint32_t node)
{
    const struct ir_node *n = &ir->nodes[node];
    if (node == 0) return STR("");
    if (n->kind == NODE_NOTE) return arena_printf(arena, "%.*s #%u", STR_ARG(n->path), (unsigned)node);
    if (node_is_frame(n->kind)) return arena_printf(arena, "%.*s ", STR_ARG(n->path));
    return n->path;
}

static void index_nodes(struct differ *differ, struct diff_side *side)
{
    uint32_t count = side->ir->node_count;
    struct str *paths = ARENA_ARRAY(differ->arena, struct str, count);
    if (!paths) {
        diff_fail(differ, ST_OK);
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        paths[i] = path_for(differ->arena, side->ir, i);
        if (!paths[i].ptr) diff_fail(differ, ST_OK);
    }
    if (differ->failure) return;
    enum status st = name_table_build(differ->arena, paths, count, &side->paths);
    assert(st != ST_CONFLICT);
    if (st) diff_fail(differ, st);
}

const struct ir_node *diff_twin(const struct diff_side *other, const struct diff_side *mine,
                                const struct ir_node *node)
{
    struct str path = mine->paths.names[node - mine->ir->nodes];
    if (node->kind == NODE_NOTE) return NULL;
    uint32_t found = name_table_find(&other->paths, path);
    return found == NAME_ABSENT ? NULL : &other->ir->nodes[found];
}

/* ---- what is only in one of the two */

static bool is_data(const struct ir_node *node)
{
    return node->kind == NODE_FIELD || node->kind == NODE_GROUP || node->kind == NODE_REPEAT;
}

struct str diff_type(struct differ *differ, int side, const struct ir_node *node)
{
    struct buf *out = &differ->text[side];
    buf_reset(out);
    if (node->kind == NODE_FIELD)
        ir_print_type(side ? differ->to.ir : differ->from.ir, node->type, out);
    return buf_str(out);
}

static bool same_type(struct type a, struct type b)
{
    return a.kind == b.kind && a.scale == b.scale &&
           memcmp(a.currency, b.currency, sizeof a.currency) == 0;
}

/* The one new field of that name and type, or of that label and type beside it; NULL when there is
 * none, or are several. */
static const struct ir_node *likeness(struct differ *differ, const struct ir_node *gone, bool by_name)
{
    const struct ir *to = differ->to.ir;
    const struct ir_node *found = NULL;
    struct str label = text_in(differ, 0, gone->label, 0);
    for (uint32_t i = 1; i < to->node_count; i++) {
        const struct ir_node *node = &to->nodes[i];
        if (node->kind != NODE_FIELD || !same_type(node->type, gone->type)) continue;
        if (by_name ? !str_eq(node->name, gone->name)
                    : label.len == 0 || !str_eq(label, text_in(differ, 1, node->label, 0)))
            continue;
        if (diff_twin(&differ->from, &differ->to, node)) continue;
        if (found) return NULL;
        found = node;
    }
    return found;
}

static void tell_removed(struct differ *differ, const struct ir_node *node)
{
    struct diff_about about = {.kind = CHANGE_FIELD_REMOVED, .path = node->path, .from_node = node};
    if (node->kind == NODE_REPEAT) about.kind = CHANGE_REPEAT_REMOVED;
    if (node->kind == NODE_GROUP) about.kind = CHANGE_GROUP_REMOVED;
    bool look = node->kind == NODE_FIELD && differ->looked_for++ < LIKENESS_MAX;
    const struct ir_node *moved = look ? likeness(differ, node, true) : NULL;
    const struct ir_node *similar = look && !moved ? likeness(differ, node, false) : NULL;
    if (moved) {
        about.kind = CHANGE_FIELD_MOVED;
        about.to_node = moved;
        differ->moved[moved - differ->to.ir->nodes] = true;
    }
    diff_add_values(differ, &about, moved ? node->path : diff_type(differ, 0, node),
                    moved ? moved->path : STR(""));
    if (similar && !differ->failure)
        differ->changes[differ->count - 1].similar = keep(differ, similar->path);
}

bool diff_may_fail(const struct ir_expr *e)
{
    if (!e) return false;
    bool may = e->may_fault || diff_may_fail(e->where);
    for (uint32_t i = 0; !may && i < e->arg_count; i++) may = diff_may_fail(e->args[i]);
    return may;
}

static bool must_be_there(const struct ir *ir, const struct ir_node *node)
{
    bool rows = node->kind == NODE_REPEAT && ir->scopes[node->own_scope].rows_min > 0;
    return (node->required || node->required_when || rows) && !node->computed;
}

static void tell_added(struct differ *differ, const struct ir_node *node)
{
    struct diff_about about = {.kind = CHANGE_FIELD_ADDED, .path = node->path, .to_node = node};
    if (node->kind == NODE_REPEAT) about.kind = CHANGE_REPEAT_ADDED;
    if (node->kind == NODE_GROUP) about.kind = CHANGE_GROUP_ADDED;
    if (must_be_there(differ->to.ir, node)) about.kind = CHANGE_FIELD_REQUIRED_NEW;
    if (node->kind == NODE_LET) about.kind = CHANGE_LET_ADDED;
    if (diff_may_fail(node->computed)) about.kind = CHANGE_MAY_FAIL;
    diff_add_values(differ, &about, STR(""), diff_type(differ, 1, node));
}

/* Lets of modifiers speak for their fields: node.c tells of them there. */
static bool is_own(const struct ir_node *node)
{
    return is_data(node) || (node->kind == NODE_LET && !node->derived);
}

static void find_removed(struct differ *differ)
{
    const struct ir *ir = differ->from.ir;
    for (uint32_t i = 1; i < ir->node_count; i++) {
        const struct ir_node *node = &ir->nodes[i];
        struct diff_about about = {.path = node->path, .from_node = node};
        if (node->kind == NODE_NOTE || diff_twin(&differ->to, &differ->from, node)) continue;
        if (is_data(node)) {
            tell_removed(differ, node);
            i = node->subtree_end - 1; /* the whole is gone; its parts need no telling */
            continue;
        }
        about.kind = node_is_frame(node->kind) ? CHANGE_FRAME_REMOVED : CHANGE_LET_REMOVED;
        if (node_is_frame(node->kind) || is_own(node)) diff_add(differ, &about);
    }
}

/* ---- what is in both, and what is new */

static enum dsl_change_kind changed_kind(const struct ir_node *from, const struct ir_node *to)
{
    bool unstored = from->kind == NODE_LET;
    return unstored && to->kind == NODE_FIELD ? CHANGE_FIELD_ADDED : CHANGE_KIND_CHANGED;
}

static uint32_t tell_new(struct differ *differ, uint32_t index)
{
    const struct ir_node *node = &differ->to.ir->nodes[index];
    if (node_is_frame(node->kind)) {
        diff_add(differ,
                 &(struct diff_about){.kind = CHANGE_FRAME_ADDED, .path = node->path, .to_node = node});
        return index;
    }
    if (!is_own(node)) return index;
    if (differ->moved[index]) return index;
    tell_added(differ, node);
    return node->kind == NODE_REPEAT ? node->subtree_end - 1 : index;
}

static void find_changed(struct differ *differ)
{
    const struct ir *ir = differ->to.ir;
    for (uint32_t i = 0; i < ir->node_count; i++) {
        const struct ir_node *to = &ir->nodes[i];
        if (to->kind == NODE_NOTE) continue;
        const struct ir_node *from = diff_twin(&differ->from, &differ->to, to);
        if (!from) {
            i = tell_new(differ, i);
            continue;
        }
        if (from->kind == to->kind || (node_is_frame(from->kind) && node_is_frame(to->kind))) {
            diff_node(differ, from, to);
            continue;
        }
        diff_add(differ, &(struct diff_about){.kind = changed_kind(from, to),
                                              .path = to->path,
                                              .from_node = from,
                                              .to_node = to});
        i = to->subtree_end - 1;
    }
}

/* Who stands before someone that it stood behind. */
static void find_order(struct differ *differ)
{
    const struct ir *ir = differ->to.ir;
    const struct ir_node *last = NULL;
    for (uint32_t i = 1; i < ir->node_count; i++) {
        const struct ir_node *to = &ir->nodes[i];
        const struct ir_node *from = is_data(to) ? diff_twin(&differ->from, &differ->to, to) : NULL;
        if (!from) continue;
        if (last && from < last)
            diff_add(differ, &(struct diff_about){.kind = CHANGE_ORDER_CHANGED,
                                                  .path = to->path,
                                                  .from_node = from,
                                                  .to_node = to});
        else last = from;
    }
}

/* ---- the form as a whole */

static void tell_languages(struct differ *differ, int side)
{
    const struct ir *mine = side ? differ->to.ir : differ->from.ir,
                    *other = side ? differ->from.ir : differ->to.ir;
    for (uint32_t i = 0; i < mine->language_count; i++) {
        if (language_in(other, mine->languages[i]) < other->language_count) continue;
        diff_add(differ,
                 &(struct diff_about){.kind = side ? CHANGE_LANGUAGE_ADDED : CHANGE_LANGUAGE_REMOVED,
                                      .what = mine->languages[i]});
    }
}

static void tell_words(struct differ *differ, enum dsl_change_kind kind, struct str from, struct str to)
{
    if (!str_eq(from, to)) diff_add_values(differ, &(struct diff_about){.kind = kind}, from, to);
}

static bool has_unique(const struct ir *ir, struct str text)
{
    for (uint32_t i = 0; i < ir->unique_count; i++)
        if (str_eq(ir->uniques[i].text, text)) return true;
    return false;
}

/* Rules that one side has and the other has not. */
static void tell_uniques(struct differ *differ, const struct ir *mine, const struct ir *other,
                         enum dsl_change_kind kind)
{
    for (uint32_t i = 0; i < mine->unique_count; i++)
        if (!has_unique(other, mine->uniques[i].text))
            diff_add(differ, &(struct diff_about){.kind = kind, .what = mine->uniques[i].text});
}

static void find_form(struct differ *differ)
{
    const struct ir *from = differ->from.ir, *to = differ->to.ir;
    tell_words(differ, CHANGE_NAME_CHANGED, from->name, to->name);
    tell_words(differ, CHANGE_ZONE_CHANGED, from->timezone, to->timezone);
    tell_uniques(differ, from, to, CHANGE_UNIQUE_RULE_REMOVED);
    tell_uniques(differ, to, from, CHANGE_UNIQUE_RULE_ADDED);
    if (from->edition != to->edition)
        diff_add(differ, &(struct diff_about){.kind = CHANGE_EDITION_CHANGED});
    diff_message(differ, from->nodes, to->nodes, "title", from->title, to->title);
    tell_languages(differ, 0);
    tell_languages(differ, 1);
}

/* Notes have no names: they are compared in their order. */
static const struct ir_node *next_note(const struct ir *ir, uint32_t *at)
{
    while (++*at < ir->node_count)
        if (ir->nodes[*at].kind == NODE_NOTE) return &ir->nodes[*at];
    return NULL;
}

static void find_notes(struct differ *differ)
{
    uint32_t a = 0, b = 0;
    for (;;) {
        const struct ir_node *from = next_note(differ->from.ir, &a), *to = next_note(differ->to.ir, &b);
        if (!from && !to) return;
        if (from && to) {
            size_t before = differ->count;
            diff_message(differ, from, to, "note", from->label, to->label);
            if (differ->count == before && !diff_same_expr(differ, from->when, to->when))
                diff_add(differ, &(struct diff_about){.kind = CHANGE_SHOWN_CHANGED,
                                                      .what = STR("note"),
                                                      .from_node = from,
                                                      .to_node = to,
                                                      .from = diff_span_of(from->when),
                                                      .to = diff_span_of(to->when)});
            continue;
        }
        diff_add(differ, &(struct diff_about){.kind = CHANGE_SHOWN_CHANGED,
                                              .what = STR("note"),
                                              .from_node = from,
                                              .to_node = to});
    }
}

/* ---- all of it */

static int compare_changes(const void *left, const void *right)
{
    const struct dsl_change *a = left, *b = right;
    if (a->diff_class != b->diff_class) return a->diff_class > b->diff_class ? -1 : 1;
    uint32_t line_a = a->to_line ? a->to_line : a->from_line,
             line_b = b->to_line ? b->to_line : b->from_line;
    if (line_a != line_b) return line_a < line_b ? -1 : 1;
    int order = str_cmp(a->path, b->path);
    if (!order) order = a->kind < b->kind ? -1 : a->kind > b->kind;
    return order ? order : str_cmp(a->what, b->what);
}

static void run(struct differ *differ)
{
    index_nodes(differ, &differ->from);
    index_nodes(differ, &differ->to);
    differ->moved = ARENA_ARRAY(differ->arena, bool, differ->to.ir->node_count);
    if (!differ->moved) diff_fail(differ, ST_OK);
    if (differ->failure) return;
    find_form(differ);
    find_removed(differ);
    find_changed(differ);
    find_order(differ);
    find_notes(differ);
    diff_checks(differ);
}

enum status diff_make(struct arena *arena, const struct ir *from, const struct ir *to,
                      struct dsl_diff *ret_diff)
{
    struct differ differ = {.arena = arena, .from = {.ir = from}, .to = {.ir = to}};
    for (int i = 0; i < 2; i++) buf_init(&differ.text[i], arena->mem, limit(COMPILE_ARENA_BYTES));
    run(&differ);
    for (int i = 0; i < 2; i++) buf_release(&differ.text[i]);
    if (differ.failure) return differ.failure;
    if (differ.count) qsort(differ.changes, differ.count, sizeof *differ.changes, compare_changes);
    *ret_diff = (struct dsl_diff){
        .diff_class = differ.count ? differ.changes[0].diff_class : DIFF_IDENTICAL,
        .changes = differ.changes,
        .count = (uint32_t)differ.count,
    };
    return ST_OK;
}
