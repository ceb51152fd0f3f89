#include "runtime/plan.h"

#include "runtime/value.h"

#include <assert.h>

static uint32_t text_target(const struct program_node *node)
{
    switch (node->kind) {
    case NODE_FORM:
    case NODE_GROUP:
        return node_object(node);
    case NODE_REPEAT:
        return node->rare->own_scope;
    case NODE_PAGE:
    case NODE_SECTION:
    case NODE_NOTE:
        return PROGRAM_NONE;
    case NODE_FIELD:
    case NODE_LET:
        break;
    }
    return node->type == TYPE_TEXT ? node_pattern(node) : node_list(node);
}

static uint16_t flags_of(const struct program_node *node)
{
    unsigned flags = 0;
    if (node->required) flags |= PLAN_REQUIRED;
    if (node->required_slot) flags |= PLAN_REQUIRED_WHEN;
    if (node->computed) flags |= PLAN_COMPUTED;
    if (node->has_min) flags |= PLAN_HAS_MIN;
    if (node->has_max) flags |= PLAN_HAS_MAX;
    if (node->relevance_node != PROGRAM_NONE) flags |= PLAN_CONDITIONAL;
    if (node->bounds->length_min > 0 || node->bounds->length_max >= 0) flags |= PLAN_LENGTH;
    if (node->kind == NODE_FIELD && node_pattern(node) != PROGRAM_NONE) flags |= PLAN_PATTERN;
    if (node->keep) flags |= PLAN_KEEP;
    if (node->kind == NODE_FIELD && !node->computed) flags |= PLAN_ANSWERED;
    return (uint16_t)flags;
}

static uint32_t length_bound(int64_t length, uint32_t open)
{
    return length < 0 ? open : length > UINT32_MAX ? UINT32_MAX : (uint32_t)length;
}

static void plan_bounds(const struct program_node *from, struct plan_node *to)
{
    bool number = from->type == TYPE_NUMBER;
    if (number) to->min.number = from->bounds->number_min;
    else to->min.exact = from->bounds->min;
    if (number) to->max.number = from->bounds->number_max;
    else to->max.exact = from->bounds->max;
    to->length_min = length_bound(from->bounds->length_min, 0);
    to->length_max = length_bound(from->bounds->length_max, UINT32_MAX);
}

static void plan_decider(const struct program *program, const struct program_node *from,
                         struct plan_node *to)
{
    if (from->relevance_node == PROGRAM_NONE) return;
    const struct program_node *decider = &program->nodes[from->relevance_node];
    assert(decider->scope <= UINT16_MAX);
    to->decider_scope = (uint16_t)decider->scope;
    to->decider_slot = (uint16_t)(decider->relevance_slot - program->scopes[decider->scope].first_slot);
}

static struct plan_node plan_node(const struct program *program, uint32_t number)
{
    const struct program_node *node = &program->nodes[number];
    struct plan_node made = {
        .key_json = node->key_json,
        .key_bytes = node->key_bytes,
        .target = text_target(node),
        .node = number,
        .kind = (uint8_t)node->kind,
        .type = (uint8_t)node->type,
        .scale = node->scale,
        .format = (uint8_t)node->format,
        .flags = flags_of(node),
    };
    if (node->slot) made.slot = (uint16_t)(node->slot - program->scopes[node->scope].first_slot);
    if (node->rare->part)
        made.part =
            (uint16_t)(program->nodes[node->rare->part].slot - program->scopes[node->scope].first_slot);
    if (made.flags & PLAN_PATTERN) made.dfa = program->patterns[node_pattern(node)].dfa;
    plan_bounds(node, &made);
    plan_decider(program, node, &made);
    return made;
}

static enum status plan_nodes(struct arena *arena, struct plan *plan)
{
    const struct program *program = plan->program;
    struct plan_node *nodes = ARENA_ARRAY(arena, struct plan_node, program->node_count);
    if (!nodes) return ST_NOMEM;
    for (uint32_t i = 0; i < program->node_count; i++) {
        nodes[i] = plan_node(program, i);
        if (program->nodes[i].relevance_slot) plan->conditional = true;
        if (program->nodes[i].keep) plan->keeps = true;
    }
    plan->nodes = nodes;
    return ST_OK;
}

