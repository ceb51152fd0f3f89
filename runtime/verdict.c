/* Verdict: the result of a judging as JSON. The answers that count in their one normal form, what is
 * hidden, what is wrong. */
#include "runtime/verdict.h"

#include "runtime/pointer.h"
#include "runtime/value.h"
#include "runtime/wording.h"

#include "base/civil.h"
#include "base/json_writer.h"

#include <assert.h>

struct writer {
    const struct judge *judge;
    const struct program *program;
    const struct plan *plan;
    const struct answers *answers;
    struct buf *out;
    struct buf text;                /* one message or label; the writer's own */
    bool comma;                     /* something stands before in this array or object */
    size_t start;                   /* where `out` ended before */
    size_t answers_at, answers_end; /* of a body: where in `out` they stand */
    bool wordless;                  /* errors are told without their messages */
};

static struct writer writer_on(const struct judge *judge, struct buf *out)
{
    assert(judge->world); /* the last judging ended with a verdict */
    struct writer writer = {
        .judge = judge,
        .program = judge->judging.program,
        .plan = judge->world->plan,
        .answers = &judge->answers,
        .out = out,
        .start = out->len,
    };
    buf_init(&writer.text, judge->mem, limit(VERDICT_BYTES));
    return writer;
}

static void writer_done(struct writer *writer)
{
    struct buf *out = writer->out;
    if (!buf_failed(out) && out->len - writer->start > limit(VERDICT_BYTES)) out->failure = ST_LIMIT;
    buf_release(&writer->text);
}

static void put_comma(struct writer *writer)
{
    if (writer->comma) buf_putc(writer->out, ',');
    writer->comma = true;
}

/* What was gathered in `text`, as a JSON string. If it could not be gathered, `out` fails with it. */
static void put_text(struct writer *writer)
{
    if (buf_failed(&writer->text) && !buf_failed(writer->out))
        writer->out->failure = writer->text.failure;
    json_put_str(writer->out, buf_str(&writer->text));
}

static void put_pointer(struct writer *writer, uint32_t number, uint32_t scope, uint32_t row)
{
    buf_reset(&writer->text);
    pointer_put(writer->program, writer->answers, number, scope, row, &writer->text);
    put_text(writer);
}

/* ---- answers */

static bool is_relevant(const struct writer *writer, const struct plan_node *node, uint32_t scope,
                        uint32_t row)
{
    return !(node->flags & PLAN_CONDITIONAL) ||
           answers_relevant(writer->answers, node->node, scope, row);
}

static void put_key(struct writer *writer, const struct plan_node *node)
{
    char *room = buf_reserve(writer->out, (size_t)node->key_bytes + 1);
    if (!room) return;
    *room = ',';
    memcpy(room + writer->comma, node->key_json, node->key_bytes);
    writer->out->len += (size_t)node->key_bytes + writer->comma;
    writer->comma = true;
}

static void put_field(struct writer *writer, const struct plan_node *field, uint32_t scope,
                      uint32_t row)
{
    const struct slot *slot = answers_slot(writer->answers, scope, row, field->slot);
    if (slot->state != SLOT_SET) return;
    if (!(field->flags & PLAN_KEEP) && !is_relevant(writer, field, scope, row)) return;
    put_key(writer, field);
    value_put_json(writer->answers, field, slot, writer->out);
}

static void put_members(struct writer *writer, uint32_t first, uint32_t end, uint32_t scope,
                        uint32_t row);

static uint32_t end_of(const struct writer *writer, const struct plan_node *node)
{
    return writer->program->nodes[node->node].subtree_end;
}

/* A group in which nothing is answered is left out again. */
static void put_group(struct writer *writer, const struct plan_node *group, uint32_t scope,
                      uint32_t row)
{
    struct buf *out = writer->out;
    size_t start = out->len;
    bool comma = writer->comma;
    put_key(writer, group);
    buf_putc(out, '{');
    writer->comma = false;
    put_members(writer, group->node + 1, end_of(writer, group), scope, row);
    if (!writer->comma && !buf_failed(out)) out->len = start;
    if (writer->comma) buf_putc(out, '}');
    writer->comma = comma || writer->comma;
}

