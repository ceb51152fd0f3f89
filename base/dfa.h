/* Dfa: a pattern compiled to a table, matched byte by byte: linear time, always an answer, no memory.
 *
 *     dfa_match(pattern, STR("AB123456C"))       the whole text, from first byte to last
 *
 * State 0 is dead: nothing leads out of it and it accepts nothing. State 1 is the start. Plain arrays
 * of fixed width, so a table can be written and read back as bytes, or sent to a browser. dsl/ compiles
 * patterns to it. */
#ifndef BASE_DFA_H
#define BASE_DFA_H

#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

enum { DFA_DEAD = 0, DFA_START = 1 };

struct dfa {
    const uint16_t *next;  /* [states * nclasses]: next[state * nclasses + classes[byte]] */
    const uint8_t *accept; /* [(states + 7) / 8]: bit state & 7 of byte state / 8 */
    uint16_t states;       /* at least 2 */
    uint16_t nclasses;     /* 1 to 256 */
    uint8_t classes[256];  /* byte → class */
};

static inline bool dfa_accepts(const struct dfa *dfa, uint32_t state)
{
    return (dfa->accept[state >> 3] >> (state & 7) & 1) != 0;
}

/* Most bytes of most patterns leave the state as it is. The branch lets the processor guess so and look at the
 * next byte before the table has answered for this one; the empty asm keeps compilers from making a move of it. */
static inline bool dfa_match(const struct dfa *dfa, struct str text)
{
    const uint16_t *next = dfa->next, *row = next + (size_t)DFA_START * dfa->nclasses;
    const uint8_t *classes = dfa->classes;
    uint32_t state = DFA_START, width = dfa->nclasses;
    for (size_t i = 0; i < text.len; i++) {
        uint32_t to = row[classes[(unsigned char)text.ptr[i]]];
        if (to == state) continue;
        if (to == DFA_DEAD) return false;
        state = to;
        __asm__("" : "+r"(state));
        row = next + (size_t)state * width;
    }
    return dfa_accepts(dfa, state);
}

/* Whether the table keeps the promises above, so that matching cannot leave it; for tables that come
 * from outside. */
bool dfa_valid(const struct dfa *dfa);

#endif
