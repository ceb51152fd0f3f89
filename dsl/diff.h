/* Diff: what differs between two checked forms, for those who have answers to the one and will use the
 * other. See dsl_diff() in dsl/dsl.h.
 *
 *     diff_make(arena, from, to, &diff)        diff.changes: by the document of `to`, what is gone last
 *
 * Fields, groups and repeats are the same when their paths are. Rules are compared by what they mean
 * (expr_text.h), not by their words. */
#ifndef DSL_DIFF_H
#define DSL_DIFF_H

#include "base/hash.h"
#include "dsl/dsl.h"
#include "dsl/ir.h"

MUST_USE enum status diff_make(struct arena *arena, const struct ir *from, const struct ir *to,
                               struct dsl_diff *ret_diff);

/* One of the two forms, with its nodes by path. */
struct diff_side {
    const struct ir *ir;
    struct name_table paths;  /* of ir.nodes; nodes without a name have one that none is equal to */
    struct name_table *codes; /* by list, of its options; made when first asked for */
};

/* While it is being made. */
struct differ {
    struct arena *arena;
    struct diff_side from, to;
    struct dsl_change *changes;
    size_t count, room;
    enum status failure;
    bool *moved;         /* by node of `to`: a field that stood elsewhere */
    uint32_t looked_for; /* fields that are gone */
    struct buf text[2];  /* of the expressions that are compared at the moment */
};

/* ST_OK: memory is out, or the arena's room. */
void diff_fail(struct differ *differ, enum status st);

/* What a change is about; all but `kind` may be nothing. */
struct diff_about {
    enum dsl_change_kind kind;
    struct str path, what;
    const struct ir_node *from_node, *to_node; /* for their lines */
    struct span from, to;                      /* source texts to quote */
};
void diff_add(struct differ *differ, const struct diff_about *about);
/* Quotes what is made, not the source. */
void diff_add_values(struct differ *differ, const struct diff_about *about, struct str from,
                     struct str to);

/* The node of the other form that has the path of this one, or NULL. */
const struct ir_node *diff_twin(const struct diff_side *other, const struct diff_side *mine,
                                const struct ir_node *node);
/* Might it, or a part of it, fault for some answers? False of NULL. */
bool diff_may_fail(const struct ir_expr *e);
/* Do both mean the same? NULL means the same as NULL only. */
bool diff_same_expr(struct differ *differ, const struct ir_expr *from, const struct ir_expr *to);
/* -1, 0, 1: is b 10^-b_scale less than, equal to, greater than a 10^-a_scale? Both within ±(2^53 − 1).
 */
int diff_order(int64_t a, unsigned a_scale, int64_t b, unsigned b_scale);
struct span diff_span_of(const struct ir_expr *e);
/* "decimal(2)", until the next comparison; nothing for what is no field. `side` 0: of `from`. */
struct str diff_type(struct differ *differ, int side, const struct ir_node *node);
/* A text for people, in all languages that both forms have. */
void diff_message(struct differ *differ, const struct ir_node *from_node, const struct ir_node *to_node,
                  const char *what, struct ir_message from, struct ir_message to);

void diff_option_label(struct differ *differ, const struct ir_node *from_node,
                       const struct ir_node *to_node, struct str code, struct ir_message from,
                       struct ir_message to);

/* What one node that is in both forms says of itself; of the same kind. */
void diff_node(struct differ *differ, const struct ir_node *from, const struct ir_node *to);
/* The checks of both forms, wherever they stand. */
void diff_checks(struct differ *differ);
/* The options of the fields' lists; told at the field. */
void diff_options(struct differ *differ, const struct ir_node *from, const struct ir_node *to);

#endif
