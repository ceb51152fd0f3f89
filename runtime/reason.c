/* Reason: why a place is hidden, required, worth what it is, or wrong. It gathers the rules of the last
 * judging that decided about the place; what a rule came to is the trace's to tell. */
#include "runtime/pointer.h"
#include "runtime/trace.h"
#include "runtime/verdict.h"

#include <assert.h>
#include <string.h>

struct reasoner {
    const struct judge *judge;
    const struct program *program;
    struct tracer tracer;
    struct str wanted; /* a path or a JSON Pointer; empty: what is worth telling of */
    bool known;        /* such a path or place is there */
    uint32_t places;   /* found, also those past the most that are told */
    struct buf text;
};

struct place {
    uint32_t node, scope, row;
};

static const struct program_node *node_of(const struct reasoner *reasoner, uint32_t number)
{
    return &reasoner->program->nodes[number];
}

static bool is_relevant(const struct reasoner *reasoner, uint32_t node, const struct place *place)
{
    uint32_t scope = node_of(reasoner, node)->scope;
    uint32_t row = answers_row_in(&reasoner->judge->answers, place->scope, place->row, scope);
    return answers_relevant(&reasoner->judge->answers, node, scope, row);
}

static struct str pointer_of(struct reasoner *reasoner, const struct place *place)
{
    buf_reset(&reasoner->text);
    pointer_put(reasoner->program, &reasoner->judge->answers, place->node, place->scope, place->row,
                &reasoner->text);
    if (reasoner->text.failure) reasoner->tracer.out->failure = reasoner->text.failure;
    return reasoner->text.failure ? STR("") : buf_str(&reasoner->text);
}

/* ---- errors */

static bool is_at(const struct finding *error, const struct place *place)
{
    return error->node == place->node && error->scope == place->scope && error->row == place->row;
}

static uint32_t error_count(const struct reasoner *reasoner)
{
    uint32_t count = reasoner->judge->outcome.error_count, most = (uint32_t)limit(ERRORS);
    return count < most ? count : most;
}

static bool is_wrong(const struct reasoner *reasoner, const struct place *place)
{
    for (uint32_t i = 0; i < error_count(reasoner); i++)
        if (is_at(&reasoner->judge->errors[i], place)) return true;
    return false;
}

/* Their messages may quote any answer. */
static void put_errors(struct reasoner *reasoner, const struct place *place)
{
    struct json_writer *json = &reasoner->tracer.json;
    struct buf *out = reasoner->tracer.out;
    json_key(json, STR("errors"));
    json_array(json);
    for (uint32_t i = 0; i < error_count(reasoner) && !reasoner->tracer.masked; i++) {
        if (!is_at(&reasoner->judge->errors[i], place)) continue;
        if (json->comma) buf_putc(out, ',');
        verdict_put_error(reasoner->judge, &reasoner->judge->errors[i], out);
        json->comma = true;
    }
    json_array_end(json);
}

/* ---- rules */

static bool is_around(const struct reasoner *reasoner, uint32_t outer, uint32_t node)
{
    while (node != PROGRAM_NONE && node != outer) node = node_of(reasoner, node)->parent;
    return node == outer;
}

/* Whether the rule decides about that node, in whatever row. */
static bool is_about(const struct reasoner *reasoner, const struct program_step *step, uint32_t node)
{
    const struct program_node *of = node_of(reasoner, step->node);
    switch (step->kind) {
    case STEP_WHEN:
        return is_around(reasoner, step->node, node);
    case STEP_VALUE:
        return step->node == node || (of->derived && of->parent == node);
    case STEP_OFFER:
    case STEP_BOUNDS:
    case STEP_REQUIRED:
        return step->node == node;
    case STEP_CHECK:
        return step->node == node || reasoner->program->checks[step->check].node == node;
    }
    return false;
}

/* In every row that lies around the place or in it. */
static void put_rule(struct reasoner *reasoner, const struct program_step *step,
                     const struct place *place)
{
    struct tracer *tracer = &reasoner->tracer;
    const struct answers *answers = tracer->answers;
    if (trace_scope_holds(tracer, step->scope, place->scope)) {
        uint32_t row = answers_row_in(answers, place->scope, place->row, step->scope);
        trace_put_step(tracer, step, row, true);
        return;
    }
    if (!trace_scope_holds(tracer, place->scope, step->scope)) return;
    for (uint32_t row = 0; row < answers->tables[step->scope].count && !buf_failed(tracer->out); row++)
        if (answers_row_in(answers, step->scope, row, place->scope) == place->row)
            trace_put_step(tracer, step, row, true);
}

static void put_rules(struct reasoner *reasoner, const struct place *place)
{
    struct tracer *tracer = &reasoner->tracer;
    json_key(&tracer->json, STR("rules"));
    json_array(&tracer->json);
    for (uint32_t i = 0; i < tracer->steps->count && !buf_failed(tracer->out); i++)
        if (is_about(reasoner, &tracer->steps->items[i], place->node))
            put_rule(reasoner, &tracer->steps->items[i], place);
    json_array_end(&tracer->json);
}

/* ---- a place */

/* The outermost of itself and those around it that is not relevant; PROGRAM_NONE: all are. */
static uint32_t hider_of(const struct reasoner *reasoner, const struct place *place)
{
    uint32_t hider = PROGRAM_NONE;
    for (uint32_t i = place->node; i != PROGRAM_NONE; i = node_of(reasoner, i)->parent)
        if (!is_relevant(reasoner, i, place)) hider = i;
    return hider;
}

