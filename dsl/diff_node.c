/* Diff node: what one field, group, repeat, let or frame says of itself in both forms. */
#include "base/decimal.h"
#include "base/limits.h"
#include "dsl/diff.h"
#include "dsl/ir_print.h"

#include <string.h>

enum {
    CONDITIONS_MAX = 64
}; /* frames around one node that only one form has; more count as a change */

static void tell(struct differ *differ, enum dsl_change_kind kind, const struct ir_node *from,
                 const struct ir_node *to, const char *what, const struct ir_expr *old,
                 const struct ir_expr *new)
{
    diff_add(differ, &(struct diff_about){.kind = kind,
                                          .path = to->path,
                                          .what = str_of(what),
                                          .from_node = from,
                                          .to_node = to,
                                          .from = diff_span_of(old),
                                          .to = diff_span_of(new)});
}

static void tell_flag(struct differ *differ, bool old, bool new, enum dsl_change_kind added,
                      enum dsl_change_kind removed, const struct ir_node *from,
                      const struct ir_node *to)
{
    if (old != new) tell(differ, new ? added : removed, from, to, "", NULL, NULL);
}

/* ---- relevance: the conditions of a node, and of the frames around it that only one form has */

struct conditions {
    const struct ir_expr *items[CONDITIONS_MAX];
    uint32_t count;
    const struct ir_node *frame; /* the nearest around it with a condition that both forms have */
};

static void find_conditions(const struct diff_side *mine, const struct diff_side *other,
                            const struct ir_node *node, struct conditions *ret)
{
    *ret = (struct conditions){.count = 0};
    if (node->when) ret->items[ret->count++] = node->when;
    for (uint32_t i = node->parent; i != IR_NONE; i = mine->ir->nodes[i].parent) {
        const struct ir_node *around = &mine->ir->nodes[i];
        if (!node_is_frame(around->kind)) return;
        const struct ir_node *twin = diff_twin(other, mine, around);
        bool said = twin && node_is_frame(twin->kind) && (around->when || twin->when);
        if (said) ret->frame = around;
        if (said) return;
        if (around->when && ret->count < CONDITIONS_MAX) ret->items[ret->count++] = around->when;
    }
}

static bool same_conditions(struct differ *differ, const struct conditions *a,
                            const struct conditions *b)
{
    if (a->count != b->count || !a->frame != !b->frame) return false;
    if (a->frame && !str_eq(a->frame->path, b->frame->path)) return false;
    for (uint32_t i = 0; i < a->count; i++)
        if (!diff_same_expr(differ, a->items[i], b->items[i])) return false;
    return true;
}

static bool is_inside(const struct ir *ir, const struct ir_node *node, uint32_t other)
{
    return other >= (uint32_t)(node - ir->nodes) && other < node->subtree_end;
}

/* Does something come of it, or is something asked, although nothing in it is answered? */
static bool demands(const struct ir *ir, const struct ir_node *node)
{
    for (uint32_t i = (uint32_t)(node - ir->nodes); i < node->subtree_end; i++) {
        const struct ir_node *inside = &ir->nodes[i];
        if (inside->required || inside->required_when || inside->computed || inside->rows_low)
            return true;
        if (inside->kind == NODE_REPEAT && ir->scopes[inside->own_scope].rows_min > 0) return true;
    }
    for (uint32_t i = 0; i < ir->check_count; i++)
        if (is_inside(ir, node, ir->checks[i].owner)) return true;
    return false;
}

static void compare_relevance(struct differ *differ, const struct ir_node *from,
                              const struct ir_node *to)
{
    struct conditions old, new;
    find_conditions(&differ->from, &differ->to, from, &old);
    find_conditions(&differ->to, &differ->from, to, &new);
    if (same_conditions(differ, &old, &new)) return;
    enum dsl_change_kind kind = CHANGE_CONDITION_CHANGED;
    if (old.count == 0 && !old.frame) kind = CHANGE_CONDITION_ADDED;
    if (new.count == 0 && !new.frame && !demands(differ->to.ir, to)) kind = CHANGE_CONDITION_REMOVED;
    tell(differ, kind, from, to, "when", old.count ? old.items[0] : NULL,
         new.count ? new.items[0] : NULL);
}

/* ---- type */

