#include "dsl/show.h"

#include "base/decimal.h"
#include "dsl/currency.h"
#include "dsl/type.h"

#include <string.h>

static const struct str words[] = {
#define SHOW(NAME, word, note) {(word), sizeof(word) - 1},
#include "dsl/show.def"
#undef SHOW
};
enum { WORD_COUNT = sizeof words / sizeof *words };

/* ---- what fits */

static bool is_moment(enum program_type kind)
{
    return kind == TYPE_DATE || kind == TYPE_TIME || kind == TYPE_DATETIME || kind == TYPE_YEAR_MONTH ||
           kind == TYPE_PARTIAL_DATE;
}

/* Of one value; several in rows are in lists, each as usual. */
static bool fits(enum program_show show, enum program_type kind)
{
    bool number = kind == TYPE_INTEGER || kind == TYPE_DECIMAL || kind == TYPE_NUMBER;
    switch (show) {
    case SHOW_USUAL:
        return true;
    case SHOW_PLAIN:
        return is_moment(kind) || number || kind == TYPE_MONEY || kind == TYPE_BOOLEAN;
    case SHOW_SHORT:
    case SHOW_LONG:
        return is_moment(kind);
    case SHOW_FULL:
        return kind == TYPE_DATE || kind == TYPE_DATETIME || kind == TYPE_PARTIAL_DATE;
    case SHOW_PERCENT:
        return number;
    case SHOW_LIST:
    case SHOW_AND:
    case SHOW_OR:
        return kind == TYPE_CHOICES || kind == TYPE_RANKING;
    case SHOW_MONEY:
        return kind == TYPE_INTEGER || kind == TYPE_DECIMAL;
    }
    return false;
}

static bool is_list(enum program_show show)
{
    return show == SHOW_LIST || show == SHOW_AND || show == SHOW_OR;
}

/* ---- what does not */

static bool is_code(struct str word)
{
    bool capitals = word.len == 3;
    for (size_t i = 0; i < word.len; i++)
        capitals = capitals && word.ptr[i] >= 'A' && word.ptr[i] <= 'Z';
    return capitals;
}

static const char *suggest(struct checking *ck, struct str word)
{
    uint32_t count;
    const struct str *codes = currency_codes(&count);
    const char *hint = is_code(word) ? did_you_mean(ck, word, codes, count)
                                     : did_you_mean(ck, word, words, WORD_COUNT);
    return hint ? hint
                : "plain, short, long, full, percent, list, and, or, or the code of a currency: "
                  "{price:EUR}";
}

/* "a date takes plain, short, long and full" */
static const char *what_fits(struct checking *ck, struct type type)
{
    switch (type.kind) {
    case TYPE_DATE:
    case TYPE_DATETIME:
    case TYPE_PARTIAL_DATE:
        return "plain, short, long and full are for it";
    case TYPE_TIME:
    case TYPE_YEAR_MONTH:
        return "plain, short and long are for it";
    case TYPE_INTEGER:
    case TYPE_DECIMAL:
        return "plain, percent and the codes of currencies are for it";
    case TYPE_NUMBER:
        return "plain and percent are for it; an amount of money is exact: round(x, 2)";
    case TYPE_MONEY:
    case TYPE_BOOLEAN:
        return "plain is for it";
    case TYPE_CHOICES:
    case TYPE_RANKING:
        return "list, and and or are for it";
    default:
        return checking_text(ck, "leave the format out: a %s is shown as it is", type_text(ck, type));
    }
}

static bool complain_unfit(struct checking *ck, const struct expr_name *format, struct type type,
                           bool rows)
{
    if (rows)
        complain(ck, "E0240", format->span, "list, and and or are for several values",
                 "there is a value in each row, for which \"%.*s\" is no format",
                 STR_ARG(format->text));
    else
        complain(ck, "E0240", format->span, what_fits(ck, type), "\"%.*s\" is no format for %s",
                 STR_ARG(format->text), type_text(ck, type));
    return false;
}

