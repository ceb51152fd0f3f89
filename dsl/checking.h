/* Checking: what one run of check_tree() carries from turn to turn, and how it complains.
 *
 * Memory: everything is in the arena. When it is full, `failure` is set and stays; makers of
 * expressions then hand out the one `poison`, so nobody has to look until the turn is over. Poison
 * (type TYPE_NONE) also stands for what has been complained about: whoever gets it as an operand
 * answers poison and says nothing, so that one mistake is one diagnostic. */
#ifndef DSL_CHECKING_H
#define DSL_CHECKING_H

#include "base/arena.h"
#include "base/diag.h"
#include "base/status.h"
#include "dsl/category.h"
#include "dsl/ir.h"
#include "dsl/symbol.h"
#include "dsl/tree.h"

struct checking {
    struct arena *arena;
    struct diags *diags;
    const struct tree *tree;
    const struct dsl_tables *tables; /* NULL: there are none */
    struct ir *ir;
    enum status failure; /* ST_OK until the arena is full */
    uint32_t hush;       /* more than 0: complaints are counted in `hushed`, not made */
    uint32_t hushed;
    uint32_t unsure; /* more than 0: names may be meant in rows, as in an aggregate */
    struct symbol_table symbols;
    struct ir_expr poison;
    /* By index, of the census's size. */
    struct check_source *check_sources; /* ir.checks */
    uint8_t *let_states;                /* ir.nodes: enum let_state */
    uint8_t *lists_used;                /* ir.lists */
    uint8_t *nodes_read;                /* ir.nodes: LETs that something reads */
    struct span *language_spans;        /* ir.languages */
    uint32_t *lets_wanted;              /* lets that an expression needed before their type was known */
    uint32_t lets_wanted_count, lets_wanted_capacity;
    uint32_t pattern_capacity;
    struct categories categories; /* of Unicode, for patterns */
    struct function *functions;   /* dsl/function.c */
    uint32_t function_count;
    struct unknown *unknowns; /* names that have been complained about */
    uint32_t unknown_count, unknown_capacity;
    uint64_t indexed_fields, indexed_values; /* so far */
    bool indexed_full;                       /* complained about */
};

/* A name that is not there: told where it is used first, and not again. */
struct unknown {
    const char *code;
    struct span first, second; /* uses; `second` len 0: none */
    uint32_t uses;
};

/* What is looked for by name. */
enum unknown_kind {
    UNKNOWN_VALUE,
    UNKNOWN_LIST,
    UNKNOWN_FUNCTION,
    UNKNOWN_COLUMN,
    UNKNOWN_MEMBER,
    UNKNOWN_TEXT /* that is translated */
};
/* Apart from each other: the names of one kind in one place, `index`. */
#define UNKNOWN_IN(kind, index) ((uint32_t)(kind) << 28 | ((uint32_t)(index)&0xfffffffu))

/* Where a check was written. */
struct check_source {
    const struct tree_check *tree;
    uint32_t node_before; /* nodes in front of it: its place in the document's order */
};

void checking_init(struct checking *ck, struct arena *arena, const struct tree *tree,
                   struct diags *diags);

/* Sets `failure`: an allocation of the arena has been refused. */
void checking_out_of_memory(struct checking *ck);
/* Cleared, or NULL with `failure` set. */
void *checking_alloc(struct checking *ck, size_t count, size_t size);
#define CHECKING_NEW(ck, type) ((type *)checking_alloc((ck), 1, sizeof(type)))
#define CHECKING_ARRAY(ck, type, count) ((type *)checking_alloc((ck), (count), sizeof(type)))
/* printf into the arena, for messages and hints: "" when nobody would see it. */
const char *checking_text(struct checking *ck, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* symbol_put() whose failure is kept. */
uint32_t checking_put(struct checking *ck, uint64_t space, struct str name, uint32_t value);

/* An error (E…) or warning (W…). NULL hint: none. What it returns may be NULL; see checking_relate().
 */
struct diag *complain(struct checking *ck, const char *code, struct span span, const char *hint,
                      const char *format, ...) __attribute__((format(printf, 5, 6)));
/* Whether this name has been complained about; then the use is counted. Else it is from now on, and the
 * caller complains with `code` at `span`, which is where the other uses are told in the end. */
bool is_told(struct checking *ck, uint32_t unknown_in, struct str name, const char *code,
             struct span span);
/* The same, and nothing is counted or kept. */
bool was_told(const struct checking *ck, uint32_t unknown_in, struct str name);
/* At the end: adds to the complaints about names how often they are used. */
void checking_tell_uses(struct checking *ck);
/* Another place that matters. NULL `diag` is fine. */
void complain_about(struct checking *ck, struct diag *diag, struct span span, const char *message);
/* Whether a suggestion would still be shown: looking for one is dear. */
bool complaints_matter(const struct checking *ck);
/* "did you mean "x"?" for the nearest of the candidates, or NULL. */
const char *did_you_mean(struct checking *ck, struct str word, const struct str *candidates,
                         uint32_t count);

/* The form, group or repeat whose items `node` shares: itself or, for a page or section, what
 * is around it. */
uint32_t object_of(const struct ir *ir, uint32_t node);
/* The same for what is around `node`. IR_NONE for the form. */
uint32_t object_around(const struct ir *ir, uint32_t node);
/* The scope of the rows in which the items of a form, page, section, group or repeat are. */
uint32_t scope_inside(const struct ir *ir, uint32_t node);
/* Whether rows of `inner` lie in rows of `outer`, or they are the same. */
bool scope_is_inside(const struct ir *ir, uint32_t inner, uint32_t outer);
/* "field", "group", … */
const char *node_kind_name(enum program_node_kind kind);

/* The item's modifier of that kind, or NULL. */
const struct modifier *item_modifier(const struct item *item, enum modifier_kind kind);
/* A field with a `=`: no answer. */
bool node_is_computed(const struct ir_node *node);

/* A path as it was written: "households.children". */
struct str path_text(struct checking *ck, const struct expr *path);

#endif