/* All that fits the old one fits the new one, whose numbers may have more decimal places. */
static bool has_room(const struct ir_node *from, struct type new)
{
    const int64_t most = (INT64_C(1) << 53) - 1;
    int64_t low = from->low, high = from->high;
    for (unsigned i = from->type.scale; i < new.scale; i++) {
        if (low < -most / 10 || high > most / 10) return false;
        low *= 10;
        high *= 10;
    }
    return low >= -most && high <= most;
}

static bool widens(struct type old, struct type new)
{
    bool exact = (old.kind == TYPE_INTEGER || old.kind == TYPE_DECIMAL) && new.kind == TYPE_DECIMAL;
    if (exact && new.scale > old.scale) return true;
    if (new.kind == TYPE_PARTIAL_DATE) return old.kind == TYPE_DATE || old.kind == TYPE_YEAR_MONTH;
    return false;
}

static bool narrows(struct type old, struct type new)
{
    return old.kind == TYPE_DECIMAL && new.kind == TYPE_DECIMAL &&new.scale < old.scale;
}

static void tell_type(struct differ *differ, enum dsl_change_kind kind, const struct ir_node *from,
                      const struct ir_node *to, struct str old, struct str new)
{
    diff_add_values(
        differ,
        &(struct diff_about){
            .kind = kind, .path = to->path, .what = STR("type"), .from_node = from, .to_node = to},
        old, new);
}

static struct str format_name(const struct ir_node *node)
{
    static const char *const names[] = {"text", "email", "url", "phone", "zoned"};
    bool plain = node->format == FORMAT_PLAIN;
    return plain && node->type.kind == TYPE_DATETIME ? STR("datetime") : str_of(names[node->format]);
}

static void compare_format(struct differ *differ, const struct ir_node *from, const struct ir_node *to)
{
    if (from->format == to->format) return;
    enum dsl_change_kind kind = CHANGE_TYPE_NARROWED; /* zoned: stored offsets may not be the zone's */
    if (to->format == FORMAT_PLAIN) kind = CHANGE_TYPE_WIDENED;
    if (from->format == FORMAT_ZONED) kind = CHANGE_TYPE_CHANGED; /* no datetime has a zone behind it */
    tell_type(differ, kind, from, to, format_name(from), format_name(to));
}

static struct str wall_words(const struct ir_node *node, struct buf *out)
{
    buf_reset(out);
    ir_print_wall(node, out);
    return buf_str(out);
}

/* Stored answers have their offset and zone, so they mean what they meant. */
static void compare_wall(struct differ *differ, const struct ir_node *from, const struct ir_node *to)
{
    if (from->format != FORMAT_ZONED || to->format != FORMAT_ZONED) return;
    struct str old = wall_words(from, &differ->text[0]), new = wall_words(to, &differ->text[1]);
    if (str_eq(old, new)) return;
    diff_add_values(differ,
                    &(struct diff_about){.kind = CHANGE_WALL_CHANGED,
                                         .path = to->path,
                                         .what = STR("wall time"),
                                         .from_node = from,
                                         .to_node = to},
                    old, new);
}

static void compare_type(struct differ *differ, const struct ir_node *from, const struct ir_node *to)
{
    struct type old = from->type, new = to->type;
    bool same = old.kind == new.kind &&old.scale ==
                new.scale &&memcmp(old.currency, new.currency, sizeof old.currency) == 0;
    if (same && old.open != new.open)
        tell_type(differ, new.open ? CHANGE_TYPE_WIDENED : CHANGE_TYPE_NARROWED, from, to,
                  diff_type(differ, 0, from), diff_type(differ, 1, to));
    if (same) compare_format(differ, from, to);
    if (same) return;
    enum dsl_change_kind kind = narrows(old, new) ? CHANGE_TYPE_NARROWED : CHANGE_TYPE_CHANGED;
    if (widens(old, new)) kind = CHANGE_TYPE_WIDENED;
    if (widens(old, new) && new.kind == TYPE_DECIMAL && !has_room(from, new)) kind = CHANGE_TYPE_RANGE;
    tell_type(differ, kind, from, to, diff_type(differ, 0, from), diff_type(differ, 1, to));
}

/* ---- bounds, lengths, rows */

