/* Numbers that check themselves, in the way of a pencil: the digits are written down first, ISO 7064 is
 * a long division of all of them. The lengths of IBANs are the product's table. */
#include "tests/reference/plain.h"

#include <assert.h>
#include <string.h>

/* What counts of a text: without spaces and hyphens. */
struct figures {
    char at[1 << 16];
    size_t count;
};

static const struct figures *figures_of(struct str text)
{
    static struct figures all;
    assert(text.len <= sizeof all.at);
    all.count = 0;
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] != ' ' && text.ptr[i] != '-') all.at[all.count++] = text.ptr[i];
    return &all;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool all_digits(const char *at, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!is_digit(at[i])) return false;
    return count > 0;
}

static bool luhn(struct str text)
{
    static const int doubled[] = {0, 2, 4, 6, 8, 1, 3, 5, 7, 9};
    const struct figures *all = figures_of(text);
    int sum = 0;
    if (all->count < 2 || !all_digits(all->at, all->count)) return false;
    for (size_t back = 1; back <= all->count; back++) {
        int digit = all->at[all->count - back] - '0';
        sum = (sum + (back % 2 ? digit : doubled[digit])) % 10;
    }
    return sum == 0;
}

/* Letters become two digits; then digit by digit. */
static bool leaves_one(const char *at, size_t count)
{
    static char digits[2 << 16];
    size_t len = 0;
    int rest = 0;
    for (size_t i = 0; i < count; i++) {
        bool capital = at[i] >= 'A' && at[i] <= 'Z';
        if (!capital && !is_digit(at[i])) return false;
        int value = capital ? at[i] - 'A' + 10 : at[i] - '0';
        if (capital) digits[len++] = (char)('0' + value / 10);
        digits[len++] = (char)('0' + value % 10);
    }
    for (size_t i = 0; i < len; i++) rest = (rest * 10 + (digits[i] - '0')) % 97;
    return rest == 1;
}

static size_t iban_length(const char *country)
{
#define IBAN(COUNTRY, LENGTH)                                                                          \
    if (memcmp(country, #COUNTRY, 2) == 0) return (LENGTH);
#include "base/iban.def"
#undef IBAN
    return 0;
}

static bool iban(struct str text)
{
    const struct figures *all = figures_of(text);
    char turned[64];
    if (all->count < 4 || all->count > sizeof turned || iban_length(all->at) != all->count)
        return false;
    if (!all_digits(all->at + 2, 2)) return false;
    if (memcmp(all->at + 2, "00", 2) == 0 || memcmp(all->at + 2, "01", 2) == 0 ||
        memcmp(all->at + 2, "99", 2) == 0)
        return false;
    memcpy(turned, all->at + 4, all->count - 4);
    memcpy(turned + all->count - 4, all->at, 4);
    return leaves_one(turned, all->count);
}

/* -1: it is no number of that shape. The weights are known to be well written. */
static int64_t weighed(struct str text, struct str weights, int64_t modulus)
{
    const struct figures *all = figures_of(text);
    int64_t sum = 0, weight = 0;
    size_t at = 0;
    for (size_t i = 0; i <= weights.len; i++) {
        if (i < weights.len && is_digit(weights.ptr[i])) {
            weight = weight * 10 + (weights.ptr[i] - '0');
            continue;
        }
        if (at == all->count) return -1;
        char c = all->at[at++];
        bool ten = c == 'X' && modulus == 11 && i == weights.len;
        if (!ten && !is_digit(c)) return -1;
        sum += weight * (ten ? 10 : c - '0');
        weight = 0;
    }
    return at == all->count ? sum % modulus : -1;
}

bool plain_check(const struct ir_expr *e, const struct plain_value *args, struct plain_value *ret_value)
{
    struct str text = args[0].text;
    int64_t sum;
    switch (e->helper) {
    case HELPER_DIGITS:
        return *ret_value = plain_truth(all_digits(text.ptr, text.len)), true;
    case HELPER_LUHN:
        return *ret_value = plain_truth(luhn(text)), true;
    case HELPER_MOD97: {
        const struct figures *all = figures_of(text);
        return *ret_value = plain_truth(leaves_one(all->at, all->count)), true;
    }
    case HELPER_IBAN:
        return *ret_value = plain_truth(iban(text)), true;
    case HELPER_WEIGHED:
    case HELPER_CHECKSUM:
        sum = weighed(text, args[1].text, args[2].exact);
        if (e->helper == HELPER_WEIGHED) *ret_value = plain_truth(sum == 0);
        else *ret_value = sum < 0 ? plain_missing() : plain_exact(sum);
        return true;
    default:
        return false;
    }
}
