/* Reach: whether something can ever be shown: whether all conditions of it and of what is around it can
 * be true at once.
 *
 *     page one "One" when a = "x" { b: text when c }    let c = a = "y"
 *     reach_node(&reach, b)   → false, at: c, against: a = "x"
 *
 * Conditions are taken apart into facts about single values: a is "x", n is at least 18, t is answered.
 * What is answered is also relevant, so its own conditions hold too. Facts that cannot go together mean
 * never; whatever is not understood means perhaps. So "never" is certain. */
#ifndef DSL_REACH_H
#define DSL_REACH_H

#include "dsl/ir.h"

#include <stdbool.h>

enum { REACH_FACTS = 128, REACH_CHOICES = 32 };

enum reach_kind {
    FACT_RANGE,   /* from low to high */
    FACT_NOT,     /* not low, or missing */
    FACT_PRESENT, /* has a value */
    FACT_ABSENT,
    FACT_HAS, /* the set holds the option low */
    FACT_LACKS,
    FACT_TEXT /* is `text` */
};

struct reach_fact {
    enum reach_kind kind;
    uint32_t node;
    int64_t low, high;
    struct str text;
    struct span span;
};

/* What a condition is wanted to be. */
enum reach_want { WANT_TRUE, WANT_FALSE, WANT_NOT_TRUE };

/* One of several must hold: an IR_OR that is true, an IR_AND that is not. */
struct reach_choice {
    const struct ir_expr *expr;
    enum reach_want want;
};

struct reach {
    const struct ir *ir;
    struct reach_fact facts[REACH_FACTS];
    struct reach_choice choices[REACH_CHOICES];
    uint32_t fact_count, choice_count;
    uint32_t budget;         /* expressions that may still be looked at */
    uint32_t list, option;   /* what IR_OPTION is, from 0; list IR_NONE: not known */
    struct span at, against; /* when never: what cannot be, and beside what; len 0: by itself */
};

void reach_init(struct reach *reach, const struct ir *ir);
/* False: it is never relevant. The facts stay, for reach_also(). */
bool reach_node(struct reach *reach, uint32_t node);
/* False: beside what has been learnt `condition` is never true. */
bool reach_also(struct reach *reach, const struct ir_expr *condition);

#endif
