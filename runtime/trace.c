/* Trace: what every rule of the last judging came to, in the order in which the rules ran, with what it
 * read. It is told from the slots that the rules left behind: each is written once, by one rule, before
 * any other reads it, so what stands there at the end is what was read. */
#include "runtime/trace.h"

#include "runtime/pointer.h"
#include "runtime/value.h"

enum { VALUES_SHOWN = 10 }; /* of the rows that an aggregate looks at */

/* Whether it is relevant, as a rule in `row` of `scope` sees it. */
static bool is_relevant(const struct tracer *tracer, uint32_t node, uint32_t scope, uint32_t row)
{
    return answers_relevant(tracer->answers, node, scope, row);
}

static bool is_masked(const struct tracer *tracer, uint32_t node)
{
    return tracer->masked && tracer->masked[node];
}

static void put_slot(struct tracer *tracer, uint32_t node, const struct slot *slot)
{
    buf_reset(&tracer->text);
    if (slot->state != SLOT_SET || is_masked(tracer, node)) buf_puts(&tracer->text, "null");
    else value_put_json(tracer->answers, &tracer->answers->plan->nodes[node], slot, &tracer->text);
    if (tracer->text.failure) tracer->out->failure = tracer->text.failure;
    else json_raw(&tracer->json, buf_str(&tracer->text));
}

/* ---- what was read */

/* Whether its value has left the rules. */
static bool is_told(const struct tracer *tracer, uint32_t number)
{
    const struct program_node *node = &tracer->program->nodes[number];
    return node->kind != NODE_LET || node->text_reads || node->derived;
}

static struct str why_none(const struct tracer *tracer, uint32_t number, const struct slot *slot)
{
    const struct program_node *node = &tracer->program->nodes[number];
    if (!is_told(tracer, number)) return STR("not told");
    if (slot->state == SLOT_BROKEN) return finding_name((enum finding_code)slot->code);
    return node->computed || node->kind == NODE_LET ? STR("nothing came out") : STR("unanswered");
}

/* A value, and if there is none, why. */
void trace_put_value(struct tracer *tracer, uint32_t node, uint32_t row)
{
    uint32_t scope = tracer->program->nodes[node].scope;
    const struct slot *slot = answers_of(tracer->answers, node, row);
    bool relevant = is_relevant(tracer, node, scope, row);
    json_key(&tracer->json, STR("value"));
    if (relevant) put_slot(tracer, node, slot);
    else json_null(&tracer->json);
    if (!relevant) json_key_str(&tracer->json, STR("why"), STR("not relevant"));
    else if (slot->state != SLOT_SET)
        json_key_str(&tracer->json, STR("why"), why_none(tracer, node, slot));
    else if (is_masked(tracer, node)) json_key_str(&tracer->json, STR("why"), STR("sensitive"));
}

bool trace_scope_holds(const struct tracer *tracer, uint32_t outer, uint32_t scope)
{
    while (scope != outer && scope != 0) scope = tracer->program->scopes[scope].parent;
    return scope == outer;
}

/* The innermost scope that both lie in. */
static uint32_t common_scope(const struct tracer *tracer, uint32_t a, uint32_t b)
{
    while (!trace_scope_holds(tracer, a, b)) a = tracer->program->scopes[a].parent;
    return a;
}

/* Values of the rows of `scope` that share a row with the rule's. */
static void put_rows(struct tracer *tracer, const struct program_step *step, uint32_t row,
                     uint32_t node, uint32_t scope)
{
    const struct answers *answers = tracer->answers;
    uint32_t common = common_scope(tracer, step->scope, scope), rows = 0;
    uint32_t around = answers_row_in(answers, step->scope, row, common);
    bool is_repeat = tracer->program->nodes[node].kind == NODE_REPEAT;
    if (!is_repeat) {
        json_key(&tracer->json, STR("values"));
        json_array(&tracer->json);
    }
    for (uint32_t i = 0; i < answers->tables[scope].count; i++) {
        if (answers_row_in(answers, scope, i, common) != around) continue;
        if (++rows > VALUES_SHOWN || is_repeat) continue;
        if (is_relevant(tracer, node, scope, i)) put_slot(tracer, node, answers_of(answers, node, i));
        else json_null(&tracer->json);
    }
    if (!is_repeat) json_array_end(&tracer->json);
    json_key_int(&tracer->json, STR("rows"), rows);
}

