#include "runtime/pass.h"

#include "base/civil.h"
#include "base/decimal.h"
#include "base/json_reader.h"
#include "base/limits.h"
#include "base/partial.h"
#include "base/utf8.h"
#include "runtime/blank.h"
#include "runtime/fit.h"
#include "runtime/quick.h"
#include "runtime/value.h"

/* What the form asks for never comes near the depth that is allowed: only what it does not ask for is
 * counted. */
_Static_assert(2 * LIMIT_NESTING + 2 <= LIMIT_ANSWERS_DEPTH, "a repeat is an array and an object");

struct pass {
    struct json_cursor cur;
    const char *start;
    const struct plan *plan;
    struct arena *arena;
    struct answers *answers;
    uint32_t depth;             /* arrays and objects open at the cursor */
    struct json_names unknown;  /* names that no field has, by object */
    uint32_t objects;           /* that had such a name so far */
    struct json_reader skipper; /* for what is read over; kept so that its tables are used again */
    enum status st;             /* why a step returned false */
    struct pass_fault fault;
};

/* Where an object's members go. */
struct place {
    uint32_t scope, row;
    struct slot *slots; /* of that row; stays where it is while the row is being read */
};

/* ---- how it ends */

static __attribute__((noinline)) bool malformed_at(struct pass *pass, const char *reason,
                                                   const char *at)
{
    pass->st = ST_SYNTAX;
    pass->fault = (struct pass_fault){reason, (uint32_t)(at - pass->start)};
    return false;
}

static __attribute__((noinline)) bool malformed(struct pass *pass, enum json_fault fault)
{
    if (pass->cur.at == pass->cur.end) fault = JSON_FAULT_EARLY_END;
    return malformed_at(pass, json_fault_text(fault), pass->cur.at);
}

static bool out_of_memory(struct pass *pass)
{
    pass->st = pass->arena->refused ? ST_LIMIT : ST_NOMEM;
    return false;
}

/* ---- reading over values nobody asked for */

/* A reader over the rest of the text that goes on counting objects and using its tables. */
static struct json_reader *skipper_here(struct pass *pass)
{
    struct json_reader *reader = &pass->skipper, old = *reader;
    json_reader_init(reader, (struct str){pass->cur.at, (size_t)(pass->cur.end - pass->cur.at)},
                     pass->arena, (uint32_t)limit(ANSWERS_DEPTH) - pass->depth);
    if (!old.arena) return reader;
    reader->names = old.names;
    reader->objects = old.objects;
    reader->open = old.open;
    reader->open_capacity = old.open_capacity;
    return reader;
}

static bool skip_nested(struct pass *pass)
{
    struct json_reader *reader = skipper_here(pass);
    if (json_skip(reader, json_next(reader))) {
        pass->cur.at = reader->cur.at;
        return true;
    }
    if (reader->fault == JSON_FAULT_MEMORY) return out_of_memory(pass);
    return malformed_at(pass, json_fault_text(reader->fault), reader->start + reader->fault_offset);
}

static bool skip_word(struct pass *pass, struct str word)
{
    return json_scan_word(&pass->cur, word) == JSON_FAULT_NONE || malformed(pass, JSON_FAULT_WORD);
}

static bool scan_string(struct pass *pass, struct json_string *ret_string)
{
    enum json_fault fault = json_scan_string(&pass->cur, ret_string);
    return fault == JSON_FAULT_NONE || malformed(pass, fault);
}

static bool scan_number(struct pass *pass, struct json_number *ret_number)
{
    enum json_fault fault = json_scan_number(&pass->cur, ret_number);
    return fault == JSON_FAULT_NONE || malformed(pass, fault);
}

static bool is_number_start(char c)
{
    return c == '-' || (unsigned char)(c - '0') < 10;
}

static bool skip_value(struct pass *pass)
{
    struct json_string string;
    struct json_number number;
    switch (json_peek(&pass->cur)) {
    case '{':
    case '[':
        return skip_nested(pass);
    case '"':
        return scan_string(pass, &string);
    case 't':
        return skip_word(pass, STR("true"));
    case 'f':
        return skip_word(pass, STR("false"));
    case 'n':
        return skip_word(pass, STR("null"));
    default:
        break;
    }
    if (!is_number_start(json_peek(&pass->cur))) return malformed(pass, JSON_FAULT_VALUE);
    return scan_number(pass, &number);
}

/* ---- what a field makes of its value */

static void slot_break(struct pass *pass, struct slot *slot, enum finding_code code)
{
    pass->answers->broken++;
    slot->state = SLOT_BROKEN;
    slot->code = (unsigned)code & 0x7f;
}

static inline void slot_settle(struct pass *pass, struct slot *slot, enum finding_code code)
{
    slot->state = SLOT_SET;
    if (code) slot_break(pass, slot, code);
}

/* A value of a type that the field does not take; null is missing everywhere. */
static bool read_other(struct pass *pass, struct slot *slot)
{
    if (json_peek(&pass->cur) == 'n') return skip_word(pass, STR("null"));
    if (!skip_value(pass)) return false;
    slot_break(pass, slot, FINDING_TYPE);
    return true;
}

