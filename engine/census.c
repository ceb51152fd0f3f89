/* Census: one strict pass over stored answers, led by the program's own tables of names. No tree, no
 * memory: a thousand submissions cost as little each as one. engine/census.c */
#include "engine/census.h"

#include "base/decimal.h"
#include "base/json_scan.h"

/* ---------------------------------------------------------------- what is counted */

static enum census_kind kind_of(const struct program_node *node)
{
    if (node->kind == NODE_REPEAT) return CENSUS_ROWS;
    if (node->kind != NODE_FIELD) return CENSUS_NOTHING;
    switch (node->type) {
    case TYPE_BOOLEAN:
        return CENSUS_BOOLEAN;
    case TYPE_CHOICE:
        return CENSUS_CHOICE;
    case TYPE_CHOICES:
        return CENSUS_CHOICES;
    case TYPE_RANKING:
        return CENSUS_RANKING;
    case TYPE_INTEGER:
    case TYPE_DECIMAL:
    case TYPE_MONEY:
        return CENSUS_EXACT;
    default:
        return CENSUS_ANSWERED;
    }
}

static uint32_t options_of(const struct program *program, const struct program_node *node,
                           enum census_kind kind, uint32_t options_max)
{
    if (kind == CENSUS_BOOLEAN) return 2;
    if (!census_has_options(kind)) return 0;
    uint32_t count = program->lists[node_list(node)].option_count;
    return count < options_max ? count : options_max;
}

enum status census_plan(struct arena *arena, const struct program *program, uint32_t options_max,
                        uint32_t counters_max, struct census *ret_census)
{
    struct census census = {.program = program};
    struct census_place *places = ARENA_ARRAY(arena, struct census_place, program->node_count);
    if (!places) return arena->refused ? ST_LIMIT : ST_NOMEM;
    for (uint32_t i = 0; i < program->node_count; i++) {
        struct census_place *place = &places[i];
        enum census_kind kind = kind_of(&program->nodes[i]);
        uint32_t options = options_of(program, &program->nodes[i], kind, options_max);
        uint32_t counters = census_has_options(kind) ? 3 + options : 1;
        if (kind == CENSUS_NOTHING || counters > counters_max - census.counter_count) continue;
        *place = (struct census_place){kind, census.counter_count, options, census.sum_count};
        census.counter_count += counters;
        census.sum_count += kind == CENSUS_EXACT;
    }
    census.places = places;
    *ret_census = census;
    return ST_OK;
}

/* ---------------------------------------------------------------- counting */

enum { CENSUS_DEPTH = 64, CENSUS_TEXT_BYTES = 1024 };

struct pass {
    const struct census *census;
    struct json_cursor cur;
    uint64_t *counters;
    struct census_sum *sums;
};

/* A value of any kind, whose strings are looked at and whose brackets are counted. */
static bool skip_value(struct pass *pass)
{
    struct json_cursor *cur = &pass->cur;
    struct json_string string;
    uint32_t depth = 0;
    do {
        char c = json_peek(cur);
        if (cur->at == cur->end) return false;
        if (c == '"') {
            if (json_scan_string(cur, &string)) return false;
            continue;
        }
        if (depth == 0 && (c == ',' || c == '}' || c == ']')) return true;
        if (c == '{' || c == '[') depth++;
        if (c == '}' || c == ']') depth--;
        cur->at++;
        if (depth == 0 && (c == '}' || c == ']')) return true;
    } while (depth > 0 || (json_peek(cur) != ',' && json_peek(cur) != '}' && json_peek(cur) != ']'));
    return true;
}

static bool take_null(struct pass *pass)
{
    return json_peek(&pass->cur) == 'n' && json_scan_word(&pass->cur, STR("null")) == JSON_FAULT_NONE;
}

/* The text that a string stands for, in `room` when it is written otherwise. ptr NULL: longer than any
 * name or code. */
static struct str text_of(const struct json_string *string, char room[CENSUS_TEXT_BYTES])
{
    if (!string->escaped) return string->raw;
    if (string->raw.len > CENSUS_TEXT_BYTES) return (struct str){0};
    return (struct str){room, json_unescape(string->raw, room)};
}

static void count_option(struct pass *pass, const struct census_place *place, uint32_t option)
{
    uint32_t at = option < place->options ? option : place->options;
    pass->counters[place->counter + 1 + at]++;
}

/* The code of an option; or {"other": …}, what no option says. */
static bool count_code(struct pass *pass, const struct census_place *place,
                       const struct program_node *node, bool counts)
{
    char room[CENSUS_TEXT_BYTES];
    struct json_string string;
    if (json_peek(&pass->cur) != '"') {
        if (json_peek(&pass->cur) == '{') pass->counters[place->counter + 2 + place->options] += counts;
        return skip_value(pass);
    }
    if (json_scan_string(&pass->cur, &string)) return false;
    struct str code = text_of(&string, room);
    const struct program_list *list = &pass->census->program->lists[node_list(node)];
    uint32_t option = code.ptr ? name_table_find(&list->codes, code) : NAME_ABSENT;
    if (counts && option != NAME_ABSENT) count_option(pass, place, option);
    return true;
}

