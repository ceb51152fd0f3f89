/* What an answer breaks by itself: docs/language.md §3, §4 and §7. */
#include "tests/reference/plain.h"

#include "base/civil.h"
#include "base/decimal.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

static void complain(struct plain *plain, struct plain_finding finding)
{
    struct plain_finding *made = PLAIN_ARRAY(plain, struct plain_finding, 1);
    *made = finding;
    if (plain->last) plain->last->next = made;
    else plain->first = made;
    plain->last = made;
}

/* ---- bounds that are written as constants */

static bool is_constant(const struct ir_expr *bound)
{
    return bound && bound->op == IR_CONST;
}

static const char *exact_bounds(const struct ir_node *node, int64_t value)
{
    if (is_constant(node->min) && value < node->min->value.exact) return "min";
    return is_constant(node->max) && value > node->max->value.exact ? "max" : NULL;
}

static const char *number_bounds(const struct ir_node *node, double value)
{
    if (is_constant(node->min) && value < node->min->value.number) return "min";
    return is_constant(node->max) && value > node->max->value.number ? "max" : NULL;
}

uint32_t plain_length_max(const struct ir_node *node)
{
    int64_t most = node->length_max;
    if (node->type.kind == TYPE_TEXT && most < 0) most = limit(TEXT_ANSWER_CHARS);
    if (node->type.kind == TYPE_TEXT && most < node->length_min) most = node->length_min;
    return most < 0 ? UINT32_MAX : (uint32_t)most;
}

static const char *length_bounds(const struct ir_node *node, size_t length)
{
    if (node->length_min >= 0 && length < (size_t)node->length_min) return "too_short";
    return length > plain_length_max(node) ? "too_long" : NULL;
}

/* ---- one answer. Each writes the value if it is one, and returns what is broken */

static bool has_nul(struct str text)
{
    return memchr(text.ptr, 0, text.len) != NULL;
}

static size_t count_digits(struct str text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++) count += text.ptr[i] >= '0' && text.ptr[i] <= '9';
    return count;
}

static bool has_format(const struct reference *reference, enum program_format format, struct str text)
{
    switch (format) {
    case FORMAT_EMAIL:
        return matcher_match(reference->email, text);
    case FORMAT_URL:
        return matcher_match(reference->url, text);
    case FORMAT_PHONE:
        return matcher_match(reference->phone, text) && count_digits(text) >= 5 &&
               count_digits(text) <= 15;
    case FORMAT_PLAIN:
    case FORMAT_ZONED:
        break;
    }
    return true;
}

static const char *read_text(const struct plain *plain, const struct ir_node *node, struct str text,
                             struct plain_value *value)
{
    if (text.len == 0) return node->length_min > 0 ? "too_short" : NULL;
    if (has_nul(text)) return node->format == FORMAT_PLAIN ? "type" : "format";
    if (!has_format(plain->reference, node->format, text)) return "format";
    const char *broken = length_bounds(node, plain_length(text));
    if (broken) return broken;
    if (node->pattern != IR_NONE && !matcher_match(plain->reference->patterns[node->pattern], text))
        return "pattern";
    *value = plain_text(text);
    return NULL;
}

static const char *read_exact(const struct ir_node *node, const struct json_value *json,
                              struct plain_value *value)
{
    bool quoted = json->kind == JSON_STRING, integer = node->type.kind == TYPE_INTEGER;
    if (json->kind != JSON_NUMBER && (!quoted || integer)) return "type";
    struct str text = quoted ? plain_strip(json->text) : json->text;
    int64_t number;
    const char *broken;
    if (quoted && text.len == 0) return NULL;
    if (!plain_parse_exact(text, false, node->type.scale, &number, &broken))
        return integer && strcmp(broken, "scale") == 0 ? "type" : broken;
    broken = exact_bounds(node, number);
    if (!broken) *value = plain_exact(number);
    return broken;
}

static const char *read_number(struct plain *plain, const struct ir_node *node,
                               const struct json_value *json, struct plain_value *value)
{
    if (json->kind != JSON_NUMBER) return "type";
    double number = strtod(plain_concat(plain, json->text, STR("")).ptr, NULL); /* with a NUL behind */
    if (isinf(number)) return "range";
    if (number == 0) number = 0; /* no -0 */
    const char *broken = number_bounds(node, number);
    if (!broken) *value = plain_number(number);
    return broken;
}

