#include "runtime/wording.h"

#include "base/utf8.h"
#include "runtime/sentence.h"
#include "runtime/value.h"

/* ---- texts of the form */

/* Whose value is shown, and where it is seen from. */
struct shown {
    const struct judge *judge;
    const struct program_part *part;
    uint32_t language;
    uint32_t scope, row;
    struct buf *out;
};

/* The value in a row of the node's own scope; what is not relevant has none. */
static const struct slot *slot_shown(const struct shown *shown, uint32_t row)
{
    const struct judge *judge = shown->judge;
    uint32_t number = shown->part->node, own = judge->judging.program->nodes[number].scope;
    const struct slot *slot =
        answers_slot(&judge->answers, own, row, judge->world->plan->nodes[number].slot);
    bool there = slot->state == SLOT_SET && answers_relevant(&judge->answers, number, own, row);
    return there ? slot : NULL;
}

static void put_slot(const struct shown *shown, const struct slot *slot)
{
    const struct judge *judge = shown->judge;
    value_put_text(&judge->answers, &judge->world->plan->nodes[shown->part->node], slot, shown->language,
                   shown->part, shown->out);
}

/* ---- the values of many rows */

struct span_of_rows {
    uint32_t begin, end;
};

/* The rows of `scope` inside one row of `base`, which stand side by side. */
static struct span_of_rows rows_inside(const struct answers *answers, uint32_t scope, uint32_t base,
                                       uint32_t row)
{
    if (scope == base) return (struct span_of_rows){row, row + 1};
    uint32_t parent = answers->plan->program->scopes[scope].parent;
    struct span_of_rows around = rows_inside(answers, parent, base, row);
    if (around.begin == around.end) return (struct span_of_rows){0, 0};
    const struct brood *broods = answers->tables[scope].broods;
    const struct brood *last = &broods[around.end - 1];
    return (struct span_of_rows){broods[around.begin].begin, last->begin + last->count};
}

static enum locale_list words_of(enum program_show show)
{
    if (show == SHOW_AND) return LOCALE_AND;
    return show == SHOW_OR ? LOCALE_OR : LOCALE_COMMA;
}

/* Values are looked for in the first rows only; more are told by an ellipsis. */
static void put_rows(const struct shown *shown)
{
    const struct judge *judge = shown->judge;
    const struct program *program = judge->judging.program;
    const struct slot *slots[limit(TEXT_ROWS)];
    uint32_t base = shown->part->base, count = 0;
    uint32_t row = answers_row_in(&judge->answers, shown->scope, shown->row, base);
    struct span_of_rows rows =
        rows_inside(&judge->answers, program->nodes[shown->part->node].scope, base, row);
    bool more = rows.end - rows.begin > (uint32_t)limit(TEXT_ROWS);
    if (more) rows.end = rows.begin + (uint32_t)limit(TEXT_ROWS);
    for (uint32_t i = rows.begin; i < rows.end; i++)
        if ((slots[count] = slot_shown(shown, i))) count++;
    for (uint32_t i = 0; i < count; i++) {
        buf_put(shown->out, locale_separator(program->locales[shown->language],
                                             words_of(shown->part->show), i, count + more));
        put_slot(shown, slots[i]);
    }
    if (!more) return;
    buf_put(shown->out,
            locale_separator(program->locales[shown->language], LOCALE_COMMA, count, count + 1));
    buf_puts(shown->out, "…");
}

/* A value as seen from the text's row. */
static void put_value(const struct shown *shown)
{
    const struct judge *judge = shown->judge;
    uint32_t own = judge->judging.program->nodes[shown->part->node].scope;
    if (shown->part->rows) {
        put_rows(shown);
        return;
    }
    uint32_t row = answers_row_in(&judge->answers, shown->scope, shown->row, own);
    const struct slot *slot = slot_shown(shown, row);
    if (slot) put_slot(shown, slot);
}

