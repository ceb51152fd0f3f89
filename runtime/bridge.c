#include "runtime/bridge.h"

uint32_t bridge_parts(const struct plan *plan)
{
    return (plan->scopes[0].input_count + BRIDGE_INPUTS - 1) / BRIDGE_INPUTS;
}

uint32_t bridge_part_inputs(const struct plan *plan, uint32_t part)
{
    uint32_t left = plan->scopes[0].input_count - part * BRIDGE_INPUTS;
    return left < BRIDGE_INPUTS ? left : BRIDGE_INPUTS;
}

void bridge_put_inputs(const struct plan *plan, uint32_t part, struct buf *out)
{
    const struct plan_port *inputs = plan->scopes[0].inputs + part * BRIDGE_INPUTS;
    uint32_t count = bridge_part_inputs(plan, part);
    buf_puts(out, "return function(S");
    for (uint32_t i = 0; i < count; i++) buf_printf(out, ",a%u", i);
    buf_puts(out, ")");
    for (uint32_t i = 0; i < count; i++) buf_printf(out, " S[%u]=a%u", inputs[i].slot, i);
    buf_puts(out, " end");
}

static void put_clear_form(const struct plan_scope *scope, struct buf *out)
{
    for (uint32_t i = 0; i < scope->cleared_count; i++) {
        const struct plan_port *port = &scope->outputs[i];
        bool has_false = port->type == TYPE_BOOLEAN && !port->flag;
        buf_printf(out, " S[%u]=%s", port->slot, has_false ? "nil" : "false");
    }
}

static void put_clear_rows(const struct plan_scope *scope, uint32_t rows_slot, struct buf *out)
{
    for (uint32_t i = 0; i < scope->cleared_count; i++)
        buf_printf(out, " c=S[%u] for r=1,S[%u] do c[r]=nil end", scope->outputs[i].slot, rows_slot);
}

void bridge_put_clear(const struct plan *plan, struct buf *out)
{
    buf_puts(out, "return function(S) local c");
    put_clear_form(&plan->scopes[0], out);
    for (uint32_t i = 1; i < plan->program->scope_count; i++)
        put_clear_rows(&plan->scopes[i], plan->program->scopes[i].rows_slot, out);
    buf_puts(out, " end");
}
