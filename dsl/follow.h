/* Follow: modifiers whose value follows the answers: suggest, readonly when, rows, and lengths that are
 * no numbers.
 *
 *     rent: money(EUR) suggest size * 12        →   a LET under the field, of its type, without a name
 *
 * What such a modifier says is worked out by a LET of its own (ir.h: derived), so that order, price,
 * range and relevance are those of any other value, and the runtime reads it when the rules have run.
 * What it makes wrong about an answer is asked by the field's RULE_BOUNDS. */
#ifndef DSL_FOLLOW_H
#define DSL_FOLLOW_H

#include "dsl/lookup.h"

/* The LETs for the modifiers of a node just declared. */
void follow_declare(struct checking *ck, uint32_t node);
/* What a modifier says, typed, for the LETs it has. */
void follow_type(struct checking *ck, struct ir_node *node, const struct place *place,
                 const struct modifier *modifier);
/* When all modifiers of a field have been typed: what is wrong about an answer. */
void follow_settle(struct checking *ck, uint32_t node);

/* The LETs for conditions of options, at the end of the form; and what they say. */
void follow_declare_options(struct checking *ck);
void follow_type_options(struct checking *ck);
/* Whether the option that is asked about (IR_OPTION) is offered at the moment; NULL: every one always
 * is. */
struct ir_expr *follow_offer(struct checking *ck, uint32_t list, struct span span);

#endif
