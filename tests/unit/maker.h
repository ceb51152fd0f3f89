/* Maker: programs by hand, for tests that need what no compiler would make, or no compiler at all.
 *
 *     struct maker m;
 *     maker_open(&m);
 *     maker_field(&m, "name", TYPE_TEXT)->required = true;
 *     maker_repeat(&m, "members", 0, 3); … maker_close(&m);
 *     maker_chunk(&m, "local fail = ... return function(S) … end", 1, HELPER_FAIL);
 *     struct program *program = maker_done(&m);      … maker_release(&m)
 *
 * Slots are dealt when it is done, scope by scope, in the order of the nodes: value, relevance,
 * required; then those of the scope's rows. A node asks for the latter two by setting its
 * relevance_slot or required_slot to 1. maker_slot() tells the number. */
#ifndef TESTS_UNIT_MAKER_H
#define TESTS_UNIT_MAKER_H

#include "base/arena.h"
#include "dsl/program.h"
#include "tests/test.h"

#include <assert.h>
#include <stdarg.h>

enum {
    MAKER_NODES = 400,
    MAKER_SCOPES = 8,
    MAKER_DEPTH = 10,
    MAKER_LISTS = 16,
    MAKER_CHECKS = 8,
    MAKER_CHUNKS = 8,
    MAKER_PATTERNS = 32
};

struct maker {
    struct arena arena;
    struct program program;
    struct program_node nodes[MAKER_NODES];
    struct program_bounds bounds[MAKER_NODES];
    struct program_rare rares[MAKER_NODES];
    struct program_object objects[MAKER_NODES];
    struct program_scope scopes[MAKER_SCOPES];
    struct program_list lists[MAKER_LISTS];
    struct program_check checks[MAKER_CHECKS];
    struct program_chunk chunks[MAKER_CHUNKS];
    struct program_pattern patterns[MAKER_PATTERNS];
    struct program_rule rules[1];
    struct str languages[1];
    const struct locale *locales[1];
    uint32_t open[MAKER_DEPTH], depth;
};

static inline struct program_node *maker_node(struct maker *m, enum program_node_kind kind,
                                              const char *name)
{
    assert(m->program.node_count < MAKER_NODES);
    uint32_t number = m->program.node_count++;
    uint32_t parent = m->depth ? m->open[m->depth - 1] : PROGRAM_NONE;
    uint32_t scope = 0;
    if (m->depth)
        scope =
            m->nodes[parent].kind == NODE_REPEAT ? m->nodes[parent].rare->own_scope : m->nodes[parent].scope;
    struct str key_json = arena_printf(&m->arena, "\"%s\":", name);
    m->bounds[number] = (struct program_bounds){.length_min = -1, .length_max = -1};
    m->rares[number] = program_nothing_rare;
    m->nodes[number] = (struct program_node){
        .kind = kind,
        .parent = parent,
        .subtree_end = number + 1,
        .scope = scope,
        .target = PROGRAM_NONE,
        .relevance_node = PROGRAM_NONE,
        .key_json = key_json.ptr,
        .key_bytes = (uint16_t)key_json.len,
        .name_bytes = (uint16_t)strlen(name),
        .bounds = &m->bounds[number],
        .rare = &m->rares[number],
    };
    return &m->nodes[number];
}

static inline struct program_bounds *maker_bounds(const struct program_node *node)
{
    return (struct program_bounds *)(uintptr_t)node->bounds;
}

static inline struct program_rare *maker_rare(const struct program_node *node)
{
    return (struct program_rare *)(uintptr_t)node->rare;
}

/* What is chosen from; nothing for a node that chooses nothing. */
static inline void maker_offer(struct program_node *node, uint32_t list)
{
    if (node_chooses(node)) node->target = list;
}

static inline void maker_enter(struct maker *m, struct program_node *node)
{
    if (node->kind != NODE_PAGE) {
        node->target = m->program.object_count++;
        m->objects[node->target] = (struct program_object){.node = (uint32_t)(node - m->nodes)};
    }
    m->open[m->depth++] = (uint32_t)(node - m->nodes);
}

static inline void maker_open(struct maker *m)
{
    memset(m, 0, sizeof *m);
    arena_init(&m->arena, mem_heap(), 16 << 20);
    m->languages[0] = STR("en");
    m->locales[0] = locale_find(STR("en"));
    m->scopes[0] = (struct program_scope){.parent = PROGRAM_NONE, .rows_min = 1, .rows_max = 1};
    m->program.scope_count = 1;
    maker_enter(m, maker_node(m, NODE_FORM, "form"));
}

