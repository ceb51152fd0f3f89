/* The functions of docs/language.md §8, each as it is described there. */
#include "tests/reference/plain.h"

#include "base/civil.h"
#include "base/decimal.h"
#include "base/utf8.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- text as code points */

struct points {
    uint32_t *codes;
    size_t count;
};

static struct points points_of(struct plain *plain, struct str text)
{
    struct points points = {PLAIN_ARRAY(plain, uint32_t, text.len + 1), 0};
    while (text.len > 0) {
        size_t len = utf8_next(text, &points.codes[points.count]);
        assert(len > 0);
        points.count++;
        text = (struct str){text.ptr + len, text.len - len};
    }
    return points;
}

static struct str text_of_points(struct plain *plain, const uint32_t *codes, size_t count)
{
    char *bytes = plain_alloc(plain, count * 4 + 1, 1);
    size_t len = 0;
    for (size_t i = 0; i < count; i++) len += utf8_encode(codes[i], bytes + len);
    return (struct str){bytes, len};
}

size_t plain_length(struct str text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++) count += ((unsigned char)text.ptr[i] & 0xc0) != 0x80;
    return count;
}

/* White space is what Unicode calls so: separators, and the controls from tab to carriage return and
 * NEL. */
bool plain_is_blank(uint32_t code)
{
    return utf8_category(code)[0] == 'Z' || (code >= 9 && code <= 13) || code == 0x85;
}

struct str plain_strip(struct str text)
{
    size_t first = text.len, past = 0, len;
    for (size_t at = 0; at < text.len; at += len) {
        uint32_t code;
        len = utf8_next((struct str){text.ptr + at, text.len - at}, &code);
        if (len == 0 || plain_is_blank(code)) {
            len = len ? len : 1;
            continue;
        }
        if (first == text.len) first = at;
        past = at + len;
    }
    return past > first ? (struct str){text.ptr + first, past - first} : (struct str){text.ptr, 0};
}

/* ---- texts */

static struct plain_value unless_empty(struct str text)
{
    return text.len ? plain_text(text) : plain_missing();
}

static struct plain_value substring(struct plain *plain, struct str text, int64_t from, int64_t count)
{
    struct points all = points_of(plain, text), some = {PLAIN_ARRAY(plain, uint32_t, all.count + 1), 0};
    for (size_t i = 0; i < all.count; i++) {
        int64_t position = (int64_t)i + 1;
        if (position >= from && position - from < count) some.codes[some.count++] = all.codes[i];
    }
    return unless_empty(text_of_points(plain, some.codes, some.count));
}

static bool stands_at(struct str text, size_t at, struct str part)
{
    return part.len <= text.len - at && memcmp(text.ptr + at, part.ptr, part.len) == 0;
}

static bool contains(struct str text, struct str part)
{
    for (size_t at = 0; at + part.len <= text.len; at++)
        if (part.len == 0 || stands_at(text, at, part)) return true;
    return false;
}

static bool ends_with(struct str text, struct str part)
{
    return part.len <= text.len && (part.len == 0 || stands_at(text, text.len - part.len, part));
}

static struct plain_value replace(struct plain *plain, struct str text, struct str old, struct str new)
{
    struct buf out;
    if (old.len == 0) return plain_text(text);
    buf_init(&out, mem_heap(), (size_t)limit(TEXT_RESULT_BYTES) * 64);
    for (size_t at = 0; at < text.len;) {
        bool found = stands_at(text, at, old);
        if (found) buf_put(&out, new);
        else buf_putc(&out, text.ptr[at]);
        at += found ? old.len : 1;
    }
    struct str result = plain_concat(plain, buf_str(&out), STR(""));
    buf_release(&out);
    return plain_text(result);
}

static int64_t words(struct plain *plain, struct str text)
{
    struct points all = points_of(plain, text);
    int64_t count = 0;
    for (size_t i = 0; i < all.count; i++) {
        bool ink = !plain_is_blank(all.codes[i]), before = i > 0 && !plain_is_blank(all.codes[i - 1]);
        count += ink && !before;
    }
    return count;
}

