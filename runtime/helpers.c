#include "runtime/helpers.h"

#include "base/decimal.h"
#include "runtime/value.h"

#include <lua.h>
#include <math.h>

int (*helper_function(enum program_helper helper))(struct lua_State *lua)
{
    static int (*const functions[])(struct lua_State *) = {
#define HELPER(NAME, name, arity, base_cost, note) [HELPER_##NAME] = helper_##name,
#include "dsl/helper.def"
#undef HELPER
    };
    return functions[helper];
}

/* ---- arguments and results */

static int broken(struct lua_State *lua)
{
    return world_raise(lua, helper_world(lua), WORLD_BROKEN);
}

bool helper_other(struct lua_State *lua, int index)
{
    if (!lua_isnoneornil(lua, index)) broken(lua);
    return false;
}

bool helper_double(struct lua_State *lua, int index, double *ret_value)
{
    if (lua_type(lua, index) == LUA_TNUMBER) {
        *ret_value = lua_tonumber(lua, index);
        return true;
    }
    if (!lua_isnoneornil(lua, index)) broken(lua);
    return false;
}

bool helper_text(struct lua_State *lua, int index, struct str *ret_text)
{
    if (lua_type(lua, index) == LUA_TSTRING) {
        ret_text->ptr = lua_tolstring(lua, index, &ret_text->len);
        return true;
    }
    if (!lua_isnoneornil(lua, index)) broken(lua);
    return false;
}

uint32_t helper_index(struct lua_State *lua, int index, uint32_t count)
{
    int64_t value = -1;
    if (!helper_exact(lua, index, &value) || value < 0 || value >= count) broken(lua);
    return (uint32_t)value;
}

static uint32_t rule_index(struct lua_State *lua, int index)
{
    return helper_index(lua, index, helper_world(lua)->program->rule_count);
}

static void charge(struct lua_State *lua, uint64_t steps)
{
    struct world *world = helper_world(lua);
    if (steps > world->steps_left) world_raise(lua, world, WORLD_OVER_STEPS);
    world->steps_left -= steps;
}

void helper_charge_text(struct lua_State *lua, size_t bytes)
{
    charge(lua, (bytes + 15) / 16);
}

int helper_nothing(struct lua_State *lua)
{
    lua_pushnil(lua);
    return 1;
}

int helper_give_exact(struct lua_State *lua, int64_t value)
{
    lua_pushinteger(lua, value);
    return 1;
}

int helper_give_text(struct lua_State *lua, struct str text)
{
    lua_pushlstring(lua, text.ptr, text.len);
    return 1;
}

char *helper_room(struct lua_State *lua, size_t bytes)
{
    struct world *world = helper_world(lua);
    arena_reset(&world->scratch);
    char *room = arena_alloc(&world->scratch, bytes);
    if (!room) world_raise(lua, world, world->scratch.refused ? WORLD_OVER_MEMORY : WORLD_NOMEM);
    return room;
}

static int give_double(struct lua_State *lua, double value)
{
    lua_pushnumber(lua, value);
    return 1;
}

/* ---- steps and findings */

int helper_charge(struct lua_State *lua)
{
    int64_t steps = -1;
    if (!helper_exact(lua, 1, &steps) || steps < 0) return broken(lua);
    charge(lua, (uint64_t)steps);
    return 0;
}

/* A row as rules number them, of `scope`; 0 is the form's only one. */
static uint32_t row_index(struct lua_State *lua, int index, uint32_t scope)
{
    struct world *world = helper_world(lua);
    if (!world->answers) broken(lua);
    uint32_t count = world->answers->tables[scope].count;
    uint32_t row = helper_index(lua, index, count + 1);
    if ((row == 0) != (scope == 0)) broken(lua);
    return row ? row - 1 : 0;
}

/* Whose row holds the place: a check inside a repeat that points at the repeat means the row. */
static uint32_t place_scope(const struct program *program, const struct program_check *check)
{
    const struct program_node *node = &program->nodes[check->node];
    if (node->kind != NODE_REPEAT) return node->scope;
    for (uint32_t scope = check->scope; scope != PROGRAM_NONE; scope = program->scopes[scope].parent)
        if (scope == node->rare->own_scope) return scope;
    return node->scope;
}

