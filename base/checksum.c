#include "base/checksum.h"

#include <assert.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The next character that counts, from the front; 0: there is none. A NUL in the text is no digit
 * either way. */
static char next_of(struct str *text)
{
    while (text->len > 0) {
        char c = *text->ptr++;
        text->len--;
        if (c != ' ' && c != '-') return c ? c : '?';
    }
    return 0;
}

static size_t count_of(struct str text)
{
    size_t count = 0;
    while (next_of(&text)) count++;
    return count;
}

bool checksum_digits_only(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!is_digit(text.ptr[i])) return false;
    return text.len > 0;
}

/* Every second digit from the right is doubled, the last not; of more than 9 the digits are added. */
bool checksum_luhn(struct str text)
{
    size_t left = count_of(text);
    uint64_t sum = 0;
    if (left < 2) return false;
    for (char c; (c = next_of(&text)); left--) {
        if (!is_digit(c)) return false;
        unsigned value = (unsigned)(c - '0') * (left % 2 ? 1 : 2);
        sum += value > 9 ? value - 9 : value;
    }
    return sum % 10 == 0;
}

/* ---- ISO 7064 */

/* The remainder with one more character behind; UINT32_MAX: it is neither a digit nor a capital. */
static uint32_t with_character(uint32_t remainder, char c)
{
    if (remainder == UINT32_MAX) return UINT32_MAX;
    if (is_digit(c)) return (remainder * 10 + (uint32_t)(c - '0')) % 97;
    if (c >= 'A' && c <= 'Z') return (remainder * 100 + (uint32_t)(c - 'A') + 10) % 97;
    return UINT32_MAX;
}

bool checksum_mod97(struct str text)
{
    uint32_t remainder = 0;
    for (char c; (c = next_of(&text));) remainder = with_character(remainder, c);
    return remainder == 1;
}

/* ---- ISO 13616 */

static size_t length_in(char first, char second)
{
    static const struct {
        char country[3];
        uint8_t length;
    } registry[] = {
#define IBAN(COUNTRY, LENGTH) {#COUNTRY, (LENGTH)},
#include "base/iban.def"
#undef IBAN
    };
    for (size_t i = 0; i < sizeof registry / sizeof *registry; i++)
        if (registry[i].country[0] == first && registry[i].country[1] == second)
            return registry[i].length;
    return 0;
}

bool checksum_iban(struct str text)
{
    enum { HEAD = 4 }; /* country and check digits, which stand behind the rest when it is counted */
    char head[HEAD];
    size_t count = count_of(text);
    uint32_t remainder = 0;
    if (count < HEAD) return false;
    for (int i = 0; i < HEAD; i++) head[i] = next_of(&text);
    if (length_in(head[0], head[1]) != count || !is_digit(head[2]) || !is_digit(head[3])) return false;
    for (char c; (c = next_of(&text));) remainder = with_character(remainder, c);
    for (int i = 0; i < HEAD; i++) remainder = with_character(remainder, head[i]);
    /* 00, 01 and 99 would leave 1 as well as 97, 98 and 02, which are the ones that are given. */
    int digits = (head[2] - '0') * 10 + (head[3] - '0');
    return remainder == 1 && digits >= 2 && digits <= 98;
}

/* ---- weights */

/* The weight at the front, taken off with the space behind it; -1: there is none. */
static int next_weight(struct str *weights)
{
    size_t digits = 0;
    int value = 0;
    while (digits < 3 && digits < weights->len && is_digit(weights->ptr[digits]))
        value = value * 10 + (weights->ptr[digits++] - '0');
    bool more = digits < weights->len;
    if (digits == 0 || digits > 2 || (more && weights->ptr[digits] != ' ')) return -1;
    if (more && weights->len == digits + 1) return -1; /* a space at the end */
    *weights = (struct str){weights->ptr + digits + more, weights->len - digits - more};
    return value;
}

uint32_t checksum_weights(struct str weights)
{
    uint32_t count = 0;
    while (weights.len > 0) {
        if (next_weight(&weights) < 0) return 0;
        count++;
    }
    return count;
}

/* What a character is worth; -1: nothing. */
static int value_of(char c, bool last, int64_t modulus)
{
    if (is_digit(c)) return c - '0';
    return c == 'X' && last && modulus == 11 ? 10 : -1;
}

bool checksum_sum(struct str text, struct str weights, int64_t modulus, int64_t *ret_sum)
{
    int64_t sum = 0;
    assert(modulus >= 2);
    for (char c; (c = next_of(&text));) {
        int weight = weights.len ? next_weight(&weights) : -1;
        int value = value_of(c, weights.len == 0, modulus);
        if (weight < 0 || value < 0) return false;
        sum = (sum + (int64_t)weight * value) % modulus;
    }
    if (weights.len > 0) return false;
    *ret_sum = sum;
    return true;
}