/* "2024", "2024-02", "2024-02-29": from `least` to `most` of the three parts. The rest is 0. */
bool plain_known_part(struct str text, uint32_t least, uint32_t most, int32_t *ret_value)
{
    static const size_t lengths[] = {0, 4, 7, 10};
    char whole[11] = "2000-01-01";
    int32_t day;
    for (uint32_t parts = least; parts <= most; parts++) {
        if (text.len != lengths[parts]) continue;
        memcpy(whole, text.ptr, text.len);
        if (parts == 1) memcpy(whole + 4, "-01-01", 6);
        if (parts == 2) memcpy(whole + 7, "-01", 3);
        if (!civil_parse_date((struct str){whole, 10}, &day)) return false;
        struct civil_date date = civil_date_of(day);
        *ret_value =
            date.year * 10000 + (parts > 1 ? date.month * 100 : 0) + (parts > 2 ? date.day : 0);
        return true;
    }
    return false;
}

static bool parse_moment(enum program_type kind, struct str text, struct plain_value *value)
{
    int32_t small = 0;
    *value = plain_exact(0);
    if (kind == TYPE_DATETIME) return civil_parse_datetime(text, &value->exact, &value->offset);
    bool is_one = kind == TYPE_DATE           ? civil_parse_date(text, &small)
                  : kind == TYPE_YEAR_MONTH   ? plain_known_part(text, 2, 2, &small)
                  : kind == TYPE_PARTIAL_DATE ? plain_known_part(text, 1, 3, &small)
                                              : civil_parse_time(text, &small);
    value->exact = small;
    return is_one;
}

static const char *read_moment(struct plain *plain, const struct ir_node *node,
                               const struct json_value *json, struct plain_value *value)
{
    struct plain_value moment;
    if (json->kind != JSON_STRING) return "type";
    struct str text = plain_strip(json->text);
    if (text.len == 0) return NULL;
    const char *broken = NULL;
    if (node->format == FORMAT_ZONED) broken = plain_read_zoned(plain, node, text, &moment);
    else if (!parse_moment(node->type.kind, text, &moment)) broken = "format";
    if (!broken) broken = exact_bounds(node, moment.exact);
    if (!broken) *value = moment;
    return broken;
}

/* From 0; UINT32_MAX: the list has no such option. */
static uint32_t find_option(const struct plain *plain, const struct ir_node *node, struct str code)
{
    const struct ir_list *list = &plain->ir->lists[node->type.list];
    for (uint32_t i = 0; i < list->option_count; i++)
        if (str_eq(ir_list_code(list, i), code)) return i;
    return UINT32_MAX;
}

/* {"other": "text"}, where no option fits. Missing when there is no text. */
static const char *read_own(const struct ir_node *part, const struct json_value *json,
                            struct plain_cell *cell, struct plain_value *text)
{
    const char *broken = NULL;
    for (uint32_t i = 0; i < json->count; i++) {
        const struct json_value *said = &json->members[i].value;
        if (!str_eq(json->members[i].name, STR("other"))) return "type";
        if (said->kind == JSON_NULL) continue;
        if (said->kind != JSON_STRING) return "type";
        struct str written = plain_strip(said->text);
        if (has_nul(written)) return "type";
        if (written.len == 0 && part->length_min <= 0) continue;
        *text = plain_text(written);
        broken = length_bounds(part, plain_length(written));
        cell->own_text = broken != NULL;
    }
    return broken;
}

static const char *read_own_choice(const struct plain *plain, const struct ir_node *node,
                                   const struct json_value *json, struct plain_cell *cell,
                                   struct plain_value *value)
{
    struct plain_value text = plain_missing();
    const char *broken = read_own(&plain->ir->nodes[node->part], json, cell, &text);
    if (broken || text.state == PLAIN_MISSING) return broken;
    *value = plain_exact((int64_t)plain->ir->lists[node->type.list].option_count + 1);
    value->text = text.text;
    return NULL;
}

static const char *read_choice(const struct plain *plain, const struct ir_node *node,
                               const struct json_value *json, struct plain_cell *cell,
                               struct plain_value *value)
{
    if (json->kind == JSON_OBJECT && node->part) return read_own_choice(plain, node, json, cell, value);
    if (json->kind != JSON_STRING) return "type";
    struct str code = plain_strip(json->text);
    if (code.len == 0) return NULL;
    uint32_t option = find_option(plain, node, code);
    if (option == UINT32_MAX) return "option";
    *value = plain_exact((int64_t)option + 1);
    return NULL;
}

