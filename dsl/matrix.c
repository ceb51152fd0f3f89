#include "dsl/matrix.h"

#include "dsl/builtin.h"
#include "dsl/ir_build.h"

#include <assert.h>

/* ---- rows */

/* What the group says itself. */
static bool is_of_whole(enum modifier_kind kind)
{
    return kind == MODIFIER_WHEN || kind == MODIFIER_UNLESS || kind == MODIFIER_HINT ||
           kind == MODIFIER_KEY || kind == MODIFIER_CHECK || kind == MODIFIER_UNKNOWN;
}

/* A computed row takes no answer, so nothing is asked of one. */
static bool row_takes(const struct item *row, enum modifier_kind kind)
{
    if (is_of_whole(kind) || item_modifier(row, kind)) return false;
    return !item_modifier(row, MODIFIER_COMPUTED) || kind == MODIFIER_HIDDEN ||
           kind == MODIFIER_SENSITIVE || kind == MODIFIER_INDEXED;
}

static void make_row(struct checking *ck, const struct item *matrix, struct item *row)
{
    uint32_t most = row->modifier_count + matrix->modifier_count;
    struct modifier *modifiers = CHECKING_ARRAY(ck, struct modifier, most + 1);
    if (!modifiers) return;
    uint32_t count = 0;
    for (uint32_t i = 0; i < row->modifier_count; i++) modifiers[count++] = row->modifiers[i];
    for (uint32_t i = 0; i < matrix->modifier_count; i++)
        if (row_takes(row, matrix->modifiers[i].kind)) modifiers[count++] = matrix->modifiers[i];
    row->modifiers = modifiers;
    row->modifier_count = count;
    if (item_modifier(row, MODIFIER_COMPUTED)) row->type.where = NULL;
    row->kind = ITEM_FIELD;
}

void matrix_make(struct checking *ck, struct item *item)
{
    uint32_t count = 0;
    assert(item->kind == ITEM_MATRIX);
    if (item->child_count == 0 && !ck->tree->damaged)
        complain(ck, "E0237", item->head, "each row has a name and a label: calm \"Calm\"",
                 "matrix \"%.*s\" has no rows", STR_ARG(item->name));
    for (uint32_t i = 0; i < item->child_count && !ck->failure; i++)
        make_row(ck, item, &item->children[i]);
    for (uint32_t i = 0; i < item->modifier_count; i++)
        if (is_of_whole(item->modifiers[i].kind)) item->modifiers[count++] = item->modifiers[i];
    item->modifier_count = count;
    item->kind = ITEM_GROUP;
    item->matrix = true;
}

/* ---- texts: what the matrix says is one text, so that it is translated once */

/* What the matrix has said stands before its rows. */
static bool is_shared(const struct item *row, enum modifier_kind kind)
{
    const struct modifier *modifier = item_modifier(row, kind);
    return modifier && modifier->span.offset < row->span.offset;
}

uint32_t matrix_speaker(const struct ir *ir, uint32_t matrix, enum modifier_kind kind)
{
    uint32_t end = ir->nodes[matrix].subtree_end;
    for (uint32_t i = matrix + 1; i < end; i = ir->nodes[i].subtree_end)
        if (ir->nodes[i].kind == NODE_FIELD && is_shared(ir->nodes[i].item, kind)) return i;
    return IR_NONE;
}

/* The matrix that `node` is a field of, or IR_NONE. */
static uint32_t matrix_around(const struct ir *ir, uint32_t node)
{
    const struct ir_node *n = &ir->nodes[node];
    if (n->kind != NODE_FIELD || n->parent == 0) return IR_NONE;
    return ir->nodes[n->parent].item->matrix ? n->parent : IR_NONE;
}

bool matrix_is_spoken_for(const struct ir *ir, uint32_t node, enum modifier_kind kind)
{
    uint32_t matrix = matrix_around(ir, node);
    if (matrix == IR_NONE || !is_shared(ir->nodes[node].item, kind)) return false;
    return matrix_speaker(ir, matrix, kind) != node;
}

struct ir_message *matrix_message(struct ir *ir, uint32_t node, enum modifier_kind kind)
{
    struct ir_node *n = &ir->nodes[node];
    switch (kind) {
    case MODIFIER_REQUIRED:
        return &n->required_message;
    case MODIFIER_MIN:
        return &n->min_message;
    case MODIFIER_MAX:
        return &n->max_message;
    case MODIFIER_LENGTH:
        return &n->length_message;
    case MODIFIER_PATTERN:
        return &n->pattern_message;
    case MODIFIER_SKIPPED:
        return &n->skipped_message;
    case MODIFIER_REPEATED:
        return &n->repeated_message;
    case MODIFIER_PLACEHOLDER:
        return &n->placeholder;
    case MODIFIER_OTHER:
        return n->part ? &ir->nodes[n->part].label : NULL;
    default:
        return NULL;
    }
}

void matrix_share_texts(struct checking *ck, uint32_t node)
{
    const struct item *item = ck->ir->nodes[node].item;
    for (uint32_t i = 0; i < item->modifier_count; i++) {
        enum modifier_kind kind = item->modifiers[i].kind;
        struct ir_message *own = matrix_message(ck->ir, node, kind);
        if (!own || !matrix_is_spoken_for(ck->ir, node, kind)) continue;
        uint32_t speaker = matrix_speaker(ck->ir, ck->ir->nodes[node].parent, kind);
        struct ir_message *theirs = matrix_message(ck->ir, speaker, kind);
        if (theirs) *own = *theirs;
    }
}

