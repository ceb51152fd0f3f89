/* Pricing: the most steps that one judging of a form can take, for any answers.
 *
 *     pricing_measure_form(ir)   →   every expr.cost and base_cost, every rule.cost and base_cost,
 *                                    ir.cost_steps, ir.dearest
 *
 * What it is compared with and how it is told: dsl/price.h.
 *
 * The model, which the emitter charges by and the helpers keep to. Prices are upper bounds; what runs
 * may be cheaper.
 *
 *   an op                        STEP_OP, and its args, each evaluated once: all args count, also those
 * that a question may not reach a boolean's value            where not a question but the value of a
 * boolean operation is needed (RULE_VALUE, an arg of EQ, NE, ANSWERED, COALESCE, a branch of IF is not
 * one): PRICE_VALUE times the question, since both questions may be asked IR_CALL, IR_CONCAT and the
 * helper's base_cost (helper.def); LT LE GT GE of TEXT: HELPER_TEXT_LESS's; HAS, MUL: their helpers' …
 * "+ len"                    and pricing_text_steps() of the bytes looked at; the helper charges these
 * itself, at run time IR_LEAST, IR_GREATEST        and one step per arg IR_AGGREGATE STEP_AGGREGATE
 * before, and for each row STEP_ROW + where + value; the emitted loop charges the rows at its entry a
 * rule, for each row         STEP_RULE + its expression + what its kind calls (FAIL of a check, BREACH
 * of each bound) a loop over rules' rows      STEP_ROW for each row
 *
 * base_cost is what is charged before: the same without rows of aggregates and without text. Repeats
 * count with their most rows, but all rows of a scope together with no more than one submission can
 * hold (interval_rows). */
#ifndef DSL_PRICING_H
#define DSL_PRICING_H

#include "dsl/checking.h"

#include <stdint.h>

enum {
    STEP_OP = 1,
    STEP_ROW = 1,
    STEP_RULE = 1,
    STEP_AGGREGATE = 2,
    STEP_SEEN = 6, /* a value looked up among those met, and kept */
    PRICE_VALUE = 2,
    TEXT_BYTES_PER_STEP = 16,
};

/* The steps that looking at `bytes` of text takes. */
static inline uint64_t pricing_text_steps(uint64_t bytes)
{
    return (bytes + TEXT_BYTES_PER_STEP - 1) / TEXT_BYTES_PER_STEP;
}

/* What the loop over the chosen options of a set charges for each: what asking whether it is offered takes beforehand. */
uint32_t pricing_option_steps(const struct ir_node *node);

/* To be called when intervals have been measured. */
void pricing_measure_form(struct ir *ir);
/* Complains (E0403) when its expressions are too large when written out. */
void pricing_judge_size(struct checking *ck);

#endif