struct taken {
    struct str text; /* decoded and stripped */
    uint32_t chars;
    bool has_nul;
};

static bool decode(struct pass *pass, const struct json_string *string, struct str *ret_text)
{
    *ret_text = string->raw;
    if (!string->escaped) return true;
    char *bytes = arena_alloc(pass->arena, string->raw.len);
    if (!bytes) return out_of_memory(pass);
    *ret_text = (struct str){bytes, json_unescape(string->raw, bytes)};
    return true;
}

/* A string with escapes or letters that are not ASCII, or one that is broken; up to `stop` it is plain.
 */
static __attribute__((noinline)) bool take_odd_text(struct pass *pass, const char *stop,
                                                    struct taken *ret_taken)
{
    struct json_string string;
    const char *start = pass->cur.at + 1;
    pass->cur.at = stop;
    enum json_fault fault = json_scan_string_slow(&pass->cur, start, &string);
    if (fault) return malformed(pass, fault);
    if (!decode(pass, &string, &ret_taken->text)) return false;
    ret_taken->chars = string.chars;
    ret_taken->has_nul = string.has_nul;
    ret_taken->text = blank_strip(ret_taken->text, &ret_taken->chars);
    return true;
}

/* The cursor stands on a quote. Inline, so that what a plain string is stays in registers. */
static inline __attribute__((always_inline)) bool take_text(struct pass *pass, struct taken *ret_taken)
{
    const char *start = pass->cur.at + 1, *stop = json_plain_end(start, pass->cur.end);
    size_t len = (size_t)(stop - start);
    bool plain = stop < pass->cur.end && *stop == '"';
    if (!plain || (len > 0 && !(blank_is_ink(*start) && blank_is_ink(stop[-1]))))
        return take_odd_text(pass, stop, ret_taken);
    ret_taken->text.ptr = start;
    ret_taken->text.len = len;
    ret_taken->chars = (uint32_t)len;
    ret_taken->has_nul = false;
    pass->cur.at = stop + 1;
    return true;
}

static enum finding_code check_text(const struct pass *pass, const struct plan_node *field,
                                    const struct taken *taken)
{
    if (taken->has_nul) return field->format == FORMAT_PLAIN ? FINDING_TYPE : FINDING_FORMAT;
    return fit_text(pass->plan, field, taken->text, taken->chars);
}

static bool read_text(struct pass *pass, const struct plan_node *field, struct slot *slot)
{
    if (json_peek(&pass->cur) != '"') return read_other(pass, slot);
    struct taken taken;
    if (!take_text(pass, &taken)) return false;
    if (taken.text.len == 0) {
        if (field->length_min > 0) slot_break(pass, slot, FINDING_TOO_SHORT);
        return true;
    }
    slot->value.text = taken.text.ptr;
    slot->len = (uint32_t)taken.text.len;
    slot_settle(pass, slot, check_text(pass, field, &taken));
    return true;
}

static bool read_boolean(struct pass *pass, struct slot *slot)
{
    char c = json_peek(&pass->cur);
    if (c != 't' && c != 'f') return read_other(pass, slot);
    if (!skip_word(pass, c == 't' ? STR("true") : STR("false"))) return false;
    slot->value.exact = c == 't';
    slot->state = SLOT_SET;
    return true;
}

static void settle_exact(struct pass *pass, const struct plan_node *field, enum decimal_result result,
                         struct slot *slot)
{
    switch (result) {
    case DECIMAL_OK:
        slot_settle(pass, slot, fit_bounds(field, slot->value.exact));
        break;
    case DECIMAL_SYNTAX:
        slot_break(pass, slot, FINDING_TYPE);
        break;
    case DECIMAL_FRACTION:
        slot_break(pass, slot, field->type == TYPE_INTEGER ? FINDING_TYPE : FINDING_SCALE);
        break;
    case DECIMAL_RANGE:
        slot_break(pass, slot, FINDING_RANGE);
        break;
    }
}

/* Decimals may be written as strings, so that no one on the way makes doubles of them. */
static bool read_exact_text(struct pass *pass, const struct plan_node *field, struct slot *slot)
{
    struct taken taken;
    if (!take_text(pass, &taken)) return false;
    if (taken.text.len == 0) return true;
    settle_exact(pass, field, decimal_parse(taken.text, field->scale, &slot->value.exact), slot);
    return true;
}

static bool read_exact(struct pass *pass, const struct plan_node *field, struct slot *slot)
{
    char c = json_peek(&pass->cur);
    if (c == '"' && field->type != TYPE_INTEGER) return read_exact_text(pass, field, slot);
    if (!is_number_start(c)) return read_other(pass, slot);
    struct json_number number;
    if (!scan_number(pass, &number)) return false;
    settle_exact(pass, field, decimal_of_number(&number, field->scale, &slot->value.exact), slot);
    return true;
}

