/* Quick: the plain case of an answer, which nearly all are: an answer that is right, written without
 * escapes, blanks around it, letters beyond ASCII, signs or exponents.
 *
 *     const char *after = quick_read(plan, field, at, end, slot);     QUICK_ROOM bytes at `at`
 *     if (!after) …                                     read it the long way (runtime/pass.c), from
 * `at`
 *
 * It either does all that the long way would do, or nothing at all, whatever stands there. Inline, so
 * that where the reading is stays in registers, and with room behind it, so that it asks seldom where
 * the text ends: that makes it quick. */
#ifndef RUNTIME_QUICK_H
#define RUNTIME_QUICK_H

#include "base/civil.h"
#include "base/decimal.h"
#include "base/json_scan.h"
#include "runtime/answers.h"
#include "runtime/blank.h"
#include "runtime/fit.h"

enum { QUICK_ROOM = 16 }; /* more than any date and truth value takes, or the beginning of an option */

/* Compilers would call it: then nothing stays in registers. */
#define QUICK static inline __attribute__((always_inline))

/* What stands between quotes and is its own text, at least one byte. */
QUICK const char *quick_string(const char *at, const char *end, struct str *ret_text)
{
    if (*at != '"') return NULL;
    const char *start = at + 1, *stop = json_plain_end(start, end);
    if (stop == end || *stop != '"' || stop == start) return NULL;
    *ret_text = (struct str){start, (size_t)(stop - start)};
    return stop + 1;
}

QUICK const char *quick_text(const struct plan *plan, const struct plan_node *field, const char *at,
                             const char *end, struct slot *slot)
{
    struct str text;
    const char *after = quick_string(at, end, &text);
    if (!after || !blank_is_ink(at[1]) || !blank_is_ink(after[-2])) return NULL;
    if (fit_text(plan, field, text, (uint32_t)text.len)) return NULL;
    slot->value.text = text.ptr;
    slot->len = (uint32_t)text.len;
    slot->state = SLOT_SET;
    return after;
}

QUICK const char *quick_choice(const struct plan *plan, const struct plan_node *field, const char *at,
                               const char *end, struct slot *slot)
{
    struct str code;
    const char *after = quick_string(at, end, &code);
    if (!after) return NULL;
    const struct plan_list *list = &plan->lists[field->target];
    uint32_t option = list->marks ? plan_find_mark(list, code, plan_mark_roomy(code))
                                  : name_table_find(list->table, code);
    if (option == NAME_ABSENT) return NULL;
    slot->value.exact = (int64_t)option + 1;
    slot->state = SLOT_SET;
    return after;
}

QUICK const char *quick_boolean(const char *at, struct slot *slot)
{
    bool is_true = memcmp(at, "true", 4) == 0;
    if (!is_true && memcmp(at, "false", 5) != 0) return NULL;
    slot->value.exact = is_true;
    slot->state = SLOT_SET;
    return at + (is_true ? 4 : 5);
}

QUICK const char *quick_settle(const struct plan_node *field, int64_t value, const char *after,
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

QUICK const char *quick_exact(const struct plan_node *field, const char *at, const char *end,
                              struct slot *slot)
{
    uint64_t digits = 0;
    const char *point = json_digits(at, end, &digits), *after = point;
    int64_t more = field->scale;
    if (point < end && *point == '.') {
        after = json_digits(point + 1, end, &digits);
        more -= after - point - 1;
        if (after == point + 1 || more < 0) return NULL;
    }
    bool odd = point == at || (*at == '0' && point - at > 1) || after == end ||
               (*after | 0x20) == 'e' || after - at + more > EXACT_DIGITS;
    if (odd) return NULL;
    return quick_settle(field, (int64_t)digits * (more ? decimal_power((unsigned)more) : 1), after,
                        slot);
}

/* Decimals may stand in quotes; out of the way of those that do not. */
static __attribute__((noinline)) const char *quick_quoted(const struct plan_node *field, const char *at,
                                                          const char *end, struct slot *slot)
{
    struct slot read = *slot;
    const char *after = field->type == TYPE_INTEGER ? NULL : quick_exact(field, at + 1, end, &read);
    if (!after || *after != '"') return NULL;
    *slot = read;
    return after + 1;
}

QUICK const char *quick_date(const struct plan_node *field, const char *at, struct slot *slot)
{
    int32_t day;
    if (at[0] != '"' || at[CIVIL_DATE_BYTES + 1] != '"') return NULL;
    if (!civil_parse_date((struct str){at + 1, CIVIL_DATE_BYTES}, &day)) return NULL;
    return quick_settle(field, day, at + CIVIL_DATE_BYTES + 2, slot);
}

/* The value of a FIELD that is no computed one, at `at`, where QUICK_ROOM bytes are: into its slot,
 * which is missing still. Returns what is behind it, or NULL: it is not the plain case, and nothing was
 * changed. */
QUICK const char *quick_read(const struct plan *plan, const struct plan_node *field, const char *at,
                             const char *end, struct slot *slot)
{
    switch ((enum program_type)field->type) {
    case TYPE_TEXT:
        return quick_text(plan, field, at, end, slot);
    case TYPE_CHOICE:
        return quick_choice(plan, field, at, end, slot);
    case TYPE_BOOLEAN:
        return quick_boolean(at, slot);
    case TYPE_INTEGER:
    case TYPE_DECIMAL:
    case TYPE_MONEY:
        return *at == '"' ? quick_quoted(field, at, end, slot) : quick_exact(field, at, end, slot);
    case TYPE_DATE:
        return quick_date(field, at, slot);
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

#endif