/* -1, 0, 1: is the new bound below, at or above the old one? False: nobody knows. */
static bool compare_constants(const struct ir_expr *old, const struct ir_expr *new, int *ret_order)
{
    if (old->op != IR_CONST || new->op != IR_CONST || old->type.kind == TYPE_TEXT) return false;
    if (old->type.kind == TYPE_NUMBER || new->type.kind == TYPE_NUMBER) {
        if (old->type.kind != new->type.kind) return false;
        *ret_order = (new->value.number > old->value.number) - (new->value.number < old->value.number);
        return true;
    }
    *ret_order = diff_order(old->value.exact, old->type.scale, new->value.exact, new->type.scale);
    return true;
}

/* `upper`: a larger one lets more in. */
static void compare_bound(struct differ *differ, const struct ir_node *from, const struct ir_node *to,
                          const char *what, bool upper, const struct ir_expr *old,
                          const struct ir_expr *new)
{
    int order = 0;
    if (!old && !new) return;
    if (!old || !new) {
        tell(differ, new ? CHANGE_BOUND_NARROWED : CHANGE_BOUND_WIDENED, from, to, what, old, new);
        return;
    }
    if (compare_constants(old, new, &order)) {
        if (order == 0) return;
        tell(differ, (order > 0) == upper ? CHANGE_BOUND_WIDENED : CHANGE_BOUND_NARROWED, from, to,
             what, old, new);
        return;
    }
    if (!diff_same_expr(differ, old, new)) tell(differ, CHANGE_BOUND_CHANGED, from, to, what, old, new);
}

static int64_t longest(const struct ir_node *node)
{
    if (node->length_max >= 0) return node->length_max;
    if (node->type.kind != TYPE_TEXT) return INT64_MAX;
    int64_t usual = (int64_t)limit(TEXT_ANSWER_CHARS);
    return node->length_min > usual ? node->length_min : usual;
}

static void compare_number(struct differ *differ, const struct ir_node *from, const struct ir_node *to,
                           const char *what, bool upper, int64_t old, int64_t new,
                           enum dsl_change_kind narrowed, enum dsl_change_kind widened)
{
    char texts[2][DECIMAL_TEXT_BYTES] = {"", ""};
    size_t sizes[2] = {0, 0};
    if (old == new) return;
    if (old >= 0 && old != INT64_MAX) sizes[0] = decimal_format(old, 0, texts[0]);
    if (new >= 0 && new != INT64_MAX) sizes[1] = decimal_format(new, 0, texts[1]);
    diff_add_values(differ,
                    &(struct diff_about){.kind = (new > old) == upper ? widened : narrowed,
                                         .path = to->path,
                                         .what = str_of(what),
                                         .from_node = from,
                                         .to_node = to},
                    (struct str){texts[0], sizes[0]}, (struct str){texts[1], sizes[1]});
}

static void compare_lengths(struct differ *differ, const struct ir_node *from, const struct ir_node *to)
{
    if (from->type.kind != to->type.kind) return;
    compare_number(differ, from, to, "shortest", false, from->length_min < 0 ? 0 : from->length_min,
                   to->length_min < 0 ? 0 : to->length_min, CHANGE_BOUND_NARROWED,
                   CHANGE_BOUND_WIDENED);
    compare_number(differ, from, to, "longest", true, longest(from), longest(to), CHANGE_BOUND_NARROWED,
                   CHANGE_BOUND_WIDENED);
}

static void compare_pattern(struct differ *differ, const struct ir_node *from, const struct ir_node *to)
{
    struct str old = STR(""), new = STR("");
    if (from->pattern != IR_NONE) old = differ->from.ir->patterns[from->pattern];
    if (to->pattern != IR_NONE) new = differ->to.ir->patterns[to->pattern];
    if ((from->pattern == IR_NONE) == (to->pattern == IR_NONE) && str_eq(old, new)) return;
    diff_add_values(differ,
                    &(struct diff_about){.kind = to->pattern == IR_NONE ? CHANGE_PATTERN_REMOVED
                                                                        : CHANGE_PATTERN_CHANGED,
                                         .path = to->path,
                                         .what = STR("pattern"),
                                         .from_node = from,
                                         .to_node = to},
                    old, new);
}