/* Holds what was put since `start` to the limit, at a whole code point. */
static void cut(struct buf *out, size_t start)
{
    if (buf_failed(out) || out->len - start <= (size_t)limit(MESSAGE_BYTES)) return;
    struct str kept = {out->ptr + start, (size_t)limit(MESSAGE_BYTES) - 3};
    out->len = start + utf8_valid_len(kept);
    buf_puts(out, "…");
}

void wording_put_text(const struct judge *judge, const struct program_message *text, uint32_t scope,
                      uint32_t row, struct buf *out)
{
    if (!text->bytes) return;
    size_t start = out->len;
    struct passage own = passage_open(text, judge->language);
    struct program_part part;
    while (passage_next(&own, &part)) {
        struct shown shown = {judge, &part, own.language, scope, row, out};
        if (part.node == PROGRAM_NONE) buf_put(out, part.literal);
        else put_value(&shown);
    }
    cut(out, start);
}

/* ---- our own words */

static enum message type_message(const struct program_node *node, const struct finding *error)
{
    switch (node->kind) {
    case NODE_GROUP:
        return MESSAGE_TYPE_GROUP;
    case NODE_REPEAT:
        return error->scope == node->rare->own_scope ? MESSAGE_TYPE_ROW : MESSAGE_TYPE_REPEAT;
    default:
        break;
    }
    switch (node->type) {
    case TYPE_BOOLEAN:
        return MESSAGE_TYPE_BOOLEAN;
    case TYPE_INTEGER:
        return MESSAGE_TYPE_INTEGER;
    case TYPE_DECIMAL:
    case TYPE_MONEY:
    case TYPE_NUMBER:
        return MESSAGE_TYPE_NUMBER;
    case TYPE_DATE:
    case TYPE_TIME:
    case TYPE_DATETIME:
    case TYPE_YEAR_MONTH:
    case TYPE_PARTIAL_DATE:
        return MESSAGE_TYPE_MOMENT;
    case TYPE_CHOICE:
    case TYPE_CHOICES:
    case TYPE_RANKING:
        return MESSAGE_TYPE_CHOICE;
    case TYPE_NONE:
    case TYPE_TEXT:
        break;
    }
    return MESSAGE_TYPE_TEXT;
}

static enum message format_message(const struct program_node *node)
{
    if (node->format == FORMAT_ZONED) return MESSAGE_FORMAT_ZONED;
    switch (node->type) {
    case TYPE_DATE:
        return MESSAGE_FORMAT_DATE;
    case TYPE_TIME:
        return MESSAGE_FORMAT_TIME;
    case TYPE_DATETIME:
        return MESSAGE_FORMAT_DATETIME;
    case TYPE_YEAR_MONTH:
        return MESSAGE_FORMAT_YEAR_MONTH;
    case TYPE_PARTIAL_DATE:
        return MESSAGE_FORMAT_PARTIAL_DATE;
    default:
        break;
    }
    switch (node->format) {
    case FORMAT_EMAIL:
        return MESSAGE_FORMAT_EMAIL;
    case FORMAT_URL:
        return MESSAGE_FORMAT_URL;
    case FORMAT_PHONE:
        return MESSAGE_FORMAT_PHONE;
    case FORMAT_PLAIN:
    case FORMAT_ZONED:
        break;
    }
    return MESSAGE_PATTERN;
}

static bool is_moment(const struct program_node *node)
{
    return node->type == TYPE_DATE || node->type == TYPE_TIME || node->type == TYPE_DATETIME ||
           node->type == TYPE_YEAR_MONTH;
}

/* Whether what is too short or too long was written in where no option fits. */
static bool is_own_text(const struct judge *judge, const struct finding *error)
{
    const struct program_node *node = &judge->judging.program->nodes[error->node];
    return node->open && answers_of(&judge->answers, error->node, error->row)->offset != 0;
}

