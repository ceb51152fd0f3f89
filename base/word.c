#include "base/word.h"

#include <assert.h>

bool word_is_plain(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!word_is_alnum(text.ptr[i]) && text.ptr[i] != '-' && text.ptr[i] != '_') return false;
    return true;
}

static char to_small(char c)
{
    if (c >= 'A' && c <= 'Z') return (char)(c + ('a' - 'A'));
    return c;
}

bool word_starts(struct str text, struct str small)
{
    if (text.len < small.len) return false;
    for (size_t i = 0; i < small.len; i++)
        if (to_small(text.ptr[i]) != small.ptr[i]) return false;
    return true;
}

bool word_among(struct str text, const char *const *words, size_t *ret_index)
{
    for (size_t i = 0; words[i]; i++) {
        if (!str_eq(text, str_of(words[i]))) continue;
        *ret_index = i;
        return true;
    }
    return false;
}

bool word_number(struct str text, uint64_t max, uint64_t *ret_number)
{
    assert(max > 0);
    uint64_t number = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (!word_is_digit(text.ptr[i])) return false;
        uint64_t digit = (uint64_t)(text.ptr[i] - '0');
        number = digit > max || number > (max - digit) / 10 ? max : number * 10 + digit;
    }
    if (text.len == 0) return false;
    *ret_number = number;
    return true;
}
