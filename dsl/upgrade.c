/* Upgrade: a source of an earlier edition, rewritten in the newest. See dsl_upgrade() in dsl/dsl.h.
 *
 * Each step leads from one edition to the next: it walks the tree and says which words of the source
 * are exchanged for which. Nothing else is touched, so comments and layout stay. */
#include "base/limits.h"
#include "dsl/dsl.h"
#include "dsl/parser.h"

#include <assert.h>
#include <stdlib.h>

struct exchange {
    struct span span; /* of the source */
    const char *word; /* that stands there now */
};

struct upgrade {
    struct arena *arena;
    struct exchange *items;
    size_t count, room;
    enum status failure;
};

static void exchange(struct upgrade *upgrade, struct span span, const char *word)
{
    if (upgrade->count == upgrade->room) {
        size_t room = upgrade->room ? 2 * upgrade->room : 64;
        struct exchange *grown =
            arena_grow(upgrade->arena, upgrade->items, upgrade->count, room, sizeof *grown);
        if (!grown) upgrade->failure = upgrade->arena->refused ? ST_LIMIT : ST_NOMEM;
        if (!grown) return;
        upgrade->items = grown;
        upgrade->room = room;
    }
    upgrade->items[upgrade->count++] = (struct exchange){span, word};
}

/* ---- from 2026 to 2027 */

static void step_2027(struct upgrade *upgrade, const struct item *item)
{
    if (item->kind == ITEM_CHECK)
        exchange(upgrade, (struct span){item->span.offset, sizeof "check" - 1}, "ensure");
    for (uint32_t i = 0; i < item->modifier_count; i++) {
        const struct modifier *modifier = &item->modifiers[i];
        if (modifier->condition_span.len)
            exchange(upgrade, modifier->condition_span, modifier->unless ? "except if" : "if");
    }
    for (uint32_t i = 0; i < item->child_count; i++) step_2027(upgrade, &item->children[i]);
}

/* ---- all of it */

static int compare_exchanges(const void *left, const void *right)
{
    const struct exchange *a = left, *b = right;
    return a->span.offset < b->span.offset ? -1 : a->span.offset > b->span.offset;
}

static void put_upgraded(struct upgrade *upgrade, struct str source, struct buf *out)
{
    size_t at = 0;
    if (upgrade->count)
        qsort(upgrade->items, upgrade->count, sizeof *upgrade->items, compare_exchanges);
    for (size_t i = 0; i < upgrade->count; i++) {
        struct span span = upgrade->items[i].span;
        assert(span.offset >= at && span.offset + span.len <= source.len);
        buf_put(out, (struct str){source.ptr + at, span.offset - at});
        buf_puts(out, upgrade->items[i].word);
        at = span.offset + span.len;
    }
    buf_put(out, (struct str){source.ptr + at, source.len - at});
}

static enum status upgrade_tree(struct upgrade *upgrade, const struct tree *tree, struct str *ret_text)
{
    struct buf out;
    struct str year = arena_printf(upgrade->arena, "edition %u", dsl_edition());
    if (!year.ptr) return ST_NOMEM;
    exchange(upgrade, tree->edition_span, year.ptr);
    for (uint32_t i = 0; i < tree->item_count; i++) step_2027(upgrade, &tree->items[i]);
    if (upgrade->failure) return upgrade->failure;
    buf_init(&out, upgrade->arena->mem, limit(SOURCE_BYTES));
    put_upgraded(upgrade, tree->source, &out);
    enum status st = out.failure;
    struct str text = st ? STR("") : arena_str(upgrade->arena, buf_str(&out));
    buf_release(&out);
    if (!st && !text.ptr) st = upgrade->arena->refused ? ST_LIMIT : ST_NOMEM;
    if (!st) *ret_text = text;
    return st;
}

enum status dsl_upgrade(struct arena *arena, struct str source, struct diags *diags,
                        struct str *ret_text)
{
    struct tree *tree;
    struct upgrade upgrade = {.arena = arena};
    enum status st = parser_parse(arena, source, diags, &tree);
    diags_sort(diags);
    if (st) return st;
    if (diags->errors) return ST_INPUT;
    if (tree->edition == dsl_edition()) *ret_text = source;
    else st = upgrade_tree(&upgrade, tree, ret_text);
    return st;
}
