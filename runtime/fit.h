/* Fit: whether a value is one that its field takes: its length, bounds, format and pattern.
 *
 *     fit_length(field, 3)      → FINDING_NONE, FINDING_TOO_SHORT or FINDING_TOO_LONG
 *
 * What is asked of each answer, inline for the readers of answers. */
#ifndef RUNTIME_FIT_H
#define RUNTIME_FIT_H

#include "runtime/contact.h"
#include "runtime/finding.h"
#include "runtime/plan.h"

static inline enum finding_code fit_length(const struct plan_node *field, uint32_t count)
{
    if (count < field->length_min) return FINDING_TOO_SHORT;
    return count > field->length_max ? FINDING_TOO_LONG : FINDING_NONE;
}

static inline enum finding_code fit_bounds(const struct plan_node *field, int64_t value)
{
    if ((field->flags & PLAN_HAS_MIN) && value < field->min.exact) return FINDING_MIN;
    if ((field->flags & PLAN_HAS_MAX) && value > field->max.exact) return FINDING_MAX;
    return FINDING_NONE;
}

static inline enum finding_code fit_number(const struct plan_node *field, double value)
{
    if ((field->flags & PLAN_HAS_MIN) && value < field->min.number) return FINDING_MIN;
    if ((field->flags & PLAN_HAS_MAX) && value > field->max.number) return FINDING_MAX;
    return FINDING_NONE;
}

static inline bool fit_format(enum program_format format, struct str text)
{
    switch (format) {
    case FORMAT_PLAIN:
    case FORMAT_ZONED: /* no text */
        return true;
    case FORMAT_EMAIL:
        return contact_is_email(text);
    case FORMAT_URL:
        return contact_is_url(text);
    case FORMAT_PHONE:
        return contact_is_phone(text);
    }
    return false;
}

static inline bool fit_pattern(const struct plan *plan, const struct plan_node *field, struct str text)
{
    if (!(field->flags & PLAN_PATTERN)) return true;
    if (field->dfa) return dfa_match(field->dfa, text);
    return matcher_match(plan->matchers[field->target], text);
}

/* Text without NUL, of so many code points. */
static inline enum finding_code fit_text(const struct plan *plan, const struct plan_node *field,
                                         struct str text, uint32_t chars)
{
    if (!fit_format((enum program_format)field->format, text)) return FINDING_FORMAT;
    enum finding_code code = fit_length(field, chars);
    if (code) return code;
    return fit_pattern(plan, field, text) ? FINDING_NONE : FINDING_PATTERN;
}

#endif
