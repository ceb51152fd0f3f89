/* Holds: what a fuzz target demands. A breach is told with its place, and ends the program as a crash
 * does. */
#ifndef FUZZ_HOLDS_H
#define FUZZ_HOLDS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define HOLDS(cond)                                                                                    \
    do {                                                                                               \
        if (!(cond)) {                                                                                 \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #cond);                  \
            abort();                                                                                   \
        }                                                                                              \
    } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Where numbers and choices come from. When the bytes are used up, all is 0. */
struct bytes {
    const uint8_t *at;
    size_t left;
};

static inline uint64_t bytes_take(struct bytes *bytes, unsigned count)
{
    uint64_t value = 0;
    for (; count > 0 && bytes->left > 0; count--, bytes->left--) value = value << 8 | *bytes->at++;
    return value;
}

#endif
