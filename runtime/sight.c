/* Sight: a judging seen place by place, for whoever draws it. */
#include "runtime/pointer.h"
#include "runtime/value.h"
#include "runtime/wording.h"

#include <assert.h>

static const struct program_node *node_at(const struct judge *judge, uint32_t node)
{
    assert(judge->world); /* the last judging ended with a verdict */
    return &judge->judging.program->nodes[node];
}

bool sight_relevant(const struct judge *judge, uint32_t node, uint32_t row)
{
    return answers_relevant(&judge->answers, node, node_at(judge, node)->scope, row);
}

bool sight_required(const struct judge *judge, uint32_t node, uint32_t row)
{
    const struct program_node *at = node_at(judge, node);
    if (at->required || !at->required_slot) return at->required;
    const struct program_scope *scope = &judge->judging.program->scopes[at->scope];
    uint32_t flag = at->required_slot - scope->first_slot;
    return answers_slot(&judge->answers, at->scope, row, flag)->value.exact != 0;
}

static const struct slot *let_of(const struct judge *judge, uint32_t let, uint32_t row)
{
    const struct slot *slot = let ? answers_of(&judge->answers, let, row) : NULL;
    return slot && slot->state == SLOT_SET ? slot : NULL;
}

bool sight_readonly(const struct judge *judge, uint32_t node, uint32_t row)
{
    const struct program_node *at = node_at(judge, node);
    const struct slot *slot = let_of(judge, at->rare->readonly_flag, row);
    return at->readonly || (slot && slot->value.exact);
}

uint32_t sight_row_around(const struct judge *judge, uint32_t scope, uint32_t row, uint32_t outer)
{
    return answers_row_in(&judge->answers, scope, row, outer);
}

struct sight_rows sight_rows(const struct judge *judge, uint32_t repeat, uint32_t row)
{
    uint32_t scope = node_at(judge, repeat)->rare->own_scope;
    const struct brood *brood = &judge->answers.tables[scope].broods[row];
    struct answers_span span = answers_rows(&judge->answers, repeat, row);
    bool set = brood->state == SLOT_SET;
    return (struct sight_rows){brood->begin, set ? brood->count : 0, span.least, span.most};
}

static const struct slot *value_of(const struct judge *judge, uint32_t field, uint32_t row)
{
    assert(node_at(judge, field)->kind == NODE_FIELD);
    const struct slot *slot = answers_of(&judge->answers, field, row);
    return slot->state == SLOT_SET ? slot : NULL;
}

bool sight_put_value(const struct judge *judge, uint32_t field, uint32_t row, struct buf *out)
{
    static const struct program_part usual = {.show = SHOW_USUAL};
    const struct slot *slot = value_of(judge, field, row);
    if (!slot) return false;
    value_put_text(&judge->answers, &judge->world->plan->nodes[field], slot, judge->language, &usual,
                   out);
    return true;
}

bool sight_put_json(const struct judge *judge, uint32_t field, uint32_t row, struct buf *out)
{
    const struct slot *slot = value_of(judge, field, row);
    if (slot) value_put_json(&judge->answers, &judge->world->plan->nodes[field], slot, out);
    return slot != NULL;
}

bool sight_put_suggestion(const struct judge *judge, uint32_t field, uint32_t row, struct buf *out)
{
    uint32_t let = node_at(judge, field)->rare->suggestion;
    const struct slot *slot = let_of(judge, let, row);
    if (slot) value_put_json(&judge->answers, &judge->world->plan->nodes[let], slot, out);
    return slot != NULL;
}

bool sight_offered(const struct judge *judge, const struct program_list *list, uint32_t option)
{
    uint32_t let = program_option_offered(list, option);
    const struct slot *slot = let_of(judge, let, 0);
    return let == 0 || (slot && slot->value.exact);
}

void sight_put_text(const struct judge *judge, const struct program_message *text, uint32_t scope,
                    uint32_t row, struct buf *out)
{
    assert(judge->world);
    wording_put_text(judge, text, scope, row, out);
}

uint32_t sight_language(const struct judge *judge)
{
    assert(judge->world);
    return judge->language;
}

uint32_t sight_error_count(const struct judge *judge)
{
    assert(judge->world);
    uint32_t count = judge->outcome.error_count, most = (uint32_t)limit(ERRORS);
    return count < most ? count : most;
}

struct sight_error sight_error_at(const struct judge *judge, uint32_t index)
{
    assert(index < sight_error_count(judge));
    const struct finding *error = &judge->errors[index];
    bool unknown = error->code == FINDING_UNKNOWN;
    return (struct sight_error){error->node, error->scope, error->row, unknown ? error->name : STR(""),
                                error->code == FINDING_FORMAT};
}

void sight_put_error(const struct judge *judge, uint32_t index, struct buf *out)
{
    assert(index < sight_error_count(judge));
    wording_put(judge, &judge->errors[index], out);
}

void sight_put_pointer(const struct judge *judge, const struct sight_error *error, struct buf *out)
{
    pointer_put(judge->judging.program, &judge->answers, error->node, error->scope, error->row, out);
}
