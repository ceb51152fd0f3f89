/* Spelling: what people type, and what JSON says instead; and back again for what stands in a control.
 *
 *     spelling_number(de, STR("1.234,50"), &arena)        STR("1234.50"), or ptr NULL: it is no number
 *     spelling_shown(de, STR("1234.50"), &arena)          STR("1234,50")
 *     spelling_date(STR("31"), STR("1"), STR("2026"), …)  STR("2026-01-31")
 *
 * Lenient where nothing can be mistaken: blanks, the language's own digits, signs and separators, and
 * those of others where they fit. */
#ifndef PAGES_SPELLING_H
#define PAGES_SPELLING_H

#include "base/arena.h"
#include "base/locale.h"

/* White space at both ends is gone. */
struct str spelling_trim(struct str text);
/* As JSON writes it, without an exponent. ptr NULL: it is no number, or there is no room. */
struct str spelling_number(const struct locale *locale, struct str text, struct arena *arena);
/* A JSON number with the language's decimal sign. */
struct str spelling_shown(const struct locale *locale, struct str number, struct arena *arena);

enum spelling_part { SPELLING_DAY, SPELLING_MONTH, SPELLING_YEAR, SPELLING_PARTS };
/* Parts that are empty at the end are left out; none: empty. Whatever stands in them can be cut out
 * again. */
struct str spelling_date(const struct str parts[SPELLING_PARTS], struct arena *arena);
struct str spelling_date_part(struct str date, enum spelling_part part);
/* "9.30" and "9:30" as "09:30". What is no time stays. */
struct str spelling_time(struct str text, struct arena *arena);
/* "2026-01-31T14:30", seconds or not: a wall time and nothing behind it. */
bool spelling_is_wall(struct str text);

#endif