static inline void maker_close(struct maker *m)
{
    m->nodes[m->open[--m->depth]].subtree_end = m->program.node_count;
}

static inline struct program_node *maker_field(struct maker *m, const char *name,
                                               enum program_type type)
{
    struct program_node *node = maker_node(m, NODE_FIELD, name);
    node->type = type;
    node->rules_read = true;
    node->slot = 1;
    return node;
}

static inline struct program_node *maker_computed(struct maker *m, const char *name,
                                                  enum program_type type)
{
    struct program_node *node = maker_field(m, name, type);
    node->computed = true;
    return node;
}

static inline struct program_node *maker_let(struct maker *m, const char *name, enum program_type type)
{
    struct program_node *node = maker_field(m, name, type);
    node->kind = NODE_LET;
    return node;
}

static inline struct program_node *maker_group(struct maker *m, const char *name)
{
    struct program_node *node = maker_node(m, NODE_GROUP, name);
    maker_enter(m, node);
    return node;
}

static inline struct program_node *maker_page(struct maker *m, const char *name)
{
    struct program_node *node = maker_node(m, NODE_PAGE, name);
    maker_enter(m, node);
    return node;
}

static inline struct program_node *maker_repeat(struct maker *m, const char *name, uint32_t fewest,
                                                uint32_t most)
{
    struct program_node *node = maker_node(m, NODE_REPEAT, name);
    maker_rare(node)->own_scope = m->program.scope_count++;
    m->scopes[node->rare->own_scope] = (struct program_scope){.parent = node->scope,
                                                        .node = (uint32_t)(node - m->nodes),
                                                        .rows_min = fewest,
                                                        .rows_max = most};
    maker_enter(m, node);
    return node;
}

/* "Hello {3}!" with the number of a node, as a message in every language. */
static inline struct program_message maker_message(struct maker *m, const char *words)
{
    struct buf parts, whole;
    buf_init(&parts, mem_heap(), 1 << 16);
    buf_init(&whole, mem_heap(), 1 << 16);
    for (const char *open; (open = strchr(words, '{')); words = strchr(open, '}') + 1) {
        passage_put_part(&parts, &(struct program_part){.literal = {words, (size_t)(open - words)},
                                                        .node = PROGRAM_NONE});
        passage_put_part(&parts,
                         &(struct program_part){.node = (uint32_t)strtoul(open + 1, NULL, 10)});
    }
    passage_put_part(&parts,
                     &(struct program_part){.literal = str_of(words), .node = PROGRAM_NONE});
    for (int i = 0; i < 8; i++) passage_put_text(&whole, i ? STR("") : buf_str(&parts));
    struct str kept = arena_str(&m->arena, buf_str(&whole));
    buf_release(&parts);
    buf_release(&whole);
    return (struct program_message){(const unsigned char *)kept.ptr};
}

/* A list of the codes up to NULL; labels are the codes with a capital L before, scores 10, 20, … */
static inline uint32_t maker_list(struct maker *m, ...)
{
    struct program_message *labels = ARENA_ARRAY(&m->arena, struct program_message, 100);
    struct program_extra *extras = ARENA_ARRAY(&m->arena, struct program_extra, 100);
    struct str *codes = ARENA_ARRAY(&m->arena, struct str, 100);
    uint32_t count = 0;
    va_list args;
    va_start(args, m);
    for (const char *code; (code = va_arg(args, const char *)); count++) {
        const char *label = arena_printf(&m->arena, "L%s", code).ptr;
        codes[count] = str_of(code);
        labels[count] = maker_message(m, label);
        extras[count] = (struct program_extra){.score = (count + 1) * 10};
    }
    va_end(args);
    assert(m->program.list_count < MAKER_LISTS);
    uint32_t number = m->program.list_count++;
    m->lists[number] = (struct program_list){
        .name = STR("list"), .labels = labels, .extras = extras, .option_count = count, .has_scores = true};
    CHECK_STATUS(name_table_build(&m->arena, codes, count, &m->lists[number].codes), ST_OK);
    return number;
}

static inline uint32_t maker_check(struct maker *m, uint32_t node, uint32_t scope, const char *name,
                                   const char *words)
{
    assert(m->program.check_count < MAKER_CHECKS);
    uint32_t number = m->program.check_count++;
    m->checks[number] = (struct program_check){node, scope, str_of(name), maker_message(m, words)};
    return number;
}

