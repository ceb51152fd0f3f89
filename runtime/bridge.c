#include "runtime/bridge.h"

static uint32_t ports_at_once(uint32_t scope)
{
    return scope == 0 ? BRIDGE_VALUES : BRIDGE_VALUES / BRIDGE_ROWS;
}

static uint32_t port_count(const struct plan_scope *scope, enum bridge_way way)
{
    return way == BRIDGE_IN ? scope->input_count : scope->output_count;
}

/* A scope that rules write has a way in, even if it carries nothing. */
uint32_t bridge_parts(const struct plan *plan, uint32_t scope, enum bridge_way way)
{
    const struct plan_scope *of = &plan->scopes[scope];
    if (scope == 0 && plan->direct) return 0;
    uint32_t at_once = ports_at_once(scope), parts = (port_count(of, way) + at_once - 1) / at_once;
    return parts == 0 && way == BRIDGE_IN && of->output_count > 0 ? 1 : parts;
}

struct bridge_part bridge_part(const struct plan *plan, uint32_t scope, enum bridge_way way,
                               uint32_t part)
{
    const struct plan_scope *of = &plan->scopes[scope];
    uint32_t at_once = ports_at_once(scope), first = part * at_once, left = port_count(of, way) - first;
    return (struct bridge_part){(way == BRIDGE_IN ? of->inputs : of->outputs) + first,
                                left < at_once ? left : at_once};
}

/* ---- the form itself */

static void put_clear_form(const struct plan_scope *scope, struct buf *out)
{
    for (uint32_t i = 0; i < scope->value_count; i++)
        buf_printf(out, " S[%u]=%s", scope->outputs[i].slot,
                   scope->outputs[i].type == TYPE_BOOLEAN ? "nil" : "false");
}

static void put_form_in(const struct plan *plan, uint32_t part, struct buf *out)
{
    struct bridge_part carried = bridge_part(plan, 0, BRIDGE_IN, part);
    buf_puts(out, "return function(S");
    for (uint32_t i = 0; i < carried.count; i++) buf_printf(out, ",a%u", i);
    buf_puts(out, ")");
    for (uint32_t i = 0; i < carried.count; i++)
        buf_printf(out, " S[%u]=a%u", carried.ports[i].slot, i);
    if (part == 0) put_clear_form(&plan->scopes[0], out);
    buf_puts(out, " end");
}

static void put_form_out(struct bridge_part part, struct buf *out)
{
    buf_puts(out, "return function(S) return ");
    for (uint32_t i = 0; i < part.count; i++)
        buf_printf(out, "%sS[%u]", i ? "," : "", part.ports[i].slot);
    buf_puts(out, " end");
}

/* ---- rows */

_Static_assert(BRIDGE_ROWS == 4, "the texts below say so");

/* Whether rules may pass over rows: they do when something around them is not relevant. */
static bool may_be_passed_over(const struct plan *plan, uint32_t scope)
{
    return plan->program->nodes[plan->program->scopes[scope].node].relevance_node != PROGRAM_NONE;
}

static void put_clear_rows(const struct plan *plan, uint32_t scope, struct buf *out)
{
    const struct plan_scope *of = &plan->scopes[scope];
    bool all = may_be_passed_over(plan, scope);
    for (uint32_t i = 0; i < (all ? of->output_count : of->value_count); i++) {
        const char *none =
            of->outputs[i].flag || (!all && of->outputs[i].type != TYPE_BOOLEAN) ? "false" : "nil";
        buf_printf(out, " C=S[%u] C[r]=%s C[s]=%s C[t]=%s C[u]=%s", of->outputs[i].slot, none, none,
                   none, none);
    }
}

static void put_rows_in(const struct plan *plan, uint32_t scope, uint32_t part, struct buf *out)
{
    struct bridge_part carried = bridge_part(plan, scope, BRIDGE_IN, part);
    buf_puts(out, "return function(S,r");
    for (uint32_t i = 0; i < carried.count; i++) buf_printf(out, ",a%u,b%u,c%u,d%u", i, i, i, i);
    buf_puts(out, ") local s,t,u,C=r+1,r+2,r+3");
    for (uint32_t i = 0; i < carried.count; i++)
        buf_printf(out, " C=S[%u] C[r]=a%u C[s]=b%u C[t]=c%u C[u]=d%u", carried.ports[i].slot, i, i, i,
                   i);
    if (part == 0) put_clear_rows(plan, scope, out); /* the first part clears for all */
    buf_puts(out, " end");
}

static void put_rows_out(struct bridge_part part, struct buf *out)
{
    buf_puts(out, "return function(S,r) local s,t,u=r+1,r+2,r+3");
    for (uint32_t i = 0; i < part.count; i++)
        buf_printf(out, " local C%u=S[%u]", i, part.ports[i].slot);
    buf_puts(out, " return ");
    for (uint32_t i = 0; i < part.count; i++)
        buf_printf(out, "%sC%u[r],C%u[s],C%u[t],C%u[u]", i ? "," : "", i, i, i, i);
    buf_puts(out, " end");
}

void bridge_put(const struct plan *plan, uint32_t scope, enum bridge_way way, uint32_t part,
                struct buf *out)
{
    struct bridge_part carried = bridge_part(plan, scope, way, part);
    if (way == BRIDGE_OUT) (scope ? put_rows_out : put_form_out)(carried, out);
    else if (scope) put_rows_in(plan, scope, part, out);
    else put_form_in(plan, part, out);
}
