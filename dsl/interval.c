#include "dsl/interval.h"

#include "base/civil.h"
#include "base/decimal.h"
#include "base/limits.h"
#include "base/partial.h"
#include "dsl/type.h"

#include <assert.h>
#include <string.h>

enum { TEXT_OF_BYTES = 32, CODE_POINT_BYTES = 4, ROW_BYTES_MIN = 3 /* "{}," in the answers */ };

struct interval {
    int64_t low, high;
    bool overflows; /* the true ends lay beyond ±(2^53 − 1) */
};

/* ---- ends. They never leave ±2^63, since operands lie within ±2^53 but for products */

static int64_t product(int64_t a, int64_t b)
{
    int64_t result;
    if (!__builtin_mul_overflow(a, b, &result)) return result;
    return (a < 0) == (b < 0) ? INT64_MAX : INT64_MIN;
}

static struct interval within(int64_t low, int64_t high)
{
    struct interval result = {low, high, low < -DECIMAL_MAX || high > DECIMAL_MAX};
    if (result.low < -DECIMAL_MAX) result.low = -DECIMAL_MAX;
    if (result.high > DECIMAL_MAX) result.high = DECIMAL_MAX;
    /* All of it beyond: whatever comes out faulted before. */
    if (result.low > DECIMAL_MAX) result.low = DECIMAL_MAX;
    if (result.high < -DECIMAL_MAX) result.high = -DECIMAL_MAX;
    return result;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t greatest(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static struct interval multiply(struct interval a, struct interval b)
{
    int64_t ends[] = {product(a.low, b.low), product(a.low, b.high), product(a.high, b.low),
                      product(a.high, b.high)};
    int64_t low = ends[0], high = ends[0];
    for (size_t i = 1; i < sizeof ends / sizeof *ends; i++) {
        low = least(low, ends[i]);
        high = greatest(high, ends[i]);
    }
    return within(low, high);
}

static struct interval full(void)
{
    return (struct interval){-DECIMAL_MAX, DECIMAL_MAX, false};
}

static struct interval of(const struct ir_expr *e)
{
    return (struct interval){e->low, e->high, false};
}

static struct interval both(struct interval a, struct interval b)
{
    return (struct interval){least(a.low, b.low), greatest(a.high, b.high), false};
}

/* ---- types and nodes */

void interval_of_type(const struct ir *ir, struct type type, int64_t *ret_low, int64_t *ret_high)
{
    int64_t low = 0, high = 0;
    switch (type.kind) {
    case TYPE_INTEGER:
    case TYPE_DECIMAL:
    case TYPE_MONEY:
        low = -DECIMAL_MAX, high = DECIMAL_MAX;
        break;
    case TYPE_DATE:
        low = CIVIL_DAY_MIN, high = CIVIL_DAY_MAX;
        break;
    case TYPE_YEAR_MONTH:
        low = PARTIAL_MONTH_MIN, high = PARTIAL_MONTH_MAX;
        break;
    case TYPE_PARTIAL_DATE:
        low = PARTIAL_MIN, high = PARTIAL_MAX;
        break;
    case TYPE_TIME:
        high = CIVIL_MS_PER_DAY - 1;
        break;
    case TYPE_DATETIME:
        low = CIVIL_MS_MIN, high = CIVIL_MS_MAX;
        break;
    case TYPE_CHOICE:
        low = 1, high = greatest(1, (int64_t)ir->lists[type.list].option_count + type.open);
        break;
    default:
        break;
    }
    *ret_low = low;
    *ret_high = high;
}

static uint32_t clamp_text(uint64_t bytes)
{
    return bytes > limit(TEXT_RESULT_BYTES) ? limit(TEXT_RESULT_BYTES) : (uint32_t)bytes;
}

/* What is sent for a text, four bytes for each code point; no text is longer than all the answers. */
static uint32_t answer_bytes(const struct ir_node *node)
{
    int64_t chars = node->length_max;
    if (chars < 0) chars = greatest(limit(TEXT_ANSWER_CHARS), node->length_min);
    return chars > limit(ANSWERS_BYTES) / CODE_POINT_BYTES ? limit(ANSWERS_BYTES)
                                                           : (uint32_t)chars * CODE_POINT_BYTES;
}

static bool is_static(const struct ir_expr *bound)
{
    return bound && bound->op == IR_CONST && bound->type.kind != TYPE_NUMBER;
}

void interval_of_node(const struct ir *ir, struct ir_node *node)
{
    bool answered = (node->kind == NODE_FIELD && !node->computed) || node->sent;
    interval_of_type(ir, node->type, &node->low, &node->high);
    node->may_be_missing = 1;
    node->text_max = answered ? answer_bytes(node) : clamp_text(UINT64_MAX);
    if (is_static(node->min)) node->low = greatest(node->low, node->min->value.exact);
    if (is_static(node->max)) node->high = least(node->high, node->max->value.exact);
}

uint64_t interval_rows(const struct ir *ir, uint32_t scope, uint32_t outer)
{
    uint64_t rows = 1, rows_max = limit(ANSWERS_BYTES) / ROW_BYTES_MIN + 1;
    for (; scope != outer; scope = ir->scopes[scope].parent) {
        assert(scope != 0);
        rows *= ir->scopes[scope].rows_max;
        if (rows > rows_max) rows = rows_max;
    }
    return rows;
}

/* ---- exact operations */

static struct interval scaled(struct interval a, unsigned digits)
{
    int64_t power = decimal_power(digits);
    return multiply(a, (struct interval){power, power, false});
}

/* To fewer digits; `rounding` is monotonic, so the ends stay the ends. */
static struct interval rounded(const struct ir_expr *a, unsigned scale, enum decimal_rounding rounding)
{
    struct interval result = full();
    bool fits = decimal_rescale(a->low, a->type.scale, scale, rounding, &result.low) &&
                decimal_rescale(a->high, a->type.scale, scale, rounding, &result.high);
    return fits ? result : full();
}

static struct interval remainder_of(struct interval divisor)
{
    int64_t size = greatest(greatest(divisor.high, -divisor.low), 1);
    int64_t low = divisor.low < 0 ? 1 - size : 0;
    int64_t high = divisor.high > 0 ? size - 1 : 0;
    return (struct interval){low, high, divisor.low <= 0 && divisor.high >= 0};
}

/* A quotient is no larger than its dividend, but for the sign. */
static struct interval quotient_of(struct interval a, struct interval divisor)
{
    int64_t size = greatest(greatest(a.high, -a.low), 1);
    bool positive = a.low >= 0 && divisor.low >= 0;
    return (struct interval){positive ? 0 : -size, size, divisor.low <= 0 && divisor.high >= 0};
}

static struct interval magnitude(struct interval a)
{
    int64_t high = greatest(a.high, -a.low);
    return (struct interval){a.low > 0 ? a.low : a.high < 0 ? -a.high : 0, high, false};
}

static struct interval sign_of(struct interval a)
{
    return (struct interval){a.low > 0   ? 1
                             : a.low < 0 ? -1
                                         : 0,
                             a.high > 0   ? 1
                             : a.high < 0 ? -1
                                          : 0,
                             false};
}

/* The least of those that are there: no greater than any that surely is. */
static struct interval least_of(const struct ir_expr *e)
{
    struct interval result = of(e->args[0]);
    for (uint32_t i = 1; i < e->arg_count; i++) result = both(result, of(e->args[i]));
    for (uint32_t i = 0; i < e->arg_count; i++)
        if (!e->args[i]->may_be_missing) result.high = least(result.high, e->args[i]->high);
    return result;
}

static struct interval greatest_of(const struct ir_expr *e)
{
    struct interval result = of(e->args[0]);
    for (uint32_t i = 1; i < e->arg_count; i++) result = both(result, of(e->args[i]));
    for (uint32_t i = 0; i < e->arg_count; i++)
        if (!e->args[i]->may_be_missing) result.low = greatest(result.low, e->args[i]->low);
    return result;
}

/* ---- dates */

/* Longest year, shortest month: bounds that never cut into what is real. */
static struct interval date_shift(struct interval date, struct interval count, int64_t days_least,
                                  int64_t days_most)
{
    int64_t back = count.low < 0 ? product(count.low, days_most) : product(count.low, days_least);
    int64_t ahead = count.high > 0 ? product(count.high, days_most) : product(count.high, days_least);
    int64_t low = greatest(back, -2 * DECIMAL_MAX) + date.low,
            high = least(ahead, 2 * DECIMAL_MAX) + date.high;
    bool leaves = low < CIVIL_DAY_MIN || high > CIVIL_DAY_MAX;
    low = least(greatest(low, CIVIL_DAY_MIN), CIVIL_DAY_MAX);
    high = greatest(least(high, CIVIL_DAY_MAX), CIVIL_DAY_MIN);
    return (struct interval){low, high, leaves};
}

/* No clock is two days ahead or behind. */
static struct interval day_of(struct interval instant)
{
    bool leaves = instant.low < CIVIL_MS_MIN + 2 * CIVIL_MS_PER_DAY ||
                  instant.high > CIVIL_MS_MAX - 2 * CIVIL_MS_PER_DAY;
    return (struct interval){CIVIL_DAY_MIN, CIVIL_DAY_MAX, leaves};
}

static struct interval years_of(struct interval date)
{
    return (struct interval){civil_date_of((int32_t)date.low).year,
                             civil_date_of((int32_t)date.high).year, false};
}

/* In units that are at least and at most so long: of short ones there are many. */
static struct interval between(const struct ir_expr *e, int64_t least_long, int64_t most_long)
{
    int64_t low = e->args[1]->low - e->args[0]->high, high = e->args[1]->high - e->args[0]->low;
    low /= low < 0 ? least_long : most_long;
    high /= high > 0 ? least_long : most_long;
    return (struct interval){low - 1, high + 1, false};
}

/* ---- choices */

static struct interval scores_of(const struct ir_list *list)
{
    struct interval result = {0, 0, false};
    for (uint32_t i = 0; i < list->option_count; i++) {
        struct interval one = {list->options[i].score, list->options[i].score, false};
        result = i ? both(result, one) : one;
    }
    return result;
}

static struct interval score_sum_of(const struct ir_list *list)
{
    int64_t low = 0, high = 0;
    for (uint32_t i = 0; i < list->option_count; i++) {
        int64_t score = list->options[i].score;
        low = within(low + least(score, 0), 0).low;
        high = within(0, high + greatest(score, 0)).high;
    }
    return (struct interval){low, high, false};
}

static uint32_t code_bytes(const struct ir_list *list)
{
    size_t bytes = 0;
    for (uint32_t i = 0; i < list->option_count; i++)
        if (ir_list_code(list, i).len > bytes) bytes = ir_list_code(list, i).len;
    return clamp_text(bytes);
}

/* All of them, with a separator behind each. */
static uint64_t codes_bytes(const struct ir_list *list, uint32_t separator)
{
    uint64_t bytes = (uint64_t)list->option_count * separator;
    for (uint32_t i = 0; i < list->option_count; i++) bytes += ir_list_code(list, i).len;
    return bytes;
}

/* ---- calls */

static struct interval type_interval(const struct ir *ir, struct type type)
{
    struct interval result = {0, 0, false};
    interval_of_type(ir, type, &result.low, &result.high);
    return result;
}

static bool rules_out_zero(const struct ir_expr *e)
{
    return e->low > 0 || e->high < 0;
}

static struct interval call_interval(const struct ir *ir, const struct ir_expr *e)
{
    const struct ir_expr *a = e->arg_count ? e->args[0] : NULL;
    switch (e->helper) {
    case HELPER_ROUND:
        return rounded(a, e->type.scale, DECIMAL_HALF_EVEN);
    case HELPER_FLOOR_SCALED:
        return rounded(a, e->type.scale, DECIMAL_FLOOR);
    case HELPER_CEIL_SCALED:
        return rounded(a, e->type.scale, DECIMAL_CEILING);
    case HELPER_DIVIDE:
        return (struct interval){-DECIMAL_MAX, DECIMAL_MAX, true};
    case HELPER_SIZE:
        return (struct interval){0, (int64_t)ir->lists[a->type.list].option_count + a->type.open,
                                 false};
    case HELPER_RANK:
    case HELPER_RANK_COUNT:
        return (struct interval){1, greatest(1, ir->lists[a->type.list].option_count), false};
    case HELPER_SCORE: {
        struct interval scores = scores_of(&ir->lists[a->type.list]);
        return a->type.open ? both(scores, (struct interval){0, 0, false}) : scores;
    }
    case HELPER_SCORE_SET:
        return score_sum_of(&ir->lists[a->type.list]);
    case HELPER_COLUMN: {
        const struct ir_column *column = &ir->lists[a->type.list].columns[e->column];
        return (struct interval){column->low, column->high, false};
    }
    case HELPER_LENGTH:
    case HELPER_WORDS:
        return (struct interval){0, a->text_max, false};
    case HELPER_CHECKSUM:
        return (struct interval){0, e->args[2]->high - 1, false};
    case HELPER_YEAR:
        return years_of(of(a));
    case HELPER_PARTIAL_YEAR:
        return (struct interval){a->low / 10000, a->high / 10000, false};
    case HELPER_PRECISION:
        return (struct interval){1, 3, false};
    case HELPER_EARLIEST:
    case HELPER_LATEST:
        return (struct interval){civil_day_of((int32_t)(a->low / 10000), 1, 1),
                                 civil_day_of((int32_t)(a->high / 10000), 12, 31), false};
    case HELPER_PARTIAL_DAY:
        return (struct interval){1, 31, false};
    case HELPER_YEAR_MONTH:
        return (struct interval){partial_month_of((int32_t)a->low), partial_month_of((int32_t)a->high),
                                 false};
    case HELPER_PARTIAL_MONTH:
    case HELPER_MONTH:
        return (struct interval){1, 12, false};
    case HELPER_DAY:
        return (struct interval){1, 31, false};
    case HELPER_WEEKDAY:
        return (struct interval){1, 7, false};
    case HELPER_YEARS_BETWEEN:
        return between(e, 365, 366);
    case HELPER_MONTHS_BETWEEN:
        return between(e, 28, 31);
    case HELPER_MINUTES_BETWEEN:
        return between(e, 60000, 60000);
    case HELPER_DATE_OF:
        return day_of(of(a));
    case HELPER_ADD_DAYS:
        return date_shift(of(a), of(e->args[1]), 1, 1);
    case HELPER_ADD_MONTHS:
        return date_shift(of(a), of(e->args[1]), 0, 31);
    case HELPER_END_OF_MONTH:
        return date_shift(of(a), (struct interval){0, 30, false}, 1, 1);
    case HELPER_ADD_MS:
    case HELPER_ADD_MONTHS_INSTANT:
    case HELPER_SHIFT_MONTH:
    case HELPER_ROUND_NUMBER:
    case HELPER_FLOOR_NUMBER:
    case HELPER_CEIL_NUMBER:
    case HELPER_SQRT: {
        struct interval result = type_interval(ir, e->type);
        result.overflows = e->helper != HELPER_ROUND_NUMBER;
        return result;
    }
    default:
        return type_interval(ir, e->type);
    }
}

static bool any_arg_missing(const struct ir_expr *e)
{
    for (uint32_t i = 0; i < e->arg_count; i++)
        if (e->args[i]->may_be_missing) return true;
    return false;
}

static bool call_may_be_missing(const struct ir *ir, const struct ir_expr *e)
{
    switch (e->helper) {
    case HELPER_PARTIAL_MONTH:
    case HELPER_PARTIAL_DAY:
        return e->args[0]->may_be_missing || e->args[0]->type.kind == TYPE_PARTIAL_DATE;
    case HELPER_CODE:
    case HELPER_LISTED:
        return e->args[0]->may_be_missing || e->args[0]->type.open;
    case HELPER_CODES:
        return any_arg_missing(e) || e->args[0]->type.open;
    case HELPER_COLUMN:
        return e->args[0]->may_be_missing || e->args[0]->type.open ||
               ir->lists[e->args[0]->type.list].columns[e->column].has_missing;
    case HELPER_SIZE:
    case HELPER_JOIN:
        return false;
    case HELPER_FIND:
    case HELPER_RANK:
    case HELPER_RANKED:
    case HELPER_CHECKSUM:
    case HELPER_SUBSTRING:
    case HELPER_DATE:
    case HELPER_PARSE_INTEGER:
    case HELPER_PARSE_DECIMAL:
    case HELPER_PARSE_DATE:
        return true;
    default:
        return any_arg_missing(e);
    }
}

static uint64_t args_text(const struct ir_expr *e, uint32_t from)
{
    uint64_t bytes = 0;
    for (uint32_t i = from; i < e->arg_count; i++) bytes += e->args[i]->text_max;
    return bytes;
}

static uint64_t call_text(const struct ir *ir, const struct ir_expr *e)
{
    switch (e->helper) {
    case HELPER_UPPER: /* "ɐ" has two bytes, its capital three */
    case HELPER_LOWER:
        return (uint64_t)e->args[0]->text_max * 3 / 2;
    case HELPER_SUBSTRING:
        return e->args[0]->text_max;
    case HELPER_REPLACE:
        return (uint64_t)e->args[0]->text_max * (e->args[2]->text_max > 1 ? e->args[2]->text_max : 1);
    case HELPER_JOIN:
        return args_text(e, 1) + (uint64_t)e->args[0]->text_max * e->arg_count;
    case HELPER_CODE:
        return code_bytes(&ir->lists[e->args[0]->type.list]);
    case HELPER_CODES:
    case HELPER_RANKED_CODES:
        return codes_bytes(&ir->lists[e->args[0]->type.list], e->args[1]->text_max);
    case HELPER_COLUMN:
        return ir->lists[e->args[0]->type.list].columns[e->column].text_max;
    case HELPER_TEXT_OF:
        return TEXT_OF_BYTES;
    default:
        return 0;
    }
}

/* ---- aggregates */

static struct interval sum_interval(const struct ir *ir, const struct ir_expr *e)
{
    int64_t rows = (int64_t)interval_rows(ir, e->scope, e->from_scope);
    return within(product(rows, least(e->args[0]->low, 0)),
                  product(rows, greatest(e->args[0]->high, 0)));
}

static struct interval mean_interval(const struct ir_expr *e)
{
    struct interval result = full();
    unsigned from = e->args[0]->type.scale, to = e->type.scale;
    bool fits = decimal_rescale(e->args[0]->low, from, to, DECIMAL_FLOOR, &result.low) &&
                decimal_rescale(e->args[0]->high, from, to, DECIMAL_CEILING, &result.high);
    if (!fits) result = full();
    result.overflows = true; /* its sum may */
    return result;
}

static struct interval aggregate_interval(const struct ir *ir, const struct ir_expr *e)
{
    switch (e->aggregate) {
    case AGGREGATE_COUNT:
    case AGGREGATE_DISTINCT:
        return (struct interval){0, (int64_t)interval_rows(ir, e->scope, e->from_scope), false};
    case AGGREGATE_SUM:
        return e->type.kind == TYPE_NUMBER ? (struct interval){0, 0, true} : sum_interval(ir, e);
    case AGGREGATE_AVG:
        return e->type.kind == TYPE_NUMBER ? (struct interval){0, 0, true} : mean_interval(e);
    case AGGREGATE_MIN:
    case AGGREGATE_MAX:
    case AGGREGATE_FIRST:
    case AGGREGATE_LAST:
    case AGGREGATE_AT:
        return of(e->args[0]);
    default:
        return (struct interval){0, 0, false};
    }
}

static bool aggregate_may_be_missing(const struct ir_expr *e)
{
    return e->aggregate == AGGREGATE_MIN || e->aggregate == AGGREGATE_MAX ||
           e->aggregate == AGGREGATE_AVG || e->aggregate == AGGREGATE_FIRST ||
           e->aggregate == AGGREGATE_LAST || e->aggregate == AGGREGATE_AT;
}

static uint64_t aggregate_text(const struct ir *ir, const struct ir_expr *e)
{
    if (e->type.kind != TYPE_TEXT) return 0;
    if (e->aggregate != AGGREGATE_JOIN) return e->args[0]->text_max;
    return interval_rows(ir, e->scope, e->from_scope) *
           ((uint64_t)e->args[0]->text_max + e->args[1]->text_max);
}

/* ---- all ops */

static struct interval const_interval(const struct ir_expr *e)
{
    bool has_order = type_is_exact(e->type) || e->type.kind == TYPE_CHOICE ||
                     e->type.kind == TYPE_DATE || e->type.kind == TYPE_TIME ||
                     e->type.kind == TYPE_DATETIME || e->type.kind == TYPE_YEAR_MONTH ||
                     e->type.kind == TYPE_PARTIAL_DATE;
    int64_t value = has_order ? e->value.exact : 0;
    return (struct interval){value, value, false};
}

static struct interval double_interval(const struct ir_expr *e)
{
    bool checked = e->op == IR_ADD || e->op == IR_SUB || e->op == IR_MUL || e->op == IR_DIV;
    return (struct interval){0, 0, checked};
}

static struct interval exact_interval(const struct ir *ir, const struct ir_expr *e)
{
    struct interval a = e->arg_count > 0 ? of(e->args[0]) : full(),
                    b = e->arg_count > 1 ? of(e->args[1]) : full();
    switch (e->op) {
    case IR_ADD:
        return within(a.low + b.low, a.high + b.high);
    case IR_SUB:
        return within(a.low - b.high, a.high - b.low);
    case IR_MUL:
        return multiply(a, b);
    case IR_NEGATE:
        return (struct interval){-a.high, -a.low, false};
    case IR_RESCALE:
        return scaled(a, (unsigned)(e->type.scale - e->args[0]->type.scale));
    case IR_FLOOR_DIV:
        return quotient_of(a, b);
    case IR_MOD:
        return remainder_of(b);
    case IR_ABS:
        return magnitude(a);
    case IR_SIGN:
        return e->args[0]->type.kind == TYPE_NUMBER ? (struct interval){-1, 1, false} : sign_of(a);
    default:
        return type_interval(ir, e->type);
    }
}

static struct interval interval_for(const struct ir *ir, const struct ir_expr *e)
{
    switch (e->op) {
    case IR_CONST:
        return const_interval(e);
    case IR_SLOT:
    case IR_PRIOR:
        return (struct interval){ir->nodes[e->node].low, ir->nodes[e->node].high, false};
    case IR_POSITION:
        return (struct interval){1, greatest(1, ir->scopes[e->scope].rows_max), false};
    case IR_COALESCE:
        return both(of(e->args[0]), of(e->args[1]));
    case IR_IF:
        return both(of(e->args[1]), of(e->args[2]));
    case IR_LEAST:
        return least_of(e);
    case IR_GREATEST:
        return greatest_of(e);
    case IR_CALL:
        return call_interval(ir, e);
    case IR_AGGREGATE:
        return aggregate_interval(ir, e);
    default:
        return e->type.kind == TYPE_NUMBER ? double_interval(e) : exact_interval(ir, e);
    }
}

static bool all_args_missing(const struct ir_expr *e)
{
    for (uint32_t i = 0; i < e->arg_count; i++)
        if (!e->args[i]->may_be_missing) return false;
    return true;
}

static bool is_same_slot(const struct ir_expr *a, const struct ir_expr *b)
{
    return a->op == IR_SLOT && b->op == IR_SLOT && a->node == b->node && a->cursor == b->cursor;
}

/* Whether the condition cannot be definitely true while the slot is missing. */
static bool needs_slot(const struct ir_expr *condition, const struct ir_expr *slot)
{
    switch (condition->op) {
    case IR_ANSWERED:
    case IR_EQ:
    case IR_NE:
    case IR_LT:
    case IR_LE:
    case IR_GT:
    case IR_GE:
        for (uint32_t i = 0; i < condition->arg_count; i++)
            if (is_same_slot(condition->args[i], slot)) return true;
        return false;
    case IR_AND:
        for (uint32_t i = 0; i < condition->arg_count; i++)
            if (needs_slot(condition->args[i], slot)) return true;
        return false;
    default:
        return false;
    }
}

/* `if answered(x) then x else 0` always has a value. */
static bool if_may_be_missing(const struct ir_expr *e)
{
    bool then_missing = e->args[1]->may_be_missing && !needs_slot(e->args[0], e->args[1]);
    return then_missing || e->args[2]->may_be_missing;
}

static bool missing_for(const struct ir *ir, const struct ir_expr *e)
{
    switch (e->op) {
    case IR_CONST:
    case IR_TODAY:
    case IR_NOW:
    case IR_POSITION:
    case IR_ANSWERED:
    case IR_OPTION:
    case IR_SEEN:
        return false;
    case IR_PRIOR:
    case IR_MISSING:
        return true;
    case IR_SLOT:
        return ir->nodes[e->node].may_be_missing != 0;
    case IR_IF:
        return if_may_be_missing(e);
    case IR_COALESCE:
    case IR_LEAST:
    case IR_GREATEST:
        return all_args_missing(e);
    case IR_CALL:
        return call_may_be_missing(ir, e);
    case IR_AGGREGATE:
        return aggregate_may_be_missing(e);
    default:
        return any_arg_missing(e);
    }
}

static uint64_t text_for(const struct ir *ir, const struct ir_expr *e)
{
    if (e->type.kind != TYPE_TEXT) return 0;
    switch (e->op) {
    case IR_CONST:
        return e->value.text.len;
    case IR_SLOT:
    case IR_PRIOR:
        return ir->nodes[e->node].text_max;
    case IR_CONCAT:
        return args_text(e, 0);
    case IR_COALESCE:
        return (uint64_t)greatest(e->args[0]->text_max, e->args[1]->text_max);
    case IR_IF:
        return (uint64_t)greatest(e->args[1]->text_max, e->args[2]->text_max);
    case IR_CALL:
        return call_text(ir, e);
    case IR_AGGREGATE:
        return aggregate_text(ir, e);
    default:
        return 0;
    }
}

/* Division faults by zero only when the divisor can be zero and is there. */
static bool divides_by_something(const struct ir_expr *e)
{
    return e->op == IR_CALL && e->helper == HELPER_DIVIDE && rules_out_zero(e->args[1]) &&
           e->type.scale + e->args[1]->type.scale <= e->args[0]->type.scale;
}

void interval_measure(const struct ir *ir, struct ir_expr *e)
{
    struct interval interval = interval_for(ir, e);
    e->low = interval.low;
    e->high = interval.high;
    e->may_fault = interval.overflows && !divides_by_something(e);
    e->may_be_missing = missing_for(ir, e);
    e->text_max = clamp_text(text_for(ir, e));
}

/* ---- truth */

static unsigned truth_of_order(enum ir_op op, struct interval a, struct interval b)
{
    bool less = a.low<b.high, more = a.high> b.low, same = a.low <= b.high && b.low <= a.high;
    bool sure = a.low == a.high && b.low == b.high && a.low == b.low;
    switch (op) {
    case IR_EQ:
        return (same ? CAN_BE_TRUE : 0u) | (sure ? 0u : CAN_BE_FALSE);
    case IR_NE:
        return (same ? CAN_BE_FALSE : 0u) | (sure ? 0u : CAN_BE_TRUE);
    case IR_LT:
        return (less ? CAN_BE_TRUE : 0u) | (a.high >= b.low ? CAN_BE_FALSE : 0u);
    case IR_LE:
        return (a.low <= b.high ? CAN_BE_TRUE : 0u) | (more ? CAN_BE_FALSE : 0u);
    case IR_GT:
        return (more ? CAN_BE_TRUE : 0u) | (a.low <= b.high ? CAN_BE_FALSE : 0u);
    default:
        return (a.high >= b.low ? CAN_BE_TRUE : 0u) | (less ? CAN_BE_FALSE : 0u);
    }
}

static bool has_interval(const struct ir_expr *e)
{
    return type_is_exact(e->type) || e->type.kind == TYPE_DATE || e->type.kind == TYPE_TIME ||
           e->type.kind == TYPE_DATETIME || e->type.kind == TYPE_CHOICE ||
           e->type.kind == TYPE_YEAR_MONTH || e->type.kind == TYPE_PARTIAL_DATE;
}

/* Definitely true needs all (of AND) or one (of OR); missing is left to may_be_missing. */
static unsigned truth_of_logic(const struct ir_expr *e)
{
    unsigned all = CAN_BE_TRUE | CAN_BE_FALSE, any = 0;
    for (uint32_t i = 0; i < e->arg_count; i++) {
        unsigned truth = interval_truth_of(e->args[i]);
        all &= truth;
        any |= truth;
    }
    if (e->op == IR_AND) return (all & CAN_BE_TRUE) | (any & CAN_BE_FALSE);
    return (any & CAN_BE_TRUE) | (all & CAN_BE_FALSE);
}

/* The branches that can be taken; missing is left to may_be_missing. */
static unsigned truth_of_if(const struct ir_expr *e)
{
    unsigned asked = interval_truth_of(e->args[0]), truth = 0;
    if (asked & CAN_BE_TRUE) truth |= interval_truth_of(e->args[1]);
    if (asked & (CAN_BE_FALSE | CAN_BE_MISSING)) truth |= interval_truth_of(e->args[2]);
    return truth & (CAN_BE_TRUE | CAN_BE_FALSE);
}

static unsigned truth_present(const struct ir_expr *e)
{
    unsigned truth;
    switch (e->op) {
    case IR_CONST:
        return e->value.truth ? CAN_BE_TRUE : CAN_BE_FALSE;
    case IR_MISSING:
        return 0;
    case IR_AND:
    case IR_OR:
        return truth_of_logic(e);
    case IR_NOT:
        truth = interval_truth_of(e->args[0]);
        return (truth & CAN_BE_TRUE ? CAN_BE_FALSE : 0u) | (truth & CAN_BE_FALSE ? CAN_BE_TRUE : 0u);
    case IR_EQ:
    case IR_NE:
    case IR_LT:
    case IR_LE:
    case IR_GT:
    case IR_GE:
        if (has_interval(e->args[0])) return truth_of_order(e->op, of(e->args[0]), of(e->args[1]));
        return CAN_BE_TRUE | CAN_BE_FALSE;
    case IR_ANSWERED:
        return e->args[0]->may_be_missing ? CAN_BE_TRUE | CAN_BE_FALSE : CAN_BE_TRUE;
    case IR_IF:
        return truth_of_if(e);
    default:
        return CAN_BE_TRUE | CAN_BE_FALSE;
    }
}

unsigned interval_truth_of(const struct ir_expr *e)
{
    return truth_present(e) | (e->may_be_missing ? CAN_BE_MISSING : 0u);
}

/* ---- a whole form */

enum { MEASURED = 1 };

static void measure_deep(const struct ir *ir, struct ir_expr *e)
{
    if (!e || e->mark == MEASURED) return;
    e->mark = MEASURED;
    for (uint32_t i = 0; i < e->arg_count; i++) measure_deep(ir, e->args[i]);
    measure_deep(ir, e->where);
    interval_measure(ir, e);
}

static void measure_value(struct ir_node *node)
{
    const struct ir_expr *value = node->computed;
    node->low = value->low;
    node->high = value->high;
    node->may_be_missing = value->may_be_missing || node->relevance_node != IR_NONE;
    node->text_max = value->text_max;
}

void interval_measure_form(struct ir *ir)
{
    for (uint32_t i = 0; i < ir->rule_count; i++) {
        struct ir_node *node = &ir->nodes[ir->rules[i].node];
        switch (ir->rules[i].kind) {
        case RULE_RELEVANCE:
            measure_deep(ir, node->when);
            break;
        case RULE_VALUE:
            measure_deep(ir, node->computed);
            measure_value(node);
            break;
        case RULE_BOUNDS:
            measure_deep(ir, node->min);
            measure_deep(ir, node->max);
            for (int k = 0; k < BREACH_COUNT; k++) measure_deep(ir, node->breaches[k]);
            break;
        case RULE_OFFER:
            measure_deep(ir, node->offer);
            break;
        case RULE_REQUIRED:
            measure_deep(ir, node->required_when);
            break;
        case RULE_CHECK:
            measure_deep(ir, ir->checks[ir->rules[i].check].condition);
            break;
        }
    }
}
