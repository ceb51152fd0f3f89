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

/* Most bytes of most patterns leave the state as it is. The branch lets the processor guess so and look
 * at the next byte before the table has answered for this one; the empty asm keeps compilers from
 * making a move of it. */
static inline void dfa_step(const struct dfa *dfa, const uint16_t **row, uint32_t *state, char byte)
{
    uint32_t to = (*row)[dfa->classes[(unsigned char)byte]];
    if (to == *state) return;
    *state = to;
    __asm__("" : "+r"(*state));
    *row = dfa->next + (size_t)to * dfa->nclasses;
}

/* Out of the dead state nothing leads, so that it need not be asked for before the end. */
static inline bool dfa_match(const struct dfa *dfa, struct str text)
{
    const uint16_t *row = dfa->next + (size_t)DFA_START * dfa->nclasses;
    uint32_t state = DFA_START;
    size_t i = 0;
    for (; i + 2 <= text.len; i += 2) {
        dfa_step(dfa, &row, &state, text.ptr[i]);
        dfa_step(dfa, &row, &state, text.ptr[i + 1]);
    }
    if (i < text.len) dfa_step(dfa, &row, &state, text.ptr[i]);
    return dfa_accepts(dfa, state);
}

/* Whether the table keeps the promises above, so that matching cannot leave it; for tables that come
 * from outside. */
bool dfa_valid(const struct dfa *dfa);

#endif
