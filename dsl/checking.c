#include "dsl/checking.h"

#include "base/print.h"
#include "base/utf8.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { TEXT_MAX = 1024 }; /* of a message or a hint; names in them are at most NAME_BYTES */

void checking_init(struct checking *ck, struct arena *arena, const struct tree *tree,
                   struct diags *diags)
{
    *ck = (struct checking){.arena = arena, .tree = tree, .diags = diags};
    ck->poison = (struct ir_expr){.op = IR_MISSING, .may_be_missing = 1};
    symbol_table_init(&ck->symbols, arena);
}

void checking_out_of_memory(struct checking *ck)
{
    if (ck->failure == ST_OK) ck->failure = ck->arena->refused ? ST_LIMIT : ST_NOMEM;
}

void *checking_alloc(struct checking *ck, size_t count, size_t size)
{
    void *ptr = arena_zalloc(ck->arena, count, size);
    if (!ptr) checking_out_of_memory(ck);
    return ptr;
}

/* Formats; a text that is too long is cut between two characters. */
__attribute__((format(printf, 3, 0))) static struct str format_text(char *text, size_t size,
                                                                    const char *format, va_list args)
{
    size_t len = print(text, size, format, args);
    if (len < size) return (struct str){text, len};
    return (struct str){text, utf8_valid_len((struct str){text, size - 1})};
}

const char *checking_text(struct checking *ck, const char *format, ...)
{
    if (!complaints_matter(ck)) return "";
    char text[TEXT_MAX];
    va_list args;
    va_start(args, format);
    struct str kept = arena_str(ck->arena, format_text(text, sizeof text, format, args));
    va_end(args);
    if (!kept.ptr) checking_out_of_memory(ck);
    return kept.ptr ? kept.ptr : "";
}

uint32_t checking_put(struct checking *ck, uint64_t space, struct str name, uint32_t value)
{
    uint32_t earlier = SYMBOL_ABSENT;
    enum status st = symbol_put(&ck->symbols, space, name, value, &earlier);
    if (st) checking_out_of_memory(ck);
    return earlier;
}

/* What is written once may be looked at for several fields: of a geopoint, of the rows of a matrix. */
static bool is_doubled(const struct diags *diags, const char *code, struct span span, struct str text)
{
    for (uint32_t i = 0; i < diags->count; i++) {
        const struct diag *diag = &diags->items[i];
        if (diag->span.offset == span.offset && diag->span.len == span.len &&
            strcmp(diag->code, code) == 0 && str_eq(diag->message, text))
            return true;
    }
    return false;
}

struct diag *complain(struct checking *ck, const char *code, struct span span, const char *hint,
                      const char *format, ...)
{
    if (ck->hush) {
        ck->hushed++;
        return NULL;
    }
    char message[TEXT_MAX];
    va_list args;
    va_start(args, format);
    struct str text = format_text(message, sizeof message, format, args);
    va_end(args);
    if (is_doubled(ck->diags, code, span, text)) return NULL;
    return diag_add(ck->diags, code[0] == 'W' ? DIAG_WARNING : DIAG_ERROR, code, span, text, hint);
}

/* ---- names that are not there */

static bool add_unknown(struct checking *ck, const struct unknown *unknown)
{
    if (ck->unknown_count == ck->unknown_capacity) {
        uint32_t capacity = ck->unknown_capacity ? ck->unknown_capacity * 2 : 16;
        struct unknown *grown = CHECKING_ARRAY(ck, struct unknown, capacity);
        if (!grown) return false;
        for (uint32_t i = 0; i < ck->unknown_count; i++) grown[i] = ck->unknowns[i];
        ck->unknowns = grown;
        ck->unknown_capacity = capacity;
    }
    ck->unknowns[ck->unknown_count++] = *unknown;
    return true;
}

bool is_told(struct checking *ck, uint32_t unknown_in, struct str name, const char *code,
             struct span span)
{
    if (ck->hush) return false; /* complain() counts it */
    uint32_t earlier =
        checking_put(ck, SYMBOL_SPACE(SYMBOL_UNKNOWN, unknown_in), name, ck->unknown_count);
    if (earlier == SYMBOL_ABSENT) {
        struct unknown unknown = {.code = code, .first = span, .uses = 1};
        if (!ck->failure) add_unknown(ck, &unknown);
        return false;
    }
    struct unknown *unknown = &ck->unknowns[earlier];
    if (span.offset == unknown->first.offset || span.offset == unknown->second.offset) return true;
    unknown->uses++;
    if (unknown->second.len == 0 || span.offset < unknown->second.offset) unknown->second = span;
    return true;
}

