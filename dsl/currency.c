#include "dsl/currency.h"

static const struct str codes[] = {
#define CURRENCY(code, digits) {#code, 3},
#include "dsl/currency.def"
#undef CURRENCY
};

static const uint8_t digits_of[] = {
#define CURRENCY(code, digits) (digits),
#include "dsl/currency.def"
#undef CURRENCY
};

enum { CURRENCY_COUNT = sizeof codes / sizeof *codes };

uint32_t currency_digits(struct str code)
{
    for (uint32_t i = 0; i < CURRENCY_COUNT; i++)
        if (str_eq(code, codes[i])) return digits_of[i];
    return CURRENCY_NONE;
}

const struct str *currency_codes(uint32_t *ret_count)
{
    *ret_count = CURRENCY_COUNT;
    return codes;
}