static struct plain_value join(struct plain *plain, const struct ir_expr *e,
                               const struct plain_value *args)
{
    struct str separator = args[0].state == PLAIN_PRESENT ? args[0].text : STR(""), text = {"", 0};
    bool first = true;
    for (uint32_t i = 1; i < e->arg_count; i++) {
        if (args[i].state != PLAIN_PRESENT) continue;
        if (!first) text = plain_concat(plain, text, separator);
        text = plain_concat(plain, text, args[i].text);
        first = false;
    }
    return plain_text(text);
}

static struct plain_value in_case(struct plain *plain, struct str text, bool upper)
{
    struct str result = {"", 0};
    enum status st =
        upper ? utf8_upper(plain->arena, text, &result) : utf8_lower(plain->arena, text, &result);
    assert(st == ST_OK);
    return plain_text(result);
}

/* What plain_put_text() writes, but for a choice: that is code(). */
static struct plain_value canonical(struct plain *plain, struct type type,
                                    const struct plain_value *value)
{
    struct buf out;
    buf_init(&out, mem_heap(), 100);
    plain_put_text(type, value, &out);
    struct str text = plain_concat(plain, buf_str(&out), STR(""));
    buf_release(&out);
    return plain_text(text);
}

/* ---- from text */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The parts of "-12.50e-3". */
struct numeral {
    bool negative;
    char digits[4096]; /* before and after the point, without zeros in front */
    size_t count;
    int64_t exponent; /* of the last digit */
};

static size_t take_digits(struct str text, size_t at, struct numeral *ret)
{
    for (; at < text.len && is_digit(text.ptr[at]); at++) {
        if (ret->count == 0 && text.ptr[at] == '0') continue;
        assert(ret->count < sizeof ret->digits);
        ret->digits[ret->count++] = text.ptr[at];
    }
    return at;
}

static bool take_exponent(struct str text, size_t *at, int64_t *ret_exponent)
{
    bool minus = ++*at < text.len && text.ptr[*at] == '-';
    if (*at < text.len && (text.ptr[*at] == '-' || text.ptr[*at] == '+')) ++*at;
    if (*at == text.len) return false;
    *ret_exponent = 0;
    for (; *at < text.len && is_digit(text.ptr[*at]); ++*at)
        if (*ret_exponent < 1000000000) *ret_exponent = *ret_exponent * 10 + (text.ptr[*at] - '0');
    if (minus) *ret_exponent = -*ret_exponent;
    return *at == text.len;
}

static bool take_numeral(struct str text, bool zeros, struct numeral *ret)
{
    *ret = (struct numeral){.negative = text.len > 0 && text.ptr[0] == '-'};
    size_t start = ret->negative, at = take_digits(text, start, ret), whole = at;
    int64_t exponent = 0;
    if (at == start || (!zeros && at > start + 1 && text.ptr[start] == '0')) return false;
    if (at < text.len && text.ptr[at] == '.') {
        whole = at + 1;
        at = take_digits(text, whole, ret);
        if (at == whole) return false;
        ret->exponent = -(int64_t)(at - whole);
    }
    if (at < text.len && (text.ptr[at] == 'e' || text.ptr[at] == 'E') &&
        !take_exponent(text, &at, &exponent))
        return false;
    ret->exponent += exponent;
    return at == text.len;
}

/* "range" before "scale": what lies too far out is no matter of its last digits. */
bool plain_parse_exact(struct str text, bool zeros, uint32_t scale, int64_t *ret_value,
                       const char **ret_broken)
{
    struct numeral n;
    *ret_broken = "type";
    if (!take_numeral(text, zeros, &n)) return false;
    while (n.count > 0 && n.digits[n.count - 1] == '0') n.count--, n.exponent++;
    int64_t units = 0, shift = n.count ? n.exponent + scale : 0; /* digits × 10^shift units */
    int64_t whole = (int64_t)n.count + shift;                    /* digits before the point of that */
    *ret_broken = "range";
    if (whole > 16) return false;
    for (int64_t i = 0; i < whole; i++)
        units = units * 10 + (i < (int64_t)n.count ? n.digits[i] - '0' : 0);
    bool fraction = shift < 0;
    if (units > DECIMAL_MAX - fraction) return false;
    *ret_broken = "scale";
    if (fraction) return false;
    *ret_broken = NULL;
    *ret_value = n.negative ? -units : units;
    return true;
}

