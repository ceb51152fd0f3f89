/* Ir build: makes expressions, with constants folded and their intervals measured.
 *
 *     ir_build_add(ck, span, age, one)      1 + 1 → the constant 2; age + 1 → IR_ADD
 *
 * These never return NULL: when the arena is full, or an operand is poison, they return poison
 * (checking.h). They put no questions about types but assert what the caller has to have seen to. */
#ifndef DSL_IR_BUILD_H
#define DSL_IR_BUILD_H

#include "dsl/checking.h"
#include "dsl/type.h"

bool ir_is_poison(const struct ir_expr *e);
bool ir_is_const(const struct ir_expr *e);

struct ir_expr *ir_build_missing(struct checking *ck, struct span span, struct type type);
struct ir_expr *ir_build_exact(struct checking *ck, struct span span, struct type type, int64_t value);
struct ir_expr *ir_build_number(struct checking *ck, struct span span, double value);
struct ir_expr *ir_build_truth(struct checking *ck, struct span span, bool value);
struct ir_expr *ir_build_text(struct checking *ck, struct span span, struct str value);
/* `cursor` is that of the place in whose row the node is; scope 0 needs none. */
struct ir_expr *ir_build_slot(struct checking *ck, struct span span, uint32_t node, uint32_t cursor);

/* The same in the row before the row of `cursor`, which is of the node's own scope. */
struct ir_expr *ir_build_prior(struct checking *ck, struct span span, uint32_t node, uint32_t cursor);
/* Whether the field's value has been met in an earlier row of its repeat. */
struct ir_expr *ir_build_seen(struct checking *ck, struct span span, uint32_t node);

/* Any other op, args given; nothing is folded. */
struct ir_expr *ir_build_1(struct checking *ck, enum ir_op op, struct type type, struct span span,
                           struct ir_expr *a);
struct ir_expr *ir_build_2(struct checking *ck, enum ir_op op, struct type type, struct span span,
                           struct ir_expr *a, struct ir_expr *b);
struct ir_expr *ir_build_3(struct checking *ck, enum ir_op op, struct type type, struct span span,
                           struct ir_expr *a, struct ir_expr *b, struct ir_expr *c);
/* `args` is copied. */
struct ir_expr *ir_build_n(struct checking *ck, enum ir_op op, struct type type, struct span span,
                           struct ir_expr *const *args, uint32_t count);
struct ir_expr *ir_build_call(struct checking *ck, enum program_helper helper, struct type type,
                              struct span span, struct ir_expr *const *args, uint32_t count);
struct ir_expr *ir_build_call_1(struct checking *ck, enum program_helper helper, struct type type,
                                struct span span, struct ir_expr *a);
struct ir_expr *ir_build_call_2(struct checking *ck, enum program_helper helper, struct type type,
                                struct span span, struct ir_expr *a, struct ir_expr *b);

/* The same once more, for another place: whoever builds on may take it over and make it longer. */
struct ir_expr *ir_build_copy(struct checking *ck, struct span span, const struct ir_expr *e);

/* What the column says of the option that `choice` is. */
struct ir_expr *ir_build_column(struct checking *ck, struct span span, struct type type,
                                uint32_t column, struct ir_expr *choice);

/* AND, OR (made by nobody else): nested ones become one, `true` and `false` disappear where they decide
 * nothing. */
struct ir_expr *ir_build_logic(struct checking *ck, enum ir_op op, struct span span, struct ir_expr *a,
                               struct ir_expr *b);
/* CONCAT (made by nobody else): nested ones become one. */
struct ir_expr *ir_build_concat(struct checking *ck, struct span span, struct ir_expr *a,
                                struct ir_expr *b);

/* Exact a to a scale that is not smaller: folded, or RESCALE. `type` has the scale wanted. */
struct ir_expr *ir_build_rescale(struct checking *ck, struct ir_expr *a, struct type type);
/* ADD, SUB, MUL, NEGATE of exact args; constants fold, and a constant that leaves ±(2^53 − 1) is
 * complained about. */
struct ir_expr *ir_build_arithmetic(struct checking *ck, enum ir_op op, struct type type,
                                    struct span span, struct ir_expr *a, struct ir_expr *b);
/* Exact to NUMBER. */
struct ir_expr *ir_build_to_number(struct checking *ck, struct ir_expr *a);

#endif