/* Returns whether something stands in a row. */
static bool put_rows(struct writer *writer, const struct plan_node *repeat, const struct brood *brood)
{
    bool any = false;
    buf_putc(writer->out, '[');
    for (uint32_t i = 0; i < brood->count; i++) {
        buf_put(writer->out, i ? STR(",{") : STR("{"));
        writer->comma = false;
        put_members(writer, repeat->node + 1, end_of(writer, repeat), repeat->target, brood->begin + i);
        buf_putc(writer->out, '}');
        any |= writer->comma;
    }
    buf_putc(writer->out, ']');
    writer->comma = true;
    return any;
}

/* What is not relevant holds what is kept, and is left out again where that is nothing. */
static void put_kept_rows(struct writer *writer, const struct plan_node *repeat,
                          const struct brood *brood)
{
    size_t start = writer->out->len;
    bool comma = writer->comma;
    put_key(writer, repeat);
    if (put_rows(writer, repeat, brood) || buf_failed(writer->out)) return;
    writer->out->len = start;
    writer->comma = comma;
}

static void put_repeat(struct writer *writer, const struct plan_node *repeat, uint32_t scope,
                       uint32_t row)
{
    const struct brood *brood = &writer->answers->tables[repeat->target].broods[row];
    if (brood->state != SLOT_SET) return;
    if (!is_relevant(writer, repeat, scope, row)) {
        if (writer->plan->keeps) put_kept_rows(writer, repeat, brood);
        return;
    }
    put_key(writer, repeat);
    put_rows(writer, repeat, brood);
}

static void put_members(struct writer *writer, uint32_t first, uint32_t end, uint32_t scope,
                        uint32_t row)
{
    for (uint32_t i = first; i < end; i++) {
        const struct plan_node *node = &writer->plan->nodes[i];
        switch ((enum program_node_kind)node->kind) {
        case NODE_FIELD:
            put_field(writer, node, scope, row);
            break;
        case NODE_REPEAT:
            put_repeat(writer, node, scope, row);
            i = end_of(writer, node) - 1;
            break;
        case NODE_GROUP:
            if (writer->plan->keeps || is_relevant(writer, node, scope, row))
                put_group(writer, node, scope, row);
            i = end_of(writer, node) - 1;
            break;
        case NODE_FORM:
        case NODE_PAGE:
        case NODE_SECTION:
        case NODE_NOTE:
        case NODE_LET:
            break; /* of a page or section, what is in it comes next */
        }
    }
}

static void put_answers(struct writer *writer)
{
    buf_putc(writer->out, '{');
    writer->comma = false;
    put_members(writer, 1, writer->program->node_count, 0, 0);
    buf_putc(writer->out, '}');
}

/* ---- hidden: the topmost of what is not relevant */

static void put_hidden_in(struct writer *writer, uint32_t first, uint32_t end, uint32_t scope,
                          uint32_t row);

static void put_hidden_rows(struct writer *writer, const struct plan_node *repeat, uint32_t row)
{
    const struct brood *brood = &writer->answers->tables[repeat->target].broods[row];
    for (uint32_t i = brood->begin; i < brood->begin + brood->count; i++)
        put_hidden_in(writer, repeat->node + 1, end_of(writer, repeat), repeat->target, i);
}

static void put_hidden_in(struct writer *writer, uint32_t first, uint32_t end, uint32_t scope,
                          uint32_t row)
{
    for (uint32_t i = first; i < end; i++) {
        const struct plan_node *node = &writer->plan->nodes[i];
        if (node_is_frame(node->kind) || node->kind == NODE_LET || node->kind == NODE_FORM) continue;
        bool hidden = !is_relevant(writer, node, scope, row);
        if (hidden) {
            put_comma(writer);
            put_pointer(writer, i, scope, row);
        } else if (node->kind == NODE_REPEAT) {
            put_hidden_rows(writer, node, row);
        }
        if (hidden || node->kind == NODE_REPEAT) i = end_of(writer, node) - 1;
    }
}

static void put_hidden(struct writer *writer)
{
    buf_putc(writer->out, '[');
    writer->comma = false;
    if (writer->plan->conditional) put_hidden_in(writer, 1, writer->program->node_count, 0, 0);
    buf_putc(writer->out, ']');
}

/* ---- errors */

static void put_param_int(struct writer *writer, struct str key, int64_t value)
{
    buf_putc(writer->out, '"');
    buf_put(writer->out, key);
    buf_put(writer->out, STR("\":"));
    buf_put_int(writer->out, value);
}