static void compare_rows(struct differ *differ, const struct ir_node *from, const struct ir_node *to)
{
    const struct ir_scope *old = &differ->from.ir->scopes[from->own_scope],
                          *new = &differ->to.ir->scopes[to->own_scope];
    compare_number(differ, from, to, "fewest rows", false, old->rows_min, new->rows_min,
                   CHANGE_ROWS_NARROWED, CHANGE_ROWS_WIDENED);
    compare_number(differ, from, to, "most rows", true, old->rows_max, new->rows_max,
                   CHANGE_ROWS_NARROWED, CHANGE_ROWS_WIDENED);
}

/* ---- what is demanded and worked out */

static void compare_required(struct differ *differ, const struct ir_node *from,
                             const struct ir_node *to)
{
    bool old = from->required || from->required_when, new = to->required || to->required_when;
    if (!old && !new) return;
    if (from->required && to->required) return;
    if (!new || (from->required && !to->required)) {
        if (diff_may_fail(to->required_when))
            tell(differ, CHANGE_MAY_FAIL, from, to, "required", NULL, to->required_when);
        tell(differ, CHANGE_REQUIRED_REMOVED, from, to, "required", from->required_when,
             to->required_when);
        return;
    }
    if (!old) {
        tell(differ, CHANGE_REQUIRED_ADDED, from, to, "required", NULL, to->required_when);
        return;
    }
    if (!diff_same_expr(differ, from->required_when, to->required_when))
        tell(differ, CHANGE_REQUIRED_CHANGED, from, to, "required", from->required_when,
             to->required_when);
}

static void compare_computed(struct differ *differ, const struct ir_node *from,
                             const struct ir_node *to)
{
    enum dsl_change_kind kind = CHANGE_COMPUTATION_CHANGED;
    if (!from->computed && !to->computed) return;
    if (!from->computed) kind = CHANGE_NOW_COMPUTED;
    if (!to->computed) kind = to->type.kind == TYPE_TEXT ? CHANGE_TEXT_NOW_ASKED : CHANGE_NOW_ASKED;
    if (!diff_same_expr(differ, from->computed, to->computed))
        tell(differ, kind, from, to, "", from->computed, to->computed);
}

/* The values that modifiers work out are lets of the field's: "t.length_max". */
static const struct ir_expr *worked_out(const struct ir *ir, uint32_t let)
{
    return let ? ir->nodes[let].computed : NULL;
}

static void compare_derived(struct differ *differ, const struct ir_node *from, const struct ir_node *to,
                            const char *what, uint32_t old_let, uint32_t new_let,
                            enum dsl_change_kind changed, enum dsl_change_kind removed)
{
    const struct ir_expr *old = worked_out(differ->from.ir, old_let),
                         *new = worked_out(differ->to.ir, new_let);
    if (!diff_same_expr(differ, old, new))
        tell(differ, new ? changed : removed, from, to, what, old, new);
}

static void compare_modifiers(struct differ *differ, const struct ir_node *from,
                              const struct ir_node *to)
{
    const struct ir_expr *suggested = worked_out(differ->to.ir, to->suggestion);
    if (diff_may_fail(suggested) &&
        !diff_same_expr(differ, worked_out(differ->from.ir, from->suggestion), suggested))
        tell(differ, CHANGE_MAY_FAIL, from, to, "suggest", NULL, suggested);
    compare_derived(differ, from, to, "suggest", from->suggestion, to->suggestion,
                    CHANGE_SUGGESTION_CHANGED, CHANGE_SUGGESTION_CHANGED);
    compare_derived(differ, from, to, "shortest", from->length_low, to->length_low,
                    CHANGE_BOUND_CHANGED, CHANGE_BOUND_WIDENED);
    compare_derived(differ, from, to, "longest", from->length_high, to->length_high,
                    CHANGE_BOUND_CHANGED, CHANGE_BOUND_WIDENED);
    compare_derived(differ, from, to, "fewest rows", from->rows_low, to->rows_low, CHANGE_ROWS_CHANGED,
                    CHANGE_ROWS_WIDENED);
    compare_derived(differ, from, to, "most rows", from->rows_high, to->rows_high, CHANGE_ROWS_CHANGED,
                    CHANGE_ROWS_WIDENED);
    if (!diff_same_expr(differ, from->breaches[BREACH_READONLY], to->breaches[BREACH_READONLY]) ||
        !diff_same_expr(differ, worked_out(differ->from.ir, from->readonly_flag),
                        worked_out(differ->to.ir, to->readonly_flag)))
        tell(differ, to->breaches[BREACH_READONLY] ? CHANGE_READONLY_CHANGED : CHANGE_READONLY_REMOVED,
             from, to, "readonly", NULL, NULL);
    if (!diff_same_expr(differ, from->default_value, to->default_value))
        tell(differ, CHANGE_DEFAULT_CHANGED, from, to, "default", from->default_value,
             to->default_value);
    if (!diff_same_expr(differ, from->filter, to->filter))
        tell(differ, to->filter ? CHANGE_FILTER_CHANGED : CHANGE_FILTER_REMOVED, from, to, "where",
             from->filter, to->filter);
}