static bool count_codes(struct pass *pass, const struct census_place *place,
                        const struct program_node *node)
{
    if (!json_take(&pass->cur, '[')) return skip_value(pass);
    if (json_take(&pass->cur, ']')) return true;
    bool counts = true;
    do {
        if (!count_code(pass, place, node, counts)) return false;
        counts = place->kind == CENSUS_CHOICES;
    } while (json_take(&pass->cur, ','));
    return json_take(&pass->cur, ']');
}

static bool count_boolean(struct pass *pass, const struct census_place *place)
{
    char c = json_peek(&pass->cur);
    if (c == 't' || c == 'f') count_option(pass, place, c == 't');
    return skip_value(pass);
}

void census_sum_add(struct census_sum *sum, uint64_t counted, const struct census_sum *more,
                    uint64_t more_counted)
{
    if (more_counted == 0) return;
    sum->sum += more->sum;
    if (counted == 0 || more->least < sum->least) sum->least = more->least;
    if (counted == 0 || more->most > sum->most) sum->most = more->most;
}

/* Decimals stand as strings, integers as numbers. What is no number of the field is not counted as
 * answered. */
static bool count_exact(struct pass *pass, const struct census_place *place,
                        const struct program_node *node)
{
    const char *start = pass->cur.at;
    int64_t value;
    if (!skip_value(pass)) return false;
    struct str text = {start, (size_t)(pass->cur.at - start)};
    if (text.len >= 2 && text.ptr[0] == '"') text = (struct str){text.ptr + 1, text.len - 2};
    uint64_t *answered = &pass->counters[place->counter];
    if (decimal_parse(text, node->scale, &value) != DECIMAL_OK) return true;
    struct census_sum one = {value, value, value};
    census_sum_add(&pass->sums[place->sum], *answered, &one, 1);
    (*answered)++;
    return true;
}

static bool count_field(struct pass *pass, uint32_t number)
{
    const struct census_place *place = &pass->census->places[number];
    const struct program_node *node = &pass->census->program->nodes[number];
    if (take_null(pass)) return true;
    if (place->kind == CENSUS_EXACT) return count_exact(pass, place, node);
    if (place->kind == CENSUS_NOTHING) return skip_value(pass);
    pass->counters[place->counter]++;
    switch (place->kind) {
    case CENSUS_BOOLEAN:
        return count_boolean(pass, place);
    case CENSUS_CHOICE:
        return count_code(pass, place, node, true);
    case CENSUS_CHOICES:
    case CENSUS_RANKING:
        return count_codes(pass, place, node);
    default:
        return skip_value(pass);
    }
}

static bool count_object(struct pass *pass, uint32_t object, uint32_t depth);

static bool count_rows(struct pass *pass, uint32_t number, uint32_t depth)
{
    const struct census_place *place = &pass->census->places[number];
    uint32_t object = node_object(&pass->census->program->nodes[number]);
    if (!json_take(&pass->cur, '[')) return skip_value(pass);
    if (json_take(&pass->cur, ']')) return true;
    do {
        if (place->kind == CENSUS_ROWS) pass->counters[place->counter]++;
        if (!count_object(pass, object, depth)) return false;
    } while (json_take(&pass->cur, ','));
    return json_take(&pass->cur, ']');
}

static bool count_member(struct pass *pass, const struct program_object *object, struct str name,
                         uint32_t depth)
{
    uint32_t member = name.ptr ? name_table_find(&object->members, name) : NAME_ABSENT;
    if (member == NAME_ABSENT) return skip_value(pass);
    uint32_t number = object->member_nodes[member];
    const struct program_node *node = &pass->census->program->nodes[number];
    if (node->kind == NODE_FIELD) return count_field(pass, number);
    if (node->kind == NODE_REPEAT) return count_rows(pass, number, depth + 1);
    return count_object(pass, node_object(node), depth + 1);
}

static bool count_object(struct pass *pass, uint32_t number, uint32_t depth)
{
    const struct program_object *object = &pass->census->program->objects[number];
    char room[CENSUS_TEXT_BYTES];
    struct json_string name;
    if (depth > CENSUS_DEPTH || !json_take(&pass->cur, '{')) return skip_value(pass);
    if (json_take(&pass->cur, '}')) return true;
    do {
        if (json_peek(&pass->cur) != '"' || json_scan_string(&pass->cur, &name)) return false;
        if (!json_take(&pass->cur, ':')) return false;
        if (!count_member(pass, object, text_of(&name, room), depth)) return false;
    } while (json_take(&pass->cur, ','));
    return json_take(&pass->cur, '}');
}

bool census_add(const struct census *census, struct str answers, uint64_t *counters,
                struct census_sum *sums)
{
    struct pass pass = {
        .census = census, .cur = json_cursor_of(answers), .counters = counters, .sums = sums};
    return count_object(&pass, 0, 0) && pass.cur.at == pass.cur.end;
}

/* ---------------------------------------------------------------- telling */

void census_put_wide(struct buf *out, census_wide value, unsigned scale)
{
    char text[64];
    size_t at = sizeof text;
    unsigned digits = 0;
    bool negative = value < 0;
    do {
        int digit = (int)(value % 10);
        if (digits == scale && scale > 0) text[--at] = '.';
        text[--at] = (char)('0' + (digit < 0 ? -digit : digit));
        value /= 10;
        digits++;
    } while (value != 0 || digits <= scale);
    if (negative) text[--at] = '-';
    buf_put(out, (struct str){text + at, sizeof text - at});
}
