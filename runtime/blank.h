/* Blank: white space as Unicode has it (the White_Space property), for stripping answers and counting
 * words.
 *
 *     blank_strip(STR("\u00a0 Zoë\n"), &chars)     → "Zoë", chars less 3 */
#ifndef RUNTIME_BLANK_H
#define RUNTIME_BLANK_H

#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

/* The length of the white space code point that `text` begins with, or 0. */
size_t blank_next(struct str text);

/* What blank_strip() does when a look at the ends is not enough. */
struct str blank_strip_slow(struct str text, uint32_t *chars);

/* A byte that neither is white space nor begins or ends a code point that is. */
static inline bool blank_is_ink(char byte)
{
    return (unsigned char)(byte - 0x21) < 0x7f - 0x21;
}

/* `text`, valid UTF-8, without white space at both ends; *chars, its code points, goes down by those
 * taken off. */
static inline struct str blank_strip(struct str text, uint32_t *chars)
{
    if (text.len == 0 || (blank_is_ink(text.ptr[0]) && blank_is_ink(text.ptr[text.len - 1])))
        return text;
    return blank_strip_slow(text, chars);
}

#endif
