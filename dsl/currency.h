/* Currency: the currencies of ISO 4217 and the digits that each has after the point.
 *
 *     currency_digits(STR("JPY")) → 0     currency_digits(STR("XXQ")) → CURRENCY_NONE */
#ifndef DSL_CURRENCY_H
#define DSL_CURRENCY_H

#include "base/str.h"

#include <stdint.h>

#define CURRENCY_NONE UINT32_MAX

uint32_t currency_digits(struct str code);
/* All codes, for suggestions. Static. */
const struct str *currency_codes(uint32_t *ret_count);

#endif