bool matrix_find(struct checking *ck, const struct place *place, const struct expr *path,
                 struct found *ret_found)
{
    struct found found;
    if (path->kind != EXPR_PATH) return false;
    ck->hush++;
    bool known = lookup_path(ck, place, path, &found);
    ck->hush--;
    if (!known || found.rows != IR_NONE) return false;
    const struct ir_node *node = &ck->ir->nodes[found.node];
    if (node->kind != NODE_GROUP || !node->item->matrix) return false;
    *ret_found = found;
    return true;
}

/* ---- sums over the rows */

/* In halves: as deep as the logarithm of their number. */
static struct ir_expr *sum_of(struct checking *ck, struct span span, struct type type,
                              struct ir_expr *const *terms, uint32_t count)
{
    if (count == 0) return ir_build_exact(ck, span, type, 0);
    if (count == 1) return terms[0];
    uint32_t half = count / 2;
    return ir_build_2(ck, IR_ADD, type, span, sum_of(ck, span, type, terms, half),
                      sum_of(ck, span, type, terms + half, count - half));
}

/* Of one row; `place` is where the call stands. */
typedef struct ir_expr *row_maker(struct checking *ck, const struct place *place,
                                  const struct expr *call, const struct found *row);

/* What `of_row` makes of each row, added up. */
static struct ir_expr *sum_over(struct checking *ck, const struct place *place, const struct expr *call,
                                const struct found *found, struct type type, row_maker *of_row)
{
    const struct ir *ir = ck->ir;
    uint32_t end = ir->nodes[found->node].subtree_end, count = 0;
    struct ir_expr **terms = CHECKING_ARRAY(ck, struct ir_expr *, end - found->node);
    if (!terms) return &ck->poison;
    for (uint32_t i = found->node + 1; i < end; i = ir->nodes[i].subtree_end) {
        struct found row = *found;
        row.node = i;
        row.from = found->node;
        terms[count++] = of_row(ck, place, call, &row);
        if (ir_is_poison(terms[count - 1])) return &ck->poison;
    }
    return sum_of(ck, call->span, type, terms, count);
}

static struct ir_expr *slot_of(struct checking *ck, const struct expr *call, const struct found *row)
{
    return ir_build_slot(ck, call->args[0]->span, row->node, row->place->cursor);
}

static struct ir_expr *score_of_row(struct checking *ck, const struct place *place,
                                    const struct expr *call, const struct found *row)
{
    (void)place;
    struct ir_expr *score = builtin_score_of(ck, call, slot_of(ck, call, row));
    if (ir_is_poison(score)) return score;
    return ir_build_2(ck, IR_COALESCE, score->type, call->span, score,
                      ir_build_exact(ck, call->span, score->type, 0));
}

static struct ir_expr *complain_rows(struct checking *ck, const struct expr *call,
                                     const struct ir_node *matrix)
{
    complain(ck, "E0311", call->args[0]->span, "of numbers name the rows: m.a + m.b",
             "score() takes a matrix of choices, and the rows of \"%.*s\" are none",
             STR_ARG(matrix->name));
    return &ck->poison;
}

struct ir_expr *matrix_score(struct checking *ck, const struct place *place, const struct expr *call,
                             const struct found *found)
{
    const struct ir_node *matrix = &ck->ir->nodes[found->node], *row = matrix + 1;
    bool empty = matrix->subtree_end == found->node + 1;
    if (empty || (row->kind == NODE_FIELD && row->type.kind == TYPE_NONE)) return &ck->poison;
    bool chooses = row->type.kind == TYPE_CHOICE || row->type.kind == TYPE_CHOICES;
    if (row->kind != NODE_FIELD || !chooses) return complain_rows(ck, call, matrix);
    struct type type = type_of_scale(ck->ir->lists[row->type.list].score_scale);
    struct ir_expr *begun = builtin_group_is_answered(ck, place, call->args[0]->span, found);
    return ir_build_3(ck, IR_IF, type, call->span, begun,
                      sum_over(ck, place, call, found, type, score_of_row),
                      ir_build_missing(ck, call->span, type));
}

static struct ir_expr *one_if_answered(struct checking *ck, const struct place *place,
                                       const struct expr *call, const struct found *row)
{
    struct type integer = type_of_kind(TYPE_INTEGER);
    bool field = ck->ir->nodes[row->node].kind == NODE_FIELD;
    struct ir_expr *answered = field ? ir_build_1(ck, IR_ANSWERED, type_of_kind(TYPE_BOOLEAN),
                                                  call->span, slot_of(ck, call, row))
                                     : builtin_group_is_answered(ck, place, call->args[0]->span, row);
    return ir_build_3(ck, IR_IF, integer, call->span, answered,
                      ir_build_exact(ck, call->span, integer, 1),
                      ir_build_exact(ck, call->span, integer, 0));
}

struct ir_expr *matrix_size(struct checking *ck, const struct place *place, const struct expr *call,
                            const struct found *found)
{
    return sum_over(ck, place, call, found, type_of_kind(TYPE_INTEGER), one_if_answered);
}