static struct plain_value parsed(struct str text, uint32_t scale)
{
    int64_t value;
    const char *broken;
    return plain_parse_exact(plain_strip(text), true, scale, &value, &broken) ? plain_exact(value)
                                                                              : plain_missing();
}

static struct plain_value parsed_date(struct str text)
{
    int32_t day;
    return civil_parse_date(plain_strip(text), &day) ? plain_exact(day) : plain_missing();
}

/* ---- numbers */

static struct plain_value rounded(const struct ir_expr *e, int64_t a)
{
    plain_wide unit = plain_power(e->args[0]->type.scale - e->type.scale);
    plain_wide down = a / unit - (a % unit < 0);
    switch (e->helper) {
    case HELPER_FLOOR_SCALED:
        return plain_exact((int64_t)down);
    case HELPER_CEIL_SCALED:
        return plain_exact((int64_t)(down + (a % unit != 0)));
    default:
        return plain_exact((int64_t)plain_divide(a, unit));
    }
}

static double double_of(const char *text)
{
    return strtod(text, NULL);
}

static struct plain_value number_of(int64_t value, uint32_t scale)
{
    char text[64];
    snprintf(text, sizeof text, "%llde-%u", (long long)value, (unsigned)scale);
    return plain_number(double_of(text));
}

/* To `scale` digits after the point, half to even on the digits that the double is written with. */
static struct plain_value round_number(double x, uint32_t scale)
{
    char text[DOUBLE_TEXT_BYTES], result[64];
    struct numeral n;
    bool is_one = take_numeral((struct str){text, double_format(x, text)}, false, &n);
    assert(is_one && n.count <= 17 + 9 + 308);
    int64_t cut = -(n.exponent + (int64_t)scale); /* digits too many */
    if (n.count == 0 || cut <= 0) return plain_number(x);
    if (cut > (int64_t)n.count) return plain_number(0);
    plain_wide units = 0;
    for (size_t i = 0; i < n.count; i++) units = units * 10 + (n.digits[i] - '0');
    units = plain_divide(units, plain_power((int)cut));
    if (units == 0) return plain_number(0);
    snprintf(result, sizeof result, "%s%llde-%u", n.negative ? "-" : "", (long long)units,
             (unsigned)scale);
    return plain_number(double_of(result));
}

static struct plain_value whole(struct plain_place *place, double x)
{
    if (!(x >= -(double)DECIMAL_MAX && x <= (double)DECIMAL_MAX))
        return plain_fault(place, FAULT_OVERFLOW);
    return plain_exact((int64_t)x);
}

static struct plain_value divide(struct plain_place *place, const struct ir_expr *e, int64_t a,
                                 int64_t b)
{
    if (b == 0) return plain_fault(place, FAULT_DIVISION_BY_ZERO);
    int up = e->type.scale - e->args[0]->type.scale + e->args[1]->type.scale;
    return plain_within(place, plain_divide(a * plain_power(up), b * plain_power(-up)));
}

/* A cell of a table, as an answer would be written. */
static struct plain_value cell_of(const struct ir *ir, const struct ir_column *c, struct str text)
{
    int64_t value = 0;
    int32_t small = 0, offset;
    const char *broken;
    char digits[LIMIT_CELL_BYTES + 1];
    if (text.len == 0) return plain_missing();
    switch (c->type.kind) {
    case TYPE_TEXT:
        return plain_text(text);
    case TYPE_NUMBER:
        snprintf(digits, sizeof digits, "%.*s", STR_ARG(text));
        return plain_number(double_of(digits));
    case TYPE_BOOLEAN:
        return plain_truth(str_eq(text, STR("true")));
    case TYPE_DATE:
        return civil_parse_date(text, &small) ? plain_exact(small) : plain_missing();
    case TYPE_YEAR_MONTH:
        return plain_known_part(text, 2, 2, &small) ? plain_exact(small) : plain_missing();
    case TYPE_PARTIAL_DATE:
        return plain_known_part(text, 1, 3, &small) ? plain_exact(small) : plain_missing();
    case TYPE_TIME:
        return civil_parse_time(text, &small) ? plain_exact(small) : plain_missing();
    case TYPE_DATETIME:
        return civil_parse_datetime(text, &value, &offset) ? plain_exact(value) : plain_missing();
    case TYPE_CHOICE: {
        const struct ir_list *list = &ir->lists[c->type.list];
        for (uint32_t i = 0; i < list->option_count; i++)
            if (str_eq(ir_list_code(list, i), text)) return plain_exact((int64_t)i + 1);
        return plain_missing();
    }
    default:
        return plain_parse_exact(text, false, c->type.scale, &value, &broken) ? plain_exact(value)
                                                                              : plain_missing();
    }
}