/* The slots that cross over. First counted, then written. */
struct port_list {
    struct plan_port *ports;
    uint32_t count;
};

static void port_add(struct port_list *list, const struct plan_scope *scope, struct plan_port port)
{
    if (!port.slot) return;
    assert(port.slot >= scope->first_slot && port.slot - scope->first_slot < scope->width);
    port.offset = port.slot - scope->first_slot;
    if (list->ports) list->ports[list->count] = port;
    list->count++;
}

static struct plan_port value_port(const struct program *program, const struct program_node *node)
{
    struct value_range range = value_range(program, node);
    return (struct plan_port){
        .slot = node->slot, .type = node->type, .low = range.low, .high = range.high};
}

static struct plan_port flag_port(uint32_t slot)
{
    return (struct plan_port){.slot = slot, .type = TYPE_BOOLEAN, .flag = true};
}

struct ports {
    struct port_list inputs, values, flags;
};

/* The nodes of a scope stand inside its repeat. */
static void list_ports(const struct plan *plan, uint32_t scope, struct ports *ports)
{
    const struct plan_scope *owner = &plan->scopes[scope];
    const struct program_node *nodes = plan->program->nodes;
    uint32_t first = plan->program->scopes[scope].node;
    for (uint32_t i = first; i < nodes[first].subtree_end; i++) {
        const struct program_node *node = &nodes[i];
        if (node->scope != scope) continue;
        if (node_is_given(node)) port_add(&ports->inputs, owner, value_port(plan->program, node));
        if (node_is_taken(node)) port_add(&ports->values, owner, value_port(plan->program, node));
        port_add(&ports->flags, owner, flag_port(node->relevance_slot));
        port_add(&ports->flags, owner, flag_port(node->required_slot));
    }
}

/* Only the ports of the slots listed stay; both are in the same order. */
static uint32_t keep_listed(struct plan_port *ports, uint32_t count, const uint32_t *slots,
                            uint32_t slot_count)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count && kept < slot_count; i++)
        if (ports[i].slot == slots[kept]) ports[kept++] = ports[i];
    assert(kept == slot_count);
    return kept;
}

static enum status plan_ports(struct arena *arena, struct plan *plan, struct plan_scope *scope,
                              uint32_t number)
{
    struct ports counted = {0}, made = {0};
    list_ports(plan, number, &counted);
    scope->input_count = counted.inputs.count;
    scope->value_count = counted.values.count;
    scope->output_count = counted.values.count + counted.flags.count;
    made.inputs.ports = ARENA_ARRAY(arena, struct plan_port, scope->input_count);
    made.values.ports = ARENA_ARRAY(arena, struct plan_port, scope->output_count);
    if (!made.inputs.ports || !made.values.ports) return ST_NOMEM;
    made.flags.ports = made.values.ports + scope->value_count;
    list_ports(plan, number, &made);
    scope->inputs = made.inputs.ports;
    scope->outputs = made.values.ports;
    if (number > 0 || !plan->direct) return ST_OK;
    const struct program_chunk *chunk = plan->program->chunks;
    scope->input_count =
        keep_listed(made.inputs.ports, scope->input_count, chunk->inputs, chunk->input_count);
    scope->output_count =
        keep_listed(made.values.ports, scope->output_count, chunk->outputs, chunk->output_count);
    return ST_OK;
}

static bool is_demanded(const struct program_node *node, uint32_t scope)
{
    bool may_be = node->kind == NODE_FIELD && node->scope == scope && !node->computed;
    return may_be && (node->required || node->required_slot);
}

static struct plan_demand demand_of(const struct program *program, uint32_t number)
{
    const struct program_node *node = &program->nodes[number];
    uint32_t first = program->scopes[node->scope].first_slot;
    uint32_t flag = node->required ? node->slot : node->required_slot;
    return (struct plan_demand){number, (uint16_t)(node->slot - first), (uint16_t)(flag - first)};
}