static bool read_number(struct pass *pass, const struct plan_node *field, struct slot *slot)
{
    if (!is_number_start(json_peek(&pass->cur))) return read_other(pass, slot);
    struct json_number number;
    if (!scan_number(pass, &number)) return false;
    if (!double_of_number(&number, &slot->value.number)) slot_break(pass, slot, FINDING_RANGE);
    else slot_settle(pass, slot, fit_number(field, slot->value.number));
    return true;
}

/* DATE, TIME, DATETIME, YEAR_MONTH and PARTIAL_DATE. */
static bool parse_moment(const struct plan_node *field, struct str text, struct slot *slot)
{
    int32_t small = 0, offset = 0;
    bool is_one = false;
    switch (field->type) {
    case TYPE_DATE:
        is_one = civil_parse_date(text, &small);
        break;
    case TYPE_YEAR_MONTH:
        is_one = partial_parse_month(text, &small);
        break;
    case TYPE_PARTIAL_DATE:
        is_one = partial_parse(text, &small);
        break;
    case TYPE_TIME:
        is_one = civil_parse_time(text, &small);
        break;
    default:
        return civil_parse_datetime(text, &slot->value.exact, &offset) &&
               (slot->offset = (int16_t)offset, true);
    }
    slot->value.exact = small;
    return is_one;
}

/* ---- wall times */

static uint32_t zone_number(const struct pass *pass, const struct plan_node *field, struct str said)
{
    struct str own = pass->plan->program->nodes[field->node].rare->zone;
    return atlas_find(pass->answers->atlas, said.len ? said : own);
}

static enum finding_code parse_zoned(const struct pass *pass, const struct plan_node *field,
                                     struct str text, struct slot *slot)
{
    struct zoned zoned;
    const struct atlas *atlas = pass->answers->atlas;
    if (!zoned_parse(text, &zoned)) return FINDING_FORMAT;
    uint32_t number = zone_number(pass, field, zoned.zone);
    if (number == NAME_ABSENT) return FINDING_FORMAT;
    struct zoned_rule rule = pass->plan->program->nodes[field->node].rare->wall;
    slot->len = number + 1;
    switch (zoned_resolve(&zoned, atlas_zone(atlas, number), rule, &slot->value.exact)) {
    case ZONED_OK:
        return fit_bounds(field, slot->value.exact);
    case ZONED_SKIPPED:
        return FINDING_WALL_SKIPPED;
    case ZONED_REPEATED:
        return FINDING_WALL_REPEATED;
    case ZONED_NONE:
        break;
    }
    return FINDING_FORMAT;
}

static bool read_zoned(struct pass *pass, const struct plan_node *field, struct slot *slot)
{
    if (json_peek(&pass->cur) != '"') return read_other(pass, slot);
    struct taken taken;
    if (!take_text(pass, &taken)) return false;
    if (taken.text.len > 0) slot_settle(pass, slot, parse_zoned(pass, field, taken.text, slot));
    return true;
}

static bool read_moment(struct pass *pass, const struct plan_node *field, struct slot *slot)
{
    if (json_peek(&pass->cur) != '"') return read_other(pass, slot);
    struct taken taken;
    if (!take_text(pass, &taken)) return false;
    if (taken.text.len == 0) return true;
    if (!parse_moment(field, taken.text, slot)) slot_break(pass, slot, FINDING_FORMAT);
    else slot_settle(pass, slot, fit_bounds(field, slot->value.exact));
    return true;
}

/* The number of the option from 0, or NAME_ABSENT. */
static uint32_t find_option(const struct pass *pass, const struct plan_node *field, struct str code)
{
    return plan_find_option(&pass->plan->lists[field->target], code);
}

/* ---- what no option says: {"other": "text"} */

struct own {
    bool is_there;
    enum finding_code code; /* what is wrong with it */
};

static bool next_item(struct pass *pass, char closing, bool *ret_more);
static bool open_items(struct pass *pass, char closing);
static bool take_name(struct pass *pass, struct str *ret_name);

static bool read_own_text(struct pass *pass, const struct plan_node *part, struct slot *slot,
                          struct own *own)
{
    struct taken taken;
    if (!take_text(pass, &taken)) return false;
    own->is_there = taken.text.len > 0 || part->length_min > 0;
    if (taken.text.len > 0 || slot->state != SLOT_SET) { /* what says nothing takes nothing back */
        slot->value.text = taken.text.ptr;
        slot->len = (uint32_t)taken.text.len;
        slot->state = SLOT_SET;
    }
    if (taken.has_nul) own->code = FINDING_TYPE;
    else if (own->is_there && !own->code) own->code = fit_length(part, taken.chars);
    return true;
}

static bool read_own_member(struct pass *pass, const struct plan_node *part, struct slot *slot,
                            struct own *own)
{
    struct str name;
    if (!take_name(pass, &name)) return false;
    json_skip_blanks(&pass->cur);
    bool other = str_eq(name, STR("other"));
    if (other && json_peek(&pass->cur) == '"') return read_own_text(pass, part, slot, own);
    if (!other || json_peek(&pass->cur) != 'n') own->code = FINDING_TYPE;
    return skip_value(pass);
}

