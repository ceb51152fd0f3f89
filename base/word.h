/* Word: the short ASCII words of headers, parameters and tables.
 *
 *     word_is(STR("GZip"), STR("gzip"))                true: letters without case
 *     word_among(STR("open"), names, &i)               true, and names[i] is "open"
 *     word_number(STR("500"), 200, &n)                 true, n = 200: never more than its maximum
 *
 * Bytes beyond ASCII are neither letters nor digits, in every locale. */
#ifndef BASE_WORD_H
#define BASE_WORD_H

#include "base/str.h"

#include <stdint.h>

static inline bool word_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool word_is_alnum(char c)
{
    return word_is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Letters, digits, '-' and '_', or nothing. */
bool word_is_plain(struct str text);
/* `small` has no capitals. */
bool word_starts(struct str text, struct str small);
static inline bool word_is(struct str text, struct str small)
{
    return text.len == small.len && word_starts(text, small);
}
/* Which of `words`; they end with NULL. */
bool word_among(struct str text, const char *const *words, size_t *ret_index);
/* One digit or more and nothing else. What is beyond `max`, which is not 0, is brought down to it. */
bool word_number(struct str text, uint64_t max, uint64_t *ret_number);

#endif