/* ---- what people read */

static void compare_texts(struct differ *differ, const struct ir_node *from, const struct ir_node *to)
{
    diff_message(differ, from, to, "label", from->label, to->label);
    diff_message(differ, from, to, "hint", from->hint, to->hint);
    diff_message(differ, from, to, "placeholder", from->placeholder, to->placeholder);
    diff_message(differ, from, to, "required", from->required_message, to->required_message);
    diff_message(differ, from, to, "min", from->min_message, to->min_message);
    diff_message(differ, from, to, "max", from->max_message, to->max_message);
    diff_message(differ, from, to, "length", from->length_message, to->length_message);
    diff_message(differ, from, to, "pattern", from->pattern_message, to->pattern_message);
    diff_message(differ, from, to, "skipped", from->skipped_message, to->skipped_message);
    diff_message(differ, from, to, "repeated", from->repeated_message, to->repeated_message);
    bool shown = from->multiline == to->multiline && from->hidden == to->hidden &&
                 str_eq(from->autocomplete, to->autocomplete);
    if (!shown) tell(differ, CHANGE_SHOWN_CHANGED, from, to, "", NULL, NULL);
}

/* ---- all of it */

static void compare_key(struct differ *differ, const struct ir_node *from, const struct ir_node *to)
{
    if (str_eq(from->key, to->key)) return;
    diff_add_values(differ,
                    &(struct diff_about){.kind = CHANGE_KEY_CHANGED,
                                         .path = to->path,
                                         .what = STR("key"),
                                         .from_node = from,
                                         .to_node = to},
                    from->key, to->key);
}

static void compare_field(struct differ *differ, const struct ir_node *from, const struct ir_node *to)
{
    compare_type(differ, from, to);
    compare_wall(differ, from, to);
    compare_bound(differ, from, to, "min", false, from->min, to->min);
    compare_bound(differ, from, to, "max", true, from->max, to->max);
    compare_lengths(differ, from, to);
    compare_pattern(differ, from, to);
    compare_modifiers(differ, from, to);
    diff_options(differ, from, to);
    tell_flag(differ, from->unique, to->unique, CHANGE_UNIQUE_ADDED, CHANGE_UNIQUE_REMOVED, from, to);
    tell_flag(differ, from->keep, to->keep, CHANGE_KEEP_ADDED, CHANGE_KEEP_REMOVED, from, to);
    tell_flag(differ, from->sensitive, to->sensitive, CHANGE_SENSITIVE_ADDED, CHANGE_SENSITIVE_REMOVED,
              from, to);
    tell_flag(differ, from->indexed, to->indexed, CHANGE_INDEXED_ADDED, CHANGE_INDEXED_REMOVED, from,
              to);
}

void diff_node(struct differ *differ, const struct ir_node *from, const struct ir_node *to)
{
    if (to->kind == NODE_LET && (from->derived || to->derived)) return; /* told at the field */
    if (to->kind == NODE_FIELD || to->kind == NODE_GROUP || to->kind == NODE_REPEAT)
        compare_key(differ, from, to);
    if (to->kind == NODE_FIELD) compare_field(differ, from, to);
    if (to->kind == NODE_REPEAT) compare_rows(differ, from, to);
    if (to->kind == NODE_REPEAT) compare_modifiers(differ, from, to);
    compare_computed(differ, from, to);
    if (to->kind == NODE_LET) return;
    compare_relevance(differ, from, to);
    compare_required(differ, from, to);
    compare_texts(differ, from, to);
    if (to->kind == NODE_FORM || to->kind == NODE_GROUP || to->kind == NODE_REPEAT)
        tell_flag(differ, from->ignore_unknown, to->ignore_unknown, CHANGE_UNKNOWN_IGNORED,
                  CHANGE_UNKNOWN_REFUSED, from, to);
}