/* Read over first, which finds what is malformed; then once more for what it says. */
static bool read_own(struct pass *pass, const struct plan_node *field, struct slot *slot,
                     struct own *ret_own)
{
    const struct plan_node *part =
        &pass->plan->nodes[pass->plan->program->nodes[field->node].rare->part];
    struct json_cursor start = pass->cur;
    struct own own = {0};
    if (!skip_value(pass)) return false;
    pass->cur = start;
    pass->depth++;
    bool more = open_items(pass, '}');
    while (more)
        if (!read_own_member(pass, part, slot + field->part - field->slot, &own) ||
            !next_item(pass, '}', &more))
            return false;
    pass->depth--;
    *ret_own = own;
    return true;
}

/* The length that is wrong is the text's. */
static void slot_break_own(struct pass *pass, struct slot *slot, enum finding_code code)
{
    slot_break(pass, slot, code);
    slot->offset = code == FINDING_TOO_SHORT || code == FINDING_TOO_LONG;
}

static bool read_own_choice(struct pass *pass, const struct plan_node *field, struct slot *slot)
{
    struct own own;
    if (!read_own(pass, field, slot, &own)) return false;
    slot->value.exact = (int64_t)pass->plan->lists[field->target].count + 1;
    if (own.code) slot_break_own(pass, slot, own.code);
    else if (own.is_there) slot->state = SLOT_SET;
    return true;
}

static bool read_choice(struct pass *pass, const struct plan_node *field, struct slot *slot)
{
    if (field->part && json_peek(&pass->cur) == '{') return read_own_choice(pass, field, slot);
    if (json_peek(&pass->cur) != '"') return read_other(pass, slot);
    struct taken taken;
    if (!take_text(pass, &taken)) return false;
    if (taken.text.len == 0) return true;
    uint32_t option = find_option(pass, field, taken.text);
    slot->value.exact = (int64_t)option + 1;
    slot_settle(pass, slot, option == NAME_ABSENT ? FINDING_OPTION : FINDING_NONE);
    return true;
}

/* ---- sets */

struct chosen {
    struct slot *slot;
    unsigned char *bits;
    uint32_t bytes; /* without zeros at the end */
    uint32_t count;
    enum finding_code worst; /* TYPE before OPTION before DUPLICATE */
};

static void chosen_break(struct chosen *chosen, enum finding_code code)
{
    if (chosen->worst == FINDING_NONE || code < chosen->worst) chosen->worst = code;
}

static void chosen_add(struct chosen *chosen, uint32_t option)
{
    unsigned char *byte = &chosen->bits[option / 8];
    unsigned char bit = (unsigned char)(1u << option % 8);
    if (*byte & bit) chosen_break(chosen, FINDING_DUPLICATE);
    *byte |= bit;
    chosen->count++;
    if (option / 8 >= chosen->bytes) chosen->bytes = option / 8 + 1;
}

static bool read_own_chosen(struct pass *pass, const struct plan_node *field, struct chosen *chosen)
{
    struct own own;
    if (!read_own(pass, field, chosen->slot, &own)) return false;
    if (own.code) chosen_break(chosen, own.code);
    if (own.is_there) chosen_add(chosen, pass->plan->lists[field->target].count);
    return true;
}

static bool read_chosen(struct pass *pass, const struct plan_node *field, struct chosen *chosen)
{
    if (field->part && json_peek(&pass->cur) == '{') return read_own_chosen(pass, field, chosen);
    if (json_peek(&pass->cur) != '"') {
        chosen_break(chosen, FINDING_TYPE);
        return skip_value(pass);
    }
    struct taken taken;
    if (!take_text(pass, &taken)) return false;
    uint32_t option = find_option(pass, field, taken.text);
    if (option == NAME_ABSENT) chosen_break(chosen, FINDING_OPTION);
    else chosen_add(chosen, option);
    return true;
}

/* Past the comma to the next item, or past the closing bracket (*ret_more false). */
static bool next_item(struct pass *pass, char closing, bool *ret_more)
{
    json_skip_blanks(&pass->cur);
    bool more = json_take(&pass->cur, ',');
    *ret_more = more;
    if (!more) return json_take(&pass->cur, closing) || malformed(pass, JSON_FAULT_COMMA);
    json_skip_blanks(&pass->cur);
    return true;
}

/* Past the opening bracket, to the first item; false: past the closing one, nothing stood between. */
static bool open_items(struct pass *pass, char closing)
{
    pass->cur.at++;
    json_skip_blanks(&pass->cur);
    return !json_take(&pass->cur, closing);
}

