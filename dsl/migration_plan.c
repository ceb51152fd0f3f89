/* Where each answer comes from: the plan of dsl/migration.h. */
#include "dsl/migration.h"

#include <string.h>

static void *room(struct migration_plan *plan, size_t count, size_t size)
{
    void *made = arena_zalloc(plan->arena, count, size);
    if (!made) plan->failure = ST_NOMEM;
    return made;
}

static void put_type(const struct program_node *node, char *text, size_t size)
{
    const char *name = node->kind == NODE_REPEAT      ? "rows"
                       : node->kind == NODE_GROUP     ? "a group"
                       : node->format == FORMAT_ZONED ? "zoned"
                       : node->type == TYPE_NONE      ? ""
                                                      : program_type_name(node->type);
    size_t len = strlen(name);
    memcpy(text, name, len < size ? len + 1 : size);
}

/* Exact numbers of another scale are carried: the new version says of each answer whether it fits. */
static bool type_fits(const struct program_node *from, const struct program_node *to)
{
    bool exact = (from->type == TYPE_INTEGER || from->type == TYPE_DECIMAL) && to->type == TYPE_DECIMAL;
    if (exact) return true;
    if (to->type == TYPE_PARTIAL_DATE && (from->type == TYPE_DATE || from->type == TYPE_YEAR_MONTH))
        return true;
    if (from->format == FORMAT_ZONED && to->format != FORMAT_ZONED)
        return false; /* it has a zone behind it */
    return from->type == to->type && memcmp(from->currency, to->currency, sizeof to->currency) == 0;
}

static bool fits(const struct program_node *from, const struct program_node *to)
{
    return from->kind == to->kind && (from->kind != NODE_FIELD || type_fits(from, to));
}

static void complain_unfit(struct migration_plan *plan, struct span span, uint32_t from, uint32_t to)
{
    char old[24], new[24];
    put_type(&plan->from.program->nodes[from], old, sizeof old);
    put_type(&plan->to.program->nodes[to], new, sizeof new);
    struct str path = plan->to.of[to];
    struct str hint = arena_printf(plan->arena, "work it out: set %.*s = …", STR_ARG(path));
    if (!hint.ptr) plan->failure = ST_NOMEM;
    diag_addf(plan->diags, DIAG_ERROR, "E0245", span, hint.ptr,
              "\"%.*s\" is %s in version %u and \"%.*s\" is %s here", STR_ARG(plan->from.of[from]), old,
              (unsigned)plan->number, STR_ARG(path), new);
}

/* ---- what the clause says */

static void complain_absent(struct migration_plan *plan, const struct expr *path, struct str text)
{
    struct str nearest = nearest_word(text, plan->from.paths.names, plan->from.paths.count);
    struct str hint = arena_printf(plan->arena, "did you mean \"%.*s\"?", STR_ARG(nearest));
    if (!hint.ptr) plan->failure = ST_NOMEM;
    diag_addf(plan->diags, DIAG_ERROR, "E0243", path->span, nearest.len ? hint.ptr : NULL,
              "version %u has no field, group or repeat \"%.*s\"", (unsigned)plan->number,
              STR_ARG(text));
}

static void speak(struct migration_plan *plan, const struct tree_migrate *step)
{
    struct str path = migration_path(plan, step->from);
    uint32_t from = migration_find(&plan->from, path);
    if (from == PROGRAM_NONE) {
        complain_absent(plan, step->from, path);
        return;
    }
    uint32_t last = step->kind == MIGRATE_DROP ? plan->from.program->nodes[from].subtree_end : from + 1;
    for (uint32_t i = from; i < last; i++) plan->spoken[i] = true;
    if (step->kind == MIGRATE_DROP) return;
    uint32_t to = migration_find(&plan->to, migration_path(plan, step->to));
    if (to == PROGRAM_NONE) return; /* told when the form itself was checked */
    plan->renamed[to] = from;
    if (!fits(&plan->from.program->nodes[from], &plan->to.program->nodes[to]))
        complain_unfit(plan, step->span, from, to);
}