int64_t wording_length(const struct judge *judge, const struct finding *error)
{
    const struct program_node *node = &judge->judging.program->nodes[error->node];
    if (is_own_text(judge, error)) node = &judge->judging.program->nodes[node->rare->part];
    bool is_short = error->code == FINDING_TOO_SHORT;
    int64_t length = is_short ? node->bounds->length_min : node->bounds->length_max;
    const struct slot *slot = answers_of(&judge->answers, error->node, error->row);
    if (!slot->bound) return length;
    uint32_t let = is_short ? node->rare->length_low : node->rare->length_high;
    return answers_let(&judge->answers, let, error->row, length);
}

static enum message length_message(const struct judge *judge, const struct finding *error)
{
    bool is_short = error->code == FINDING_TOO_SHORT, is_one = wording_length(judge, error) == 1;
    bool set = judge->judging.program->nodes[error->node].type != TYPE_TEXT;
    if (set && !is_own_text(judge, error))
        return is_short ? MESSAGE_TOO_FEW_CHOSEN : MESSAGE_TOO_MANY_CHOSEN;
    if (is_short) return is_one ? MESSAGE_TOO_SHORT_ONE : MESSAGE_TOO_SHORT;
    return is_one ? MESSAGE_TOO_LONG_ONE : MESSAGE_TOO_LONG;
}

static enum message required_message(const struct program_node *node)
{
    if (node->kind == NODE_REPEAT) return MESSAGE_REQUIRED_REPEAT;
    bool is_choice = node->type == TYPE_CHOICE || node->type == TYPE_CHOICES ||
                     node->type == TYPE_RANKING || node->type == TYPE_BOOLEAN;
    return is_choice ? MESSAGE_REQUIRED_CHOICE : MESSAGE_REQUIRED;
}

static enum message scale_message(const struct program_node *node)
{
    if (node->scale == 0) return MESSAGE_SCALE_NONE;
    return node->scale == 1 ? MESSAGE_SCALE_ONE : MESSAGE_SCALE_MANY;
}

static enum message message_for(const struct judge *judge, const struct finding *error)
{
    const struct program_node *node = &judge->judging.program->nodes[error->node];
    switch (error->code) {
    case FINDING_TYPE:
        return type_message(node, error);
    case FINDING_RANGE:
        return MESSAGE_RANGE;
    case FINDING_SCALE:
        return scale_message(node);
    case FINDING_FORMAT:
        return format_message(node);
    case FINDING_WALL_SKIPPED:
        return MESSAGE_WALL_SKIPPED;
    case FINDING_WALL_REPEATED:
        return MESSAGE_WALL_REPEATED;
    case FINDING_OPTION:
        return MESSAGE_OPTION;
    case FINDING_DUPLICATE:
        return MESSAGE_DUPLICATE;
    case FINDING_TOO_SHORT:
    case FINDING_TOO_LONG:
        return length_message(judge, error);
    case FINDING_PATTERN:
        return MESSAGE_PATTERN;
    case FINDING_MIN:
        return is_moment(node) ? MESSAGE_MIN_MOMENT : MESSAGE_MIN;
    case FINDING_MAX:
        return is_moment(node) ? MESSAGE_MAX_MOMENT : MESSAGE_MAX;
    case FINDING_READONLY:
        return MESSAGE_READONLY;
    case FINDING_REPEATED:
        return MESSAGE_REPEATED;
    case FINDING_TOO_FEW:
        return MESSAGE_TOO_FEW;
    case FINDING_TOO_MANY:
        return MESSAGE_TOO_MANY;
    case FINDING_REQUIRED:
        return required_message(node);
    case FINDING_UNKNOWN:
        return MESSAGE_UNKNOWN;
    case FINDING_NONE:
    case FINDING_CHECK:
        break; /* a check has the form's own words */
    }
    return MESSAGE_NONE;
}

/* ---- filling them in */

static bool is_small(char c)
{
    return c >= 'a' && c <= 'z';
}