static bool read_choices(struct pass *pass, const struct plan_node *field, struct slot *slot)
{
    if (json_peek(&pass->cur) != '[') return read_other(pass, slot);
    size_t size = pass->plan->program->lists[field->target].option_count / 8 + 1;
    struct chosen chosen = {.slot = slot, .bits = arena_zalloc(pass->arena, size, 1)};
    if (!chosen.bits) return out_of_memory(pass);
    pass->depth++;
    bool more = open_items(pass, ']');
    while (more)
        if (!read_chosen(pass, field, &chosen) || !next_item(pass, ']', &more)) return false;
    pass->depth--;
    slot->value.text = (const char *)chosen.bits;
    slot->len = chosen.bytes;
    if (chosen.worst) slot_break_own(pass, slot, chosen.worst);
    else if (chosen.count) slot_settle(pass, slot, fit_length(field, chosen.count));
    return true;
}

/* ---- rankings: like sets, but the order counts */

/* Room for all the options that there can be, or that what is left of the text can hold. */
static bool make_ranking(struct pass *pass, const struct plan_node *field, struct chosen *chosen,
                         char **ret_order)
{
    enum { CODE_BYTES_MIN = 3 }; /* a, and its quotes */
    size_t options = pass->plan->lists[field->target].count,
           room = (size_t)(pass->cur.end - pass->cur.at) / CODE_BYTES_MIN + 1;
    if (room > options) room = options;
    chosen->bits = arena_zalloc(pass->arena, options / 8 + 1, 1);
    *ret_order = arena_alloc(pass->arena, room * RANKED_BYTES + 1);
    return (chosen->bits && *ret_order) || out_of_memory(pass);
}

static bool read_ranked(struct pass *pass, const struct plan_node *field, struct chosen *chosen,
                        char *order)
{
    struct taken taken;
    if (json_peek(&pass->cur) != '"') {
        chosen_break(chosen, FINDING_TYPE);
        return skip_value(pass);
    }
    if (!take_text(pass, &taken)) return false;
    uint32_t option = find_option(pass, field, taken.text);
    if (option == NAME_ABSENT) chosen_break(chosen, FINDING_OPTION);
    else if (chosen->bits[option / 8] >> option % 8 & 1) chosen_break(chosen, FINDING_DUPLICATE);
    else ranked_put(order + (size_t)chosen->count * RANKED_BYTES, option), chosen_add(chosen, option);
    return true;
}

static bool read_ranking(struct pass *pass, const struct plan_node *field, struct slot *slot)
{
    struct chosen chosen = {.slot = slot};
    char *order;
    if (json_peek(&pass->cur) != '[') return read_other(pass, slot);
    if (!make_ranking(pass, field, &chosen, &order)) return false;
    pass->depth++;
    bool more = open_items(pass, ']');
    while (more)
        if (!read_ranked(pass, field, &chosen, order) || !next_item(pass, ']', &more)) return false;
    pass->depth--;
    slot->value.text = order;
    slot->len = chosen.count * RANKED_BYTES;
    if (chosen.worst) slot_break(pass, slot, chosen.worst);
    else if (chosen.count) slot_settle(pass, slot, fit_length(field, chosen.count));
    return true;
}

static bool read_field(struct pass *pass, const struct plan_node *field, struct slot *slot)
{
    switch ((enum program_type)field->type) {
    case TYPE_TEXT:
        return read_text(pass, field, slot);
    case TYPE_BOOLEAN:
        return read_boolean(pass, slot);
    case TYPE_INTEGER:
    case TYPE_DECIMAL:
    case TYPE_MONEY:
        return read_exact(pass, field, slot);
    case TYPE_NUMBER:
        return read_number(pass, field, slot);
    case TYPE_DATETIME:
        if (field->format == FORMAT_ZONED) return read_zoned(pass, field, slot);
        return read_moment(pass, field, slot);
    case TYPE_DATE:
    case TYPE_TIME:
    case TYPE_YEAR_MONTH:
    case TYPE_PARTIAL_DATE:
        return read_moment(pass, field, slot);
    case TYPE_CHOICE:
        return read_choice(pass, field, slot);
    case TYPE_CHOICES:
        return read_choices(pass, field, slot);
    case TYPE_RANKING:
        return read_ranking(pass, field, slot);
    case TYPE_NONE:
        break;
    }
    return skip_value(pass);
}

/* ---- objects */

static bool read_object(struct pass *pass, const struct program_object *object, struct place place);

static bool complain(struct pass *pass, struct finding finding)
{
    return findings_add(&pass->answers->findings, finding) || out_of_memory(pass);
}

/* Something stands where an object or array should; `place` is what will be complained about. */
static bool read_wrong_shape(struct pass *pass, const struct plan_node *node, uint32_t scope,
                             uint32_t row)
{
    return skip_value(pass) &&
           complain(pass, (struct finding){
                              .code = FINDING_TYPE, .node = node->node, .scope = scope, .row = row});
}

static bool read_group(struct pass *pass, const struct plan_node *group, struct place place)
{
    char c = json_peek(&pass->cur);
    if (c == '{') return read_object(pass, &pass->plan->program->objects[group->target], place);
    if (c == 'n') return skip_word(pass, STR("null"));
    return read_wrong_shape(pass, group, place.scope, place.row);
}

