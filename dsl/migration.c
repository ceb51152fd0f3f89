#include "dsl/migration.h"

#include "base/limits.h"
#include "dsl/parser.h"

#include <assert.h>

struct migration_box {
    struct dsl_migration shown; /* first: what others have is a pointer to it */
    struct mem *mem;
    struct arena arena;
};

/* ---- paths */

static bool is_data(const struct program_node *node)
{
    return node->kind == NODE_FIELD || node->kind == NODE_GROUP || node->kind == NODE_REPEAT;
}

/* The group or repeat around the node, or the form: pages and sections leave no trace. */
static uint32_t around(const struct program *program, uint32_t node)
{
    do node = program->nodes[node].parent;
    while (node && !is_data(&program->nodes[node]));
    return node;
}

uint32_t migration_rows_of(const struct program *program, uint32_t node)
{
    do node = program->nodes[node].parent;
    while (node && program->nodes[node].kind != NODE_REPEAT);
    return node;
}

uint32_t migration_find(const struct migration_side *side, struct str path)
{
    uint32_t index = name_table_find(&side->paths, path);
    return index == NAME_ABSENT ? PROGRAM_NONE : side->nodes[index];
}

struct str migration_path(struct migration_plan *plan, const struct expr *path)
{
    struct str text = path->names[0].text;
    for (uint32_t i = 1; i < path->name_count && text.ptr; i++)
        text = arena_printf(plan->arena, "%.*s.%.*s", STR_ARG(text), STR_ARG(path->names[i].text));
    if (!text.ptr) plan->failure = ST_NOMEM;
    return text.ptr ? text : STR("");
}

static enum status index_side(struct arena *arena, struct migration_side *side)
{
    const struct program *program = side->program;
    struct str *of = ARENA_ARRAY(arena, struct str, program->node_count);
    struct str *names = ARENA_ARRAY(arena, struct str, program->node_count);
    uint32_t *nodes = ARENA_ARRAY(arena, uint32_t, program->node_count);
    uint32_t count = 0;
    if (!of || !names || !nodes) return ST_NOMEM;
    for (uint32_t i = 1; i < program->node_count; i++) {
        const struct program_node *node = &program->nodes[i];
        if (!is_data(node)) continue;
        uint32_t parent = around(program, i);
        of[i] = parent ? arena_printf(arena, "%.*s.%.*s", STR_ARG(of[parent]), STR_ARG(node_name(node)))
                       : node_name(node);
        if (!of[i].ptr) return ST_NOMEM;
        names[count] = of[i];
        nodes[count++] = i;
    }
    side->of = of;
    side->nodes = nodes;
    return name_table_build(arena, names, count, &side->paths);
}

/* ---- the two versions, compiled */

static enum status read_side(struct arena *scratch, const struct dsl_side *wish, struct diags *diags,
                             struct migration_side *side)
{
    struct price_caps caps = price_caps_none(); /* what is judged by them has been priced */
    side->source = wish->source;
    enum status st =
        dsl_compile_with(scratch->mem, wish->source, wish->tables, &caps, diags, NULL, &side->program);
    if (st) return st;
    struct diags none;
    diags_init(&none, scratch, 1);
    st = parser_parse(scratch, wish->source, &none, &side->tree);
    return st ? st : index_side(scratch, side);
}

static const struct item *find_clause(const struct tree *tree, uint32_t number)
{
    for (uint32_t i = 0; i < tree->item_count; i++)
        if (tree->items[i].kind == ITEM_MIGRATE && tree->items[i].version == number)
            return &tree->items[i];
    return NULL;
}

/* ---- the earlier version with the computed fields */

static enum status compile_text(struct migration_plan *plan, const struct dsl_migration_wish *wish,
                                struct str text, struct program **ret_program)
{
    struct diags made;
    diags_init(&made, plan->arena, limit(DIAGNOSTICS));
    enum status st = dsl_compile_with(plan->arena->mem, text, wish->from.tables, &wish->caps, &made,
                                      NULL, ret_program);
    migration_tell(plan, &made);
    return st;
}

static enum status make_from(struct migration_plan *plan, const struct dsl_migration_wish *wish,
                             struct program **ret_program)
{
    struct buf text;
    buf_init(&text, plan->arena->mem, 2 * (size_t)limit(SOURCE_BYTES));
    migration_text(plan, &text);
    enum status st = text.failure ? text.failure : plan->failure;
    if (!st && text.len > (size_t)limit(SOURCE_BYTES)) st = ST_LIMIT;
    if (!st) st = compile_text(plan, wish, buf_str(&text), ret_program);
    buf_release(&text);
    if (st != ST_LIMIT) return st;
    diag_add(plan->diags, DIAG_ERROR, "E0404", plan->head,
             STR("the migration is too large when it is compiled"),
             "the earlier version and all values that are set are compiled together");
    return ST_INPUT;
}