static void put_param_str(struct writer *writer, struct str key, struct str value)
{
    buf_putc(writer->out, '"');
    buf_put(writer->out, key);
    buf_put(writer->out, STR("\":"));
    json_put_str(writer->out, value);
}

static void put_param_bound(struct writer *writer, const struct finding *error)
{
    struct slot bound = wording_bound(writer->judge, error);
    buf_put(writer->out, error->code == FINDING_MIN ? STR("\"min\":") : STR("\"max\":"));
    value_put_json(writer->answers, &writer->plan->nodes[error->node], &bound, writer->out);
}

static struct answers_span rows_of(const struct writer *writer, const struct finding *error)
{
    return answers_rows(writer->answers, error->node, error->row);
}

/* What the sentence in `message` is made of, for those who make their own. */
static void put_params(struct writer *writer, const struct finding *error)
{
    const struct program_node *node = &writer->program->nodes[error->node];
    switch (error->code) {
    case FINDING_SCALE:
        put_param_int(writer, STR("scale"), node->scale);
        break;
    case FINDING_TOO_SHORT:
        put_param_int(writer, STR("length_min"), wording_length(writer->judge, error));
        break;
    case FINDING_TOO_LONG:
        put_param_int(writer, STR("length_max"), wording_length(writer->judge, error));
        break;
    case FINDING_MIN:
    case FINDING_MAX:
        put_param_bound(writer, error);
        break;
    case FINDING_TOO_FEW:
        put_param_int(writer, STR("rows_min"), rows_of(writer, error).least);
        break;
    case FINDING_TOO_MANY:
        put_param_int(writer, STR("rows_max"), rows_of(writer, error).most);
        break;
    case FINDING_CHECK:
        if (writer->program->checks[error->detail].name.len)
            put_param_str(writer, STR("name"), writer->program->checks[error->detail].name);
        break;
    default:
        break;
    }
}

static void put_error_pointer(struct writer *writer, const struct finding *error)
{
    buf_reset(&writer->text);
    pointer_put(writer->program, writer->answers, error->node, error->scope, error->row, &writer->text);
    if (error->code == FINDING_UNKNOWN) pointer_put_name(error->name, &writer->text);
    put_text(writer);
}

static void put_message(struct writer *writer, const struct finding *error)
{
    buf_put(writer->out, STR(",\"message\":"));
    buf_reset(&writer->text);
    wording_put(writer->judge, error, &writer->text);
    put_text(writer);
}

static void put_error(struct writer *writer, const struct finding *error)
{
    struct buf *out = writer->out;
    buf_put(out, STR("{\"pointer\":"));
    put_error_pointer(writer, error);
    buf_put(out, STR(",\"code\":\""));
    buf_put(out, finding_name(error->code));
    buf_put(out, STR("\",\"params\":{"));
    put_params(writer, error);
    buf_putc(out, '}');
    if (!writer->wordless) put_message(writer, error);
    buf_putc(out, '}');
}

void verdict_put_error(const struct judge *judge, const struct finding *error, struct buf *out)
{
    struct writer writer = writer_on(judge, out);
    put_error(&writer, error);
    buf_release(&writer.text);
}

static void put_errors(struct writer *writer)
{
    buf_putc(writer->out, '[');
    writer->comma = false;
    uint32_t count = writer->judge->outcome.error_count;
    for (uint32_t i = 0; i < count && i < (uint32_t)limit(ERRORS); i++) {
        put_comma(writer);
        put_error(writer, &writer->judge->errors[i]);
    }
    buf_putc(writer->out, ']');
}

/* How many there are when not all are listed: what is left out is said. */
static void put_errors_total(struct writer *writer)
{
    if (writer->judge->outcome.error_count <= (uint32_t)limit(ERRORS)) return;
    buf_put(writer->out, STR(",\"errors_total\":"));
    buf_put_int(writer->out, writer->judge->outcome.error_count);
}

/* ---- texts */

static bool has_values(const struct writer *writer, const struct program_message *text)
{
    return text->bytes && passage_fills(passage_open(text, writer->judge->language));
}

