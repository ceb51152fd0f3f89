/* Checksum: numbers whose last characters check the others, as cards, accounts, books and people carry
 * them.
 *
 *     checksum_luhn(STR("4242 4242 4242 4242"))                                          → true
 *     checksum_sum(STR("0-306-40615-2"), STR("10 9 8 7 6 5 4 3 2 1"), 11, &sum)          → true, 0
 *
 * Spaces and hyphens are passed over, for such numbers are written in groups. Digits are those of
 * ASCII. Only digits_only() looks at every character. All of it is linear in the text. */
#ifndef BASE_CHECKSUM_H
#define BASE_CHECKSUM_H

#include "base/str.h"

#include <stdint.h>

/* At least one character, each of 0 to 9. */
bool checksum_digits_only(struct str text);
/* ISO/IEC 7812-1, annex B: two digits or more, of which the last checks the others. */
bool checksum_luhn(struct str text);
/* ISO/IEC 7064, MOD 97-10: digits and capitals, A being 10, are a number that leaves 1. */
bool checksum_mod97(struct str text);
/* ISO 13616: a country of the registry (iban.def), the length that it has there, and MOD 97-10. */
bool checksum_iban(struct str text);

/* "3 7 10": numbers of one or two digits with one space between; how many, 0: it is none of that. */
uint32_t checksum_weights(struct str weights);
/* Each digit times its weight, added, modulo `modulus` from 2. False: there are not as many digits as
 * weights, or something else stands among them. The last may be X, which counts 10, if the modulus is
 * 11. */
bool checksum_sum(struct str text, struct str weights, int64_t modulus, int64_t *ret_sum);

#endif