static struct plain_value column(const struct ir *ir, const struct ir_expr *e,
                                 const struct plain_value *option)
{
    const struct ir_list *list = &ir->lists[e->args[0]->type.list];
    const struct ir_column *c = &list->columns[e->column];
    if (option->exact > list->option_count) return plain_missing();
    if (!c->cells)
        return cell_of(ir, c, sheet_cell(list->sheet, (uint32_t)option->exact - 1, c->sheet_column));
    const struct program_cell *cell = &c->cells[option->exact - 1];
    if (!cell->present) return plain_missing();
    if (c->type.kind == TYPE_TEXT) return plain_text(cell->value.text);
    if (c->type.kind == TYPE_NUMBER) return plain_number(cell->value.number);
    if (c->type.kind == TYPE_BOOLEAN) return plain_truth(cell->value.exact != 0);
    return plain_exact(cell->value.exact);
}

static struct plain_value find(const struct ir *ir, const struct ir_expr *e, struct str code)
{
    const struct ir_list *list = &ir->lists[e->type.list];
    for (uint32_t i = 0; i < list->option_count; i++)
        if (str_eq(ir_list_code(list, i), code)) return plain_exact((int64_t)i + 1);
    return plain_missing();
}

static struct plain_value score(const struct ir *ir, const struct ir_expr *e,
                                const struct plain_value *value)
{
    const struct ir_list *list = &ir->lists[e->args[0]->type.list];
    int64_t sum = 0;
    if (e->helper == HELPER_SCORE && value->exact > list->option_count) return plain_exact(0);
    if (e->helper == HELPER_SCORE) return plain_exact(list->options[value->exact - 1].score);
    for (uint32_t i = 0; i < list->option_count; i++)
        sum += value->chosen[i] ? list->options[i].score : 0;
    return plain_exact(sum);
}

static int64_t size(const struct ir *ir, const struct ir_expr *e, const struct plain_value *set)
{
    int64_t count = 0;
    if (set->state != PLAIN_PRESENT) return 0;
    for (uint32_t i = 0; i < ir->lists[e->args[0]->type.list].option_count + e->args[0]->type.open; i++)
        count += set->chosen[i];
    return count;
}

static struct plain_value rank(const struct ir_expr *e, const struct plain_value *ranking,
                               int64_t option)
{
    bool asks = e->helper == HELPER_RANK_HAS;
    for (uint32_t i = 0; i < ranking->order_count; i++)
        if (ranking->order[i] == option) return asks ? plain_truth(true) : plain_exact((int64_t)i + 1);
    return asks ? plain_truth(false) : plain_missing();
}

static struct plain_value ranked(const struct plain_value *ranking, int64_t position)
{
    int64_t count = ranking->order_count, at = position > 0 ? position - 1 : count + position;
    if (position == 0 || at < 0 || at >= count) return plain_missing();
    return plain_exact(ranking->order[at]);
}

/* What is in the list; missing when that is nothing. */
static struct plain_value listed(struct plain *plain, const struct ir_expr *e,
                                 const struct plain_value *set)
{
    uint32_t options = plain->ir->lists[e->type.list].option_count;
    bool *chosen = PLAIN_ARRAY(plain, bool, options + 1), any = false;
    for (uint32_t i = 0; i < options; i++) any |= chosen[i] = set->chosen[i];
    return any ? (struct plain_value){.state = PLAIN_PRESENT, .chosen = chosen} : plain_missing();
}

/* ---- dates */

static struct plain_value date(int64_t year, int64_t month, int64_t day)
{
    if (!civil_exists(year, month, day)) return plain_missing();
    return plain_exact(civil_day_of((int32_t)year, (int32_t)month, (int32_t)day));
}