/* One of a node's texts; *first: no other came before. */
static void put_filled(struct writer *writer, const struct program_message *text, struct str key,
                       uint32_t scope, uint32_t row, bool *first)
{
    if (!has_values(writer, text)) return;
    buf_put(writer->out, *first ? STR("\"") : STR(",\""));
    buf_put(writer->out, key);
    buf_put(writer->out, STR("\":"));
    buf_reset(&writer->text);
    wording_put_text(writer->judge, text, scope, row, &writer->text);
    put_text(writer);
    *first = false;
}

/* A page or section has no place in the answers; its texts go by its name, which no item beside it has.
 */
static void put_texts_pointer(struct writer *writer, uint32_t number, uint32_t scope, uint32_t row)
{
    const struct program_node *node = &writer->program->nodes[number];
    buf_reset(&writer->text);
    pointer_put(writer->program, writer->answers, number, scope, row, &writer->text);
    if (node_is_frame(node->kind)) pointer_put_name(node_name(node), &writer->text);
    put_text(writer);
}

static void put_node_texts(struct writer *writer, uint32_t number, uint32_t scope, uint32_t row)
{
    const struct program_node *node = &writer->program->nodes[number];
    const struct program_message *label =
        node->kind == NODE_FORM ? &writer->program->title : &node->label;
    if (!has_values(writer, label) && !has_values(writer, &node->rare->hint) &&
        !has_values(writer, &node->rare->placeholder))
        return;
    bool first = true;
    put_comma(writer);
    put_texts_pointer(writer, number, scope, row);
    buf_put(writer->out, STR(":{"));
    put_filled(writer, label, STR("label"), scope, row, &first);
    put_filled(writer, &node->rare->hint, STR("hint"), scope, row, &first);
    put_filled(writer, &node->rare->placeholder, STR("placeholder"), scope, row, &first);
    buf_putc(writer->out, '}');
}

static void put_texts_in(struct writer *writer, uint32_t first, uint32_t end, uint32_t scope,
                         uint32_t row)
{
    for (uint32_t i = first; i < end; i++) {
        const struct plan_node *node = &writer->plan->nodes[i];
        bool relevant = is_relevant(writer, node, scope, row);
        if (relevant) put_node_texts(writer, i, scope, row);
        if (node->kind == NODE_REPEAT && relevant) {
            const struct brood *brood = &writer->answers->tables[node->target].broods[row];
            for (uint32_t k = brood->begin; k < brood->begin + brood->count; k++)
                put_texts_in(writer, i + 1, end_of(writer, node), node->target, k);
        }
        if (node->kind == NODE_REPEAT || !relevant) i = end_of(writer, node) - 1;
    }
}

/* ---- what follows the answers */

static const struct slot *let_of(const struct writer *writer, uint32_t let, uint32_t row)
{
    const struct slot *slot = let ? answers_of(writer->answers, let, row) : NULL;
    return slot && slot->state == SLOT_SET ? slot : NULL;
}

static void put_suggestion(struct writer *writer, uint32_t number, uint32_t scope, uint32_t row)
{
    uint32_t let = writer->program->nodes[number].rare->suggestion;
    const struct slot *slot = let_of(writer, let, row);
    if (!slot) return;
    put_comma(writer);
    put_pointer(writer, number, scope, row);
    buf_putc(writer->out, ':');
    value_put_json(writer->answers, &writer->plan->nodes[let], slot, writer->out);
}

/* One of the members of what holds for a node now; *first: no other came before. */
static void put_fact(struct writer *writer, struct str key, int64_t value, bool *first)
{
    if (!*first) buf_putc(writer->out, ',');
    put_param_int(writer, key, value);
    *first = false;
}

static void put_rows_now(struct writer *writer, uint32_t number, uint32_t row, bool *first)
{
    struct answers_span rows = answers_rows(writer->answers, number, row);
    put_fact(writer, STR("rows_min"), rows.least, first);
    put_fact(writer, STR("rows_max"), rows.most, first);
}

static bool is_readonly_now(const struct writer *writer, uint32_t number, uint32_t row)
{
    const struct slot *slot = let_of(writer, writer->program->nodes[number].rare->readonly_flag, row);
    return slot && slot->value.exact;
}