static void put_read(struct tracer *tracer, const struct program_step *step, uint32_t row,
                     uint32_t node)
{
    const struct program_node *read = &tracer->program->nodes[node];
    bool is_repeat = read->kind == NODE_REPEAT;
    uint32_t scope = is_repeat ? read->rare->own_scope : read->scope;
    json_object(&tracer->json);
    json_key_str(&tracer->json, STR("of"), tracer->steps->paths[node]);
    if (!is_repeat && trace_scope_holds(tracer, scope, step->scope))
        trace_put_value(tracer, node, answers_row_in(tracer->answers, step->scope, row, scope));
    else put_rows(tracer, step, row, node, scope);
    json_object_end(&tracer->json);
}

/* ---- what came of it */

static bool has_failed(const struct tracer *tracer, uint32_t check, uint32_t row)
{
    const struct findings *findings = &tracer->answers->findings;
    for (uint32_t i = 0; i < findings->count; i++) {
        const struct finding *finding = &findings->items[i];
        if (finding->code == FINDING_CHECK && finding->detail == check && finding->detail_row == row)
            return true;
    }
    return false;
}

/* A relevance or required slot: what it stands for in the row. */
static bool flag_of(const struct tracer *tracer, const struct program_step *step, uint32_t slot,
                    uint32_t row)
{
    const struct program_scope *scope = &tracer->program->scopes[step->scope];
    return answers_slot(tracer->answers, step->scope, row, slot - scope->first_slot)->value.exact != 0;
}

/* Whether what is around it, or it itself, lets the rule be asked. */
static bool is_asked(const struct tracer *tracer, const struct program_step *step, uint32_t row)
{
    const struct program_node *node = &tracer->program->nodes[step->node];
    if (step->kind == STEP_WHEN) return is_relevant(tracer, node->parent, step->scope, row);
    if (!is_relevant(tracer, step->node, step->scope, row)) return false;
    if (step->kind != STEP_BOUNDS && step->kind != STEP_OFFER) return true;
    const struct slot *slot = answers_of(tracer->answers, step->node, row);
    bool broken = slot->state == SLOT_BROKEN;
    if (step->kind == STEP_OFFER && broken) return slot->code == FINDING_OPTION;
    return slot->state == SLOT_SET || (broken && slot->bound);
}

static void put_result(struct tracer *tracer, const struct program_step *step, uint32_t row)
{
    const struct program_node *node = &tracer->program->nodes[step->node];
    struct json_writer *json = &tracer->json;
    const struct slot *slot;
    switch (step->kind) {
    case STEP_WHEN:
        json_bool(json, flag_of(tracer, step, node->relevance_slot, row));
        return;
    case STEP_REQUIRED:
        json_bool(json, flag_of(tracer, step, node->required_slot, row));
        return;
    case STEP_VALUE:
        if (!is_told(tracer, step->node)) json_str(json, STR("not told"));
        else put_slot(tracer, step->node, answers_of(tracer->answers, step->node, row));
        return;
    case STEP_OFFER:
    case STEP_BOUNDS:
        slot = answers_of(tracer->answers, step->node, row);
        json_str(json,
                 slot->state == SLOT_SET ? STR("kept") : finding_name((enum finding_code)slot->code));
        return;
    case STEP_CHECK:
        json_str(json, has_failed(tracer, step->check, row) ? STR("fails") : STR("holds"));
        return;
    }
}

static void put_row(struct tracer *tracer, const struct program_step *step, uint32_t row)
{
    const struct program_scope *scope = &tracer->program->scopes[step->scope];
    struct buf *text = &tracer->text;
    buf_reset(text);
    pointer_put(tracer->program, tracer->answers, scope->node, step->scope, row, text);
    if (step->scope) json_key_str(&tracer->json, STR("row"), buf_str(text));
}

/* ---- what was missing */

static bool has_value(const struct tracer *tracer, uint32_t node, uint32_t row)
{
    return is_relevant(tracer, node, tracer->program->nodes[node].scope, row) &&
           answers_of(tracer->answers, node, row)->state == SLOT_SET;
}