int helper_fail(struct lua_State *lua)
{
    struct world *world = helper_world(lua);
    const struct program *program = world->program;
    uint32_t number = helper_index(lua, 1, program->check_count);
    const struct program_check *check = &program->checks[number];
    struct finding finding = {.code = FINDING_CHECK, .node = check->node, .detail = number};
    finding.detail_row = row_index(lua, 2, check->scope);
    finding.scope = place_scope(program, check);
    finding.row = answers_row_in(world->answers, check->scope, finding.detail_row, finding.scope);
    if (findings_add(&world->answers->findings, finding)) return 0;
    return world_raise(lua, world, world->answers->arena->refused ? WORLD_OVER_MEMORY : WORLD_NOMEM);
}

/* Whether values of the type have bounds. */
static bool has_bounds(enum program_type type)
{
    switch (type) {
    case TYPE_INTEGER:
    case TYPE_DECIMAL:
    case TYPE_MONEY:
    case TYPE_NUMBER:
    case TYPE_DATE:
    case TYPE_TIME:
    case TYPE_DATETIME:
    case TYPE_YEAR_MONTH:
        return true;
    case TYPE_NONE:
    case TYPE_TEXT:
    case TYPE_BOOLEAN:
    case TYPE_CHOICE:
    case TYPE_CHOICES:
    case TYPE_PARTIAL_DATE:
    case TYPE_RANKING:
        break;
    }
    return false;
}

/* Whether the node says anything that could be broken so. */
static bool may_break(const struct program_node *node, enum program_breach breach)
{
    switch (breach) {
    case BREACH_MIN:
    case BREACH_MAX:
        return has_bounds(node->type);
    case BREACH_TOO_SHORT:
        return node->rare->length_low != 0;
    case BREACH_TOO_LONG:
        return node->rare->length_high != 0;
    case BREACH_READONLY:
        return node->readonly || node->rare->readonly_flag;
    case BREACH_REPEATED:
        return node->unique;
    case BREACH_COUNT:
        break;
    }
    return false;
}

static int break_slot(struct world *world, struct slot *slot, enum program_breach breach)
{
    static const uint8_t codes[BREACH_COUNT] = {[BREACH_MIN] = FINDING_MIN,
                                                [BREACH_MAX] = FINDING_MAX,
                                                [BREACH_TOO_SHORT] = FINDING_TOO_SHORT,
                                                [BREACH_TOO_LONG] = FINDING_TOO_LONG,
                                                [BREACH_READONLY] = FINDING_READONLY,
                                                [BREACH_REPEATED] = FINDING_REPEATED};
    world->answers->broken++;
    slot->state = SLOT_BROKEN;
    slot->code = (unsigned)codes[breach] & 0x7f;
    slot->bound = 1;
    return 0;
}

int helper_breach(struct lua_State *lua)
{
    struct world *world = helper_world(lua);
    uint32_t number = helper_index(lua, 1, world->program->node_count);
    const struct program_node *node = &world->program->nodes[number];
    if (node->kind != NODE_FIELD) return broken(lua);
    uint32_t row = row_index(lua, 2, node->scope);
    uint32_t which = helper_index(lua, 3, BREACH_COUNT);
    struct slot *slot = answers_of(world->answers, number, row);
    if (!may_break(node, (enum program_breach)which)) return broken(lua);
    if (which > BREACH_MAX) return break_slot(world, slot, (enum program_breach)which);
    struct value_range range = value_range(world->program, node);
    bool is_there = node->type == TYPE_NUMBER
                        ? helper_double(lua, 4, &slot->value.number) && isfinite(slot->value.number)
                        : helper_held(lua, 4, range.low, range.high, &slot->value.exact);
    if (!is_there) return broken(lua);
    return break_slot(world, slot, (enum program_breach)which);
}