/* Paths are the same in what has been compiled; node numbers are not. */
static enum status number_sources(struct migration_plan *plan, struct migration_box *box)
{
    struct migration_side made = {.program = box->shown.from};
    const struct program *to = box->shown.to;
    enum status st = index_side(plan->arena, &made);
    uint32_t *sources = ARENA_ARRAY(&box->arena, uint32_t, to->node_count);
    if (!st && !sources) st = ST_NOMEM;
    if (st) return st;
    for (uint32_t i = 0; i < to->node_count; i++) {
        uint32_t origin = plan->origins[i];
        sources[i] = origin == PROGRAM_NONE ? PROGRAM_NONE
                     : origin == 0          ? 0
                                            : migration_find(&made, plan->from.of[origin]);
        assert(origin == PROGRAM_NONE || sources[i] != PROGRAM_NONE);
    }
    for (uint32_t i = 0; i < plan->set_count; i++) {
        const struct migration_set *set = &plan->sets[i];
        uint32_t rows = plan->origins[migration_rows_of(to, set->node)];
        struct str name = migration_name(plan, set->number);
        struct str path =
            rows ? arena_printf(plan->arena, "%.*s.%.*s", STR_ARG(plan->from.of[rows]), STR_ARG(name))
                 : name;
        if (plan->failure || !path.ptr) return ST_NOMEM;
        sources[set->node] = migration_find(&made, path);
        assert(sources[set->node] != PROGRAM_NONE);
    }
    box->shown.sources = sources;
    return ST_OK;
}

static enum status make(struct migration_plan *plan, const struct dsl_migration_wish *wish,
                        struct migration_box *box)
{
    struct diags *diags = plan->diags;
    struct diags earlier; /* it was accepted once; its warnings are nobody's business here */
    diags_init(&earlier, plan->arena, 1);
    enum status st = read_side(plan->arena, &wish->to, diags, &plan->to);
    if (st) return st;
    box->shown.to = program_retain(plan->to.program);
    st = read_side(plan->arena, &wish->from, &earlier, &plan->from);
    if (st) return st == ST_INPUT ? ST_FAULT : st;
    plan->clause = find_clause(plan->to.tree, wish->number);
    plan->head = plan->clause ? plan->clause->head : plan->to.tree->name_span;
    box->shown.written = plan->clause != NULL;
    migration_plan(plan);
    if (plan->failure) return plan->failure;
    if (diags->errors) return ST_INPUT;
    st = make_from(plan, wish, &box->shown.from);
    return st ? st : number_sources(plan, box);
}

enum status dsl_migration_new(struct mem *mem, const struct dsl_migration_wish *wish,
                              struct dsl_migration **ret_migration)
{
    struct migration_box *box = mem_zalloc(mem, sizeof *box);
    if (!box) return ST_NOMEM;
    struct arena scratch;
    arena_init(&scratch, mem, limit(COMPILE_ARENA_BYTES));
    box->mem = mem;
    box->shown.number = wish->number;
    arena_init(&box->arena, mem, limit(COMPILE_ARENA_BYTES));
    struct migration_plan plan = {.arena = &scratch, .diags = wish->to.diags, .number = wish->number};
    enum status st = make(&plan, wish, box);
    program_release(plan.to.program);
    program_release(plan.from.program);
    arena_release(&scratch);
    diags_sort(wish->to.diags);
    if (st) dsl_migration_free(&box->shown);
    else *ret_migration = &box->shown;
    return st;
}

void dsl_migration_free(struct dsl_migration *migration)
{
    if (!migration) return;
    struct migration_box *box = (struct migration_box *)migration;
    program_release(migration->from);
    program_release(migration->to);
    arena_release(&box->arena);
    mem_free(box->mem, box, sizeof *box);
}

enum status dsl_migration_versions(struct arena *arena, struct str source, uint32_t *ret_numbers,
                                   uint32_t *ret_count)
{
    struct arena scratch;
    struct diags diags;
    struct tree *tree;
    arena_init(&scratch, arena->mem, limit(COMPILE_ARENA_BYTES));
    diags_init(&diags, &scratch, 1);
    enum status st = parser_parse(&scratch, source, &diags, &tree);
    *ret_count = 0;
    for (uint32_t i = 0; !st && !diags.errors && i < tree->item_count; i++)
        if (tree->items[i].kind == ITEM_MIGRATE && *ret_count < (uint32_t)limit(MIGRATIONS))
            ret_numbers[(*ret_count)++] = (uint32_t)tree->items[i].version;
    arena_release(&scratch);
    return st;
}