static bool is_required(const struct reasoner *reasoner, const struct place *place)
{
    const struct program_node *node = node_of(reasoner, place->node);
    if (node->kind != NODE_FIELD || !is_relevant(reasoner, place->node, place)) return false;
    if (!node->required_slot) return node->required;
    uint32_t first = reasoner->program->scopes[node->scope].first_slot;
    const struct slot *slot =
        answers_slot(&reasoner->judge->answers, node->scope, place->row, node->required_slot - first);
    return slot->value.exact != 0;
}

static void put_declared(struct reasoner *reasoner, uint32_t node)
{
    struct json_writer *json = &reasoner->tracer.json;
    const struct program_spot *spot = &reasoner->tracer.steps->spots[node];
    if (!spot->line) return;
    json_key(json, STR("declared"));
    json_object(json);
    json_key_int(json, STR("line"), spot->line);
    json_key_int(json, STR("column"), spot->column);
    json_key_int(json, STR("offset"), spot->offset);
    json_key_int(json, STR("length"), spot->length);
    json_object_end(json);
}

static void put_state(struct reasoner *reasoner, const struct place *place)
{
    struct tracer *tracer = &reasoner->tracer;
    const struct program_node *node = node_of(reasoner, place->node);
    uint32_t hider = hider_of(reasoner, place);
    json_key_bool(&tracer->json, STR("hidden"), hider != PROGRAM_NONE);
    if (hider != PROGRAM_NONE)
        json_key_str(&tracer->json, STR("hidden_by"), tracer->steps->paths[hider]);
    json_key_bool(&tracer->json, STR("computed"), node->computed);
    if (node->kind == NODE_FIELD)
        json_key_bool(&tracer->json, STR("required"), is_required(reasoner, place));
    if (node->slot) trace_put_value(tracer, place->node, place->row);
}

static void put_place(struct reasoner *reasoner, const struct place *place)
{
    struct json_writer *json = &reasoner->tracer.json;
    json_object(json);
    json_key_str(json, STR("path"), reasoner->tracer.steps->paths[place->node]);
    json_key_str(json, STR("pointer"), pointer_of(reasoner, place));
    put_declared(reasoner, place->node);
    put_state(reasoner, place);
    put_errors(reasoner, place);
    put_rules(reasoner, place);
    json_object_end(json);
}

/* ---- which places */

/* Nobody asks about what is as it usually is. */
static bool is_remarkable(const struct reasoner *reasoner, const struct place *place)
{
    const struct program_node *node = node_of(reasoner, place->node);
    if (is_wrong(reasoner, place)) return true;
    if (node->kind != NODE_FIELD) return false;
    return node->computed || node->required_slot || !is_relevant(reasoner, place->node, place);
}

/* What a pointer escapes is not looked at. */
static bool may_end_with(struct str pointer, const struct program_node *node)
{
    struct str key = node_key(node).len ? node_key(node) : node_name(node);
    if (memchr(key.ptr, '/', key.len) || memchr(key.ptr, '~', key.len)) return true;
    return pointer.len > key.len && memcmp(pointer.ptr + pointer.len - key.len, key.ptr, key.len) == 0;
}

static bool is_wanted(struct reasoner *reasoner, const struct place *place)
{
    const struct program_node *node = node_of(reasoner, place->node);
    struct str wanted = reasoner->wanted;
    if (!wanted.len) return is_remarkable(reasoner, place);
    if (wanted.ptr[0] != '/') return str_eq(wanted, reasoner->tracer.steps->paths[place->node]);
    if (node->kind != NODE_FIELD && node->kind != NODE_GROUP && node->kind != NODE_REPEAT) return false;
    bool is_row = node->kind == NODE_REPEAT && place->scope == node->rare->own_scope;
    if (!is_row && !may_end_with(wanted, node)) return false; /* most, without a pointer made */
    return str_eq(wanted, pointer_of(reasoner, place));
}

static void visit(struct reasoner *reasoner, struct place place)
{
    if (buf_failed(reasoner->tracer.out) || !is_wanted(reasoner, &place)) return;
    reasoner->known = true;
    if (reasoner->places++ < (uint32_t)limit(EXPLAINED_PLACES)) put_place(reasoner, &place);
}

static void visit_all(struct reasoner *reasoner)
{
    const struct table *tables = reasoner->judge->answers.tables;
    for (uint32_t i = 0; i < reasoner->program->node_count; i++) {
        const struct program_node *node = node_of(reasoner, i);
        if (str_eq(reasoner->wanted, reasoner->tracer.steps->paths[i])) reasoner->known = true;
        for (uint32_t row = 0; row < tables[node->scope].count; row++)
            visit(reasoner, (struct place){i, node->scope, row});
        if (node->kind != NODE_REPEAT) continue;
        for (uint32_t row = 0; row < tables[node->rare->own_scope].count; row++)
            visit(reasoner, (struct place){i, node->rare->own_scope, row});
    }
}

bool verdict_write_reasons(const struct judge *judge, const struct program_steps *steps,
                           struct str wanted, bool masks, struct buf *out)
{
    assert(judge->world); /* the last judging ended with a verdict */
    struct reasoner reasoner = {
        .judge = judge, .program = judge->judging.program, .wanted = wanted, .known = wanted.len == 0};
    trace_begin(&reasoner.tracer, judge, steps, out);
    if (masks) trace_mask(&reasoner.tracer, judge);
    buf_init(&reasoner.text, judge->mem, limit(VERDICT_BYTES));
    struct json_writer *json = &reasoner.tracer.json;
    json_object(json);
    json_key(json, STR("places"));
    json_array(json);
    visit_all(&reasoner);
    json_array_end(json);
    json_key_int(json, STR("places_total"), reasoner.places);
    json_object_end(json);
    buf_release(&reasoner.text);
    trace_end(&reasoner.tracer);
    return reasoner.known;
}