/* "type" of any item before "option" of any before "duplicate". */
static const char *read_chosen(const struct plain *plain, const struct ir_node *node,
                               const struct json_value *json, struct plain_cell *cell, bool *chosen,
                               struct plain_value *own)
{
    bool unknown = false, twice = false;
    const char *wrong_length = NULL;
    uint32_t last = plain->ir->lists[node->type.list].option_count;
    for (uint32_t i = 0; i < json->count; i++) {
        if (json->items[i].kind == JSON_OBJECT && node->part) {
            struct plain_value text = plain_missing();
            const char *broken = read_own(&plain->ir->nodes[node->part], &json->items[i], cell, &text);
            if (broken && strcmp(broken, "type") == 0) return broken;
            if (broken && (!wrong_length || strcmp(broken, "too_short") == 0)) wrong_length = broken;
            if (text.state == PLAIN_MISSING) continue;
            twice |= chosen[last];
            chosen[last] = true;
            *own = text;
            continue;
        }
        if (json->items[i].kind != JSON_STRING) return "type";
        uint32_t option = find_option(plain, node, plain_strip(json->items[i].text));
        if (option == UINT32_MAX) unknown = true;
        else if (chosen[option]) twice = true;
        else chosen[option] = true;
    }
    cell->own_text = wrong_length && !unknown && !twice;
    return unknown ? "option" : twice ? "duplicate" : wrong_length;
}

static uint32_t count_chosen(const bool *chosen, uint32_t count)
{
    uint32_t sum = 0;
    for (uint32_t i = 0; i < count; i++) sum += chosen[i];
    return sum;
}

static const char *read_choices(struct plain *plain, const struct ir_node *node,
                                const struct json_value *json, struct plain_cell *cell,
                                struct plain_value *value)
{
    uint32_t options = plain->ir->lists[node->type.list].option_count + 1;
    struct plain_value own = plain_missing();
    if (json->kind != JSON_ARRAY) return "type";
    bool *chosen = PLAIN_ARRAY(plain, bool, options);
    const char *broken = read_chosen(plain, node, json, cell, chosen, &own);
    if (broken || count_chosen(chosen, options) == 0) return broken;
    broken = length_bounds(node, count_chosen(chosen, options));
    if (!broken)
        *value = (struct plain_value){.state = PLAIN_PRESENT, .chosen = chosen, .text = own.text};
    return broken;
}

static const char *read_ranking(struct plain *plain, const struct ir_node *node,
                                const struct json_value *json, struct plain_value *value)
{
    if (json->kind != JSON_ARRAY) return "type";
    int64_t *order = PLAIN_ARRAY(plain, int64_t, json->count + 1);
    bool unknown = false, twice = false;
    for (uint32_t i = 0; i < json->count; i++) {
        if (json->items[i].kind != JSON_STRING) return "type";
        order[i] = (int64_t)find_option(plain, node, plain_strip(json->items[i].text)) + 1;
        unknown |= order[i] == (int64_t)UINT32_MAX + 1;
        for (uint32_t k = 0; k < i; k++) twice |= order[k] == order[i] && order[i] <= UINT32_MAX;
    }
    if (unknown || twice) return unknown ? "option" : "duplicate";
    const char *broken = json->count ? length_bounds(node, json->count) : NULL;
    if (!broken && json->count)
        *value =
            (struct plain_value){.state = PLAIN_PRESENT, .order = order, .order_count = json->count};
    return broken;
}

static const char *read_boolean(const struct json_value *json, struct plain_value *value)
{
    if (json->kind != JSON_TRUE && json->kind != JSON_FALSE) return "type";
    *value = plain_truth(json->kind == JSON_TRUE);
    return NULL;
}

static const char *read_field(struct plain *plain, const struct ir_node *node,
                              const struct json_value *json, struct plain_cell *cell)
{
    struct plain_value *value = &cell->sent;
    if (json->kind == JSON_NULL) return NULL;
    switch (node->type.kind) {
    case TYPE_TEXT:
        return json->kind == JSON_STRING ? read_text(plain, node, plain_strip(json->text), value)
                                         : "type";
    case TYPE_BOOLEAN:
        return read_boolean(json, value);
    case TYPE_INTEGER:
    case TYPE_DECIMAL:
    case TYPE_MONEY:
        return read_exact(node, json, value);
    case TYPE_NUMBER:
        return read_number(plain, node, json, value);
    case TYPE_CHOICE:
        return read_choice(plain, node, json, cell, value);
    case TYPE_CHOICES:
        return read_choices(plain, node, json, cell, value);
    case TYPE_RANKING:
        return read_ranking(plain, node, json, value);
    default:
        return read_moment(plain, node, json, value);
    }
}