/* In some row that the rule looks at. */
static bool is_missing(const struct tracer *tracer, const struct program_step *step, uint32_t row,
                       uint32_t number)
{
    const struct answers *answers = tracer->answers;
    const struct program_node *node = &tracer->program->nodes[number];
    uint32_t scope = node->scope;
    if (node->kind == NODE_REPEAT || !is_told(tracer, number)) return false;
    if (trace_scope_holds(tracer, scope, step->scope))
        return !has_value(tracer, number, answers_row_in(answers, step->scope, row, scope));
    uint32_t common = common_scope(tracer, step->scope, scope);
    uint32_t around = answers_row_in(answers, step->scope, row, common);
    for (uint32_t i = 0; i < answers->tables[scope].count; i++)
        if (answers_row_in(answers, scope, i, common) == around && !has_value(tracer, number, i))
            return true;
    return false;
}

static void put_missing(struct tracer *tracer, const struct program_step *step, uint32_t row)
{
    json_key(&tracer->json, STR("missing"));
    json_array(&tracer->json);
    for (uint32_t i = 0; i < step->read_count; i++)
        if (is_missing(tracer, step, row, step->reads[i]))
            json_str(&tracer->json, tracer->steps->paths[step->reads[i]]);
    json_array_end(&tracer->json);
}

static void put_source(struct tracer *tracer, const struct program_step *step)
{
    json_key_int(&tracer->json, STR("offset"), step->offset);
    json_key_int(&tracer->json, STR("length"), (int64_t)step->text.len);
    json_key_str(&tracer->json, STR("text"), step->text);
}

void trace_put_step(struct tracer *tracer, const struct program_step *step, uint32_t row, bool whole)
{
    struct json_writer *json = &tracer->json;
    bool asked = is_asked(tracer, step, row);
    json_object(json);
    json_key_str(json, STR("rule"), str_of(program_step_name(step->kind)));
    json_key_str(json, STR("of"), tracer->steps->paths[step->node]);
    json_key_int(json, STR("line"), step->line);
    json_key_int(json, STR("column"), step->column);
    if (whole) put_source(tracer, step);
    put_row(tracer, step, row);
    json_key_bool(json, STR("asked"), asked);
    if (asked) json_key(json, STR("result"));
    if (asked) put_result(tracer, step, row);
    if (whole) put_missing(tracer, step, row);
    json_key(json, STR("reads"));
    json_array(json);
    for (uint32_t i = 0; i < step->read_count; i++) put_read(tracer, step, row, step->reads[i]);
    json_array_end(json);
    json_object_end(json);
}

void trace_begin(struct tracer *tracer, const struct judge *judge, const struct program_steps *steps,
                 struct buf *out)
{
    *tracer = (struct tracer){.mem = judge->mem,
                              .answers = &judge->answers,
                              .program = judge->judging.program,
                              .steps = steps,
                              .out = out};
    json_writer_init(&tracer->json, out);
    buf_init(&tracer->text, judge->mem, limit(VERDICT_BYTES));
}

void trace_end(struct tracer *tracer)
{
    buf_release(&tracer->text);
    mem_free(tracer->mem, tracer->masked, tracer->program->node_count * sizeof *tracer->masked);
}

/* Rules stand in the order in which they run: what one reads has been looked at before it. */
static void mask_lets(struct tracer *tracer)
{
    for (uint32_t i = 0; i < tracer->steps->count; i++) {
        const struct program_step *step = &tracer->steps->items[i];
        if (step->kind != STEP_VALUE || tracer->program->nodes[step->node].kind != NODE_LET) continue;
        for (uint32_t k = 0; k < step->read_count; k++)
            if (is_masked(tracer, step->reads[k])) tracer->masked[step->node] = true;
    }
}

void trace_mask(struct tracer *tracer, const struct judge *judge)
{
    const struct program *program = tracer->program;
    tracer->masked = mem_zalloc(judge->mem, program->node_count * sizeof *tracer->masked);
    if (!tracer->masked) {
        tracer->out->failure = ST_NOMEM;
        return;
    }
    for (uint32_t i = 0; i < program->node_count; i++) {
        const struct program_node *node = &program->nodes[i];
        tracer->masked[i] =
            node->sensitive || (node->derived && program->nodes[node->parent].sensitive);
    }
    mask_lets(tracer);
}

void verdict_write_trace(const struct judge *judge, const struct program_steps *steps, struct buf *out)
{
    struct tracer tracer;
    trace_begin(&tracer, judge, steps, out);
    json_array(&tracer.json);
    for (uint32_t i = 0; i < steps->count && !buf_failed(out); i++)
        for (uint32_t row = 0; row < judge->answers.tables[steps->items[i].scope].count; row++)
            trace_put_step(&tracer, &steps->items[i], row, false);
    json_array_end(&tracer.json);
    trace_end(&tracer);
}
