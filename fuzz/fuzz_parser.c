/* Any bytes become a tree whose parts lie in the source; holes are only where something was complained
 * about. What parses can be laid out: to the same tree, the same tokens, and laid out again to the same
 * bytes. */
#include "base/utf8.h"
#include "fuzz/layout.h"

/* What the walk over a tree needs to know. */
struct walk {
    size_t size;
    bool whole; /* no holes are allowed */
};

static void check_span(const struct walk *walk, struct span span)
{
    HOLDS(span.offset <= walk->size && span.len <= walk->size - span.offset);
}

static uint32_t check_expr(const struct walk *walk, const struct expr *expr)
{
    uint32_t depth = 0;
    check_span(walk, expr->span);
    check_span(walk, expr->op_span);
    HOLDS(!walk->whole || expr->kind != EXPR_BAD);
    HOLDS(expr->kind != EXPR_PATH || expr->name_count > 0);
    HOLDS(expr->kind != EXPR_CALL || expr->name_count == 1);
    HOLDS(expr->kind != EXPR_UNARY || expr->arg_count == 1);
    HOLDS(expr->kind != EXPR_BINARY || expr->arg_count == 2);
    HOLDS((expr->kind != EXPR_IF && expr->kind != EXPR_IN_RANGE) || expr->arg_count == 3);
    HOLDS(expr->kind != EXPR_IN_LIST || expr->arg_count >= 2);
    for (uint32_t i = 0; i < expr->name_count; i++) check_span(walk, expr->names[i].span);
    for (uint32_t i = 0; i < expr->arg_count; i++) {
        uint32_t inner = check_expr(walk, expr->args[i]);
        if (inner > depth) depth = inner;
    }
    if (expr->where) {
        uint32_t inner = check_expr(walk, expr->where);
        if (inner > depth) depth = inner;
    }
    HOLDS(expr->depth == depth + 1 && expr->depth <= (uint32_t)limit(EXPRESSION_DEPTH));
    return expr->depth;
}

static void check_text(const struct walk *walk, const struct text *text)
{
    check_span(walk, text->span);
    for (uint32_t i = 0; i < text->part_count; i++) {
        if (text->parts[i].path) check_expr(walk, text->parts[i].path);
        else HOLDS(utf8_valid(text->parts[i].literal));
    }
}

static void check_check(const struct walk *walk, const struct tree_check *check)
{
    check_span(walk, check->span);
    check_expr(walk, check->condition);
    check_text(walk, &check->message);
    if (check->at) check_expr(walk, check->at);
    if (check->unless) check_expr(walk, check->unless);
    HOLDS(!walk->whole || check->message.part_count > 0);
}

static void check_modifier(const struct walk *walk, const struct modifier *modifier)
{
    check_span(walk, modifier->span);
    check_span(walk, modifier->string_span);
    for (uint32_t i = 0; i < modifier->string_count; i++) check_span(walk, modifier->strings[i].span);
    check_text(walk, &modifier->message);
    HOLDS(modifier->low >= -1 && modifier->high >= -1);
    HOLDS(modifier->kind != MODIFIER_LENGTH || modifier->high == -1 || modifier->low <= modifier->high);
    if (modifier->expr) check_expr(walk, modifier->expr);
    if (modifier->low_expr) check_expr(walk, modifier->low_expr);
    if (modifier->high_expr) check_expr(walk, modifier->high_expr);
    if (modifier->check) check_check(walk, modifier->check);
}

static bool is_of_form(enum item_kind kind)
{
    return kind == ITEM_PAGE || kind == ITEM_CHOICES || kind == ITEM_TABLE || kind == ITEM_TRANSLATE ||
           kind == ITEM_LANGUAGES || kind == ITEM_TIMEZONE || kind == ITEM_UNKNOWN ||
           kind == ITEM_UNIQUE;
}

static void check_item(const struct walk *walk, const struct item *item, uint32_t level)
{
    bool named =
        item->kind != ITEM_CHECK && item->kind != ITEM_LANGUAGES && item->kind != ITEM_TIMEZONE &&
        item->kind != ITEM_UNIQUE;
    check_span(walk, item->span);
    check_span(walk, item->head);
    check_span(walk, item->name_span);
    check_text(walk, &item->title);
    HOLDS(level == 0 || !is_of_form(item->kind));
    HOLDS(item_is_block(item->kind) || item->child_count == 0);
    HOLDS(!walk->whole || !named || item->name.len > 0);
    bool typed = item->kind == ITEM_FIELD || item->kind == ITEM_MATRIX || item->kind == ITEM_ROW;
    HOLDS(!walk->whole || !typed || item->type.name != TYPE_NAME_BAD);
    HOLDS(!item->matrix);
    bool written = item->kind == ITEM_REPEAT && !item->rows_low && !item->rows_high;
    HOLDS(!written || (item->rows_min >= 0 && item->rows_min <= item->rows_max && item->rows_max > 0 &&
                       item->rows_max <= limit(REPEAT_ROWS)));
    HOLDS(item->kind != ITEM_LET || item->expr);
    HOLDS(item->kind != ITEM_CHECK || item->check);
    if (item->expr) check_expr(walk, item->expr);
    if (item->check) check_check(walk, item->check);
    for (uint32_t i = 0; i < item->modifier_count; i++) check_modifier(walk, &item->modifiers[i]);
    for (uint32_t i = 0; i < item->option_count; i++) check_span(walk, item->options[i].span);
    for (uint32_t i = 0; i < item->translation_count; i++)
        check_text(walk, &item->translations[i].text);
    HOLDS(level < (uint32_t)limit(NESTING) + 2);
    for (uint32_t i = 0; i < item->child_count; i++) check_item(walk, &item->children[i], level + 1);
}

static void check_tree_of(const struct tree *tree, const struct diags *diags)
{
    struct walk walk = {tree->source.len, diags->errors == 0};
    for (uint32_t i = 0; i < tree->item_count; i++) check_item(&walk, &tree->items[i], 0);
    for (uint32_t i = 0; i < diags->count; i++) check_span(&walk, diags->items[i].span);
    for (uint32_t i = 0; i < diags->count; i++) check_span(&walk, diags->items[i].related);
    for (uint32_t i = 0; i < diags->count; i++)
        HOLDS(utf8_valid(diags->items[i].message) && utf8_valid(diags->items[i].hint));
    HOLDS(!walk.whole || (!tree->damaged && tree->name.len > 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str source = {(const char *)data, size};
    struct arena arena;
    struct diags diags;
    struct tree *tree;
    arena_init(&arena, mem_heap(), (size_t)4 * limit(COMPILE_ARENA_BYTES));
    diags_init(&diags, &arena, limit(DIAGNOSTICS));
    HOLDS(parser_parse(&arena, source, &diags, &tree) == ST_OK);
    check_tree_of(tree, &diags);
    if (diags.errors == 0) layout_check(&arena, source);
    arena_release(&arena);
    return 0;
}