static void put_now(struct writer *writer, uint32_t number, uint32_t scope, uint32_t row)
{
    const struct program_node *node = &writer->program->nodes[number];
    const struct slot *low = let_of(writer, node->rare->length_low, row),
                      *high = let_of(writer, node->rare->length_high, row);
    bool rows = let_of(writer, node->rare->rows_low, row) || let_of(writer, node->rare->rows_high, row);
    bool readonly = is_readonly_now(writer, number, row), first = true;
    if (!rows && !readonly && !low && !high) return;
    put_comma(writer);
    put_pointer(writer, number, scope, row);
    buf_put(writer->out, STR(":{"));
    if (readonly) buf_put(writer->out, STR("\"readonly\":true"));
    first = !readonly;
    if (low) put_fact(writer, STR("length_min"), low->value.exact, &first);
    if (high) put_fact(writer, STR("length_max"), high->value.exact, &first);
    if (rows) put_rows_now(writer, number, row, &first);
    buf_putc(writer->out, '}');
}

/* Calls `put` for every FIELD and REPEAT that is relevant, rows and all. */
static void put_each(struct writer *writer, uint32_t first, uint32_t end, uint32_t scope, uint32_t row,
                     void (*put)(struct writer *, uint32_t, uint32_t, uint32_t))
{
    for (uint32_t i = first; i < end; i++) {
        const struct plan_node *node = &writer->plan->nodes[i];
        if (node->kind == NODE_LET) continue;
        bool relevant = is_relevant(writer, node, scope, row);
        if (relevant && (node->kind == NODE_FIELD || node->kind == NODE_REPEAT))
            put(writer, i, scope, row);
        if (node->kind == NODE_REPEAT && relevant) {
            const struct brood *brood = &writer->answers->tables[node->target].broods[row];
            for (uint32_t k = brood->begin; k < brood->begin + brood->count; k++)
                put_each(writer, i + 1, end_of(writer, node), node->target, k, put);
        }
        if (node->kind == NODE_REPEAT || !relevant) i = end_of(writer, node) - 1;
    }
}

static void write_each(const struct judge *judge, struct buf *out,
                       void (*put)(struct writer *, uint32_t, uint32_t, uint32_t))
{
    struct writer writer = writer_on(judge, out);
    buf_putc(out, '{');
    put_each(&writer, 1, writer.program->node_count, 0, 0, put);
    buf_putc(out, '}');
    writer_done(&writer);
}

void verdict_write_suggestions(const struct judge *judge, struct buf *out)
{
    write_each(judge, out, put_suggestion);
}

void verdict_write_now(const struct judge *judge, struct buf *out)
{
    write_each(judge, out, put_now);
}

/* The codes of a list that nobody may choose at the moment; left out when there are none. */
static void put_withheld(struct writer *writer, const struct program_list *list)
{
    struct buf *out = writer->out;
    size_t start = out->len;
    bool comma = writer->comma;
    put_comma(writer);
    json_put_str(out, list->name);
    buf_puts(out, ":[");
    writer->comma = false;
    for (uint32_t i = 0; list->extras && i < list->option_count; i++) {
        uint32_t let = list->extras[i].offered;
        const struct slot *slot = let_of(writer, let, 0);
        if (let == 0 || (slot && slot->value.exact)) continue;
        put_comma(writer);
        json_put_str(out, program_option_code(list, i));
    }
    if (!writer->comma && !buf_failed(out)) out->len = start;
    else buf_putc(out, ']');
    writer->comma |= comma;
}

void verdict_write_withheld(const struct judge *judge, struct buf *out)
{
    struct writer writer = writer_on(judge, out);
    buf_putc(out, '{');
    for (uint32_t i = 0; i < writer.program->list_count; i++)
        put_withheld(&writer, &writer.program->lists[i]);
    buf_putc(out, '}');
    writer_done(&writer);
}

/* ---- all of it */

static void put_form(struct writer *writer, uint32_t version)
{
    struct buf *out = writer->out;
    buf_put(out, STR(",\"form\":{\"name\":"));
    json_put_str(out, writer->program->name);
    buf_put(out, STR(",\"hash\":"));
    json_put_str(out, str_of(writer->program->source_hash));
    if (version) {
        buf_put(out, STR(",\"version\":"));
        buf_put_int(out, version);
    }
    buf_putc(out, '}');
}