bool was_told(const struct checking *ck, uint32_t unknown_in, struct str name)
{
    return symbol_find(&ck->symbols, SYMBOL_SPACE(SYMBOL_UNKNOWN, unknown_in), name) != SYMBOL_ABSENT;
}

/* The complaint about its first use; NULL when it was not kept. */
static struct diag *complaint_of(struct checking *ck, const struct unknown *unknown)
{
    for (uint32_t i = 0; i < ck->diags->count; i++) {
        struct diag *diag = &ck->diags->items[i];
        if (diag->span.offset == unknown->first.offset && strcmp(diag->code, unknown->code) == 0)
            return diag;
    }
    return NULL;
}

void checking_tell_uses(struct checking *ck)
{
    for (uint32_t i = 0; i < ck->unknown_count; i++) {
        const struct unknown *unknown = &ck->unknowns[i];
        struct diag *diag = unknown->uses > 1 ? complaint_of(ck, unknown) : NULL;
        if (!diag || diag->related.len > 0) continue;
        char text[80];
        if (unknown->uses == 2) snprintf(text, sizeof text, "it is used here too");
        else
            snprintf(text, sizeof text, "it is used here too, and in %u more place%s",
                     unknown->uses - 2, unknown->uses == 3 ? "" : "s");
        struct str kept = arena_str(ck->diags->arena, str_of(text));
        if (!kept.ptr) return;
        diag->related = unknown->second;
        diag->related_message = kept;
    }
}

void complain_about(struct checking *ck, struct diag *diag, struct span span, const char *message)
{
    if (!diag) return;
    diag->related = span;
    diag->related_message = str_of(checking_text(ck, "%s", message));
}

bool complaints_matter(const struct checking *ck)
{
    return ck->hush == 0 && ck->diags->count < ck->diags->count_max;
}

const char *did_you_mean(struct checking *ck, struct str word, const struct str *candidates,
                         uint32_t count)
{
    if (!complaints_matter(ck)) return NULL;
    struct str nearest = nearest_word(word, candidates, count);
    if (nearest.len == 0) return NULL;
    return checking_text(ck, "did you mean \"%.*s\"?", STR_ARG(nearest));
}

uint32_t object_of(const struct ir *ir, uint32_t node)
{
    while (node_is_frame(ir->nodes[node].kind)) node = ir->nodes[node].parent;
    return node;
}

uint32_t object_around(const struct ir *ir, uint32_t node)
{
    uint32_t parent = ir->nodes[node].parent;
    return parent == IR_NONE ? IR_NONE : object_of(ir, parent);
}

uint32_t scope_inside(const struct ir *ir, uint32_t node)
{
    const struct ir_node *n = &ir->nodes[node];
    return n->kind == NODE_REPEAT ? n->own_scope : n->scope;
}

bool scope_is_inside(const struct ir *ir, uint32_t inner, uint32_t outer)
{
    while (inner != outer && inner != 0) inner = ir->scopes[inner].parent;
    return inner == outer;
}

const char *node_kind_name(enum program_node_kind kind)
{
    static const char *const names[] = {
        [NODE_FORM] = "form",     [NODE_PAGE] = "page",      [NODE_GROUP] = "group",
        [NODE_REPEAT] = "repeat", [NODE_FIELD] = "field",    [NODE_NOTE] = "note",
        [NODE_LET] = "let",       [NODE_SECTION] = "section"};
    return names[kind];
}

const struct modifier *item_modifier(const struct item *item, enum modifier_kind kind)
{
    for (uint32_t i = 0; i < item->modifier_count; i++)
        if (item->modifiers[i].kind == kind) return &item->modifiers[i];
    return NULL;
}

bool node_is_computed(const struct ir_node *node)
{
    return node->kind == NODE_FIELD && item_modifier(node->item, MODIFIER_COMPUTED);
}

struct str path_text(struct checking *ck, const struct expr *path)
{
    const char *text = path->outer ? "outer." : path->prior ? "prior." : "";
    for (uint32_t i = 0; i < path->name_count; i++)
        text = checking_text(ck, "%s%s%.*s", text, i ? "." : "", STR_ARG(path->names[i].text));
    return str_of(text);
}