static bool complain_digits(struct checking *ck, const struct expr_name *format, struct type type,
                            uint32_t digits)
{
    complain(
        ck, "E0240", format->span, checking_text(ck, "let shown = round(…, %u), and show that", digits),
        "%s has more digits after the point than %.*s", type_text(ck, type), STR_ARG(format->text));
    return false;
}

/* ---- both */

static bool resolve_money(struct checking *ck, const struct expr_name *format, struct type type,
                          uint32_t digits, struct ir_part *part)
{
    if (part->rows || !fits(SHOW_MONEY, type.kind)) return complain_unfit(ck, format, type, part->rows);
    if (type.scale > digits) return complain_digits(ck, format, type, digits);
    part->show = SHOW_MONEY;
    part->digits = (uint8_t)digits;
    memcpy(part->currency, format->text.ptr, 3);
    return true;
}

bool show_resolve(struct checking *ck, const struct expr_name *format, struct type type,
                  struct ir_part *part)
{
    if (format->text.len == 0 || type.kind == TYPE_NONE) return true;
    uint32_t digits = is_code(format->text) ? currency_digits(format->text) : CURRENCY_NONE;
    if (digits != CURRENCY_NONE) return resolve_money(ck, format, type, digits, part);
    uint32_t word = 0;
    while (word < WORD_COUNT && !str_eq(words[word], format->text)) word++;
    if (word == WORD_COUNT) {
        complain(ck, "E0240", format->span, suggest(ck, format->text), "\"%.*s\" is no format",
                 STR_ARG(format->text));
        return false;
    }
    enum program_show show = (enum program_show)(SHOW_USUAL + 1 + word);
    bool good = part->rows ? is_list(show) : fits(show, type.kind);
    if (!good) return complain_unfit(ck, format, type, part->rows);
    part->show = show;
    return true;
}

/* ---- constants */

static struct type type_of(const struct expr *value)
{
    const struct expr *digits = value->kind == EXPR_UNARY ? value->args[0] : value;
    if (value->kind == EXPR_TRUE || value->kind == EXPR_FALSE) return type_of_kind(TYPE_BOOLEAN);
    if (digits->kind != EXPR_NUMBER) return type_of_kind(TYPE_TEXT);
    const char *point = memchr(digits->text.ptr, '.', digits->text.len);
    size_t scale = point ? (size_t)(digits->text.ptr + digits->text.len - point) - 1 : 0;
    return type_of_scale((uint32_t)scale);
}

static void put_number(const struct ir_part *part, int64_t value, uint32_t scale,
                       const struct locale *locale, struct buf *out)
{
    if (part->show == SHOW_PLAIN) decimal_put(out, value, scale);
    else if (part->show == SHOW_PERCENT) locale_put_percent(locale, value, scale, out);
    else if (part->show == SHOW_MONEY)
        locale_put_money(locale, value, scale, part->digits, str_of(part->currency), out);
    else locale_put_exact(locale, value, scale, out);
}

/* What is written down, as a number of the language. Larger than any number of ours: as it is written.
 */
static struct str number_shown(struct checking *ck, struct str written, uint32_t scale,
                               const struct ir_part *part, const struct locale *locale)
{
    int64_t value;
    struct buf out;
    if (scale > SCALE_MAX || decimal_parse(written, scale, &value) != DECIMAL_OK) return written;
    buf_init(&out, mem_heap(), LOCALE_TEXT_BYTES);
    put_number(part, value, scale, locale, &out);
    struct str shown = buf_failed(&out) ? STR("") : arena_str(ck->arena, buf_str(&out));
    if (!shown.ptr || buf_failed(&out)) checking_out_of_memory(ck);
    buf_release(&out);
    return shown.ptr ? shown : written;
}

struct str show_constant(struct checking *ck, const struct text_part *part, const struct locale *locale)
{
    struct type type = type_of(part->constant);
    struct ir_part shown = {.show = SHOW_USUAL};
    if (!show_resolve(ck, &part->format, type, &shown)) return part->literal;
    if (type.kind == TYPE_TEXT || shown.show == SHOW_PLAIN) return part->literal;
    if (type.kind == TYPE_BOOLEAN) return locale_truth(locale, part->constant->kind == EXPR_TRUE);
    return number_shown(ck, part->literal, type.scale, &shown, locale);
}
