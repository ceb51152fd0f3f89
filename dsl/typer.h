/* Typer: from expressions as they were written to typed ones.
 *
 *     typer_condition(ck, &place, expr, "when")     boolean, or a complaint and poison
 *
 * Types go up the tree; one thing goes down: what type a place would like, so that literals can take
 * it. */
#ifndef DSL_TYPER_H
#define DSL_TYPER_H

#include "dsl/ir_build.h"
#include "dsl/lookup.h"

/* `want` is a wish (see literal.h); the result may have another type. Never NULL. */
struct ir_expr *typer_expr(struct checking *ck, const struct place *place, const struct expr *expr,
                           struct type want);
/* The same, brought to `type` or complained about. `what` names the place: "for the value of \"age\"".
 */
struct ir_expr *typer_into(struct checking *ck, const struct place *place, const struct expr *expr,
                           struct type type, const char *what);
struct ir_expr *typer_condition(struct checking *ck, const struct place *place, const struct expr *expr,
                                const char *what);

/* Brings a typed expression to `type`, or complains. */
struct ir_expr *typer_convert(struct checking *ck, struct ir_expr *e, struct type type,
                              const char *what);
/* The one type that both can be brought to; complained about and TYPE_NONE when there is none. */
struct type typer_common(struct checking *ck, struct span span, const struct ir_expr *a,
                         const struct ir_expr *b);

/* The value of a field or let, read through `cursor`. */
struct ir_expr *typer_slot(struct checking *ck, struct span span, uint32_t node, uint32_t cursor);

/* Types two expressions of which each may tell the other what it wants. */
void typer_pair(struct checking *ck, const struct place *place, struct expr *const *exprs,
                struct type want, struct ir_expr **ret_a, struct ir_expr **ret_b);
/* The same of several: the first that is no literal tells the literals. Each is typed once, whatever
 * stands in it. NULL: the arena is full. */
struct ir_expr **typer_many(struct checking *ck, const struct place *place, struct expr *const *exprs,
                            uint32_t count, struct type want);
/* Whether its type depends on what is wanted: literals, and what is made of them alone. */
bool typer_is_flexible(const struct expr *expr);

/* All lets, each after those that it needs, without recursion from one to the next. */
void typer_lets(struct checking *ck);

#endif