static void add_set(struct migration_plan *plan, const struct tree_migrate *step)
{
    uint32_t to = migration_find(&plan->to, migration_path(plan, step->to));
    if (to == PROGRAM_NONE) return;
    plan->sets[plan->set_count] =
        (struct migration_set){.step = step, .node = to, .number = plan->set_count + 1};
    plan->set_count++;
    uint32_t same = migration_find(&plan->from, plan->to.of[to]);
    if (same != PROGRAM_NONE) plan->spoken[same] = true; /* its old answer is replaced */
}

static void read_clause(struct migration_plan *plan)
{
    const struct item *clause = plan->clause;
    for (uint32_t i = 0; clause && i < clause->migrate_count; i++) {
        if (clause->migrates[i].kind == MIGRATE_SET) add_set(plan, &clause->migrates[i]);
        else speak(plan, &clause->migrates[i]);
    }
}

/* ---- every field of the later version */

static uint32_t object_around(const struct migration_side *side, uint32_t node)
{
    do node = side->program->nodes[node].parent;
    while (node && side->of[node].len == 0);
    return node;
}

/* What is there under the same name, in what is around it. */
static uint32_t namesake(struct migration_plan *plan, uint32_t to)
{
    struct str name = node_name(&plan->to.program->nodes[to]);
    uint32_t origin = plan->origins[object_around(&plan->to, to)];
    if (origin == PROGRAM_NONE) return PROGRAM_NONE;
    struct str path =
        origin ? arena_printf(plan->arena, "%.*s.%.*s", STR_ARG(plan->from.of[origin]), STR_ARG(name))
               : name;
    if (!path.ptr) plan->failure = ST_NOMEM;
    uint32_t found = path.ptr ? migration_find(&plan->from, path) : PROGRAM_NONE;
    return found != PROGRAM_NONE && plan->spoken[found] ? PROGRAM_NONE : found;
}

static const struct tree_migrate *step_to(struct migration_plan *plan, uint32_t to)
{
    for (uint32_t i = 0; plan->clause && i < plan->clause->migrate_count; i++) {
        const struct tree_migrate *step = &plan->clause->migrates[i];
        if (step->kind != MIGRATE_RENAME) continue;
        struct str path = plan->to.of[to];
        const struct expr_name *last = &step->to->names[step->to->name_count - 1];
        bool ends =
            path.len >= last->text.len &&
            str_eq((struct str){path.ptr + path.len - last->text.len, last->text.len}, last->text);
        if (ends && str_eq(migration_path(plan, step->to), path)) return step;
    }
    return NULL;
}

static void check_rows(struct migration_plan *plan, uint32_t from, uint32_t to)
{
    uint32_t rows = migration_rows_of(plan->to.program, to);
    if (plan->origins[rows] == migration_rows_of(plan->from.program, from)) return;
    const struct tree_migrate *step = step_to(plan, to);
    diag_addf(plan->diags, DIAG_ERROR, "E0245", step ? step->span : plan->head,
              "an answer stays in its row; the rows of a repeat are carried by renaming the repeat",
              "\"%.*s\" and \"%.*s\" do not stand in the same rows", STR_ARG(plan->from.of[from]),
              STR_ARG(plan->to.of[to]));
}

static void find_origin(struct migration_plan *plan, uint32_t to)
{
    const struct program_node *node = &plan->to.program->nodes[to];
    if (plan->to.of[to].len == 0 || node->computed) return;
    uint32_t from = plan->renamed[to];
    if (from != PROGRAM_NONE) check_rows(plan, from, to);
    else from = namesake(plan, to);
    if (from == PROGRAM_NONE) return;
    if (!fits(&plan->from.program->nodes[from], node)) {
        if (plan->renamed[to] == PROGRAM_NONE) complain_unfit(plan, plan->head, from, to);
        for (uint32_t i = from; i < plan->from.program->nodes[from].subtree_end; i++)
            plan->used[i] = true;
        return;
    }
    plan->origins[to] = from;
    plan->used[from] = true;
}