static bool read_row(struct pass *pass, const struct plan_node *repeat, uint32_t parent)
{
    const struct program *program = pass->plan->program;
    struct place place = {.scope = repeat->target};
    if (!answers_add_row(pass->answers, place.scope, parent, &place.row)) return out_of_memory(pass);
    if (json_peek(&pass->cur) != '{') return read_wrong_shape(pass, repeat, place.scope, place.row);
    place.slots = answers_slot(pass->answers, place.scope, place.row, 0);
    return read_object(pass, &program->objects[node_object(&program->nodes[repeat->node])], place);
}

static bool read_rows(struct pass *pass, const struct plan_node *repeat, uint32_t parent)
{
    struct table *table = &pass->answers->tables[repeat->target];
    uint32_t most = pass->plan->program->scopes[repeat->target].rows_max;
    pass->depth++;
    bool more = open_items(pass, ']');
    while (more) {
        bool keep = table->broods[parent].sent++ < most;
        if (keep) table->broods[parent].count++;
        if (!(keep ? read_row(pass, repeat, parent) : skip_value(pass))) return false;
        if (!next_item(pass, ']', &more)) return false;
    }
    pass->depth--;
    return true;
}

static bool read_repeat(struct pass *pass, const struct plan_node *repeat, struct place place)
{
    struct brood *brood = &pass->answers->tables[repeat->target].broods[place.row];
    char c = json_peek(&pass->cur);
    if (c == 'n') return skip_word(pass, STR("null"));
    brood->state = c == '[' ? SLOT_SET : SLOT_BROKEN;
    if (c == '[') return read_rows(pass, repeat, place.row);
    return read_wrong_shape(pass, repeat, place.scope, place.row);
}

static bool read_member(struct pass *pass, const struct plan_node *node, struct place place)
{
    if (node->flags & PLAN_ANSWERED) /* nearly always */
        return read_field(pass, node, &place.slots[node->slot]);
    switch ((enum program_node_kind)node->kind) {
    case NODE_GROUP:
        return read_group(pass, node, place);
    case NODE_REPEAT:
        return read_repeat(pass, node, place);
    case NODE_FIELD: /* computed */
    case NODE_FORM:
    case NODE_PAGE:
    case NODE_SECTION:
    case NODE_NOTE:
    case NODE_LET:
        break;
    }
    return skip_value(pass);
}

/* What one object has had so far: of the members below `high` all but those that are `missed`. */
struct roll {
    const struct program_object *object;
    uint64_t *missed; /* a bit for each member */
    uint32_t high;
    uint32_t next;   /* the member that would come next if all came in order */
    uint32_t number; /* among the objects with unknown members; 0 before the first */
};

/* A member that no field asks for. The cursor stands on its value; `quote` is where its name began. */
static bool read_unknown(struct pass *pass, struct roll *roll, struct place place, struct str name,
                         const char *quote)
{
    if (!pass->unknown.arena) json_names_init(&pass->unknown, pass->arena);
    if (!roll->number) roll->number = ++pass->objects;
    enum status st = json_names_add(&pass->unknown, roll->number, name);
    if (st == ST_CONFLICT) return malformed_at(pass, json_fault_text(JSON_FAULT_DUPLICATE), quote);
    if (st) return out_of_memory(pass);
    struct finding finding = {.code = FINDING_UNKNOWN,
                              .node = roll->object->node,
                              .scope = place.scope,
                              .row = place.row,
                              .name = name};
    if (!roll->object->ignore_unknown && !complain(pass, finding)) return false;
    return skip_value(pass);
}

static inline bool roll_has(const struct roll *roll, uint32_t member)
{
    return member < roll->high && (roll->missed[member / 64] >> member % 64 & 1) == 0;
}

static void roll_add(struct roll *roll, uint32_t member)
{
    if (member < roll->high) roll->missed[member / 64] &= ~(UINT64_C(1) << member % 64);
    for (; roll->high <= member; roll->high++)
        if (roll->high < member) roll->missed[roll->high / 64] |= UINT64_C(1) << roll->high % 64;
    roll->next = member + 1;
}

static bool roll_call(struct pass *pass, struct roll *roll, uint32_t member, const char *quote)
{
    if (roll_has(roll, member)) return malformed_at(pass, json_fault_text(JSON_FAULT_DUPLICATE), quote);
    roll_add(roll, member);
    return true;
}

static inline bool ends_eq(const char *a, const char *b, size_t len, size_t step)
{
    uint64_t x[2] = {0, 0}, y[2] = {0, 0};
    memcpy(&x[0], a, step), memcpy(&y[0], b, step);
    memcpy(&x[1], a + len - step, step), memcpy(&y[1], b + len - step, step);
    return ((x[0] ^ y[0]) | (x[1] ^ y[1])) == 0;
}

