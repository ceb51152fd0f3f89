/* Utf8: Unicode text as bytes.
 *
 *     utf8_valid(STR("Zoë"))                → true
 *     utf8_count(STR("Zoë"))                → 3
 *     utf8_upper(arena, STR("Zoë"), &up)    → "ZOË"
 *
 * Strict as RFC 3629: no overlong forms, no surrogates, nothing past U+10FFFF. Lengths that users see
 * are code points. Normal forms and cases come from utf8proc; nobody else includes its header. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/arena.h"
#include "base/status.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

/* Bytes of the code point that `text` begins with (1 to 4), or 0 when there is none or it is not UTF-8.
 * The code point goes to *ret_code; NULL when nobody asks. */
size_t utf8_next(struct str text, uint32_t *ret_code);
/* Writes the UTF-8 of `code` and returns its length. `code` must be a Unicode scalar value. */
size_t utf8_encode(uint32_t code, char ret_bytes[4]);

bool utf8_valid(struct str text);
/* The length of the longest valid beginning: text.len when all is valid. Also cuts a text safely. */
size_t utf8_valid_len(struct str text);

/* These take valid UTF-8. */

/* Code points. */
size_t utf8_count(struct str text);
/* The byte offset of code point number `chars` from 0; text.len when there are fewer. */
size_t utf8_offset(struct str text, size_t chars);

/* Results live in the arena, or are `text` itself when nothing changes. ST_LIMIT or ST_NOMEM when the
 * arena is full. */

/* Normal form C. */
enum status utf8_nfc(struct arena *arena, struct str text, struct str *ret_text) MUST_USE;
/* For comparing without regard to case: full case folding ("Straße" and "STRASSE" both give "strasse").
 */
enum status utf8_fold(struct arena *arena, struct str text, struct str *ret_text) MUST_USE;
/* One code point to one code point (Unicode's simple mapping), no locale: "ß" stays in upper case. */
enum status utf8_upper(struct arena *arena, struct str text, struct str *ret_text) MUST_USE;
enum status utf8_lower(struct arena *arena, struct str text, struct str *ret_text) MUST_USE;

/* The Unicode general category of any code point as two letters: "Lu", "Nd", "Cn" where nothing is
 * assigned. Static. */
const char *utf8_category(uint32_t code);

#endif
