/* Choices: where a generator takes its decisions from: bytes, of a fuzzer or of a seed. The same bytes
 * give the same form.
 *
 *     struct choices choices = choices_of_bytes(data, size);
 *     switch (choose(&choices, 3)) …
 *
 * When the bytes are used up every choice is 0, which is the simplest everywhere: so a generator ends,
 * and fewer and smaller bytes give smaller forms (that is how a difference is shrunk). */
#ifndef TESTS_REFERENCE_CHOICES_H
#define TESTS_REFERENCE_CHOICES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct choices {
    const uint8_t *bytes;
    size_t len, at; /* `at` goes on past `len`: how many were asked for */
};

static inline struct choices choices_of_bytes(const uint8_t *bytes, size_t len)
{
    return (struct choices){bytes, len, 0};
}

/* Fills bytes that follow from the seed alone (splitmix64). */
static inline void choices_fill(uint64_t seed, uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        uint64_t z = (seed * 0x2545f4914f6cdd1du) + (i / 8 + 1) * 0x9e3779b97f4a7c15u;
        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
        z = (z ^ z >> 27) * 0x94d049bb133111ebu;
        bytes[i] = (uint8_t)((z ^ z >> 31) >> i % 8 * 8);
    }
}

static inline uint8_t choices_byte(struct choices *choices)
{
    uint8_t byte = choices->at < choices->len ? choices->bytes[choices->at] : 0;
    choices->at++;
    return byte;
}

/* 0 to n - 1. */
static inline uint32_t choose(struct choices *choices, uint32_t n)
{
    if (n <= 1) return 0;
    uint32_t value = choices_byte(choices);
    if (n > 256) value = value << 8 | choices_byte(choices);
    return value % n;
}

/* True about `percent` times in a hundred. */
static inline bool chance(struct choices *choices, uint32_t percent)
{
    return choose(choices, 256) >= 256 - percent * 256 / 100;
}

#endif