/* `"key":` byte by byte, as the most usual writer writes it. `len` is at least 4. */
static inline bool bytes_eq(const char *a, const char *b, size_t len)
{
    if (len < 8) return ends_eq(a, b, len, 4);
    for (; len > 16; a += 8, b += 8, len -= 8)
        if (json_load8(a) != json_load8(b)) return false;
    return ends_eq(a, b, len, 8);
}

static inline bool is_named(const struct plan_node *node, const char *at, const char *end)
{
    return (size_t)(end - at) >= node->key_bytes && bytes_eq(at, node->key_json, node->key_bytes);
}

/* The guess that saves the hash: members mostly come in the order of the form, without the computed
 * ones, sometimes one left out. NAME_ABSENT: not so this time. */
static uint32_t guess_member(const struct pass *pass, const struct roll *roll, const char *at)
{
    const uint32_t *members = roll->object->member_nodes;
    uint32_t member = roll->next, tries = 2;
    for (; member < roll->object->member_count; member++) {
        const struct plan_node *node = &pass->plan->nodes[members[member]];
        if (node->flags & PLAN_COMPUTED) continue;
        if (is_named(node, at, pass->cur.end)) return member;
        if (--tries == 0) break;
    }
    return NAME_ABSENT;
}

/* The cursor stands on a name's quote, or should; afterwards on the value. */
static bool take_name(struct pass *pass, struct str *ret_name)
{
    struct json_string string;
    if (json_peek(&pass->cur) != '"') return malformed(pass, JSON_FAULT_NAME);
    if (!scan_string(pass, &string) || !decode(pass, &string, ret_name)) return false;
    json_skip_blanks(&pass->cur);
    return json_take(&pass->cur, ':') || malformed(pass, JSON_FAULT_COLON);
}

static bool read_named(struct pass *pass, struct roll *roll, struct place place)
{
    const struct program_object *object = roll->object;
    const struct plan_node *nodes = pass->plan->nodes;
    const char *quote = pass->cur.at;
    struct str name = {NULL, 0};
    uint32_t member = guess_member(pass, roll, quote);
    if (member != NAME_ABSENT) {
        pass->cur.at += nodes[object->member_nodes[member]].key_bytes;
    } else {
        if (!take_name(pass, &name)) return false;
        member = name_table_find(&object->members, name);
    }
    json_skip_blanks(&pass->cur);
    if (member == NAME_ABSENT) return read_unknown(pass, roll, place, name, quote);
    return roll_call(pass, roll, member, quote) &&
           read_member(pass, &nodes[object->member_nodes[member]], place);
}

static inline const char *past_blanks(const char *at, const char *end)
{
    struct json_cursor cur = {at, end};
    json_skip_blanks(&cur);
    return cur.at;
}

/* With room behind its name. As numbers, for pointers may not point past the end. */
static inline bool is_quick(const struct plan_node *node, const char *at, const char *end)
{
    return (node->flags & PLAN_ANSWERED) &&
           (uintptr_t)at + node->key_bytes <= (uintptr_t)end - QUICK_ROOM &&
           bytes_eq(at, node->key_json, node->key_bytes);
}

/* The value behind the name at `at`, as quick_read(). */
static inline __attribute__((always_inline)) const char *quick_value(const struct plan *plan,
                                                                     const struct plan_node *node,
                                                                     const char *at, const char *end,
                                                                     struct slot *slots)
{
    at += node->key_bytes;
    if ((unsigned char)*at <= ' ' && end - (at = past_blanks(at, end)) < QUICK_ROOM) return NULL;
    return quick_read(plan, node, at, end, &slots[node->slot]);
}

/* Where reading quickly stopped: at a name, because it is none that was guessed or its value is not the
 * plain case, or behind a value that no comma follows. */
enum halt { HALT_NAME, HALT_VALUE, HALT_BEHIND };

/* The members from `from` to before `to` were passed over. */
static inline void roll_miss(struct roll *roll, uint32_t from, uint32_t to)
{
    for (; from < to; from++) roll->missed[from / 64] |= UINT64_C(1) << from % 64;
}

/* Members in their order, for as long as nothing is to be done but read them; from and to where `*at`
 * is. As guess_member() does, it passes over those that are computed, and one that is left out. Not
 * inline: it has need of every register. */
static __attribute__((noinline)) enum halt read_run(const struct pass *pass, struct roll *roll,
                                                    struct slot *slots, const char **ret_at)
{
    const struct plan *const plan = pass->plan;
    const struct plan_node *const nodes = plan->nodes;
    const char *at = *ret_at, *const end = pass->cur.end;
    const uint32_t *const members = roll->object->member_nodes;
    const uint32_t *next = members + roll->next, *const last = members + roll->object->member_count;
    enum halt halt = HALT_NAME;
    while (next < last) {
        const struct plan_node *node = &nodes[*next];
        if (!is_quick(node, at, end)) {
            const char *name =
                past_blanks(at, end); /* mostly there are none, so they are looked for here */
            const uint32_t *passed = next++;
            if (name != at) {
                at = name;
                next = passed;
                continue;
            }
            if (!(node->flags & PLAN_COMPUTED)) {
                while (next < last && (nodes[*next].flags & PLAN_COMPUTED)) next++;
                if (next == last || !is_quick(&nodes[*next], at, end)) {
                    next = passed;
                    break;
                }
            }
            roll_miss(roll, (uint32_t)(passed - members), (uint32_t)(next - members));
            continue;
        }
        const char *after = quick_value(plan, node, at, end, slots);
        halt = HALT_VALUE;
        if (!after) break;
        next++;
        at = after;
        halt = HALT_BEHIND;
        if (at == end || *at != ',') break;
        at++;
        halt = HALT_NAME;
    }
    if (halt == HALT_NAME) at = past_blanks(at, end);
    roll->next = roll->high = (uint32_t)(next - members);
    *ret_at = at;
    return halt;
}