static enum status plan_demands(struct arena *arena, const struct program *program,
                                struct plan_scope *scope, uint32_t number)
{
    uint32_t first = program->scopes[number].node, end = program->nodes[first].subtree_end, count = 0;
    for (uint32_t i = first; i < end; i++) count += is_demanded(&program->nodes[i], number);
    struct plan_demand *demands = ARENA_ARRAY(arena, struct plan_demand, count);
    if (!demands) return ST_NOMEM;
    for (uint32_t i = first; i < end; i++)
        if (is_demanded(&program->nodes[i], number))
            demands[scope->demand_count++] = demand_of(program, i);
    scope->demands = demands;
    return ST_OK;
}

/* Hung in from the last, so that each chain is in order. */
static void chain_scopes(const struct program *program, struct plan_scope *scopes)
{
    for (uint32_t i = 0; i < program->scope_count; i++) scopes[i].first_child = PROGRAM_NONE;
    for (uint32_t i = program->scope_count; i-- > 0;) {
        uint32_t parent = program->scopes[i].parent;
        scopes[i].next_sibling = PROGRAM_NONE;
        if (parent == PROGRAM_NONE) continue;
        scopes[i].next_sibling = scopes[parent].first_child;
        scopes[parent].first_child = i;
    }
}

static enum status plan_scopes(struct arena *arena, struct plan *plan)
{
    const struct program *program = plan->program;
    struct plan_scope *scopes = ARENA_ARRAY(arena, struct plan_scope, program->scope_count);
    if (!scopes) return ST_NOMEM;
    plan->scopes = scopes;
    chain_scopes(program, scopes);
    for (uint32_t i = 0; i < program->scope_count; i++) {
        scopes[i].first_slot = program->scopes[i].first_slot;
        scopes[i].width = program->scopes[i].slot_count;
        enum status st = plan_ports(arena, plan, &scopes[i], i);
        if (!st) st = plan_demands(arena, program, &scopes[i], i);
        if (st) return st;
    }
    return ST_OK;
}

enum { SHORT_LIST = 16 };

static enum status plan_list(struct arena *arena, const struct program_list *from, struct plan_list *to)
{
    *to = (struct plan_list){.count = from->option_count, .table = &from->codes};
    if (from->option_count > SHORT_LIST) return ST_OK;
    uint64_t *marks = ARENA_ARRAY(arena, uint64_t, from->option_count);
    struct str *codes = ARENA_ARRAY(arena, struct str, from->option_count);
    if (!marks || !codes) return ST_NOMEM;
    for (uint32_t i = 0; i < from->option_count; i++) {
        codes[i] = program_option_code(from, i);
        marks[i] = plan_mark(codes[i]);
    }
    to->marks = marks;
    to->codes = codes;
    return ST_OK;
}

static enum status plan_lists(struct arena *arena, struct plan *plan)
{
    const struct program *program = plan->program;
    struct plan_list *lists = ARENA_ARRAY(arena, struct plan_list, program->list_count);
    if (!lists) return ST_NOMEM;
    plan->lists = lists;
    for (uint32_t i = 0; i < program->list_count; i++) {
        enum status st = plan_list(arena, &program->lists[i], &lists[i]);
        if (st) return st;
    }
    return ST_OK;
}

static enum status plan_matchers(struct arena *arena, struct plan *plan)
{
    const struct program *program = plan->program;
    plan->matchers = ARENA_ARRAY(arena, struct matcher *, program->pattern_count);
    if (!plan->matchers) return ST_NOMEM;
    for (uint32_t i = 0; i < program->pattern_count; i++) {
        if (program->patterns[i].dfa) continue;
        enum status st = matcher_new(program->patterns[i].re2, &plan->matchers[i]);
        if (st) return st;
    }
    return ST_OK;
}

enum status plan_make(struct arena *arena, const struct program *program, struct plan *ret_plan)
{
    struct plan plan = {.program = program,
                        .direct = program->chunk_count == 1 && program->chunks[0].direct};
    enum status st = plan_nodes(arena, &plan);
    if (!st) st = plan_scopes(arena, &plan);
    if (!st) st = plan_lists(arena, &plan);
    if (!st) st = plan_matchers(arena, &plan);
    if (st) {
        plan_release(&plan);
        return st;
    }
    *ret_plan = plan;
    return ST_OK;
}

void plan_release(struct plan *plan)
{
    for (uint32_t i = 0; plan->matchers && i < plan->program->pattern_count; i++)
        matcher_free(plan->matchers[i]);
    *plan = (struct plan){0};
}
