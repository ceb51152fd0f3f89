#include "dsl/step.h"

#include "dsl/reads.h"

struct collecting {
    const struct ir *ir;
    uint32_t *seen; /* [node]: number of the last step that has it, from 1 */
    uint32_t *found;
    uint32_t count, step;
};

static void collect_node(struct collecting *collecting, uint32_t node)
{
    if (collecting->seen[node] == collecting->step) return;
    collecting->seen[node] = collecting->step;
    collecting->found[collecting->count++] = node;
}

static void collect(const struct ir_expr *e, void *context)
{
    struct collecting *collecting = context;
    if (e->op == IR_SLOT) collect_node(collecting, e->node);
    if (e->op == IR_AGGREGATE) collect_node(collecting, collecting->ir->scopes[e->scope].node);
}

/* Of the document. */
static void sort_nodes(uint32_t *nodes, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++) {
        uint32_t moving = nodes[i], at = i;
        for (; at > 0 && nodes[at - 1] > moving; at--) nodes[at] = nodes[at - 1];
        nodes[at] = moving;
    }
}

static bool copy_reads(struct arena *arena, struct collecting *collecting, struct program_step *step)
{
    uint32_t *reads = ARENA_ARRAY(arena, uint32_t, (size_t)collecting->count + 1);
    if (!reads) return false;
    sort_nodes(collecting->found, collecting->count);
    for (uint32_t i = 0; i < collecting->count; i++) reads[i] = collecting->found[i];
    step->reads = reads;
    step->read_count = collecting->count;
    return true;
}

/* What stands there, copied. */
static struct str text_at(struct arena *arena, const struct ir *ir, struct span span)
{
    if (span.offset > ir->source.len || span.len > ir->source.len - span.offset) return STR("");
    return arena_str(arena, (struct str){ir->source.ptr + span.offset, span.len});
}

static bool make_step(struct arena *arena, struct collecting *collecting, const struct ir_rule *rule,
                      struct program_step *step)
{
    static const enum program_step_kind kinds[] = {STEP_WHEN,   STEP_VALUE,    STEP_OFFER,
                                                   STEP_BOUNDS, STEP_REQUIRED, STEP_CHECK};
    const struct ir *ir = collecting->ir;
    bool is_check = rule->kind == RULE_CHECK;
    uint32_t owner = is_check ? ir->checks[rule->check].owner : rule->node;
    struct line_column place = line_column_of(ir->source, rule->span.offset);
    *step = (struct program_step){.kind = kinds[rule->kind],
                                  .node = owner,
                                  .scope = rule->scope,
                                  .check = is_check ? rule->check : PROGRAM_NONE,
                                  .line = place.line,
                                  .column = place.column,
                                  .offset = rule->span.offset,
                                  .text = text_at(arena, ir, rule->span),
                                  .path = arena_str(arena, ir->nodes[owner].path)};
    collecting->count = 0;
    collecting->step++;
    rule_walk(ir, rule, collect, collecting);
    return step->path.ptr && step->text.ptr && copy_reads(arena, collecting, step);
}

static bool make_all(struct arena *arena, const struct ir *ir, struct program_step *steps)
{
    struct collecting collecting = {.ir = ir,
                                    .seen = ARENA_ARRAY(arena, uint32_t, ir->node_count),
                                    .found = ARENA_ARRAY(arena, uint32_t, ir->node_count)};
    bool made = collecting.seen && collecting.found;
    for (uint32_t i = 0; made && i < ir->rule_count; i++)
        made = make_step(arena, &collecting, &ir->rules[i], &steps[i]);
    return made;
}

static bool copy_paths(struct arena *arena, const struct ir *ir, struct str *paths)
{
    for (uint32_t i = 0; i < ir->node_count; i++) {
        paths[i] = arena_str(arena, i ? ir->nodes[i].path : ir->name);
        if (!paths[i].ptr) return false;
    }
    return true;
}

static void find_spots(const struct ir *ir, struct program_spot *spots)
{
    for (uint32_t i = 0; i < ir->node_count; i++) {
        spots[i] = (struct program_spot){.line = 0};
        if (!ir->nodes[i].item) continue;
        struct span head = ir->nodes[i].item->head;
        struct line_column place = line_column_of(ir->source, head.offset);
        spots[i] = (struct program_spot){place.line, place.column, head.offset, head.len};
    }
}

enum status steps_make(struct arena *arena, const struct ir *ir, struct program_steps *ret_steps)
{
    struct program_step *steps = ARENA_ARRAY(arena, struct program_step, (size_t)ir->rule_count + 1);
    struct str *paths = ARENA_ARRAY(arena, struct str, ir->node_count);
    struct program_spot *spots = ARENA_ARRAY(arena, struct program_spot, ir->node_count);
    if (!steps || !paths || !spots || !make_all(arena, ir, steps) || !copy_paths(arena, ir, paths))
        return arena->refused ? ST_LIMIT : ST_NOMEM;
    find_spots(ir, spots);
    *ret_steps = (struct program_steps){steps, ir->rule_count, paths, spots};
    return ST_OK;
}
