/* Migration: how answers to an earlier version of a form become answers to a later one. The making of a
 * struct dsl_migration (dsl/dsl.h); inside of dsl/migration*.c.
 *
 *     plan    which field of the earlier version each field of the later one gets its answer from
 *     text    the earlier version with a computed field for each `set`, in which the language's own
 *             checker, pricing and sandbox do the rest
 *     carry   an answer's way along the plan
 *
 * Fields are known by the paths that they have in the answers: "household.members.age". */
#ifndef DSL_MIGRATION_H
#define DSL_MIGRATION_H

#include "base/hash.h"
#include "dsl/dsl.h"
#include "dsl/tree.h"

/* One of the two versions. */
struct migration_side {
    struct str source;
    struct tree *tree;
    struct program *program;
    struct name_table paths; /* of its fields, groups and repeats */
    const uint32_t *nodes;   /* by index of `paths` */
    const struct str *of;    /* by node: its path; len 0: it has none */
};

/* A `set`: which field of the later version, and where the value's text stands in the text that is
 * compiled. */
struct migration_set {
    const struct tree_migrate *step;
    uint32_t node;           /* of the later version */
    uint32_t place;          /* of the earlier source: where the computed field is put in */
    uint32_t number;         /* of the computed field */
    struct span made, value; /* of the text that is made: the field, its value */
};

struct migration_plan {
    struct arena *arena;
    struct diags *diags; /* of the later version */
    uint32_t number;
    struct migration_side from, to;
    const struct item *clause; /* NULL: none was written */
    struct span head;          /* of the clause, or of the form's name */
    uint32_t *origins;         /* by node of `to`: the node of `from`, or PROGRAM_NONE */
    uint32_t *renamed;         /* by node of `to`: the same, of what a step names */
    bool *spoken;              /* by node of `from`: a step names it, or what is around it is dropped */
    bool *used;                /* by node of `from`: it is the origin of something */
    struct migration_set *sets;
    uint32_t set_count;
    struct str prefix; /* of the computed fields' names; stands in neither source */
    enum status failure;
};

/* Index of the node, or PROGRAM_NONE. */
uint32_t migration_find(const struct migration_side *side, struct str path);
struct str migration_path(struct migration_plan *plan, const struct expr *path);
/* The nearest repeat around the node, or the form, 0. */
uint32_t migration_rows_of(const struct program *program, uint32_t node);

/* Complains about what cannot be; plan->failure when memory is out. */
void migration_plan(struct migration_plan *plan);
/* After it: the earlier version with the computed fields. */
void migration_text(struct migration_plan *plan, struct buf *out);
/* The complaints about that text, told at the clause. */
void migration_tell(struct migration_plan *plan, const struct diags *made);
/* "carry0_3" */
struct str migration_name(struct migration_plan *plan, uint32_t number);

#endif
