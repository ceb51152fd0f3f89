#include "dsl/literal.h"

#include "base/civil.h"
#include "base/decimal.h"
#include "base/partial.h"
#include "dsl/choice_list.h"
#include "dsl/ir_build.h"

#include <assert.h>
#include <string.h>

static uint32_t fraction_digits(struct str digits)
{
    const char *point = memchr(digits.ptr, '.', digits.len);
    return point ? (uint32_t)(digits.ptr + digits.len - point - 1) : 0;
}

static struct ir_expr *number_as_double(struct checking *ck, const struct expr *expr)
{
    double value;
    if (double_parse(expr->text, &value)) return ir_build_number(ck, expr->span, value);
    complain(ck, "E0306", expr->span, NULL, "this number is too large");
    return &ck->poison;
}

/* The lexer lets leading zeros pass, which JSON does not. */
static struct str without_zeros(struct str digits)
{
    while (digits.len > 1 && digits.ptr[0] == '0' && digits.ptr[1] != '.') digits.ptr++, digits.len--;
    return digits;
}

struct ir_expr *literal_number(struct checking *ck, const struct expr *expr, struct type want)
{
    if (want.kind == TYPE_NUMBER) return number_as_double(ck, expr);
    uint32_t scale = fraction_digits(expr->text);
    if (scale > SCALE_MAX) {
        complain(ck, "E0306", expr->span, "for measurements there is the type number",
                 "an exact number has at most %d digits after the point", SCALE_MAX);
        return &ck->poison;
    }
    int64_t value;
    if (decimal_parse(without_zeros(expr->text), scale, &value) == DECIMAL_OK)
        return ir_build_exact(ck, expr->span, type_of_scale(scale), value);
    complain(ck, "E0306", expr->span, "exact numbers lie within ±(2^53 − 1) units of their last digit",
             "this number is too large");
    return &ck->poison;
}

/* ---- texts */

static const char *suggest_code(struct checking *ck, const struct ir_list *list, struct str code)
{
    if (!complaints_matter(ck) || list->sheet) return NULL;
    struct str *codes = CHECKING_ARRAY(ck, struct str, list->option_count);
    if (!codes) return NULL;
    for (uint32_t i = 0; i < list->option_count; i++) {
        if (str_eq(list->options[i].label.by_language[0].parts[0].literal, code))
            return checking_text(ck, "that is its label; its code is \"%.*s\"",
                                 STR_ARG(list->options[i].code));
        codes[i] = list->options[i].code;
    }
    return did_you_mean(ck, code, codes, list->option_count);
}

static struct ir_expr *text_as_option(struct checking *ck, const struct expr *expr, struct type want)
{
    const struct ir_list *list = &ck->ir->lists[want.list];
    uint32_t option = choice_list_option(ck, want.list, expr->text);
    if (option != IR_NONE) return ir_build_exact(ck, expr->span, want, (int64_t)option + 1);
    struct diag *diag =
        complain(ck, "E0304", expr->span, suggest_code(ck, list, expr->text),
                 "list %.*s has no option \"%.*s\"", STR_ARG(list->name), STR_ARG(expr->text));
    complain_about(ck, diag, list->span, "the list");
    return &ck->poison;
}

static struct ir_expr *complain_format(struct checking *ck, const struct expr *expr, struct type want)
{
    const char *example =
        want.kind == TYPE_DATE         ? "a date is written \"2026-01-31\""
        : want.kind == TYPE_YEAR_MONTH ? "a year_month is written \"2026-01\""
        : want.kind == TYPE_PARTIAL_DATE
            ? "a partial_date is written \"2026\", \"2026-01\" or \"2026-01-31\""
        : want.kind == TYPE_TIME
            ? "a time is written \"18:30\" or \"18:30:00\""
            : "a datetime is written \"2026-01-31T18:30:00+01:00\", with its offset from UTC or Z";
    complain(ck, "E0305", expr->span, example, "\"%.*s\" is not a %s", STR_ARG(expr->text),
             type_text(ck, want));
    return &ck->poison;
}

static struct ir_expr *text_as_moment(struct checking *ck, const struct expr *expr, struct type want)
{
    int32_t small = 0, offset;
    int64_t large = 0;
    bool read = want.kind == TYPE_YEAR_MONTH     ? partial_parse_month(expr->text, &small)
                : want.kind == TYPE_PARTIAL_DATE ? partial_parse(expr->text, &small)
                : want.kind == TYPE_DATE         ? civil_parse_date(expr->text, &small)
                : want.kind == TYPE_TIME         ? civil_parse_time(expr->text, &small)
                                                 : civil_parse_datetime(expr->text, &large, &offset);
    if (!read) return complain_format(ck, expr, want);
    return ir_build_exact(ck, expr->span, want, want.kind == TYPE_DATETIME ? large : small);
}

struct ir_expr *literal_text(struct checking *ck, const struct expr *expr, struct type want)
{
    switch (want.kind) {
    case TYPE_CHOICE:
        return text_as_option(ck, expr, want);
    case TYPE_DATE:
    case TYPE_TIME:
    case TYPE_DATETIME:
    case TYPE_YEAR_MONTH:
    case TYPE_PARTIAL_DATE:
        return text_as_moment(ck, expr, want);
    default:
        return ir_build_text(ck, expr->span, expr->text);
    }
}

bool literal_integer(struct checking *ck, const struct expr *expr, const char *what, int64_t low,
                     int64_t high, int64_t *ret_value)
{
    if (expr->kind == EXPR_BAD) return false;
    bool read = expr->kind == EXPR_NUMBER &&
                decimal_parse(without_zeros(expr->text), 0, ret_value) == DECIMAL_OK;
    if (read && *ret_value >= low && *ret_value <= high) return true;
    complain(ck, "E0312", expr->span, NULL, "%s is written as a number from %lld to %lld", what,
             (long long)low, (long long)high);
    return false;
}

bool literal_scale(struct checking *ck, const struct expr *expr, const char *what, uint32_t *ret_scale)
{
    int64_t value;
    if (!literal_integer(ck, expr, what, 0, SCALE_MAX, &value)) return false;
    *ret_scale = (uint32_t)value;
    return true;
}
