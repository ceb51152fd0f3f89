#include "runtime/quick.h"

#include "base/civil.h"
#include "base/decimal.h"
#include "base/json_scan.h"
#include "runtime/blank.h"
#include "runtime/fit.h"

/* A string of at least one byte that is its own text. */
static inline const char *plain_string(const char *at, const char *end, struct str *ret_text)
{
    if (at == end || *at != '"') return NULL;
    const char *start = at + 1, *stop = json_plain_end(start, end);
    if (stop == end || *stop != '"' || stop == start) return NULL;
    if (!blank_is_ink(*start) || !blank_is_ink(stop[-1])) return NULL;
    *ret_text = (struct str){start, (size_t)(stop - start)};
    return stop + 1;
}

static inline const char *quick_text(const struct plan *plan, const struct plan_node *field,
                                     const char *at, const char *end, struct slot *slot)
{
    struct str text;
    const char *after = plain_string(at, end, &text);
    if (!after || fit_text(plan, field, text, (uint32_t)text.len)) return NULL;
    slot->value.text = text.ptr;
    slot->len = (uint32_t)text.len;
    slot->state = SLOT_SET;
    return after;
}

static inline const char *quick_choice(const struct plan *plan, const struct plan_node *field,
                                       const char *at, const char *end, struct slot *slot)
{
    struct str code;
    const char *after = plain_string(at, end, &code);
    if (!after) return NULL;
    uint32_t option = plan_find_option(&plan->lists[field->target], code);
    if (option == NAME_ABSENT) return NULL;
    slot->value.exact = (int64_t)option + 1;
    slot->state = SLOT_SET;
    return after;
}

static inline const char *quick_boolean(const char *at, const char *end, struct slot *slot)
{
    if (end - at < 5) return NULL;
    bool is_true = memcmp(at, "true", 4) == 0;
    if (!is_true && memcmp(at, "false", 5) != 0) return NULL;
    slot->value.exact = is_true;
    slot->state = SLOT_SET;
    return at + (is_true ? 4 : 5);
}

static inline const char *settle(const struct plan_node *field, int64_t value, const char *after,
                                 struct slot *slot)
{
    if (fit_bounds(field, value)) return NULL;
    slot->value.exact = value;
    slot->state = SLOT_SET;
    return after;
}

/* So many digits are within ±DECIMAL_MAX, and none is looked at twice. */
enum { EXACT_DIGITS = 15 };
_Static_assert(INT64_C(999999999999999) <= DECIMAL_MAX, "EXACT_DIGITS nines");

static inline const char *quick_exact(const struct plan_node *field, const char *at, const char *end,
                                      struct slot *slot)
{
    uint64_t digits = 0;
    const char *point = json_digits(at, end, &digits), *after = point;
    if (point < end && *point == '.') after = json_digits(point + 1, end, &digits);
    int64_t fraction = after > point ? after - point - 1 : 0, more = field->scale - fraction;
    bool odd = point == at || (*at == '0' && point - at > 1) || after == point + 1 || after == end ||
               (*after | 0x20) == 'e' || more < 0 || after - at + more > EXACT_DIGITS;
    if (odd) return NULL;
    return settle(field, (int64_t)digits * (more ? decimal_power((unsigned)more) : 1), after, slot);
}

static inline const char *quick_date(const struct plan_node *field, const char *at, const char *end,
                                     struct slot *slot)
{
    int32_t day;
    if (end - at < (int)CIVIL_DATE_BYTES + 2 || at[0] != '"' || at[CIVIL_DATE_BYTES + 1] != '"')
        return NULL;
    if (!civil_parse_date((struct str){at + 1, CIVIL_DATE_BYTES}, &day)) return NULL;
    return settle(field, day, at + CIVIL_DATE_BYTES + 2, slot);
}

const char *quick_read(const struct plan *plan, const struct plan_node *field, const char *at,
                       const char *end, struct slot *slot)
{
    switch ((enum program_type)field->type) {
    case TYPE_TEXT:
        return quick_text(plan, field, at, end, slot);
    case TYPE_CHOICE:
        return quick_choice(plan, field, at, end, slot);
    case TYPE_BOOLEAN:
        return quick_boolean(at, end, slot);
    case TYPE_INTEGER:
    case TYPE_DECIMAL:
    case TYPE_MONEY:
        return quick_exact(field, at, end, slot);
    case TYPE_DATE:
        return quick_date(field, at, end, slot);
    case TYPE_NONE:
    case TYPE_NUMBER:
    case TYPE_TIME:
    case TYPE_DATETIME:
    case TYPE_YEAR_MONTH:
    case TYPE_PARTIAL_DATE:
    case TYPE_CHOICES:
    case TYPE_RANKING:
        break;
    }
    return NULL;
}