/* yyyymmdd, whose differences count whole years and months. */
static int64_t digits_of(int32_t day)
{
    struct civil_date d = civil_date_of(day);
    return d.year * INT64_C(10000) + d.month * 100 + d.day;
}

static int64_t years_between(int32_t from, int32_t to)
{
    return (digits_of(to) - digits_of(from)) / 10000;
}

static int64_t months_between(int32_t from, int32_t to)
{
    struct civil_date a = civil_date_of(from), b = civil_date_of(to);
    int64_t x = a.year * INT64_C(12) + a.month, y = b.year * INT64_C(12) + b.month;
    return ((y * 100 + b.day) - (x * 100 + a.day)) / 100;
}

static struct plain_value add_days(struct plain_place *place, int64_t day, int64_t count)
{
    plain_wide sum = (plain_wide)day + count;
    if (sum < CIVIL_DAY_MIN || sum > CIVIL_DAY_MAX) return plain_fault(place, FAULT_DATE_RANGE);
    return plain_exact((int64_t)sum);
}

static bool month_later(int32_t day, int64_t count, int32_t *ret_day)
{
    struct civil_date d = civil_date_of(day);
    plain_wide months = (plain_wide)d.year * 12 + d.month - 1 + count;
    if (months < 12 || months >= 120000) return false;
    int32_t year = (int32_t)(months / 12), month = (int32_t)(months % 12) + 1,
            last = civil_month_days(year, month);
    *ret_day = civil_day_of(year, month, d.day < last ? d.day : last);
    return true;
}

static struct plain_value add_months(struct plain_place *place, int64_t day, int64_t count)
{
    int32_t result;
    if (!month_later((int32_t)day, count, &result)) return plain_fault(place, FAULT_DATE_RANGE);
    return plain_exact(result);
}

static struct plain_value instant(struct plain_place *place, plain_wide ms)
{
    if (ms < CIVIL_MS_MIN || ms > CIVIL_MS_MAX) return plain_fault(place, FAULT_DATE_RANGE);
    return plain_exact((int64_t)ms);
}

/* What the clocks of the form's zone show: ms since 1970 on the wall. */
static int64_t wall_of(const struct plain *plain, int64_t ms)
{
    int64_t seconds = ms / 1000 - (ms % 1000 < 0);
    return ms + zone_offset_at(plain->zone, seconds) * INT64_C(1000);
}

static bool split_wall(const struct plain *plain, int64_t ms, int32_t *ret_day, int32_t *ret_time)
{
    int64_t wall = wall_of(plain, ms), day = wall / CIVIL_MS_PER_DAY - (wall % CIVIL_MS_PER_DAY < 0);
    *ret_day = (int32_t)day;
    *ret_time = (int32_t)(wall - day * CIVIL_MS_PER_DAY);
    return day >= CIVIL_DAY_MIN && day <= CIVIL_DAY_MAX;
}

static struct plain_value date_of(struct plain_place *place, int64_t ms)
{
    int32_t day, time;
    if (!split_wall(place->plain, ms, &day, &time)) return plain_fault(place, FAULT_DATE_RANGE);
    return plain_exact(day);
}

static struct plain_value time_of(struct plain_place *place, int64_t ms)
{
    int32_t day, time;
    split_wall(place->plain, ms, &day, &time);
    return plain_exact(time);
}

static struct plain_value add_months_instant(struct plain_place *place, int64_t ms, int64_t count)
{
    int32_t day, time;
    if (!split_wall(place->plain, ms, &day, &time) || !month_later(day, count, &day))
        return plain_fault(place, FAULT_DATE_RANGE);
    int64_t seconds = day * INT64_C(86400) + time / 1000;
    return instant(place,
                   zone_to_utc(place->plain->zone, seconds, NULL) * (plain_wide)1000 + time % 1000);
}

/* ---- all of them */