static void place_sets(struct migration_plan *plan)
{
    for (uint32_t i = 0; i < plan->set_count; i++) {
        struct migration_set *set = &plan->sets[i];
        uint32_t rows = migration_rows_of(plan->to.program, set->node);
        plan->origins[set->node] = PROGRAM_NONE;
        if (plan->origins[rows] != PROGRAM_NONE) continue;
        diag_addf(plan->diags, DIAG_ERROR, "E0245", set->step->span,
                  "rename a repeat of that version to it, and its rows are there",
                  "no rows of version %u become rows of \"%.*s\"", (unsigned)plan->number,
                  STR_ARG(plan->to.of[rows]));
    }
}

/* ---- every field of the earlier version */

static bool any_covered(const struct migration_plan *plan, uint32_t first, uint32_t last)
{
    for (uint32_t i = first; i < last; i++)
        if (plan->used[i] || plan->spoken[i]) return true;
    return false;
}

static void complain_lost(struct migration_plan *plan, uint32_t from)
{
    struct str path = plan->from.of[from];
    struct str hint =
        arena_printf(plan->arena, "rename %.*s to …, or drop %.*s", STR_ARG(path), STR_ARG(path));
    if (!hint.ptr) plan->failure = ST_NOMEM;
    diag_addf(plan->diags, DIAG_ERROR, "E0244", plan->head, hint.ptr,
              "nothing is said of \"%.*s\" of version %u, which has no place here", STR_ARG(path),
              (unsigned)plan->number);
}

static void find_lost(struct migration_plan *plan)
{
    const struct program *program = plan->from.program;
    for (uint32_t i = 1; i < program->node_count; i++) {
        const struct program_node *node = &program->nodes[i];
        if (plan->from.of[i].len == 0 || node->computed) continue;
        if (any_covered(plan, i, node->subtree_end)) continue;
        complain_lost(plan, i);
        i = node->subtree_end - 1;
    }
}

static void warn_empty(struct migration_plan *plan)
{
    const struct program *program = plan->to.program;
    bool *set = room(plan, program->node_count, sizeof *set);
    for (uint32_t i = 0; set && i < plan->set_count; i++) set[plan->sets[i].node] = true;
    for (uint32_t i = 1; set && i < program->node_count; i++) {
        const struct program_node *node = &program->nodes[i];
        bool empty = node->kind == NODE_FIELD && node->required && !node->computed && !set[i] &&
                     plan->origins[i] == PROGRAM_NONE &&
                     plan->origins[migration_rows_of(program, i)] != PROGRAM_NONE;
        if (empty)
            diag_addf(plan->diags, DIAG_WARNING, "W0208", plan->head, NULL,
                      "no answer of version %u goes into \"%.*s\", which is required",
                      (unsigned)plan->number, STR_ARG(plan->to.of[i]));
    }
}

void migration_plan(struct migration_plan *plan)
{
    uint32_t count = plan->to.program->node_count, old = plan->from.program->node_count;
    plan->origins = room(plan, count, sizeof *plan->origins);
    plan->renamed = room(plan, count, sizeof *plan->renamed);
    plan->spoken = room(plan, old, sizeof *plan->spoken);
    plan->used = room(plan, old, sizeof *plan->used);
    plan->sets = room(plan, (plan->clause ? plan->clause->migrate_count : 0) + 1, sizeof *plan->sets);
    if (plan->failure) return;
    for (uint32_t i = 0; i < count; i++) plan->origins[i] = plan->renamed[i] = PROGRAM_NONE;
    plan->origins[0] = 0;
    plan->used[0] = true;
    read_clause(plan);
    for (uint32_t i = 1; i < count; i++) find_origin(plan, i);
    place_sets(plan);
    find_lost(plan);
    warn_empty(plan);
}