/* The member whose plain name stands at `at`, and where its value begins. */
static uint32_t find_named(const struct pass *pass, const struct roll *roll, const char *at,
                           const char **ret_value)
{
    struct str name;
    const char *const end = pass->cur.end;
    const char *after = at < end ? quick_string(at, end, &name) : NULL;
    if (!after || after == end || *after != ':') return NAME_ABSENT;
    *ret_value = past_blanks(after + 1, end);
    return name_table_find(&roll->object->members, name);
}

/* One member that is not the next one, or that comes after others came out of order. */
static __attribute__((noinline)) enum halt read_astray(const struct pass *pass, struct roll *roll,
                                                       struct slot *slots, const char **ret_at)
{
    const char *value, *const end = pass->cur.end;
    uint32_t member = find_named(pass, roll, *ret_at, &value);
    if (member == NAME_ABSENT || roll_has(roll, member) || end - value < QUICK_ROOM) return HALT_VALUE;
    const struct plan_node *node = &pass->plan->nodes[roll->object->member_nodes[member]];
    if (!(node->flags & PLAN_ANSWERED)) return HALT_VALUE;
    const char *after = quick_read(pass->plan, node, value, end, &slots[node->slot]);
    if (!after) return HALT_VALUE;
    roll_add(roll, member);
    *ret_at = after;
    if (after == end || *after != ',') return HALT_BEHIND;
    *ret_at = past_blanks(after + 1, end);
    return HALT_NAME;
}

/* Members as they nearly all come, read without a look at anything but what is read (runtime/quick.h):
 * from a name on, for as long as they come so. True: it stopped behind a value; false: at a name. */
static bool read_plain(struct pass *pass, struct roll *roll, struct slot *slots)
{
    enum halt halt = HALT_NAME;
    while (halt == HALT_NAME) {
        if (roll->next == roll->high) halt = read_run(pass, roll, slots, &pass->cur.at);
        if (halt == HALT_NAME) halt = read_astray(pass, roll, slots, &pass->cur.at);
    }
    return halt == HALT_BEHIND;
}

enum { FEW_WORDS = 4 }; /* of an object of usual size: no need to ask the arena */

static bool read_object(struct pass *pass, const struct program_object *object, struct place place)
{
    uint64_t few[FEW_WORDS] = {0};
    uint32_t words = (object->member_count + 63) / 64;
    struct roll roll = {.object = object, .missed = few};
    if (words > FEW_WORDS && !(roll.missed = ARENA_ARRAY(pass->arena, uint64_t, words)))
        return out_of_memory(pass);
    pass->depth++;
    bool more = open_items(pass, '}');
    while (more) {
        if (!read_plain(pass, &roll, place.slots) && !read_named(pass, &roll, place)) return false;
        if (!next_item(pass, '}', &more)) return false;
    }
    pass->depth--;
    return true;
}

static bool read_all(struct pass *pass)
{
    json_skip_blanks(&pass->cur);
    if (json_peek(&pass->cur) != '{') {
        const char *value = pass->cur.at;
        if (!skip_value(pass)) return false;
        return malformed_at(pass, "the answers must be an object", value);
    }
    struct place form = {.slots = pass->answers->tables[0].slots};
    if (!read_object(pass, &pass->plan->program->objects[0], form)) return false;
    json_skip_blanks(&pass->cur);
    return pass->cur.at == pass->cur.end || malformed(pass, JSON_FAULT_TRAILING);
}

enum status pass_run(const struct plan *plan, const struct atlas *atlas, struct arena *arena,
                     struct str text, struct answers *ret_answers, struct pass_fault *reterr_fault)
{
    struct pass pass = {
        .cur = {text.ptr, text.ptr + text.len},
        .start = text.ptr,
        .plan = plan,
        .arena = arena,
        .answers = ret_answers,
    };
    if (text.len > limit(ANSWERS_BYTES))
        malformed_at(&pass, "the answers are too long", text.ptr + limit(ANSWERS_BYTES));
    else if (!answers_begin(ret_answers, plan, arena)) out_of_memory(&pass);
    else ret_answers->atlas = atlas, read_all(&pass);
    if (pass.st == ST_SYNTAX) *reterr_fault = pass.fault;
    return pass.st;
}