static struct plain_value call_text(struct plain_place *place, const struct ir_expr *e,
                                    const struct plain_value *args)
{
    struct plain *plain = place->plain;
    struct str a = args[0].text, b = e->arg_count > 1 ? args[1].text : STR("");
    switch (e->helper) {
    case HELPER_LENGTH:
        return plain_exact((int64_t)plain_length(a));
    case HELPER_UPPER:
    case HELPER_LOWER:
        return in_case(plain, a, e->helper == HELPER_UPPER);
    case HELPER_CONTAINS:
        return plain_truth(contains(a, b));
    case HELPER_STARTS_WITH:
        return plain_truth(b.len == 0 || stands_at(a, 0, b));
    case HELPER_ENDS_WITH:
        return plain_truth(ends_with(a, b));
    case HELPER_SUBSTRING:
        return substring(plain, a, args[1].exact, args[2].exact);
    case HELPER_REPLACE:
        return replace(plain, a, b, args[2].text);
    case HELPER_WORDS:
        return plain_exact(words(plain, a));
    case HELPER_JOIN:
        return join(plain, e, args);
    case HELPER_MATCHES:
        return plain_truth(matcher_match(plain->reference->patterns[e->pattern], a));
    case HELPER_PARSE_INTEGER:
        return parsed(a, 0);
    case HELPER_PARSE_DECIMAL:
        return parsed(a, e->type.scale);
    default:
        assert(e->helper == HELPER_PARSE_DATE);
        return parsed_date(a);
    }
}

static struct plain_value call_number(struct plain_place *place, const struct ir_expr *e,
                                      const struct plain_value *args)
{
    const struct ir *ir = place->plain->ir;
    switch (e->helper) {
    case HELPER_ROUND:
    case HELPER_FLOOR_SCALED:
    case HELPER_CEIL_SCALED:
        return rounded(e, args[0].exact);
    case HELPER_DIVIDE:
        return divide(place, e, args[0].exact, args[1].exact);
    case HELPER_ROUND_NUMBER:
        return round_number(args[0].number, (uint32_t)args[1].exact);
    case HELPER_NUMBER:
        return number_of(args[0].exact, e->args[0]->type.scale);
    case HELPER_FLOOR_NUMBER:
        return whole(place, floor(args[0].number));
    case HELPER_CEIL_NUMBER:
        return whole(place, ceil(args[0].number));
    case HELPER_SQRT:
        return args[0].number < 0 ? plain_fault(place, FAULT_NOT_FINITE)
                                  : plain_number(sqrt(args[0].number));
    case HELPER_RANK:
    case HELPER_RANK_HAS:
        return rank(e, &args[0], args[1].exact);
    case HELPER_RANK_COUNT:
        return plain_exact(args[0].order_count);
    case HELPER_RANKED:
        return ranked(&args[0], args[1].exact);
    case HELPER_LISTED:
        return listed(place->plain, e, &args[0]);
    case HELPER_SIZE:
        return plain_exact(size(ir, e, &args[0]));
    case HELPER_COLUMN:
        return column(place->plain->ir, e, &args[0]);
    case HELPER_FIND:
        return find(place->plain->ir, e, args[0].text);
    case HELPER_SCORE:
    case HELPER_SCORE_SET:
        return score(ir, e, &args[0]);
    default:
        return call_text(place, e, args);
    }
}

/* yyyymmdd, with 0 for what is not known. */
static struct plain_value known(int64_t number)
{
    return number ? plain_exact(number) : plain_missing();
}

static struct plain_value may_be(int64_t known_part, bool first)
{
    int32_t year = (int32_t)(known_part / 10000), month = (int32_t)(known_part / 100 % 100),
            day = (int32_t)(known_part % 100);
    if (month == 0) month = first ? 1 : 12;
    if (day == 0) day = first ? 1 : civil_month_days(year, month);
    return plain_exact(civil_day_of(year, month, day));
}

static struct plain_value shift_month(struct plain_place *place, int64_t month, int64_t count)
{
    plain_wide months = (plain_wide)(month / 10000) * 12 + month / 100 % 100 - 1 + count;
    if (months < 12 || months >= 120000) return plain_fault(place, FAULT_DATE_RANGE);
    return plain_exact((int64_t)(months / 12 * 10000 + (months % 12 + 1) * 100));
}