/* "Full name" reads "full name" inside an English sentence; "VAT number" and "I agree" stay. */
static void lower_first(const struct judge *judge, struct buf *out, size_t start)
{
    struct str language = judge->judging.program->languages[judge->language];
    if (!str_starts(language, STR("en")) || buf_failed(out) || out->len - start < 2) return;
    char *text = out->ptr + start;
    if (text[0] >= 'A' && text[0] <= 'Z' && is_small(text[1])) text[0] = (char)(text[0] - 'A' + 'a');
}

/* A field without a label goes by its name, "full_name" as "Full name". */
static void put_name(struct str name, struct buf *out)
{
    size_t start = out->len;
    for (size_t i = 0; i < name.len; i++) buf_putc(out, (char)(name.ptr[i] == '_' ? ' ' : name.ptr[i]));
    if (buf_failed(out) || name.len == 0) return;
    char *first = out->ptr + start;
    if (is_small(*first)) *first = (char)(*first - 'a' + 'A');
}

/* What the respondent knows it by: nobody has seen the id of a file. */
static const struct program_node *node_told(const struct judge *judge, const struct finding *error)
{
    const struct program *program = judge->judging.program;
    const struct program_node *node = &program->nodes[error->node];
    bool whole = error->code == FINDING_REQUIRED || error->code == FINDING_PATTERN;
    return node->member && whole ? &program->nodes[node->parent] : node;
}

static void put_bare_label(const struct judge *judge, const struct finding *error, struct buf *out)
{
    const struct program_node *node = node_told(judge, error);
    size_t start = out->len;
    wording_put_text(judge, &node->label, error->scope, error->row, out);
    if (out->len == start) put_name(node_name(node), out);
    while (!buf_failed(out) && out->len > start && strchr(".: ", out->ptr[out->len - 1])) out->len--;
}

/* A label that asks is quoted: Enter an answer to “What is it about?” */
static void put_question(struct buf *out, size_t start, bool at_start)
{
    struct str lead = at_start ? STR("The answer to “") : STR("an answer to “");
    size_t len = out->len - start;
    if (!buf_reserve(out, lead.len)) return;
    memmove(out->ptr + start + lead.len, out->ptr + start, len);
    memcpy(out->ptr + start, lead.ptr, lead.len);
    out->len += lead.len;
    buf_puts(out, "”");
}

static void put_label(const struct judge *judge, const struct finding *error, bool at_start,
                      struct buf *out)
{
    size_t start = out->len;
    put_bare_label(judge, error, out);
    if (buf_failed(out) || out->len == start) return;
    if (out->ptr[out->len - 1] == '?') put_question(out, start, at_start);
    else if (!at_start) lower_first(judge, out, start);
}

struct slot wording_bound(const struct judge *judge, const struct finding *error)
{
    const struct plan_node *node = &judge->world->plan->nodes[error->node];
    const struct slot *slot = answers_slot(&judge->answers, error->scope, error->row, node->slot);
    struct slot bound = {.state = SLOT_SET};
    bool is_min = error->code == FINDING_MIN, is_number = node->type == TYPE_NUMBER;
    if (slot->bound) bound.value = slot->value;
    else if (is_number) bound.value.number = is_min ? node->min.number : node->max.number;
    else bound.value.exact = is_min ? node->min.exact : node->max.exact;
    return bound;
}

/* A number of things, as the respondent's language writes it. */
static void put_count(const struct judge *judge, int64_t count, struct buf *out)
{
    locale_put_exact(judge->judging.program->locales[judge->language], count, 0, out);
}