static inline uint32_t maker_pattern(struct maker *m, const char *text, const struct dfa *dfa)
{
    assert(m->program.pattern_count < MAKER_PATTERNS);
    uint32_t number = m->program.pattern_count++;
    m->patterns[number] =
        (struct program_pattern){.text = str_of(text), .dfa = dfa, .re2 = str_of(text)};
    return number;
}

/* `lua` with so many helpers, each an enum program_helper. */
static inline struct program_chunk *maker_chunk(struct maker *m, const char *lua, int helper_count, ...)
{
    enum program_helper *helpers = ARENA_ARRAY(&m->arena, enum program_helper, (size_t)helper_count);
    va_list args;
    va_start(args, helper_count);
    for (int i = 0; i < helper_count; i++) helpers[i] = (enum program_helper)va_arg(args, int);
    va_end(args);
    struct program_chunk *chunk = &m->chunks[m->program.chunk_count++];
    *chunk = (struct program_chunk){.lua = str_of(lua),
                                    .helpers = helpers,
                                    .helper_count = (uint32_t)helper_count,
                                    .base_steps = 1};
    return chunk;
}

static inline uint32_t maker_deal(uint32_t *slot, uint32_t *next)
{
    if (*slot) *slot = (*next)++;
    return *slot;
}

static inline void maker_deal_slots(struct maker *m)
{
    uint32_t next = 1;
    for (uint32_t s = 0; s < m->program.scope_count; s++) {
        struct program_scope *scope = &m->scopes[s];
        scope->first_slot = next;
        for (uint32_t i = 0; i < m->program.node_count; i++) {
            if (m->nodes[i].scope != s) continue;
            maker_deal(&m->nodes[i].slot, &next);
            maker_deal(&m->nodes[i].relevance_slot, &next);
            maker_deal(&m->nodes[i].required_slot, &next);
        }
        if (s > 0) scope->rows_slot = next++;
        if (s > 0 && scope->parent > 0) {
            scope->parent_slot = next++;
            scope->begin_slot = next++;
        }
        scope->slot_count = next - scope->first_slot;
    }
    m->program.slot_count = next - 1;
}

/* The members of each object in order; a page's are those of the form. */
static inline void maker_gather(struct maker *m, struct program_object *object)
{
    uint32_t *members = ARENA_ARRAY(&m->arena, uint32_t, m->program.node_count);
    struct str *keys = ARENA_ARRAY(&m->arena, struct str, m->program.node_count);
    for (uint32_t i = 1; i < m->program.node_count; i++) {
        const struct program_node *node = &m->nodes[i];
        uint32_t parent = node->parent;
        if (m->nodes[parent].kind == NODE_PAGE) parent = m->nodes[parent].parent;
        if (parent != object->node) continue;
        if (node->kind != NODE_FIELD && node->kind != NODE_GROUP && node->kind != NODE_REPEAT) continue;
        keys[object->member_count] = node_key(node);
        members[object->member_count++] = i;
    }
    object->member_nodes = members;
    CHECK_STATUS(name_table_build(&m->arena, keys, object->member_count, &object->members), ST_OK);
}

static inline void maker_decide_relevance(struct maker *m)
{
    for (uint32_t i = 0; i < m->program.node_count; i++) {
        struct program_node *node = &m->nodes[i];
        if (node->relevance_slot) node->relevance_node = i;
        else if (node->parent != PROGRAM_NONE)
            node->relevance_node = m->nodes[node->parent].relevance_node;
    }
}

static inline struct program *maker_done(struct maker *m)
{
    struct program *program = &m->program;
    while (m->depth) maker_close(m);
    maker_deal_slots(m);
    maker_decide_relevance(m);
    for (uint32_t i = 0; i < program->object_count; i++) maker_gather(m, &m->objects[i]);
    program->name = STR("made");
    program->languages = m->languages;
    program->locales = m->locales;
    program->language_count = 1;
    program->timezone = STR("UTC");
    program->rules = m->rules;
    program->rule_count = 1;
    program->nodes = m->nodes;
    program->objects = m->objects;
    program->scopes = m->scopes;
    program->lists = m->lists;
    program->checks = m->checks;
    program->chunks = m->chunks;
    program->patterns = m->patterns;
    atomic_init(&program->references, 1000); /* a judge lets go of it, but it is not the heap's */
    return program;
}

static inline void maker_release(struct maker *m)
{
    arena_release(&m->arena);
}

#endif