static struct plain_value call_partial(struct plain_place *place, const struct ir_expr *e,
                                       const struct plain_value *args)
{
    int64_t a = args[0].exact;
    switch (e->helper) {
    case HELPER_PARTIAL_YEAR:
        return plain_exact(a / 10000);
    case HELPER_PARTIAL_MONTH:
        return known(a / 100 % 100);
    case HELPER_PARTIAL_DAY:
        return known(a % 100);
    case HELPER_PRECISION:
        return plain_exact(1 + (a % 10000 != 0) + (a % 100 != 0));
    case HELPER_EARLIEST:
    case HELPER_LATEST:
        return may_be(a, e->helper == HELPER_EARLIEST);
    case HELPER_YEAR_MONTH: {
        struct civil_date date = civil_date_of((int32_t)a);
        return plain_exact(date.year * 10000 + date.month * 100);
    }
    case HELPER_SHIFT_MONTH:
        return shift_month(place, a, args[1].exact);
    default:
        return call_number(place, e, args);
    }
}

static struct plain_value call_date(struct plain_place *place, const struct ir_expr *e,
                                    const struct plain_value *args)
{
    int64_t a = args[0].exact, b = e->arg_count > 1 ? args[1].exact : 0;
    int32_t day = (int32_t)a, other = (int32_t)b;
    switch (e->helper) {
    case HELPER_DATE:
        return date(a, b, args[2].exact);
    case HELPER_YEAR:
        return plain_exact(civil_date_of(day).year);
    case HELPER_MONTH:
        return plain_exact(civil_date_of(day).month);
    case HELPER_DAY:
        return plain_exact(civil_date_of(day).day);
    case HELPER_WEEKDAY:
        return plain_exact(((a + 3) % 7 + 7) % 7 + 1); /* 1970-01-01 was a Thursday */
    case HELPER_YEARS_BETWEEN:
        return plain_exact(years_between(day, other));
    case HELPER_MONTHS_BETWEEN:
        return plain_exact(months_between(day, other));
    case HELPER_ADD_DAYS:
        return add_days(place, a, b);
    case HELPER_ADD_MONTHS:
        return add_months(place, a, b);
    case HELPER_END_OF_MONTH:
        return plain_exact(day - civil_date_of(day).day +
                           civil_month_days(civil_date_of(day).year, civil_date_of(day).month));
    case HELPER_DATE_OF:
        return date_of(place, a);
    case HELPER_TIME_OF:
        return time_of(place, a);
    case HELPER_ADD_MS:
        return instant(place, (plain_wide)a + b);
    case HELPER_ADD_MONTHS_INSTANT:
        return add_months_instant(place, a, b);
    case HELPER_MINUTES_BETWEEN:
        return plain_exact((b - a) / 60000);
    default:
        return call_partial(place, e, args);
    }
}

/* The codes of what was chosen, what no option says left out. */
static struct plain_value codes(struct plain *plain, const struct ir_expr *e,
                                const struct plain_value *args)
{
    const struct ir_list *list = &plain->ir->lists[e->args[0]->type.list];
    bool ranked = e->helper == HELPER_RANKED_CODES, any = false;
    struct str text = {"", 0};
    uint32_t count = ranked ? args[0].order_count : list->option_count;
    for (uint32_t i = 0; i < count; i++) {
        if (!ranked && !args[0].chosen[i]) continue;
        if (any) text = plain_concat(plain, text, args[1].text);
        text =
            plain_concat(plain, text, ir_list_code(list, ranked ? (uint32_t)args[0].order[i] - 1 : i));
        any = true;
    }
    return any ? plain_text(text) : plain_missing();
}

struct plain_value plain_call(struct plain_place *place, const struct ir_expr *e,
                              const struct plain_value *args)
{
    struct plain *plain = place->plain;
    struct plain_value value;
    if (plain_check(e, args, &value)) return value;
    if (e->helper == HELPER_TEXT_OF) return canonical(plain, e->args[0]->type, &args[0]);
    if (e->helper == HELPER_CODES || e->helper == HELPER_RANKED_CODES) return codes(plain, e, args);
    if (e->helper != HELPER_CODE) return call_date(place, e, args);
    const struct ir_list *list = &plain->ir->lists[e->args[0]->type.list];
    if (args[0].exact > list->option_count) return plain_missing();
    return plain_text(ir_list_code(list, (uint32_t)args[0].exact - 1));
}
