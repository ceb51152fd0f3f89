#include "dsl/type.h"

#include <string.h>

struct type type_of_kind(enum program_type kind)
{
    return (struct type){.kind = kind};
}

struct type type_of_scale(uint32_t scale)
{
    return (struct type){.kind = scale ? TYPE_DECIMAL : TYPE_INTEGER, .scale = (uint8_t)scale};
}

struct type type_closed(struct type type)
{
    type.open = false;
    return type;
}

bool type_is_exact(struct type type)
{
    return type.kind == TYPE_INTEGER || type.kind == TYPE_DECIMAL || type.kind == TYPE_MONEY;
}

bool type_is_numeric(struct type type)
{
    return type_is_exact(type) || type.kind == TYPE_NUMBER;
}

bool type_is_bounded(struct type type)
{
    return type_is_numeric(type) || type.kind == TYPE_DATE || type.kind == TYPE_TIME ||
           type.kind == TYPE_DATETIME || type.kind == TYPE_YEAR_MONTH;
}

bool type_is_scalar(struct type type)
{
    return type.kind != TYPE_NONE && type.kind != TYPE_CHOICES && type.kind != TYPE_RANKING;
}

bool type_equal(struct type a, struct type b)
{
    if (a.kind != b.kind) return false;
    switch (a.kind) {
    case TYPE_DECIMAL:
        return a.scale == b.scale;
    case TYPE_MONEY:
        return strcmp(a.currency, b.currency) == 0;
    case TYPE_CHOICE:
    case TYPE_CHOICES:
    case TYPE_RANKING:
        return a.list == b.list;
    default:
        return true;
    }
}

const char *type_text(struct checking *ck, struct type type)
{
    const char *kind = type.kind == TYPE_NONE ? "nothing" : program_type_name(type.kind);
    switch (type.kind) {
    case TYPE_DECIMAL:
        return checking_text(ck, "%s(%u)", kind, (unsigned)type.scale);
    case TYPE_MONEY:
        return checking_text(ck, "%s(%s)", kind, type.currency);
    case TYPE_CHOICE:
    case TYPE_CHOICES:
    case TYPE_RANKING:
        return checking_text(ck, "%s(%.*s)", kind, STR_ARG(ck->ir->lists[type.list].name));
    default:
        return kind;
    }
}

static const char *boolean_hint(struct type from)
{
    switch (from.kind) {
    case TYPE_CHOICE:
        return "compare it with an option: … = \"code\"";
    case TYPE_CHOICES:
        return "ask for an option: \"code\" in …, or whether any is chosen: answered(…)";
    default:
        return "compare it with something, or ask answered(…)";
    }
}

static const char *exact_hint(struct checking *ck, struct type wanted, struct type from)
{
    if (type_is_exact(from) && from.scale <= wanted.scale) return NULL;
    if (type_is_exact(from))
        return checking_text(ck, "round(…, %u) makes it fit", (unsigned)wanted.scale);
    if (from.kind == TYPE_NUMBER && wanted.scale == 0)
        return "floor(…) or ceil(…) makes an integer of a number";
    if (from.kind == TYPE_CHOICE || from.kind == TYPE_CHOICES) return "score(…) is an option's score";
    if (from.kind == TYPE_TEXT && wanted.scale == 0) return "integer(…) reads an integer from a text";
    if (from.kind == TYPE_DATE)
        return "days_between(…, …) counts days, years_between(…, …) whole years";
    if (from.kind == TYPE_TEXT)
        return checking_text(ck, "decimal(…, %u) reads a decimal from a text", (unsigned)wanted.scale);
    return NULL;
}

const char *type_hint(struct checking *ck, struct type wanted, struct type from)
{
    if (from.kind == TYPE_RANKING && wanted.kind == TYPE_CHOICE)
        return "first(…) is the option ranked first";
    if (from.kind == TYPE_CHOICES && wanted.kind == TYPE_CHOICE)
        return "a set is asked with in: \"code\" in …";
    switch (wanted.kind) {
    case TYPE_BOOLEAN:
        return boolean_hint(from);
    case TYPE_INTEGER:
    case TYPE_DECIMAL:
    case TYPE_MONEY:
        return exact_hint(ck, wanted, from);
    case TYPE_NUMBER:
        return type_is_exact(from) ? "number(…) makes a number of it" : NULL;
    case TYPE_TEXT:
        return from.kind == TYPE_CHOICE ? "code(…) is the option's code as text"
               : type_is_scalar(from)   ? "text(…) makes a text of it"
                                        : NULL;
    case TYPE_DATE:
        if (from.kind == TYPE_YEAR_MONTH || from.kind == TYPE_PARTIAL_DATE)
            return "earliest(…) and latest(…) are the first and the last day that it may be";
        return from.kind == TYPE_DATETIME ? "date_of(…) is its day"
               : from.kind == TYPE_TEXT   ? "date(…) reads a date from a text"
                                          : NULL;
    case TYPE_YEAR_MONTH:
        return from.kind == TYPE_DATE ? "year_month(…) is its month" : NULL;
    case TYPE_TIME:
        return from.kind == TYPE_DATETIME ? "time_of(…) is its time of day" : NULL;
    default:
        return NULL;
    }
}