int helper_fault(struct lua_State *lua)
{
    uint32_t rule = rule_index(lua, 1);
    uint32_t kind = helper_index(lua, 2, FAULT_DATE_RANGE + 1);
    if (kind == FAULT_NONE) return broken(lua);
    return world_fault(lua, helper_world(lua), (enum fault_kind)kind, rule);
}

/* ---- exact numbers */

__extension__ typedef __int128 wide;

static int64_t power_of_ten(struct lua_State *lua, int index)
{
    return decimal_power(helper_index(lua, index, 19));
}

static bool is_exact(wide value)
{
    return value >= -DECIMAL_MAX && value <= DECIMAL_MAX;
}

int helper_mul(struct lua_State *lua)
{
    int64_t a, b;
    if (!helper_exact(lua, 2, &a) || !helper_exact(lua, 3, &b)) return helper_nothing(lua);
    wide product = (wide)a * b;
    if (!is_exact(product))
        return world_fault(lua, helper_world(lua), FAULT_OVERFLOW, rule_index(lua, 1));
    return helper_give_exact(lua, (int64_t)product);
}

/* a / b, half to even; b is not 0. */
static wide divide_even(wide a, wide b)
{
    wide quotient = a / b, rest = a % b;
    wide twice = (rest < 0 ? -rest : rest) * 2, whole = b < 0 ? -b : b;
    if (twice < whole || (twice == whole && quotient % 2 == 0)) return quotient;
    return quotient + ((a < 0) == (b < 0) ? 1 : -1);
}

int helper_divide(struct lua_State *lua)
{
    int64_t a, b;
    if (!helper_exact(lua, 2, &a) || !helper_exact(lua, 3, &b)) return helper_nothing(lua);
    int64_t up = power_of_ten(lua, 4), down = power_of_ten(lua, 5);
    if (b == 0) return world_fault(lua, helper_world(lua), FAULT_DIVISION_BY_ZERO, rule_index(lua, 1));
    wide quotient = divide_even((wide)a * up, (wide)b * down);
    if (!is_exact(quotient))
        return world_fault(lua, helper_world(lua), FAULT_OVERFLOW, rule_index(lua, 1));
    return helper_give_exact(lua, (int64_t)quotient);
}

int helper_round(struct lua_State *lua)
{
    int64_t a;
    if (!helper_exact(lua, 1, &a)) return helper_nothing(lua);
    return helper_give_exact(lua, (int64_t)divide_even(a, power_of_ten(lua, 2)));
}

