/* Price: what judging by a form costs at worst, told and compared with what it may cost.
 *
 *     price_describe(arena, ir, &price)                  steps and the dearest rules
 *     price_judge_steps(arena, ir, caps, diags)          ST_INPUT: E0402, naming the rule and its loops
 *     price_judge_bytes(arena, ir, &footprint, caps, diags)   ST_INPUT: E0405 or E0406, naming the
 * repeat
 *
 * Where the numbers come from: dsl/pricing.h, dsl/footprint.h. */
#ifndef DSL_PRICE_H
#define DSL_PRICE_H

#include "dsl/dsl.h"
#include "dsl/footprint.h"
#include "dsl/ir.h"

/* Steps only: memory and verdict are not known yet. The texts live in `arena`. */
MUST_USE enum status price_describe(struct arena *arena, const struct ir *ir, struct price *ret_price);

/* `arena` is for hints on their way into `diags`. */
MUST_USE enum status price_judge_steps(struct arena *arena, const struct ir *ir,
                                       const struct price_caps *caps, struct diags *diags);
MUST_USE enum status price_judge_bytes(struct arena *arena, const struct ir *ir,
                                       const struct footprint *footprint, const struct price_caps *caps,
                                       struct diags *diags);

#endif