static void put_evaluated(struct writer *writer, uint64_t steps)
{
    const struct judging *judging = &writer->judge->judging;
    struct buf *out = writer->out;
    char now[CIVIL_DATETIME_BYTES];
    size_t len = civil_format_datetime(judging->now_ms, 0, now);
    buf_put(out, STR(",\"evaluated\":{\"now\":\""));
    buf_put(out, (struct str){now, len});
    buf_put(out, STR("\",\"zone\":"));
    json_put_str(out, judging->zone ? writer->program->timezone : STR("UTC"));
    buf_put(out, STR(",\"locale\":"));
    json_put_str(out, writer->program->languages[writer->judge->language]);
    buf_put(out, STR("},\"steps\":"));
    buf_put_int(out, (int64_t)steps);
}

void verdict_write(const struct judge *judge, uint32_t version, struct buf *out)
{
    verdict_write_again(judge, version, judge->outcome.steps, out, NULL);
}

/* Up to where it was judged. */
static void put_body(struct writer *writer, uint32_t version)
{
    struct buf *out = writer->out;
    buf_put(out, writer->judge->outcome.valid ? STR("{\"valid\":true,\"errors\":")
                                              : STR("{\"valid\":false,\"errors\":"));
    put_errors(writer);
    put_errors_total(writer);
    buf_put(out, STR(",\"answers\":"));
    writer->answers_at = out->len;
    put_answers(writer);
    writer->answers_end = out->len;
    buf_put(out, STR(",\"hidden\":"));
    put_hidden(writer);
    put_form(writer, version);
}

void verdict_write_accord(const struct judge *judge, struct buf *out)
{
    struct writer writer = writer_on(judge, out);
    writer.wordless = true;
    put_body(&writer, 0);
    buf_putc(out, '}');
    writer_done(&writer);
}

/* Mostly a verdict is little longer than what was sent. */
static void expect_body(struct writer *writer)
{
    enum { FRAME_BYTES = 512 };
    size_t sent = writer->judge->judging.answers.len;
    buf_expect(writer->out, sent + sent / 4 + FRAME_BYTES);
}

static void put_verdict(struct writer *writer, uint32_t version, uint64_t steps)
{
    expect_body(writer);
    put_body(writer, version);
    put_evaluated(writer, steps);
    buf_putc(writer->out, '}');
    writer_done(writer);
}

void verdict_write_again(const struct judge *judge, uint32_t version, uint64_t steps, struct buf *out,
                         struct str *ret_answers)
{
    struct writer writer = writer_on(judge, out);
    put_verdict(&writer, version, steps);
    if (!ret_answers) return;
    *ret_answers = buf_failed(out) ? STR("")
                                   : (struct str){out->ptr + writer.answers_at,
                                                  writer.answers_end - writer.answers_at};
}

void verdict_write_both(const struct judge *judge, uint32_t version, struct buf *out,
                        struct str *ret_answers)
{
    verdict_write_again(judge, version, judge->outcome.steps, out, ret_answers);
}

void verdict_write_answers(const struct judge *judge, struct buf *out)
{
    struct writer writer = writer_on(judge, out);
    put_answers(&writer);
    writer_done(&writer);
}

/* `field` is in no repeat. */
static bool put_unique(struct writer *writer, const struct plan_node *field)
{
    const struct slot *slot = answers_slot(writer->answers, 0, 0, field->slot);
    bool counts =
        slot->state == SLOT_SET && ((field->flags & PLAN_KEEP) || is_relevant(writer, field, 0, 0));
    if (!counts) return false;
    value_put_json(writer->answers, field, slot, writer->out);
    buf_putc(writer->out, '\n');
    return true;
}

bool verdict_write_unique(const struct judge *judge, uint32_t rule, struct buf *out)
{
    struct writer writer = writer_on(judge, out);
    const struct program_unique *unique = &writer.program->uniques[rule];
    bool all = true;
    for (uint32_t i = 0; i < unique->node_count && all; i++)
        all = put_unique(&writer, &writer.plan->nodes[unique->nodes[i]]);
    if (!all && !buf_failed(out)) out->len = writer.start;
    writer_done(&writer);
    return all;
}

void verdict_write_errors(const struct judge *judge, struct buf *out)
{
    struct writer writer = writer_on(judge, out);
    put_errors(&writer);
    writer_done(&writer);
}

void verdict_write_texts(const struct judge *judge, struct buf *out)
{
    struct writer writer = writer_on(judge, out);
    buf_putc(out, '{');
    put_texts_in(&writer, 0, writer.program->node_count, 0, 0);
    buf_putc(out, '}');
    writer_done(&writer);
}