/* ---- objects */

static void read_object(struct plain *plain, uint32_t node, struct plain_row *row,
                        const struct json_value *json);

/* A page or section leaves no trace: what is in it is a member of what is around it. */
bool plain_is_member(const struct ir *ir, uint32_t node, uint32_t around)
{
    uint32_t parent = ir->nodes[node].parent;
    enum program_node_kind kind = ir->nodes[node].kind;
    if (kind != NODE_FIELD && kind != NODE_GROUP && kind != NODE_REPEAT) return false;
    while (node_is_frame(ir->nodes[parent].kind)) parent = ir->nodes[parent].parent;
    return parent == around;
}

static void read_row(struct plain *plain, uint32_t repeat, struct plain_row *around,
                     const struct json_value *json)
{
    uint32_t scope = plain->ir->nodes[repeat].own_scope;
    struct plain_array *array = &around->arrays[scope];
    struct plain_row *row = plain_row_new(plain, around, scope, array->count);
    array->rows[array->count++] = row;
    if (json->kind == JSON_OBJECT) read_object(plain, repeat, row, json);
    else complain(plain, (struct plain_finding){.code = "type", .node = repeat, .row = row});
}

static void read_repeat(struct plain *plain, uint32_t repeat, struct plain_row *around,
                        const struct json_value *json)
{
    const struct ir_scope *scope = &plain->ir->scopes[plain->ir->nodes[repeat].own_scope];
    struct plain_array *array = &around->arrays[plain->ir->nodes[repeat].own_scope];
    if (json->kind == JSON_NULL) return;
    array->sent = json->kind == JSON_ARRAY;
    array->broken = !array->sent;
    if (array->broken) {
        complain(plain, (struct plain_finding){.code = "type", .node = repeat, .row = around});
        return;
    }
    array->sent_rows = json->count;
    array->rows = PLAIN_ARRAY(plain, struct plain_row *, json->count + 1);
    for (uint32_t i = 0; i < json->count && i < scope->rows_max; i++)
        read_row(plain, repeat, around, &json->items[i]);
}

static void read_member(struct plain *plain, uint32_t number, struct plain_row *row,
                        const struct json_value *json)
{
    const struct ir_node *node = &plain->ir->nodes[number];
    struct plain_cell *cell = plain_cell(row, number);
    if (node->kind == NODE_FIELD && !node->computed) cell->broken = read_field(plain, node, json, cell);
    if (node->kind == NODE_FIELD && node->part)
        plain_cell(row, node->part)->sent = plain_text(cell->sent.text);
    if (node->kind == NODE_REPEAT) read_repeat(plain, number, row, json);
    if (node->kind != NODE_GROUP || json->kind == JSON_NULL) return;
    if (json->kind == JSON_OBJECT) read_object(plain, number, row, json);
    else complain(plain, (struct plain_finding){.code = "type", .node = number, .row = row});
}

static uint32_t find_member(const struct ir *ir, uint32_t object, struct str key)
{
    for (uint32_t i = object + 1; i < ir->nodes[object].subtree_end; i++)
        if (plain_is_member(ir, i, object) && str_eq(ir->nodes[i].key, key)) return i;
    return IR_NONE;
}

/* `node` is the form, a group or a repeat, whose members stand in `row`. */
static void read_object(struct plain *plain, uint32_t node, struct plain_row *row,
                        const struct json_value *json)
{
    for (uint32_t i = 0; i < json->count; i++) {
        uint32_t member = find_member(plain->ir, node, json->members[i].name);
        if (member != IR_NONE) read_member(plain, member, row, &json->members[i].value);
        else if (!plain->ir->nodes[node].ignore_unknown)
            complain(plain,
                     (struct plain_finding){
                         .code = "unknown", .node = node, .row = row, .name = json->members[i].name});
    }
}

void plain_read_answers(struct plain *plain, const struct json_value *root)
{
    plain->form = plain_row_new(plain, NULL, 0, 0);
    read_object(plain, 0, plain->form, root);
}
