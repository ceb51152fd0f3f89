/* Locale: numbers, dates and lists as the people of a language write them.
 *
 *     const struct locale *de = locale_find(STR("de"));
 *     locale_put_money(de, 123450, 2, STR("EUR"), &out)      "1.234,50 €"
 *     locale_put_date(de, day, LOCALE_LONG, &out)            "31. Januar 2026"
 *
 * The facts are those of CLDR, in locale.def: a part of the edition, which never changes once it is
 * released. A language that is not there has the one form that every language reads: 1234.50, EUR
 * 1234.50, 2026-01-31. Nothing asks the machine. */
#ifndef BASE_LOCALE_H
#define BASE_LOCALE_H

#include "base/buf.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

/* No value of those below is longer, in any language (tests/unit/locale_test.c). */
#define LOCALE_TEXT_BYTES 160u

struct locale;

/* The nearest of the table (base/language.h), never NULL. Static. */
const struct locale *locale_find(struct str language);
/* All that the table has, for tests: the tag at `index`, empty behind the last. */
struct str locale_tag(uint32_t index);

/* The facts as a JSON object, by their names in locale.def and without those that are left out: for whoever writes values elsewhere. The signs of
 * currencies are the language's own, and behind them the usual ones. */
void locale_put_facts(const struct locale *locale, struct buf *out);

/* ---- numbers */

void locale_put_exact(const struct locale *locale, int64_t value, unsigned scale, struct buf *out);
/* Its shortest digits; very large and very small ones have an exponent as in ECMAScript. */
void locale_put_double(const struct locale *locale, double value, struct buf *out);
/* 12.5 is 12.5 %. */
void locale_put_percent(const struct locale *locale, int64_t value, unsigned scale, struct buf *out);
void locale_put_double_percent(const struct locale *locale, double value, struct buf *out);
/* With the currency's sign where the language has one for it, else with its code; at least `digits`, 0
 * to 6, after the point. */
void locale_put_money(const struct locale *locale, int64_t value, unsigned scale, unsigned digits,
                      struct str currency, struct buf *out);

/* ---- dates and times (base/civil.h, base/partial.h) */

enum locale_style {
    LOCALE_USUAL, /* long; times with seconds only if there are some */
    LOCALE_SHORT, /* all in numbers; times without seconds */
    LOCALE_LONG,  /* the month by its name; times with seconds */
    LOCALE_FULL,  /* with the day of the week as well */
};
/* Of a datetime the style is that of its date; its time is as usual. */

void locale_put_date(const struct locale *locale, int32_t day, enum locale_style style,
                     struct buf *out);
/* Also a year-month. Of what is only a year, the year. */
void locale_put_partial(const struct locale *locale, int32_t partial, enum locale_style style,
                        struct buf *out);
void locale_put_time(const struct locale *locale, int32_t ms, enum locale_style style, struct buf *out);
/* As seen `offset_minutes` east of UTC, and that told behind it. */
void locale_put_datetime(const struct locale *locale, int64_t ms, int32_t offset_minutes,
                         enum locale_style style, struct buf *out);

/* ---- words */

/* "yes" or "no". */
struct str locale_truth(const struct locale *locale, bool truth);

enum locale_list { LOCALE_COMMA, LOCALE_AND, LOCALE_OR };
/* What stands before the item at `index`, from 0, of `count`. */
struct str locale_separator(const struct locale *locale, enum locale_list kind, uint32_t index,
                            uint32_t count);

#endif