static void put_bound(const struct judge *judge, const struct finding *error, struct buf *out)
{
    static const struct program_part usual = {.show = SHOW_USUAL};
    const struct program_node *node = &judge->judging.program->nodes[error->node];
    switch (error->code) {
    case FINDING_SCALE:
        put_count(judge, node->scale, out);
        return;
    case FINDING_TOO_SHORT:
    case FINDING_TOO_LONG:
        put_count(judge, wording_length(judge, error), out);
        return;
    case FINDING_TOO_FEW:
        put_count(judge, answers_rows(&judge->answers, error->node, error->row).least, out);
        return;
    case FINDING_TOO_MANY:
        put_count(judge, answers_rows(&judge->answers, error->node, error->row).most, out);
        return;
    default:
        break;
    }
    struct slot bound = wording_bound(judge, error);
    value_put_text(&judge->answers, &judge->world->plan->nodes[error->node], &bound, judge->language,
                   &usual, out);
}

static struct str example_of(const struct program_node *node)
{
    if (node->type == TYPE_DATE) return STR("2026-01-31");
    if (node->type == TYPE_YEAR_MONTH) return STR("2026-01");
    if (node->type == TYPE_PARTIAL_DATE) return STR("2026-01-31");
    if (node->format == FORMAT_ZONED) return STR("2026-01-31T14:30");
    return node->type == TYPE_TIME ? STR("14:30") : STR("2026-01-31T14:30:00Z");
}

static void put_blank(const struct judge *judge, const struct finding *error, struct str name,
                      bool quotes, struct buf *out)
{
    const struct program_node *node = &judge->judging.program->nodes[error->node];
    if (str_eq(name, STR("bound"))) put_bound(judge, error, out);
    else if (str_eq(name, STR("example"))) buf_put(out, example_of(node));
    else if (quotes) put_bare_label(judge, error, out);
    else put_label(judge, error, str_eq(name, STR("Label")), out);
}

static void put_sentence(const struct judge *judge, const struct finding *error, struct sentence from,
                         struct buf *out)
{
    struct str sentence = from.text;
    while (sentence.len > 0) {
        const char *open = memchr(sentence.ptr, '{', sentence.len);
        size_t plain = open ? (size_t)(open - sentence.ptr) : sentence.len;
        buf_put(out, (struct str){sentence.ptr, plain});
        if (!open) return;
        const char *close = memchr(open, '}', sentence.len - plain);
        put_blank(judge, error, (struct str){open + 1, (size_t)(close - open - 1)}, from.quotes, out);
        sentence = (struct str){close + 1, sentence.len - (size_t)(close + 1 - sentence.ptr)};
    }
}

/* ---- the form's own words before ours */

static struct program_message own_words(const struct judge *judge, const struct finding *error)
{
    const struct program *program = judge->judging.program;
    const struct program_node *node = &program->nodes[error->node];
    switch (error->code) {
    case FINDING_CHECK:
        return program->checks[error->detail].message;
    case FINDING_REQUIRED:
        return node->rare->required_message;
    case FINDING_MIN:
        return node->rare->min_message;
    case FINDING_MAX:
        return node->rare->max_message;
    case FINDING_TOO_SHORT:
    case FINDING_TOO_LONG:
        if (is_own_text(judge, error)) break;
        return node->rare->length_message;
    case FINDING_PATTERN:
        return node->rare->pattern_message;
    case FINDING_WALL_SKIPPED:
        return node->rare->skipped_message;
    case FINDING_WALL_REPEATED:
        return node->rare->repeated_message;
    default:
        break;
    }
    return (struct program_message){NULL};
}

void wording_put(const struct judge *judge, const struct finding *error, struct buf *out)
{
    const struct program *program = judge->judging.program;
    const struct program_message own = own_words(judge, error);
    bool is_check = error->code == FINDING_CHECK;
    size_t start = out->len;
    if (own.bytes) {
        uint32_t scope = is_check ? program->checks[error->detail].scope : error->scope;
        wording_put_text(judge, &own, scope, is_check ? error->detail_row : error->row, out);
        return;
    }
    struct str language = program->languages[judge->language];
    put_sentence(judge, error, sentence_find(message_for(judge, error), language), out);
    cut(out, start);
}