static int64_t divide_floor(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

int helper_floor_scaled(struct lua_State *lua)
{
    int64_t a;
    if (!helper_exact(lua, 1, &a)) return helper_nothing(lua);
    return helper_give_exact(lua, divide_floor(a, power_of_ten(lua, 2)));
}

int helper_ceil_scaled(struct lua_State *lua)
{
    int64_t a, unit;
    if (!helper_exact(lua, 1, &a)) return helper_nothing(lua);
    unit = power_of_ten(lua, 2);
    return helper_give_exact(lua, divide_floor(a, unit) + (a % unit != 0));
}

int helper_number(struct lua_State *lua)
{
    int64_t a;
    if (!helper_exact(lua, 1, &a)) return helper_nothing(lua);
    return give_double(lua, decimal_to_double(a, helper_index(lua, 2, DECIMAL_SCALE_MAX + 1)));
}

/* ---- doubles */

/* The digits of `x` without the last `cut`, half to even, as units of 10^-scale. */
static double round_digits(const struct json_number *x, uint32_t cut, uint32_t scale)
{
    if (cut > 18) return 0;
    int64_t units = (int64_t)divide_even((wide)x->digits, (wide)decimal_power(cut));
    if (units == 0) return 0;
    char text[48];
    size_t len = decimal_format(units, 0, text);
    text[len++] = 'e', text[len++] = '-';
    len += decimal_format(scale, 0, text + len);
    double result = 0;
    bool is_one = double_parse((struct str){text, len}, &result);
    (void)is_one; /* it is nearer to 0 than x was */
    return x->negative ? -result : result;
}

int helper_round_number(struct lua_State *lua)
{
    double x;
    if (!helper_double(lua, 1, &x)) return helper_nothing(lua);
    uint32_t scale = helper_index(lua, 2, DECIMAL_SCALE_MAX + 1);
    if (!isfinite(x)) return broken(lua);
    char text[DOUBLE_TEXT_BYTES];
    struct json_cursor cur = {text, text + double_format(x, text)};
    struct json_number digits;
    if (json_scan_number(&cur, &digits)) return broken(lua);
    int64_t fraction = (int64_t)digits.fraction - digits.exponent;
    if (fraction <= scale) return give_double(lua, x);
    return give_double(lua, round_digits(&digits, (uint32_t)(fraction - scale), scale));
}

static int give_whole(struct lua_State *lua, double x)
{
    if (!(fabs(x) <= (double)DECIMAL_MAX))
        return world_fault(lua, helper_world(lua), FAULT_OVERFLOW, rule_index(lua, 1));
    return helper_give_exact(lua, (int64_t)x);
}

int helper_floor_number(struct lua_State *lua)
{
    double x;
    return helper_double(lua, 2, &x) ? give_whole(lua, floor(x)) : helper_nothing(lua);
}

int helper_ceil_number(struct lua_State *lua)
{
    double x;
    return helper_double(lua, 2, &x) ? give_whole(lua, ceil(x)) : helper_nothing(lua);
}

int helper_sqrt(struct lua_State *lua)
{
    double x;
    if (!helper_double(lua, 2, &x)) return helper_nothing(lua);
    if (!(x >= 0)) return world_fault(lua, helper_world(lua), FAULT_NOT_FINITE, rule_index(lua, 1));
    return give_double(lua, sqrt(x));
}

/* ---- options */

static bool set_has(struct str set, uint32_t option)
{
    return option / 8 < set.len && ((unsigned char)set.ptr[option / 8] >> option % 8 & 1);
}

/* An option as rules number them, from 1. */
static bool option_index(struct lua_State *lua, int index, uint32_t *ret_option)
{
    int64_t option;
    if (!helper_exact(lua, index, &option)) return false;
    if (option < 1 || option > UINT32_MAX) broken(lua);
    *ret_option = (uint32_t)(option - 1);
    return true;
}

int helper_has(struct lua_State *lua)
{
    struct str set;
    uint32_t option;
    if (!helper_text(lua, 1, &set) || !option_index(lua, 2, &option)) return helper_nothing(lua);
    lua_pushboolean(lua, set_has(set, option));
    return 1;
}

int helper_size(struct lua_State *lua)
{
    struct str set = {NULL, 0};
    int64_t count = 0;
    helper_text(lua, 1, &set);
    for (size_t i = 0; i < set.len; i++) count += __builtin_popcount((unsigned char)set.ptr[i]);
    return helper_give_exact(lua, count);
}

static const struct program_list *list_at(struct lua_State *lua)
{
    const struct program *program = helper_world(lua)->program;
    return &program->lists[helper_index(lua, 1, program->list_count)];
}

static int64_t score_at(struct lua_State *lua, uint32_t option)
{
    const struct program_list *list = list_at(lua);
    if (option >= list->option_count || list->sheet) broken(lua);
    return program_option_score(list, option);
}

static int give_cell(struct lua_State *lua, enum program_type type, const struct program_cell *cell)
{
    if (!cell->present) return helper_nothing(lua);
    switch (type) {
    case TYPE_TEXT:
        helper_charge_text(lua, cell->value.text.len);
        return helper_give_text(lua, cell->value.text);
    case TYPE_NUMBER:
        return give_double(lua, cell->value.number);
    case TYPE_BOOLEAN:
        lua_pushboolean(lua, cell->value.exact != 0);
        return 1;
    default:
        return helper_give_exact(lua, cell->value.exact);
    }
}

int helper_column(struct lua_State *lua)
{
    uint32_t option;
    if (!option_index(lua, 3, &option)) return helper_nothing(lua);
    const struct program_list *list = list_at(lua);
    uint32_t column = helper_index(lua, 2, list->column_count);
    if (option == list->option_count) return helper_nothing(lua);
    if (option > list->option_count) return broken(lua);
    struct program_cell cell = program_cell_at(helper_world(lua)->program, list, column, option);
    return give_cell(lua, list->columns[column].type, &cell);
}

int helper_find(struct lua_State *lua)
{
    struct str code;
    if (!helper_text(lua, 2, &code)) return helper_nothing(lua);
    helper_charge_text(lua, code.len);
    uint32_t option = name_table_find(&list_at(lua)->codes, code);
    return option == NAME_ABSENT ? helper_nothing(lua) : helper_give_exact(lua, (int64_t)option + 1);
}

int helper_next_option(struct lua_State *lua)
{
    struct str set;
    int64_t option;
    if (!helper_text(lua, 1, &set) || !helper_held(lua, 2, 0, UINT32_MAX, &option)) return broken(lua);
    size_t first = (size_t)option / 8, at = first;
    unsigned passed = (unsigned)(option % 8);
    unsigned bits = at < set.len ? (unsigned)(unsigned char)set.ptr[at] >> passed << passed : 0;
    while (bits == 0 && ++at < set.len) bits = (unsigned char)set.ptr[at];
    helper_charge_text(lua,
                       at < set.len ? at - first + 1 : set.len - (first < set.len ? first : set.len));
    if (bits == 0) return helper_nothing(lua);
    return helper_give_exact(lua, (int64_t)(at * 8) + __builtin_ctz(bits) + 1);
}

int helper_unoffered(struct lua_State *lua)
{
    struct world *world = helper_world(lua);
    uint32_t number = helper_index(lua, 1, world->program->node_count);
    const struct program_node *node = &world->program->nodes[number];
    if (node->kind != NODE_FIELD || !node->filtered) return broken(lua);
    struct slot *slot = answers_of(world->answers, number, row_index(lua, 2, node->scope));
    world->answers->broken++;
    slot->state = SLOT_BROKEN;
    slot->code = FINDING_OPTION;
    slot->bound = 0;
    return 0;
}

/* What no option says: it stands behind the last. */
static bool is_beyond_list(struct lua_State *lua, uint32_t option)
{
    return option == list_at(lua)->option_count;
}

int helper_score(struct lua_State *lua)
{
    uint32_t option;
    if (!option_index(lua, 2, &option)) return helper_nothing(lua);
    if (is_beyond_list(lua, option)) return helper_give_exact(lua, 0);
    return helper_give_exact(lua, score_at(lua, option));
}

/* The compiler has seen to it that no sum of a list's scores leaves the exact numbers. */
int helper_score_set(struct lua_State *lua)
{
    struct str set;
    if (!helper_text(lua, 2, &set)) return helper_nothing(lua);
    const struct program_list *list = list_at(lua);
    int64_t sum = 0;
    for (uint32_t i = 0; !list->sheet && i < list->option_count; i++)
        if (set_has(set, i)) sum += program_option_score(list, i);
    return helper_give_exact(lua, sum);
}

int helper_code(struct lua_State *lua)
{
    uint32_t option;
    if (!option_index(lua, 2, &option) || is_beyond_list(lua, option)) return helper_nothing(lua);
    const struct program_list *list = list_at(lua);
    if (option > list->option_count) return broken(lua);
    return helper_give_text(lua, program_option_code(list, option));
}

int helper_listed(struct lua_State *lua)
{
    struct str set;
    if (!helper_text(lua, 2, &set)) return helper_nothing(lua);
    uint32_t count = list_at(lua)->option_count;
    if (!set_has(set, count)) {
        lua_settop(lua, 2);
        return 1;
    }
    char *room = helper_room(lua, set.len);
    memcpy(room, set.ptr, set.len);
    room[count / 8] = (char)((unsigned char)room[count / 8] & ~(1u << count % 8));
    while (set.len > 0 && room[set.len - 1] == 0) set.len--;
    return set.len ? helper_give_text(lua, (struct str){room, set.len}) : helper_nothing(lua);
}

/* ---- codes of several */

/* A text that is first measured, then made: `at` is where it goes on, NULL while it is measured. */
struct joining {
    const struct program_list *list;
    struct str separator;
    size_t bytes, count;
    char *at;
};

static void join_text(struct joining *joining, struct str text)
{
    if (joining->at && text.len) memcpy(joining->at, text.ptr, text.len);
    if (joining->at) joining->at += text.len;
    joining->bytes += text.len;
}

static void join_code(struct joining *joining, uint32_t option)
{
    if (joining->count++) join_text(joining, joining->separator);
    join_text(joining, program_option_code(joining->list, option));
}

/* What no option says is passed over. */
static void join_set(struct joining *joining, struct str set)
{
    for (size_t i = 0; i < set.len; i++)
        for (unsigned bits = (unsigned char)set.ptr[i]; bits; bits &= bits - 1) {
            uint32_t option = (uint32_t)i * 8 + (uint32_t)__builtin_ctz(bits);
            if (option < joining->list->option_count) join_code(joining, option);
        }
}

static void join_ranking(struct joining *joining, struct str ranking)
{
    for (size_t i = 0; i < ranking.len / RANKED_BYTES; i++)
        if (ranked_option(ranking.ptr, i) < joining->list->option_count)
            join_code(joining, ranked_option(ranking.ptr, i));
}

static int give_codes(struct lua_State *lua, void (*join)(struct joining *joining, struct str chosen))
{
    struct joining joining = {.list = list_at(lua)};
    struct str chosen;
    if (!helper_text(lua, 2, &chosen) || !helper_text(lua, 3, &joining.separator))
        return helper_nothing(lua);
    join(&joining, chosen);
    if (joining.count == 0) return helper_nothing(lua);
    size_t bytes = joining.bytes;
    helper_charge_result(lua, bytes);
    char *room = helper_room(lua, bytes);
    joining.count = 0;
    joining.at = room;
    join(&joining, chosen);
    return helper_give_text(lua, (struct str){room, bytes});
}

int helper_codes(struct lua_State *lua)
{
    return give_codes(lua, join_set);
}

int helper_ranked_codes(struct lua_State *lua)
{
    return give_codes(lua, join_ranking);
}

/* ---- rankings */

static bool ranking_at(struct lua_State *lua, int index, struct str *ret_ranking)
{
    if (!helper_text(lua, index, ret_ranking)) return false;
    if (ret_ranking->len % RANKED_BYTES != 0) broken(lua);
    return true;
}

/* From 1; 0: it does not stand there. */
static int64_t rank_of(struct str ranking, uint32_t option)
{
    for (size_t i = 0; i < ranking.len / RANKED_BYTES; i++)
        if (ranked_option(ranking.ptr, i) == option) return (int64_t)i + 1;
    return 0;
}

int helper_rank(struct lua_State *lua)
{
    struct str ranking;
    uint32_t option;
    if (!ranking_at(lua, 1, &ranking) || !option_index(lua, 2, &option)) return helper_nothing(lua);
    int64_t rank = rank_of(ranking, option);
    return rank ? helper_give_exact(lua, rank) : helper_nothing(lua);
}

int helper_rank_has(struct lua_State *lua)
{
    struct str ranking;
    uint32_t option;
    if (!ranking_at(lua, 1, &ranking) || !option_index(lua, 2, &option)) return helper_nothing(lua);
    lua_pushboolean(lua, rank_of(ranking, option) != 0);
    return 1;
}

int helper_rank_count(struct lua_State *lua)
{
    struct str ranking;
    if (!ranking_at(lua, 1, &ranking)) return helper_nothing(lua);
    return helper_give_exact(lua, (int64_t)(ranking.len / RANKED_BYTES));
}

int helper_ranked(struct lua_State *lua)
{
    struct str ranking;
    int64_t position;
    if (!ranking_at(lua, 1, &ranking) || !helper_exact(lua, 2, &position)) return helper_nothing(lua);
    int64_t count = (int64_t)(ranking.len / RANKED_BYTES);
    if (position < -count || position > count || position == 0) return helper_nothing(lua);
    int64_t at = position > 0 ? position - 1 : count + position;
    return helper_give_exact(lua, (int64_t)ranked_option(ranking.ptr, (size_t)at) + 1);
}
