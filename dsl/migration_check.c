#include "dsl/migration_check.h"

#include "base/hash.h"
#include "base/limits.h"

#include <assert.h>
#include <stdlib.h>

struct said {
    struct str path;
    struct span span;
};

struct targets {
    struct name_table paths;
    const uint32_t *nodes; /* by index of `paths` */
};

static bool is_data(const struct ir_node *node)
{
    return node->kind == NODE_FIELD || node->kind == NODE_GROUP || node->kind == NODE_REPEAT;
}

static bool index_targets(struct checking *ck, struct targets *targets)
{
    struct str *names = CHECKING_ARRAY(ck, struct str, ck->ir->node_count);
    uint32_t *nodes = CHECKING_ARRAY(ck, uint32_t, ck->ir->node_count), count = 0;
    for (uint32_t i = 1; names && nodes && i < ck->ir->node_count; i++) {
        if (!is_data(&ck->ir->nodes[i])) continue;
        names[count] = ck->ir->nodes[i].path;
        nodes[count++] = i;
    }
    if (ck->failure) return false;
    targets->nodes = nodes;
    enum status st = name_table_build(ck->arena, names, count, &targets->paths);
    assert(st != ST_CONFLICT);
    if (st) checking_out_of_memory(ck);
    return !st;
}

/* ---- what is there to go to */

static void complain_target(struct checking *ck, const struct targets *targets, const struct expr *path,
                            struct str text)
{
    complain(ck, "E0241", path->span,
             did_you_mean(ck, text, targets->paths.names, targets->paths.count),
             "this form has no field, group or repeat \"%.*s\"", STR_ARG(text));
}

static void check_target(struct checking *ck, const struct targets *targets,
                         const struct tree_migrate *step)
{
    struct str text = path_text(ck, step->to);
    if (ck->failure) return;
    uint32_t index = name_table_find(&targets->paths, text);
    if (index == NAME_ABSENT) {
        complain_target(ck, targets, step->to, text);
        return;
    }
    const struct ir_node *node = &ck->ir->nodes[targets->nodes[index]];
    if (node->kind == NODE_FIELD && node->computed)
        complain(ck, "E0241", step->to->span, "leave it out: its value follows from the answers",
                 "\"%.*s\" is computed", STR_ARG(text));
    else if (step->kind == MIGRATE_SET && node->kind != NODE_FIELD)
        complain(ck, "E0241", step->to->span, "set its fields one by one", "\"%.*s\" is a %s",
                 STR_ARG(text), node_kind_name(node->kind));
}

/* ---- what is said twice */

static int compare_said(const void *left, const void *right)
{
    const struct said *a = left, *b = right;
    int order = str_cmp(a->path, b->path);
    if (order) return order;
    return a->span.offset < b->span.offset ? -1 : a->span.offset > b->span.offset;
}

static void complain_twice(struct checking *ck, struct said *said, uint32_t count)
{
    if (count) qsort(said, count, sizeof *said, compare_said);
    for (uint32_t i = 1; i < count; i++) {
        if (!str_eq(said[i].path, said[i - 1].path)) continue;
        struct diag *diag = complain(ck, "E0242", said[i].span, NULL,
                                     "something is said of \"%.*s\" already", STR_ARG(said[i].path));
        complain_about(ck, diag, said[i - 1].span, "here");
    }
}

static void check_twice(struct checking *ck, const struct item *clause, bool to)
{
    struct said *said = CHECKING_ARRAY(ck, struct said, clause->migrate_count + 1);
    uint32_t count = 0;
    for (uint32_t i = 0; said && i < clause->migrate_count; i++) {
        const struct expr *path = to ? clause->migrates[i].to : clause->migrates[i].from;
        if (path) said[count++] = (struct said){path_text(ck, path), path->span};
    }
    if (!ck->failure) complain_twice(ck, said, count);
}

static void check_clauses(struct checking *ck)
{
    const struct item *kept[LIMIT_MIGRATIONS];
    uint32_t count = 0;
    for (uint32_t i = 0; i < ck->tree->item_count; i++) {
        const struct item *item = &ck->tree->items[i];
        if (item->kind != ITEM_MIGRATE) continue;
        for (uint32_t k = 0; k < count; k++)
            if (kept[k]->version == item->version)
                complain(ck, "E0242", item->head, "put both into one",
                         "there is a clause for version %lld already", (long long)item->version);
        if (count == LIMIT_MIGRATIONS) {
            complain(ck, "E0149", item->head, "earlier answers go by way of a later version",
                     "a form has at most %d migration clauses", limit(MIGRATIONS));
            return;
        }
        kept[count++] = item;
    }
}

/* ---- all of it */

void migration_check(struct checking *ck)
{
    struct targets targets;
    bool any = false;
    for (uint32_t i = 0; i < ck->tree->item_count; i++) any |= ck->tree->items[i].kind == ITEM_MIGRATE;
    if (!any || !index_targets(ck, &targets)) return;
    check_clauses(ck);
    for (uint32_t i = 0; i < ck->tree->item_count && !ck->failure; i++) {
        const struct item *item = &ck->tree->items[i];
        if (item->kind != ITEM_MIGRATE) continue;
        if (item->version < 1) complain(ck, "E0149", item->version_span, NULL, "versions count from 1");
        check_twice(ck, item, true);
        check_twice(ck, item, false);
        for (uint32_t k = 0; k < item->migrate_count && !ck->failure; k++)
            if (item->migrates[k].to) check_target(ck, &targets, &item->migrates[k]);
    }
}
